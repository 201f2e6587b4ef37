//! What the speaker finds around it: clock, weather, music, and a home that follows.

use serde::Deserialize;

use crate::error::{Result, TrialError};

/// What the speaker finds around it; the same for both sets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// The clock, where it is not the real one.
    pub clock: Clock,
    /// The music.
    pub music: Library,
    weather: Vec<Weather>,
    /// What must follow the home's commands.
    pub home: Vec<Device>,
}

/// A clock that is not the real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Where it begins: milliseconds since 1970, UTC.
    pub start_ms: i64,
    /// By how many minutes local time is ahead of UTC.
    pub offset_minutes: i32,
}

/// The music that must be found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    /// A piece of each of these.
    pub genres: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weather {
    place: String,
    day: String,
    json: String,
}

/// A thing of the home.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// As the slot `name`; empty for all lights of the area.
    #[serde(default)]
    pub name: String,
    /// As the slot `area`; empty where none is said.
    #[serde(default)]
    pub area: String,
}

impl World {
    /// The committed one.
    ///
    /// # Errors
    /// [`TrialError::Set`] when the committed file is damaged.
    pub fn new() -> Result<Self> {
        let file = "world.toml";
        toml::from_str(include_str!("../sets/world.toml")).map_err(|error| TrialError::Set { file, problem: error.to_string() })
    }

    /// What the weather's source answers, as JSON, for a place and a day as they were said, empty where nothing was;
    /// `None` where it knows nothing.
    #[must_use]
    pub fn weather(&self, place: &str, day: &str) -> Option<&str> {
        self.weather.iter().find(|weather| weather.place == place && weather.day == day).map(|weather| weather.json.as_str())
    }
}

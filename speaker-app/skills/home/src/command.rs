//! A sentence as a command to the home: a domain, a service, and what it is about.

use saggar_skill::{Intent, Sink, Text, heard};

/// What is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Command<'a> {
    pub(crate) service: Service,
    pub(crate) domain: &'a str,
    /// Empty where everything of a kind is meant.
    pub(crate) name: &'a str,
    /// Empty where it was not said.
    pub(crate) area: &'a str,
    /// A percentage, a color, degrees, or the state that is asked about; empty where the service needs none.
    pub(crate) value: &'a str,
}

/// What the home can be told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    TurnOn,
    TurnOff,
    Open,
    Close,
    Lock,
    Unlock,
    Brightness,
    Color,
    Temperature,
    /// Asks for the state.
    State,
}

impl Service {
    /// What the host calls it.
    fn name(self) -> &'static str {
        match self {
            Self::TurnOn => "turn_on",
            Self::TurnOff => "turn_off",
            Self::Open => "open",
            Self::Close => "close",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::Brightness | Self::Temperature => "set",
            Self::Color => "color",
            Self::State => "get",
        }
    }
}

const WHICH: &str = "I did not hear which one.";

impl<'a> Command<'a> {
    /// What an intent commands: nothing where it is none of the home's.
    ///
    /// # Errors
    /// What to say where something is missing.
    pub(crate) fn of(intent: &Intent<'a>) -> Result<Option<Self>, &'static str> {
        let slot = |name| intent.slot(name).unwrap_or("");
        let (name, area) = (slot("name"), slot("area"));
        let domain = intent.slot("domain").unwrap_or_else(|| domain(name));
        let number_in = |slot, from, to| intent.slot_number(slot).is_some_and(|number| (from..=to).contains(&number));
        let command = |service, domain, value| Ok(Some(Self { service, domain, name, area, value }));
        // All lights may be meant, but never all of anything else.
        let nothing = name.is_empty() && area.is_empty();
        match intent.name() {
            "HassTurnOn" | "HassTurnOff" if nothing && intent.slot("domain") != Some("light") => Err(WHICH),
            "HassTurnOn" => match domain {
                "cover" => command(Service::Open, domain, ""),
                "lock" => command(Service::Lock, domain, ""),
                _ => command(Service::TurnOn, domain, ""),
            },
            "HassTurnOff" => match domain {
                "cover" => command(Service::Close, domain, ""),
                "lock" => command(Service::Unlock, domain, ""),
                _ => command(Service::TurnOff, domain, ""),
            },
            "HassLightSet" if nothing => Err(WHICH),
            "HassLightSet" if !slot("color").is_empty() => command(Service::Color, "light", slot("color")),
            "HassLightSet" if number_in("brightness", 0, 100) => command(Service::Brightness, "light", slot("brightness")),
            "HassLightSet" => Err("The brightness goes from zero to one hundred."),
            "HassGetState" if name.is_empty() || slot("state").is_empty() => Err(WHICH),
            "HassGetState" => command(Service::State, domain, slot("state")),
            "HassClimateSetTemperature" if number_in("temperature", 5, 90) => {
                command(Service::Temperature, "climate", slot("temperature"))
            }
            "HassClimateSetTemperature" => Err("I did not hear how many degrees."),
            _ => Ok(None),
        }
    }

    /// The message to the host. What is asked about a state is nothing that the home needs to know.
    pub(crate) fn message(&self) -> Text<256> {
        let mut message = Text::new();
        field(&mut message, "domain=", self.domain);
        field(&mut message, "service=", self.service.name());
        field(&mut message, "name=", self.name);
        field(&mut message, "area=", self.area);
        if self.service == Service::Color {
            field(&mut message, "value=", self.value);
        } else if let Some(number) = heard::number(self.value).filter(|_| self.service != Service::State) {
            message.push("value=");
            message.push_number(number);
            message.push("\n");
        }
        message
    }
}

/// What kind of thing is meant: a name says so itself, and a room alone means its lights.
fn domain(name: &str) -> &'static str {
    let has = |kind| heard::words(name).any(|word| heard::same(word, kind));
    if name.is_empty() || has("light") || has("lamp") {
        "light"
    } else if has("fan") {
        "fan"
    } else {
        "switch"
    }
}

/// Appends a field; an empty one is left out. A name never has a line's end in it, and would end there.
fn field(message: &mut Text<256>, key: &str, value: &str) {
    if let Some(line) = value.lines().next() {
        message.push(key);
        for piece in line.split_inclusive('\\') {
            message.push(piece);
            message.push(if piece.ends_with('\\') { "\\" } else { "" });
        }
        message.push("\n");
    }
}

//! A set: who says what, and what is right.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Result, TrialError};

/// Slots by name; numbers as digits, as the matcher's values are written.
pub type Slots = BTreeMap<String, String>;

/// Who says what, and what is right.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// `work` or `report`.
    pub name: String,
    /// Wake phrases.
    pub phrases: Vec<String>,
    /// Silence between the phrase and the command, in ms, in turn.
    pub pauses_ms: Vec<u32>,
    /// Noises: decibels below the voice.
    pub noises_db: Vec<f32>,
    /// Words a minute and pitch, added to a voice's own, of the recordings to enrol with.
    pub enrolment: Vec<[i16; 2]>,
    /// The same, of what is said after that, in turn.
    pub speaking: Vec<[i16; 2]>,
    /// What noise and other speech follow from.
    pub seed: u64,
    /// espeak-ng voices that say something else for hours.
    pub talkers: Vec<String>,
    /// Users: each enrols itself and then says the commands.
    pub voices: Vec<Voice>,
    /// Commands, in the order in which each voice says them.
    pub commands: Vec<Command>,
    /// Follow-up conversations; each begins with a speaker that knows nothing.
    pub conversations: Vec<Conversation>,
    /// What nobody could understand.
    pub foreign: Vec<Foreign>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// espeak-ng's name of the voice.
    pub id: String,
    /// Its own pace.
    pub words_per_minute: u16,
    /// Its own pitch, 0 to 99.
    pub pitch: u8,
}

/// A command, and what is right.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// What is said.
    pub say: String,
    /// Which skill must get it.
    pub skill: String,
    /// As which intent.
    pub intent: String,
    /// With which slots: these, and no others.
    #[serde(default)]
    pub slots: Slots,
    /// The answer's template (see [`crate::Answer`]) where all `needs` succeeded.
    pub answer: String,
    /// Commands, counted from 1, on whose success the answer depends.
    #[serde(default)]
    pub needs: Vec<usize>,
    /// Templates of the right answers where one of them did not.
    #[serde(default)]
    pub otherwise: Vec<String>,
}

impl Command {
    /// The templates of the answers that are right now: `succeeded` says of each earlier command (from 0) whether it
    /// was understood.
    pub fn right_answers<'a>(&'a self, succeeded: &[bool]) -> Vec<&'a str> {
        let met = self.needs.iter().all(|&need| succeeded.get(need.wrapping_sub(1)).copied().unwrap_or(false));
        let otherwise = self.otherwise.iter().filter(|_| !met).map(String::as_str);
        std::iter::once(self.answer.as_str()).chain(otherwise).collect()
    }
}

/// A conversation of several steps.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    /// What it shows.
    pub name: String,
    /// What is said, one after the other, each after the answer to the one before.
    pub steps: Vec<Step>,
}

/// A step of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is said.
    pub say: String,
    /// Whether the wake phrase comes first; an answer to a question needs none.
    pub wake: bool,
    /// Which skill must get it.
    pub skill: String,
    /// As which intent.
    pub intent: String,
    /// With which slots: these, and no others.
    #[serde(default)]
    pub slots: Slots,
    /// The answer's template.
    pub answer: String,
}

/// What is said after the wake phrase and must not be understood.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foreign {
    /// What is said.
    pub say: String,
    /// The espeak-ng voice that knows the language; none for English, which the set's own voices say.
    #[serde(default)]
    pub voice: Option<String>,
}

impl Set {
    /// The set to work with.
    ///
    /// # Errors
    /// [`TrialError::Set`] when the committed file is damaged.
    pub fn work() -> Result<Self> {
        Self::parse("work.toml", include_str!("../sets/work.toml"))
    }

    /// The set to report: nothing may be chosen by looking at its results.
    ///
    /// # Errors
    /// [`TrialError::Set`] when the committed file is damaged.
    pub fn report() -> Result<Self> {
        Self::parse("report.toml", include_str!("../sets/report.toml"))
    }

    fn parse(file: &'static str, text: &str) -> Result<Self> {
        let wrong = |problem: String| TrialError::Set { file, problem };
        let set: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        // What is taken in turn must have a turn.
        let empty = [
            ("phrases", set.phrases.is_empty()),
            ("pauses_ms", set.pauses_ms.is_empty()),
            ("enrolment", set.enrolment.is_empty()),
            ("speaking", set.speaking.is_empty()),
            ("talkers", set.talkers.is_empty()),
            ("voices", set.voices.is_empty()),
        ];
        if let Some((name, _)) = empty.iter().find(|(_, empty)| *empty) {
            return Err(wrong(format!("{name} is empty; give at least one")));
        }
        for (index, command) in set.commands.iter().enumerate() {
            if command.needs.iter().any(|&need| need == 0 || need > index) {
                return Err(wrong(format!("{:?} needs a command that does not come before it", command.say)));
            }
        }
        Ok(set)
    }

    /// All templates of answers in the set, those that are right otherwise included.
    pub fn answers(&self) -> impl Iterator<Item = &str> {
        let commands = self.commands.iter().flat_map(|command| std::iter::once(&command.answer).chain(&command.otherwise));
        let steps = self.conversations.iter().flat_map(|conversation| &conversation.steps).map(|step| &step.answer);
        commands.chain(steps).map(String::as_str)
    }
}

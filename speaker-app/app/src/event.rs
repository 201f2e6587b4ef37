//! What happens, for the view, for other programs (`--json`) and for the evaluation.

use serde::Serialize;
use std::collections::BTreeMap;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Happening {
    /// The state of the conversation has changed.
    State {
        /// The state now.
        state: State,
    },
    /// The wake word was recognised.
    Woken {
        /// How like it was, 0 to 1.
        score: f32,
    },
    /// A sentence has ended.
    EndOfSpeech {
        /// Milliseconds of silence that it took to know.
        hang_over_ms: u32,
    },
    /// Words were recognised.
    Recognised {
        /// The words; the nearest sentence when they are foreign.
        text: String,
        /// 0 to 1.
        confidence: f32,
        /// Not one of the sentences.
        foreign: bool,
    },
    /// A sentence was understood.
    Understood {
        /// The intent.
        intent: String,
        /// Its slots.
        slots: BTreeMap<String, String>,
        /// Who is told; the speaker itself when empty.
        skill: String,
    },
    /// It begins to say something.
    Says {
        /// The text.
        text: String,
    },
    /// The first sample of an answer is mixed.
    Sounds {
        /// Milliseconds since the end-of-speech decision before it, by the clock on the wall.
        after_ms: f64,
    },
    /// A skill wrote a line.
    Log {
        /// The skill.
        skill: String,
        /// The line.
        line: String,
    },
    /// A skill failed.
    SkillFailed {
        /// The skill.
        skill: String,
        /// Why.
        why: String,
    },
    /// A timer rings.
    Rings {
        /// Whose it is.
        skill: String,
    },
    /// Something that does not work, in words that say what to do.
    Problem {
        /// The words.
        text: String,
    },
}

/// The state of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for its wake word.
    Idle,
    /// It listens to a sentence.
    Listening,
    /// It speaks.
    Speaking,
}

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// Milliseconds of sound since the start.
    pub at_ms: u64,
    /// What.
    #[serde(flatten)]
    pub what: Happening,
}

//! What happens, for the view, for other programs (`--json`) and for the evaluation.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// The first sample of an answer is mixed; where there is a loudspeaker, it has taken it.
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
    /// A stage of the sound's way did not process frames; what it lets through instead is defined for each.
    Bypassed {
        /// The stage.
        stage: String,
        /// Frames since the last such event.
        frames: u64,
        /// Why, the last time.
        why: String,
    },
    /// A timer rings.
    Rings {
        /// Whose it is.
        skill: String,
    },
    /// The devices in use have changed.
    Devices {
        /// The microphone's name.
        microphone: Option<String>,
        /// The loudspeaker's name.
        loudspeaker: Option<String>,
    },
    /// The microphone is muted, or not any more.
    Muted {
        /// Whether it is.
        muted: bool,
    },
    /// The speaker ends: how its threads fared.
    Ends(Summary),
    /// Something that does not work, in words that say what to do.
    Problem {
        /// The words.
        text: String,
    },
}

/// The state of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for its wake word.
    Idle,
    /// It listens to a sentence.
    Listening,
    /// It has heard a sentence, and whoever answers has not yet.
    Thinking,
    /// It speaks.
    Speaking,
}

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Milliseconds of sound since the start.
    pub at_ms: u64,
    /// What.
    #[serde(flatten)]
    pub what: Happening,
}

/// How the threads fared from start to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Whether the system lets the audio threads go before others.
    pub real_time: bool,
    /// Frames of the microphone.
    pub frames: u64,
    /// The median frame of the capture side, in microseconds.
    pub p50_us: f64,
    /// One frame in a thousand takes longer.
    pub p999_us: f64,
    /// The longest frame.
    pub longest_us: f64,
    /// By how many milliseconds the stages let the microphone's sound lag behind.
    #[serde(default)]
    pub latency_ms: u64,
    /// Frames that a stage did not process.
    pub bypassed: u64,
    /// Times that a stage was started anew after it had failed.
    #[serde(default)]
    pub restarts: u64,
    /// Milliseconds of sound that the microphone has not given.
    pub missing_ms: u64,
    /// Frames that the conversation was too slow to take.
    pub unheard: u64,
    /// Frames in which music was late.
    pub starved: u64,
    /// Frames for which the loudspeaker had not said what it played.
    pub unreferenced: u64,
    /// Times that the loudspeaker's sound was brought in line with the microphone's again.
    pub realigned: u64,
    /// By how many milliseconds the canceller is told later what the loudspeaker played, since it is heard later.
    pub echo_later_ms: u64,
    /// Samples that the microphone's ring had no room for.
    pub lost_in: u64,
    /// Samples for which the loudspeaker had nothing to play.
    pub lost_out: u64,
    /// Samples of the largest callbacks.
    pub largest: [usize; 2],
    /// Allocations and frees in audio threads.
    pub allocations: u64,
}

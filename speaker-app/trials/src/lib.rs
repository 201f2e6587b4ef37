//! What the speaker is tried with: sentences, voices, noises, echoes and hours of other speech.
//!
//! ```text
//! Set (sets/*.toml) ─► Talker ─┬─► Trial: silence, wake phrase, command, silence, with noise    what must be understood
//!                              └─► recordings to enrol with
//!                  ─► OtherSpeech: hours of it, passage by passage                              what must not wake
//! World (sets/world.toml)                                                                       what the speaker finds around it
//! Music, EchoPath: what the loudspeaker plays, and what of it reaches the microphone
//! Ear: hears the speaker's answer again, against a grammar of all answers
//! ```
//!
//! Everything is made when it is wanted and is the same every time: it depends on the sets and on the versions of
//! espeak-ng alone. There are two sets: [`Set::work`] may be looked at while tuning, [`Set::report`] only gives figures.
//!
//! Deliberately elsewhere: the speaker itself, and what it makes of this.

mod answer;
mod ear;
mod echo;
mod error;
mod level;
mod music;
mod other;
mod pink;
mod random;
mod set;
mod talker;
mod trial;
mod words;
mod world;

pub use answer::Answer;
pub use ear::Ear;
pub use echo::EchoPath;
pub use error::{Result, TrialError};
pub use level::{active_rms, rms, scale_to};
pub use music::Music;
pub use other::{OtherSpeech, Passage};
pub use pink::Pink;
pub use set::{Command, Conversation, Foreign, Set, Slots, Step, Voice};
pub use talker::Talker;
pub use trial::{Noise, Trial};
pub use words::Kind;
pub use world::{Device, World};

/// Samples a second of everything that a microphone hears here, in Hz.
pub const RATE_HZ: u32 = 48_000;
/// The same, as a count.
pub(crate) const RATE: usize = 48_000;
/// The active level of every voice: root mean square at full scale ±1, that is −26 dB.
pub const VOICE_RMS: f32 = 0.05;

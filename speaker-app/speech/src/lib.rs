//! Speech to text, and text to speech.
//!
//! [`Recogniser`] hears commands of a JSGF grammar in 16 kHz audio; [`PocketSphinx`] implements it over Debian's
//! library, and [`Paired`] by that with [`Moonshine`] beside it. [`Synthesiser`] speaks; [`Espeak`] implements it by a child process. [`Audio`], [`resample`](fn@resample)
//! and [`Resampler`] carry sound between them, and [`evaluate`] measures how well it works.
//!
//! Deliberately elsewhere: deciding when speech begins and ends, what a sentence means, and every audio device.

mod audio;
mod error;
mod espeak;
pub mod evaluate;
mod front;
mod jsgf;
mod moonshine;
mod noise;
mod paired;

mod pocketsphinx;
mod quiet;
mod recognise;
pub mod resample;
mod synthesise;

pub use audio::{Audio, to_i16};
pub use error::{Result, SpeechError};
pub use espeak::{Espeak, EspeakSettings};
pub use moonshine::{MOONSHINE_VARIABLE, Moonshine, moonshine_folder, moonshine_follows};
pub use noise::{Noise, mix};
pub use paired::{Paired, Weighed};
pub use pocketsphinx::{Evidence, PocketSphinx, PocketSphinxSettings};
pub use recognise::{Heard, RECOGNISER_HZ, Recogniser};
pub use resample::{Resampler, resample, rms};
pub use synthesise::Synthesiser;

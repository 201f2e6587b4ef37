//! Music from a folder, and the speaker's own chimes.
//!
//! [`Library`] lists the MP3, FLAC, Ogg Vorbis and WAV files of a folder with their tags, and finds those that somebody
//! asked for by name. [`Stream`] decodes one of them, piece by piece, as mono sound at [`RATE_HZ`], whatever it was.
//! [`tone`] makes the rings and chimes, from no file.
//!
//! Files are foreign: a broken frame is skipped and counted, a broken file is a problem that is listed, and a decoder that
//! panics is an error of its file. Streams allocate and read files: they belong in the music thread, before the ring buffer
//! that the audio thread reads. Volume and ducking are the mixer's.

#![forbid(unsafe_code)]

mod error;
mod find;
mod library;
mod resample;
mod source;
mod stream;
pub mod tone;

pub use error::{MediaError, Problem};
pub use library::{DEEPEST_FOLDERS, Library, MOST_ENTRIES, Track};
pub use stream::Stream;

/// Rate of all sound that this crate gives, in Hz.
pub const RATE_HZ: u32 = 48_000;

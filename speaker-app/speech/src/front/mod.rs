//! The front end of recognition: from samples to the cepstra that the acoustics were trained on, made as if the room were silent.
//!
//! [`spectrum`] cuts samples into frames, [`bands`] makes mel bands and cepstra of them as PocketSphinx's own front end does, [`prior`] reads
//! from the model how clean speech is distributed, [`room`] takes away what a room adds, [`voice`] finds how the voice in it
//! differs from an average one's, [`likeness`] learns what still differs then; [`attuned`] joins them. Nothing here knows the decoder.

mod attuned;
mod bands;
mod likeness;
mod prior;
mod room;
#[cfg(test)]
mod samples;
mod spectrum;
mod voice;

pub(crate) use attuned::Attuned;
pub(crate) use bands::{CEPSTRA, Cepstra};
pub(crate) use prior::Prior;
pub(crate) use room::Room;
pub(crate) use spectrum::Spectrum;

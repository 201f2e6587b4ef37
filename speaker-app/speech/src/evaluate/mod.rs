//! How well the room works: sentences by synthetic voices, with and without noise, heard and counted.
//!
//! The sentences, voices and grammar are part of the crate and were fixed before anything was tuned. There are two
//! sets: [`Set::work`] may be looked at while tuning, [`Set::report`] only gives figures.

mod measure;
mod sets;

pub use measure::{Condition, Figures, Row, Utterance, evaluate, utterances};
pub use sets::{GRAMMAR, Set};

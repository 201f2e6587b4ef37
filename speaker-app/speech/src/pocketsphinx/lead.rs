//! What the words with which a sentence begins tell about the voice: that they were said is known, the wake word was.

use super::ffi::{Decoder, Segment};
use super::reject;
use crate::front::{Room, Spectrum};
use std::ops::RangeInclusive;

/// How well the lead fits a voice that is known to have said it, as heard in a room: acoustic score a frame of its words.
pub(super) fn fit(decoder: &mut Decoder, lead: &[String], voice: &[Spectrum], room: &mut Room) -> Option<f32> {
    decoder.start().ok()?;
    let mut shares = Vec::new();
    let taken = voice.iter().try_for_each(|spectrum| decoder.process(&mut room.clean(spectrum, &mut shares)));
    decoder.end().ok()?;
    taken.ok()?;
    reject::fit_of_lead(&decoder.segments(), lead)
}

/// The lead's words in a sentence: their frames, and their phones with spaces between.
pub(super) fn words(decoder: &mut Decoder, sentence: &[Segment], lead: &[String]) -> Vec<(RangeInclusive<usize>, String)> {
    let index = |frame: i32| usize::try_from(frame).ok();
    reject::words_of_lead(sentence, lead)
        .filter_map(|word| Some((index(word.first_frame)?..=index(word.last_frame)?, decoder.phones(&word.word)?)))
        .collect()
}

//! What the words with which a sentence begins tell about the voice: that they were said is known, the wake word was.

use super::ffi::{Decoder, Segment};
use super::reject;
use crate::front::{Cepstra, Likeness, Room, Said, Spectrum};

/// How well the lead fits a voice that is known to have said it, as heard in a room: acoustic score a frame of its words.
pub(super) fn fit(
    decoder: &mut Decoder,
    lead: &[String],
    voice: &[Spectrum],
    room: &mut Room,
    shares: &mut Vec<f32>,
) -> Option<f32> {
    decoder.start().ok()?;
    let taken = voice.iter().try_for_each(|spectrum| decoder.process(&mut room.clean(spectrum, shares)));
    decoder.end().ok()?;
    taken.ok()?;
    reject::fit_of_lead(&decoder.segments(), lead)
}

/// Learns from the lead of a sentence how to make the voice more like an average one; `cleaned` are the utterance's frames.
pub(super) fn learn(decoder: &mut Decoder, sentence: &[Segment], lead: &[String], cleaned: &[Cepstra], likeness: &mut Likeness) {
    let index = |frame: i32| usize::try_from(frame).ok();
    let said: Vec<(&[Cepstra], String)> = reject::words_of_lead(sentence, lead)
        .filter_map(|word| {
            let frames = cleaned.get(index(word.first_frame)?..=index(word.last_frame)?)?;
            Some((frames, decoder.phones(&word.word)?))
        })
        .collect();
    let words: Vec<Said<'_>> =
        said.iter().map(|(frames, phones)| Said { frames, phones: phones.split_whitespace().collect() }).collect();
    likeness.learn(&words);
}

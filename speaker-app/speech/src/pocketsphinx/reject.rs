//! Telling foreign speech from the grammar's sentences.
//!
//! The grammar's decoder and the free phones' decoder score the same frames with the same acoustics. Free phones can
//! follow any sound, so their score is what the sound could reach; a sentence that was really said comes close to
//! it, one that was forced upon other sounds does not. Tuned by logistic regression on the work set only; the second
//! measure catches sentences that explain a small part well and call the rest silence.

use super::ffi::Segment;
use crate::audio::{count, narrow};

/// What a confidence is computed from. Frames last 10 ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Frames within the sentence's words.
    pub word_frames: usize,
    /// Frames that the free phones take for speech.
    pub spoken_frames: usize,
    /// Acoustic score of the sentence less that of the free phones, per frame of its words: −18 to −50 where the
    /// sentence was said, the lower the shorter it is; −45 to −75 where another was.
    pub fit: f32,
    /// Share of the spoken frames that the sentence takes for silence, 0 to 1.
    pub unexplained: f32,
}

/// Weight of [`Evidence::fit`].
const FIT: f64 = 0.3;
/// Weight of [`Evidence::unexplained`].
const UNEXPLAINED: f64 = -4.0;
/// What a sentence loses against free phones at its ends, however long it is: they may begin and end in the middle of a sound, and it may
/// not. Over the work set the fit of sentences that were said is about −17 − 1,700 / frames of words.
const ENDS: f64 = 2_000.0;
/// Frames below which sentences lose no more: what "yes" takes.
const SHORTEST: usize = 60;
/// Log odds of a perfect fit.
const BIAS: f64 = 10.2;

impl Evidence {
    /// Compares the two decoders' results; `None` when there are no phones. A sentence without words explains nothing.
    ///
    /// Words of `lead` at the beginning, and what came before them, are left out: that they were said is known, and says nothing about what
    /// followed.
    pub(super) fn weigh(sentence: &[Segment], phones: &[Segment], lead: &[String]) -> Option<Self> {
        let free = Frames::new(phones)?;
        let said: Vec<&Segment> = sentence.iter().filter(|segment| length(segment) > 0 && segment.word != EMPTY).collect();
        let (before, after) = said.split_at(end_of_lead(&said, lead));
        let led: usize = before.iter().map(|segment| free.over(segment).1).sum();
        let (mut word_frames, mut in_silences, mut difference) = (0, 0, 0.0);
        for segment in after {
            let (score, spoken) = free.over(segment);
            if is_filler(&segment.word) {
                in_silences += spoken;
            } else {
                word_frames += length(segment);
            }
            // A pause before the first word may be long, and what the loudspeaker had played may fade in it.
            if word_frames > 0 {
                difference += f64::from(segment.acoustic) - score;
            }
        }
        let spoken_frames = free.spoken.iter().filter(|spoken| **spoken).count().saturating_sub(led);
        let unexplained = if word_frames == 0 { 1.0 } else { narrow(count(in_silences) / count(spoken_frames.max(1))) };
        Some(Self { word_frames, spoken_frames, fit: narrow(difference / count(word_frames.max(1))), unexplained })
    }

    /// Whether anybody spoke at all: a fifth of a second, less than the shortest word.
    pub(super) fn is_speech(&self) -> bool {
        self.spoken_frames >= 20
    }

    /// How likely the sentence was said, 0 to 1; 0 for one without words.
    pub(super) fn confidence(&self) -> f32 {
        if self.word_frames == 0 {
            return 0.0;
        }
        let fit = f64::from(self.fit) + ENDS / count(self.word_frames.max(SHORTEST));
        let odds = FIT * fit + UNEXPLAINED * f64::from(self.unexplained) + BIAS;
        narrow(1.0 / (1.0 + (-odds).exp()))
    }
}

/// The word that the grammar's decoder shows for a transition without sound.
const EMPTY: &str = "(NULL)";

/// The words of the lead in a sentence; none where it does not begin with all of it.
pub(super) fn words_of_lead<'a>(sentence: &'a [Segment], lead: &[String]) -> impl Iterator<Item = &'a Segment> {
    let mut said: Vec<&Segment> = sentence.iter().filter(|segment| length(segment) > 0 && segment.word != EMPTY).collect();
    said.truncate(end_of_lead(&said, lead));
    said.into_iter().filter(|segment| !is_filler(&segment.word))
}

/// Acoustic score of the lead, a frame of its words; `None` where the sentence does not begin with all of it.
pub(super) fn fit_of_lead(sentence: &[Segment], lead: &[String]) -> Option<f32> {
    let words = words_of_lead(sentence, lead);
    let (frames, score) = words.fold((0, 0.0), |(frames, score), word| (frames + length(word), score + f64::from(word.acoustic)));
    (frames > 0).then(|| narrow(score / count(frames)))
}

/// How many segments there are up to the last word of the lead; none where the sentence does not begin with all of it.
fn end_of_lead(said: &[&Segment], lead: &[String]) -> usize {
    let mut words = said.iter().enumerate().filter(|(_, segment)| !is_filler(&segment.word));
    let led = lead.iter().map(|word| words.next().filter(|(_, segment)| is_said_as(word, &segment.word)));
    led.map(|found| found.map(|(at, _)| at + 1)).collect::<Option<Vec<_>>>().and_then(|ends| ends.last().copied()).unwrap_or(0)
}

/// Whether a word of the dictionary, other pronunciations of which have numbers (`jarvis(2)`), is this one.
fn is_said_as(word: &str, said: &str) -> bool {
    said.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
}

/// Silences and noises: `<sil>`, `[SPEECH]`, `++NOISE++` in the dictionary, `SIL`, `+SPN+` among the phones.
fn is_filler(word: &str) -> bool {
    word == "SIL" || word.starts_with(['<', '[', '+'])
}

/// Frames of a segment, 0 when it is empty.
fn length(segment: &Segment) -> usize {
    usize::try_from(i64::from(segment.last_frame) - i64::from(segment.first_frame) + 1).unwrap_or(0)
}

/// The free phones' result by the frame.
struct Frames {
    first: i32,
    scores: Vec<f64>,
    spoken: Vec<bool>,
}

impl Frames {
    /// Spreads every phone's score evenly over its frames; `None` when there are none.
    fn new(phones: &[Segment]) -> Option<Self> {
        let first = phones.first()?.first_frame;
        let (mut scores, mut spoken) = (Vec::new(), Vec::new());
        for phone in phones {
            let frames = length(phone);
            scores.resize(scores.len() + frames, f64::from(phone.acoustic) / count(frames.max(1)));
            spoken.resize(spoken.len() + frames, !is_filler(&phone.word));
        }
        Some(Self { first, scores, spoken })
    }

    /// Score and spoken frames within a segment of the other decoder. Frames outside of the phones' count nothing.
    fn over(&self, segment: &Segment) -> (f64, usize) {
        let at = |frame: i64| usize::try_from(frame - i64::from(self.first)).unwrap_or(0).min(self.scores.len());
        let range = at(segment.first_frame.into())..at(i64::from(segment.last_frame) + 1);
        let spoken = self.spoken[range.clone()].iter().filter(|spoken| **spoken).count();
        (self.scores[range].iter().sum(), spoken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(word: &str, first_frame: i32, last_frame: i32, acoustic: i32) -> Segment {
        Segment { word: word.into(), first_frame, last_frame, acoustic }
    }

    #[test]
    fn a_sentence_that_explains_everything_is_certain() {
        let phones = [segment("SIL", 100, 109, -100), segment("AA", 110, 119, -200), segment("SIL", 120, 129, -100)];
        let said = [segment("<sil>", 100, 109, -100), segment("ah", 110, 119, -200), segment("<sil>", 120, 129, -100)];
        let evidence = Evidence::weigh(&said, &phones, &[]).expect("words and phones");
        assert_eq!(evidence, Evidence { word_frames: 10, spoken_frames: 10, fit: 0.0, unexplained: 0.0 });
        assert!(evidence.confidence() > 0.99);
    }

    #[test]
    fn speech_within_silence_and_bad_fit_are_doubted() {
        let phones = [segment("AA", 0, 99, -1_000), segment("B", 100, 199, -1_000)];
        let half = [segment("ah", 0, 99, -1_000), segment("(NULL)", 99, 99, 0), segment("<sil>", 100, 199, -1_000)];
        let evidence = Evidence::weigh(&half, &phones, &[]).expect("words and phones");
        assert!((evidence.unexplained - 0.5).abs() < 1e-6 && evidence.fit.abs() < 1e-6);
        let forced = Evidence::weigh(&[segment("ah", 0, 199, -14_000)], &phones, &[]).expect("words and phones");
        assert!((forced.fit + 60.0).abs() < 1e-3);
        assert!(forced.confidence() < 0.25);
        // What is short loses the same at its ends.
        let short = Evidence { word_frames: 90, spoken_frames: 90, fit: -50.0, unexplained: 0.0 };
        assert!(short.confidence() > 0.5 && Evidence { word_frames: 200, ..short }.confidence() < 0.5);
    }

    #[test]
    fn what_leads_is_no_evidence() {
        let lead = ["okay".to_owned(), "jarvis".to_owned()];
        let phones = [segment("AA", 0, 39, -400)];
        // The lead fits, what follows does not. What came before it says nothing, nor does how a pause after it sounds.
        let said = [
            segment("okay", 0, 9, -100),
            segment("<sil>", 10, 9, 0),
            segment("jarvis(2)", 10, 19, -100),
            segment("stop", 20, 39, -1_600),
        ];
        let all = Evidence::weigh(&said, &phones, &[]).expect("words and phones");
        let rest = Evidence::weigh(&said, &phones, &lead).expect("words and phones");
        assert_eq!((all.word_frames, all.spoken_frames), (40, 40));
        assert_eq!((rest.word_frames, rest.spoken_frames), (20, 20));
        assert!((all.fit + 35.0).abs() < 1e-3 && (rest.fit + 70.0).abs() < 1e-3);
        // Later it is a word like others.
        let late = [segment("stop", 0, 19, -200), segment("okay", 20, 39, -200)];
        assert_eq!(Evidence::weigh(&late, &phones, &lead).expect("words and phones").word_frames, 40);
    }

    #[test]
    fn no_words_explain_nothing() {
        assert_eq!(Evidence::weigh(&[segment("ah", 0, 9, -1)], &[], &[]), None);
        let unheard = Evidence::weigh(&[], &[segment("AA", 0, 29, -1)], &[]).expect("phones");
        assert!(unheard.is_speech() && unheard.confidence() < 0.01);
        let silence = Evidence::weigh(&[segment("<sil>", 0, 9, -1)], &[segment("SIL", 0, 9, -1)], &[]).expect("phones");
        assert!(!silence.is_speech());
        // Segments that do not overlap at all must not panic.
        assert!(Evidence::weigh(&[segment("ah", -5, 90, -1)], &[segment("AA", 200, 209, -1)], &[]).is_some());
    }
}

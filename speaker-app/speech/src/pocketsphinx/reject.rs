//! Telling foreign speech from the grammar's sentences.
//!
//! The grammar's decoder and the free phones' decoder score the same frames with the same acoustics. Free phones can follow any sound, so
//! their score, with how likely their sequence is in English, is what the sound could reach; a sentence that was really said comes close to it,
//! one that was forced upon other sounds does not. A large grammar has something like everything, though: so a sentence that it makes unlikely
//! must fit better than one that everybody says. Tuned by logistic regression on the work set's voices only: 864 sentences that were right, most of
//! them in noise or over music, and 295 of foreign speech, half of these of one to three words.

use super::ffi::Segment;
use crate::audio::{count, narrow};

/// What a confidence is computed from. Frames last 10 ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Frames within the sentence's words.
    pub word_frames: usize,
    /// Frames that the free phones take for speech.
    pub spoken_frames: usize,
    /// Score of the sentence less that of the free phones, acoustics and language, per frame of its words.
    pub fit: f32,
    /// How likely the grammar makes its words, before anything is heard: a logarithm on the scale of the scores.
    pub language: f32,
    /// Whether the room and the voice were known.
    pub attuned: bool,
}

/// Weight of [`Evidence::fit`].
const FIT: f64 = 0.313;
/// Weight of [`Evidence::language`].
const LANGUAGE: f64 = 0.0149;
/// No sentence is likelier than this: what a grammar of two sentences says about them says nothing about strangers.
const LIKELIEST: f64 = -100.0;
/// The same where the voice may be a stranger's, too: nothing is known of it.
const LIKELIEST_OF_UNKNOWN: f64 = -210.0;
/// Log odds of a perfect fit.
const BIAS: f64 = 13.3;
/// What a voice must fit better of which nothing is known: weak ones, whose sentences fit badly, are understood only once they are known.
const UNKNOWN: f64 = -3.5;

impl Evidence {
    /// Compares the two decoders' results; `None` when there are no phones. A sentence without words explains nothing.
    ///
    /// Words of `lead` at the beginning, and what came before them, are left out: that they were said is known, and says nothing about what
    /// followed.
    pub(super) fn weigh(sentence: &[Segment], phones: &[Segment], lead: &[String], attuned: bool) -> Option<Self> {
        let free = Frames::new(phones)?;
        let said = sounding(sentence);
        let (before, after) = said.split_at(end_of_lead(&said, lead));
        let led: usize = before.iter().map(|segment| free.over(segment).2).sum();
        // Transitions without sound are choices of the grammar, too.
        let begin = after.iter().find(|segment| !is_filler(&segment.word)).map(|segment| segment.first_frame);
        let follows = |segment: &&Segment| begin.is_some_and(|begin| segment.first_frame >= begin);
        let chosen = sentence.iter().filter(|segment| !is_filler(&segment.word)).filter(follows);
        let language: f64 = chosen.map(|segment| f64::from(segment.language)).sum();
        let (mut word_frames, mut difference) = (0, language);
        for segment in after {
            let (acoustic, expected, _) = free.over(segment);
            if !is_filler(&segment.word) {
                word_frames += length(segment);
                difference -= expected;
            }
            // A pause before the first word may be long, and what the loudspeaker had played may fade in it.
            if word_frames > 0 {
                difference += f64::from(segment.acoustic) - acoustic;
            }
        }
        let spoken_frames = free.spoken.iter().filter(|spoken| **spoken).count().saturating_sub(led);
        let fit = narrow(difference / count(word_frames.max(1)));
        Some(Self { word_frames, spoken_frames, fit, language: narrow(language), attuned })
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
        let (likeliest, unknown) = if self.attuned { (LIKELIEST, 0.0) } else { (LIKELIEST_OF_UNKNOWN, UNKNOWN) };
        let language = f64::from(self.language).min(likeliest);
        let odds = FIT * f64::from(self.fit) + LANGUAGE * language + BIAS + unknown;
        narrow(1.0 / (1.0 + (-odds).exp()))
    }
}

/// The word that the grammar's decoder shows for a transition without sound.
const EMPTY: &str = "(NULL)";

/// The segments that have sound.
fn sounding(sentence: &[Segment]) -> Vec<&Segment> {
    sentence.iter().filter(|segment| length(segment) > 0 && segment.word != EMPTY).collect()
}

/// The words of the lead in a sentence; none where it does not begin with all of it.
pub(super) fn words_of_lead<'a>(sentence: &'a [Segment], lead: &[String]) -> impl Iterator<Item = &'a Segment> {
    let mut said = sounding(sentence);
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
    acoustic: Vec<f64>,
    language: Vec<f64>,
    spoken: Vec<bool>,
}

impl Frames {
    /// Spreads every phone's score evenly over its frames; `None` when there are none.
    fn new(phones: &[Segment]) -> Option<Self> {
        let first = phones.first()?.first_frame;
        let (mut acoustic, mut language, mut spoken) = (Vec::new(), Vec::new(), Vec::new());
        for phone in phones {
            let frames = length(phone);
            let each = |score: i32| f64::from(score) / count(frames.max(1));
            acoustic.resize(acoustic.len() + frames, each(phone.acoustic));
            language.resize(language.len() + frames, each(phone.language));
            spoken.resize(spoken.len() + frames, !is_filler(&phone.word));
        }
        Some(Self { first, acoustic, language, spoken })
    }

    /// Acoustic score, language score and spoken frames within a segment of the other decoder. Frames outside of the phones' count nothing.
    fn over(&self, segment: &Segment) -> (f64, f64, usize) {
        let at = |frame: i64| usize::try_from(frame - i64::from(self.first)).unwrap_or(0).min(self.acoustic.len());
        let range = at(segment.first_frame.into())..at(i64::from(segment.last_frame) + 1);
        let spoken = self.spoken[range.clone()].iter().filter(|spoken| **spoken).count();
        (self.acoustic[range.clone()].iter().sum(), self.language[range].iter().sum(), spoken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(word: &str, first_frame: i32, last_frame: i32, acoustic: i32) -> Segment {
        Segment { word: word.into(), first_frame, last_frame, acoustic, language: 0 }
    }

    fn weigh(sentence: &[Segment], phones: &[Segment], lead: &[String]) -> Option<Evidence> {
        Evidence::weigh(sentence, phones, lead, true)
    }

    #[test]
    fn a_sentence_that_explains_everything_is_certain() {
        let phones = [segment("SIL", 100, 109, -100), segment("AA", 110, 119, -200), segment("SIL", 120, 129, -100)];
        let said = [segment("<sil>", 100, 109, -100), segment("ah", 110, 119, -200), segment("<sil>", 120, 129, -100)];
        let evidence = weigh(&said, &phones, &[]).expect("words and phones");
        assert_eq!(evidence, Evidence { word_frames: 10, spoken_frames: 10, fit: 0.0, language: 0.0, attuned: true });
        assert!(evidence.confidence() > 0.99);
    }

    #[test]
    fn speech_within_silence_and_bad_fit_are_doubted() {
        let phones = [segment("AA", 0, 99, -1_000), segment("B", 100, 199, -1_000)];
        // What is called silence fits as badly as silence does.
        let half = [segment("ah", 0, 99, -1_000), segment("(NULL)", 99, 99, 0), segment("<sil>", 100, 199, -7_000)];
        let evidence = weigh(&half, &phones, &[]).expect("words and phones");
        assert!((evidence.fit + 60.0).abs() < 1e-3 && evidence.confidence() < 0.01);
        let forced = weigh(&[segment("ah", 0, 199, -14_000)], &phones, &[]).expect("words and phones");
        assert!((forced.fit + 60.0).abs() < 1e-3);
        assert!(forced.confidence() < 0.01);
    }

    #[test]
    fn what_is_unlikely_or_of_an_unknown_voice_must_fit_better() {
        let usual = Evidence { word_frames: 150, spoken_frames: 150, fit: -30.0, language: -100.0, attuned: true };
        assert!(usual.confidence() > 0.9);
        assert!(Evidence { language: -500.0, ..usual }.confidence() < 0.5);
        assert!(Evidence { attuned: false, ..usual }.confidence() < 0.5);
        // A grammar of two sentences makes them no likelier.
        assert_eq!(Evidence { language: -10.0, ..usual }.confidence(), usual.confidence());
    }

    #[test]
    fn language_counts_for_words_and_phones() {
        let of = |segment: Segment, language| Segment { language, ..segment };
        let phones = [of(segment("AA", 0, 9, -100), -80), of(segment("SIL", 10, 19, -100), -90)];
        // Choices without sound count, those of silences do not.
        let said =
            [of(segment("ah", 0, 9, -100), -20), of(segment("(NULL)", 9, 9, 0), -10), of(segment("<sil>", 10, 19, -100), -300)];
        let evidence = weigh(&said, &phones, &[]).expect("words and phones");
        assert_eq!((evidence.language, evidence.fit), (-30.0, 5.0));
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
        let all = weigh(&said, &phones, &[]).expect("words and phones");
        let rest = weigh(&said, &phones, &lead).expect("words and phones");
        assert_eq!((all.word_frames, all.spoken_frames), (40, 40));
        assert_eq!((rest.word_frames, rest.spoken_frames), (20, 20));
        assert!((all.fit + 35.0).abs() < 1e-3 && (rest.fit + 70.0).abs() < 1e-3);
        // Later it is a word like others.
        let late = [segment("stop", 0, 19, -200), segment("okay", 20, 39, -200)];
        assert_eq!(weigh(&late, &phones, &lead).expect("words and phones").word_frames, 40);
    }

    #[test]
    fn no_words_explain_nothing() {
        assert_eq!(weigh(&[segment("ah", 0, 9, -1)], &[], &[]), None);
        let unheard = weigh(&[], &[segment("AA", 0, 29, -1)], &[]).expect("phones");
        assert!(unheard.is_speech() && unheard.confidence() < 0.01);
        let silence = weigh(&[segment("<sil>", 0, 9, -1)], &[segment("SIL", 0, 9, -1)], &[]).expect("phones");
        assert!(!silence.is_speech());
        // Segments that do not overlap at all must not panic.
        assert!(weigh(&[segment("ah", -5, 90, -1)], &[segment("AA", 200, 209, -1)], &[]).is_some());
    }
}

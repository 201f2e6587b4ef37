//! Two recognisers that know different things: PocketSphinx the sounds, the voice and the room, Moonshine English.
//!
//! Each says which sentence of the grammar it takes what was said for, and how well. Where they differ, each is asked about the other's
//! sentence, and what fits best by both counts: they err in different places. What fits badly by both is foreign speech.

use crate::audio::{FULL_SCALE, count, narrow};
use crate::error::Result;
use crate::moonshine::{Moonshine, Written};
use crate::pocketsphinx::PocketSphinx;
use crate::quiet::{Noise, Quiet};
use crate::recognise::{Heard, Recogniser};

/// What a score of the first recogniser counts beside one of the second, where they differ: its frames are taken as if each knew nothing of
/// the others. Of 465 sentences of the working set's voices that are understood worst, noise and music among them, the first alone has 421 right,
/// the second alone 434, both together 456; half of it or twice cost three.
const FIRST: f64 = 0.02;
/// Confidence below which speech is foreign.
const EVEN: f32 = 0.5;
/// What a sentence counts that the first recogniser cannot hear at all.
const UNHEARD: f64 = -6_000.0;
/// A sentence of the second recogniser that is less likely than another by so much is not compared with it: it would hardly ever be chosen, and each
/// takes time.
const BEYOND: f64 = 40.0;
/// Samples after a pause up to which what was begun in it holds: half a second at 16 kHz, in which a word does not fit that ends an utterance.
const PAUSED: usize = 8_000;
/// Sentences of the second recogniser that are compared, beside the first's own: each takes the first some ten milliseconds for a second of sound.
const MOST: usize = 5;

/// Both.
#[derive(Debug)]
pub struct Paired {
    first: PocketSphinx,
    second: Moonshine,
    samples: Vec<f32>,
    /// The room's noise, and from which sample of the utterance on: for the second, which knows nothing of rooms.
    noises: Vec<(usize, Noise)>,
    quiet: Quiet,
    lead: Vec<String>,
    /// What the second would write, as of a pause: after how many samples, what the first had heard until then, and the sentences.
    paused: Option<(usize, String, Vec<Written>)>,
    weighed: Option<Weighed>,
}

/// What a confidence was computed from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed {
    /// How well the sentence fits by the first recogniser, were it the only one: as [`Evidence::fit`](crate::Evidence::fit), but of all frames together.
    pub fits: f64,
    /// Logarithm of the sentence's probability by the second, a word.
    pub written: f64,
    /// Whether the first knew the room and the voice.
    pub attuned: bool,
}

/// Weight of [`Weighed::fits`], and how far it counts. Tuned on the work set's voices only: of 428 sentences that were right, most of them in noise
/// that had begun a second before or over music, none is refused, and of 286 of foreign speech, four of ten of one to three words, 5 are not.
const FITS: f64 = 0.00593;
const WORST_FIT: f64 = -6_000.0;
const BEST_FIT: f64 = 4_000.0;
/// Weight of [`Weighed::written`], and how far it counts: a voice that the second recogniser hears badly may fit well.
const WRITTEN: f64 = 1.62;
const WORST_WRITTEN: f64 = -12.0;
/// What is likelier than this a word is all but certain, and each step beyond weighs so much more: foreign speech, which the second would have to
/// write as something else, never comes near (−2.3 at best), and a voice may be too strange for the first, not for the second.
const CERTAIN: f64 = -1.5;
const CERTAINTY: f64 = 4.0;
/// Log odds of a sentence that fits as phones do, and is certain to be written.
const BIAS: f64 = 6.9;
/// What is added where nothing is known of the voice, which may fit worse then. Without it, of the evaluation's 36 commands and 25 foreign sentences
/// by a voice of its own, the worst command has 6.9, the best foreign sentence −24: there is room on both sides.
const UNKNOWN: f64 = 6.0;

impl Weighed {
    /// How likely the sentence was said, 0 to 1.
    fn confidence(&self) -> f32 {
        let certain = CERTAINTY * (self.written - CERTAIN).max(0.0);
        let odds = FITS * self.fits.clamp(WORST_FIT, BEST_FIT) + WRITTEN * self.written.max(WORST_WRITTEN) + certain + BIAS;
        let odds = if self.attuned { odds } else { odds + UNKNOWN };
        narrow(1.0 / (1.0 + (-odds).exp()))
    }
}

/// A sentence that may have been said.
struct Candidate<'a> {
    written: &'a Written,
    /// How well it fits by the first recogniser, all frames together.
    fits: f64,
}

impl Candidate<'_> {
    fn score(&self) -> f64 {
        self.written.total() + FIRST * self.fits
    }
}

impl Paired {
    /// Joins them.
    #[must_use]
    pub fn new(first: PocketSphinx, second: Moonshine) -> Paired {
        Paired {
            first,
            second,
            samples: Vec::new(),
            noises: Vec::new(),
            quiet: Quiet::new(),
            lead: Vec::new(),
            paused: None,
            weighed: None,
        }
    }

    /// What the last finished utterance's confidence was computed from; `None` when the first recogniser was alone with it.
    #[must_use]
    pub fn weighed(&self) -> Option<&Weighed> {
        self.weighed.as_ref()
    }

    /// Whether nothing was heard, or the lead alone.
    fn is_no_more_than_lead(&self, text: &str) -> bool {
        text.is_empty() || text.split_whitespace().eq(self.lead.iter())
    }

    /// What the second would write for all that was heard so far, where the first heard `sentence`.
    fn opinion(&mut self, sentence: &str) -> Result<Vec<Written>> {
        self.second.weigh(&self.quiet.filter(&self.samples, &self.noises), sentence)
    }

    /// What the first recogniser heard, in the light of what the second would write, best first.
    fn decide(&mut self, heard: Heard, opinion: &[Written]) -> Heard {
        let Some(best) = opinion.first() else { return heard };
        if !heard.foreign && opinion.iter().all(|written| written.text != heard.text) {
            // The second cannot write what the first is sure of, so they cannot be compared.
            return heard;
        }
        let agreed = best.text == heard.text;
        let is_near = |written: &Written| best.total() - written.total() < BEYOND;
        let most = if agreed { 1 } else { MOST };
        let mut candidates = Vec::new();
        for (number, written) in opinion.iter().enumerate() {
            if written.text != heard.text && (number >= most || !is_near(written)) {
                continue;
            }
            // Also that which it heard itself: alone against nothing, all are measured alike.
            // What cannot be weighed, whatever the reason, is not heard.
            let evidence = self.first.weigh(&written.text).ok().flatten().filter(|evidence| evidence.word_frames > 0);
            let fits = evidence.map_or(UNHEARD, |evidence| count(evidence.word_frames) * f64::from(evidence.fit));
            candidates.push(Candidate { written, fits });
        }
        let Some(chosen) = candidates.into_iter().max_by(|a, b| a.score().total_cmp(&b.score())) else { return heard };
        let attuned = self.first.evidence().is_some_and(|evidence| evidence.attuned);
        let written = chosen.written.score / count(chosen.written.words.max(1));
        let weighed = Weighed { fits: chosen.fits, written, attuned };
        self.weighed = Some(weighed);
        let confidence = weighed.confidence();
        Heard { text: chosen.written.text.clone(), confidence, foreign: confidence < EVEN }
    }
}

impl Recogniser for Paired {
    fn set_grammar(&mut self, name: &str, jsgf: &str) -> Result<()> {
        self.first.set_grammar(name, jsgf)?;
        self.second.set_grammar(jsgf);
        Ok(())
    }

    fn set_lead(&mut self, words: &[String]) {
        self.first.set_lead(words);
        self.second.set_lead(words);
        self.lead = words.to_vec();
    }

    fn attune(&mut self, noise: &[f32], voice: &[f32]) -> Result<()> {
        self.first.attune(noise, voice)?;
        if let Some(noise) = self.quiet.noise(noise) {
            self.noises = vec![(0, noise)];
        }
        Ok(())
    }

    fn quieten(&mut self, noise: &[f32]) {
        self.first.quieten(noise);
        if let Some(noise) = self.quiet.noise(noise) {
            self.noises.push((self.samples.len(), noise));
        }
    }

    fn begin(&mut self) -> Result<()> {
        self.first.begin()?;
        self.samples.clear();
        self.paused = None;
        // What came last lasts.
        if let Some((_, noise)) = self.noises.pop() {
            self.noises = vec![(0, noise)];
        }
        Ok(())
    }

    fn feed(&mut self, samples: &[i16]) -> Result<()> {
        self.first.feed(samples)?;
        self.samples.extend(samples.iter().map(|&sample| f32::from(sample) / FULL_SCALE));
        Ok(())
    }

    fn pause(&mut self) -> Result<()> {
        let heard = self.first.partial()?;
        if !self.is_no_more_than_lead(&heard) {
            // What fails now may fail again at the end, where it is dealt with.
            self.paused = self.opinion(&heard).ok().map(|opinion| (self.samples.len(), heard, opinion));
        }
        Ok(())
    }

    fn partial(&mut self) -> Result<String> {
        self.first.partial()
    }

    fn finish(&mut self) -> Result<Heard> {
        self.weighed = None;
        let heard = self.first.finish()?;
        // Silence, or the lead alone and silence.
        if !heard.foreign && self.is_no_more_than_lead(&heard.text) {
            return Ok(heard);
        }
        // Only silence has come since, and the first has not thought better of it.
        let paused = self.paused.take().filter(|(at, text, _)| self.samples.len() - at <= PAUSED && *text == heard.text);
        let opinion = match paused {
            Some((.., opinion)) => Ok(opinion),
            None => self.opinion(&heard.text),
        };
        match opinion {
            Ok(opinion) => Ok(self.decide(heard, &opinion)),
            // Two hear better than one, and one better than none.
            Err(_) => Ok(heard),
        }
    }

    fn cancel(&mut self) {
        self.first.cancel();
    }
}

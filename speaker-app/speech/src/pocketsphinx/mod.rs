//! Speech recognition by PocketSphinx, bound to a JSGF grammar.
//!
//! Two decoders hear the same audio: one may only find sentences of the grammar, the other any phones. A grammar
//! alone would map every sound to some sentence; how much better the free phones fit tells foreign speech apart
//! ([`reject`]). What they hear are cepstra of our own front end, from which the room was taken ([`crate::front`]). Invariant: either both
//! have an utterance open (`open`) or neither has.

mod ffi;
mod lead;
mod reject;
mod weights;

use crate::error::{Result, SpeechError};
use crate::front::{Attuned, Cepstra, Prior};
use crate::jsgf::{self, Grammar};
use crate::recognise::{Heard, RECOGNISER_HZ, Recogniser};
use ffi::{Decoder, Refused, Segment, c_path};
use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub use reject::Evidence;

/// Where Debian's pocketsphinx-en-us puts the model.
const DEBIAN_MODEL: &str = "/usr/share/pocketsphinx/model/en-us";

/// The name under which the grammar's search is kept: always the same, so that a new grammar frees the old one.
const SEARCH: &CStr = c"grammar";

/// The name of a search for one sentence.
const ONE: &CStr = c"one";

/// The name of the other: the words with which sentences begin, and nothing else.
const LEAD: &CStr = c"lead";

/// How the library's binary language models begin.
const PHONE_MODEL_MAGIC: &[u8] = b"Trie Language Model";

/// Longest utterance, in samples: a minute. A search's memory grows with its length.
const LONGEST_SAMPLES: usize = RECOGNISER_HZ as usize * 60;

/// In place of the model's `feat.params`, whose settings would win over those given here and normalise what is already normalised.
const NO_FILE: &CStr = c"/dev/null";

/// Audio whose loudest sample is below this, in steps of 16 bits, is silence.
const SILENT_PEAK: u16 = 300;

/// How to set PocketSphinx up.
#[derive(Debug, Clone, PartialEq)]
pub struct PocketSphinxSettings {
    /// The folder with the model: `en-us/` (acoustics), `cmudict-en-us.dict` and `en-us-phone.lm.bin`.
    pub model_folder: PathBuf,
    /// [`Heard::confidence`] below which speech is foreign: 0 accepts everything, 1 nothing. 0.5 is tuned. With a second recogniser beside it
    /// ([`Paired`](crate::Paired)) both decide, by a border of their own.
    pub threshold: f32,
}

impl Default for PocketSphinxSettings {
    fn default() -> Self {
        Self { model_folder: DEBIAN_MODEL.into(), threshold: 0.5 }
    }
}

/// Speech recognition by PocketSphinx.
///
/// May move between threads, and is used by one at a time.
pub struct PocketSphinx {
    sentences: Decoder,
    phones: Decoder,
    threshold: f32,
    has_grammar: bool,
    open: bool,
    evidence: Option<Evidence>,
    lead: Vec<String>,
    /// Whether there is a search for `lead` alone.
    leads: bool,
    front: Attuned,
    /// Samples of the open utterance so far.
    fed: usize,
    /// The loudest of them.
    peak: u16,
    /// What was decoded of the last utterance, and the phones heard in it.
    frames: Vec<Cepstra>,
    phones_heard: Vec<Segment>,
}

impl std::fmt::Debug for PocketSphinx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { threshold, has_grammar, open, .. } = self;
        write!(f, "PocketSphinx {{ threshold: {threshold}, has_grammar: {has_grammar}, open: {open}, .. }}")
    }
}

impl PocketSphinx {
    /// Loads the model; takes about half a second.
    ///
    /// A file of the model that is damaged in the middle may make the library end the whole process: it does so for
    /// headers that it cannot read. Missing files and a model without its language model are found first.
    ///
    /// # Errors
    /// [`SpeechError::MissingModel`] and [`SpeechError::BadModel`] when the model's files are missing or refused;
    /// [`SpeechError::Setting`] for a threshold outside 0 to 1.
    pub fn new(settings: &PocketSphinxSettings) -> Result<Self> {
        if !(0.0..=1.0).contains(&settings.threshold) {
            let (setting, value) = ("threshold", settings.threshold.to_string());
            return Err(SpeechError::Setting { setting, value, allowed: "0 to 1 are" });
        }
        let folder = &settings.model_folder;
        let acoustics = part(folder, "en-us")?;
        // The library ends the whole process when a model's folder lacks one of these.
        for file in ["mdef", "means", "variances", "transition_matrices", "feat.params"] {
            part(&folder.join("en-us"), file)?;
        }
        let dictionary = part(folder, "cmudict-en-us.dict")?;
        let phone_model = part(folder, "en-us-phone.lm.bin")?;
        if !starts_with(&folder.join("en-us-phone.lm.bin"), PHONE_MODEL_MAGIC) {
            // The library would go on without it, and every confidence would be off.
            return Err(SpeechError::BadModel { path: folder.clone() });
        }
        let bad = |Refused| SpeechError::BadModel { path: folder.clone() };
        let noise = c_path(&folder.join("en-us").join("noisedict")).map_err(bad)?;
        let sentences = Decoder::new(&[
            ("-hmm", &acoustics),
            ("-dict", &dictionary),
            ("-featparams", NO_FILE),
            ("-feat", c"1s_c_d_dd"),
            ("-svspec", c"0-12/13-25/26-38"),
            ("-agc", c"none"),
            ("-cmn", c"none"),
            // Wider than the library's defaults: a third of the wrong words at 20 dB, and nothing is lost to the end of a
            // sentence that was pruned. Wider still changes nothing but the time.
            ("-beam", c"1e-60"),
            ("-pbeam", c"1e-60"),
            ("-wbeam", c"1e-40"),
            ("-maxhmmpf", c"2000"),
        ])
        .map_err(bad)?;
        let phones = Decoder::new(&[
            ("-hmm", &acoustics),
            ("-fdict", &noise),
            ("-featparams", NO_FILE),
            ("-feat", c"1s_c_d_dd"),
            ("-svspec", c"0-12/13-25/26-38"),
            ("-agc", c"none"),
            ("-cmn", c"none"),
            ("-allphone", &phone_model),
            ("-allphone_ci", c"yes"),
            ("-lw", c"2.0"),
            // Narrow: half of the time, and a better path would only be a little better.
            ("-beam", c"1e-20"),
            ("-pbeam", c"1e-20"),
        ])
        .map_err(bad)?;
        let threshold = settings.threshold;
        let front = Attuned::new(Prior::read(&folder.join("en-us"))?);
        Ok(Self {
            sentences,
            phones,
            threshold,
            has_grammar: false,
            open: false,
            evidence: None,
            lead: Vec::new(),
            leads: false,
            front,
            fed: 0,
            peak: 0,
            frames: Vec::new(),
            phones_heard: Vec::new(),
        })
    }

    /// What the last finished utterance's confidence was computed from; `None` when nothing was heard.
    #[must_use]
    pub fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }

    /// Hands frames to both decoders.
    fn decode(&mut self, frames: Vec<Cepstra>) -> Result<()> {
        for mut cepstra in frames {
            self.frames.push(cepstra);
            self.sentences.process(&mut cepstra).map_err(refused("hear"))?;
            self.phones.process(&mut cepstra).map_err(refused("hear"))?;
        }
        Ok(())
    }

    /// How well a sentence fits the last finished utterance, were it the only one that can be said; `None` when it cannot be heard in it. The
    /// grammar says nothing about it then, so [`Evidence::language`] is 0.
    ///
    /// # Errors
    /// When an utterance is open, none was finished since, or the engine refuses.
    pub(crate) fn weigh(&mut self, sentence: &str) -> Result<Option<Evidence>> {
        if self.open || !self.has_grammar || self.frames.is_empty() {
            return Err(SpeechError::Order { call: "weigh", reason: "no utterance is finished; call finish before" });
        }
        let jsgf = format!("#JSGF V1.0; grammar one; public <one> = {sentence};");
        let jsgf = CString::new(jsgf).map_err(|_| SpeechError::Recogniser { action: "weigh" })?;
        if sentence.split_whitespace().any(|word| self.sentences.phones(word).is_none()) {
            return Ok(None);
        }
        let set = self.sentences.set_jsgf(ONE, &jsgf);
        let heard = set.and_then(|()| self.sentences.start()).and_then(|()| {
            let taken = self.frames.iter().try_for_each(|frame| self.sentences.process(&mut frame.clone()));
            self.sentences.end().and(taken)
        });
        let words = heard.map(|()| self.sentences.hypothesis().map(|_| self.sentences.segments()));
        // Whatever came of it, the next utterance is heard by the grammar again.
        self.has_grammar = self.sentences.choose(SEARCH).is_ok();
        let words = words.map_err(refused("weigh"))?;
        Ok(words.and_then(|words| Evidence::weigh(&words, &self.phones_heard, &self.lead, self.front.is_attuned())))
    }

    fn must_be_open(&self, call: &'static str) -> Result<()> {
        let reason = "no utterance is open; call begin first";
        if self.open { Ok(()) } else { Err(SpeechError::Order { call, reason }) }
    }
}

/// A part of the model's folder that must be there.
fn part(folder: &Path, name: &str) -> Result<CString> {
    let path = folder.join(name);
    match c_path(&path) {
        Ok(text) if path.exists() => Ok(text),
        _ => Err(SpeechError::MissingModel { path }),
    }
}

/// Whether a file begins with these bytes.
fn starts_with(path: &Path, magic: &[u8]) -> bool {
    let mut begin = Vec::new();
    let length = u64::try_from(magic.len()).unwrap_or(u64::MAX);
    File::open(path).is_ok_and(|file| file.take(length).read_to_end(&mut begin).is_ok()) && begin == magic
}

/// The library refused an action within an utterance.
fn refused(action: &'static str) -> impl Fn(Refused) -> SpeechError {
    move |Refused| SpeechError::Recogniser { action }
}

impl Recogniser for PocketSphinx {
    fn set_grammar(&mut self, name: &str, jsgf: &str) -> Result<()> {
        if self.open {
            let reason = "an utterance is open; call finish or cancel first";
            return Err(SpeechError::Order { call: "set_grammar", reason });
        }
        let grammar = Grammar::check(name, jsgf)?;
        let words: Vec<String> = grammar.words.into_iter().filter(|word| self.sentences.phones(word).is_none()).collect();
        if !words.is_empty() {
            return Err(SpeechError::UnknownWords { name: name.to_owned(), words });
        }
        let refused = || SpeechError::Grammar {
            name: name.to_owned(),
            problem: "not JSGF as PocketSphinx reads it; check brackets, semicolons and weights".into(),
        };
        // Where brackets or weights are not as they should be, it goes as it was given: the library says no to that.
        let text = weights::weigh(&jsgf::tokens(jsgf).map_err(|_| refused())?).unwrap_or_else(|| jsgf.to_owned());
        let text = CString::new(text).map_err(|_| refused())?;
        self.sentences.set_jsgf(SEARCH, &text).map_err(|Refused| refused())?;
        self.has_grammar = true;
        Ok(())
    }

    fn set_lead(&mut self, words: &[String]) {
        if self.lead == words {
            return;
        }
        self.lead = words.to_vec();
        let known = !words.is_empty() && words.iter().all(|word| self.sentences.phones(word).is_some());
        let jsgf = format!("#JSGF V1.0; grammar lead; public <lead> = {};", words.join(" "));
        // Words that the library does not take cannot lead: a voice is then learnt by its likelihood.
        self.leads = known && CString::new(jsgf).is_ok_and(|jsgf| self.sentences.set_jsgf(LEAD, &jsgf).is_ok());
        if self.has_grammar {
            self.has_grammar = self.sentences.choose(SEARCH).is_ok();
        }
    }

    fn attune(&mut self, noise: &[f32], voice: &[f32]) -> Result<()> {
        if self.open {
            let reason = "an utterance is open; call finish or cancel first";
            return Err(SpeechError::Order { call: "attune", reason });
        }
        if !self.leads {
            self.front.attune(noise, voice, None);
            return Ok(());
        }
        self.sentences.choose(LEAD).map_err(refused("attune"))?;
        let (sentences, lead) = (&mut self.sentences, &self.lead);
        self.front.attune(noise, voice, Some(&mut |voice, room| lead::fit(sentences, lead, voice, room)));
        if self.has_grammar { self.sentences.choose(SEARCH).map_err(refused("attune")) } else { Ok(()) }
    }

    fn quieten(&mut self, noise: &[f32]) {
        self.front.quieten(noise);
    }

    fn begin(&mut self) -> Result<()> {
        if !self.has_grammar {
            return Err(SpeechError::NoGrammar);
        }
        self.cancel();
        self.evidence = None;
        self.sentences.start().map_err(refused("begin"))?;
        if let Err(error) = self.phones.start() {
            // Neither or both: the next begin must find them alike.
            let _ = self.sentences.end();
            return Err(refused("begin")(error));
        }
        (self.fed, self.peak) = (0, 0);
        self.frames.clear();
        self.phones_heard.clear();
        self.front.begin();
        self.open = true;
        Ok(())
    }

    fn feed(&mut self, samples: &[i16]) -> Result<()> {
        self.must_be_open("feed")?;
        if self.fed + samples.len() > LONGEST_SAMPLES {
            let reason = "the utterance has lasted a minute; call finish or cancel";
            return Err(SpeechError::Order { call: "feed", reason });
        }
        self.fed += samples.len();
        self.peak = samples.iter().fold(self.peak, |peak, sample| peak.max(sample.unsigned_abs()));
        let heard = self.front.hear(samples);
        self.decode(heard)
    }

    fn partial(&mut self) -> Result<String> {
        self.must_be_open("partial")?;
        Ok(self.sentences.hypothesis().unwrap_or_default())
    }

    fn finish(&mut self) -> Result<Heard> {
        self.must_be_open("finish")?;
        self.open = false;
        let rest = self.front.rest();
        let decoded = self.decode(rest);
        let ends = [self.sentences.end(), self.phones.end()];
        for end in ends {
            end.map_err(refused("finish"))?;
        }
        decoded?;
        if self.peak < SILENT_PEAK {
            return Ok(Heard { text: String::new(), confidence: 0.0, foreign: false });
        }
        let text = self.sentences.hypothesis().unwrap_or_default();
        // Without a whole sentence the words on the way to one count nothing.
        let sentence = if text.is_empty() { Vec::new() } else { self.sentences.segments() };
        self.phones_heard = self.phones.segments();
        self.evidence = Evidence::weigh(&sentence, &self.phones_heard, &self.lead, self.front.is_attuned());
        let more = self.evidence.as_ref().is_some_and(Evidence::is_speech);
        if !text.is_empty() && text.split_whitespace().eq(self.lead.iter()) {
            // Nothing was said, or nothing that the grammar has.
            return Ok(Heard { text, confidence: if more { 0.0 } else { 1.0 }, foreign: more });
        }
        let confidence = self.evidence.as_ref().map_or(0.0, Evidence::confidence);
        let foreign = (!text.is_empty() || more) && confidence < self.threshold;
        if !foreign {
            // What led to something understood was the lead itself.
            self.front.learn(&lead::words(&mut self.sentences, &sentence, &self.lead));
        }
        Ok(Heard { foreign, text, confidence })
    }

    fn cancel(&mut self) {
        if self.open {
            self.open = false;
            self.frames.clear();
            // The result is not wanted, so neither is an error.
            let _ = (self.sentences.end(), self.phones.end());
        }
    }
}

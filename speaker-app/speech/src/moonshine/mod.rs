//! A second opinion on what was said: Moonshine, a network that writes down English without knowing any grammar (Jeffries et al.,
//! "Moonshine: Speech Recognition for Live Transcription and Voice Commands", 2024).
//!
//! It knows English far better than hidden Markov models of phones do, and this grammar not at all. So it is asked which sentences of the
//! grammar it finds likeliest, and how likely one is that the other recogniser heard.

mod graph;
mod model;
mod search;
mod vocabulary;

use crate::error::{Result, SpeechError};
use crate::jsgf;
use crate::recognise::RECOGNISER_HZ;
use graph::Graph;
use model::Model;
use ort::environment::Environment;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use vocabulary::{Piece, Vocabulary};

/// Texts that are tried at once.
const WIDTH: usize = 6;
/// Sentences that are wanted.
const WANTED: usize = 4;
/// Spellings of one sentence that are tried at once.
const SPELLINGS: usize = 2;
/// Samples below which there is nothing to hear: a tenth of a second. The encoder needs some.
const SHORTEST: usize = RECOGNISER_HZ as usize / 10;
/// Samples beyond which it was not trained: half a minute.
const LONGEST: usize = RECOGNISER_HZ as usize * 30;

/// Grammars that are kept.
const GRAPHS: usize = 2;

/// The runtime.
const RUNTIME: &str = "libonnxruntime.so";
/// The model's files, and their bytes. Scores are tuned for this model and no other; and the runtime, which trusts what it reads, ends the process
/// where a file is cut off.
const ENCODER: (&str, u64) = ("encoder_model.ort", 13_281_600);
const DECODER: (&str, u64) = ("decoder_model_merged.ort", 30_412_256);
const VOCABULARY: (&str, u64) = ("tokenizer.bin", 249_974);

/// Bytes of an ELF file's header.
const ELF_HEADER: u64 = 64;

/// The environment's variable that says where [`moonshine_folder`] is.
pub const MOONSHINE_VARIABLE: &str = "SAGGAR_SPEAKER_MOONSHINE";

/// Where Moonshine's model and its runtime are looked for: where the environment says ([`MOONSHINE_VARIABLE`]), else where a machine's own
/// programs have their files.
#[must_use]
pub fn moonshine_folder() -> PathBuf {
    std::env::var_os(MOONSHINE_VARIABLE).map_or_else(|| "/usr/local/lib/saggar-speaker/moonshine".into(), PathBuf::from)
}

/// The recogniser of English.
#[derive(Debug)]
pub struct Moonshine {
    model: Model,
    vocabulary: Vocabulary,
    /// The last grammars, the one that counts last of all: a conversation goes to and fro between two.
    graphs: Vec<(String, Option<Graph>)>,
    lead: Vec<String>,
    /// The lead as it is written.
    written: Vec<Piece>,
}

/// A sentence of the grammar that may have been said. Scores are natural logarithms of probabilities.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    /// The sentence, with the words of the lead where they were written, too.
    pub(crate) text: String,
    /// How many words it has beside those.
    pub(crate) words: usize,
    /// Score of these words.
    pub(crate) score: f64,
    /// Score of the lead before them.
    pub(crate) lead_score: f64,
    /// How much less the grammar's weights expect of it than of others: a logarithm, at most 0.
    pub(crate) expected: f64,
}

impl Written {
    /// The score of all of it, expectation included.
    pub(crate) fn total(&self) -> f64 {
        self.score + self.lead_score + self.expected
    }
}

impl Moonshine {
    /// Loads runtime and model from a folder, `libonnxruntime.so`, `encoder_model.ort`, `decoder_model_merged.ort` and `tokenizer.bin`; takes
    /// about a tenth of a second. The runtime is loaded once in a process: later folders bring only their model.
    ///
    /// # Errors
    /// [`SpeechError::MissingOpinion`] and [`SpeechError::BadOpinion`] when a file is missing or refused.
    pub fn new(folder: &Path) -> Result<Moonshine> {
        let bad = |reason: String| SpeechError::BadOpinion { path: folder.to_owned(), reason };
        for (file, bytes) in
            [(RUNTIME, None), (ENCODER.0, Some(ENCODER.1)), (DECODER.0, Some(DECODER.1)), (VOCABULARY.0, Some(VOCABULARY.1))]
        {
            let path = folder.join(file);
            let Ok(found) = std::fs::metadata(&path) else { return Err(SpeechError::MissingOpinion { path }) };
            if let Some(bytes) = bytes
                && found.len() != bytes
            {
                return Err(bad(format!("{file} has {} bytes, not {bytes}", found.len())));
            }
        }
        let runtime = folder.join(RUNTIME);
        if !is_whole(&runtime).map_err(|error| bad(error.to_string()))? {
            return Err(bad(format!("{RUNTIME} is cut off, or no library")));
        }
        let environment = environment(&runtime).map_err(bad)?;
        let model =
            Model::new(&environment, &folder.join(ENCODER.0), &folder.join(DECODER.0)).map_err(|error| bad(error.to_string()))?;
        let bytes = std::fs::read(folder.join(VOCABULARY.0)).map_err(|error| bad(error.to_string()))?;
        let vocabulary = Vocabulary::read(&bytes).ok_or_else(|| bad(format!("{} is cut off", VOCABULARY.0)))?;
        Ok(Moonshine { model, vocabulary, graphs: Vec::new(), lead: Vec::new(), written: Vec::new() })
    }

    /// Sets the grammar, JSGF that was checked. One that it cannot follow it has no opinion on.
    pub(crate) fn set_grammar(&mut self, jsgf: &str) {
        let known = self.graphs.iter().position(|(text, _)| text == jsgf).map(|at| self.graphs.remove(at));
        self.graphs.push(known.unwrap_or_else(|| (jsgf.to_owned(), graph(jsgf))));
        if self.graphs.len() > GRAPHS {
            self.graphs.remove(0);
        }
    }

    /// Sets the words with which a sentence may begin.
    pub(crate) fn set_lead(&mut self, words: &[String]) {
        if self.lead != words {
            self.lead = words.to_vec();
            // As somebody is spoken to: `Okay, Jarvis,`.
            let written: String = words.iter().map(|word| format!("{}{},", vocabulary::GAP, capital(word))).collect();
            self.written = self.vocabulary.pieces(&written);
        }
    }

    /// The sentences that it finds likeliest in an utterance at [`RECOGNISER_HZ`], best first, and among them `sentence`, which somebody else
    /// heard, wherever it can be written. Where the lead was not heard, it is looked for. None where it has no opinion: without a grammar, or
    /// when there is too little or too much to hear.
    ///
    /// # Errors
    /// When the runtime fails.
    pub(crate) fn weigh(&mut self, samples: &[f32], sentence: &str) -> Result<Vec<Written>> {
        let Some((_, Some(graph))) = self.graphs.last_mut() else { return Ok(Vec::new()) };
        if graph.is_too_large() || !(SHORTEST..=LONGEST).contains(&samples.len()) {
            return Ok(Vec::new());
        }
        let words: Vec<&str> = sentence.split_whitespace().collect();
        let begin = graph.begin();
        let after_lead = if self.lead.is_empty() { None } else { graph.after(begin, self.lead.iter().map(String::as_str)) };
        let led = after_lead.is_some() && starts_with(&words, &self.lead);
        let sound = Arc::new(self.model.hear(samples)?);
        let mut all = Vec::new();
        for (place, is_led) in [(after_lead, true), ((!led).then_some(begin), false)] {
            let Some(place) = place else { continue };
            let (lead, pieces) =
                if is_led { (self.lead.as_slice(), self.written.as_slice()) } else { ([].as_slice(), [].as_slice()) };
            let (from, lead_score) = self.model.begin(&sound, pieces)?;
            let mut found = search::sentences(&mut self.model, &self.vocabulary, graph, place, &from, WIDTH, WANTED)?;
            if !is_led && after_lead.is_some() {
                // The lead's own first word may be a sentence, too, and is always heard where the lead was said.
                found.retain(|(found, _)| found.first() != self.lead.first());
            }
            let rest = &words[lead.len().min(words.len())..];
            if is_led == led && !rest.is_empty() && found.iter().all(|(found, _)| found != rest) {
                let mut line = Graph::line(rest.iter().copied());
                let begin = line.begin();
                found.extend(search::sentences(&mut self.model, &self.vocabulary, &mut line, begin, &from, SPELLINGS, 1)?);
            }
            all.extend(found.into_iter().map(|(found, score)| {
                let text = lead.iter().chain(&found).map(String::as_str).collect::<Vec<_>>().join(" ");
                // What cannot be said in this grammar was heard in another, and nothing is known of it.
                let expected = graph.expects(found.iter().map(String::as_str)).unwrap_or(0.0);
                Written { text, words: found.len(), score, lead_score, expected }
            }));
        }
        if graph.is_too_large() {
            return Ok(Vec::new());
        }
        all.sort_by(|a, b| b.total().total_cmp(&a.total()));
        Ok(all)
    }
}

/// Whether Moonshine can follow a grammar, JSGF that [`Recogniser::set_grammar`](crate::Recogniser::set_grammar) takes: one whose brackets close
/// and that is not very large. On others it has no opinion.
#[must_use]
pub fn moonshine_follows(jsgf: &str) -> bool {
    graph(jsgf).is_some_and(|mut graph| {
        let begin = graph.begin();
        graph.words(begin).next().is_some() && !graph.is_too_large()
    })
}

fn graph(jsgf: &str) -> Option<Graph> {
    jsgf::tokens(jsgf).ok().and_then(|tokens| Graph::new(&tokens))
}

/// Whether words begin with these.
fn starts_with(words: &[&str], lead: &[String]) -> bool {
    words.len() >= lead.len() && words.iter().zip(lead).all(|(word, lead)| word == lead)
}

/// Whether a library has all its bytes: its last part is the table of its sections, whose place and size its header tells (ELF, 64 bits, little
/// endian). One that is cut off would end the process when what is missing is first needed.
fn is_whole(library: &Path) -> std::io::Result<bool> {
    let file = File::open(library)?;
    let length = file.metadata()?.len();
    let mut header = Vec::new();
    file.take(ELF_HEADER).read_to_end(&mut header)?;
    let number = |at: usize, bytes: usize| -> Option<u64> {
        Some(header.get(at..at + bytes)?.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)))
    };
    let end = || number(0x3a, 2)?.checked_mul(number(0x3c, 2)?)?.checked_add(number(0x28, 8)?);
    Ok(header.starts_with(b"\x7fELF\x02\x01") && end().is_some_and(|end| end <= length))
}

/// A word with a capital.
fn capital(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// The runtime. There is one in a process: that of the first folder which had a working one.
fn environment(library: &Path) -> std::result::Result<Environment, String> {
    static LOADED: Mutex<Option<Environment>> = Mutex::new(None);
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = &*loaded {
        return Ok(environment.clone());
    }
    // What is relative, the runtime would look for beside the program.
    let library = library.canonicalize().map_err(|error| error.to_string())?;
    let builder = ort::init_from(library).map_err(|error| error.to_string())?;
    let environment = builder.with_telemetry(false).build().map_err(|error| error.to_string())?;
    Ok(loaded.insert(environment).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_opinion_on_whatever_has_a_length() {
        let mut moonshine = Moonshine::new(&moonshine_folder())
            .expect("cargo xtask setup has brought it, and SAGGAR_SPEAKER_MOONSHINE tells where");
        assert_eq!(moonshine.weigh(&[0.1; SHORTEST], "stop").expect("no grammar"), []);
        moonshine.set_grammar("#JSGF V1.0; grammar g; public <g> = stop | volume up;");
        for (samples, has_one) in
            [(0, false), (1, false), (SHORTEST - 1, false), (SHORTEST, true), (LONGEST, true), (LONGEST + 1, false)]
        {
            let loud: Vec<f32> = (0..samples).map(|at| if at / 40 % 2 == 0 { 0.5 } else { -0.5 }).collect();
            let found = moonshine.weigh(&loud, "stop").expect("hears");
            let asked = found.iter().filter(|written| written.text == "stop").count();
            assert_eq!((asked == 1, found.is_empty()), (has_one, !has_one), "{samples}: {found:?}");
            assert!(found.iter().all(|written| written.score.is_finite() && written.score < 0.0));
        }
    }

    #[test]
    fn the_lead_is_looked_for_where_it_was_not_heard() {
        let mut moonshine = Moonshine::new(&moonshine_folder()).expect("as above");
        moonshine.set_grammar("#JSGF V1.0; grammar g; public <g> = [okay jarvis] (okay | stop);");
        moonshine.set_lead(&["okay".to_owned(), "jarvis".to_owned()]);
        let mut texts = |heard: &str| {
            let found = moonshine.weigh(&[0.1; 16_000], heard).expect("hears");
            let mut texts: Vec<(String, usize)> = found.into_iter().map(|written| (written.text, written.words)).collect();
            texts.sort_unstable();
            texts
        };
        let with_lead = |(text, words): &(String, usize)| text.starts_with("okay jarvis ") && *words == 1;
        let found = texts("okay jarvis stop");
        assert!(found.iter().all(with_lead) && found.contains(&("okay jarvis stop".to_owned(), 1)), "{found:?}");
        let found = texts("stop");
        assert!(found.iter().any(with_lead) && found.contains(&("stop".to_owned(), 1)), "{found:?}");
        // The lead's own first word counts only where somebody else heard it.
        let okay = ("okay".to_owned(), 1);
        assert!(!found.contains(&okay) && texts("okay").contains(&okay), "{found:?}");
    }
}

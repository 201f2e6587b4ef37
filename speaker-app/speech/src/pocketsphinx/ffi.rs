//! PocketSphinx's C interface, and the safe handle around it.
//!
//! The only file of the crate with `unsafe`. Invariants it holds: a [`Decoder`] owns exactly one reference to a
//! decoder that initialised successfully; no pointer of C's outlives the method that asked for it (texts are
//! copied out); every method takes `&mut self`, because even C's getters work lazily inside the decoder.
//! What a score or a segment means is decided elsewhere.

use crate::front::CEPSTRA;
use std::cell::Cell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::marker::PhantomData;
use std::path::Path;
use std::ptr::{self, NonNull};
use std::sync::Once;

/// C's decoder: only ever seen behind a pointer.
#[repr(C)]
struct RawDecoder {
    _opaque: [u8; 0],
}

/// C's table of options.
#[repr(C)]
struct RawConfig {
    _opaque: [u8; 0],
}

/// C's grammar.
#[repr(C)]
struct RawGrammar {
    _opaque: [u8; 0],
}

/// C's graph of words.
#[repr(C)]
struct RawGraph {
    _opaque: [u8; 0],
}

/// C's iterator over the words of a result.
#[repr(C)]
struct RawSegment {
    _opaque: [u8; 0],
}

// Types are those of Debian's 0.8+5prealpha, whose `int32` is C's int and whose `mfcc_t` is a float.
unsafe extern "C" {
    fn err_set_logfp(stream: *mut c_void);
    fn ps_args() -> *const c_void;
    fn cmd_ln_parse_r(
        previous: *mut RawConfig,
        definitions: *const c_void,
        count: i32,
        arguments: *const *const c_char,
        strict: i32,
    ) -> *mut RawConfig;
    fn cmd_ln_free_r(config: *mut RawConfig) -> c_int;
    fn ps_init(config: *mut RawConfig) -> *mut RawDecoder;
    fn ps_free(decoder: *mut RawDecoder) -> c_int;
    fn ps_start_utt(decoder: *mut RawDecoder) -> c_int;
    fn ps_process_cep(
        decoder: *mut RawDecoder,
        frames: *mut *mut f32,
        count: c_int,
        no_search: c_int,
        full_utterance: c_int,
    ) -> c_int;
    fn ps_end_utt(decoder: *mut RawDecoder) -> c_int;
    fn ps_get_hyp(decoder: *mut RawDecoder, score: *mut i32) -> *const c_char;
    fn ps_get_logmath(decoder: *mut RawDecoder) -> *mut c_void;
    fn ps_set_fsg(decoder: *mut RawDecoder, name: *const c_char, graph: *mut RawGraph) -> c_int;
    fn jsgf_parse_string(text: *const c_char, parent: *mut RawGrammar) -> *mut RawGrammar;
    fn jsgf_get_public_rule(grammar: *mut RawGrammar) -> *mut c_void;
    fn jsgf_build_fsg(
        grammar: *mut RawGrammar,
        rule: *mut c_void,
        logarithms: *mut c_void,
        language_weight: f32,
    ) -> *mut RawGraph;
    fn jsgf_grammar_free(grammar: *mut RawGrammar);
    fn fsg_model_free(graph: *mut RawGraph) -> c_int;
    fn ps_set_search(decoder: *mut RawDecoder, name: *const c_char) -> c_int;
    fn ps_lookup_word(decoder: *mut RawDecoder, word: *const c_char) -> *mut c_char;
    fn ckd_free(memory: *mut c_void);
    fn ps_seg_iter(decoder: *mut RawDecoder) -> *mut RawSegment;
    fn ps_seg_next(segment: *mut RawSegment) -> *mut RawSegment;
    fn ps_seg_word(segment: *mut RawSegment) -> *const c_char;
    fn ps_seg_frames(segment: *mut RawSegment, first: *mut c_int, last: *mut c_int);
    fn ps_seg_prob(segment: *mut RawSegment, acoustic: *mut i32, language: *mut i32, backoff: *mut i32) -> i32;
}

/// One word (or phone, or silence) of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// The word as the dictionary spells it, `<sil>` and the like included.
    pub(super) word: String,
    /// First frame, of 10 ms, counted over the frames that the decoder kept.
    pub(super) first_frame: i32,
    /// Last frame, included.
    pub(super) last_frame: i32,
    /// Acoustic score of all its frames together: a logarithm, never above 0, larger is better.
    pub(super) acoustic: i32,
    /// How likely the grammar makes it after what comes before, on the same scale.
    pub(super) language: i32,
}

/// The library refused; it tells the reason only to its log, which is silenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused;

/// Turns C's negative result into an error.
fn accepted(result: c_int) -> Result<(), Refused> {
    if result < 0 { Err(Refused) } else { Ok(()) }
}

/// A parsed table of options, freed when dropped.
struct Config(NonNull<RawConfig>);

impl Config {
    fn new(options: &[(&str, &CStr)]) -> Result<Self, Refused> {
        let mut owned = Vec::with_capacity(options.len());
        for (name, _) in options {
            owned.push(CString::new(*name).map_err(|_| Refused)?);
        }
        let mut arguments: Vec<*const c_char> = Vec::with_capacity(options.len() * 2);
        for (name, (_, value)) in owned.iter().zip(options) {
            arguments.push(name.as_ptr());
            arguments.push(value.as_ptr());
        }
        let count = i32::try_from(arguments.len()).map_err(|_| Refused)?;
        // SAFETY: takes nothing and returns a pointer to a constant table of the library's.
        let definitions = unsafe { ps_args() };
        // SAFETY: the table is the library's own; `arguments` holds `count` pointers to texts that end in NUL and
        // live until this returns (`owned`, `options`); the parser copies what it keeps and writes to none.
        let raw = unsafe { cmd_ln_parse_r(ptr::null_mut(), definitions, count, arguments.as_ptr(), 1) };
        NonNull::new(raw).map(Self).ok_or(Refused)
    }
}

impl Drop for Config {
    fn drop(&mut self) {
        // SAFETY: this value owns one reference, given up here and nowhere else.
        unsafe { cmd_ln_free_r(self.0.as_ptr()) };
    }
}

/// Weight of the grammar against the acoustics: the library's default.
const LANGUAGE_WEIGHT: f32 = 6.5;

/// A parsed grammar, freed when dropped.
struct JsgfGrammar(NonNull<RawGrammar>);

impl JsgfGrammar {
    fn parse(text: &CStr) -> Result<Self, Refused> {
        // SAFETY: the text ends in NUL and is only read; a null parent is a grammar of its own.
        let raw = unsafe { jsgf_parse_string(text.as_ptr(), ptr::null_mut()) };
        NonNull::new(raw).map(Self).ok_or(Refused)
    }
}

impl Drop for JsgfGrammar {
    fn drop(&mut self) {
        // SAFETY: this value owns the grammar; graphs built of it hold copies of its words.
        unsafe { jsgf_grammar_free(self.0.as_ptr()) };
    }
}

/// A graph of words, one reference of which is given up when dropped.
struct Graph(NonNull<RawGraph>);

impl Drop for Graph {
    fn drop(&mut self) {
        // SAFETY: this value owns one reference, given up here and nowhere else.
        unsafe { fsg_model_free(self.0.as_ptr()) };
    }
}

/// An initialised decoder.
#[derive(Debug)]
pub(super) struct Decoder {
    raw: NonNull<RawDecoder>,
    /// Says what the pointer already implies: not `Sync`.
    _not_sync: PhantomData<Cell<()>>,
}

// SAFETY: a decoder keeps all its state behind its own pointer (no thread-local data, no reference to the thread that
// made it), so it may move to another thread as long as one thread at a time uses it: it is not `Sync`.
unsafe impl Send for Decoder {}

impl Decoder {
    /// Starts a decoder with options as the library's command line names them (`-hmm`, `-dict`, …).
    pub(super) fn new(options: &[(&str, &CStr)]) -> Result<Self, Refused> {
        static QUIET: Once = Once::new();
        QUIET.call_once(|| {
            // SAFETY: null is this function's documented way to switch the log off; `Once` keeps two threads from
            // writing the library's global at the same time.
            unsafe { err_set_logfp(ptr::null_mut()) }
        });
        let config = Config::new(options)?;
        // SAFETY: `config` is valid; the decoder takes a reference of its own, so dropping ours afterwards is right both
        // on success and on failure (where the library frees what it had built).
        let raw = unsafe { ps_init(config.0.as_ptr()) };
        let raw = NonNull::new(raw).ok_or(Refused)?;
        Ok(Self { raw, _not_sync: PhantomData })
    }

    /// Begins an utterance; refused when one is open or no search was chosen.
    pub(super) fn start(&mut self) -> Result<(), Refused> {
        // SAFETY: `raw` is a live decoder, used by this thread alone.
        accepted(unsafe { ps_start_utt(self.raw.as_ptr()) })
    }

    /// Searches through one more frame of the open utterance. The cepstra are the caller's afterwards, too, and may have been changed.
    pub(super) fn process(&mut self, cepstra: &mut [f32; CEPSTRA]) -> Result<(), Refused> {
        let mut frame = cepstra.as_mut_ptr();
        // SAFETY: `raw` is live; `frame` is one pointer to as many floats as the model's front end makes (`-ncep`, 13), all writable for the
        // call; the library copies them.
        let frames = unsafe { ps_process_cep(self.raw.as_ptr(), &mut frame, 1, 0, 0) };
        accepted(frames)
    }

    /// Ends the open utterance.
    pub(super) fn end(&mut self) -> Result<(), Refused> {
        // SAFETY: `raw` is a live decoder, used by this thread alone.
        accepted(unsafe { ps_end_utt(self.raw.as_ptr()) })
    }

    /// The best words so far. `None` until there are any.
    pub(super) fn hypothesis(&mut self) -> Option<String> {
        let mut score = 0;
        // SAFETY: `raw` is live, `score` is writable for the call.
        let text = unsafe { ps_get_hyp(self.raw.as_ptr(), &mut score) };
        copied(self, text)
    }

    /// The graph of a grammar's public rule, weighed for this decoder.
    fn graph(&mut self, grammar: &JsgfGrammar) -> Result<Graph, Refused> {
        // SAFETY: the grammar is live; the rule found belongs to it.
        let rule = unsafe { jsgf_get_public_rule(grammar.0.as_ptr()) };
        if rule.is_null() {
            return Err(Refused);
        }
        // SAFETY: `raw` is a live decoder; its logarithms live as long as it does.
        let logarithms = unsafe { ps_get_logmath(self.raw.as_ptr()) };
        // SAFETY: grammar, rule and logarithms are live; the graph takes a reference to the last.
        let graph = unsafe { jsgf_build_fsg(grammar.0.as_ptr(), rule, logarithms, LANGUAGE_WEIGHT) };
        NonNull::new(graph).map(Graph).ok_or(Refused)
    }

    /// Replaces the grammar and searches by it from the next utterance. No utterance may be open: the library would go
    /// on with a search that it has just freed. Both last steps are one method, because between them the decoder points
    /// at the freed one too.
    ///
    /// Not by `ps_set_jsgf_string`: it never frees the grammar (90 KB for the evaluation's) and hands a graph that could
    /// not be built on as null.
    pub(super) fn set_jsgf(&mut self, name: &CStr, text: &CStr) -> Result<(), Refused> {
        let grammar = JsgfGrammar::parse(text)?;
        let graph = self.graph(&grammar)?;
        // SAFETY: decoder and graph are live; the search takes a reference of its own to the graph, and copies the name.
        accepted(unsafe { ps_set_fsg(self.raw.as_ptr(), name.as_ptr(), graph.0.as_ptr()) })?;
        self.choose(name)
    }

    /// Searches by a grammar that was set under this name, from the next utterance on; refused where there is none.
    pub(super) fn choose(&mut self, name: &CStr) -> Result<(), Refused> {
        // SAFETY: `raw` is live; the name ends in NUL and is only read.
        accepted(unsafe { ps_set_search(self.raw.as_ptr(), name.as_ptr()) })
    }

    /// The word's phones, or `None` when the dictionary does not have it.
    pub(super) fn phones(&mut self, word: &str) -> Option<String> {
        let word = CString::new(word).ok()?;
        // SAFETY: `raw` is live, `word` ends in NUL and is only read.
        let phones = unsafe { ps_lookup_word(self.raw.as_ptr(), word.as_ptr()) };
        let text = copied(self, phones);
        // SAFETY: the text was allocated for the caller by the library's allocator, is not used again, and null is allowed.
        unsafe { ckd_free(phones.cast()) };
        text
    }

    /// The words of the result with their times and scores, silences included.
    pub(super) fn segments(&mut self) -> Vec<Segment> {
        let mut found = Vec::new();
        // SAFETY: `raw` is a live decoder, used by this thread alone.
        let mut segment = unsafe { ps_seg_iter(self.raw.as_ptr()) };
        while !segment.is_null() {
            let (mut first_frame, mut last_frame) = (0, 0);
            let (mut acoustic, mut language, mut backoff) = (0, 0, 0);
            // SAFETY: the iterator is not null and has not been advanced past its end; both integers are writable.
            unsafe { ps_seg_frames(segment, &mut first_frame, &mut last_frame) };
            // SAFETY: as above, with three integers.
            unsafe { ps_seg_prob(segment, &mut acoustic, &mut language, &mut backoff) };
            // SAFETY: as above; the text belongs to the dictionary and is copied at once.
            let word = unsafe { ps_seg_word(segment) };
            let word = copied(self, word).unwrap_or_default();
            found.push(Segment { word, first_frame, last_frame, acoustic, language });
            // SAFETY: as above; at the end it frees the iterator and returns null, which ends the loop.
            segment = unsafe { ps_seg_next(segment) };
        }
        found
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: this value owns one reference, given up here and nowhere else; an open utterance is freed with it.
        unsafe { ps_free(self.raw.as_ptr()) };
    }
}

/// Copies a text of the library's; `None` for null. The borrow of the decoder keeps it from changing meanwhile.
fn copied(_owner: &Decoder, text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not null; the library's texts end in NUL and stay until the decoder is used again, which the borrow excludes.
    let text = unsafe { CStr::from_ptr(text) };
    Some(text.to_string_lossy().into_owned())
}

/// A path as C wants it. Refused when a NUL is inside.
pub(super) fn c_path(path: &Path) -> Result<CString, Refused> {
    CString::new(path.as_os_str().as_encoded_bytes()).map_err(|_| Refused)
}

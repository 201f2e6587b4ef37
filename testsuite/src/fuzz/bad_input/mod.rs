//! Bytes that are no modules, modules that are too big, and modules that are exactly as big as they may be.
//!
//! [`mutants`] breaks valid modules byte by byte, [`bombs`] are small to write and large to compile, [`limits`]
//! sit on each limit. Whatever comes in, the compiler answers in time, without a panic, with the right kind of
//! error; whether a module is valid is for `wasmparser` to say.

mod bombs;
mod limits;
mod mutants;

use saggar_compiler::target::Target;
use saggar_compiler::{Error, ErrorKind, Options, compile};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use wasmparser::{Validator, WasmFeatures};

/// The result of feeding bad input.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Inputs tried, by what was expected of them.
    pub tried: BTreeMap<String, u64>,
    /// The input that took longest.
    pub slowest: (Duration, String),
    /// Inputs that were answered wrongly.
    pub failures: Vec<String>,
}

/// How long the compiler may take for any of these inputs. Generous: machines are loaded.
const TIME: Duration = Duration::from_secs(10);

/// Feeds everything to the compiler.
#[must_use]
pub fn run(target: Target) -> Report {
    let mut report = Report::default();
    mutants::run(target, &mut report);
    limits::run(target, &mut report);
    bombs::run(target, &mut report);
    report
}

/// The features that the compiler announces.
fn supported() -> WasmFeatures {
    WasmFeatures::WASM1
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::SIMD
        | WasmFeatures::RELAXED_SIMD
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::CUSTOM_PAGE_SIZES
}

fn is_valid(wasm: &[u8], features: WasmFeatures) -> bool {
    Validator::new_with_features(features).validate_all(wasm).is_ok()
}

/// What a compilation must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// An object.
    Object,
    /// An error of kind `Limit`, with a word on what to do about it.
    Limit,
    /// Whatever follows from the module's validity.
    AsValidated,
}

impl Report {
    /// Whether every input was answered rightly.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    fn try_one(&mut self, name: &str, wasm: &[u8], options: &Options, expected: Expected) {
        let start = Instant::now();
        let answer = answer_in_time(wasm, options);
        let took = start.elapsed();
        if took > self.slowest.0 {
            self.slowest = (took, name.to_owned());
        }
        let wrong = match answer {
            None => Some(format!("a panic, or no answer within {TIME:?}")),
            Some(answer) => wrong(wasm, answer, expected),
        };
        *self.tried.entry(format!("{expected:?}")).or_default() += 1;
        if let Some(wrong) = wrong {
            self.failures.push(format!("{name}: {wrong}"));
        }
    }
}

/// Compiles on a thread of its own, which is given up when it takes too long; `None` then, and after a panic.
fn answer_in_time(wasm: &[u8], options: &Options) -> Option<Result<(), Error>> {
    let (sender, receiver) = mpsc::channel();
    let (wasm, options) = (wasm.to_vec(), options.clone());
    // Nobody listens any more when the answer comes too late.
    thread::spawn(move || drop(sender.send(compile(&wasm, &options).map(drop))));
    receiver.recv_timeout(TIME).ok()
}

/// What is wrong with an answer, if anything.
fn wrong(wasm: &[u8], answer: Result<(), Error>, expected: Expected) -> Option<String> {
    let kind = answer.as_ref().err().map(Error::kind);
    let right = match expected {
        Expected::Object => kind.is_none(),
        Expected::Limit => kind == Some(ErrorKind::Limit) && answer.as_ref().is_err_and(|error| error.help_text().is_some()),
        Expected::AsValidated => match kind {
            None => is_valid(wasm, supported()),
            // Limits are checked before anything is validated.
            Some(ErrorKind::Limit) => true,
            Some(ErrorKind::Invalid) => !is_valid(wasm, supported()),
            Some(ErrorKind::Unsupported) => !is_valid(wasm, supported()) && is_valid(wasm, WasmFeatures::all()),
            Some(ErrorKind::Backend | ErrorKind::Internal) => false,
        },
    };
    if right {
        return None;
    }
    let valid = if is_valid(wasm, supported()) { "valid" } else { "invalid" };
    Some(match answer {
        Ok(()) => format!("an object was made of a module that is {valid}; expected {expected:?}"),
        Err(error) => {
            format!("a module that is {valid}, expected {expected:?}, answered: {error} (help: {:?})", error.help_text())
        }
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "bad input: {:?}; slowest: {} in {:?}; {} failures",
            self.tried,
            self.slowest.1,
            self.slowest.0,
            self.failures.len()
        )?;
        // Mutants that are alike fail alike.
        self.failures.iter().take(40).try_for_each(|failure| writeln!(f, "  {failure}"))
    }
}

/// A module with a page of memory and one function of type `[i32…] → []`, for the other files here.
fn one_function(params: usize, body: &wasm_encoder::Function) -> Vec<u8> {
    use wasm_encoder::{CodeSection, FunctionSection, MemorySection, MemoryType, Module, TypeSection, ValType};
    let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
    types.ty().function(vec![ValType::I32; params], []);
    functions.function(0);
    code.function(body);
    let mut module = Module::new();
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    module.section(&types).section(&functions).section(&memories).section(&code);
    module.finish()
}

//! Compiles the modules of a script, each under its instance's name, all in one domain.

use crate::wast::engine::Acceptance;
use crate::wast::run::panic_message;
use crate::wast::script::{Module, Script};
use saggar_compiler::{Artifact, ErrorKind, Options, Provider};
use std::panic::catch_unwind;
use wasmparser::{Operator, Parser, Payload};

/// The domain of all modules of a script.
const DOMAIN: &str = "wast";
/// Pages to which a memory may grow: enough for the specification's `memory_grow.wast`.
const RESERVE_PAGES: u64 = 1024;
/// Pages of all memories of a script together: what the code model reaches, with room for everything else.
const ALL_RESERVES_PAGES: u64 = 16 * 1024;
const PAGE_BYTES: u64 = 64 * 1024;
/// Elements to which a table may grow.
const RESERVE_ELEMENTS: u64 = 1024;

/// An instance's module as an object, or why there is none.
pub(super) struct Compiled {
    /// The instance's name.
    pub(super) name: String,
    /// What was compiled.
    pub(super) wasm: Vec<u8>,
    /// What the compiler gave; `None` for a module that is not to run.
    pub(super) artifact: Option<Result<Artifact, String>>,
}

/// Compiles every module that can run.
pub(super) fn compile_all(script: &Script, options: &Options) -> Vec<Compiled> {
    let mut options = options.clone();
    reserve(script, &mut options);
    options.domain = Some(DOMAIN.to_owned());
    options.default_provider = Provider::Domain;
    let compile_one = |instance: &crate::wast::script::Instance| {
        let name = instance.name.clone();
        match &instance.module {
            Module::Needs(_) | Module::Broken(_) => Compiled { name, wasm: Vec::new(), artifact: None },
            Module::Wasm(wasm) => {
                options.name.clone_from(&name);
                let artifact = compile(wasm, &options).map_err(|refusal| refusal.to_string());
                Compiled { name, wasm: wasm.clone(), artifact: Some(artifact) }
            }
        }
    };
    script.instances.iter().map(compile_one).collect()
}

/// Whether the compiler takes a module.
pub(super) fn check(wasm: &[u8], options: &Options) -> Acceptance {
    let mut options = options.clone();
    "checked".clone_into(&mut options.name);
    options.default_provider = Provider::Domain;
    // What is only defined is not linked, so it may be larger than what code reaches.
    options.limits.reserve_bytes = u64::MAX;
    match compile(wasm, &options) {
        Ok(_) => Acceptance::Accepted,
        Err(Refusal::Error(error)) if error.kind() == ErrorKind::Invalid => Acceptance::Refused(error.to_string()),
        Err(Refusal::Error(error)) if error.kind() == ErrorKind::Unsupported => Acceptance::Unsupported(error.to_string()),
        Err(refusal) => Acceptance::Broken(refusal.to_string()),
    }
}

/// Why the compiler gave no object.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("{0}")]
    Error(saggar_compiler::Error),
    #[error("the compiler panicked: {0}")]
    Panic(String),
}

fn compile(wasm: &[u8], options: &Options) -> Result<Artifact, Refusal> {
    match catch_unwind(|| saggar_compiler::compile(wasm, options)) {
        Ok(result) => result.map_err(Refusal::Error),
        Err(panic) => Err(Refusal::Panic(panic_message(&*panic))),
    }
}

/// Sets the reserves: only for scripts in which something grows, because all memories of a script lie in one image.
fn reserve(script: &Script, options: &mut Options) {
    let mut uses = Uses::default();
    for instance in &script.instances {
        if let Module::Wasm(wasm) = &instance.module {
            uses.add(wasm);
        }
    }
    if uses.memory_grow {
        let pages = (ALL_RESERVES_PAGES / uses.memories.max(1)).min(RESERVE_PAGES);
        options.memory_reserve_bytes = Some(pages * PAGE_BYTES);
    }
    if uses.table_grow {
        options.table_reserve = Some(RESERVE_ELEMENTS);
    }
}

/// What decides about reserves.
#[derive(Default)]
struct Uses {
    memories: u64,
    memory_grow: bool,
    table_grow: bool,
}

impl Uses {
    fn add(&mut self, wasm: &[u8]) {
        for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
            match payload {
                Payload::MemorySection(memories) => self.memories += u64::from(memories.count()),
                Payload::CodeSectionEntry(body) => {
                    let operators = body.get_operators_reader().into_iter().flatten();
                    for operator in operators.map_while(Result::ok) {
                        self.memory_grow |= matches!(operator, Operator::MemoryGrow { .. });
                        self.table_grow |= matches!(operator, Operator::TableGrow { .. });
                    }
                }
                _ => {}
            }
        }
    }
}

//! A module on its way through the comparison: prepared, with its script, compiled for a target.

use super::script::{Effort, Script, script};
use crate::diff::prepare::{Prepared, prepare};
use crate::diff::{Error, Mismatch};
use saggar_compiler::target::Target;
use saggar_compiler::{Artifact, Meter, Options, Provider, compile};

/// A module with what it is put through; serves all targets.
#[derive(Clone, Debug)]
pub struct Case {
    /// The module as it was given.
    pub wasm: Vec<u8>,
    /// What both sides run.
    pub prepared: Prepared,
    /// What is called, with the replay's answers.
    pub script: Script,
    /// How the script was made.
    pub effort: Effort,
    /// Whether compiled code makes NaNs canonical, as wasmi does.
    pub canonical_nans: bool,
    /// A deliberate bug to compile in.
    #[cfg(feature = "seeded-faults")]
    pub fault: Option<saggar_compiler::fault::Fault>,
}

/// The objects of a case for one target.
#[derive(Debug)]
pub struct Compiled {
    /// Stubs in order, then the module.
    pub artifacts: Vec<Artifact>,
}

impl Compiled {
    /// The module itself.
    ///
    /// # Panics
    /// Never: a case is at least its module.
    #[must_use]
    pub fn module(&self) -> &Artifact {
        self.artifacts.last().expect("a case is at least its module")
    }
}

/// Bytes of stack that compiled modules get; more than what the replay's depth of calls should need.
pub(super) const STACK_BYTES: u32 = 4 << 20;

impl Case {
    /// Prepares a module and lets the replay answer. The name becomes part of symbols: it must differ from that of every other
    /// module in the image.
    ///
    /// # Errors
    /// When the module cannot be replayed.
    pub fn new(name: &str, wasm: &[u8], effort: Effort, canonical_nans: bool) -> Result<Case, Error> {
        let prepared = prepare(wasm, name, effort.seed)?;
        let script = script(&prepared, &effort)?;
        Ok(Case {
            wasm: wasm.to_vec(),
            prepared,
            script,
            effort,
            canonical_nans,
            #[cfg(feature = "seeded-faults")]
            fault: None,
        })
    }

    /// Compiles the module and its stubs, all metered alike, all of one domain.
    ///
    /// # Errors
    /// Those of the compiler.
    pub fn compile(&self, target: Target, meter: Meter) -> Result<Compiled, saggar_compiler::Error> {
        let stubs = self.prepared.stubs.iter().map(|stub| (stub.name.as_str(), &stub.wasm));
        let modules = stubs.chain([(self.prepared.name.as_str(), &self.prepared.wasm)]);
        let artifacts = modules.map(|(name, wasm)| compile(wasm, &self.options(target, name, meter)));
        Ok(Compiled { artifacts: artifacts.collect::<Result<_, _>>()? })
    }

    fn options(&self, target: Target, name: &str, meter: Meter) -> Options {
        let mut options = Options::new(target, name);
        options.meter = meter;
        options.domain = Some(self.prepared.name.clone());
        options.default_provider = Provider::Domain;
        options.memory_reserve_bytes = Some(self.prepared.memory_reserve_bytes);
        options.table_reserve = Some(self.prepared.table_reserve);
        options.stack_bytes = STACK_BYTES;
        options.canonical_nans = self.canonical_nans;
        // Modules are compared in parallel, and most are small.
        options.threads = 1;
        #[cfg(feature = "seeded-faults")]
        {
            options.fault = self.fault;
        }
        options
    }

    /// A difference between the replay and a target.
    pub(super) fn mismatch(&self, target: Target, what: &str, expected: &str, found: &str) -> Mismatch {
        Mismatch {
            module: self.prepared.name.clone(),
            target: target.arch().name().to_owned(),
            seed: self.effort.seed,
            place: (0, 0),
            export: None,
            arguments: Vec::new(),
            what: what.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }
}

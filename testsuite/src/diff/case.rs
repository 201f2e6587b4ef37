//! A module on its way through a comparison: prepared, with its script, compiled for a target.

use super::Error;
use super::oracle::{Effort, Oracle};
use super::prepare::{Prepared, prepare};
use super::script::Script;
use saggar_compiler::target::Target;
use saggar_compiler::{Artifact, Meter, Options, Provider, compile};

/// A module with the calls that it is put through; serves all targets.
#[derive(Clone, Debug)]
pub struct Case {
    /// The module as it was given.
    pub wasm: Vec<u8>,
    /// What both sides run.
    pub prepared: Prepared,
    /// What is called, with the oracle's answers.
    pub script: Script,
    /// How the script was made.
    pub effort: Effort,
    /// Whether compiled code makes NaNs canonical, as the oracle does.
    pub canonical_nans: bool,
    /// How compiled code is metered; it gets more fuel than it can use.
    pub meter: Meter,
    /// A deliberate bug to compile in.
    #[cfg(feature = "seeded-faults")]
    pub fault: Option<saggar_compiler::fault::Fault>,
}

/// The objects of a case for one target.
#[derive(Debug)]
pub struct Compiled {
    /// The module.
    pub module: Artifact,
    /// Its stubs, in order.
    pub stubs: Vec<Artifact>,
}

/// Bytes of stack that compiled modules get; much more than what the oracle's depth of calls should need.
pub(super) const STACK_BYTES: u32 = 2 << 20;

impl Case {
    /// Prepares a module and asks the oracle. The name becomes part of symbols: it must differ from that of every
    /// other module in the image.
    ///
    /// # Errors
    /// When the module cannot be compared, or the oracle refuses it.
    pub fn new(name: &str, wasm: &[u8], effort: Effort, canonical_nans: bool) -> Result<Case, Error> {
        let prepared = prepare(wasm, name, effort.seed)?;
        let script = Oracle::new(&prepared, effort.fuel)?.script(&effort)?;
        Ok(Case {
            wasm: wasm.to_vec(),
            prepared,
            script,
            effort,
            canonical_nans,
            meter: Meter::Off,
            #[cfg(feature = "seeded-faults")]
            fault: None,
        })
    }

    /// Compiles the module and its stubs.
    ///
    /// # Errors
    /// Those of the compiler.
    pub fn compile(&self, target: Target) -> Result<Compiled, saggar_compiler::Error> {
        let module = compile(&self.prepared.wasm, &self.options(target, &self.prepared.name))?;
        let stubs = self.prepared.stubs.iter().map(|stub| compile(&stub.wasm, &self.options(target, &stub.name)));
        Ok(Compiled { module, stubs: stubs.collect::<Result<_, _>>()? })
    }

    fn options(&self, target: Target, name: &str) -> Options {
        let mut options = Options::new(target, name);
        options.domain = Some(self.prepared.name.clone());
        options.default_provider = Provider::Domain;
        options.memory_reserve_bytes = Some(self.prepared.memory_reserve_bytes);
        options.table_reserve = Some(self.prepared.table_reserve);
        options.stack_bytes = STACK_BYTES;
        options.canonical_nans = self.canonical_nans;
        options.meter = self.meter;
        // Modules are compared in parallel, and most are small.
        options.threads = 1;
        #[cfg(feature = "seeded-faults")]
        {
            options.fault = self.fault;
        }
        options
    }
}

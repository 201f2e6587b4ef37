//! What runs the chain: fired modules, the same code compiled for this machine, wasmtime, wasmi.

mod fired;
mod hosted;
mod in_wasmi;
mod in_wasmtime;
mod native;

use crate::chain::{Chain, Failure, Kind};
use crate::module::{Module, Problem};
use std::fmt;
use std::path::{Path, PathBuf};

/// How the guests were built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guests {
    /// With vectors, as the speaker's are.
    Simd128,
    /// Without.
    Scalar,
}

impl Guests {
    fn name(self) -> &'static str {
        match self {
            Guests::Simd128 => "simd128",
            Guests::Scalar => "scalar",
        }
    }
}

/// Who runs which guests, and whether it counts their operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Modules fired by our compiler.
    Fired { guests: Guests, fuel: bool },
    /// wasmtime with explicit checks.
    Wasmtime { guests: Guests, fuel: bool },
    /// wasmi, scalar guests.
    Wasmi,
    /// The guests' crates as libraries.
    Native,
}

impl Engine {
    /// All of them; the first is what the others' outputs are compared with.
    pub(crate) fn all() -> Vec<Engine> {
        let mut all = Vec::new();
        for guests in [Guests::Simd128, Guests::Scalar] {
            for fuel in [true, false] {
                all.extend([Engine::Fired { guests, fuel }, Engine::Wasmtime { guests, fuel }]);
            }
        }
        all.extend([Engine::Wasmi, Engine::Native]);
        all
    }

    /// Whether the same bits must come out as of any other that runs WebAssembly.
    pub(crate) fn is_exact(self) -> bool {
        self != Engine::Native
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, guests, fuel) = match self {
            Engine::Fired { guests, fuel } => ("fired", guests.name(), *fuel),
            Engine::Wasmtime { guests, fuel } => ("wasmtime", guests.name(), *fuel),
            Engine::Wasmi => ("wasmi", Guests::Scalar.name(), false),
            Engine::Native => return f.write_str("native"),
        };
        write!(f, "{name} {guests}{}", if fuel { ", fuel" } else { "" })
    }
}

/// Starts chains; keeps what the engines share.
pub(crate) struct Starter {
    /// With `simd128/dsp/NAME.wasm` and `scalar/dsp/NAME.wasm`.
    guests: PathBuf,
    /// Without fuel, and with.
    wasmtime: [wasmtime::Engine; 2],
    wasmi: wasmi::Engine,
}

impl Starter {
    /// # Errors
    /// When this machine is none of wasmtime's.
    pub(crate) fn new(guests: &Path) -> Result<Starter, Problem> {
        let wasmtime = [in_wasmtime::engine(false)?, in_wasmtime::engine(true)?];
        Ok(Starter { guests: guests.to_owned(), wasmtime, wasmi: wasmi::Engine::default() })
    }

    /// A chain; `learnt` is what the wake word knows.
    ///
    /// # Errors
    /// When a module is missing or does not start.
    pub(crate) fn start(&self, engine: Engine, learnt: &[u8]) -> Result<Chain, Failure> {
        Chain::new(learnt, |stage| self.open(engine, stage)).map_err(|failure| failure.of(engine))
    }

    fn open(&self, engine: Engine, stage: Kind) -> Result<Box<dyn Module>, Problem> {
        let file = |guests: Guests| self.guests.join(guests.name()).join("dsp").join(stage.file()).with_extension("wasm");
        match engine {
            Engine::Fired { guests, fuel } => {
                fired::open(guests, fuel, stage)?.ok_or_else(|| Problem::engine("a linked module can be taken once only"))
            }
            Engine::Wasmtime { guests, fuel } => in_wasmtime::open(&self.wasmtime[usize::from(fuel)], fuel, &file(guests)),
            Engine::Wasmi => in_wasmi::open(&self.wasmi, &file(Guests::Scalar)),
            Engine::Native => Ok(native::open(stage)),
        }
    }
}

/// The stage of the same code compiled for this machine, by itself.
pub(crate) fn native(stage: Kind) -> Box<dyn Module> {
    native::open(stage)
}

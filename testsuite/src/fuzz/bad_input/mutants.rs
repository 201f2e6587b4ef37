//! Valid modules cut off at every byte, and with every bit of them turned over.

use super::{Expected, Report};
use crate::fuzz::{shapes, smith};
use saggar_compiler::target::Target;
use saggar_compiler::{Options, Provider};

/// Bytes of a module at most: every bit of it becomes a module to compile.
const SMALL: usize = 1_000;

/// Modules that are broken, of each generator.
const MODULES: usize = 2;

pub(super) fn run(target: Target, report: &mut Report) {
    // Bounded, so that a change of a generator cannot make the search endless.
    let small_shapes = (0..5_000).map(shapes::module).filter(|module| module.wasm.len() < SMALL).take(MODULES);
    let small_random = (0..5_000).map(smith::module).filter(|module| module.wasm.len() < SMALL).take(MODULES);
    let with_vectors = (0..5_000).map(smith::module_with_vectors).filter(|module| module.wasm.len() < SMALL).take(1);
    let mut options = Options::new(target, "mutant");
    options.threads = 1;
    // Whatever a mutant imports, somebody could provide it.
    options.default_provider = Provider::Domain;
    for module in small_shapes.chain(small_random).chain(with_vectors) {
        for length in 0..module.wasm.len() {
            report.try_one(&format!("{} cut at {length}", module.name), &module.wasm[..length], &options, Expected::AsValidated);
        }
        let mut bytes = module.wasm;
        for at in 0..bytes.len() {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                report.try_one(
                    &format!("{} with bit {bit} of byte {at:#x} turned over", module.name),
                    &bytes,
                    &options,
                    Expected::AsValidated,
                );
                bytes[at] ^= 1 << bit;
            }
        }
    }
}

//! The kinds of generated modules.

use super::smith::Generated;
use super::{shapes, smith};
use crate::diff::Effort;

/// A generator of modules, and what it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// By wasm-smith, without vectors.
    Smith,
    /// By our own generator, without vectors.
    Shapes,
    /// By wasm-smith, with vectors and relaxed vector operators.
    SmithVectors,
    /// By our own generator, about vectors.
    VectorShapes,
}

impl Kind {
    /// The module of a seed, with how much is tried on it.
    #[must_use]
    pub fn generate(self, seed: u64) -> (Generated, Effort) {
        let shape = Effort { seed, rounds: 4, fuel: 200_000, calls: 520 };
        let smith = Effort { seed, rounds: 5, fuel: 60_000, calls: 80 };
        match self {
            Kind::Smith => (smith::module(seed), smith),
            Kind::Shapes => (shapes::module(seed), shape),
            Kind::SmithVectors => (smith::module_with_vectors(seed), smith),
            Kind::VectorShapes => (shapes::module_with_vectors(seed), shape),
        }
    }

    /// Whether its modules have vectors.
    #[must_use]
    pub fn has_vectors(self) -> bool {
        matches!(self, Kind::SmithVectors | Kind::VectorShapes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Validator, WasmFeatures};

    /// A failure is repeated by its seed, and what is not valid would be refused by both sides and compare nothing.
    #[test]
    fn modules_are_valid_and_repeat() {
        for (kind, seeds) in [(Kind::Smith, 40), (Kind::Shapes, 30), (Kind::SmithVectors, 40), (Kind::VectorShapes, 64)] {
            for seed in 0..seeds {
                let (generated, _) = kind.generate(seed);
                let valid = Validator::new_with_features(WasmFeatures::all()).validate_all(&generated.wasm);
                assert!(valid.is_ok(), "{}: {}", generated.name, valid.err().map_or_else(String::new, |error| error.to_string()));
                assert!(kind.generate(seed).0.wasm == generated.wasm, "{} differs the second time", generated.name);
            }
        }
    }

    #[test]
    fn only_kinds_with_vectors_have_vectors() {
        let without = WasmFeatures::all() - WasmFeatures::SIMD - WasmFeatures::RELAXED_SIMD;
        for (kind, some) in [(Kind::Smith, false), (Kind::Shapes, false), (Kind::SmithVectors, true), (Kind::VectorShapes, true)]
        {
            let refused =
                (0..20).filter(|&seed| Validator::new_with_features(without).validate_all(&kind.generate(seed).0.wasm).is_err());
            assert_eq!(refused.count() > 10, some, "{kind:?}");
        }
    }
}

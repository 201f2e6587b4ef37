//! Which proposals are compiled, and the name of the one a module would need.

use crate::error::{Error, ErrorKind};
use wasmparser::{Validator, WasmFeatures};

/// What this version compiles: WebAssembly 2.0, relaxed SIMD, extended constants, tail calls, several memories and custom page sizes.
pub(crate) const SUPPORTED: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::CUSTOM_PAGE_SIZES)
    .union(WasmFeatures::SIMD)
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::GC_TYPES);

/// Proposals that `wasmparser` knows and this version does not compile, with the names that people use.
const OTHERS: &[(WasmFeatures, &str)] = &[
    (WasmFeatures::THREADS, "threads"),
    (WasmFeatures::SHARED_EVERYTHING_THREADS, "shared-everything threads"),
    (WasmFeatures::MEMORY64, "memory64"),
    (WasmFeatures::EXCEPTIONS, "exception handling"),
    (WasmFeatures::LEGACY_EXCEPTIONS, "legacy exception handling"),
    (WasmFeatures::GC, "garbage collection"),
    (WasmFeatures::FUNCTION_REFERENCES, "typed function references"),
    (WasmFeatures::WIDE_ARITHMETIC, "wide arithmetic"),
    (WasmFeatures::STACK_SWITCHING, "stack switching"),
    (WasmFeatures::MEMORY_CONTROL, "memory control"),
    (WasmFeatures::COMPACT_IMPORTS, "compact imports"),
    (WasmFeatures::ACQUIRE_RELEASE_ATOMICS, "acquire-release atomics"),
    (WasmFeatures::CUSTOM_DESCRIPTORS, "custom descriptors"),
];

/// Features beyond the first version of WebAssembly that a module was seen to use, for the report.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    pub(crate) sign_extension: bool,
    pub(crate) saturating_conversions: bool,
    pub(crate) multi_value: bool,
    pub(crate) bulk_memory: bool,
    pub(crate) reference_types: bool,
    pub(crate) tail_calls: bool,
    pub(crate) mutable_globals: bool,
    pub(crate) extended_const: bool,
    pub(crate) multi_memory: bool,
    pub(crate) custom_page_sizes: bool,
    pub(crate) simd: bool,
    pub(crate) relaxed_simd: bool,
}

impl Used {
    /// Either.
    pub(crate) fn merge(&mut self, other: Used) {
        self.sign_extension |= other.sign_extension;
        self.saturating_conversions |= other.saturating_conversions;
        self.multi_value |= other.multi_value;
        self.bulk_memory |= other.bulk_memory;
        self.reference_types |= other.reference_types;
        self.tail_calls |= other.tail_calls;
        self.mutable_globals |= other.mutable_globals;
        self.extended_const |= other.extended_const;
        self.multi_memory |= other.multi_memory;
        self.custom_page_sizes |= other.custom_page_sizes;
        self.simd |= other.simd;
        self.relaxed_simd |= other.relaxed_simd;
    }

    /// The names that people use, in a fixed order.
    pub(crate) fn names(self) -> Vec<String> {
        [
            (self.mutable_globals, "mutable globals"),
            (self.sign_extension, "sign extension"),
            (self.saturating_conversions, "saturating conversions"),
            (self.multi_value, "multi-value"),
            (self.bulk_memory, "bulk memory"),
            (self.reference_types, "reference types"),
            (self.extended_const, "extended constants"),
            (self.tail_calls, "tail calls"),
            (self.multi_memory, "several memories"),
            (self.custom_page_sizes, "custom page sizes"),
            (self.simd, "SIMD"),
            (self.relaxed_simd, "relaxed SIMD"),
        ]
        .into_iter()
        .filter(|(used, _)| *used)
        .map(|(_, name)| name.to_string())
        .collect()
    }
}

/// Turns a refusal by the validator into `Unsupported` with the feature's name, where some feature that we do not
/// compile would have made the module valid; otherwise gives the error back.
pub(crate) fn classify(wasm: &[u8], error: Error) -> Error {
    if error.kind() != ErrorKind::Invalid {
        return error;
    }
    let every = OTHERS.iter().fold(SUPPORTED, |all, (feature, _)| all | *feature);
    let valid = |features: WasmFeatures| Validator::new_with_features(features).validate_all(wasm).is_ok();
    if !valid(every) {
        return error;
    }
    // Needed is what cannot be taken away. Where two would each do, both stay needed only together: take the
    // features away one by one, and keep what breaks the module.
    let mut enough = every;
    let mut needed = Vec::new();
    for (feature, name) in OTHERS {
        let without = enough - *feature;
        if valid(without) {
            enough = without;
        } else {
            needed.push(*name);
        }
    }
    let mut unsupported = Error::unsupported(format!("the module uses {}", needed.join(", ")))
        .help("this version compiles WebAssembly 2.0, relaxed SIMD, extended constants, tail calls, several memories and custom page sizes");
    if let Some(offset) = error.wasm_offset() {
        unsupported = unsupported.at(offset);
    }
    unsupported
}

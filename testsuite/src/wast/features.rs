//! Which modules lie outside the supported features, and what the feature is called.
//!
//! The answer does not come from the compiler: whether a module may be skipped must not depend on what the
//! compiler under test happens to refuse. A module that is valid with every feature on, but not with the
//! supported ones, needs those features whose removal makes it invalid.

use wasmparser::{BinaryReaderError, Validator, WasmFeatures};

/// What the compiler supports: 2.0, relaxed SIMD, extended constant expressions, tail calls, several memories, custom page sizes.
pub const SUPPORTED: WasmFeatures = WasmFeatures::WASM2
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::CUSTOM_PAGE_SIZES);

/// The features that may be named, by their proposals. Those that build on others come first, so that the
/// module's own demand remains when features are taken away one after the other.
const OUTSIDE: &[(WasmFeatures, &str)] = &[
    (WasmFeatures::CUSTOM_DESCRIPTORS, "custom-descriptors"),
    (WasmFeatures::STACK_SWITCHING, "stack-switching"),
    (WasmFeatures::SHARED_EVERYTHING_THREADS, "shared-everything-threads"),
    (WasmFeatures::ACQUIRE_RELEASE_ATOMICS, "acquire-release-atomics"),
    (WasmFeatures::MULTIBYTE_ARRAY_ACCESS, "multibyte-array-access"),
    (WasmFeatures::COMPACT_IMPORTS, "compact-imports"),
    (WasmFeatures::LEGACY_EXCEPTIONS, "legacy-exceptions"),
    (WasmFeatures::MEMORY_CONTROL, "memory-control"),
    (WasmFeatures::WIDE_ARITHMETIC, "wide-arithmetic"),
    (WasmFeatures::GC, "gc"),
    (WasmFeatures::EXCEPTIONS, "exceptions"),
    (WasmFeatures::FUNCTION_REFERENCES, "function-references"),
    (WasmFeatures::THREADS, "threads"),
    (WasmFeatures::MEMORY64, "memory64"),
];

/// What a module needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Support {
    /// It is valid with the supported features.
    Supported,
    /// It is valid, but needs these features.
    Needs(String),
    /// It is not valid with any.
    Invalid(String),
}

/// Finds out what a module needs.
#[must_use]
pub fn support(wasm: &[u8]) -> Support {
    if validate(wasm, SUPPORTED).is_ok() {
        return Support::Supported;
    }
    match validate(wasm, WasmFeatures::all()) {
        Ok(()) => Support::Needs(needed(|features| validate(wasm, features).is_ok())),
        Err(error) => Support::Invalid(error.to_string()),
    }
}

/// The features without which the reason for which a module is invalid is not reached; `None` when the
/// supported ones suffice. A module that is valid with every feature on needs none: to lack a feature is then a
/// good reason to refuse it.
#[must_use]
pub fn needed_to_refuse(wasm: &[u8]) -> Option<String> {
    let lacks_feature = validate(wasm, SUPPORTED).is_err_and(|error| error.missing_wasm_feature().is_some());
    if !lacks_feature {
        return None;
    }
    let reason = |features| validate(wasm, features).map_err(|error| error.to_string());
    let with_all = reason(WasmFeatures::all());
    with_all.is_err().then(|| needed(|features| reason(features) == with_all))
}

/// Takes features away one after the other for as long as the condition holds, and names the rest.
fn needed(holds: impl Fn(WasmFeatures) -> bool) -> String {
    let mut features = SUPPORTED;
    for (feature, _) in OUTSIDE {
        features.insert(*feature);
    }
    let mut names = Vec::new();
    for (feature, name) in OUTSIDE {
        if holds(features.difference(*feature)) {
            features.remove(*feature);
        } else {
            names.push(*name);
        }
    }
    if names.is_empty() { "unnamed feature".to_owned() } else { names.join(" + ") }
}

fn validate(wasm: &[u8], features: WasmFeatures) -> Result<(), BinaryReaderError> {
    Validator::new_with_features(features).validate_all(wasm).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::{Support, needed_to_refuse, support};

    fn of(text: &str) -> Support {
        support(&wat::parse_str(text).unwrap())
    }

    #[test]
    fn features_are_named() {
        let cases = [
            ("(module (memory i64 1))", "memory64"),
            ("(module (memory 1 1 shared))", "threads"),
            ("(module (type (struct)))", "gc"),
            ("(module (tag))", "exceptions"),
            ("(module (func (param (ref func))))", "function-references"),
            (
                "(module (func (param i64 i64 i64 i64) (result i64 i64) local.get 0 local.get 1 local.get 2 local.get 3 i64.add128))",
                "wide-arithmetic",
            ),
        ];
        for (text, feature) in cases {
            assert_eq!(of(text), Support::Needs(feature.to_owned()), "{text}");
        }
    }

    #[test]
    fn supported_modules_need_nothing() {
        assert_eq!(of("(module (table 1 externref) (table 1 funcref) (func return_call 0))"), Support::Supported);
        assert_eq!(of("(module (memory 1) (memory 1 (pagesize 1)))"), Support::Supported);
        assert_eq!(of("(module (func (result v128) v128.const i64x2 1 2))"), Support::Supported);
        assert_eq!(of("(module (global i32 (i32.add (i32.const 1) (i32.const 2))))"), Support::Supported);
    }

    #[test]
    fn invalid_modules_are_invalid_with_every_feature() {
        assert!(matches!(of("(module (func (result i32)))"), Support::Invalid(_)));
    }

    #[test]
    fn reasons_to_refuse() {
        let needed = |text| needed_to_refuse(&wat::parse_str(text).unwrap());
        assert_eq!(needed("(module (func (result i32)))"), None);
        assert_eq!(needed("(module (memory i64 1))"), None);
        assert_eq!(needed("(module (func (result v128) i32.const 0))"), None);
        assert_eq!(needed("(module (memory 1 1 shared) (func (result i32)))").as_deref(), Some("threads"));
    }
}

//! Random valid modules by wasm-smith: whatever the specification allows, and nobody would write.
//!
//! The same seed gives the same module. Even seeds may trap, odd ones never do, so that half of the calls get past
//! their first access; every fourth pair canonicalises NaNs in wasm itself, and is then compiled without
//! `canonical_nans`, so that both ways of compiling floats are compared.

use super::nans;
use arbitrary::Unstructured;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode};
use wasm_encoder::{CodeSection, Instruction};
use wasm_smith::{Config, MemoryOffsetChoices, Module};
use wasmparser::{FunctionBody, Operator, Parser};

/// A module, and how it wants to be compiled.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Where it came from, with the number that makes it again.
    pub name: String,
    /// The module.
    pub wasm: Vec<u8>,
    /// Whether the compiler has to make NaNs canonical for the comparison to be exact.
    pub canonical_nans: bool,
}

/// Bytes that wasm-smith makes a module of; it stops where they end.
const DNA_BYTES: usize = 12 << 10;

/// The module of a seed, without vectors.
///
/// Some bytes lead wasm-smith to a demand that it cannot meet (a function where no type was made); then the next
/// bytes of the seed are taken.
///
/// # Panics
/// When a hundred tries do not give a module, which would be a fault of the configuration.
#[must_use]
pub fn module(seed: u64) -> Generated {
    let nans_in_wasm = (seed / 2).is_multiple_of(4);
    let wasm = attempt(seed, |rng| config(rng, seed % 2 == 1, nans_in_wasm));
    let wasm = if nans_in_wasm { without_float_to_float(&wasm) } else { wasm };
    Generated { name: format!("smith{seed}"), wasm, canonical_nans: !nans_in_wasm }
}

/// The module of a seed, with vectors; half of the pairs canonicalise NaNs in wasm.
///
/// # Panics
/// As [`module`] does.
#[must_use]
pub fn module_with_vectors(seed: u64) -> Generated {
    let nans_in_wasm = (seed / 2).is_multiple_of(2);
    // wasm-smith would canonicalise for itself, but leaves out conversions between floats, and relaxed operators.
    let wasm =
        attempt(seed, |rng| Config { simd_enabled: true, relaxed_simd_enabled: true, ..config(rng, seed % 2 == 1, false) });
    let wasm = if nans_in_wasm { nans::canonicalise(&wasm) } else { wasm };
    Generated { name: format!("smith-vectors{seed}"), wasm, canonical_nans: !nans_in_wasm }
}

/// The first module that bytes of the seed lead to.
fn attempt(seed: u64, config: impl Fn(&mut fastrand::Rng) -> Config) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut attempt = || {
        let mut dna = vec![0; DNA_BYTES];
        rng.fill(&mut dna);
        let config = config(&mut rng);
        Module::new(config, &mut Unstructured::new(&dna)).ok()
    };
    let module = (0..100).find_map(|_| attempt()).expect("one of a hundred tries gives a module");
    module.to_bytes()
}

/// Conversions between the float types, which keep what they like of a NaN, and which wasm-smith leaves alone when it
/// canonicalises, are replaced by others that never give a NaN.
struct NoFloatToFloat;

impl Reencode for NoFloatToFloat {
    type Error = Infallible;

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), ReencodeError> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            match operators.read()? {
                Operator::F64PromoteF32 => {
                    function.instruction(&Instruction::I32ReinterpretF32).instruction(&Instruction::F64ConvertI32S);
                }
                Operator::F32DemoteF64 => {
                    function.instruction(&Instruction::I64ReinterpretF64).instruction(&Instruction::F32ConvertI64S);
                }
                operator => {
                    function.instruction(&self.instruction(operator)?);
                }
            }
        }
        code.function(&function);
        Ok(())
    }
}

fn without_float_to_float(wasm: &[u8]) -> Vec<u8> {
    let mut module = wasm_encoder::Module::new();
    NoFloatToFloat.parse_core_module(&mut module, Parser::new(0), wasm).expect("a module of wasm-smith can be read");
    module.finish()
}

fn config(rng: &mut fastrand::Rng, disallow_traps: bool, canonicalize_nans: bool) -> Config {
    Config {
        disallow_traps,
        canonicalize_nans,
        export_everything: true,
        min_types: 4,
        min_funcs: rng.usize(3..8),
        max_funcs: 14,
        max_instructions: rng.usize(100..700),
        min_memories: 1,
        max_memories: [1, 1, 3][rng.usize(0..3)],
        max_memory32_bytes: 3 << 16,
        memory_offset_choices: MemoryOffsetChoices(60, 30, 10),
        min_globals: 2,
        max_globals: 12,
        min_tables: 1,
        max_tables: 3,
        max_table_elements: 60,
        max_elements: 20,
        max_imports: rng.usize(0..6),
        max_data_segments: 6,
        max_element_segments: 6,
        max_types: 20,
        allow_start_export: rng.u32(0..8) == 0,
        // Other seeds have vectors.
        simd_enabled: false,
        relaxed_simd_enabled: false,
        // What this compiler does not do.
        memory64_enabled: false,
        gc_enabled: false,
        exceptions_enabled: false,
        threads_enabled: false,
        shared_everything_threads_enabled: false,
        custom_descriptors_enabled: false,
        wide_arithmetic_enabled: false,
        compact_imports_enabled: false,
        max_tags: 0,
        // What it does.
        bulk_memory_enabled: true,
        reference_types_enabled: true,
        custom_page_sizes_enabled: rng.u8(0..4) == 0,
        tail_call_enabled: true,
        multi_value_enabled: true,
        sign_extension_ops_enabled: true,
        saturating_float_to_int_enabled: true,
        extended_const_enabled: true,
        ..Config::default()
    }
}

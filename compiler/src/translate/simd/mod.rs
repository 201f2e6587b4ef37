//! Vectors of 128 bits (spec section 4.4.3, SIMD and relaxed SIMD).
//!
//! [`rows`] says what an operator does, as a [`Shape`](shape::Shape); there are two ways to do it. Rows of the target's table with vector registers do it
//! in [`vector`], as one value of Cranelift's `i8x16`, which every other vector type is cast to and from without cost. Rows without do
//! it in [`halves`], as two 64-bit integers, the lower lanes in the first; what one of the former cannot do goes through the latter too.
//! Both give the same bits. Loads and stores are in [`memory`], and check their bounds as all others do.

mod halves;
mod memory;
mod rows;
mod shape;
mod shuffle;
mod vector;

use super::Translator;
use super::code::CodeBuilder;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use halves::Halves;
use wasmparser::Operator;

impl Translator<'_, '_> {
    pub(super) fn simd(&mut self, operator: &Operator<'_>) -> bool {
        let Some(shape) = rows::shape(operator) else {
            return self.simd_memory(operator);
        };
        if self.code.env.target.has_vectors() {
            self.vector(shape);
        } else {
            self.in_halves(shape);
        }
        true
    }

    fn pop_halves(&mut self) -> Halves {
        let (low, high) = self.pop2();
        Halves([low, high])
    }

    fn push_halves(&mut self, halves: Halves) {
        self.stack.extend(halves.0);
    }
}

impl CodeBuilder<'_, '_> {
    /// A constant vector, as the values that stand for it.
    pub(crate) fn v128_constant(&mut self, bytes: [u8; 16]) -> Vec<Value> {
        if self.env.target.has_vectors() {
            return vec![self.vector_constant(types::I8X16, bytes)];
        }
        Halves::constant(self, bytes).0.to_vec()
    }

    /// A 64-bit constant of bits.
    fn bits(&mut self, bits: u64) -> Value {
        self.builder.ins().iconst(types::I64, bits.cast_signed())
    }
}

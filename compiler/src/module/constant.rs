//! Constant expressions, extended-const included (spec section 3.3.10 and its proposal).

use super::{FuncIndex, GlobalIndex};
use crate::error::Error;
use wasmparser::Operator;

/// One operator of a constant expression, in postfix order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ConstOp {
    I32(i32),
    I64(i64),
    /// Bits.
    F32(u32),
    /// Bits.
    F64(u64),
    /// Bytes, the first lane's first.
    V128([u8; 16]),
    Global(GlobalIndex),
    Func(FuncIndex),
    Null,
    I32Add,
    I32Sub,
    I32Mul,
    I64Add,
    I64Sub,
    I64Mul,
}

/// A validated constant expression.
#[derive(Clone, Debug)]
pub(crate) struct ConstExpr {
    pub(crate) ops: Vec<ConstOp>,
    pub(crate) wasm_offset: usize,
}

impl ConstExpr {
    pub(crate) fn read(expr: &wasmparser::ConstExpr<'_>) -> Result<ConstExpr, Error> {
        let mut reader = expr.get_operators_reader();
        let wasm_offset = usize::try_from(reader.original_position()).unwrap_or(usize::MAX);
        let mut ops = Vec::new();
        while !reader.eof() {
            let offset = usize::try_from(reader.original_position()).unwrap_or(usize::MAX);
            ops.push(match reader.read()? {
                Operator::I32Const { value } => ConstOp::I32(value),
                Operator::I64Const { value } => ConstOp::I64(value),
                Operator::F32Const { value } => ConstOp::F32(value.bits()),
                Operator::F64Const { value } => ConstOp::F64(value.bits()),
                Operator::V128Const { value } => ConstOp::V128(*value.bytes()),
                Operator::GlobalGet { global_index } => ConstOp::Global(GlobalIndex(global_index)),
                Operator::RefFunc { function_index } => ConstOp::Func(FuncIndex(function_index)),
                Operator::RefNull { .. } => ConstOp::Null,
                Operator::I32Add => ConstOp::I32Add,
                Operator::I32Sub => ConstOp::I32Sub,
                Operator::I32Mul => ConstOp::I32Mul,
                Operator::I64Add => ConstOp::I64Add,
                Operator::I64Sub => ConstOp::I64Sub,
                Operator::I64Mul => ConstOp::I64Mul,
                Operator::End => break,
                other => return Err(Error::unsupported(format!("constant operator {other:?}")).at(offset)),
            });
        }
        Ok(ConstExpr { ops, wasm_offset })
    }

    /// The value as 64 bits, if it is a single constant of a number.
    pub(crate) fn literal(&self) -> Option<u64> {
        match self.ops.as_slice() {
            [ConstOp::I32(value)] => Some(u64::from(value.cast_unsigned())),
            [ConstOp::I64(value)] => Some(value.cast_unsigned()),
            [ConstOp::F32(bits)] => Some(u64::from(*bits)),
            [ConstOp::F64(bits)] => Some(*bits),
            _ => None,
        }
    }
}

//! Values, traps and errors of wasmi in the harness's terms.

use crate::wast::engine::Outcome;
use crate::wast::value::Value;
use wasmi::errors::InstantiationError;
use wasmi::{AsContext, AsContextMut, ExternRef, F32, F64, Nullable, TrapCode, Val, ValType};

/// A value of the script; null takes its type from the parameter.
pub(super) fn to_wasmi(store: impl AsContextMut, ty: ValType, value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value.cast_signed()),
        Value::I64(value) => Val::I64(value.cast_signed()),
        Value::F32(bits) => Val::F32(F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(F64::from_bits(bits)),
        Value::V128(bytes) => Val::V128(u128::from_le_bytes(bytes).into()),
        Value::Extern(number) => Val::ExternRef(Nullable::Val(ExternRef::new(store, number))),
        Value::Null | Value::Func => Val::default_for_ty(ty),
    }
}

/// A value of wasmi.
pub(super) fn from_wasmi(store: impl AsContext, value: &Val) -> Value {
    match value {
        Val::I32(value) => Value::I32(value.cast_unsigned()),
        Val::I64(value) => Value::I64(value.cast_unsigned()),
        Val::F32(value) => Value::F32(value.to_bits()),
        Val::F64(value) => Value::F64(value.to_bits()),
        Val::FuncRef(Nullable::Val(_)) => Value::Func,
        Val::ExternRef(Nullable::Val(reference)) => {
            let number = reference.data(store.as_context()).downcast_ref::<u32>();
            number.map_or(Value::Null, |number| Value::Extern(*number))
        }
        Val::V128(value) => Value::V128(value.as_u128().to_le_bytes()),
        Val::FuncRef(Nullable::Null) | Val::ExternRef(Nullable::Null) => Value::Null,
    }
}

/// A trap in the words of the specification. wasmi does not tell an index beyond the table of an indirect call from
/// one of another access.
pub(super) fn trap(code: TrapCode) -> Vec<String> {
    let reasons: &[&str] = match code {
        TrapCode::UnreachableCodeReached => &["unreachable"],
        TrapCode::TableOutOfBounds => &["undefined element", "out of bounds table access"],
        TrapCode::IndirectCallToNull => &["uninitialized element"],
        other => &[other.trap_message()],
    };
    reasons.iter().map(|reason| (*reason).to_owned()).collect()
}

/// Why an instantiation failed before anything ran.
pub(super) fn instantiation(error: &InstantiationError) -> Outcome {
    match error {
        InstantiationError::ElementSegmentDoesNotFit { .. } => Outcome::Trapped(vec!["out of bounds table access".to_owned()]),
        InstantiationError::MismatchedNumberOfImports { .. }
        | InstantiationError::ImportTypeMismatch { .. }
        | InstantiationError::GlobalTypeMismatch { .. }
        | InstantiationError::FuncTypeMismatch { .. }
        | InstantiationError::TableTypeMismatch { .. }
        | InstantiationError::MemoryTypeMismatch { .. } => Outcome::Unlinkable(error.to_string()),
        other => Outcome::Broken(other.to_string()),
    }
}

//! Whether the place that a trap names is an operator that can trap so.

use saggar_abi::trap::Code;
use std::collections::HashMap;
use wasmparser::{Operator, Parser, Payload};

/// Operators of a module by their offset.
#[derive(Debug, Default)]
pub(super) struct Places {
    operators: HashMap<u64, (&'static [Code], String)>,
}

impl Places {
    /// Reads a module, which is known to be valid.
    pub(super) fn read(wasm: &[u8]) -> Result<Places, wasmparser::BinaryReaderError> {
        let mut places = Places::default();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::CodeSectionEntry(body) = payload? {
                for operator in body.get_operators_reader()?.into_iter_with_offsets() {
                    let (operator, offset) = operator?;
                    places.operators.insert(offset, (traps_of(&operator), format!("{operator:?}")));
                }
            }
        }
        Ok(places)
    }

    /// Whether the operator at an offset can end in this trap.
    pub(super) fn can_trap(&self, offset: u64, code: Code) -> bool {
        self.operators.get(&offset).is_some_and(|(codes, _)| codes.contains(&code))
    }

    /// What stands at an offset, for messages.
    pub(super) fn operator(&self, offset: u64) -> &str {
        self.operators.get(&offset).map_or("no operator", |(_, name)| name)
    }
}

/// Whether an operator can trap at all.
pub(crate) fn can_trap(operator: &Operator<'_>) -> bool {
    !traps_of(operator).is_empty()
}

fn traps_of(operator: &Operator<'_>) -> &'static [Code] {
    use Operator as O;
    match operator {
        O::Unreachable => &[Code::Unreachable],
        O::I32DivS | O::I64DivS => &[Code::IntegerDivisionByZero, Code::IntegerOverflow],
        O::I32DivU | O::I64DivU | O::I32RemS | O::I64RemS | O::I32RemU | O::I64RemU => &[Code::IntegerDivisionByZero],
        O::I32TruncF32S
        | O::I32TruncF32U
        | O::I32TruncF64S
        | O::I32TruncF64U
        | O::I64TruncF32S
        | O::I64TruncF32U
        | O::I64TruncF64S
        | O::I64TruncF64U => &[Code::IntegerOverflow, Code::BadConversionToInteger],
        O::CallIndirect { .. } | O::ReturnCallIndirect { .. } => {
            &[Code::UndefinedElement, Code::UninitializedElement, Code::BadSignature]
        }
        O::TableGet { .. } | O::TableSet { .. } | O::TableFill { .. } | O::TableCopy { .. } | O::TableInit { .. } => {
            &[Code::TableOutOfBounds]
        }
        _ if is_memory_access(operator) => &[Code::MemoryOutOfBounds],
        _ => &[],
    }
}

fn is_memory_access(operator: &Operator<'_>) -> bool {
    macro_rules! has_memarg {
        ($(@$proposal:ident $name:ident $({ $($field:ident: $ty:ty),* })? => $visit:ident ($($annotation:tt)*))*) => {
            match operator {
                $(Operator::$name { .. } => starts_with_memarg(stringify!($($annotation)*)),)*
                _ => false,
            }
        };
    }
    matches!(operator, Operator::MemoryFill { .. } | Operator::MemoryCopy { .. } | Operator::MemoryInit { .. })
        || wasmparser::for_each_operator!(has_memarg)
}

/// The operator table of the parser annotates loads and stores so.
fn starts_with_memarg(annotation: &str) -> bool {
    annotation.starts_with("arity memarg")
}

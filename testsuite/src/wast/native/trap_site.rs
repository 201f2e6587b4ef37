//! Whether a trap's place fits its reason: the operator at the place that the code map gives must be one that can
//! trap so.

use saggar_abi::trap::Code;
use wasmparser::{BinaryReader, Operator, OperatorsReader, Parser, Payload};

/// The operator at an offset of a module.
pub(super) fn operator_at(wasm: &[u8], offset: u32) -> Option<Operator<'_>> {
    let offset = offset as usize;
    let in_code = Parser::new(0).parse_all(wasm).map_while(Result::ok).any(|payload| match payload {
        Payload::CodeSectionEntry(body) => body.range().contains(&(offset as u64)),
        _ => false,
    });
    if !in_code {
        return None;
    }
    OperatorsReader::new(BinaryReader::new(wasm.get(offset..)?, offset as u64)).read().ok()
}

/// Whether an operator can end with this trap.
pub(super) fn can_trap(operator: &Operator<'_>, code: Code) -> bool {
    let name = operator_name(operator);
    match code {
        Code::Unreachable => name == "Unreachable",
        Code::MemoryOutOfBounds => {
            name.contains("Load") || name.contains("Store") || matches!(name.as_str(), "MemoryCopy" | "MemoryFill" | "MemoryInit")
        }
        Code::TableOutOfBounds => {
            matches!(name.as_str(), "TableGet" | "TableSet" | "TableCopy" | "TableFill" | "TableInit")
        }
        Code::UndefinedElement | Code::UninitializedElement | Code::BadSignature => {
            matches!(name.as_str(), "CallIndirect" | "ReturnCallIndirect")
        }
        Code::IntegerDivisionByZero => name.contains("Div") || name.contains("Rem"),
        Code::IntegerOverflow => name.ends_with("DivS") || name.contains("Trunc"),
        Code::BadConversionToInteger => name.contains("Trunc"),
        // The check at the start of a function counts as its first operator.
        Code::StackOverflow => true,
        _ => false,
    }
}

/// The name of an operator's variant.
fn operator_name(operator: &Operator<'_>) -> String {
    let text = format!("{operator:?}");
    text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{can_trap, operator_at};
    use saggar_abi::trap::Code;
    use wasmparser::Operator;

    #[test]
    fn operators_are_found_and_judged() {
        let wasm = wat::parse_str("(module (memory 1) (func unreachable) (func i32.const 0 i32.load drop))").unwrap();
        let found: Vec<u32> = (0..u32::try_from(wasm.len()).unwrap())
            .filter(|&offset| matches!(operator_at(&wasm, offset), Some(Operator::I32Load { .. })))
            .collect();
        assert_eq!(found.len(), 1);
        let operator = operator_at(&wasm, found[0]).unwrap();
        assert!(can_trap(&operator, Code::MemoryOutOfBounds));
        assert!(!can_trap(&operator, Code::Unreachable));
        assert!(operator_at(&wasm, 0).is_none());
    }
}

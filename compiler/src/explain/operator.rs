//! Opcodes → names, as the text format spells them.

use crate::module::operator_text;
use wasmparser::{BinaryReader, OperatorsReader, WasmFeatures};

/// The operator of an opcode as `.debug_saggar_map` stores it: `i32.load8_u`; the bare number for one that the parser does not know.
pub(crate) fn name(opcode: u32) -> String {
    let first = opcode & 0xff;
    let number = opcode >> 8;
    // Some operators only stand inside an `if`.
    let mut bytes = vec![0x04, 0x40, u8::try_from(first).unwrap_or(0)];
    if number > 0 || (0xfb..=0xfe).contains(&first) {
        // Writing to a vector does not fail.
        let _ = gimli::leb128::write::unsigned(&mut bytes, number.into());
    }
    // Immediates of zero are ones that every operator takes; but a list of types wants at least one.
    const SELECT_WITH_TYPES: u32 = 0x1c;
    bytes.extend_from_slice(if first == SELECT_WITH_TYPES { &[1, 0x7f] } else { &[0; 24] });
    let mut reader = BinaryReader::new(&bytes, 0);
    reader.set_features(WasmFeatures::all());
    let mut operators = OperatorsReader::new(reader);
    match operators.read().and_then(|_if| operators.read()) {
        Ok(operator) => operator_text(&operator),
        Err(_) if number > 0 => format!("operator {first:#04x} {number}"),
        Err(_) => format!("operator {first:#04x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::name;
    use crate::SUPPORTED_OPERATORS;
    use std::collections::BTreeSet;

    #[test]
    fn operators_have_the_names_of_the_text_format() {
        for (opcode, expected) in [
            (0x00, "unreachable"),
            (0x0e, "br_table"),
            (0x10, "call"),
            (0x11, "call_indirect"),
            (0x1c, "select"),
            (0x20, "local.get"),
            (0x2d, "i32.load8_u"),
            (0x44, "f64.const"),
            (0x6d, "i32.div_s"),
            (0xac, "i64.extend_i32_s"),
            (0xfc + 256 * 7, "i64.trunc_sat_f64_u"),
            (0xfc + 256 * 10, "memory.copy"),
            (0xfd, "v128.load"),
            (0xfd + 256 * 0x4f, "v128.andnot"),
            (0xfd + 256 * 0x7c, "i16x8.extadd_pairwise_i8x16_s"),
            (0xfd + 256 * 0x82, "i16x8.q15mulr_sat_s"),
            (0xfd + 256 * 0xea, "f32x4.pmin"),
            (0xfd + 256 * 0x105, "f32x4.relaxed_madd"),
            (0xff, "operator 0xff"),
            (0xfc + 256 * 999, "operator 0xfc 999"),
        ] {
            assert_eq!(name(opcode), expected);
        }
    }

    #[test]
    fn every_supported_operator_has_an_opcode() {
        let prefixed = [0xfc, 0xfd].into_iter().flat_map(|prefix| (0..0x200).map(move |number| prefix + 256 * number));
        let names: BTreeSet<String> = (0..=0xff_u32).chain(prefixed).map(name).collect();
        for operator in SUPPORTED_OPERATORS {
            let text = crate::module::spelled(operator);
            assert!(names.contains(&text), "{text}");
        }
    }
}

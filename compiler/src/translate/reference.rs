//! `ref.null`, `ref.is_null`, `ref.func` (spec section 4.4.2). A reference is a pointer; null is zero.

use super::Translator;
use crate::module::FuncIndex;
use crate::symbol::Symbol;
use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::condcodes::IntCC;
use wasmparser::Operator;

impl Translator<'_, '_> {
    pub(super) fn reference(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::RefNull { .. } => {
                let pointer = self.code.env.pointer();
                let null = self.code.builder.ins().iconst(pointer, 0);
                self.push(null);
            }
            Operator::RefIsNull => {
                let reference = self.pop();
                let bit = self.code.builder.ins().icmp_imm_s(IntCC::Equal, reference, 0);
                self.push_bit(bit);
            }
            Operator::RefFunc { function_index } => {
                let record = self.code.address_of(Symbol::Record(FuncIndex(*function_index)));
                self.push(record);
            }
            _ => return false,
        }
        true
    }
}

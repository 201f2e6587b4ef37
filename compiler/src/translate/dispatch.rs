//! The index page: which family owns which operator.
//!
//! An operator that stands in none of the families is unsupported; the tests walk all operators that `wasmparser`
//! knows and hold each to [`SUPPORTED`](super::SUPPORTED).

use super::Translator;
use super::control::Opening;
use crate::error::Error;
use crate::module::operator_text;
use wasmparser::{Operator, ValidatorResources};

impl Translator<'_, '_> {
    /// Translates one operator.
    pub(super) fn operator(&mut self, operator: &Operator<'_>, resources: &ValidatorResources) -> Result<(), Error> {
        use Operator as O;
        if self.reachable {
            self.code.meter_operator();
        }
        match operator {
            // Control that counts even where it cannot be reached.
            O::Block { blockty } => return self.open(Opening::Block, *blockty, resources),
            O::Loop { blockty } => return self.open(Opening::Loop, *blockty, resources),
            O::If { blockty } => return self.open(Opening::If, *blockty, resources),
            O::Else => {
                self.otherwise();
                return Ok(());
            }
            O::End => {
                self.end();
                return Ok(());
            }
            _ if !self.reachable => return Ok(()),
            _ => {}
        }
        match operator {
            O::Nop => {}
            O::Unreachable => self.unreachable(),
            O::Br { relative_depth } => self.branch(*relative_depth),
            O::BrIf { relative_depth } => self.branch_if(*relative_depth),
            O::BrTable { targets } => self.branch_table(targets)?,
            O::Return => self.return_(),
            _ => {
                let owned = self.call_operator(operator)
                    || self.variable(operator)
                    || self.memory(operator)
                    || self.numeric(operator)
                    || self.division(operator)
                    || self.conversion(operator)
                    || self.rounding(operator)
                    || self.reference(operator)
                    || self.table(operator)
                    || self.bulk(operator)
                    || self.simd(operator);
                if !owned {
                    return Err(Error::unsupported(format!("the operator {}", operator_text(operator))));
                }
            }
        }
        Ok(())
    }
}

//! The operators of whose results something can be known: constants, locals, sums, and comparisons.

use super::body::Reading;
use super::trips::Width::{self, Double, Word};
use super::values::{Comparison, Value};
use wasmparser::Operator;

impl Reading {
    /// Reads an operator that computes something of which more can be known than how many operands it has; whether it is one.
    pub(super) fn compute(&mut self, operator: &Operator<'_>) -> bool {
        const MINUS: u64 = u64::MAX;
        let value = match operator {
            Operator::I32Const { value } => Value::Constant(Word, u64::from(value.cast_unsigned())),
            Operator::I64Const { value } => Value::Constant(Double, value.cast_unsigned()),
            Operator::LocalGet { local_index } => self.local(*local_index),
            Operator::LocalSet { local_index } => {
                let value = self.pop();
                self.facts.set(*local_index, value);
                return true;
            }
            Operator::LocalTee { local_index } => {
                let value = self.pop();
                self.facts.set(*local_index, value);
                value
            }
            Operator::I32Eqz => self.pop().is_zero(Word),
            Operator::I64Eqz => self.pop().is_zero(Double),
            Operator::I32Add | Operator::I32Sub | Operator::I64Add | Operator::I64Sub => {
                let (right, left) = (self.pop(), self.pop());
                match operator {
                    Operator::I32Add => left.sum(right, Word, 1),
                    Operator::I32Sub => left.sum(right, Word, MINUS),
                    Operator::I64Add => left.sum(right, Double, 1),
                    _ => left.sum(right, Double, MINUS),
                }
            }
            other => match comparison(other) {
                Some((comparison, width)) => {
                    let (right, left) = (self.pop(), self.pop());
                    left.compare(right, comparison, width)
                }
                None => return false,
            },
        };
        self.operands.push(value);
        true
    }
}

fn comparison(operator: &Operator<'_>) -> Option<(Comparison, Width)> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    Some(match operator {
        Operator::I32Eq => (Equal, Word),
        Operator::I32Ne => (NotEqual, Word),
        Operator::I32LtS => (Less { signed: true }, Word),
        Operator::I32LtU => (Less { signed: false }, Word),
        Operator::I32LeS => (LessOrEqual { signed: true }, Word),
        Operator::I32LeU => (LessOrEqual { signed: false }, Word),
        Operator::I32GtS => (Greater { signed: true }, Word),
        Operator::I32GtU => (Greater { signed: false }, Word),
        Operator::I32GeS => (GreaterOrEqual { signed: true }, Word),
        Operator::I32GeU => (GreaterOrEqual { signed: false }, Word),
        Operator::I64Eq => (Equal, Double),
        Operator::I64Ne => (NotEqual, Double),
        Operator::I64LtS => (Less { signed: true }, Double),
        Operator::I64LtU => (Less { signed: false }, Double),
        Operator::I64LeS => (LessOrEqual { signed: true }, Double),
        Operator::I64LeU => (LessOrEqual { signed: false }, Double),
        Operator::I64GtS => (Greater { signed: true }, Double),
        Operator::I64GtU => (Greater { signed: false }, Double),
        Operator::I64GeS => (GreaterOrEqual { signed: true }, Double),
        Operator::I64GeU => (GreaterOrEqual { signed: false }, Double),
        _ => return None,
    })
}

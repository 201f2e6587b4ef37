//! Lengths, weights, temperatures, volumes and times in other units.
//!
//! Amounts are exact fractions until they are spoken (`fraction.rs`); the units and their definitions are in `units.rs`.
#![cfg_attr(target_arch = "wasm32", no_std)]

mod fraction;
mod units;

use fraction::Fraction;
use saggar_skill::{Intent, Reply, Sink, Skill};
use units::Unit;

saggar_skill::exports!(Convert);

/// The skill; it remembers nothing.
pub struct Convert;

impl Skill for Convert {
    fn new() -> Self {
        Self
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        if intent.name() != "SaggarConvert" {
            return;
        }
        let unit = |slot| intent.slot(slot).and_then(units::find);
        let (Some(from), Some(to)) = (unit("from"), unit("to")) else {
            return reply.fail("I do not know that unit.");
        };
        let Some(amount) = Fraction::parse(intent.slot("amount").unwrap_or("1")) else {
            return reply.fail("I did not understand the number.");
        };
        if from.kind != to.kind {
            reply.fail(from.many);
            reply.push(" cannot be converted to ");
            reply.push(to.many);
            return reply.push(".");
        }
        match units::convert(amount, from, to) {
            Ok(result) => {
                say(amount, from, reply);
                reply.push(if amount.is_one() { " is " } else { " are " });
                say(result, to, reply);
                reply.push(".");
            }
            Err(units::Impossible::TooLarge) => reply.fail("That is too large a number for me."),
            Err(units::Impossible::TooCold) => reply.fail("Nothing is as cold as that."),
        }
    }
}

fn say(amount: Fraction, unit: &Unit, reply: &mut Reply<'_>) {
    amount.say(reply);
    reply.push(" ");
    reply.push(if amount.is_one() { unit.one } else { unit.many });
}

#[cfg(test)]
mod tests {
    use super::*;
    use saggar_skill::mock::intent;

    fn convert(value: &str, from: &str, to: &str) -> String {
        intent(&mut Convert, &format!("intent=SaggarConvert\nslot.amount={value}\nslot.from={from}\nslot.to={to}"))
    }

    #[test]
    fn known_conversions() {
        for (value, from, to, said) in [
            ("5", "kilometers", "miles", "five kilometers are three point one zero seven miles."),
            ("one", "inch", "centimetres", "one inch is two point five four centimeters."),
            (
                "one hundred",
                "celsius",
                "fahrenheit",
                "one hundred degrees Celsius are two hundred and twelve degrees Fahrenheit.",
            ),
            ("minus forty", "fahrenheit", "celsius", "minus forty degrees Fahrenheit are minus forty degrees Celsius."),
            ("two point five", "pounds", "grams", "two point five pounds are one thousand one hundred and thirty four grams."),
            ("0.5", "gallons", "liters", "zero point five gallons are one point eight nine three liters."),
            ("90", "minutes", "hours", "ninety minutes are one point five hours."),
            ("three", "teaspoons", "tablespoon", "three teaspoons are one tablespoon."),
            ("half", "mile", "yards", "zero point five miles are eight hundred and eighty yards."),
            ("1", "millimeter", "mile", "one millimeter is less than one thousandth miles."),
        ] {
            assert_eq!(convert(value, from, to), said);
        }
    }

    #[test]
    fn impossible_conversions() {
        assert_eq!(convert("1", "mile", "pounds"), "miles cannot be converted to pounds. [error=1]");
        assert_eq!(convert("1", "parsec", "miles"), "I do not know that unit. [error=1]");
        assert_eq!(convert("some", "inches", "feet"), "I did not understand the number. [error=1]");
        assert_eq!(convert("minus 300", "celsius", "kelvin"), "Nothing is as cold as that. [error=1]");
        let large = "9".repeat(18);
        assert_eq!(convert(&large, "miles", "millimeters"), "That is too large a number for me. [error=1]");
    }
}

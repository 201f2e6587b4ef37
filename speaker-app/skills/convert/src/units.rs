//! The units: each is an exact multiple of its kind's base unit, by definition.
//!
//! Yard, pound and gallon are those of the international agreement of 1959 and of United States customary measure: 0.9144 m,
//! 0.45359237 kg, and 231 cubic inches. Temperatures also have a zero of their own, in hundredths of their degree above absolute zero.

use saggar_skill::heard;

use crate::fraction::Fraction;

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Length,
    Weight,
    Volume,
    Time,
    Temperature,
}

/// A unit.
pub(crate) struct Unit {
    pub(crate) kind: Kind,
    pub(crate) one: &'static str,
    pub(crate) many: &'static str,
    /// Other names, by which it is heard.
    aliases: &'static [&'static str],
    /// How many base units it is, as a fraction.
    size: (i128, i128),
    /// Where its zero lies above the base unit's, in hundredths.
    zero_hundredths: i128,
}

/// Why there is no result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Impossible {
    TooLarge,
    TooCold,
}

const fn unit(
    kind: Kind,
    one: &'static str,
    many: &'static str,
    aliases: &'static [&'static str],
    numerator: i128,
    denominator: i128,
) -> Unit {
    Unit { kind, one, many, aliases, size: (numerator, denominator), zero_hundredths: 0 }
}

use Kind::{Length, Temperature, Time, Volume, Weight};

/// Lengths in millimeters, weights in milligrams, volumes in milliliters, times in seconds, temperatures in kelvins.
static UNITS: &[Unit] = &[
    unit(Length, "millimeter", "millimeters", &["millimetre", "mm"], 1, 1),
    unit(Length, "centimeter", "centimeters", &["centimetre", "cm"], 10, 1),
    unit(Length, "meter", "meters", &["metre", "m"], 1_000, 1),
    unit(Length, "kilometer", "kilometers", &["kilometre", "km"], 1_000_000, 1),
    unit(Length, "inch", "inches", &[], 254, 10),
    unit(Length, "foot", "feet", &[], 3_048, 10),
    unit(Length, "yard", "yards", &[], 9_144, 10),
    unit(Length, "mile", "miles", &[], 1_609_344, 1),
    unit(Length, "nautical mile", "nautical miles", &[], 1_852_000, 1),
    unit(Weight, "milligram", "milligrams", &["mg"], 1, 1),
    unit(Weight, "gram", "grams", &["g"], 1_000, 1),
    unit(Weight, "kilogram", "kilograms", &["kilo", "kg"], 1_000_000, 1),
    unit(Weight, "ton", "tons", &["tonne", "metric ton"], 1_000_000_000, 1),
    unit(Weight, "ounce", "ounces", &["oz"], 45_359_237, 1_600),
    unit(Weight, "pound", "pounds", &["lb"], 45_359_237, 100),
    unit(Weight, "stone", "stones", &[], 45_359_237 * 14, 100),
    unit(Volume, "milliliter", "milliliters", &["millilitre", "ml"], 1, 1),
    unit(Volume, "centiliter", "centiliters", &["centilitre", "cl"], 10, 1),
    unit(Volume, "deciliter", "deciliters", &["decilitre", "dl"], 100, 1),
    unit(Volume, "liter", "liters", &["litre", "l"], 1_000, 1),
    // An inch is 2.54 cm, a gallon 231 cubic inches; the others are halves, thirds and so on of it.
    unit(Volume, "gallon", "gallons", &[], GALLON, MILLION),
    unit(Volume, "quart", "quarts", &[], GALLON, MILLION * 4),
    unit(Volume, "pint", "pints", &[], GALLON, MILLION * 8),
    unit(Volume, "cup", "cups", &[], GALLON, MILLION * 16),
    unit(Volume, "fluid ounce", "fluid ounces", &[], GALLON, MILLION * 128),
    unit(Volume, "tablespoon", "tablespoons", &[], GALLON, MILLION * 256),
    unit(Volume, "teaspoon", "teaspoons", &[], GALLON, MILLION * 768),
    unit(Time, "second", "seconds", &[], 1, 1),
    unit(Time, "minute", "minutes", &[], 60, 1),
    unit(Time, "hour", "hours", &[], 3_600, 1),
    unit(Time, "day", "days", &[], 86_400, 1),
    unit(Time, "week", "weeks", &[], 604_800, 1),
    degree("kelvin", "kelvins", &["degree kelvin"], 1, 1, 0),
    degree("degree Celsius", "degrees Celsius", &["celsius", "centigrade", "degree centigrade"], 1, 1, 27_315),
    degree("degree Fahrenheit", "degrees Fahrenheit", &["fahrenheit"], 5, 9, 45_967),
];

const MILLION: i128 = 1_000_000;
/// Millionths of a milliliter.
const GALLON: i128 = 231 * 254 * 254 * 254;

const fn degree(
    one: &'static str,
    many: &'static str,
    aliases: &'static [&'static str],
    numerator: i128,
    denominator: i128,
    zero_hundredths: i128,
) -> Unit {
    let plain = unit(Temperature, one, many, aliases, numerator, denominator);
    Unit { zero_hundredths, ..plain }
}

/// The unit that is called so.
pub(crate) fn find(name: &str) -> Option<&'static Unit> {
    let called = |known: &str| heard::same(known, name);
    UNITS.iter().find(|unit| called(unit.one) || called(unit.many) || unit.aliases.iter().any(|alias| called(alias)))
}

/// So many `from` in `to`, which are of one kind.
pub(crate) fn convert(amount: Fraction, from: &Unit, to: &Unit) -> Result<Fraction, Impossible> {
    let fraction = |(numerator, denominator)| Fraction::new(numerator, denominator).ok_or(Impossible::TooLarge);
    let zero = |unit: &Unit| fraction((unit.zero_hundredths, 100));
    let (from_size, to_size) = (fraction(from.size)?, fraction(to.size)?);
    let above_zero = amount.plus(zero(from)?).ok_or(Impossible::TooLarge)?;
    if from.kind == Kind::Temperature && above_zero.is_negative() {
        return Err(Impossible::TooCold);
    }
    let result = above_zero.times(from_size).and_then(|base| base.over(to_size)).ok_or(Impossible::TooLarge)?;
    result.minus(zero(to)?).filter(|result| result.is_sayable() && amount.is_sayable()).ok_or(Impossible::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_means_one_unit() {
        for unit in UNITS {
            for name in [unit.one, unit.many].iter().chain(unit.aliases) {
                assert!(core::ptr::eq(find(name).unwrap(), unit), "{name}");
            }
        }
    }

    #[test]
    fn there_and_back_is_exact() {
        let amount = Fraction::parse("12.34").unwrap();
        for from in UNITS {
            for to in UNITS.iter().filter(|to| to.kind == from.kind) {
                if let Ok(there) = convert(amount, from, to) {
                    assert_eq!(convert(there, to, from), Ok(amount), "{} {}", from.one, to.one);
                }
            }
        }
    }
}

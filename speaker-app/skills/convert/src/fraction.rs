//! Exact fractions, and how they are heard and spoken.
//!
//! Invariant: the denominator is positive. Products are checked, and a fraction is reduced when it is made, so that only what
//! does not fit 128 bits although reduced is too large.

use saggar_skill::{Sink, heard, phrase};

/// A rational number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    /// None where the denominator is not positive.
    pub(crate) fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let (mut a, mut b) = (numerator.checked_abs()?, denominator);
        if denominator <= 0 {
            return None;
        }
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Some(Self { numerator: numerator / a, denominator: denominator / a })
    }

    /// A number that was heard: "12", "2.5", "two point five", "minus forty", "half", "two and a half".
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("minus ").or_else(|| text.strip_prefix('-')) {
            let Self { numerator, denominator } = Self::parse(rest)?;
            return Self::new(-numerator, denominator);
        }
        if let "half" | "a half" | "half a" | "half an" = text {
            return Self::new(1, 2);
        }
        if let Some(whole) = text.strip_suffix(" and a half") {
            return Self::new(i128::from(heard::number(whole)?) * 2 + 1, 2);
        }
        let (whole, decimals) = text.split_once(" point ").or_else(|| text.split_once('.')).unwrap_or((text, ""));
        let (mut numerator, mut denominator) = (i128::from(heard::number(whole)?), 1_i128);
        // "five" is one digit behind the point, "25" and "twenty" two; but "five" after "twenty" completes it.
        let mut ten = false;
        for word in heard::words(decimals) {
            let digits = heard::number(word)?;
            let spelled = !word.starts_with(|first: char| first.is_ascii_digit());
            let places = match spelled {
                true if ten && digits < 10 => 0,
                true => 1 + u32::from(digits > 9),
                false => u32::try_from(word.len()).ok()?,
            };
            let scale = 10_i128.checked_pow(places)?;
            numerator = numerator.checked_mul(scale)?.checked_add(digits.into())?;
            denominator = denominator.checked_mul(scale)?;
            ten = spelled && digits >= 20;
        }
        Self::new(numerator, denominator)
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Self::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
    }

    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { numerator: -other.numerator, ..other })
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Self::new(self.numerator.checked_mul(other.numerator)?, self.denominator.checked_mul(other.denominator)?)
    }

    /// None for a divisor that is not positive; units are never less.
    pub(crate) fn over(self, other: Self) -> Option<Self> {
        let inverse = Self::new(other.denominator, other.numerator)?;
        self.times(inverse)
    }

    pub(crate) const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    pub(crate) fn is_one(self) -> bool {
        self == Self { numerator: 1, denominator: 1 }
    }

    /// Whether it can be spoken at all.
    pub(crate) const fn is_sayable(self) -> bool {
        self.numerator.unsigned_abs() / self.denominator.unsigned_abs() < 1_000_000_000_000
    }

    /// Speaks it, rounded half away from zero to as many decimals as its size deserves: four figures, but no more than three decimals.
    pub(crate) fn say(self, out: &mut dyn Sink) {
        let (magnitude, denominator) = (self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        let scale: u128 = match magnitude / denominator {
            0..=9 => 1000,
            10..=99 => 100,
            100..=999 => 10,
            _ => 1,
        };
        // What can be spoken is below 2^40, and `new` leaves room: a numerator near 2^127 over 1 is not sayable.
        let whole = magnitude / denominator;
        let rest = (magnitude % denominator).saturating_mul(scale).saturating_mul(2).saturating_add(denominator);
        let scaled = whole * scale + rest / denominator.saturating_mul(2);
        if scaled == 0 && magnitude > 0 {
            return out.push("less than one thousandth");
        }
        if self.is_negative() {
            out.push("minus ");
        }
        phrase::number(out, i64::try_from(scaled / scale).unwrap_or(i64::MAX));
        let (mut decimals, mut place) = (scaled % scale, scale);
        if decimals > 0 {
            out.push(" point");
        }
        while decimals > 0 {
            place /= 10;
            out.push(" ");
            phrase::number(out, i64::try_from(decimals / place).unwrap_or(0));
            decimals %= place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use saggar_skill::Text;

    #[test]
    fn numbers_are_heard() {
        for (text, numerator, denominator) in [
            ("12", 12, 1),
            ("2.50", 5, 2),
            ("two point oh five", 41, 20),
            ("three point twenty five", 13, 4),
            ("minus one and a half", -3, 2),
            ("half", 1, 2),
        ] {
            assert_eq!(Fraction::parse(text), Fraction::new(numerator, denominator), "{text}");
        }
        for text in ["", "point", "one point", "minus", "1.x", "- -"] {
            assert!(Fraction::parse(text).is_none_or(|value| value.is_one()), "{text}");
        }
    }

    #[test]
    fn fractions_are_rounded_to_what_one_hears() {
        for (numerator, denominator, said) in [
            (2, 3, "zero point six six seven"),
            (9_999_999, 10_000_000, "one"),
            (1_005, 100, "ten point zero five"),
            (123_456, 1_000, "one hundred and twenty three point five"),
            (-1, 8, "minus zero point one two five"),
            (0, 1, "zero"),
            (1, i128::MAX, "less than one thousandth"),
        ] {
            let mut text = Text::<80>::new();
            Fraction::new(numerator, denominator).unwrap().say(&mut text);
            assert_eq!(text.as_str(), said);
        }
    }
}

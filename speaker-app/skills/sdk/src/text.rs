//! Texts of a fixed capacity, and what phrases are written to.
//!
//! A text that is full drops the rest at a character's boundary: a sentence cut short is better than a skill that traps.
//! `core::fmt` is deliberately absent: its machinery is larger than most skills.

/// Something that a phrase can be written to.
pub trait Sink {
    /// Appends `text`, or as much of it as there is room for.
    fn push(&mut self, text: &str);

    /// Appends `number` in decimal digits.
    fn push_number(&mut self, number: i64) {
        let mut digits = [b'0'; 20];
        let mut at = digits.len();
        let mut rest = number.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + low_digit(rest);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            self.push("-");
        }
        self.push(core::str::from_utf8(&digits[at..]).unwrap_or("0"));
    }
}

fn low_digit(number: u64) -> u8 {
    u8::try_from(number % 10).unwrap_or(0)
}

/// A text of at most `N` bytes.
#[derive(Clone, Copy)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    /// An empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// The beginning of `text` that fits.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut new = Self::new();
        new.push(text);
        new
    }

    /// The text so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.len]).unwrap_or("")
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forgets what was written.
    pub const fn clear(&mut self) {
        self.len = 0;
    }
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Sink for Text<N> {
    fn push(&mut self, text: &str) {
        let text = fitting(text, N - self.len);
        self.bytes[self.len..self.len + text.len()].copy_from_slice(text.as_bytes());
        self.len += text.len();
    }
}

/// The longest beginning of `text` of at most `room` bytes.
pub(crate) fn fitting(text: &str, room: usize) -> &str {
    let mut end = room.min(text.len());
    // A boundary is at most three bytes away, and 0 is one.
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_full() {
        let mut text = Text::<64>::new();
        for number in [0, -7, 120, i64::MIN] {
            text.push_number(number);
            text.push(" ");
        }
        assert_eq!(text.as_str(), "0 -7 120 -9223372036854775808 ");
    }

    #[test]
    fn a_full_text_ends_at_a_character() {
        assert_eq!(Text::<4>::of("aéüx").as_str(), "aé");
        assert_eq!(Text::<0>::of("a").as_str(), "");
    }
}

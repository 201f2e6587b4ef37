//! Single values out of a JSON text, without building it in memory.
//!
//! It is a reader of what one asks for, not a validator: what cannot be made sense of is not found, and nothing panics or recurses.
//! Keys are found in the outermost object, or along a path such as `today.high`. Escapes within keys are not undone.

use crate::Sink;

/// A value of a JSON text, not looked into yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    /// The outermost value of a text.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        Self(text.trim())
    }

    /// The value at a path of keys, such as `today.high`.
    #[must_use]
    pub fn get(self, path: &str) -> Option<Self> {
        path.split('.').try_fold(self, Self::field)
    }

    /// The value of a key of this object.
    fn field(self, key: &str) -> Option<Self> {
        let mut rest = self.0.strip_prefix('{')?.trim_start();
        while let Some(after) = rest.strip_prefix('"') {
            let end = string_end(after)?;
            let value = after[end + 1..].trim_start().strip_prefix(':')?.trim_start();
            let (this, behind) = value.split_at(value_end(value)?);
            if &after[..end] == key {
                return Some(Self(this));
            }
            rest = behind.trim_start().strip_prefix(',')?.trim_start();
        }
        None
    }

    /// A number, rounded to the nearest whole one, halves away from zero; exponents are not read.
    #[must_use]
    pub fn rounded(self) -> Option<i64> {
        let (negative, digits) = self.0.strip_prefix('-').map_or((false, self.0), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let magnitude = whole.parse::<i64>().ok()?.checked_add(i64::from(fraction.as_bytes()[0] >= b'5'))?;
        Some(if negative { -magnitude } else { magnitude })
    }

    /// Appends a string's text to `out`; false where this is no string.
    pub fn write(self, out: &mut dyn Sink) -> bool {
        let Some(mut rest) = self.0.strip_prefix('"').and_then(|rest| Some(&rest[..string_end(rest)?])) else { return false };
        while let Some(at) = rest.find('\\') {
            out.push(&rest[..at]);
            let escape = &rest[at + 1..];
            let mut skip = 1;
            match escape.bytes().next() {
                Some(b'n' | b't' | b'r' | b'b' | b'f') => out.push(" "),
                Some(b'u') => {
                    let digits = escape.get(1..5);
                    let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
                    out.push(code.unwrap_or('?').encode_utf8(&mut [0; 4]));
                    skip += digits.map_or(0, str::len);
                }
                // A quotation mark, a backslash or a slash stands for itself.
                _ => {
                    skip = escape.chars().next().map_or(0, char::len_utf8);
                    out.push(&escape[..skip]);
                }
            }
            rest = &escape[skip..];
        }
        out.push(rest);
        true
    }
}

/// Where the quotation mark is that ends a string which began before `text`.
fn string_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        end
    })
}

/// Where the value ends that `text` begins with: the depth of brackets is counted, strings are stepped over.
fn value_end(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0_u32, 0);
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => at += string_end(&text[at + 1..])? + 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => break,
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => break,
            _ => {}
        }
        at += 1;
    }
    (at > 0 && depth == 0).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;

    const WEATHER: &str =
        r#" {"place": "K\u00f6ln \"am\" Rhein", "skip": {"high": [1, "}"]}, "today": {"high": -3.5, "low": 12}, "end": true} "#;

    #[test]
    fn values_are_found() {
        let value = Value::of(WEATHER);
        assert_eq!(value.get("today.high").and_then(Value::rounded), Some(-4));
        assert_eq!(value.get("today.low").and_then(Value::rounded), Some(12));
        assert_eq!((value.get("high"), value.get("end.high"), value.get("end").unwrap().rounded()), (None, None, None));
        let mut text = Text::<64>::new();
        assert!(value.get("place").unwrap().write(&mut text) && !value.get("end").unwrap().write(&mut text));
        assert_eq!(text.as_str(), "Köln \"am\" Rhein");
    }

    #[test]
    fn broken_texts_are_survived() {
        for end in (0..=WEATHER.len()).filter(|&end| WEATHER.is_char_boundary(end)) {
            for hole in 0..end {
                let mut bytes = WEATHER.as_bytes()[..end].to_vec();
                for filler in *b"\"\\{},:u" {
                    bytes[hole] = filler;
                    let text = String::from_utf8_lossy(&bytes);
                    for path in ["place", "today.high", "skip.high", "end"] {
                        if let Some(value) = Value::of(&text).get(path) {
                            value.write(&mut Text::<64>::new());
                            let _ = value.rounded();
                        }
                    }
                }
            }
        }
        for text in ["", "{", "{\"", "{\"a\\", "{\"a\":", "{\"a\":\"\\u12", "[[[[", "99999999999999999999"] {
            assert_eq!(Value::of(text).get("a"), None);
            assert_eq!(Value::of(text).rounded(), None);
        }
    }
}

//! Messages of the host: lines `key=value`, in which `\n` and `\\` stand for a line's end and a backslash.
//!
//! Invariant: a message borrows the buffer that it was written to. Escapes only ever shrink a value, so they are undone in place.

/// More fields than any message has; further ones are ignored.
const FIELDS: usize = 24;

/// Where a field's key and value stand in the buffer.
#[derive(Clone, Copy, Default)]
struct Field {
    key: (usize, usize),
    value: (usize, usize),
}

/// A message, taken apart.
pub struct Message<'a> {
    bytes: &'a [u8],
    fields: [Field; FIELDS],
    len: usize,
}

impl<'a> Message<'a> {
    /// Takes a message apart. What is not UTF-8 or not a field is left out, never an error: the host's word is checked like anybody's.
    #[must_use]
    pub fn parse(bytes: &'a mut [u8]) -> Self {
        let mut fields = [Field::default(); FIELDS];
        let mut len = 0;
        let mut at = 0;
        while at < bytes.len() && len < FIELDS {
            let end = position(bytes, at, b'\n').unwrap_or(bytes.len());
            if let Some(equals) = position(bytes, at, b'=').filter(|&equals| equals < end) {
                let value_end = unescape(bytes, equals + 1, end);
                fields[len] = Field { key: (at, equals), value: (equals + 1, value_end) };
                len += 1;
            }
            at = end + 1;
        }
        Self { bytes, fields, len }
    }

    /// The value of the first field called `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.iter().find(|&(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value of `key` as a whole number.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<i32> {
        self.get(key)?.parse().ok()
    }

    /// Every field, in the message's order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let bytes = self.bytes;
        let text = move |(start, end): (usize, usize)| core::str::from_utf8(&bytes[start..end]).ok();
        self.fields[..self.len].iter().filter_map(move |field| Some((text(field.key)?, text(field.value)?)))
    }
}

fn position(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes[from..].iter().position(|&byte| byte == wanted).map(|offset| from + offset)
}

/// Undoes the escapes of `bytes[start..end]` in place, and gives the value's new end. A backslash is no part of any longer
/// UTF-8 character, so bytes may be looked at one by one.
fn unescape(bytes: &mut [u8], start: usize, end: usize) -> usize {
    let (mut from, mut to) = (start, start);
    while from < end {
        let mut byte = bytes[from];
        if byte == b'\\' && from + 1 < end {
            from += 1;
            byte = if bytes[from] == b'n' { b'\n' } else { bytes[from] };
        }
        bytes[to] = byte;
        from += 1;
        to += 1;
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_and_unescaped() {
        let mut bytes = *b"intent=A\nslot.name=two\\nlines \\\\ one = more\nnonsense\nempty=";
        let message = Message::parse(&mut bytes);
        assert_eq!(message.get("intent"), Some("A"));
        assert_eq!(message.get("slot.name"), Some("two\nlines \\ one = more"));
        assert_eq!(message.get("empty"), Some(""));
        assert_eq!(message.get("nonsense"), None);
        assert_eq!(message.iter().count(), 3);
    }

    #[test]
    fn any_bytes_are_taken() {
        let mut state = 1_u32;
        for len in 0..200 {
            let mut bytes = [0; 200];
            for byte in &mut bytes {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = b"=\n\\na\xc3\xa9\xff"[(state >> 24) as usize % 8];
            }
            let message = Message::parse(&mut bytes[..len]);
            assert!(message.iter().count() <= FIELDS);
        }
    }
}

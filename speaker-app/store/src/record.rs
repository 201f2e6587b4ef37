//! What one record of the log says, as bytes and back.
//!
//! ```text
//! kind u8, then
//! 1 put        owner  key-length u16  key  value…
//! 2 delete     owner  key…
//! 3 add        owner  id i32  due i64  tag…
//! 4 take       (owner  id i32)…          cancelled or rung, all at once
//! 5 next       owner  id i32             the number the owner's next timer gets
//! ```
//! An owner is its length, u8, and its name. Numbers are little-endian; `…` reaches to the record's end.

use crate::error::StoreError;

/// The longest name of an owner, in bytes.
pub const LONGEST_OWNER_BYTES: usize = 255;
/// The longest key, in bytes.
pub const LONGEST_KEY_BYTES: usize = 4096;
/// The longest value, in bytes.
pub const LONGEST_VALUE_BYTES: usize = 1 << 20;
/// The longest tag of a timer, in bytes.
pub const LONGEST_TAG_BYTES: usize = 4096;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Record<'a> {
    Put { owner: &'a str, key: &'a [u8], value: &'a [u8] },
    Delete { owner: &'a str, key: &'a [u8] },
    Add { owner: &'a str, id: i32, due_unix_ms: i64, tag: &'a str },
    Take(Vec<(&'a str, i32)>),
    Next { owner: &'a str, id: i32 },
}

impl<'a> Record<'a> {
    /// Whether its parts are short enough to be written.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let limits = match self {
            Self::Put { owner, key, value } => [
                ("name of an owner", owner.len(), LONGEST_OWNER_BYTES),
                ("key", key.len(), LONGEST_KEY_BYTES),
                ("value", value.len(), LONGEST_VALUE_BYTES),
            ],
            Self::Add { owner, tag, .. } => {
                [("name of an owner", owner.len(), LONGEST_OWNER_BYTES), ("tag", tag.len(), LONGEST_TAG_BYTES), ("", 0, 0)]
            }
            // These name only what is there.
            Self::Delete { .. } | Self::Take(_) | Self::Next { .. } => return Ok(()),
        };
        match limits.into_iter().find(|(_, len, longest)| len > longest) {
            Some((what, len_bytes, longest_bytes)) => Err(StoreError::TooLong { what, len_bytes, longest_bytes }),
            None => Ok(()),
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Put { owner, key, value } => {
                out.push(1);
                push_owner(&mut out, owner);
                out.extend(u16::try_from(key.len()).unwrap_or(u16::MAX).to_le_bytes());
                out.extend_from_slice(key);
                out.extend_from_slice(value);
            }
            Self::Delete { owner, key } => {
                out.push(2);
                push_owner(&mut out, owner);
                out.extend_from_slice(key);
            }
            Self::Add { owner, id, due_unix_ms, tag } => {
                out.push(3);
                push_owner(&mut out, owner);
                out.extend(id.to_le_bytes());
                out.extend(due_unix_ms.to_le_bytes());
                out.extend_from_slice(tag.as_bytes());
            }
            Self::Take(timers) => {
                out.push(4);
                for (owner, id) in timers {
                    push_owner(&mut out, owner);
                    out.extend(id.to_le_bytes());
                }
            }
            Self::Next { owner, id } => {
                out.push(5);
                push_owner(&mut out, owner);
                out.extend(id.to_le_bytes());
            }
        }
        out
    }

    /// The record of a payload; `None` where it is none that is known.
    pub(crate) fn decode(payload: &'a [u8]) -> Option<Self> {
        let (kind, mut rest) = payload.split_first()?;
        let rest = &mut rest;
        let record = match kind {
            4 => {
                let mut timers = Vec::new();
                while !rest.is_empty() {
                    timers.push((take_owner(rest)?, i32::from_le_bytes(take(rest)?)));
                }
                return Some(Self::Take(timers));
            }
            1..=5 => (kind, take_owner(rest)?),
            _ => return None,
        };
        Some(match record {
            (1, owner) => {
                let len = usize::from(u16::from_le_bytes(take(rest)?));
                let (key, value) = rest.split_at_checked(len)?;
                Self::Put { owner, key, value }
            }
            (2, owner) => Self::Delete { owner, key: rest },
            (3, owner) => {
                let (id, due_unix_ms) = (i32::from_le_bytes(take(rest)?), i64::from_le_bytes(take(rest)?));
                Self::Add { owner, id, due_unix_ms, tag: str::from_utf8(rest).ok()? }
            }
            (_, owner) => Self::Next { owner, id: i32::from_le_bytes(take(rest)?) },
        })
    }
}

fn push_owner(out: &mut Vec<u8>, owner: &str) {
    out.push(u8::try_from(owner.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(owner.as_bytes());
}

fn take_owner<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let [len] = take(rest)?;
    let (owner, after) = rest.split_at_checked(usize::from(len))?;
    *rest = after;
    str::from_utf8(owner).ok()
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back() {
        for record in [
            Record::Put { owner: "a", key: b"k", value: b"" },
            Record::Put { owner: "", key: b"", value: &[0, 255] },
            Record::Delete { owner: "shopping", key: b"list" },
            Record::Add { owner: "timer", id: i32::MAX, due_unix_ms: i64::MIN, tag: "tea \u{1f375}" },
            Record::Take(vec![("timer", 0), ("alarm", 7)]),
            Record::Next { owner: "timer", id: 3 },
        ] {
            let bytes = record.encode();
            assert_eq!(Record::decode(&bytes), Some(record));
        }
    }

    #[test]
    fn cut_records_are_refused() {
        let whole = Record::Add { owner: "timer", id: 1, due_unix_ms: 2, tag: "" }.encode();
        for len in 0..whole.len() {
            assert_eq!(Record::decode(&whole[..len]), None, "{len}");
        }
        assert_eq!(Record::decode(&[9, 0]), None);
        assert_eq!(Record::decode(&[1, 1, b'a', 5, 0, b'k']), None, "a key longer than the record");
        assert_eq!(Record::decode(&[2, 1, 0xff]), None, "a name that is no text");
    }
}

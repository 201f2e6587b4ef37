//! Frames: a line of JSON, data, payload. Foreign bytes are bounded here, before anything looks at what they say.
//!
//! Memory follows what has arrived, never what a length claims: a line that promises a megabyte costs nothing until the
//! megabyte comes, and a promise above the limit is refused unread.

use std::io::{BufRead, ErrorKind, Read, Write};

use serde_json::{Map, Value};

use crate::error::FrameError;

/// How large the parts of a frame may be, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The line, without its end.
    pub line_bytes: usize,
    /// The data that follows the line.
    pub data_bytes: usize,
    /// The payload that follows the data.
    pub payload_bytes: usize,
}

impl Default for Limits {
    /// 64 KiB, 256 KiB and 1 MiB: a large `info` has 20 KiB, Home Assistant's chunks of sound have 2 KiB.
    fn default() -> Self {
        Self { line_bytes: 64 << 10, data_bytes: 256 << 10, payload_bytes: 1 << 20 }
    }
}

/// One event as it is sent, its meaning not yet looked at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    /// The event's type, such as `audio-chunk`.
    pub kind: String,
    /// Its fields: the line's own `data` and the data that follows, the latter winning.
    pub data: Map<String, Value>,
    /// Its bytes, for sound.
    pub payload: Vec<u8>,
}

/// Reads the next frame; `None` is the end of the stream between two frames.
///
/// # Errors
/// See [`FrameError`]; after one the stream's position is unknown, and it must not be read on. A socket's read timeout is an
/// [`FrameError::Io`].
pub fn read(from: &mut impl BufRead, limits: &Limits) -> Result<Option<Frame>, FrameError> {
    let Some(line) = read_line(from, limits.line_bytes)? else { return Ok(None) };
    let mut head = object("line", &line)?;
    let kind = match head.remove("type") {
        Some(Value::String(kind)) => kind,
        _ => return Err(not_json("line", "it has no 'type' that is a text")),
    };
    let mut data = match head.remove("data") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(data)) => data,
        Some(_) => return Err(not_json("line", "its 'data' is no object")),
    };
    let data_bytes = length(&head, "data_length", "data", limits.data_bytes)?;
    let payload_bytes = length(&head, "payload_length", "payload", limits.payload_bytes)?;
    if data_bytes > 0 {
        data.extend(object("data", &read_part(from, data_bytes, "data")?)?);
    }
    let payload = read_part(from, payload_bytes, "payload")?;
    Ok(Some(Frame { kind, data, payload }))
}

/// Writes a frame: the data after the line, as PyPI's package does, so that the line stays short.
///
/// # Errors
/// [`FrameError::TooLarge`] before anything is written, or what the writer reports.
pub fn write(to: &mut impl Write, frame: &Frame, limits: &Limits) -> Result<(), FrameError> {
    let data = if frame.data.is_empty() { String::new() } else { Value::Object(frame.data.clone()).to_string() };
    let mut head = Map::new();
    head.insert("type".to_owned(), Value::from(frame.kind.as_str()));
    if !data.is_empty() {
        head.insert("data_length".to_owned(), Value::from(data.len()));
    }
    if !frame.payload.is_empty() {
        head.insert("payload_length".to_owned(), Value::from(frame.payload.len()));
    }
    let line = Value::Object(head).to_string();
    for (part, bytes, limit_bytes) in [
        ("line", line.len(), limits.line_bytes),
        ("data", data.len(), limits.data_bytes),
        ("payload", frame.payload.len(), limits.payload_bytes),
    ] {
        if bytes > limit_bytes {
            return Err(FrameError::TooLarge { part, limit_bytes });
        }
    }
    for part in [line.as_bytes(), b"\n", data.as_bytes(), &frame.payload] {
        to.write_all(part)?;
    }
    Ok(())
}

/// A line without its end, or `None` where the stream ends before it.
fn read_line(from: &mut impl BufRead, limit_bytes: usize) -> Result<Option<Vec<u8>>, FrameError> {
    let mut line = Vec::new();
    // One byte more than the limit is the line's end, or proves that the line is too long.
    let most = u64::try_from(limit_bytes).unwrap_or(u64::MAX).saturating_add(1);
    from.take(most).read_until(b'\n', &mut line)?;
    match line.pop() {
        Some(b'\n') => Ok(Some(line)),
        None => Ok(None),
        Some(_) if line.len() >= limit_bytes => Err(FrameError::TooLarge { part: "line", limit_bytes }),
        Some(_) => Err(FrameError::Truncated { part: "line" }),
    }
}

/// `count` bytes; the vector grows as they come.
fn read_part(from: &mut impl Read, count: usize, part: &'static str) -> Result<Vec<u8>, FrameError> {
    let mut bytes = Vec::new();
    let most = u64::try_from(count).unwrap_or(u64::MAX);
    match from.take(most).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() == count => Ok(bytes),
        Ok(_) => Err(FrameError::Truncated { part }),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(FrameError::Truncated { part }),
        Err(error) => Err(error.into()),
    }
}

/// The length that the line gives to a part; absent and `null` are none.
fn length(head: &Map<String, Value>, field: &str, part: &'static str, limit_bytes: usize) -> Result<usize, FrameError> {
    match head.get(field) {
        None | Some(Value::Null) => Ok(0),
        Some(value) => {
            let value = value.as_u64().ok_or_else(|| not_json("line", &format!("its '{field}' is no whole number from 0")))?;
            usize::try_from(value).ok().filter(|value| *value <= limit_bytes).ok_or(FrameError::TooLarge { part, limit_bytes })
        }
    }
}

/// Bytes that have to be a JSON object. The parser bounds its own depth.
fn object(part: &'static str, bytes: &[u8]) -> Result<Map<String, Value>, FrameError> {
    serde_json::from_slice(bytes).map_err(|error| not_json(part, &error.to_string()))
}

fn not_json(part: &'static str, reason: &str) -> FrameError {
    FrameError::NotJson { part, reason: reason.to_owned() }
}

//! The log's bytes: a header, then frames of one record each.
//!
//! ```text
//! header   twice:  "SaggarS1"  marker u32  crc32 of both u32          32 bytes
//! frame            marker u32  length u32  crc32 of the rest u32  payload
//! ```
//!
//! All numbers are little-endian. The marker is a random number, another in every log: after damage the next record is
//! found by it, and a skill, which does not know it, cannot forge a record by storing a value that looks like one.

use crate::error::Problem;

const MAGIC: &[u8; 8] = b"SaggarS1";
const HALF_BYTES: usize = 16;
pub(crate) const HEADER_BYTES: usize = 2 * HALF_BYTES;
const FRAME_BYTES: usize = 12;

/// The beginning of a log.
pub(crate) fn header(marker: u32) -> Vec<u8> {
    let mut half = MAGIC.to_vec();
    half.extend(marker.to_le_bytes());
    half.extend(crc32fast::hash(&half).to_le_bytes());
    half.repeat(2)
}

/// Appends a record's frame.
pub(crate) fn push(log: &mut Vec<u8>, marker: u32, payload: &[u8]) {
    // Payloads are bounded by the longest value, far below 4 GiB.
    let len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    log.extend(marker.to_le_bytes());
    log.extend(len.to_le_bytes());
    log.extend(checksum(marker, len, payload).to_le_bytes());
    log.extend(payload);
}

fn checksum(marker: u32, len: u32, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&marker.to_le_bytes());
    hasher.update(&len.to_le_bytes());
    hasher.update(payload);
    hasher.finalize()
}

/// A log that was read.
pub(crate) struct Scan<'a> {
    pub(crate) marker: u32,
    /// Offset and payload of every whole frame.
    pub(crate) payloads: Vec<(usize, &'a [u8])>,
    /// Up to the end of the last whole frame.
    pub(crate) len_bytes: usize,
    pub(crate) problems: Vec<Problem>,
}

/// Reads a log; `None` where it is none.
pub(crate) fn scan(log: &[u8]) -> Option<Scan<'_>> {
    let halves = [log.get(..HALF_BYTES)?, log.get(HALF_BYTES..HEADER_BYTES)?].map(marker_of);
    let marker = halves[0].or(halves[1])?;
    let mut found = Scan { marker, payloads: Vec::new(), len_bytes: HEADER_BYTES, problems: Vec::new() };
    if halves[0] != halves[1] {
        let offset_bytes = if halves[0].is_none() { 0 } else { HALF_BYTES };
        found.problems.push(Problem::Damaged { offset_bytes, bytes: HALF_BYTES });
    }
    while found.len_bytes < log.len() {
        let at = found.len_bytes;
        let Some((next, payload)) = (at..log.len()).find_map(|place| Some((place, frame(log, marker, place)?))) else {
            found.problems.push(Problem::TornTail { bytes: log.len() - at });
            break;
        };
        if next > at {
            found.problems.push(Problem::Damaged { offset_bytes: at, bytes: next - at });
        }
        found.payloads.push((next, payload));
        found.len_bytes = next + FRAME_BYTES + payload.len();
    }
    Some(found)
}

fn marker_of(half: &[u8]) -> Option<u32> {
    let (named, crc) = half.split_at_checked(HALF_BYTES - 4)?;
    let whole = named.starts_with(MAGIC) && crc == crc32fast::hash(named).to_le_bytes();
    whole.then(|| number(named, MAGIC.len())).flatten()
}

/// The payload of a whole frame at this place.
fn frame(log: &[u8], marker: u32, place: usize) -> Option<&[u8]> {
    let rest = log.get(place..)?;
    if number(rest, 0)? != marker {
        return None;
    }
    let (len, crc) = (number(rest, 4)?, number(rest, 8)?);
    let payload = rest.get(FRAME_BYTES..)?.get(..usize::try_from(len).ok()?)?;
    (checksum(marker, len, payload) == crc).then_some(payload)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

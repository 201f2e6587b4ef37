//! Putting the segments of an image in their places.
//!
//! No memory is ever writable and executable at once: contents are written first, then the protection is set.

use crate::pipe::Pipe;
use crate::sys::{self, Errno};
use core::{ptr, slice};

/// Protection bits of a segment, as in an ELF program header.
const EXECUTE: u64 = 1;
const WRITABLE: u64 = 2;
const READABLE: u64 = 4;

/// The most segments an image can have.
const MAX_SEGMENTS: usize = 32;
const PAGE_BYTES: usize = 4096;
/// Error numbers of Linux that fit.
const TOO_BIG: Errno = Errno(7);
const INVALID: Errno = Errno(22);

/// The image that is in place: addresses and lengths of its mappings.
pub(crate) struct Image {
    mappings: [(usize, usize); MAX_SEGMENTS],
    count: usize,
}

impl Image {
    pub(crate) const fn none() -> Image {
        Image { mappings: [(0, 0); MAX_SEGMENTS], count: 0 }
    }

    /// Takes the image away and reads another from the pipe; 0, or the number of the first error.
    pub(crate) fn replace(&mut self, pipe: &mut Pipe) -> u64 {
        self.unload();
        let mut answer = 0;
        for _ in 0..pipe.get_word() {
            let [address, memory_bytes, file_bytes, protection] = pipe.get_words();
            let segment =
                Segment { address: address as usize, memory_bytes: memory_bytes as usize, file_bytes: file_bytes as usize };
            if answer != 0 {
                pipe.skip(segment.file_bytes);
            } else if let Err(Errno(number)) = self.load(pipe, &segment, protection) {
                answer = number;
            }
        }
        answer
    }

    /// Reads one segment; its bytes are taken from the pipe in any case.
    fn load(&mut self, pipe: &mut Pipe, segment: &Segment, protection: u64) -> Result<(), Errno> {
        let (start, length) = match self.place(segment) {
            Ok(mapping) => mapping,
            Err(error) => {
                pipe.skip(segment.file_bytes);
                return Err(error);
            }
        };
        // SAFETY: these bytes were mapped a moment ago, and nothing else knows of them.
        let contents =
            unsafe { slice::from_raw_parts_mut(ptr::with_exposed_provenance_mut(segment.address), segment.file_bytes) };
        pipe.get(contents);
        // SAFETY: the runner itself does not use the segment.
        unsafe { sys::protect(start, length, system_protection(protection)) }?;
        Ok(())
    }

    /// Maps the pages of a segment.
    fn place(&mut self, segment: &Segment) -> Result<(usize, usize), Errno> {
        let slot = self.mappings.get_mut(self.count).ok_or(TOO_BIG)?;
        let start = segment.address & !(PAGE_BYTES - 1);
        let end = segment.address.checked_add(segment.memory_bytes).ok_or(INVALID)?;
        if segment.file_bytes > segment.memory_bytes || start == 0 {
            return Err(INVALID);
        }
        let length = (end - start).next_multiple_of(PAGE_BYTES);
        sys::map(start, length, sys::PROT_READ | sys::PROT_WRITE)?;
        *slot = (start, length);
        self.count += 1;
        Ok(*slot)
    }

    fn unload(&mut self) {
        for &(start, length) in &self.mappings[..self.count] {
            // SAFETY: the runner itself does not use the segments. It fails only for ranges that are not ranges.
            let _ = unsafe { sys::unmap(start, length) };
        }
        self.count = 0;
    }
}

struct Segment {
    address: usize,
    memory_bytes: usize,
    file_bytes: usize,
}

fn system_protection(protection: u64) -> usize {
    [(READABLE, sys::PROT_READ), (WRITABLE, sys::PROT_WRITE), (EXECUTE, sys::PROT_EXEC)]
        .iter()
        .filter(|(bit, _)| protection & bit != 0)
        .fold(sys::PROT_NONE, |sum, (_, system)| sum | system)
}

//! Buffered reading of requests and writing of answers.

use crate::{PIPE_BROKEN, sys};

const BUFFER_BYTES: usize = 1 << 16;

/// Standard input and output. A pipe that ends is the order to stop.
pub(crate) struct Pipe {
    input: [u8; BUFFER_BYTES],
    taken: usize,
    filled: usize,
    output: [u8; BUFFER_BYTES],
    pending: usize,
}

impl Pipe {
    pub(crate) const fn new() -> Pipe {
        Pipe { input: [0; BUFFER_BYTES], taken: 0, filled: 0, output: [0; BUFFER_BYTES], pending: 0 }
    }

    /// Writes out what is pending, and reads what there is. Ends the process when there will be no more.
    fn refill(&mut self) {
        self.flush();
        self.taken = 0;
        // SAFETY: the buffer is as long as said.
        match unsafe { sys::read(self.input.as_mut_ptr(), BUFFER_BYTES) } {
            Ok(0) => sys::exit(0),
            Ok(count) => self.filled = count,
            Err(_) => sys::exit(PIPE_BROKEN),
        }
    }

    pub(crate) fn get(&mut self, mut to: &mut [u8]) {
        while !to.is_empty() {
            if self.taken == self.filled {
                self.refill();
            }
            let count = to.len().min(self.filled - self.taken);
            let (now, later) = to.split_at_mut(count);
            now.copy_from_slice(&self.input[self.taken..self.taken + count]);
            self.taken += count;
            to = later;
        }
    }

    /// Drops bytes of a request that cannot be served.
    pub(crate) fn skip(&mut self, mut length: usize) {
        let mut dropped = [0; 512];
        while length > 0 {
            let count = length.min(dropped.len());
            self.get(&mut dropped[..count]);
            length -= count;
        }
    }

    pub(crate) fn get_word(&mut self) -> u64 {
        let mut word = [0; 8];
        self.get(&mut word);
        u64::from_le_bytes(word)
    }

    pub(crate) fn get_words<const N: usize>(&mut self) -> [u64; N] {
        let mut words = [0; N];
        words.fill_with(|| self.get_word());
        words
    }

    pub(crate) fn put(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.pending == BUFFER_BYTES {
                self.flush();
            }
            let count = bytes.len().min(BUFFER_BYTES - self.pending);
            let (now, later) = bytes.split_at(count);
            self.output[self.pending..self.pending + count].copy_from_slice(now);
            self.pending += count;
            bytes = later;
        }
    }

    pub(crate) fn put_word(&mut self, word: u64) {
        self.put(&word.to_le_bytes());
    }

    pub(crate) fn flush(&mut self) {
        let mut written = 0;
        while written < self.pending {
            let rest = &self.output[written..self.pending];
            // SAFETY: the slice is as long as it says.
            match unsafe { sys::write(rest.as_ptr(), rest.len()) } {
                Ok(count) => written += count,
                Err(_) => sys::exit(PIPE_BROKEN),
            }
        }
        self.pending = 0;
    }
}

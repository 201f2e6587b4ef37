//! Lines for the console. What does not fit into one is left out.

use crate::board;
use core::ffi::CStr;

const CAPACITY: usize = 160;

/// A line in the making.
pub(crate) struct Line {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl Line {
    /// An empty one.
    pub(crate) fn new() -> Line {
        Line { bytes: [0; CAPACITY], length: 0 }
    }

    fn push(&mut self, byte: u8) {
        // The last two are for the end of the line and of the text.
        if self.length < CAPACITY - 2
            && let Some(place) = self.bytes.get_mut(self.length)
        {
            *place = byte;
            self.length += 1;
        }
    }

    /// Adds text.
    pub(crate) fn text(&mut self, text: &str) -> &mut Line {
        text.bytes().for_each(|byte| self.push(byte));
        self
    }

    /// Adds a number in base 16.
    pub(crate) fn hex(&mut self, number: u64) -> &mut Line {
        self.text("0x").digits(number, 16)
    }

    /// Adds a number in base 10.
    pub(crate) fn decimal(&mut self, number: u64) -> &mut Line {
        self.digits(number, 10)
    }

    fn digits(&mut self, number: u64, base: u64) -> &mut Line {
        // As many digits as there are, from the highest.
        let mut place = 1;
        while number / place >= base {
            place *= base;
        }
        while place > 0 {
            let digit = b"0123456789abcdef"[(number / place % base) as usize];
            self.push(digit);
            place /= base;
        }
        self
    }

    /// Prints it.
    pub(crate) fn print(&mut self) {
        self.bytes[self.length] = b'\n';
        self.bytes[self.length + 1] = 0;
        if let Ok(text) = CStr::from_bytes_until_nul(&self.bytes) {
            board::write(text);
        }
    }
}

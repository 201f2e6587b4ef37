//! What the crate `saggar-runner` and its program on the target say to each other; this file is compiled into both.
//!
//! Everything is a sequence of 64-bit little-endian words, bytes following where stated, without padding.
//! The runner answers requests in order, and each before it starts on the next, so they can be sent ahead.
//!
//! | request | words | answer |
//! |---|---|---|
//! | [`PING`] | | [`GREETING`] |
//! | [`LOAD`] | segments; for each: address, bytes in memory, bytes in the file, protection as in ELF; those bytes | 0, or an error number |
//! | [`CALL`] | address, bytes of stack, [`MEASURE_STACK`] or 0, arguments, results; the arguments | see below |
//! | [`READ`] | address, length | the bytes |
//! | [`WRITE`] | address, length; the bytes | 0 |
//! | [`HASH`] | address, length | [`Hasher`] over the bytes |
//! | [`TIMER`] | address, microseconds | 0 |
//!
//! The answer to a call is [`COMPLETED`], code, program counter; or [`SIGNALLED`], signal number, program counter; or
//! [`CLOBBERED`], two words of which bit *n* says that number *n* of [`KEPT`] was not kept; and then, in each case,
//! the bytes of stack that were used (0 unless they were measured) and as many result slots as were asked for.

/// Asks whether the runner is there.
pub(crate) const PING: u64 = 1;
/// Puts an image in place of the one before.
pub(crate) const LOAD: u64 = 2;
/// Calls a function `{code, pc} function(uint64_t *slots)` on a stack of the given size.
pub(crate) const CALL: u64 = 3;
/// Reads memory.
pub(crate) const READ: u64 = 4;
/// Writes memory.
pub(crate) const WRITE: u64 = 5;
/// Hashes memory.
pub(crate) const HASH: u64 = 6;
/// From the beginning of the next call to its end, write a byte of 1 to an address every so many microseconds, as an interrupt
/// would: whatever the call is doing.
pub(crate) const TIMER: u64 = 7;

/// The answer to a ping.
pub(crate) const GREETING: u64 = u64::from_le_bytes(*b"saggar 1");

/// In a call: also find out how deep the stack was used.
pub(crate) const MEASURE_STACK: u64 = 1;

/// The function returned.
pub(crate) const COMPLETED: u64 = 0;
/// The function ended with a signal.
pub(crate) const SIGNALLED: u64 = 1;
/// The function returned, but not all that it must keep was kept.
pub(crate) const CLOBBERED: u64 = 2;

/// The largest stack a call can ask for, in bytes.
pub(crate) const MAX_STACK_BYTES: u64 = 8 << 20;
/// The most arguments or results a call can have.
pub(crate) const MAX_SLOTS: usize = 4096;
/// What a function must keep, by number: 16 integer registers, 16 floating-point registers, and the rest. Names of
/// registers that an architecture does not have are empty, and so it is for those that it lets a function change.
pub(crate) struct Kept {
    /// Names of the integer registers.
    pub(crate) integer: [&'static str; 16],
    /// Names of the floating-point registers.
    pub(crate) float: [&'static str; 16],
}

/// Number of the stack pointer.
pub(crate) const STACK_POINTER: usize = 32;
/// Number of the floating-point control register.
pub(crate) const FLOAT_CONTROL: usize = 33;
/// Number of the direction flag of x86-64.
pub(crate) const DIRECTION: usize = 34;
/// Number of the bytes below the stack.
pub(crate) const BELOW_STACK: usize = 35;
/// Number of the bytes above the stack.
pub(crate) const ABOVE_STACK: usize = 36;

impl Kept {
    /// What is kept on an architecture, by the name that Rust gives it.
    pub(crate) fn of(architecture: &str) -> Kept {
        match architecture {
            "x86_64" => Kept {
                integer: ["rbx", "rbp", "r12", "r13", "r14", "r15", "", "", "", "", "", "", "", "", "", ""],
                float: [""; 16],
            },
            "aarch64" => Kept {
                integer: ["x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "", "", "", "", ""],
                float: ["d8", "d9", "d10", "d11", "d12", "d13", "d14", "d15", "", "", "", "", "", "", "", ""],
            },
            _ => Kept {
                integer: ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "gp", "tp", "", ""],
                float: ["fs0", "fs1", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "", "", "", ""],
            },
        }
    }

    /// The name of a number.
    pub(crate) fn name(&self, number: usize) -> &'static str {
        match number {
            0..16 => self.integer[number],
            16..32 => self.float[number - 16],
            STACK_POINTER => "the stack pointer",
            FLOAT_CONTROL => "the floating-point control",
            DIRECTION => "the direction flag",
            BELOW_STACK => "memory below the stack",
            ABOVE_STACK => "memory above the stack",
            _ => "?",
        }
    }
}

/// A hash of memory, word by word so that an emulated target is quick about it. Not against an adversary: both
/// sides compute it over contents that a defect, not an attacker, made different.
pub(crate) struct Hasher(u64);

impl Hasher {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

    /// The hash of the bytes.
    pub(crate) fn hash(bytes: &[u8]) -> u64 {
        let mut hasher = Hasher(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            hasher.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        hasher.add(u64::from_le_bytes(last));
        hasher.0 ^ hasher.0 >> 29
    }

    // Each step is a bijection of the state for a given word, and of the word for a given state, so that a single
    // difference is never lost.
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(Hasher::MULTIPLIER);
    }
}

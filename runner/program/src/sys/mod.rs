//! The Linux system calls that are used.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
use aarch64::{number, system_call};
#[cfg(target_arch = "riscv64")]
use riscv64::{number, system_call};
#[cfg(target_arch = "x86_64")]
use x86_64::{number, system_call};

/// Numbers of the system calls on the architectures that share the generic table.
#[cfg(not(target_arch = "x86_64"))]
mod generic {
    pub(super) const READ: usize = 63;
    pub(super) const WRITE: usize = 64;
    pub(super) const EXIT_GROUP: usize = 94;
    pub(super) const SETITIMER: usize = 103;
    pub(super) const SIGALTSTACK: usize = 132;
    pub(super) const RT_SIGACTION: usize = 134;
    pub(super) const MUNMAP: usize = 215;
    pub(super) const MMAP: usize = 222;
    pub(super) const MPROTECT: usize = 226;
}

pub(crate) const PROT_NONE: usize = 0;
pub(crate) const PROT_READ: usize = 1;
pub(crate) const PROT_WRITE: usize = 2;
pub(crate) const PROT_EXEC: usize = 4;

const MAP_PRIVATE: usize = 0x2;
const MAP_ANONYMOUS: usize = 0x20;
const MAP_NORESERVE: usize = 0x4000;
const MAP_FIXED_NOREPLACE: usize = 0x10_0000;

/// An error number, positive.
pub(crate) struct Errno(pub(crate) u64);

/// The kernel answers small negative numbers for errors.
fn result(answer: isize) -> Result<usize, Errno> {
    if (-4095..0).contains(&answer) { Err(Errno(answer.unsigned_abs() as u64)) } else { Ok(answer.unsigned_abs()) }
}

/// Ends the process.
pub(crate) fn exit(code: usize) -> ! {
    // SAFETY: touches no memory.
    let _ = unsafe { system_call(number::EXIT_GROUP, [code, 0, 0, 0, 0, 0]) };
    loop {
        core::hint::spin_loop();
    }
}

/// Reads from standard input at most `length` bytes.
///
/// # Safety
/// `to` leads to as many writable bytes.
pub(crate) unsafe fn read(to: *mut u8, length: usize) -> Result<usize, Errno> {
    // SAFETY: promised by the caller.
    result(unsafe { system_call(number::READ, [0, to.addr(), length, 0, 0, 0]) })
}

/// Writes to standard output at most `length` bytes.
///
/// # Safety
/// `from` leads to as many bytes.
pub(crate) unsafe fn write(from: *const u8, length: usize) -> Result<usize, Errno> {
    // SAFETY: promised by the caller.
    result(unsafe { system_call(number::WRITE, [1, from.addr(), length, 0, 0, 0]) })
}

/// Maps zeroed memory: at `address`, or anywhere when that is 0. What is mapped already stays.
pub(crate) fn map(address: usize, length: usize, protection: usize) -> Result<usize, Errno> {
    let fixed = if address == 0 { 0 } else { MAP_FIXED_NOREPLACE };
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | fixed;
    // SAFETY: replaces no mapping, so no memory that anything refers to changes.
    let mapped = result(unsafe { system_call(number::MMAP, [address, length, protection, flags, usize::MAX, 0]) })?;
    if address != 0 && mapped != address {
        // An emulator that does not know the flag takes the address for a hint.
        return Err(Errno(17));
    }
    Ok(mapped)
}

/// Changes the protection of mapped memory.
///
/// # Safety
/// Nothing of the runner uses that memory in a way that the protection forbids.
pub(crate) unsafe fn protect(address: usize, length: usize, protection: usize) -> Result<usize, Errno> {
    // SAFETY: promised by the caller.
    result(unsafe { system_call(number::MPROTECT, [address, length, protection, 0, 0, 0]) })
}

/// Unmaps memory.
///
/// # Safety
/// Nothing of the runner uses that memory.
pub(crate) unsafe fn unmap(address: usize, length: usize) -> Result<usize, Errno> {
    // SAFETY: promised by the caller.
    result(unsafe { system_call(number::MUNMAP, [address, length, 0, 0, 0, 0]) })
}

/// Gives signals a stack of their own.
///
/// # Safety
/// `[stack, 0, length]` is a `stack_t` for memory that nothing else uses.
pub(crate) unsafe fn signal_stack(stack: *const [usize; 3]) -> Result<usize, Errno> {
    // SAFETY: promised by the caller.
    result(unsafe { system_call(number::SIGALTSTACK, [stack.addr(), 0, 0, 0, 0, 0]) })
}

/// Sets what is done at a signal.
///
/// # Safety
/// `action` leads to the kernel's `sigaction` record of this architecture, with a handler fit for the signal.
pub(crate) unsafe fn signal_action(signal: usize, action: *const usize) -> Result<usize, Errno> {
    // SAFETY: promised by the caller.
    result(unsafe { system_call(number::RT_SIGACTION, [signal, action.addr(), 0, 8, 0, 0]) })
}

/// Sends SIGALRM every so many microseconds; zero: no more.
pub(crate) fn set_timer(microseconds: u64) -> Result<usize, Errno> {
    /// The timer that counts the time of day.
    const REAL: usize = 0;
    const SECOND: u64 = 1_000_000;
    let interval = [microseconds / SECOND, microseconds % SECOND];
    // The interval of an `itimerval`, and the time to the first signal.
    let timer = [interval, interval];
    // SAFETY: the record is read, and has the layout of every 64-bit architecture. What the signal does was set before.
    result(unsafe { system_call(number::SETITIMER, [REAL, timer.as_ptr().addr(), 0, 0, 0, 0]) })
}

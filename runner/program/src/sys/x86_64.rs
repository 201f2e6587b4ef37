//! The system call instruction of x86-64.

use core::arch::asm;

pub(super) mod number {
    pub(in crate::sys) const READ: usize = 0;
    pub(in crate::sys) const WRITE: usize = 1;
    pub(in crate::sys) const MMAP: usize = 9;
    pub(in crate::sys) const MPROTECT: usize = 10;
    pub(in crate::sys) const MUNMAP: usize = 11;
    pub(in crate::sys) const RT_SIGACTION: usize = 13;
    pub(in crate::sys) const SETITIMER: usize = 38;
    pub(in crate::sys) const SIGALTSTACK: usize = 131;
    pub(in crate::sys) const EXIT_GROUP: usize = 231;
}

/// # Safety
/// What the system call asks for.
pub(super) unsafe fn system_call(number: usize, arguments: [usize; 6]) -> isize {
    let [a, b, c, d, e, f] = arguments;
    let answer;
    // SAFETY: promised by the caller; the kernel changes rcx and r11 only.
    unsafe {
        asm!("syscall", inlateout("rax") number => answer, in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e, in("r9") f,
            lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    answer
}

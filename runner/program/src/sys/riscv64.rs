//! The system call instruction of RISC-V.

pub(super) use super::generic as number;
use core::arch::asm;

/// # Safety
/// What the system call asks for.
pub(super) unsafe fn system_call(number: usize, arguments: [usize; 6]) -> isize {
    let [a, b, c, d, e, f] = arguments;
    let answer;
    // SAFETY: promised by the caller.
    unsafe {
        asm!("ecall", in("a7") number, inlateout("a0") a => answer, in("a1") b, in("a2") c, in("a3") d, in("a4") e, in("a5") f,
            options(nostack));
    }
    answer
}

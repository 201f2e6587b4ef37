//! The system call instruction of AArch64.

pub(super) use super::generic as number;
use core::arch::asm;

/// # Safety
/// What the system call asks for.
pub(super) unsafe fn system_call(number: usize, arguments: [usize; 6]) -> isize {
    let [a, b, c, d, e, f] = arguments;
    let answer;
    // SAFETY: promised by the caller.
    unsafe {
        asm!("svc 0", in("x8") number, inlateout("x0") a => answer, in("x1") b, in("x2") c, in("x3") d, in("x4") e, in("x5") f,
            options(nostack));
    }
    answer
}

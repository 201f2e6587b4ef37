//! RISC-V, RV64 with D.

use super::{ADDRESS, CODE, FLOAT_CONTROL, FLOATS, FOUND, GIVEN, PC, SAVED_SP, SLOTS, STACK_POINTER};
use crate::call::{RECORD, REGISTERS};
use core::arch::{asm, global_asm};

/// Rust's name of the architecture.
pub(crate) const NAME: &str = "riscv64";

/// Rounding toward zero, which is not what a guest must see.
pub(crate) const FLOAT_CONTROL_GIVEN: u64 = 1;

/// Registers that the runner must not lose: gp and tp are given to the guest as they are, and must come back.
pub(crate) fn keep_own(values: &mut [u64; REGISTERS]) {
    let [.., gp, tp] = values.first_chunk_mut::<14>().expect("there are more registers");
    // SAFETY: reads registers.
    unsafe { asm!("mv {}, gp", "mv {}, tp", out(reg) * gp, out(reg) * tp, options(nomem, nostack)) };
}

/// The program counter in a `ucontext_t`: after 176 bytes come the registers, of which it is the first.
pub(crate) const CONTEXT_PC_OFFSET: usize = 176;

/// The kernel's `sigaction`: handler, flags, mask. Returning from a handler is the kernel's affair here.
pub(crate) fn signal_action(handler: usize, flags: usize) -> [usize; 3] {
    [handler, flags, 0]
}

global_asm!(
    r#"
    .option push
    .option arch, +f, +d, +c
    .option norelax
    .text
    .globl _start
_start:
    call {start}

    .globl guest_call
guest_call:
    addi sp, sp, -224
    sd ra, 0(sp)
    sd s0, 8(sp)
    sd s1, 16(sp)
    sd s2, 24(sp)
    sd s3, 32(sp)
    sd s4, 40(sp)
    sd s5, 48(sp)
    sd s6, 56(sp)
    sd s7, 64(sp)
    sd s8, 72(sp)
    sd s9, 80(sp)
    sd s10, 88(sp)
    sd s11, 96(sp)
    fsd fs0, 104(sp)
    fsd fs1, 112(sp)
    fsd fs2, 120(sp)
    fsd fs3, 128(sp)
    fsd fs4, 136(sp)
    fsd fs5, 144(sp)
    fsd fs6, 152(sp)
    fsd fs7, 160(sp)
    fsd fs8, 168(sp)
    fsd fs9, 176(sp)
    fsd fs10, 184(sp)
    fsd fs11, 192(sp)
    frrm t0
    sd t0, 200(sp)
    lla a0, {record}
    sd sp, {saved_sp}(a0)
    addi t0, a0, {given}
    ld t1, {float_control}(t0)
    fsrm t1
    ld sp, {stack_pointer}(t0)
    addi t1, t0, {floats}
    fld fs0, 0(t1)
    fld fs1, 8(t1)
    fld fs2, 16(t1)
    fld fs3, 24(t1)
    fld fs4, 32(t1)
    fld fs5, 40(t1)
    fld fs6, 48(t1)
    fld fs7, 56(t1)
    fld fs8, 64(t1)
    fld fs9, 72(t1)
    fld fs10, 80(t1)
    fld fs11, 88(t1)
    ld s0, 0(t0)
    ld s1, 8(t0)
    ld s2, 16(t0)
    ld s3, 24(t0)
    ld s4, 32(t0)
    ld s5, 40(t0)
    ld s6, 48(t0)
    ld s7, 56(t0)
    ld s8, 64(t0)
    ld s9, 72(t0)
    ld s10, 80(t0)
    ld s11, 88(t0)
    ld t1, {address}(a0)
    ld a0, {slots}(a0)
    jalr t1
    lla t0, {record}
    sd a0, {code}(t0)
    sd a1, {pc}(t0)
    addi t0, t0, {found}
    sd sp, {stack_pointer}(t0)
    frrm t1
    sd t1, {float_control}(t0)
    addi t1, t0, {floats}
    sd s0, 0(t0)
    sd s1, 8(t0)
    sd s2, 16(t0)
    sd s3, 24(t0)
    sd s4, 32(t0)
    sd s5, 40(t0)
    sd s6, 48(t0)
    sd s7, 56(t0)
    sd s8, 64(t0)
    sd s9, 72(t0)
    sd s10, 80(t0)
    sd s11, 88(t0)
    sd gp, 96(t0)
    sd tp, 104(t0)
    fsd fs0, 0(t1)
    fsd fs1, 8(t1)
    fsd fs2, 16(t1)
    fsd fs3, 24(t1)
    fsd fs4, 32(t1)
    fsd fs5, 40(t1)
    fsd fs6, 48(t1)
    fsd fs7, 56(t1)
    fsd fs8, 64(t1)
    fsd fs9, 72(t1)
    fsd fs10, 80(t1)
    fsd fs11, 88(t1)

    .globl guest_recover
guest_recover:
    lla t0, {record}
    ld sp, {saved_sp}(t0)
    ld t0, 200(sp)
    fsrm t0
    ld ra, 0(sp)
    ld s0, 8(sp)
    ld s1, 16(sp)
    ld s2, 24(sp)
    ld s3, 32(sp)
    ld s4, 40(sp)
    ld s5, 48(sp)
    ld s6, 56(sp)
    ld s7, 64(sp)
    ld s8, 72(sp)
    ld s9, 80(sp)
    ld s10, 88(sp)
    ld s11, 96(sp)
    fld fs0, 104(sp)
    fld fs1, 112(sp)
    fld fs2, 120(sp)
    fld fs3, 128(sp)
    fld fs4, 136(sp)
    fld fs5, 144(sp)
    fld fs6, 152(sp)
    fld fs7, 160(sp)
    fld fs8, 168(sp)
    fld fs9, 176(sp)
    fld fs10, 184(sp)
    fld fs11, 192(sp)
    addi sp, sp, 224
    ret
    .option pop
    "#,
    start = sym crate::start,
    record = sym RECORD,
    address = const ADDRESS,
    slots = const SLOTS,
    code = const CODE,
    pc = const PC,
    saved_sp = const SAVED_SP,
    given = const GIVEN,
    found = const FOUND,
    floats = const FLOATS,
    stack_pointer = const STACK_POINTER,
    float_control = const FLOAT_CONTROL,
);

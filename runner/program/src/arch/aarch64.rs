//! AArch64.

use super::{ADDRESS, CODE, FLOAT_CONTROL, FLOATS, FOUND, GIVEN, PC, SAVED_SP, SLOTS, STACK_POINTER};
use crate::call::{RECORD, REGISTERS};
use core::arch::global_asm;

/// Rust's name of the architecture.
pub(crate) const NAME: &str = "aarch64";

/// Rounding toward zero in FPCR, which is not what a guest must see.
pub(crate) const FLOAT_CONTROL_GIVEN: u64 = 3 << 22;

/// Registers that the runner must not lose: none beyond those that the assembly saves.
pub(crate) fn keep_own(_: &mut [u64; REGISTERS]) {}

/// The program counter in a `ucontext_t`: after 176 bytes comes the context, in it the fault's address and 32 registers.
pub(crate) const CONTEXT_PC_OFFSET: usize = 176 + 8 + 32 * 8;

/// The kernel's `sigaction`: handler, flags, restorer, mask. Returning from a handler is the kernel's affair here.
pub(crate) fn signal_action(handler: usize, flags: usize) -> [usize; 4] {
    [handler, flags, 0, 0]
}

global_asm!(
    r#"
    .text
    .globl _start
_start:
    mov x29, #0
    bl {start}

    .globl guest_call
guest_call:
    stp x29, x30, [sp, #-176]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mrs x9, fpcr
    str x9, [sp, #160]
    adrp x0, {record}
    add x0, x0, :lo12:{record}
    mov x9, sp
    str x9, [x0, #{saved_sp}]
    add x9, x0, #{given}
    ldr x10, [x9, #{float_control}]
    msr fpcr, x10
    ldr x10, [x9, #{stack_pointer}]
    mov sp, x10
    ldp x19, x20, [x9]
    ldp x21, x22, [x9, #16]
    ldp x23, x24, [x9, #32]
    ldp x25, x26, [x9, #48]
    ldp x27, x28, [x9, #64]
    ldr x29, [x9, #80]
    add x9, x9, #{floats}
    ldp d8, d9, [x9]
    ldp d10, d11, [x9, #16]
    ldp d12, d13, [x9, #32]
    ldp d14, d15, [x9, #48]
    ldr x10, [x0, #{address}]
    ldr x0, [x0, #{slots}]
    blr x10
    adrp x9, {record}
    add x9, x9, :lo12:{record}
    str x0, [x9, #{code}]
    str x1, [x9, #{pc}]
    add x9, x9, #{found}
    mov x10, sp
    str x10, [x9, #{stack_pointer}]
    mrs x10, fpcr
    str x10, [x9, #{float_control}]
    stp x19, x20, [x9]
    stp x21, x22, [x9, #16]
    stp x23, x24, [x9, #32]
    stp x25, x26, [x9, #48]
    stp x27, x28, [x9, #64]
    str x29, [x9, #80]
    add x9, x9, #{floats}
    stp d8, d9, [x9]
    stp d10, d11, [x9, #16]
    stp d12, d13, [x9, #32]
    stp d14, d15, [x9, #48]

    .globl guest_recover
guest_recover:
    adrp x9, {record}
    add x9, x9, :lo12:{record}
    ldr x10, [x9, #{saved_sp}]
    mov sp, x10
    ldr x9, [sp, #160]
    msr fpcr, x9
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    ldp x29, x30, [sp], #176
    ret
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

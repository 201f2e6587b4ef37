//! AArch64, AAPCS64. Kept by a callee: x19–x29, sp, the low halves of v8–v15, FPCR. x18 belongs to the platform
//! and is not touched.

use super::TRAP_SP;
use crate::fault;
use core::arch::{asm, global_asm};

/// The stack pointer, somewhere in the caller's frame.
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let sp: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, sp", out(reg) sp, options(nomem, nostack, preserves_flags)) };
    sp
}

// The frame, from sp: x29, x30, x19–x28, d8–d15, FPCR, previous trap sp, domain, padding. FPCR = 0 is what the guest
// gets: round to nearest, no flushing of subnormals, no default NaN, no trapping.
global_asm!(
    r#"
    .cfi_sections .debug_frame

    .section .text.sg_switch,"ax",@progbits
    .globl sg_switch
    .hidden sg_switch
    .type sg_switch,@function
    .p2align 2
sg_switch:
    .cfi_startproc
    stp x29, x30, [sp, #-192]!
    .cfi_def_cfa_offset 192
    .cfi_offset x29, -192
    .cfi_offset x30, -184
    stp x19, x20, [sp, #16]
    .cfi_offset x19, -176
    .cfi_offset x20, -168
    stp x21, x22, [sp, #32]
    .cfi_offset x21, -160
    .cfi_offset x22, -152
    stp x23, x24, [sp, #48]
    .cfi_offset x23, -144
    .cfi_offset x24, -136
    stp x25, x26, [sp, #64]
    .cfi_offset x25, -128
    .cfi_offset x26, -120
    stp x27, x28, [sp, #80]
    .cfi_offset x27, -112
    .cfi_offset x28, -104
    stp d8, d9, [sp, #96]
    .cfi_offset d8, -96
    .cfi_offset d9, -88
    stp d10, d11, [sp, #112]
    .cfi_offset d10, -80
    .cfi_offset d11, -72
    stp d12, d13, [sp, #128]
    .cfi_offset d12, -64
    .cfi_offset d13, -56
    stp d14, d15, [sp, #144]
    .cfi_offset d14, -48
    .cfi_offset d15, -40
    mov x29, sp
    mrs x9, fpcr
    ldr x10, [x0, #{trap_sp}]
    stp x9, x10, [sp, #160]
    str x0, [sp, #176]
    .ifeq {float_control_inherited}
    msr fpcr, xzr
    .endif
    str x29, [x0, #{trap_sp}]
    mov x0, x2
    blr x1
    ldr x9, [sp, #176]
    mov x0, #0
    mov x1, #0
.Lsg_leave:
    ldp x10, x11, [sp, #160]
    msr fpcr, x10
    .ifeq {trap_sp_not_restored}
    str x11, [x9, #{trap_sp}]
    .endif
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    ldp x29, x30, [sp], #192
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
    .size sg_switch, . - sg_switch

    .section .text.sg_raise,"ax",@progbits
    .globl sg_raise
    .type sg_raise,@function
    .p2align 2
sg_raise:
    .cfi_startproc
    mov x9, x0
    ldr x10, [x0, #{trap_sp}]
    mov w0, w1
    mov x1, x2
    mov sp, x10
    .cfi_def_cfa_offset 192
    .cfi_offset x29, -192
    .cfi_offset x30, -184
    .cfi_offset x19, -176
    .cfi_offset x20, -168
    .cfi_offset x21, -160
    .cfi_offset x22, -152
    .cfi_offset x23, -144
    .cfi_offset x24, -136
    .cfi_offset x25, -128
    .cfi_offset x26, -120
    .cfi_offset x27, -112
    .cfi_offset x28, -104
    .cfi_offset d8, -96
    .cfi_offset d9, -88
    .cfi_offset d10, -80
    .cfi_offset d11, -72
    .cfi_offset d12, -64
    .cfi_offset d13, -56
    .cfi_offset d14, -48
    .cfi_offset d15, -40
    .ifne {register_lost}
    str x28, [sp, #88]
    .endif
    .ifne {float_register_lost}
    str d12, [sp, #128]
    .endif
    .ifne {float_control_lost}
    mrs x10, fpcr
    str x10, [sp, #160]
    .endif
    b .Lsg_leave
    .cfi_endproc
    .size sg_raise, . - sg_raise
    "#,
    trap_sp = const TRAP_SP,
    float_control_inherited = const fault::FLOAT_CONTROL_INHERITED as u8,
    trap_sp_not_restored = const fault::TRAP_SP_NOT_RESTORED as u8,
    register_lost = const fault::REGISTER_LOST as u8,
    float_register_lost = const fault::FLOAT_REGISTER_LOST as u8,
    float_control_lost = const fault::FLOAT_CONTROL_LOST as u8,
);

// Up to 64 bytes are loaded whole before any is stored, so the direction does not matter. Beyond, the 64 bytes
// at the far end are loaded first and stored last; the loop in between goes away from the overlap and stores
// nothing that it still has to load.
global_asm!(
    r#"
    .section .text.sg_copy,"ax",@progbits
    .globl sg_copy
    .type sg_copy,@function
    .p2align 4
sg_copy:
    .cfi_startproc
    add x4, x1, x2
    add x5, x0, x2
    cmp x2, #16
    b.lo 4f
    ldr q0, [x1]
    ldr q4, [x4, #-16]
    cmp x2, #32
    b.hi 1f
    str q0, [x0]
    str q4, [x5, #-16]
    ret
1:  ldr q1, [x1, #16]
    ldr q5, [x4, #-32]
    cmp x2, #64
    b.hi 2f
    stp q0, q1, [x0]
    stp q5, q4, [x5, #-32]
    ret
2:  sub x3, x0, x1
    ldp q2, q3, [x1, #32]
    ldp q6, q7, [x4, #-64]
    .ifeq {copy_forward}
    cmp x3, x2
    b.lo 5f
    .endif
    sub x6, x5, #64
3:  ldp q0, q1, [x1]                    // the first round loads again what is there already
    ldp q2, q3, [x1, #32]
    add x1, x1, #64
    stp q0, q1, [x0]
    stp q2, q3, [x0, #32]
    add x0, x0, #64
    cmp x0, x6
    b.lo 3b
    stp q6, q7, [x6]
    stp q5, q4, [x6, #32]
    ret
5:  ldp q16, q17, [x4, #-32]
    ldp q18, q19, [x4, #-64]!
    sub x2, x2, #64
    cmp x2, #64
    stp q16, q17, [x5, #-32]
    stp q18, q19, [x5, #-64]!
    b.hi 5b
    stp q0, q1, [x0]
    stp q2, q3, [x0, #32]
    ret
4:  tbz x2, #3, 6f
    ldr x6, [x1]
    ldr x7, [x4, #-8]
    str x6, [x0]
    str x7, [x5, #-8]
    ret
6:  tbz x2, #2, 7f
    ldr w6, [x1]
    ldr w7, [x4, #-4]
    str w6, [x0]
    str w7, [x5, #-4]
    ret
7:  cbz x2, 8f
    lsr x3, x2, #1                      // the middle one of three; of one or two it is one that is written anyway
    ldrb w6, [x1]
    ldrb w7, [x1, x3]
    ldrb w8, [x4, #-1]
    strb w6, [x0]
    strb w7, [x0, x3]
    strb w8, [x5, #-1]
8:  ret
    .cfi_endproc
    .size sg_copy, . - sg_copy

    .section .text.sg_fill,"ax",@progbits
    .globl sg_fill
    .type sg_fill,@function
    .p2align 4
sg_fill:
    .cfi_startproc
    dup v0.16b, w1
    add x5, x0, x2
    cmp x2, #16
    b.lo 4f
    subs x3, x2, #64
    b.lo 2f
1:  stp q0, q0, [x0]
    stp q0, q0, [x0, #32]
    add x0, x0, #64
    subs x3, x3, #64
    b.hs 1b
2:  tbz x3, #5, 3f                      // x3 is what is left, less 64
    stp q0, q0, [x0], #32
3:  tbz x3, #4, 5f
    str q0, [x0]
5:  str q0, [x5, #-16]
    ret
4:  tbz x2, #3, 6f
    str d0, [x0]
    str d0, [x5, #-8]
    ret
6:  tbz x2, #2, 7f
    str s0, [x0]
    str s0, [x5, #-4]
    ret
7:  cbz x2, 8f
    lsr x3, x2, #1
    strb w1, [x0]
    strb w1, [x0, x3]
    strb w1, [x5, #-1]
8:  ret
    .cfi_endproc
    .size sg_fill, . - sg_fill
    .text
    "#,
    copy_forward = const fault::COPY_FORWARD as u8,
);

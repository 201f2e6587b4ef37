//! RISC-V, RV64 with D, LP64D. Kept by a callee: s0–s11, fs0–fs11, sp, the rounding mode. gp and tp are not touched.
//!
//! A misaligned access may be emulated by firmware, a thousand times slower than an aligned one, so copying and filling make
//! none: they align the target, and where the source is then misaligned, put each word together from two.

use super::TRAP_SP;
use crate::fault;
use core::arch::{asm, global_asm};

/// The stack pointer, somewhere in the caller's frame.
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let sp: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mv {}, sp", out(reg) sp, options(nomem, nostack, preserves_flags)) };
    sp
}

// The frame, from sp: ra, s0–s11, fs0–fs11, rounding mode, previous trap sp, domain, padding.
global_asm!(
    r#"
    .cfi_sections .debug_frame
    .option push
    .option arch, +f, +d, +c

    .section .text.sg_switch,"ax",@progbits
    .globl sg_switch
    .hidden sg_switch
    .type sg_switch,@function
    .p2align 1
sg_switch:
    .cfi_startproc
    addi sp, sp, -240
    .cfi_def_cfa_offset 240
    sd ra, 0(sp)
    .cfi_offset ra, -240
    sd s0, 8(sp)
    .cfi_offset s0, -232
    sd s1, 16(sp)
    .cfi_offset s1, -224
    sd s2, 24(sp)
    .cfi_offset s2, -216
    sd s3, 32(sp)
    .cfi_offset s3, -208
    sd s4, 40(sp)
    .cfi_offset s4, -200
    sd s5, 48(sp)
    .cfi_offset s5, -192
    sd s6, 56(sp)
    .cfi_offset s6, -184
    sd s7, 64(sp)
    .cfi_offset s7, -176
    sd s8, 72(sp)
    .cfi_offset s8, -168
    sd s9, 80(sp)
    .cfi_offset s9, -160
    sd s10, 88(sp)
    .cfi_offset s10, -152
    sd s11, 96(sp)
    .cfi_offset s11, -144
    fsd fs0, 104(sp)
    .cfi_offset fs0, -136
    fsd fs1, 112(sp)
    .cfi_offset fs1, -128
    fsd fs2, 120(sp)
    .cfi_offset fs2, -120
    fsd fs3, 128(sp)
    .cfi_offset fs3, -112
    fsd fs4, 136(sp)
    .cfi_offset fs4, -104
    fsd fs5, 144(sp)
    .cfi_offset fs5, -96
    fsd fs6, 152(sp)
    .cfi_offset fs6, -88
    fsd fs7, 160(sp)
    .cfi_offset fs7, -80
    fsd fs8, 168(sp)
    .cfi_offset fs8, -72
    fsd fs9, 176(sp)
    .cfi_offset fs9, -64
    fsd fs10, 184(sp)
    .cfi_offset fs10, -56
    fsd fs11, 192(sp)
    .cfi_offset fs11, -48
    fsrm t0, zero                       // round to nearest; the old mode comes back
    ld t1, {trap_sp}(a0)
    sd t0, 200(sp)
    sd t1, 208(sp)
    sd a0, 216(sp)
    sd sp, {trap_sp}(a0)
    mv a0, a2
    jalr a1
    ld t2, 216(sp)
    li a0, 0
    li a1, 0
.Lsg_leave:
    ld t0, 200(sp)
    ld t1, 208(sp)
    fsrm t0
    .ifeq {trap_sp_not_restored}
    sd t1, {trap_sp}(t2)
    .endif
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
    addi sp, sp, 240
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
    .size sg_switch, . - sg_switch

    .section .text.sg_raise,"ax",@progbits
    .globl sg_raise
    .type sg_raise,@function
    .p2align 1
sg_raise:
    .cfi_startproc
    mv t2, a0
    slli a0, a1, 32
    srli a0, a0, 32
    mv a1, a2
    ld sp, {trap_sp}(t2)
    .cfi_def_cfa_offset 240
    .cfi_offset ra, -240
    .cfi_offset s0, -232
    .cfi_offset s1, -224
    .cfi_offset s2, -216
    .cfi_offset s3, -208
    .cfi_offset s4, -200
    .cfi_offset s5, -192
    .cfi_offset s6, -184
    .cfi_offset s7, -176
    .cfi_offset s8, -168
    .cfi_offset s9, -160
    .cfi_offset s10, -152
    .cfi_offset s11, -144
    .cfi_offset fs0, -136
    .cfi_offset fs1, -128
    .cfi_offset fs2, -120
    .cfi_offset fs3, -112
    .cfi_offset fs4, -104
    .cfi_offset fs5, -96
    .cfi_offset fs6, -88
    .cfi_offset fs7, -80
    .cfi_offset fs8, -72
    .cfi_offset fs9, -64
    .cfi_offset fs10, -56
    .cfi_offset fs11, -48
    .ifne {register_lost}
    sd s3, 32(sp)
    .endif
    .ifne {float_register_lost}
    fsd fs7, 160(sp)
    .endif
    .ifne {float_control_lost}
    frrm t0
    sd t0, 200(sp)
    .endif
    j .Lsg_leave
    .cfi_endproc
    .size sg_raise, . - sg_raise
    .option pop
    "#,
    trap_sp = const TRAP_SP,
    trap_sp_not_restored = const fault::TRAP_SP_NOT_RESTORED as u8,
    register_lost = const fault::REGISTER_LOST as u8,
    float_register_lost = const fault::FLOAT_REGISTER_LOST as u8,
    float_control_lost = const fault::FLOAT_CONTROL_LOST as u8,
);

// Forward unless the target begins inside the source. Of a misaligned source only aligned words are loaded, and only
// such that hold a byte of it, so no page is touched that the caller did not name.
global_asm!(
    r#"
    .option push
    .option arch, +c

    .section .text.sg_copy,"ax",@progbits
    .globl sg_copy
    .type sg_copy,@function
    .p2align 1
sg_copy:
    .cfi_startproc
    sub t0, a0, a1
    li t1, 8
    li t2, 16
    li t3, 64
    .ifeq {copy_forward}
    bltu t0, a2, 20f
    .endif

    bltu a2, t2, 8f
1:  andi t0, a0, 7                      // forward: align the target
    beqz t0, 2f
    lbu a3, 0(a1)
    addi a1, a1, 1
    addi a2, a2, -1
    sb a3, 0(a0)
    addi a0, a0, 1
    j 1b
2:  andi t0, a1, 7                      // at least 9 bytes are left
    bnez t0, 5f
    bltu a2, t3, 4f
3:  ld a3, 0(a1)
    ld a4, 8(a1)
    ld a5, 16(a1)
    ld a6, 24(a1)
    ld a7, 32(a1)
    ld t4, 40(a1)
    ld t5, 48(a1)
    ld t6, 56(a1)
    addi a1, a1, 64
    addi a2, a2, -64
    sd a3, 0(a0)
    sd a4, 8(a0)
    sd a5, 16(a0)
    sd a6, 24(a0)
    sd a7, 32(a0)
    sd t4, 40(a0)
    sd t5, 48(a0)
    sd t6, 56(a0)
    addi a0, a0, 64
    bgeu a2, t3, 3b
4:  bltu a2, t1, 8f
    ld a3, 0(a1)
    addi a1, a1, 8
    addi a2, a2, -8
    sd a3, 0(a0)
    addi a0, a0, 8
    j 4b
5:  sub a1, a1, t0                      // t0 in 1..8: bytes by which the source is misaligned
    slli t4, t0, 3
    neg t5, t4                          // shifts take it modulo 64
    ld a3, 0(a1)
    bltu a2, t2, 7f
6:  ld a4, 8(a1)
    ld a5, 16(a1)
    addi a1, a1, 16
    addi a2, a2, -16
    srl a6, a3, t4
    sll a7, a4, t5
    or a6, a6, a7
    srl a7, a4, t4
    sd a6, 0(a0)
    sll a6, a5, t5
    or a7, a7, a6
    sd a7, 8(a0)
    mv a3, a5
    addi a0, a0, 16
    bgeu a2, t2, 6b
7:  add a1, a1, t0
    j 8f
9:  lbu a3, 0(a1)
    addi a1, a1, 1
    addi a2, a2, -1
    sb a3, 0(a0)
    addi a0, a0, 1
8:  bnez a2, 9b
    ret

20: add a0, a0, a2                      // backward: the same from the ends
    add a1, a1, a2
    bltu a2, t2, 28f
21: andi t0, a0, 7
    beqz t0, 22f
    lbu a3, -1(a1)
    addi a1, a1, -1
    addi a2, a2, -1
    sb a3, -1(a0)
    addi a0, a0, -1
    j 21b
22: andi t0, a1, 7
    bnez t0, 25f
    bltu a2, t3, 24f
23: ld a3, -8(a1)
    ld a4, -16(a1)
    ld a5, -24(a1)
    ld a6, -32(a1)
    ld a7, -40(a1)
    ld t4, -48(a1)
    ld t5, -56(a1)
    ld t6, -64(a1)
    addi a1, a1, -64
    addi a2, a2, -64
    sd a3, -8(a0)
    sd a4, -16(a0)
    sd a5, -24(a0)
    sd a6, -32(a0)
    sd a7, -40(a0)
    sd t4, -48(a0)
    sd t5, -56(a0)
    sd t6, -64(a0)
    addi a0, a0, -64
    bgeu a2, t3, 23b
24: bltu a2, t1, 28f
    ld a3, -8(a1)
    addi a1, a1, -8
    addi a2, a2, -8
    sd a3, -8(a0)
    addi a0, a0, -8
    j 24b
25: sub a1, a1, t0
    slli t4, t0, 3
    neg t5, t4
    ld a3, 0(a1)
    bltu a2, t2, 27f
26: ld a4, -8(a1)
    ld a5, -16(a1)
    addi a1, a1, -16
    addi a2, a2, -16
    sll a6, a3, t5
    srl a7, a4, t4
    or a6, a6, a7
    sll a7, a4, t5
    sd a6, -8(a0)
    srl a6, a5, t4
    or a7, a7, a6
    sd a7, -16(a0)
    mv a3, a5
    addi a0, a0, -16
    bgeu a2, t2, 26b
27: add a1, a1, t0
    j 28f
29: lbu a3, -1(a1)
    addi a1, a1, -1
    addi a2, a2, -1
    sb a3, -1(a0)
    addi a0, a0, -1
28: bnez a2, 29b
    ret
    .cfi_endproc
    .size sg_copy, . - sg_copy

    .section .text.sg_fill,"ax",@progbits
    .globl sg_fill
    .type sg_fill,@function
    .p2align 1
sg_fill:
    .cfi_startproc
    andi a1, a1, 255
    slli t0, a1, 8
    or a1, a1, t0
    slli t0, a1, 16
    or a1, a1, t0
    slli t0, a1, 32
    or a1, a1, t0
    li t1, 8
    li t3, 64
    bltu a2, t1, 7f
1:  andi t0, a0, 7                      // align
    beqz t0, 3f
    sb a1, 0(a0)
    addi a0, a0, 1
    addi a2, a2, -1
    j 1b
2:  sd a1, 0(a0)
    sd a1, 8(a0)
    sd a1, 16(a0)
    sd a1, 24(a0)
    sd a1, 32(a0)
    sd a1, 40(a0)
    sd a1, 48(a0)
    sd a1, 56(a0)
    addi a0, a0, 64
    addi a2, a2, -64
3:  bgeu a2, t3, 2b
    j 5f
4:  sd a1, 0(a0)
    addi a0, a0, 8
    addi a2, a2, -8
5:  bgeu a2, t1, 4b
    j 7f
6:  sb a1, 0(a0)
    addi a0, a0, 1
    addi a2, a2, -1
7:  bnez a2, 6b
    ret
    .cfi_endproc
    .size sg_fill, . - sg_fill
    .option pop
    .text
    "#,
    copy_forward = const fault::COPY_FORWARD as u8,
);

//! x86-64, System V ABI. Kept by a callee: rbx, rbp, r12–r15, rsp, the control bits of MXCSR, the x87 control word.
//!
//! Guest code uses no x87, so its control word is left alone.

use super::TRAP_SP;
use crate::fault;
use core::arch::{asm, global_asm};

/// The stack pointer, somewhere in the caller's frame.
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let sp: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, rsp", out(reg) sp, options(nomem, nostack, preserves_flags)) };
    sp
}

// The frame, from rsp: MXCSR, the guest's MXCSR, previous trap rsp, domain, r15, r14, r13, r12, rbx, rbp, return address.
// On entry rsp is 8 modulo 16; six pushes and 24 bytes make it 0 modulo 16.
global_asm!(
    r#"
    .cfi_sections .debug_frame

    .section .text.sg_switch,"ax",@progbits
    .globl sg_switch
    .hidden sg_switch
    .type sg_switch,@function
    .p2align 4
sg_switch:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    push rbx
    .cfi_def_cfa_offset 24
    .cfi_offset rbx, -24
    push r12
    .cfi_def_cfa_offset 32
    .cfi_offset r12, -32
    push r13
    .cfi_def_cfa_offset 40
    .cfi_offset r13, -40
    push r14
    .cfi_def_cfa_offset 48
    .cfi_offset r14, -48
    push r15
    .cfi_def_cfa_offset 56
    .cfi_offset r15, -56
    sub rsp, 24
    .cfi_def_cfa_offset 80
    stmxcsr [rsp]
    mov dword ptr [rsp + 4], 0x1f80     // round to nearest, no flushing of subnormals, every exception masked
    .ifeq {float_control_inherited}
    ldmxcsr [rsp + 4]
    .endif
    mov rax, [rdi + {trap_sp}]
    mov [rsp + 8], rax
    mov [rsp + 16], rdi
    mov [rdi + {trap_sp}], rsp
    mov rdi, rdx
    call rsi
    mov rdi, [rsp + 16]
    xor eax, eax
    xor edx, edx
.Lsg_leave:
    ldmxcsr [rsp]
    mov rcx, [rsp + 8]
    .ifeq {trap_sp_not_restored}
    mov [rdi + {trap_sp}], rcx
    .endif
    add rsp, 24
    .cfi_def_cfa_offset 56
    pop r15
    .cfi_def_cfa_offset 48
    pop r14
    .cfi_def_cfa_offset 40
    pop r13
    .cfi_def_cfa_offset 32
    pop r12
    .cfi_def_cfa_offset 24
    pop rbx
    .cfi_def_cfa_offset 16
    pop rbp
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc
    .size sg_switch, . - sg_switch

    .section .text.sg_raise,"ax",@progbits
    .globl sg_raise
    .type sg_raise,@function
    .p2align 4
sg_raise:
    .cfi_startproc
    mov eax, esi                        // rdx holds the program counter already
    mov rsp, [rdi + {trap_sp}]
    .cfi_def_cfa_offset 80
    .cfi_offset rbp, -16
    .cfi_offset rbx, -24
    .cfi_offset r12, -32
    .cfi_offset r13, -40
    .cfi_offset r14, -48
    .cfi_offset r15, -56
    .ifne {register_lost}
    mov [rsp + 40], r13
    .endif
    .ifne {float_control_lost}
    stmxcsr [rsp]
    .endif
    jmp .Lsg_leave
    .cfi_endproc
    .size sg_raise, . - sg_raise
    "#,
    trap_sp = const TRAP_SP,
    float_control_inherited = const fault::FLOAT_CONTROL_INHERITED as u8,
    trap_sp_not_restored = const fault::TRAP_SP_NOT_RESTORED as u8,
    register_lost = const fault::REGISTER_LOST as u8,
    float_control_lost = const fault::FLOAT_CONTROL_LOST as u8,
);

// Up to 64 bytes are loaded whole before any is stored, so the direction does not matter. Beyond, the 64 bytes
// at the far end are loaded first and stored last; the loop in between goes away from the overlap and stores
// nothing that it still has to load. Long copies are left to the string instruction, which is slow only where
// the ranges lie closer than a cache line.
//
// No label is 0 or 1: with this syntax, `1b` is a binary number.
global_asm!(
    r#"
    .section .text.sg_copy,"ax",@progbits
    .globl sg_copy
    .type sg_copy,@function
    .p2align 4
sg_copy:
    .cfi_startproc
    cmp rdx, 16
    jb 5f
    cmp rdx, 32
    ja 9f
    movups xmm0, [rsi]
    movups xmm1, [rsi + rdx - 16]
    movups [rdi], xmm0
    movups [rdi + rdx - 16], xmm1
    ret
9:  movups xmm4, [rsi + rdx - 64 + 32]
    movups xmm5, [rsi + rdx - 64 + 48]
    cmp rdx, 64
    ja 2f
    movups xmm0, [rsi]
    movups xmm1, [rsi + 16]
    movups [rdi], xmm0
    movups [rdi + 16], xmm1
    movups [rdi + rdx - 32], xmm4
    movups [rdi + rdx - 16], xmm5
    ret
2:  mov rax, rdi
    sub rax, rsi
    .ifeq {copy_forward}
    cmp rax, rdx
    jb 4f
    .endif
    neg rax
    cmp rax, 64
    jb 6f
    cmp rdx, 2048
    jae 8f
6:  movups xmm6, [rsi + rdx - 64]
    movups xmm7, [rsi + rdx - 48]
    lea rcx, [rdi + rdx - 64]
3:  movups xmm0, [rsi]
    movups xmm1, [rsi + 16]
    movups xmm2, [rsi + 32]
    movups xmm3, [rsi + 48]
    add rsi, 64
    movups [rdi], xmm0
    movups [rdi + 16], xmm1
    movups [rdi + 32], xmm2
    movups [rdi + 48], xmm3
    add rdi, 64
    cmp rdi, rcx
    jb 3b
    movups [rcx], xmm6
    movups [rcx + 16], xmm7
    movups [rcx + 32], xmm4
    movups [rcx + 48], xmm5
    ret
8:  mov rcx, rdx
    rep movsb
    ret
4:  movups xmm4, [rsi]
    movups xmm5, [rsi + 16]
    movups xmm6, [rsi + 32]
    movups xmm7, [rsi + 48]
7:  movups xmm0, [rsi + rdx - 16]
    movups xmm1, [rsi + rdx - 32]
    movups xmm2, [rsi + rdx - 48]
    movups xmm3, [rsi + rdx - 64]
    movups [rdi + rdx - 16], xmm0
    movups [rdi + rdx - 32], xmm1
    movups [rdi + rdx - 48], xmm2
    movups [rdi + rdx - 64], xmm3
    sub rdx, 64
    cmp rdx, 64
    ja 7b
    movups [rdi], xmm4
    movups [rdi + 16], xmm5
    movups [rdi + 32], xmm6
    movups [rdi + 48], xmm7
    ret
5:  cmp edx, 8
    jb 6f
    mov rax, [rsi]
    mov rcx, [rsi + rdx - 8]
    mov [rdi], rax
    mov [rdi + rdx - 8], rcx
    ret
6:  cmp edx, 4
    jb 7f
    mov eax, [rsi]
    mov ecx, [rsi + rdx - 4]
    mov [rdi], eax
    mov [rdi + rdx - 4], ecx
    ret
7:  test edx, edx
    jz 8f
    movzx eax, byte ptr [rsi]
    movzx ecx, byte ptr [rsi + rdx - 1]
    shr edx                             // the middle one of three; of one or two it is one that is written anyway
    movzx r8d, byte ptr [rsi + rdx]
    mov [rdi + rdx], r8b
    adc edx, edx                        // brings back the bit that was shifted out
    mov [rdi], al
    mov [rdi + rdx - 1], cl
8:  ret
    .cfi_endproc
    .size sg_copy, . - sg_copy

    .section .text.sg_fill,"ax",@progbits
    .globl sg_fill
    .type sg_fill,@function
    .p2align 4
sg_fill:
    .cfi_startproc
    movzx eax, sil
    movabs rcx, 0x0101010101010101
    imul rax, rcx
    cmp rdx, 16
    jb 4f
    movq xmm0, rax
    punpcklqdq xmm0, xmm0
    cmp rdx, 2048
    jae 3f
    lea rcx, [rdi + rdx - 16]
    cmp rdx, 64
    jb 2f
    lea r8, [rdi + rdx - 64]
9:  movups [rdi], xmm0
    movups [rdi + 16], xmm0
    movups [rdi + 32], xmm0
    movups [rdi + 48], xmm0
    add rdi, 64
    cmp rdi, r8
    jbe 9b
2:  cmp rdi, rcx
    jae 6f
    movups [rdi], xmm0
    add rdi, 16
    jmp 2b
6:  movups [rcx], xmm0
    ret
3:  mov rcx, rdx
    rep stosb
    ret
4:  cmp edx, 8
    jb 5f
    mov [rdi], rax
    mov [rdi + rdx - 8], rax
    ret
5:  cmp edx, 4
    jb 7f
    mov [rdi], eax
    mov [rdi + rdx - 4], eax
    ret
7:  test edx, edx
    jz 8f
    mov [rdi], al
    mov [rdi + rdx - 1], al
    shr edx
    mov [rdi + rdx], al
8:  ret
    .cfi_endproc
    .size sg_fill, . - sg_fill
    .text
    "#,
    copy_forward = const fault::COPY_FORWARD as u8,
);

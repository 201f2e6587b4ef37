//! x86-64.

use super::{ADDRESS, CODE, FLOAT_CONTROL, FOUND, GIVEN, PC, SAVED_SP, SLOTS, STACK_POINTER};
use crate::call::{RECORD, REGISTERS};
use crate::protocol::DIRECTION;
use core::arch::global_asm;

/// Rust's name of the architecture.
pub(crate) const NAME: &str = "x86_64";

/// Rounding toward zero in MXCSR, which is not what a guest must see; above it the x87 control word as Linux sets it.
pub(crate) const FLOAT_CONTROL_GIVEN: u64 = 0x037f_0000_7f80;

/// Registers that the runner must not lose: none beyond those that the assembly saves.
pub(crate) fn keep_own(_: &mut [u64; REGISTERS]) {}

/// The program counter in a `ucontext_t`: 40 bytes before the registers, of which it is number 16.
pub(crate) const CONTEXT_PC_OFFSET: usize = 40 + 16 * 8;

/// The kernel's `sigaction`: handler, flags, restorer, mask.
pub(crate) fn signal_action(handler: usize, flags: usize) -> [usize; 4] {
    const SA_RESTORER: usize = 0x0400_0000;
    [handler, flags | SA_RESTORER, signal_return as *const () as usize, 0]
}

unsafe extern "C" {
    fn signal_return();
}

global_asm!(
    r#"
    .text
    .globl _start
_start:
    and rsp, -16
    call {start}

signal_return:
    mov eax, 15
    syscall

    .globl guest_call
guest_call:
    push rbx
    push rbp
    push r12
    push r13
    push r14
    push r15
    sub rsp, 24
    stmxcsr [rsp]
    fnstcw [rsp + 4]
    lea rdi, [rip + {record}]
    mov [rdi + {saved_sp}], rsp
    ldmxcsr [rdi + {given} + {float_control}]
    fldcw [rdi + {given} + {float_control} + 4]
    mov rsp, [rdi + {given} + {stack_pointer}]
    mov rbx, [rdi + {given}]
    mov rbp, [rdi + {given} + 8]
    mov r12, [rdi + {given} + 16]
    mov r13, [rdi + {given} + 24]
    mov r14, [rdi + {given} + 32]
    mov r15, [rdi + {given} + 40]
    mov rax, [rdi + {address}]
    mov rdi, [rdi + {slots}]
    call rax
    lea rdi, [rip + {record}]
    mov [rdi + {code}], rax
    mov [rdi + {pc}], rdx
    mov [rdi + {found} + {stack_pointer}], rsp
    mov rsp, [rdi + {saved_sp}]
    pushfq
    pop rax
    and eax, 0x400
    mov [rdi + {found} + {direction}], rax
    mov [rdi + {found}], rbx
    mov [rdi + {found} + 8], rbp
    mov [rdi + {found} + 16], r12
    mov [rdi + {found} + 24], r13
    mov [rdi + {found} + 32], r14
    mov [rdi + {found} + 40], r15
    stmxcsr [rdi + {found} + {float_control}]
    and dword ptr [rdi + {found} + {float_control}], 0xffc0     // without the flags of exceptions that were
    fnstcw [rdi + {found} + {float_control} + 4]

    .globl guest_recover
guest_recover:
    cld
    lea rdi, [rip + {record}]
    mov rsp, [rdi + {saved_sp}]
    ldmxcsr [rsp]
    fldcw [rsp + 4]
    add rsp, 24
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbp
    pop rbx
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
    stack_pointer = const STACK_POINTER,
    float_control = const FLOAT_CONTROL,
    direction = const 8 * DIRECTION,
);

// The compiler calls the first five; the bare-metal targets get them from their own library, this one from a libc that is
// not here. The last is named by the unwinding tables of the precompiled `core`, which nobody reads.
global_asm!(
    r#"
    .globl rust_eh_personality
rust_eh_personality:
    ud2
    .globl memcpy
    .globl memmove
    .globl memset
    .globl memcmp
    .globl bcmp
memmove:
    mov rax, rdi
    sub rax, rsi
    cmp rax, rdx
    jae memcpy
    mov rax, rdi
    mov rcx, rdx
    lea rdi, [rdi + rdx - 1]
    lea rsi, [rsi + rdx - 1]
    std
    rep movsb
    cld
    ret
memcpy:
    mov rax, rdi
    mov rcx, rdx
    rep movsb
    ret
memset:
    mov r8, rdi
    mov eax, esi
    mov rcx, rdx
    rep stosb
    mov rax, r8
    ret
bcmp:
memcmp:
    xor eax, eax
    mov rcx, rdx
    cmp rcx, rcx
    repe cmpsb
    je 2f
    movzx eax, byte ptr [rdi - 1]
    movzx ecx, byte ptr [rsi - 1]
    sub ecx, eax
    mov eax, ecx
2:  ret
    "#
);

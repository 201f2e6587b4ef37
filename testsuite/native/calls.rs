//! What the test of the runner calls: functions that behave, and functions that misbehave in each way that the runner reports.
//!
//! Compiled for every target by the test, and linked with the real runtime library.
#![no_std]

use core::arch::{asm, global_asm};
use core::ptr::{read_volatile, write_volatile};

/// Two words, returned in two registers.
#[repr(C)]
pub struct Completion {
    code: usize,
    pc: usize,
}

const OK: Completion = Completion { code: 0, pc: 0 };

unsafe extern "C" {
    fn sg_enter(module: *const u8, thunk: unsafe extern "C" fn(*mut u64), slots: *mut u64) -> Completion;
    fn sg_raise(domain: *mut u8, code: usize, pc: usize) -> !;
    fn lose_registers_and_raise(domain: *mut u8, code: usize, pc: usize) -> !;
    static module: u8;
    static mut domain: u8;
    static mut counter: u64;
    static mut large: u8;
}

// The records of a module that is instantiated, as the compiler would write them.
global_asm!(
    r#"
    .section .rodata.module,"a",%progbits
    .globl module
    .p2align 2
module:
    .4byte domain - .
    .4byte state - .
    .4byte 0
    .4byte 65536
    .4byte 4096
    .4byte saggar_abi_version_2 - .
    .section .data.state,"aw",%progbits
    .p2align 3
state:
    .4byte 1, 0
    .globl counter
counter:
    .8byte 5
    .section .bss.domain,"aw",%nobits
    .p2align 3
    .globl domain
domain:
    .zero 64
    .globl large
large:
    .zero 0x20000000
    .text
    "#
);

#[unsafe(no_mangle)]
unsafe extern "C" fn add(slots: *mut u64) -> Completion {
    unsafe { *slots = (*slots).wrapping_add(*slots.add(1)) };
    OK
}

/// Counts in the image's data, so that it is seen when the image is loaded anew.
#[unsafe(no_mangle)]
unsafe extern "C" fn count(slots: *mut u64) -> Completion {
    unsafe {
        counter += 1;
        *slots = counter;
    }
    OK
}

unsafe extern "C" fn raise_thunk(slots: *mut u64) {
    unsafe { lose_registers_and_raise(&raw mut domain, *slots as usize, *slots.add(1) as usize) }
}

/// Enters, loses every register, and raises the trap whose code and place the slots hold.
#[unsafe(no_mangle)]
unsafe extern "C" fn trap(slots: *mut u64) -> Completion {
    unsafe { sg_enter(&raw const module, raise_thunk, slots) }
}

unsafe extern "C" fn nested_thunk(slots: *mut u64) {
    let inner = unsafe { sg_enter(&raw const module, raise_thunk, slots) };
    unsafe {
        *slots.add(2) = inner.code as u64;
        sg_raise(&raw mut domain, 9, inner.pc + 1);
    }
}

/// A trap in an activation within another, and then one in the outer.
#[unsafe(no_mangle)]
unsafe extern "C" fn nested(slots: *mut u64) -> Completion {
    unsafe { sg_enter(&raw const module, nested_thunk, slots) }
}

unsafe extern "C" fn thirds_thunk(slots: *mut u64) {
    unsafe { *slots = (1.0 / f64::from_bits(*slots)).to_bits() };
}

/// A reciprocal, which shows the rounding mode that a guest has.
#[unsafe(no_mangle)]
unsafe extern "C" fn reciprocal(slots: *mut u64) -> Completion {
    unsafe { sg_enter(&raw const module, thirds_thunk, slots) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn store(slots: *mut u64) -> Completion {
    unsafe { write_volatile(*slots as *mut u8, *slots.add(1) as u8) };
    OK
}

/// Writes a byte so many bytes above the stack pointer, which may be negative.
#[unsafe(no_mangle)]
unsafe extern "C" fn store_at_stack(slots: *mut u64) -> Completion {
    let place = slots_frame().wrapping_add(unsafe { *slots } as usize) as *mut u8;
    unsafe { write_volatile(place, 0x55) };
    OK
}

#[inline(always)]
fn slots_frame() -> usize {
    let sp: usize;
    #[cfg(target_arch = "x86_64")]
    unsafe {
        asm!("mov {}, rsp", out(reg) sp)
    };
    #[cfg(target_arch = "aarch64")]
    unsafe {
        asm!("mov {}, sp", out(reg) sp)
    };
    #[cfg(target_arch = "riscv64")]
    unsafe {
        asm!("mv {}, sp", out(reg) sp)
    };
    sp
}

#[unsafe(no_mangle)]
unsafe extern "C" fn touch_large(slots: *mut u64) -> Completion {
    let last = (&raw mut large).wrapping_add(0x1fff_ffff);
    unsafe {
        *slots = u64::from(read_volatile(last));
        write_volatile(last, 7);
        *slots.add(1) = last as u64;
    }
    OK
}

#[unsafe(no_mangle)]
unsafe extern "C" fn hang(_: *mut u64) -> Completion {
    loop {
        core::hint::spin_loop();
    }
}

#[cfg(target_arch = "x86_64")]
global_asm!(
    r#"
    .globl illegal, end_process, lose_register, lose_float_control, lose_registers_and_raise
illegal:
    ud2
end_process:
    mov eax, 231
    mov edi, 3
    syscall
lose_register:
    xor r13d, r13d
    xor eax, eax
    xor edx, edx
    ret
lose_float_control:
    mov dword ptr [rsp - 8], 0x1f80
    ldmxcsr [rsp - 8]
    xor eax, eax
    xor edx, edx
    ret
lose_registers_and_raise:
    mov dword ptr [rsp - 8], 0x9fc0
    ldmxcsr [rsp - 8]
    mov rbx, -1
    mov rbp, rbx
    mov r12, rbx
    mov r13, rbx
    mov r14, rbx
    mov r15, rbx
    sub rsp, 1000
    jmp sg_raise
    "#
);

#[cfg(target_arch = "aarch64")]
global_asm!(
    r#"
    .globl illegal, end_process, lose_register, lose_float_control, lose_registers_and_raise
illegal:
    udf #0
end_process:
    mov x8, #94
    mov x0, #3
    svc #0
lose_register:
    fmov d12, xzr
    mov x0, #0
    mov x1, #0
    ret
lose_float_control:
    msr fpcr, xzr
    mov x0, #0
    mov x1, #0
    ret
lose_registers_and_raise:
    mov x9, #0x1400000
    msr fpcr, x9
    mov x19, #-1
    mov x20, x19
    mov x21, x19
    mov x22, x19
    mov x23, x19
    mov x24, x19
    mov x25, x19
    mov x26, x19
    mov x27, x19
    mov x28, x19
    mov x29, x19
    fmov d8, x19
    fmov d9, x19
    fmov d10, x19
    fmov d11, x19
    fmov d12, x19
    fmov d13, x19
    fmov d14, x19
    fmov d15, x19
    sub sp, sp, #1008
    b sg_raise
    "#
);

#[cfg(target_arch = "riscv64")]
global_asm!(
    r#"
    .option push
    .option arch, +f, +d, +c
    .globl illegal, end_process, lose_register, lose_float_control, lose_registers_and_raise
illegal:
    unimp
end_process:
    li a7, 94
    li a0, 3
    ecall
lose_register:
    fmv.d.x fs7, zero
    li a0, 0
    li a1, 0
    ret
lose_float_control:
    fsrmi 0
    li a0, 0
    li a1, 0
    ret
lose_registers_and_raise:
    fsrmi 2
    li s0, -1
    mv s1, s0
    mv s2, s0
    mv s3, s0
    mv s4, s0
    mv s5, s0
    mv s6, s0
    mv s7, s0
    mv s8, s0
    mv s9, s0
    mv s10, s0
    mv s11, s0
    fmv.d.x fs0, s0
    fmv.d.x fs1, s0
    fmv.d.x fs2, s0
    fmv.d.x fs3, s0
    fmv.d.x fs4, s0
    fmv.d.x fs5, s0
    fmv.d.x fs6, s0
    fmv.d.x fs7, s0
    fmv.d.x fs8, s0
    fmv.d.x fs9, s0
    fmv.d.x fs10, s0
    fmv.d.x fs11, s0
    addi sp, sp, -1008
    tail sg_raise
    .option pop
    "#
);

//! Measures how much stack the runtime library uses, by painting what lies below the stack pointer before a call.
//!
//! The functions that paint and look call something, so that they keep nothing below their stack pointer themselves, and every access is
//! volatile, so that the compiler makes no calls of its own out of it.
#![no_std]

use core::arch::{asm, global_asm};
use core::ptr::{read_volatile, write_volatile};

#[repr(C)]
pub struct Completion {
    code: usize,
    pc: usize,
}

type Thunk = unsafe extern "C" fn(*mut u64);

unsafe extern "C" {
    fn sg_enter(module: *const u8, thunk: Thunk, slots: *mut u64) -> Completion;
    fn sg_instantiate(module: *const u8) -> Completion;
    fn sg_copy(to: *mut u8, from: *const u8, bytes: usize);
    fn sg_fill(to: *mut u8, byte: u32, bytes: usize);
    fn sg_memory_grow(record: *mut u8, delta_pages: u64) -> u64;
    fn sg_table_grow(record: *mut u8, delta: u64, value: usize) -> u64;
    fn sg_table_fill(to: *mut usize, value: usize, elements: usize);
    fn sg_table_init(to: *mut usize, segment: *const i32, elements: usize);
    fn sg_resolve(cell: *const i32) -> *const u8;
    fn sg_copy_polled(to: *mut u8, from: *const u8, bytes: usize, domain: *mut u8) -> usize;
    fn sg_fill_polled(to: *mut u8, byte: u32, bytes: usize, domain: *mut u8) -> usize;
    fn sg_memory_grow_polled(record: *mut u8, delta_pages: u64, domain: *mut u8) -> u64;
    fn sg_table_grow_polled(record: *mut u8, delta: u64, value: usize, domain: *mut u8) -> u64;
    fn sg_table_fill_polled(to: *mut usize, value: usize, elements: usize, domain: *mut u8) -> usize;
    fn sg_table_init_polled(to: *mut usize, segment: *const i32, elements: usize, domain: *mut u8) -> usize;
    fn nothing(slots: *mut u64);
    static module: u8;
    static mut domain: [usize; 8];
}

// The records of a module that is instantiated, as the compiler would write them, and a thunk that uses no stack.
global_asm!(
    r#"
    .section .rodata.module,"a",%progbits
    .globl module
    .p2align 2
module:
    .4byte domain - .
    .4byte state - .
    .4byte nothing - .
    .4byte 65536
    .4byte 4096
    .4byte 0
    .section .data.state,"aw",%progbits
    .p2align 3
state:
    .4byte 1, 0
    .section .bss.domain,"aw",%nobits
    .p2align 3
    .globl domain
domain:
    .zero 64
    .section .text.nothing,"ax",%progbits
    .globl nothing
nothing:
    ret
    .text
    "#
);

const PAINT: u64 = 0xdead_57ac_dead_57ac;
const PAINTED_BYTES: usize = 4096;

const ARENA_BYTES: usize = 64 << 10;
static mut ARENA: [u64; ARENA_BYTES / 8] = [0; ARENA_BYTES / 8];
static SEGMENT: [i32; 1024] = [4; 1024];

#[inline(always)]
fn stack_pointer() -> usize {
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

/// How far below the stack pointer a call writes; `call` is inlined here, so that nothing lies in between.
macro_rules! depth {
    ($call:expr) => {{
        let sp = stack_pointer();
        for place in (sp - PAINTED_BYTES..sp).step_by(8) {
            unsafe { write_volatile(place as *mut u64, PAINT) };
        }
        let _ = unsafe { $call };
        let mut lowest = sp - PAINTED_BYTES;
        while lowest < sp && unsafe { read_volatile(lowest as *const u64) } == PAINT {
            lowest += 8;
        }
        (sp - lowest) as u64
    }};
}

/// Entering and instantiating, thunk included. Slots: the two depths.
#[unsafe(no_mangle)]
#[inline(never)]
unsafe extern "C" fn enter(slots: *mut u64) -> Completion {
    let depths = [
        depth!(sg_enter(&raw const module, nothing, core::ptr::null_mut())),
        depth!(sg_instantiate(&raw const module)),
    ];
    unsafe {
        *slots = depths[0];
        *slots.add(1) = depths[1];
    }
    Completion { code: 0, pc: 0 }
}

/// Copying and filling bytes, of many lengths. Slots: the greater depth of each.
#[unsafe(no_mangle)]
#[inline(never)]
unsafe extern "C" fn bytes(slots: *mut u64) -> Completion {
    let arena = (&raw mut ARENA).cast::<u8>();
    let mut deepest = [0; 2];
    for bytes in (0..80).chain([100, 1000, 5000, 20_000]) {
        let copy = depth!(sg_copy(arena.add(9), arena, bytes)).max(depth!(sg_copy(arena, arena.add(9), bytes)));
        let fill = depth!(sg_fill(arena.add(3), 7, bytes));
        deepest = [deepest[0].max(copy), deepest[1].max(fill)];
    }
    unsafe {
        *slots = deepest[0];
        *slots.add(1) = deepest[1];
    }
    Completion { code: 0, pc: 0 }
}

/// All other functions, where they do their work, where they refuse it, and where the flag is set. Slots: the depth of each.
#[unsafe(no_mangle)]
#[inline(never)]
unsafe extern "C" fn operations(slots: *mut u64) -> Completion {
    let arena = (&raw mut ARENA).cast::<u8>();
    let words = arena.cast::<usize>();
    let record = (&raw mut domain).cast::<u8>();
    let segment = (&raw const SEGMENT).cast::<i32>();
    let cell = [1_i32 | 4, 4, 0];
    let mut deepest = [0_u64; 11];
    for interrupted in [0, 1] {
        unsafe { (*(&raw mut domain))[3] = interrupted };
        for amount in [0, 1, 7, 1000] {
            let mut memory = [arena as usize, 4096, ARENA_BYTES, usize::MAX, 4];
            let mut table = [arena as usize, 5, ARENA_BYTES / 8, usize::MAX];
            let (memory, table) = ((&raw mut memory).cast::<u8>(), (&raw mut table).cast::<u8>());
            let bytes = amount * 20;
            let depths = [
                depth!(sg_memory_grow(memory, amount as u64)),
                depth!(sg_memory_grow_polled(memory, amount as u64, record)),
                depth!(sg_table_grow(table, amount as u64, 3)),
                depth!(sg_table_grow_polled(table, amount as u64, 3, record)),
                depth!(sg_table_fill(words, 3, amount)),
                depth!(sg_table_fill_polled(words, 3, amount, record)),
                depth!(sg_table_init(words, segment, amount)),
                depth!(sg_table_init_polled(words, segment, amount, record)),
                depth!(sg_copy_polled(arena.add(9), arena, bytes, record)),
                depth!(sg_fill_polled(arena, 5, bytes, record)),
                depth!(sg_resolve(&raw const cell[0])),
            ];
            // A growth that is refused.
            let refused = [
                depth!(sg_memory_grow(memory, u64::MAX)),
                depth!(sg_memory_grow_polled(memory, u64::MAX, record)),
                depth!(sg_table_grow(table, u64::MAX, 3)),
                depth!(sg_table_grow_polled(table, u64::MAX, 3, record)),
            ];
            for (deepest, depth) in deepest.iter_mut().zip(depths) {
                *deepest = depth.max(*deepest);
            }
            for (deepest, depth) in deepest.iter_mut().zip(refused) {
                *deepest = depth.max(*deepest);
            }
        }
    }
    for (index, depth) in deepest.into_iter().enumerate() {
        unsafe { *slots.add(index) = depth };
    }
    Completion { code: 0, pc: 0 }
}

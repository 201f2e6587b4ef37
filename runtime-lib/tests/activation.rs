//! Entering, instantiating, trapping, nesting; who is refused, and that everything is as before.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "one SAFETY comment covers the slots of a test")]
#![allow(clippy::cast_possible_truncation, reason = "patterns are cut to bytes, and the tests run on 64-bit hosts")]

mod common;

use common::{Module, nothing};
use saggar_abi::layout::domain;
use saggar_abi::trap::Code;
use saggar_runtime::activation::raise;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::thread;

const STACK_BYTES: u32 = 256 * 1024;
const HEADROOM_BYTES: u32 = 64 * 1024;

/// Raises with the code in slot 0 and the place in slot 1, in the domain to which slot 2 points.
unsafe extern "C" fn raise_slots(slots: *mut u64) {
    // SAFETY: the tests that use it pass three slots, and run it inside an activation of that domain.
    unsafe { raise(*slots.add(2) as *mut u8, *slots as usize, *slots.add(1) as usize) }
}

unsafe extern "C" fn double(slots: *mut u64) {
    // SAFETY: the tests that use it pass a slot.
    unsafe { *slots *= 2 };
}

#[test]
fn a_call_and_a_trap() {
    static MODULE: Module = Module::new();
    let module = MODULE.ready(STACK_BYTES, HEADROOM_BYTES);
    let mut slots = [21];
    let completion = module.enter(double, &mut slots);
    assert!(completion.is_ok() && completion.pc == 0);
    assert_eq!(slots, [42]);
    for code in [Code::Unreachable, Code::IntegerOverflow, Code::Interrupted] {
        let completion = module.enter(raise_slots, &mut [code as u64, 0x1234, module.domain_pointer() as u64]);
        let trap = completion.trap().unwrap();
        assert_eq!((trap.code(), trap.pc), (Some(code), 0x1234));
        assert_eq!(completion.result(), Err(trap));
        assert!(module.is_idle());
    }
    // A guest may answer a pc of any value, but the code is what the trampoline was given: zero is no trap.
    assert!(module.enter(nothing, &mut []).is_ok());
}

#[test]
fn a_module_must_be_instantiated() {
    static MODULE: Module = Module::new();
    static RUNS: AtomicU32 = AtomicU32::new(0);
    unsafe extern "C" fn body(ignored: *mut u64) {
        assert!(ignored.is_null());
        if RUNS.fetch_add(1, Ordering::Relaxed) == 1 {
            // SAFETY: this runs inside an activation of the domain.
            unsafe { raise(MODULE.domain_pointer(), Code::MemoryOutOfBounds as usize, 7) }
        }
        // While it is being instantiated it cannot be entered, from inside either, nor be instantiated again.
        assert_eq!(MODULE.enter(double, &mut [0]).code, Code::NotInstantiated as usize);
        assert_eq!(MODULE.instantiate().code, Code::Busy as usize);
    }
    let module = MODULE.prepare(body, STACK_BYTES, HEADROOM_BYTES);
    assert_eq!(module.enter(double, &mut [0]).code, Code::NotInstantiated as usize);
    assert!(module.is_idle());
    assert!(module.instantiate().is_ok());
    assert!(module.enter(double, &mut [1]).is_ok());
    // The second time it traps, and is then not instantiated; the third time it succeeds.
    assert_eq!(module.instantiate().trap().unwrap().code(), Some(Code::MemoryOutOfBounds));
    assert!(module.is_idle());
    assert_eq!(module.enter(double, &mut [0]).code, Code::NotInstantiated as usize);
    assert!(module.instantiate().is_ok());
    assert!(module.enter(double, &mut [1]).is_ok());
}

/// Host → guest → host → guest …: each trap ends at its own host frame.
#[test]
fn activations_nest() {
    static MODULE: Module = Module::new();
    unsafe extern "C" fn descend(slots: *mut u64) {
        // SAFETY: the test passes two slots.
        let depth = unsafe { *slots };
        if depth > 0 {
            let mut inner = [depth - 1, 0];
            let completion = MODULE.enter(descend, &mut inner);
            assert_eq!(completion.pc as u64, depth - 1);
            assert_eq!(inner[1], depth - 1);
        }
        // SAFETY: as above; this runs inside an activation of the domain.
        unsafe {
            *slots.add(1) = depth;
            raise(MODULE.domain_pointer(), Code::Unreachable as usize, depth as usize)
        }
    }
    let module = MODULE.ready(STACK_BYTES, HEADROOM_BYTES);
    for depth in [0, 1, 2, 20] {
        let mut slots = [depth, 0];
        let completion = module.enter(descend, &mut slots);
        assert_eq!((completion.code, completion.pc as u64, slots[1]), (Code::Unreachable as usize, depth, depth));
        assert!(module.is_idle());
    }
}

/// Deeper and deeper on the stack that an activation was given: let in above the limit, told of the overflow in the headroom, and
/// beyond that a stranger.
#[test]
fn nesting_ends_at_the_stack_limit() {
    static MODULE: Module = Module::new();
    static ANSWERS: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];
    unsafe extern "C" fn outer(_: *mut u64) {
        let limit = MODULE.domain[domain::STACK_LIMIT.0 as usize].load(Ordering::Relaxed);
        for step in 0..40 {
            deeper(step * 1024, limit);
        }
    }
    /// Calls with about so many bytes of stack in between.
    #[inline(never)]
    fn deeper(bytes: usize, limit: usize) {
        let filler = std::hint::black_box([0_u8; 1024]);
        if bytes > 0 {
            deeper(bytes - 1024, limit);
        } else {
            let here = std::ptr::from_ref(&filler).addr();
            let code = MODULE.enter(nothing, &mut []).code;
            assert_eq!(MODULE.domain[domain::STACK_LIMIT.0 as usize].load(Ordering::Relaxed), limit, "nesting keeps the limit");
            // The stack pointer in `enter` lies less than 2 KiB below this frame.
            let answer = match code {
                0 => 0,
                code if code == Code::StackOverflow as usize => 1,
                code if code == Code::Busy as usize => 2,
                code => panic!("{code}"),
            };
            ANSWERS[answer].fetch_add(1, Ordering::Relaxed);
            match answer {
                0 => assert!(here > limit),
                1 => assert!(here < limit + 2048 && here + 2048 > limit - 12 * 1024),
                _ => assert!(here < limit - 12 * 1024 + 2048),
            }
        }
        std::hint::black_box(&filler);
    }
    let module = MODULE.ready(32 * 1024, 12 * 1024);
    assert!(module.enter(outer, &mut []).is_ok());
    assert!(ANSWERS.iter().all(|count| count.load(Ordering::Relaxed) >= 3), "{ANSWERS:?}");
    assert!(module.is_idle());
}

#[test]
fn the_limit_counts_from_the_call_and_leaves_headroom() {
    static MODULE: Module = Module::new();
    unsafe extern "C" fn limit(slots: *mut u64) {
        // SAFETY: the test passes two slots.
        unsafe {
            *slots = MODULE.domain[domain::STACK_LIMIT.0 as usize].load(Ordering::Relaxed) as u64;
            *slots.add(1) = MODULE.domain[domain::OWNER.0 as usize].load(Ordering::Relaxed) as u64;
        }
    }
    let local = 0_u8;
    let here = std::ptr::from_ref(&local).addr() as u64;
    for (stack_bytes, headroom_bytes) in [(4096, 1024), (65536, 8192), (0, 0)] {
        let mut slots = [0, 0];
        assert!(MODULE.ready(stack_bytes, headroom_bytes).enter(limit, &mut slots).is_ok());
        let [limit, sp] = slots;
        assert_eq!(limit + u64::from(stack_bytes), sp + u64::from(headroom_bytes));
        assert!(sp < here + 4096 && here < sp + 4096);
    }
    // A headroom that is larger than the stack leaves nothing to run on.
    let refused = MODULE.ready(1024, 4096).enter(limit, &mut [0, 0]);
    assert_eq!(refused.trap().and_then(|trap| trap.code()), Some(Code::StackOverflow));
    assert!(MODULE.is_idle());
}

#[test]
fn a_second_thread_is_answered_busy() {
    static MODULE: Module = Module::new();
    static INSIDE: AtomicBool = AtomicBool::new(false);
    static DONE: AtomicBool = AtomicBool::new(false);
    unsafe extern "C" fn wait(_: *mut u64) {
        INSIDE.store(true, Ordering::Release);
        while !DONE.load(Ordering::Acquire) {
            thread::yield_now();
        }
    }
    let module = MODULE.ready(STACK_BYTES, HEADROOM_BYTES);
    let first = thread::spawn(move || module.enter(wait, &mut []).code);
    while !INSIDE.load(Ordering::Acquire) {
        thread::yield_now();
    }
    for _ in 0..100 {
        assert_eq!(module.enter(double, &mut [0]).code, Code::Busy as usize);
        assert_eq!(module.instantiate().code, Code::Busy as usize);
    }
    assert_eq!(thread::spawn(move || module.enter(double, &mut [0]).code).join().unwrap(), Code::Busy as usize);
    DONE.store(true, Ordering::Release);
    assert_eq!(first.join().unwrap(), 0);
    assert!(module.is_idle());
    assert!(module.enter(double, &mut [0]).is_ok());
}

/// Many threads come and go; never are two inside, and nobody is taken for a nested call of another thread.
#[test]
fn one_thread_at_a_time() {
    static MODULE: Module = Module::new();
    static INSIDE: AtomicU32 = AtomicU32::new(0);
    static ENTERED: AtomicU32 = AtomicU32::new(0);
    unsafe extern "C" fn alone(slots: *mut u64) {
        assert_eq!(INSIDE.fetch_add(1, Ordering::SeqCst), 0);
        ENTERED.fetch_add(1, Ordering::Relaxed);
        assert!(MODULE.enter(nothing, &mut []).is_ok(), "its own nested call is let in");
        INSIDE.fetch_sub(1, Ordering::SeqCst);
        // SAFETY: the test passes three slots.
        if unsafe { *slots } != 0 {
            // SAFETY: this runs inside an activation of the domain.
            unsafe { raise_slots(slots) };
        }
    }
    let module = MODULE.ready(STACK_BYTES, HEADROOM_BYTES);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..300_000 {
                    let expected = round % 2;
                    let code = module.enter(alone, &mut [expected, 0, module.domain_pointer() as u64]).code as u64;
                    assert!(code == expected || code == Code::Busy as u64, "{code}");
                }
            });
        }
    });
    assert!(ENTERED.load(Ordering::Relaxed) > 1000);
    assert!(module.is_idle());
}

/// What a callee must keep is kept though the guest overwrote all of it, by a return as well as by a trap.
#[cfg(target_arch = "x86_64")]
mod registers {
    use super::{HEADROOM_BYTES, Module, STACK_BYTES};
    use std::arch::global_asm;

    /// rbx, rbp, r12, r13, r14, r15, rsp, MXCSR and the x87 control word; before and after.
    type Report = [[u64; 9]; 2];

    unsafe extern "C" {
        /// Sets registers to values of its own, calls `sg_enter`, and reports; all with the C convention.
        fn probe(record: *const u8, thunk: unsafe extern "C" fn(*mut u64), slots: *mut u64, report: *mut Report) -> usize;
        /// Reports the MXCSR that it finds in slot 3, overwrites every register and MXCSR, and raises as its slots say.
        fn spoil_and_raise(slots: *mut u64);
    }

    global_asm!(
        r#"
        .text
    .macro report at
        mov [rcx + \at], rbx
        mov [rcx + \at + 8], rbp
        mov [rcx + \at + 16], r12
        mov [rcx + \at + 24], r13
        mov [rcx + \at + 32], r14
        mov [rcx + \at + 40], r15
        mov [rcx + \at + 48], rsp
        mov qword ptr [rcx + \at + 56], 0
        stmxcsr [rcx + \at + 56]
        and dword ptr [rcx + \at + 56], 0xffc0
        mov qword ptr [rcx + \at + 64], 0
        fnstcw [rcx + \at + 64]
    .endm
    probe:
        push rbx
        push rbp
        push r12
        push r13
        push r14
        push r15
        push rcx
        sub rsp, 16
        mov dword ptr [rsp], 0x7f80
        ldmxcsr [rsp]
        mov rbx, 0x1111
        mov rbp, 0x2222
        mov r12, 0x3333
        mov r13, 0x4444
        mov r14, 0x5555
        mov r15, 0x6666
        report 0
        call {enter}
        mov rcx, [rsp + 16]
        report 72
        mov dword ptr [rsp], 0x1f80
        ldmxcsr [rsp]
        add rsp, 24
        pop r15
        pop r14
        pop r13
        pop r12
        pop rbp
        pop rbx
        ret
    spoil_and_raise:
        stmxcsr [rdi + 24]
        mov dword ptr [rsp - 8], 0xdfc0
        ldmxcsr [rsp - 8]
        mov rsi, [rdi]
        mov rdx, [rdi + 8]
        mov rdi, [rdi + 16]
        mov rbx, -1
        mov rbp, rbx
        mov r12, rbx
        mov r13, rbx
        mov r14, rbx
        mov r15, rbx
        sub rsp, 5000
        jmp {raise}
        "#,
        enter = sym saggar_runtime::activation::enter,
        raise = sym saggar_runtime::activation::raise,
    );

    #[test]
    fn are_as_before_after_a_trap() {
        static MODULE: Module = Module::new();
        let module = MODULE.ready(STACK_BYTES, HEADROOM_BYTES);
        let mut report: Report = [[0; 9], [1; 9]];
        let mut slots = [5, 99, module.domain_pointer() as u64, 0];
        // SAFETY: the record is filled in, and the thunk's slots are as it wants them.
        let code = unsafe { probe(std::ptr::from_ref(module).cast(), spoil_and_raise, slots.as_mut_ptr(), &raw mut report) };
        assert_eq!(code, 5);
        assert_eq!(report[0], report[1]);
        assert_eq!(report[1][7], 0x7f80);
        assert_eq!(slots[3] & 0xffc0, 0x1f80, "the guest had WebAssembly's control");
        assert!(module.is_idle());
    }
}

//! The runner reports what happened to a call: how it ended, and whether it kept what it must keep. Shown on every architecture,
//! with functions that misbehave on purpose, linked with the real runtime library.

use saggar_abi::trap::Code;
use saggar_compiler::target::Arch;
use saggar_testsuite::target::{
    Call, Image, LinkError, LinkInput, LinkOptions, Outcome, Runner, RunnerError, RunnerOptions, hash, link, rust_object,
};
use std::time::Duration;

const STACK_BYTES: u32 = 64 * 1024;

fn image(arch: Arch) -> Image {
    let object = rust_object(arch, include_str!("../native/calls.rs")).unwrap();
    link(arch, &[LinkInput { name: "calls", bytes: &object }], &LinkOptions::default()).unwrap()
}

struct Target {
    arch: Arch,
    image: Image,
    runner: Runner,
}

impl Target {
    fn start(arch: Arch, timeout: Duration) -> Target {
        let image = image(arch);
        let mut runner = Runner::start(arch, RunnerOptions { timeout, ..RunnerOptions::default() }).unwrap();
        runner.load(&image).unwrap();
        Target { arch, image, runner }
    }

    fn each(mut test: impl FnMut(&mut Target)) {
        for arch in Arch::ALL {
            test(&mut Target::start(arch, Duration::from_secs(10)));
        }
    }

    fn symbol(&self, name: &str) -> u64 {
        self.image.symbol(name).unwrap()
    }

    fn call(&mut self, name: &str, slots: &[u64]) -> Outcome {
        self.runner.call(self.symbol(name), slots, slots.len(), STACK_BYTES).unwrap()
    }
}

fn completed(slots: &[u64]) -> Outcome {
    Outcome::Completed { code: 0, pc: 0, slots: slots.to_vec() }
}

#[test]
fn a_call_brings_back_its_slots() {
    Target::each(|target| {
        assert_eq!(target.call("add", &[20, 22]), completed(&[42, 22]), "{:?}", target.arch);
        for stack_bytes in [1024, 4096, 8 << 20] {
            let outcome = target.runner.call(target.symbol("add"), &[1, u64::MAX], 1, stack_bytes).unwrap();
            assert_eq!(outcome, completed(&[0]), "{:?}", target.arch);
        }
    });
}

/// The trap is raised after every register that must be kept was overwritten, the rounding mode changed, and the stack
/// pointer moved. That the outcome is `Completed` says that the trampoline brought all of it back.
#[test]
fn a_trap_returns_code_and_place_and_restores_everything() {
    Target::each(|target| {
        let trap = Code::IntegerDivisionByZero as u64;
        let expected = Outcome::Completed { code: 7, pc: 0x1234_5678_9abc, slots: vec![trap, 0x1234_5678_9abc] };
        assert_eq!(target.call("trap", &[trap, 0x1234_5678_9abc]), expected, "{:?}", target.arch);
        let expected = Outcome::Completed { code: 9, pc: 101, slots: vec![3, 100, 3] };
        assert_eq!(target.call("nested", &[3, 100, 0]), expected, "{:?}", target.arch);
        // The domain is free again, and its record as it was at the start but for the count of activations.
        let record = target.runner.read(target.symbol("domain"), 48).unwrap();
        assert!(record.iter().all(|&byte| byte == 0), "{:?}: {record:?}", target.arch);
    });
}

/// The runner calls with rounding toward zero; a guest must see rounding to nearest, which differs for 1/3 of one sign at least.
#[test]
fn a_guest_has_the_rounding_mode_of_webassembly() {
    Target::each(|target| {
        for divisor in [3.0_f64, 7.0, 10.0, 11.0, 13.0, 49.0] {
            let outcome = target.call("reciprocal", &[divisor.to_bits()]);
            assert_eq!(outcome, completed(&[(1.0 / divisor).to_bits()]), "{:?} 1/{divisor}", target.arch);
        }
    });
}

#[test]
fn a_signal_is_caught_and_the_next_call_works() {
    Target::each(|target| {
        for _ in 0..3 {
            let Outcome::Signal { number, pc } = target.call("store", &[64, 1]) else { panic!("{:?}", target.arch) };
            assert_eq!(number, 11, "{:?}", target.arch);
            assert_eq!(target.image.nearest_symbol(pc).unwrap().0, "store", "{:?}", target.arch);
            let illegal = target.symbol("illegal");
            assert_eq!(target.call("illegal", &[]), Outcome::Signal { number: 4, pc: illegal }, "{:?}", target.arch);
        }
        // Code is not writable, and data not executable.
        let add = target.symbol("add");
        assert!(matches!(target.call("store", &[add, 1]), Outcome::Signal { number: 11, .. }), "{:?}", target.arch);
        let counter = target.symbol("counter");
        let outcome = target.runner.call(counter, &[], 0, STACK_BYTES).unwrap();
        assert_eq!(outcome, Outcome::Signal { number: 11, pc: counter }, "{:?}", target.arch);
        assert_eq!(target.call("add", &[1, 2]), completed(&[3, 2]), "{:?}", target.arch);
    });
}

#[test]
fn what_is_not_kept_is_named() {
    Target::each(|target| {
        let register = match target.arch {
            Arch::X86_64 => "r13",
            Arch::Aarch64 => "d12",
            Arch::Riscv64 => "fs7",
        };
        let clobbered = |what: &str| Outcome::Clobbered(what.to_owned());
        assert_eq!(target.call("lose_register", &[]), clobbered(register), "{:?}", target.arch);
        assert_eq!(target.call("lose_float_control", &[]), clobbered("the floating-point control"), "{:?}", target.arch);
        let below = u64::from(STACK_BYTES + 512).wrapping_neg();
        assert_eq!(target.call("store_at_stack", &[below]), clobbered("memory below the stack"), "{:?}", target.arch);
        assert_eq!(target.call("store_at_stack", &[1024]), clobbered("memory above the stack"), "{:?}", target.arch);
        assert_eq!(
            target.call("store_at_stack", &[4096_u64.wrapping_neg()]),
            completed(&[4096_u64.wrapping_neg()]),
            "{:?}",
            target.arch
        );
    });
}

#[test]
fn the_depth_of_the_stack_is_measured() {
    Target::each(|target| {
        let call = |depth: u64| Call {
            address: target.image.symbol("store_at_stack").unwrap(),
            slots: vec![depth.wrapping_neg()],
            slot_count: 0,
            stack_bytes: STACK_BYTES,
        };
        let (shallow, deep) = (call(2048), call(32768));
        let (outcome, shallow_bytes) = target.runner.call_measured(&shallow).unwrap();
        assert_eq!(outcome, completed(&[]), "{:?}", target.arch);
        let (_, deep_bytes) = target.runner.call_measured(&deep).unwrap();
        assert_eq!(deep_bytes - shallow_bytes, 32768 - 2048, "{:?}", target.arch);
        assert!((2048..2048 + 256).contains(&shallow_bytes), "{:?}: {shallow_bytes}", target.arch);
    });
}

#[test]
fn a_hanging_or_dying_runner_is_started_again() {
    for arch in Arch::ALL {
        let mut target = Target::start(arch, Duration::from_secs(2));
        assert_eq!(target.call("count", &[0]), completed(&[6]), "{arch:?}");
        assert_eq!(target.call("count", &[0]), completed(&[7]), "{arch:?}");
        assert_eq!(target.call("hang", &[]), Outcome::Hung, "{arch:?}");
        // The image is as it was when it was loaded.
        assert_eq!(target.call("count", &[0]), completed(&[6]), "{arch:?}");
        assert!(
            matches!(target.call("end_process", &[]), Outcome::Died(reason) if reason.contains("exit status: 3")),
            "{arch:?}"
        );
        assert_eq!(target.call("count", &[0]), completed(&[6]), "{arch:?}");
    }
}

#[test]
fn calls_in_a_batch_have_the_outcomes_of_single_calls() {
    for arch in Arch::ALL {
        let mut target = Target::start(arch, Duration::from_secs(2));
        let call = |name: &str, slots: &[u64]| Call {
            address: target.image.symbol(name).unwrap(),
            slots: slots.to_vec(),
            slot_count: slots.len(),
            stack_bytes: STACK_BYTES,
        };
        let mut calls: Vec<Call> = (0..5000).map(|n| call("add", &[n, 1])).collect();
        calls.push(call("illegal", &[]));
        calls.push(call("lose_register", &[]));
        calls.push(call("count", &[0]));
        calls.push(call("hang", &[]));
        calls.push(call("count", &[0]));
        let outcomes = target.runner.call_batch(&calls).unwrap();
        assert_eq!(outcomes.len(), 5004, "{arch:?}: nothing is called after the one that hangs");
        for (n, outcome) in outcomes[..5000].iter().enumerate() {
            assert_eq!(*outcome, completed(&[n as u64 + 1, 1]), "{arch:?}");
        }
        assert!(matches!(outcomes[5000], Outcome::Signal { number: 4, .. }), "{arch:?}");
        assert!(matches!(outcomes[5001], Outcome::Clobbered(_)), "{arch:?}");
        assert_eq!(outcomes[5002], completed(&[6]), "{arch:?}");
        assert_eq!(outcomes[5003], Outcome::Hung, "{arch:?}");
    }
}

#[test]
fn memory_is_read_written_and_hashed() {
    Target::each(|target| {
        // Half a GiB that is zero costs nothing until it is touched.
        let large = target.symbol("large");
        assert_eq!(target.call("touch_large", &[1, 0]), completed(&[0, large + 0x1fff_ffff]), "{:?}", target.arch);
        assert_eq!(target.runner.read(large + 0x1fff_fff8, 8).unwrap(), [0, 0, 0, 0, 0, 0, 0, 7], "{:?}", target.arch);
        let bytes: Vec<u8> = (0..200_003_u32).map(|n| n.wrapping_mul(n).to_le_bytes()[1]).collect();
        target.runner.write(large + 1, &bytes).unwrap();
        assert_eq!(target.runner.read(large + 1, bytes.len()).unwrap(), bytes, "{:?}", target.arch);
        assert_eq!(target.runner.hash(large + 1, bytes.len() as u64).unwrap(), hash(&bytes), "{:?}", target.arch);
        assert_ne!(target.runner.hash(large, bytes.len() as u64).unwrap(), hash(&bytes), "{:?}", target.arch);
        let code = target.symbol("add");
        assert!(matches!(target.runner.write(code, &[0]), Err(RunnerError::OutsideImage { .. })), "{:?}", target.arch);
        assert!(matches!(target.runner.read(0x1000, 4), Err(RunnerError::OutsideImage { .. })), "{:?}", target.arch);
        // Loading replaces everything.
        let image = target.image.clone();
        target.runner.load(&image).unwrap();
        assert_eq!(target.call("touch_large", &[1, 0]), completed(&[0, large + 0x1fff_ffff]), "{:?}", target.arch);
    });
}

#[test]
fn undefined_symbols_are_named() {
    for arch in Arch::ALL {
        let source = "#![no_std]\nunsafe extern \"C\" { fn sg__host__a(); fn sg__host__b(); fn sg_raise(); }\n\
            #[unsafe(no_mangle)] extern \"C\" fn f() { unsafe { sg__host__b(); sg__host__a(); sg__host__a(); sg_raise() } }";
        let object = rust_object(arch, source).unwrap();
        let linked = link(arch, &[LinkInput { name: "f", bytes: &object }], &LinkOptions::default());
        let Err(LinkError::Undefined { symbols }) = linked else { panic!("{arch:?}: {linked:?}") };
        assert_eq!(symbols, ["sg__host__a", "sg__host__b"], "{arch:?}");
    }
}

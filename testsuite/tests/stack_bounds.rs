//! Bounds of stack, held against what programs use: by painting the stack before each call.

use saggar_abi::layout::stack;
use saggar_compiler::report::Bound;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Options, compile};
use saggar_testsuite::bounds::StackUse;
use saggar_testsuite::target::toolchain::rust_object;
use saggar_testsuite::target::{Call, LinkInput, LinkOptions, Outcome, Runner, RunnerOptions, link};
use saggar_testsuite::vector_rows;
use saggar_testsuite::wast::expect::{self, Expectations};
use saggar_testsuite::wast::{Session, Settings, parallel, run_file, suite, summary};

/// Runs scripts on two runners, each call measured; a call that used more than the report says is a failure.
fn measure(settings: &Settings) -> StackUse {
    let mut files = suite::files("spec-2.0").expect("the suite is there");
    files.extend(suite::files("own").expect("the suite is there"));
    let mut sessions = [Session::new(settings.clone()), Session::new(settings.clone())];
    let reports = parallel::run_files(&files, &mut sessions, |file, session| run_file(&file.name, &file.source, session));
    let judgement = Expectations::load(&expect::folder()).expect("the expectations can be read").judge(&reports);
    assert!(judgement.is_good(), "{}{}", summary::summarise(&reports), summary::describe(&judgement));
    let mut all = StackUse::default();
    sessions.iter().for_each(|session| all.add(session.stack_use().clone()));
    all
}

fn no_script_uses_more_than_the_report_says(targets: impl IntoIterator<Item = Target>) {
    for target in targets {
        let settings = Settings::new(target);
        assert!(settings.measure_stack);
        let all = measure(&settings);
        println!("{}: {all}", target.cpu().name);
        assert!(all.measured() > 20_000, "{all}");
        // A bound that nothing comes near would hold as well.
        assert!(all.percent().is_some_and(|[_, median, _]| median <= 125), "{all}");
    }
}

#[test]
fn no_script_uses_more_than_the_report_says_on_default_rows() {
    no_script_uses_more_than_the_report_says(Arch::ALL.map(Target::new));
}

#[test]
#[ignore = "takes as long again; `cargo xtask test --all` runs it"]
fn no_script_uses_more_than_the_report_says_on_other_rows() {
    no_script_uses_more_than_the_report_says(vector_rows().into_iter().filter(|target| *target != Target::new(target.arch())));
}

#[test]
fn nor_with_a_check_at_the_entry_only() {
    for arch in Arch::ALL {
        let mut settings = Settings::new(Target::new(arch));
        settings.options.check_stack_at_entry = true;
        let all = measure(&settings);
        println!("{}, checked at the entry: {all}", arch.name());
        assert!(all.measured() > 20_000, "{all}");
    }
}

/// The runtime library's part of every bound is a number in the contract: here the library is measured.
#[test]
fn the_runtime_library_uses_no_more_than_the_contract_says() {
    for arch in Arch::ALL {
        let promised = match arch {
            Arch::X86_64 => stack::X86_64,
            Arch::Aarch64 => stack::AARCH64,
            Arch::Riscv64 => stack::RISCV64,
        };
        let object = rust_object(arch, include_str!("../native/stack.rs")).expect("the measuring program compiles");
        let image = link(arch, &[LinkInput { name: "stack", bytes: &object }], &LinkOptions::default()).expect("it links");
        let mut runner = Runner::start(arch, RunnerOptions::default()).expect("the runner starts");
        runner.load(&image).expect("the image loads");
        let mut measure = |name: &str, numbers: usize| -> Vec<u64> {
            let address = image.symbol(name).expect("the function is in the image");
            match runner.call(address, &[], numbers, 64 << 10).expect("the runner answers") {
                Outcome::Completed { code: 0, slots, .. } => slots,
                other => panic!("{arch:?} {name}: {other:?}"),
            }
        };
        let (enter, bytes, operations) = (measure("enter", 2), measure("bytes", 2), measure("operations", 11));
        println!("{}: entering {enter:?}, copying and filling {bytes:?}, others {operations:?}; {promised:?}", arch.name());
        let most = |depths: &[u64]| depths.iter().copied().max().unwrap_or(0);
        // The thunk that is entered is called, and uses nothing else.
        assert!(most(&enter) <= u64::from(promised.enter + promised.call), "{arch:?} {enter:?}");
        assert_eq!(most(&bytes), u64::from(promised.call), "{arch:?} {bytes:?}");
        assert!(most(&operations) <= u64::from(promised.operation), "{arch:?} {operations:?}");
        assert!(most(&enter) > 100 && most(&operations) > 0, "{arch:?}: nothing was measured");
    }
}

/// A chain of functions, each of which calls the next with so many arguments, numbers or vectors; the last calls nothing.
fn chain(length: usize, arguments: usize, vectors: bool) -> String {
    let (kind, argument, last) = if vectors && arguments > 0 {
        ("v128 ", "(i64x2.splat (local.get 0))", format!("(i64x2.extract_lane 1 (local.get {arguments}))"))
    } else {
        ("i64 ", "(local.get 0)", format!("(local.get {arguments})"))
    };
    let (params, same) = (kind.repeat(arguments), argument.repeat(arguments));
    let link = |number: usize| {
        let next = number + 1;
        format!("(func $f{number} (param i64 {params}) (result i64) (i64.add (call $f{next} (local.get 0) {same}) {last}))")
    };
    let links: String = (0..length).map(link).collect();
    format!(
        r#"(module (func (export "f") (param i64) (result i64) (i64.add (call $f0 (local.get 0) {same}) (i64.const 1)))
          {links} (func $f{length} (param i64 {params}) (result i64) {last}))"#
    )
}

/// Where every path is taken, the bound is what is used, but for the runtime library's part and what the last function does not need.
#[test]
fn straight_chains_have_tight_bounds() {
    for target in vector_rows() {
        let arch = target.arch();
        let mut runner = Runner::start(arch, RunnerOptions::for_target(target)).expect("the runner starts");
        let numbers = [(0, 0), (1, 0), (10, 0), (3, 5), (3, 12), (8, 30), (5, 80), (2, 400)].map(|shape| (shape, false));
        let vectors = [(3, 5), (3, 12), (8, 30), (5, 80), (2, 400)].map(|shape| (shape, true));
        for ((length, arguments), vectors) in numbers.into_iter().chain(vectors) {
            let mut options = Options::new(target, "m");
            options.stack_bytes = 256 << 10;
            let wasm = wat::parse_str(chain(length, arguments, vectors)).expect("the module is well formed");
            let artifact = compile(&wasm, &options).expect("the module compiles");
            let image =
                link(arch, &[LinkInput { name: "m", bytes: &artifact.object }], &LinkOptions::default()).expect("it links");
            runner.load(&image).expect("the image loads");
            let Bound::AtMost(bound) = artifact.report.exports[0].stack_bytes else { panic!("{:?}", artifact.report.exports) };
            let mut used = 0;
            for symbol in [&artifact.interface.instantiate_symbol, &artifact.interface.exports[0].symbol] {
                let address = image.symbol(symbol).expect("the symbol is in the image");
                let call = Call { address, slots: vec![1], slot_count: 1, stack_bytes: 512 << 10 };
                let (outcome, depth) = runner.call_measured(&call).expect("the runner answers");
                assert!(matches!(outcome, Outcome::Completed { code: 0, .. }), "{arch:?} {length} {arguments}: {outcome:?}");
                used = depth;
            }
            let kind = if vectors { "vectors" } else { "numbers" };
            let what = format!("{}: {length} functions with {arguments} {kind}: {used} of {bound}", target.cpu().name);
            println!("{what}");
            assert!(used <= bound, "{what}");
            assert!(bound <= used + used / 16 + 64, "{what}");
        }
    }
}

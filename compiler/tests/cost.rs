//! Bounds of stack and fuel, as the report gives them: what is bounded, by how much, and why the rest is not.

use saggar_compiler::report::{Bound, Report};
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Options, Provider, compile};

fn report(text: &str, adjust: impl FnOnce(&mut Options)) -> Report {
    let mut options = Options::new(Target::new(Arch::X86_64), "m");
    adjust(&mut options);
    compile(&wat::parse_str(text).expect("the module is well formed"), &options).expect("the module compiles").report
}

fn export<'r>(report: &'r Report, name: &str) -> &'r saggar_compiler::report::ExportReport {
    report.exports.iter().find(|export| export.name == name).expect("the export is in the report")
}

/// The fuel of `(func (export "f") …)`.
fn fuel(body: &str) -> Bound {
    let module =
        format!(r#"(module (memory 1) (table 128 funcref) (elem declare func $g) (func $g (nop)) (func (export "f") {body}))"#);
    export(&report(&module, |_| {}), "f").fuel.clone()
}

fn assert_fuel(body: &str, units: u64) {
    assert_eq!(fuel(body), Bound::AtMost(units), "{body}");
}

fn assert_endless(body: &str) {
    match fuel(body) {
        Bound::Unbounded(reason) => {
            assert!(reason.starts_with("loop at wasm offset 0x") && reason.ends_with("in \"f\""), "{reason}")
        }
        bound @ Bound::AtMost(_) => panic!("{bound:?}: {body}"),
    }
}

#[test]
fn straight_code_costs_its_operators() {
    assert_fuel("", 1);
    assert_fuel("nop nop", 3);
    assert_fuel("(drop (i32.add (i32.const 1) (i32.const 2)))", 5);
    assert_fuel("(call $g) (call $g)", 7);
    // What follows a return is not reached.
    assert_fuel("nop return nop nop", 2);
    assert_fuel("nop unreachable nop (loop (br 0))", 2);
}

#[test]
fn the_dearer_way_counts() {
    // Condition, if, two, end; the body's end.
    assert_fuel("(if (i32.const 1) (then nop nop))", 6);
    // The shorter arm falls into `else`, the longer into `end`.
    assert_fuel("(if (i32.const 1) (then nop) (else nop nop nop))", 7);
    assert_fuel("(if (i32.const 1) (then nop nop nop) (else nop))", 7);
    // A branch does not fall into the end that it leads to.
    assert_fuel("(block nop (br 0) nop)", 4);
    assert_fuel("(block (br_if 0 (i32.const 1)) nop)", 6);
    // block, block, const, br_table; then either the inner end was skipped and three follow, or all is skipped.
    assert_fuel("(block (block (br_table 0 1 (i32.const 0))) nop nop nop)", 9);
    // The arm that leaves early is dearer than what it skips.
    assert_fuel("(block (if (i32.const 0) (then nop nop nop nop nop nop (br 1))) nop)", 11);
    assert_fuel("(if (i32.const 1) (then (return)) (else nop))", 5);
}

#[test]
fn bulk_operators_are_taken_at_their_worst() {
    assert_fuel("(memory.fill (i32.const 0) (i32.const 0) (i32.const 640))", 15);
    assert_fuel("(param i32) (memory.fill (i32.const 0) (i32.const 0) (local.get 0))", 5 + 1024);
    assert_fuel("(param i32) (memory.copy (i32.const 0) (i32.const 0) (local.get 0))", 5 + 1024);
    assert_fuel("(memory.copy (i32.const 0) (i32.const 0) (i32.const -1))", 5 + 1024);
    assert_fuel("(param i32) (table.fill (i32.const 0) (ref.null func) (local.get 0))", 5 + 2);
    assert_fuel("(drop (memory.grow (i32.const 3)))", 4);
    let grows = r#"(module (memory 1 4) (func (export "f") (param i32) (drop (memory.grow (local.get 0))))
      (func (export "one") (drop (memory.grow (i32.const 1)))))"#;
    let report = report(grows, |options| options.memory_reserve_bytes = Some(3 << 16));
    assert_eq!(export(&report, "f").fuel, Bound::AtMost(4 + 2 * 1024));
    assert_eq!(export(&report, "one").fuel, Bound::AtMost(4 + 1024));
}

#[test]
fn counted_loops_are_multiplied() {
    // `loop`, then 7 an iteration, 10 of them, the `end`; set-up 2, the body's end.
    let up = |test: &str| {
        format!(
            "(local i32) (local.set 0 (i32.const 0)) (loop (br_if 0 ({test} (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 10))))"
        )
    };
    for test in ["i32.ne", "i32.lt_s", "i32.lt_u"] {
        assert_fuel(&up(test), 2 + 1 + 10 * 7 + 1 + 1);
    }
    for test in ["i32.le_s", "i32.le_u"] {
        assert_fuel(&up(test), 2 + 1 + 11 * 7 + 1 + 1);
    }
    assert_fuel(&up("i32.eq"), 2 + 1 + 7 + 1 + 1);
    assert_fuel(&up("i32.ge_s"), 2 + 1 + 7 + 1 + 1);
    // Locals begin as zero.
    assert_fuel(
        "(local i32) (loop (br_if 0 (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 5))))",
        1 + 5 * 7 + 2,
    );
    // Downwards, with the counter itself as the condition.
    assert_fuel(
        "(local i32) (local.set 0 (i32.const 12)) (loop (br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -1)))))",
        2 + 1 + 12 * 5 + 2,
    );
    assert_fuel(
        "(local i32) (local.set 0 (i32.const 12)) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))))",
        2 + 1 + 3 * 5 + 2,
    );
    // Tested before it is changed, with the constant on the left, negated, in 64 bits.
    assert_fuel(
        "(local i32) (loop (local.set 0 (i32.add (local.get 0) (i32.const 2))) nop (br_if 0 (i32.gt_u (i32.const 9) (local.get 0))))",
        1 + 5 * 9 + 2,
    );
    assert_fuel(
        "(local i32) (loop (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if 0 (i32.eqz (i32.eq (local.get 0) (i32.const 3)))))",
        1 + 3 * 9 + 2,
    );
    assert_fuel(
        "(local i64) (local.set 0 (i64.const 4)) (loop (br_if 0 (i32.eqz (i64.eqz (local.tee 0 (i64.add (local.get 0) (i64.const -1)))))))",
        2 + 1 + 4 * 7 + 2,
    );
}

#[test]
fn loops_of_other_shapes() {
    assert_fuel("(loop nop)", 4);
    // Left in the middle: three whole iterations, then as far as the test.
    assert_fuel(
        "(local i32) (block (loop (br_if 1 (i32.eq (local.get 0) (i32.const 3))) nop (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br 0)))",
        2 + 3 * 10 + 4 + 1,
    );
    // In an arm.
    assert_fuel(
        "(local i32) (loop (if (i32.lt_u (local.get 0) (i32.const 3)) (then (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br 1))))",
        1 + 3 * 9 + 4 + 1 + 1,
    );
    // Two ways back under one test.
    assert_fuel(
        "(local i32 i32) (block (loop (br_if 1 (i32.ge_s (local.get 0) (i32.const 5)))
           (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if 0 (local.get 1)) nop (br 0)))",
        2 + 5 * 12 + 4 + 1,
    );
    // Nested: the inner one 4 times in each of 3.
    assert_fuel(
        "(local i32 i32) (loop (local.set 1 (i32.const 4)) (loop (br_if 0 (local.tee 1 (i32.add (local.get 1) (i32.const -1)))))
           (br_if 0 (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 3))))",
        1 + 3 * (2 + 1 + 4 * 5 + 1 + 7) + 2,
    );
    // Left from the inner loop past the outer one.
    assert_fuel(
        "(local i32 i32) (block (loop (local.set 1 (i32.const 4))
           (loop (br_if 2 (i32.const 0)) (br_if 0 (local.tee 1 (i32.add (local.get 1) (i32.const -1)))))
           (br_if 0 (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 3))))) nop",
        1 + 1 + 3 * (2 + 1 + 4 * 7 + 1 + 7) + 2 + 1 + 1,
    );
    // A call in a loop.
    assert_fuel(
        "(local i32) (local.set 0 (i32.const 9)) (loop (call $g) (br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -3)))))",
        2 + 1 + 3 * 8 + 2,
    );
}

#[test]
fn other_loops_have_no_bound() {
    assert_endless("(loop (br 0))");
    assert_endless("(param i32) (loop (br_if 0 (local.get 0)))");
    assert_fuel("(local i32) (loop (br_if 0 (local.get 0)))", 5);
    // From anything.
    assert_endless("(param i32) (loop (br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -1)))))");
    // Stepped over.
    assert_endless(
        "(local i32) (local.set 0 (i32.const 5)) (loop (br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -2)))))",
    );
    // Changed in one arm only.
    assert_endless(
        "(local i32 i32) (loop (if (local.get 1) (then (local.set 0 (i32.add (local.get 0) (i32.const 1))))) (br_if 0 (i32.ne (local.get 0) (i32.const 4))))",
    );
    // Changed once more on one of the ways.
    assert_endless(
        "(local i32 i32) (loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))
           (block (br_if 0 (local.get 1)) (local.set 0 (i32.const 0))) (br_if 0 (i32.ne (local.get 0) (i32.const 4))))",
    );
    // Changed by an inner loop.
    assert_endless(
        "(local i32 i32) (loop (local.set 1 (i32.const 4)) (loop (local.set 0 (i32.const 0)) (br_if 0 (local.tee 1 (i32.add (local.get 1) (i32.const -1)))))
           (br_if 0 (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 3))))",
    );
    // The inner counter goes on where it was.
    assert_endless(
        "(local i32 i32) (local.set 1 (i32.const 4)) (loop (loop (br_if 0 (local.tee 1 (i32.add (local.get 1) (i32.const -1)))))
           (br_if 0 (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 3))))",
    );
    // A second way back without the test.
    assert_endless(
        "(param i32) (local i32) (loop (br_if 0 (local.get 0)) (br_if 0 (i32.ne (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 3))))",
    );
    // The test is on one of the ways only.
    assert_endless(
        "(local i32 i32) (block (loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))
           (block (br_if 0 (local.get 1)) (br_if 2 (i32.eq (local.get 0) (i32.const 3)))) (br 0)))",
    );
    // Set before the loop on one of the ways only.
    assert_endless(
        "(local i32 i32) (if (local.get 1) (then (local.set 0 (i32.const 9)))) (loop (br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -1)))))",
    );
}

#[test]
fn what_is_too_much_has_no_bound() {
    let mut body = String::from("nop");
    for local in 0..5 {
        body = format!(
            "(local.set {local} (i32.const -1)) (loop {body} (br_if 0 (local.tee {local} (i32.add (local.get {local}) (i32.const -1)))))"
        );
    }
    let bound = fuel(&format!("(local i32 i32 i32 i32 i32) {body}"));
    assert_eq!(bound, Bound::Unbounded("more than 2^63 units in \"f\"".to_owned()));
}

#[test]
fn cycles_of_calls_are_told() {
    let text = r#"(module
      (func $a (export "a") (call $b)) (func $b (call $c) nop) (func $c (call $a))
      (func $tail (export "tail") (param i64 i64 i64 i64 i64 i64 i64 i64 i64) (return_call $other (local.get 0)))
      (func $other (param i64) (return_call $tail (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)))
      (func (export "leads there") (call $b))
      (func (export "through a table") (call_indirect (i32.const 0)))
      (func $in_table (call $through)) (func $through (call_indirect (i32.const 0)))
      (table 1 funcref) (elem (i32.const 0) $in_table))"#;
    let report = report(text, |_| {});
    let reason = Bound::Unbounded(r#"recursion: "a" → "b" → "c" → "a""#.to_owned());
    for name in ["a", "leads there"] {
        assert_eq!((&export(&report, name).stack_bytes, &export(&report, name).fuel), (&reason, &reason), "{name}");
    }
    let reason = Bound::Unbounded(r#"recursion: "in_table" → "through" → "in_table""#.to_owned());
    assert_eq!(export(&report, "through a table").stack_bytes, reason);
    let tail = export(&report, "tail");
    assert!(matches!(tail.stack_bytes, Bound::AtMost(bytes) if bytes < 600), "{tail:?}");
    assert_eq!(tail.fuel, Bound::Unbounded(r#"recursion: "tail" → "other" → "tail""#.to_owned()));
}

#[test]
fn what_others_do_is_not_known() {
    let text = r#"(module (import "env" "log" (func $log (param i32))) (import "lib" "f" (func $f))
      (func (export "logs") (call $log (i32.const 1))) (func (export "calls") (call $f)) (func (export "neither")))"#;
    let with = |provider: Provider, host: Option<u32>| {
        report(text, |options| {
            options.providers.insert("lib".to_owned(), provider);
            options.host_stack_bytes = host;
        })
    };
    let unknown = with(Provider::Domain, None);
    let reason = r#"a call of the host: the import "env" "log"; --host-stack says what host functions use"#;
    assert_eq!(export(&unknown, "logs").stack_bytes, Bound::Unbounded(reason.to_owned()));
    assert_eq!(export(&unknown, "logs").fuel, Bound::AtMost(3), "host functions cost nothing");
    let reason = Bound::Unbounded(r#"a call of another module of the domain: the import "lib" "f""#.to_owned());
    assert_eq!((&export(&unknown, "calls").stack_bytes, &export(&unknown, "calls").fuel), (&reason, &reason));
    let foreign = with(Provider::Foreign, Some(1000));
    let reason = Bound::Unbounded(r#"a call of another domain: the import "lib" "f""#.to_owned());
    assert_eq!(export(&foreign, "calls").stack_bytes, reason);
    let bytes = |report: &Report, name: &str| match export(report, name).stack_bytes {
        Bound::AtMost(bytes) => bytes,
        ref reason @ Bound::Unbounded(_) => panic!("{name}: {reason:?}"),
    };
    let (logs, neither) = (bytes(&foreign, "logs"), bytes(&foreign, "neither"));
    assert!(logs >= neither + 1000 && logs < neither + 1100, "{logs} {neither}");
    assert_eq!(bytes(&with(Provider::Host, Some(2000)), "logs"), logs + 1000);
}

#[test]
fn tables_that_others_reach_may_hold_anything() {
    let with = |more: &str| {
        let text = format!(
            r#"(module (table $t 2 funcref) (elem (i32.const 0) $g) (func $g) {more} (func (export "f") (call_indirect (i32.const 0))))"#
        );
        let report = report(&text, |options| options.default_provider = Provider::Domain);
        let export = export(&report, "f");
        assert_eq!(matches!(export.stack_bytes, Bound::AtMost(_)), matches!(export.fuel, Bound::AtMost(_)), "{export:?}");
        export.stack_bytes.clone()
    };
    assert!(matches!(with(""), Bound::AtMost(_)));
    assert!(matches!(with(r#"(export "g" (func $g)) (global (export "n") funcref (ref.func $g))"#), Bound::AtMost(_)));
    let open = [
        (r#"(export "t" (table $t))"#, "table 0 is exported"),
        (r#"(func (export "put") (param funcref) (table.set 0 (i32.const 0) (local.get 0)))"#, "takes a funcref"),
        (r#"(global (export "n") (mut funcref) (ref.null func))"#, "in a global"),
    ];
    for (more, reason) in open {
        let bound = with(more);
        assert!(matches!(&bound, Bound::Unbounded(text) if text.contains(reason)), "{more}: {bound:?}");
    }
    let imported = r#"(module (import "a" "t" (table 1 funcref)) (func (export "f") (call_indirect (i32.const 0))))"#;
    let report = report(imported, |options| options.default_provider = Provider::Domain);
    assert!(matches!(&export(&report, "f").stack_bytes, Bound::Unbounded(text) if text.contains("table 0 is imported")));
}

#[test]
fn instantiation_has_bounds_too() {
    let text = |start: &str| format!("(module (memory 1) (data (i32.const 0) \"x\") (func $s {start}) (start $s))");
    let none = report("(module (func))", |_| {}).instantiation;
    assert_eq!(none.fuel, Bound::AtMost(0));
    let small = report(&text("nop"), |_| {}).instantiation;
    assert_eq!(small.fuel, Bound::AtMost(2));
    assert!(
        matches!((none.stack_bytes, small.stack_bytes), (Bound::AtMost(none), Bound::AtMost(small)) if none <= small && small < 600)
    );
    let endless = report(&text("(call $s)"), |_| {}).instantiation;
    assert!(matches!(endless.stack_bytes, Bound::Unbounded(_)));
}

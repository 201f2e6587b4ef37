use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::fuzz::{shapes, smith};
use saggar_testsuite::meter::{Calls, Case, Effort, Report, subject};
use saggar_testsuite::target::{Runner, RunnerOptions};
use std::time::Instant;

#[test]
fn smoke() {
    let start = Instant::now();
    let cases: Vec<Case> = (0..60)
        .flat_map(|seed| [shapes::module(seed), smith::module(seed)])
        .filter_map(|generated| {
            let effort = Effort { seed: 1, prologue: vec![], calls: Calls::MadeUp(4), amounts: 10, plenty: 50_000 };
            Case::new(&generated.name, &generated.wasm, effort, generated.canonical_nans)
                .map_err(|e| println!("{}: {e}", generated.name))
                .ok()
        })
        .collect();
    println!("scripts {:?}", start.elapsed());
    for arch in Arch::ALL {
        let start = Instant::now();
        let mut runner = Runner::start(arch, RunnerOptions::default()).unwrap();
        let mut report = Report::default();
        for chunk in cases.chunks(50) {
            report.add(subject::run(&mut runner, Target::new(arch), chunk).unwrap());
        }
        println!("{arch:?} {:?} {report}", start.elapsed());
    }
}

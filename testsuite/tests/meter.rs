//! Fuel against the replay: the replay itself against costs that were counted by hand, and compiled code against the replay on
//! the shapes that were written for it. Generated modules, guests and the specification's are a stage of the test command.

use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::meter::{Report, shapes, subject};
use saggar_testsuite::target::{LinkOptions, Runner, RunnerOptions};

#[test]
fn the_replay_charges_what_was_counted_by_hand() {
    let shapes = shapes::all().expect("the shapes can be read");
    let wrong: Vec<String> = shapes.iter().flat_map(|shape| shape.miscounted().expect("the shape can be replayed")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let counted = shapes.iter().flat_map(|shape| &shape.wanted).filter(|wanted| wanted.expected.is_some()).count();
    assert!(counted > 150, "only {counted} costs were counted by hand");
}

#[test]
fn shapes_run_out_of_fuel_where_the_replay_does() {
    let shapes = shapes::all().expect("the shapes can be read");
    let cases: Vec<_> = shapes.iter().flat_map(|shape| shape.cases(1, 20).expect("the shape can be replayed")).collect();
    for arch in Arch::ALL {
        let mut runner = Runner::start(arch, RunnerOptions::default()).expect("the runner starts");
        let report: Report =
            subject::run(&mut runner, Target::new(arch), &cases, &LinkOptions::default()).expect("the cases run");
        assert!(report.agrees(), "{}: {report}", arch.name());
        assert!(report.exhausted > 1000 && report.returned > 300 && report.trapped > 50, "{}: {report}", arch.name());
        assert!(report.dropped.is_empty(), "{}: {report}", arch.name());
    }
}

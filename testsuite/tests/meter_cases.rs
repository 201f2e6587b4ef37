//! Deadlines while guests run: flags set by a timer and by host functions, operations that are interrupted, fuel across
//! activations; on each target.

use saggar_compiler::Options;
use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::meter::cases::{self, Settings};
use saggar_testsuite::target::{LinkOptions, RunnerOptions};

fn each(case: impl Fn(Settings<'_>) -> Result<(), String>) {
    for arch in Arch::ALL {
        let (options, link, runner) = (Options::new(Target::new(arch), ""), LinkOptions::default(), RunnerOptions::default());
        assert_eq!(case(Settings { options: &options, link: &link, runner: &runner }), Ok(()), "{arch:?}");
    }
}

#[test]
fn a_flag_ends_what_goes_on_for_ever_and_nothing_else() {
    each(cases::flag);
}

#[test]
fn bulk_operations_are_interrupted_within_a_piece() {
    each(cases::bulk);
}

#[test]
fn nested_calls_share_their_fuel() {
    each(cases::fuel);
}

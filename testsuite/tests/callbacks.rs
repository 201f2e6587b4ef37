//! Guests that are called back by the host that they call, on every target.

use saggar_compiler::Options;
use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::faults::callbacks;
use saggar_testsuite::target::{LinkOptions, RunnerOptions};

#[test]
fn calls_nest_and_are_refused_as_they_should() {
    for arch in Arch::ALL {
        let options = Options::new(Target::new(arch), "");
        let result = callbacks::run(&options, &LinkOptions::default(), &RunnerOptions::default());
        assert_eq!(result, Ok(()), "{arch:?}");
    }
}

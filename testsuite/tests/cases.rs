//! Cases that scripts cannot show: guests that are called back by the host that they call, and modules that are instantiated again.

use saggar_compiler::Options;
use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::faults::{callbacks, entry, restart};
use saggar_testsuite::target::{LinkOptions, RunnerOptions};

#[test]
fn calls_nest_and_are_refused_as_they_should() {
    for arch in Arch::ALL {
        let result = callbacks::run(&Options::new(Target::new(arch), ""), &LinkOptions::default(), &RunnerOptions::default());
        assert_eq!(result, Ok(()), "{arch:?}");
    }
}

#[test]
fn instantiating_again_makes_everything_new() {
    for arch in Arch::ALL {
        let result = restart::run(&Options::new(Target::new(arch), ""), &LinkOptions::default(), &RunnerOptions::default());
        assert_eq!(result, Ok(()), "{arch:?}");
    }
}

#[test]
fn a_check_at_the_entry_covers_all_that_is_called() {
    for arch in Arch::ALL {
        let result = entry::run(&Options::new(Target::new(arch), ""), &LinkOptions::default(), &RunnerOptions::default());
        assert_eq!(result, Ok(()), "{arch:?}");
    }
}

//! The test of the tests: deliberate bugs, one at a time, each of which some detector of this suite must catch.
//!
//! - [`bugs`]: the list: those of the compiler, and those of the runtime library.
//! - [`detect`]: the detectors, the cheap ones first; the first that catches a bug ends the search.
//! - [`callbacks`], [`restart`], [`entry`]: detectors that are no scripts; the ordinary tests run them as well.
//!
//! A bug is caught where a detector says something that it does not say without any. So everything runs without one first: a
//! suite that fails anyway would seem to catch them all.
//!
//! The bugs of the compiler exist only with the feature `seeded-faults`, and so does what switches them on.

#[cfg(feature = "seeded-faults")]
pub mod bugs;
pub mod callbacks;
#[cfg(feature = "seeded-faults")]
pub mod detect;
pub mod entry;
pub mod restart;

#[cfg(feature = "seeded-faults")]
mod run {
    use super::bugs::{self, Bug};
    use super::detect::{Catch, Detectors, Error};
    use saggar_compiler::target::Arch;
    use std::time::{Duration, Instant};

    /// What became of a bug.
    #[derive(Clone, Debug)]
    pub struct Row {
        /// Its name; `None`: no bug was there.
        pub bug: Option<String>,
        /// The targets on which it was looked for, up to where it was caught.
        pub targets: Vec<&'static str>,
        /// By what it was caught.
        pub catch: Option<Catch>,
        /// How long that took.
        pub time: Duration,
    }

    impl Row {
        /// Whether it is as it should be: a bug is caught, and nothing is caught without one.
        #[must_use]
        pub fn passed(&self) -> bool {
            self.bug.is_some() == self.catch.is_some()
        }
    }

    /// Runs the detectors without a bug, then with each; `tell` hears of every row as soon as it is there. When something is caught
    /// without a bug, that row is the only one.
    ///
    /// # Errors
    /// When a detector cannot be run.
    pub fn run(mut tell: impl FnMut(&Row)) -> Result<Vec<Row>, Error> {
        let mut detectors = Detectors::new()?;
        let mut rows = Vec::new();
        for bug in std::iter::once(None).chain(bugs::all().into_iter().map(Some)) {
            let row = row(&mut detectors, bug.as_ref())?;
            tell(&row);
            let passed = row.passed();
            rows.push(row);
            if bug.is_none() && !passed {
                break;
            }
        }
        Ok(rows)
    }

    fn row(detectors: &mut Detectors, bug: Option<&Bug>) -> Result<Row, Error> {
        let start = Instant::now();
        let mut row = Row { bug: bug.map(|bug| bug.name.clone()), targets: Vec::new(), catch: None, time: Duration::ZERO };
        for &arch in bug.map_or(&Arch::ALL[..], |bug| bug.arches) {
            row.targets.push(arch.name());
            row.catch = detectors.catch(arch, bug)?;
            if row.catch.is_some() {
                break;
            }
        }
        row.time = start.elapsed();
        Ok(row)
    }
}

#[cfg(feature = "seeded-faults")]
pub use run::{Row, run};

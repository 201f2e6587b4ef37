//! Runs `.wast` scripts: the specification's own tests, and ours in the same language.
//!
//! The way through: [`parse`] makes a [`script`] of a source, with every name settled; [`run`] executes it on an
//! [`engine`] and judges each command; [`report`] holds what came of it. Engines are [`native`], the compiler under
//! test with all modules of a script linked into one image, and the interpreter in [`oracle`](crate::oracle), which shows
//! that it is not the harness that errs. [`suite`] finds the files, [`expect`] holds what is known to fail, and
//! [`summary`] tells people.

pub mod engine;
pub mod expect;
pub mod features;
pub mod imports;
pub mod native;
pub mod parallel;
pub mod parse;
pub mod report;
pub mod run;
pub mod script;
pub mod suite;
pub mod summary;
pub mod text;
pub mod value;

pub use native::{Session, Settings};
pub use report::FileReport;

/// Runs a script on the target of a session. Whatever the source holds, this returns: a script that cannot be parsed, or brings
/// down the compiler or the runner, has a report that says so.
pub fn run_file(name: &str, source: &str, session: &mut Session) -> FileReport {
    session.run_file(name, source)
}

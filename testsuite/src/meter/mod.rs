//! Fuel, against a replay that shares nothing with the compiler: the module instrumented at the level of WebAssembly, in wasmi.
//!
//! - [`blocks`] has the rules of fuel, which are normative, and divides bodies by them.
//! - [`instrument`](mod@instrument) writes the copy of a module that charges by itself; `bulk` does so for the operators whose cost
//!   depends on their operands, and `facts` knows the module.
//! - [`replay`] runs such copies, [`script`](mod@script) chooses calls and amounts and notes what the replay answers, and [`subject`]
//!   compares that with compiled code on a target. [`Plan`] does so for many modules: those of [`shapes`], written for this, stand in
//!   `testsuite/meter`, and [`sources`] has the others.
//!
//! Compared are how a call ended, function and offset of the operator where fuel ran out, every global, memory and table after
//! it, and the fuel left after a return.

pub mod blocks;
mod bulk;
mod case;
pub mod cases;
pub mod endless;
mod facts;
pub mod instrument;
mod plan;
pub mod replay;
mod report;
pub mod script;
pub mod shapes;
pub mod sources;
pub mod subject;

pub use case::{Case, Compiled};
pub use plan::{Comparison, Plan, run};
pub use report::Report;
pub use script::{Calls, Effort};

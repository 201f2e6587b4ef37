//! Cases about deadlines that no comparison with a replay can show: flags that are set while a guest runs, operations that are
//! interrupted in the middle, and activations that nest or cross domains.
//!
//! Each is a function over how to compile, link and run, so that the test of the tests can run it with a bug.

mod bulk;
mod flag;
mod fuel;
mod world;

pub use bulk::run as bulk;
pub use flag::run as flag;
pub use fuel::run as fuel;
pub use world::Settings;

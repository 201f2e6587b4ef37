//! Our own passes over CLIF, which Cranelift lacks. Each runs after Cranelift's optimiser and before traps are rewritten.
//!
//! None of them touches a check of the sandbox.

pub(crate) mod latch;

//! The test of the tests.

pub mod callbacks;

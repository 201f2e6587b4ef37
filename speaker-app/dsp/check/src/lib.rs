//! Measures the DSP guests natively: the same code that becomes wasm, linked as libraries.

pub mod figures;
pub mod hits;
pub mod noise;
pub mod others;
pub mod speech;
pub mod trial;
pub mod voices;

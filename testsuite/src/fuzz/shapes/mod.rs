//! A generator of our own, for shapes at which sandboxes broke before and that random modules rarely take.
//!
//! Every module has a few families of functions over state of every kind; the seed says which. What a family
//! does stands in the file that is named after it.

mod address;
mod builder;
mod bulk;
mod calls;
mod control;
mod expression;
mod operators;
mod vector_access;
mod vector_control;
mod vector_lanes;
mod vector_operators;
mod vector_values;

use super::nans;
use super::smith::Generated;
use builder::Builder;
use fastrand::Rng;

type Family = fn(&mut Builder, &mut Rng);

/// Every family with its name; a seed takes the one with its number, modulo their count.
const FAMILIES: &[(&str, Family)] = &[
    ("indexed", address::indexed),
    ("every-width", address::every_width),
    ("last-bytes", address::last_bytes),
    ("chosen", address::chosen),
    ("tables", bulk::tables),
    ("memories", bulk::memories),
    ("growth", bulk::growth),
    ("numeric", control::numeric),
    ("br-tables", control::tables),
    ("programs", control::programs),
    ("long", control::long),
    ("live-values", control::live_values),
    ("wide-calls", calls::wide),
    ("indirect", calls::indirect),
    ("tails", calls::tails),
];

/// Every family with vectors; of those that stand above too, half of the values are vectors here.
const VECTOR_FAMILIES: &[(&str, Family)] = &[
    ("vector-pairs", vector_values::pairs),
    ("vector-constants", vector_values::constants),
    ("vector-lanes", vector_lanes::lanes),
    ("vector-shuffles", vector_lanes::shuffles),
    ("vector-last-bytes", vector_access::last_bytes),
    ("vector-last-lanes", vector_access::last_lanes),
    ("vector-chains", vector_control::chains),
    ("vector-blocks", vector_control::blocks),
    ("vector-br-tables", vector_control::tables),
    ("vector-indexed", address::indexed),
    ("vector-chosen", address::chosen),
    ("vector-programs", control::programs),
    ("vector-long", control::long),
    ("vector-live-values", control::live_values),
    ("vector-wide-calls", calls::wide),
    ("vector-indirect", calls::indirect),
    ("vector-tails", calls::tails),
];

/// The module of a seed, without vectors.
#[must_use]
pub fn module(seed: u64) -> Generated {
    let mut rng = Rng::with_seed(seed);
    let builder = Builder::new(&mut rng);
    of_family(FAMILIES, builder, seed, &mut rng)
}

/// The module of a seed, with vectors. Every third has NaNs made canonical in wasm, and is compiled as most modules are.
#[must_use]
pub fn module_with_vectors(seed: u64) -> Generated {
    let mut rng = Rng::with_seed(seed);
    let builder = Builder::with_vectors(vector_values::pools(&mut rng), &mut rng);
    let generated = of_family(VECTOR_FAMILIES, builder, seed, &mut rng);
    if !seed.is_multiple_of(3) {
        return generated;
    }
    Generated { wasm: nans::canonicalise(&generated.wasm), canonical_nans: false, ..generated }
}

fn of_family(families: &[(&str, Family)], mut builder: Builder, seed: u64, rng: &mut Rng) -> Generated {
    let number = usize::try_from(seed).unwrap_or(0) % families.len();
    let (name, family) = families[number];
    family(&mut builder, rng);
    Generated { name: format!("{name}{seed}"), wasm: builder.finish(rng), canonical_nans: true }
}

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

/// The module of a seed.
#[must_use]
pub fn module(seed: u64) -> Generated {
    let mut rng = Rng::with_seed(seed);
    let mut builder = Builder::new(&mut rng);
    let number = usize::try_from(seed).unwrap_or(0) % FAMILIES.len();
    let (name, family) = FAMILIES[number];
    family(&mut builder, &mut rng);
    Generated { name: format!("{name}{seed}"), wasm: builder.finish(&mut rng), canonical_nans: true }
}

//! The bounds that the compiler's report gives, held against what programs use.
//!
//! - [`stack`]: what calls use of the stack, found by painting it. Scripts, comparisons and guests measure every call of which a
//!   bound is known.
//! - [`fuel`]: what calls use of their fuel in the replay of [`meter`](crate::meter).

pub mod fuel;
pub mod stack;

pub use fuel::FuelUse;
pub use stack::StackUse;

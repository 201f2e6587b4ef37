//! The DSP: fired modules behind one contract, each in its own box.
//!
//! [`module`] calls a module; [`stage`] keeps it running: a frame in which it traps or uses up its fuel is bypassed as its kind
//! defines, and it is started anew, by [`repair`] where a frame has no time for that. [`chain`] is what hears, [`playback`] what
//! is heard. Nothing here allocates, locks or calls the system once it has begun, but `repair`.

pub(crate) mod bypasses;
pub mod chain;
pub mod module;
pub mod playback;
pub mod repair;
pub mod stage;
pub mod times;
#[cfg(feature = "faults")]
pub(crate) mod trouble;

#[cfg(all(test, feature = "faults"))]
#[allow(clippy::cast_precision_loss, reason = "few samples")]
mod tests;

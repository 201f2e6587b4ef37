//! What a skill of the speaker is written with: messages in and out, the host's functions, and phrases to speak.
//!
//! A skill implements [`Skill`] and names itself in [`exports!`]; everything unsafe is in `imports.rs` and one line of `glue.rs`.
//! There is no heap: messages live in static buffers whose sizes the skill chooses, texts are [`Text`]s of a fixed capacity.
//!
//! On a computer the same code runs against [`mock`], so that a skill's tests need neither a module nor a speaker.
#![cfg_attr(target_arch = "wasm32", no_std)]

pub mod civil;
mod event;
pub mod glue;
pub mod heard;
pub mod host;
#[cfg(target_arch = "wasm32")]
mod imports;
pub mod json;
mod message;
#[cfg(not(target_arch = "wasm32"))]
pub mod mock;
pub mod phrase;
mod reply;
mod text;

pub use event::{Event, Intent};
pub use message::Message;
pub use reply::Reply;
pub use text::{Sink, Text};

/// What every skill does.
pub trait Skill {
    /// A skill that has just been started. What it must remember is read from the storage here.
    fn new() -> Self;

    /// Somebody said one of the sentences that the skill's manifest lists.
    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>);

    /// Something that the skill asked for has happened. Ignored unless the skill says otherwise.
    fn on_event(&mut self, _event: &Event<'_>, _reply: &mut Reply<'_>) {}
}

/// A device has nobody to read a panic's text: the skill traps, and the host restarts it.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

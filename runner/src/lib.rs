//! The way from relocatable objects to a call on a target: link, load into the runner, call.
//!
//! - [`toolchain`]: the linker, and what is built for a target once: the runtime library and the runner's program.
//! - [`sources`]: where the sources of these lie. `archive`: what is left of what rustc calls a library.
//! - [`link`](mod@link): objects and the runtime library → one static image at a fixed place.
//! - [`image`]: segments and symbols of a linked image.
//! - [`temporary`]: folders for the files that go to the linker.
//! - [`runner`]: the process on the target that holds the image and is called into. Its program is `program/`, a workspace of its
//!   own.
#![forbid(unsafe_code)]

mod archive;
pub mod image;
pub mod link;
#[path = "../program/src/protocol.rs"]
mod protocol;
pub mod runner;
pub mod sources;
pub mod temporary;
pub mod toolchain;

pub use image::{Image, Segment};
pub use link::{LinkError, LinkInput, LinkOptions, link};
pub use runner::{Call, Outcome, Runner, RunnerError, RunnerOptions};
pub use temporary::TemporaryFolder;
pub use toolchain::{ToolchainError, Tools, rust_object, tools};

/// The hash that [`Runner::hash`] computes on the target, for comparing memory without moving it.
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    protocol::Hasher::hash(bytes)
}

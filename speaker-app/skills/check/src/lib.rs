//! A speaker for built modules: it links exactly what a skill's manifest grants, and remembers what the skill commanded.
//!
//! `built.rs` reads and links a module, `host.rs` is the speaker's end of its imports, `running.rs` hands messages over as the contract
//! says, and `talk.rs` makes a sentence into a message. `report.rs` is for somebody who writes a skill.

mod built;
mod host;
mod report;
mod running;
mod talk;

pub use built::{Built, skills};
pub use host::{Host, NOW};
pub use report::report;
pub use running::Running;
pub use talk::{Talk, message, said, sentences};

//! The voice-wake smart speaker: its DSP and its skills are compiled WebAssembly modules, linked into this program.
//!
//! ```text
//! microphone ─► dsp::chain ─► dialog ─► recogniser ─► sentences ─► skills ─► voice ─┐
//!                   ▲                                             music, tones ─────┤
//!                   └──────────── what was played ◄─ dsp::playback ◄─ mixer ◄───────┘ ─► loudspeaker
//! ```
//!
//! [`speaker::Speaker`] joins the rooms, frame by frame; [`live`] runs them in threads with real devices.

pub mod alloc;
pub mod clock;
pub mod config;
pub mod devices;
pub mod dialog;
pub mod dsp;
pub mod enrol;
pub mod eval;
pub mod event;
pub mod live;
pub mod mixer;
pub mod music;
pub mod outside;
pub mod priority;
pub mod program;
pub(crate) mod satellite;
pub mod skills;
pub mod speaker;
pub mod view;
pub mod voice;

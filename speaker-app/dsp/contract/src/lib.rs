//! The contract of DSP modules, once for all guests: buffers, and the functions that a host calls.
//!
//! A module imports nothing and exports, beside its memory:
//!
//! | function | |
//! |---|---|
//! | `dsp_init(rate_hz, channels, frame) → i32` | starts over, with default parameters and nothing learnt; 0, or −1 when the format is not one that the module knows |
//! | `dsp_in(channel) → ptr` | what the microphone heard (or what shall be played): one frame of `f32`, 0 when there is no such channel |
//! | `dsp_ref(channel) → ptr` | what the loudspeaker plays at that time |
//! | `dsp_out(channel) → ptr` | what the module makes of them |
//! | `dsp_process(frames) → i32` | processes one frame; flags or a score, never negative; −1 when refused |
//! | `dsp_param(id, f32)` | sets a parameter; unknown ids, and values that are no numbers, are ignored |
//! | `dsp_latency() → frames` | how far the output lags behind the input |
//! | `dsp_reset()` | forgets what was heard; parameters (and what was learnt) stay |
//!
//! `frames` counts sample instants, as audio interfaces do: `dsp_process` wants the `frame` of `dsp_init`, no less.
//! Samples are in −1..1. The addresses stay the same for as long as the module lives.
//!
//! A guest implements [`Stage`] and says `saggar_dsp_contract::exports!(ItsStage, CHANNELS, FRAME)`. Nothing here
//! needs a heap: the buffers are static, and their size is the guest's constant. The exports exist only on wasm32,
//! so that many guests can be linked natively into one test.

#![no_std]

mod exports;
mod module;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub use exports::Place;
pub use module::{Buffer, Buffers, Guest, Module, REFUSED};

/// What a guest does with audio, for at most `CHANNELS` channels and at most `FRAME` samples of each.
///
/// The state is a constant at first ([`Stage::IDLE`]) so that it can lie in static memory, wherever it is too large
/// for a stack of kilobytes.
pub trait Stage<const CHANNELS: usize, const FRAME: usize>: Sized {
    /// The state before [`Stage::start`].
    const IDLE: Self;

    /// Starts over for a format, with default parameters and nothing learnt; `false` when it is not one that the
    /// guest knows.
    fn start(&mut self, rate_hz: u32, channels: usize, frame: usize) -> bool;

    /// Processes a frame. The result is flags or a score, or [`REFUSED`].
    fn process(&mut self, audio: Audio<'_, CHANNELS, FRAME>) -> i32;

    /// Forgets everything that was heard, not what was set or learnt.
    fn reset(&mut self);

    /// How many samples of a channel the output lags behind the input.
    fn latency_frames(&self) -> usize {
        0
    }

    /// Sets a parameter to a finite value; most guests have few.
    fn set_parameter(&mut self, _id: u32, _value: f32) {}
}

/// One frame of all channels.
#[derive(Debug)]
pub struct Audio<'a, const CHANNELS: usize, const FRAME: usize> {
    /// What the microphone heard, or what shall be played.
    pub input: &'a [[f32; FRAME]; CHANNELS],
    /// What the loudspeaker plays.
    pub reference: &'a [[f32; FRAME]; CHANNELS],
    /// What the guest makes of them.
    pub output: &'a mut [[f32; FRAME]; CHANNELS],
}

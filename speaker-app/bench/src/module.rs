//! A DSP module in whatever runs it, as the speaker calls it: a frame is copied in, processed, and copied out, and the addresses that
//! a guest names are asked for anew each time, and checked.

use std::fmt;

/// Which buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Buffer {
    /// What is heard, or shall be played.
    Input,
    /// What the loudspeaker plays.
    Reference,
    /// What the module makes of them.
    Output,
}

/// Why a module did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// The engine says why: a trap, or a module that it cannot run.
    #[error("{0}")]
    Engine(String),
    /// It answered with an error.
    #[error("it answered {0}")]
    Refused(i32),
    /// It named a buffer that it does not have.
    #[error("its buffer lies outside its memory")]
    Buffer,
}

impl Problem {
    /// What an engine says, in its own words.
    pub(crate) fn engine(error: impl fmt::Display) -> Problem {
        Problem::Engine(format!("{error:#}"))
    }
}

/// A module, whatever runs it.
pub(crate) trait Module {
    /// What the next calls may use, in operators, where that is metered.
    fn give_fuel(&mut self, _: u64) {}
    /// `dsp_init` for one channel.
    fn init(&mut self, rate_hz: i32, frame: i32) -> Result<i32, Problem>;
    /// `dsp_param`.
    fn set_parameter(&mut self, id: i32, value: f32) -> Result<(), Problem>;
    /// What the wake word has learnt: how many recordings.
    fn restore(&mut self, state: &[u8]) -> Result<i32, Problem>;
    /// `dsp_reset`.
    fn reset(&mut self) -> Result<(), Problem>;
    /// Copies a frame in.
    fn write(&mut self, buffer: Buffer, samples: &[f32]) -> Result<(), Problem>;
    /// `dsp_process`.
    fn process(&mut self, frames: i32) -> Result<i32, Problem>;
    /// Copies a frame of the output out; what is no number is silence.
    fn read(&mut self, samples: &mut [f32]) -> Result<(), Problem>;
}

/// A module that lies in a memory of its own; [`Module`] follows from that.
pub(crate) trait Guest {
    /// See [`Module::give_fuel`].
    fn give_fuel(&mut self, amount: u64);
    /// `dsp_init`.
    fn init(&mut self, rate_hz: i32, channels: i32, frame: i32) -> Result<i32, Problem>;
    /// `dsp_param`.
    fn set_parameter(&mut self, id: i32, value: f32) -> Result<(), Problem>;
    /// `dsp_reset`.
    fn reset(&mut self) -> Result<(), Problem>;
    /// Address of the first channel of a buffer.
    fn buffer(&mut self, buffer: Buffer) -> Result<i32, Problem>;
    /// `dsp_process`.
    fn process(&mut self, frames: i32) -> Result<i32, Problem>;
    /// `wake_state_ptr`; −1 where the module is not the wake word's.
    fn state_at(&mut self) -> Result<i32, Problem>;
    /// `wake_restore`.
    fn believe(&mut self, bytes: i32) -> Result<i32, Problem>;
    /// Acts on so many bytes of its memory, if they lie inside.
    fn bytes(&mut self, address: usize, length: usize, act: impl FnOnce(&mut [u8])) -> Option<()>;
}

/// Acts on a checked slice of a guest's memory; addresses of 32 bits have no sign.
fn slice(guest: &mut impl Guest, address: i32, length: usize, act: impl FnOnce(&mut [u8])) -> Result<(), Problem> {
    let address = usize::try_from(address.cast_unsigned()).map_err(|_| Problem::Buffer)?;
    guest.bytes(address, length, act).ok_or(Problem::Buffer)
}

impl<G: Guest> Module for G {
    fn give_fuel(&mut self, amount: u64) {
        Guest::give_fuel(self, amount);
    }

    fn init(&mut self, rate_hz: i32, frame: i32) -> Result<i32, Problem> {
        Guest::init(self, rate_hz, 1, frame)
    }

    fn set_parameter(&mut self, id: i32, value: f32) -> Result<(), Problem> {
        Guest::set_parameter(self, id, value)
    }

    fn restore(&mut self, state: &[u8]) -> Result<i32, Problem> {
        let address = self.state_at()?;
        slice(self, address, state.len(), |bytes| bytes.copy_from_slice(state))?;
        self.believe(i32::try_from(state.len()).map_err(|_| Problem::Buffer)?)
    }

    fn reset(&mut self) -> Result<(), Problem> {
        Guest::reset(self)
    }

    fn write(&mut self, buffer: Buffer, samples: &[f32]) -> Result<(), Problem> {
        let address = self.buffer(buffer)?;
        slice(self, address, samples.len() * 4, |bytes| {
            for (bytes, sample) in bytes.as_chunks_mut().0.iter_mut().zip(samples) {
                *bytes = sample.to_le_bytes();
            }
        })
    }

    fn process(&mut self, frames: i32) -> Result<i32, Problem> {
        Guest::process(self, frames)
    }

    fn read(&mut self, samples: &mut [f32]) -> Result<(), Problem> {
        let address = self.buffer(Buffer::Output)?;
        slice(self, address, samples.len() * 4, |bytes| {
            for (sample, bytes) in samples.iter_mut().zip(bytes.as_chunks().0) {
                *sample = number(f32::from_le_bytes(*bytes));
            }
        })
    }
}

/// What is no number must not reach the next stage, whose filters would never get rid of it.
pub(crate) fn number(sample: f32) -> f32 {
    if sample.is_finite() { sample } else { 0.0 }
}

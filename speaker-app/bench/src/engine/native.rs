//! The guests as libraries of this program: the same crates, compiled for this machine. Their Fourier transforms and filters may choose
//! instructions that WebAssembly has not, so their last bits may differ.

use crate::chain::Kind;
use crate::module::{Buffer, Module, Problem, number};
use saggar_dsp_contract::{self as contract, REFUSED, Stage};
use saggar_dsp_wake::Wake;

/// A guest that is no guest.
struct Native<S, const CHANNELS: usize, const FRAME: usize> {
    module: Box<contract::Module<S, CHANNELS, FRAME>>,
    restore: fn(&mut S, &[u8]) -> i32,
}

/// The module of a stage.
pub(crate) fn open(stage: Kind) -> Box<dyn Module> {
    match stage {
        Kind::Reference | Kind::Microphone => boxed::<saggar_dsp_resample::Resample, 1, 480>(|_, _| REFUSED),
        Kind::Canceller => boxed::<saggar_dsp_canceller::Canceller, 1, 160>(|_, _| REFUSED),
        Kind::Echo => boxed::<saggar_dsp_echo::Echo, 1, 160>(|_, _| REFUSED),
        Kind::Voice => boxed::<saggar_dsp_voice::Voice, 1, 160>(|_, _| REFUSED),
        Kind::Wake => boxed::<Wake, 1, 160>(restore),
        Kind::Equaliser => boxed::<saggar_dsp_equaliser::Equaliser, 2, 480>(|_, _| REFUSED),
    }
}

fn boxed<S, const CHANNELS: usize, const FRAME: usize>(restore: fn(&mut S, &[u8]) -> i32) -> Box<dyn Module>
where
    S: Stage<CHANNELS, FRAME> + 'static,
{
    Box::new(Native { module: Box::new(contract::Module::<S, CHANNELS, FRAME>::IDLE), restore })
}

fn restore(wake: &mut Wake, state: &[u8]) -> i32 {
    let words = state.as_chunks().0.iter().map(|bytes| i16::from_le_bytes(*bytes));
    for (place, word) in wake.bank().words().iter_mut().zip(words) {
        *place = word;
    }
    wake.restore(state.len())
}

impl<S: Stage<CHANNELS, FRAME>, const CHANNELS: usize, const FRAME: usize> Native<S, CHANNELS, FRAME> {
    fn channel(&mut self, buffer: Buffer) -> Result<&mut [f32; FRAME], Problem> {
        let buffer = match buffer {
            Buffer::Input => contract::Buffer::Input,
            Buffer::Reference => contract::Buffer::Reference,
            Buffer::Output => contract::Buffer::Output,
        };
        self.module.channel(buffer, 0).ok_or(Problem::Buffer)
    }
}

impl<S: Stage<CHANNELS, FRAME>, const CHANNELS: usize, const FRAME: usize> Module for Native<S, CHANNELS, FRAME> {
    fn init(&mut self, rate_hz: i32, frame: i32) -> Result<i32, Problem> {
        Ok(self.module.start(rate_hz.cast_unsigned(), 1, frame.cast_unsigned()))
    }

    fn set_parameter(&mut self, id: i32, value: f32) -> Result<(), Problem> {
        self.module.set_parameter(id.cast_unsigned(), value);
        Ok(())
    }

    fn restore(&mut self, state: &[u8]) -> Result<i32, Problem> {
        Ok((self.restore)(self.module.stage(), state))
    }

    fn reset(&mut self) -> Result<(), Problem> {
        self.module.reset();
        Ok(())
    }

    fn write(&mut self, buffer: Buffer, samples: &[f32]) -> Result<(), Problem> {
        self.channel(buffer)?.get_mut(..samples.len()).ok_or(Problem::Buffer)?.copy_from_slice(samples);
        Ok(())
    }

    fn process(&mut self, frames: i32) -> Result<i32, Problem> {
        Ok(self.module.process(frames.cast_unsigned()))
    }

    fn read(&mut self, samples: &mut [f32]) -> Result<(), Problem> {
        for (sample, value) in samples.iter_mut().zip(self.channel(Buffer::Output)?) {
            *sample = number(*value);
        }
        Ok(())
    }
}

//! A stage with its buffers: the contract without addresses, so that tests call the same code as a host does.

use crate::{Audio, Stage};

/// What `dsp_process` and `dsp_init` say when they do nothing.
pub const REFUSED: i32 = -1;

/// Which buffer a host asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buffer {
    /// See [`Audio::input`].
    Input,
    /// See [`Audio::reference`].
    Reference,
    /// See [`Audio::output`].
    Output,
}

/// What host and stage write to each other.
#[derive(Debug)]
pub struct Buffers<const CHANNELS: usize, const FRAME: usize> {
    /// Samples of a channel that `dsp_process` takes; 0 before `dsp_init`.
    frame: usize,
    input: [[f32; FRAME]; CHANNELS],
    reference: [[f32; FRAME]; CHANNELS],
    output: [[f32; FRAME]; CHANNELS],
}

impl<const CHANNELS: usize, const FRAME: usize> Buffers<CHANNELS, FRAME> {
    /// Silence, before `dsp_init`: zeros only, which take no room in a module's file as long as they lie by themselves.
    pub const SILENT: Self = {
        let silence = [[0.0; FRAME]; CHANNELS];
        Buffers { frame: 0, input: silence, reference: silence, output: silence }
    };
}

/// A stage and its buffers, wherever they lie.
#[derive(Debug)]
pub struct Guest<'a, S, const CHANNELS: usize, const FRAME: usize> {
    /// The stage.
    pub stage: &'a mut S,
    /// Its buffers.
    pub buffers: &'a mut Buffers<CHANNELS, FRAME>,
}

impl<'a, S: Stage<CHANNELS, FRAME>, const CHANNELS: usize, const FRAME: usize> Guest<'a, S, CHANNELS, FRAME> {
    /// `dsp_init`: 0 or [`REFUSED`]. A module that refused a format processes nothing.
    pub fn start(self, rate_hz: u32, channels: u32, frame: u32) -> i32 {
        *self.buffers = Buffers::SILENT;
        // No `usize` of a target with buffers in memory is smaller than `u32`.
        let (channels, frame) = (channels as usize, frame as usize);
        let fits = (1..=CHANNELS).contains(&channels) && (1..=FRAME).contains(&frame);
        let started = fits && self.stage.start(rate_hz, channels, frame);
        self.buffers.frame = if started { frame } else { 0 };
        if started { 0 } else { REFUSED }
    }

    /// A channel of a buffer; `None` when there is no such channel.
    pub fn channel(self, buffer: Buffer, channel: u32) -> Option<&'a mut [f32; FRAME]> {
        let channels = match buffer {
            Buffer::Input => &mut self.buffers.input,
            Buffer::Reference => &mut self.buffers.reference,
            Buffer::Output => &mut self.buffers.output,
        };
        channels.get_mut(channel as usize)
    }

    /// `dsp_process`: the stage's answer or [`REFUSED`].
    pub fn process(self, frames: u32) -> i32 {
        let Buffers { frame, input, reference, output } = self.buffers;
        if frames as usize != *frame || frames == 0 {
            return REFUSED;
        }
        self.stage.process(Audio { input, reference, output })
    }

    /// `dsp_param`: NaN and infinities stay outside, since a filter would never get rid of them.
    pub fn set_parameter(self, id: u32, value: f32) {
        if value.is_finite() {
            self.stage.set_parameter(id, value);
        }
    }

    /// `dsp_latency`.
    pub fn latency_frames(self) -> u32 {
        u32::try_from(self.stage.latency_frames()).unwrap_or(u32::MAX)
    }

    /// `dsp_reset`.
    pub fn reset(self) {
        self.stage.reset();
    }
}

/// A stage that is kept with its buffers, where it runs natively. Its functions are those of [`Guest`].
#[derive(Debug)]
pub struct Module<S, const CHANNELS: usize, const FRAME: usize> {
    stage: S,
    buffers: Buffers<CHANNELS, FRAME>,
}

impl<S: Stage<CHANNELS, FRAME>, const CHANNELS: usize, const FRAME: usize> Module<S, CHANNELS, FRAME> {
    /// Silence in the buffers, and a stage that was not started.
    pub const IDLE: Self = Module { stage: S::IDLE, buffers: Buffers::SILENT };

    fn guest(&mut self) -> Guest<'_, S, CHANNELS, FRAME> {
        Guest { stage: &mut self.stage, buffers: &mut self.buffers }
    }

    /// See [`Guest::start`].
    pub fn start(&mut self, rate_hz: u32, channels: u32, frame: u32) -> i32 {
        self.guest().start(rate_hz, channels, frame)
    }

    /// See [`Guest::channel`].
    pub fn channel(&mut self, buffer: Buffer, channel: u32) -> Option<&mut [f32; FRAME]> {
        self.guest().channel(buffer, channel)
    }

    /// See [`Guest::process`].
    pub fn process(&mut self, frames: u32) -> i32 {
        self.guest().process(frames)
    }

    /// See [`Guest::set_parameter`].
    pub fn set_parameter(&mut self, id: u32, value: f32) {
        self.guest().set_parameter(id, value);
    }

    /// See [`Guest::reset`].
    pub fn reset(&mut self) {
        self.guest().reset();
    }

    /// The stage itself, for functions beyond the contract.
    pub fn stage(&mut self) -> &mut S {
        &mut self.stage
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, Module, REFUSED};
    use crate::{Audio, Stage};

    /// Doubles its input; its parameter 0 is the factor.
    struct Gain(f32);

    impl Stage<2, 4> for Gain {
        const IDLE: Self = Gain(2.0);

        fn start(&mut self, rate_hz: u32, _channels: usize, _frame: usize) -> bool {
            rate_hz == 16_000
        }

        fn process(&mut self, audio: Audio<'_, 2, 4>) -> i32 {
            for (output, input) in audio.output.iter_mut().zip(audio.input) {
                *output = input.map(|sample| sample * self.0);
            }
            7
        }

        fn reset(&mut self) {}

        fn set_parameter(&mut self, _id: u32, value: f32) {
            self.0 = value;
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let mut module = Module::<Gain, 2, 4>::IDLE;
        assert_eq!(module.process(4), REFUSED, "not started");
        for (rate_hz, channels, frame) in [(48_000, 1, 4), (16_000, 3, 4), (16_000, 0, 4), (16_000, 1, 5), (16_000, 1, 0)] {
            assert_eq!(module.start(rate_hz, channels, frame), REFUSED);
            assert_eq!(module.process(frame), REFUSED);
        }
        assert_eq!(module.start(16_000, 2, 4), 0);
        assert_eq!(module.process(3), REFUSED);
        assert_eq!(module.channel(Buffer::Output, 2), None);
    }

    #[test]
    fn processes_and_ignores_what_is_no_number() {
        let mut module = Module::<Gain, 2, 4>::IDLE;
        assert_eq!(module.start(16_000, 2, 4), 0);
        *module.channel(Buffer::Input, 1).unwrap() = [1.0, 2.0, 3.0, 4.0];
        module.set_parameter(0, f32::NAN);
        assert_eq!(module.process(4), 7);
        assert_eq!(module.channel(Buffer::Output, 1), Some(&mut [2.0, 4.0, 6.0, 8.0]));
    }
}

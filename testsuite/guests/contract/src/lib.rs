//! The contract of DSP modules, once for all guests: buffers, and the functions that the host calls.
//!
//! A guest implements [`Stage`] and says `saggar_guest_contract::exports!(ItsStage)`. One channel; samples are
//! `f32`, a frame at a time.

/// What a guest does with audio.
pub trait Stage: Sized {
    /// Starts over; `None` when the format is not one that the guest knows.
    fn new(rate_hz: u32, channels: u32, frame: u32) -> Option<Self>;

    /// Processes a frame; `reference` is what the loudspeaker plays. The result is flags or a score.
    fn process(&mut self, input: &[f32], reference: &[f32], output: &mut [f32]) -> i32;

    /// How many frames the output lags behind the input.
    fn latency_frames(&self) -> u32;

    /// Sets a parameter; most guests have none.
    fn set_parameter(&mut self, _id: u32, _value: f32) {}
}

/// A stage with its buffers.
pub struct Host<S> {
    stage: S,
    format: (u32, u32, u32),
    input: Vec<f32>,
    reference: Vec<f32>,
    output: Vec<f32>,
}

/// Which buffer a host asks for.
#[derive(Clone, Copy)]
pub enum Buffer {
    /// What the microphone heard.
    Input,
    /// What the loudspeaker plays.
    Reference,
    /// What the guest makes of them.
    Output,
}

impl<S: Stage> Host<S> {
    /// A stage for a format, with silence in its buffers.
    pub fn new(rate_hz: u32, channels: u32, frame: u32) -> Option<Host<S>> {
        let stage = S::new(rate_hz, channels, frame)?;
        let buffer = vec![0.0; frame as usize];
        Some(Host { stage, format: (rate_hz, channels, frame), input: buffer.clone(), reference: buffer.clone(), output: buffer })
    }

    /// Where a buffer lies.
    pub fn address(&mut self, buffer: Buffer) -> *mut f32 {
        match buffer {
            Buffer::Input => self.input.as_mut_ptr(),
            Buffer::Reference => self.reference.as_mut_ptr(),
            Buffer::Output => self.output.as_mut_ptr(),
        }
    }

    /// Processes what is in the buffers.
    pub fn process(&mut self) -> i32 {
        self.stage.process(&self.input, &self.reference, &mut self.output)
    }

    /// See [`Stage::set_parameter`].
    pub fn set_parameter(&mut self, id: u32, value: f32) {
        self.stage.set_parameter(id, value);
    }

    /// See [`Stage::latency_frames`].
    pub fn latency_frames(&self) -> u32 {
        self.stage.latency_frames()
    }

    /// Forgets everything that was heard.
    pub fn reset(&mut self) {
        let (rate_hz, channels, frame) = self.format;
        if let Some(fresh) = S::new(rate_hz, channels, frame) {
            self.stage = fresh;
        }
    }
}

/// Defines the functions that a host calls, over a stage.
#[macro_export]
macro_rules! exports {
    ($stage:ty) => {
        use $crate::{Buffer, Host};

        std::thread_local! {
            static HOST: std::cell::RefCell<Option<Host<$stage>>> = const { std::cell::RefCell::new(None) };
        }

        fn with<T: Default>(act: impl FnOnce(&mut Host<$stage>) -> T) -> T {
            HOST.with_borrow_mut(|host| host.as_mut().map(act).unwrap_or_default())
        }

        fn address(buffer: Buffer) -> usize {
            with(|host| host.address(buffer) as usize)
        }

        #[unsafe(no_mangle)]
        extern "C" fn dsp_init(rate_hz: u32, channels: u32, frame: u32) -> i32 {
            let host = Host::new(rate_hz, channels, frame);
            let known = host.is_some();
            HOST.set(host);
            if known { 0 } else { -1 }
        }

        #[unsafe(no_mangle)]
        extern "C" fn dsp_in(_channel: u32) -> usize {
            address(Buffer::Input)
        }

        #[unsafe(no_mangle)]
        extern "C" fn dsp_ref(_channel: u32) -> usize {
            address(Buffer::Reference)
        }

        #[unsafe(no_mangle)]
        extern "C" fn dsp_out(_channel: u32) -> usize {
            address(Buffer::Output)
        }

        #[unsafe(no_mangle)]
        extern "C" fn dsp_process(_frames: u32) -> i32 {
            with(Host::process)
        }

        #[unsafe(no_mangle)]
        extern "C" fn dsp_param(id: u32, value: f32) {
            with(|host| host.set_parameter(id, value));
        }

        #[unsafe(no_mangle)]
        extern "C" fn dsp_latency() -> u32 {
            with(|host| host.latency_frames())
        }

        #[unsafe(no_mangle)]
        extern "C" fn dsp_reset() {
            with(Host::reset);
        }
    };
}

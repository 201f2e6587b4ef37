//! A DSP module as the chain calls it, whatever its name.

use saggar_runtime::{Memory, Trap};

/// The functions of the contract (`speaker-app/dsp/contract`).
pub(crate) trait Module: Send {
    /// Brings it into its initial state.
    fn instantiate(&mut self) -> Result<(), Trap>;
    /// What the next calls may use, in operators.
    fn set_fuel(&mut self, amount: u64);
    /// What is left of it.
    fn fuel_left(&self) -> u64;
    /// `dsp_init`: 0, or negative where it refuses the format.
    fn init(&mut self, rate_hz: i32, channels: i32, frame: i32) -> Result<i32, Trap>;
    /// Address of a buffer of the guest, of its first channel.
    fn buffer(&mut self, buffer: Buffer) -> Result<i32, Trap>;
    /// `dsp_process`: flags or score; negative where it refuses the frame.
    fn process(&mut self, frames: i32) -> Result<i32, Trap>;
    /// `dsp_param`.
    fn set_parameter(&mut self, id: i32, value: f32) -> Result<(), Trap>;
    /// `dsp_latency`: by how many samples of the output it lags behind the input.
    fn latency(&mut self) -> Result<i32, Trap>;
    /// `dsp_reset`.
    fn reset(&mut self) -> Result<(), Trap>;
    /// Its memory.
    fn memory(&mut self) -> Memory<'_>;
    /// What the wake word has beside the contract; `None` for any other module.
    fn wake(&mut self, _: Wake) -> Option<Result<i32, Trap>> {
        None
    }
    /// Switches on the fault that the build has planted.
    #[cfg(feature = "faults")]
    fn plant(&mut self, kind: i32) -> Result<(), Trap>;
}

/// Which buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Buffer {
    Input,
    Reference,
    Output,
}

/// A function of the wake word's own: see the head of `speaker-app/dsp/wake`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wake {
    Begin,
    End,
    Clear,
    StateAt,
    StateBytes,
    Restore(i32),
}

/// Binds a fired module to the contract; with `wake`, to that of the wake word.
macro_rules! module {
    ($name:ident :: $module:ident $(, $extra:ident)?) => {
        #[allow(missing_docs, clippy::all, reason = "generated")]
        #[allow(clippy::multiple_unsafe_ops_per_block, reason = "generated")]
        #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "generated")]
        #[allow(dead_code, unreachable_pub, reason = "bindings have all that a module exports")]
        mod $name {
            include!(concat!(env!("SAGGAR_SPEAKER_MODULES"), "/", stringify!($name), ".rs"));
        }

        impl $crate::dsp::module::Module for $name::$module {
            fn instantiate(&mut self) -> Result<(), saggar_runtime::Trap> {
                $name::$module::instantiate(self)
            }

            fn set_fuel(&mut self, amount: u64) {
                $name::$module::set_fuel(self, amount);
            }

            fn fuel_left(&self) -> u64 {
                $name::$module::fuel_left(self)
            }

            fn init(&mut self, rate_hz: i32, channels: i32, frame: i32) -> Result<i32, saggar_runtime::Trap> {
                self.dsp_init(rate_hz, channels, frame)
            }

            fn buffer(&mut self, buffer: $crate::dsp::module::Buffer) -> Result<i32, saggar_runtime::Trap> {
                match buffer {
                    $crate::dsp::module::Buffer::Input => self.dsp_in(0),
                    $crate::dsp::module::Buffer::Reference => self.dsp_ref(0),
                    $crate::dsp::module::Buffer::Output => self.dsp_out(0),
                }
            }

            fn process(&mut self, frames: i32) -> Result<i32, saggar_runtime::Trap> {
                self.dsp_process(frames)
            }

            fn set_parameter(&mut self, id: i32, value: f32) -> Result<(), saggar_runtime::Trap> {
                self.dsp_param(id, value)
            }

            fn latency(&mut self) -> Result<i32, saggar_runtime::Trap> {
                self.dsp_latency()
            }

            fn reset(&mut self) -> Result<(), saggar_runtime::Trap> {
                self.dsp_reset()
            }

            fn memory(&mut self) -> saggar_runtime::Memory<'_> {
                $name::$module::memory(self)
            }

            #[cfg(feature = "faults")]
            fn plant(&mut self, kind: i32) -> Result<(), saggar_runtime::Trap> {
                self.planted_fault(kind)
            }

            $($crate::dsp::module::module!(@$extra);)?
        }
    };
    (@wake) => {
        fn wake(&mut self, function: $crate::dsp::module::Wake) -> Option<Result<i32, saggar_runtime::Trap>> {
            use $crate::dsp::module::Wake;
            Some(match function {
                Wake::Begin => self.wake_begin(),
                Wake::End => self.wake_end(),
                Wake::Clear => self.wake_clear(),
                Wake::StateAt => self.wake_state_ptr(),
                Wake::StateBytes => self.wake_state_len(),
                Wake::Restore(bytes) => self.wake_restore(bytes),
            })
        }
    };
}
pub(crate) use module;

//! The guests, fired: with vectors and without, each with fuel, as the speaker has them, and without a meter.

use super::Guests;
use crate::chain::Kind;
use crate::module::{Buffer, Guest, Module, Problem};

/// The module of a stage; `None` when it was taken before: there is one of each.
///
/// # Errors
/// When it does not start.
pub(crate) fn open(guests: Guests, fuel: bool, stage: Kind) -> Result<Option<Box<dyn Module>>, Problem> {
    match (guests, fuel) {
        (Guests::Simd128, true) => simd128(stage),
        (Guests::Simd128, false) => simd128_unmetered(stage),
        (Guests::Scalar, true) => scalar(stage),
        (Guests::Scalar, false) => scalar_unmetered(stage),
    }
}

fn trap(trap: saggar_runtime::Trap) -> Problem {
    Problem::engine(trap.code().map_or("a trap of a kind that this version does not know", saggar_abi::trap::Code::description))
}

/// A module of each stage, and the function that takes them. `fuel` or `free`: whether they have a meter.
macro_rules! set {
    ($open:ident, $meter:ident: $($stage:ident = $name:ident::$module:ident $($wake:ident)?;)*) => {
        $(bind!($name::$module, $meter $($wake)?);)*

        fn $open(stage: Kind) -> Result<Option<Box<dyn Module>>, Problem> {
            match stage {
                $(Kind::$stage => {
                    let Some(mut module) = $name::$module::take() else { return Ok(None) };
                    module.instantiate().map_err(trap)?;
                    Ok(Some(Box::new(module)))
                })*
            }
        }
    };
}

/// Binds a fired module to the contract; with `wake`, to that of the wake word.
macro_rules! bind {
    ($name:ident::$module:ident, $meter:ident $($wake:ident)?) => {
        #[allow(missing_docs, unreachable_pub, reason = "generated")]
        mod $name {
            include!(concat!(env!("SAGGAR_SPEAKER_MODULES"), "/", stringify!($name), ".rs"));
        }

        impl Guest for $name::$module {
            bind!(@$meter);

            fn init(&mut self, rate_hz: i32, channels: i32, frame: i32) -> Result<i32, Problem> {
                self.dsp_init(rate_hz, channels, frame).map_err(trap)
            }

            fn set_parameter(&mut self, id: i32, value: f32) -> Result<(), Problem> {
                self.dsp_param(id, value).map_err(trap)
            }

            fn reset(&mut self) -> Result<(), Problem> {
                self.dsp_reset().map_err(trap)
            }

            fn buffer(&mut self, buffer: Buffer) -> Result<i32, Problem> {
                match buffer {
                    Buffer::Input => self.dsp_in(0),
                    Buffer::Reference => self.dsp_ref(0),
                    Buffer::Output => self.dsp_out(0),
                }
                .map_err(trap)
            }

            fn process(&mut self, frames: i32) -> Result<i32, Problem> {
                self.dsp_process(frames).map_err(trap)
            }

            bind!(@state $($wake)?);

            fn bytes(&mut self, address: usize, length: usize, act: impl FnOnce(&mut [u8])) -> Option<()> {
                self.memory().slice_mut(address, length).map(act)
            }
        }
    };
    (@fuel) => {
        fn give_fuel(&mut self, amount: u64) {
            self.set_fuel(amount);
        }
    };
    (@free) => {
        fn give_fuel(&mut self, _: u64) {}
    };
    (@state wake) => {
        fn state_at(&mut self) -> Result<i32, Problem> {
            self.wake_state_ptr().map_err(trap)
        }

        fn believe(&mut self, bytes: i32) -> Result<i32, Problem> {
            self.wake_restore(bytes).map_err(trap)
        }
    };
    (@state) => {
        fn state_at(&mut self) -> Result<i32, Problem> {
            Err(Problem::Refused(-1))
        }

        fn believe(&mut self, _: i32) -> Result<i32, Problem> {
            Err(Problem::Refused(-1))
        }
    };
}

set!(simd128, fuel:
    Reference = resample_reference::ResampleReference;
    Microphone = resample::Resample;
    Canceller = canceller::Canceller;
    Echo = echo::Echo;
    Voice = voice::Voice;
    Wake = wake::Wake wake;
    Equaliser = equaliser::Equaliser;
);
set!(simd128_unmetered, free:
    Reference = resample_reference_unmetered::ResampleReferenceUnmetered;
    Microphone = resample_unmetered::ResampleUnmetered;
    Canceller = canceller_unmetered::CancellerUnmetered;
    Echo = echo_unmetered::EchoUnmetered;
    Voice = voice_unmetered::VoiceUnmetered;
    Wake = wake_unmetered::WakeUnmetered wake;
    Equaliser = equaliser_unmetered::EqualiserUnmetered;
);
set!(scalar, fuel:
    Reference = resample_reference_scalar::ResampleReferenceScalar;
    Microphone = resample_scalar::ResampleScalar;
    Canceller = canceller_scalar::CancellerScalar;
    Echo = echo_scalar::EchoScalar;
    Voice = voice_scalar::VoiceScalar;
    Wake = wake_scalar::WakeScalar wake;
    Equaliser = equaliser_scalar::EqualiserScalar;
);
set!(scalar_unmetered, free:
    Reference = resample_reference_scalar_unmetered::ResampleReferenceScalarUnmetered;
    Microphone = resample_scalar_unmetered::ResampleScalarUnmetered;
    Canceller = canceller_scalar_unmetered::CancellerScalarUnmetered;
    Echo = echo_scalar_unmetered::EchoScalarUnmetered;
    Voice = voice_scalar_unmetered::VoiceScalarUnmetered;
    Wake = wake_scalar_unmetered::WakeScalarUnmetered wake;
    Equaliser = equaliser_scalar_unmetered::EqualiserScalarUnmetered;
);

//! The functions that a host calls, and the only unsafe code of the guests: a static that is written through
//! a shared reference.

#[cfg(target_arch = "wasm32")]
use core::cell::UnsafeCell;

/// Where a guest's stage or its buffers lie; made by [`exports`](crate::exports) and no use for anything else.
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub struct Place<T>(UnsafeCell<T>);

// SAFETY: the modules are compiled without threads: there is one, and its memory is not shared.
#[cfg(target_arch = "wasm32")]
unsafe impl<T> Sync for Place<T> {}

#[cfg(target_arch = "wasm32")]
impl<T> Place<T> {
    #[doc(hidden)]
    pub const fn new(content: T) -> Self {
        Place(UnsafeCell::new(content))
    }

    /// Calls `act` with what lies here.
    ///
    /// # Safety
    /// `act` calls this on no place that is being used already; [`exports`](crate::exports) sees to that, since an
    /// export is called by the host only.
    #[doc(hidden)]
    pub unsafe fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: the only thread is here, and the caller says that no other reference to the content lives. A host
        // that writes to the buffers does so between calls.
        act(unsafe { &mut *self.0.get() })
    }
}

/// Defines the functions that a host calls, over a stage with so many channels and samples of each.
///
/// Further exports take the stage and numbers:
/// `exports!(Wake, 1, 160; fn wake_threshold(stage: &mut Wake, value: f32) -> i32 { … })`.
#[macro_export]
macro_rules! exports {
    ($stage:ty, $channels:expr, $frame:expr $(; $(
        $(#[$attribute:meta])*
        fn $name:ident($self:ident: &mut $type:ty $(, $argument:ident: $of:ty)*) -> $result:ty $body:block
    )*)?) => {
        /// What the host calls.
        #[cfg(target_arch = "wasm32")]
        mod exported {
            use super::*;
            use $crate::{Buffer, Buffers, Guest, Place, Stage};

            // Two: where anything of one is not zero, all of it is in the module's file.
            static STAGE: Place<$stage> = Place::new(<$stage as Stage<{ $channels }, { $frame }>>::IDLE);
            static BUFFERS: Place<Buffers<{ $channels }, { $frame }>> = Place::new(Buffers::SILENT);

            fn with<R>(act: impl FnOnce(Guest<'_, $stage, { $channels }, { $frame }>) -> R) -> R {
                let guest = |stage: &mut $stage| {
                    // SAFETY: as below.
                    unsafe { BUFFERS.with(|buffers| act(Guest { stage, buffers })) }
                };
                // SAFETY: only exports call this, the host calls one after the other, and no stage calls an export.
                unsafe { STAGE.with(guest) }
            }

            fn address(buffer: Buffer, channel: u32) -> usize {
                with(|guest| guest.channel(buffer, channel).map_or(0, |samples| samples.as_mut_ptr() as usize))
            }

            #[unsafe(no_mangle)]
            extern "C" fn dsp_init(rate_hz: u32, channels: u32, frame: u32) -> i32 {
                with(|guest| guest.start(rate_hz, channels, frame))
            }

            #[unsafe(no_mangle)]
            extern "C" fn dsp_in(channel: u32) -> usize {
                address(Buffer::Input, channel)
            }

            #[unsafe(no_mangle)]
            extern "C" fn dsp_ref(channel: u32) -> usize {
                address(Buffer::Reference, channel)
            }

            #[unsafe(no_mangle)]
            extern "C" fn dsp_out(channel: u32) -> usize {
                address(Buffer::Output, channel)
            }

            #[unsafe(no_mangle)]
            extern "C" fn dsp_process(frames: u32) -> i32 {
                with(|guest| guest.process(frames))
            }

            #[unsafe(no_mangle)]
            extern "C" fn dsp_param(id: u32, value: f32) {
                with(|guest| guest.set_parameter(id, value));
            }

            #[unsafe(no_mangle)]
            extern "C" fn dsp_latency() -> u32 {
                with(|guest| guest.latency_frames())
            }

            #[unsafe(no_mangle)]
            extern "C" fn dsp_reset() {
                with(|guest| guest.reset());
            }

            $($(
                $(#[$attribute])*
                #[unsafe(no_mangle)]
                extern "C" fn $name($($argument: $of),*) -> $result {
                    with(|guest| {
                        let $self: &mut $type = guest.stage;
                        $body
                    })
                }
            )*)?
        }
    };
}

/// The panic handler of a guest without `std`: a trap, which the host's bypass answers.
#[macro_export]
macro_rules! trap_on_panic {
    () => {
        #[cfg(target_arch = "wasm32")]
        #[panic_handler]
        fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
            core::arch::wasm32::unreachable()
        }

        // Natively, tests bring the handler along.
        #[cfg(not(target_arch = "wasm32"))]
        extern crate std;
    };
}

//! Wake word: 160 samples at 16 kHz, one channel; the output is the input.
//!
//! A user says a phrase a few times, and it is recognised from then on: mel cepstra and dynamic time warping against
//! the recordings, no training. No heap, 16 KiB of stack, and the recordings in static memory.
//!
//! `dsp_process`: bit 0, the phrase was recognised in this frame; bit 1, speech is heard; bit 2, a recording is running;
//! bits 16–30, the score times 32,767 (1 is the very same sound; it is about 20 ms late).
//!
//! | parameter | | default |
//! |---|---|---|
//! | 0 | score from which it is the phrase, 0–1; 0.04 more and it is at once | 0.47 |
//! | 1 | for so many frames in a row, 1–50 | 2 |
//! | 2 | frames after a detection until the next is possible, 0–1,000 | 100 |
//! | 3 | how many of the nearest recordings are averaged, 1–8 | 2 |
//! | 4 | frames by which the time axes may differ, 1–100 | 30 |
//!
//! Beside the contract:
//!
//! | function | |
//! |---|---|
//! | `wake_begin() → i32` | starts a recording of what `dsp_process` is given; 0, or −4 when there are eight |
//! | `wake_end() → i32` | ends it: how many recordings there are, −1 none was begun, −2 too short (0.3 s), −3 too long (1.6 s) |
//! | `wake_template_count() → i32` | how many recordings there are |
//! | `wake_clear() → i32` | forgets them; 0 |
//! | `wake_state_ptr() → ptr` | where they lie, to be saved, and where they are written before `wake_restore` |
//! | `wake_state_len() → bytes` | how much there is to save; call it before reading, since it completes the head |
//! | `wake_state_capacity() → bytes` | how much may be written |
//! | `wake_restore(bytes) → i32` | takes what was written: how many recordings, or −5 (not such a state), and then there are none |
//!
//! `dsp_init` forgets recordings and parameters, `dsp_reset` neither.

#![no_std]
#![deny(unsafe_code, reason = "the contract's exports are all of it")]

saggar_dsp_contract::trap_on_panic!();

pub mod bank;
pub mod detector;
pub mod dtw;
pub mod enrolment;
pub mod features;
pub mod fft;
pub mod mel;
pub mod noise;

pub use detector::Wake;

saggar_dsp_contract::exports!(Wake, 1, crate::features::HOP;
    fn wake_begin(wake: &mut Wake) -> i32 {
        wake.begin()
    }

    fn wake_end(wake: &mut Wake) -> i32 {
        wake.end()
    }

    fn wake_template_count(wake: &mut Wake) -> usize {
        wake.bank().count()
    }

    fn wake_clear(wake: &mut Wake) -> i32 {
        wake.clear();
        0
    }

    fn wake_state_ptr(wake: &mut Wake) -> usize {
        wake.bank().words().as_mut_ptr() as usize
    }

    fn wake_state_len(wake: &mut Wake) -> usize {
        wake.bank().seal()
    }

    fn wake_state_capacity(wake: &mut Wake) -> usize {
        core::mem::size_of_val(wake.bank().words())
    }

    fn wake_restore(wake: &mut Wake, bytes: usize) -> i32 {
        wake.restore(bytes)
    }
);

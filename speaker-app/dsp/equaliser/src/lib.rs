//! Equaliser and volume for what is played: 480 samples at 48 kHz, one or two channels.
//!
//! Five bands (a low shelf, three peaks, a high shelf), then the volume. Nothing jumps: gains and frequencies glide to
//! where they are set, and a band that is flat is not computed, so that a flat equaliser at 0 dB passes the very samples.
//! `dsp_process`: bit 0 says that a sample would have left −1..1 and was held there.
//!
//! | parameter | | default |
//! |---|---|---|
//! | 0 | volume, −80 (silence) to 12 dB; glides by at most 2 dB a frame above −40 dB, 8 below | 0 |
//! | 1–5 | gain of a band, −18 to 18 dB; glides by at most 1 dB a frame | 0 |
//! | 11–15 | its frequency, 20 to 20,000 Hz; applied within a frame | 100, 300, 1,000, 3,000, 8,000 |
//! | 21–25 | its quality, 0.1 to 10; applied within a frame | 0.707 for shelves, 1 for peaks |

#![no_std]
#![deny(unsafe_code, reason = "the contract's exports are all of it")]

pub mod biquad;

use biquad::{Biquad, Shape};
use saggar_dsp_contract::{Audio, Stage};

saggar_dsp_contract::trap_on_panic!();

/// Samples of a frame: 10 ms.
pub const FRAME: usize = 480;
/// Channels at most.
pub const CHANNELS: usize = 2;
const RATE_HZ: f32 = 48_000.0;
const BANDS: usize = 5;

/// From here downwards nothing is heard.
const SILENT_DB: f32 = -80.0;

/// `dsp_process`: a sample was held at −1 or 1.
pub const CLIPPED: i32 = 1;

#[derive(Clone, Copy)]
struct Band {
    shape: Shape,
    frequency_hz: f32,
    q: f32,
    wanted_db: f32,
    /// On its way to `wanted_db`.
    gain_db: f32,
    filter: Biquad,
    states: [[f32; 2]; CHANNELS],
}

impl Band {
    const fn flat(shape: Shape, frequency_hz: f32, q: f32) -> Band {
        Band { shape, frequency_hz, q, wanted_db: 0.0, gain_db: 0.0, filter: Biquad::THROUGH, states: [[0.0; 2]; CHANNELS] }
    }

    /// Where the filter shall be at the end of this frame.
    fn next(&mut self) -> Biquad {
        self.gain_db += (self.wanted_db - self.gain_db).clamp(-1.0, 1.0);
        if self.gain_db == 0.0 {
            Biquad::THROUGH
        } else {
            Biquad::new(self.shape, RATE_HZ, self.frequency_hz, self.q, self.gain_db)
        }
    }

    fn run(&mut self, channels: &mut [[f32; FRAME]]) {
        let (from, to) = (self.filter, self.next());
        self.filter = to;
        // Flat and flat before: what is left in the states has come out by one frame of passing through.
        if from == Biquad::THROUGH && to == Biquad::THROUGH {
            self.states = [[0.0; 2]; CHANNELS];
            return;
        }
        for (channel, state) in channels.iter_mut().zip(&mut self.states) {
            for (n, sample) in channel.iter_mut().enumerate() {
                let filter = if from == to { to } else { from.towards(&to, (n + 1) as f32 / FRAME as f32) };
                *sample = filter.run(state, *sample);
            }
        }
    }
}

/// The stage.
pub struct Equaliser {
    bands: [Band; BANDS],
    wanted_db: f32,
    volume_db: f32,
    gain: f32,
    channels: usize,
}

fn gain(volume_db: f32) -> f32 {
    if volume_db <= SILENT_DB { 0.0 } else { libm::powf(10.0, volume_db / 20.0) }
}

impl Equaliser {
    /// The volume's gain at the end of this frame.
    fn next_gain(&mut self) -> f32 {
        let most = if self.volume_db > -40.0 { 2.0 } else { 8.0 };
        self.volume_db += (self.wanted_db - self.volume_db).clamp(-most, most);
        gain(self.volume_db)
    }
}

impl Stage<CHANNELS, FRAME> for Equaliser {
    const IDLE: Equaliser = Equaliser {
        bands: [
            Band::flat(Shape::LowShelf, 100.0, 0.707),
            Band::flat(Shape::Peak, 300.0, 1.0),
            Band::flat(Shape::Peak, 1_000.0, 1.0),
            Band::flat(Shape::Peak, 3_000.0, 1.0),
            Band::flat(Shape::HighShelf, 8_000.0, 0.707),
        ],
        wanted_db: 0.0,
        volume_db: 0.0,
        gain: 1.0,
        channels: 0,
    };

    fn start(&mut self, rate_hz: u32, channels: usize, frame: usize) -> bool {
        *self = Equaliser { channels, ..Equaliser::IDLE };
        rate_hz == 48_000 && frame == FRAME
    }

    fn process(&mut self, audio: Audio<'_, CHANNELS, FRAME>) -> i32 {
        let output = &mut audio.output[..self.channels];
        output.copy_from_slice(&audio.input[..self.channels]);
        for band in &mut self.bands {
            band.run(output);
        }
        let (from, to) = (self.gain, self.next_gain());
        self.gain = to;
        let mut flags = 0;
        for channel in output {
            for (n, sample) in channel.iter_mut().enumerate() {
                let gain = if from == to { to } else { from + (to - from) * (n + 1) as f32 / FRAME as f32 };
                *sample *= gain;
                if sample.abs() > 1.0 {
                    *sample = sample.clamp(-1.0, 1.0);
                    flags = CLIPPED;
                }
            }
        }
        flags
    }

    /// What glides arrives at once.
    fn reset(&mut self) {
        for band in &mut self.bands {
            band.states = [[0.0; 2]; CHANNELS];
            band.gain_db = band.wanted_db;
            band.filter = band.next();
        }
        self.volume_db = self.wanted_db;
        self.gain = gain(self.volume_db);
    }

    fn set_parameter(&mut self, id: u32, value: f32) {
        let band = usize::try_from(id % 10).unwrap_or(0).wrapping_sub(1);
        match (id, self.bands.get_mut(band)) {
            (0, _) => self.wanted_db = value.clamp(SILENT_DB, 12.0),
            (1..=5, Some(band)) => band.wanted_db = value.clamp(-18.0, 18.0),
            (11..=15, Some(band)) => band.frequency_hz = value.clamp(20.0, 20_000.0),
            (21..=25, Some(band)) => band.q = value.clamp(0.1, 10.0),
            _ => {}
        }
    }
}

saggar_dsp_contract::exports!(Equaliser, CHANNELS, FRAME);

#[cfg(test)]
mod tests {
    use super::{CLIPPED, Equaliser, FRAME};
    use saggar_dsp_contract::{Buffer, Module};
    use std::boxed::Box;

    type Guest = Module<Equaliser, 2, FRAME>;

    fn started(channels: u32) -> Box<Guest> {
        let mut module = Box::new(Guest::IDLE);
        assert_eq!(module.start(48_000, channels, 480), 0);
        module
    }

    /// 1 kHz at half of full scale.
    fn tone() -> [f32; FRAME] {
        core::array::from_fn(|n| 0.5 * (2.0 * core::f32::consts::PI * n as f32 / 48.0).sin())
    }

    fn play(module: &mut Guest) -> (i32, [f32; FRAME]) {
        *module.channel(Buffer::Input, 0).unwrap() = tone();
        let flags = module.process(480);
        (flags, *module.channel(Buffer::Output, 0).unwrap())
    }

    fn peak(samples: &[f32]) -> f32 {
        samples.iter().fold(0.0, |peak, sample| sample.abs().max(peak))
    }

    #[test]
    fn flat_is_the_same_bits() {
        let mut module = started(1);
        assert_eq!(play(&mut module), (0, tone()));
    }

    #[test]
    fn volume_glides_without_a_step() {
        let mut module = started(2);
        play(&mut module);
        module.set_parameter(0, -80.0);
        let mut last = 0.0;
        for _ in 0..60 {
            for sample in play(&mut module).1 {
                // The tone itself moves by at most 0.5 · 2π / 48 a sample.
                assert!((sample - last).abs() < 0.07);
                last = sample;
            }
        }
        assert_eq!(play(&mut module).1, [0.0; FRAME], "silence is silent");
    }

    #[test]
    fn a_band_raises_and_the_output_is_held_in_range() {
        let mut module = started(1);
        module.set_parameter(3, 6.0);
        for _ in 0..20 {
            play(&mut module);
        }
        let (_, louder) = play(&mut module);
        assert!((peak(&louder) - 0.998).abs() < 0.01, "{}", peak(&louder));
        module.set_parameter(0, 12.0);
        for _ in 0..20 {
            play(&mut module);
        }
        let (flags, clipped) = play(&mut module);
        assert_eq!((flags, peak(&clipped)), (CLIPPED, 1.0));
    }
}

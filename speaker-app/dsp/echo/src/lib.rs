//! Echo cancellation, noise suppression and gain control: 160 samples at 16 kHz, one channel.
//!
//! `dsp_ref` is what the loudspeaker plays at the same time, or up to some 100 ms earlier: the canceller finds the delay.
//! `dsp_process` says 0, or −1 when the library refuses the frame.
//!
//! | parameter | | default |
//! |---|---|---|
//! | 0 | echo cancellation: 0 off, 1 on | 1 |
//! | 1 | noise suppression: 0 off, 1 low (6 dB), 2 moderate (12), 3 high (18), 4 very high (21) | 2 |
//! | 2 | gain control: 0 off, 1 on | 1 |
//!
//! A parameter that changes something builds the canceller anew, which then adapts for about a second.
//! The heap is the library's: it has no other way.

#![deny(unsafe_code, reason = "the contract's exports are all of it")]

use saggar_dsp_contract::{Audio, REFUSED, Stage};
use sonora::config::{EchoCanceller, GainController2, NoiseSuppression, NoiseSuppressionLevel};
use sonora::{AudioProcessing, Config, StreamConfig};

/// Samples of a frame: 10 ms.
const FRAME: usize = 160;
const RATE_HZ: u32 = 16_000;

/// Peak of the noise that is put under both inputs: −120 dB. In digital silence the canceller's recursive filters would decay into numbers
/// so small that processors take a hundred times as long for each, and wasm cannot switch that off.
const FLOOR: f32 = 1e-6;

/// The stage.
pub struct Echo {
    /// Boxed: as nothing, it takes no room in the module's file.
    processing: Option<Box<AudioProcessing>>,
    settings: Settings,
    noise: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Settings {
    cancel: bool,
    suppress: Option<NoiseSuppressionLevel>,
    gain: bool,
}

const DEFAULTS: Settings = Settings { cancel: true, suppress: Some(NoiseSuppressionLevel::Moderate), gain: true };

impl Echo {
    fn build(settings: Settings) -> AudioProcessing {
        let config = Config {
            echo_canceller: settings.cancel.then(EchoCanceller::default),
            noise_suppression: settings.suppress.map(|level| NoiseSuppression { level, ..NoiseSuppression::default() }),
            gain_controller2: settings.gain.then(GainController2::default),
            ..Config::default()
        };
        let format = || StreamConfig::new(RATE_HZ, 1);
        AudioProcessing::builder().config(config).capture_config(format()).render_config(format()).build()
    }
}

impl Echo {
    /// Puts noise of [`FLOOR`] under a frame: a linear congruence (Numerical Recipes), of which the upper bits are used.
    fn lift(&mut self, samples: &mut [f32; FRAME]) {
        for sample in samples {
            self.noise = self.noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *sample += if self.noise >> 31 == 0 { FLOOR } else { -FLOOR };
        }
    }
}

impl Stage<1, FRAME> for Echo {
    const IDLE: Echo = Echo { processing: None, settings: DEFAULTS, noise: 1 };

    fn start(&mut self, rate_hz: u32, channels: usize, frame: usize) -> bool {
        let known = rate_hz == RATE_HZ && channels == 1 && frame == FRAME;
        (self.settings, self.noise) = (DEFAULTS, 1);
        self.processing = known.then(|| Box::new(Echo::build(DEFAULTS)));
        known
    }

    fn process(&mut self, audio: Audio<'_, 1, FRAME>) -> i32 {
        let (mut captured_in, mut rendered_in) = (audio.input[0], audio.reference[0]);
        self.lift(&mut captured_in);
        self.lift(&mut rendered_in);
        let Some(processing) = &mut self.processing else {
            return REFUSED;
        };
        // What is played is only looked at, not changed.
        let mut played = [0.0; FRAME];
        let rendered = processing.process_render_f32(&[&rendered_in], &mut [&mut played]);
        let captured = processing.process_capture_f32(&[&captured_in], &mut [&mut audio.output[0]]);
        if rendered.is_ok() && captured.is_ok() { 0 } else { REFUSED }
    }

    fn reset(&mut self) {
        if self.processing.is_some() {
            self.processing = Some(Box::new(Echo::build(self.settings)));
        }
    }

    fn set_parameter(&mut self, id: u32, value: f32) {
        let mut settings = self.settings;
        match id {
            0 => settings.cancel = value >= 0.5,
            1 => {
                settings.suppress = match value {
                    value if value < 0.5 => None,
                    value if value < 1.5 => Some(NoiseSuppressionLevel::Low),
                    value if value < 2.5 => Some(NoiseSuppressionLevel::Moderate),
                    value if value < 3.5 => Some(NoiseSuppressionLevel::High),
                    _ => Some(NoiseSuppressionLevel::VeryHigh),
                }
            }
            2 => settings.gain = value >= 0.5,
            _ => {}
        }
        if settings != self.settings {
            self.settings = settings;
            self.reset();
        }
    }
}

saggar_dsp_contract::exports!(Echo, 1, FRAME);

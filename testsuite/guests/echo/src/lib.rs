//! Echo cancellation, noise suppression and gain control: 160 samples at 16 kHz.

use saggar_guest_contract::Stage;
use sonora::config::{EchoCanceller, GainController2, NoiseSuppression};
use sonora::{AudioProcessing, Config, StreamConfig};

struct Echo(AudioProcessing);

impl Stage for Echo {
    fn new(rate_hz: u32, channels: u32, frame: u32) -> Option<Echo> {
        if rate_hz != 16_000 || channels != 1 || frame != 160 {
            return None;
        }
        let config = Config {
            echo_canceller: Some(EchoCanceller::default()),
            noise_suppression: Some(NoiseSuppression::default()),
            gain_controller2: Some(GainController2::default()),
            ..Config::default()
        };
        let format = || StreamConfig::new(rate_hz, 1);
        Some(Echo(AudioProcessing::builder().config(config).capture_config(format()).render_config(format()).build()))
    }

    /// −1 when the library refuses the frame.
    fn process(&mut self, input: &[f32], reference: &[f32], output: &mut [f32]) -> i32 {
        let mut played = vec![0.0; reference.len()];
        let rendered = self.0.process_render_f32(&[reference], &mut [&mut played]);
        let captured = self.0.process_capture_f32(&[input], &mut [output]);
        if rendered.is_ok() && captured.is_ok() { 0 } else { -1 }
    }

    fn latency_frames(&self) -> u32 {
        0
    }
}

saggar_guest_contract::exports!(Echo);

//! The recurrent network natively: noise goes, the voice stays, and the mix mixes.

use saggar_dsp_check::noise::Pink;
use saggar_dsp_check::speech::say;
use saggar_dsp_contract::{Audio, Stage};
use saggar_dsp_denoise::{Denoise, SCORE_SHIFT};

const RATE_HZ: usize = 48_000;
const FRAME: usize = 480;

/// What the network leaves, and how probably each frame is speech, 0 to 1.
fn through(noisy: &[f32], mix: f32) -> (Vec<f32>, Vec<f64>) {
    let mut denoise = Denoise::IDLE;
    assert!(denoise.start(48_000, 1, FRAME));
    denoise.set_parameter(0, mix);
    let (mut left, mut speech) = (Vec::new(), Vec::new());
    for input in noisy.as_chunks().0 {
        let mut output = [[0.0; FRAME]];
        let flags = denoise.process(Audio { input: &[*input], reference: &[[0.0; FRAME]], output: &mut output });
        assert!(flags >= 0);
        left.extend(output[0]);
        speech.push(f64::from(flags >> SCORE_SHIFT) / 32_767.0);
    }
    (left, speech)
}

/// 2 s of silence and 4 s of a voice, at 48 kHz: three times as many samples, of which the two new ones lie on a line.
fn speech() -> Vec<f32> {
    let text = "The baker opened his shop before the sun was over the roofs. He gave them rolls, warm from the oven.";
    let spoken = say("en-gb+f4", (165, 50), text).expect("espeak-ng and sox are installed");
    let mut samples = vec![0.0; 2 * RATE_HZ];
    for pair in spoken.windows(2) {
        samples.extend([0, 1, 2].map(|third| 0.5 * (pair[0] + (pair[1] - pair[0]) * third as f32 / 3.0)));
    }
    samples.truncate(6 * RATE_HZ);
    samples
}

fn decibels(of: &[f32], over: &[f32]) -> f64 {
    let power = |samples: &[f32]| samples.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / samples.len() as f64;
    10.0 * (power(of) / power(over).max(1e-12)).log10()
}

#[test]
fn noise_goes_and_the_voice_stays() {
    let mut noisy = speech();
    let end = noisy.len();
    Pink::new(9).add(&mut noisy, 2 * RATE_HZ..end, 15.0);
    let (left, speech) = through(&noisy, 1.0);
    let (pause, spoken) = (RATE_HZ..2 * RATE_HZ - FRAME, 2 * RATE_HZ + FRAME..5 * RATE_HZ);
    let lower = decibels(&noisy[pause.clone()], &left[pause.clone()]);
    assert!(lower >= 10.0, "{lower} dB");
    let kept = decibels(&left[spoken.clone()], &noisy[spoken.clone()]);
    assert!(kept > -4.0, "{kept} dB");
    let average = |range: std::ops::Range<usize>| {
        let frames = &speech[range.start / FRAME..range.end / FRAME];
        frames.iter().sum::<f64>() / frames.len() as f64
    };
    assert!(average(spoken) > average(pause) + 0.3, "{speech:?}");
}

#[test]
fn without_the_network_it_is_the_input_a_frame_later() {
    let mut noisy = speech();
    let end = noisy.len();
    Pink::new(9).add(&mut noisy, 2 * RATE_HZ..end, 15.0);
    let (left, _) = through(&noisy, 0.0);
    assert!(left[..FRAME].iter().all(|&sample| sample == 0.0));
    assert_eq!(left[FRAME..], noisy[..left.len() - FRAME]);
}

//! The echo canceller natively: echo goes, the voice stays, and noise gets less.

use saggar_dsp_check::noise::Pink;
use saggar_dsp_check::speech::{RATE_HZ, say};
use saggar_dsp_contract::{Audio, Stage};
use saggar_dsp_echo::Echo;

const FRAME: usize = 160;
/// The echo's delay: 60 ms.
const DELAY: usize = RATE_HZ * 60 / 1_000;

/// What the canceller leaves of a microphone, while something is played.
fn through(microphone: &[f32], played: &[f32], parameters: &[(u32, f32)]) -> Vec<f32> {
    let mut echo = Echo::IDLE;
    assert!(echo.start(16_000, 1, FRAME));
    for &(id, value) in parameters {
        echo.set_parameter(id, value);
    }
    let mut left = Vec::new();
    for (input, reference) in microphone.as_chunks().0.iter().zip(played.as_chunks().0) {
        let mut output = [[0.0; FRAME]];
        assert_eq!(echo.process(Audio { input: &[*input], reference: &[*reference], output: &mut output }), 0);
        left.extend(output[0]);
    }
    left
}

/// What of it comes back: half of it 60 ms later, and two reflections.
fn echo_of(played: &[f32]) -> Vec<f32> {
    let at = |index: usize, late: usize| index.checked_sub(DELAY + late).map_or(0.0, |index| played[index]);
    (0..played.len()).map(|index| 0.5 * at(index, 0) + 0.2 * at(index, 113) - 0.1 * at(index, 397)).collect()
}

/// As many seconds as wanted of a voice that reads.
fn reading(voice: &str, seconds: usize) -> Vec<f32> {
    let mut samples = say(voice, (165, 50), include_str!("../src/text-work.txt")).expect("espeak-ng and sox are installed");
    samples.truncate(seconds * RATE_HZ);
    samples.iter_mut().for_each(|sample| *sample *= 0.5);
    samples
}

fn power(samples: &[f32]) -> f64 {
    samples.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / samples.len() as f64
}

fn decibels(of: f64, over: f64) -> f64 {
    10.0 * (of / over.max(1e-12)).log10()
}

/// The canceller alone, without gain control, which would change the measure.
const CANCEL: [(u32, f32); 2] = [(1, 0.0), (2, 0.0)];

#[test]
fn echo_goes_down_by_twenty_decibels() {
    let played = reading("en-us+m3", 10);
    let heard = echo_of(&played);
    let settled = 4 * RATE_HZ..10 * RATE_HZ;
    let before = power(&heard[settled.clone()]);
    let cancelled = decibels(before, power(&through(&heard, &played, &CANCEL)[settled.clone()]));
    assert!(cancelled >= 20.0, "{cancelled} dB");
    // Nothing of that is a mere mute: with cancellation off it stays.
    let off = decibels(before, power(&through(&heard, &played, &[(0, 0.0), (1, 0.0), (2, 0.0)])[settled]));
    assert!(off.abs() < 1.0, "{off} dB");
}

#[test]
fn a_voice_over_the_echo_is_kept() {
    let played = reading("en-us+m3", 12);
    let mut voice = vec![0.0; 6 * RATE_HZ];
    voice.extend(reading("en-gb+f4", 6));
    let microphone: Vec<f32> = echo_of(&played).iter().zip(&voice).map(|(echo, voice)| echo + voice).collect();
    let left = through(&microphone, &played, &CANCEL);
    let spoken = 7 * RATE_HZ..12 * RATE_HZ;
    let kept = decibels(power(&left[spoken.clone()]), power(&voice[spoken.clone()]));
    assert!((-6.0..3.0).contains(&kept), "{kept} dB");
    // And it is the voice, loud and soft when the voice is, and not the echo. The canceller pays for echo that is gone with
    // softer syllables where both talk, so that they are not quite alike.
    let heard = loudness(&left[spoken.clone()]);
    let voice_likeness = likeness(&heard, &loudness(&voice[spoken.clone()]));
    let echo_likeness = likeness(&heard, &loudness(&echo_of(&played)[spoken]));
    assert!(voice_likeness > 0.6 && voice_likeness > echo_likeness + 0.3, "{voice_likeness}, {echo_likeness}");
}

/// Root mean squares of frames of 20 ms.
fn loudness(samples: &[f32]) -> Vec<f64> {
    samples.chunks_exact(2 * FRAME).map(|frame| power(frame).sqrt()).collect()
}

/// Correlation, −1 to 1.
fn likeness(one: &[f64], other: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (one_mean, other_mean) = (mean(one), mean(other));
    let sum = |terms: &mut dyn Iterator<Item = f64>| terms.sum::<f64>();
    let product = sum(&mut one.iter().zip(other).map(|(one, other)| (one - one_mean) * (other - other_mean)));
    let squares = |values: &[f64], mean: f64| sum(&mut values.iter().map(|value| (value - mean).powi(2)));
    product / (squares(one, one_mean) * squares(other, other_mean)).sqrt()
}

#[test]
fn stationary_noise_gets_less_and_the_voice_does_not() {
    let mut clean = vec![0.0; 4 * RATE_HZ];
    clean.extend(reading("en-gb+f4", 4));
    let mut noisy = clean.clone();
    Pink::new(5).add(&mut noisy, 4 * RATE_HZ..8 * RATE_HZ, 15.0);
    let silence = vec![0.0; noisy.len()];
    let left = through(&noisy, &silence, &[(0, 0.0), (1, 2.0), (2, 0.0)]);
    let (pause, spoken) = (2 * RATE_HZ..4 * RATE_HZ - RATE_HZ / 10, 5 * RATE_HZ..8 * RATE_HZ);
    let lower = decibels(power(&noisy[pause.clone()]), power(&left[pause]));
    assert!(lower >= 8.0, "{lower} dB");
    let kept = decibels(power(&left[spoken.clone()]), power(&noisy[spoken]));
    assert!(kept > -3.0, "{kept} dB");
}

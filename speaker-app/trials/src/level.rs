//! How loud something is.

/// Samples of a frame of 20 ms at 48 kHz.
const FRAME: usize = 960;
/// Frames so many decibels below the loudest are pauses.
const PAUSE_DB: f64 = 30.0;

/// Root mean square of samples at full scale ±1; 0 for none.
#[must_use]
pub fn rms(samples: &[f32]) -> f32 {
    narrow(power(samples).sqrt())
}

/// Root mean square of speech at 48 kHz without its pauses: over the frames of 20 ms that are less than 30 dB below the
/// loudest. 0 for silence.
#[must_use]
pub fn active_rms(speech: &[f32]) -> f32 {
    let frames: Vec<f64> = speech.chunks(FRAME).map(power).collect();
    let loudest = frames.iter().copied().fold(0.0, f64::max);
    let least = loudest * 10_f64.powf(-PAUSE_DB / 10.0);
    let (sum, count) =
        frames.iter().filter(|&&frame| frame > least).fold((0.0, 0.0), |(sum, count), frame| (sum + frame, count + 1.0));
    if count == 0.0 { 0.0 } else { narrow((sum / count).sqrt()) }
}

/// Brings samples of one level to another; silence stays silent.
pub fn scale_to(samples: &mut [f32], from_rms: f32, to_rms: f32) {
    if from_rms > 0.0 {
        let gain = to_rms / from_rms;
        samples.iter_mut().for_each(|sample| *sample *= gain);
    }
}

/// A level so many decibels below another.
pub(crate) fn below(rms: f32, decibels: f32) -> f32 {
    rms * 10_f32.powf(-decibels / 20.0)
}

fn power(samples: &[f32]) -> f64 {
    let sum: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    sum / count(samples.len().max(1))
}

/// A count as a float: exact below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts of samples are below 2⁵³")]
pub(crate) fn count(value: usize) -> f64 {
    value as f64
}

/// The nearest f32.
#[expect(clippy::cast_possible_truncation, reason = "precision is given up on purpose; the range is that of audio")]
pub(crate) fn narrow(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::{active_rms, rms, scale_to};

    #[test]
    fn pauses_do_not_count() {
        let mut speech = vec![0.5; 9_600];
        speech.resize(96_000, 0.0);
        assert!((active_rms(&speech) - 0.5).abs() < 1e-6);
        assert!((rms(&speech) - 0.5 * 0.1_f32.sqrt()).abs() < 1e-6);
        scale_to(&mut speech, 0.5, 0.05);
        assert!((active_rms(&speech) - 0.05).abs() < 1e-6);
        assert_eq!(active_rms(&[]), 0.0);
        assert_eq!(active_rms(&[0.0; 2_000]), 0.0);
    }
}

//! Resampling and WAV files.

use saggar_speech::{Audio, Resampler, SpeechError, resample, resample::rms};
use std::f64::consts::TAU;

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "samples of a test tone")]
fn tone_from(periods: f64, hz: f64, rate_hz: u32, count: usize) -> Vec<f32> {
    (0..count).map(|at| (0.5 * (TAU * (periods + hz * at as f64 / f64::from(rate_hz))).sin()) as f32).collect()
}

fn tone(hz: f64, rate_hz: u32, count: usize) -> Vec<f32> {
    tone_from(0.0, hz, rate_hz, count)
}

#[test]
fn a_tone_stays_the_same_tone() {
    for (from, to) in [(22_050, 16_000), (48_000, 16_000), (44_100, 16_000), (16_000, 48_000), (16_000, 22_050), (8_000, 16_000)]
    {
        let seconds = 1;
        let count = |rate: u32| usize::try_from(rate).expect("small") * seconds;
        let made = resample(&tone(1_000.0, from, count(from)), from, to).expect("usual rates");
        let wanted = tone(1_000.0, to, count(to));
        assert_eq!(made.len(), wanted.len(), "{from} to {to}");
        // The ends see the silence outside the recording.
        let (edge, end) = (count(to) / 20, count(to) - count(to) / 20);
        let (made, sine) = (&made[edge..end], &wanted[edge..end]);
        // A quarter of a period later: with the sine it spans every phase, and the phase may be off by half a sample.
        let cosine = &tone_from(0.25, 1_000.0, to, count(to))[edge..end];
        let (along, across) = (share(made, sine), share(made, cosine));
        let rest: Vec<f32> = made.iter().zip(sine.iter().zip(cosine)).map(|(m, (s, c))| m - along * s - across * c).collect();
        assert!((along.hypot(across) - 1.0).abs() < 1e-3, "{from} to {to}: {along} {across}");
        assert!(across.abs() < 0.2, "{from} to {to}: late by more than half a sample, {across}");
        let ratio = rms(&rest) / rms(sine);
        assert!(ratio < 1e-3, "{from} to {to}: error {ratio}");
    }
}

/// How much of `part` is in `whole`, 1 being all of it.
fn share(whole: &[f32], part: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(whole, part) / dot(part, part)
}

#[test]
fn what_does_not_fit_is_gone() {
    // 10 kHz would come back as 6 kHz.
    let made = resample(&tone(10_000.0, 48_000, 48_000), 48_000, 16_000).expect("usual rates");
    assert!(rms(&made[800..15_200]) < 1e-4, "{}", rms(&made[800..15_200]));
}

#[test]
fn a_stream_equals_the_whole() {
    for (from, to) in [(22_050, 16_000), (48_000, 16_000), (16_000, 16_000), (11_025, 16_000)] {
        let input = tone(700.0, from, 10_007);
        let whole = resample(&input, from, to).expect("usual rates");
        let mut stream = Resampler::new(from, to).expect("usual rates");
        for length in [1, 13, 480, 20_000] {
            let mut made = Vec::new();
            input.chunks(length).for_each(|chunk| stream.push(chunk, &mut made));
            stream.finish(&mut made);
            assert_eq!(made, whole, "{from} to {to} by {length}");
        }
    }
}

#[test]
fn nothing_stays_nothing_and_odd_rates_are_refused() {
    assert_eq!(resample(&[], 48_000, 16_000).expect("usual rates"), Vec::<f32>::new());
    for (from, to) in [(0, 16_000), (16_000, 0), (16_000, u32::MAX), (3_999, 16_000)] {
        assert!(matches!(resample(&[0.0], from, to), Err(SpeechError::Setting { .. })), "{from} to {to}");
    }
}

#[test]
fn wav_files_come_back() {
    let path = std::env::temp_dir().join(format!("saggar-speech-{}.wav", std::process::id()));
    let audio = Audio { rate_hz: 22_050, samples: vec![0, 1, -1, 12_345, i16::MAX, i16::MIN] };
    audio.write_wav(&path).expect("a temporary file");
    let read = Audio::read_wav(&path).expect("just written");
    assert_eq!(read, audio);
    std::fs::write(&path, "not a WAV file").expect("our own file");
    assert!(matches!(Audio::read_wav(&path), Err(SpeechError::Wav { .. })));
    std::fs::remove_file(&path).expect("our own file");
    let missing = Audio::read_wav(&path).expect_err("removed");
    assert!(missing.to_string().contains("saggar-speech"), "{missing}");
}

#[test]
fn stereo_becomes_mono() {
    let path = std::env::temp_dir().join(format!("saggar-speech-stereo-{}.wav", std::process::id()));
    let spec = hound::WavSpec { channels: 2, sample_rate: 8_000, bits_per_sample: 32, sample_format: hound::SampleFormat::Float };
    let mut writer = hound::WavWriter::create(&path, spec).expect("a temporary file");
    for sample in [0.5_f32, 0.0, -0.5, -0.5] {
        writer.write_sample(sample).expect("room on the disk");
    }
    writer.finalize().expect("room on the disk");
    let audio = Audio::read_wav(&path).expect("just written");
    std::fs::remove_file(&path).expect("our own file");
    assert_eq!((audio.rate_hz, audio.samples), (8_000, vec![8_192, -16_384]));
}

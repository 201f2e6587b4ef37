//! Sound of every format and rate, of broken files, and in pieces of any size.

mod made;

use made::{level, rms, sine};
use saggar_media::{MediaError, Stream};
use std::fs;
use std::path::Path;

type Result = std::result::Result<(), Box<dyn std::error::Error>>;

/// All of a file, in pieces of `piece` samples.
fn all(path: &Path, piece: usize) -> std::result::Result<(Vec<f32>, u64), MediaError> {
    let mut stream = Stream::open(path)?;
    let (mut sound, mut buffer) = (Vec::new(), vec![0.0; piece]);
    loop {
        let len = stream.read(&mut buffer)?;
        sound.extend_from_slice(&buffer[..len]);
        assert!(sound.len() < 48_000 * 60, "no file of these tests is so long");
        if len < piece {
            assert_eq!(stream.read(&mut buffer)?, 0, "the end stays the end");
            assert!(sound.iter().all(|sample| sample.abs() <= 1.0));
            return Ok((sound, stream.skipped()));
        }
    }
}

#[test]
fn a_tone_stays_the_tone() -> Result {
    let folder = tempfile::tempdir()?;
    // What is not the tone: rounding, images of the resampler, and the coder's noise, most of all Vorbis's at 16 kHz, of which
    // sox decodes as much.
    for (extension, most) in [("wav", 0.001), ("flac", 0.001), ("ogg", 0.025), ("mp3", 0.005)] {
        for rate_hz in [16_000, 22_050, 44_100, 48_000] {
            let path = sine(&folder.path().join(format!("{rate_hz}.{extension}")), rate_hz, 2.0, &[1000, 1000], &[]);
            let (sound, skipped) = all(&path, 480)?;
            assert_eq!(skipped, 0, "{}", path.display());
            assert_eq!(sound.len(), 96_000, "{}", path.display());
            let middle = &sound[24_000..72_000];
            let (tone, whole) = (level(middle, 1000.0), rms(middle));
            assert!((tone - 0.5).abs() < if most > 0.001 { 0.03 } else { 0.005 }, "{}: {tone}", path.display());
            let rest = (whole.powi(2) - tone.powi(2) / 2.0).max(0.0).sqrt();
            assert!(rest < most, "{}: {rest}", path.display());
        }
    }
    Ok(())
}

#[test]
fn channels_are_mixed() -> Result {
    let folder = tempfile::tempdir()?;
    let one = sine(&folder.path().join("one.wav"), 48_000, 1.0, &[1000, 0], &[]);
    let two = sine(&folder.path().join("two.flac"), 44_100, 1.0, &[1000, 400], &[]);
    let mono = sine(&folder.path().join("mono.mp3"), 44_100, 1.0, &[1000], &[]);
    let six = sine(&folder.path().join("six.wav"), 48_000, 1.0, &[0, 0, 1000, 0, 0, 0], &[]);
    for (path, tone, other) in [(one, 0.25, 0.0), (two, 0.25, 0.25), (mono, 0.5, 0.0), (six, 0.5 / 6.0, 0.0)] {
        let (sound, _) = all(&path, 480)?;
        let middle = &sound[12_000..36_000];
        assert!((level(middle, 1000.0) - tone).abs() < 0.03, "{}", path.display());
        assert!((level(middle, 400.0) - other).abs() < 0.01, "{}", path.display());
    }
    Ok(())
}

#[test]
fn pieces_of_any_size_are_the_same_sound() -> Result {
    let folder = tempfile::tempdir()?;
    let path = sine(&folder.path().join("tone.ogg"), 44_100, 1.0, &[700, 900], &[]);
    let (whole, _) = all(&path, 1 << 20)?;
    for piece in [1, 7, 480, 48_000, 48_001] {
        assert_eq!(all(&path, piece)?.0, whole, "{piece}");
    }
    assert_eq!(Stream::open(&path)?.read(&mut [])?, 0);
    Ok(())
}

#[test]
fn a_file_that_was_cut_off_plays_to_the_cut() -> Result {
    let folder = tempfile::tempdir()?;
    for extension in ["wav", "flac", "ogg", "mp3"] {
        let path = sine(&folder.path().join(format!("whole.{extension}")), 44_100, 20.0, &[1000], &[]);
        let bytes = fs::read(&path)?;
        let cut = folder.path().join(format!("cut.{extension}"));
        fs::write(&cut, &bytes[..bytes.len() / 2])?;
        let (sound, skipped) = all(&cut, 480)?;
        assert!((300_000..490_000).contains(&sound.len()), "{extension}: {}", sound.len());
        assert!((level(&sound[12_000..36_000], 1000.0) - 0.5).abs() < 0.03, "{extension}");
        // An Ogg file does not say how long it should be.
        assert!(skipped > 0 || extension == "ogg", "{extension}: it is told that something is missing");
        for len in (0..200).chain([bytes.len() - 1]) {
            fs::write(&cut, &bytes[..len])?;
            let _ = all(&cut, 480);
        }
    }
    Ok(())
}

#[test]
fn broken_frames_are_skipped_and_counted() -> Result {
    let folder = tempfile::tempdir()?;
    for extension in ["flac", "ogg", "mp3"] {
        let path = sine(&folder.path().join(format!("broken.{extension}")), 44_100, 20.0, &[1000, 1100], &[]);
        let mut bytes = fs::read(&path)?;
        let (from, to) = (bytes.len() / 2, bytes.len() / 2 + bytes.len() / 16);
        // Not zeros: those are padding to some.
        bytes[from..to].iter_mut().zip(0_u32..).for_each(|(byte, at)| *byte = at.wrapping_mul(0x9e37_79b1).to_be_bytes()[0]);
        fs::write(&path, bytes)?;
        let (sound, skipped) = all(&path, 480)?;
        println!("{extension}: {skipped} skipped, {} of 960000 samples", sound.len());
        assert!(sound.len() > 48_000 * 17, "{extension}: {}", sound.len());
        let end = &sound[sound.len() - 24_000..sound.len() - 4_800];
        assert!((level(end, 1000.0) - 0.25).abs() < 0.02, "{extension}: it plays on after the break");
        assert!(skipped > 0, "{extension}");
    }
    Ok(())
}

#[test]
fn garbage_never_panics() -> Result {
    let folder = tempfile::tempdir()?;
    let mut dice = 5_u64;
    let mut roll = move |bound: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).expect("31 bits") % bound
    };
    for extension in ["wav", "flac", "ogg", "mp3"] {
        let path = sine(&folder.path().join(format!("sound.{extension}")), 44_100, 0.3, &[1000], &[]);
        let bytes = fs::read(&path)?;
        for round in 0..150 {
            let mut broken = bytes.clone();
            let head = if round % 2 == 0 { broken.len() } else { 200 };
            for _ in 0..=roll(12) {
                broken[roll(head)] = u8::try_from(roll(256))?;
            }
            fs::write(&path, &broken)?;
            let _ = all(&path, 1000);
        }
        fs::write(&path, (0..20_000).map(|_| u8::try_from(roll(256))).collect::<std::result::Result<Vec<_>, _>>()?)?;
        let _ = all(&path, 1000);
        fs::write(&path, "This is a text, and no sound at all. ".repeat(50))?;
        let error = Stream::open(&path).expect_err("a text");
        assert!(error.to_string().contains("must be MP3"), "{error}");
    }
    Ok(())
}

#[test]
fn what_is_no_file_says_so() -> Result {
    let folder = tempfile::tempdir()?;
    assert!(matches!(Stream::open(&folder.path().join("none.mp3")), Err(MediaError::File { .. })));
    let error = Stream::open(folder.path()).expect_err("a folder");
    assert!(error.to_string().contains("not a regular file"), "{error}");
    Ok(())
}

/// A WAV file of floats, by hand: rates that nobody has, and samples that are no numbers.
fn wav(rate_hz: u32, samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let len = u32::try_from(data.len()).expect("short");
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + len).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x03\0\x01\0");
    wav.extend(rate_hz.to_le_bytes());
    wav.extend(rate_hz.wrapping_mul(4).to_le_bytes());
    wav.extend(b"\x04\0\x20\0data");
    wav.extend(len.to_le_bytes());
    wav.extend(data);
    wav
}

#[test]
fn rates_and_samples_beyond_reason() -> Result {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("odd.wav");
    for (rate_hz, wanted) in [(4_000, 12_000), (44_101, 1_089), (383_999, 126), (192_000, 250)] {
        fs::write(&path, wav(rate_hz, &[0.25; 1000]))?;
        assert_eq!(all(&path, 480)?.0.len(), wanted, "{rate_hz}");
    }
    for rate_hz in [1, 3_999, 384_001, u32::MAX] {
        fs::write(&path, wav(rate_hz, &[0.25; 1000]))?;
        assert!(matches!(all(&path, 480), Err(MediaError::Format { .. })), "{rate_hz}");
    }
    for rate_hz in [44_100, 48_000] {
        fs::write(&path, wav(rate_hz, &[f32::NAN, f32::INFINITY, 1e30, -7.0, 0.5].repeat(100)))?;
        assert!(all(&path, 480)?.0.iter().all(|sample| sample.is_finite() && sample.abs() <= 1.0));
    }
    Ok(())
}

#[test]
fn streams_move_to_their_thread() {
    fn may<T: Send>() {}
    may::<Stream>();
}

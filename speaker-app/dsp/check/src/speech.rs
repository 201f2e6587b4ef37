//! The tests' speech: espeak-ng says it, sox brings it to 16 kHz. Both are found on the path.

use std::io;
use std::process::{Command, Stdio};

/// Samples a second of everything here.
pub const RATE_HZ: usize = 16_000;

/// What a voice says, at so many words a minute and with a pitch of 0–99; in −1..1.
///
/// # Errors
/// When one of the programs is missing or fails.
pub fn say(voice: &str, (speed, pitch): (u16, u16), text: &str) -> io::Result<Vec<f32>> {
    let mut speaker = Command::new("espeak-ng")
        .args(["-v", voice, "-s", &speed.to_string(), "-p", &pitch.to_string(), "--stdout", text])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let Some(wave) = speaker.stdout.take() else {
        return Err(io::Error::other("espeak-ng has no output"));
    };
    // -D: no dither, which would be different every time.
    let raw = Command::new("sox")
        .args(["-D", "-V1", "-t", "wav", "-", "-r", "16000", "-c", "1", "-t", "f32", "-"])
        .stdin(wave)
        .output()?;
    if !speaker.wait()?.success() || raw.stdout.is_empty() {
        return Err(io::Error::other(format!("{voice} says nothing")));
    }
    let samples = raw.stdout.as_chunks::<4>().0;
    Ok(samples.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

/// Puts silence around speech.
pub fn padded(before: usize, speech: &[f32], after: usize) -> Vec<f32> {
    let mut samples = vec![0.0; before];
    samples.extend_from_slice(speech);
    samples.resize(samples.len() + after, 0.0);
    samples
}

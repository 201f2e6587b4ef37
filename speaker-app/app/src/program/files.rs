//! `--wav in --out out`: a recording in place of microphone and loudspeaker.

use super::{Failure, doing, state_folder};
use crate::config::Config;
use crate::dsp::chain::{FRAME, RATE_HZ};
use crate::event::Event;
use crate::speaker::Speaker;
use crate::view;
use saggar_speech::Audio;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Frames after the recording in which it may still speak or ring: two minutes.
const LONGEST_REST: usize = 12_000;

pub(super) fn run(config: &Config, wav: &Path, out: &Path, at: i64, json: bool) -> Result<(), Failure> {
    let audio = Audio::read_wav(wav)?.at_rate(RATE_HZ)?;
    // What the speaker has learnt is its own; what it stores meanwhile must not be, or a second run would not be the same.
    let state = Scratch::with_wake_words(&state_folder(config)?)?;
    let mut speaker = Speaker::new(config, &state.0, at)?;
    let mut played = Vec::with_capacity(audio.samples.len());
    let begin = Instant::now();
    let tell = |events: Vec<Event>| {
        for event in events {
            if json {
                println!("{}", serde_json::to_string(&event).unwrap_or_default());
            } else if let Some(line) = view::line(&event) {
                println!("{line}");
            }
        }
    };
    tell(speaker.take_events());
    for frame in frames(&audio.to_f32()) {
        played.extend(speaker.frame(&frame));
        tell(speaker.take_events());
    }
    for _ in 0..LONGEST_REST {
        if speaker.parts.dialog.is_at_rest() && !speaker.parts.dialog.world.music.is_playing() {
            break;
        }
        played.extend(speaker.frame(&[0.0; FRAME]));
        tell(speaker.take_events());
    }
    speaker.parts.dialog.close();
    tell(speaker.take_events());
    if !json {
        // Not with the rest of it, which is the same every time.
        eprintln!("{}", speed(played.len(), begin.elapsed().as_secs_f64()));
    }
    Audio { rate_hz: RATE_HZ, samples: saggar_speech::to_i16(&played) }.write_wav(out)?;
    Ok(())
}

/// How fast it was, in words.
#[expect(clippy::cast_precision_loss, reason = "for people")]
fn speed(samples: usize, took: f64) -> String {
    let sound = samples as f64 / f64::from(RATE_HZ);
    format!("{sound:.1} s of sound in {took:.1} s: {:.1} times as fast as real time", sound / took.max(1e-9))
}

/// Frames of samples, the last filled with silence.
pub(crate) fn frames(samples: &[f32]) -> impl Iterator<Item = [f32; FRAME]> {
    samples.chunks(FRAME).map(|chunk| {
        let mut frame = [0.0; FRAME];
        frame[..chunk.len()].copy_from_slice(chunk);
        frame
    })
}

/// A folder for the state of one run, removed at its end.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    /// An empty one.
    pub(crate) fn new() -> Result<Scratch, Failure> {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        loop {
            let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let folder = std::env::temp_dir().join(format!("saggar-speaker-{}-{number}", std::process::id()));
            match std::fs::create_dir(&folder) {
                // A process of the same number, which was killed, has left it behind.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                made => return doing(format!("making {}", folder.display()), made).map(|()| Scratch(folder)),
            }
        }
    }

    /// One with the wake words of another state.
    pub(crate) fn with_wake_words(state: &Path) -> Result<Scratch, Failure> {
        let scratch = Scratch::new()?;
        let to = scratch.0.join("wake");
        doing(format!("making {}", to.display()), std::fs::create_dir_all(&to))?;
        for entry in std::fs::read_dir(state.join("wake")).into_iter().flatten().flatten() {
            let copied = std::fs::copy(entry.path(), to.join(entry.file_name()));
            doing(format!("copying {}", entry.path().display()), copied)?;
        }
        Ok(scratch)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

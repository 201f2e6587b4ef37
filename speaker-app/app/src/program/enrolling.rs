//! `--enrol`: learns the wake word.

use super::files::frames;
use super::{Failure, state_folder};
use crate::config::Config;
use crate::devices::Devices;
use crate::dsp::chain::{Chain, FRAME, RATE_HZ};
use crate::enrol::{self, RECORDINGS};
use crate::speaker::{SpeakerError, wake_file};
use saggar_speech::{Audio, Resampler};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

pub(super) fn run(config: &Config, recordings: &[PathBuf]) -> Result<(), Failure> {
    let mut chain = Chain::take(&config.capture, &[], None).map_err(SpeakerError::from)?;
    let count = if recordings.is_empty() { from_microphone(config, &mut chain)? } else { from_files(recordings, &mut chain)? };
    let path = wake_file(&state_folder(config)?, &config.wake.phrase);
    let bytes = enrol::keep(&mut chain, &path)?;
    println!("learnt `{}` from {count} recordings: {} ({bytes} bytes)", config.wake.phrase, path.display());
    Ok(())
}

fn from_files(recordings: &[PathBuf], chain: &mut Chain) -> Result<usize, Failure> {
    for path in recordings {
        let audio = Audio::read_wav(path)?.at_rate(RATE_HZ)?;
        learn(chain, &audio.to_f32()).map_err(|error| Failure::Other(format!("{}: {error}", path.display())))?;
    }
    Ok(recordings.len())
}

/// Learns from one recording, with silence around it.
pub(crate) fn learn(chain: &mut Chain, samples: &[f32]) -> Result<i32, enrol::EnrolError> {
    let silence = [[0.0; FRAME]; 60];
    // So that the canceller and the voice activity have settled before the recording begins.
    silence.iter().for_each(|frame| _ = chain.process(frame, &[0.0; FRAME]));
    let all: Vec<[f32; FRAME]> = frames(samples).chain(silence).collect();
    let mut all = all.into_iter();
    enrol::record(chain, || all.next())
}

fn from_microphone(config: &Config, chain: &mut Chain) -> Result<usize, Failure> {
    let mut microphone = Devices::new(&config.audio).microphone(Arc::default())?;
    let Some(mut ring) = microphone.samples.take() else { return Ok(0) };
    println!("Listening by `{}`.", microphone.name);
    let mut resampler = match microphone.rate_hz {
        RATE_HZ => None,
        rate_hz => Some(Resampler::new(rate_hz, RATE_HZ)?),
    };
    let mut ready: Vec<f32> = Vec::new();
    let mut next = || {
        let since = Instant::now();
        while ready.len() < FRAME {
            if microphone.health.is_gone() || since.elapsed() > Duration::from_secs(5) {
                return None;
            }
            let Ok(chunk) = ring.read_chunk(ring.slots()) else { return None };
            let samples: Vec<f32> = chunk.into_iter().collect();
            match &mut resampler {
                Some(resampler) => resampler.push(&samples, &mut ready),
                None => ready.extend(samples),
            }
            thread::sleep(Duration::from_millis(5));
        }
        let frame = std::array::from_fn(|n| ready[n]);
        ready.drain(..FRAME);
        Some(frame)
    };
    // The first seconds settle gain and noise.
    for _ in 0..150 {
        if let Some(frame) = next() {
            chain.process(&frame, &[0.0; FRAME]);
        }
    }
    let mut taken = 0;
    let mut failed = 0;
    while taken < RECORDINGS {
        println!("{} of {RECORDINGS}: say `{}`", taken + 1, config.wake.phrase);
        match enrol::record(chain, &mut next) {
            Ok(_) => taken += 1,
            Err(error) => {
                println!("  {error}");
                failed += 1;
                if failed == 10 {
                    return Err(error.into());
                }
            }
        }
    }
    Ok(taken)
}

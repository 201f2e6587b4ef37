//! A file's sound, piece by piece.

use crate::error::MediaError;
use crate::resample::Resampler;
use crate::source::{self, guarded, panicked};
use std::path::{Path, PathBuf};
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::Error;
use symphonia::core::formats::FormatReader;

/// After so many broken frames in a row nothing more is expected of a file.
const MOST_BROKEN_IN_A_ROW: u32 = 500;

/// A hole between two packets, in frames, that is longer than what containers get wrong.
const HOLE_FRAMES: u64 = 1000;

/// Sound of a file: mono, at [`RATE_HZ`](crate::RATE_HZ), within ±1.
pub struct Stream {
    path: PathBuf,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// None before the first frame.
    resampler: Option<Resampler>,
    interleaved: Vec<f32>,
    mono: Vec<f32>,
    /// Converted samples; those before `at` were read.
    ready: Vec<f32>,
    at: usize,
    ended: bool,
    skipped: u64,
    broken_in_a_row: u32,
    /// Frames decoded, of those that the file announces.
    decoded: u64,
    announced: Option<u64>,
    /// Where the next packet should begin, in the file's ticks, which are frames in all these formats.
    next: Option<i64>,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, ended, skipped, .. } = self;
        f.debug_struct("Stream").field("path", path).field("ended", ended).field("skipped", skipped).finish_non_exhaustive()
    }
}

impl Stream {
    /// Opens a file.
    ///
    /// # Errors
    /// [`MediaError::File`] where it cannot be read, [`MediaError::Format`] where it has no sound that can be decoded.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        let format = source::open(path)?;
        let (track, decoder) = source::decoder(path, &*format)?;
        let announced = source::announced(&*format, track);
        Ok(Self {
            path: path.to_owned(),
            format,
            decoder,
            track,
            resampler: None,
            interleaved: Vec::new(),
            mono: Vec::new(),
            ready: Vec::new(),
            at: 0,
            ended: false,
            skipped: 0,
            broken_in_a_row: 0,
            decoded: 0,
            announced,
            next: None,
        })
    }

    /// Fills `out`, and gives how many samples that were: fewer than its length at the end only, 0 after it.
    ///
    /// # Errors
    /// [`MediaError::File`] where the system fails to read, [`MediaError::Format`] where the sound turns into something that
    /// cannot be converted. The stream has ended then. Broken frames are no error: see [`skipped`](Self::skipped).
    pub fn read(&mut self, out: &mut [f32]) -> Result<usize, MediaError> {
        let mut filled = 0;
        while filled < out.len() {
            if self.at < self.ready.len() {
                let len = (self.ready.len() - self.at).min(out.len() - filled);
                let samples = &self.ready[self.at..self.at + len];
                // A filter overshoots, and a file of floats may hold anything.
                let tame = |sample: f32| if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 };
                out[filled..filled + len].iter_mut().zip(samples).for_each(|(to, from)| *to = tame(*from));
                self.at += len;
                filled += len;
            } else if self.ended {
                break;
            } else {
                self.ready.clear();
                self.at = 0;
                self.more().inspect_err(|_| self.ended = true)?;
            }
        }
        Ok(filled)
    }

    /// How often something broken was skipped so far.
    ///
    /// A container's reader may look for the next whole frame by itself: a hole between two packets counts too. Where
    /// nothing was counted in the end, and yet there was less than the file announced, by more than a hundredth, that is one.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Decodes one packet into `ready`.
    fn more(&mut self) -> Result<(), MediaError> {
        let packet = match guarded(|| self.format.next_packet()) {
            Ok(Some(packet)) if packet.track_id == self.track => packet,
            Ok(Some(_)) => return Ok(()),
            Ok(None) => return self.end(),
            // A file that was cut off ends where it was cut off.
            Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => return self.end(),
            Err(Error::IoError(source)) => return Err(MediaError::File { path: self.path.clone(), source }),
            // Another piece follows in the same file, as Ogg allows.
            Err(Error::ResetRequired) => {
                (self.track, self.decoder) = source::decoder(&self.path, &*self.format)?;
                self.broken_in_a_row += 1;
                (self.announced, self.next) = (None, None);
                return if self.broken_in_a_row > MOST_BROKEN_IN_A_ROW { self.end() } else { Ok(()) };
            }
            Err(error) => return self.broken(&error),
        };
        let begins = packet.pts.get();
        if self.next.is_some_and(|next| begins > next && begins.abs_diff(next) > HOLE_FRAMES) {
            self.skipped += 1;
        }
        self.next = Some(begins.saturating_add_unsigned(packet.dur.get()));
        let decoded = guarded(|| {
            let sound = self.decoder.decode(&packet)?;
            sound.copy_to_vec_interleaved(&mut self.interleaved);
            Ok((sound.spec().rate(), sound.spec().channels().count()))
        });
        match decoded {
            Ok((rate_hz, channels)) => {
                self.broken_in_a_row = 0;
                self.convert(rate_hz, channels)
            }
            Err(error) => self.broken(&error),
        }
    }

    /// Skips a broken frame, unless there is no use in going on.
    fn broken(&mut self, error: &Error) -> Result<(), MediaError> {
        self.skipped += 1;
        self.broken_in_a_row += 1;
        if panicked(error) || self.broken_in_a_row > MOST_BROKEN_IN_A_ROW {
            return self.end();
        }
        Ok(())
    }

    fn convert(&mut self, rate_hz: u32, channels: usize) -> Result<(), MediaError> {
        if channels == 0 || self.interleaved.is_empty() {
            return Ok(());
        }
        let resampler = match &mut self.resampler {
            Some(resampler) if resampler.input_hz() == rate_hz => resampler,
            other => {
                if let Some(before) = other {
                    before.finish(&mut self.ready);
                }
                let new = Resampler::new(rate_hz).ok_or_else(|| MediaError::Format {
                    path: self.path.clone(),
                    reason: format!("its sound has {rate_hz} Hz"),
                })?;
                other.insert(new)
            }
        };
        self.decoded += u64::try_from(self.interleaved.len() / channels).unwrap_or(0);
        // The mean cannot be louder than full scale, whatever the channels hold.
        let share = 1.0 / f32::from(u16::try_from(channels).unwrap_or(u16::MAX));
        self.mono.clear();
        self.mono.extend(self.interleaved.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() * share));
        // One sample that is no number would spread over a whole block.
        self.mono.iter_mut().filter(|sample| !sample.is_finite()).for_each(|sample| *sample = 0.0);
        resampler.push(&self.mono, &mut self.ready);
        Ok(())
    }

    /// Ends the stream, which is no error: the result is `more`'s.
    fn end(&mut self) -> Result<(), MediaError> {
        self.ended = true;
        if self.skipped == 0 && self.announced.is_some_and(|announced| self.decoded < announced - announced / 100) {
            self.skipped = 1;
        }
        if let Some(resampler) = &mut self.resampler {
            resampler.finish(&mut self.ready);
        }
        Ok(())
    }
}

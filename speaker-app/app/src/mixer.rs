//! What is heard: speech, tones and music, mixed by frames of 10 ms.
//!
//! The sources come through rings of mono samples at 48 kHz; whoever fills them may be late, and then there is silence. Everything
//! that stops or changes its loudness does so within one frame, by a ramp, so that nothing clicks. Nothing here allocates or waits.

use crate::dsp::chain::FRAME;
use rtrb::{Consumer, Producer, RingBuffer};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// Samples of speech that may wait: ten seconds.
const SPEECH_SAMPLES: usize = 480_000;
/// Samples of tones that may wait: ten seconds.
const TONE_SAMPLES: usize = 480_000;
/// Samples of music that may wait: a second.
pub const MUSIC_SAMPLES: usize = 48_000;

/// A source, as its player sees it.
pub struct Source {
    ring: Producer<f32>,
    capacity: usize,
    state: Arc<Flow>,
    written: u64,
}

/// What both ends of a source know.
#[derive(Default)]
struct Flow {
    /// Samples that were mixed or thrown away.
    read: AtomicU64,
    /// What was written up to here is thrown away.
    flush: AtomicU64,
}

impl Source {
    /// Writes as many samples as there is room for; how many that were.
    pub fn push(&mut self, samples: &[f32]) -> usize {
        let count = samples.len().min(self.ring.slots());
        if let Ok(chunk) = self.ring.write_chunk_uninit(count) {
            self.written += chunk.fill_from_iter(samples.iter().copied()) as u64;
        }
        count
    }

    /// Room for so many samples.
    #[must_use]
    pub fn room(&self) -> usize {
        self.ring.slots()
    }

    /// How many samples wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.capacity - self.ring.slots()
    }

    /// How many samples were ever written.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// How many samples were ever mixed or thrown away.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.state.read.load(Ordering::Acquire)
    }

    /// Throws away what waits; what is being heard fades out.
    pub fn flush(&mut self) {
        self.state.flush.store(self.written, Ordering::Release);
    }
}

/// What the mixer is told.
#[derive(Debug)]
pub struct Controls {
    /// Music's factor, as the bits of a float.
    music: AtomicU32,
    /// Music waits.
    hold: AtomicBool,
    /// The volume in dB, as the bits of a float.
    volume_db: AtomicU32,
}

impl Controls {
    /// Sets how loud music is beside the rest, as a factor.
    pub fn set_music(&self, factor: f32) {
        self.music.store(factor.to_bits(), Ordering::Relaxed);
    }

    /// Lets music wait, or go on.
    pub fn hold_music(&self, hold: bool) {
        self.hold.store(hold, Ordering::Relaxed);
    }

    /// Sets the volume in dB.
    pub fn set_volume_db(&self, volume_db: f32) {
        self.volume_db.store(volume_db.to_bits(), Ordering::Relaxed);
    }

    /// The volume in dB.
    #[must_use]
    pub fn volume_db(&self) -> f32 {
        f32::from_bits(self.volume_db.load(Ordering::Relaxed))
    }
}

/// The players' ends.
pub struct Sources {
    /// Speech.
    pub speech: Source,
    /// Chimes and alarms.
    pub tones: Source,
    /// Music.
    pub music: Source,
    /// How loud.
    pub controls: Arc<Controls>,
}

/// The mixer.
pub struct Mixer {
    speech: Inlet,
    tones: Inlet,
    music: Inlet,
    controls: Arc<Controls>,
    /// Music's factor at the end of the last frame.
    factor: f32,
    /// Frames in which music was played but not all of it was there.
    pub starved: u64,
    last_starved: bool,
}

struct Inlet {
    ring: Consumer<f32>,
    state: Arc<Flow>,
    read: u64,
}

fn source(capacity: usize) -> (Source, Inlet) {
    let (producer, consumer) = RingBuffer::new(capacity);
    let state = Arc::<Flow>::default();
    (Source { ring: producer, capacity, state: Arc::clone(&state), written: 0 }, Inlet { ring: consumer, state, read: 0 })
}

/// A mixer and its sources.
#[must_use]
pub fn mixer(volume_db: f32) -> (Mixer, Sources) {
    let controls = Arc::new(Controls {
        music: AtomicU32::new(1f32.to_bits()),
        hold: AtomicBool::new(false),
        volume_db: AtomicU32::new(volume_db.to_bits()),
    });
    let (speech, speech_in) = source(SPEECH_SAMPLES);
    let (tones, tones_in) = source(TONE_SAMPLES);
    let (music, music_in) = source(MUSIC_SAMPLES);
    let mixer = Mixer {
        speech: speech_in,
        tones: tones_in,
        music: music_in,
        controls: Arc::clone(&controls),
        factor: 0.0,
        starved: 0,
        last_starved: true,
    };
    (mixer, Sources { speech, tones, music, controls })
}

impl Inlet {
    /// Adds a frame, with a factor that goes from `from` to `to`; how many samples there were.
    fn mix(&mut self, output: &mut [f32; FRAME], from: f32, to: f32) -> usize {
        let flush = self.state.flush.load(Ordering::Acquire);
        let flushed = usize::try_from(flush.saturating_sub(self.read)).unwrap_or(usize::MAX);
        let to = if flushed > 0 { 0.0 } else { to };
        let mut count = 0;
        if let Ok(chunk) = self.ring.read_chunk(self.ring.slots().min(FRAME)) {
            count = chunk.len();
            let (first, second) = chunk.as_slices();
            for (n, (sample, source)) in output.iter_mut().zip(first.iter().chain(second)).enumerate() {
                let factor = if from == to { to } else { from + (to - from) * ramp(n) };
                *sample += source * factor;
            }
            chunk.commit_all();
        }
        let rest = flushed.saturating_sub(count).min(self.ring.slots());
        if let Ok(chunk) = self.ring.read_chunk(rest) {
            chunk.commit_all();
            count += rest;
        }
        self.read += count as u64;
        self.state.read.store(self.read, Ordering::Release);
        count
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn ramp(n: usize) -> f32 {
    (n + 1) as f32 / FRAME as f32
}

impl Mixer {
    /// Mixes a frame into `output`, before the equaliser; gives the volume in dB that it shall have.
    pub fn frame(&mut self, output: &mut [f32; FRAME]) -> f32 {
        output.fill(0.0);
        self.speech.mix(output, 1.0, 1.0);
        self.tones.mix(output, 1.0, 1.0);
        let hold = self.controls.hold.load(Ordering::Relaxed);
        let wanted = if hold { 0.0 } else { f32::from_bits(self.controls.music.load(Ordering::Relaxed)) };
        let flushing = self.music.state.flush.load(Ordering::Acquire) > self.music.read;
        if self.factor > 0.0 || wanted > 0.0 || flushing {
            let count = self.music.mix(output, self.factor, wanted);
            let starved = (1..FRAME).contains(&count) || (count == 0 && !self.last_starved);
            self.starved += u64::from(starved && !flushing);
            self.last_starved = count == 0;
        }
        self.factor = wanted;
        self.controls.volume_db()
    }
}

#[cfg(test)]
mod tests {
    use super::{FRAME, mixer};

    #[test]
    fn sources_add_up_and_silence_is_silent() {
        let (mut mixer, mut sources) = mixer(0.0);
        let mut output = [1.0; FRAME];
        mixer.frame(&mut output);
        assert_eq!(output, [0.0; FRAME]);
        sources.speech.push(&[0.25; FRAME]);
        sources.music.push(&[0.5; FRAME]);
        mixer.frame(&mut output);
        assert_eq!(output, [0.75; FRAME]);
        assert_eq!(sources.speech.read(), 480);
    }

    #[test]
    fn what_is_flushed_fades_and_what_comes_after_is_heard() {
        let (mut mixer, mut sources) = mixer(0.0);
        let mut output = [0.0; FRAME];
        sources.speech.push(&[0.5; 5_000]);
        mixer.frame(&mut output);
        sources.speech.flush();
        // Written before the mixer has seen the flush.
        sources.speech.push(&[0.25; FRAME]);
        mixer.frame(&mut output);
        assert!(output.windows(2).all(|pair| pair[1] <= pair[0]) && output[FRAME - 1].abs() < 1e-6);
        mixer.frame(&mut output);
        assert_eq!(output, [0.25; FRAME]);
    }

    #[test]
    fn held_music_loses_nothing() {
        let (mut mixer, mut sources) = mixer(0.0);
        let mut output = [0.0; FRAME];
        sources.music.push(&[1.0; 4 * FRAME]);
        mixer.frame(&mut output);
        sources.controls.hold_music(true);
        mixer.frame(&mut output);
        assert!(output[FRAME - 1].abs() < 1e-6 && output[0] > 0.99);
        mixer.frame(&mut output);
        assert_eq!((output, sources.music.waiting()), ([0.0; FRAME], 2 * FRAME));
        sources.controls.hold_music(false);
        mixer.frame(&mut output);
        assert!((output[FRAME - 1] - 1.0).abs() < 1e-6);
    }
}

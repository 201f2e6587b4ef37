//! Microphone and loudspeaker by cpal: whatever they are like, mono samples go in and out through rings.
//!
//! The callbacks copy, mix channels and count; they never wait, allocate or log. A device that is gone says so through its error
//! callback, and is opened again by whoever holds [`Devices`].

use crate::alloc;
use crate::config::Audio;
use crate::priority::{Urgency, raise};
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{BufferSize, Device, SampleFormat, Stream, StreamConfig, SupportedStreamConfigRange};
use rtrb::{Consumer, Producer, RingBuffer};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// Samples that a ring to or from a device holds: half a second at 48 kHz.
const RING: usize = 24_000;
/// Milliseconds of a microphone's buffer. With 10 ms, PulseAudio on a busy machine lost 4 % of the sound without a word: it keeps no more
/// than a buffer for whoever is late.
const MICROPHONE_MS: u32 = 40;
/// Milliseconds of a loudspeaker's buffer, of which PulseAudio keeps two: what is later than that is a gap.
const LOUDSPEAKER_MS: u32 = 10;
/// The rate that is asked for first.
const RATE_HZ: u32 = 48_000;

/// Why a device cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// There is none.
    #[error("there is no {0}: plug one in, or name another in the configuration (`[audio]`); --list-devices shows what there is")]
    None(&'static str),
    /// It has no format that can be used.
    #[error("the {kind} `{name}` has no format that can be used (16-bit or float samples)")]
    Format {
        /// Microphone or loudspeaker.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// The system refuses.
    #[error("the {kind}: {source}")]
    System {
        /// Microphone or loudspeaker.
        kind: &'static str,
        /// What it says.
        source: cpal::Error,
    },
}

/// An open microphone.
pub struct Microphone {
    _stream: Stream,
    /// Its samples: mono, at [`Microphone::rate_hz`].
    pub samples: Option<Consumer<f32>>,
    /// Samples a second.
    pub rate_hz: u32,
    /// For people.
    pub name: String,
    /// How it fares.
    pub health: Arc<Health>,
}

/// An open loudspeaker.
pub struct Loudspeaker {
    _stream: Stream,
    /// What it shall play: mono, at [`Loudspeaker::rate_hz`].
    pub samples: Option<Producer<f32>>,
    /// What it has taken, for the echo canceller.
    pub played: Option<Consumer<f32>>,
    /// Samples a second.
    pub rate_hz: u32,
    /// For people.
    pub name: String,
    /// How it fares.
    pub health: Arc<Health>,
}

/// How a device fares: counted by its callbacks, read by whoever wants to know.
#[derive(Debug, Default)]
pub struct Health {
    gone: AtomicBool,
    lost: AtomicU64,
    largest: AtomicUsize,
    given: AtomicU64,
    taken: AtomicU64,
}

impl Health {
    /// Whether it has to be opened again.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    /// Samples and buffers that were lost; of a loudspeaker, also samples for which there was nothing to play.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Samples of its largest callback so far, of one channel.
    #[must_use]
    pub fn largest(&self) -> usize {
        self.largest.load(Ordering::Relaxed)
    }

    /// Samples that were put into its ring.
    #[must_use]
    pub fn given(&self) -> u64 {
        self.given.load(Ordering::Acquire)
    }

    /// Samples that were taken out of its ring.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Acquire)
    }

    /// Counts samples that are put into its ring.
    pub(crate) fn give(&self, samples: usize) {
        self.given.fetch_add(samples as u64, Ordering::Release);
    }

    fn called(&self, samples: usize) {
        self.largest.fetch_max(samples, Ordering::Relaxed);
    }

    /// An error callback.
    fn watcher(self: Arc<Self>) -> impl FnMut(cpal::Error) + Send + 'static {
        move |error| {
            use cpal::ErrorKind::{DeviceChanged, RealtimeDenied, Xrun};
            match error.kind() {
                // They come by the thousand on some systems, and the stream lives on.
                Xrun => _ = self.lost.fetch_add(1, Ordering::Relaxed),
                DeviceChanged | RealtimeDenied => {}
                _ => self.gone.store(true, Ordering::Relaxed),
            }
        }
    }
}

/// The devices of this machine.
///
/// The sound server is asked anew each time: it may have come, or begun anew, since the last time.
#[derive(Debug)]
pub struct Devices {
    config: Audio,
}

impl Devices {
    /// Through PulseAudio or PipeWire where they run, else through the system's own interface.
    #[must_use]
    pub fn new(config: &Audio) -> Devices {
        Devices { config: config.clone() }
    }

    /// Every device, a line each.
    #[must_use]
    pub fn list(&self) -> Vec<String> {
        let name = |device: &Device| device.description().map_or_else(|_| "?".to_owned(), |name| name.to_string());
        let host = cpal::default_host();
        let microphones = host.input_devices().into_iter().flatten().map(|device| format!("microphone   {}", name(&device)));
        let loudspeakers = host.output_devices().into_iter().flatten().map(|device| format!("loudspeaker  {}", name(&device)));
        microphones.chain(loudspeakers).collect()
    }

    /// Opens the microphone. While it is `muted`, silence goes into its ring instead of its samples, which nobody ever sees.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn microphone(&self, muted: Arc<AtomicBool>) -> Result<Microphone, DeviceError> {
        const KIND: &str = "microphone";
        let system = |source| DeviceError::System { kind: KIND, source };
        let host = cpal::default_host();
        let device = match &self.config.microphone {
            Some(wanted) => named(host.input_devices().map_err(system)?, wanted),
            None => host.default_input_device(),
        };
        let device = device.ok_or(DeviceError::None(KIND))?;
        let name = device.description().map_or_else(|_| "?".to_owned(), |name| name.to_string());
        let (config, format) = choose(device.supported_input_configs().map_err(system)?, MICROPHONE_MS)
            .ok_or_else(|| DeviceError::Format { kind: KIND, name: name.clone() })?;
        let (to, from) = RingBuffer::new(RING);
        let health = Arc::new(Health::default());
        let channels = usize::from(config.channels);
        let mut ear = Ear { to, muted, health: Arc::clone(&health), urgent: false };
        let watcher = Arc::clone(&health).watcher();
        let stream = if format == SampleFormat::F32 {
            let call = move |data: &[f32], _: &cpal::InputCallbackInfo| {
                alloc::watched(|| ear.hear(data, channels, |sample| sample));
            };
            device.build_input_stream(config, call, watcher, None)
        } else {
            let call = move |data: &[i16], _: &cpal::InputCallbackInfo| {
                alloc::watched(|| ear.hear(data, channels, widen));
            };
            device.build_input_stream(config, call, watcher, None)
        };
        let stream = stream.map_err(system)?;
        stream.play().map_err(system)?;
        Ok(Microphone { _stream: stream, samples: Some(from), rate_hz: config.sample_rate, name, health })
    }

    /// Opens the loudspeaker.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn loudspeaker(&self) -> Result<Loudspeaker, DeviceError> {
        const KIND: &str = "loudspeaker";
        let system = |source| DeviceError::System { kind: KIND, source };
        let host = cpal::default_host();
        let device = match &self.config.loudspeaker {
            Some(wanted) => named(host.output_devices().map_err(system)?, wanted),
            None => host.default_output_device(),
        };
        let device = device.ok_or(DeviceError::None(KIND))?;
        let name = device.description().map_or_else(|_| "?".to_owned(), |name| name.to_string());
        let (config, format) = choose(device.supported_output_configs().map_err(system)?, LOUDSPEAKER_MS)
            .ok_or_else(|| DeviceError::Format { kind: KIND, name: name.clone() })?;
        let (to, from) = RingBuffer::new(RING);
        let (to_echo, played) = RingBuffer::new(RING);
        let health = Arc::new(Health::default());
        let channels = usize::from(config.channels);
        let mut mouth = Mouth { from, to_echo, health: Arc::clone(&health), urgent: false, begun: false };
        let watcher = Arc::clone(&health).watcher();
        let stream = if format == SampleFormat::F32 {
            let call = move |data: &mut [f32], _: &cpal::OutputCallbackInfo| {
                alloc::watched(|| mouth.play(data, channels, |sample| sample));
            };
            device.build_output_stream(config, call, watcher, None)
        } else {
            let call = move |data: &mut [i16], _: &cpal::OutputCallbackInfo| {
                alloc::watched(|| mouth.play(data, channels, narrow));
            };
            device.build_output_stream(config, call, watcher, None)
        };
        let stream = stream.map_err(system)?;
        stream.play().map_err(system)?;
        let (samples, played) = (Some(to), Some(played));
        Ok(Loudspeaker { _stream: stream, samples, played, rate_hz: config.sample_rate, name, health })
    }
}

/// The microphone's callback.
struct Ear {
    to: Producer<f32>,
    muted: Arc<AtomicBool>,
    health: Arc<Health>,
    urgent: bool,
}

impl Ear {
    /// Takes samples of all channels, interleaved; what is no whole frame is left out.
    fn hear<T: Copy>(&mut self, data: &[T], channels: usize, convert: fn(T) -> f32) {
        raise_once(&mut self.urgent);
        let muted = self.muted.load(Ordering::Relaxed);
        let frames = data.chunks_exact(channels);
        self.health.called(frames.len());
        self.health.give(frames.len());
        let mut lost = 0;
        for frame in frames {
            let mean = frame.iter().map(|sample| convert(*sample)).sum::<f32>() / channels_f32(channels);
            lost += u64::from(self.to.push(if muted { 0.0 } else { mean }).is_err());
        }
        self.health.lost.fetch_add(lost, Ordering::Relaxed);
    }
}

/// The loudspeaker's callback.
struct Mouth {
    from: Consumer<f32>,
    to_echo: Producer<f32>,
    health: Arc<Health>,
    urgent: bool,
    /// Something has been there to be played: what is missing from then on is lost.
    begun: bool,
}

impl Mouth {
    fn play<T: Copy>(&mut self, data: &mut [T], channels: usize, convert: fn(f32) -> T) {
        raise_once(&mut self.urgent);
        self.health.called(data.len() / channels);
        let (mut taken, mut lost) = (0, 0);
        for frame in data.chunks_exact_mut(channels) {
            let sample = self.from.pop();
            match sample {
                Ok(_) => taken += 1,
                Err(_) => lost += u64::from(self.begun || taken > 0),
            }
            let sample = sample.unwrap_or(0.0);
            // Full when nobody listens to the microphone: then nobody needs it.
            let _ = self.to_echo.push(sample);
            frame.fill(convert(sample));
        }
        self.begun |= taken > 0;
        self.health.taken.fetch_add(taken, Ordering::Release);
        self.health.lost.fetch_add(lost, Ordering::Relaxed);
    }
}

/// Makes a callback's thread urgent the first time that it calls: it belongs to the sound server's library.
fn raise_once(done: &mut bool) {
    if !std::mem::replace(done, true) {
        raise(Urgency::Frame);
    }
}

#[expect(clippy::cast_precision_loss, reason = "few channels")]
fn channels_f32(channels: usize) -> f32 {
    channels as f32
}

fn widen(sample: i16) -> f32 {
    f32::from(sample) / 32_768.0
}

#[expect(clippy::cast_possible_truncation, reason = "clamped")]
fn narrow(sample: f32) -> i16 {
    (sample * 32_768.0).clamp(-32_768.0, 32_767.0) as i16
}

fn named(devices: impl Iterator<Item = Device>, wanted: &str) -> Option<Device> {
    let fits = |device: &Device| {
        device.description().is_ok_and(|name| name.to_string().contains(wanted))
            || device.id().is_ok_and(|id| id.to_string().contains(wanted))
    };
    devices.into_iter().find(fits)
}

/// The best format: 48 kHz if it can, few channels, float before 16 bits; buffers as wished where the device takes a wish.
fn choose(configs: impl Iterator<Item = SupportedStreamConfigRange>, buffer_ms: u32) -> Option<(StreamConfig, SampleFormat)> {
    let usable = configs.filter(|range| matches!(range.sample_format(), SampleFormat::F32 | SampleFormat::I16));
    let rate = |range: &SupportedStreamConfigRange| RATE_HZ.clamp(range.min_sample_rate(), range.max_sample_rate());
    let best = usable
        .min_by_key(|range| (rate(range).abs_diff(RATE_HZ), range.channels(), range.sample_format() != SampleFormat::F32))?;
    let sample_rate = rate(&best);
    let wish = sample_rate * buffer_ms / 1_000;
    let buffer_size = match best.buffer_size() {
        cpal::SupportedBufferSize::Range { min, max } if (*min..=*max).contains(&wish) => BufferSize::Fixed(wish),
        _ => BufferSize::Default,
    };
    Some((StreamConfig { channels: best.channels(), sample_rate, buffer_size }, best.sample_format()))
}

#[cfg(test)]
mod tests {
    use super::{Ear, Health, Mouth, choose, narrow, widen};
    use cpal::{BufferSize, SampleFormat, SupportedBufferSize, SupportedStreamConfigRange};
    use rtrb::{Consumer, RingBuffer};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn ear() -> (Ear, Consumer<f32>) {
        let (to, from) = RingBuffer::new(4);
        (Ear { to, muted: Arc::default(), health: Arc::default(), urgent: true }, from)
    }

    fn all(from: &mut Consumer<f32>) -> Vec<f32> {
        std::iter::from_fn(|| from.pop().ok()).collect()
    }

    #[test]
    fn any_number_of_channels_becomes_one() {
        let (mut ear, mut from) = ear();
        ear.hear(&[0.5_f32, 0.25], 1, |sample| sample);
        assert_eq!(all(&mut from), [0.5, 0.25]);
        ear.hear(&[16_384_i16, 0, -32_768, -32_768], 2, widen);
        assert_eq!(all(&mut from), [0.25, -1.0]);
        ear.hear(&[0.3_f32, 0.6, 0.9, 1.0], 3, |sample| sample);
        let heard = all(&mut from);
        assert!(heard.len() == 1 && (heard[0] - 0.6).abs() < 1e-6, "{heard:?}");
        assert_eq!((ear.health.largest(), ear.health.given(), ear.health.lost()), (2, 5, 0));
        // What has no room is counted.
        ear.hear(&[0.0_f32; 6], 1, |sample| sample);
        assert_eq!((all(&mut from).len(), ear.health.lost()), (4, 2));
    }

    /// Nothing that is said while it is muted ever reaches the ring.
    #[test]
    fn muted_samples_end_before_the_ring() {
        let (mut ear, mut from) = ear();
        let muted: Arc<AtomicBool> = Arc::clone(&ear.muted);
        for (mute, heard) in [(false, [0.5, -0.5]), (true, [0.0, 0.0]), (false, [0.5, -0.5])] {
            muted.store(mute, Ordering::Relaxed);
            ear.hear(&[0.5_f32, -0.5], 1, |sample| sample);
            assert_eq!(all(&mut from), heard);
        }
        // Time goes on meanwhile.
        assert_eq!(ear.health.given(), 6);
    }

    #[test]
    fn every_channel_of_a_loudspeaker_plays_and_the_canceller_is_told_once() {
        let ((mut to, from), (to_echo, mut echo)) = (RingBuffer::new(8), RingBuffer::new(8));
        let health = Arc::new(Health::default());
        let mut mouth = Mouth { from, to_echo, health: Arc::clone(&health), urgent: true, begun: false };
        let mut silent = [7_i16; 4];
        mouth.play(&mut silent, 2, narrow);
        assert_eq!((silent, health.lost()), ([0; 4], 0));
        [0.5, -1.0, 2.0].into_iter().for_each(|sample| to.push(sample).expect("room"));
        let mut stereo = [0_i16; 8];
        mouth.play(&mut stereo, 2, narrow);
        assert_eq!(stereo, [16_384, 16_384, -32_768, -32_768, 32_767, 32_767, 0, 0]);
        // What is missing from then on is a gap.
        assert_eq!((health.taken(), health.lost(), health.largest()), (3, 1, 4));
        assert_eq!(all(&mut echo), [0.0, 0.0, 0.5, -1.0, 2.0, 0.0]);
    }

    #[test]
    fn the_best_format_is_chosen() {
        let range = |channels, least, most, format| {
            SupportedStreamConfigRange::new(channels, least, most, SupportedBufferSize::Range { min: 64, max: 4_096 }, format)
        };
        let chosen = |ranges: &[SupportedStreamConfigRange]| {
            choose(ranges.iter().copied(), 10).map(|(config, format)| {
                let BufferSize::Fixed(buffer) = config.buffer_size else { panic!("{config:?}") };
                (config.channels, config.sample_rate, buffer, format)
            })
        };
        use SampleFormat::{F32, I16, U8};
        assert_eq!(chosen(&[]), None);
        assert_eq!(chosen(&[range(1, 48_000, 48_000, U8)]), None);
        // The rate matters more than channels, and channels more than the format.
        let (cd, studio) = (range(2, 44_100, 44_100, F32), range(2, 8_000, 192_000, I16));
        assert_eq!(chosen(&[cd]), Some((2, 44_100, 441, F32)));
        assert_eq!(chosen(&[cd, studio]), Some((2, 48_000, 480, I16)));
        assert_eq!(chosen(&[studio, range(1, 48_000, 48_000, I16)]), Some((1, 48_000, 480, I16)));
        assert_eq!(chosen(&[studio, range(2, 48_000, 48_000, F32)]), Some((2, 48_000, 480, F32)));
        assert_eq!(chosen(&[range(6, 8_000, 16_000, F32)]), Some((6, 16_000, 160, F32)));
        // A wish that the device does not take is none.
        let coarse =
            SupportedStreamConfigRange::new(1, 48_000, 48_000, SupportedBufferSize::Range { min: 1_024, max: 4_096 }, F32);
        assert!(choose([coarse].into_iter(), 10).is_some_and(|(config, _)| config.buffer_size == BufferSize::Default));
    }
}

//! The way from the loudspeaker to the microphone: air, and a small room.

use crate::RATE;
use crate::level::{narrow, rms, scale_to};
use crate::random::Random;

/// Samples of a frame: 10 ms at 48 kHz.
const FRAME: usize = 480;
/// Between the sample that is played and the first that is heard: 60 ms of buffers, converters and air.
const DELAY: usize = RATE * 60 / 1_000;
/// How long reflections are heard: 120 ms.
const LENGTH: usize = RATE * 120 / 1_000;
/// How many of them there are.
const REFLECTIONS: usize = 160;
/// In which time they get quieter by 60 dB: 250 ms, a furnished room.
const DECAY: f64 = RATE as f64 * 0.25;
/// Reflections beside the direct sound: together, 3 dB below it.
const REFLECTED: f64 = 0.708;
const SEED: u64 = 60;

/// One tap: after so many samples, so much of them.
#[derive(Debug, Clone, Copy)]
struct Tap {
    delay: usize,
    gain: f32,
}

/// Streams what is played into what the microphone hears of it. Of white noise as much power comes out as goes in, times
/// the gain's square.
#[derive(Debug, Clone)]
pub struct EchoPath {
    taps: Vec<Tap>,
    gain: f32,
    /// What was played last, as a ring.
    played: Vec<f32>,
    at: usize,
}

impl EchoPath {
    /// An echo path of a gain; the room is always the same.
    #[must_use]
    pub fn new(gain: f32) -> Self {
        Self { taps: taps(), gain, played: vec![0.0; DELAY + LENGTH + FRAME], at: 0 }
    }

    /// An echo path whose gain makes these samples arrive at a root mean square.
    #[must_use]
    pub fn arriving_at(samples: &[f32], wanted_rms: f32) -> Self {
        let mut path = Self::new(1.0);
        let mut heard: Vec<f32> = samples.as_chunks().0.iter().flat_map(|frame| path.echo(frame)).collect();
        heard.drain(..heard.len().min(DELAY));
        let level = rms(&heard);
        Self::new(if level > 0.0 { wanted_rms / level } else { 1.0 })
    }

    /// What the microphone hears while this frame is played: to be added to everything else that it hears.
    pub fn echo(&mut self, played: &[f32; FRAME]) -> [f32; FRAME] {
        let length = self.played.len();
        for (index, &sample) in played.iter().enumerate() {
            self.played[(self.at + index) % length] = sample;
        }
        let mut heard = [0.0; FRAME];
        for tap in &self.taps {
            // Not negative: no tap is later than the ring is long, less a frame.
            let first = self.at + length - tap.delay;
            for (index, heard) in heard.iter_mut().enumerate() {
                *heard += tap.gain * self.played[(first + index) % length];
            }
        }
        self.at = (self.at + FRAME) % length;
        heard.map(|sample| sample * self.gain)
    }

    /// The impulse response, gain included, at 48 kHz: what `sox … fir FILE` wants, a coefficient a line.
    #[must_use]
    pub fn coefficients(&self) -> Vec<f32> {
        let mut response = vec![0.0; DELAY + LENGTH];
        for tap in &self.taps {
            response[tap.delay] += tap.gain * self.gain;
        }
        response
    }
}

/// Direct sound, and reflections at random that decay.
fn taps() -> Vec<Tap> {
    let mut random = Random::new(SEED);
    let mut taps = vec![Tap { delay: DELAY, gain: 1.0 }];
    // The first wall is 1.5 m of detour away.
    let first = RATE / 200;
    for _ in 0..REFLECTIONS {
        let late = first + random.below(LENGTH - first);
        let gain = random.sample() * 10_f64.powf(-3.0 * crate::level::count(late) / DECAY);
        taps.push(Tap { delay: DELAY + late, gain: narrow(gain) });
    }
    let mut reflections: Vec<f32> = taps[1..].iter().map(|tap| tap.gain).collect();
    let total = |gains: &[f32]| gains.iter().map(|gain| gain * gain).sum::<f32>().sqrt();
    let level = total(&reflections);
    scale_to(&mut reflections, level, narrow(REFLECTED));
    let whole = (1.0 + total(&reflections).powi(2)).sqrt();
    for (tap, gain) in taps[1..].iter_mut().zip(reflections) {
        tap.gain = gain;
    }
    taps.iter_mut().for_each(|tap| tap.gain /= whole);
    taps
}

#[cfg(test)]
mod tests {
    use super::{DELAY, EchoPath, FRAME};
    use crate::level::rms;
    use crate::pink::Pink;

    #[test]
    fn streams_its_impulse_response() {
        let mut path = EchoPath::new(0.5);
        let mut impulse = [0.0; FRAME];
        impulse[7] = 1.0;
        let mut heard = path.echo(&impulse).to_vec();
        while heard.len() < DELAY * 4 {
            heard.extend(path.echo(&[0.0; FRAME]));
        }
        let response = path.coefficients();
        assert!(heard[..DELAY + 7].iter().all(|&sample| sample == 0.0));
        for (index, &coefficient) in response.iter().enumerate() {
            assert!((heard[index + 7] - coefficient).abs() < 1e-6, "{index}");
        }
        assert!(heard[response.len() + 7..].iter().all(|&sample| sample == 0.0));
        let power: f32 = response.iter().map(|sample| sample * sample).sum();
        assert!((power - 0.25).abs() < 0.05, "{power}");
    }

    #[test]
    fn arrives_as_loud_as_wanted() {
        let noise: Vec<f32> = Pink::new(1, 0.1).take(96_000).collect();
        let mut path = EchoPath::arriving_at(&noise, 0.05);
        let heard: Vec<f32> = noise.as_chunks().0.iter().flat_map(|frame| path.echo(frame)).collect();
        let level = rms(&heard[DELAY..]);
        assert!((0.049..0.051).contains(&level), "{level}");
    }
}

//! The speaker's own sounds: what it rings with, and the chimes of its states. Mono samples at [`RATE_HZ`] within ±1.
//!
//! Each begins and ends in silence, without a click, so that it can be repeated or cut in between two.

use crate::RATE_HZ;
use std::f64::consts::TAU;

/// A struck note.
struct Note {
    at_ms: u32,
    hz: f64,
    level: f64,
    /// Until it has lost 60 dB.
    rings_ms: u32,
}

/// Rises within so long; shorter would click.
const ATTACK_MS: f64 = 4.0;
/// Falls to nothing within so long at its end.
const RELEASE_MS: f64 = 20.0;
/// Partials of a note: multiple and level. The second, slightly sharp, makes it a bell's.
const PARTIALS: [(f64, f64); 3] = [(1.0, 0.75), (2.003, 0.2), (4.1, 0.05)];

/// One turn of a timer's ring, 1.5 s: two rising pairs. Repeated until it is stopped.
pub fn timer_ring() -> Vec<f32> {
    let note = |(at_ms, hz)| Note { at_ms, hz, level: 0.45, rings_ms: 500 };
    play(1500, &[(0, 1046.5), (140, 1318.5), (400, 1046.5), (540, 1318.5)].map(note))
}

/// One turn of an alarm's ring, 2 s: four falling notes, more urgent than a timer's. Repeated until it is stopped.
pub fn alarm_ring() -> Vec<f32> {
    let bell = |(at_ms, hz)| Note { at_ms, hz, level: 0.6, rings_ms: 450 };
    play(2000, &[(0, 1568.0), (220, 1318.5), (440, 1568.0), (660, 1174.7)].map(bell))
}

/// "I am listening", 180 ms, quiet: it must not cover what is said next.
pub fn wake_chime() -> Vec<f32> {
    let note = |(at_ms, hz)| Note { at_ms, hz, level: 0.2, rings_ms: 160 };
    play(180, &[(0, 784.0), (60, 1174.7)].map(note))
}

/// "That failed", 320 ms: two falling notes.
pub fn error_chime() -> Vec<f32> {
    let note = |(at_ms, hz)| Note { at_ms, hz, level: 0.3, rings_ms: 220 };
    play(320, &[(0, 440.0), (110, 311.1)].map(note))
}

fn play(length_ms: u32, notes: &[Note]) -> Vec<f32> {
    let samples_per_ms = f64::from(RATE_HZ) / 1000.0;
    (0..length_ms * RATE_HZ / 1000)
        .map(|sample| {
            let now_ms = f64::from(sample) / samples_per_ms;
            let sum: f64 = notes.iter().map(|note| note.sample(now_ms)).sum();
            let release = ((f64::from(length_ms) - now_ms) / RELEASE_MS).min(1.0);
            narrow((sum * release).clamp(-1.0, 1.0))
        })
        .collect()
}

impl Note {
    fn sample(&self, now_ms: f64) -> f64 {
        let since_ms = now_ms - f64::from(self.at_ms);
        if since_ms < 0.0 {
            return 0.0;
        }
        let envelope = (since_ms / ATTACK_MS).min(1.0) * 10_f64.powf(-3.0 * since_ms / f64::from(self.rings_ms));
        let wave: f64 = PARTIALS.iter().map(|(times, level)| level * (TAU * self.hz * times * since_ms / 1000.0).sin()).sum();
        self.level * envelope * wave
    }
}

#[expect(clippy::cast_possible_truncation, reason = "precision is lost, and nothing else: the value is within ±1")]
fn narrow(sample: f64) -> f32 {
    sample as f32
}

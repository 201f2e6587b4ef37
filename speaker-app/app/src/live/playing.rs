//! The thread that plays: mixes as much ahead of the loudspeaker as its callbacks take at once.

use super::figures::{Figures, StageFigures};
use super::rings::{End, Swap};
use super::{NAP, TELL_EVERY, TICK};
use crate::alloc;
use crate::dsp::chain::FRAME;
use crate::dsp::playback::Playback;
use crate::mixer::Mixer;
use crate::priority::{Urgency, raise};
use rtrb::Producer;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

/// Samples that are kept ready beside what the largest callback took: this thread naps, and others want the processor too.
const AHEAD: usize = 2 * FRAME;

pub(super) struct Playing {
    pub(super) mixer: Mixer,
    pub(super) playback: Playback,
    pub(super) loudspeaker: Swap<End<Producer<f32>>>,
    pub(super) figures: Producer<Figures>,
}

impl Playing {
    pub(super) fn run(mut self, stop: &AtomicBool) {
        raise(Urgency::Frame);
        let mut loudspeaker: Option<End<Producer<f32>>> = None;
        let (mut mixed, mut output) = ([0.0; FRAME], [0.0; FRAME]);
        let mut converted = Vec::with_capacity(16 * FRAME);
        let mut count = 0_u64;
        // Without a loudspeaker frames are played to nobody, at their pace.
        let mut unheard = Instant::now();
        while !stop.load(Ordering::Relaxed) {
            let any = alloc::watched(|| {
                self.loudspeaker.look(&mut loudspeaker);
                match &loudspeaker {
                    // Where the device is gone, nobody takes anything any more.
                    Some(end) if !end.health.is_gone() => {
                        if has_enough(end) {
                            unheard = Instant::now();
                            return false;
                        }
                    }
                    _ if unheard.elapsed() < TICK => return false,
                    _ => unheard += TICK,
                }
                self.playback.set_volume(self.mixer.frame(&mut mixed));
                self.playback.process(&mixed, &mut output);
                if let Some(end) = &mut loudspeaker {
                    hand_over(end, &output, &mut converted);
                }
                true
            });
            if !any {
                thread::sleep(NAP);
                continue;
            }
            count += 1;
            if count.is_multiple_of(TELL_EVERY) {
                let mut figures = Figures { frames: count, starved: self.mixer.starved, ..Figures::default() };
                figures.stages[0] = StageFigures::of(&self.playback.stage);
                let _ = self.figures.push(figures);
            }
        }
    }
}

/// Whether enough waits for the next callbacks.
fn has_enough(end: &End<Producer<f32>>) -> bool {
    let capacity = end.ring.buffer().capacity();
    let wanted = end.health.largest().saturating_add(AHEAD).min(capacity - AHEAD);
    capacity - end.ring.slots() >= wanted
}

fn hand_over(end: &mut End<Producer<f32>>, output: &[f32; FRAME], converted: &mut Vec<f32>) {
    let samples: &[f32] = match &mut end.resampler {
        None => output,
        Some(resampler) => {
            converted.clear();
            resampler.push(output, converted);
            converted
        }
    };
    if let Ok(chunk) = end.ring.write_chunk_uninit(samples.len().min(end.ring.slots())) {
        end.health.give(chunk.fill_from_iter(samples.iter().copied()));
    }
}

//! Whose voice it is: how its resonances lie against an average one's, found by trying.
//!
//! A room is learnt for each warping that is tried, and a judge says how well what it makes of the voice fits. Where it is known what was
//! said, the decoder is the better judge: it knows which sound is wanted at which time, while the likelihood of all sounds together
//! prefers, a little, whatever makes them more alike (work set, two voices: of 16 sentences each, the phrase's own score was best where the
//! sentence was understood best).

use super::bands::{Cepstra, Warp};
use super::prior::Prior;
use super::room::{CHANNEL, LEAST_FRAMES, Room, power};
use super::spectrum::Spectrum;
use std::sync::Arc;

/// How much higher than an average voice's all resonances may lie (children), or lower (large men).
const HIGHER: [f32; 10] = [0.88, 0.94, 1.0, 1.06, 1.12, 1.18, 1.25, 1.32, 1.4, 1.5];
/// How much higher or lower than the others the second resonance may lie.
const SECOND: [f32; 8] = [0.85, 0.9, 0.95, 1.0, 1.07, 1.14, 1.21, 1.28];
/// What a step away from the voice that was heard before must be worth to a judge: a single phrase says little, and most often it is the same
/// voice.
const STEP: f32 = 0.5;
/// What fits worse than the voice before did, by more than this, may be another voice: all are looked at. A phrase of the same voice differs by
/// half of it.
const ANOTHER: f32 = 10.0;
/// Steps between what one person's phrases are taken for.
const LIKE: usize = 4;
/// Rounds of expectation and maximisation.
const ROUNDS: usize = 4;
/// Rounds where the channel is nearly known.
const MORE_ROUNDS: usize = 2;
/// Frames whose power is below the loudest's by more than this are no voice: 20 dB.
const VOICE: f32 = 0.01;
/// Less warping is preferred to a likelihood that is better by no more than this, in nats a frame: a narrower band is always a little likelier.
const WORTH: f32 = 0.35;

/// Says how well a room's idea of a voice fits: more is better; `None` where it does not fit at all.
pub(crate) type Judge<'a> = &'a mut dyn FnMut(&mut Room) -> Option<f32>;

/// Learns a room from frames of its noise, and frames in which somebody speaks; `None` where there are too few.
///
/// `before` is the voice that was heard last. Without a judge, or where it finds nothing that fits, the likelihood decides.
pub(crate) fn learn(
    prior: &Arc<Prior>,
    noise: &[Spectrum],
    voice: &[Spectrum],
    before: Option<Voice>,
    judge: Option<Judge<'_>>,
) -> Option<(Room, Voice)> {
    let loudest = voice.iter().map(power).fold(0.0, f32::max);
    let voice: Vec<&Spectrum> = voice.iter().filter(|spectrum| power(spectrum) >= loudest * VOICE).collect();
    if noise.len() < LEAST_FRAMES || voice.len() < LEAST_FRAMES {
        return None;
    }
    let mut search = Search { prior, noise, voice: &voice, tried: Vec::new() };
    let judged = judge.and_then(|judge| search.judged(before, judge));
    judged.or_else(|| search.likeliest())
}

/// A voice, as far as it is known: where it lies, and how well that fitted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice {
    place: Place,
    /// The judge's; `None` where only the likelihood has decided, which says too little to begin from another time.
    score: Option<f32>,
}

impl Voice {
    /// Whether it may be the same person's as another: phrases of one differ by a step or two.
    pub(crate) fn is_like(&self, other: &Voice) -> bool {
        self.place.steps(other.place) <= LIKE
    }
}

/// Places in [`HIGHER`] and [`SECOND`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    higher: usize,
    second: usize,
}

impl Place {
    fn warp(self) -> Warp {
        Warp { higher: HIGHER[self.higher], second: SECOND[self.second] }
    }

    /// Steps to another.
    fn steps(self, other: Place) -> usize {
        self.higher.abs_diff(other.higher) + self.second.abs_diff(other.second)
    }

    /// Those beside it. Both resonances higher is nearly the one of them lower: along that ridge the best may lie.
    fn beside(self) -> impl Iterator<Item = Place> {
        let moved = move |higher: isize, second: isize| {
            let higher = self.higher.checked_add_signed(higher).filter(|at| *at < HIGHER.len())?;
            let second = self.second.checked_add_signed(second).filter(|at| *at < SECOND.len())?;
            Some(Place { higher, second })
        };
        [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, 1), (1, -1)].into_iter().filter_map(move |(higher, second)| moved(higher, second))
    }
}

/// A warping that was tried.
struct Tried {
    place: Place,
    room: Room,
    /// In nats a frame.
    likelihood: f32,
    score: f32,
}

/// What is looked for, and what was found.
struct Search<'a> {
    prior: &'a Arc<Prior>,
    noise: &'a [Spectrum],
    voice: &'a [&'a Spectrum],
    tried: Vec<Tried>,
}

/// The average voice's place among the second resonances.
const SAME: usize = 3;

impl Search<'_> {
    /// Tries a warping, once.
    fn visit(&mut self, place: Place, from: Option<&Cepstra>, judge: &mut dyn FnMut(Place, &mut Room, f32) -> f32) {
        if self.tried.iter().any(|tried| tried.place == place) {
            return;
        }
        let (channel, rounds) = from.map_or((&CHANNEL, ROUNDS), |channel| (channel, MORE_ROUNDS));
        let (likelihood, mut room) = Room::warped(place.warp(), channel, rounds, self.prior, self.noise, self.voice);
        let score = judge(place, &mut room, likelihood);
        self.tried.push(Tried { place, room, likelihood, score });
    }

    fn best(&self) -> Option<&Tried> {
        self.tried.iter().max_by(|a, b| a.score.total_cmp(&b.score))
    }

    /// Uphill from the voice that was heard before; where that leads to nothing like it, from a coarse net.
    fn judged(&mut self, before: Option<Voice>, judge: Judge<'_>) -> Option<(Room, Voice)> {
        let before = before.and_then(|before| Some((before.place, before.score?)));
        let mut judge = |place: Place, room: &mut Room, _: f32| {
            let steps = before.map_or(0, |(before, _)| before.steps(place));
            judge(room).map_or(f32::MIN, |score| score - STEP * steps as f32)
        };
        if let Some((before, _)) = before {
            self.visit(before, None, &mut judge);
            self.climb(&mut judge);
        }
        if before.is_none_or(|(_, score)| self.best().is_none_or(|best| best.score < score - ANOTHER)) {
            for higher in (0..HIGHER.len()).step_by(2) {
                for second in [1, SAME, 5] {
                    let channel = self.tried.iter().rfind(|tried| tried.place.higher == higher).map(|tried| tried.room.channel());
                    self.visit(Place { higher, second }, channel.as_ref(), &mut judge);
                }
            }
            self.climb(&mut judge);
        }
        let best = self.best().filter(|best| best.score > f32::MIN)?.place;
        self.taken(best, true)
    }

    /// From the best place to better ones beside it, as long as there are any.
    fn climb(&mut self, judge: &mut dyn FnMut(Place, &mut Room, f32) -> f32) {
        while let Some((place, channel)) = self.best().map(|best| (best.place, best.room.channel())) {
            place.beside().for_each(|place| self.visit(place, Some(&channel), judge));
            if self.best().is_none_or(|best| best.place == place) {
                break;
            }
        }
    }

    /// The least warping of all resonances alike that is not much less likely than the likeliest.
    fn likeliest(&mut self) -> Option<(Room, Voice)> {
        self.tried.retain(|tried| tried.place.second == SAME);
        let mut judge = |_: Place, _: &mut Room, likelihood: f32| likelihood;
        for higher in (0..HIGHER.len()).step_by(2) {
            self.visit(Place { higher, second: SAME }, None, &mut judge);
        }
        self.tried.iter_mut().for_each(|tried| tried.score = tried.likelihood);
        let (place, channel) = self.best().map(|best| (best.place, best.room.channel()))?;
        place.beside().filter(|place| place.second == SAME).for_each(|place| self.visit(place, Some(&channel), &mut judge));
        let enough = self.best()?.likelihood - WORTH;
        let much = |tried: &Tried| (HIGHER[tried.place.higher] - 1.0).abs();
        let least =
            self.tried.iter().filter(|tried| tried.likelihood >= enough).min_by(|a, b| much(a).total_cmp(&much(b)))?.place;
        self.taken(least, false)
    }

    fn taken(&mut self, place: Place, judged: bool) -> Option<(Room, Voice)> {
        let at = self.tried.iter().position(|tried| tried.place == place)?;
        let Tried { room, score, .. } = self.tried.swap_remove(at);
        Some((room, Voice { place, score: judged.then_some(score) }))
    }
}

#[cfg(test)]
mod tests {
    use super::{HIGHER, Place, SAME, SECOND, Voice, learn};
    use crate::front::room::Room;
    use crate::front::samples::{noise, trained, voice};
    use crate::front::spectrum::spectra;

    #[test]
    fn an_average_voice_is_at_its_place() {
        let average = Place { higher: 2, second: SAME }.warp();
        assert!((average.higher - 1.0).abs() < 1e-6 && (average.second - 1.0).abs() < 1e-6);
        let corner = Place { higher: HIGHER.len() - 1, second: SECOND.len() - 1 };
        assert_eq!(corner.beside().count(), 2);
        assert_eq!(Place { higher: 2, second: SAME }.beside().count(), 6);
        let other = Place { higher: 0, second: 0 };
        assert_eq!(corner.steps(other), HIGHER.len() + SECOND.len() - 2);
        let voice = |place| Voice { place, score: None };
        assert!(!voice(corner).is_like(&voice(other)));
        assert!(other.beside().all(|beside| voice(beside).is_like(&voice(other))));
    }

    #[test]
    fn the_judge_decides_and_the_last_voice_saves_it_work() {
        let sound = voice(1, 1_000.0);
        let (prior, frames, still) = (trained(&sound), spectra(sound.iter().copied()), spectra(noise(3, 50.0).into_iter()));
        // How near the frames come to what the model was trained on.
        let mut judged = 0;
        let mut judge = |room: &mut Room| {
            judged += 1;
            let mut shares = Vec::new();
            let near = |cepstra: [f32; 13]| {
                let apart = prior
                    .gaussians
                    .iter()
                    .map(|clean| cepstra.iter().zip(&clean.mean).map(|(is, was)| (is - was).powi(2)).sum::<f32>());
                apart.fold(f32::MAX, f32::min)
            };
            let sum: f32 = frames.iter().map(|frame| near(room.clean(frame, &mut shares))).sum();
            Some(-sum / frames.len() as f32)
        };
        let (_, first) = learn(&prior, &still, &frames, None, Some(&mut judge)).expect("enough frames");
        // It was trained on this very voice.
        assert!(first.place.steps(Place { higher: 2, second: SAME }) <= 2, "{first:?}");
        let all = std::mem::take(&mut judged);
        let mut judge = |_: &mut Room| {
            judged += 1;
            first.score
        };
        let (_, again) = learn(&prior, &still, &frames, Some(first), Some(&mut judge)).expect("enough frames");
        assert_eq!(again.place, first.place, "steps away from it are worth nothing here");
        assert!(judged < all && judged <= 7, "{judged} of {all}");
        // Where nothing is like it any more, all are looked at again.
        let before = Voice { score: first.score.map(|score| score + 100.0), ..first };
        judged = 0;
        let mut judge = |_: &mut Room| {
            judged += 1;
            first.score
        };
        learn(&prior, &still, &frames, Some(before), Some(&mut judge)).expect("enough frames");
        assert!(judged >= 15, "{judged}");
    }

    #[test]
    fn without_anything_that_fits_the_likelihood_decides() {
        let sound = voice(1, 1_000.0);
        let (prior, frames, still) = (trained(&sound), spectra(sound.iter().copied()), spectra(noise(3, 50.0).into_iter()));
        let (_, unjudged) = learn(&prior, &still, &frames, None, None).expect("enough frames");
        let (_, unfit) = learn(&prior, &still, &frames, None, Some(&mut |_: &mut Room| None)).expect("enough frames");
        assert_eq!(unfit.place, unjudged.place);
        assert_eq!(unfit.place.second, SAME);
        assert!(unfit.score.is_none() && unjudged.score.is_none());
    }
}

//! The run: engines take turns on the same frames, in an order that is drawn anew each time, so that whatever else the machine does
//! hits all alike, and so does what the one before left in the caches. Outputs are compared bit by bit.

use crate::chain::{Chain, Clocks, Failure, Outcome};
use crate::engine::{Engine, Starter};
use crate::sound::Sound;

/// The flag of voice activity.
const SPEECH: i32 = 1;
/// The wake word's flag.
const DETECTED: i32 = 1;
/// Seed of the order; any but zero.
const SEED: u64 = 0x5eed_0f0d_5b0b_0a11;

/// What came of an engine.
pub(crate) struct Runner {
    pub(crate) engine: Engine,
    pub(crate) clocks: Clocks,
    /// Frames in which something differed from the first engine's: a sample of an output, or what a stage said.
    pub(crate) differing: u64,
    /// Greatest difference of a sample of what is heard, and what is played.
    pub(crate) furthest: (f32, f32),
    /// Power of the differences of what is heard, and of what the first engine heard.
    pub(crate) power: (f64, f64),
    /// Frames in which it was decided otherwise whether somebody speaks.
    pub(crate) decided: u64,
    /// Times that the wake word was recognised.
    pub(crate) woken: u64,
}

/// Runs these engines on this sound; a turn is so many frames.
///
/// # Errors
/// When a module does not start or fails.
pub(crate) fn run(starter: &Starter, engines: &[Engine], sound: &Sound, turn: usize) -> Result<Vec<Runner>, Failure> {
    let mut chains: Vec<(Runner, Chain)> = Vec::new();
    for &engine in engines {
        chains.push((Runner::new(engine), starter.start(engine, &sound.learnt)?));
    }
    let mut random = SEED;
    let mut order: Vec<usize> = (0..chains.len()).collect();
    let mut outcomes: Vec<Vec<Outcome>> = vec![Vec::new(); chains.len()];
    for (microphone, music) in sound.microphone.chunks(turn.max(1)).zip(sound.music.chunks(turn.max(1))) {
        shuffle(&mut order, &mut random);
        for &index in &order {
            let (runner, chain) = &mut chains[index];
            outcomes[index].clear();
            for (microphone, music) in microphone.iter().zip(music) {
                let outcome = chain.process(microphone, music).map_err(|failure| failure.of(runner.engine))?;
                outcomes[index].push(outcome);
            }
        }
        for ((runner, _), outcome) in chains.iter_mut().zip(&outcomes) {
            outcome.iter().zip(&outcomes[0]).for_each(|(outcome, first)| compare(runner, outcome, first));
        }
    }
    Ok(chains.into_iter().map(|(runner, chain)| Runner { clocks: chain.clocks, ..runner }).collect())
}

impl Runner {
    /// Nothing yet.
    pub(crate) fn new(engine: Engine) -> Runner {
        let clocks = Clocks::default();
        Runner { engine, clocks, differing: 0, furthest: (0.0, 0.0), power: (0.0, 0.0), decided: 0, woken: 0 }
    }
}

fn compare(runner: &mut Runner, outcome: &Outcome, first: &Outcome) {
    let (heard, heard_same) = furthest(&outcome.heard, &first.heard);
    let (played, played_same) = furthest(&outcome.played, &first.played);
    runner.furthest = (runner.furthest.0.max(heard), runner.furthest.1.max(played));
    let same = heard_same && played_same && outcome.results == first.results;
    runner.differing += u64::from(!same);
    for (this, that) in outcome.heard.iter().zip(&first.heard) {
        runner.power.0 += f64::from(this - that).powi(2);
        runner.power.1 += f64::from(*that).powi(2);
    }
    runner.decided += u64::from((outcome.results[6] ^ first.results[6]) & SPEECH != 0);
    runner.woken += u64::from(outcome.results[4] & DETECTED != 0);
}

/// Greatest difference, and whether there is none in any bit.
fn furthest(these: &[f32], those: &[f32]) -> (f32, bool) {
    let mut same = true;
    let mut furthest = 0.0_f32;
    for (this, that) in these.iter().zip(those) {
        same &= this.to_bits() == that.to_bits();
        furthest = furthest.max((this - that).abs());
    }
    (furthest, same)
}

/// Fisher and Yates, with xorshift.
fn shuffle(order: &mut [usize], random: &mut u64) {
    for last in (1..order.len()).rev() {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        let bound = last as u64 + 1;
        order.swap(last, usize::try_from((*random >> 16) % bound).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::{SEED, furthest, shuffle};

    #[test]
    fn every_engine_comes_after_every_other() {
        let (mut order, mut random) = ((0..5).collect::<Vec<_>>(), SEED);
        let mut seen = [[0_u32; 5]; 5];
        for _ in 0..2_000 {
            shuffle(&mut order, &mut random);
            order.windows(2).for_each(|pair| seen[pair[0]][pair[1]] += 1);
        }
        for (first, row) in seen.iter().enumerate() {
            for (second, &times) in row.iter().enumerate() {
                // Four of the twenty pairs in each turn: 400 are expected.
                assert!(if first == second { times == 0 } else { (300..500).contains(&times) }, "{first} {second} {times}");
            }
        }
    }

    #[test]
    fn a_sign_of_zero_is_a_difference() {
        assert_eq!(furthest(&[0.0, 1.0], &[-0.0, 1.0]), (0.0, false));
        assert_eq!(furthest(&[0.5, 1.0], &[0.5, 0.75]), (0.25, false));
        assert_eq!(furthest(&[0.5], &[0.5]), (0.0, true));
    }
}

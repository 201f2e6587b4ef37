//! How the threads fare, for people and for the evaluation: copied out of them twice a second, without waiting.

use crate::dsp::bypasses::Fares;
use crate::dsp::chain::Chain;
use crate::dsp::stage::{Failure, Stage};
use std::time::Duration;

/// Figures of a stage, for people.
#[derive(Clone, Copy, Debug, Default)]
pub struct StageFigures {
    /// Its name.
    pub name: &'static str,
    /// Frames that were bypassed.
    pub bypassed: u64,
    /// Restarts after a failure.
    pub restarts: u64,
    /// The last failure.
    pub failure: Option<Failure>,
    /// The median frame.
    pub p50: Duration,
    /// One frame in a thousand takes longer.
    pub p999: Duration,
    /// The longest frame.
    pub longest: Duration,
}

impl StageFigures {
    pub(super) fn of(stage: &Stage) -> StageFigures {
        let times = &stage.times;
        StageFigures {
            name: stage.name(),
            bypassed: stage.bypassed,
            restarts: stage.restarts,
            failure: stage.failure,
            p50: times.quantile(0.5),
            p999: times.quantile(0.999),
            longest: times.longest(),
        }
    }
}

impl From<&StageFigures> for Fares {
    fn from(figures: &StageFigures) -> Fares {
        Fares { name: figures.name, bypassed: figures.bypassed, failure: figures.failure }
    }
}

/// Figures of a thread, for people; at most eight stages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// All of the chain, under no name.
    pub frame: StageFigures,
    /// Its stages; those without a name are none.
    pub stages: [StageFigures; 8],
    /// Whether the system lets the thread go before others.
    pub real_time: bool,
    /// Frames so far.
    pub frames: u64,
    /// Milliseconds of sound that the microphone should have given since its first frame, and has not.
    pub missing_ms: u64,
    /// Frames that the conversation was too slow to take, or in which music was late.
    pub starved: u64,
    /// Frames of the microphone for which the loudspeaker had not said what it played.
    pub unreferenced: u64,
    /// Times that the loudspeaker's sound was brought in line with the microphone's again.
    pub realigned: u64,
    /// By how many milliseconds the stages let the sound lag behind.
    pub latency_ms: u64,
    /// By how many milliseconds the canceller is told later what was played, since it is heard later.
    pub echo_later_ms: u64,
}

impl Figures {
    pub(super) fn of(chain: &Chain) -> Figures {
        let times = &chain.times;
        let mut figures = Figures { frames: times.count(), latency_ms: chain.latency_us() / 1_000, ..Figures::default() };
        figures.frame.p50 = times.quantile(0.5);
        figures.frame.p999 = times.quantile(0.999);
        figures.frame.longest = times.longest();
        for (to, stage) in figures.stages.iter_mut().zip(chain.stages()) {
            *to = StageFigures::of(stage);
            figures.frame.bypassed += to.bypassed;
            figures.frame.restarts += to.restarts;
        }
        figures
    }
}

//! What is told of stages that are bypassed.

use super::stage::{Failure, Stage};
use crate::event::Happening;

/// Stages of both sides, at most.
const STAGES: usize = 8;

/// How a stage fares, as far as people are told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fares {
    pub(crate) name: &'static str,
    /// Frames that were bypassed since the start.
    pub(crate) bypassed: u64,
    /// Its last failure.
    pub(crate) failure: Option<Failure>,
}

impl Fares {
    pub(crate) fn of(stage: &Stage) -> Fares {
        Fares { name: stage.name(), bypassed: stage.bypassed, failure: stage.failure }
    }
}

/// Remembers what was told.
#[derive(Debug, Default)]
pub(crate) struct Bypasses {
    told: [u64; STAGES],
}

impl Bypasses {
    /// An event for each stage, always in the same order, that was bypassed since this was asked last.
    pub(crate) fn news(&mut self, stages: impl Iterator<Item = Fares>) -> Vec<Happening> {
        let news = self.told.iter_mut().zip(stages).filter(|(told, stage)| **told != stage.bypassed);
        news.map(|(told, stage)| {
            let frames = stage.bypassed - std::mem::replace(told, stage.bypassed);
            let why = stage.failure.map(|failure| failure.to_string()).unwrap_or_default();
            Happening::Bypassed { stage: stage.name.to_owned(), frames, why }
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Bypasses, Fares};
    use crate::dsp::stage::Failure;
    use crate::event::Happening;

    #[test]
    fn each_is_told_once_with_its_reason() {
        let mut bypasses = Bypasses::default();
        let fares =
            |bypassed, failure| [Fares { name: "echo", bypassed: 0, failure: None }, Fares { name: "wake", bypassed, failure }];
        assert_eq!(bypasses.news(fares(0, None).into_iter()), []);
        let event = |frames, why: &str| [Happening::Bypassed { stage: "wake".to_owned(), frames, why: why.to_owned() }];
        assert_eq!(bypasses.news(fares(1, Some(Failure::Late)).into_iter()), event(1, "it used up its fuel"));
        assert_eq!(bypasses.news(fares(1, Some(Failure::Late)).into_iter()), []);
        let told = bypasses.news(fares(4, Some(Failure::Buffer)).into_iter());
        assert_eq!(told, event(3, "its buffer lies outside its memory"));
    }
}

//! The capture side, 10 ms at a time: stages in the order of the configuration, and what they say of the frame.

use super::module::{Module, module};
use super::repair::{Repair, Workshop};
use super::stage::{Bypass, Failure, Recipe, Stage};
use super::times::Times;
use crate::config::{Capture, StageConfig};
use saggar_speech::rms;
use std::time::Instant;

module!(denoise::Denoise);
module!(resample::Resample);
module!(resample_reference::ResampleReference);
module!(canceller::Canceller);
module!(echo::Echo);
module!(voice::Voice);
module!(wake::Wake, wake);

/// Samples a second of microphone and loudspeaker.
pub const RATE_HZ: u32 = 48_000;
/// Samples of a frame of microphone and loudspeaker: 10 ms.
pub const FRAME: usize = 480;
/// Samples of a frame of what is listened to, at 16 kHz.
pub const HEARD: usize = 160;

/// What came of a frame.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    /// Clean audio at 16 kHz.
    pub samples: [f32; HEARD],
    /// Somebody speaks.
    pub speech: bool,
    /// The wake word ended in this frame.
    pub woken: bool,
    /// How like the wake word the last second was, 0 to 1.
    pub score: f32,
    /// How loud the microphone was: root of the mean square, 0 to 1.
    pub level: f32,
    /// Whether the loudspeaker played anything meanwhile.
    pub played: bool,
    /// When it had come through the stages.
    pub at: Instant,
}

/// A sample above it is something: −60 dB.
const AUDIBLE: f32 = 1e-3;

/// Which module a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Noise suppression by a network, at 48 kHz.
    Denoise,
    /// From 48 to 16 kHz.
    Resample,
    /// Linear echo cancellation.
    Canceller,
    /// Echo cancellation, noise suppression and gain.
    Echo,
    /// Voice activity.
    Voice,
    /// Wake word.
    Wake,
}

/// Every kind with its name in the configuration, and what its frames may use when nothing is said: some four to ten times
/// the most that was seen in the evaluation's recordings, and so little that a stage which never ends is done within the frame.
const KINDS: [(Kind, &str, u64); 6] = [
    (Kind::Denoise, "denoise", 12_000_000),
    (Kind::Resample, "resample", 1_000_000),
    (Kind::Canceller, "canceller", 8_000_000),
    (Kind::Echo, "echo", 12_000_000),
    (Kind::Voice, "voice", 3_000_000),
    (Kind::Wake, "wake", 4_000_000),
];

/// Why there is no chain.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// The configuration names no module.
    #[error(
        "`[[capture.stage]] module = {0:?}`: there is no such module; there are denoise, resample, canceller, echo, voice and wake"
    )]
    Unknown(String),
    /// The order is impossible.
    #[error("the capture side's stages are in no possible order: {0}")]
    Order(&'static str),
    /// A module is the only one of its kind.
    #[error("the DSP module `{0}` is in use already")]
    Taken(&'static str),
    /// A module does not start.
    #[error("the DSP module `{0}` does not start: {1}")]
    Start(&'static str, Failure),
}

/// The stages of the capture side.
pub struct Chain {
    stages: Vec<(Kind, Stage)>,
    /// The loudspeaker's way to 16 kHz; without an echo canceller nobody asks for it.
    reference: Option<Stage>,
    /// How long whole frames took.
    pub times: Times,
    #[cfg(feature = "faults")]
    trouble: super::trouble::Trouble,
}

impl Chain {
    /// Takes and starts the modules. `learnt` is what the wake word knows, empty for nothing. With a workshop, modules that fail are started
    /// anew there, otherwise before the next frame.
    ///
    /// # Errors
    /// When the configuration is impossible, or a module was taken before or does not start.
    pub fn take(config: &Capture, learnt: &[u8], mut workshop: Option<&mut Workshop>) -> Result<Chain, ChainError> {
        let mut kinds = Vec::new();
        for stage in &config.stage {
            let known = KINDS.iter().find(|(_, name, _)| *name == stage.module);
            kinds.push(*known.ok_or_else(|| ChainError::Unknown(stage.module.clone()))?);
        }
        check(&kinds.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>())?;
        let mut stages = Vec::new();
        let mut make = |kind: Kind, module: Option<Box<dyn Module>>, recipe: Recipe| {
            let name = recipe.name;
            let module = module.ok_or(ChainError::Taken(name))?;
            let repair = match &mut workshop {
                Some(workshop) => workshop.bench(recipe.clone()),
                None => Repair::AtOnce(None),
            };
            let (output, bypass) = match kind {
                Kind::Denoise => (FRAME, Bypass::Copy(0)),
                Kind::Resample => (HEARD, Bypass::Decimate),
                Kind::Canceller | Kind::Echo | Kind::Wake => (HEARD, Bypass::Copy(0)),
                // Who does not know whether somebody speaks must assume it, or commands would be cut short.
                Kind::Voice => (HEARD, Bypass::Copy(SPEECH)),
            };
            Stage::new(module, recipe, output, bypass, repair).map_err(|failure| ChainError::Start(name, failure))
        };
        let mut reference = None;
        for ((kind, name, fuel), config) in kinds.into_iter().zip(&config.stage) {
            let recipe = recipe(kind, name, fuel, config, learnt);
            if matches!(kind, Kind::Canceller | Kind::Echo) && reference.is_none() {
                let name = "resample of the reference";
                let recipe = Recipe { name, ..self::recipe(Kind::Resample, name, 1_000_000, &StageConfig::default(), &[]) };
                let module = boxed(resample_reference::ResampleReference::take());
                reference = Some(make(Kind::Resample, module, recipe)?);
            }
            let module = match kind {
                Kind::Denoise => boxed(denoise::Denoise::take()),
                Kind::Resample => boxed(resample::Resample::take()),
                Kind::Canceller => boxed(canceller::Canceller::take()),
                Kind::Echo => boxed(echo::Echo::take()),
                Kind::Voice => boxed(voice::Voice::take()),
                Kind::Wake => boxed(wake::Wake::take()),
            };
            stages.push((kind, make(kind, module, recipe)?));
        }
        Ok(Chain {
            stages,
            reference,
            times: Times::default(),
            #[cfg(feature = "faults")]
            trouble: super::trouble::Trouble::NONE,
        })
    }

    /// Processes a frame of the microphone, with what the loudspeaker played at that time or up to 100 ms before.
    pub fn process(&mut self, microphone: &[f32; FRAME], played: &[f32; FRAME]) -> Heard {
        let begin = Instant::now();
        #[cfg(feature = "faults")]
        self.trouble.plant(self.stages.iter_mut().map(|(_, stage)| stage).chain(&mut self.reference));
        let level = rms(microphone);
        let audible = played.iter().any(|sample| sample.abs() > AUDIBLE);
        let mut heard =
            Heard { samples: [0.0; HEARD], speech: false, woken: false, score: 0.0, level, played: audible, at: begin };
        let mut reference = [0.0; HEARD];
        if let Some(stage) = &mut self.reference {
            stage.process(played, &[], &mut reference);
        }
        let (mut now, mut next) = (*microphone, [0.0; FRAME]);
        let mut length = FRAME;
        for (kind, stage) in &mut self.stages {
            let wants = matches!(kind, Kind::Canceller | Kind::Echo);
            let reference: &[f32] = if wants { &reference } else { &[] };
            let (result, _) = stage.process(&now[..length], reference, &mut next);
            match kind {
                Kind::Resample => length = HEARD,
                Kind::Voice => heard.speech = result & SPEECH != 0,
                Kind::Wake => {
                    heard.woken = result & DETECTED != 0;
                    heard.score = f32::from(u16::try_from(result >> SCORE_SHIFT).unwrap_or(0)) / 32_767.0;
                }
                Kind::Denoise | Kind::Canceller | Kind::Echo => {}
            }
            std::mem::swap(&mut now, &mut next);
        }
        heard.samples.copy_from_slice(&now[..HEARD]);
        heard.at = Instant::now();
        self.times.add(begin.elapsed());
        heard
    }

    /// The stages with their counters, the reference's last.
    pub fn stages(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().map(|(_, stage)| stage).chain(&self.reference)
    }

    /// By how many microseconds what is listened to lags behind the microphone; frames of 10 ms come on top.
    #[must_use]
    pub fn latency_us(&self) -> u64 {
        self.stages.iter().map(|(_, stage)| stage.latency_us()).sum()
    }

    /// [`Chain::stages`], to be changed.
    pub fn stages_mut(&mut self) -> impl Iterator<Item = &mut Stage> {
        self.stages.iter_mut().map(|(_, stage)| stage).chain(&mut self.reference)
    }

    /// Lets every stage fail in the next frame: see [`Stage::plant`]. For the evaluation and tests.
    #[cfg(feature = "faults")]
    pub fn fail(&mut self, kind: i32) {
        self.stages_mut().for_each(|stage| stage.plant(kind));
    }

    /// The wake word's stage.
    pub(crate) fn wake(&mut self) -> Option<&mut Stage> {
        self.stages.iter_mut().find(|(kind, _)| *kind == Kind::Wake).map(|(_, stage)| stage)
    }
}

/// `dsp_process` of voice activity: somebody speaks.
const SPEECH: i32 = 1;
/// Of the wake word: it was recognised.
const DETECTED: i32 = 1;
/// Of the wake word: its score is from this bit upwards.
const SCORE_SHIFT: u32 = 16;

fn boxed<M: Module + 'static>(module: Option<M>) -> Option<Box<dyn Module>> {
    module.map(|module| Box::new(module) as Box<dyn Module>)
}

fn check(kinds: &[Kind]) -> Result<(), ChainError> {
    let places = |wanted: Kind| kinds.iter().enumerate().filter(move |(_, kind)| **kind == wanted).map(|(index, _)| index);
    for (kind, ..) in KINDS {
        if places(kind).count() > 1 {
            return Err(ChainError::Order("one is listed twice, and there is one of each"));
        }
    }
    let first = |kind| places(kind).next();
    let Some(resample) = first(Kind::Resample) else {
        return Err(ChainError::Order("`resample` is missing, and what comes after it needs 16 kHz"));
    };
    if first(Kind::Voice).is_none() || first(Kind::Wake).is_none() {
        return Err(ChainError::Order("`voice` and `wake` are needed: without them nobody is heard"));
    }
    if first(Kind::Denoise).is_some_and(|denoise| denoise > resample) {
        return Err(ChainError::Order("`denoise` works at 48 kHz, so it must come before `resample`"));
    }
    if kinds[..resample].iter().any(|kind| *kind != Kind::Denoise) {
        return Err(ChainError::Order(
            "`canceller`, `echo`, `voice` and `wake` work at 16 kHz, so they must come after `resample`",
        ));
    }
    Ok(())
}

fn recipe(kind: Kind, name: &'static str, fuel: u64, config: &StageConfig, learnt: &[u8]) -> Recipe {
    let (rate_hz, frame) = if matches!(kind, Kind::Denoise | Kind::Resample) { (48_000, 480) } else { (16_000, 160) };
    Recipe {
        name,
        rate_hz,
        frame,
        parameters: config.parameters(),
        state: if kind == Kind::Wake { learnt.to_vec() } else { Vec::new() },
        fuel: config.fuel.unwrap_or(fuel),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, check};

    #[test]
    fn impossible_orders_are_refused() {
        use Kind::{Canceller, Denoise, Echo, Resample, Voice, Wake};
        assert!(check(&[Resample, Canceller, Wake, Echo, Voice]).is_ok());
        assert!(check(&[Denoise, Resample, Wake, Voice]).is_ok());
        for wrong in [
            &[Echo, Resample, Voice, Wake][..],
            &[Resample, Denoise, Voice, Wake],
            &[Resample, Voice],
            &[Voice, Wake],
            &[],
            &[Resample, Echo, Echo, Voice, Wake],
            &[Canceller, Resample, Voice, Wake],
        ] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
    }
}

//! The chain of one engine, 10 ms at a time, in the order of the speaker's defaults: what is played goes through the equaliser, and what
//! is heard through resampling, both echo cancellers with the wake word between them, and voice activity. Whole sides and each stage are timed.

use crate::engine::Engine;
use crate::module::{Buffer, Module, Problem};
use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

/// Samples of a frame of microphone and loudspeaker: 10 ms at 48 kHz.
pub(crate) const FRAME: usize = 480;
/// Samples of a frame of what is listened to, at 16 kHz.
pub(crate) const HEARD: usize = 160;

/// What starting may use, and what a frame, in operators: as much as the speaker gives at most.
const START_FUEL: u64 = 400_000_000;
const FRAME_FUEL: u64 = 20_000_000;

/// Stages of both sides.
pub(crate) const STAGES: usize = 7;

/// Which stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What is played: bands and volume.
    Equaliser,
    /// What was played, to 16 kHz.
    Reference,
    /// What is heard, to 16 kHz.
    Microphone,
    /// Linear echo cancellation.
    Canceller,
    /// Wake word.
    Wake,
    /// Echo cancellation, noise suppression and gain.
    Echo,
    /// Voice activity.
    Voice,
}

impl Kind {
    /// In the order in which they run.
    pub(crate) const ALL: [Kind; STAGES] =
        [Kind::Equaliser, Kind::Reference, Kind::Microphone, Kind::Canceller, Kind::Wake, Kind::Echo, Kind::Voice];

    /// For people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Equaliser => "equaliser",
            Kind::Reference => "resample (reference)",
            Kind::Microphone => "resample (microphone)",
            Kind::Canceller => "canceller",
            Kind::Echo => "echo",
            Kind::Voice => "voice",
            Kind::Wake => "wake",
        }
    }

    /// The module's file, without its ending.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Kind::Equaliser => "equaliser",
            Kind::Reference | Kind::Microphone => "resample",
            Kind::Canceller => "canceller",
            Kind::Echo => "echo",
            Kind::Voice => "voice",
            Kind::Wake => "wake",
        }
    }

    /// Samples a second, and of a frame, of its input.
    fn format(self) -> (i32, i32) {
        match self {
            Kind::Equaliser | Kind::Reference | Kind::Microphone => (48_000, 480),
            Kind::Canceller | Kind::Echo | Kind::Voice | Kind::Wake => (16_000, 160),
        }
    }

    /// What it is told at the start: −6 dB of volume, more bass and less of the middle. All others have their defaults.
    fn parameters(self) -> &'static [(i32, f32)] {
        match self {
            Kind::Equaliser => &[(0, -6.0), (1, 4.0), (3, -3.0)],
            _ => &[],
        }
    }

    /// Starts a module as the speaker does.
    ///
    /// # Errors
    /// When the module does not start.
    pub(crate) fn start(self, module: &mut dyn Module, learnt: &[u8]) -> Result<(), Problem> {
        let (rate_hz, frame) = self.format();
        module.give_fuel(START_FUEL);
        match module.init(rate_hz, frame)? {
            0 => {}
            refused => return Err(Problem::Refused(refused)),
        }
        for &(id, value) in self.parameters() {
            module.set_parameter(id, value)?;
        }
        if self == Kind::Wake && !learnt.is_empty() {
            let recordings = module.restore(learnt)?;
            if recordings < 1 {
                return Err(Problem::Refused(recordings));
            }
        }
        module.reset()
    }
}

/// What a module did not do, of which stage and engine.
#[derive(Debug, thiserror::Error)]
#[error("{engine}, {stage}: {problem}")]
pub(crate) struct Failure {
    engine: String,
    stage: &'static str,
    problem: Problem,
}

impl Failure {
    pub(crate) fn new(stage: Kind, problem: Problem) -> Failure {
        Failure { engine: String::new(), stage: stage.name(), problem }
    }

    /// The same, with the engine's name.
    pub(crate) fn of(self, engine: Engine) -> Failure {
        Failure { engine: engine.to_string(), ..self }
    }
}

/// What came of a frame: everything that engines must agree on.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// What the loudspeaker plays.
    pub(crate) played: [f32; FRAME],
    /// What is listened to.
    pub(crate) heard: [f32; HEARD],
    /// What `dsp_process` said, by stage.
    pub(crate) results: [i32; STAGES],
}

/// Nanoseconds of each frame.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    /// The stages of the capture side, together.
    pub(crate) capture: Vec<u32>,
    /// The same in processor time: without what others took of it meanwhile.
    pub(crate) busy: Vec<u32>,
    /// The playback side.
    pub(crate) playback: Vec<u32>,
    /// By stage, as in [`Kind::ALL`].
    pub(crate) stages: [Vec<u32>; STAGES],
}

/// The stages.
pub(crate) struct Chain {
    modules: [Box<dyn Module>; STAGES],
    pub(crate) clocks: Clocks,
}

impl Chain {
    /// Opens and starts a module of each stage.
    ///
    /// # Errors
    /// When one is missing or does not start.
    pub(crate) fn new(learnt: &[u8], mut open: impl FnMut(Kind) -> Result<Box<dyn Module>, Problem>) -> Result<Chain, Failure> {
        let mut modules = Vec::new();
        for kind in Kind::ALL {
            let started = open(kind).and_then(|mut module| kind.start(module.as_mut(), learnt).map(|()| module));
            modules.push(started.map_err(|problem| Failure::new(kind, problem))?);
        }
        let Ok(modules) = modules.try_into() else { unreachable!("there is one of each kind") };
        Ok(Chain { modules, clocks: Clocks::default() })
    }

    /// Processes a frame of what shall be played, and one of what is heard meanwhile.
    ///
    /// # Errors
    /// When a module fails.
    pub(crate) fn process(&mut self, microphone: &[f32; FRAME], music: &[f32; FRAME]) -> Result<Outcome, Failure> {
        let mut outcome = Outcome { played: [0.0; FRAME], heard: [0.0; HEARD], results: [0; STAGES] };
        let Outcome { played, heard, results } = &mut outcome;
        let begin = Instant::now();
        results[0] = self.stage(0, music, &[], played)?;
        self.clocks.playback.push(since(begin));
        let (mut reference, mut now) = ([0.0; HEARD], [0.0; HEARD]);
        let busy = processor_time();
        let begin = Instant::now();
        results[1] = self.stage(1, played, &[], &mut reference)?;
        results[2] = self.stage(2, microphone, &[], &mut now)?;
        results[3] = self.stage(3, &now, &reference, heard)?;
        results[4] = self.stage(4, heard, &[], &mut now)?;
        results[5] = self.stage(5, &now, &reference, heard)?;
        results[6] = self.stage(6, heard, &[], &mut now)?;
        *heard = now;
        self.clocks.capture.push(since(begin));
        self.clocks.busy.push(nanos(processor_time().saturating_sub(busy)));
        Ok(outcome)
    }

    fn stage(&mut self, index: usize, input: &[f32], reference: &[f32], output: &mut [f32]) -> Result<i32, Failure> {
        let kind = Kind::ALL[index];
        let begin = Instant::now();
        let result = run(self.modules[index].as_mut(), kind.format().1, input, reference, output);
        self.clocks.stages[index].push(since(begin));
        result.map_err(|problem| Failure::new(kind, problem))
    }
}

/// A frame as the speaker's stages do it: fuel, in, process, out.
///
/// # Errors
/// When the module fails.
pub(crate) fn run(
    module: &mut dyn Module,
    frame: i32,
    input: &[f32],
    reference: &[f32],
    output: &mut [f32],
) -> Result<i32, Problem> {
    module.give_fuel(FRAME_FUEL);
    module.write(Buffer::Input, input)?;
    if !reference.is_empty() {
        module.write(Buffer::Reference, reference)?;
    }
    let result = module.process(frame)?;
    if result < 0 {
        return Err(Problem::Refused(result));
    }
    module.read(output)?;
    Ok(result)
}

/// The processor time of this thread.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn since(begin: Instant) -> u32 {
    nanos(begin.elapsed())
}

/// Nanoseconds, of at most four seconds.
fn nanos(time: Duration) -> u32 {
    u32::try_from(time.as_nanos()).unwrap_or(u32::MAX)
}

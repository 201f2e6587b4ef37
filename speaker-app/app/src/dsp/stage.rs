//! A module that is kept running.
//!
//! Pointers from the guest are allegations: each is checked against its memory whenever it is used. A frame in which the module
//! traps, uses up its fuel or answers nonsense is bypassed; then the module is away until it is started anew (see [`Repair`]), and
//! what comes until then is bypassed too.

use super::module::{Buffer, Module, Wake};
use super::repair::Repair;
use super::times::Times;
use saggar_abi::trap::Code;
use saggar_runtime::Trap;
use std::time::Instant;

/// What a stage's output is in a frame without its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bypass {
    /// The input, or as much of it as the output holds; and the result that is safe to assume.
    Copy(i32),
    /// The mean of each three samples of the input: a plain decimator from 48 to 16 kHz.
    Decimate,
}

/// How a module is started.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Its name, for people.
    pub name: &'static str,
    /// Samples a second.
    pub rate_hz: i32,
    /// Samples of a frame of its input; there is one channel.
    pub frame: i32,
    /// What it is told before its first frame: number and value.
    pub parameters: Vec<(i32, f32)>,
    /// What the wake word has learnt; empty for others.
    pub state: Vec<u8>,
    /// What a frame may use, in operators.
    pub fuel: u64,
}

/// What starting may use, in operators: tables are computed and whole memories cleared.
const START_FUEL: u64 = 400_000_000;

/// [`Module::plant`]: the next frame never ends.
#[cfg(feature = "faults")]
pub(crate) const LOOPS: i32 = 2;

/// Why a frame was not processed, or a module not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// It trapped.
    #[error("it trapped ({})", self.trap_name())]
    Trapped(Trap),
    /// It was not done in time.
    #[error("it used up its fuel")]
    Late,
    /// It answered with an error.
    #[error("it answered {0}")]
    Refused(i32),
    /// It named a buffer that it does not have.
    #[error("its buffer lies outside its memory")]
    Buffer,
    /// It is being started anew.
    #[error("it is being started anew")]
    Away,
}

impl Failure {
    fn trap_name(self) -> &'static str {
        match self {
            Failure::Trapped(trap) => trap.code().map_or("of a kind that this version does not know", Code::description),
            _ => "",
        }
    }
}

impl From<Trap> for Failure {
    fn from(trap: Trap) -> Failure {
        if trap.code() == Some(Code::OutOfFuel) { Failure::Late } else { Failure::Trapped(trap) }
    }
}

impl Recipe {
    /// Starts the module.
    pub(crate) fn start(&self, module: &mut dyn Module) -> Result<(), Failure> {
        module.instantiate()?;
        module.set_fuel(START_FUEL);
        match module.init(self.rate_hz, 1, self.frame)? {
            0 => {}
            refused => return Err(Failure::Refused(refused)),
        }
        for &(id, value) in &self.parameters {
            module.set_parameter(id, value)?;
        }
        if !self.state.is_empty() {
            restore(module, &self.state)?;
        }
        module.reset()?;
        Ok(())
    }
}

/// Gives the wake word what it has learnt.
pub(crate) fn restore(module: &mut dyn Module, state: &[u8]) -> Result<i32, Failure> {
    let Some(address) = module.wake(Wake::StateAt) else { return Err(Failure::Refused(-1)) };
    let address = address?;
    let mut memory = module.memory();
    let room = place(address).and_then(|address| memory.slice_mut(address, state.len())).ok_or(Failure::Buffer)?;
    room.copy_from_slice(state);
    let bytes = i32::try_from(state.len()).map_err(|_| Failure::Buffer)?;
    let outcome = module.wake(Wake::Restore(bytes)).unwrap_or(Ok(-1))?;
    if outcome < 0 { Err(Failure::Refused(outcome)) } else { Ok(outcome) }
}

/// A stage of the chain.
pub struct Stage {
    pub(crate) module: Option<Box<dyn Module>>,
    recipe: Recipe,
    /// Samples of a frame of the output.
    output: usize,
    /// By how many samples of the output that lags behind, as the module says.
    latency: u32,
    bypass: Bypass,
    repair: Repair,
    /// Told since the start, to be told again after a restart.
    pub(crate) live: [Option<f32>; 32],
    /// Frames that were bypassed.
    pub bypassed: u64,
    /// Times that the module was started anew after it had failed.
    pub restarts: u64,
    /// The last failure.
    pub failure: Option<Failure>,
    /// What the costliest frame used, in operators.
    pub most_fuel: u64,
    /// How long its frames took.
    pub times: Times,
    /// What the next frame may use in place of what it usually may.
    #[cfg(feature = "faults")]
    cut: Option<u64>,
    /// How long the last frame took, and whether a loop without end was planted into it.
    #[cfg(feature = "faults")]
    pub(crate) last: (std::time::Duration, bool),
}

impl Stage {
    /// A stage; starts its module.
    ///
    /// # Errors
    /// When the module does not start.
    pub(crate) fn new(
        mut module: Box<dyn Module>,
        recipe: Recipe,
        output: usize,
        bypass: Bypass,
        repair: Repair,
    ) -> Result<Stage, Failure> {
        recipe.start(module.as_mut())?;
        let latency = module.latency()?;
        let latency = u32::try_from(latency).map_err(|_| Failure::Refused(latency))?;
        Ok(Stage {
            module: Some(module),
            recipe,
            output,
            latency,
            bypass,
            repair,
            live: [None; 32],
            bypassed: 0,
            restarts: 0,
            failure: None,
            most_fuel: 0,
            times: Times::default(),
            #[cfg(feature = "faults")]
            cut: None,
            #[cfg(feature = "faults")]
            last: Default::default(),
        })
    }

    /// Its name, for people.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.recipe.name
    }

    /// By how many microseconds its output lags behind its input, as the module says.
    #[must_use]
    pub fn latency_us(&self) -> u64 {
        u64::from(self.latency) * 10_000 / self.output as u64
    }

    /// Sets a parameter from the next frame on, also after a restart. Numbers from 32 upwards are ignored: no stage has them. The module has
    /// no more fuel for it than for a frame, within whose time this may be.
    pub fn set_parameter(&mut self, id: usize, value: f32) {
        let Some(live) = self.live.get_mut(id) else { return };
        if live.replace(value) == Some(value) {
            return;
        }
        if let (Some(module), Ok(id)) = (&mut self.module, i32::try_from(id)) {
            module.set_fuel(self.recipe.fuel);
            if let Err(trap) = module.set_parameter(id, value) {
                self.fail(trap.into());
            }
        }
    }

    /// Processes a frame into `output`: the module's flags or score, and whether it was the module that answered. Infallible: what
    /// fails is bypassed.
    pub fn process(&mut self, input: &[f32], reference: &[f32], output: &mut [f32]) -> (i32, bool) {
        let begin = Instant::now();
        self.fetch();
        let outcome = self.run(input, reference, output);
        let answer = match outcome {
            Ok(result) => (result, true),
            Err(failure) => {
                if failure != Failure::Away {
                    self.fail(failure);
                }
                self.bypassed += 1;
                (self.pass_by(input, output), false)
            }
        };
        let took = begin.elapsed();
        self.times.add(took);
        #[cfg(feature = "faults")]
        {
            self.last.0 = took;
        }
        answer
    }

    /// What the module is given when it is started anew, where that happens in this thread.
    pub(crate) fn set_state(&mut self, state: Vec<u8>) {
        self.recipe.state = state;
    }

    /// Whether the module runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.module.is_some()
    }

    /// Takes the module back once it has been started anew.
    fn fetch(&mut self) {
        if self.module.is_some() {
            return;
        }
        let Some(mut module) = self.repair.fetch(&self.recipe) else { return };
        self.restarts += 1;
        // All of it within a frame's fuel: it is this frame's time.
        module.set_fuel(self.recipe.fuel);
        let mut told = Ok(());
        for (id, value) in (0..).zip(self.live) {
            if let Some(value) = value {
                told = told.and_then(|()| module.set_parameter(id, value));
            }
        }
        let told = told.and_then(|()| if self.live.iter().any(Option::is_some) { module.reset() } else { Ok(()) });
        self.module = Some(module);
        if let Err(trap) = told {
            self.fail(trap.into());
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.failure = Some(failure);
        if let Some(module) = self.module.take() {
            self.repair.send(module);
        }
    }

    fn run(&mut self, input: &[f32], reference: &[f32], output: &mut [f32]) -> Result<i32, Failure> {
        #[cfg(feature = "faults")]
        let fuel = self.cut.take().unwrap_or(self.recipe.fuel);
        #[cfg(not(feature = "faults"))]
        let fuel = self.recipe.fuel;
        let module = self.module.as_mut().ok_or(Failure::Away)?.as_mut();
        module.set_fuel(fuel);
        write(module, Buffer::Input, input)?;
        if !reference.is_empty() {
            write(module, Buffer::Reference, reference)?;
        }
        let result = module.process(self.recipe.frame)?;
        if result < 0 {
            return Err(Failure::Refused(result));
        }
        let address = module.buffer(Buffer::Output)?;
        self.most_fuel = self.most_fuel.max(fuel - module.fuel_left().min(fuel));
        let memory = module.memory();
        let output = output.get_mut(..self.output).ok_or(Failure::Buffer)?;
        let bytes = place(address).and_then(|address| memory.slice(address, output.len() * 4)).ok_or(Failure::Buffer)?;
        for (sample, bytes) in output.iter_mut().zip(bytes.as_chunks().0) {
            let value = f32::from_le_bytes(*bytes);
            // What is no number must not reach the next stage, whose filters would never get rid of it.
            *sample = if value.is_finite() { value } else { 0.0 };
        }
        Ok(result)
    }

    fn pass_by(&self, input: &[f32], output: &mut [f32]) -> i32 {
        match self.bypass {
            Bypass::Decimate => {
                let groups = input.as_chunks::<3>().0;
                output.iter_mut().zip(groups).for_each(|(sample, group)| *sample = group.iter().sum::<f32>() / 3.0);
                0
            }
            Bypass::Copy(result) => {
                output.iter_mut().zip(input).for_each(|(sample, input)| *sample = *input);
                result
            }
        }
    }

    /// Its module, whether it runs or is kept for its restart; `None` where that happens elsewhere.
    #[cfg(all(test, feature = "faults"))]
    pub(crate) fn into_module(self) -> Option<Box<dyn Module>> {
        let kept = |repair| if let Repair::AtOnce(kept) = repair { kept } else { None };
        self.module.or_else(|| kept(self.repair))
    }

    /// Makes the next frame fail: see [`Module::plant`]. For the evaluation.
    #[cfg(feature = "faults")]
    pub(crate) fn plant(&mut self, kind: i32) {
        if let Some(module) = &mut self.module {
            module.set_fuel(START_FUEL);
            let _ = module.plant(kind);
            self.last.1 = kind == LOOPS;
        }
    }

    /// What a frame may use, in operators.
    #[cfg(feature = "faults")]
    pub(crate) fn fuel(&self) -> u64 {
        self.recipe.fuel
    }

    /// Leaves the next frame no more than this. For the evaluation.
    #[cfg(feature = "faults")]
    pub(crate) fn cut(&mut self, fuel: u64) {
        self.cut = Some(fuel);
    }
}

fn write(module: &mut dyn Module, buffer: Buffer, samples: &[f32]) -> Result<(), Failure> {
    let address = module.buffer(buffer)?;
    let mut memory = module.memory();
    let bytes = place(address).and_then(|address| memory.slice_mut(address, samples.len() * 4)).ok_or(Failure::Buffer)?;
    for (bytes, sample) in bytes.as_chunks_mut().0.iter_mut().zip(samples) {
        *bytes = sample.to_le_bytes();
    }
    Ok(())
}

/// An address as the guest gave it: not negative, since pointers of 32 bits are not signed.
pub(crate) fn place(address: i32) -> Option<usize> {
    usize::try_from(address.cast_unsigned()).ok()
}

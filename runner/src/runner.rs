//! The process on the target that holds an image and is called into.
//!
//! It stays up from call to call. One that hangs or dies is started again and given the image anew, in its initial state:
//! instantiated modules are then not instantiated any more. What is asked of the process is in `protocol`.

mod process;

use crate::image::{Image, Segment};
use crate::protocol::{self as p, Kept};
use crate::toolchain::{ToolchainError, tools};
use process::{Failure, Process};
use saggar_compiler::target::{Arch, Target};
use std::ffi::OsString;
use std::time::Duration;

/// How to run the runner.
#[derive(Clone, Debug)]
pub struct RunnerOptions {
    /// The emulator's CPU model, for targets that are emulated; `None`: its default.
    pub cpu: Option<String>,
    /// Further arguments for the emulator, such as plugins.
    pub emulator_arguments: Vec<OsString>,
    /// How long a call or another request may take.
    pub timeout: Duration,
}

impl Default for RunnerOptions {
    fn default() -> RunnerOptions {
        RunnerOptions { cpu: None, emulator_arguments: Vec::new(), timeout: Duration::from_secs(10) }
    }
}

impl RunnerOptions {
    /// As by default, on a machine that has what a row declares: the emulator's own choice lacks what few machines have.
    #[must_use]
    pub fn for_target(target: Target) -> RunnerOptions {
        let cpu = (target.arch() == Arch::Riscv64 && target.has_vectors()).then(|| RISCV_WITH_VECTORS.to_owned());
        RunnerOptions { cpu, ..RunnerOptions::default() }
    }
}

/// With vectors of the least size that is claimed.
const RISCV_WITH_VECTORS: &str = "rv64,v=true,vlen=128,vext_spec=v1.0";

/// A call of a C function `saggar_completion function(uint64_t *slots)`; parameterless ones ignore the slots.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where the function is.
    pub address: u64,
    /// Arguments, one a slot.
    pub slots: Vec<u64>,
    /// How many slots to bring back.
    pub slot_count: usize,
    /// Bytes of stack that the function gets: at most 8 MiB, rounded up to 16. The memory on either side is watched.
    pub stack_bytes: u32,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It returned, and kept what it must keep.
    Completed {
        /// The completion's code.
        code: u32,
        /// The completion's program counter.
        pc: u64,
        /// As many slots as were asked for.
        slots: Vec<u64>,
    },
    /// It ended with a signal.
    Signal {
        /// The signal's number on Linux.
        number: u32,
        /// Where it struck.
        pc: u64,
    },
    /// It returned, but did not keep what it must keep: names of registers, or of the memory around the stack.
    Clobbered(String),
    /// It did not return in time.
    Hung,
    /// The runner died of it, with this as its last message.
    Died(String),
}

/// Why a request had no answer.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// The runner is not built.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// The runner or its emulator cannot be started.
    #[error("cannot start {program}: {reason}")]
    Start {
        /// The program.
        program: String,
        /// What the system says.
        reason: String,
    },
    /// The image cannot be mapped.
    #[error("the image cannot be loaded: error number {0} of Linux")]
    Load(u64),
    /// A range is not, or not writable, in one segment of the image.
    #[error("{length} bytes at {address:#x} are not in the image")]
    OutsideImage {
        /// Where it begins.
        address: u64,
        /// Its length in bytes.
        length: u64,
    },
    /// A call has more slots or stack than the runner allows.
    #[error("a call with {slots} slots and {stack_bytes} bytes of stack is too big")]
    CallTooBig {
        /// Slots of the call.
        slots: usize,
        /// Its stack.
        stack_bytes: u32,
    },
    /// The runner hung or died on a request that is no call.
    #[error("the runner failed: {0}")]
    Failed(String),
}

impl From<Failure> for RunnerError {
    fn from(failure: Failure) -> RunnerError {
        RunnerError::Failed(match failure {
            Failure::Hung => "no answer in time".to_owned(),
            Failure::Died(reason) => reason,
        })
    }
}

/// Requests that are sent ahead must fit in the pipe together, or both ends would wait for the other to read.
const AHEAD_BYTES: usize = 48 * 1024;

/// A runner with the image that it holds.
#[derive(Debug)]
pub struct Runner {
    arch: Arch,
    options: RunnerOptions,
    process: Process,
    image: Option<Image>,
}

impl Runner {
    /// Starts the runner of an architecture.
    ///
    /// # Errors
    /// When it cannot be built or started, or does not answer.
    pub fn start(arch: Arch, options: RunnerOptions) -> Result<Runner, RunnerError> {
        let process = Process::start(arch, tools(arch)?, &options)?;
        Ok(Runner { arch, options, process, image: None })
    }

    /// Its architecture.
    #[must_use]
    pub fn arch(&self) -> Arch {
        self.arch
    }

    /// The image that it holds.
    #[must_use]
    pub fn image(&self) -> Option<&Image> {
        self.image.as_ref()
    }

    /// Puts an image in place of the one before.
    ///
    /// # Errors
    /// When it cannot be mapped, or the runner fails.
    pub fn load(&mut self, image: &Image) -> Result<(), RunnerError> {
        self.image = None;
        if let Err(error) = send_image(&mut self.process, image) {
            self.restart()?;
            return Err(error);
        }
        self.image = Some(image.clone());
        Ok(())
    }

    /// Calls a function with the slots as arguments.
    ///
    /// # Errors
    /// Only when the call is too big or the runner cannot be started again; everything that the function may do is an [`Outcome`].
    pub fn call(&mut self, address: u64, slots: &[u64], slot_count: usize, stack_bytes: u32) -> Result<Outcome, RunnerError> {
        let call = Call { address, slots: slots.to_vec(), slot_count, stack_bytes };
        Ok(self.call_one(&call, false)?.0)
    }

    /// As [`Runner::call`], and how many bytes of the stack were used: what lies between the top and the deepest word that was written.
    ///
    /// # Errors
    /// As [`Runner::call`].
    pub fn call_measured(&mut self, call: &Call) -> Result<(Outcome, u64), RunnerError> {
        self.call_one(call, true)
    }

    /// Lets a timer write a byte of 1 to an address of the image, again and again, from the beginning of the next call to its end: what
    /// an interrupt of a device would do, whatever the call is doing. The first time is after one period, which counts in microseconds.
    ///
    /// # Errors
    /// When the address is not writable, or the runner fails.
    pub fn time_next_call(&mut self, address: u64, period: Duration) -> Result<(), RunnerError> {
        self.check_range(address, 1, Segment::is_writable)?;
        let microseconds = u64::try_from(period.as_micros()).unwrap_or(u64::MAX).max(1);
        let process = &mut self.process;
        let answer = process.send(&words(&[p::TIMER, address, microseconds])).and_then(|()| process.receive_word());
        self.or_restart(answer).map(|_| ())
    }

    /// Makes calls in order, which is quicker than one by one. After a call that hangs or dies no further one is made: its outcome is
    /// the last.
    ///
    /// # Errors
    /// As [`Runner::call`].
    pub fn call_batch(&mut self, calls: &[Call]) -> Result<Vec<Outcome>, RunnerError> {
        let mut outcomes = Vec::with_capacity(calls.len());
        let mut rest = calls;
        while !rest.is_empty() {
            let mut request = Vec::new();
            let mut ahead = 0;
            for call in rest {
                let encoded = encode(call, false)?;
                if ahead > 0 && request.len() + encoded.len() > AHEAD_BYTES {
                    break;
                }
                request.extend(encoded);
                ahead += 1;
            }
            let (now, later) = rest.split_at(ahead);
            if let Err(failure) = self.process.send(&request) {
                outcomes.push(self.failed(failure)?);
                return Ok(outcomes);
            }
            for call in now {
                let outcome = self.answer(call)?.0;
                let last = matches!(outcome, Outcome::Hung | Outcome::Died(_));
                outcomes.push(outcome);
                if last {
                    return Ok(outcomes);
                }
            }
            rest = later;
        }
        Ok(outcomes)
    }

    /// Reads memory of the image.
    ///
    /// # Errors
    /// When the range is not in the image, or the runner fails.
    pub fn read(&mut self, address: u64, length: usize) -> Result<Vec<u8>, RunnerError> {
        self.check_range(address, length as u64, |_| true)?;
        let process = &mut self.process;
        let answer = process.send(&words(&[p::READ, address, length as u64])).and_then(|()| process.receive(length));
        self.or_restart(answer)
    }

    /// Writes memory of the image.
    ///
    /// # Errors
    /// When the range is not in the image or not writable, or the runner fails.
    pub fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), RunnerError> {
        self.check_range(address, bytes.len() as u64, Segment::is_writable)?;
        let mut request = words(&[p::WRITE, address, bytes.len() as u64]);
        request.extend_from_slice(bytes);
        let process = &mut self.process;
        let answer = process.send(&request).and_then(|()| process.receive_word());
        self.or_restart(answer).map(|_| ())
    }

    /// Hashes memory of the image; see [`hash`](crate::hash).
    ///
    /// # Errors
    /// As [`Runner::read`].
    pub fn hash(&mut self, address: u64, length: u64) -> Result<u64, RunnerError> {
        self.check_range(address, length, |_| true)?;
        let process = &mut self.process;
        let answer = process.send(&words(&[p::HASH, address, length])).and_then(|()| process.receive_word());
        self.or_restart(answer)
    }

    /// Lets the runner end by itself, so that plugins of the emulator write what they have to say.
    ///
    /// # Errors
    /// When it does not end well.
    pub fn finish(self) -> Result<(), RunnerError> {
        self.process.finish()
    }

    fn call_one(&mut self, call: &Call, measured: bool) -> Result<(Outcome, u64), RunnerError> {
        match self.process.send(&encode(call, measured)?) {
            Ok(()) => self.answer(call),
            Err(failure) => Ok((self.failed(failure)?, 0)),
        }
    }

    /// The answer to a call that was sent; also the bytes of stack used.
    fn answer(&mut self, call: &Call) -> Result<(Outcome, u64), RunnerError> {
        let process = &mut self.process;
        let answer = process.receive_words(4).and_then(|head| Ok((head, process.receive_words(call.slot_count)?)));
        let (head, slots) = match answer {
            Ok(answer) => answer,
            Err(failure) => return Ok((self.failed(failure)?, 0)),
        };
        let [kind, first, pc, used_bytes] = head[..] else { unreachable!("four words were received") };
        let outcome = match (kind, u32::try_from(first)) {
            (p::COMPLETED, Ok(code)) => Outcome::Completed { code, pc, slots },
            (p::COMPLETED, Err(_)) => Outcome::Clobbered("the upper half of the completion's code".to_owned()),
            (p::SIGNALLED, Ok(number)) => Outcome::Signal { number, pc },
            (p::CLOBBERED, _) => Outcome::Clobbered(clobbered(self.arch, first)),
            _ => return Err(RunnerError::Failed(format!("it answers {kind:#x} to a call"))),
        };
        Ok((outcome, used_bytes))
    }

    /// The outcome of a call of which the runner hung or died; starts it again.
    fn failed(&mut self, failure: Failure) -> Result<Outcome, RunnerError> {
        self.restart()?;
        Ok(match failure {
            Failure::Hung => Outcome::Hung,
            Failure::Died(reason) => Outcome::Died(reason),
        })
    }

    fn or_restart<T>(&mut self, answer: Result<T, Failure>) -> Result<T, RunnerError> {
        match answer {
            Ok(value) => Ok(value),
            Err(failure) => {
                self.restart()?;
                Err(failure.into())
            }
        }
    }

    fn restart(&mut self) -> Result<(), RunnerError> {
        self.process = Process::start(self.arch, tools(self.arch)?, &self.options)?;
        match &self.image {
            Some(image) => send_image(&mut self.process, image),
            None => Ok(()),
        }
    }

    fn check_range(&self, address: u64, length: u64, suits: fn(&Segment) -> bool) -> Result<(), RunnerError> {
        let segments = self.image.as_ref().map_or(&[][..], Image::segments);
        let inside = segments.iter().any(|segment| suits(segment) && segment.covers(address, length));
        if inside { Ok(()) } else { Err(RunnerError::OutsideImage { address, length }) }
    }
}

fn send_image(process: &mut Process, image: &Image) -> Result<(), RunnerError> {
    let segments = image.segments();
    process.send(&words(&[p::LOAD, segments.len() as u64]))?;
    for segment in segments {
        let head = [segment.address, segment.memory_bytes, segment.bytes.len() as u64, u64::from(segment.protection)];
        process.send(&words(&head))?;
        process.send(&segment.bytes)?;
    }
    match process.receive_word()? {
        0 => Ok(()),
        number => Err(RunnerError::Load(number)),
    }
}

fn words(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn encode(call: &Call, measured: bool) -> Result<Vec<u8>, RunnerError> {
    let slots = call.slots.len().max(call.slot_count);
    if slots > p::MAX_SLOTS || u64::from(call.stack_bytes) > p::MAX_STACK_BYTES {
        return Err(RunnerError::CallTooBig { slots, stack_bytes: call.stack_bytes });
    }
    let measure = if measured { p::MEASURE_STACK } else { 0 };
    let head = [p::CALL, call.address, u64::from(call.stack_bytes), measure, call.slots.len() as u64, call.slot_count as u64];
    let mut request = words(&head);
    request.extend(words(&call.slots));
    Ok(request)
}

/// The names of what was not kept.
fn clobbered(arch: Arch, what: u64) -> String {
    let kept = Kept::of(arch.name());
    let names: Vec<&str> = (0..64).filter(|number| what >> number & 1 == 1).map(|number| kept.name(number)).collect();
    names.join(", ")
}

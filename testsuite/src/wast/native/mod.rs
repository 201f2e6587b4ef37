//! The compiler under test: every module of a script compiled, linked into one image by the plain linker, loaded into the
//! target's runner, and called there.

mod cells;
mod compile;
mod image;
mod outcome;
mod symbols;
mod trap_site;

use super::engine::{Acceptance, Engine, Outcome};
use super::script::{InstanceIndex, Script};
use super::value::Value;
use crate::bounds::stack::{self, StackUse};
use crate::target::{Call, LinkOptions, Runner, RunnerOptions};
use image::{Linked, Place};
use saggar_abi::layout;
use saggar_compiler::report::Bound;
use saggar_compiler::target::Target;
use saggar_compiler::{Meter, Options};

/// How scripts are run on a target.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How modules are compiled. Names, domain, providers and reserves are set for each module of a script.
    pub options: Options,
    /// How the modules of a script are linked.
    pub link: LinkOptions,
    /// How the runner is run.
    pub runner: RunnerOptions,
    /// Measure the stack of every call of which the report knows a bound; a call that used more fails.
    pub measure_stack: bool,
}

impl Settings {
    /// For a target, with a stack that is small enough for recursion to use it up quickly.
    #[must_use]
    pub fn new(target: Target) -> Settings {
        let mut options = Options::new(target, "");
        options.stack_bytes = 256 * 1024;
        // The specification's `br_table.wast` has one table of 24,577 labels.
        options.limits.br_table_targets = options.limits.br_table_targets.max(30_000);
        // Files run in parallel; a second level would only get in the way.
        options.threads = 1;
        Settings { options, link: LinkOptions::default(), runner: RunnerOptions::for_target(target), measure_stack: true }
    }

    /// The target as reports name it.
    #[must_use]
    pub fn target_name(&self) -> String {
        let cpu = self.options.target.cpu();
        format!("{}/{}", cpu.arch.name(), cpu.name)
    }
}

/// A target with its runner, which stays up from file to file.
#[derive(Debug)]
pub struct Session {
    settings: Settings,
    runner: Option<Runner>,
    stack_use: StackUse,
}

impl Session {
    /// A session; the runner starts with the first file.
    #[must_use]
    pub fn new(settings: Settings) -> Session {
        Session { settings, runner: None, stack_use: StackUse::default() }
    }

    /// Runs a script on the target.
    pub fn run_file(&mut self, name: &str, source: &str) -> super::report::FileReport {
        let mut engine = Native { session: self, linked: Linked::default(), lost: None };
        super::run::run(name, source, &mut engine)
    }

    /// What the calls so far used of the stack, where [`Settings::measure_stack`] is set.
    #[must_use]
    pub fn stack_use(&self) -> &StackUse {
        &self.stack_use
    }

    fn start_runner(&mut self) -> Result<&mut Runner, String> {
        if self.runner.is_none() {
            let arch = self.settings.options.target.arch();
            let runner = Runner::start(arch, self.settings.runner.clone()).map_err(|error| error.to_string())?;
            self.runner = Some(runner);
        }
        self.runner.as_mut().ok_or_else(|| "there is no runner".to_owned())
    }
}

/// One script on a session.
struct Native<'s> {
    session: &'s mut Session,
    linked: Linked,
    /// Why what the script has done so far is lost: the runner had to be started again.
    lost: Option<String>,
}

impl Native<'_> {
    /// Calls a C function of the image; `what` it is, and what it can use of the stack.
    fn call_address(
        &mut self,
        address: u64,
        slots: &[u64],
        result_slots: usize,
        what: &str,
        stack: &Bound,
    ) -> Result<outcome::Ending, String> {
        if let Some(reason) = &self.lost {
            return Err(format!("the state was lost when the runner {reason}"));
        }
        let Settings { options, measure_stack, .. } = &self.session.settings;
        let (measure, most) = (*measure_stack, options.stack_bytes);
        let bound = stack::given(stack, most).filter(|_| measure);
        let call = Call {
            address,
            slots: slots.to_vec(),
            slot_count: result_slots.max(slots.len()),
            stack_bytes: bound.map_or(most, |(_, given)| given),
        };
        let runner = self.session.start_runner()?;
        let ended = match bound {
            None => runner.call(address, slots, call.slot_count, most).map_err(|error| error.to_string())?,
            Some((bound, _)) => {
                let (ended, used) = runner.call_measured(&call).map_err(|error| error.to_string())?;
                self.session.stack_use.enter(|| what.to_owned(), used, bound)?;
                ended
            }
        };
        if measure && bound.is_none() {
            self.session.stack_use.enter_unbounded();
        }
        let ending = outcome::Ending::new(ended);
        match &ending {
            outcome::Ending::Completed { code: 1.., .. } => self.refuel()?,
            outcome::Ending::Lost(reason) => self.lost = Some(reason.clone()),
            outcome::Ending::Faulted(_) => self.reset_domain()?,
            outcome::Ending::Completed { .. } => {}
        }
        Ok(ending)
    }

    /// Makes the domain's record as it is when nobody is inside, with all the fuel that there can be, which no script uses up. After a
    /// signal nobody has left the domain; without this, every later call would be answered Busy.
    fn reset_domain(&mut self) -> Result<(), String> {
        let Some(address) = self.linked.domain_address else { return Ok(()) };
        let pointer_bytes = self.session.settings.options.target.pointer_bytes();
        let mut record = vec![0; layout::domain::SIZE.bytes(pointer_bytes) as usize];
        let fuel = layout::domain::FUEL.bytes(pointer_bytes) as usize;
        record[fuel..fuel + 8].copy_from_slice(&i64::MAX.to_le_bytes());
        self.session.start_runner()?.write(address, &record).map_err(|error| error.to_string())
    }

    /// Hands out fuel again, after a call that trapped and left none.
    fn refuel(&mut self) -> Result<(), String> {
        let Settings { options, .. } = &self.session.settings;
        let (Meter::Fuel, Some(address)) = (options.meter, self.linked.domain_address) else { return Ok(()) };
        let address = address + u64::from(layout::domain::FUEL.bytes(options.target.pointer_bytes()));
        self.session.start_runner()?.write(address, &i64::MAX.to_le_bytes()).map_err(|error| error.to_string())
    }

    fn try_instantiate(&mut self, index: InstanceIndex) -> Result<Outcome, String> {
        let (address, what, stack) = match self.linked.place(index)? {
            Place::Refused(symbol) => return Ok(Outcome::Unlinkable(format!("nothing defines {symbol}"))),
            Place::Linked(module) => {
                let what = format!("the instantiation of {}", module.name());
                (module.instantiate_address, what, module.instantiation_stack().clone())
            }
        };
        let ending = self.call_address(address, &[], 0, &what, &stack)?;
        ending.outcome(&self.linked, None)
    }

    fn try_call(&mut self, index: InstanceIndex, function: &str, arguments: &[Value]) -> Result<Outcome, String> {
        let module = self.linked.module(index)?;
        let (entry, what) = (module.entry(function)?, format!("{function:?} of {}", module.name()));
        let slots = outcome::to_slots(&entry.ty.params, arguments)?;
        let ending = self.call_address(entry.address, &slots, entry.ty.slots(), &what, &entry.stack)?;
        ending.outcome(&self.linked, Some(&entry.ty.results))
    }

    fn try_read_global(&mut self, index: InstanceIndex, global: &str) -> Result<Outcome, String> {
        let (cell, ty) = self.linked.module(index)?.global_cell(global)?;
        let runner = self.session.start_runner()?;
        let storage = cells::follow(runner, cell)?;
        let bytes = runner.read(storage, cells::storage_bytes(ty)).map_err(|error| error.to_string())?;
        let slots: Vec<u64> = bytes.chunks(8).map(cells::slot).collect();
        Ok(Outcome::Returned(outcome::from_slots(&[ty], &slots)))
    }
}

impl Engine for Native<'_> {
    fn name(&self) -> String {
        self.session.settings.target_name()
    }

    fn prepare(&mut self, script: &Script) -> Result<(), String> {
        let Settings { options, link, .. } = &self.session.settings;
        let compiled = compile::compile_all(script, options);
        let (linked, image) = image::link(options.target.arch(), compiled, link)?;
        self.linked = linked;
        self.session.start_runner()?.load(&image).map_err(|error| error.to_string())?;
        self.reset_domain()
    }

    fn check(&mut self, wasm: &[u8]) -> Acceptance {
        compile::check(wasm, &self.session.settings.options)
    }

    fn instantiate(&mut self, instance: InstanceIndex) -> Outcome {
        self.try_instantiate(instance).unwrap_or_else(Outcome::Broken)
    }

    fn call(&mut self, instance: InstanceIndex, function: &str, arguments: &[Value]) -> Outcome {
        self.try_call(instance, function, arguments).unwrap_or_else(Outcome::Broken)
    }

    fn read_global(&mut self, instance: InstanceIndex, global: &str) -> Outcome {
        self.try_read_global(instance, global).unwrap_or_else(Outcome::Broken)
    }
}

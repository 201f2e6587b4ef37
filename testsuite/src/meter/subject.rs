//! The compiled side: links cases into one image, runs their scripts on a target, and says what differs from the replay.

use super::case::{Case, Compiled, STACK_BYTES};
use super::instrument::Place;
use super::report::Report;
use super::script::{Answer, Call, Episode, Outcome, Snapshot, Step, memory_after};
use crate::diff::script::same_trap;
use crate::diff::{Addresses, Error, Mismatch, Value, ValueType, first_difference, slots_of};
use crate::target::{self, Image, LinkInput, LinkOptions, Runner};
use saggar_abi::layout::domain;
use saggar_abi::trap::Code;
use saggar_compiler::target::Target;
use saggar_compiler::{Artifact, Meter};

/// Further bytes of stack for the host's side of a call.
const HOST_STACK_BYTES: u32 = 64 << 10;

/// Differences of one case after which the others are not interesting.
const ENOUGH: usize = 3;

/// Compiles cases, links them into one image and runs their scripts.
///
/// # Errors
/// When linking or the runner fails as a whole; whatever a single module does is in the report.
pub fn run(runner: &mut Runner, target: Target, cases: &[Case], options: &LinkOptions) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut compiled = Vec::with_capacity(cases.len());
    for case in cases {
        match case.compile(target, Meter::Fuel) {
            Ok(objects) => compiled.push((case, objects)),
            Err(error) => report.mismatches.push(case.mismatch(target, "compilation", "does it", &error.to_string())),
        }
    }
    let artifacts = compiled.iter().flat_map(|(_, compiled)| &compiled.artifacts);
    let inputs: Vec<LinkInput<'_>> =
        artifacts.map(|artifact| LinkInput { name: &artifact.interface.module, bytes: &artifact.object }).collect();
    let image = target::link(target.arch(), &inputs, options)?;
    runner.load(&image)?;
    for (case, compiled) in &compiled {
        report.modules += 1;
        report.add_dropped(&case.script.dropped);
        let mut subject = Subject::new(runner, &image, target, case, compiled)?;
        for (number, episode) in case.script.episodes.iter().enumerate() {
            subject.episode(number, episode)?;
            if subject.report.mismatches.len() >= ENOUGH {
                break;
            }
        }
        report.add(subject.report);
    }
    Ok(report)
}

/// A case in a loaded image.
struct Subject<'s> {
    runner: &'s mut Runner,
    image: &'s Image,
    target: Target,
    case: &'s Case,
    /// Stubs in order, then the module, each with the address of its code.
    modules: Vec<(&'s Artifact, u64)>,
    instantiate: Vec<u64>,
    functions: Vec<u64>,
    addresses: Addresses,
    /// Where the domain's fuel lies.
    fuel: u64,
    report: Report,
}

/// What the compiled module did, or how it failed to do anything that counts.
type Found = Result<Answer, String>;

impl<'s> Subject<'s> {
    fn new(
        runner: &'s mut Runner,
        image: &'s Image,
        target: Target,
        case: &'s Case,
        compiled: &'s Compiled,
    ) -> Result<Subject<'s>, Error> {
        let symbol = |name: &str| image.symbol(name).ok_or_else(|| Error::NoSymbol(name.to_owned()));
        let interface = &compiled.module().interface;
        let surface = &case.prepared.surface;
        let entry = |name: &String| {
            let export = interface.exports.iter().find(|export| export.name == *name);
            symbol(&export.ok_or_else(|| Error::NoSymbol(name.clone()))?.symbol)
        };
        let text = |artifact: &'s Artifact| Ok((artifact, symbol(&artifact.interface.text_symbol)?));
        let instantiate = |artifact: &Artifact| symbol(&artifact.interface.instantiate_symbol);
        let fuel = u64::from(domain::FUEL.bytes(target.pointer_bytes()));
        Ok(Subject {
            modules: compiled.artifacts.iter().map(text).collect::<Result<_, Error>>()?,
            instantiate: compiled.artifacts.iter().map(instantiate).collect::<Result<_, _>>()?,
            functions: surface.functions.iter().map(|(name, _)| entry(name)).collect::<Result<_, _>>()?,
            addresses: Addresses::of(image, interface, surface)?,
            fuel: symbol(&interface.domain_symbol)? + fuel,
            runner,
            image,
            target,
            case,
            report: Report::default(),
        })
    }

    fn episode(&mut self, number: usize, episode: &Episode) -> Result<(), Error> {
        self.report.episodes += 1;
        let found = self.instantiate(episode.fuel)?;
        if !self.same_answer((number, 0), None, episode.fuel, &episode.answer, found)? {
            return Ok(());
        }
        let live = matches!(episode.answer.outcome, Outcome::Returned(_));
        if live && !self.same_state((number, 0), None, episode, &episode.after)? {
            return Ok(());
        }
        for (index, step) in episode.steps.iter().enumerate() {
            let found = self.call(&step.call, step.fuel)?;
            if let Ok(Answer { outcome: Outcome::Trapped(Code::StackOverflow), .. }) = found {
                self.report.drop("compiled code out of stack");
                return Ok(());
            }
            let place = (number, index);
            if !self.same_answer(place, Some(step), step.fuel, &step.answer, found)?
                || !self.same_state(place, Some(step), episode, &step.after)?
            {
                return Ok(());
            }
        }
        Ok(())
    }

    fn instantiate(&mut self, fuel: u64) -> Result<Found, Error> {
        self.runner.write(self.fuel, &fuel.to_le_bytes())?;
        let mut found = Err("nothing to instantiate".to_owned());
        for index in 0..self.instantiate.len() {
            found = self.enter(self.instantiate[index], Vec::new(), &[])?;
            if !matches!(found, Ok(Answer { outcome: Outcome::Returned(_), .. })) {
                break;
            }
        }
        Ok(found)
    }

    fn call(&mut self, call: &Call, fuel: u64) -> Result<Found, Error> {
        self.runner.write(self.fuel, &fuel.to_le_bytes())?;
        let (_, signature) = &self.case.prepared.surface.functions[call.function];
        let slots = Value::to_slots(&call.arguments);
        self.enter(self.functions[call.function], slots, &signature.results)
    }

    fn enter(&mut self, address: u64, slots: Vec<u64>, results: &[ValueType]) -> Result<Found, Error> {
        let call = target::Call { address, slots, slot_count: slots_of(results), stack_bytes: STACK_BYTES + HOST_STACK_BYTES };
        let outcome = self.runner.call_batch(std::slice::from_ref(&call))?.pop();
        let Some(target::Outcome::Completed { code, pc, slots }) = outcome else {
            // Who died inside a domain never left it: only a new image is in a known state.
            self.runner.load(self.image)?;
            return Ok(Err(format!("{outcome:x?}")));
        };
        let outcome = match Code::from_number(code) {
            Some(Code::Ok) => Outcome::Returned(Value::from_slots(results, &slots)),
            Some(Code::OutOfFuel) => match self.place(pc) {
                Some(place) => Outcome::Exhausted(place),
                None => return Ok(Err(format!("out of fuel at pc {pc:#x}, which is no operator"))),
            },
            Some(code) => Outcome::Trapped(code),
            None => return Ok(Err(format!("completion code {code}"))),
        };
        let left = self.runner.read(self.fuel, 8)?.first_chunk().copied().unwrap_or_default();
        Ok(Ok(Answer { outcome, left: u64::from_le_bytes(left) }))
    }

    /// The operator that the code at a return address belongs to.
    fn place(&self, pc: u64) -> Option<Place> {
        for (number, (artifact, text)) in (0..).zip(&self.modules) {
            let offset = pc.checked_sub(*text).filter(|offset| (1..=artifact.report.code_bytes).contains(offset));
            let Some(offset) = offset.and_then(|offset| u32::try_from(offset).ok()) else { continue };
            let location = artifact.code_map.locate_return_address(offset)?;
            return Some(Place { module: number, function: location.function, offset: location.wasm_offset? });
        }
        None
    }

    /// Compares answers. Whether all is well, so that the state can be compared.
    fn same_answer(
        &mut self,
        place: (usize, usize),
        step: Option<&Step>,
        given: u64,
        expected: &Answer,
        found: Found,
    ) -> Result<bool, Error> {
        let found = match found {
            Ok(found) => found,
            Err(failure) => {
                self.mismatch(place, step, "outcome", describe(&expected.outcome), failure);
                return Ok(false);
            }
        };
        let same = match (&expected.outcome, &found.outcome) {
            (Outcome::Trapped(expected), Outcome::Trapped(found)) => same_trap(*expected, *found),
            (expected, found) => expected == found,
        };
        if !same {
            let given = format!("outcome of {given} units");
            self.mismatch(place, step, &given, describe(&expected.outcome), describe(&found.outcome));
            return Ok(false);
        }
        // A trap leaves nothing.
        let left = if matches!(found.outcome, Outcome::Returned(_)) { expected.left } else { 0 };
        if found.left != left {
            let what = format!("fuel left of {given} units");
            self.mismatch(place, step, &what, left.to_string(), found.left.to_string());
            return Ok(false);
        }
        self.report.count(&found.outcome);
        Ok(true)
    }

    fn same_state(
        &mut self,
        place: (usize, usize),
        step: Option<&Step>,
        episode: &Episode,
        expected: &Snapshot,
    ) -> Result<bool, Error> {
        let found = Snapshot { state: self.addresses.look(self.runner)?, tables: self.addresses.tables(self.runner)? };
        if found == *expected {
            return Ok(true);
        }
        if found.state.globals != expected.state.globals || found.tables != expected.tables {
            let show = |snapshot: &Snapshot| format!("{:x?}, {:x?}", snapshot.state.globals, snapshot.tables);
            self.mismatch(place, step, "globals and tables", show(expected), show(&found));
            return Ok(false);
        }
        let differs = |&index: &usize| found.state.memories[index] != expected.state.memories[index];
        let memory = (0..found.state.memories.len()).find(differs).unwrap_or(0);
        let steps = if step.is_some() { place.1 + 1 } else { 0 };
        let theirs = memory_after(&self.case.prepared, episode, steps, memory)?;
        let (expected, found) = first_difference(&theirs, &self.addresses.memory(self.runner, memory)?);
        self.mismatch(place, step, &format!("memory {memory}"), expected, found);
        Ok(false)
    }

    fn mismatch(&mut self, place: (usize, usize), step: Option<&Step>, what: &str, expected: String, found: String) {
        let call = step.map(|step| &step.call);
        self.report.mismatches.push(Mismatch {
            place,
            export: call.map(|call| self.case.prepared.surface.functions[call.function].0.clone()),
            arguments: call.iter().flat_map(|call| &call.arguments).map(Value::to_string).collect(),
            ..self.case.mismatch(self.target, what, &expected, &found)
        });
    }
}

fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Returned(values) => format!("returned ({})", values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")),
        Outcome::Trapped(code) => format!("trapped: {}", code.description()),
        Outcome::Exhausted(place) => {
            format!("out of fuel in module {} function {} at offset {:#x}", place.module, place.function, place.offset)
        }
    }
}

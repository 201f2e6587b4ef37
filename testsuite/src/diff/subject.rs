//! The compiled side: links cases into one image, runs their scripts on a target, and says what differs.

use super::case::{Case, Compiled, STACK_BYTES};
use super::oracle::Oracle;
use super::place::Places;
use super::report::{Mismatch, Report};
use super::script::{self, Episode, Outcome, State, same_trap};
use super::value::{self, Value, ValueType};
use super::{Error, look};
use crate::bounds::stack;
use crate::rows;
use crate::target::{self, Call, Image, LinkInput, LinkOptions, Runner};
use saggar_abi::layout;
use saggar_abi::trap::Code;
use saggar_compiler::report::Bound;
use saggar_compiler::target::Target;
use saggar_compiler::{Artifact, Export, Meter};

/// Further bytes of stack for the host's side of a call.
const HOST_STACK_BYTES: u32 = 64 << 10;

/// Differences of one case after which the others are not interesting.
const ENOUGH: usize = 3;

/// Compiles cases, links them into one image and runs their scripts.
///
/// # Errors
/// When linking or the runner fails as a whole; whatever a single module does is in the report.
pub fn run(runner: &mut Runner, target: Target, cases: &[Case]) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut compiled = Vec::with_capacity(cases.len());
    for case in cases {
        match case.compile(target) {
            Ok(objects) => compiled.push((case, objects)),
            Err(error) => report.mismatches.push(Mismatch::failed(case, target, "compilation", &error.to_string())),
        }
    }
    let image = link(target, &compiled)?;
    runner.load(&image)?;
    for (case, compiled) in &compiled {
        report.modules += 1;
        let mut subject = Subject::new(runner, &image, target, case, compiled)?;
        subject.run()?;
        report.add(subject.report);
    }
    Ok(report)
}

fn link(target: Target, compiled: &[(&Case, Compiled)]) -> Result<Image, Error> {
    let artifacts = compiled.iter().flat_map(|(_, compiled)| compiled.stubs.iter().chain([&compiled.module]));
    let inputs: Vec<LinkInput<'_>> =
        artifacts.map(|artifact| LinkInput { name: &artifact.interface.module, bytes: &artifact.object }).collect();
    Ok(target::link(target.arch(), &inputs, &LinkOptions::default())?)
}

/// A case in a loaded image.
struct Subject<'s> {
    runner: &'s mut Runner,
    image: &'s Image,
    target: Target,
    case: &'s Case,
    module: &'s Artifact,
    /// Entries of `instantiate` with the bounds of stack, stubs first.
    instantiate: Vec<(u64, &'s Bound)>,
    functions: Vec<(u64, &'s Bound)>,
    state: look::Addresses,
    /// Where the fuel is, for modules that use it.
    fuel: Option<u64>,
    text: u64,
    places: Option<Places>,
    report: Report,
}

/// What the compiled module did, or how it failed to do anything that counts.
type Answer = Result<(Outcome, u64), String>;

impl<'s> Subject<'s> {
    fn new(
        runner: &'s mut Runner,
        image: &'s Image,
        target: Target,
        case: &'s Case,
        compiled: &'s Compiled,
    ) -> Result<Subject<'s>, Error> {
        let symbol = |name: &str| image.symbol(name).ok_or_else(|| Error::NoSymbol(name.to_owned()));
        let module = &compiled.module;
        let export = |name: &String| -> Result<&Export, Error> {
            module.interface.exports.iter().find(|export| export.name == *name).ok_or_else(|| Error::NoSymbol(name.clone()))
        };
        let surface = &case.prepared.surface;
        let artifacts = compiled.stubs.iter().chain([module]);
        let instantiate = artifacts
            .map(|artifact| Ok((symbol(&artifact.interface.instantiate_symbol)?, &artifact.report.instantiation.stack_bytes)));
        let bound = |name: &String| {
            let report = module.report.exports.iter().find(|export| export.name == *name);
            report.map(|export| &export.stack_bytes).ok_or_else(|| Error::NoSymbol(name.clone()))
        };
        let functions = surface.functions.iter().map(|(name, _)| Ok((symbol(&export(name)?.symbol)?, bound(name)?)));
        let instantiate = instantiate.collect::<Result<_, Error>>()?;
        let functions = functions.collect::<Result<_, Error>>()?;
        let state = look::Addresses::of(image, &module.interface, surface)?;
        let text = symbol(&module.interface.text_symbol)?;
        let offset = u64::from(layout::domain::FUEL.bytes(target.pointer_bytes()));
        let fuel = (case.meter == Meter::Fuel).then(|| symbol(&module.interface.domain_symbol)).transpose()?;
        Ok(Subject {
            runner,
            image,
            target,
            case,
            module,
            instantiate,
            functions,
            state,
            fuel: fuel.map(|domain| domain + offset),
            text,
            places: None,
            report: Report::default(),
        })
    }

    fn run(&mut self) -> Result<(), Error> {
        for (&reason, &calls) in &self.case.script.dropped {
            self.report.count_drop(reason, calls);
        }
        for (number, episode) in self.case.script.episodes.iter().enumerate() {
            self.episode(number, episode)?;
            if self.report.mismatches.len() >= ENOUGH {
                break;
            }
        }
        Ok(())
    }

    fn episode(&mut self, number: usize, episode: &Episode) -> Result<(), Error> {
        if !self.instantiate(number, episode)? {
            return Ok(());
        }
        for (index, call) in episode.calls.iter().enumerate() {
            let (_, signature) = &self.case.prepared.surface.functions[call.function];
            let slots = Value::to_slots(&call.arguments);
            let answer = self.call(self.functions[call.function], slots, &signature.results)?;
            let dropped = match &answer {
                Ok((Outcome::Trapped(Code::StackOverflow), _)) => Some("compiled code out of stack"),
                Err(message) if rows::is_emulators_fault(self.target, message) => Some("the emulator failed"),
                _ => None,
            };
            if let Some(reason) = dropped {
                self.report.count_drop(reason, u64::try_from(episode.calls.len() - index).unwrap_or(0));
                return Ok(());
            }
            let place = (number, index);
            if !self.same_outcome(place, Some(call), &call.outcome, answer)?
                || !self.same_state(place, Some(call), episode, &call.state)?
            {
                return Ok(());
            }
            match &call.outcome {
                Outcome::Returned(_) => self.report.returned += 1,
                Outcome::Trapped(code) => self.report.count_trap(*code),
            }
        }
        self.same_tables(number, episode)
    }

    /// Instantiates stubs and module; whether calls can follow.
    fn instantiate(&mut self, number: usize, episode: &Episode) -> Result<bool, Error> {
        let last = self.instantiate.len() - 1;
        for index in 0..=last {
            let answer = self.call(self.instantiate[index], Vec::new(), &[])?;
            let expected = if index == last { &episode.instantiation } else { &Outcome::Returned(Vec::new()) };
            if !self.same_outcome((number, 0), None, expected, answer)? {
                return Ok(false);
            }
        }
        self.report.instantiations += 1;
        let returned = matches!(episode.instantiation, Outcome::Returned(_));
        Ok(returned && self.same_state((number, 0), None, episode, &episode.state)?)
    }

    fn call(&mut self, (address, bound): (u64, &Bound), slots: Vec<u64>, results: &[ValueType]) -> Result<Answer, Error> {
        // A call that trapped left none.
        if let Some(fuel) = self.fuel {
            self.runner.write(fuel, &i64::MAX.to_le_bytes())?;
        }
        let most = STACK_BYTES + HOST_STACK_BYTES;
        let given = stack::given(bound, most);
        let stack_bytes = given.map_or(most, |(_, given)| given);
        let call = Call { address, slots, slot_count: value::slots(results), stack_bytes };
        let outcome = match given {
            None => {
                self.report.stack.enter_unbounded();
                self.runner.call_batch(std::slice::from_ref(&call))?.pop()
            }
            Some((bound, _)) => {
                let (outcome, used) = self.runner.call_measured(&call)?;
                if let Err(message) = self.report.stack.enter(|| format!("a call in {}", self.case.prepared.name), used, bound) {
                    return Ok(Err(message));
                }
                Some(outcome)
            }
        };
        Ok(match outcome {
            Some(target::Outcome::Completed { code, pc, slots }) => match Code::from_number(code) {
                Some(Code::Ok) => Ok((Outcome::Returned(Value::from_slots(results, &slots)), pc)),
                Some(code) => Ok((Outcome::Trapped(code), pc)),
                None => Err(format!("completion code {code}")),
            },
            other => {
                // Who died inside a domain never left it: only a new image is in a known state.
                self.runner.load(self.image)?;
                Err(format!("{other:x?}"))
            }
        })
    }

    /// Compares outcomes, and looks up the place of a trap. Whether all is well.
    fn same_outcome(
        &mut self,
        place: (usize, usize),
        call: Option<&script::Call>,
        expected: &Outcome,
        answer: Answer,
    ) -> Result<bool, Error> {
        let found = match answer {
            Ok((found, pc)) => {
                let same = match (expected, &found) {
                    (Outcome::Trapped(expected), Outcome::Trapped(found)) => same_trap(*expected, *found),
                    _ => *expected == found,
                };
                if !same {
                    describe(&found)
                } else if let (Outcome::Trapped(code), Some(_)) = (&found, call) {
                    match self.wrong_place(*code, pc)? {
                        None => return Ok(true),
                        Some(wrong) => format!("{} {wrong}", describe(&found)),
                    }
                } else {
                    return Ok(true);
                }
            }
            Err(failure) => failure,
        };
        self.mismatch(place, call, "outcome", describe(expected), found);
        Ok(false)
    }

    /// What is wrong with the place of a trap, if anything.
    fn wrong_place(&mut self, code: Code, pc: u64) -> Result<Option<String>, Error> {
        let offset = pc.checked_sub(self.text).and_then(|offset| u32::try_from(offset).ok());
        let location = offset.and_then(|offset| self.module.code_map.locate_return_address(offset));
        let Some(wasm_offset) = location.and_then(|location| location.wasm_offset) else {
            return Ok(Some(format!("at pc {pc:#x}, which is no place in the module")));
        };
        if self.places.is_none() {
            self.places = Some(Places::read(&self.case.prepared.wasm)?);
        }
        let fits = self.places.as_ref().is_some_and(|places| places.can_trap(wasm_offset.into(), code));
        self.report.places_checked += u64::from(fits);
        let operator = self.places.as_ref().map_or("", |places| places.operator(wasm_offset.into()));
        Ok((!fits).then(|| format!("at wasm offset {wasm_offset:#x}, where {operator} does not trap so")))
    }

    fn same_state(
        &mut self,
        place: (usize, usize),
        call: Option<&script::Call>,
        episode: &Episode,
        expected: &State,
    ) -> Result<bool, Error> {
        let found = self.state.look(self.runner)?;
        if found == *expected {
            return Ok(true);
        }
        let surface = &self.case.prepared.surface;
        for (index, (name, _)) in surface.globals.iter().enumerate() {
            if found.globals[index] != expected.globals[index] {
                let (expected, found) = (expected.globals[index].to_string(), found.globals[index].to_string());
                self.mismatch(place, call, &format!("global {name:?}"), expected, found);
                return Ok(false);
            }
        }
        let memory = (0..surface.memories.len()).find(|&memory| found.memories[memory] != expected.memories[memory]).unwrap_or(0);
        let ours = self.state.memory(self.runner, memory)?;
        let calls = if call.is_some() { place.1 + 1 } else { 0 };
        let oracle = Oracle::new(&self.case.prepared, self.case.effort.fuel)?;
        let theirs = oracle.memory_after(episode, calls, memory)?;
        let (expected, found) = look::first_difference(&theirs, &ours);
        self.mismatch(place, call, &format!("memory {:?}", surface.memories[memory]), expected, found);
        Ok(false)
    }

    fn same_tables(&mut self, number: usize, episode: &Episode) -> Result<(), Error> {
        if episode.tables.is_empty() {
            return Ok(());
        }
        let found = self.state.tables(self.runner)?;
        for (index, (name, _)) in self.case.prepared.surface.tables.iter().enumerate() {
            if found[index] != episode.tables[index] {
                let what = format!("table {name:?} at the end of the episode");
                let list = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
                let (expected, found) = (list(&episode.tables[index]), list(&found[index]));
                self.mismatch((number, episode.calls.len()), episode.calls.last(), &what, expected, found);
            }
        }
        Ok(())
    }

    fn mismatch(&mut self, place: (usize, usize), call: Option<&script::Call>, what: &str, expected: String, found: String) {
        self.report.mismatches.push(Mismatch {
            module: self.case.prepared.name.clone(),
            target: rows::name(self.target),
            seed: self.case.effort.seed,
            place,
            export: call.map(|call| self.case.prepared.surface.functions[call.function].0.clone()),
            arguments: call.iter().flat_map(|call| &call.arguments).map(Value::to_string).collect(),
            what: what.to_owned(),
            expected,
            found,
        });
    }
}

fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Returned(values) => format!("returned ({})", values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")),
        Outcome::Trapped(code) => format!("trapped: {}", code.description()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Effort;
    use crate::diff::script::Script;
    use crate::target::RunnerOptions;
    use saggar_compiler::target::Arch;

    const MODULE: &str = r#"(module
        (import "env" "number" (func $number (param i32) (result i32)))
        (import "env" "memory" (memory 1))
        (table (export "t") 2 funcref)
        (elem (i32.const 1) $f)
        (global (export "g") (mut i32) (i32.const 5))
        (func $f (export "f") (param i32) (result i32)
            (i32.store (i32.const 8) (local.get 0))
            (global.set 0 (call $number (local.get 0)))
            (i32.add (local.get 0) (global.get 0)))
        (func (export "trap") (unreachable)))"#;

    /// What a target is found to do against a script that claims something else.
    fn against(alter: fn(&mut Script)) -> Report {
        let wasm = wat::parse_str(MODULE).expect("the module is well formed");
        let effort = Effort { seed: 3, rounds: 2, fuel: 10_000, calls: 100 };
        let mut case = Case::new("subject", &wasm, effort, true).expect("the oracle takes the module");
        alter(&mut case.script);
        let mut runner = Runner::start(Arch::X86_64, RunnerOptions::default()).expect("the runner starts");
        run(&mut runner, Target::new(Arch::X86_64), &[case]).expect("the module runs")
    }

    /// The first call of an export, by its result.
    fn call(script: &mut Script, returns: bool) -> &mut script::Call {
        let calls = script.episodes.iter_mut().flat_map(|episode| &mut episode.calls);
        calls.into_iter().find(|call| matches!(call.outcome, Outcome::Returned(_)) == returns).expect("there is such a call")
    }

    #[test]
    fn what_is_the_same_agrees() {
        let report = against(|_| {});
        assert!(report.agrees(), "{report}");
        assert_eq!((report.returned, report.trapped_total(), report.places_checked), (2, 2, 2));
    }

    #[test]
    fn every_kind_of_difference_is_noticed() {
        type Alteration = (&'static str, fn(&mut Script));
        let alterations: [Alteration; 6] = [
            ("outcome", |script| call(script, true).outcome = Outcome::Returned(vec![Value::I32(0x1234_5678)])),
            ("outcome", |script| call(script, true).outcome = Outcome::Trapped(Code::Unreachable)),
            ("outcome", |script| call(script, false).outcome = Outcome::Trapped(Code::IntegerOverflow)),
            ("global", |script| call(script, true).state.globals[0] = Value::I32(0x1234_5678)),
            ("memory", |script| call(script, true).state.memories[0].1 ^= 1),
            ("table", |script| script.episodes[0].tables[0][0] = Value::Func(true)),
        ];
        for (what, alter) in alterations {
            let report = against(alter);
            assert!(report.mismatches.iter().any(|mismatch| mismatch.what.starts_with(what)), "{what}: {report}");
        }
    }
}

//! Runs a script on an engine and judges how each command ended.

use super::engine::{Acceptance, Engine, Outcome};
use super::features;
use super::parse;
use super::report::{FileReport, Kind, Place, Verdict};
use super::script::{Command, Demand, Execution, Instance, InstanceIndex, Module, Script};
use super::value::{self, Pattern, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a script on an engine. Nothing in the source ends the caller: what cannot be parsed, or panics, is a
/// failure of the file.
pub fn run(file: &str, source: &str, engine: &mut impl Engine) -> FileReport {
    let mut report = FileReport::new(file, &engine.name());
    let script = match catch_unwind(|| parse::parse(source)) {
        Ok(Ok(script)) => script,
        Ok(Err((place, reason))) => {
            report.enter(Kind::File, place, Verdict::Failed(format!("cannot be parsed: {reason}")));
            return report;
        }
        Err(panic) => {
            let reason = format!("the text parser panicked: {}", panic_message(&*panic));
            report.enter(Kind::File, Place::default(), Verdict::Failed(reason));
            return report;
        }
    };
    let run = catch_unwind(AssertUnwindSafe(|| run_script(&script, engine, &mut report)));
    let verdict = match run {
        Ok(Ok(())) => Verdict::Passed,
        Ok(Err(reason)) => Verdict::Failed(reason),
        Err(panic) => Verdict::Failed(format!("the harness panicked: {}", panic_message(&*panic))),
    };
    report.enter(Kind::File, Place::default(), verdict);
    report
}

fn run_script(script: &Script, engine: &mut impl Engine, report: &mut FileReport) -> Result<(), String> {
    engine.prepare(script)?;
    match engine.instantiate(super::script::SPECTEST) {
        Outcome::Returned(_) => {}
        other => return Err(format!("spectest is not instantiated: {}", describe(&other))),
    }
    for command in &script.commands {
        let verdict = judge(script, engine, command);
        report.enter(command.kind, command.place, verdict);
    }
    Ok(())
}

fn judge(script: &Script, engine: &mut impl Engine, command: &Command) -> Verdict {
    match &command.demand {
        Demand::Settled(verdict) => verdict.clone(),
        Demand::Define(module) => define(engine, module),
        Demand::Register(instance) => unless_unable(script, *instance).unwrap_or(Verdict::Passed),
        Demand::Refuse(wasm) => refuse(engine, wasm),
        Demand::Unlinkable(instance) => unless_unable(script, *instance).unwrap_or_else(|| match engine.instantiate(*instance) {
            Outcome::Unlinkable(_) => Verdict::Passed,
            other => Verdict::Failed(format!("expected an unlinkable module, {}", describe(&other))),
        }),
        Demand::Complete(execution) => execute(script, engine, execution, |outcome| match outcome {
            Outcome::Returned(_) => Verdict::Passed,
            other => Verdict::Failed(describe(&other)),
        }),
        Demand::Return(execution, patterns) => execute(script, engine, execution, |outcome| returned(patterns, &outcome)),
        Demand::Trap(execution, reason) => execute(script, engine, execution, |outcome| trapped(reason, &outcome)),
    }
}

/// The verdict about a command whose module cannot run at all.
fn unless_unable(script: &Script, instance: InstanceIndex) -> Option<Verdict> {
    let Instance { module, .. } = &script.instances[instance.0];
    match module {
        Module::Wasm(_) => None,
        Module::Needs(feature) => Some(Verdict::Skipped(feature.clone())),
        Module::Broken(reason) => Some(Verdict::Failed(format!("the module is broken: {reason}"))),
    }
}

fn execute(script: &Script, engine: &mut impl Engine, execution: &Execution, judge: impl FnOnce(Outcome) -> Verdict) -> Verdict {
    if let Some(verdict) = unless_unable(script, execution.instance()) {
        return verdict;
    }
    judge(match execution {
        Execution::Instantiate(instance) => engine.instantiate(*instance),
        Execution::Call { instance, function, arguments } => engine.call(*instance, function, arguments),
        Execution::ReadGlobal { instance, global } => engine.read_global(*instance, global),
    })
}

fn define(engine: &mut impl Engine, module: &Module) -> Verdict {
    match module {
        Module::Needs(feature) => Verdict::Skipped(feature.clone()),
        Module::Broken(reason) => Verdict::Failed(format!("the module is broken: {reason}")),
        Module::Wasm(wasm) => match engine.check(wasm) {
            Acceptance::Accepted => Verdict::Passed,
            Acceptance::Refused(reason) | Acceptance::Unsupported(reason) => Verdict::Failed(format!("refused: {reason}")),
            Acceptance::Broken(reason) => Verdict::Failed(reason),
        },
    }
}

fn refuse(engine: &mut impl Engine, wasm: &[u8]) -> Verdict {
    if let Some(feature) = features::needed_to_refuse(wasm) {
        return Verdict::Skipped(feature);
    }
    match engine.check(wasm) {
        // That no feature is needed to see what is wrong was settled above; what remains are features that the script
        // itself takes for wrong, such as a second memory before there was multi-memory.
        Acceptance::Refused(_) | Acceptance::Unsupported(_) => Verdict::Passed,
        Acceptance::Accepted => Verdict::Failed("expected a refusal, but the module was accepted".to_owned()),
        Acceptance::Broken(reason) => Verdict::Failed(format!("expected a refusal: {reason}")),
    }
}

fn returned(patterns: &[Pattern], outcome: &Outcome) -> Verdict {
    let Outcome::Returned(values) = outcome else {
        return Verdict::Failed(format!("expected {}, {}", value::list(patterns), describe(outcome)));
    };
    if patterns.len() == values.len() && patterns.iter().zip(values).all(|(pattern, &value)| pattern.accepts(value)) {
        Verdict::Passed
    } else {
        Verdict::Failed(format!("expected {}, got {}", value::list(patterns), value::list(values)))
    }
}

/// The texts of scripts begin with the reason; some add details (`uninitialized element 2`), others say less.
fn trapped(expected: &str, outcome: &Outcome) -> Verdict {
    let same = |reason: &String| reason.starts_with(expected) || expected.starts_with(reason.as_str());
    match outcome {
        Outcome::Trapped(reasons) if reasons.iter().any(same) => Verdict::Passed,
        other => Verdict::Failed(format!("expected the trap `{expected}`, {}", describe(other))),
    }
}

fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Returned(values) => returned_text(values),
        Outcome::Trapped(reasons) => format!("trapped: {}", reasons.join(", or ")),
        Outcome::Unlinkable(reason) => format!("unlinkable: {reason}"),
        Outcome::Broken(reason) => format!("broken: {reason}"),
    }
}

fn returned_text(values: &[Value]) -> String {
    if values.is_empty() { "returned".to_owned() } else { format!("returned {}", value::list(values)) }
}

/// The text of a panic.
pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a message".to_owned())
}

//! `--budget`: what a module may cost. What costs more does not get built, and is told what the most expensive parts are and what can
//! be done about them.

use super::{Bound, Cost, harmless, shown};
use crate::compile_args::{CompileArgs, MeterArg, bytes};
use crate::console::grouped;
use serde::Serialize;
use std::str::FromStr;

/// Bytes that a module may take; `None`: as many as it likes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Budget {
    flash: Option<u64>,
    ram: Option<u64>,
    stack: Option<u64>,
}

impl FromStr for Budget {
    type Err = String;

    fn from_str(text: &str) -> Result<Budget, String> {
        let mut budget = Budget::default();
        for part in text.split(',') {
            let (item, amount) = part.split_once('=').ok_or_else(|| format!("`{part}` is not ITEM=BYTES"))?;
            let place = match item {
                "flash" => &mut budget.flash,
                "ram" => &mut budget.ram,
                "stack" => &mut budget.stack,
                _ => return Err(format!("`{item}` is not an item; use flash, ram or stack")),
            };
            if place.replace(bytes(amount)?).is_some() {
                return Err(format!("`{item}` is given twice"));
            }
        }
        Ok(budget)
    }
}

/// What of a budget was exceeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Excess {
    item: &'static str,
    budget_bytes: u64,
    /// `None`: nobody can say how many.
    used_bytes: Option<u64>,
    /// Why nobody can.
    unbounded: Vec<String>,
    /// The most expensive parts.
    parts: Vec<String>,
    /// What can be done.
    advice: Vec<String>,
}

impl Excess {
    /// In a few words.
    pub(crate) fn line(&self) -> String {
        let used = self.used_bytes.map_or_else(|| "unbounded".to_owned(), grouped);
        format!("{} {used}, allowed {}", self.item, grouped(self.budget_bytes))
    }

    /// What it consists of and what can be done.
    pub(crate) fn explanation(&self) -> String {
        let largest = (!self.parts.is_empty()).then(|| format!("largest: {}", self.parts.join(", ")));
        let reasons = self.unbounded.iter().cloned().chain(largest).map(|line| format!("\n  {line}"));
        let advice = self.advice.iter().map(|advice| format!("\n  - {advice}"));
        format!("{}{}", self.item, reasons.chain(advice).collect::<String>())
    }
}

/// Parts that are named.
const NAMED_PARTS: usize = 4;

impl Budget {
    /// What a module exceeds.
    pub(crate) fn exceeded(&self, cost: &Cost, args: &CompileArgs) -> Vec<Excess> {
        let over = |budget: Option<u64>, used: Option<u64>| budget.filter(|&budget| used.is_none_or(|used| used > budget));
        let mut found = Vec::new();
        let (flash, ram, stack) = (Some(cost.flash_bytes()), Some(cost.ram_bytes()), stack_bytes(cost));
        if let Some(budget_bytes) = over(self.flash, flash) {
            let (parts, advice) = (flash_parts(cost), flash_advice(args));
            found.push(Excess { item: "flash", budget_bytes, used_bytes: flash, unbounded: Vec::new(), parts, advice });
        }
        if let Some(budget_bytes) = over(self.ram, ram) {
            let (parts, advice) = (ram_parts(cost), ram_advice(cost, args));
            found.push(Excess { item: "ram", budget_bytes, used_bytes: ram, unbounded: Vec::new(), parts, advice });
        }
        if let Some(budget_bytes) = over(self.stack, stack) {
            let unbounded = unbounded_calls(cost);
            let (parts, advice) = (stack_parts(cost, budget_bytes), stack_advice(&unbounded, args));
            found.push(Excess { item: "stack", budget_bytes, used_bytes: stack, unbounded, parts, advice });
        }
        found
    }
}

/// The most that any call takes; `None`: some call has no bound.
fn stack_bytes(cost: &Cost) -> Option<u64> {
    cost.calls().try_fold(0, |most, (_, bounds)| match bounds.stack_bytes {
        Bound::AtMost(bytes) => Some(bytes.max(most)),
        Bound::Unbounded(_) => None,
    })
}

/// Sorts parts by bytes and names the largest.
fn largest(mut parts: Vec<(u64, String)>) -> Vec<String> {
    parts.retain(|(bytes, _)| *bytes > 0);
    // Stable, so that parts of one size stay in the module's order.
    parts.sort_by_key(|(bytes, _)| u64::MAX - bytes);
    parts.into_iter().take(NAMED_PARTS).map(|(bytes, name)| format!("{name} {}", grouped(bytes))).collect()
}

fn flash_parts(cost: &Cost) -> Vec<String> {
    let mut parts: Vec<(u64, String)> =
        cost.functions.iter().map(|function| (u64::from(function.code_bytes), function.title())).collect();
    let functions: u64 = parts.iter().map(|(bytes, _)| bytes).sum();
    parts.push((cost.read_only_bytes, "read-only data".to_owned()));
    parts.push((cost.data_bytes, "initialised data".to_owned()));
    parts.push((cost.code_bytes.saturating_sub(functions), "entries, stubs and instantiation".to_owned()));
    largest(parts)
}

fn flash_advice(args: &CompileArgs) -> Vec<String> {
    let mut advice = vec![
        "build the guest for size: opt-level = \"z\", lto = true, panic = \"abort\" in Rust; -Oz -flto in C".to_owned(),
        "export less: the guest's linker drops what no export uses; --functions lists what is left".to_owned(),
    ];
    if args.meter != MeterArg::Off {
        advice.push("--meter adds code to every loop and function; without it the guest is not stopped".to_owned());
    }
    if !args.check_stack_at_entry {
        advice.push("--check-stack-at-entry takes the stack checks out of functions whose stack has a bound".to_owned());
    }
    advice
}

fn ram_parts(cost: &Cost) -> Vec<String> {
    let other = cost.zero_bytes.saturating_sub(cost.memory_bytes + cost.table_bytes);
    largest(vec![
        (cost.memory_bytes, "linear memory".to_owned()),
        (cost.table_bytes, "tables".to_owned()),
        (other, "globals and records".to_owned()),
        (cost.data_bytes, "initialised data".to_owned()),
    ])
}

fn ram_advice(cost: &Cost, args: &CompileArgs) -> Vec<String> {
    let mut advice = Vec::new();
    if args.memory_reserve.is_some() {
        advice.push("lower --memory-reserve: it is room to grow beyond what the module asks for".to_owned());
    }
    if cost.memory_bytes > 0 {
        advice.push("link the guest with a smaller stack, which is part of its memory: -zstack-size=N of wasm-ld".to_owned());
        if args.memory_bytes.is_none() {
            advice.push("--memory-bytes N gives a memory fewer bytes than its pages of 64 KiB".to_owned());
        } else {
            advice.push("lower --memory-bytes, as far as the guest's data and stack allow".to_owned());
        }
    }
    if cost.table_bytes > 0 {
        let reserve = if args.table_reserve.is_some() { "lower --table-reserve, or " } else { "" };
        advice.push(format!("{reserve}give the guest fewer functions whose address is taken: each is an element of a table"));
    }
    if advice.is_empty() {
        advice.push("the module has neither memory nor tables: what is left are its globals, imports and records".to_owned());
    }
    advice
}

fn unbounded_calls(cost: &Cost) -> Vec<String> {
    let reasons = cost.calls().filter_map(|(name, bounds)| match &bounds.stack_bytes {
        Bound::Unbounded(reason) => Some(format!("{} is unbounded: {}", shown(name), harmless(reason))),
        Bound::AtMost(_) => None,
    });
    reasons.take(NAMED_PARTS).collect()
}

fn stack_parts(cost: &Cost, budget_bytes: u64) -> Vec<String> {
    let calls = cost.calls().filter_map(|(name, bounds)| match bounds.stack_bytes {
        Bound::AtMost(bytes) if bytes > budget_bytes => Some((bytes, shown(name))),
        _ => None,
    });
    let mut parts = largest(calls.collect());
    let frames =
        cost.functions.iter().map(|function| (u64::from(function.frame_bytes), format!("frame of {}", function.title())));
    parts.extend(largest(frames.collect()));
    parts
}

fn stack_advice(unbounded: &[String], args: &CompileArgs) -> Vec<String> {
    let mut advice = Vec::new();
    if unbounded.iter().any(|reason| reason.contains("recursion")) {
        advice.push("turn recursion into a loop with a stack of its own in memory".to_owned());
    }
    if !unbounded.is_empty() && args.host_stack.is_none() {
        advice.push("--host-stack N says how much any host function uses; unknown, there is no bound".to_owned());
    }
    advice.push("keep arrays out of the largest frames, and shorten the deepest chain of calls".to_owned());
    advice
}

#[cfg(test)]
mod tests {
    use super::super::{Bounds, Export, Function};
    use super::{Bound, Budget, Cost};
    use crate::compile_args::CompileArgs;
    use saggar_compiler::target::Arch;

    fn cost(stacks: &[(&str, Bound)]) -> Cost {
        let export = |(name, stack): &(&str, Bound)| Export {
            name: (*name).to_owned(),
            bounds: Bounds { stack_bytes: stack.clone(), fuel: Bound::AtMost(1) },
        };
        let function =
            |index, code_bytes, frame_bytes| Function { index, name: Some(format!("f{index}")), code_bytes, frame_bytes };
        Cost {
            code_bytes: 1_000,
            read_only_bytes: 200,
            data_bytes: 30,
            zero_bytes: 4_000,
            memory_bytes: 3_000,
            table_bytes: 800,
            functions: vec![function(0, 100, 16), function(1, 700, 48)],
            exports: stacks.iter().map(export).collect(),
            ..Cost::default()
        }
    }

    fn exceeded(budget: &str, cost: &Cost) -> Vec<String> {
        let args = CompileArgs::defaults(Arch::Aarch64);
        budget.parse::<Budget>().unwrap().exceeded(cost, &args).iter().map(super::Excess::line).collect()
    }

    #[test]
    fn budgets_are_read() {
        let all = Budget { flash: Some(65536), ram: Some(8192), stack: Some(2048) };
        assert_eq!("flash=64KiB,ram=8KiB,stack=2048".parse(), Ok(all));
        assert_eq!("ram=0".parse(), Ok(Budget { ram: Some(0), ..Budget::default() }));
        for bad in ["", "flash", "flash=", "flash=64KB", "rom=1", "ram=1,ram=2", "flash=1,", "flash = 1"] {
            assert!(bad.parse::<Budget>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_last_byte_is_allowed() {
        let cost = cost(&[("f", Bound::AtMost(96)), ("g", Bound::AtMost(160))]);
        assert!(exceeded("flash=1230,ram=4030,stack=160", &cost).is_empty());
        assert_eq!(
            exceeded("flash=1229,ram=4029,stack=159", &cost),
            ["flash 1,230, allowed 1,229", "ram 4,030, allowed 4,029", "stack 160, allowed 159"]
        );
    }

    #[test]
    fn unbounded_is_more_than_any_stack() {
        let cost = cost(&[("f", Bound::AtMost(96)), ("g", Bound::Unbounded("recursion: g → g".to_owned()))]);
        assert_eq!(exceeded("stack=1GiB", &cost), ["stack unbounded, allowed 1,073,741,824"]);
        assert!(exceeded("flash=64KiB", &cost).is_empty());
    }

    #[test]
    fn instantiation_counts() {
        let mut cost = cost(&[("f", Bound::AtMost(96))]);
        cost.instantiation = Some(Bounds { stack_bytes: Bound::AtMost(500), fuel: Bound::AtMost(0) });
        assert_eq!(exceeded("stack=499", &cost), ["stack 500, allowed 499"]);
    }

    #[test]
    fn what_is_most_expensive_comes_first() {
        let cost = cost(&[("deep", Bound::AtMost(4_000)), ("flat", Bound::AtMost(10))]);
        let args = CompileArgs::defaults(Arch::Aarch64);
        let found = "flash=0,ram=0,stack=11".parse::<Budget>().unwrap().exceeded(&cost, &args);
        let parts: Vec<String> = found.iter().map(|excess| excess.parts.join(", ")).collect();
        assert_eq!(
            parts,
            [
                "#1 f1 700, read-only data 200, entries, stubs and instantiation 200, #0 f0 100",
                "linear memory 3,000, tables 800, globals and records 200, initialised data 30",
                "deep 4,000, frame of #1 f1 48, frame of #0 f0 16"
            ]
        );
        assert!(found[1].advice.iter().any(|advice| advice.contains("--memory-bytes")), "{found:?}");
    }
}

//! What both sides are put through: calls with amounts of fuel, and what the replay answered.
//!
//! Every episode starts from new instances and has one call at its centre, with one of the amounts at which something changes: none,
//! one unit, one less than the call takes, exactly that, one more, and some in between. What stands before it was given plenty;
//! what comes after it runs in the state that it left.

use super::instrument::Place;
use super::replay::{Machine, Replay};
use crate::diff::prepare::Prepared;
use crate::diff::script::State;
use crate::diff::{Error, Value};
use fastrand::Rng;
use saggar_abi::trap::Code;
use std::collections::{BTreeMap, BTreeSet};

/// How a call or an instantiation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It returned these results.
    Returned(Vec<Value>),
    /// It trapped, but not for want of fuel.
    Trapped(Code),
    /// It ran out of fuel here.
    Exhausted(Place),
}

/// What a side says about a call or an instantiation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How it ended.
    pub outcome: Outcome,
    /// The fuel left.
    pub left: u64,
}

/// What can be seen of a module between calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Memories and globals.
    pub state: State,
    /// What every table holds.
    pub tables: Vec<Vec<Value>>,
}

/// A call of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Index into the functions of the surface.
    pub function: usize,
    /// Its arguments.
    pub arguments: Vec<Value>,
}

/// A call with its fuel, and what the replay made of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// The call.
    pub call: Call,
    /// What it is given.
    pub fuel: u64,
    /// What the replay answered.
    pub answer: Answer,
    /// The state after it.
    pub after: Snapshot,
}

/// Calls on new instances.
#[derive(Clone, Debug)]
pub struct Episode {
    /// What instantiation is given.
    pub fuel: u64,
    /// What the replay answered to instantiation.
    pub answer: Answer,
    /// The state after it, if it returned.
    pub after: Snapshot,
    /// The calls.
    pub steps: Vec<Step>,
}

/// Everything that a module is put through.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Episodes in order.
    pub episodes: Vec<Episode>,
    /// What was left out, by the reason.
    pub dropped: BTreeMap<&'static str, u64>,
}

/// How much is tried on a module.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Decides whatever is left to chance.
    pub seed: u64,
    /// Calls that come before every other, with plenty of fuel: what a guest needs to be ready.
    pub prologue: Vec<Call>,
    /// The calls that are tried.
    pub calls: Calls,
    /// Random amounts for each call, beyond the five that are always tried.
    pub amounts: usize,
    /// What stands for plenty: a call that does not end has taken so much.
    pub plenty: u64,
}

/// Which calls are tried.
#[derive(Clone, Debug)]
pub enum Calls {
    /// These.
    Given(Vec<Call>),
    /// So many of any export, with any arguments.
    MadeUp(usize),
}

/// Calls that follow in the state that a call left when it ran out, at most.
const FOLLOWING: usize = 2;

/// Lets the replay answer everything that an effort asks.
///
/// # Errors
/// When the module cannot be replayed.
pub fn script(prepared: &Prepared, effort: &Effort) -> Result<Script, Error> {
    let replay = Replay::new(prepared)?;
    let mut maker = Maker { prepared, replay, effort, rng: Rng::with_seed(effort.seed ^ 0x6675_656c), script: Script::default() };
    maker.instantiations()?;
    let calls = match &effort.calls {
        Calls::Given(calls) => calls.clone(),
        Calls::MadeUp(count) => (0..*count).filter_map(|_| maker.any_call()).collect(),
    };
    for call in calls {
        maker.tries(&call)?;
    }
    Ok(maker.script)
}

/// The bytes of a memory after the first `steps` calls of an episode, from a replay of it.
///
/// # Errors
/// When the module cannot be replayed.
pub fn memory_after(prepared: &Prepared, episode: &Episode, steps: usize, memory: usize) -> Result<Vec<u8>, Error> {
    let (mut machine, _) = Replay::new(prepared)?.start(episode.fuel)?;
    for step in &episode.steps[..steps] {
        machine.call(&step.call, step.fuel)?;
    }
    Ok(machine.memory(memory))
}

struct Maker<'e> {
    prepared: &'e Prepared,
    replay: Replay<'e>,
    effort: &'e Effort,
    rng: Rng,
    script: Script,
}

impl<'e> Maker<'e> {
    fn any_call(&mut self) -> Option<Call> {
        let functions = &self.prepared.surface.functions;
        if functions.is_empty() {
            return None;
        }
        let function = self.rng.usize(0..functions.len());
        let arguments = functions[function].1.params.iter().map(|&ty| Value::arbitrary(ty, &mut self.rng)).collect();
        Some(Call { function, arguments })
    }

    /// The amounts at which something may change for what takes so much.
    fn amounts(&mut self, taken: u64) -> BTreeSet<u64> {
        let mut amounts = BTreeSet::from([0, 1, taken.saturating_sub(1), taken, taken + 1]);
        amounts.extend((0..self.effort.amounts).map(|_| self.rng.u64(0..=taken)));
        amounts
    }

    fn drop(&mut self, reason: &'static str) {
        *self.script.dropped.entry(reason).or_default() += 1;
    }

    /// Starts an episode; `None` where wasmi has no answer.
    fn start(&self, fuel: u64) -> Result<Option<(Machine<'e>, Episode)>, Error> {
        let (machine, answer) = self.replay.start(fuel)?;
        let Some(answer) = answer else { return Ok(None) };
        let after = if matches!(answer.outcome, Outcome::Returned(_)) { machine.look() } else { Snapshot::default() };
        Ok(Some((machine, Episode { fuel, answer, after, steps: Vec::new() })))
    }

    /// Instantiation alone, with every amount at which it may end in another way.
    fn instantiations(&mut self) -> Result<(), Error> {
        let Some((_, episode)) = self.start(self.effort.plenty)? else {
            self.drop("instantiation in wasmi");
            return Ok(());
        };
        let taken = self.effort.plenty - episode.answer.left;
        // Without a start function nothing is taken, and no fuel is needed; which every other episode shows as well.
        let amounts = if taken == 0 { BTreeSet::from([0]) } else { self.amounts(taken) };
        for fuel in amounts {
            if let Some((_, episode)) = self.start(fuel)? {
                self.script.episodes.push(episode);
            }
        }
        Ok(())
    }

    /// A call with every amount at which it may end in another way.
    fn tries(&mut self, call: &Call) -> Result<(), Error> {
        let plenty = self.effort.plenty;
        let Some(answer) = self.episode(call, plenty, 0)? else { return Ok(()) };
        let endless = matches!(answer.outcome, Outcome::Exhausted(_));
        let taken = plenty - answer.left;
        for fuel in self.amounts(taken) {
            // Where the call does not end, the largest amounts are those that wasmi was asked for just now.
            if !endless || fuel < plenty {
                self.episode(call, fuel, FOLLOWING)?;
            }
        }
        Ok(())
    }

    /// Adds an episode; what the replay answers to the call at its centre, if anything.
    fn episode(&mut self, call: &Call, fuel: u64, following: usize) -> Result<Option<Answer>, Error> {
        let plenty = self.effort.plenty;
        let mut later = Vec::new();
        for _ in 0..self.rng.usize(0..=following) {
            later.extend(self.any_call().map(|call| (call, self.rng.u64(0..200))));
        }
        let effort = self.effort;
        let Some((mut machine, mut episode)) = self.start(plenty)? else { return Ok(None) };
        if !matches!(episode.answer.outcome, Outcome::Returned(_)) {
            return Ok(None);
        }
        let before = effort.prologue.iter().map(|call| (call.clone(), plenty));
        let centre = effort.prologue.len();
        for (call, fuel) in before.chain([(call.clone(), fuel)]).chain(later) {
            let Some(answer) = machine.call(&call, fuel)? else { break };
            let after = machine.look();
            episode.steps.push(Step { call, fuel, answer, after });
        }
        let answer = episode.steps.get(centre).map(|step| step.answer.clone());
        if answer.is_none() {
            self.drop("out of stack in wasmi");
        }
        self.script.episodes.push(episode);
        Ok(answer)
    }
}

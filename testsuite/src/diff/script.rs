//! What both sides are put through, with what the oracle answered.
//!
//! A script is a list of episodes. Each starts with fresh instances of the module and its stubs, and calls one
//! export after another; a trap ends a call, not the episode. The state after every step is part of the script.

use super::value::Value;
use saggar_abi::trap::Code;
use std::collections::BTreeMap;

/// How a call or an instantiation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It returned these results.
    Returned(Vec<Value>),
    /// It trapped.
    Trapped(Code),
}

/// What can be seen of a module between two calls. Lists are in the order of the surface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Size in bytes and hash of every memory.
    pub memories: Vec<(u64, u64)>,
    /// Every global.
    pub globals: Vec<Value>,
}

/// A call, and what the oracle answered.
#[derive(Clone, Debug)]
pub struct Call {
    /// Index into the functions of the surface.
    pub function: usize,
    /// Its arguments.
    pub arguments: Vec<Value>,
    /// How it ended.
    pub outcome: Outcome,
    /// The state after it.
    pub state: State,
}

/// Calls on one pair of instances.
#[derive(Clone, Debug)]
pub struct Episode {
    /// How instantiation ended; unless it returned there are no calls and no state.
    pub instantiation: Outcome,
    /// The state after instantiation.
    pub state: State,
    /// The calls in order.
    pub calls: Vec<Call>,
    /// What every table holds at the end: references, as far as both sides can name them.
    pub tables: Vec<Vec<Value>>,
}

/// Everything that a module is put through.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Episodes in order.
    pub episodes: Vec<Episode>,
    /// Calls that the oracle could not finish, by the reason.
    pub dropped: BTreeMap<&'static str, u64>,
}

impl Script {
    /// Number of calls.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.episodes.iter().map(|episode| episode.calls.len()).sum()
    }
}

/// Whether a trap of ours is what the oracle means.
///
/// The oracle has one code for everything that leaves a table; here an indirect call is told apart.
#[must_use]
pub fn same_trap(oracle: Code, ours: Code) -> bool {
    oracle == ours || (oracle == Code::TableOutOfBounds && ours == Code::UndefinedElement)
}

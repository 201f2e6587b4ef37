//! One stack check at the entry in place of one in every function.
//!
//! A function may go without a check of its own when it is known how deep it goes, host functions apart, and when no function calls
//! it of which that is not known. So functions fall into two parts: what is checked calls only what is checked, and what is not
//! is entered from outside only by *roots*. Before a root that calls anything stands a check of all the stack that it can take, host
//! functions apart, which live in the headroom as ever. It is the one that stands before functions with large frames.

use super::graph::Graph;
use super::reach::Reach;
use super::stack::Depths;
use crate::compile::Piece;
use crate::error::Error;
use crate::frame_check::{self, LARGEST_FRAME};
use crate::instance::Env;
use crate::module::FuncIndex;
use crate::symbol::Symbol;
use wasmparser::FunctionBody;

/// Where the stack is checked for a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum StackCheck {
    /// In its body if it calls anything, before it if its frame is large.
    #[default]
    Own,
    /// Before it, for all that it calls; whoever was checked already goes to its body.
    ForAll,
    /// In whoever calls it.
    Callers,
}

/// Where the stack is checked, for each function of the module; empty where all make their own checks.
#[derive(Default)]
pub(crate) struct EntryChecks(Vec<StackCheck>);

impl EntryChecks {
    pub(super) fn new(env: &Env<'_, '_>, graph: &Graph, reach: &Reach) -> EntryChecks {
        let checked = checked(env, graph, reach);
        let roots = reach.roots(env);
        let of = |index: usize| {
            let calls = || env.body_facts(FuncIndex(u32::try_from(index).unwrap_or(u32::MAX))).calls;
            match roots[index] {
                _ if index < env.module.imported_funcs || checked[index] => StackCheck::Own,
                true if calls() => StackCheck::ForAll,
                true => StackCheck::Own,
                false => StackCheck::Callers,
            }
        };
        EntryChecks((0..env.module.funcs.len()).map(of).collect())
    }

    /// Whether every function makes its own checks.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the stack is checked for a function.
    pub(crate) fn of(&self, func: FuncIndex) -> StackCheck {
        self.0.get(func.index()).copied().unwrap_or_default()
    }
}

/// The nodes that must make their own checks: those that lead to the unknown, and what these call.
fn checked(env: &Env<'_, '_>, graph: &Graph, reach: &Reach) -> Vec<bool> {
    let mut checked = vec![false; graph.len()];
    for knot in graph.knots() {
        let leads_to_unknown = graph.members(knot).iter().any(|&member| {
            graph.function(member).is_some_and(|func| reach.unknown_callee(env, func).is_some())
                || graph.edges(member).iter().any(|edge| checked[edge.to.index()])
        });
        if leads_to_unknown || graph.recursion(knot).is_some() {
            graph.members(knot).iter().for_each(|member| checked[member.index()] = true);
        }
    }
    for knot in graph.knots().iter().rev() {
        let members = graph.members(knot);
        if members.iter().any(|member| checked[member.index()]) {
            members.iter().for_each(|member| checked[member.index()] = true);
            members.iter().flat_map(|member| graph.edges(*member)).for_each(|edge| checked[edge.to.index()] = true);
        }
    }
    checked
}

/// Puts a check before each function that has one for all that it calls.
pub(super) fn add(
    env: &Env<'_, '_>,
    depths: &Depths<'_>,
    bodies: &[FunctionBody<'_>],
    functions: &mut [Vec<Piece>],
) -> Result<(), Error> {
    for (pieces, body) in functions.iter_mut().zip(bodies) {
        let Some(&Piece { symbol: symbol @ Symbol::Body(func), .. }) = pieces.first() else { continue };
        if env.entry_checks.of(func) != StackCheck::ForAll {
            continue;
        }
        let depth = depths.of_call(func).map_err(|reason| Error::internal(format!("a checked entry has no depth: {reason}")))?;
        let fault = crate::fault::active!(env.options, EntryCheckOfOneFrame);
        let depth = if fault { pieces.first().map_or(0, |piece| u64::from(piece.code.frame_bytes)) } else { depth };
        let bytes = u32::try_from(depth).ok().filter(|bytes| *bytes < LARGEST_FRAME).ok_or_else(|| {
            Error::limit(format!("a call of {} takes {depth} bytes of stack", env.module.func_label(func)))
                .help("leave --check-stack-at-entry out, or split the function")
        })?;
        let place = u32::try_from(body.range().start).unwrap_or(u32::MAX);
        let code = frame_check::check(env.target.arch(), bytes, symbol, place);
        pieces.insert(0, Piece { symbol: Symbol::Func(func), code, clif: None });
    }
    Ok(())
}

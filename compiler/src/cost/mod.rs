//! What a call can use at most, proven from the module alone: stack in bytes ([`stack`]) and fuel ([`fuel`]).
//!
//! Both go over the call graph ([`graph`]), callees first, and both end where nothing can be proven: at recursion, and at calls of
//! which nobody knows where they lead ([`reach`]). The bound is then a reason, for people.
//!
//! A bound is never too low; that is the point of it. It may be too high where a program never takes the path that it is for.
//!
//! From the same graph comes which functions need no stack check of their own, because one at the entry covers them
//! ([`Options::check_stack_at_entry`](crate::Options::check_stack_at_entry)).

mod entry;
mod fuel;
mod graph;
mod reach;
mod stack;

pub(crate) use entry::{EntryChecks, StackCheck};

use crate::compile::Piece;
use crate::error::Error;
use crate::instance::Env;
use crate::module::ExportItem;
use crate::report::{Bound, ExportReport, InstantiationReport};
use graph::Graph;
use reach::Reach;
use stack::{Depths, Frames};
use wasmparser::FunctionBody;

/// The call graph of a module with what is known of its borders.
pub(crate) struct Costs {
    graph: Graph,
    reach: Reach,
}

impl Costs {
    /// Reads the module; bodies need not be validated yet.
    pub(crate) fn new(env: &Env<'_, '_>) -> Costs {
        Costs { graph: Graph::new(env), reach: Reach::new(env) }
    }

    /// Which functions are checked where.
    pub(crate) fn entry_checks(&self, env: &Env<'_, '_>) -> EntryChecks {
        EntryChecks::new(env, &self.graph, &self.reach)
    }

    /// Puts checks before the functions that others enter, now that it is known how deep these go. `glue` is what they may call.
    ///
    /// # Errors
    /// `Limit` when a function goes deeper than a check can say.
    pub(crate) fn add_entry_checks(
        &self,
        env: &Env<'_, '_>,
        bodies: &[FunctionBody<'_>],
        functions: &mut [Vec<Piece>],
        glue: &[Vec<Piece>],
    ) -> Result<(), Error> {
        if env.entry_checks.is_empty() {
            return Ok(());
        }
        let frames = Frames::new(env, functions.iter().chain(glue).flatten());
        // What host functions use comes out of the headroom.
        let depths = Depths::new(env, &self.graph, &self.reach, &frames, Some(0));
        entry::add(env, &depths, bodies, functions)
    }

    /// The bounds of every exported function, in the order of the exports, and of instantiation. The bodies are valid.
    pub(crate) fn report<'p>(
        &self,
        env: &Env<'_, '_>,
        bodies: &[FunctionBody<'_>],
        pieces: impl Iterator<Item = &'p Piece>,
    ) -> (Vec<ExportReport>, InstantiationReport) {
        let frames = Frames::new(env, pieces);
        let host_bytes = env.options.host_stack_bytes.map(u64::from);
        let depths = Depths::new(env, &self.graph, &self.reach, &frames, host_bytes);
        let fuel = fuel::bounds(env, &self.graph, &self.reach, bodies);
        let exports = env.module.exports.iter().filter_map(|export| match export.item {
            ExportItem::Func(func) => Some(ExportReport {
                name: export.name.clone(),
                stack_bytes: depths.of_entry(func),
                fuel: fuel[func.index()].clone(),
            }),
            _ => None,
        });
        let start = env.module.start.map_or(Bound::AtMost(0), |(func, _)| fuel[func.index()].clone());
        (exports.collect(), InstantiationReport { stack_bytes: depths.of_instantiation(), fuel: start })
    }
}

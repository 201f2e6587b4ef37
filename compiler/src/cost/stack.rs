//! Upper bounds of stack: how deep a call can go, from frames and the call graph.
//!
//! **What is counted.** Cranelift's tail-call convention gives a function's stack arguments to the callee: they lie in the caller's
//! frame, directly above the return address, and a tail call puts its own arguments in their place. So the upper end of this area
//! is what stays fixed along a chain of tail calls, and depths are counted from there:
//!
//! ```text
//! depth(f) = max of  arguments(f) + frame(f) + max of  depth(g) − arguments(g)   for every g that f calls
//!                                                      what else f calls: host functions, the runtime library, a trap's stub
//!                    depth(g)                                                   for every g that takes the place of f
//! ```
//!
//! where frame(f) holds the return address, saved registers, spilled values, outgoing arguments, and by how much the frame is moved
//! down for arguments of tail calls that the own area is too small for. In a knot of tail calls all members have the depth of the
//! deepest. A knot with any other call in it has no depth.
//!
//! A host counts from its call of an entry: the entry, the runtime library's way into the activation, the thunk with the
//! arguments, the function.

use super::graph::{Graph, Knot, Node};
use super::reach::{Reach, chain, short};
use crate::backend::{RelocTarget, stack_argument_bytes};
use crate::compile::Piece;
use crate::instance::Env;
use crate::interface::Provider;
use crate::module::FuncIndex;
use crate::report::Bound;
use crate::symbol::{Runtime, Symbol};
use crate::target::Arch;
use crate::translate::code::link_signature;
use saggar_abi::layout::stack::{self, RuntimeStack};
use std::collections::HashMap;
use std::rc::Rc;

/// A depth in bytes, or why there is none.
type Depth = Result<u64, Rc<str>>;

/// What the runtime library uses on an architecture.
fn runtime_stack(arch: Arch) -> RuntimeStack {
    match arch {
        Arch::X86_64 => stack::X86_64,
        Arch::Aarch64 => stack::AARCH64,
        Arch::Riscv64 => stack::RISCV64,
    }
}

/// What a piece of code takes by itself: its frame, and below it the deepest of what is no function of the graph.
pub(super) struct Frames {
    pieces: HashMap<Symbol, (u64, u64, Option<FuncIndex>)>,
    runtime: RuntimeStack,
}

impl Frames {
    /// Reads all pieces of a module.
    pub(super) fn new<'p>(env: &Env<'_, '_>, pieces: impl Iterator<Item = &'p Piece>) -> Frames {
        let runtime = runtime_stack(env.target.arch());
        let mut frames = Frames { pieces: HashMap::new(), runtime };
        for piece in pieces {
            let mut beneath = 0;
            let mut host = None;
            for relocation in &piece.code.relocations {
                let RelocTarget::Symbol(symbol) = relocation.target else { continue };
                beneath = beneath.max(match symbol {
                    Symbol::Runtime(Runtime::Enter | Runtime::EnterWithin | Runtime::Instantiate) => 0,
                    Symbol::Runtime(Runtime::Copy | Runtime::Fill | Runtime::Raise) | Symbol::Trap(_) => runtime.call,
                    Symbol::Runtime(_) => runtime.operation,
                    Symbol::External(func) if env.func_provider(func) == Some(Provider::Host) => {
                        host = host.or(Some(func));
                        0
                    }
                    _ => 0,
                });
            }
            // A function with a check before it is two pieces; the check has no frame.
            let symbol = match piece.symbol {
                Symbol::Body(func) => Symbol::Func(func),
                Symbol::ThunkBody(func) => Symbol::Thunk(func),
                Symbol::InstantiateLarge => Symbol::InstantiateBody,
                symbol => symbol,
            };
            let known = frames.pieces.entry(symbol).or_insert((0, 0, None));
            *known = (known.0.max(u64::from(piece.code.frame_bytes)), known.1.max(u64::from(beneath)), known.2.or(host));
        }
        frames
    }

    /// Frame and what lies beneath, of code that may not exist: what is never called by its symbol has none.
    fn of(&self, symbol: Symbol) -> (u64, u64, Option<FuncIndex>) {
        self.pieces.get(&symbol).copied().unwrap_or((0, 0, None))
    }
}

/// The depths of all functions.
pub(super) struct Depths<'a> {
    env: &'a Env<'a, 'a>,
    frames: &'a Frames,
    /// What a host function may use; `None`: not known.
    host_bytes: Option<u64>,
    /// Bytes of stack arguments of each type.
    arguments: Vec<u64>,
    of: Vec<Depth>,
}

impl<'a> Depths<'a> {
    /// Computes them.
    pub(super) fn new(
        env: &'a Env<'a, 'a>,
        graph: &Graph,
        reach: &Reach,
        frames: &'a Frames,
        host_bytes: Option<u64>,
    ) -> Depths<'a> {
        let bytes = |ty| u64::from(stack_argument_bytes(env.target.arch(), &link_signature(env, ty)));
        let arguments = env.module.types.iter().map(bytes).collect();
        let mut depths = Depths { env, frames, host_bytes, arguments, of: vec![Ok(0); graph.len()] };
        for knot in graph.knots() {
            let depth = depths.knot(graph, reach, knot);
            for member in graph.members(knot) {
                depths.of[member.index()] = depth.clone();
            }
        }
        depths
    }

    fn knot(&self, graph: &Graph, reach: &Reach, knot: &Knot) -> Depth {
        if let Some(cycle) = graph.recursion(knot) {
            return Err(format!("recursion: {}", chain(self.env, &cycle)).into());
        }
        let mut deepest = 0;
        for &member in graph.members(knot) {
            if let Some(reason) = graph.function(member).and_then(|func| reach.unknown_callee(self.env, func)) {
                return Err(reason.into());
            }
            deepest = deepest.max(self.member(graph, member)?);
        }
        Ok(deepest)
    }

    /// A node of a knot, of which the other members count as nothing yet.
    fn member(&self, graph: &Graph, member: Node) -> Depth {
        let (own, (frame, beneath)) = match graph.function(member) {
            Some(func) => (self.arguments(func), self.frame(Symbol::Func(func))?),
            None => (0, (0, 0)),
        };
        let (mut below, mut instead) = (beneath, 0);
        for edge in graph.edges(member) {
            let depth = self.of[edge.to.index()].clone()?;
            if edge.tail {
                instead = instead.max(depth);
            } else if !crate::fault::active!(self.env.options, BoundOfOneFrame) {
                below = below.max(depth.saturating_sub(self.arguments_of(graph, edge.to)));
            }
        }
        Ok((own + frame + below).max(instead))
    }

    /// Frame of a piece, and what lies beneath it.
    fn frame(&self, symbol: Symbol) -> Result<(u64, u64), Rc<str>> {
        let (frame, beneath, host) = self.frames.of(symbol);
        let Some(func) = host else { return Ok((frame, beneath)) };
        let Some(bytes) = self.host_bytes else {
            let import = self.env.module.funcs[func.index()].import.map(|import| &self.env.module.imports[import]);
            let name = import.map_or_else(String::new, |import| format!(" {} {}", short(&import.module), short(&import.name)));
            return Err(format!("a call of the host: the import{name}; --host-stack says what host functions use").into());
        };
        Ok((frame, beneath.max(bytes + u64::from(self.frames.runtime.call))))
    }

    fn arguments(&self, func: FuncIndex) -> u64 {
        self.arguments[self.env.module.funcs[func.index()].ty.index()]
    }

    /// All members of a family have the same arguments.
    fn arguments_of(&self, graph: &Graph, node: Node) -> u64 {
        let member = graph.function(node).or_else(|| graph.edges(node).first().and_then(|edge| graph.function(edge.to)));
        member.map_or(0, |func| self.arguments(func))
    }

    /// What a call of a function takes, from the caller's stack pointer on.
    pub(super) fn of_call(&self, func: FuncIndex) -> Depth {
        Ok(self.of[func.index()].clone()?.saturating_sub(self.arguments(func)))
    }

    /// What a host's call of an exported function takes.
    pub(super) fn of_entry(&self, func: FuncIndex) -> Bound {
        let depth = || {
            let (entry, _) = self.frame(Symbol::Entry(func))?;
            let (thunk, beneath) = self.frame(Symbol::Thunk(func))?;
            Ok(entry + u64::from(self.frames.runtime.enter) + thunk + beneath.max(self.of_call(func)?))
        };
        bound(depth())
    }

    /// What instantiation takes.
    pub(super) fn of_instantiation(&self) -> Bound {
        let depth = || {
            let (entry, _) = self.frame(Symbol::Instantiate)?;
            let (body, beneath) = self.frame(Symbol::InstantiateBody)?;
            let start = match self.env.module.start {
                Some((func, _)) => self.of_call(func)?,
                None => 0,
            };
            Ok(entry + u64::from(self.frames.runtime.enter) + body + beneath.max(start))
        };
        bound(depth())
    }
}

fn bound(depth: Depth) -> Bound {
    match depth {
        Ok(bytes) => Bound::AtMost(bytes),
        Err(reason) => Bound::Unbounded(reason.to_string()),
    }
}

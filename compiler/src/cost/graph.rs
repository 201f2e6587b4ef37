//! The module's call graph, its cycles, and an order in which callees come before their callers.
//!
//! A node is a function, or a *family*: all functions of one type that a reference may lead to. An indirect call leads to a
//! family, and a family to its members, so that the graph stays as small as the module. Nothing recurses and every edge is looked
//! at a few times, for modules of strangers can be one deep chain or one big knot.
//!
//! It is built from bodies that are not validated yet: what they name and does not exist is passed over here and refused later.

use crate::instance::Env;
use crate::interface::Provider;
use crate::module::{Callee, FuncIndex, TypeIndex};
use std::collections::{HashMap, HashSet, VecDeque};

/// A function, by its index, or a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node(pub(super) u32);

impl Node {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) to: Node,
    /// The callee takes the place of the caller; so does the member of a family.
    pub(super) tail: bool,
}

/// Nodes that all lead to each other, or one that does not lead to itself.
pub(super) struct Knot {
    members: std::ops::Range<u32>,
    /// Some call of a member is of a member.
    pub(super) is_cycle: bool,
    /// A call within it that is not in tail position.
    deepens: Option<(Node, Node)>,
}

/// The call graph.
pub(super) struct Graph {
    functions: u32,
    edges: Vec<Edge>,
    /// Where each node's edges begin; one more at the end.
    starts: Vec<u32>,
    /// Callees first.
    knots: Vec<Knot>,
    /// Nodes, knot by knot.
    order: Vec<Node>,
    knot_of: Vec<u32>,
}

impl Graph {
    /// The graph of a module.
    pub(super) fn new(env: &Env<'_, '_>) -> Graph {
        let functions = count(env.module.funcs.len());
        let mut graph =
            Graph { functions, edges: Vec::new(), starts: vec![0], knots: Vec::new(), order: Vec::new(), knot_of: Vec::new() };
        for index in (0..functions).map(FuncIndex) {
            if index.index() >= env.module.imported_funcs {
                graph.add_calls(env, index);
            }
            graph.starts.push(count(graph.edges.len()));
        }
        let mut members: Vec<Vec<FuncIndex>> = vec![Vec::new(); env.module.types.len()];
        for func in &env.recorded {
            // A body that is not valid may refer to what there is not.
            if let Some(decl) = env.module.funcs.get(func.index()) {
                members[env.canonical_types[decl.ty.index()].index()].push(*func);
            }
        }
        for family in members {
            graph.edges.extend(family.into_iter().map(|func| Edge { to: Node(func.0), tail: true }));
            graph.starts.push(count(graph.edges.len()));
        }
        graph.find_knots();
        graph
    }

    fn add_calls(&mut self, env: &Env<'_, '_>, caller: FuncIndex) {
        for call in &env.body_facts(caller).callees {
            let to = match call.callee {
                Callee::Func(func) if func.index() >= env.module.funcs.len() => continue,
                Callee::Func(func) if calls_host_directly(env, func) => continue,
                Callee::Func(func) => Node(func.0),
                Callee::Indirect(_, ty) => match env.canonical_types.get(ty.index()) {
                    Some(ty) => Node(self.functions + ty.0),
                    None => continue,
                },
            };
            self.edges.push(Edge { to, tail: call.tail });
        }
    }

    /// The function that a node is; `None` for a family.
    pub(super) fn function(&self, node: Node) -> Option<FuncIndex> {
        (node.0 < self.functions).then_some(FuncIndex(node.0))
    }

    /// The node of the functions of a type, which must be canonical.
    pub(super) fn family(&self, ty: TypeIndex) -> Node {
        Node(self.functions + ty.0)
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The calls that a node makes.
    pub(super) fn edges(&self, node: Node) -> &[Edge] {
        &self.edges[self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize]
    }

    /// The knots, callees first.
    pub(super) fn knots(&self) -> &[Knot] {
        &self.knots
    }

    /// The nodes of a knot.
    pub(super) fn members(&self, knot: &Knot) -> &[Node] {
        &self.order[knot.members.start as usize..knot.members.end as usize]
    }

    fn same_knot(&self, a: Node, b: Node) -> bool {
        self.knot_of[a.index()] == self.knot_of[b.index()]
    }

    /// Tarjan's algorithm, with a stack of its own in place of recursion.
    fn find_knots(&mut self) {
        const UNSEEN: u32 = u32::MAX;
        let nodes = count(self.len());
        let mut number = vec![UNSEEN; self.len()];
        let mut lowest = vec![0_u32; self.len()];
        self.knot_of = vec![UNSEEN; self.len()];
        let mut open: Vec<Node> = Vec::new();
        let mut path: Vec<(Node, u32)> = Vec::new();
        let mut next = 0;
        for root in (0..nodes).map(Node) {
            if number[root.index()] != UNSEEN {
                continue;
            }
            path.push((root, self.starts[root.index()]));
            while let Some((node, edge)) = path.last_mut() {
                let node = *node;
                if number[node.index()] == UNSEEN {
                    (number[node.index()], lowest[node.index()]) = (next, next);
                    next += 1;
                    open.push(node);
                }
                if *edge < self.starts[node.index() + 1] {
                    let to = self.edges[*edge as usize].to;
                    *edge += 1;
                    if number[to.index()] == UNSEEN {
                        path.push((to, self.starts[to.index()]));
                    } else if self.knot_of[to.index()] == UNSEEN {
                        lowest[node.index()] = lowest[node.index()].min(number[to.index()]);
                    }
                    continue;
                }
                path.pop();
                if let Some((caller, _)) = path.last() {
                    lowest[caller.index()] = lowest[caller.index()].min(lowest[node.index()]);
                }
                if lowest[node.index()] == number[node.index()] {
                    self.close_knot(&mut open, node);
                }
            }
        }
    }

    fn close_knot(&mut self, open: &mut Vec<Node>, root: Node) {
        let knot = count(self.knots.len());
        let start = count(self.order.len());
        while let Some(member) = open.pop() {
            self.knot_of[member.index()] = knot;
            self.order.push(member);
            if member == root {
                break;
            }
        }
        self.order[start as usize..].sort_unstable_by_key(|node| node.0);
        let mut found = Knot { members: start..count(self.order.len()), is_cycle: false, deepens: None };
        for &member in self.members(&found) {
            let within = self.edges(member).iter().filter(|edge| self.same_knot(member, edge.to));
            for edge in within {
                found.is_cycle = true;
                if !edge.tail && found.deepens.is_none() {
                    found.deepens = Some((member, edge.to));
                }
            }
        }
        self.knots.push(found);
    }

    /// A cycle in the knot that needs more stack in each round, from a function to itself. Families are left out.
    pub(super) fn recursion(&self, knot: &Knot) -> Option<Vec<FuncIndex>> {
        let first = knot.deepens?;
        // One that is easy to read, if there is one: a function that calls itself, or that two functions call each other.
        let members = self.members(knot);
        let all: HashSet<(Node, Node)> =
            members.iter().flat_map(|from| self.edges(*from).iter().map(|edge| (*from, edge.to))).collect();
        let mut deepening =
            members.iter().flat_map(|from| self.edges(*from).iter().filter(|edge| !edge.tail).map(|edge| (*from, edge.to)));
        let (from, to) = deepening.find(|&(from, to)| from == to || all.contains(&(to, from))).unwrap_or(first);
        Some(self.cycle(from, to))
    }

    /// A cycle of calls in tail position only.
    pub(super) fn tail_cycle(&self, knot: &Knot) -> Option<Vec<FuncIndex>> {
        let from = *self.members(knot).first().filter(|_| knot.is_cycle)?;
        let to = self.edges(from).iter().find(|edge| self.same_knot(from, edge.to))?.to;
        Some(self.cycle(from, to))
    }

    /// The shortest way from a function over the given callee of it back to itself. Families come after functions, and lead to nothing
    /// else, so that the first of a knot, and whoever makes a call that is not in tail position, is a function.
    fn cycle(&self, from: Node, to: Node) -> Vec<FuncIndex> {
        let mut before = HashMap::from([(to, from)]);
        let mut queue = VecDeque::from([to]);
        while let Some(node) = queue.pop_front().filter(|node| *node != from) {
            for edge in self.edges(node).iter().filter(|edge| self.same_knot(from, edge.to)) {
                before.entry(edge.to).or_insert_with(|| {
                    queue.push_back(edge.to);
                    node
                });
            }
        }
        let mut way = vec![from];
        let mut node = before.get(&from).copied().unwrap_or(from);
        while node != from {
            way.push(node);
            node = before.get(&node).copied().unwrap_or(from);
        }
        way.push(from);
        way.into_iter().rev().filter_map(|node| self.function(node)).collect()
    }
}

/// Whether direct calls of an imported function go to the host's own function: they then are part of the caller's own cost.
pub(super) fn calls_host_directly(env: &Env<'_, '_>, func: FuncIndex) -> bool {
    env.func_provider(func) == Some(Provider::Host) && !env.module.func_type(func).needs_host_adapter()
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A graph of functions only; an edge is (from, to, tail).
    fn graph(functions: u32, edges: &[(u32, u32, bool)]) -> Graph {
        let mut graph =
            Graph { functions, edges: Vec::new(), starts: vec![0], knots: Vec::new(), order: Vec::new(), knot_of: Vec::new() };
        for node in 0..functions {
            let own = edges.iter().filter(|edge| edge.0 == node);
            graph.edges.extend(own.map(|&(_, to, tail)| Edge { to: Node(to), tail }));
            graph.starts.push(count(graph.edges.len()));
        }
        graph.find_knots();
        graph
    }

    fn members(graph: &Graph) -> Vec<Vec<u32>> {
        graph.knots().iter().map(|knot| graph.members(knot).iter().map(|node| node.0).collect()).collect()
    }

    #[test]
    fn callees_come_first() {
        let graph = graph(4, &[(0, 1, false), (0, 2, false), (1, 3, false), (2, 3, true)]);
        assert_eq!(members(&graph), [[3], [1], [2], [0]]);
        assert!(graph.knots().iter().all(|knot| !knot.is_cycle));
    }

    #[test]
    fn cycles_are_named() {
        let graph = graph(5, &[(0, 1, false), (1, 2, true), (2, 3, false), (3, 1, true), (3, 4, false), (4, 4, true)]);
        assert_eq!(members(&graph), [vec![4], vec![1, 2, 3], vec![0]]);
        let [own, three, _] = graph.knots() else { panic!("three knots") };
        assert_eq!(graph.recursion(own), None);
        assert_eq!(graph.tail_cycle(own), Some(vec![FuncIndex(4), FuncIndex(4)]));
        assert_eq!(graph.recursion(three), Some([2, 3, 1, 2].map(FuncIndex).to_vec()));
    }

    #[test]
    fn a_long_chain_and_a_big_knot_take_no_stack() {
        let last = 300_000;
        let chain: Vec<(u32, u32, bool)> = (0..last).map(|node| (node, node + 1, false)).collect();
        let build = |close: bool| {
            let starts = (0..=last + 1).map(|node| if close { node } else { node.min(last) }).collect();
            let mut edges: Vec<Edge> = chain.iter().map(|&(_, to, tail)| Edge { to: Node(to), tail }).collect();
            edges.extend(close.then_some(Edge { to: Node(0), tail: false }));
            let mut graph =
                Graph { functions: last + 1, edges, starts, knots: Vec::new(), order: Vec::new(), knot_of: Vec::new() };
            graph.find_knots();
            graph
        };
        assert_eq!(build(false).knots().len(), last as usize + 1);
        let knot = build(true);
        assert_eq!(knot.knots().len(), 1);
        assert_eq!(knot.recursion(&knot.knots()[0]).map(|cycle| cycle.len()), Some(last as usize + 2));
    }
}

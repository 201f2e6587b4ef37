//! The rules of fuel, and the blocks of a function body that follow from them.
//!
//! These rules are normative: compiled code and the replay in [`instrument`](super::instrument) both follow them, and nothing
//! else says what an operator costs.
//!
//! 1. Every operator that is executed costs 1 unit, `nop`, `block`, `loop` and `if` too.
//! 2. `else` is executed when the arm of `then` falls into it, and `end` when it is fallen into, the last one of a body too. A branch
//!    to an `end` goes behind it, and so does the arm of `then` after its `else`: neither executes it. A condition of zero goes
//!    behind `else`, or behind `end` where there is no `else`. A branch to a loop goes behind its `loop`.
//! 3. Operators are paid for together, at the entry of their block. Blocks begin at the start of a body; after `loop`, `if`, `else`,
//!    and a `br_if` that does not branch; after the `end` of an `if`; and after the `end` of a `block` to which some reachable branch
//!    goes. Nothing else ends a block but what never goes on: `br`, `br_table`, `return`, `unreachable` and tail calls. A call in
//!    the middle of a block does not end it.
//! 4. What cannot be reached, as validation knows it (after an operator that never goes on, up to the next place to which one can
//!    get), costs nothing, and a branch from there does not make a block begin.
//! 5. Where less is left than a block costs, the trap *out of fuel* is raised at the block's first operator, before any of it is
//!    executed, and nothing is taken away.
//! 6. `memory.copy`, `memory.fill`, `memory.init`, `table.copy`, `table.fill` and `table.init` cost another ⌊length / 64⌋ units,
//!    the length in bytes or elements. They are due after the check of bounds and before anything is written; where less is left,
//!    the trap is raised at the operator.
//! 7. `memory.grow` and `table.grow` that succeed cost another ⌊gained / 64⌋ units, gained in bytes or elements. They are due
//!    afterwards: where less is left, the trap is raised at the operator, and the memory or table has grown.
//! 8. Instantiation costs what its start function costs: segments and the initial values of globals cost nothing. Host functions
//!    cost nothing.
//! 9. The fuel of a domain is one number. The host sets it before a call; calls between modules of the domain, and calls that a
//!    host function makes back into it, use it up together. An activation that ends in a trap leaves nothing of it.

use wasmparser::{BinaryReaderError, FunctionBody, Operator};

/// What the rules make of a body: one entry for each operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    /// For an operator with which a block begins, what the block costs.
    pub costs: Vec<Option<u64>>,
    /// Whether the operator can be reached.
    pub reachable: Vec<bool>,
}

/// What a label belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Body,
    Block,
    Loop,
    If,
    Else,
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    kind: Kind,
    /// Whether the operator that opened it can be reached.
    entered: bool,
    /// Whether a reachable branch goes to its end, or the arm of `then` falls into `else`.
    arrived: bool,
}

/// The way through a body.
struct Walk {
    blocks: Blocks,
    frames: Vec<Frame>,
    reachable: bool,
    /// First operator of the current block; `None` when the next operator begins one.
    current: Option<usize>,
}

impl Blocks {
    /// Divides a body, which is known to be valid.
    ///
    /// # Errors
    /// When the body cannot be read.
    pub fn of(body: &FunctionBody<'_>) -> Result<Blocks, BinaryReaderError> {
        let frames = vec![Frame { kind: Kind::Body, entered: true, arrived: false }];
        let mut walk = Walk { blocks: Blocks::default(), frames, reachable: true, current: None };
        for operator in body.get_operators_reader()? {
            walk.step(&operator?);
        }
        Ok(walk.blocks)
    }
}

impl Walk {
    fn step(&mut self, operator: &Operator<'_>) {
        self.blocks.costs.push(None);
        self.blocks.reachable.push(self.reachable);
        if self.reachable {
            let last = self.blocks.costs.len() - 1;
            let first = *self.current.get_or_insert(last);
            self.blocks.costs[first] = Some(self.blocks.costs[first].unwrap_or(0) + 1);
        }
        match operator {
            Operator::Block { .. } => self.open(Kind::Block),
            Operator::Loop { .. } => self.open(Kind::Loop),
            Operator::If { .. } => self.open(Kind::If),
            Operator::Else => self.otherwise(),
            Operator::End => self.close(),
            Operator::Br { relative_depth } => {
                self.arrive(*relative_depth);
                self.reachable = false;
            }
            Operator::BrIf { relative_depth } => {
                self.arrive(*relative_depth);
                self.current = None;
            }
            Operator::BrTable { targets } => {
                targets.targets().chain([Ok(targets.default())]).flatten().for_each(|depth| self.arrive(depth));
                self.reachable = false;
            }
            Operator::Return
            | Operator::Unreachable
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::ReturnCallRef { .. } => self.reachable = false,
            _ => {}
        }
    }

    fn open(&mut self, kind: Kind) {
        self.frames.push(Frame { kind, entered: self.reachable, arrived: false });
        if kind != Kind::Block {
            self.current = None;
        }
    }

    fn arrive(&mut self, depth: u32) {
        let index = self.frames.len().checked_sub(1 + depth as usize);
        if let Some(frame) = index.and_then(|index| self.frames.get_mut(index)).filter(|_| self.reachable) {
            frame.arrived = true;
        }
    }

    fn otherwise(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = Kind::Else;
            frame.arrived |= self.reachable;
            self.reachable = frame.entered;
        }
        self.current = None;
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let (on, begins) = match frame.kind {
            Kind::Body => (false, true),
            Kind::Block => (self.reachable || frame.arrived, frame.arrived),
            Kind::Loop => (self.reachable, false),
            Kind::If => (frame.entered, true),
            Kind::Else => (self.reachable || frame.arrived, true),
        };
        self.reachable = on;
        if begins {
            self.current = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Blocks;
    use wasmparser::{Parser, Payload};

    /// Ordinal of the first operator and cost of each block of the first function.
    fn blocks(body: &str) -> Vec<(usize, u64)> {
        let text = format!("(module (table 1 funcref) (type $t (func)) (func $f (param i32) (local i32) {body}))");
        let wasm = wat::parse_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let found = Parser::new(0).parse_all(&wasm).find_map(|payload| match payload {
            Ok(Payload::CodeSectionEntry(body)) => Some(Blocks::of(&body).expect("the body can be read")),
            _ => None,
        });
        let costs = found.expect("there is a function").costs;
        costs.iter().enumerate().filter_map(|(index, cost)| cost.map(|cost| (index, cost))).collect()
    }

    #[test]
    fn straight_code_is_one_block() {
        assert_eq!(blocks(""), [(0, 1)]);
        assert_eq!(blocks("nop nop"), [(0, 3)]);
        assert_eq!(blocks("nop (call $f (i32.const 1)) nop"), blocks("i32.const 1 nop call $f nop"));
        assert_eq!(blocks("(call $f (i32.const 1)) nop"), [(0, 4)]);
        // A block to which no branch goes is no place where one begins.
        assert_eq!(blocks("block nop end nop"), [(0, 5)]);
        assert_eq!(blocks("block block nop end end"), [(0, 6)]);
    }

    #[test]
    fn branches_begin_blocks() {
        // block, local.get, br_if | nop, end | nop, end
        assert_eq!(blocks("block local.get 0 br_if 0 nop end nop"), [(0, 3), (3, 2), (5, 2)]);
        // The branch goes to the outer block: the inner one's end begins none.
        assert_eq!(blocks("block block local.get 0 br_if 1 nop end nop end nop"), [(0, 4), (4, 4), (8, 2)]);
        // To the body: there is nothing behind its end.
        assert_eq!(blocks("local.get 0 br_if 0 nop"), [(0, 2), (2, 2)]);
        // block, block, block, local.get, br_table; the ends of the first and the last are arrived at, the middle one is not.
        assert_eq!(blocks("block block block local.get 0 br_table 0 2 end nop end end nop"), [(0, 5), (6, 3), (9, 2)]);
    }

    #[test]
    fn loops_begin_behind_their_head() {
        assert_eq!(blocks("loop nop br 0 end"), [(0, 1), (1, 2)]);
        // loop | nop, local.get, br_if | end, nop, end
        assert_eq!(blocks("loop nop local.get 0 br_if 0 end nop"), [(0, 1), (1, 3), (4, 3)]);
        // The end of a loop that is fallen into begins no block.
        assert_eq!(blocks("loop nop end nop"), [(0, 1), (1, 4)]);
    }

    #[test]
    fn arms_are_blocks() {
        // local.get, if | nop, else | nop, nop, end | end
        assert_eq!(blocks("local.get 0 if nop else nop nop end"), [(0, 2), (2, 2), (4, 3), (7, 1)]);
        assert_eq!(blocks("local.get 0 if nop end nop"), [(0, 2), (2, 2), (4, 2)]);
        assert_eq!(blocks("local.get 0 if else end"), [(0, 2), (2, 1), (3, 1), (4, 1)]);
        // Neither arm goes on, so there is no way behind.
        assert_eq!(blocks("local.get 0 if return else unreachable end nop"), [(0, 2), (2, 1), (4, 1)]);
        // One does.
        assert_eq!(blocks("local.get 0 if return else nop end nop"), [(0, 2), (2, 1), (4, 2), (6, 2)]);
        assert_eq!(blocks("local.get 0 if nop else return end nop"), [(0, 2), (2, 2), (4, 1), (6, 2)]);
        assert_eq!(blocks("local.get 0 if return end nop"), [(0, 2), (2, 1), (4, 2)]);
        assert_eq!(blocks("local.get 0 if br 0 else return end nop"), [(0, 2), (2, 1), (4, 1), (6, 2)]);
    }

    #[test]
    fn what_cannot_be_reached_costs_nothing() {
        assert_eq!(blocks("nop return nop nop"), [(0, 2)]);
        assert_eq!(blocks("unreachable block loop i32.const 1 if nop else nop end br 0 end end"), [(0, 1)]);
        // A branch that cannot be reached does not make a block begin.
        assert_eq!(blocks("block nop block return br 1 end br 0 end"), [(0, 4)]);
        assert_eq!(blocks("block block br 1 br 0 end nop end nop"), [(0, 3), (7, 2)]);
        assert_eq!(blocks("(return_call $f (local.get 0)) nop"), blocks("local.get 0 return_call $f nop"));
        assert_eq!(blocks("local.get 0 return_call $f nop"), [(0, 2)]);
        assert_eq!(blocks("local.get 0 return_call_indirect (type $t) nop"), [(0, 2)]);
    }
}

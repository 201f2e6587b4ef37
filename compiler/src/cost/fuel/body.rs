//! The most that one body can charge: the dearest way from its begin to any of its ends.
//!
//! Forwards there are only finitely many ways, so a body is read once and each place is given the cost of the dearest way to it;
//! where ways meet, the greater counts. A loop is read once too. What a way in it costs is counted from the loop's head, and when its end is
//! reached, the cost of its dearest iteration is added as often as it can be repeated. That is known where every branch back to
//! the head was under a test of the same counter, by the same step from a constant: [`trips`](super::trips). Else there is no bound.
//!
//! A trap, a `return` or `unreachable` ends a way. Blocks are charged whole when they are entered, but then all of a block lies on the
//! way on which it is entered, so that it is counted even when a call in its midst never returns.

use super::facts::{Facts, Time};
use super::labels::{Inside, Label, TESTS};
use super::values::{LoopId, Test, Value};
use wasmparser::{BrTable, Operator};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Block,
    Loop(LoopId),
    /// With the cost of the way past it, and the test that leads into it.
    If(u64, Option<Test>),
    Else,
    /// In code that nothing reaches.
    Unreached,
}

struct Frame {
    kind: Kind,
    label: Label,
}

/// A counter with its step, and a test under which the loop is repeated.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Counted {
    step: u64,
    test: Test,
}

struct Loop {
    outer: LoopId,
    begun: Time,
    wasm_offset: u64,
    /// Cost of the way to it.
    entry: u64,
    /// What holds for every branch back that was met; `None`: none was.
    counted: Option<Vec<Counted>>,
    /// What must be added to costs that count from here, to count from there.
    outwards: (LoopId, u64),
}

/// The reading of a body.
pub(super) struct Reading {
    /// Cost of the dearest way to here; `None` where there is none.
    here: Option<u64>,
    frames: Vec<Frame>,
    loops: Vec<Loop>,
    inside: LoopId,
    pub(super) facts: Facts,
    /// Operands, as far as they are known; what would lie below is not.
    pub(super) operands: Vec<Value>,
}

/// A loop of which it is not known how often it runs.
pub(super) struct Endless {
    pub(super) wasm_offset: u64,
}

impl Reading {
    /// At the begin of a body with locals that hold these.
    pub(super) fn new(initial: Vec<(u32, Value)>) -> Reading {
        let outermost = Loop { outer: 0, begun: 0, wasm_offset: 0, entry: 0, counted: None, outwards: (0, 0) };
        let mut reading = Reading {
            here: Some(0),
            frames: Vec::new(),
            loops: vec![outermost],
            inside: 0,
            facts: Facts::new(initial),
            operands: Vec::new(),
        };
        reading.open(Kind::Block);
        reading
    }

    /// Whether any way leads here.
    pub(super) fn is_reached(&self) -> bool {
        self.here.is_some()
    }

    /// Adds to the way to here.
    pub(super) fn charge(&mut self, amount: u64) {
        self.here = self.here.map(|here| here.saturating_add(amount));
    }

    /// The topmost operand if it is a constant, as 32 bits.
    pub(super) fn constant(&self) -> Option<u64> {
        match self.operands.last() {
            Some(Value::Constant(_, number)) => Some(*number & 0xffff_ffff),
            _ => None,
        }
    }

    /// Replaces operands by others of which nothing is known.
    pub(super) fn exchange(&mut self, operands: usize, results: usize) {
        self.operands.truncate(self.operands.len().saturating_sub(operands));
        self.operands.extend(std::iter::repeat_n(Value::Unknown, results));
    }

    pub(super) fn pop(&mut self) -> Value {
        self.operands.pop().unwrap_or(Value::Unknown)
    }

    fn place(&self) -> Inside {
        Inside { id: self.inside, begun: self.loops[self.inside as usize].begun }
    }

    pub(super) fn local(&self, local: u32) -> Value {
        let Inside { id, begun } = self.place();
        self.facts.get(local, id, begun)
    }

    fn open(&mut self, kind: Kind) {
        let begun = self.facts.mark();
        self.frames.push(Frame { kind, label: Label::new(begun, self.inside) });
        self.operands.clear();
    }

    /// Reads an operator of control, its own unit included; whether it is one.
    ///
    /// # Errors
    /// At the end of a loop without a bound.
    pub(super) fn control(&mut self, operator: &Operator<'_>, wasm_offset: u64) -> Result<bool, Endless> {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } if self.here.is_none() => {
                self.frames.push(Frame { kind: Kind::Unreached, label: Label::new(0, 0) });
            }
            Operator::Block { .. } => {
                self.charge(1);
                self.open(Kind::Block);
            }
            Operator::Loop { .. } => {
                self.charge(1);
                self.enter_loop(wasm_offset);
            }
            Operator::If { .. } => {
                self.charge(1);
                let test = self.pop().condition();
                self.open(Kind::If(self.here.unwrap_or(0), test));
                self.hold(test);
            }
            Operator::Else => self.otherwise(),
            Operator::End => self.end()?,
            Operator::Br { relative_depth } => {
                self.charge(1);
                self.arrive(*relative_depth, None);
                self.here = None;
            }
            Operator::BrIf { relative_depth } => {
                self.charge(1);
                let test = self.pop().condition();
                self.arrive(*relative_depth, test);
                self.hold(test.map(Test::not));
            }
            Operator::BrTable { targets } => self.branch_table(targets),
            Operator::Return => self.leave(),
            Operator::Unreachable | Operator::ReturnCall { .. } | Operator::ReturnCallIndirect { .. } => self.leave(),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn hold(&mut self, test: Option<Test>) {
        if let Some(test) = test {
            self.facts.hold(test);
        }
    }

    /// A way ends here.
    fn leave(&mut self) {
        self.charge(1);
        let outermost = self.frames.len().saturating_sub(1);
        self.arrive(u32::try_from(outermost).unwrap_or(u32::MAX), None);
        self.here = None;
    }

    fn branch_table(&mut self, targets: &BrTable<'_>) {
        self.charge(1);
        for depth in targets.targets().map_while(Result::ok).chain([targets.default()]) {
            self.arrive(depth, None);
        }
        self.here = None;
    }

    /// A branch to a label, taken when the test holds.
    fn arrive(&mut self, depth: u32, test: Option<Test>) {
        let Some(here) = self.here else { return };
        let Some(index) = self.frames.len().checked_sub(depth as usize + 1) else { return };
        if let Kind::Loop(target) = self.frames[index].kind {
            self.branch_back(target, test);
        }
        let place = self.place();
        self.frames[index].label.branch(&mut self.facts, place, here, test);
    }

    fn branch_back(&mut self, target: LoopId, test: Option<Test>) {
        let begun = self.loops[target as usize].begun;
        let mut found = Vec::new();
        if target == self.inside {
            for test in test.into_iter().chain(self.facts.tests_since(begun)).take(TESTS) {
                match self.local(test.counter.local) {
                    Value::Counter(counter, step) if counter == test.counter && counter.inside == target => {
                        found.push(Counted { step, test });
                    }
                    _ => {}
                }
            }
        }
        let counted = &mut self.loops[target as usize].counted;
        match counted {
            Some(counted) => counted.retain(|counted| found.contains(counted)),
            None => *counted = Some(found),
        }
    }

    fn enter_loop(&mut self, wasm_offset: u64) {
        let id = u32::try_from(self.loops.len()).unwrap_or(u32::MAX);
        self.open(Kind::Loop(id));
        let (begun, entry) = (self.facts.mark(), self.here.unwrap_or(0));
        self.loops.push(Loop { outer: self.inside, begun, wasm_offset, entry, counted: None, outwards: (0, 0) });
        self.inside = id;
        self.here = Some(0);
    }

    fn otherwise(&mut self) {
        let place = self.place();
        let Some(frame) = self.frames.last_mut() else { return };
        let Kind::If(past, test) = frame.kind else { return };
        if let Some(here) = self.here {
            frame.label.agree(&self.facts, place);
            frame.label.add(self.inside, here.saturating_add(1));
        }
        frame.kind = Kind::Else;
        let begun = frame.label.begun;
        self.facts.meet(begun);
        self.hold(test.map(Test::not));
        self.operands.clear();
        self.here = Some(past);
    }

    fn end(&mut self) -> Result<(), Endless> {
        let Some(Frame { kind, mut label }) = self.frames.pop() else { return Ok(()) };
        if kind == Kind::Unreached {
            return Ok(());
        }
        self.charge(1);
        self.operands.clear();
        let place = self.place();
        let arrivals = std::mem::take(&mut label.arrivals);
        match kind {
            Kind::Loop(id) => return self.end_loop(id, label.begun, &arrivals),
            Kind::Block => {
                let (loops, inside) = (&self.loops, self.inside);
                label.end_block(&mut self.facts, place, self.here.is_some(), |id| outermost_within(loops, inside, id));
            }
            Kind::Else => {
                if self.here.is_some() {
                    label.agree(&self.facts, place);
                }
                label.meet(&mut self.facts);
            }
            Kind::If(past, _) => {
                self.here = self.here.max(Some(past));
                self.facts.meet(label.begun);
            }
            Kind::Unreached => {}
        }
        for (inside, cost) in arrivals {
            let cost = self.outwards(inside, cost);
            self.here = self.here.max(Some(cost));
        }
        Ok(())
    }

    fn end_loop(&mut self, id: LoopId, begun: Time, arrivals: &[(LoopId, u64)]) -> Result<(), Endless> {
        let iterations: Vec<u64> = arrivals.iter().map(|(inside, cost)| self.outwards(*inside, *cost)).collect();
        let this = &self.loops[id as usize];
        let mut all = this.entry;
        if let Some(dearest) = iterations.into_iter().max() {
            let repeated = self.repetitions(this).ok_or(Endless { wasm_offset: this.wasm_offset })?;
            all = all.saturating_add(repeated.saturating_mul(dearest));
        }
        let outer = this.outer;
        self.loops[id as usize].outwards = (outer, all);
        self.inside = outer;
        self.charge(all);
        self.facts.meet(begun);
        Ok(())
    }

    /// How often a loop branches back at most.
    fn repetitions(&self, this: &Loop) -> Option<u64> {
        let outer = &self.loops[this.outer as usize];
        let counted = this.counted.as_ref()?.iter().filter_map(|Counted { step, test }| {
            match self.facts.get_before(this.begun, test.counter.local, this.outer, outer.begun) {
                Value::Constant(_, start) => test.range.steps_out(start, *step),
                _ => None,
            }
        });
        counted.min()
    }

    /// A cost that counts from a loop that has ended, from the loop that has not.
    fn outwards(&mut self, mut inside: LoopId, cost: u64) -> u64 {
        // A loop that has ended leads to one further out; a way is only gone once, for then every loop on it leads to its end.
        let mut way = Vec::new();
        while inside != self.inside {
            way.push(inside);
            inside = self.loops[inside as usize].outwards.0;
        }
        let mut amount = 0_u64;
        for id in way.into_iter().rev() {
            let loops = &mut self.loops[id as usize];
            amount = amount.saturating_add(loops.outwards.1);
            loops.outwards = (inside, amount);
        }
        cost.saturating_add(amount)
    }

    /// The cost of the dearest way through the whole body, when all of it was read.
    pub(super) fn total(&self) -> u64 {
        self.here.unwrap_or(0)
    }
}

/// The time at which that loop around a loop began that is directly in the current one; `None` when it is far out.
fn outermost_within(loops: &[Loop], inside: LoopId, mut id: LoopId) -> Option<Time> {
    const MOST: usize = 8;
    for _ in 0..MOST {
        let this = &loops[id as usize];
        if this.outer == inside {
            return Some(this.begun);
        }
        id = this.outer;
    }
    None
}

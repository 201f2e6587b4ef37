//! What is known behind the end of a block: what it costs to get there, and what holds on every way to it.
//!
//! As a rule nothing holds behind it that became true within. There are two exceptions, for the shapes that compilers give to
//! loops: where only one way leads there, all holds that did there; and a counter that all ways leave with the same sum has it.

use super::facts::{Facts, Time};
use super::values::{LoopId, Test, Value};

/// How many tests are looked at: what was tested before these is not the condition of a loop.
pub(super) const TESTS: usize = 16;

/// A place in a loop.
#[derive(Clone, Copy)]
pub(super) struct Inside {
    pub(super) id: LoopId,
    /// When the loop began.
    pub(super) begun: Time,
}

/// The end of a block, or the head of a loop.
pub(super) struct Label {
    /// When the block began.
    pub(super) begun: Time,
    /// The loop that the block is in.
    within: LoopId,
    /// Costs of ways to the label, each counted from the head of a loop.
    pub(super) arrivals: Vec<(LoopId, u64)>,
    first: First,
    /// Counters that were changed within, with what they hold on all ways so far; `None` before the first.
    agreed: Option<Vec<(u32, Value)>>,
}

/// The first branch to a label.
enum First {
    /// There was none.
    None,
    /// There was no other: its place, in which loop that is, and tests that hold where it was taken.
    Only(Time, LoopId, Vec<Test>),
    /// There were others.
    OfMany,
}

impl Label {
    pub(super) fn new(begun: Time, within: LoopId) -> Label {
        Label { begun, within, arrivals: Vec::new(), first: First::None, agreed: None }
    }

    /// A branch, taken when the test holds.
    pub(super) fn branch(&mut self, facts: &mut Facts, inside: Inside, cost: u64, test: Option<Test>) {
        self.first = match self.first {
            First::None => {
                let near = test.into_iter().chain(facts.tests_since(0).take(TESTS));
                let known = near.filter(|test| test.counter.inside == self.within).collect();
                First::Only(facts.mark(), inside.id, known)
            }
            _ => First::OfMany,
        };
        self.agree(facts, inside);
        self.add(inside.id, cost);
    }

    /// A further way; of several from the same loop the dearest counts.
    pub(super) fn add(&mut self, inside: LoopId, cost: u64) {
        match self.arrivals.last_mut() {
            Some((same, dearest)) if *same == inside => *dearest = cost.max(*dearest),
            _ => self.arrivals.push((inside, cost)),
        }
    }

    /// Keeps of the counters those that hold here what they hold on the other ways.
    pub(super) fn agree(&mut self, facts: &Facts, inside: Inside) {
        let here = inside.id == self.within;
        match &mut self.agreed {
            None if here => self.agreed = Some(facts.counters_since(self.begun, inside.id, inside.begun)),
            None => self.agreed = Some(Vec::new()),
            Some(agreed) => agreed.retain(|(local, value)| here && facts.get(*local, inside.id, inside.begun) == *value),
        }
    }

    /// Sets what is known behind the end of a block, to which these branches lead; `reached` says whether it is also fallen into, and
    /// `loop_within` when that loop directly in the current one began that is around a loop.
    pub(super) fn end_block(
        mut self,
        facts: &mut Facts,
        inside: Inside,
        reached: bool,
        loop_within: impl FnOnce(LoopId) -> Option<Time>,
    ) {
        match &self.first {
            First::None => {}
            First::Only(at, from, known) if !reached => {
                if *from == inside.id {
                    facts.return_to(*at, inside.id, inside.begun);
                } else {
                    // Out of a loop within: what it may have set is not known.
                    facts.meet(loop_within(*from).unwrap_or(self.begun));
                }
                known.iter().for_each(|test| facts.hold(*test));
            }
            _ => {
                if reached {
                    self.agree(facts, inside);
                }
                self.meet(facts);
            }
        }
    }

    /// The ways meet: all is forgotten but what they agree on.
    pub(super) fn meet(self, facts: &mut Facts) {
        facts.meet(self.begun);
        self.agreed.into_iter().flatten().for_each(|(local, value)| facts.set(local, value));
    }
}

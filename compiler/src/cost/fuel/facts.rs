//! What is true at a place of a body, and what stops being true where paths meet; see [`values`](super::values) for the idea.

use super::values::{Counter, LoopId, Test, Value};
use std::collections::HashMap;

/// A place in the body.
pub(super) type Time = u32;

struct Assignment {
    time: Time,
    local: u32,
    value: Value,
    /// The one of the same local before.
    before: Option<u32>,
}

/// Values of locals and outcomes of tests.
pub(super) struct Facts {
    now: Time,
    assignments: Vec<Assignment>,
    last: HashMap<u32, u32>,
    /// What came out on every path to here.
    tests: Vec<(Time, Test)>,
    /// Times of assignments that only some paths made, as ranges that ascend and do not overlap.
    forgotten: Vec<(Time, Time)>,
    /// The first index behind each group of locals, and what these begin with.
    initial: Vec<(u32, Value)>,
}

impl Facts {
    /// At the begin of a body with these groups of locals.
    pub(super) fn new(initial: Vec<(u32, Value)>) -> Facts {
        Facts { now: 0, assignments: Vec::new(), last: HashMap::new(), tests: Vec::new(), forgotten: Vec::new(), initial }
    }

    /// A time after all that is known, and before all that will be.
    pub(super) fn mark(&mut self) -> Time {
        self.now += 1;
        self.now
    }

    /// A local is set.
    pub(super) fn set(&mut self, local: u32, value: Value) {
        let time = self.mark();
        let index = u32::try_from(self.assignments.len()).unwrap_or(u32::MAX);
        let before = self.last.insert(local, index);
        self.assignments.push(Assignment { time, local, value, before });
    }

    /// A branch came out like this.
    pub(super) fn hold(&mut self, test: Test) {
        let time = self.mark();
        self.tests.push((time, test));
    }

    /// The tests that hold since a time, the latest first.
    pub(super) fn tests_since(&self, since: Time) -> impl Iterator<Item = Test> {
        self.tests.iter().rev().take_while(move |(time, _)| *time >= since).map(|(_, test)| *test)
    }

    /// Paths meet that have parted since a time.
    pub(super) fn meet(&mut self, since: Time) {
        self.tests.truncate(self.tests.partition_point(|(time, _)| *time < since));
        while self.forgotten.last().is_some_and(|(start, _)| *start >= since) {
            self.forgotten.pop();
        }
        let end = self.mark();
        self.forgotten.push((since, end));
    }

    /// A place is reached only from an earlier one, within a loop that had begun before that: what was true there is true again, as far
    /// as it is not forgotten since.
    pub(super) fn return_to(&mut self, at: Time, inside: LoopId, begun: Time) {
        // With more than this many, what they set is forgotten instead of set back; else blocks within blocks would cost their product.
        const MOST: usize = 64;
        let since = self.assignments.partition_point(|assignment| assignment.time <= at);
        let mut locals: Vec<u32> = Vec::new();
        if self.assignments.len() - since <= MOST {
            locals.extend(self.assignments[since..].iter().map(|assignment| assignment.local));
            locals.sort_unstable();
            locals.dedup();
        }
        let values: Vec<Value> = locals.iter().map(|local| self.get_before(at + 1, *local, inside, begun)).collect();
        self.meet(at + 1);
        locals.into_iter().zip(values).for_each(|(local, value)| self.set(local, value));
    }

    fn is_forgotten(&self, time: Time) -> bool {
        let after = self.forgotten.partition_point(|(start, _)| *start <= time);
        after.checked_sub(1).is_some_and(|index| time <= self.forgotten[index].1)
    }

    fn initial(&self, local: u32) -> Value {
        let group = self.initial.partition_point(|(end, _)| *end <= local);
        self.initial.get(group).map_or(Value::Unknown, |(_, value)| *value)
    }

    /// What a local holds now, within a loop that began at a time.
    pub(super) fn get(&self, local: u32, inside: LoopId, begun: Time) -> Value {
        let last = self.last.get(&local).map(|index| &self.assignments[*index as usize]);
        self.seen(last, local, inside, begun)
    }

    fn seen(&self, last: Option<&Assignment>, local: u32, inside: LoopId, begun: Time) -> Value {
        match last {
            Some(last) if last.time >= begun => {
                if self.is_forgotten(last.time) {
                    Value::Unknown
                } else {
                    last.value
                }
            }
            _ if inside == 0 => self.initial(local),
            _ => Value::Counter(Counter { inside, local }, 0),
        }
    }

    /// The counters of a loop that were set since a time, with what they hold now; not all, where there are many.
    pub(super) fn counters_since(&self, since: Time, inside: LoopId, begun: Time) -> Vec<(u32, Value)> {
        const MOST: usize = 16;
        let mut found: Vec<(u32, Value)> = Vec::new();
        for assignment in self.assignments.iter().rev().take(MOST).take_while(|assignment| assignment.time >= since) {
            let local = assignment.local;
            match self.get(local, inside, begun) {
                value @ Value::Counter(counter, _) if counter.local == local && !found.contains(&(local, value)) => {
                    found.push((local, value));
                }
                _ => {}
            }
        }
        found
    }

    /// What a local held at an earlier time, within a loop that had begun before that.
    pub(super) fn get_before(&self, time: Time, local: u32, inside: LoopId, begun: Time) -> Value {
        // Counters are set once or twice in their loops; whatever is set more often is no counter worth the search.
        const MOST: usize = 65;
        let mut index = self.last.get(&local).copied();
        for _ in 0..MOST {
            let last = index.map(|index| &self.assignments[index as usize]);
            match last {
                Some(last) if last.time >= time => index = last.before,
                last => return self.seen(last, local, inside, begun),
            }
        }
        Value::Unknown
    }
}

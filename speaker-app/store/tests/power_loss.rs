//! Power is lost at every byte of a recorded history, in every way in which a disk may drop what was not synced.

mod sim;
#[path = "sim/work.rs"]
mod work;

use saggar_store::Store;
use sim::{Files, Lie, Sim};
use std::collections::BTreeMap;
use work::{SLACK_BYTES, Snapshot, expected, run, snapshot, steps};

/// A history: what was there after so many operations of the disk were acknowledged.
struct History {
    sim: Sim,
    begun: Files,
    /// Operations done when the state was acknowledged, in order; the first before any.
    states: Vec<(usize, Snapshot)>,
}

impl History {
    fn record(begun: Files, lie: Lie, seed: u64, count: usize) -> Self {
        let sim = Sim::new(&begun, lie);
        let mut states = vec![(0, Snapshot::default())];
        let mut store = Store::open_on(sim.clone(), SLACK_BYTES).expect("a sound disk");
        if !begun.is_empty() {
            states[0].1 = snapshot(&store);
        }
        for step in steps(seed, count) {
            let before = snapshot(&store);
            let given = run(&mut store, &step).expect("a sound disk");
            let after = snapshot(&store);
            assert_eq!(after, expected(&before, &step, given), "{step:?}");
            states.push((sim.ops(), after));
        }
        Self { sim, begun, states }
    }

    /// What may be there when power is lost in operation `op`: what was acknowledged last, and what was under way.
    fn allowed(&self, op: usize) -> &[(usize, Snapshot)] {
        let acknowledged = self.states.partition_point(|(ops, _)| *ops <= op) - 1;
        &self.states[acknowledged..self.states.len().min(acknowledged + 2)]
    }

    /// Loses power everywhere; counts the disks looked at, or tells the first that breaks the promise.
    fn check(&self, deeper: bool) -> Result<usize, String> {
        let mut looked = 0;
        for op in 0..=self.sim.ops() {
            let bytes = if op < self.sim.ops() { self.sim.op_bytes(op) } else { 1 };
            for partial in 0..bytes {
                for files in self.sim.lose_power(&self.begun, op, partial) {
                    looked += 1;
                    let told = |what: String| format!("power lost at {partial} bytes of operation {op}: {what}");
                    look(&files, self.allowed(op)).map_err(told)?;
                    // Power is lost again while the log is put in order.
                    if deeper && partial % 7 == 0 {
                        looked += again(&files, self.allowed(op)).map_err(told)?;
                    }
                }
            }
        }
        Ok(looked)
    }
}

/// Opens what is left, and goes on with it.
fn look(files: &Files, allowed: &[(usize, Snapshot)]) -> Result<(), String> {
    let sim = Sim::new(files, Lie::None);
    let mut store = Store::open_on(sim.clone(), SLACK_BYTES).map_err(|error| error.to_string())?;
    let found = snapshot(&store);
    if !allowed.iter().any(|(_, state)| *state == found) {
        return Err(format!("{found:?} is none of {allowed:?}"));
    }
    store.put("weather", b"after", b"rain", 1000).map_err(|error| error.to_string())?;
    let id = store.timer_add("timer", 7, "after").map_err(|error| error.to_string())?;
    if found.timers.contains_key(&("timer".to_owned(), id)) {
        return Err(format!("the number {id} was given twice"));
    }
    let wanted = snapshot(&store);
    for left in sim.lose_power(files, sim.ops(), 0) {
        let store = Store::open_on(Sim::new(&left, Lie::None), SLACK_BYTES).map_err(|error| error.to_string())?;
        if snapshot(&store) != wanted {
            return Err("what was stored after the loss was lost".to_owned());
        }
    }
    Ok(())
}

/// Loses power at every byte of the opening. What was read then may not be lost afterwards.
fn again(files: &Files, allowed: &[(usize, Snapshot)]) -> Result<usize, String> {
    let mut looked = 0;
    let sim = Sim::new(files, Lie::None);
    let store = Store::open_on(sim.clone(), SLACK_BYTES).map_err(|error| error.to_string())?;
    let read = [(0, snapshot(&store))];
    for op in 0..=sim.ops() {
        let bytes = if op < sim.ops() { sim.op_bytes(op) } else { 1 };
        let allowed = if op < sim.ops() { allowed } else { &read };
        for partial in 0..bytes {
            for left in sim.lose_power(files, op, partial) {
                looked += 1;
                look(&left, allowed).map_err(|what| format!("again at {partial} bytes of operation {op}: {what}"))?;
            }
        }
    }
    Ok(looked)
}

#[test]
fn what_was_acknowledged_survives() {
    let history = History::record(Files::new(), Lie::None, 1, 120);
    let looked = history.check(false).expect("the promise holds");
    println!("{looked} disks after {} operations", history.sim.ops());
    // Else the check would be about nothing: every step changes several operations and many bytes.
    assert!(looked > 5_000, "{looked}");
    assert!(renames(&history) >= 3, "the log was written anew at least three times");
}

#[test]
fn power_may_be_lost_while_the_log_is_put_in_order() {
    let history = History::record(Files::new(), Lie::None, 2, 40);
    let looked = history.check(true).expect("the promise holds");
    println!("{looked} disks after {} operations", history.sim.ops());
    // A log with a torn tail, gone on with.
    let mut torn = history.sim.files();
    torn.get_mut("log").expect("there is one").extend([0; 5]);
    History::record(torn, Lie::None, 3, 40).check(true).expect("the promise holds");
}

#[test]
fn planted_mistakes_are_found() {
    for lie in [Lie::SyncLog, Lie::SyncNew, Lie::SyncFolder] {
        let told = History::record(Files::new(), lie, 1, 120).check(false).expect_err("a sync that does nothing loses something");
        assert!(told.contains("is none of"), "{lie:?}: {told}");
    }
}

/// The number of logs that were written, by their markers.
fn renames(history: &History) -> usize {
    let mut markers = BTreeMap::new();
    for op in 0..=history.sim.ops() {
        for files in history.sim.lose_power(&history.begun, op, 0) {
            if let Some(marker) = files.get("log").and_then(|log| log.get(8..12)) {
                markers.insert(marker.to_vec(), ());
            }
        }
    }
    markers.len()
}

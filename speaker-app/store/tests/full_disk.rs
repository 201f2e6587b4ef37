//! The disk is full at any call, for once or for a while, with any part of a write done.

mod sim;
#[path = "sim/work.rs"]
mod work;

use saggar_store::{Store, StoreError};
use sim::{Files, Lie, Sim};
use work::{SLACK_BYTES, expected, run, snapshot, steps};

#[test]
fn a_full_disk_keeps_the_old_state_and_the_store_works_on() {
    let steps = steps(5, 60);
    let sound = Sim::new(&Files::new(), Lie::None);
    let mut store = Store::open_on(sound.clone(), SLACK_BYTES).expect("a sound disk");
    let opened = sound.calls();
    for step in &steps {
        run(&mut store, step).expect("a sound disk");
    }
    let mut failed = 0;
    for first in opened..sound.calls() {
        for (calls, partial) in [(1, 0), (1, 9), (1, usize::MAX), (3, 5), (12, usize::MAX)] {
            failed += full(&steps, first..first + calls, partial);
        }
    }
    assert!(failed > sound.calls(), "most of these stopped a change: {failed}");
}

/// Runs all steps while these calls fail, and counts the steps that did.
fn full(steps: &[work::Step], calls: std::ops::Range<usize>, partial: usize) -> usize {
    let sim = Sim::new(&Files::new(), Lie::None);
    let mut store = Store::open_on(sim.clone(), SLACK_BYTES).expect("the disk is not full yet");
    sim.fail(calls.clone(), partial);
    let mut failed = 0;
    for step in steps {
        let before = snapshot(&store);
        let began = sim.calls();
        let wanted = match run(&mut store, step) {
            Ok(given) => expected(&before, step, given),
            Err(StoreError::DiskFull { .. }) => {
                failed += 1;
                before.clone()
            }
            Err(other) => panic!("{other}"),
        };
        assert_eq!(snapshot(&store), wanted, "{step:?} with {calls:?} failing");
        // Once the disk works and a step went through, nothing is in doubt any more.
        if began >= calls.end && sim.calls() > began {
            for left in sim.lose_power(&Files::new(), sim.ops(), 0) {
                let left = Store::open_on(Sim::new(&left, Lie::None), SLACK_BYTES).expect("a sound disk");
                assert_eq!(snapshot(&left), wanted, "{step:?} with {calls:?} failing");
            }
        }
    }
    // A change that failed in the last step may still be in doubt: the next that works takes it back.
    while store.put("weather", b"last", b"", 1000).is_err() {}
    let reopened = Store::open_on(Sim::new(&sim.files(), Lie::None), SLACK_BYTES).expect("a sound disk");
    assert_eq!(snapshot(&reopened), snapshot(&store));
    failed
}

#[test]
fn a_failed_change_does_not_come_up_after_the_old_value_was_confirmed() {
    let sim = Sim::new(&Files::new(), Lie::None);
    let mut store = Store::open_on(sim.clone(), SLACK_BYTES).expect("a sound disk");
    store.put("weather", b"k", b"old", 100).expect("a sound disk");
    // The write is done, but neither synced nor taken back.
    let calls = sim.calls();
    sim.fail(calls + 1..calls + 3, 0);
    store.put("weather", b"k", b"new", 100).expect_err("the sync fails");
    store.put("weather", b"k", b"old", 100).expect("there is room again");
    for left in sim.lose_power(&Files::new(), sim.ops(), 0) {
        let left = Store::open_on(Sim::new(&left, Lie::None), SLACK_BYTES).expect("a sound disk");
        assert_eq!(left.get("weather", b"k"), Some(&b"old"[..]));
    }
}

#[test]
fn a_disk_that_is_full_from_the_beginning_says_so() {
    let sim = Sim::new(&Files::new(), Lie::None);
    sim.fail(0..100, 3);
    let error = Store::open_on(sim.clone(), SLACK_BYTES).expect_err("nothing can be written");
    assert!(matches!(error, StoreError::DiskFull { .. }));
    assert!(error.to_string().contains("the disk is full"), "{error}");
}

#[test]
fn what_is_there_is_read_although_the_disk_is_full() {
    let sim = Sim::new(&Files::new(), Lie::None);
    let mut store = Store::open_on(sim.clone(), SLACK_BYTES).expect("a sound disk");
    store.put("shopping", b"list", b"milk", 100).expect("a sound disk");
    let mut files = sim.files();
    files.get_mut("log").expect("there is one").extend([1, 2, 3]);

    let sim = Sim::new(&files, Lie::None);
    sim.fail(0..2, 0);
    let mut store = Store::open_on(sim, SLACK_BYTES).expect("reading needs no room");
    assert_eq!(store.get("shopping", b"list"), Some(&b"milk"[..]));
    let told: Vec<String> = store.problems().iter().map(ToString::to_string).collect();
    assert!(told[0].contains("3 bytes of an unfinished record") && told[1].contains("disk is full"), "{told:?}");
    assert!(matches!(store.put("shopping", b"list", b"bread", 100), Err(StoreError::DiskFull { .. })));
    store.put("shopping", b"list", b"bread", 100).expect("there is room again");
}

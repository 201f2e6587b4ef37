//! Damage within the log: what is good is kept, what is not is told, and nothing is forged.

mod sim;

use saggar_store::{Problem, SLACK_BYTES, Store};
use sim::{Files, Lie, Sim};

/// A log of six values, and where each record begins.
fn written() -> (Vec<u8>, Vec<usize>) {
    let sim = Sim::new(&Files::new(), Lie::None);
    let mut store = Store::open_on(sim.clone(), SLACK_BYTES).expect("a sound disk");
    let mut begins = Vec::new();
    for key in 0..6_u8 {
        begins.push(usize::try_from(store.log_bytes()).expect("short"));
        store.put("shopping", &[key], &[key; 20], 1000).expect("a sound disk");
    }
    (sim.files()["log"].clone(), begins)
}

fn open(log: Vec<u8>) -> (Store<Sim>, Sim) {
    let sim = Sim::new(&Files::from([("log", log)]), Lie::None);
    (Store::open_on(sim.clone(), SLACK_BYTES).expect("damage is no error"), sim)
}

#[test]
fn one_damaged_byte_costs_one_record() {
    let (log, begins) = written();
    for at in 0..log.len() {
        let mut damaged = log.clone();
        damaged[at] ^= 0x40;
        let (store, sim) = open(damaged.clone());
        let hit = begins.iter().rposition(|begin| at >= *begin);
        let kept: Vec<u8> = store.entries("shopping").map(|(key, _)| key[0]).collect();
        let wanted: Vec<u8> = (0..6).filter(|key| hit != Some(usize::from(*key))).collect();
        assert_eq!(kept, wanted, "byte {at}");
        match (hit, store.problems()) {
            (Some(5), [Problem::TornTail { .. }]) => {}
            (Some(record), [Problem::Damaged { offset_bytes, .. }, Problem::Kept { name }]) => {
                assert_eq!(*offset_bytes, begins[record]);
                assert_eq!(sim.files()[name], damaged, "a copy is kept");
            }
            (None, [Problem::Damaged { .. }, Problem::Kept { .. }]) => {}
            other => panic!("byte {at}: {other:?}"),
        }
        let (again, _) = open(sim.files()["log"].clone());
        assert_eq!(again.problems(), [], "the new log is sound");
        assert_eq!(again.entries("shopping").count(), kept.len());
    }
}

#[test]
fn what_is_no_log_is_kept_and_begun_anew() {
    for bytes in [vec![], vec![0; 500], b"SaggarS1 and then something else entirely, longer than a header".to_vec()] {
        let (mut store, sim) = open(bytes.clone());
        assert_eq!(store.problems(), [Problem::NoLog { bytes: bytes.len() }, Problem::Kept { name: "log.damaged" }]);
        store.put("a", b"k", b"v", 10).expect("a sound disk");
        assert_eq!(sim.files()["log.damaged"], bytes);
    }
}

#[test]
fn random_damage_never_panics() {
    let (log, _) = written();
    let mut dice = 9_u64;
    let mut roll = |bound: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(dice >> 33).expect("31 bits") % bound
    };
    for _ in 0..3000 {
        let mut damaged = log.clone();
        for _ in 0..=roll(6) {
            let at = roll(damaged.len());
            match roll(3) {
                0 => damaged[at] = u8::try_from(roll(256)).expect("a byte"),
                1 => damaged.truncate(at.max(1)),
                _ => drop(damaged.splice(at..at, [0xff; 3])),
            }
        }
        let (store, _) = open(damaged);
        for (key, value) in store.entries("shopping") {
            assert_eq!(value, [key[0]; 20], "what is kept is right");
        }
    }
}

/// A skill stores what looks like a record of another skill; the disk then damages the record around it.
#[test]
fn a_stored_value_never_becomes_a_record() {
    let (forged, begins) = written();
    let sim = Sim::new(&Files::new(), Lie::None);
    let mut other = sim.clone();
    saggar_store::disk::Disk::random(&mut other);
    let mut store = Store::open_on(sim.clone(), SLACK_BYTES).expect("a sound disk");
    let at = usize::try_from(store.log_bytes()).expect("short");
    store.put("evil", b"k", &forged[begins[0]..begins[1]], 1000).expect("a sound disk");
    store.put("evil", b"after", b"", 1000).expect("a sound disk");
    let mut log = sim.files()["log"].clone();
    log[at] ^= 1;
    let (store, _) = open(log);
    assert!(matches!(store.problems(), [Problem::Damaged { .. }, Problem::Kept { .. }]));
    assert_eq!(store.owners().collect::<Vec<_>>(), ["evil"], "nothing of shopping");
}

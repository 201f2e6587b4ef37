//! The store on a real folder: limits, timers, restarts, and a second process.

use saggar_store::{LONGEST_VALUE_BYTES, MOST_TIMERS, Store, StoreError};

type Result = std::result::Result<(), Box<dyn std::error::Error>>;

#[test]
fn limits_count_keys_and_values_of_one_owner() -> Result {
    let folder = tempfile::tempdir()?;
    let mut store = Store::open(&folder.path().join("new/folders"))?;
    store.put("a", b"key", b"1234567", 10)?;
    assert_eq!(store.used_bytes("a"), 10);
    let error = store.put("a", b"k", b"", 10).expect_err("eleven bytes");
    assert!(matches!(error, StoreError::Full { needed_bytes: 11, limit_bytes: 10, .. }), "{error}");
    assert!(store.put("a", b"key", b"12345678", 10).is_err());
    assert_eq!(store.get("a", b"key"), Some(&b"1234567"[..]), "the old value stays");
    store.put("a", b"key", b"1", 10)?;
    store.put("b", b"key", b"1234567", 10)?;
    assert_eq!((store.used_bytes("a"), store.used_bytes("b"), store.used_bytes("c")), (4, 10, 0));
    assert!(store.delete("a", b"key")?);
    assert!(!store.delete("a", b"key")?);
    assert_eq!((store.used_bytes("a"), store.get("a", b"key")), (0, None));
    let long = vec![0; LONGEST_VALUE_BYTES + 1];
    assert!(matches!(store.put("a", b"key", &long, u64::MAX), Err(StoreError::TooLong { .. })));
    assert!(matches!(store.put(&"o".repeat(256), b"key", b"", 1), Err(StoreError::Full { .. })));
    assert!(matches!(store.timer_add(&"o".repeat(256), 0, ""), Err(StoreError::TooLong { .. })));
    Ok(())
}

#[test]
fn numbers_of_timers_are_not_used_again_over_restarts() -> Result {
    let folder = tempfile::tempdir()?;
    let mut store = Store::open(folder.path())?;
    assert_eq!((store.timer_add("a", 300, "x")?, store.timer_add("a", 100, "y")?, store.timer_add("b", 200, "z")?), (0, 1, 0));
    assert_eq!(store.next_due_unix_ms(), Some(100));
    assert!(store.timer_cancel("a", 1)?);
    assert!(!store.timer_cancel("a", 1)?);
    assert!(!store.timer_cancel("c", 0)?);
    drop(store);

    let mut store = Store::open(folder.path())?;
    assert_eq!(store.problems(), []);
    assert_eq!(store.timer_add("a", 150, "w")?, 2);
    let due = store.due(200);
    let names: Vec<_> = due.iter().map(|timer| (timer.owner.clone(), timer.id, timer.tag.clone())).collect();
    assert_eq!(names, [("a".to_owned(), 2, "w".to_owned()), ("b".to_owned(), 0, "z".to_owned())]);
    drop(store);

    // Nobody has rung yet.
    let mut store = Store::open(folder.path())?;
    assert_eq!(store.due(200), due);
    store.take(&due)?;
    store.take(&due)?;
    assert_eq!(store.due(200), []);
    drop(store);

    let mut store = Store::open(folder.path())?;
    assert_eq!(store.due(200), [], "what has rung is not kept");
    assert_eq!(store.timers("a").map(|timer| (timer.id, timer.due_unix_ms)).collect::<Vec<_>>(), [(0, 300)]);
    assert_eq!(store.next_due_unix_ms(), Some(300));
    for _ in 1..MOST_TIMERS {
        store.timer_add("a", 1000, "")?;
    }
    assert!(matches!(store.timer_add("a", 1000, ""), Err(StoreError::TimersFull { most: MOST_TIMERS, .. })));
    store.timer_add("b", 1000, "")?;
    Ok(())
}

#[test]
fn the_log_stays_short() -> Result {
    let folder = tempfile::tempdir()?;
    let mut store = Store::open(folder.path())?;
    for round in 0..300_u32 {
        store.put("a", b"k", &round.to_le_bytes().repeat(256), 2000)?;
        assert!(store.log_bytes() < saggar_store::SLACK_BYTES + 5000);
        assert_eq!(store.log_bytes(), folder.path().join("log").metadata()?.len());
    }
    drop(store);
    let store = Store::open(folder.path())?;
    assert_eq!(store.get("a", b"k"), Some(&299_u32.to_le_bytes().repeat(256)[..]));
    Ok(())
}

#[test]
fn a_store_is_open_once() -> Result {
    let folder = tempfile::tempdir()?;
    let store = Store::open(folder.path())?;
    let error = Store::open(folder.path()).expect_err("it is open");
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    drop(store);
    Store::open(folder.path())?;
    Ok(())
}

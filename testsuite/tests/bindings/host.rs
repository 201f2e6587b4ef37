//! A Rust host that uses nothing but the generated bindings.

#[path = "guest.rs"]
mod guest;

use guest::{ExternRef, Guest, Imports};
use saggar_runtime::Trap;
use std::sync::atomic::{AtomicU32, Ordering};

static ODD_CALLS: AtomicU32 = AtomicU32::new(0);

/// What the guest asks for.
struct Host;

impl Imports for Host {
    fn env_now(_: &mut Guest) -> i64 {
        -3_000_000_000
    }

    fn env_dirty(_: &mut Guest, value: i32) -> i32 {
        value
    }

    fn env_register(_: &mut Guest, value: i32) -> i64 {
        i64::from(value)
    }

    #[allow(clippy::too_many_arguments, reason = "it tests arguments on the stack")]
    fn env_mix(
        _: &mut Guest,
        a0: i32,
        a1: i64,
        a2: f32,
        a3: f64,
        a4: i32,
        a5: i64,
        a6: f32,
        a7: f64,
        a8: i32,
        a9: i32,
        a10: i32,
        a11: i32,
        a12: i32,
        a13: i64,
        a14: i32,
    ) -> f64 {
        let narrow = [a0, a4, a8, a9, a10, a11, a12, a14].map(f64::from);
        narrow.iter().sum::<f64>() + (a1 + a5 + a13) as f64 + f64::from(a2 + a6) * 0.5 + (a3 + a7) * 0.25
    }

    /// Calls the module again, with a call that returns, one that traps, and a look at its memory.
    fn env_reenter(guest: &mut Guest, value: i32) -> i32 {
        let sum = guest.add(value, 100).unwrap_or(-1);
        assert_eq!(code(guest.divide(1, 0)), 7);
        assert!(guest.memory().slice(16, 4).is_some());
        sum
    }

    fn env_pair(_: &mut Guest, value: i32) -> (i32, i64) {
        (-value, i64::from(value) * 1_000_000_000)
    }

    fn env_keep(_: &mut Guest, value: ExternRef) -> ExternRef {
        if value.0 == 0 { value } else { ExternRef(value.0 + 1) }
    }

    fn odd_name(_: &mut Guest) {
        ODD_CALLS.fetch_add(1, Ordering::Relaxed);
    }
}

guest::provide!(Host, guest);

/// The number of the trap with which a call ended.
fn code<T: core::fmt::Debug>(result: Result<T, Trap>) -> usize {
    result.expect_err("a trap").number
}

fn values(guest: &mut Guest) -> Result<(), Trap> {
    assert_eq!(guest.add(2_000_000_000, 2_000_000_000)?, -294_967_296);
    assert_eq!(guest.sub64(i64::MIN, 1)?, i64::MAX);
    assert_eq!(guest.scale32(-3.0)?, -1.5);
    assert_eq!(guest.scale64(-3.0)?, -7.5);
    assert_eq!(guest.now()?, -3_000_000_000);
    guest.nothing()?;
    assert_eq!(guest.spread(-9)?, (-9, -9, -9.0, -9.0));
    assert_eq!(guest.widen_signed(-1)?, -1);
    assert_eq!(guest.widen_unsigned(-1)?, 0xffff_ffff);
    assert_eq!(guest.while_2(5)?, 5);
    assert_eq!(guest.add_2(5, 3)?, 2);
    assert_eq!(guest.unnamed()?, 42);
    assert_eq!(guest.pair(7)?, 7_000_000_000 - 7);
    assert_eq!(guest.keep(ExternRef(0))?, ExternRef(0));
    assert_eq!(guest.keep(ExternRef(5))?, ExternRef(6));
    assert_eq!(guest.mix(-1)?, -12.0 + 18.0 - 2.0 + 3.0);
    assert!(guest.pick(0)?.is_null());
    let function = guest.pick(1)?;
    assert!(!function.is_null());
    assert_eq!(guest.put(function)?, 0);
    assert_eq!(guest.pick(0)?, function);
    assert_eq!(code(guest.pick(2)), 3);
    guest.odd_name()?;
    assert_eq!(ODD_CALLS.load(Ordering::Relaxed), 1);
    assert_eq!(guest.reenter(23)?, 124);
    Ok(())
}

fn memory_and_globals(guest: &mut Guest) -> Result<(), Trap> {
    let mut memory = guest.memory();
    assert_eq!(memory.size_bytes(), 65536);
    assert_eq!(memory.slice(16, 4), Some(&[0x78, 0x56, 0x34, 0x12][..]));
    assert!(memory.slice(65536, 0).is_some() && memory.slice(65535, 2).is_none() && memory.slice(usize::MAX, 2).is_none());
    let early = memory.slice_mut(1000, 4).expect("inside");
    early.copy_from_slice(&i32::MAX.to_le_bytes());
    assert_eq!(guest.load(1000)?, i32::MAX);
    /* the slice ends here */
    assert_eq!(guest.counter(), -7);
    assert_eq!(guest.bump()?, -6);
    guest.counter_set(i32::MAX);
    assert_eq!(guest.bump()?, i32::MIN);
    assert_eq!(guest.scale(), 2.5);
    Ok(())
}

fn main() {
    let mut guest = Guest::take().expect("nobody took it");
    assert!(Guest::take().is_none());
    assert_eq!(code(guest.add(1, 2)), 32);
    guest.instantiate().expect("instantiated");
    values(&mut guest).expect("no trap");
    memory_and_globals(&mut guest).expect("no trap");
    assert_eq!(code(guest.divide(1, 0)), 7);
    assert_eq!(code(guest.divide(i32::MIN, -1)), 8);
    assert_eq!(code(guest.unreachable()), 1);
    assert_eq!(code(guest.recurse(1)), 10);
    assert_eq!(code(guest.load(65533)), 2);
    guest.instantiate().expect("instantiated again");
    assert_eq!(guest.counter(), -7);
    println!("all checks passed");
}

//! A Rust host that exchanges vectors with the module of `vectors.wat`, by the generated bindings alone.

#[path = "guest.rs"]
mod guest;

use guest::{Guest, Imports};
use saggar_runtime::{Trap, V128};
use std::sync::Mutex;

static SUNK: Mutex<Vec<V128>> = Mutex::new(Vec::new());

fn vector(first: i32) -> V128 {
    V128::from_i32x4([first, -first, first + 1, !first])
}

/// What shows every argument and its place.
#[derive(Clone, Copy, Default)]
struct Fold(u64);

impl Fold {
    fn number(self, value: u64) -> Fold {
        Fold(self.0.wrapping_mul(31).wrapping_add(value))
    }

    fn vector(self, value: V128) -> Fold {
        value.to_slots().into_iter().fold(self, Fold::number)
    }
}

/// What the guest asks for.
struct Host;

impl Imports for Host {
    #[allow(clippy::too_many_arguments, reason = "it tests arguments on the stack")]
    fn env_mix(
        _: &mut Guest,
        a0: i32,
        a1: V128,
        a2: f64,
        a3: V128,
        a4: i64,
        a5: V128,
        a6: f32,
        a7: V128,
        a8: V128,
        a9: V128,
        a10: V128,
        a11: V128,
        a12: V128,
        a13: V128,
        a14: V128,
        a15: i32,
    ) -> i64 {
        let sum = Fold::default().number(i64::from(a0) as u64).vector(a1).number(a2.to_bits()).vector(a3);
        let sum = sum.number(a4 as u64).vector(a5).number(u64::from(a6.to_bits()));
        let sum = [a7, a8, a9, a10, a11, a12, a13, a14].into_iter().fold(sum, Fold::vector);
        sum.number(i64::from(a15) as u64).0 as i64
    }

    fn env_both(_: &mut Guest, a0: V128, a1: i32, a2: V128) -> (V128, i32, V128, f64) {
        (a2, -a1, a0, f64::from(a1) * 0.5)
    }

    fn env_single(_: &mut Guest, value: i64) -> V128 {
        V128::from_i64x2([value, !value])
    }

    fn env_sink(_: &mut Guest, value: V128) {
        SUNK.lock().expect("nobody panicked").push(value);
    }

    /// Calls the module again, and this function by it.
    fn env_reenter(guest: &mut Guest, first: V128, second: V128) -> V128 {
        let depth = first.to_i32x4()[0];
        let inner = if depth == 0 { V128::default() } else { guest.reenter(vector(depth - 1), second).expect("no trap") };
        assert!(guest.load(-1).is_err());
        let [sum, ..] = inner.to_i32x4();
        V128::from_i32x4([sum + depth, 0, 0, second.to_i32x4()[3]])
    }
}

guest::provide!(Host, guest);

fn exports(guest: &mut Guest) -> Result<(), Trap> {
    let (one, other) = (vector(7), vector(-1000));
    assert_eq!(guest.mirror(one)?, one);
    assert_eq!(guest.turned(-5, one, 0.25, other, i64::MIN, -0.5)?, (-0.5, i64::MIN, other, 0.25, one, -5));
    let v: Vec<V128> = (0..20).map(|index| vector(index * 1_000_003 + 17)).collect();
    let (mut sums, mut sum) = ([0_i32; 4], 0_i64);
    for (vector, number) in v.iter().zip(1..) {
        sums = std::array::from_fn(|lane| sums[lane].wrapping_mul(3).wrapping_add(vector.to_i32x4()[lane]));
        sum = sum * 3 + number;
    }
    let found = guest.many(
        v[0], 1, v[1], 2, v[2], 3, v[3], 4, v[4], 5, v[5], 6, v[6], 7, v[7], 8, v[8], 9, v[9], 10, v[10], 11, v[11], 12, v[12], 13, v[13],
        14, v[14], 15, v[15], 16, v[16], 17, v[17], 18, v[18], 19, v[19], 20,
    )?;
    assert_eq!(found, (V128::from_i32x4(sums), sum));
    Ok(())
}

fn imports(guest: &mut Guest) -> Result<(), Trap> {
    let v: Vec<V128> = (0..11).map(|index| vector(index * 77_777 + 5)).collect();
    let sum = Fold::default().number(-9_i64 as u64).vector(v[0]).number((-1.25_f64).to_bits()).vector(v[1]);
    let sum = sum.number(i64::MAX as u64).vector(v[2]).number(u64::from(3.5_f32.to_bits()));
    let sum = v[3..].iter().copied().fold(sum, Fold::vector).number(i64::from(i32::MIN) as u64).0 as i64;
    let (max, min) = (i64::MAX, i32::MIN);
    assert_eq!(guest.mix(-9, v[0], -1.25, v[1], max, v[2], 3.5, v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], min)?, sum);
    assert_eq!(guest.mix_by_table(-9, v[0], -1.25, v[1], max, v[2], 3.5, v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], min)?, sum);
    assert_eq!(guest.both(v[0], 7, v[1])?, (v[1], -7, v[0], 3.5));
    assert_eq!(guest.both_by_table(v[2], -8, v[3])?, (v[3], 8, v[2], -4.0));
    assert_eq!(guest.both_again(v[4], 9, v[5])?, (v[5], -9, v[4], 4.5));
    let number = 0x1122_3344_5566_7788;
    assert_eq!(guest.single(number)?.to_i64x2(), [number + 1, !number]);
    guest.sink(v[6])?;
    assert_eq!(*SUNK.lock().expect("nobody panicked"), [v[6], V128(v[6].0.map(|byte| !byte))]);
    assert_eq!(guest.reenter(vector(6), v[1])?.to_i32x4(), [21, 0, 0, v[1].to_i32x4()[3]]);
    Ok(())
}

fn globals_and_memory(guest: &mut Guest) -> Result<(), Trap> {
    let (value, set) = (guest.vector(), vector(99));
    assert_eq!(value.to_i32x4(), [1, 2, 3, 4]);
    guest.vector_set(set);
    assert_eq!((guest.before(), guest.after()), (1, 2));
    assert_eq!(guest.exchange(value)?, set);
    assert_eq!(guest.vector(), value);
    assert_eq!(guest.fixed().to_f64x2(), [1.5, -2.5]);
    guest.store(65520, set)?;
    assert_eq!(guest.memory().slice(65520, 16), Some(&set.0[..]));
    assert_eq!(guest.load(65520)?, set);
    assert_eq!(guest.load(65521).expect_err("a trap").number, 2);
    assert_eq!(guest.store(65521, value).expect_err("a trap").number, 2);
    Ok(())
}

fn main() {
    let mut guest = Guest::take().expect("nobody took it");
    guest.instantiate().expect("instantiated");
    exports(&mut guest).expect("no trap");
    imports(&mut guest).expect("no trap");
    globals_and_memory(&mut guest).expect("no trap");
    println!("all checks passed");
}

//! Host functions with more arguments than registers, of each kind, on each target.

use saggar_abi::trap::Code;
use saggar_compiler::{Options, compile};
use saggar_testsuite::target::link::{LinkInput, LinkOptions, link};
use saggar_testsuite::target::runner::{Outcome, Runner, RunnerOptions};
use saggar_testsuite::target::toolchain::rust_object;
use saggar_testsuite::vector_rows;

/// Each function gives a number that shows which argument arrived where.
const HOST: &str = r#"#![no_std]
#[unsafe(no_mangle)]
pub extern "C" fn sg__host__env__floats__FdddddddddidfRd(
    a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, h: f64, i: f64, j: i32, k: f64, l: f32,
) -> f64 {
    a + 2.0 * b + 3.0 * c + 4.0 * d + 5.0 * e + 6.0 * f + 7.0 * g + 8.0 * h + 9.0 * i + 10.0 * (j as f64) + 11.0 * k + 12.0 * (l as f64)
}
#[unsafe(no_mangle)]
pub extern "C" fn sg__host__env__mixed__FilililililfdilRl(
    a: i32, b: i64, c: i32, d: i64, e: i32, f: i64, g: i32, h: i64, i: i32, j: i64, k: f32, l: f64, m: i32, n: i64,
) -> i64 {
    [a as i64, b, c as i64, d, e as i64, f, g as i64, h, i as i64, j, k as i64, l as i64, m as i64, n]
        .into_iter().fold(0i64, |sum, value| sum.wrapping_mul(31).wrapping_add(value))
}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sg__host__env__many__FdddddddddRid(
    _a: f64, _b: f64, _c: f64, _d: f64, _e: f64, _f: f64, _g: f64, _h: f64, i: f64, results: *mut u64,
) {
    unsafe { *results = 77; *results.add(1) = i.to_bits(); }
}

/// As the runtime library's, which this object does without.
#[repr(C, align(16))]
pub struct V128([u64; 2]);

/// Folds a vector into a sum; one that does not lie at a multiple of 16 bytes gives another sum.
fn fold(sum: u64, vector: *const V128) -> u64 {
    let slots = if (vector as usize) % 16 == 0 { unsafe { (*vector).0 } } else { [13, 13] };
    slots.into_iter().fold(sum, |sum, slot| sum.wrapping_mul(31).wrapping_add(slot))
}
#[unsafe(no_mangle)]
pub extern "C" fn sg__host__env__vectors__FvidvlfvvvvvvvivRl(
    a: *const V128, b: i32, c: f64, d: *const V128, e: i64, f: f32, g: *const V128, h: *const V128, i: *const V128, j: *const V128,
    k: *const V128, l: *const V128, m: *const V128, n: i32, o: *const V128,
) -> i64 {
    let mut sum = fold(0, a);
    for number in [b as u64, c as i64 as u64] { sum = sum.wrapping_mul(31).wrapping_add(number); }
    sum = fold(sum, d);
    for number in [e as u64, f as i64 as u64] { sum = sum.wrapping_mul(31).wrapping_add(number); }
    for vector in [g, h, i, j, k, l, m] { sum = fold(sum, vector); }
    fold(sum.wrapping_mul(31).wrapping_add(n as u64), o) as i64
}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sg__host__env__vector__FlRv(a: i64, results: *mut u64) {
    unsafe { *results = a as u64; *results.add(1) = !a as u64; }
}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sg__host__env__several__FivRivdv(a: i32, b: *const V128, results: *mut u64) {
    let b = unsafe { (*b).0 };
    let slots = [0xdead_beef_0000_0000 | (a as u32 as u64), b[1], b[0], 2.5f64.to_bits(), 3, 4];
    for (index, slot) in slots.into_iter().enumerate() { unsafe { *results.add(index) = slot }; }
}
"#;

const GUEST: &str = r#"(module
  (import "env" "vectors" (func $vectors (type $vectors)))
  (import "env" "vector" (func $vector (param i64) (result v128)))
  (import "env" "several" (func $several (param i32 v128) (result i32 v128 f64 v128)))
  (type $vectors (func
    (param v128 i32 f64 v128 i64 f32 v128 v128 v128 v128 v128 v128 v128 i32 v128) (result i64)))
  (import "env" "floats" (func $floats (param f64 f64 f64 f64 f64 f64 f64 f64 f64 i32 f64 f32) (result f64)))
  (import "env" "mixed" (func $mixed (param i32 i64 i32 i64 i32 i64 i32 i64 i32 i64 f32 f64 i32 i64) (result i64)))
  (import "env" "many" (func $many (param f64 f64 f64 f64 f64 f64 f64 f64 f64) (result i32 f64)))
  (func (export "floats") (result i64)
    (i64.trunc_f64_s (call $floats (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5) (f64.const 6) (f64.const 7)
      (f64.const 8) (f64.const 9) (i32.const -10) (f64.const 11) (f32.const 12))))
  (func (export "mixed") (result i64)
    (call $mixed (i32.const -1) (i64.const 2) (i32.const -3) (i64.const 4) (i32.const -5) (i64.const 6) (i32.const -7) (i64.const 8)
      (i32.const -9) (i64.const 10) (f32.const -11) (f64.const 12) (i32.const -13) (i64.const 14)))
  (func (export "many") (result i64) (local f64)
    (call $many (f64.const 0) (f64.const 0) (f64.const 0) (f64.const 0) (f64.const 0) (f64.const 0) (f64.const 0) (f64.const 0)
      (f64.const 1000))
    (local.set 0) (i64.extend_i32_s) (i64.add (i64.trunc_f64_s (local.get 0))))
  (func (export "vectors") (result i64)
    (call $vectors (v128.const i64x2 1 -2) (i32.const -3) (f64.const 4) (v128.const i64x2 5 6) (i64.const -7) (f32.const 8)
      (v128.const i64x2 9 10) (v128.const i64x2 11 12) (v128.const i64x2 13 14) (v128.const i64x2 15 16) (v128.const i64x2 17 18)
      (v128.const i64x2 19 20) (v128.const i64x2 21 22) (i32.const -23) (v128.const i64x2 24 25)))
  (func (export "vector") (result i64) (local v128)
    (local.set 0 (call $vector (i64.const 1000)))
    (i64.sub (i64x2.extract_lane 0 (local.get 0)) (i64.mul (i64.const 3) (i64x2.extract_lane 1 (local.get 0)))))
  ;; Every result has a weight of its own.
  (func (export "several") (result i64) (local i32 v128 f64 v128)
    (call $several (i32.const -5) (v128.const i64x2 70 80))
    (local.set 3) (local.set 2) (local.set 1) (local.set 0)
    (i64.extend_i32_s (local.get 0))
    (i64.add (i64.mul (i64.const 100) (i64x2.extract_lane 0 (local.get 1))))
    (i64.add (i64.mul (i64.const 10000) (i64x2.extract_lane 1 (local.get 1))))
    (i64.add (i64.mul (i64.const 1000000) (i64.trunc_f64_s (f64.mul (f64.const 2) (local.get 2)))))
    (i64.add (i64.mul (i64.const 100000000) (i64x2.extract_lane 0 (local.get 3))))
    (i64.add (i64.mul (i64.const 10000000000) (i64x2.extract_lane 1 (local.get 3))))))"#;

#[test]
fn every_argument_arrives() {
    let floats: i64 =
        (1..=9_i64).chain([-10, 11, 12]).zip(1..).map(|(value, weight): (i64, i64)| value.abs() * value.signum() * weight).sum();
    let mixed = [-1, 2, -3, 4, -5, 6, -7, 8, -9, 10, -11, 12, -13, 14]
        .into_iter()
        .fold(0_i64, |sum, value| sum.wrapping_mul(31).wrapping_add(value));
    let vectors = [1, -2, -3, 4, 5, 6, -7, 8]
        .into_iter()
        .chain(9..=22)
        .chain([-23, 24, 25])
        .fold(0_i64, |sum, value: i64| sum.wrapping_mul(31).wrapping_add(value));
    let vector = 1000 - 3 * !1000_i64;
    let several = -5 + 100 * 80 + 10_000 * 70 + 1_000_000 * 5 + 100_000_000 * 3 + 10_000_000_000 * 4;
    let expected =
        [("floats", floats), ("mixed", mixed), ("many", 1077), ("vectors", vectors), ("vector", vector), ("several", several)];
    for target in vector_rows() {
        let (arch, cpu) = (target.arch(), target.cpu().name);
        let wasm = wat::parse_str(GUEST).expect("the module is well formed");
        let guest = compile(&wasm, &Options::new(target, "hosts")).expect("the module compiles");
        let host = rust_object(arch, HOST).expect("the host is built");
        let inputs = [LinkInput { name: "guest", bytes: &guest.object }, LinkInput { name: "host", bytes: &host }];
        let image = link(arch, &inputs, &LinkOptions::default()).expect("guest and host link");
        let mut runner = Runner::start(arch, RunnerOptions::for_target(target)).expect("the runner starts");
        runner.load(&image).expect("the image loads");
        let mut call = |symbol: &str| {
            let address = image.symbol(symbol).unwrap_or_else(|| panic!("{symbol} is in the image"));
            match runner.call(address, &[], 2, 128 * 1024).expect("the runner answers") {
                Outcome::Completed { code, slots, .. } => (Code::from_number(code), slots[0].cast_signed()),
                other => panic!("{cpu} {symbol}: {other:?}"),
            }
        };
        assert_eq!(call("sg__instantiate__hosts").0, Some(Code::Ok));
        for (name, expected) in expected {
            assert_eq!(call(&format!("sg__entry__hosts__{name}__FRl")), (Some(Code::Ok), expected), "{cpu} {name}");
        }
    }
}

//! Copying and filling, against the plainest definition: every small length at every alignment and overlap, and lengths around
//! each boundary of the implementation. (The other architectures run the same check in the test suite.)
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "one SAFETY comment covers the slots of a test")]
#![allow(clippy::cast_possible_truncation, reason = "patterns are cut to bytes, and the tests run on 64-bit hosts")]

use std::ffi::c_void;

unsafe extern "C" {
    fn sg_copy(to: *mut c_void, from: *const c_void, bytes: usize);
    fn sg_fill(to: *mut c_void, byte: u32, bytes: usize);
}

use saggar_runtime as _;

const AROUND: usize = 96;

fn check_copy(arena: &mut [u8], to: usize, from: usize, bytes: usize) {
    for (index, byte) in arena.iter_mut().enumerate() {
        *byte = (index * 7 + index / 251) as u8;
    }
    let mut expected = arena.to_vec();
    expected.copy_within(from..from + bytes, to);
    assert!(to.max(from) + bytes <= arena.len());
    let base = arena.as_mut_ptr();
    // SAFETY: both ranges are inside the arena.
    unsafe { sg_copy(base.add(to).cast(), base.add(from).cast(), bytes) };
    assert!(arena == expected, "{bytes} bytes from {from} to {to}");
}

#[test]
fn copies_of_every_alignment_and_overlap() {
    let mut arena = vec![0; AROUND * 2 + 300];
    for bytes in 0..=200 {
        for to in 0..17 {
            for from in (0..17).chain([AROUND]) {
                check_copy(&mut arena, AROUND / 2 + to, AROUND / 2 + from, bytes);
            }
        }
    }
}

#[test]
fn long_copies() {
    let mut arena = vec![0; 20_000];
    for bytes in [255, 256, 257, 1023, 2047, 2048, 2049, 4096, 4100, 8191] {
        for (to, from) in
            [(64, 64), (64, 65), (65, 64), (64, 127), (64, 128), (128, 64), (3, 9000), (9001, 5), (1000, 64), (64, 1000)]
        {
            check_copy(&mut arena, to, from, bytes);
        }
    }
}

#[test]
fn fills() {
    let mut arena = vec![0; 9000];
    for bytes in (0..300).chain([511, 512, 2047, 2048, 2049, 4095, 8191]) {
        for to in 64..82 {
            let byte = (bytes * 31 + to) as u8;
            arena.fill(!byte);
            // SAFETY: the range is inside the arena.
            unsafe { sg_fill(arena.as_mut_ptr().add(to).cast(), u32::from(byte) | 0xabcd_ef00, bytes) };
            let right = arena
                .iter()
                .enumerate()
                .all(|(index, &found)| found == if (to..to + bytes).contains(&index) { byte } else { !byte });
            assert!(right, "{bytes} bytes at {to}");
        }
    }
}

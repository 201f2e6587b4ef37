//! Memories, tables and cells.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "one SAFETY comment covers the slots of a test")]

use saggar_runtime::{Cell, Global, Memory, cell, memory, table};
use std::ptr;

const PAGE: usize = 64;

/// A memory of 64-byte pages: two of them in use, six reserved, a maximum of five.
struct TestMemory {
    record: [usize; 5],
    bytes: Vec<u8>,
}

impl TestMemory {
    fn new(max_pages: usize) -> TestMemory {
        let mut bytes = vec![0xaa; 8 * PAGE];
        let record = [bytes.as_mut_ptr().expose_provenance(), 2 * PAGE, 6 * PAGE, max_pages, 6];
        TestMemory { record, bytes }
    }

    fn grow(&mut self, delta_pages: u64) -> u64 {
        // SAFETY: the record is a memory's, and its base leads to more than it reserves.
        unsafe { memory::grow(self.record.as_mut_ptr().cast(), delta_pages) }
    }
}

#[test]
fn memory_grows_to_its_maximum_and_its_reserve() {
    let refused = u64::MAX;
    let mut memory = TestMemory::new(5);
    assert_eq!(memory.grow(0), 2);
    assert_eq!(memory.grow(4), refused, "the maximum");
    assert_eq!(memory.grow(3), 2);
    assert_eq!(memory.record[1], 5 * PAGE);
    assert_eq!(memory.grow(1), refused);
    assert_eq!(memory.grow(0), 5);
    assert!(memory.bytes[..2 * PAGE].iter().all(|&byte| byte == 0xaa), "what was there stays");
    assert!(memory.bytes[2 * PAGE..5 * PAGE].iter().all(|&byte| byte == 0), "what is new is zero");
    assert!(memory.bytes[5 * PAGE..].iter().all(|&byte| byte == 0xaa), "what is beyond is not touched");

    let mut memory = TestMemory::new(usize::MAX);
    assert_eq!(memory.grow(5), refused, "the reserve");
    for delta in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 58) - 2, 1 << 58, (1 << 32) - 2, 1 << 32] {
        assert_eq!(memory.grow(delta), refused, "{delta}");
    }
    assert_eq!(memory.grow(4), 2);
    assert_eq!(memory.record[1], 6 * PAGE);
}

#[test]
fn tables_grow_fill_and_are_initialised() {
    let mut elements = [7_usize; 6];
    let mut record = [elements.as_mut_ptr().expose_provenance(), 1, 5, 4];
    let mut grow = |delta, value| {
        // SAFETY: the record is a table's, and its base leads to more than it reserves.
        unsafe { table::grow(record.as_mut_ptr().cast(), delta, value) }
    };
    assert_eq!(grow(4, 9), u64::MAX, "the maximum");
    assert_eq!(grow(u64::MAX, 9), u64::MAX);
    assert_eq!(grow(3, 9), 1);
    assert_eq!(grow(1, 9), u64::MAX);
    assert_eq!(grow(0, 9), 4);
    assert_eq!(elements, [7, 9, 9, 9, 7, 7]);
    // SAFETY: inside the elements.
    unsafe { table::fill(elements.as_mut_ptr().add(2), 5, 2) };
    assert_eq!(elements, [7, 9, 5, 5, 7, 7]);

    let segment = [8_i32, 0, -4];
    // SAFETY: as many elements as references.
    unsafe { table::init(elements.as_mut_ptr().add(1), segment.as_ptr(), 3) };
    let base = segment.as_ptr().addr();
    assert_eq!(elements, [7, base + 8, 0, base + 8 - 4, 7, 7]);
    // SAFETY: nothing is accessed.
    unsafe { table::init(ptr::dangling_mut(), ptr::dangling(), 0) };
}

#[test]
fn cells_are_followed_to_the_end() {
    // A cell that leads two cells further, where one leads back by one, where one leads to the thing.
    #[repr(C)]
    struct Chain {
        first: i32,
        last: i32,
        middle: i32,
        thing: u32,
    }
    let chain = Chain { first: 8 | 1, last: 8, middle: -4 | 1, thing: 77 };
    for start in [&raw const chain.first, &raw const chain.last, &raw const chain.middle] {
        let _ = start.expose_provenance();
        // SAFETY: every cell leads on within the chain.
        let found = unsafe { cell::resolve(start.cast::<Cell>()) };
        assert_eq!(found.addr(), (&raw const chain.thing).addr());
        // SAFETY: the thing is a 32-bit number, which is not written while it is used.
        let global = unsafe { Global::<u32>::new(start.cast()) };
        assert_eq!(global.get(), 77);
    }
}

#[test]
fn slices_of_a_memory_are_checked() {
    #[repr(C)]
    struct Exported {
        cell: i32,
        record: [usize; 5],
    }
    let mut bytes = [1_u8, 2, 3, 4];
    let mut exported = Exported { cell: 8, record: [bytes.as_mut_ptr().expose_provenance(), 4, 4, 4, 0] };
    let place = &raw mut exported;
    let _ = place.expose_provenance();
    // SAFETY: the cell leads to the record, and the record to the bytes.
    let mut memory = unsafe { Memory::new(place.cast::<Cell>()) };
    assert_eq!(memory.size_bytes(), 4);
    assert_eq!(memory.slice(0, 4), Some(&[1, 2, 3, 4][..]));
    assert_eq!(memory.slice(4, 0), Some(&[][..]));
    for (offset, length) in [(0, 5), (1, 4), (4, 1), (5, 0), (usize::MAX, 1), (1, usize::MAX), (usize::MAX, usize::MAX)] {
        assert_eq!(memory.slice(offset, length), None);
        assert_eq!(memory.slice_mut(offset, length), None);
    }
    memory.slice_mut(1, 2).unwrap().fill(9);
    assert_eq!(memory.slice(0, 4), Some(&[1, 9, 9, 4][..]));

    let exported = Exported { cell: 8, record: [0; 5] };
    let place = &raw const exported;
    let _ = place.expose_provenance();
    // SAFETY: the cell leads to the record of a memory that is not instantiated.
    let memory = unsafe { Memory::new(place.cast::<Cell>()) };
    assert_eq!(memory.slice(0, 0), None);
}

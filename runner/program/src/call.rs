//! Calling a function with a known value in every register that it must keep, and comparing afterwards.

use crate::arch;
use crate::protocol::{ABOVE_STACK, BELOW_STACK, DIRECTION, FLOAT_CONTROL, Kept, MAX_SLOTS, STACK_POINTER};
use crate::signal;
use crate::stack::Stack;
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How many numbers of the protocol are registers.
pub(crate) const REGISTERS: usize = DIRECTION + 1;

/// What the assembly reads and writes. It finds the record by its symbol, for after a call no register can be trusted.
/// The numbers of registers are those of the protocol; [`arch`] knows the offsets of the fields.
#[repr(C)]
pub(crate) struct Record {
    pub(crate) address: u64,
    pub(crate) slots: u64,
    pub(crate) code: u64,
    pub(crate) pc: u64,
    /// The runner's own stack pointer, written by the assembly.
    pub(crate) saved_sp: u64,
    padding: u64,
    /// Values before the call.
    pub(crate) given: [u64; REGISTERS],
    /// Values after it.
    pub(crate) found: [u64; REGISTERS],
}

/// The record, shared with the assembly.
pub(crate) struct Shared(UnsafeCell<Record>);

// SAFETY: the runner has one thread, and the assembly accesses the record only while `call` waits for it.
unsafe impl Sync for Shared {}

/// The one record.
pub(crate) static RECORD: Shared = Shared(UnsafeCell::new(Record {
    address: 0,
    slots: 0,
    code: 0,
    pc: 0,
    saved_sp: 0,
    padding: 0,
    given: [0; REGISTERS],
    found: [0; REGISTERS],
}));

/// Whether a guest runs; a signal at another time is a fault of the runner.
pub(crate) static INSIDE: AtomicBool = AtomicBool::new(false);
/// The signal that ended the call, or 0, and where it struck.
pub(crate) static SIGNAL: AtomicU64 = AtomicU64::new(0);
pub(crate) static SIGNAL_PC: AtomicU64 = AtomicU64::new(0);

/// How a call ended.
pub(crate) enum Ending {
    Completed { code: u64, pc: u64 },
    Signalled { number: u64, pc: u64 },
    Clobbered { what: u64 },
}

/// The values that registers have before a call: different for each, so that a swap is seen as well.
fn given(stack: &Stack) -> [u64; REGISTERS] {
    let mut values = [0; REGISTERS];
    for (number, value) in values.iter_mut().enumerate() {
        *value = 0x5a66_0000_0000_0000 | (0x0001_0001_0001 * (number as u64 + 1));
    }
    values[STACK_POINTER] = stack.top() as u64;
    values[FLOAT_CONTROL] = arch::FLOAT_CONTROL_GIVEN;
    values[DIRECTION] = 0;
    arch::keep_own(&mut values);
    values
}

pub(crate) fn call(address: usize, slots: &mut [u64; MAX_SLOTS], stack: &mut Stack) -> Ending {
    let given = given(stack);
    let record = RECORD.0.get();
    let before = Record {
        address: address as u64,
        slots: slots.as_mut_ptr().expose_provenance() as u64,
        code: 0,
        pc: 0,
        saved_sp: 0,
        padding: 0,
        given,
        found: given,
    };
    // SAFETY: the assembly does not run now, so nobody else accesses the record.
    unsafe { record.write(before) };
    SIGNAL.store(0, Ordering::Relaxed);
    signal::start_timer();
    INSIDE.store(true, Ordering::Relaxed);
    // SAFETY: the record is filled in; what the guest does is confined by nothing but its own checks, which is what
    // the test suite tests, and by the canaries and the comparison below.
    unsafe { arch::guest_call() };
    INSIDE.store(false, Ordering::Relaxed);
    signal::stop_timer();
    // SAFETY: the assembly has returned.
    let record = unsafe { record.read() };
    let (below, above) = stack.check();
    let number = SIGNAL.load(Ordering::Relaxed);
    if number != 0 {
        return Ending::Signalled { number, pc: SIGNAL_PC.load(Ordering::Relaxed) };
    }
    let kept = Kept::of(arch::NAME);
    let mut what = u64::from(!below) << BELOW_STACK | u64::from(!above) << ABOVE_STACK;
    for (number, (given, found)) in record.given.iter().zip(record.found).enumerate() {
        if *given != found && !kept.name(number).is_empty() {
            what |= 1 << number;
        }
    }
    if what != 0 { Ending::Clobbered { what } } else { Ending::Completed { code: record.code, pc: record.pc } }
}

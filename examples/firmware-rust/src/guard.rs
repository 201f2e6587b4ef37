//! Guards: stretches of RAM around the modules' memory and the stack that belong to nobody. The linker script lays them and lists
//! them in flash.

use core::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a guard, as in the linker script, in words.
const WORDS: usize = 64 / 8;

unsafe extern "C" {
    /// The list: the address of each guard.
    static guards: [&'static [AtomicU64; WORDS]; 0];
    /// Its end.
    static guards_end: [&'static [AtomicU64; WORDS]; 0];
}

/// All guards.
fn all() -> &'static [&'static [AtomicU64; WORDS]] {
    let (start, end) = (&raw const guards, &raw const guards_end);
    let count = (end.addr() - start.addr()) / size_of::<usize>();
    // SAFETY: the linker script puts the addresses of so many guards there, in constant data; each is aligned, lies in RAM, and
    // is only accessed as here.
    unsafe { core::slice::from_raw_parts(start.cast(), count) }
}

/// What a guard's word holds: its own address, turned around, which nobody writes by chance.
fn pattern(word: &AtomicU64) -> u64 {
    !(core::ptr::from_ref(word).addr() as u64).swap_bytes()
}

/// Fills all guards.
pub(crate) fn fill() {
    all().iter().flat_map(|guard| guard.iter()).for_each(|word| word.store(pattern(word), Ordering::Relaxed));
}

/// Whether nobody wrote to any.
pub(crate) fn untouched() -> bool {
    !all().is_empty() && all().iter().flat_map(|guard| guard.iter()).all(|word| word.load(Ordering::Relaxed) == pattern(word))
}

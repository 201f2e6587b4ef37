//! How a Rust host gives a guest fuel, and stops it.
//!
//! Both live in the domain record, so modules of one domain share them, and so do calls that nest: what a nested call uses is gone from
//! the call around it, and one that traps takes all that is left with it. A host that has activations of several domains in a chain (a
//! module that calls into another domain) and wants to stop it sets the flag of the outermost domain first.

use crate::record::Domain;
use core::marker::PhantomData;
use core::sync::atomic::Ordering;

/// The fuel of a domain, while no guest code runs.
pub struct Fuel<'a> {
    domain: Domain,
    module: PhantomData<&'a mut u8>,
}

impl Fuel<'_> {
    /// The most that there can be.
    pub const MOST: u64 = i64::MAX as u64;

    /// The fuel of a domain.
    ///
    /// # Safety
    /// `domain` is a domain record; for the lifetime of the result no guest code of the domain runs.
    #[must_use]
    pub unsafe fn new(domain: *mut u8) -> Self {
        // SAFETY: promised by the caller.
        let domain = unsafe { Domain::new(domain) };
        Fuel { domain, module: PhantomData }
    }

    /// What is left, in units of one operator. After a trap: nothing.
    #[must_use]
    pub fn left(&self) -> u64 {
        // SAFETY: the field lies in the record that `new` was promised, and nobody else accesses it meanwhile.
        unsafe { self.domain.fuel().read() }
    }

    /// Sets what the next call may use; more than [`Fuel::MOST`] is as good as that.
    pub fn set(&mut self, amount: u64) {
        // SAFETY: as in `left`.
        unsafe { self.domain.fuel().write(amount.min(Fuel::MOST)) };
    }
}

/// Stops guests of a domain: may be kept and used anywhere, in an interrupt or another thread too.
#[derive(Clone, Copy)]
pub struct Interrupter(Domain);

// SAFETY: all that it does is an atomic store to a record that lives as long as the program.
unsafe impl Send for Interrupter {}
// SAFETY: as above.
unsafe impl Sync for Interrupter {}

impl Interrupter {
    /// The interrupter of a domain.
    ///
    /// # Safety
    /// `domain` is a domain record.
    #[must_use]
    pub const unsafe fn new(domain: *mut u8) -> Self {
        // SAFETY: promised by the caller.
        Interrupter(unsafe { Domain::new(domain) })
    }

    /// Ends the call that is inside the domain, at the next place where it looks: it traps with
    /// [`Code::Interrupted`](saggar_abi::trap::Code::Interrupted). The beginning of an outermost call forgets what was set before, so
    /// a timer that is started before the call must be periodic, or long enough to fire after the call has begun.
    pub fn interrupt(self) {
        self.0.interrupt().store(1, Ordering::SeqCst);
    }
}

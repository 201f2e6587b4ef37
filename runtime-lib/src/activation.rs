//! Entering a guest, instantiating it, and ending an activation by a trap.
//!
//! A domain is owned by one thread at a time. Without an operating system there is no thread identity, so the
//! stack pointer is taken for it: the outermost activation leaves its stack pointer S in the domain record, and
//! its stack limit L. A call with a stack pointer in [L, S) runs on the very stack that this activation was given,
//! so it is the same thread, calling back from inside: it nests. Anything else is another thread: Busy.
//!
//! S and L are two words and are read while another thread may enter or leave, so a pair of two different
//! activations must be recognised: each outermost activation first counts up the epoch, between taking S and
//! setting L. Who reads the epoch, S, L, and the same epoch again, in this order, has either the S and L of one
//! activation, or L = 0, which never nests: L of an earlier one is cleared before S of a later one is set, and L
//! of a later one is set after the epoch is.
//!
//! The trampoline itself, with the registers that it saves, is `arch`.

use crate::arch;
use crate::fault;
use crate::host::Completion;
use crate::record::{Domain, Module};
use core::sync::atomic::Ordering;
use saggar_abi::trap::Code;

/// What an activation runs: generated code with the C convention.
pub type Thunk = unsafe extern "C" fn(slots: *mut u64);

unsafe extern "C" {
    /// Ends the innermost activation of a domain with a code and a program counter; does not return.
    ///
    /// # Safety
    /// `domain` is a domain record, and the caller runs inside an activation of it, on that activation's stack.
    /// Frames between here and the host are dropped without running anything.
    #[link_name = "sg_raise"]
    pub fn raise(domain: *mut u8, code: usize, pc: usize) -> !;
}

/// How a call stands to the activation that is inside already.
enum Claim {
    Outermost,
    Nested,
    Refused(Code),
}

/// Runs `thunk(slots)` inside an activation of the module, and says how it ended.
///
/// # Safety
/// `module` is a module record; `thunk` is a thunk that the compiler made for this module, and `slots` what
/// that thunk expects.
#[unsafe(export_name = "sg_enter")]
pub unsafe extern "C" fn enter(module: *const u8, thunk: Thunk, slots: *mut u64) -> Completion {
    // SAFETY: promised by the caller.
    let module = unsafe { Module::new(module) };
    // SAFETY: promised by the caller.
    unsafe { run(module, thunk, slots, None) }
}

/// As [`enter`], for a guest that calls into another domain: what the other may use of the stack ends where the caller's own
/// allotment does, so that a chain of domains uses no more than the host gave the first. It does not begin when the caller was
/// interrupted: the flag of the callee's domain is cleared first, and the caller's looked at then, so that whoever sets the caller's
/// and then the callee's stops one of them.
///
/// # Safety
/// As for [`enter`]; `caller` is the domain record of an activation that is inside.
#[unsafe(export_name = "sg_enter_within")]
pub unsafe extern "C" fn enter_within(module: *const u8, thunk: Thunk, slots: *mut u64, caller: *mut u8) -> Completion {
    // SAFETY: promised by the caller.
    let module = unsafe { Module::new(module) };
    // SAFETY: promised by the caller.
    let caller = unsafe { Domain::new(caller) };
    // SAFETY: promised by the caller.
    unsafe { run(module, thunk, slots, Some(caller)) }
}

/// # Safety
/// As for [`enter`].
#[inline(always)]
unsafe fn run(module: Module, thunk: Thunk, slots: *mut u64, caller: Option<Domain>) -> Completion {
    let domain = module.domain();
    // Without a caller the host gives the stack, and none lies below address zero.
    let end = caller.map_or(0, |caller| caller.stack_end().load(Ordering::Relaxed));
    let claim = claim(module, domain, end);
    if let Claim::Refused(code) = claim {
        return Completion::refused(code);
    }
    if caller.is_some_and(|caller| caller.interrupt().load(Ordering::SeqCst) != 0) {
        if let Claim::Outermost = claim {
            domain.release();
        }
        return Completion::refused(Code::Interrupted);
    }
    // Looked at while the domain is ours: before that, another thread could instantiate the module anew.
    let completion = if module.instantiated().load(Ordering::Relaxed) == 1 || fault::NOT_INSTANTIATED_IGNORED {
        // SAFETY: the domain is ours, and the caller promised a thunk of this module and its slots.
        let completion = unsafe { arch::sg_switch(domain.as_ptr(), thunk, slots) };
        take_fuel_after_trap(domain, completion);
        completion
    } else {
        Completion::refused(Code::NotInstantiated)
    };
    if let Claim::Outermost = claim {
        domain.release();
    }
    completion
}

/// Brings a module into its initial state and runs its start function. Can be repeated; never nests.
///
/// # Safety
/// `module` is a module record.
#[unsafe(export_name = "sg_instantiate")]
pub unsafe extern "C" fn instantiate(module: *const u8) -> Completion {
    // SAFETY: promised by the caller.
    let module = unsafe { Module::new(module) };
    let domain = module.domain();
    if acquire(module, domain, arch::stack_pointer(), 0).is_err() && !fault::BUSY_IGNORED {
        return Completion::refused(Code::Busy);
    }
    module.instantiated().store(0, Ordering::Relaxed);
    // SAFETY: the module record's reference leads to a function with the convention of a thunk.
    let body: Thunk = unsafe { core::mem::transmute(module.instantiate()) };
    // SAFETY: the domain is ours; the function ignores its parameter.
    let completion = unsafe { arch::sg_switch(domain.as_ptr(), body, core::ptr::null_mut()) };
    take_fuel_after_trap(domain, completion);
    if completion.is_ok() {
        module.instantiated().store(1, Ordering::Relaxed);
    }
    domain.release();
    completion
}

/// Nobody knows what a guest had used when it trapped; were what it had at its last call or return to count, whoever catches the trap
/// could begin again with the same fuel, for ever.
fn take_fuel_after_trap(domain: Domain, completion: Completion) {
    if !completion.is_ok() && !fault::TRAP_KEEPS_FUEL {
        domain.take_fuel();
    }
}

/// Takes the domain for an outermost activation, which uses no stack below `end`; the error is the stack pointer of the owner.
fn acquire(module: Module, domain: Domain, sp: usize, end: usize) -> Result<usize, usize> {
    domain.owner().compare_exchange(0, sp, Ordering::AcqRel, Ordering::Acquire)?;
    let epoch = domain.epoch().load(Ordering::Relaxed).wrapping_add(1);
    domain.epoch().store(epoch, Ordering::Release);
    if !fault::FLAG_NOT_CLEARED {
        domain.interrupt().store(0, Ordering::SeqCst);
    }
    // Zero means that nobody is inside, so the limit of someone who is inside is never zero.
    let headroom_bytes = || if fault::HEADROOM_IGNORED { 0 } else { module.headroom_bytes() };
    let end = sp.saturating_sub(module.stack_bytes()).max(end);
    domain.stack_end().store(end, Ordering::Relaxed);
    let limit = end.saturating_add(headroom_bytes()).max(1);
    domain.stack_limit().store(limit, Ordering::Release);
    Ok(limit)
}

fn claim(module: Module, domain: Domain, end: usize) -> Claim {
    let sp = arch::stack_pointer();
    let epoch = domain.epoch().load(Ordering::Acquire);
    let owner = match acquire(module, domain, sp, end) {
        Ok(limit) if sp >= limit => return Claim::Outermost,
        Ok(_) => {
            domain.release();
            return Claim::Refused(Code::StackOverflow);
        }
        Err(owner) => owner,
    };
    if fault::BUSY_IGNORED {
        return Claim::Nested;
    }
    let limit = domain.stack_limit().load(Ordering::Acquire);
    if limit == 0 || sp >= owner || domain.epoch().load(Ordering::Acquire) != epoch {
        return Claim::Refused(Code::Busy);
    }
    if sp >= limit {
        return Claim::Nested;
    }
    // Below the limit nobody is let in, so here it only matters which answer is the more helpful one.
    let code = if sp >= limit.saturating_sub(module.headroom_bytes()) { Code::StackOverflow } else { Code::Busy };
    Claim::Refused(code)
}

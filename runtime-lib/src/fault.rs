//! Deliberate bugs, for the test of the tests. Each is a feature that nothing enables but that test; without it the
//! constant is false, and the library is byte for byte what it would be without this file.

/// A trap leaves one integer register that a callee keeps as the guest had it: one that the functions around the trampoline do not
/// save themselves, or they would bring it back.
pub(crate) const REGISTER_LOST: bool = cfg!(feature = "fault-register-lost");
/// A trap leaves one floating-point register that a callee keeps as the guest had it.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) const FLOAT_REGISTER_LOST: bool = cfg!(feature = "fault-float-register-lost");
/// A trap leaves the guest's rounding mode to the host.
pub(crate) const FLOAT_CONTROL_LOST: bool = cfg!(feature = "fault-float-control-lost");
/// The guest has the host's rounding mode. Without effect on RISC-V, where its instructions name the mode.
#[cfg(not(target_arch = "riscv64"))]
pub(crate) const FLOAT_CONTROL_INHERITED: bool = cfg!(feature = "fault-float-control-inherited");
/// Leaving an activation does not bring back where traps of the one around it unwind to.
pub(crate) const TRAP_SP_NOT_RESTORED: bool = cfg!(feature = "fault-trap-sp-not-restored");
/// Bytes are copied forward, whichever way the ranges overlap.
pub(crate) const COPY_FORWARD: bool = cfg!(feature = "fault-copy-forward");
/// A memory may grow past what is reserved for it.
pub(crate) const GROW_PAST_RESERVE: bool = cfg!(feature = "fault-grow-past-reserve");
/// Whoever finds the domain owned is let in, whoever the owner is.
pub(crate) const BUSY_IGNORED: bool = cfg!(feature = "fault-busy-ignored");
/// A module can be called before it is instantiated.
pub(crate) const NOT_INSTANTIATED_IGNORED: bool = cfg!(feature = "fault-not-instantiated-ignored");
/// The guest may use the stack that is meant for host callbacks.
pub(crate) const HEADROOM_IGNORED: bool = cfg!(feature = "fault-headroom-ignored");
/// A stale flag of an earlier call is not forgotten.
pub(crate) const FLAG_NOT_CLEARED: bool = cfg!(feature = "fault-flag-not-cleared");
/// Bulk operations do not look at the flag.
pub(crate) const BULK_NOT_POLLED: bool = cfg!(feature = "fault-bulk-not-polled");
/// A call that traps leaves the fuel that it has used.
pub(crate) const TRAP_KEEPS_FUEL: bool = cfg!(feature = "fault-trap-keeps-fuel");

//! Records made by hand, as the compiler would emit them.

use saggar_abi::layout::{domain, module};
use saggar_runtime::Completion;
use saggar_runtime::activation::{self, Thunk};
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicUsize, Ordering::Relaxed};

/// A module record with its state and its domain. It must be a static: references reach 2 GiB, and the code is near statics only.
#[repr(C, align(16))]
pub(crate) struct Module {
    record: [AtomicI32; module::SIZE as usize / 4],
    pub(crate) state: AtomicU32,
    pub(crate) domain: [AtomicUsize; domain::SIZE.0 as usize],
}

impl Module {
    pub(crate) const fn new() -> Module {
        Module {
            record: [const { AtomicI32::new(0) }; module::SIZE as usize / 4],
            state: AtomicU32::new(0),
            domain: [const { AtomicUsize::new(0) }; domain::SIZE.0 as usize],
        }
    }

    fn set_reference(&self, offset: u32, to: usize) {
        let field = &self.record[offset as usize / 4];
        let distance = to.cast_signed() - std::ptr::from_ref(field).addr().cast_signed();
        field.store(distance.try_into().expect("everything lies within 2 GiB"), Relaxed);
    }

    /// Fills in the record, as if the module were not instantiated yet.
    pub(crate) fn prepare(&'static self, body: Thunk, stack_bytes: u32, headroom_bytes: u32) -> &'static Module {
        self.set_reference(module::DOMAIN, self.domain.as_ptr().addr());
        self.set_reference(module::STATE, self.state.as_ptr().addr());
        self.set_reference(module::INSTANTIATE, body as usize);
        self.record[module::STACK_BYTES as usize / 4].store(stack_bytes.cast_signed(), Relaxed);
        self.record[module::HEADROOM_BYTES as usize / 4].store(headroom_bytes.cast_signed(), Relaxed);
        let _ = std::ptr::from_ref(self).expose_provenance();
        self
    }

    /// As [`Module::prepare`], and instantiated.
    pub(crate) fn ready(&'static self, stack_bytes: u32, headroom_bytes: u32) -> &'static Module {
        self.prepare(nothing, stack_bytes, headroom_bytes);
        self.state.store(1, Relaxed);
        self
    }

    pub(crate) fn domain_pointer(&self) -> *mut u8 {
        self.domain.as_ptr().cast_mut().cast()
    }

    pub(crate) fn enter(&'static self, thunk: Thunk, slots: &mut [u64]) -> Completion {
        // SAFETY: the record is filled in, and each test pairs thunks with their slots.
        unsafe { activation::enter(self.record.as_ptr().cast(), thunk, slots.as_mut_ptr()) }
    }

    pub(crate) fn instantiate(&'static self) -> Completion {
        // SAFETY: the record is filled in.
        unsafe { activation::instantiate(self.record.as_ptr().cast()) }
    }

    /// The fields that must be zero when nobody is inside.
    pub(crate) fn is_idle(&self) -> bool {
        [domain::OWNER, domain::TRAP_SP, domain::STACK_LIMIT].iter().all(|field| self.domain[field.0 as usize].load(Relaxed) == 0)
    }
}

pub(crate) unsafe extern "C" fn nothing(_: *mut u64) {}

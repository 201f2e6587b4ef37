//! The contract from the host's side: messages in, replies out.

use wasmi::{Instance, Memory, Store};

use crate::Host;

/// A skill that runs.
pub struct Running {
    /// The host that it talks to.
    pub store: Store<Host>,
    pub(crate) instance: Instance,
    pub(crate) memory: Memory,
}

impl Running {
    /// `skill_init`.
    ///
    /// # Panics
    /// Where it traps.
    pub fn init(&mut self) -> i32 {
        let init = self.instance.get_typed_func::<(), i32>(&self.store, "skill_init").expect("skill_init");
        init.call(&mut self.store, ()).expect("no trap")
    }

    /// Hands over a message as the host does, and gives the reply; `export` is `skill_on_intent` or `skill_on_event`.
    ///
    /// # Panics
    /// Where the skill traps, or breaks the contract.
    pub fn send(&mut self, export: &str, message: &str) -> String {
        let len = i32::try_from(message.len()).expect("a short message");
        let alloc = self.instance.get_typed_func::<i32, i32>(&self.store, "skill_alloc").expect("skill_alloc");
        let at = alloc.call(&mut self.store, len).expect("no trap");
        assert_ne!(at, 0, "no room for {message}");
        self.memory
            .write(&mut self.store, usize::try_from(at).expect("an address"), message.as_bytes())
            .expect("within the memory");
        self.call(export, at, len)
    }

    /// Calls an export with whatever the host claims.
    ///
    /// # Panics
    /// Where the skill traps, or breaks the contract.
    pub fn call(&mut self, export: &str, at: i32, len: i32) -> String {
        let handle = self.instance.get_typed_func::<(i32, i32), i64>(&self.store, export).expect("the export");
        let packed = handle.call(&mut self.store, (at, len)).expect("no trap").cast_unsigned();
        let mut reply = vec![0; usize::try_from(packed & 0xffff_ffff).expect("a length")];
        self.memory.read(&self.store, usize::try_from(packed >> 32).expect("an address"), &mut reply).expect("within the memory");
        String::from_utf8(reply).expect("UTF-8")
    }

    /// How large the memory is.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    /// How much of the stack, which is the memory's first `size` bytes, was written to.
    #[must_use]
    pub fn stack_used(&self, size: usize) -> usize {
        size - self.memory.data(&self.store)[..size].iter().position(|&byte| byte != 0).unwrap_or(size)
    }
}

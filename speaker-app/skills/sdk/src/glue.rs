//! Between the exports of a module and a [`Skill`]: two static buffers, and the packing of addresses.
//!
//! Invariant: nothing here follows an address that it was given. The host's pointer is compared with the one place that
//! [`Instance::alloc`] hands out, and the message is then read from that buffer, through a slice.

use core::cell::RefCell;

use crate::{Event, Intent, Message, Reply, Skill};

/// A skill with the buffers of its messages: `IN` bytes to read from, `OUT` bytes to reply in.
pub struct Instance<S, const IN: usize, const OUT: usize>(RefCell<Parts<S, IN, OUT>>);

struct Parts<S, const IN: usize, const OUT: usize> {
    skill: Option<S>,
    message: [u8; IN],
    reply: [u8; OUT],
}

// SAFETY: a module has one thread; on a computer, where tests have several, each instance is a test's own.
unsafe impl<S, const IN: usize, const OUT: usize> Sync for Instance<S, IN, OUT> {}

impl<S: Skill, const IN: usize, const OUT: usize> Default for Instance<S, IN, OUT> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Skill, const IN: usize, const OUT: usize> Instance<S, IN, OUT> {
    /// An instance that was not started.
    #[must_use]
    pub const fn new() -> Self {
        Self(RefCell::new(Parts { skill: None, message: [0; IN], reply: [0; OUT] }))
    }

    /// `skill_init`: starts the skill; 0 is success.
    #[must_use]
    pub fn init(&self) -> i32 {
        let Ok(mut parts) = self.0.try_borrow_mut() else { return -1 };
        parts.skill = Some(S::new());
        0
    }

    /// `skill_alloc`: where a message of `len` bytes may be written; 0 where it is too long.
    #[must_use]
    pub fn alloc(&self, len: i32) -> i32 {
        let Ok(parts) = self.0.try_borrow() else { return 0 };
        match usize::try_from(len) {
            Ok(len) if len <= IN => address(&parts.message).cast_signed(),
            _ => 0,
        }
    }

    /// `skill_on_intent`.
    #[must_use]
    pub fn on_intent(&self, at: i32, len: i32) -> i64 {
        self.answer(at, len, |skill, message, reply| skill.on_intent(&Intent::of(message), reply))
    }

    /// `skill_on_event`.
    #[must_use]
    pub fn on_event(&self, at: i32, len: i32) -> i64 {
        self.answer(at, len, |skill, message, reply| skill.on_event(&Event::of(message), reply))
    }

    /// `skill_close`: ends the skill; what it must remember was stored when it changed.
    pub fn close(&self) {
        if let Ok(mut parts) = self.0.try_borrow_mut() {
            parts.skill = None;
        }
    }

    /// Hands a message to the skill, and packs the place of its reply.
    fn answer(&self, at: i32, len: i32, handle: impl FnOnce(&mut S, Message<'_>, &mut Reply<'_>)) -> i64 {
        let Ok(mut parts) = self.0.try_borrow_mut() else { return 0 };
        let Parts { skill, message, reply } = &mut *parts;
        let (Some(skill), Ok(len)) = (skill, usize::try_from(len)) else { return 0 };
        if at.cast_unsigned() != address(message) || len > IN {
            return 0;
        }
        let mut writer = Reply::new(reply);
        handle(skill, Message::parse(&mut message[..len]), &mut writer);
        match u32::try_from(writer.finish()) {
            Ok(len) if len > 0 => (u64::from(address(reply)) << 32 | u64::from(len)).cast_signed(),
            _ => 0,
        }
    }
}

/// Where a buffer is. A computer's addresses are longer; its tests only tell one buffer from another by them.
#[allow(clippy::cast_possible_truncation, reason = "lossless in a module, and see above")]
fn address(buffer: &[u8]) -> u32 {
    buffer.as_ptr().addr() as u32
}

/// Exports a skill: `exports!(Timer)`, or `exports!(Timer, message = 4096, reply = 256)` for buffers of other sizes than
/// 1,024 and 512 bytes.
#[macro_export]
macro_rules! exports {
    ($skill:ident) => {
        $crate::exports!($skill, message = 1024, reply = 512);
    };
    ($skill:ident, message = $message:expr, reply = $reply:expr) => {
        #[cfg(target_arch = "wasm32")]
        mod exported {
            static INSTANCE: $crate::glue::Instance<super::$skill, { $message }, { $reply }> = $crate::glue::Instance::new();

            #[unsafe(no_mangle)]
            extern "C" fn skill_init() -> i32 {
                INSTANCE.init()
            }

            #[unsafe(no_mangle)]
            extern "C" fn skill_alloc(len: i32) -> i32 {
                INSTANCE.alloc(len)
            }

            #[unsafe(no_mangle)]
            extern "C" fn skill_on_intent(at: i32, len: i32) -> i64 {
                INSTANCE.on_intent(at, len)
            }

            #[unsafe(no_mangle)]
            extern "C" fn skill_on_event(at: i32, len: i32) -> i64 {
                INSTANCE.on_event(at, len)
            }

            #[unsafe(no_mangle)]
            extern "C" fn skill_close() {
                INSTANCE.close();
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sink;

    struct Echo;

    impl Skill for Echo {
        fn new() -> Self {
            Self
        }

        fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
            reply.push(intent.name());
        }
    }

    #[test]
    fn only_the_place_handed_out_is_read() {
        let instance = Instance::<Echo, 32, 64>::new();
        let place = instance.alloc(32);
        assert_ne!(place, 0);
        assert_eq!((instance.alloc(33), instance.alloc(-1)), (0, 0));
        assert_eq!(instance.on_intent(place, 8), 0, "before it was started");
        assert_eq!(instance.init(), 0);
        instance.0.borrow_mut().message[..9].copy_from_slice(b"intent=Hi");
        for (at, len) in [(place + 1, 9), (0, 9), (place, 33), (place, -1)] {
            assert_eq!(instance.on_intent(at, len), 0);
        }
        assert_eq!(instance.on_intent(place, 9) & 0xffff_ffff, 6);
        assert_eq!(&instance.0.borrow().reply[..6], b"say=Hi");
        assert_eq!(instance.on_event(place, 9), 0, "an event that nobody asked for");
        instance.close();
        assert_eq!(instance.on_intent(place, 9), 0, "after it was closed");
    }
}

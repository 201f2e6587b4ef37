//! The host's functions as the module imports them, each wrapped so that its caller need not be unsafe.
//!
//! Every pointer given to the host comes from a slice, with that slice's length; the host keeps none beyond the call.
//! A function that nobody calls is not imported, so that a skill needs no permission for it.

mod raw {
    #[link(wasm_import_module = "speaker")]
    unsafe extern "C" {
        pub(super) fn say(text: *const u8, len: usize);
        pub(super) fn ask(text: *const u8, len: usize);
        pub(super) fn play(name: *const u8, len: usize) -> i32;
        pub(crate) safe fn music(command: i32, value: i32) -> i32;
        pub(super) fn timer_set(milliseconds: i64, tag: *const u8, len: usize) -> i32;
        pub(crate) safe fn timer_cancel(id: i32) -> i32;
        pub(super) fn timer_list(to: *mut u8, capacity: usize) -> i32;
        pub(super) fn kv_get(key: *const u8, len: usize, to: *mut u8, capacity: usize) -> i32;
        pub(super) fn kv_put(key: *const u8, len: usize, value: *const u8, value_len: usize) -> i32;
        pub(super) fn log(text: *const u8, len: usize);
        pub(crate) safe fn now() -> i64;
        pub(crate) safe fn local_offset_minutes() -> i32;
        pub(crate) safe fn random() -> i64;
        pub(super) fn http_fetch(url: *const u8, len: usize) -> i32;
        pub(super) fn home_call(call: *const u8, len: usize) -> i32;
    }
}

pub(crate) use raw::{local_offset_minutes, music, now, random, timer_cancel};

pub(crate) fn say(text: &str) {
    // SAFETY: the pointer and length are those of a live slice, which the host only reads.
    unsafe { raw::say(text.as_ptr(), text.len()) }
}

pub(crate) fn ask(text: &str) {
    // SAFETY: the pointer and length are those of a live slice, which the host only reads.
    unsafe { raw::ask(text.as_ptr(), text.len()) }
}

pub(crate) fn play(name: &str) -> i32 {
    // SAFETY: the pointer and length are those of a live slice, which the host only reads.
    unsafe { raw::play(name.as_ptr(), name.len()) }
}

pub(crate) fn timer_set(milliseconds: i64, tag: &str) -> i32 {
    // SAFETY: the pointer and length are those of a live slice, which the host only reads.
    unsafe { raw::timer_set(milliseconds, tag.as_ptr(), tag.len()) }
}

pub(crate) fn timer_list(to: &mut [u8]) -> i32 {
    // SAFETY: the pointer and length are those of a live slice that is ours alone, and any bytes are valid in it.
    unsafe { raw::timer_list(to.as_mut_ptr(), to.len()) }
}

pub(crate) fn kv_get(key: &str, to: &mut [u8]) -> i32 {
    // SAFETY: both are live slices; the one that is written to is ours alone, and any bytes are valid in it.
    unsafe { raw::kv_get(key.as_ptr(), key.len(), to.as_mut_ptr(), to.len()) }
}

pub(crate) fn kv_put(key: &str, value: &str) -> i32 {
    // SAFETY: both are live slices, which the host only reads.
    unsafe { raw::kv_put(key.as_ptr(), key.len(), value.as_ptr(), value.len()) }
}

pub(crate) fn log(text: &str) {
    // SAFETY: the pointer and length are those of a live slice, which the host only reads.
    unsafe { raw::log(text.as_ptr(), text.len()) }
}

pub(crate) fn http_fetch(url: &str) -> i32 {
    // SAFETY: the pointer and length are those of a live slice, which the host only reads.
    unsafe { raw::http_fetch(url.as_ptr(), url.len()) }
}

pub(crate) fn home_call(call: &str) -> i32 {
    // SAFETY: the pointer and length are those of a live slice, which the host only reads.
    unsafe { raw::home_call(call.as_ptr(), call.len()) }
}

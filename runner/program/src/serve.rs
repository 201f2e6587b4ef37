//! Requests, one after the other, for as long as there are any.
//!
//! Addresses come from the test suite, which knows the image that it sent and checks them against it. A wrong
//! one is a fault outside a call, and ends the process.

use crate::call::{self, Ending};
use crate::image::Image;
use crate::pipe::Pipe;
use crate::protocol::{self as p, Hasher};
use crate::stack::Stack;
use crate::{NOT_UNDERSTOOD, signal, sys};
use core::{ptr, slice};

pub(crate) fn serve(mut stack: Stack) -> ! {
    let mut pipe = Pipe::new();
    let mut image = Image::none();
    let mut slots = [0; p::MAX_SLOTS];
    loop {
        match pipe.get_word() {
            p::PING => pipe.put_word(p::GREETING),
            p::LOAD => {
                let answer = image.replace(&mut pipe);
                pipe.put_word(answer);
            }
            p::CALL => {
                call(&mut pipe, &mut stack, &mut slots);
                // Now, so that of calls sent ahead it is known which one hangs.
                pipe.flush();
            }
            p::READ => {
                let [address, length] = pipe.get_words();
                pipe.put(guest_bytes(address, length));
            }
            p::WRITE => {
                let [address, length] = pipe.get_words();
                // SAFETY: the test suite names bytes of a writable segment, and no other reference to them exists here.
                let bytes =
                    unsafe { slice::from_raw_parts_mut(ptr::with_exposed_provenance_mut(address as usize), length as usize) };
                pipe.get(bytes);
                pipe.put_word(0);
            }
            p::HASH => {
                let [address, length] = pipe.get_words();
                pipe.put_word(Hasher::hash(guest_bytes(address, length)));
            }
            p::TIMER => {
                let [address, microseconds] = pipe.get_words();
                signal::set_timer(address, microseconds);
                pipe.put_word(0);
            }
            _ => sys::exit(NOT_UNDERSTOOD),
        }
    }
}

/// Bytes of the image; not to be kept across a request.
fn guest_bytes<'a>(address: u64, length: u64) -> &'a [u8] {
    // SAFETY: the test suite names bytes of a segment of the image, and nothing writes them during a request.
    unsafe { slice::from_raw_parts(ptr::with_exposed_provenance(address as usize), length as usize) }
}

fn call(pipe: &mut Pipe, stack: &mut Stack, slots: &mut [u64; p::MAX_SLOTS]) {
    let [address, stack_bytes, measure, arguments, results] = pipe.get_words();
    let used = arguments.max(results) as usize;
    if used > p::MAX_SLOTS || stack_bytes > p::MAX_STACK_BYTES {
        sys::exit(NOT_UNDERSTOOD);
    }
    slots[..used].fill(0);
    for slot in &mut slots[..arguments as usize] {
        *slot = pipe.get_word();
    }
    stack.prepare(stack_bytes as usize, measure == p::MEASURE_STACK);
    let ending = call::call(address as usize, slots, stack);
    let words = match ending {
        Ending::Completed { code, pc } => [p::COMPLETED, code, pc],
        Ending::Signalled { number, pc } => [p::SIGNALLED, number, pc],
        Ending::Clobbered { what } => [p::CLOBBERED, what, 0],
    };
    for word in words {
        pipe.put_word(word);
    }
    pipe.put_word(stack.used_bytes() as u64);
    for &slot in &slots[..results as usize] {
        pipe.put_word(slot);
    }
}

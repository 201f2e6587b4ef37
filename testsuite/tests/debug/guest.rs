//! A guest for debuggers: functions that call each other, calls that are inlined, a panic.
#![no_std]

use core::panic::PanicInfo;

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

pub struct Filter {
    taps: [f32; 16],
    state: [f32; 16],
    at: usize,
}

impl Filter {
    #[inline(never)]
    pub fn step(&mut self, sample: f32) -> f32 {
        self.state[self.at % 16] = sample;
        let mut sum = 0.0;
        for (index, tap) in self.taps.iter().enumerate() {
            sum += tap * self.state[(self.at + 16 - index) % 16];
        }
        self.at += 1;
        sum
    }
}

static mut FILTER: Filter = Filter { taps: [0.5; 16], state: [0.0; 16], at: 0 };

mod deep {
    #[inline(never)]
    pub fn divide(a: i32, b: i32) -> i32 {
        if b == 7 {
            core::arch::wasm32::unreachable()
        }
        a / b
    }

    #[inline(never)]
    pub fn outer(a: i32, b: i32) -> i32 {
        let first = divide(a, b);
        let second = divide(a + 1, b + 1);
        first ^ second
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run(count: i32) -> i32 {
    let filter = unsafe { &mut *(&raw mut FILTER) };
    let mut total = 0.0;
    for sample in 0..count {
        total += filter.step(sample as f32);
    }
    total as i32
}

#[unsafe(no_mangle)]
pub extern "C" fn quotient(a: i32, b: i32) -> i32 {
    deep::outer(a, b).wrapping_mul(3)
}

/// Small, and calls nothing: it has no frame.
#[inline(never)]
#[unsafe(no_mangle)]
pub extern "C" fn peek(address: i32) -> i32 {
    unsafe { *(address as *const i32) }
}

#[unsafe(no_mangle)]
pub extern "C" fn look(address: i32) -> i32 {
    peek(address).wrapping_add(1)
}

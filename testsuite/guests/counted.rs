//! Loops that run a known number of times, as iterators and ranges make them: the compiler under test must find their bounds of fuel in
//! what rustc makes of them.
#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

static mut SAMPLES: [f32; 64] = [0.0; 64];
static mut BYTES: [u8; 256] = [0; 256];

fn samples() -> &'static mut [f32; 64] {
    // SAFETY: the module has one thread, and no two of these are alive at once.
    unsafe { &mut *(&raw mut SAMPLES) }
}

fn bytes() -> &'static mut [u8; 256] {
    // SAFETY: as above.
    unsafe { &mut *(&raw mut BYTES) }
}

/// So that nothing is known of the contents.
#[unsafe(no_mangle)]
extern "C" fn set(index: usize, value: u32) {
    samples()[index % 64] = value as f32;
    bytes()[index % 256] = value as u8;
}

#[unsafe(no_mangle)]
extern "C" fn filter(sample: f32) -> f32 {
    let samples = samples();
    samples.rotate_right(1);
    samples[0] = sample;
    samples.iter().enumerate().map(|(index, value)| value * index as f32).sum()
}

#[unsafe(no_mangle)]
extern "C" fn sum() -> u32 {
    bytes().iter().map(|byte| u32::from(*byte)).sum()
}

#[unsafe(no_mangle)]
extern "C" fn crc() -> u32 {
    let mut crc = !0_u32;
    for byte in bytes() {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[unsafe(no_mangle)]
extern "C" fn find(value: u8) -> i32 {
    bytes().iter().position(|byte| *byte == value).map_or(-1, |index| index as i32)
}

#[unsafe(no_mangle)]
extern "C" fn step() -> u32 {
    bytes().iter().step_by(3).map(|byte| u32::from(*byte)).sum()
}

#[unsafe(no_mangle)]
extern "C" fn falls() -> u32 {
    bytes().windows(2).filter(|pair| pair[0] > pair[1]).count() as u32
}

#[unsafe(no_mangle)]
extern "C" fn multiply() -> f32 {
    let samples = samples();
    let mut product = [0.0; 64];
    for row in 0..8 {
        for column in 0..8 {
            for middle in 0..8 {
                product[row * 8 + column] += samples[row * 8 + middle] * samples[middle * 8 + column];
            }
        }
    }
    *samples = product;
    product[5]
}

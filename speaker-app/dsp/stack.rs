//! Build script of every guest: the size of its stack.
//!
//! Here and not in `.cargo/config.toml`, because it differs by guest, and because `RUSTFLAGS` of the environment
//! (`-Ctarget-feature=+simd128`) would replace flags of the configuration.

/// Bytes of stack by package; a multiple of 16, as the tool conventions demand.
const STACK_BYTES: [(&str, u32); 7] = [
    // Transforms of 512 points.
    ("saggar-dsp-canceller", 32 << 10),
    // RNNoise's scratch of a frame.
    ("saggar-dsp-denoise", 64 << 10),
    // The echo canceller is built on the stack before it is moved to the heap.
    ("saggar-dsp-echo", 512 << 10),
    ("saggar-dsp-equaliser", 8 << 10),
    // The tables of the Fourier transforms are planned on the stack.
    ("saggar-dsp-resample", 64 << 10),
    // The detector (8 KiB) and its predictor's scratch.
    ("saggar-dsp-voice", 32 << 10),
    ("saggar-dsp-wake", 16 << 10),
];

fn main() {
    println!("cargo::rerun-if-changed=../stack.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() != Ok("wasm32") {
        return;
    }
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    if let Some((_, bytes)) = STACK_BYTES.iter().find(|(name, _)| *name == package) {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size={bytes}");
    }
}

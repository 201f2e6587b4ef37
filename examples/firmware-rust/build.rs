//! Fires the two guests for the target that is being built, and says how the image is linked.

use saggar_build::{Fire, Meter, Placement};

fn main() {
    // The decoder is stopped by a timer's interrupt. Its toolchain knows no memory below 64 KiB; it gets what it uses.
    let wave = Fire::new("../guests/built/wave.wasm").meter(Meter::Flag).memory_bytes(8 * 1024);
    // The equaliser gets fuel for each frame. Its parts go to places of their own: see `.dsp` and `.fast` in the linker script.
    let placement = Placement {
        section_prefix: ".dsp".to_owned(),
        function_sections: true,
        memory_section: Some(".fast.equaliser".to_owned()),
        memory_align: Some(64),
    };
    let equaliser = Fire::new("../guests/built/equaliser.wasm").meter(Meter::Fuel).placement(placement);
    for guest in [wave, equaliser] {
        // 8 KiB of stack for each, of which half is for interrupts and for the functions that the guest calls.
        if let Err(error) = guest.stack_bytes(8 * 1024).headroom_bytes(4 * 1024).compile() {
            panic!("{error}");
        }
    }

    let board = concat!(env!("CARGO_MANIFEST_DIR"), "/../board");
    let arch = std::env::var("CARGO_CFG_TARGET_ARCH").expect("Cargo says it");
    println!("cargo::rustc-link-arg-bins=-L{board}");
    println!("cargo::rustc-link-arg-bins=-T{arch}.ld");
    // What the linker drops would have the address 0 in debug information, and there the code of aarch64 begins.
    for section in ["info", "line", "aranges", "saggar_map"] {
        println!("cargo::rustc-link-arg-bins=-zdead-reloc-in-nonalloc=.debug_{section}=0xffffffffffffffff");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={board}");
}

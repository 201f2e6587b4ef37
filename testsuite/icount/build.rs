//! QEMU's functions are found when the plugin is loaded, so they must be bound lazily: names that an older QEMU
//! lacks and this run does not need may stay undefined.

fn main() {
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,lazy");
    println!("cargo::rerun-if-changed=build.rs");
}

//! Same input, same output, byte for byte.

use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Options, compile};
use std::fmt::Write as _;

/// A module with many functions of different size, so that threads finish out of order.
fn module() -> Vec<u8> {
    let mut text = String::from("(module (memory (export \"memory\") 1) (table 200 funcref) (elem (i32.const 0) $f0 $f1 $f2)");
    for index in 0..200 {
        write!(text, "(func $f{index} (export \"f{index}\") (param i32) (result i32)").expect("a string can be written");
        for step in 0..(index * 7) % 61 {
            write!(text, "(i32.store offset={step} (local.get 0) (call $f{} (i32.load (local.get 0))))", (index + step) % 200)
                .expect("a string can be written");
        }
        text.push_str("(local.get 0))");
    }
    text.push(')');
    wat::parse_str(text).expect("the module is well formed")
}

#[test]
fn output_does_not_depend_on_threads() {
    let wasm = module();
    for arch in Arch::ALL {
        let objects: Vec<Vec<u8>> = [1, 2, 7, 0]
            .into_iter()
            .map(|threads| {
                let mut options = Options::new(Target::new(arch), "same");
                options.threads = threads;
                compile(&wasm, &options).expect("the module compiles").object
            })
            .collect();
        assert!(objects.windows(2).all(|pair| pair[0] == pair[1]), "{arch:?}: objects differ");
    }
}

#[test]
fn output_depends_on_the_name() {
    // The control: if this fails, the test above compares nothing.
    let wasm = module();
    let object =
        |name: &str| compile(&wasm, &Options::new(Target::new(Arch::Aarch64), name)).expect("the module compiles").object;
    assert_ne!(object("one"), object("two"));
}

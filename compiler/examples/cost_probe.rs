use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Options, compile};
fn main() {
    for path in std::env::args().skip(1) {
        let wasm = std::fs::read(&path).unwrap();
        let mut options = Options::new(Target::new(Arch::X86_64), "m");
        options.host_stack_bytes = Some(1024);
        options.memory_reserve_bytes = Some(8<<20);
        let start = std::time::Instant::now();
        match compile(&wasm, &options) {
            Ok(a) => {
                println!("== {path} {:?}", start.elapsed());
                for e in a.report.exports.iter().take(30) { println!("  {:30} stack {:?} fuel {:?}", e.name, e.stack_bytes, e.fuel); }
                println!("  {:?}", a.report.instantiation);
            }
            Err(e) => println!("{path}: {e}"),
        }
    }
}

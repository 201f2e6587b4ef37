//! Scratch.
use saggar_compiler::target::Target;
use saggar_testsuite::{
    diff,
    fuzz::{self, Plan},
};
use std::time::Instant;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let targets: Vec<Target> = a[2].split(',').map(|t| Target::find(t, None).unwrap()).collect();
    let t = Instant::now();
    match a[1].as_str() {
        "diff" => {
            for target in targets {
                match diff::run(&std::fs::read(&a[3]).unwrap(), target, a[4].parse().unwrap(), a[5].parse().unwrap()) {
                    Ok(r) => println!("{}: {r}", target.arch().name()),
                    Err(e) => println!("ERR {e}"),
                }
            }
        }
        "guests" => {
            for target in targets {
                match saggar_testsuite::guests::run(target.arch()) {
                    Ok(r) => println!("{r}"),
                    Err(e) => println!("ERR {e}"),
                }
            }
        }
        "bad" => println!("{}", fuzz::bad_input::run(targets[0])),
        _ => {
            let n: Vec<u64> = a[3..7].iter().map(|x| x.parse().unwrap()).collect();
            let plan = Plan { smith: n[0]..n[1], shapes: n[2]..n[3], targets, threads: 2, failures: "/tmp/dsc/fail".into() };
            match fuzz::run(&plan) {
                Ok(r) => println!("{r}\npassed {}", r.passed()),
                Err(e) => println!("ERR {e}"),
            }
        }
    }
    println!("{:?}", t.elapsed());
}

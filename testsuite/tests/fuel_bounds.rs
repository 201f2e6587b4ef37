//! Bounds of fuel: a call that is given as much as its bound never runs out.

use saggar_testsuite::bounds::{FuelUse, fuel};
use saggar_testsuite::fuzz::{shapes, smith};
use saggar_testsuite::wast::suite;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Compares many things on two threads, which must agree but for what their tools refuse.
fn compare<T: Sync>(things: &[T], compare: impl Fn(&T) -> Result<FuelUse, String> + Sync) -> FuelUse {
    let next = AtomicUsize::new(0);
    let total = Mutex::new(FuelUse::default());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let work = || {
                while let Some(thing) = things.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = compare(thing).unwrap_or_else(|error| panic!("{error}"));
                    total.lock().expect("no other thread panicked").add(found);
                }
            };
            // Scripts nest deep on purpose.
            std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, work).expect("a thread starts");
        }
    });
    let total = total.into_inner().expect("no thread panicked");
    assert!(total.wrong.is_empty(), "{} calls used more than their bounds:\n{}", total.wrong.len(), total.wrong.join("\n"));
    total
}

#[test]
fn scripts_use_no_more_than_their_bounds() {
    let mut files = suite::files("spec-2.0").expect("the suite is there");
    files.extend(suite::files("own").expect("the suite is there"));
    let found = compare(&files, fuel::compare_script);
    println!("scripts: {found}");
    assert!(found.used.len() > 15_000, "{found}");
}

#[test]
fn generated_modules_use_no_more_than_their_bounds() {
    let seeds: Vec<u64> = (0..400).collect();
    let found = compare(&seeds, |seed| {
        let (shape, random) = (shapes::module(*seed), smith::module(*seed));
        let mut found =
            fuel::compare_with_any(&fuel::options(), "shape", &shape.wasm, *seed).map_err(|error| format!("{seed}: {error}"))?;
        found.add(
            fuel::compare_with_any(&fuel::options(), "smith", &random.wasm, *seed).map_err(|error| format!("{seed}: {error}"))?,
        );
        Ok(found)
    });
    println!("generated modules: {found}");
    assert!(found.used.len() > 1_000, "{found}");
}

/// Builds a guest into a file of this name, and gives its module.
fn built(name: &str, command: &mut Command) -> Vec<u8> {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let output = command.arg("-o").arg(&file).output().expect("the compiler runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(&file).expect("the module is there")
}

/// Counted loops as compilers make them at every level of optimisation. All exports must have a bound; at `z`, where a nest of loops
/// goes back to the outer one from within the inner one, so many have none.
#[test]
fn loops_of_compilers_have_bounds() {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests");
    let mut all = FuelUse::default();
    for (level, without) in [("-O1", 0), ("-O2", 0), ("-O3", 0), ("-Os", 0), ("-Oz", 2)] {
        let mut clang = Command::new("clang");
        clang.args(["--target=wasm32", "-nostdlib", "-mbulk-memory", "-std=c99", "-Wl,--no-entry", level]);
        let wasm = built(&format!("counted{level}.wasm"), clang.arg(guests.join("c/counted.c")));
        let found = fuel::compare_with_any(&fuel::options(), "counted", &wasm, 1).expect("the guest runs");
        assert_eq!((found.unbounded.len(), found.too_great), (4 * without, 0), "clang {level}: {:?}", found.unbounded);
        all.add(found);
    }
    for (level, without) in [("2", 0), ("3", 0), ("s", 0), ("z", 1)] {
        let mut rustc = Command::new("rustc");
        rustc.args(["--target", "wasm32-unknown-unknown", "--edition", "2024", "--crate-type", "cdylib", "-Cpanic=abort"]);
        let wasm =
            built(&format!("counted-{level}.wasm"), rustc.arg(format!("-Copt-level={level}")).arg(guests.join("counted.rs")));
        let found = fuel::compare_with_any(&fuel::options(), "counted", &wasm, 1).expect("the guest runs");
        assert_eq!((found.unbounded.len(), found.too_great), (4 * without, 0), "rustc {level}: {:?}", found.unbounded);
        all.add(found);
    }
    assert!(all.wrong.is_empty(), "{}", all.wrong.join("\n"));
    println!("loops of compilers: {all}");
}

#[test]
fn the_case_for_seeded_faults_passes() {
    assert_eq!(fuel::case(&fuel::options()), Ok(()));
}

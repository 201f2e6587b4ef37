//! What the bindings of a firmware's guest do not let a host do: be inside a module twice, or leave an import out.
//!
//! The guest is the decoder of the example firmwares, its bindings are included as a build script's are, and the host is one for
//! this machine.

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "bindings/common.rs"]
mod common;

use common::{build_libraries, run_to_end, rustc};
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Meter, Options, bindings, compile};
use saggar_testsuite::firmware::build;
use saggar_testsuite::target::TemporaryFolder;
use std::fs;
use std::path::Path;
use std::process::Command;

const HOST: &str = r#"
mod wave {
    include!(concat!(env!("OUT_DIR"), "/wave.rs"));
}

use wave::{Imports, Wave};

struct Host;

impl Imports for Host {
    fn host_log(_: &mut Wave, _: i32, _: i32) {}
}

wave::provide!(Host, wave);

fn main() {
    let mut wave = Wave::take().expect("nobody took it");
    wave.instantiate().expect("instantiated");
    /* here */
    assert_eq!(wave.open(0).expect("no trap"), 0);
    println!("it ran");
}
"#;

/// A folder with the libraries, the guest's object and its bindings.
fn prepare() -> TemporaryFolder {
    let folder = TemporaryFolder::new().unwrap();
    build_libraries(folder.path());
    let guests = build::guests().unwrap_or_else(|error| panic!("{error}"));
    let mut options = Options::new(Target::new(Arch::X86_64), "wave");
    options.meter = Meter::Flag;
    let artifact = compile(&guests.wave, &options).unwrap();
    fs::write(folder.path().join("wave.o"), &artifact.object).unwrap();
    fs::write(folder.path().join("wave.rs"), bindings::rust(&artifact.interface)).unwrap();
    folder
}

/// Compiles and links a host; what the compiler or the linker complains of.
fn build_host(folder: &Path, host: &str) -> Result<(), String> {
    let source = folder.join("host.rs");
    fs::write(&source, host).unwrap();
    let mut command = rustc(folder);
    command.env("OUT_DIR", folder).args(["--crate-type", "bin", "--crate-name", "host", "--extern", "saggar_runtime"]);
    // What is left over when something else is missing shall not be what is complained of.
    command.args(["-Adead_code", "-Aunused"]).arg(format!("-Clink-arg={}", folder.join("wave.o").display())).arg(source);
    let output = command.output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// The host with one change does not build, and this is in the complaint.
fn refused(folder: &Path, from: &str, to: &str, complaint: &str) {
    let host = HOST.replacen(from, to, 1);
    assert_ne!(host, HOST, "`{from}` is in the host");
    let complaints = build_host(folder, &host).expect_err(to);
    assert!(complaints.contains(complaint), "`{to}` shall be refused with {complaint}: {complaints}");
}

#[test]
fn the_host_as_it_should_be() {
    let folder = prepare();
    build_host(folder.path(), HOST).unwrap_or_else(|complaints| panic!("{complaints}"));
    assert_eq!(run_to_end(&mut Command::new(folder.path().join("host"))).trim(), "it ran");
}

/// E0499: borrowed mutably twice. E0599: there is no such method.
#[test]
fn nobody_is_inside_a_module_twice() {
    let folder = prepare();
    let two_threads = "std::thread::scope(|scope| {
        scope.spawn(|| wave.open(0).is_ok());
        scope.spawn(|| wave.decode(0).is_ok());
    });";
    refused(folder.path(), "/* here */", two_threads, "E0499");
    let one_within_another = "let mut first = || wave.open(0); assert!(wave.decode(0).is_ok()); assert!(first().is_ok());";
    refused(folder.path(), "/* here */", one_within_another, "E0499");
    let a_view_that_stays = "let memory = wave.memory(); assert!(wave.open(0).is_ok()); assert!(memory.size_bytes() > 0);";
    refused(folder.path(), "/* here */", a_view_that_stays, "E0499");
    refused(folder.path(), "/* here */", "let mut other = wave.clone(); assert!(other.open(0).is_ok());", "E0599");
}

/// E0046: an item of the trait is missing. E0053: it has another type. Without any implementation it is the linker that complains,
/// and names the function with its type.
#[test]
fn every_import_is_provided() {
    let folder = prepare();
    let function = "fn host_log(_: &mut Wave, _: i32, _: i32) {}";
    refused(folder.path(), function, "", "E0046");
    refused(folder.path(), function, "fn host_log(_: &mut Wave, _: i32, _: i64) {}", "E0053");
    refused(folder.path(), "wave::provide!(Host, wave);", "", "sg__host__host__log__FiiR");
}

//! A debugger on traps, on every target under user-mode QEMU: where `sg_raise` is reached, the backtrace leads from the place of the trap
//! through all that called it, also where the function that trapped has no frame of its own.

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "debug/common.rs"]
mod common;
#[path = "debug/session.rs"]
mod session;

use common::{compiled, output, rust_guest, source};
use saggar_compiler::bindings;
use saggar_compiler::target::Arch;
use saggar_testsuite::target::{TemporaryFolder, toolchain};
use session::{Frame, backtraces};
use std::process::Command;

/// The three backtraces of the host's three traps.
fn traps(arch: Arch, wasm: &[u8]) -> (String, Vec<Vec<Frame>>) {
    let artifact = compiled(wasm, arch, false);
    let folder = TemporaryFolder::new().unwrap();
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("guest.o"), &artifact.object).unwrap();
    std::fs::write(place("guest.h"), bindings::c(&artifact.interface)).unwrap();
    std::fs::write(place("saggar.h"), toolchain::header().unwrap()).unwrap();
    let (compiler, emulator) = match arch {
        Arch::X86_64 => ("gcc", "qemu-x86_64"),
        Arch::Aarch64 => ("aarch64-linux-gnu-gcc", "qemu-aarch64"),
        Arch::Riscv64 => ("riscv64-linux-gnu-gcc", "qemu-riscv64"),
    };
    let mut host = Command::new(compiler);
    host.args(["-std=c99", "-g", "-O1", "-static", "-I"]).arg(folder.path()).arg(source("host.c")).arg(place("guest.o"));
    output(host.arg(toolchain::runtime_library(arch).unwrap()).arg("-o").arg(place("host")));
    output(Command::new(emulator).arg(place("host")));
    let mut emulator = Command::new(emulator);
    emulator.arg("-g").arg(place("gdb")).arg(place("host"));
    let step = ["continue", "backtrace"];
    let commands = [&["break sg_raise"][..], &step, &step, &step, &["kill"]].concat();
    let said = session::session(&mut emulator, &place("gdb"), &place("host"), &commands);
    let traces = backtraces(&said);
    assert_eq!(traces.len(), 3, "{arch:?}:\n{said}");
    (said, traces)
}

/// The names of the frames begin with these, in this order and without another between; between `…` and the next there may be some.
fn is(frames: &[Frame], expected: &[&str]) -> bool {
    match expected {
        [] => frames.is_empty(),
        ["…", rest @ ..] => (0..=frames.len()).any(|skipped| is(&frames[skipped..], rest)),
        [name, rest @ ..] => frames.first().is_some_and(|frame| frame.function.starts_with(name)) && is(&frames[1..], rest),
    }
}

#[test]
fn traps_are_reached_from_the_host() {
    let wasm = rust_guest();
    for arch in Arch::ALL {
        let (said, traces) = traps(arch, &wasm);
        let host = |export: &'static str| {
            let inside = ["sg__load__guest__", "sg_switch", "run", "enter", "sg__enter__guest__"];
            inside.into_iter().chain([export, "main"]).collect::<Vec<_>>()
        };
        let divide = ["guest::deep::divide", "guest::deep::outer", "quotient"];
        let intrinsic = "core::core_arch::wasm32::unreachable";
        let unreachable = [&["sg_raise", intrinsic][..], &divide, &host("guest_quotient")].concat();
        assert!(is(&traces[0], &unreachable), "{arch:?}: `unreachable` in\n{said}");
        let panic = [&["sg_raise", intrinsic, "__rustc::rust_begin_unwind", "…"][..], &divide, &host("guest_quotient")].concat();
        assert!(is(&traces[1], &panic), "{arch:?}: a panic in\n{said}");
        // There a call of the stub overwrites the only copy of the return address, and the backtrace ends rather than guesses.
        let lost = arch == Arch::Aarch64;
        let look =
            if lost { vec!["sg_raise", "peek"] } else { [&["sg_raise", "peek", "look"][..], &host("guest_look")].concat() };
        assert!(is(&traces[2], &look), "{arch:?}: a check in a function without a frame in\n{said}");
        let place = traces[2][1].place.as_ref().map(|(file, _)| file.rsplit('/').next().unwrap_or_default().to_string());
        assert_eq!(place.as_deref(), Some("guest.rs"), "{arch:?}:\n{said}");
    }
}

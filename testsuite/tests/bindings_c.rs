//! A C host, compiled by the platform's compiler and linked by the platform's linkers, calls a module through the
//! generated header.
//!
//! It shows what no test inside our own harness can: that the header is C99 without a warning, that objects link as people
//! link them (GNU ld and lld, PIE and not, garbage collected, warnings fatal), and that narrow integers are extended
//! as each platform's C ABI says, because the other side of the call is another compiler's.

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "bindings/common.rs"]
mod common;

use common::{Guest, guest, run_to_end, source, symbol_of_export, symbol_of_import};
use saggar_compiler::target::Arch;
use saggar_testsuite::target::{TemporaryFolder, toolchain};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The C compiler of an architecture, with where its emulator finds the C library.
struct Platform {
    compiler: &'static str,
    emulator: &'static [&'static str],
}

fn platform(arch: Arch) -> Platform {
    match arch {
        Arch::X86_64 => Platform { compiler: "gcc", emulator: &[] },
        Arch::Aarch64 => Platform {
            compiler: "aarch64-linux-gnu-gcc",
            emulator: &["qemu-aarch64", "-cpu", "cortex-a53", "-L", "/usr/aarch64-linux-gnu"],
        },
        Arch::Riscv64 => Platform {
            compiler: "riscv64-linux-gnu-gcc",
            emulator: &["qemu-riscv64", "-cpu", "sifive-u54", "-L", "/usr/riscv64-linux-gnu"],
        },
    }
}

/// The host's objects and the module's, ready to link.
struct Parts {
    objects: Vec<PathBuf>,
    folder: TemporaryFolder,
}

fn compile_host(arch: Arch, guest: &Guest, position: &str) -> Parts {
    let folder = TemporaryFolder::new().unwrap();
    let place = folder.path();
    std::fs::write(place.join("guest.h"), &guest.header).unwrap();
    std::fs::write(place.join("guest.o"), &guest.artifact.object).unwrap();
    // LLVM's linker in the version that comes with Rust: Debian 12's cannot relax riscv64 code, which its own C library
    // asks for.
    symlink(&toolchain::tools(arch).unwrap().rust_lld, place.join("ld.lld")).unwrap();
    let interface = &guest.artifact.interface;
    let definitions = [
        format!("-DDIRTY={}", symbol_of_import(interface, "dirty")),
        format!("-DREGISTER={}", symbol_of_import(interface, "register")),
        format!("-DENTRY_WIDEN_SIGNED={}", symbol_of_export(interface, "widen_signed")),
        format!("-DENTRY_WIDEN_UNSIGNED={}", symbol_of_export(interface, "widen_unsigned")),
    ];
    let mut objects = vec![place.join("guest.o")];
    for name in ["host.c", "dirty.c"] {
        let object = place.join(name).with_extension("o");
        let mut command = Command::new(platform(arch).compiler);
        command.args(["-std=c99", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", position, "-ffunction-sections", "-c"]);
        command.arg("-I").arg(place).arg("-I").arg(common::include_folder()).args(&definitions);
        run_to_end(command.arg(source(name)).arg("-o").arg(&object));
        objects.push(object);
    }
    Parts { objects, folder }
}

fn link_and_run(arch: Arch, parts: &Parts, flags: &[&str]) {
    let platform = platform(arch);
    let program = parts.folder.path().join("program");
    let mut command = Command::new(platform.compiler);
    // `-B`: where the compiler looks for `ld.lld`.
    command.arg("-B").arg(parts.folder.path()).args(flags);
    command.args(["-Wl,--gc-sections", "-Wl,--fatal-warnings", "-o"]).arg(&program).args(&parts.objects);
    run_to_end(command.arg(&toolchain::tools(arch).unwrap().runtime_library));
    let output = run_to_end(&mut start(&platform, &program));
    assert_eq!(output.trim(), "all checks passed", "{flags:?}");
}

fn start(platform: &Platform, program: &Path) -> Command {
    let Some((emulator, arguments)) = platform.emulator.split_first() else { return Command::new(program) };
    let mut command = Command::new(emulator);
    command.args(arguments).arg(program);
    command
}

/// Both linkers, as PIE and not.
fn all_ways(arch: Arch) {
    let guest = guest(arch);
    for (position, kind) in [("-fPIE", "-pie"), ("-fno-pie", "-no-pie")] {
        let parts = compile_host(arch, &guest, position);
        for linker in ["-fuse-ld=bfd", "-fuse-ld=lld"] {
            link_and_run(arch, &parts, &[kind, linker]);
        }
    }
}

#[test]
fn a_c_host_on_x86_64() {
    all_ways(Arch::X86_64);
}

#[test]
fn a_c_host_on_aarch64() {
    all_ways(Arch::Aarch64);
}

#[test]
fn a_c_host_on_riscv64() {
    all_ways(Arch::Riscv64);
}

/// The header is C++ as well.
#[test]
fn the_header_is_cplusplus() {
    let guest = guest(Arch::X86_64);
    let folder = TemporaryFolder::new().unwrap();
    std::fs::write(folder.path().join("guest.h"), &guest.header).unwrap();
    let unit = folder.path().join("unit.cpp");
    std::fs::write(&unit, "#include \"guest.h\"\n").unwrap();
    let mut command = Command::new("clang");
    command.args(["-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]);
    run_to_end(command.arg("-I").arg(common::include_folder()).arg(&unit));
}

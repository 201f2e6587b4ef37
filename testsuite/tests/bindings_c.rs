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
use saggar_compiler::target::{Arch, Target};
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

/// A machine with vectors, for guests that use them; its hosts are those of the one without.
const RISCV_WITH_VECTORS: Platform = Platform {
    compiler: "riscv64-linux-gnu-gcc",
    emulator: &["qemu-riscv64", "-cpu", "rv64,v=true,vlen=128,vext_spec=v1.0", "-L", "/usr/riscv64-linux-gnu"],
};

/// The host's objects and the module's, ready to link.
struct Parts {
    arch: Arch,
    platform: Platform,
    objects: Vec<PathBuf>,
    folder: TemporaryFolder,
}

impl Parts {
    fn new(arch: Arch, platform: Platform, guest: &Guest) -> Parts {
        let folder = TemporaryFolder::new().unwrap();
        let place = folder.path();
        std::fs::write(place.join("guest.h"), &guest.header).unwrap();
        std::fs::write(place.join("guest.o"), &guest.artifact.object).unwrap();
        // LLVM's linker in the version that comes with Rust: Debian 12's cannot relax riscv64 code, which its own C library
        // asks for.
        symlink(&toolchain::tools(arch).unwrap().rust_lld, place.join("ld.lld")).unwrap();
        Parts { arch, platform, objects: vec![place.join("guest.o")], folder }
    }

    fn compile(&mut self, name: &str, flags: &[&str]) {
        let place = self.folder.path();
        let object = place.join(name).with_extension("o");
        let mut command = Command::new(self.platform.compiler);
        command.args(["-std=c99", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-ffunction-sections", "-c"]);
        command.arg("-I").arg(place).arg("-I").arg(common::include_folder()).args(flags);
        run_to_end(command.arg(source(name)).arg("-o").arg(&object));
        self.objects.push(object);
    }

    fn link_and_run(&self, flags: &[&str]) {
        let program = self.folder.path().join("program");
        let mut command = Command::new(self.platform.compiler);
        // `-B`: where the compiler looks for `ld.lld`.
        command.arg("-B").arg(self.folder.path()).args(flags);
        command.args(["-Wl,--gc-sections", "-Wl,--fatal-warnings", "-o"]).arg(&program).args(&self.objects);
        run_to_end(command.arg(&toolchain::tools(self.arch).unwrap().runtime_library));
        let output = run_to_end(&mut start(&self.platform, &program));
        assert_eq!(output.trim(), "all checks passed", "{flags:?}");
    }
}

fn compile_host(arch: Arch, guest: &Guest, position: &str) -> Parts {
    let mut parts = Parts::new(arch, platform(arch), guest);
    let interface = &guest.artifact.interface;
    let definitions = [
        format!("-DDIRTY={}", symbol_of_import(interface, "dirty")),
        format!("-DREGISTER={}", symbol_of_import(interface, "register")),
        format!("-DENTRY_WIDEN_SIGNED={}", symbol_of_export(interface, "widen_signed")),
        format!("-DENTRY_WIDEN_UNSIGNED={}", symbol_of_export(interface, "widen_unsigned")),
    ];
    let flags: Vec<&str> = [position].into_iter().chain(definitions.iter().map(String::as_str)).collect();
    for name in ["host.c", "dirty.c"] {
        parts.compile(name, &flags);
    }
    parts
}

fn start(platform: &Platform, program: &Path) -> Command {
    let Some((emulator, arguments)) = platform.emulator.split_first() else { return Command::new(program) };
    let mut command = Command::new(emulator);
    command.args(arguments).arg(program);
    command
}

/// Both linkers, as PIE and not.
fn all_ways(arch: Arch) {
    let guest = guest(Target::new(arch), "guest.wat");
    for (position, kind) in [("-fPIE", "-pie"), ("-fno-pie", "-no-pie")] {
        let parts = compile_host(arch, &guest, position);
        for linker in ["-fuse-ld=bfd", "-fuse-ld=lld"] {
            parts.link_and_run(&[kind, linker]);
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

/// Vectors, in registers and in halves: the host is the same for every row, and knows of neither.
#[test]
fn a_c_host_exchanges_vectors() {
    for (arch, cpu) in [
        (Arch::X86_64, "baseline"),
        (Arch::X86_64, "sse4.1"),
        (Arch::Aarch64, "generic"),
        (Arch::Riscv64, "rv64gc"),
        (Arch::Riscv64, "rv64gcv"),
    ] {
        let target = Target::find(arch.name(), Some(cpu)).expect("the row exists");
        let platform = if cpu == "rv64gcv" { RISCV_WITH_VECTORS } else { platform(arch) };
        let mut parts = Parts::new(arch, platform, &guest(target, "vectors.wat"));
        parts.compile("vectors.c", &["-fPIE"]);
        for linker in ["-fuse-ld=bfd", "-fuse-ld=lld"] {
            parts.link_and_run(&["-pie", linker]);
        }
    }
}

/// The header is C++ as well.
#[test]
fn the_header_is_cplusplus() {
    for file in ["guest.wat", "vectors.wat"] {
        let guest = guest(Target::new(Arch::X86_64), file);
        let folder = TemporaryFolder::new().unwrap();
        std::fs::write(folder.path().join("guest.h"), &guest.header).unwrap();
        let unit = folder.path().join("unit.cpp");
        std::fs::write(&unit, "#include \"guest.h\"\n").unwrap();
        let mut command = Command::new("clang");
        command.args(["-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]);
        run_to_end(command.arg("-I").arg(common::include_folder()).arg(&unit));
    }
}

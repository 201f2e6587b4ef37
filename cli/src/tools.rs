//! Programs and targets that commands need, and how a fresh machine gets them.

use crate::failure::{Exit, Failure, Outcome};
use saggar_compiler::target::Arch;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// A group of tools that some command needs.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// Rust's names of targets whose libraries are needed.
    pub rust_targets: &'static [&'static str],
    /// Debian packages, each with what shows that it is there.
    pub packages: &'static [(Sign, &'static str)],
}

/// A file or program that shows whether a Debian package is there.
#[derive(Clone, Copy, Debug)]
pub enum Sign {
    /// A program on the search path.
    Program(&'static str),
    /// A file at this path.
    File(&'static str),
}

/// Rust's libraries for all targets, to build the runtime library and the runner.
pub const TARGETS: Need = Need { rust_targets: &["aarch64-unknown-none", "riscv64gc-unknown-none-elf"], packages: &[] };

/// User-mode QEMU, to run what is compiled for another machine.
pub const QEMU: Need = Need {
    rust_targets: &[],
    packages: &[(Sign::Program("qemu-aarch64"), "qemu-user"), (Sign::Program("qemu-riscv64"), "qemu-user")],
};

/// What building the runtime library for an architecture needs.
#[must_use]
pub fn to_build_for(arch: Arch) -> Need {
    // The libraries for x86_64 came with Rust itself.
    let rust_targets: &[&str] = match arch {
        Arch::X86_64 => &[],
        Arch::Aarch64 => &["aarch64-unknown-none"],
        Arch::Riscv64 => &["riscv64gc-unknown-none-elf"],
    };
    Need { rust_targets, packages: &[] }
}

/// What running a module on an architecture needs.
#[must_use]
pub fn to_run_on(arch: Arch) -> Need {
    let packages: &[(Sign, &str)] = match arch {
        Arch::X86_64 => &[],
        Arch::Aarch64 => &[(Sign::Program("qemu-aarch64"), "qemu-user")],
        Arch::Riscv64 => &[(Sign::Program("qemu-riscv64"), "qemu-user")],
    };
    Need { packages, ..to_build_for(arch) }
}

/// Installs what these groups lack, saying so first; silent when nothing is missing.
///
/// # Errors
/// When it cannot be installed; the message says what to install by hand.
pub fn ensure(needs: &[Need]) -> Outcome<()> {
    let targets = missing_targets(needs)?;
    if !targets.is_empty() {
        announce(&format!("installing Rust's libraries for {}", targets.join(", ")));
        run(rust("rustup")?.args(["target", "add"]).args(&targets))?;
    }
    let packages = missing_packages(needs);
    if !packages.is_empty() {
        announce(&format!("installing Debian packages: {}", packages.join(", ")));
        install(&packages)?;
    }
    Ok(())
}

/// What is missing of these groups, by name.
///
/// # Errors
/// When Rust cannot be asked.
pub fn missing(needs: &[Need]) -> Outcome<Vec<&'static str>> {
    let mut all = missing_targets(needs)?;
    all.extend(missing_packages(needs));
    Ok(all)
}

fn announce(text: &str) {
    eprintln!("setup: {text}");
}

fn missing_targets(needs: &[Need]) -> Outcome<Vec<&'static str>> {
    let wanted: BTreeSet<&str> = needs.iter().flat_map(|need| need.rust_targets).copied().collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    // Where Rust does not come from rustup, the libraries are looked for where the compiler would.
    let sysroot = output(rust("rustc")?.args(["--print", "sysroot"]))?;
    let installed = |target: &str| Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib").is_dir();
    Ok(wanted.into_iter().filter(|target| !installed(target)).collect())
}

/// One of Rust's programs, where the runtime library is built: which Rust it stands for may depend on the folder.
fn rust(program: &str) -> Outcome<Command> {
    let folder = saggar_runner::sources::folder().map_err(|error| Failure::new(Exit::Io, error.to_string()))?;
    let mut command = Command::new(program);
    command.current_dir(folder);
    Ok(command)
}

fn missing_packages(needs: &[Need]) -> Vec<&'static str> {
    let there = |sign: &Sign| match sign {
        Sign::Program(name) => find_program(name),
        Sign::File(path) => Path::new(path).exists(),
    };
    let missing = needs.iter().flat_map(|need| need.packages).filter(|(sign, _)| !there(sign));
    missing.map(|(_, package)| *package).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether a program is on the search path.
fn find_program(name: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

fn install(packages: &[&str]) -> Outcome<()> {
    if !find_program("apt-get") {
        return Err(Failure::new(Exit::Io, "this machine has no apt-get")
            .help(format!("install what these Debian packages hold, by your system's means: {}", packages.join(", "))));
    }
    // The list of packages may be missing or old, and then nothing can be installed.
    run(privileged().args(["apt-get", "update", "-qq"]))?;
    run(privileged().args(["apt-get", "install", "-y", "-qq", "--no-install-recommends"]).args(packages))
}

/// `env` with nothing to ask, as root: through `sudo` where this is someone else.
fn privileged() -> Command {
    let mut command = if rustix::process::geteuid().is_root() {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    };
    command.arg("DEBIAN_FRONTEND=noninteractive");
    command
}

/// Runs a program to its end; its output goes where ours goes, to standard error.
fn run(command: &mut Command) -> Outcome<()> {
    let status = command.stdin(Stdio::null()).stdout(std::io::stderr()).status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(Exit::Io, format!("`{}` failed: {status}", spelled(command))))
}

/// Runs a program and takes its standard output as text.
fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Failure::new(Exit::Io, format!("`{}` failed: {}: {words}", spelled(command), output.status)))
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    let help = match &*program {
        "rustc" | "rustup" => "Rust comes by rustup, from https://rustup.rs; its programs must be on the search path",
        _ => "it must be on the search path",
    };
    Failure::new(Exit::Io, format!("cannot start `{program}`: {error}")).help(help)
}

fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

//! Programs and targets that commands need, and how a fresh machine gets them.

use crate::failure::{Exit, Failure, Outcome};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// A group of tools that some command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Rust's libraries for the targets, to build the runtime library and the runner.
    Targets,
    /// User-mode QEMU, to run what is compiled for another machine.
    Qemu,
    /// C compilers for every target and LLVM's linker, for C hosts and link tests.
    C,
    /// Rust's libraries for guests, and the client of the registry that has SQLite as a module.
    Guests,
    /// What the benchmark compares with.
    Bench,
}

/// All groups.
pub(crate) const EVERYTHING: [Need; 5] = [Need::Targets, Need::Qemu, Need::C, Need::Guests, Need::Bench];

/// A file or program that shows whether a Debian package is there.
enum Sign {
    Program(&'static str),
    File(&'static str),
}

impl Need {
    fn rust_targets(self) -> &'static [&'static str] {
        match self {
            Need::Targets => &["aarch64-unknown-none", "riscv64gc-unknown-none-elf"],
            Need::Guests => &["wasm32-unknown-unknown", "wasm32v1-none"],
            Need::Qemu | Need::C | Need::Bench => &[],
        }
    }

    fn packages(self) -> &'static [(Sign, &'static str)] {
        use Sign::{File, Program};
        match self {
            Need::Targets => &[],
            Need::Guests => &[(Program("npm"), "npm")],
            Need::Qemu => &[(Program("qemu-aarch64"), "qemu-user"), (Program("qemu-riscv64"), "qemu-user")],
            Need::C => &[
                (Program("gcc"), "gcc"),
                (File("/usr/include/stdint.h"), "libc6-dev"),
                (Program("aarch64-linux-gnu-gcc"), "gcc-aarch64-linux-gnu"),
                (File("/usr/aarch64-linux-gnu/include/stdint.h"), "libc6-dev-arm64-cross"),
                (Program("riscv64-linux-gnu-gcc"), "gcc-riscv64-linux-gnu"),
                (File("/usr/riscv64-linux-gnu/include/stdint.h"), "libc6-dev-riscv64-cross"),
                (Program("ld.lld"), "lld"),
            ],
            Need::Bench => {
                &[(Program("clang"), "clang"), (Program("ld.lld"), "lld"), (Program("wasm2c"), "wabt"), (Program("gcc"), "gcc")]
            }
        }
    }
}

/// Installs what these groups lack, saying so first; silent when nothing is missing.
pub(crate) fn ensure(needs: &[Need]) -> Outcome<()> {
    let targets = missing_targets(needs)?;
    if !targets.is_empty() {
        announce(&format!("installing Rust's libraries for {}", targets.join(", ")));
        run(Command::new("rustup").args(["target", "add"]).args(&targets))?;
    }
    let packages = missing_packages(needs);
    if !packages.is_empty() {
        announce(&format!("installing Debian packages: {}", packages.join(", ")));
        install(&packages)?;
    }
    Ok(())
}

/// What is missing of these groups, by name.
pub(crate) fn missing(needs: &[Need]) -> Outcome<Vec<&'static str>> {
    let mut all = missing_targets(needs)?;
    all.extend(missing_packages(needs));
    Ok(all)
}

fn announce(text: &str) {
    eprintln!("setup: {text}");
}

fn missing_targets(needs: &[Need]) -> Outcome<Vec<&'static str>> {
    let wanted: BTreeSet<&str> = needs.iter().flat_map(|need| need.rust_targets()).copied().collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    // Where Rust does not come from rustup, the libraries are looked for where the compiler would.
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let installed = |target: &str| Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib").is_dir();
    Ok(wanted.into_iter().filter(|target| !installed(target)).collect())
}

fn missing_packages(needs: &[Need]) -> Vec<&'static str> {
    let there = |sign: &Sign| match sign {
        Sign::Program(name) => find_program(name),
        Sign::File(path) => Path::new(path).exists(),
    };
    let missing = needs.iter().flat_map(|need| need.packages()).filter(|(sign, _)| !there(sign));
    missing.map(|(_, package)| *package).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether a program is on the search path.
pub(crate) fn find_program(name: &str) -> bool {
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
pub(crate) fn run(command: &mut Command) -> Outcome<()> {
    let status = command.stdin(Stdio::null()).stdout(std::io::stderr()).status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(Exit::Io, format!("`{}` failed: {status}", spelled(command))))
}

/// Runs a program and takes its standard output as text.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Failure::new(Exit::Io, format!("`{}` failed: {}: {words}", spelled(command), output.status)))
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Io, format!("cannot start `{}`: {error}", command.get_program().to_string_lossy()))
        .help("`cargo xtask setup` installs what the commands need")
}

fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

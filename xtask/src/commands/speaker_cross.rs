//! The speaker for aarch64 Linux: what its build needs beside this machine's own.
//!
//! Debian's libraries for that machine are unpacked into a folder below `target`, where they disturb nobody, and linked from there.

use crate::files;
use crate::speaker::moonshine;
use saggar::failure::{Exit, Failure, Outcome};
use saggar_compiler::target::Arch;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Cargo's name of the machine.
pub(crate) const TRIPLE: &str = "aarch64-unknown-linux-gnu";

/// Debian's packages with the libraries that the speaker links, and those that it needs to run under QEMU.
const PACKAGES: [&str; 12] = [
    "libasound2-dev",
    "libasound2",
    "libpocketsphinx-dev",
    "libpocketsphinx3",
    "libsphinxbase-dev",
    "libsphinxbase3",
    "libblas3",
    "liblapack3",
    "libgfortran5",
    "libgcc-s1",
    "libstdc++6",
    "libc6",
];

/// Where below the folder libraries lie; alternatives have folders of their own.
const LIBRARIES: [&str; 4] =
    ["usr/lib/aarch64-linux-gnu", "lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu/blas", "usr/lib/aarch64-linux-gnu/lapack"];

/// The folder with the machine's libraries, made where it is not there.
pub(crate) fn root() -> Outcome<PathBuf> {
    let root = files::root().join("speaker-app/target/aarch64-root");
    let done = root.join("complete");
    // What was unpacked, by name: another list is another folder's worth.
    let all = PACKAGES.join(" ");
    if fs::read_to_string(&done).is_ok_and(|unpacked| unpacked == all) {
        return Ok(root);
    }
    eprintln!("fetching Debian's libraries for arm64 into {}", root.display());
    let packages = root.join("packages");
    if packages.exists() {
        fs::remove_dir_all(&packages)?;
    }
    fs::create_dir_all(&packages)?;
    run(Command::new("dpkg").args(["--add-architecture", "arm64"]))?;
    run(Command::new("apt-get").args(["update", "--quiet", "--quiet"]))?;
    let names = PACKAGES.map(|package| format!("{package}:arm64"));
    run(Command::new("apt-get").args(["download", "--quiet", "--quiet"]).args(names).current_dir(&packages))?;
    for package in fs::read_dir(&packages)? {
        run(Command::new("dpkg-deb").arg("--extract").arg(package?.path()).arg(&root))?;
    }
    fs::write(done, all)?;
    Ok(root)
}

/// What Cargo has to know.
pub(crate) fn prepare(cargo: &mut Command, root: &Path) {
    let links: Vec<String> =
        LIBRARIES.iter().map(|folder| format!("-Clink-arg=-Wl,-rpath-link,{}", root.join(folder).display())).collect();
    cargo
        .args(["--target", TRIPLE])
        .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
        .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS", links.join(" "))
        .env("PKG_CONFIG_ALLOW_CROSS", "1")
        .env("PKG_CONFIG_SYSROOT_DIR", root)
        .env("PKG_CONFIG_LIBDIR", root.join(LIBRARIES[0]).join("pkgconfig"));
}

/// The program under QEMU; what it starts itself (espeak-ng) is this machine's own.
pub(crate) fn emulated(program: &Path) -> Outcome<Command> {
    let root = root()?;
    let moonshine = moonshine::folder(Arch::Aarch64)?;
    let paths: Vec<String> = LIBRARIES.iter().map(|folder| root.join(folder).display().to_string()).collect();
    let mut command = Command::new("qemu-aarch64");
    command.arg("-L").arg(root).args(["-E", &format!("LD_LIBRARY_PATH={}", paths.join(":"))]);
    command.args(["-E", &format!("{}={}", moonshine::VARIABLE, moonshine.display())]).arg(program);
    Ok(command)
}

fn run(command: &mut Command) -> Outcome<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    if command.stdout(std::io::stderr()).status()?.success() {
        return Ok(());
    }
    Err(Failure::new(Exit::Io, format!("{program} failed: the libraries for arm64 are needed for a build for that machine")))
}

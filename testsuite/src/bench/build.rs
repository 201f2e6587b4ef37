//! Builds the programs: to WebAssembly, to native objects, and to C by way of wasm2c.
//!
//! Every build of a program has the same source and the same optimisation (`-O2`), and none may fuse a
//! multiplication with an addition: WebAssembly has no such operation, and the checksums must agree.
//! No libc is assumed (`-ffreestanding`), so that a loop stays a loop; copies and fills are asked for by name.

use super::error::Error;
use super::tools::{output_folder, read, run, source, write};
use object::{Object as _, ObjectSection as _, SectionFlags};
use saggar_compiler::target::Arch;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The flags that all builds of a program share.
const COMMON: &[&str] = &["-std=c99", "-O2", "-ffreestanding", "-ffp-contract=off", "-fno-math-errno"];

/// The flags that make clang compile for an architecture's baseline, as static code.
pub(super) fn native_flags(arch: Arch) -> &'static [&'static str] {
    match arch {
        Arch::X86_64 => &["--target=x86_64-linux-gnu", "-fno-pic", "-mcmodel=small"],
        Arch::Aarch64 => &["--target=aarch64-linux-gnu", "-fno-pic"],
        Arch::Riscv64 => &["--target=riscv64-linux-gnu", "-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany", "-fno-pic"],
    }
}

/// The WebAssembly module of a program.
pub(super) fn wasm(program: &str) -> Result<PathBuf, Error> {
    let folder = output_folder("wasm")?;
    let (object, module) = (folder.join(format!("{program}.o")), folder.join(format!("{program}.wasm")));
    run(Command::new("clang")
        .args(["--target=wasm32", "-nostdlib", "-mbulk-memory", "-msign-ext", "-mnontrapping-fptoint"])
        .args(COMMON)
        .arg("-c")
        .arg(source(&format!("programs/{program}.c")))
        .arg("-o")
        .arg(&object))?;
    run(Command::new("wasm-ld")
        .args(["--no-entry", "--export=run", "-z", "stack-size=16384"])
        .arg(&object)
        .arg("-o")
        .arg(&module))?;
    Ok(module)
}

/// The native object of a program.
pub(super) fn native(program: &str, arch: Arch) -> Result<PathBuf, Error> {
    let object = output_folder(&format!("native/{}", arch.name()))?.join(format!("{program}.o"));
    run(Command::new("clang")
        .args(native_flags(arch))
        .args(COMMON)
        .arg("-c")
        .arg(source(&format!("programs/{program}.c")))
        .arg("-o")
        .arg(&object))?;
    Ok(object)
}

/// The object of a driver (`counted` or `timed`) for one kind of guest (`NATIVE`, `SAGGAR`).
pub(super) fn driver(driver: &str, guest: &str, arch: Arch) -> Result<PathBuf, Error> {
    let object = output_folder(&format!("drivers/{}", arch.name()))?.join(format!("{driver}-{guest}.o"));
    let freestanding: &[&str] = if driver == "counted" { &["-ffreestanding"] } else { &[] };
    run(Command::new("clang")
        .args(native_flags(arch))
        .args(["-std=gnu99", "-O2"])
        .args(freestanding)
        .arg(format!("-DGUEST_{guest}"))
        .arg("-c")
        .arg(source(&format!("drivers/{driver}.c")))
        .arg("-o")
        .arg(&object))?;
    Ok(object)
}

/// Bytes of code in an object: its executable sections.
pub(super) fn code_bytes(object: &Path) -> Result<u64, Error> {
    let bytes = read(object)?;
    let unreadable = |error: object::Error| Error::Object { path: object.into(), reason: error.to_string() };
    let file = object::File::parse(&*bytes).map_err(unreadable)?;
    let executable = |flags| matches!(flags, SectionFlags::Elf { sh_flags, .. } if sh_flags.contains(object::elf::SHF_EXECINSTR));
    Ok(file.sections().filter(|section| executable(section.flags())).map(|section| section.size()).sum())
}

/// The copying and filling functions that a native program for a QEMU target is linked with, and the linker's
/// arguments for them: those of glibc for the architecture's baseline, since that is what a native program would
/// use. (On x86_64 the program is linked with the C library as a whole.)
pub(super) fn memory_functions(arch: Arch) -> Result<Vec<String>, Error> {
    // On aarch64 the plain names choose by the CPU at start-up, which a program without a C library does not do.
    let (archive, members, names): (_, &[&str], &[&str]) = match arch {
        Arch::X86_64 => return Ok(Vec::new()),
        Arch::Aarch64 => (
            "/usr/aarch64-linux-gnu/lib/libc.a",
            &["memcpy_generic.o", "memset_generic.o"],
            &["--defsym=memcpy=__memcpy_generic", "--defsym=memmove=__memmove_generic", "--defsym=memset=__memset_generic"],
        ),
        Arch::Riscv64 => ("/usr/riscv64-linux-gnu/lib/libc.a", &["memcpy.o", "memmove.o", "memset.o", "wordcopy.o"], &[]),
    };
    let folder = output_folder(&format!("drivers/{}", arch.name()))?;
    let mut arguments: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    for member in members {
        let extracted = folder.join(member);
        write(&extracted, &run(Command::new("ar").args(["p", archive, member]))?.stdout)?;
        arguments.push(extracted.to_string_lossy().into_owned());
    }
    Ok(arguments)
}

/// The C source of a module, made by wasm2c, as `program.c` in a folder of its own.
pub(super) fn wasm2c(program: &str, module: &Path) -> Result<PathBuf, Error> {
    let source = output_folder(&format!("wasm2c/{program}"))?.join("program.c");
    run(Command::new("wasm2c").arg(module).args(["-n", "program", "-o"]).arg(&source))?;
    Ok(source)
}

/// The flags for wasm2c's output: explicit bounds checks, no signal handler, hence also its count of nested calls.
pub(super) const WASM2C_FLAGS: &[&str] = &["-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=0", "-ffp-contract=off", "-w"];

/// Compiles wasm2c's output with a C compiler at a level (`-O2`, `-Os`).
pub(super) fn wasm2c_object(source: &Path, compiler: &str, level: &str) -> Result<PathBuf, Error> {
    let object = source.with_file_name(format!("{compiler}{level}.o"));
    run(Command::new(compiler).arg(level).args(WASM2C_FLAGS).arg("-c").arg(source).arg("-o").arg(&object))?;
    Ok(object)
}

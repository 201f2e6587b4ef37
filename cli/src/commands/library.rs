//! `library`: the runtime library for hosts that are not written in Rust.

use crate::compile_args::ArchArg;
use crate::failure::{Exit, Failure, Outcome};
use crate::files;
use crate::tools;
use saggar_runner::toolchain;
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  {program} library --target aarch64 -o out
  aarch64-linux-gnu-gcc host.c out/skill.o out/libsaggar_runtime.a -Iout -o host
      where `{program} aot skill.wasm --target aarch64 -o out` wrote skill.o and skill.h

A host in Rust depends on the crate `saggar-runtime` instead.";

/// Write the runtime library and its header for a host in C
///
/// Writes libsaggar_runtime.a, which compiled modules are linked with, and saggar.h, which their headers include: all that a host
/// in C needs beside what `aot` writes. Nothing of Rust is needed to link them. The library has no data, calls no function
/// of a C library and defines none, and a linker takes of it what is used. The same program and Rust give the same bytes.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Machine to build for
    #[arg(long, value_enum)]
    target: ArchArg,
    /// Folder for the output
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    let arch = args.target.arch();
    tools::ensure(&[tools::to_build_for(arch)])?;
    let library = toolchain::runtime_library(arch).map_err(not_built)?;
    let outputs = [
        (args.output.join("libsaggar_runtime.a"), files::read(&library)?),
        (args.output.join("saggar.h"), toolchain::header().map_err(not_built)?),
    ];
    for (path, bytes) in &outputs {
        files::write(path, bytes)?;
    }
    println!("wrote {}, {}", outputs[0].0.display(), outputs[1].0.display());
    Ok(Exit::Ok)
}

fn not_built(error: toolchain::ToolchainError) -> Failure {
    Failure::new(Exit::Io, format!("the runtime library: {error}"))
}

//! `speaker`: the product. Builds its modules, fires and links them, and starts it; what its command line is, it says itself.

use super::speaker_bench;
use crate::speaker::{figures, moonshine};
use crate::stages::{self, Tally};
use crate::{files, speaker, tools};
use clap::ValueEnum;
use saggar::console::Progress;
use saggar::failure::{Exit, Failure, Outcome};
use saggar_compiler::target::Arch;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

const EXAMPLES: &str = "Examples:
  cargo xtask speaker --enrol              teach it your wake word, by the microphone
  cargo xtask speaker                      run it
  cargo xtask speaker --wav in.wav --out out.wav
  cargo xtask speaker --build-for aarch64  only build it, for another machine
  cargo xtask speaker --build-for aarch64 --emulate --wav in.wav --out out.wav
  cargo xtask speaker eval --only wake     what it can do, in figures
  cargo xtask speaker --record eval --set report --only wake
  cargo xtask speaker --help-speaker       all options of the speaker";

/// Build and run the voice-wake smart speaker
///
/// Builds its DSP and its skills to wasm, fires them, links them into the speaker, and starts it with the arguments given.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Args {
    /// Build for this machine, and run nothing but what is emulated
    #[arg(long, value_enum)]
    build_for: Option<Machine>,
    /// With `--build-for aarch64`: run it under QEMU
    #[arg(long, requires = "build_for")]
    emulate: bool,
    /// Build the DSP without vectors
    #[arg(long)]
    scalar: bool,
    /// With `eval --set report`: write the figures into speaker-app/figures.json and the README, in place of those of the same parts
    #[arg(long)]
    record: bool,
    /// Print the speaker's own help
    #[arg(long)]
    help_speaker: bool,
    /// Arguments for the speaker
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// A machine that the speaker can be built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Machine {
    /// This one.
    Native,
    /// 64-bit ARM with Linux.
    Aarch64,
}

/// Which of its shapes is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The DSP without vectors.
    pub(crate) scalar: bool,
    /// With faults to be switched on, for the evaluation.
    pub(crate) faults: bool,
}

/// The modules of the DSP.
const DSP: [&str; 7] = ["canceller", "denoise", "echo", "equaliser", "resample", "voice", "wake"];

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    tools::ensure(&[tools::SPEAKER])?;
    let evaluates = args.arguments.iter().any(|argument| argument == "eval");
    let only = speaker_bench::only(&args.arguments);
    if args.record {
        recordable(&args.arguments)?;
    }
    if evaluates && only == Some("dsp") {
        return measured(|to| speaker_bench::run(&args.arguments, to), args.record);
    }
    let shape = Shape { scalar: args.scalar, faults: evaluates };
    let machine = args.build_for.unwrap_or(Machine::Native);
    if machine == Machine::Aarch64 {
        tools::ensure(&[tools::SPEAKER_AARCH64])?;
    }
    let program = build(machine, shape)?;
    if args.emulate && machine == Machine::Aarch64 {
        let mut command = super::speaker_cross::emulated(&program)?;
        return ended(command.args(&args.arguments).status()?, &program);
    }
    if args.build_for.is_some() {
        let arch = if machine == Machine::Aarch64 { Arch::Aarch64 } else { native()? };
        match moonshine::folder(arch) {
            Ok(second) => Progress::new().say(&format!("{} goes along: speaker.toml says where to", second.display())),
            Err(failure) => Progress::new().say(&format!("warning: {}", failure.line())),
        }
        println!("{}", program.display());
        return Ok(Exit::Ok);
    }
    let help = args.help_speaker.then(|| "--help".to_owned());
    let mut command = started(&program)?;
    command.args(args.arguments.iter().chain(&help));
    let exit = measured(|to| output(&mut command, &program, to), args.record)?;
    let helped = args.help_speaker || args.arguments.iter().any(|argument| argument == "--help" || argument == "-h");
    let own = args.arguments.iter().any(|argument| argument.starts_with("--speech"));
    if !evaluates || only.is_some() || own || helped || exit == Exit::Usage {
        return Ok(exit);
    }
    let dsp = measured(|to| speaker_bench::run(&args.arguments, to), args.record)?;
    Ok(if exit == Exit::Ok { dsp } else { exit })
}

/// Refuses to record what is not of the whole reporting set.
fn recordable(arguments: &[String]) -> Outcome<()> {
    let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    if !has("eval") || !(has("report") || has("--set=report")) || has("--quick") || has("--speech") {
        return Err(Failure::usage(
            "--record takes all of `eval --set report`, or a part of it (`--only`): no `--quick`, no `--speech`",
        ));
    }
    Ok(())
}

/// Runs a program that prints figures; with `record` it is given a place for its output, from which they are recorded.
fn measured(run: impl FnOnce(Option<&mut String>) -> Outcome<Exit>, record: bool) -> Outcome<Exit> {
    if !record {
        return run(None);
    }
    let mut printed = String::new();
    let exit = run(Some(&mut printed))?;
    let figures = figures::read(&printed)?;
    Progress::new().say(&format!("{} figures for the README", figures.len()));
    figures::record(figures)?;
    Ok(exit)
}

/// Runs a program to its end; what it prints, then as JSON, also into `to`.
pub(super) fn output(command: &mut Command, program: &Path, to: Option<&mut String>) -> Outcome<Exit> {
    let Some(to) = to else { return ended(command.status()?, program) };
    if command.get_args().all(|argument| argument != "--json") {
        command.arg("--json");
    }
    let output = command.stderr(Stdio::inherit()).output()?;
    *to = String::from_utf8_lossy(&output.stdout).into_owned();
    print!("{to}");
    ended(output.status, program)
}

/// Runs a part of the evaluation, whose output goes to the standard error: one check, and a note for every figure that falls short.
pub(crate) fn evaluate(arguments: &[&str]) -> Outcome<Tally> {
    let program = build(Machine::Native, Shape { scalar: false, faults: true })?;
    let mut child = started(&program)?.args(arguments).stdout(Stdio::piped()).spawn()?;
    for line in child.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
        let line = line?;
        eprintln!("{line}");
        if line.contains("**falls short**") {
            stages::note(line);
        }
    }
    let passed = ended(child.wait()?, &program)? == Exit::Ok;
    Ok(Tally::check(&format!("speaker {}", arguments.join(" ")), passed))
}

/// The speaker on this machine, told where its second recogniser lies.
fn started(program: &Path) -> Outcome<Command> {
    let mut command = Command::new(program);
    moonshine::tell(&mut command, native()?);
    Ok(command)
}

/// What the exit code of a program of the speaker says.
pub(super) fn ended(status: ExitStatus, program: &Path) -> Outcome<Exit> {
    match status.code() {
        Some(0) => Ok(Exit::Ok),
        Some(1) => Ok(Exit::Failed),
        Some(_) => Ok(Exit::Usage),
        None => Err(Failure::new(Exit::Internal, format!("{} was ended by a signal", program.display()))),
    }
}

/// The speaker's workspace.
pub(super) fn folder() -> PathBuf {
    files::root().join("speaker-app")
}

/// Builds the modules and the program; where it lies.
pub(crate) fn build(machine: Machine, shape: Shape) -> Outcome<PathBuf> {
    let guests = guests(shape.scalar)?;
    let arch = if machine == Machine::Aarch64 { Arch::Aarch64 } else { native()? };
    let kind =
        format!("{}{}{}", arch.name(), if shape.scalar { "-scalar" } else { "" }, if shape.faults { "-faults" } else { "" });
    let mut target = folder().join("target");
    let modules = target.join("modules").join(kind);
    say(format_args!("objects for {}", arch.name()));
    for (name, why) in speaker::fire(&guests, &modules, arch, shape.faults)? {
        eprintln!("warning: the skill `{name}` is left out: {why}");
    }
    say(format_args!("the speaker"));
    let mut cargo = cargo(&folder());
    cargo.args(["build", "--package", "saggar-speaker", "--locked"]).env("SAGGAR_SPEAKER_MODULES", &modules);
    if shape.faults {
        cargo.args(["--features", "faults"]);
    }
    if machine == Machine::Aarch64 {
        let root = super::speaker_cross::root()?;
        super::speaker_cross::prepare(&mut cargo, &root);
        target = target.join(super::speaker_cross::TRIPLE);
    }
    finish(&mut cargo, "cargo build of the speaker")?;
    Ok(target.join("debug/saggar-speaker"))
}

/// Where the modules for this machine lie, of a kind (`-faults`).
pub(super) fn modules(kind: &str) -> Outcome<PathBuf> {
    Ok(folder().join("target/modules").join(format!("{}{kind}", native()?.name())))
}

/// The architecture of this machine.
pub(crate) fn native() -> Outcome<Arch> {
    let found = Arch::ALL.into_iter().find(|arch| arch.name() == std::env::consts::ARCH);
    found.ok_or_else(|| Failure::usage(format!("the speaker cannot be built for {}", std::env::consts::ARCH)))
}

/// Builds the modules; the folder with `dsp` and `skills` as the program's build wants it.
pub(super) fn guests(scalar: bool) -> Outcome<PathBuf> {
    let shape = if scalar { "scalar" } else { "simd128" };
    let to = folder().join("target/guests").join(shape);
    say(format_args!("the DSP's modules ({shape})"));
    let dsp = folder().join("dsp");
    let built = dsp.join("target").join(shape);
    let mut build = cargo(&dsp);
    build.args(["build", "--release", "--quiet", "--locked", "--target", "wasm32-unknown-unknown", "--target-dir"]).arg(&built);
    if !scalar {
        build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Ctarget-feature=+simd128");
    }
    finish(&mut build, "cargo build of the DSP")?;
    for name in DSP {
        let from = built.join("wasm32-unknown-unknown/release").join(format!("saggar_dsp_{name}.wasm"));
        copy(&from, &to.join("dsp").join(format!("{name}.wasm")))?;
    }
    say(format_args!("the skills"));
    let skills = folder().join("skills");
    let mut make = Command::new("make");
    make.arg("--silent").current_dir(&skills).stdout(std::io::stderr());
    finish(&mut make, "make of the skills")?;
    for entry in fs::read_dir(skills.join("target/skills"))? {
        let from = entry?.path();
        // A skill that is no more may have left its folder behind.
        let Some(name) = from.file_name().filter(|name| skills.join(name).join("skill.toml").is_file()) else { continue };
        for file in fs::read_dir(&from)? {
            let file = file?;
            copy(&file.path(), &to.join("skills").join(name).join(file.file_name()))?;
        }
    }
    for entry in fs::read_dir(to.join("skills"))? {
        let folder = entry?.path();
        if folder.file_name().is_some_and(|name| !skills.join(name).join("skill.toml").is_file()) {
            fs::remove_dir_all(folder)?;
        }
    }
    Ok(to)
}

/// Copies a file unless it is there already: a new date would fire the module anew.
fn copy(from: &Path, to: &Path) -> Outcome<()> {
    let content = files::read(from)?;
    if fs::read(to).is_ok_and(|there| there == content) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    files::write(to, &content)
}

pub(super) fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    // An outer Cargo's flags are for another target.
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_TARGET_DIR"] {
        command.env_remove(variable);
    }
    command
}

pub(super) fn say(what: std::fmt::Arguments<'_>) {
    Progress::new().say(&format!("building {what}"));
}

pub(super) fn finish(command: &mut Command, what: &str) -> Outcome<()> {
    if command.status()?.success() { Ok(()) } else { Err(Failure::new(Exit::Io, format!("{what} failed"))) }
}

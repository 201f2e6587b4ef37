//! `new-skill`: a skill of the speaker out of a template, built, tested and measured.
//!
//! Names are judged in `name.rs`, the template is filled in by `template.rs`. Building is the skills' own Makefile's, and what is
//! reported is what `skills/check` finds, so that a new skill is held to what all others are.

mod name;
mod template;

use super::speaker::native;
use crate::tools::{self, Need};
use crate::{files, speaker};
use name::Name;
use saggar::failure::{Exit, Failure, Outcome};
use saggar::tools::Sign::Program;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const EXAMPLES: &str = "Examples:
  cargo xtask new-skill coffee_maker --lang rust              a skill in speaker-app/skills/coffee_maker
  cargo xtask new-skill coffee_maker --lang c --into ~/mine   in ~/mine/coffee_maker, written in C";

/// Make a skill of the speaker that builds, passes its test and speaks
///
/// Fills in a template (speaker-app/skills/template), builds the module, says the skill's sentence to it in an interpreter, and
/// prints how much memory it takes.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// What it is called: small letters, digits and underscores
    name: String,
    /// What it is written in
    #[arg(long)]
    lang: Language,
    /// The folder that it is made in, instead of the speaker's own skills
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// Rust
    Rust,
    /// C
    C,
    /// AssemblyScript
    As,
}

impl Language {
    /// The template's folder.
    fn folder(self) -> &'static str {
        match self {
            Language::Rust => "rust",
            Language::C => "c",
            Language::As => "as",
        }
    }

    /// What builds it, beside Rust, which checks every skill.
    fn need(self) -> Need {
        match self {
            Language::Rust => Need { rust_targets: &["wasm32-unknown-unknown"], packages: &[(Program("make"), "make")] },
            Language::C => Need { rust_targets: &[], packages: &[(Program("make"), "make"), (Program("clang"), "clang")] },
            Language::As => Need { rust_targets: &[], packages: &[(Program("make"), "make"), (Program("npm"), "npm")] },
        }
    }
}

/// Where a skill is made.
struct Place {
    /// The speaker's skills, with all that they are built with.
    kit: PathBuf,
    /// The skill's own folder.
    folder: PathBuf,
    /// Whether that is elsewhere.
    outside: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    let name = Name::parse(&args.name)?;
    let place = place(&name, args.into.as_deref())?;
    tools::ensure(&[args.lang.need()])?;
    let written = template::write(&place, &name, args.lang).and_then(|()| {
        if args.lang == Language::Rust && !place.outside { template::join_workspace(&place.kit, &name) } else { Ok(()) }
    });
    if let Err(failure) = written {
        // Half a skill would only be in the way of the next try; what it was made of is still there.
        let _ = fs::remove_dir_all(&place.folder);
        return Err(failure);
    }
    eprintln!("made {}; building and testing it", place.folder.display());
    let report = build(&place, &name, args.lang)?;
    print!("{report}");
    let fired = speaker::examine(&built(&place, &name), name.as_str(), native()?, false)?;
    let (code, ram) = fired.bytes();
    println!("fired        {code:>9} bytes of code and {ram} of RAM on {}; a speaker links it", native()?.name());
    println!("made {}", place.folder.display());
    println!("Its sentences are in intents.en.yaml, the answers that its test expects in tests.txt. Build it again by");
    println!("  make -C {} {}", place.kit.display(), make_arguments(&place, &name).join(" "));
    Ok(Exit::Ok)
}

/// Finds the place, and that it is free.
fn place(name: &Name, into: Option<&Path>) -> Outcome<Place> {
    let kit = files::root().join("speaker-app/skills");
    let kit = fs::canonicalize(&kit).map_err(|error| Failure::io("find the speaker's skills", &kit, &error))?;
    let parent = match into {
        Some(folder) => fs::canonicalize(folder).map_err(|error| {
            Failure::io("make a skill in this folder", folder, &error).help("--into names a folder that exists already")
        })?,
        None => kit.clone(),
    };
    // Make parts its words by spaces, and its targets by colons.
    if let Some(bad) = parent.to_string_lossy().chars().find(|c| c.is_whitespace() || ":%#$\\".contains(*c)) {
        return Err(
            Failure::usage(format!("the path of this folder has `{bad}` in it, which make cannot handle")).in_file(&parent)
        );
    }
    let taken = [parent.join(name.as_str()), kit.join(name.as_str())].into_iter().find(|folder| folder.exists());
    if let Some(taken) = taken {
        return Err(Failure::usage(format!("there is `{}` already", name.as_str()))
            .in_file(&taken)
            .help("choose another name, or remove the folder"));
    }
    // Two packages of one name, and Cargo would not know which of them is to be built.
    let lock = String::from_utf8(files::read(&kit.join("Cargo.lock"))?).unwrap_or_default();
    if lock.lines().any(|line| line == format!("name = \"{}\"", name.as_str())) {
        return Err(Failure::usage(format!("a library that the skills are built or checked with is called `{}`", name.as_str()))
            .help("choose another name"));
    }
    Ok(Place { folder: parent.join(name.as_str()), outside: parent != kit, kit })
}

/// What tells make about this skill.
fn make_arguments(place: &Place, name: &Name) -> Vec<String> {
    if !place.outside {
        return vec![format!("only={}", name.as_str())];
    }
    let folder = place.folder.display();
    vec![format!("only={folder}"), format!("extra={folder}"), format!("out={folder}/target")]
}

/// Builds and tests it; gives the report.
fn build(place: &Place, name: &Name, language: Language) -> Outcome<String> {
    step(Command::new("make").args(["--no-print-directory", "--silent"]).args(make_arguments(place, name)), place, "built")?;
    if language == Language::Rust {
        let mut test = cargo();
        test.args(["test", "--quiet", "--target-dir", "target", "--manifest-path"]).arg(place.folder.join("Cargo.toml"));
        step(&mut test, place, "tested")?;
    }
    let mut check = cargo();
    check.args(["run", "--quiet", "--package", "check", "--"]).arg(built(place, name));
    step(&mut check, place, "tested")
}

/// Where it lies when it is built, beside its manifest.
fn built(place: &Place, name: &Name) -> PathBuf {
    let out = if place.outside { place.folder.join("target") } else { place.kit.join("target/skills") };
    out.join(name.as_str())
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program among the skills, where Cargo's settings for them are; its messages are passed on, its output given back.
fn step(command: &mut Command, place: &Place, what: &str) -> Outcome<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    // A target folder of whoever started us would be built anew, and Make looks for modules in the skills' own.
    let command = command.current_dir(&place.kit).env_remove("CARGO_TARGET_DIR").stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| Failure::new(Exit::Io, format!("cannot start `{program}`: {error}")))?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stdout));
        return Err(Failure::new(Exit::Failed, format!("the new skill could not be {what}; the messages are above"))
            .in_file(&place.folder)
            .help("it is left as it is, to be looked at; remove its folder before the next try"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

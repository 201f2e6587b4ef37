//! Brings the speaker's second recogniser: Moonshine's smallest English model, and the ONNX Runtime that runs it, both as PyPI has them.
//!
//! They come in one wheel, of which a few files are kept; its hash is checked.

use crate::files;
use saggar::failure::{Exit, Failure, Outcome};
use saggar_compiler::target::Arch;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// What tells the speaker, and its tests, where it lies.
pub(crate) const VARIABLE: &str = "SAGGAR_SPEAKER_MOONSHINE";

/// The wheel. Later versions leave the model to be fetched by themselves.
const VERSION: &str = "0.0.62";

/// How often the network is asked for it.
const TRIES: u64 = 4;

/// What is kept of it: how a path begins and ends, and the name that it gets.
const FILES: [(&str, &str, &str); 5] = [
    ("moonshine_voice/assets/tiny-en/", "encoder_model.ort", "encoder_model.ort"),
    ("moonshine_voice/assets/tiny-en/", "decoder_model_merged.ort", "decoder_model_merged.ort"),
    ("moonshine_voice/assets/tiny-en/", "tokenizer.bin", "tokenizer.bin"),
    ("moonshine_voice.libs/libonnxruntime-", ".so.1", "libonnxruntime.so"),
    ("moonshine_voice-", ".dist-info/licenses/LICENSE", "LICENSE"),
];

/// The wheel's hash (SHA-256), and its platform.
fn wheel(arch: Arch) -> Outcome<(&'static str, &'static str)> {
    match arch {
        Arch::X86_64 => Ok(("bb272b92104f05c2a6a44493fce7d708af8e5f840145c58dbab4ff2f20c22fa5", "manylinux_2_34_x86_64")),
        Arch::Aarch64 => Ok(("d5aad3e444801261f906128eb4dc6a2253f76a2d90d5b7d7ffa44f89852f1a07", "manylinux_2_34_aarch64")),
        Arch::Riscv64 => Err(Failure::usage("there is no wheel of Moonshine for riscv64")),
    }
}

/// Where such things are kept.
fn store() -> PathBuf {
    files::root().join("speaker-app/target/moonshine")
}

/// Where it lies for an architecture, whether it is there or not.
fn place(arch: Arch) -> PathBuf {
    store().join(format!("{}-{VERSION}", arch.name()))
}

/// Whether there is one for an architecture that is not here yet.
pub(crate) fn is_missing(arch: Arch) -> bool {
    wheel(arch).is_ok() && !is_there(arch)
}

/// Tells a program of the speaker where it lies, and its tests, unless they were told already. Without it they hear worse, so that it cannot be
/// brought is told and no more.
pub(crate) fn tell(command: &mut Command, arch: Arch) {
    if std::env::var_os(VARIABLE).is_some() {
        return;
    }
    match folder(arch) {
        Ok(folder) => _ = command.env(VARIABLE, folder),
        Err(failure) => eprintln!("warning: {}", failure.line()),
    }
}

/// Whether it is there.
fn is_there(arch: Arch) -> bool {
    // The folder gets its name when it is whole.
    place(arch).is_dir()
}

/// The folder that has it, brought where it is not there.
pub(crate) fn folder(arch: Arch) -> Outcome<PathBuf> {
    let to = place(arch);
    if is_there(arch) {
        return Ok(to);
    }
    let (hash, platform) = wheel(arch)?;
    eprintln!("setup: fetching Moonshine {VERSION} for {} from PyPI (90 MB) into {}", arch.name(), to.display());
    // Another process may be at it, too.
    let work = store().join(format!("{}-unfinished-{}", arch.name(), std::process::id()));
    let (environment, unpacked, made) = (work.join("python"), work.join("unpacked"), work.join("made"));
    fs::create_dir_all(&made)?;
    let venv = run(Command::new("python3").args(["-m", "venv"]).arg(&environment));
    venv.map_err(|error| error.help("install Debian's packages python3 and python3-venv"))?;
    let python = environment.join("bin/python");
    let wanted = work.join("wanted.txt");
    files::write(&wanted, format!("moonshine-voice=={VERSION} --hash=sha256:{hash}\n").as_bytes())?;
    let options = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"];
    let mut download = Command::new(&python);
    download.args(options).args(["--platform", platform, "--require-hashes", "--requirement"]).arg(&wanted);
    download.arg("--dest").arg(&work);
    // A network that fails for a moment is asked again.
    let fetched = (1..TRIES).any(|again| {
        let done = run(&mut download).is_ok();
        if !done {
            thread::sleep(Duration::from_secs(5 * again));
        }
        done
    });
    if !fetched {
        run(&mut download).map_err(|error| error.help("the network is needed once"))?;
    }
    let wheel = entries(&work)?.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "whl"));
    let wheel = wheel.ok_or_else(|| failed("pip brought no wheel"))?;
    run(Command::new(&python).args(["-m", "zipfile", "--extract"]).arg(wheel).arg(&unpacked))?;
    let all = below(&unpacked)?;
    for (begin, end, name) in FILES {
        let is_it = |path: &&PathBuf| {
            path.strip_prefix(&unpacked)
                .is_ok_and(|path| path.to_string_lossy().starts_with(begin) && path.to_string_lossy().ends_with(end))
        };
        let found: Vec<&PathBuf> = all.iter().filter(is_it).collect();
        let [one] = found.as_slice() else { return Err(failed(&format!("the wheel has {} files {begin}*{end}", found.len()))) };
        fs::rename(one, made.join(name))?;
    }
    // Somebody else may have been faster, with the same files.
    if fs::rename(made, &to).is_err() && !is_there(arch) {
        return Err(failed(&format!("{} could not be made", to.display())));
    }
    fs::remove_dir_all(work)?;
    Ok(to)
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    Ok(fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?)
}

/// All files below a folder.
fn below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            found.extend(below(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn failed(what: &str) -> Failure {
    Failure::new(Exit::Io, format!("{what}: the speaker's second recogniser is missing"))
}

fn run(command: &mut Command) -> Outcome<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    if command.stdout(std::io::stderr()).status()?.success() { Ok(()) } else { Err(failed(&format!("{program} failed"))) }
}

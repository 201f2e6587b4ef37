//! Fires the speaker's modules: the DSP chain and the skills, for the machine that it is built for.
//!
//! For each skill, the functions that its manifest grants are defined under symbols of its own, and no others: what
//! a skill asks for beyond that is a symbol that nobody defines. Before the linker would say so, this does, with the permission's name.

mod faults;
pub(crate) mod figures;
mod grants;
pub(crate) mod moonshine;

use crate::files;
use saggar::failure::{Exit, Failure, Outcome};
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Artifact, Meter, Options, bindings, compile};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A DSP module: name in the program, file, bytes to which its memory may grow, bytes of stack.
const DSP: &[(&str, &str, u64, u32)] = &[
    ("denoise", "denoise", 4 << 20, 128 << 10),
    ("resample", "resample", 4 << 20, 64 << 10),
    ("resample_reference", "resample", 4 << 20, 64 << 10),
    ("canceller", "canceller", 1 << 20, 64 << 10),
    ("echo", "echo", 8 << 20, 256 << 10),
    ("voice", "voice", 1 << 20, 128 << 10),
    ("wake", "wake", 1 << 20, 64 << 10),
    ("equaliser", "equaliser", 1 << 20, 64 << 10),
];

/// Bytes of stack of a call of a skill, and of these for the functions that it calls.
const SKILL_STACK_BYTES: u32 = 192 << 10;
const SKILL_HEADROOM_BYTES: u32 = 128 << 10;

/// Fires the modules in `guests` (`dsp/NAME.wasm`, `skills/NAME/`) into objects and bindings in `to`, with `skills.rs`, which joins those
/// of the skills. With `faults`, each has one that can be switched on. What has not changed is not written.
pub(crate) fn fire(guests: &Path, to: &Path, arch: Arch, faults: bool) -> Outcome<()> {
    let mut made = fire_dsp(guests, to, arch, "", Meter::Fuel, faults)?;
    let mut text = String::new();
    let mut list = String::new();
    for folder in skills(&guests.join("skills"))? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().replace('-', "_");
        let manifest = grants::Manifest::read(&folder.join("skill.toml")).map_err(refused)?;
        let mut options = Options::new(Target::new(arch), format!("skill_{name}"));
        options.host_namespace = Some(name.clone());
        options.stack_bytes = SKILL_STACK_BYTES;
        options.headroom_bytes = SKILL_HEADROOM_BYTES;
        options.meter = Meter::Fuel;
        let artifact = one(&folder.join(&manifest.wasm), &options, faults, &["skill_on_intent", "skill_on_event"], to)?;
        let memory = artifact.report.memory_bytes;
        if memory > manifest.memory_max {
            let most = manifest.memory_max;
            return Err(refused(format!(
                "the skill `{name}` has a memory of {memory} bytes, and its manifest allows {most}: make it smaller, or set \
                 `memory_max` in its skill.toml"
            )));
        }
        let description = serde_json::json!({ "interface": artifact.interface });
        let granted = manifest.define(&name, &description).map_err(refused)?;
        let sentences = fs::read_to_string(folder.join("intents.en.yaml")).unwrap_or_default();
        let module = grants::camel(&format!("skill_{name}"));
        let ram = artifact.report.data_bytes + artifact.report.zero_bytes;
        let bindings = to.join(format!("skill_{name}.rs"));
        let _ = writeln!(text, "mod {name} {{\n    include!({:?});\n}}", bindings.display().to_string());
        let _ = writeln!(text, "{granted}crate::skills::module!({name}::{module});");
        let _ = writeln!(
            list,
            "    list.push((crate::skills::take({name}::{module}::take()), {name:?}, {:?}, {sentences:?}, {ram}));",
            manifest.text
        );
        made.push(format!("skill_{name}"));
    }
    let _ = writeln!(text, "/// Every skill that is linked.\npub(crate) fn all() -> Vec<crate::skills::Linked> {{");
    let _ = writeln!(text, "    let mut list: Vec<crate::skills::Linked> = Vec::new();\n{list}    list\n}}");
    write(&to.join("skills.rs"), text.as_bytes())?;
    // A skill that is no more must not be linked.
    for entry in fs::read_dir(to)? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "o") && !made.contains(&stem) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Fires the DSP's modules in `guests` into objects and bindings in `to`, with `suffix` after their names; these names.
pub(crate) fn fire_dsp(guests: &Path, to: &Path, arch: Arch, suffix: &str, meter: Meter, faults: bool) -> Outcome<Vec<String>> {
    fs::create_dir_all(to)?;
    let mut made = Vec::new();
    for (name, file, memory, stack) in DSP {
        let path = guests.join("dsp").join(format!("{file}.wasm"));
        let mut options = Options::new(Target::new(arch), format!("{name}{suffix}"));
        options.memory_reserve_bytes = Some(*memory);
        options.stack_bytes = *stack;
        options.meter = meter;
        one(&path, &options, faults, &["dsp_process"], to)?;
        made.push(options.name);
    }
    Ok(made)
}

/// Fires a module.
fn one(path: &Path, options: &Options, faults: bool, exports: &[&str], to: &Path) -> Outcome<Artifact> {
    let mut wasm = files::read(path)?;
    if faults {
        wasm = faults::plant(&wasm, exports).map_err(|error| refused(format!("{}: {error}", path.display())))?;
    }
    let artifact = compile(&wasm, options).map_err(|error| Failure::from(&error).in_file(path))?;
    write(&to.join(format!("{}.o", options.name)), &artifact.object)?;
    write(&to.join(format!("{}.rs", options.name)), bindings::rust(&artifact.interface).as_bytes())?;
    Ok(artifact)
}

/// The folders of the skills, in the order of their names.
fn skills(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.join("skill.toml").is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

fn refused(message: String) -> Failure {
    Failure::new(Exit::Invalid, message)
}

/// Writes a file unless it is there already: a new date would build the speaker anew.
fn write(path: &Path, content: &[u8]) -> Outcome<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    files::write(path, content)
}

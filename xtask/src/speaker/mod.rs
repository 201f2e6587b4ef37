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
use saggar_skill_manifest::{MOST_MEMORY, Manifest};
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

/// The skill of the speaker's own tests, and the folder that it is built in.
const HOSTILE: &str = "hostile";
const HOSTILE_FOLDER: &str = "for-tests";

/// Fires the modules in `guests` (`dsp/NAME.wasm`, `skills/NAME/`) into objects and bindings in `to`, with `skills.rs`, which joins those
/// of the skills. With `faults`, each has one that can be switched on. What has not changed is not written.
///
/// A skill that cannot be linked (its manifest is broken, its module hostile, a permission missing) is left out, and the speaker says
/// so: the others are none the worse for it. Gives the names of those, with the reasons.
pub(crate) fn fire(guests: &Path, to: &Path, arch: Arch, faults: bool) -> Outcome<Vec<(String, String)>> {
    let mut made = fire_dsp(guests, to, arch, "", Meter::Fuel, faults)?;
    let (mut text, left_out) = fire_skills(&guests.join("skills"), to, arch, faults, &mut made)?;
    if faults {
        text += &fire_hostile(to, arch, &mut made)?;
    }
    write(&to.join("skills.rs"), text.as_bytes())?;
    // A skill that is no more must not be linked.
    for entry in fs::read_dir(to)? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "o") && !made.contains(&stem) {
            fs::remove_file(path)?;
        }
    }
    Ok(left_out)
}

/// Fires the skills; the text that joins them, and those that are left out. What is made is added to `made`.
fn fire_skills(
    guests: &Path,
    to: &Path,
    arch: Arch,
    faults: bool,
    made: &mut Vec<String>,
) -> Outcome<(String, Vec<(String, String)>)> {
    let (mut text, mut list) = (String::new(), String::new());
    let mut left_out = Vec::new();
    for folder in skills(guests)? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match fire_skill(&folder, &name, to, arch, faults) {
            Ok((code, entry)) => {
                text += &code;
                list += &entry;
                made.push(format!("skill_{name}"));
            }
            Err(failure) if failure.exit() == Exit::Io => return Err(failure),
            Err(failure) => left_out.push((name, reason(&failure, &folder))),
        }
    }
    let _ = writeln!(text, "/// Every skill that is linked.\npub(crate) fn all() -> Vec<crate::skills::Linked> {{");
    let _ = writeln!(text, "    let mut list: Vec<crate::skills::Linked> = Vec::new();\n{list}    list\n}}");
    let _ = writeln!(text, "/// Every skill that is not, and why.\npub(crate) const LEFT_OUT: &[(&str, &str)] = &{left_out:?};");
    Ok((text, left_out))
}

/// Why a skill is left out, in one line that goes into the speaker: without the folder, which is this machine's business.
fn reason(failure: &Failure, folder: &Path) -> String {
    let text = failure.line().replace(&format!("{}/", folder.display()), "");
    // What is wrong is the manifest as often as the module.
    let text = text.strip_prefix(&format!("{}: ", Exit::Invalid.phrase())).unwrap_or(&text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Fires a skill and a stage that keep no promise, for the speaker's own tests; what is added to `skills.rs`.
fn fire_hostile(to: &Path, arch: Arch, made: &mut Vec<String>) -> Outcome<String> {
    let from = files::root().join("speaker-app/hostile");
    let assembled = |name: &str| {
        let path = from.join(name);
        let text = String::from_utf8_lossy(&files::read(&path)?).into_owned();
        wat::parse_str(&text).map_err(|error| refused(format!("{}: {error}", path.display())))
    };
    let folder = to.join(HOSTILE_FOLDER).join(HOSTILE);
    fs::create_dir_all(&folder)?;
    write(&folder.join("skill.toml"), &files::read(&from.join("skill.toml"))?)?;
    write(&folder.join("hostile.wasm"), &assembled("skill.wat")?)?;
    let (code, entry) = fire_skill(&folder, HOSTILE, to, arch, false)?;
    let mut options = Options::new(Target::new(arch), "hostile_stage".to_owned());
    options.meter = Meter::Fuel;
    put(&compiled(assembled("stage.wat")?, &from.join("stage.wat"), &options, false, &[])?, &options.name, to)?;
    made.extend(["skill_hostile".to_owned(), options.name]);
    Ok(format!(
        "{code}/// A skill that keeps no promise.\npub(crate) fn hostile() -> Vec<crate::skills::Linked> {{\n    \
         let mut list: Vec<crate::skills::Linked> = Vec::new();\n{entry}    list\n}}\n"
    ))
}

/// A skill that may be linked.
pub(crate) struct Fired {
    artifact: Artifact,
    /// The functions of the host that it calls, defined.
    granted: String,
    /// Its manifest, as it is written.
    text: String,
}

impl Fired {
    /// Bytes of its machine code, and of RAM that it takes: memory, tables and records.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        let report = &self.artifact.report;
        (report.code_bytes, report.data_bytes + report.zero_bytes)
    }
}

/// Fires the skill in a folder called as it is, and holds it against manifest and contract.
///
/// # Errors
/// Why no speaker would link it.
pub(crate) fn examine(folder: &Path, name: &str, arch: Arch, faults: bool) -> Outcome<Fired> {
    if name == HOSTILE && folder.parent().is_none_or(|parent| parent.file_name() != Some(HOSTILE_FOLDER.as_ref())) {
        return Err(refused(format!("`{HOSTILE}` is the name of the speaker's own test: give the skill another")));
    }
    let text = beside(folder, "skill.toml")?;
    let manifest = Manifest::parse(&text).map_err(|error| refused(format!("its skill.toml: {error}")))?;
    if manifest.id != name {
        let id = &manifest.id;
        return Err(refused(format!("its skill.toml says `id = {id:?}`, and its folder is called `{name}`: give both one name")));
    }
    let path = folder.join(&manifest.module.wasm);
    if !path.symlink_metadata().is_ok_and(|file| file.is_file()) {
        return Err(refused(format!("there is no file {} beside its skill.toml", manifest.module.wasm)));
    }
    let wasm = fs::read(&path).map_err(|error| refused(format!("its module {}: {error}", manifest.module.wasm)))?;
    manifest.check(&wasm).map_err(|error| refused(error.to_string()))?;
    let mut options = Options::new(Target::new(arch), format!("skill_{name}"));
    options.host_namespace = Some(name.to_owned());
    options.stack_bytes = SKILL_STACK_BYTES;
    options.headroom_bytes = SKILL_HEADROOM_BYTES;
    options.meter = Meter::Fuel;
    let mut artifact = compiled(wasm, &path, &options, faults, &["skill_on_intent", "skill_on_event"])?;
    let (memory, most) = (artifact.report.memory_bytes, manifest.module.memory_max);
    if memory > most {
        return Err(refused(format!(
            "it has a memory of {memory} bytes, and its manifest allows {most}: make it smaller, or set `memory_max` in its skill.toml"
        )));
    }
    let tables = artifact.report.table_bytes;
    if tables > MOST_MEMORY {
        return Err(refused(format!("its tables take {tables} bytes; {MOST_MEMORY} are the most")));
    }
    grants::keeps_contract(&artifact.interface).map_err(refused)?;
    grants::leave_contract(&mut artifact.interface);
    let granted = grants::definitions(&manifest, name, &artifact.interface.imports).map_err(refused)?;
    Ok(Fired { artifact, granted, text })
}

/// Fires a skill: its code for `skills.rs`, and its entry in the list there.
fn fire_skill(folder: &Path, name: &str, to: &Path, arch: Arch, faults: bool) -> Outcome<(String, String)> {
    let fired = examine(folder, name, arch, faults)?;
    let own = folder.join("intents.en.yaml");
    let sentences = if own.symlink_metadata().is_ok() { beside(folder, "intents.en.yaml")? } else { String::new() };
    let linked = format!("skill_{name}");
    put(&fired.artifact, &linked, to)?;
    let module = grants::camel(&linked);
    let (_, ram) = fired.bytes();
    let Fired { granted, text, .. } = fired;
    let bindings = to.join(format!("skill_{name}.rs"));
    let mut code = String::new();
    let _ = writeln!(code, "mod skill_{name} {{\n    include!({:?});\n}}", bindings.display().to_string());
    let _ = writeln!(code, "{granted}crate::skills::module!(skill_{name}::{module});");
    let entry = format!(
        "    list.push((crate::skills::take(skill_{name}::{module}::take()), {name:?}, {text:?}, {sentences:?}, {ram}));\n"
    );
    Ok((code, entry))
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

/// A text beside a skill's module. A link might lead to anything of whoever builds the speaker.
fn beside(folder: &Path, name: &str) -> Outcome<String> {
    let path = folder.join(name);
    if !path.symlink_metadata().is_ok_and(|file| file.is_file()) {
        return Err(refused(format!("its {name} is no file")));
    }
    fs::read_to_string(path).map_err(|error| refused(format!("its {name}: {error}")))
}

/// Fires a module of the speaker's own.
fn one(path: &Path, options: &Options, faults: bool, exports: &[&str], to: &Path) -> Outcome<()> {
    let artifact = compiled(files::read(path)?, path, options, faults, exports)?;
    put(&artifact, &options.name, to)
}

/// Compiles a module, with faults planted at the beginnings of these exports.
fn compiled(mut wasm: Vec<u8>, path: &Path, options: &Options, faults: bool, exports: &[&str]) -> Outcome<Artifact> {
    if faults {
        wasm = faults::plant(&wasm, exports).map_err(|error| refused(format!("{}: {error}", path.display())))?;
    }
    compile(&wasm, options).map_err(|error| Failure::from(&error).in_file(path))
}

/// Writes object and bindings.
fn put(artifact: &Artifact, name: &str, to: &Path) -> Outcome<()> {
    write(&to.join(format!("{name}.o")), &artifact.object)?;
    write(&to.join(format!("{name}.rs")), bindings::rust(&artifact.interface).as_bytes())
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

#[cfg(test)]
mod tests;

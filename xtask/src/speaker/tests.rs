//! Skills of strangers: one that cannot be linked is left out with a reason, and the others are fired.

use super::{fire_skills, fs};
use saggar_compiler::target::Arch;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "id = \"NAME\"\nversion = \"1\"\nabi = 1\nlocales = [\"en\"]\nintents = [\"Tea\"]\n\
                        [module]\nwasm = \"NAME.wasm\"\nmemory_max = 65536\ndeadline_ms = 50\n";
const CONTRACT: &str = r#"
    (func (export "skill_init") (result i32) i32.const 0)
    (func (export "skill_alloc") (param i32) (result i32) i32.const 16)
    (func (export "skill_on_intent") (param i32 i32) (result i64) i64.const 0)
    (func (export "skill_on_event") (param i32 i32) (result i64) i64.const 0)
    (func (export "skill_close"))"#;
const MEMORY: &str = r#"(memory (export "memory") 1 1)"#;

/// A folder, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("saggar-skills-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("to")).expect("a temporary folder");
        Folder(folder)
    }

    fn skill(&self, name: &str, manifest: &str, module: &[u8]) {
        let folder = self.0.join("skills").join(name);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("skill.toml"), manifest.replace("NAME", name)).expect("a file");
        fs::write(folder.join(format!("{name}.wasm")), module).expect("a file");
    }

    fn fire(&self) -> (String, Vec<(String, String)>, Vec<String>) {
        let mut made = Vec::new();
        let (text, left_out) =
            fire_skills(&self.0.join("skills"), &self.0.join("to"), Arch::X86_64, false, &mut made).expect("the folder is there");
        (text, left_out, made)
    }

    fn has(&self, file: &str) -> bool {
        Path::new(&self.0).join("to").join(file).is_file()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn module(imports: &str, rest: &str) -> Vec<u8> {
    wat::parse_str(format!("(module {imports} {MEMORY} {CONTRACT} {rest})")).expect("valid text")
}

#[test]
fn what_cannot_be_linked_is_left_out_and_the_rest_is_not() {
    let folder = Folder::new("left-out");
    let good = module("", "");
    let text = |body: &str| wat::parse_str(format!("(module {body})")).expect("valid text");
    folder.skill("good", MANIFEST, &good);
    // Named as Rust's own words are, and last in the list.
    let log = r#"(import "speaker" "log" (func (param i32 i32)))"#;
    folder.skill("self", MANIFEST, &module(&log.repeat(2), ""));
    let cases: &[(&str, String, Vec<u8>, &str)] = &[
        ("no_deadline", MANIFEST.replace("deadline_ms = 50\n", ""), good.clone(), "missing field `deadline_ms`"),
        ("no_toml", "[[[".to_owned(), good.clone(), "line 1"),
        ("other_id", MANIFEST.replace("id = \"NAME\"", "id = \"good\""), good.clone(), "give both one name"),
        (
            "other_hash",
            MANIFEST.replace("[module]", &format!("[module]\nsha256 = \"{}\"", "0".repeat(64))),
            good.clone(),
            "sha256",
        ),
        ("other_file", MANIFEST.replace("NAME.wasm", "nothing.wasm"), good.clone(), "there is no file nothing.wasm"),
        ("garbage", MANIFEST.to_owned(), b"this is no module".to_vec(), "garbage.wasm"),
        ("cut", MANIFEST.to_owned(), good[..good.len() - 3].to_vec(), "cut.wasm"),
        ("tables", MANIFEST.to_owned(), module("", "(table 3000000 funcref)"), "tables take"),
        ("hostile", MANIFEST.to_owned(), good.clone(), "give the skill another"),
        ("large", MANIFEST.replace("65536", "65535"), good.clone(), "memory_max"),
        ("no_memory", MANIFEST.to_owned(), text(CONTRACT), "does not export its memory"),
        (
            "no_init",
            MANIFEST.to_owned(),
            text(&format!("{MEMORY} {}", CONTRACT.replace("skill_init", "init"))),
            "`skill_init() -> (i32)`",
        ),
        (
            "long_reply",
            MANIFEST.to_owned(),
            text(&format!("{MEMORY} {}", CONTRACT.replacen("(result i64) i64.const 0", "(result i32) i32.const 0", 1))),
            "`skill_on_intent(i32, i32) -> (i64)`",
        ),
        ("says", MANIFEST.to_owned(), module(r#"(import "speaker" "say" (func (param i32 i32)))"#, ""), "grant `speak`"),
        ("opens", MANIFEST.to_owned(), module(r#"(import "speaker" "open_door" (func))"#, ""), "no speaker has"),
        ("reads", MANIFEST.to_owned(), module(r#"(import "wasi_snapshot_preview1" "fd_read" (func))"#, ""), "no speaker has"),
        (
            "wants_table",
            MANIFEST.to_owned(),
            module(r#"(import "speaker" "log" (table 1 funcref))"#, ""),
            "memory, table or global",
        ),
        (
            "other_type",
            MANIFEST.to_owned(),
            module(r#"(import "speaker" "log" (func (param i64) (result f32)))"#, ""),
            "other parameters",
        ),
        (
            "asks",
            format!("{MANIFEST}[permissions]\nspeak = true\n"),
            module(r#"(import "speaker" "ask" (func (param i32 i32)))"#, ""),
            "grant `microphone`",
        ),
    ];
    for (name, manifest, module, _) in cases {
        folder.skill(name, manifest, module);
    }
    let (text, left_out, made) = folder.fire();
    assert_eq!(made, ["skill_good", "skill_self"]);
    assert_eq!(text.matches("fn self_log(").count(), 1, "what is imported twice is defined once");
    assert!(folder.has("skill_good.o") && folder.has("skill_self.rs"));
    for (name, _, _, part) in cases {
        let (_, why) = left_out.iter().find(|(left, _)| left == name).unwrap_or_else(|| panic!("{name} is linked"));
        assert!(why.contains(part), "{name}: {why}");
        assert!(!folder.has(&format!("skill_{name}.o")) && !text.contains(&format!("mod skill_{name} ")), "{name}");
        assert!(text.contains(&format!("({name:?}, ")), "the speaker is not told of {name}");
    }
    assert_eq!(left_out.len(), cases.len());
}

/// Whatever a skill exports beside the contract, bindings have what the speaker calls, and nothing else that could be in its way.
#[test]
fn odd_exports_are_linked() {
    let folder = Folder::new("odd");
    let odd = ["take", "instantiate", "set_fuel", "memory2", "STACK_BYTES", "skill-init", "_memory", "fn", "", "é"];
    let odd: String = odd.iter().map(|name| format!("(func (export {name:?}) (param f64) (result f64) local.get 0)")).collect();
    folder.skill("odd", MANIFEST, &module("", &odd));
    let (_, left_out, made) = folder.fire();
    assert_eq!((left_out, made), (Vec::new(), vec!["skill_odd".to_owned()]));
    let bindings = fs::read_to_string(folder.0.join("to/skill_odd.rs")).expect("bindings");
    let (mut names, mut twice) = (BTreeSet::new(), Vec::new());
    let functions =
        bindings.lines().filter_map(|line| line.trim_start().strip_prefix("pub ")).filter(|line| line.contains("fn "));
    for name in functions.filter_map(|line| line.split_once("fn ")?.1.split_once('(')) {
        if !names.insert(name.0.to_owned()) {
            twice.push(name.0.to_owned());
        }
    }
    assert!(twice.is_empty(), "{twice:?}");
    for wanted in ["skill_init", "skill_alloc", "skill_on_intent", "skill_on_event", "skill_close", "memory"] {
        assert!(names.contains(wanted), "{wanted}: {names:?}");
    }
    assert!(!names.iter().any(|name| name.ends_with("_2") || name == "memory2"), "{names:?}");
}

/// A link is no file of the skill's, whatever it leads to.
#[test]
fn links_are_not_followed() {
    let folder = Folder::new("links");
    folder.skill("linked", MANIFEST, &module("", ""));
    let secret = folder.0.join("secret");
    fs::write(&secret, "language: en").expect("a file");
    std::os::unix::fs::symlink(&secret, folder.0.join("skills/linked/intents.en.yaml")).expect("a link");
    let (text, left_out, _) = folder.fire();
    assert!(left_out[0].1.contains("intents.en.yaml is no file"), "{left_out:?}");
    assert!(!text.contains("language: en") && !text.contains(&folder.0.display().to_string()), "{text}");
}

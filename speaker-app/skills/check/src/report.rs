//! What somebody who writes a skill wants to know of it: whether it keeps the contract, what it says to its tests' sentences, and how
//! small it is.

use std::collections::BTreeSet;
use std::fmt::Write;

use saggar_intents::{Dictionary, Warning};
use saggar_skill_manifest::Refused;

use crate::{Built, Talk, sentences};

/// The recogniser's dictionary, from Debian's package pocketsphinx-en-us. Where it is not installed, nothing is said of words.
const DICTIONARY: &str = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";
/// What Rust's and LLVM's linkers give a module that asks for nothing: the stack alone.
const DEFAULT_STACK: usize = 1 << 20;
const PAGE: usize = 65_536;

/// Runs a skill's tests, and describes it.
///
/// # Errors
/// What is wrong, for a person to read.
pub fn report(built: &Built) -> Result<String, String> {
    let mut text = String::new();
    let imports = contract(built)?;
    let intents = sentences(built.sentences.as_deref()).map_err(|error| error.to_string())?;
    let known: BTreeSet<&str> = intents.names().collect();
    if built.manifest.intents.is_empty() {
        return Err("skill.toml: `intents` lists nothing that the skill answers to".to_owned());
    }
    if let Some(unknown) = built.manifest.intents.iter().find(|intent| !known.contains(intent.as_str())) {
        return Err(format!("skill.toml: no sentence means {unknown}; write one into intents.en.yaml"));
    }
    let tests = built.tests.as_deref().ok_or("there is no tests.txt, with lines `sentence | answer`")?;
    let mut talk = Talk::start(built)?;
    for (sentence, answer) in lines(tests)? {
        let found = intents.recognise(sentence).ok_or_else(|| format!("tests.txt: \"{sentence}\" is not understood"))?;
        if !talk.is_asked() && !built.manifest.intents.contains(&found.intent) {
            return Err(format!("tests.txt: \"{sentence}\" means {}, which skill.toml does not list", found.intent));
        }
        let said = talk.say(&found, sentence);
        if said != answer {
            return Err(format!("tests.txt: to \"{sentence}\" it says \"{said}\", not \"{answer}\""));
        }
        let _ = writeln!(text, "\"{sentence}\" is answered by \"{said}\"");
    }
    for word in unknown_words(built)? {
        let _ = writeln!(
            text,
            "note: the recogniser does not know how to pronounce `{word}`; say it otherwise in intents.en.yaml, or it can only be typed"
        );
    }
    let _ = writeln!(text, "imports      {}", if imports.is_empty() { "nothing".to_owned() } else { imports.join(" ") });
    sizes(built, &talk, &mut text)?;
    Ok(text)
}

/// The lines of a `tests.txt`.
///
/// # Errors
/// A line that is not of the form, or none at all.
pub(crate) fn lines(tests: &str) -> Result<Vec<(&str, &str)>, String> {
    let lines = tests.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let pairs = lines.map(|line| {
        let (sentence, answer) = line.split_once('|').ok_or_else(|| format!("tests.txt: `{line}` is not `sentence | answer`"))?;
        Ok((sentence.trim(), answer.trim()))
    });
    let pairs: Vec<_> = pairs.collect::<Result<_, String>>()?;
    if pairs.is_empty() { Err("tests.txt holds no test".to_owned()) } else { Ok(pairs) }
}

/// Checks imports and exports, and gives the names of what is imported.
fn contract(built: &Built) -> Result<Vec<String>, String> {
    let mut imports = Vec::new();
    for import in built.module.imports() {
        let (from, name) = (import.module(), import.name());
        match if from == "speaker" { built.manifest.may_call(name) } else { Err(Refused::Unknown) } {
            Ok(()) => imports.push(name.to_owned()),
            Err(Refused::Permission(permission)) => {
                return Err(format!("it imports {name}; write `{permission}` under [permissions] in skill.toml"));
            }
            Err(_) => return Err(format!("it imports {from}.{name}, which no speaker has")),
        }
    }
    for wanted in ["memory", "skill_init", "skill_alloc", "skill_on_intent", "skill_on_event", "skill_close"] {
        if built.module.get_export(wanted).is_none() {
            return Err(format!("it does not export {wanted}"));
        }
    }
    Ok(imports)
}

/// The words of its own sentences that the recogniser cannot pronounce.
fn unknown_words(built: &Built) -> Result<Vec<String>, String> {
    let (Some(sentences_of_its_own), Ok(dictionary)) = (&built.sentences, std::fs::read_to_string(DICTIONARY)) else {
        return Ok(Vec::new());
    };
    let intents = sentences([sentences_of_its_own.as_str()]).map_err(|error| error.to_string())?;
    let own = &built.manifest.intents;
    let grammar = intents.jsgf_of(Some(&Dictionary::from_cmu(&dictionary)), |name| own.iter().any(|own| own == name));
    let words = grammar.warnings.into_iter().filter_map(|warning| match warning {
        Warning::UnknownWord { word, .. } => Some(word),
        _ => None,
    });
    Ok(words.collect())
}

fn sizes(built: &Built, talk: &Talk, text: &mut String) -> Result<(), String> {
    let memory = talk.skill.memory_bytes();
    let most = built.manifest.module.memory_max;
    if memory as u64 > most {
        return Err(format!("it has {memory} bytes of memory, and memory_max in skill.toml grants {most}"));
    }
    let _ = writeln!(text, "module       {:>9} bytes", built.wasm.len());
    let _ = writeln!(text, "memory       {memory:>9} bytes of the {most} that skill.toml grants; it does not grow");
    if let Some(stack) = stack_bytes(&built.wasm).filter(|&stack| stack <= memory) {
        let _ = writeln!(text, "  stack      {stack:>9} bytes, of which these sentences used {}", talk.skill.stack_used(stack));
        let _ = writeln!(text, "  data       {:>9} bytes, messages included; there is no heap", memory - stack);
        // The data would lie behind the stack, and pages are of 64 KiB.
        let default = (DEFAULT_STACK + 1).next_multiple_of(PAGE) / 1024;
        let _ =
            writeln!(text, "That is {} KiB, not the {default} that a linker gives a module by default.", memory.div_ceil(1024));
    } else {
        let _ = writeln!(text, "  the stack is not in it; the heap is what the data leave, and is reset before each message");
        let _ = writeln!(text, "That is {} KiB: one page, the least that this compiler gives.", memory.div_ceil(1024));
    }
    if memory > PAGE {
        return Err(format!("{text}\nit takes {memory} bytes of memory: more than a small device has to spare, 65536"));
    }
    Ok(())
}

/// The stack of a module that has one in its memory, at the bottom: where the first global, LLVM's stack pointer, begins. None for a
/// module of whole pages, whose compiler keeps its stack elsewhere.
fn stack_bytes(wasm: &[u8]) -> Option<usize> {
    let mut rest = wasm.get(8..)?;
    let mut small_pages = false;
    while let Some((&id, after)) = rest.split_first() {
        let (size, body) = unsigned(after)?;
        let (section, next) = body.split_at_checked(size)?;
        rest = next;
        match id {
            // One memory; bit 3 of its flags says that a page's size follows the limits.
            5 => small_pages = section.get(1)? & 8 != 0,
            // A mutable i32 that begins with a constant.
            6 if small_pages => {
                let (_, globals) = unsigned(section)?;
                let value = globals.strip_prefix(&[0x7f, 1, 0x41])?;
                return unsigned(value).map(|(value, _)| value);
            }
            _ => {}
        }
    }
    None
}

/// A LEB128 number, and what is behind it. A stack pointer is positive, and has the same bytes signed.
fn unsigned(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (mut value, mut shift) = (0_usize, 0);
    for (at, &byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 127) << shift;
        shift += 7;
        if byte & 128 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

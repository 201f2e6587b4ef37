//! Gives the imports of a module other module names.
//!
//! In a script, `"M"` means whatever was registered as M at that point, and modules come without names; in an
//! object file a name must mean one module. So every instance gets a name of its own, and its importers are made to
//! say that name. Only the name's bytes and the size of the section are written anew; everything else is copied,
//! with whatever odd encodings it has, because these are part of what the suite tests.

use std::ops::Range;
use wasmparser::{BinaryReader, ImportSectionReader, Imports, Parser, Payload, TypeRef};

/// An import's two names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportName {
    /// The module.
    pub module: String,
    /// The item.
    pub item: String,
}

/// Rewrites the module name of every import. A module that has no imports, or whose imports cannot be parsed,
/// comes back as it is.
#[must_use]
pub fn rename(wasm: &[u8], mut new_name: impl FnMut(&ImportName) -> String) -> Vec<u8> {
    let Some(section) = find_import_section(wasm) else { return wasm.to_vec() };
    let Some(body) = rename_section(&wasm[section.content.clone()], &mut new_name) else { return wasm.to_vec() };
    let mut out = wasm[..section.size_field].to_vec();
    write_leb(&mut out, body.len());
    out.extend_from_slice(&body);
    out.extend_from_slice(&wasm[section.content.end..]);
    out
}

/// The module names from which a module imports memories, tables or mutable globals.
#[must_use]
pub fn providers_of_state(wasm: &[u8]) -> Vec<String> {
    let sections = Parser::new(0).parse_all(wasm).map_while(Result::ok);
    let imports = sections.filter_map(|section| match section {
        Payload::ImportSection(imports) => Some(imports),
        _ => None,
    });
    let state = imports.flat_map(ImportSectionReader::into_imports).map_while(Result::ok).filter(|import| match import.ty {
        TypeRef::Table(_) | TypeRef::Memory(_) => true,
        TypeRef::Global(global) => global.mutable,
        _ => false,
    });
    state.map(|import| import.module.to_owned()).collect()
}

/// Where the import section lies in the file.
struct Section {
    /// Offset of the field that holds its size.
    size_field: usize,
    /// Its content.
    content: Range<usize>,
}

fn find_import_section(wasm: &[u8]) -> Option<Section> {
    const HEADER_BYTES: usize = 8;
    const IMPORT_SECTION: u8 = 2;
    let mut at = HEADER_BYTES;
    loop {
        let identity = *wasm.get(at)?;
        let size_field = at + 1;
        let (size, start) = read_leb(wasm, size_field)?;
        let end = start.checked_add(size).filter(|&end| end <= wasm.len())?;
        if identity == IMPORT_SECTION {
            return Some(Section { size_field, content: start..end });
        }
        at = end;
    }
}

/// The content of an import section with new module names; `None` when it is malformed or of a form that
/// no supported feature has.
fn rename_section(section: &[u8], new_name: &mut impl FnMut(&ImportName) -> String) -> Option<Vec<u8>> {
    let reader = ImportSectionReader::new(BinaryReader::new(section, 0)).ok()?;
    let mut imports = Vec::new();
    for import in reader.into_iter_with_offsets() {
        match import.ok()? {
            (offset, Imports::Single(_, import)) => {
                let names = ImportName { module: import.module.to_owned(), item: import.name.to_owned() };
                imports.push((usize::try_from(offset).ok()?, names));
            }
            _ => return None,
        }
    }
    let mut out = section[..imports.first()?.0].to_vec();
    for (index, (start, names)) in imports.iter().enumerate() {
        let end = imports.get(index + 1).map_or(section.len(), |(next, _)| *next);
        let (old_bytes, old_start) = read_leb(section, *start)?;
        let renamed = new_name(names);
        write_leb(&mut out, renamed.len());
        out.extend_from_slice(renamed.as_bytes());
        out.extend_from_slice(section.get(old_start + old_bytes..end)?);
    }
    Some(out)
}

/// Reads an unsigned number; gives it and the offset after it.
fn read_leb(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut value: u64 = 0;
    for shift in (0..35).step_by(7) {
        let byte = *bytes.get(at)?;
        at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, at));
        }
    }
    None
}

fn write_leb(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::rename;

    fn renamed(text: &str, to: &str) -> Vec<u8> {
        rename(&wat::parse_str(text).unwrap(), |_| to.to_owned())
    }

    #[test]
    fn every_kind_of_import_is_renamed() {
        let module = |name: &str| {
            format!(
                r#"(module (type (func)) (import "{name}" "f" (func (param i32))) (import "{name}" "" (memory 1 2))
                (import "{name}" "g" (global (mut i64))) (import "{name}" "t" (table 1 externref)) (func (export "e")))"#
            )
        };
        let long = "x".repeat(300);
        for name in ["", "m", long.as_str()] {
            assert_eq!(renamed(&module("old"), name), wat::parse_str(module(name)).unwrap());
        }
    }

    #[test]
    fn item_names_choose_the_new_name() {
        let wasm = wat::parse_str(r#"(module (import "a" "f" (func)) (import "b" "g" (func)))"#).unwrap();
        let renamed = rename(&wasm, |import| format!("{}-{}", import.item, import.module));
        assert_eq!(renamed, wat::parse_str(r#"(module (import "f-a" "f" (func)) (import "g-b" "g" (func)))"#).unwrap());
    }

    #[test]
    fn what_cannot_be_parsed_stays() {
        for wasm in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0", b"\0asm\x01\0\0\0\x02\x85", b"\0asm\x01\0\0\0\x02\x02\x01\x09"] {
            assert_eq!(rename(wasm, |_| "m".to_owned()), wasm);
        }
    }

    #[test]
    fn odd_encodings_stay() {
        // An overlong count of imports (two bytes for 1) and an overlong length of the item name.
        let body = b"\x81\x00\x01a\x81\x00f\x00\x00";
        let mut wasm = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02".to_vec();
        wasm.push(u8::try_from(body.len()).unwrap());
        wasm.extend_from_slice(body);
        let renamed = rename(&wasm, |_| "bc".to_owned());
        assert!(renamed.ends_with(b"\x02\x0a\x81\x00\x02bc\x81\x00f\x00\x00"));
    }
}

//! Archives of objects: a library's own members without those of the languages' libraries beneath it.
//!
//! What rustc calls a static library holds all of `core` too, some hundred members that the runtime library never refers to, and
//! functions by the names of a C library's. A device shall get what it needs and nothing else; and the same bytes whatever the
//! members were called and whenever they were made.

use object::read::archive::ArchiveFile;
use object::{Object as _, ObjectSymbol as _};
use std::collections::BTreeSet;

/// A member of an archive.
struct Member<'a> {
    bytes: &'a [u8],
    /// Names of what it defines for others.
    defines: Vec<String>,
}

/// The archive of those members whose names begin with `prefix` and that define anything.
///
/// # Errors
/// When the bytes are no archive of objects, or its own members need others than each other.
pub(crate) fn of_members(archive: &[u8], prefix: &str) -> Result<Vec<u8>, String> {
    let file = ArchiveFile::parse(archive).map_err(|error| error.to_string())?;
    let mut members = Vec::new();
    let mut wanted = BTreeSet::new();
    for member in file.members() {
        let member = member.map_err(|error| error.to_string())?;
        if !member.name().starts_with(prefix.as_bytes()) {
            continue;
        }
        let bytes = member.data(archive).map_err(|error| error.to_string())?;
        let object = object::File::parse(bytes).map_err(|error| error.to_string())?;
        let mut defines = Vec::new();
        for symbol in object.symbols() {
            let name = symbol.name().map_err(|error| error.to_string())?.to_owned();
            if symbol.is_undefined() && !name.is_empty() {
                wanted.insert(name);
            } else if symbol.is_global() && symbol.is_definition() {
                defines.push(name);
            }
        }
        if !defines.is_empty() {
            members.push(Member { bytes, defines });
        }
    }
    for name in members.iter().flat_map(|member| &member.defines) {
        wanted.remove(name);
    }
    if let Some(name) = wanted.first() {
        return Err(format!("it needs `{name}`, which is not its own"));
    }
    write(&members)
}

/// The bytes of a header before each member.
const HEADER_BYTES: usize = 60;

/// Writes an archive with an index of symbols, as GNU's and LLVM's linkers want it.
fn write(members: &[Member<'_>]) -> Result<Vec<u8>, String> {
    let symbols = || members.iter().enumerate().flat_map(|(index, member)| member.defines.iter().map(move |name| (index, name)));
    let names: Vec<u8> = symbols().flat_map(|(_, name)| [name.as_bytes(), &[0]].concat()).collect();
    let index_bytes = 4 + 4 * symbols().count() + names.len();
    let magic = b"!<arch>\n";
    let mut place = magic.len() + HEADER_BYTES + index_bytes.next_multiple_of(2);
    let mut places = Vec::new();
    for member in members {
        places.push(u32::try_from(place).map_err(|_| "it is beyond 4 GiB".to_owned())?);
        place += HEADER_BYTES + member.bytes.len().next_multiple_of(2);
    }
    let mut index = u32::try_from(symbols().count()).map_err(|error| error.to_string())?.to_be_bytes().to_vec();
    index.extend(symbols().flat_map(|(member, _)| places[member].to_be_bytes()));
    index.extend(names);
    let mut archive = magic.to_vec();
    append(&mut archive, "/", &index);
    for (number, member) in members.iter().enumerate() {
        append(&mut archive, &format!("saggar-{number}.o/"), member.bytes);
    }
    Ok(archive)
}

/// A member: name, time, user, group, mode, length, each in a field of blanks; then its bytes, to an even place.
fn append(archive: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    let header = format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 644, bytes.len());
    archive.extend_from_slice(header.as_bytes());
    archive.extend_from_slice(bytes);
    if !bytes.len().is_multiple_of(2) {
        archive.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::of_members;
    use crate::toolchain::rust_object;
    use object::read::archive::ArchiveFile;
    use saggar_compiler::target::Arch;

    const NEEDS: &str = "#![no_std] #[unsafe(no_mangle)] pub extern \"C\" fn first() -> u32 { unsafe extern \"C\" { fn second() -> u32; } \
        unsafe { second() } }";
    const GIVES: &str = "#![no_std] #[unsafe(no_mangle)] pub extern \"C\" fn second() -> u32 { 2 }";

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = b"!<arch>\n".to_vec();
        for (name, bytes) in members {
            super::append(&mut archive, &format!("{name}/"), bytes);
        }
        archive
    }

    #[test]
    fn own_members_stay_and_others_go() {
        let (needs, gives) = (rust_object(Arch::Aarch64, NEEDS).unwrap(), rust_object(Arch::Aarch64, GIVES).unwrap());
        let whole = archive(&[("own_a.o", &needs), ("other.o", &gives), ("own_b.o", &gives)]);
        let own = of_members(&whole, "own_").unwrap();
        let file = ArchiveFile::parse(&*own).unwrap();
        let members: Vec<Vec<u8>> = file.members().map(|member| member.unwrap().data(&*own).unwrap().to_vec()).collect();
        assert_eq!(members, [needs.clone(), gives.clone()]);
        let symbols: Vec<String> = file
            .symbols()
            .unwrap()
            .unwrap()
            .map(|symbol| {
                let symbol = symbol.unwrap();
                let member = file.member(symbol.offset()).unwrap();
                let (name, member) = (String::from_utf8_lossy(symbol.name()), String::from_utf8_lossy(member.name()));
                format!("{name} in {member}")
            })
            .collect();
        assert_eq!(symbols, ["first in saggar-0.o", "second in saggar-1.o"]);
        let lacking = of_members(&archive(&[("own_a.o", &needs), ("other.o", &gives)]), "own_").unwrap_err();
        assert!(lacking.contains("`second`"), "{lacking}");
    }
}

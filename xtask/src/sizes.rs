//! What the runtime library weighs, by itself and in images that use little of it; and the example firmwares.
//!
//! The whole: every function of the contract, linked from the archive that ships, garbage collected, with all that they
//! pull in. So nothing that a device would carry is left out.

use object::{Object as _, ObjectSection as _, ObjectSymbol as _, SectionKind, SymbolKind};
use saggar::failure::{Exit, Failure, Outcome};
use saggar_abi::names::runtime;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Options, compile};
use saggar_testsuite::firmware::{self, Kind};
use saggar_testsuite::target::link::link_elf;
use saggar_testsuite::target::{LinkInput, LinkOptions};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most that all of the library may weigh, in bytes of text.
pub(crate) const TEXT_LIMIT_BYTES: u64 = 4096;

/// Modules whose images are measured: next to nothing, and something that uses a memory and bulk operations.
const SAMPLES: [(&str, &str); 2] = [
    ("add", r#"(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))"#),
    (
        "buffer",
        r#"(module (memory (export "memory") 1 4)
            (func (export "clear") (param i32 i32) (memory.fill (local.get 0) (i32.const 0) (local.get 1)))
            (func (export "move") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#,
    ),
];

/// Sizes of an image, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sizes {
    /// Code.
    pub(crate) text: u64,
    /// Constant data.
    pub(crate) read_only: u64,
    /// Initialised writable data.
    pub(crate) data: u64,
    /// Writable data that starts as zero.
    pub(crate) zero: u64,
    /// Functions with a size, by symbol; of the example firmwares none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) functions: BTreeMap<String, u64>,
}

/// What is measured for one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Footprint {
    /// The runtime library, all of it.
    pub(crate) runtime: Sizes,
    /// Images of the samples, and the example firmwares on machines that they know: their `zero` has the stack in it.
    pub(crate) images: BTreeMap<String, Sizes>,
}

/// Measures a target.
pub(crate) fn measure(arch: Arch) -> Outcome<Footprint> {
    // Without an object the linker does not know the machine.
    let machine = match arch {
        Arch::X86_64 => "elf_x86_64",
        Arch::Aarch64 => "aarch64elf",
        Arch::Riscv64 => "elf64lriscv",
    };
    let keep = runtime::ALL.iter().map(|&name| name.to_owned()).collect();
    let arguments = vec!["-m".to_owned(), machine.to_owned()];
    let runtime = link(arch, &[], LinkOptions { gc_sections: true, keep, arguments, ..LinkOptions::default() })?;
    let mut images = BTreeMap::new();
    for (name, text) in SAMPLES {
        images.insert(name.to_owned(), sample(arch, name, text)?);
    }
    if firmware::ARCHES.contains(&arch) {
        for kind in Kind::ALL {
            images.insert(format!("firmware-{}", kind.name()), example(arch, kind)?);
        }
    }
    Ok(Footprint { runtime, images })
}

fn sample(arch: Arch, name: &str, text: &str) -> Outcome<Sizes> {
    let wasm = wat::parse_str(text).map_err(|error| Failure::new(Exit::Internal, format!("sample {name}: {error}")))?;
    let artifact = compile(&wasm, &Options::new(Target::new(arch), name)).map_err(|error| Failure::from(&error))?;
    let mut keep: Vec<String> = artifact.interface.exports.iter().map(|export| export.symbol.clone()).collect();
    keep.push(artifact.interface.instantiate_symbol.clone());
    let input = LinkInput { name, bytes: &artifact.object };
    link(arch, &[input], LinkOptions { gc_sections: true, keep, ..LinkOptions::default() })
}

/// An example firmware, as a whole.
fn example(arch: Arch, kind: Kind) -> Outcome<Sizes> {
    let image = firmware::build::image(kind, arch, None).map_err(|error| Failure::new(Exit::Io, error.to_string()))?;
    // Its functions are many, and not ours.
    Ok(Sizes { functions: BTreeMap::new(), ..of_image(&image.elf)? })
}

fn link(arch: Arch, inputs: &[LinkInput<'_>], options: LinkOptions) -> Outcome<Sizes> {
    let elf = link_elf(arch, inputs, &options).map_err(|error| Failure::new(Exit::Io, format!("linking: {error}")))?;
    of_image(&elf)
}

/// Measures a linked image.
pub(crate) fn of_image(elf: &[u8]) -> Outcome<Sizes> {
    sizes(elf).map_err(|error| Failure::new(Exit::Internal, format!("the linked image: {error}")))
}

fn sizes(elf: &[u8]) -> Result<Sizes, object::Error> {
    let file = object::File::parse(elf)?;
    let mut sizes = Sizes::default();
    for section in file.sections() {
        match section.kind() {
            SectionKind::Text => sizes.text += section.size(),
            SectionKind::ReadOnlyData | SectionKind::ReadOnlyString => sizes.read_only += section.size(),
            SectionKind::Data => sizes.data += section.size(),
            SectionKind::UninitializedData => sizes.zero += section.size(),
            _ => {}
        }
    }
    let symbols = file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.size() > 0);
    for symbol in symbols {
        sizes.functions.insert(symbol.name()?.to_owned(), symbol.size());
    }
    Ok(sizes)
}

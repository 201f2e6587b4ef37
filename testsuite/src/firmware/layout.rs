//! What lies where in an image: its program headers, the sections that are loaded, and its symbols.

use super::Error;
use object::Endianness;
use object::elf::{self, FileHeader64};
use object::read::elf::{FileHeader as _, ProgramHeader as _, SectionHeader as _, Sym as _};

/// An image's layout.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Segments that are loaded, in the file's order.
    pub segments: Vec<Segment>,
    /// Types of all program headers, as numbers of ELF.
    pub header_types: Vec<u32>,
    /// All sections.
    pub sections: Vec<Section>,
    /// Symbols with a name that are defined in a section.
    pub symbols: Vec<Symbol>,
}

/// A part of the image that is loaded.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Where it is when the image runs.
    pub address: u64,
    /// Where it is loaded from.
    pub load_address: u64,
    /// Bytes in memory.
    pub memory_bytes: u64,
    /// Bytes in the file.
    pub file_bytes: u64,
    /// Whether it may be executed.
    pub executable: bool,
    /// Whether it may be written.
    pub writable: bool,
}

/// A section.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// Its type, as a number of ELF.
    pub kind: u32,
    /// Where it is.
    pub address: u64,
    /// Its size.
    pub bytes: u64,
    /// Whether it is loaded.
    pub loaded: bool,
}

/// A symbol.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: u64,
    /// Its size.
    pub bytes: u64,
    /// Whether it is a function.
    pub function: bool,
}

impl Layout {
    /// Reads an image.
    ///
    /// # Errors
    /// When it is not an ELF file of 64 bits.
    pub fn read(bytes: &[u8]) -> Result<Layout, Error> {
        Layout::try_read(bytes).map_err(|error| Error::Image(error.to_string()))
    }

    fn try_read(bytes: &[u8]) -> Result<Layout, object::Error> {
        let header = FileHeader64::<Endianness>::parse(bytes)?;
        let endian = header.endian()?;
        let mut layout = Layout::default();
        for segment in header.program_headers(endian, bytes)? {
            let (kind, flags) = (segment.p_type(endian), segment.p_flags(endian));
            layout.header_types.push(kind.0);
            if kind == elf::PT_LOAD {
                layout.segments.push(Segment {
                    address: segment.p_vaddr(endian),
                    load_address: segment.p_paddr(endian),
                    memory_bytes: segment.p_memsz(endian),
                    file_bytes: segment.p_filesz(endian),
                    executable: flags.0 & elf::PF_X.0 != 0,
                    writable: flags.0 & elf::PF_W.0 != 0,
                });
            }
        }
        let sections = header.sections(endian, bytes)?;
        for section in sections.iter() {
            layout.sections.push(Section {
                name: String::from_utf8_lossy(sections.section_name(endian, section)?).into_owned(),
                kind: section.sh_type(endian).0,
                address: section.sh_addr(endian),
                bytes: section.sh_size(endian),
                loaded: section.sh_flags(endian).0 & elf::SHF_ALLOC.0 != 0,
            });
        }
        let symbols = sections.symbols(endian, bytes, elf::SHT_SYMTAB)?;
        for symbol in symbols.iter() {
            let name = String::from_utf8_lossy(symbol.name(endian, symbols.strings())?).into_owned();
            let defined = symbol.st_shndx(endian) != elf::SHN_UNDEF;
            if defined && !name.is_empty() && !name.starts_with('$') {
                layout.symbols.push(Symbol {
                    name,
                    address: symbol.st_value(endian),
                    bytes: symbol.st_size(endian),
                    function: symbol.st_type() == elf::STT_FUNC,
                });
            }
        }
        Ok(layout)
    }

    /// The segment that holds an address.
    #[must_use]
    pub fn segment(&self, address: u64) -> Option<&Segment> {
        self.segments.iter().find(|segment| address >= segment.address && address - segment.address < segment.memory_bytes)
    }

    /// The address of a symbol.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<u64> {
        self.symbols.iter().find(|symbol| symbol.name == name).map(|symbol| symbol.address)
    }

    /// Symbols whose names begin so.
    pub fn named<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Symbol> {
        self.symbols.iter().filter(move |symbol| symbol.name.starts_with(prefix))
    }
}

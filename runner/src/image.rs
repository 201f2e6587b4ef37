//! A linked image: what has to lie where, and what it is called.

use object::{Object as _, ObjectSegment as _, ObjectSymbol as _, SegmentFlags, SymbolKind};
use std::collections::HashMap;
use std::sync::Arc;

/// A linked image. Copies share their contents.
#[derive(Clone, Debug)]
pub struct Image {
    contents: Arc<Contents>,
}

#[derive(Debug)]
struct Contents {
    segments: Vec<Segment>,
    symbols: HashMap<String, u64>,
}

/// A part of an image that is mapped.
#[derive(Debug)]
pub struct Segment {
    /// Where it begins.
    pub address: u64,
    /// Its size in memory, in bytes; what goes beyond `bytes` is zero.
    pub memory_bytes: u64,
    /// What the file holds of it.
    pub bytes: Vec<u8>,
    /// Protection as in the program header: the sum of 1 for executable, 2 for writable, 4 for readable.
    pub protection: u32,
}

impl Segment {
    /// Whether it may be written.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.protection & 2 != 0
    }

    /// Whether it covers a range.
    #[must_use]
    pub fn covers(&self, address: u64, length: u64) -> bool {
        let Some(offset) = address.checked_sub(self.address) else { return false };
        offset <= self.memory_bytes && length <= self.memory_bytes - offset
    }
}

impl Image {
    /// Reads an ELF executable.
    ///
    /// # Errors
    /// When it is not one.
    pub fn parse(elf: &[u8]) -> Result<Image, object::Error> {
        let file = object::File::parse(elf)?;
        let mut segments = Vec::new();
        for segment in file.segments().filter(|segment| segment.size() > 0) {
            let SegmentFlags::Elf { p_flags, .. } = segment.flags() else { continue };
            segments.push(Segment {
                address: segment.address(),
                memory_bytes: segment.size(),
                bytes: segment.data()?.to_vec(),
                protection: p_flags.0 & 7,
            });
        }
        let mut symbols = HashMap::new();
        for symbol in file.symbols().filter(|symbol| symbol.is_definition() && symbol.kind() != SymbolKind::Section) {
            symbols.insert(symbol.name()?.to_owned(), symbol.address());
        }
        Ok(Image { contents: Arc::new(Contents { segments, symbols }) })
    }

    /// What has to be mapped.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.contents.segments
    }

    /// Every symbol that is defined, with its address.
    #[must_use]
    pub fn symbols(&self) -> &HashMap<String, u64> {
        &self.contents.symbols
    }

    /// The address of a symbol.
    #[must_use]
    pub fn symbol(&self, name: &str) -> Option<u64> {
        self.contents.symbols.get(name).copied()
    }

    /// The symbol at or before an address, and how far before; for messages about a program counter.
    #[must_use]
    pub fn nearest_symbol(&self, address: u64) -> Option<(&str, u64)> {
        let before = self.contents.symbols.iter().filter(|(_, place)| **place <= address);
        let (name, place) = before.max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))?;
        Some((name, address - place))
    }
}

//! The section `.debug_saggar_map`: from addresses to functions and operators. The linker relocates the addresses, and puts the maps of
//! several modules one behind the other; the section is not loaded. Its name begins like those of other debug information because GNU
//! ld drops a section with relocations that nothing loaded refers to, unless it takes it for such.
//!
//! All numbers are little-endian; `u` and `s` stand for unsigned and signed LEB128. A map is, for each module,
//!
//! ```text
//! 4 bytes     "SGMP"
//! 1 byte      version, 2
//! 4 bytes     bytes of the module's map from here on
//! u, bytes    name of the module
//! 8 bytes     address of the module's text symbol
//! ```
//!
//! and then for each piece of code, in the order of the object,
//!
//! ```text
//! 8 bytes     address; 0 or all ones in an image if the linker dropped it
//! u           bytes between the end of the previous piece and this one, were all in one section
//! u           bytes of code
//! 1 byte      what it is: a number of `Kind`
//! u           index of the function, or code of the trap
//! u, bytes    name of the function; nothing where it has none
//! u           number of ranges
//! ```
//!
//! and for each range of code that stems from one operator, ascending,
//!
//! ```text
//! u           bytes between the end of the previous range and this one
//! u           bytes of code
//! s           offset in the module, from that of the previous range
//! u           operator: 0 for none, else one more than its opcode; a prefixed one is prefix + 256 × number
//! ```

use gimli::{EndianSlice, LittleEndian, Reader as _};

/// Name of the section.
pub(crate) const SECTION: &str = ".debug_saggar_map";
/// What a map begins with.
pub(crate) const MAGIC: [u8; 4] = *b"SGMP";
/// Version of the format.
pub(crate) const VERSION: u8 = 2;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $word:literal;)*) => {
        /// What a piece of code is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $($(#[$doc])* $name = $number,)*
        }

        impl Kind {
            fn from_number(number: u8) -> Option<Kind> {
                match number {
                    $($number => Some(Kind::$name),)*
                    _ => None,
                }
            }

            /// In words, before the function that it belongs to.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Kind::$name => $word,)*
                }
            }
        }
    };
}

kinds! {
    /// A function of the module.
    Function = 0, "function";
    /// The check of the stack before a function with a large frame.
    Check = 1, "stack check before function";
    /// The entry through which hosts call a function.
    Entry = 2, "entry of function";
    /// What loads a function's arguments from slots and stores its results.
    Thunk = 3, "thunk of function";
    /// An imported function under the name of an export.
    ReExport = 4, "re-export of function";
    /// Code that instantiates the module.
    Instantiation = 5, "instantiation";
    /// The stub that raises a trap; the index is the trap's code.
    TrapStub = 6, "trap stub";
}

/// The map of one module.
pub(crate) struct ModuleMap<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) pieces: Vec<Piece<'a>>,
}

/// A piece of code.
pub(crate) struct Piece<'a> {
    /// Where in the section its address stands, for relocations that are not applied yet.
    pub(crate) address_at: usize,
    pub(crate) address: u64,
    /// Offset from the start of the module's code, were all in one section.
    pub(crate) joined: u64,
    pub(crate) bytes: u64,
    pub(crate) kind: Kind,
    pub(crate) index: u32,
    pub(crate) name: &'a [u8],
    ranges: EndianSlice<'a, LittleEndian>,
}

/// The operator that an instruction stems from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Byte offset in the module.
    pub(crate) wasm_offset: u32,
    /// `None` where nothing but the place is known: before a function's first operator.
    pub(crate) opcode: Option<u32>,
}

impl Piece<'_> {
    /// The operator of the instruction at this offset from the piece's start.
    pub(crate) fn origin(&self, offset: u64) -> Option<Origin> {
        let mut reader = self.ranges;
        let (mut end, mut wasm_offset) = (0_u64, 0_i64);
        while !reader.is_empty() {
            // What was read once cannot fail, so the defaults are never taken.
            let start = end.saturating_add(reader.read_uleb128().ok()?);
            end = start.saturating_add(reader.read_uleb128().ok()?);
            wasm_offset = wasm_offset.wrapping_add(reader.read_sleb128().ok()?);
            let opcode = reader.read_uleb128().ok()?.checked_sub(1);
            if (start..end).contains(&offset) {
                let opcode = opcode.and_then(|opcode| u32::try_from(opcode).ok());
                return Some(Origin { wasm_offset: u32::try_from(wasm_offset).ok()?, opcode });
            }
        }
        None
    }
}

/// Why a map cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is not one, or cut short.
    Damaged,
    /// It is of another version of the format.
    Version(u8),
}

impl From<gimli::Error> for Unreadable {
    fn from(_: gimli::Error) -> Unreadable {
        Unreadable::Damaged
    }
}

/// Reads all maps of a section.
pub(crate) fn read(section: &[u8]) -> Result<Vec<ModuleMap<'_>>, Unreadable> {
    let mut reader = EndianSlice::new(section, LittleEndian);
    let mut modules = Vec::new();
    while !reader.is_empty() {
        // A linker may align what it puts one behind the other.
        if reader.slice().first() == Some(&0) {
            reader.skip(1)?;
            continue;
        }
        if reader.split(4)?.slice() != MAGIC {
            return Err(Unreadable::Damaged);
        }
        let version = reader.read_u8()?;
        if version != VERSION {
            return Err(Unreadable::Version(version));
        }
        let length = reader.read_u32()? as usize;
        let at = section.len() - reader.len() + length;
        modules.push(read_module(reader.split(length)?, at)?);
    }
    Ok(modules)
}

/// Reads one map, which ends at the offset `end` of the section.
fn read_module(mut reader: EndianSlice<'_, LittleEndian>, end: usize) -> Result<ModuleMap<'_>, Unreadable> {
    let name = sized(&mut reader)?;
    reader.skip(8)?;
    let mut pieces = Vec::new();
    let mut joined = 0_u64;
    while !reader.is_empty() {
        let address_at = end - reader.len();
        let address = reader.read_u64()?;
        joined = joined.saturating_add(reader.read_uleb128()?);
        let bytes = reader.read_uleb128()?;
        let kind = Kind::from_number(reader.read_u8()?).ok_or(Unreadable::Damaged)?;
        let index = u32::try_from(reader.read_uleb128()?).unwrap_or(u32::MAX);
        let name = sized(&mut reader)?;
        let count = reader.read_uleb128()?;
        let before = reader;
        for _ in 0..count {
            for _ in 0..4 {
                reader.skip_leb128()?;
            }
        }
        let mut ranges = before;
        ranges.truncate(before.len() - reader.len())?;
        pieces.push(Piece { address_at, address, joined, bytes, kind, index, name, ranges });
        joined = joined.saturating_add(bytes);
    }
    Ok(ModuleMap { name, pieces })
}

/// Bytes after their number.
fn sized<'a>(reader: &mut EndianSlice<'a, LittleEndian>) -> Result<&'a [u8], gimli::Error> {
    let length = usize::try_from(reader.read_uleb128()?).unwrap_or(usize::MAX);
    Ok(reader.split(length)?.slice())
}

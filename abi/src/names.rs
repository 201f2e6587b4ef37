//! How symbols are spelled.
//!
//! A symbol is `sg__<family>__<component>__…`. A component is a wasm name made into a piece of a C identifier
//! by [`write_component`], which is injective and never yields two adjacent underscores, nor one at either
//! end; so `__` always separates, and two different lists of components never give the same symbol.
//!
//! Where a plain linker would join two parties that must agree on a type, the type is the last component
//! (spelled by [`write_function_type`] and its neighbours), so that a disagreement is an undefined symbol.
//! Types are spelled out in full whatever their length: a hash could be made to collide by whoever
//! writes both modules, a spelling cannot. At the validator's limit of 1,000 parameters and results
//! a symbol is about 2 KB long, which linkers take.
//!
//! | symbol | what it is |
//! |---|---|
//! | `sg__domain__<domain>` | domain record ([`layout::domain`](crate::layout::domain)), weak |
//! | `sg__module__<module>` | module record ([`layout::module`](crate::layout::module)) |
//! | `sg__state__<module>` | state record ([`layout::state`](crate::layout::state)) |
//! | `sg__instantiate__<module>` | C function: `saggar_completion (void)` |
//! | `sg__entry__<module>__<export>__<type>` | C function: `saggar_completion (uint64_t *slots)` |
//! | `sg__thunk__<module>__<export>__<type>` | what the entry runs inside an activation; for modules of other domains |
//! | `sg__link__<domain>__<module>__<export>__<type>` | function with the link convention, for modules of the domain |
//! | `sg__cell__<domain>__<module>__<export>__<type>` | reference cell of a memory, table or global |
//! | `sg__host__<module>__<name>__<type>` | undefined: the C function that the host provides for an import; with several results or a vector as result it takes a last parameter, `uint64_t *results`, and returns nothing; a vector among its parameters is a `const saggar_v128 *`, valid during the call |
//! | `sg__host__<namespace>__<module>__<name>__<type>` | the same where the module was compiled with a namespace for host functions |
//! | `sg__type__<type>` | identity of a function type, weak; compared by address |
//! | `sg__text__<module>` | start of the module's code; places in its tables count from here |

use core::fmt;

/// The symbol of this version of the contract. Modules refer to it; the runtime library defines it.
pub const ABI_VERSION_SYMBOL: &str = "saggar_abi_version_2";

/// Functions that the runtime library provides to compiled modules; all have the C convention.
///
/// Those that end in `_polled` are for modules that a flag stops: they look at the flag of the domain record that is their last
/// parameter, `void *domain`, every [`POLL_BYTES`](crate::layout::POLL_BYTES), and leave their work where it is when it is set.
pub mod runtime {
    macro_rules! functions {
        ($($(#[$doc:meta])* $name:ident = $symbol:literal;)*) => {
            $($(#[$doc])* pub const $name: &str = $symbol;)*

            /// All of them.
            pub const ALL: &[&str] = &[$($name,)*];
        };
    }

    functions! {
        /// `saggar_completion (const void *module, void (*thunk)(uint64_t *), uint64_t *slots)`: enters a guest.
        ENTER = "sg_enter";
        /// As [`ENTER`] with a fourth parameter, `void *domain`: for a guest that calls into another domain, its own domain record. The
        /// activation uses no stack below the end of what the host gave the caller, and does not begin when the caller's flag is set.
        ENTER_WITHIN = "sg_enter_within";
        /// `saggar_completion (const void *module)`: instantiates a module.
        INSTANTIATE = "sg_instantiate";
        /// `noreturn void (void *domain, uintptr_t code, uintptr_t pc)`: ends the innermost activation.
        RAISE = "sg_raise";
        /// `void (uint8_t *to, const uint8_t *from, size_t bytes)`: copies; the ranges may overlap.
        COPY = "sg_copy";
        /// `void (uint8_t *to, uint32_t byte, size_t bytes)`: fills.
        FILL = "sg_fill";
        /// `uint64_t (memory record *, uint64_t delta_pages)`: grows; old size in pages or all ones.
        MEMORY_GROW = "sg_memory_grow";
        /// `uint64_t (table record *, uint64_t delta, uintptr_t value)`: grows; old size or all ones.
        TABLE_GROW = "sg_table_grow";
        /// `void (uintptr_t *to, uintptr_t value, size_t elements)`: fills elements of a table.
        TABLE_FILL = "sg_table_fill";
        /// `void (uintptr_t *to, const int32_t *segment, size_t elements)`: writes references from a
        /// segment of self-relative references, where zero is null.
        TABLE_INIT = "sg_table_init";
        /// `const void *(const int32_t *cell)`: follows reference cells to the thing itself.
        RESOLVE = "sg_resolve";
        /// As [`COPY`], with the domain record: `uintptr_t`, 1 when it was interrupted, else 0.
        COPY_POLLED = "sg_copy_polled";
        /// As [`FILL`], likewise.
        FILL_POLLED = "sg_fill_polled";
        /// As [`MEMORY_GROW`], with the domain record: all ones but the lowest bit when it was interrupted. The size is then as before.
        MEMORY_GROW_POLLED = "sg_memory_grow_polled";
        /// As [`TABLE_GROW`], likewise.
        TABLE_GROW_POLLED = "sg_table_grow_polled";
        /// As [`TABLE_FILL`], with the domain record: `uintptr_t`, 1 when it was interrupted, else 0.
        TABLE_FILL_POLLED = "sg_table_fill_polled";
        /// As [`TABLE_INIT`], likewise.
        TABLE_INIT_POLLED = "sg_table_init_polled";
    }
}

/// The symbol families; see the table in the module's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Domain record.
    Domain,
    /// Module record.
    Module,
    /// State record.
    State,
    /// C function that instantiates.
    Instantiate,
    /// C function that enters an export.
    Entry,
    /// C function that loads an export's arguments from slots and calls it, inside an activation.
    Thunk,
    /// Link-convention function of an export.
    Link,
    /// Reference cell of an export.
    Cell,
    /// Host function that an import asks for.
    Host,
    /// Type identity.
    Type,
    /// Start of a module's code.
    Text,
}

impl Family {
    /// The word in the symbol.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Family::Domain => "domain",
            Family::Module => "module",
            Family::State => "state",
            Family::Instantiate => "instantiate",
            Family::Entry => "entry",
            Family::Thunk => "thunk",
            Family::Link => "link",
            Family::Cell => "cell",
            Family::Host => "host",
            Family::Type => "type",
            Family::Text => "text",
        }
    }
}

/// Writes the symbol of a family from raw names and, where the family has one, a spelled type.
///
/// # Errors
/// Only those of `out`.
pub fn write_symbol(out: &mut impl fmt::Write, family: Family, names: &[&[u8]], spelled_type: Option<&str>) -> fmt::Result {
    out.write_str("sg__")?;
    out.write_str(family.word())?;
    for name in names {
        out.write_str("__")?;
        write_component(out, name)?;
    }
    if let Some(spelled) = spelled_type {
        out.write_str("__")?;
        out.write_str(spelled)?;
    }
    Ok(())
}

/// Writes any byte string as a piece of a C identifier, injectively.
///
/// Letters other than `Z` and digits stand for themselves, and so does an underscore that is neither first
/// nor last nor follows another. Every other byte is `Z` and two lower-case hexadecimal digits. The empty
/// string is a lone `Z`.
///
/// # Errors
/// Only those of `out`.
pub fn write_component(out: &mut impl fmt::Write, name: &[u8]) -> fmt::Result {
    if name.is_empty() {
        return out.write_char('Z');
    }
    let mut previous_is_underscore = true; // an underscore at the start is escaped as one after another is
    for (index, &byte) in name.iter().enumerate() {
        let last = index + 1 == name.len();
        let plain = match byte {
            b'Z' => false,
            b'_' => !previous_is_underscore && !last,
            _ => byte.is_ascii_alphanumeric(),
        };
        if plain {
            out.write_char(char::from(byte))?;
        } else {
            write!(out, "Z{byte:02x}")?;
        }
        previous_is_underscore = plain && byte == b'_';
    }
    Ok(())
}

/// The types of values, as letters of a spelled type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueLetter {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `v128`
    V128,
    /// `v128` where it passes as two integers of 64 bits: in the types of link symbols, and in identities of types, of modules that
    /// were compiled for a machine without vectors. A module that passes it in a vector register must not be joined with them.
    V128Halves,
    /// `funcref`
    FuncRef,
    /// `externref`
    ExternRef,
}

impl ValueLetter {
    /// The letter.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            ValueLetter::I32 => 'i',
            ValueLetter::I64 => 'l',
            ValueLetter::F32 => 'f',
            ValueLetter::F64 => 'd',
            ValueLetter::V128 => 'v',
            ValueLetter::V128Halves => 'w',
            ValueLetter::FuncRef => 'r',
            ValueLetter::ExternRef => 'e',
        }
    }
}

/// Writes a function type: `F`, the parameters, `R`, the results.
///
/// # Errors
/// Only those of `out`.
pub fn write_function_type(
    out: &mut impl fmt::Write,
    params: impl IntoIterator<Item = ValueLetter>,
    results: impl IntoIterator<Item = ValueLetter>,
) -> fmt::Result {
    out.write_char('F')?;
    for param in params {
        out.write_char(param.letter())?;
    }
    out.write_char('R')?;
    for result in results {
        out.write_char(result.letter())?;
    }
    Ok(())
}

/// Writes a global type: `G`, `m` (mutable) or `c` (constant), the value type.
///
/// # Errors
/// Only those of `out`.
pub fn write_global_type(out: &mut impl fmt::Write, mutable: bool, value: ValueLetter) -> fmt::Result {
    out.write_char('G')?;
    out.write_char(if mutable { 'm' } else { 'c' })?;
    out.write_char(value.letter())
}

/// Writes a memory type: `M` and the binary logarithm of the page size. Limits are checked at instantiation.
///
/// # Errors
/// Only those of `out`.
pub fn write_memory_type(out: &mut impl fmt::Write, page_bytes_log2: u32) -> fmt::Result {
    write!(out, "M{page_bytes_log2}")
}

/// Writes a table type: `T` and the element type. Limits are checked at instantiation.
///
/// # Errors
/// Only those of `out`.
pub fn write_table_type(out: &mut impl fmt::Write, element: ValueLetter) -> fmt::Result {
    out.write_char('T')?;
    out.write_char(element.letter())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::collections::BTreeMap;
    use std::string::String;
    use std::vec::Vec;

    fn component(name: &[u8]) -> String {
        let mut out = String::new();
        write_component(&mut out, name).unwrap();
        out
    }

    #[test]
    fn components_are_identifiers_without_double_underscores() {
        for (name, expected) in [
            (&b"add"[..], "add"),
            (b"", "Z"),
            (b"dsp_process", "dsp_process"),
            (b"_start", "Z5fstart"),
            (b"a__b", "a_Z5fb"),
            (b"a_", "aZ5f"),
            (b"Zed", "Z5aed"),
            (b"\xff\0", "ZffZ00"),
            ("é".as_bytes(), "Zc3Za9"),
        ] {
            assert_eq!(component(name), expected);
        }
    }

    /// Every string of up to four bytes over the alphabet that could collide has a component of its own.
    #[test]
    fn components_are_injective() {
        let alphabet = b"_Z5fa";
        let mut seen: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut names: Vec<Vec<u8>> = std::vec![Vec::new()];
        for _ in 0..5 {
            for name in &names {
                let spelled = component(name);
                assert!(!spelled.contains("__") && !spelled.starts_with('_') && !spelled.ends_with('_'));
                if let Some(other) = seen.insert(spelled, name.clone()) {
                    assert_eq!(&other, name);
                }
            }
            names = names.iter().flat_map(|name| alphabet.iter().map(move |&byte| [name.as_slice(), &[byte]].concat())).collect();
        }
    }

    #[test]
    fn symbols() {
        let mut ty = String::new();
        write_function_type(&mut ty, [ValueLetter::I32, ValueLetter::F64], [ValueLetter::I64]).unwrap();
        let mut symbol = String::new();
        write_symbol(&mut symbol, Family::Entry, &[b"skill", b"on_event"], Some(&ty)).unwrap();
        assert_eq!(symbol, "sg__entry__skill__on_event__FidRl");
    }
}

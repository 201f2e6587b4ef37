//! Pretty names: from any wasm name to an identifier that no other item of the same binding has.

use std::collections::HashSet;

/// Gives each item a name of its own.
pub(super) struct Namer {
    taken: HashSet<String>,
    forbidden: fn(&str) -> bool,
}

impl Namer {
    /// Starts with no names taken, except those that `forbidden` refuses.
    pub(super) fn new(forbidden: fn(&str) -> bool) -> Namer {
        Namer { taken: HashSet::new(), forbidden }
    }

    /// The wanted name, or the first of `wanted_2`, `wanted_3`, … that is free.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        self.claim_with(wanted, &[])
    }

    /// Likewise, for an item from which several names are made by adding suffixes: all of them are claimed.
    pub(super) fn claim_with(&mut self, wanted: &str, suffixes: &[&str]) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.free(&name, suffixes) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        self.taken.insert(name.clone());
        self.taken.extend(suffixes.iter().map(|suffix| format!("{name}{suffix}")));
        name
    }

    fn free(&self, name: &str, suffixes: &[&str]) -> bool {
        let free = |name: &str| !self.taken.contains(name) && !(self.forbidden)(name);
        free(name) && suffixes.iter().all(|suffix| free(&format!("{name}{suffix}")))
    }
}

/// A readable identifier for any name: letters and digits stay, runs of anything else become one underscore.
/// Different names may give the same identifier; a [`Namer`] tells them apart.
pub(super) fn identifier(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    let trimmed = out.trim_end_matches('_');
    match trimmed.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{trimmed}"),
        Some(_) => trimmed.to_owned(),
    }
}

/// The identifier in capital letters.
pub(super) fn upper(identifier: &str) -> String {
    identifier.to_ascii_uppercase()
}

/// The identifier as a Rust type is spelled: `sql_wasm` → `SqlWasm`.
pub(super) fn camel(identifier: &str) -> String {
    let piece = |piece: &str| {
        let mut chars = piece.chars();
        chars.next().map(|first| format!("{}{}", first.to_ascii_uppercase(), chars.as_str())).unwrap_or_default()
    };
    identifier.split('_').map(piece).collect()
}

/// A name as it may stand in a comment of C or Rust: anything that could end the comment, continue the line, form a
/// trigraph or be taken for markup is escaped.
pub(super) fn printable(name: &str) -> String {
    let mut out = String::new();
    for &byte in name.as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'_' | b'-' | b'.' | b':' | b'$' | b'#' | b'+' | b',' | b'=' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02x}")),
        }
    }
    out
}

/// Keywords of Rust, in any edition, and names with a meaning that an item must not take.
pub(super) fn is_rust_keyword(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
        "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
        "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try",
        "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&name)
}

/// Names with an underscore in them that C or C++ keeps for itself, and those of the header that the binding includes.
/// Every name of a C binding has a prefix and an underscore, so that shorter keywords cannot come up.
pub(super) fn is_c_reserved(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "and_eq",
        "char8_t",
        "char16_t",
        "char32_t",
        "co_await",
        "co_return",
        "co_yield",
        "const_cast",
        "dynamic_cast",
        "not_eq",
        "or_eq",
        "reinterpret_cast",
        "static_assert",
        "static_cast",
        "thread_local",
        "typeof_unqual",
        "wchar_t",
        "xor_eq",
        "size_t",
        "ptrdiff_t",
        "max_align_t",
        "nullptr_t",
        "SIZE_MAX",
        "PTRDIFF_MIN",
        "PTRDIFF_MAX",
        "WCHAR_MIN",
        "WCHAR_MAX",
        "WINT_MIN",
        "WINT_MAX",
        "SIG_ATOMIC_MIN",
        "SIG_ATOMIC_MAX",
    ];
    let lower = name.to_ascii_lowercase();
    let integer = lower.strip_prefix('u').unwrap_or(&lower).starts_with("int");
    let suffix = ["_t", "_max", "_min", "_c", "_width"].iter().any(|suffix| lower.ends_with(suffix));
    // Names of the runtime library and of the contract.
    let ours = lower.starts_with("saggar_") || lower.starts_with("sg_");
    WORDS.contains(&name) || (integer && suffix) || ours
}

#[cfg(test)]
mod tests {
    use super::{Namer, camel, identifier, is_c_reserved, is_rust_keyword, printable};

    #[test]
    fn identifiers() {
        for (name, expected) in
            [("add", "add"), ("", "unnamed"), ("a.b::c", "a_b_c"), ("7up", "n7up"), ("_start", "start"), ("é\0", "unnamed")]
        {
            assert_eq!(identifier(name), expected);
        }
        assert_eq!(camel("sql_wasm"), "SqlWasm");
    }

    #[test]
    fn no_two_items_share_a_name() {
        let mut namer = Namer::new(is_rust_keyword);
        let names: Vec<String> = ["a", "a", "a_2", "loop", "a"].iter().map(|name| namer.claim(name)).collect();
        assert_eq!(names, ["a", "a_2", "a_2_2", "loop_2", "a_3"]);
        assert_eq!(namer.claim_with("b", &["_mut"]), "b");
        assert_eq!(namer.claim("b_mut"), "b_mut_2");
    }

    #[test]
    fn c_keeps_its_names() {
        assert!(["static_assert", "int32_t", "UINT8_MAX", "size_t", "saggar_completion"].iter().all(|name| is_c_reserved(name)));
        assert!(["skill_add", "int_add", "str_t"].iter().all(|name| !is_c_reserved(name)));
    }

    #[test]
    fn comments_cannot_be_ended() {
        assert_eq!(printable("*/ int x; /*\n\\`"), "%2a%2f int x%3b %2f%2a%0a%5c%60");
    }
}

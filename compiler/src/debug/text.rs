//! The guest's names and paths, made safe to write and to print.
//!
//! They reach terminals through debuggers, so what would move a cursor is replaced; and they end up in strings that end at a zero.

/// The longest name or path that is kept, in characters.
const LONGEST: usize = 1024;

/// A path or a name as it is, but for control characters and bytes that are no UTF-8.
pub(crate) fn path(bytes: &[u8]) -> String {
    // A character has at most four bytes.
    let bytes = bytes.get(..LONGEST * 4).unwrap_or(bytes);
    String::from_utf8_lossy(bytes).chars().take(LONGEST).map(printable).collect()
}

/// A function's name for people: a Rust symbol as the path that it stands for, anything else as it is.
pub(crate) fn function(name: &str) -> String {
    let short = name.len() <= LONGEST;
    match rustc_demangle::try_demangle(name) {
        Ok(demangled) if short => {
            let mut out = Capped(String::new());
            // Stops with an error where the name is too long; what is there by then is the name.
            let _ = std::fmt::Write::write_fmt(&mut out, format_args!("{demangled:#}"));
            out.0
        }
        _ => path(name.as_bytes()),
    }
}

fn printable(letter: char) -> char {
    // Marks that reorder text are no control characters, but deceive in the same way.
    let reorders = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if letter.is_control() || reorders { '\u{fffd}' } else { letter }
}

/// A string that takes no more than so much: a compressed symbol can stand for gigabytes.
struct Capped(String);

impl std::fmt::Write for Capped {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for letter in text.chars() {
            if self.0.len() >= LONGEST {
                return Err(std::fmt::Error);
            }
            self.0.push(printable(letter));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, function, path};

    #[test]
    fn rust_symbols_become_paths() {
        assert_eq!(function("_ZN5skill6Filter4step17h3b2d4b1697dbc5c7E"), "skill::Filter::step");
        assert_eq!(function("_RNvNtNtCsgXGp5Oqx2Ny_4core9core_arch6wasm3211unreachable"), "core::core_arch::wasm32::unreachable");
        assert_eq!(function("memcpy"), "memcpy");
        assert_eq!(function("_ZN5skill"), "_ZN5skill");
    }

    #[test]
    fn nothing_moves_a_cursor() {
        assert_eq!(path(b"a\x1b[2Jb\0c\xff"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}");
        assert_eq!(function("a\u{202e}b"), "a\u{fffd}b");
    }

    #[test]
    fn names_have_an_end() {
        assert_eq!(path(&vec![b'a'; 1 << 20]).len(), LONGEST);
        // A tuple of two tuples of two tuples …, each a reference to the one before.
        let mut symbol = String::from("_RIC1aTuuE");
        for level in 0..30 {
            let back = if level == 0 { "B2_".to_string() } else { format!("B{}_", base62(6 + (level - 1) * 8)) };
            symbol.push_str(&format!("T{back}{back}E"));
        }
        symbol.push('E');
        assert!(function(&symbol).len() <= LONGEST.max(symbol.len()));
    }

    fn base62(mut number: usize) -> String {
        let digits = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let mut out = Vec::new();
        while number > 0 {
            out.insert(0, digits[number % 62]);
            number /= 62;
        }
        String::from_utf8(out).unwrap()
    }
}

//! The lines of an image, and what the story expects of them.

use saggar_abi::trap::Code;
use saggar_compiler::explain::Explanation;
use std::fmt;

/// A line as an image prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// `ok WHAT`: a check that held.
    Check(String),
    /// `value NAME NUMBER`.
    Value {
        /// Its name.
        name: String,
        /// The number.
        number: u64,
    },
    /// `trap MODULE WHAT CODE PC`: how a call ended.
    Trap {
        /// The module that was called.
        module: String,
        /// What was tried.
        what: String,
        /// Number of the trap's code.
        code: u32,
        /// The return address of the place that raised it.
        pc: u64,
    },
}

impl Line {
    /// Reads a line; `None` for any other, failed checks among them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Line> {
        let (kind, rest) = text.split_once(' ')?;
        let mut words = rest.split(' ').map(str::to_owned);
        let line = match kind {
            "ok" => return Some(Line::Check(rest.to_owned())),
            "value" => Line::Value { name: words.next()?, number: hex(&words.next()?)? },
            "trap" => Line::Trap {
                module: words.next()?,
                what: words.next()?,
                code: words.next()?.parse().ok()?,
                pc: hex(&words.next()?)?,
            },
            _ => return None,
        };
        words.next().is_none().then_some(line)
    }
}

fn hex(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Check(what) => write!(f, "ok {what}"),
            Line::Value { name, number } => write!(f, "value {name} {number:#x}"),
            Line::Trap { module, what, code, pc } => write!(f, "trap {module} {what} {code} {pc:#x}"),
        }
    }
}

/// What the story expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This very line.
    Line(Line),
    /// A trap, wherever the code is.
    Ending(Ending),
}

/// How a call must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The module that is called.
    pub module: &'static str,
    /// What is tried.
    pub what: &'static str,
    /// Why it ends.
    pub code: Code,
    /// The function in which it must end, where that is certain.
    pub function: Option<&'static str>,
    /// The operator at which it must end, where that is certain.
    pub operator: Option<&'static str>,
    /// The offset in the module, where that is certain.
    pub wasm_offset: Option<u32>,
}

impl Ending {
    /// What is wrong with a place; `None` where it is the right one.
    #[must_use]
    pub fn complaint(&self, place: &Explanation) -> Option<String> {
        let mut wrong = Vec::new();
        if place.module != self.module {
            wrong.push(format!("in the module {}", place.module));
        }
        if self.function.is_some() && place.name.as_deref() != self.function {
            wrong.push(format!("in {} and not in {}", place.name.as_deref().unwrap_or("?"), self.function.unwrap_or("?")));
        }
        if self.operator.is_some() && place.operator.as_deref() != self.operator {
            wrong.push(format!("at {} and not at {}", place.operator.as_deref().unwrap_or("?"), self.operator.unwrap_or("?")));
        }
        if self.wasm_offset.is_some() && place.wasm_offset != self.wasm_offset {
            wrong.push(format!("at {:x?} and not at {:x?}", place.wasm_offset, self.wasm_offset));
        }
        (!wrong.is_empty()).then(|| wrong.join(", "))
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Line(line) => line.fmt(f),
            Expected::Ending(ending) => write!(f, "trap {} {} {} …", ending.module, ending.what, ending.code as u32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn lines_are_read_as_they_are_written() {
        for text in ["ok boot: all is well", "value frame.3 0x1f", "trap wave comment 2 0x20001a4"] {
            assert_eq!(Line::parse(text).map(|line| line.to_string()).as_deref(), Some(text));
        }
        for text in [
            "",
            "ok",
            "FAILED boot: all is well",
            "value frame.3",
            "value frame.3 31",
            "value a 0x1 0x2",
            "trap wave comment 2",
            "panic",
        ] {
            assert_eq!(Line::parse(text), None, "{text}");
        }
    }
}

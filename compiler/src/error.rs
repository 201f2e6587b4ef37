//! The one error type: what is wrong with the module or the request, and where.
//!
//! The library renders nothing beyond a sentence; the command line adds file names and colours.

use std::fmt;

/// Which kind of failure it is; command-line tools turn this into an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The module is malformed or does not validate.
    Invalid,
    /// The module is valid but uses something that this version does not compile.
    Unsupported,
    /// The module exceeds a limit; the message names the option that raises it, where there is one.
    Limit,
    /// The code generator could not compile what it was given.
    Backend,
    /// A defect of this compiler.
    Internal,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ErrorKind::Invalid => "invalid module",
            ErrorKind::Unsupported => "unsupported",
            ErrorKind::Limit => "limit exceeded",
            ErrorKind::Backend => "code generation failed",
            ErrorKind::Internal => "internal error",
        })
    }
}

/// An error of the compiler.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    place: Box<Place>,
}

#[derive(Clone, Debug, Default)]
struct Place {
    wasm_offset: Option<usize>,
    function: Option<String>,
    operator: Option<String>,
    help: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), place: Box::default() }
    }

    pub(crate) fn unsupported(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Unsupported, message)
    }

    pub(crate) fn limit(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Limit, message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Internal, message)
    }

    pub(crate) fn at(mut self, wasm_offset: usize) -> Error {
        self.place.wasm_offset.get_or_insert(wasm_offset);
        self
    }

    pub(crate) fn in_function(mut self, function: impl Into<String>) -> Error {
        if self.place.function.is_none() {
            self.place.function = Some(function.into());
        }
        self
    }

    pub(crate) fn in_operator(mut self, operator: impl Into<String>) -> Error {
        if self.place.operator.is_none() {
            self.place.operator = Some(operator.into());
        }
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Error {
        self.place.help = Some(help.into());
        self
    }

    /// Which kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Byte offset in the module.
    #[must_use]
    pub fn wasm_offset(&self) -> Option<usize> {
        self.place.wasm_offset
    }

    /// The function, by its name where the module has one: `"parse" (function 12)` or `function 12`.
    #[must_use]
    pub fn function(&self) -> Option<&str> {
        self.place.function.as_deref()
    }

    /// The operator, as the text format spells it.
    #[must_use]
    pub fn operator(&self) -> Option<&str> {
        self.place.operator.as_deref()
    }

    /// What to do about it.
    #[must_use]
    pub fn help_text(&self) -> Option<&str> {
        self.place.help.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)?;
        if let Some(operator) = self.operator() {
            write!(f, ", at `{operator}`")?;
        }
        if let Some(function) = self.function() {
            write!(f, ", in {function}")?;
        }
        if let Some(offset) = self.wasm_offset() {
            write!(f, ", at wasm offset {offset:#x}")?;
        }
        Ok(())
    }
}

impl From<wasmparser::BinaryReaderError> for Error {
    fn from(error: wasmparser::BinaryReaderError) -> Error {
        Error::new(ErrorKind::Invalid, error.message()).at(usize::try_from(error.offset()).unwrap_or(usize::MAX))
    }
}

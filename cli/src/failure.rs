//! What went wrong with a command, and the exit code that says so.

use saggar_compiler::ErrorKind;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// How a command ends; the numbers are documented in `--help` and never change meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exit {
    /// All is well.
    Ok,
    /// A check failed.
    Failed,
    /// The command line is wrong.
    Usage,
    /// The module is invalid.
    Invalid,
    /// The module uses what is not supported.
    Unsupported,
    /// A limit was exceeded.
    Limit,
    /// The code generator failed, or a defect of ours.
    Internal,
    /// A file or a tool failed.
    Io,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Invalid => 3,
            Exit::Unsupported => 4,
            Exit::Limit => 5,
            Exit::Internal => 6,
            Exit::Io => 7,
        }
    }

    /// What it is called in messages.
    pub fn phrase(self) -> &'static str {
        match self {
            Exit::Ok => "ok",
            Exit::Failed => "check failed",
            Exit::Usage => "wrong usage",
            Exit::Invalid => "invalid module",
            Exit::Unsupported => "unsupported",
            Exit::Limit => "limit exceeded",
            Exit::Internal => "internal error",
            Exit::Io => "file or tool failed",
        }
    }

    /// What a person can do next, where the error itself does not say.
    fn next_step(self) -> Option<&'static str> {
        match self {
            Exit::Invalid => Some("the module itself is at fault: rebuild it, or check the tool that wrote it"),
            Exit::Unsupported => Some("build the guest without this feature; `inspect` lists the features a module uses"),
            Exit::Internal => Some("this is a defect of the compiler, not of your module: please report it with the module"),
            Exit::Ok | Exit::Failed | Exit::Usage | Exit::Limit | Exit::Io => None,
        }
    }
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Exit {
        match kind {
            ErrorKind::Invalid => Exit::Invalid,
            ErrorKind::Unsupported => Exit::Unsupported,
            ErrorKind::Limit => Exit::Limit,
            ErrorKind::Backend | ErrorKind::Internal => Exit::Internal,
        }
    }
}

/// One failure, with all that is known about its place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    kind: Exit,
    message: String,
    // Apart, so that results stay small where all goes well.
    #[serde(flatten)]
    details: Box<Details>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Details {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    function: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    operator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    wasm_offset: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    help: Option<String>,
}

/// The result of everything a command does.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// A failure of a kind.
    pub fn new(kind: Exit, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), details: Box::default() }
    }

    /// Wrong usage that the flag parser cannot see.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::new(Exit::Usage, message)
    }

    /// A file operation that failed.
    pub fn io(doing: &str, path: &Path, error: &std::io::Error) -> Failure {
        Failure::new(Exit::Io, format!("cannot {doing}: {error}")).in_file(path)
    }

    /// Names the file, unless one is named already.
    pub fn in_file(mut self, path: &Path) -> Failure {
        self.details.file.get_or_insert_with(|| path.display().to_string());
        self
    }

    /// Says what to do about it, unless that is said already.
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.details.help.get_or_insert_with(|| help.into());
        self
    }

    /// The exit code to which it leads.
    pub fn exit(&self) -> Exit {
        self.kind
    }

    /// Everything but the help, in one line.
    pub fn line(&self) -> String {
        let mut line = self.to_string();
        if let Some(place) = self.place() {
            line = format!("{line}, {place}");
        }
        line
    }

    /// Where in the module it is.
    fn place(&self) -> Option<String> {
        let function = self.details.function.as_ref().map(|function| format!("in {function}"));
        let operator = self.details.operator.as_ref().map(|operator| format!("at `{operator}`"));
        let offset = self.details.wasm_offset.map(|offset| format!("at wasm offset {offset:#x}"));
        let parts: Vec<String> = [function, operator, offset].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// What to do about it.
    fn advice(&self) -> Option<String> {
        let help = self.details.help.as_deref().or_else(|| self.kind.next_step());
        help.map(crate::program::spell)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.details.file {
            write!(f, "{file}: ")?;
        }
        write!(f, "{}: {}", self.kind.phrase(), self.message)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        None
    }
}

impl From<&saggar_compiler::Error> for Failure {
    fn from(error: &saggar_compiler::Error) -> Failure {
        // Some messages of the parser are spread over lines.
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        let details = Details {
            file: None,
            function: error.function().map(str::to_owned),
            operator: error.operator().map(str::to_owned),
            wasm_offset: error.wasm_offset(),
            help: error.help_text().map(str::to_owned),
        };
        Failure { kind: error.kind().into(), message, details: Box::new(details) }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::new(Exit::Io, error.to_string())
    }
}

/// How `miette` sees it: the sentence, the place as its cause, the advice as help.
#[derive(Debug)]
pub(crate) struct Shown<'a>(&'a Failure, Option<Place>);

/// The place of a failure, as the cause that is shown beneath its sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Place(String);

impl<'a> Shown<'a> {
    /// Wraps a failure for rendering.
    pub(crate) fn new(failure: &'a Failure) -> Shown<'a> {
        Shown(failure, failure.place().map(Place))
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.0, f)
    }
}

impl std::error::Error for Shown<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_ref().map(|place| place as &(dyn std::error::Error + 'static))
    }
}

impl miette::Diagnostic for Shown<'_> {
    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.0.advice().map(|advice| Box::new(advice) as Box<dyn fmt::Display>)
    }
}

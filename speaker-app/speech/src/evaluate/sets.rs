//! The committed sentences, voices and grammar.

/// The grammar that has all commands of both sets, and many more.
pub const GRAMMAR: &str = include_str!("../../eval/commands.gram");

/// Voices and what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// espeak-ng voices that say every sentence.
    pub voices: Vec<&'static str>,
    /// Sentences of [`GRAMMAR`].
    pub commands: Vec<&'static str>,
    /// Sentences that [`GRAMMAR`] does not have: a language and the text. `None` is English by the set's voices.
    pub foreign: Vec<(Option<&'static str>, &'static str)>,
}

impl Set {
    /// The set to work with.
    #[must_use]
    pub fn work() -> Self {
        Self::parse(include_str!("../../eval/work.txt"))
    }

    /// The set to report.
    #[must_use]
    pub fn report() -> Self {
        Self::parse(include_str!("../../eval/report.txt"))
    }

    fn parse(text: &'static str) -> Self {
        let mut set = Self { voices: Vec::new(), commands: Vec::new(), foreign: Vec::new() };
        let mut section = "";
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match (section, line) {
                (_, "[voices]" | "[commands]" | "[foreign]") => section = line,
                ("[voices]", voice) => set.voices.push(voice),
                ("[commands]", command) => set.commands.push(command),
                (_, foreign) => set.foreign.push(match foreign.split_once(": ") {
                    Some((language, text)) => (Some(language), text),
                    None => (None, foreign),
                }),
            }
        }
        set
    }
}

//! Names of skills: one that is a crate's, a file's, a C and a JavaScript identifier, and speakable.

use saggar::failure::{Failure, Outcome};

/// Nobody says more than that to a speaker.
const LONGEST: usize = 32;

/// Names that mean something else to Cargo, to Rust or to the folder of the skills.
const RESERVED: [&str; 24] = [
    // Folders among the skills that are no skills.
    "as",
    "c",
    "check",
    "sdk",
    "target",
    "template", // Crates and folders of Cargo's.
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "proc_macro",
    "std",
    "test",
    // As types they would hide what the template uses.
    "intent",
    "option",
    "reply",
    "self",
    "sink",
    "skill",
    "text",
    "event",
    "saggar_skill",
];

/// Rust's keywords; Cargo refuses them as names of crates.
const KEYWORDS: &str = " abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if \
    impl in let loop macro match mod move mut override priv pub ref return self static struct super trait true try type typeof unsafe \
    unsized use virtual where while yield ";

/// A skill's name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Name {
    /// Judges a name.
    pub(super) fn parse(text: &str) -> Outcome<Name> {
        match fault(text) {
            None => Ok(Name(text.to_owned())),
            Some(fault) => Err(Failure::usage(format!("`{text}` cannot be a skill's name: {fault}"))
                .help(format!("for example `{}`", suggestion(text)))),
        }
    }

    /// `coffee_maker`
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// `CoffeeMaker`
    pub(super) fn as_type(&self) -> String {
        let words = self.0.split('_');
        let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
        words.map(capital).collect()
    }

    /// `coffee maker`. Digits are words of their own: `route66` is spoken "route 66".
    pub(super) fn spoken(&self) -> String {
        let mut spoken = String::new();
        let mut before = ' ';
        for c in self.0.chars().map(|c| if c == '_' { ' ' } else { c }) {
            if c != ' ' && before != ' ' && c.is_ascii_digit() != before.is_ascii_digit() {
                spoken.push(' ');
            }
            spoken.push(c);
            before = c;
        }
        spoken
    }
}

/// What is wrong with a name.
fn fault(text: &str) -> Option<String> {
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let bad = text.chars().find(|&c| !valid(c));
    Some(match bad {
        Some(bad) => format!("it has `{bad}` in it, and only small letters, digits and underscores may be"),
        None if text.is_empty() => "it is empty".to_owned(),
        None if !text.starts_with(|c: char| c.is_ascii_lowercase()) => "it begins with no letter".to_owned(),
        None if text.ends_with('_') || text.contains("__") => "underscores only stand between words".to_owned(),
        None if text.len() > LONGEST => format!("it is longer than {LONGEST} letters"),
        None if RESERVED.contains(&text) || KEYWORDS.contains(&format!(" {text} ")) => {
            "that word is taken, by Rust, by Cargo or among the skills".to_owned()
        }
        None => return None,
    })
}

/// A name like this one that would do, or else one that always does.
fn suggestion(text: &str) -> String {
    let plain: String = text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let words: Vec<&str> = plain.split('_').filter(|word| !word.is_empty()).collect();
    let name: String = words.join("_").chars().skip_while(|&c| c.is_ascii_digit() || c == '_').take(LONGEST).collect();
    let name = name.trim_end_matches('_').to_owned();
    let candidates = [name.clone(), format!("my_{name}")];
    candidates.into_iter().find(|name| fault(name).is_none()).unwrap_or_else(|| "coffee_maker".to_owned())
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn good_names() {
        let name = Name::parse("coffee_maker2").unwrap();
        assert_eq!(
            (name.as_str(), name.as_type().as_str(), name.spoken().as_str()),
            ("coffee_maker2", "CoffeeMaker2", "coffee maker 2")
        );
        assert_eq!(Name::parse("x").unwrap().as_type(), "X");
        assert_eq!(Name::parse("route_66").unwrap().as_type(), "Route66");
    }

    #[test]
    fn bad_names_are_refused_with_a_better_one() {
        for (bad, better) in [
            ("", "coffee_maker"),
            ("Coffee-Maker", "coffee_maker"),
            ("2cool", "cool"),
            ("tea_", "tea"),
            ("a__b", "a_b"),
            ("größe", "gr_e"),
            ("../evil", "evil"),
            ("match", "my_match"),
            ("sdk", "my_sdk"),
            ("test", "my_test"),
            ("a name with a very large number of letters", "a_name_with_a_very_large_number"),
        ] {
            let failure = Name::parse(bad).unwrap_err();
            let shown = format!("{failure:?}");
            assert!(shown.contains(&format!("`{better}`")), "{bad}: {shown}");
            assert_eq!(failure.exit(), saggar::failure::Exit::Usage);
        }
    }
}

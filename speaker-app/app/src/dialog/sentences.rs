//! The sentences: the product's, the skills' and the user's, parsed once for recogniser and matcher.

use crate::config::Speech;
use saggar_intents::{Builder, Dictionary, Grammar, Intents, Match, There};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// Why the sentences cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SentencesError {
    /// A file says something impossible.
    #[error(transparent)]
    Parse(#[from] saggar_intents::Error),
    /// A file or folder cannot be read.
    #[error("{}: {source}\n  help: `speech.sentences` names a folder with hassil's YAML files", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// The sentences.
pub(crate) struct Sentences {
    commands: Parsed,
    /// The same, and what is only said after a question.
    answers: Parsed,
    /// The wake word's words; empty where the recogniser does not know them.
    phrase: Vec<String>,
    /// Sentences that the recogniser cannot hear, and skills whose sentences are broken, in words.
    pub(crate) warnings: Vec<String>,
}

/// What may be said.
struct Parsed {
    intents: Intents,
    grammar: Grammar,
    /// The grammar for the recogniser: with the wake word, and what there is first.
    jsgf: String,
}

/// When something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// After the wake word.
    Woken,
    /// After a question.
    Asked,
}

impl Sentences {
    /// Reads and parses them all. Of skills: names, the intents that are theirs, and their own sentences.
    pub(crate) fn read<'a>(
        speech: &Speech,
        phrase: &str,
        skills: impl Iterator<Item = (&'a str, &'a [String], &'a str)>,
    ) -> Result<Sentences, SentencesError> {
        let mut files: Vec<Own> = Vec::new();
        if let Some(folder) = &speech.sentences {
            let failed = |source| SentencesError::Read { path: folder.clone(), source };
            let mut paths: Vec<PathBuf> = fs::read_dir(folder)
                .map_err(failed)?
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
                .collect();
            paths.sort();
            for path in paths {
                let text = fs::read_to_string(&path).map_err(|source| SentencesError::Read { path: path.clone(), source })?;
                files.push(Own { name: path.display().to_string(), text, of: None });
            }
        }
        let mut warnings = Vec::new();
        for (skill, intents, text) in skills.filter(|(.., text)| !text.is_empty()) {
            // What a stranger has written must neither break the others' sentences nor speak in their name.
            files.push(Own { name: format!("{skill}/intents.en.yaml"), text: text.to_owned(), of: Some(intents.to_vec()) });
            if let Err(error) = builder(When::Asked, &files).and_then(Builder::build) {
                files.pop();
                warnings.push(format!("the {skill} skill's own sentences are left out: {error}"));
            }
        }
        // Without a dictionary the recogniser is missing too, which is told elsewhere.
        let dictionary = fs::read_to_string(speech.model_folder.join("cmudict-en-us.dict")).unwrap_or_default();
        let dictionary = Dictionary::from_cmu(&dictionary);
        let words: Vec<String> = phrase.split_whitespace().map(str::to_lowercase).collect();
        let known = words.iter().all(|word| dictionary.contains(word));
        let phrase = if known { words } else { Vec::new() };
        let dictionary = (!dictionary.is_empty()).then_some(dictionary);
        let mut parse = |when: When| -> Result<Parsed, SentencesError> {
            let intents = builder(when, &files)?.build()?;
            let grammar = intents.jsgf(dictionary.as_ref());
            if when == When::Woken {
                // What the product's own sentences lack is known; what the user's and the skills' lack is news.
                let known = Builder::new().english()?.build()?.jsgf(dictionary.as_ref()).warnings;
                let news = grammar.warnings.iter().filter(|warning| !known.contains(warning));
                warnings.extend(news.map(|warning| format!("a sentence cannot be heard: {warning}")));
            }
            Ok(Parsed { intents, grammar, jsgf: String::new() })
        };
        let (answers, commands) = (parse(When::Asked)?, parse(When::Woken)?);
        let mut sentences = Sentences { commands, answers, phrase, warnings };
        sentences.expect(&There::new());
        Ok(sentences)
    }

    /// Lets the grammar expect what there is of lists rather than the rest of them.
    pub(crate) fn expect(&mut self, there: &There) {
        self.commands.jsgf = with_phrase(&self.commands.grammar.expecting(there), &self.phrase);
        self.answers.jsgf = with_phrase(&self.answers.grammar.expecting(there), &[]);
    }

    /// The grammar for a recogniser elsewhere, of which nobody knows what there is.
    pub(crate) fn anywhere(&self) -> String {
        with_phrase(&self.commands.grammar.text, &self.phrase)
    }

    /// The values of a list that can be said.
    pub(crate) fn values(&self, list: &str) -> BTreeSet<&str> {
        self.commands.grammar.values(list)
    }

    /// The wake word's words; none where the recogniser does not know them.
    pub(crate) fn phrase(&self) -> &[String] {
        &self.phrase
    }

    /// The intents that there are.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.commands.intents.names()
    }

    /// A recognised text without the wake word at its beginning.
    pub(crate) fn without_phrase<'a>(&self, text: &'a str) -> &'a str {
        let mut rest = text.trim();
        for word in &self.phrase {
            match rest.strip_prefix(word.as_str()) {
                Some(after) if after.is_empty() || after.starts_with(' ') => rest = after.trim_start(),
                _ => return text.trim(),
            }
        }
        rest
    }

    fn of(&self, when: When) -> &Parsed {
        if when == When::Woken { &self.commands } else { &self.answers }
    }

    /// The grammar for the recogniser.
    pub(crate) fn jsgf(&self, when: When) -> &str {
        &self.of(when).jsgf
    }

    /// What a text means.
    pub(crate) fn recognise(&self, text: &str, when: When) -> Option<Match> {
        self.of(when).intents.recognise(text)
    }
}

/// A file of sentences.
struct Own {
    name: String,
    text: String,
    /// The intents that it may have sentences for; all, where it is the user's.
    of: Option<Vec<String>>,
}

/// The product's sentences and those of files.
fn builder(when: When, files: &[Own]) -> Result<Builder, saggar_intents::Error> {
    let builder = Builder::new().english()?;
    let builder = if when == When::Asked { builder.english_answers()? } else { builder };
    files.iter().try_fold(builder, |builder, file| match &file.of {
        None => builder.yaml(&file.name, &file.text),
        Some(intents) => builder.yaml_of(&file.name, &file.text, intents),
    })
}

/// The grammar, of which a sentence may also begin with the wake word, or be nothing else.
fn with_phrase(jsgf: &str, phrase: &[String]) -> String {
    if phrase.is_empty() {
        return jsgf.to_owned();
    }
    let phrase = phrase.join(" ");
    let mut text = String::with_capacity(jsgf.len() + 200);
    for line in jsgf.lines() {
        match line.strip_prefix("public <").and_then(|rest| rest.split_once('>')) {
            Some((name, rest)) => {
                text.push_str(&format!("<{name}>{rest}\npublic <heard> = [{phrase}] <{name}> | {phrase};"));
            }
            None => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Sentences, When, with_phrase};
    use crate::config::Speech;

    /// A skill's sentences are for its own intents; broken ones are left out, and those of others stay what they are.
    #[test]
    fn nobody_speaks_for_others() {
        let speech = Speech { model_folder: "/nowhere".into(), ..Speech::default() };
        let sentence = |intent: &str, more: &str| {
            format!("language: en\nintents:\n  {intent}:\n    data:\n      - sentences: [\"good night my house\"]\n{more}")
        };
        let own = ["Tea".to_owned()];
        let read = |text: &str| {
            let skills = [
                ("bad", &own[..], text),
                ("good", &own[..], "language: en\nintents:\n  Tea:\n    data:\n      - sentences: [\"make tea\"]\n"),
            ];
            let sentences = Sentences::read(&speech, "okay jarvis", skills.into_iter()).expect("the rest is good");
            assert_eq!(sentences.recognise("make tea", When::Woken).expect("the other's").intent, "Tea");
            assert_eq!(sentences.recognise("stop", When::Woken).expect("the product's").intent, "SaggarStop");
            (sentences.recognise("good night my house", When::Woken).map(|found| found.intent), sentences.warnings.join(" "))
        };
        assert_eq!(read(&sentence("Tea", "")), (Some("Tea".to_owned()), String::new()));
        for (text, part) in [
            (sentence("HassTurnOff", "        slots: { domain: lock, name: front door }\n"), "somebody else's"),
            (sentence("SaggarStop", ""), "somebody else's"),
            (sentence("Tea", "skip_words: [\"the\"]\n"), "skip_words"),
            (sentence("Tea", "lists:\n  area:\n    values: [\"moon\"]\n"), "others have a list"),
            ("[[[".to_owned(), "bad/intents.en.yaml"),
            (sentence("Tea", "").replace("good night", "(good night"), "no partner"),
        ] {
            let (meaning, warnings) = read(&text);
            assert_eq!(meaning, None, "{text}");
            assert!(warnings.contains("the bad skill's own sentences are left out") && warnings.contains(part), "{warnings}");
        }
    }

    #[test]
    fn the_phrase_may_come_first() {
        let jsgf = "#JSGF V1.0;\ngrammar g;\n<a> = b;\npublic <s> = <a> | c;";
        let phrase = ["okay".to_owned(), "jarvis".to_owned()];
        let expected = "#JSGF V1.0;\ngrammar g;\n<a> = b;\n<s> = <a> | c;\npublic <heard> = [okay jarvis] <s> | okay jarvis;\n";
        assert_eq!(with_phrase(jsgf, &phrase), expected);
        assert_eq!(with_phrase(jsgf, &[]), jsgf);
    }
}

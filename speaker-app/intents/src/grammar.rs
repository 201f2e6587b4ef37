//! The recogniser's grammar: JSGF, as PocketSphinx reads it.
//!
//! What cannot be said to the recogniser is left out, with a warning: a branch with a wildcard (a grammar has no "anything"),
//! and with a dictionary a branch with a word that is not in it, for PocketSphinx refuses the whole grammar otherwise. An
//! optional part is then missing, an alternative is one of fewer, and only a sentence of which no way is left is gone.
//!
//! Every list, rule and intent is a JSGF rule, defined before it is used. Skip words may come before and after.

use std::collections::{BTreeMap, HashMap};

use crate::dictionary::Dictionary;
use crate::model::{Intents, ListId, ListKind, Node, NodeId, Word};
use crate::{numbers, range, words};

/// A grammar for the recogniser.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Grammar {
    /// The text for `ps_set_jsgf_string`. Empty if not a single sentence can be said.
    pub text: String,
    /// What is not in it, and why.
    pub warnings: Vec<Warning>,
}

/// What the recogniser will not hear.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// A word without pronunciation.
    #[error("the recogniser does not know `{word}`; what needs it cannot be said ({uses} uses): add it to the dictionary")]
    UnknownWord {
        /// The word.
        word: String,
        /// How many words of templates and lists it is.
        uses: usize,
    },
    /// A list that matches anything.
    #[error("`{list}` is a wildcard, which can be typed but not said: give it values")]
    Wildcard {
        /// The list's name.
        list: String,
    },
    /// A sentence no way of which can be said.
    #[error("\"{template}\" of {intent} cannot be said")]
    Sentence {
        /// The intent's name.
        intent: String,
        /// The template.
        template: String,
    },
}

impl Intents {
    /// The grammar of all sentences. Without a dictionary every word is taken to be known.
    #[must_use]
    pub fn jsgf(&self, dictionary: Option<&Dictionary>) -> Grammar {
        self.jsgf_of(dictionary, |_| true)
    }

    /// The grammar of the intents whose names are chosen: after a question, only its answers.
    #[must_use]
    pub fn jsgf_of(&self, dictionary: Option<&Dictionary>, chosen: impl Fn(&str) -> bool) -> Grammar {
        let mut writer = Writer::new(self, dictionary);
        let mut by_intent: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for sentence in &self.sentences {
            let intent = self.data[sentence.data].intent;
            if !chosen(&self.names[intent]) {
                continue;
            }
            match writer.node(sentence.root).filter(|said| !said.is_empty()) {
                Some(said) => by_intent.entry(intent).or_default().push(said),
                None => writer
                    .warnings
                    .push(Warning::Sentence { intent: self.names[intent].clone(), template: sentence.template.clone() }),
            }
        }
        writer.finish(by_intent)
    }
}

/// The grammar of all sentences; see [`Intents::jsgf`].
#[must_use]
pub fn jsgf(intents: &Intents, dictionary: Option<&Dictionary>) -> Grammar {
    intents.jsgf(dictionary)
}

/// What is said for a node: nothing if it cannot be said, an empty text if it is silence.
type Said = Option<String>;

struct Writer<'a> {
    intents: &'a Intents,
    dictionary: Option<&'a Dictionary>,
    rules: String,
    /// The names of rules that were written, or that they cannot be said.
    nodes: HashMap<NodeId, Said>,
    lists: HashMap<ListId, Said>,
    has_numbers: bool,
    unknown: BTreeMap<String, usize>,
    warnings: Vec<Warning>,
}

impl<'a> Writer<'a> {
    fn new(intents: &'a Intents, dictionary: Option<&'a Dictionary>) -> Self {
        Self {
            intents,
            dictionary,
            rules: String::new(),
            nodes: HashMap::new(),
            lists: HashMap::new(),
            has_numbers: false,
            unknown: BTreeMap::new(),
            warnings: Vec::new(),
        }
    }

    /// Writes a rule and returns the reference to it.
    fn rule(&mut self, name: &str, body: &str) -> String {
        self.rules.push_str(&format!("<{name}> = {body};\n"));
        format!("<{name}>")
    }

    fn node(&mut self, id: NodeId) -> Said {
        let intents = self.intents;
        match intents.node(id) {
            Node::Word(word) => self.word(word),
            Node::Seq(items) => {
                let said = items.iter().map(|&item| self.node(item).map(|said| bracketed(&said, intents.node(item))));
                let said = said.collect::<Option<Vec<_>>>()?;
                Some(said.into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(" "))
            }
            Node::Alt(items) => {
                let mut said: Vec<String> = items.iter().filter_map(|&item| self.node(item)).collect();
                let count = said.len();
                said.retain(|said| !said.is_empty());
                let optional = said.len() < count;
                let all = said.join(" | ");
                match (all.is_empty(), optional) {
                    (true, false) => None,
                    (true, true) => Some(String::new()),
                    (false, true) => Some(format!("[{all}]")),
                    (false, false) => Some(all),
                }
            }
            Node::Slot { list, .. } => self.list(*list),
            Node::Rule { name, body, .. } => {
                if let Some(said) = self.nodes.get(&id) {
                    return said.clone();
                }
                let said = self.node(*body);
                let said = match said {
                    Some(body) if !body.is_empty() => Some(self.rule(&format!("r{}_{}", id.0, escaped(name)), &body)),
                    other => other,
                };
                self.nodes.insert(id, said.clone());
                said
            }
        }
    }

    fn list(&mut self, id: ListId) -> Said {
        if let Some(said) = self.lists.get(&id) {
            return said.clone();
        }
        let list = self.intents.list(id);
        let body = match &list.kind {
            ListKind::Values(values) => {
                let said: Vec<String> = values.iter().filter_map(|value| self.node(value.node)).collect();
                // The same word may mean two things to the matcher; to the recogniser it is one.
                let mut seen = std::collections::HashSet::new();
                let said: Vec<String> = said.into_iter().filter(|said| seen.insert(said.clone())).collect();
                (!said.is_empty()).then(|| said.join(" | "))
            }
            ListKind::Range(numbers) => {
                self.has_numbers = true;
                Some(range::of(*numbers))
            }
            ListKind::Wildcard => {
                self.warnings.push(Warning::Wildcard { list: list.name.clone() });
                None
            }
        };
        let said = body.map(|body| self.rule(&format!("l{}_{}", id.0, escaped(&list.name)), &body));
        self.lists.insert(id, said.clone());
        said
    }

    /// A word, as the dictionary spells it.
    fn word(&mut self, word: &Word) -> Said {
        if let Some(number) = word.text.parse().ok().filter(|_| word.text.bytes().all(|byte| byte.is_ascii_digit())) {
            return numbers::words_of(number).or_else(|| self.is_unknown(&word.text));
        }
        self.spelled(&[&word.spelling, &word.text])
    }

    /// The first spelling that the dictionary has; without one, the plain word.
    fn spelled(&mut self, spellings: &[&str]) -> Said {
        let plain = *spellings.last()?;
        let Some(dictionary) = self.dictionary else { return Some(safe(plain)) };
        match spellings.iter().find(|spelling| dictionary.contains(spelling)) {
            Some(spelling) if safe(spelling) == **spelling => Some((*spelling).to_owned()),
            _ => self.is_unknown(plain),
        }
    }

    fn is_unknown(&mut self, word: &str) -> Said {
        *self.unknown.entry(word.to_owned()).or_default() += 1;
        None
    }

    /// The skip words, as alternatives.
    fn skip_words(&mut self) -> Vec<String> {
        let phrases = self.intents.skip_words.clone();
        let said = phrases.iter().filter_map(|phrase| {
            let said = words::tokens(phrase).iter().map(|token| self.spelled(&[&token.text])).collect::<Option<Vec<_>>>()?;
            Some(said.join(" ")).filter(|said| !said.is_empty())
        });
        said.collect()
    }

    fn finish(mut self, by_intent: BTreeMap<usize, Vec<String>>) -> Grammar {
        let mut names = Vec::new();
        for (intent, sentences) in by_intent {
            let name = format!("i{intent}_{}", escaped(&self.intents.names[intent]));
            names.push(self.rule(&name, &sentences.join("\n  | ")));
        }
        let skips = self.skip_words();
        let unknown = std::mem::take(&mut self.unknown);
        self.warnings.extend(unknown.into_iter().map(|(word, uses)| Warning::UnknownWord { word, uses }));
        if names.is_empty() {
            return Grammar { text: String::new(), warnings: self.warnings };
        }
        let mut command = format!("({})", names.join(" | "));
        if !skips.is_empty() {
            let skip = self.rule("skip", &skips.join(" | "));
            command = format!("[{skip}] {command} [{skip}]");
        }
        let numbers = if self.has_numbers { range::RULES } else { "" };
        let text = format!("#JSGF V1.0;\ngrammar intents;\n{numbers}{}public <command> = {command};\n", self.rules);
        Grammar { text, warnings: self.warnings }
    }
}

/// Alternatives within a sequence need brackets.
fn bracketed(said: &str, node: &Node) -> String {
    let whole = said.starts_with('[') || said.is_empty();
    if matches!(node, Node::Alt(_)) && !whole { format!("({said})") } else { said.to_owned() }
}

/// A name as part of a JSGF rule's name; the number before it keeps names apart that become the same.
fn escaped(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// A word without what JSGF would read as syntax. [`words::tokens`] leaves none; a spelling may have some.
fn safe(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric() || matches!(c, '\'' | '.' | '-')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intents(sentence: &str) -> Intents {
        let yaml = format!(
            "language: en\nintents: {{T: {{data: [{{sentences: [\"{sentence}\"]}}]}}}}\nskip_words: [please]\n\
             lists: {{n: {{range: {{from: 0, to: 100}}}}, any: {{wildcard: true}}, room: {{values: [hall, big room]}}}}\n\
             expansion_rules: {{on: '(turn|switch) on'}}"
        );
        Intents::from_yaml("t", &yaml).unwrap_or_else(|error| panic!("{error}"))
    }

    fn rule(sentence: &str, dictionary: Option<&Dictionary>) -> String {
        let grammar = intents(sentence).jsgf(dictionary);
        let line = grammar.text.lines().find(|line| line.starts_with("<i0_T> = "));
        line.unwrap_or_default().trim_start_matches("<i0_T> = ").to_owned()
    }

    #[test]
    fn structure() {
        assert_eq!(rule("turn [the] light[s] (on|off)", None), "turn [the] (lights | light) (on | off);");
        assert!(rule("<on> the {room} to {n}", None).contains("_on> the <l"));
        assert_eq!(rule("wait 25 o'clock", None), "wait twenty five o'clock;");
        let text = intents("in the {room}").jsgf(None).text;
        assert!(text.contains("_room> = hall | big room;\n"), "{text}");
        assert!(text.ends_with("public <command> = [<skip>] (<i0_T>) [<skip>];\n"), "{text}");
    }

    #[test]
    fn what_cannot_be_said() {
        let known: Dictionary = ["turn", "on", "light", "please", "a.m."].iter().collect();
        assert_eq!(rule("turn [blorb] on (light|blorb)", Some(&known)), "turn on (light);");
        assert_eq!(rule("on a.m.", Some(&known)), "on a.m.;");
        let grammar = intents("turn on blorb").jsgf(Some(&known));
        assert_eq!(grammar.text, "");
        assert!(grammar.warnings.contains(&Warning::UnknownWord { word: "blorb".into(), uses: 1 }));
        let grammar = intents("turn on {any}").jsgf(None);
        assert!(matches!(&grammar.warnings[..], [Warning::Wildcard { .. }, Warning::Sentence { .. }]));
    }

    #[test]
    fn a_choice_of_intents() {
        let yaml = "language: en\nintents: {A: {data: [{sentences: [yes]}]}, B: {data: [{sentences: ['no']}]}}";
        let intents = Intents::from_yaml("t", yaml).unwrap();
        let grammar = intents.jsgf_of(None, |name| name == "B");
        assert!(!grammar.text.contains("yes") && grammar.text.contains("<i1_B> = no;"));
    }
}

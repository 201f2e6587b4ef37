//! The recogniser's grammar: JSGF, as PocketSphinx reads it.
//!
//! What cannot be said to the recogniser is left out, with a warning: a branch with a wildcard (a grammar has no "anything"),
//! and with a dictionary a branch with a word that is not in it, for PocketSphinx refuses the whole grammar otherwise. An
//! optional part is then missing, an alternative is one of fewer, and only a sentence of which no way is left is gone.
//!
//! Every list, rule and intent is a JSGF rule, defined before it is used; one of which only a part may follow an article has a second rule for
//! that part ([`crate::articles`]). Skip words may come before and after.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::articles::{First, Said};
use crate::dictionary::{Dictionary, Sound};
use crate::expected::ListRule;
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
    /// The rules for values of lists ([`Grammar::expecting`]).
    pub(crate) lists: Vec<ListRule>,
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
            let said = writer.node(sentence.root, First::Any).alternatives();
            if said.is_empty() {
                let (intent, template) = (self.names[intent].clone(), sentence.template.clone());
                writer.warnings.push(Warning::Sentence { intent, template });
            } else {
                by_intent.entry(intent).or_default().push(said);
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

/// So many parts behind an article at most depend on it; where more may be silent, anything may follow.
const MOST_PARTS: usize = 4;
/// Bytes of what depends on an article at most.
const MOST_COPIED: usize = 2_000;

struct Writer<'a> {
    intents: &'a Intents,
    dictionary: Option<&'a Dictionary>,
    rules: String,
    /// What was written already.
    nodes: HashMap<(NodeId, First), Said>,
    lists: HashMap<(ListId, First), Said>,
    list_rules: Vec<ListRule>,
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
            list_rules: Vec::new(),
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

    /// What is said for a node that begins in this way. Whoever asks for a sound has asked for anything before, so that what is unknown is counted
    /// once.
    fn node(&mut self, id: NodeId, first: First) -> Said {
        if let Some(said) = self.nodes.get(&(id, first)) {
            return said.clone();
        }
        let intents = self.intents;
        let said = match intents.node(id) {
            Node::Word(word) => self.word(word, first),
            Node::Seq(items) => self.sequence(items, first),
            Node::Alt(items) => items.iter().fold(Said::default(), |all, &item| all.or(self.node(item, first))),
            Node::Slot { list, .. } => self.list(*list, first),
            Node::Rule { name, body, .. } => {
                let said = self.node(*body, first);
                self.named(format!("r{}_{}{}", id.0, escaped(name), first.suffix()), said)
            }
        };
        self.nodes.insert((id, first), said.clone());
        said
    }

    /// One after the other.
    fn sequence(&mut self, items: &[NodeId], first: First) -> Said {
        let Some((&head, rest)) = items.split_first() else { return Said::SILENCE };
        let said = self.node(head, first);
        if !said.has_article() && (first == First::Any || !said.silence) {
            let rest = self.sequence(rest, First::Any);
            return said.then(rest);
        }
        // What follows depends on how this ends, up to the first part that is surely said; behind that all is the same.
        let surely = rest.iter().position(|&item| {
            let said = self.node(item, First::Any);
            !said.silence && !said.has_article()
        });
        let (near, far) = rest.split_at(surely.map_or(rest.len(), |at| at + 1));
        // Each way has a copy of its own of what is near; strangers write templates, too.
        let any = (near.len() <= MOST_PARTS).then(|| self.sequence(near, First::Any));
        let Some(any) = any.filter(|any| any.alternatives().len() <= MOST_COPIED) else {
            let rest = self.sequence(rest, First::Any);
            return said.then(rest);
        };
        let Said { a, an, other, silence } = said;
        let ways = [
            (Said { a, ..Said::default() }, First::With(Sound::Consonant)),
            (Said { an, ..Said::default() }, First::With(Sound::Vowel)),
            (Said { silence, ..Said::default() }, first),
        ];
        let mut said = Said { other, ..Said::default() }.then(any);
        for (way, first) in ways {
            if !way.is_nothing() {
                said = said.or(way.then(self.sequence(near, first)));
            }
        }
        let far = self.sequence(far, First::Any);
        said.then(far)
    }

    /// The same, by the name of a rule.
    fn named(&mut self, name: String, mut said: Said) -> Said {
        if !said.other.is_empty() {
            let body = said.other.join(" | ");
            said.other = vec![self.rule(&name, &body)];
        }
        said
    }

    fn list(&mut self, id: ListId, first: First) -> Said {
        if let Some(said) = self.lists.get(&(id, first)) {
            return said.clone();
        }
        let list = self.intents.list(id);
        let said = match &list.kind {
            ListKind::Values(values) => {
                let mut all = Said::default();
                let (mut ways, mut seen) = (Vec::new(), HashSet::new());
                for value in values {
                    let mut said = self.node(value.node, first);
                    // The same word may mean two things to the matcher; to the recogniser it is one.
                    said.other.retain(|said| seen.insert(said.clone()));
                    let means = |way: &String| (way.clone(), value.out.as_ref().map_or_else(|| way.clone(), ToString::to_string));
                    ways.extend(said.other.iter().map(means));
                    all = all.or(said);
                }
                self.list_rules.push(ListRule { name: list_rule(id, &list.name, first), list: list.name.clone(), ways });
                all
            }
            ListKind::Range(_) | ListKind::Wildcard if first != First::Any => return self.list(id, First::Any),
            ListKind::Range(numbers) => {
                self.has_numbers = true;
                Said { other: vec![range::of(*numbers)], ..Said::default() }
            }
            ListKind::Wildcard => {
                self.warnings.push(Warning::Wildcard { list: list.name.clone() });
                Said::default()
            }
        };
        let said = self.named(list_rule(id, &list.name, first), said);
        self.lists.insert((id, first), said.clone());
        said
    }

    /// A word, as the dictionary spells it.
    fn word(&mut self, word: &Word, first: First) -> Said {
        let number = word.text.parse().ok().filter(|_| word.text.bytes().all(|byte| byte.is_ascii_digit()));
        let spelled = match number {
            Some(number) => numbers::words_of(number),
            None => self.spelled(&[&word.spelling, &word.text]),
        };
        let Some(text) = spelled else {
            if first == First::Any {
                *self.unknown.entry(word.text.clone()).or_default() += 1;
            }
            return Said::default();
        };
        let begins = text.split(' ').next().unwrap_or_default();
        let sound = self.dictionary.and_then(|dictionary| dictionary.sound(begins));
        if first.allows(sound) { Said::words(text) } else { Said::default() }
    }

    /// The first spelling that the dictionary has; without one, the plain word.
    fn spelled(&self, spellings: &[&str]) -> Option<String> {
        let plain = *spellings.last()?;
        let Some(dictionary) = self.dictionary else { return Some(safe(plain)) };
        let spelling = spellings.iter().find(|spelling| dictionary.contains(spelling))?;
        (safe(spelling) == **spelling).then(|| (*spelling).to_owned())
    }

    /// The skip words, as alternatives.
    fn skip_words(&mut self) -> Vec<String> {
        let phrases = self.intents.skip_words.clone();
        let mut said = Vec::new();
        for phrase in &phrases {
            let words = words::tokens(phrase).into_iter().map(|token| self.spelled(&[&token.text]).ok_or(token.text));
            match words.collect::<Result<Vec<_>, _>>() {
                Ok(words) if words.is_empty() => {}
                Ok(words) => said.push(words.join(" ")),
                Err(unknown) => *self.unknown.entry(unknown).or_default() += 1,
            }
        }
        said
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
            return Grammar { text: String::new(), warnings: self.warnings, lists: Vec::new() };
        }
        let mut command = format!("({})", names.join(" | "));
        if !skips.is_empty() {
            let skip = self.rule("skip", &skips.join(" | "));
            command = format!("[{skip}] {command} [{skip}]");
        }
        let numbers = if self.has_numbers { range::RULES } else { "" };
        let text = format!("#JSGF V1.0;\ngrammar intents;\n{numbers}{}public <command> = {command};\n", self.rules);
        Grammar { text, warnings: self.warnings, lists: self.list_rules }
    }
}

/// The name of the rule for a list's values that begin in this way.
fn list_rule(id: ListId, list: &str, first: First) -> String {
    format!("l{}_{}{}", id.0, escaped(list), first.suffix())
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
        assert_eq!(rule("turn [blorb] on (light|blorb)", Some(&known)), "turn on light;");
        assert_eq!(rule("on a.m.", Some(&known)), "on a.m.;");
        let grammar = intents("turn on blorb").jsgf(Some(&known));
        assert_eq!(grammar.text, "");
        assert!(grammar.warnings.contains(&Warning::UnknownWord { word: "blorb".into(), uses: 1 }));
        let grammar = intents("turn on {any}").jsgf(None);
        assert!(matches!(&grammar.warnings[..], [Warning::Wildcard { .. }, Warning::Sentence { .. }]));
    }

    #[test]
    fn articles_agree_with_what_follows() {
        let known = Dictionary::from_cmu("put P\na AH\nan AE\nthe DH\nhall HH\nhour AW\nbig B\nroom R\nred R\nin IH\nold OW\n");
        assert_eq!(rule("put (a|an|the) hour", Some(&known)), "put (the hour | an hour);");
        let sentence = "put [(a|an|the)] [(red|old)] {room} in [a] hall";
        let text = intents(sentence).jsgf(Some(&known)).text;
        let room =
            |suffix: &str| text.lines().find_map(|line| line.split_once(&format!("_room{suffix}> = "))?.1.strip_suffix(';'));
        assert_eq!((room(""), room("_c"), room("_v")), (Some("hall | big room"), Some("hall | big room"), None), "{text}");
        let rule = text.lines().find_map(|line| line.strip_prefix("<i0_T> = ")).unwrap_or_default().replace("l2_", "");
        assert_eq!(
            rule,
            "put (the [red | old] <room> | a (red <room> | <room_c>) | an old <room> | [red | old] <room>) in (a hall | hall);"
        );
    }

    #[test]
    fn many_articles_do_not_multiply() {
        let known = Dictionary::from_cmu("hall HH\na AH\nan AE\n");
        let row = format!("{} hall", "[(a|an)] ".repeat(200));
        assert!(intents(&row).jsgf(Some(&known)).text.len() < 20_000);
        let nested = format!("{}hall{}", "(a|an) [".repeat(12), "]".repeat(12));
        assert!(intents(&format!("{nested} hall")).jsgf(Some(&known)).text.len() < 100_000);
    }

    #[test]
    fn a_choice_of_intents() {
        let yaml = "language: en\nintents: {A: {data: [{sentences: [yes]}]}, B: {data: [{sentences: ['no']}]}}";
        let intents = Intents::from_yaml("t", yaml).unwrap();
        let grammar = intents.jsgf_of(None, |name| name == "B");
        assert!(!grammar.text.contains("yes") && grammar.text.contains("<i1_B> = no;"));
    }
}

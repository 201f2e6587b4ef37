//! Files, and lists that only the running program knows → [`Intents`].
//!
//! Several files make one whole, as Home Assistant's do: intents and lists of the same name are joined in the order in which
//! they were added; a rule may only come twice if it is the same. Compiling a template is [`crate::compile`].

use std::collections::HashMap;

use crate::compile::{Body, Compiler, Local};
use crate::error::{Error, ErrorKind, Place};
use crate::model::{Data, Intents, Sentence};
use crate::value::Value;
use crate::words;
use crate::yaml::{self, Document, ListValue};

/// Collects what [`Intents`] are made of.
#[derive(Debug, Default)]
pub struct Builder {
    documents: Vec<(String, Document)>,
    lists: Vec<(String, Vec<(String, Value)>)>,
}

impl Builder {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; `file` is its name in errors.
    ///
    /// # Errors
    ///
    /// The text is not YAML, or not of this form.
    pub fn yaml(mut self, file: &str, text: &str) -> Result<Self, Error> {
        self.documents.push((file.to_owned(), yaml::read(file, text)?));
        Ok(self)
    }

    /// Adds a file of somebody who may only say how `intents` are said: no other intents, no words that are left out everywhere, and no lists
    /// and rules that others have.
    ///
    /// # Errors
    ///
    /// As [`Builder::yaml`], and where it has anything else.
    pub fn yaml_of(self, file: &str, text: &str, intents: &[String]) -> Result<Self, Error> {
        let document = yaml::read(file, text)?;
        let others = || self.documents.iter().map(|(_, document)| document);
        let fail = |owner: Option<String>, why: &str| {
            let place = Place { file: file.to_owned(), owner, ..Place::default() };
            Err(Error::new(ErrorKind::NotYours(why.to_owned()), place))
        };
        if let Some((name, _)) = document.intents.0.iter().find(|(name, _)| !intents.contains(name)) {
            return fail(
                Some(format!("intent {name}")),
                "this intent is somebody else's; list it as your own, or leave its sentences out",
            );
        }
        if let Some((name, _)) =
            document.lists.0.iter().find(|(name, _)| others().any(|other| other.lists.0.iter().any(|(theirs, _)| theirs == name)))
        {
            return fail(Some(format!("list {name}")), "others have a list of this name; give yours another");
        }
        let rules = |other: &Document, name: &str| other.expansion_rules.0.iter().any(|(theirs, _)| theirs == name);
        if let Some((name, _)) = document.expansion_rules.0.iter().find(|(name, _)| others().any(|other| rules(other, name))) {
            return fail(Some(format!("rule {name}")), "others have a rule of this name; give yours another");
        }
        if !document.skip_words.is_empty() || document.settings.ignore_whitespace {
            return fail(None, "`skip_words` and `settings` hold for everybody's sentences; leave them out");
        }
        self.yaml(file, text)
    }

    /// Adds the product's own sentences, [`crate::ENGLISH`].
    ///
    /// # Errors
    ///
    /// None in a program that passed its tests.
    pub fn english(self) -> Result<Self, Error> {
        crate::ENGLISH.iter().try_fold(self, |builder, (file, text)| builder.yaml(file, text))
    }

    /// Adds [`crate::ENGLISH_ANSWERS`] to the product's own sentences: for what is heard after a question. Their intents are called
    /// `SaggarAnswer…`; without a question nobody means them, so a speaker keeps one set with them and one without.
    ///
    /// # Errors
    ///
    /// None in a program that passed its tests.
    pub fn english_answers(self) -> Result<Self, Error> {
        let (file, text) = crate::ENGLISH_ANSWERS;
        self.yaml(file, text)
    }

    /// Adds values to a list: what is said, and what it means. Here is where the names of rooms and devices come from.
    /// The texts are said literally; they are no templates.
    #[must_use]
    pub fn list(mut self, name: &str, values: impl IntoIterator<Item = (String, Value)>) -> Self {
        self.lists.push((name.to_owned(), values.into_iter().collect()));
        self
    }

    /// Puts everything together.
    ///
    /// # Errors
    ///
    /// A template cannot be parsed, names something that does not exist, or is too large; see [`ErrorKind`].
    pub fn build(self) -> Result<Intents, Error> {
        let language = self.language()?;
        let mut compiler = Compiler::new();
        let mut lists = self.lists;
        for (file, document) in &self.documents {
            if document.settings.ignore_whitespace {
                let what = "settings: ignore_whitespace".to_owned();
                let advice = "words are parted by spaces here";
                return Err(Error::new(ErrorKind::Unsupported { what, advice }, in_file(file, None)));
            }
            for (name, body) in &document.expansion_rules.0 {
                compiler.define_rule(file, name, body)?;
            }
            for (name, list) in &document.lists.0 {
                compiler.define_list(file, name, list)?;
            }
        }
        for (name, values) in lists.drain(..) {
            compiler.extend_list(&name, values)?;
        }
        let mut built = Sentences::default();
        for (file, document) in &self.documents {
            built.document(&mut compiler, file, document)?;
        }
        // Lists and rules that no sentence uses are checked too: somebody is about to use them.
        compiler.compile_unused()?;
        let skip_words: Vec<String> = self.documents.iter().flat_map(|(_, document)| document.skip_words.clone()).collect();
        let skips = skip_words
            .iter()
            .map(|phrase| words::tokens(phrase).iter().map(|token| compiler.key(&token.text)).collect::<Vec<_>>())
            .filter(|keys| !keys.is_empty())
            .collect();
        let Compiler { nodes, lists, rule_count, keys, .. } = compiler;
        let Sentences { names, data, sentences, .. } = built;
        Ok(Intents { language, names, nodes, lists, rule_count, data, sentences, keys, skip_words, skips })
    }

    /// The one language that all files have.
    fn language(&self) -> Result<String, Error> {
        let mut language: Option<&str> = None;
        for (file, document) in &self.documents {
            let fail = |message: String| Err(Error::new(ErrorKind::Language(message), in_file(file, None)));
            match (document.language.as_deref(), language) {
                (None, _) => return fail("there is no `language:`; write for example `language: en`".to_owned()),
                (Some(this), Some(other)) if this != other => {
                    return fail(format!("the language is {this}, but {other} in a file before; load them apart"));
                }
                (this, _) => language = this,
            }
        }
        Ok(language.unwrap_or("en").to_owned())
    }
}

/// The intents so far.
#[derive(Default)]
struct Sentences {
    names: Vec<String>,
    index: HashMap<String, usize>,
    data: Vec<Data>,
    sentences: Vec<Sentence>,
}

impl Sentences {
    fn document(&mut self, compiler: &mut Compiler, file: &str, document: &Document) -> Result<(), Error> {
        for (name, intent) in &document.intents.0 {
            let index = *self.index.entry(name.clone()).or_insert(self.names.len());
            if index == self.names.len() {
                self.names.push(name.clone());
            }
            for data in &intent.data {
                self.block(compiler, file, name, index, data)?;
            }
        }
        Ok(())
    }

    fn block(&mut self, compiler: &mut Compiler, file: &str, name: &str, intent: usize, data: &yaml::Data) -> Result<(), Error> {
        let owner = format!("intent {name}");
        for (what, present) in [
            ("requires_context", data.requires_context.is_some()),
            ("excludes_context", data.excludes_context.is_some()),
            ("required_keywords", data.required_keywords.is_some()),
        ] {
            if present {
                let advice = "there is no context here; write sentences that say everything";
                let kind = ErrorKind::Unsupported { what: what.to_owned(), advice };
                return Err(Error::new(kind, in_file(file, Some(owner))));
            }
        }
        let local = Local::of(compiler, file, &data.lists.0, &data.expansion_rules.0)?;
        compiler.enter(local);
        for template in &data.sentences {
            let root = compiler.template(Body { file, owner: &owner, text: template })?;
            self.sentences.push(Sentence { root, data: self.data.len(), template: template.clone() });
        }
        compiler.leave();
        self.data.push(Data { intent, slots: data.slots.0.clone(), response: data.response.clone() });
        Ok(())
    }
}

impl Intents {
    /// Loads one file.
    ///
    /// # Errors
    ///
    /// See [`Builder::yaml`] and [`Builder::build`].
    pub fn from_yaml(file: &str, text: &str) -> Result<Self, Error> {
        Builder::new().yaml(file, text)?.build()
    }
}

/// A place without a template.
pub(crate) fn in_file(file: &str, owner: Option<String>) -> Place {
    Place { file: file.to_owned(), owner, ..Place::default() }
}

/// What a value says, and what it means.
pub(crate) fn said_and_meant(value: &ListValue) -> (String, Option<Value>, bool) {
    match value {
        ListValue::Pair { r#in, out } => (r#in.clone(), out.clone(), true),
        ListValue::Plain(Value::Text(text)) => {
            // As in hassil: a plain text means itself, but a template means whatever was said.
            let is_template = text.contains(['(', ')', '[', ']', '{', '}', '<', '>', '|']);
            (text.clone(), (!is_template).then(|| Value::Text(text.clone())), is_template)
        }
        ListValue::Plain(other) => (other.to_string(), Some(other.clone()), false),
    }
}

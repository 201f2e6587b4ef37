//! Lists: their definitions, from files and from the program, and their compilation.
//!
//! A list's index is given when it is defined and its values are compiled when it is first used (values may be templates
//! that use rules and other lists). Ranges are checked when they are defined.

use crate::builder::{in_file, said_and_meant};
use crate::compile::{Body, Compiler, Local};
use crate::error::{Error, ErrorKind};
use crate::model::{List, ListId, ListKind, ListValue, Range};
use crate::numbers;
use crate::value::Value;
use crate::yaml;

/// Values of one list.
const MAX_VALUES: usize = 100_000;

/// A list's values as written, until they are compiled.
#[derive(Debug, Default)]
pub(crate) struct Definition {
    file: String,
    /// What is said, what it means, whether it is a template.
    pending: Vec<(String, Option<Value>, bool)>,
}

impl Local {
    /// The names that a block of sentences defines, or nothing.
    pub(crate) fn of(
        compiler: &mut Compiler,
        file: &str,
        lists: &[(String, yaml::List)],
        rules: &[(String, String)],
    ) -> Result<Option<Self>, Error> {
        if lists.is_empty() && rules.is_empty() {
            return Ok(None);
        }
        let mut local = Self::default();
        for (name, list) in lists {
            local.lists.insert(name.clone(), compiler.add_list(file, name, list)?);
        }
        for (name, body) in rules {
            local.rules.insert(name.clone(), (file.to_owned(), body.clone()));
        }
        Ok(Some(local))
    }
}

impl Compiler {
    /// Defines a list for all sentences, or adds the values to the list of that name.
    pub(crate) fn define_list(&mut self, file: &str, name: &str, list: &yaml::List) -> Result<(), Error> {
        let id = self.add_list(file, name, list)?;
        let Some(&before) = self.scopes[0].lists.get(name) else {
            self.scopes[0].lists.insert(name.to_owned(), id);
            return Ok(());
        };
        match (&self.lists[before.index()].kind, &self.lists[id.index()].kind) {
            (ListKind::Values(_), ListKind::Values(_)) => {
                let more = std::mem::take(&mut self.definitions[id.index()].pending);
                self.definitions[before.index()].pending.extend(more);
            }
            (ListKind::Range(a), ListKind::Range(b)) if a == b => {}
            (ListKind::Wildcard, ListKind::Wildcard) => {}
            _ => {
                let message = "this list was defined before, as something else; rename one of them";
                let place = in_file(file, Some(format!("list {name}")));
                return Err(Error::new(ErrorKind::List(message.to_owned()), place));
            }
        }
        Ok(())
    }

    /// Adds the program's own values to a list.
    pub(crate) fn extend_list(&mut self, name: &str, values: Vec<(String, Value)>) -> Result<(), Error> {
        let file = "the program";
        let id = match self.scopes[0].lists.get(name) {
            Some(&id) => id,
            None => {
                let id = self.new_list(file, name, ListKind::Values(Vec::new()));
                self.scopes[0].lists.insert(name.to_owned(), id);
                id
            }
        };
        if !matches!(self.lists[id.index()].kind, ListKind::Values(_)) {
            let message = "values were given for a list that the files define as something else".to_owned();
            return Err(Error::new(ErrorKind::List(message), in_file(file, Some(format!("list {name}")))));
        }
        let pending = values.into_iter().map(|(said, meant)| (said, Some(meant), false));
        self.definitions[id.index()].pending.extend(pending);
        Ok(())
    }

    fn new_list(&mut self, file: &str, name: &str, kind: ListKind) -> ListId {
        self.lists.push(List { name: name.to_owned(), kind });
        self.definitions.push(Definition { file: file.to_owned(), pending: Vec::new() });
        ListId::new(self.lists.len() - 1)
    }

    fn add_list(&mut self, file: &str, name: &str, list: &yaml::List) -> Result<ListId, Error> {
        let fail = |kind| Error::new(kind, in_file(file, Some(format!("list {name}"))));
        match (&list.values, &list.range, list.wildcard) {
            (Some(values), None, false) => {
                if values.len() > MAX_VALUES {
                    let (size, limit) = (values.len() as u64, MAX_VALUES as u64);
                    return Err(fail(ErrorKind::TooLarge { what: "the list", size, limit, advice: "split it" }));
                }
                let id = self.new_list(file, name, ListKind::Values(Vec::new()));
                self.definitions[id.index()].pending = values.iter().map(said_and_meant).collect();
                Ok(id)
            }
            (None, Some(range), false) => {
                for (what, present) in [("fractions", range.fractions.is_some()), ("multiplier", range.multiplier.is_some())] {
                    if present {
                        let advice = "ranges are of whole numbers; let the skill calculate";
                        return Err(fail(ErrorKind::Unsupported { what: what.to_owned(), advice }));
                    }
                }
                let range = Range { from: range.from, to: range.to, step: range.step.unwrap_or(1) };
                check(range).map_err(fail)?;
                Ok(self.new_list(file, name, ListKind::Range(range)))
            }
            (None, None, true) => Ok(self.new_list(file, name, ListKind::Wildcard)),
            _ => {
                let message = "a list is either `values:`, or `range:`, or `wildcard: true`; write one of them".to_owned();
                Err(fail(ErrorKind::List(message)))
            }
        }
    }

    /// Defines the list of `{1..9}`.
    pub(crate) fn define_range(&mut self, name: &str, range: Range) -> Result<ListId, ErrorKind> {
        check(range)?;
        let id = self.new_list("", name, ListKind::Range(range));
        self.scopes[0].lists.insert(name.to_owned(), id);
        Ok(id)
    }

    /// Compiles the values that wait for it. Afterwards none do.
    pub(crate) fn compile_list(&mut self, id: ListId) -> Result<(), Error> {
        let name = self.lists[id.index()].name.clone();
        // Before the check whether anything waits: a list under way has nothing waiting, and must be found here.
        self.begin(format!("{{{name}}}"), &name, None)?;
        let Definition { file, pending } = std::mem::take(&mut self.definitions[id.index()]);
        let owner = format!("list {name}");
        let mut compiled = Vec::with_capacity(pending.len());
        for (said, out, is_template) in pending {
            let text = if is_template { said } else { escaped(&said) };
            let node = self.template(Body { file: &file, owner: &owner, text: &text })?;
            compiled.push(ListValue { node, out });
        }
        self.end();
        if let ListKind::Values(values) = &mut self.lists[id.index()].kind {
            values.append(&mut compiled);
        }
        Ok(())
    }

    /// What a reference to a list costs. Numbers are a grammar of about forty arcs; a wildcard is not in the grammar.
    pub(crate) fn list_cost(&self, id: ListId) -> u64 {
        match &self.lists[id.index()].kind {
            ListKind::Values(values) => values.iter().fold(1, |sum: u64, value| sum.saturating_add(self.cost(value.node))),
            ListKind::Range(_) => 40,
            ListKind::Wildcard => 1,
        }
    }
}

/// Refuses ranges without numbers, and numbers that cannot be said.
fn check(range: Range) -> Result<(), ErrorKind> {
    let Range { from, to, step } = range;
    let fail = |why| Err(ErrorKind::Range { from, to, step, why });
    if step < 1 {
        return fail("has a step below one; count upwards");
    }
    if from > to {
        return fail("is empty; `from` must not be above `to`");
    }
    if from < -numbers::MAX || to > numbers::MAX {
        return fail("goes beyond 999999, the largest number that is understood");
    }
    Ok(())
}

/// The range of `{1..9}` or `{0..100,5}`.
pub(crate) fn inline_range(name: &str) -> Option<Range> {
    let (from, rest) = name.split_once("..")?;
    let (to, step) = rest.split_once(',').unwrap_or((rest, "1"));
    Some(Range { from: from.trim().parse().ok()?, to: to.trim().parse().ok()?, step: step.trim().parse().ok()? })
}

/// A text as a template that stands for it literally.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| "()[]{}<>|;\\".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

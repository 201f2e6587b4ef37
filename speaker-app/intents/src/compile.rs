//! Templates → nodes: names are looked up, rules and lists compiled once, orders written out.
//!
//! A rule is compiled where it is first used. Under a block with lists or rules of its own it is compiled again, since what
//! it refers to may differ there. `under_way` holds the rules and lists being compiled, which finds recursion before the
//! stack does. Parts without a space between them are [`crate::glue`]'s.

use std::collections::HashMap;

use crate::error::{Error, ErrorKind, Place};
use crate::lists::{Definition, inline_range};
use crate::model::{KeyId, List, ListId, MAX_COST, MAX_NODES, Node, NodeId, Word};
use crate::template::{self, Expr};
use crate::words;

/// Rules in lists in rules.
const MAX_DEPTH: usize = 100;

/// A template and where it was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body<'a> {
    pub(crate) file: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) text: &'a str,
}

/// Names that only hold within one block of sentences, and what was compiled under them.
#[derive(Debug, Default)]
pub(crate) struct Local {
    pub(crate) lists: HashMap<String, ListId>,
    pub(crate) rules: HashMap<String, (String, String)>,
    pub(crate) compiled: HashMap<String, NodeId>,
}

/// The state of loading.
#[derive(Debug)]
pub(crate) struct Compiler {
    pub(crate) nodes: Vec<Node>,
    costs: Vec<u64>,
    nullable: Vec<bool>,
    pub(crate) lists: Vec<List>,
    pub(crate) rule_count: usize,
    pub(crate) keys: HashMap<String, KeyId>,
    pub(crate) definitions: Vec<Definition>,
    /// The outermost names first; at most two.
    pub(crate) scopes: Vec<Local>,
    under_way: Vec<String>,
    /// Whether articles are words like any other, since nothing else is said.
    articles_count: bool,
    places: Vec<Place>,
    depth: usize,
}

impl Compiler {
    pub(crate) fn new() -> Self {
        Self {
            nodes: Vec::new(),
            costs: Vec::new(),
            nullable: Vec::new(),
            lists: Vec::new(),
            rule_count: 0,
            keys: HashMap::new(),
            definitions: Vec::new(),
            scopes: vec![Local::default()],
            under_way: Vec::new(),
            articles_count: false,
            places: Vec::new(),
            depth: 0,
        }
    }

    pub(crate) fn enter(&mut self, local: Option<Local>) {
        self.scopes.extend(local);
    }

    pub(crate) fn leave(&mut self) {
        self.scopes.truncate(1);
    }

    pub(crate) fn define_rule(&mut self, file: &str, name: &str, body: &str) -> Result<(), Error> {
        let rules = &mut self.scopes[0].rules;
        if rules.get(name).is_some_and(|(_, other)| other != body) {
            let place = Place { file: file.to_owned(), ..Place::default() };
            return Err(Error::new(ErrorKind::RuleTwice(name.to_owned()), place));
        }
        rules.insert(name.to_owned(), (file.to_owned(), body.to_owned()));
        Ok(())
    }

    /// Compiles what no sentence refers to.
    pub(crate) fn compile_unused(&mut self) -> Result<(), Error> {
        let mut rules: Vec<String> = self.scopes[0].rules.keys().cloned().collect();
        rules.sort();
        for name in rules {
            let place = self.scopes[0].rules.get(&name).map(|(file, _)| file.clone()).unwrap_or_default();
            self.places.push(Place { file: place, ..Place::default() });
            self.rule(&name, 0)?;
            self.places.pop();
        }
        for index in 0..self.lists.len() {
            self.compile_list(ListId::new(index))?;
        }
        Ok(())
    }

    /// An error at a position of the template being compiled.
    pub(crate) fn fail(&self, kind: ErrorKind, position: Option<usize>) -> Error {
        Error::new(kind, Place { position, ..self.places.last().cloned().unwrap_or_default() })
    }

    /// Compiles a sentence or a list's value, which must not be empty.
    pub(crate) fn template(&mut self, body: Body<'_>) -> Result<NodeId, Error> {
        let (mut node, position) = (self.body(body)?, Place { position: None, ..place(body) });
        if self.nullable[node.index()] {
            // "(a|an)", a list's value for one: only articles, which then are necessary.
            self.articles_count = true;
            node = self.body(body)?;
            self.articles_count = false;
        }
        if self.nullable[node.index()] {
            return Err(Error::new(ErrorKind::Empty, position));
        }
        if self.costs[node.index()] > MAX_COST {
            let (what, limit, advice) = ("what this stands for", MAX_COST, "split it, or shorten the lists and rules in it");
            return Err(Error::new(ErrorKind::TooLarge { what, size: self.costs[node.index()], limit, advice }, position));
        }
        Ok(node)
    }

    /// Parses and compiles a template with its place at hand for errors.
    fn body(&mut self, body: Body<'_>) -> Result<NodeId, Error> {
        self.places.push(place(body));
        let expr = template::parse(body.text.trim()).map_err(|(kind, at)| self.fail(kind, Some(at)))?;
        let node = self.expr(&expr)?;
        self.places.pop();
        Ok(node)
    }

    /// Adds a node.
    pub(crate) fn push(&mut self, node: Node) -> Result<NodeId, Error> {
        if self.nodes.len() >= MAX_NODES {
            let (size, limit) = (self.nodes.len() as u64, MAX_NODES as u64);
            let advice = "write fewer alternatives, or spaces between the parts of words";
            return Err(self.fail(ErrorKind::TooLarge { what: "the whole of all sentences", size, limit, advice }, None));
        }
        let sum = |ids: &[NodeId]| ids.iter().fold(1_u64, |sum, id| sum.saturating_add(self.costs[id.index()]));
        let (cost, nullable) = match &node {
            Node::Word(word) => (1, word.article),
            Node::Seq(items) => (sum(items), items.iter().all(|id| self.nullable[id.index()])),
            Node::Alt(items) => (sum(items), items.iter().any(|id| self.nullable[id.index()])),
            Node::Slot { list, .. } => (self.list_cost(*list), false),
            Node::Rule { body, .. } => (sum(&[*body]), self.nullable[body.index()]),
        };
        self.nodes.push(node);
        self.costs.push(cost);
        self.nullable.push(nullable);
        Ok(NodeId::new(self.nodes.len() - 1))
    }

    /// A node's size written out.
    pub(crate) fn cost(&self, node: NodeId) -> u64 {
        self.costs[node.index()]
    }

    /// A sequence; of one part, the part.
    pub(crate) fn sequence(&mut self, items: Vec<NodeId>) -> Result<NodeId, Error> {
        if let [only] = items[..] { Ok(only) } else { self.push(Node::Seq(items)) }
    }

    /// Compiles a part that stands alone (see [`crate::glue`] for sequences).
    pub(crate) fn expr(&mut self, expr: &Expr) -> Result<NodeId, Error> {
        self.deeper()?;
        let node = match expr {
            Expr::Text(_) | Expr::Seq(_) => self.glued(std::slice::from_ref(expr)),
            Expr::Alt(branches) => {
                let nodes = branches.iter().map(|branch| self.expr(branch)).collect::<Result<Vec<_>, _>>()?;
                self.push(Node::Alt(nodes))
            }
            Expr::Perm(parts) => {
                let nodes = parts.iter().map(|part| self.expr(part)).collect::<Result<Vec<_>, _>>()?;
                let orders = orders(&nodes).into_iter().map(|order| self.push(Node::Seq(order)));
                let orders = orders.collect::<Result<Vec<_>, _>>()?;
                self.push(Node::Alt(orders))
            }
            Expr::List { name, slot, at } => {
                let list = self.find_list(name, *at)?;
                self.compile_list(list)?;
                self.push(Node::Slot { name: slot.clone(), list })
            }
            Expr::Rule { name, at } => self.rule(name, *at),
        };
        self.depth -= 1;
        node
    }

    fn deeper(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.fail(ErrorKind::TooDeep(MAX_DEPTH), None)) } else { Ok(()) }
    }

    /// The words of a piece of text that has spaces (or an end of the template) on both sides.
    pub(crate) fn words(&mut self, text: &str, out: &mut Vec<NodeId>) -> Result<(), Error> {
        for chunk in text.split_whitespace() {
            let tokens = words::tokens(chunk);
            let whole = tokens.len() == 1;
            for token in tokens {
                let spelling = if whole { chunk.to_lowercase() } else { token.text.clone() };
                let article = words::is_article(&token.text) && !self.articles_count;
                let key = self.key(&token.text);
                out.push(self.push(Node::Word(Word { key, article, text: token.text, spelling }))?);
            }
        }
        Ok(())
    }

    pub(crate) fn key(&mut self, word: &str) -> KeyId {
        let next = KeyId::new(self.keys.len());
        *self.keys.entry(words::key(word)).or_insert(next)
    }

    fn find_list(&mut self, name: &str, at: usize) -> Result<ListId, Error> {
        if let Some(list) = self.scopes.iter().rev().find_map(|scope| scope.lists.get(name)) {
            return Ok(*list);
        }
        let range = inline_range(name).ok_or_else(|| self.fail(ErrorKind::UnknownList(name.to_owned()), Some(at)))?;
        self.define_range(name, range).map_err(|kind| self.fail(kind, Some(at)))
    }

    /// The node of a rule.
    fn rule(&mut self, name: &str, at: usize) -> Result<NodeId, Error> {
        if let Some(node) = self.scopes.last().and_then(|scope| scope.compiled.get(name)) {
            return Ok(*node);
        }
        let node = self.in_rule(name, at, Self::body)?;
        let node = self.push(Node::Rule { name: name.to_owned(), index: self.rule_count, body: node })?;
        self.rule_count += 1;
        if let Some(scope) = self.scopes.last_mut() {
            scope.compiled.insert(name.to_owned(), node);
        }
        Ok(node)
    }

    /// Does something with a rule's body, which must not reach the same rule again.
    pub(crate) fn in_rule<T>(
        &mut self,
        name: &str,
        at: usize,
        work: impl FnOnce(&mut Self, Body<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Some((file, text)) = self.scopes.iter().rev().find_map(|scope| scope.rules.get(name)).cloned() else {
            return Err(self.fail(ErrorKind::UnknownRule(name.to_owned()), Some(at)));
        };
        self.begin(format!("<{name}>"), name, Some(at))?;
        let result = work(self, Body { file: &file, owner: &format!("rule {name}"), text: &text })?;
        self.end();
        Ok(result)
    }

    /// Notes that a rule or list is being compiled.
    pub(crate) fn begin(&mut self, tag: String, name: &str, at: Option<usize>) -> Result<(), Error> {
        if let Some(index) = self.under_way.iter().position(|other| *other == tag) {
            let circle = [&self.under_way[index..], &[tag]].concat().join(" → ");
            return Err(self.fail(ErrorKind::RecursiveRule(name.to_owned(), circle), at));
        }
        self.under_way.push(tag);
        self.deeper()
    }

    /// It is compiled.
    pub(crate) fn end(&mut self) {
        self.under_way.pop();
        self.depth -= 1;
    }

    /// Parses a rule's body where its text is needed, not its node.
    pub(crate) fn with_parsed<T>(
        &mut self,
        body: Body<'_>,
        work: impl FnOnce(&mut Self, &Expr) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.places.push(place(body));
        let expr = template::parse(body.text.trim()).map_err(|(kind, at)| self.fail(kind, Some(at)))?;
        let result = work(self, &expr)?;
        self.places.pop();
        Ok(result)
    }
}

fn place(body: Body<'_>) -> Place {
    let template = Some(body.text.trim().to_owned());
    Place { file: body.file.to_owned(), owner: Some(body.owner.to_owned()), template, position: None }
}

/// All orders, the written one first.
pub(crate) fn orders<T: Clone>(parts: &[T]) -> Vec<Vec<T>> {
    if parts.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in 0..parts.len() {
        let rest = [&parts[..first], &parts[first + 1..]].concat();
        all.extend(orders(&rest).into_iter().map(|mut order| {
            order.insert(0, parts[first].clone());
            order
        }));
    }
    all
}

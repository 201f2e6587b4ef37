//! Sequences, and what stands in them without a space between: `light[s]`, `[re]start`, `{percent}[%]`.
//!
//! The matcher and the recogniser know only whole words, so that parts of words are written out: `light[s]` becomes
//! `(light|lights)`. Only the parts that touch are, not the sentence. A list never touches: its values are whole words, and
//! what follows one directly is a unit or a possessive. Punctuation and brackets whose every branch ends in a space part, too.

use crate::compile::{Compiler, orders};
use crate::error::{Error, ErrorKind};
use crate::model::{Node, NodeId};
use crate::template::Expr;

/// Ways to write out parts that touch.
const MAX_WRITTEN: usize = 4000;

/// A piece of a sequence.
#[derive(Clone, Copy)]
enum Atom<'e> {
    Word(&'e str),
    Space,
    Part(&'e Expr),
}

/// A piece of a written-out word.
#[derive(Clone)]
enum Piece {
    Text(String),
    Node(NodeId),
}

impl Compiler {
    /// Compiles a sequence.
    pub(crate) fn glued(&mut self, items: &[Expr]) -> Result<NodeId, Error> {
        let mut atoms = Vec::new();
        flatten(items, &mut atoms);
        let parted = parted(&atoms);
        let mut nodes = Vec::new();
        let mut start = 0;
        for end in 1..=atoms.len() {
            if parted[end] {
                self.run(&atoms[start..end], &mut nodes)?;
                start = end;
            }
        }
        self.sequence(nodes)
    }

    /// Compiles atoms that touch each other.
    fn run(&mut self, atoms: &[Atom<'_>], out: &mut Vec<NodeId>) -> Result<(), Error> {
        match atoms {
            [Atom::Space] => Ok(()),
            [Atom::Word(text)] => self.words(text, out),
            [Atom::Part(part)] => {
                out.push(self.expr(part)?);
                Ok(())
            }
            _ => {
                let mut ways = vec![Vec::new()];
                for atom in atoms {
                    let more = match atom {
                        Atom::Word(text) => vec![vec![Piece::Text((*text).to_owned())]],
                        Atom::Space => vec![vec![Piece::Text(" ".to_owned())]],
                        Atom::Part(part) => self.written_out(part)?,
                    };
                    ways = self.product(&ways, &more)?;
                }
                let nodes = ways.into_iter().map(|way| self.join(way)).collect::<Result<Vec<_>, _>>()?;
                out.push(if let [only] = nodes[..] { only } else { self.push(Node::Alt(nodes))? });
                Ok(())
            }
        }
    }

    /// All texts that a part stands for.
    fn written_out(&mut self, expr: &Expr) -> Result<Vec<Vec<Piece>>, Error> {
        let space = || vec![vec![Piece::Text(" ".to_owned())]];
        match expr {
            Expr::Text(text) => Ok(vec![vec![Piece::Text(text.clone())]]),
            Expr::Seq(items) => {
                let mut ways = vec![Vec::new()];
                for item in items {
                    let more = self.written_out(item)?;
                    ways = self.product(&ways, &more)?;
                }
                Ok(ways)
            }
            Expr::Alt(branches) => {
                let mut ways = Vec::new();
                for branch in branches {
                    ways.extend(self.written_out(branch)?);
                    self.check_written(ways.len())?;
                }
                Ok(ways)
            }
            Expr::Perm(parts) => {
                let parts = parts.iter().map(|part| self.written_out(part)).collect::<Result<Vec<_>, _>>()?;
                let mut ways = Vec::new();
                for order in orders(&(0..parts.len()).collect::<Vec<_>>()) {
                    let mut way = space();
                    for index in order {
                        way = self.product(&way, &parts[index])?;
                        way = self.product(&way, &space())?;
                    }
                    ways.extend(way);
                    self.check_written(ways.len())?;
                }
                Ok(ways)
            }
            Expr::List { .. } => Ok(vec![vec![Piece::Node(self.expr(expr)?)]]),
            Expr::Rule { name, at } => {
                self.in_rule(name, *at, |this, body| this.with_parsed(body, |this, expr| this.written_out(expr)))
            }
        }
    }

    fn product(&self, left: &[Vec<Piece>], right: &[Vec<Piece>]) -> Result<Vec<Vec<Piece>>, Error> {
        self.check_written(left.len().saturating_mul(right.len()))?;
        Ok(left.iter().flat_map(|head| right.iter().map(|tail| [head.clone(), tail.clone()].concat())).collect())
    }

    fn check_written(&self, ways: usize) -> Result<(), Error> {
        if ways <= MAX_WRITTEN {
            return Ok(());
        }
        let (what, size, limit) = ("the number of words that parts without spaces make", ways as u64, MAX_WRITTEN as u64);
        Err(self.fail(ErrorKind::TooLarge { what, size, limit, advice: "put spaces between the parts" }, None))
    }

    /// One way, its texts joined to words.
    fn join(&mut self, way: Vec<Piece>) -> Result<NodeId, Error> {
        let mut nodes = Vec::new();
        let mut text = String::new();
        for piece in way {
            match piece {
                Piece::Text(more) => text.push_str(&more),
                Piece::Node(node) => {
                    self.words(&std::mem::take(&mut text), &mut nodes)?;
                    nodes.push(node);
                }
            }
        }
        self.words(&text, &mut nodes)?;
        self.sequence(nodes)
    }
}

/// Sequences within the sequence are dissolved, and texts parted into words and spaces.
fn flatten<'e>(items: &'e [Expr], out: &mut Vec<Atom<'e>>) {
    for item in items {
        match item {
            Expr::Seq(inner) => flatten(inner, out),
            Expr::Text(text) => {
                for (index, word) in text.split(' ').enumerate() {
                    if index > 0 {
                        out.push(Atom::Space);
                    }
                    if !word.is_empty() {
                        out.push(Atom::Word(word));
                    }
                }
            }
            other => out.push(Atom::Part(other)),
        }
    }
}

/// For every boundary (before the first atom … after the last) whether words end there.
fn parted(atoms: &[Atom<'_>]) -> Vec<bool> {
    let count = atoms.len();
    let mut parted: Vec<bool> = (0..=count)
        .map(|at| at == 0 || at == count || edge(&atoms[at - 1], Side::End).surely() || edge(&atoms[at], Side::Start).surely())
        .collect();
    // A bracket that may be empty parts on one side if it is parted on the other: "[please ]stop" at the beginning.
    for at in 0..count {
        parted[at + 1] |= parted[at] && edge(&atoms[at], Side::End).parts;
    }
    for at in (0..count).rev() {
        parted[at] |= parted[at + 1] && edge(&atoms[at], Side::Start).parts;
    }
    parted
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Start,
    End,
}

/// What is known of one side of a part.
#[derive(Clone, Copy)]
struct Edge {
    /// Whether whatever it says ends (begins) a word there.
    parts: bool,
    /// Whether it may say nothing.
    may_be_empty: bool,
}

impl Edge {
    fn surely(self) -> bool {
        self.parts && !self.may_be_empty
    }
}

fn edge(atom: &Atom<'_>, side: Side) -> Edge {
    match atom {
        Atom::Space => Edge { parts: true, may_be_empty: false },
        Atom::Word(text) => edge_of_text(text, side),
        Atom::Part(part) => edge_of(part, side),
    }
}

fn edge_of(expr: &Expr, side: Side) -> Edge {
    match expr {
        Expr::Text(text) => edge_of_text(text, side),
        Expr::List { .. } | Expr::Perm(_) => Edge { parts: true, may_be_empty: false },
        // A rule begins and ends with words, and is written out where it touches others.
        Expr::Rule { .. } => Edge { parts: false, may_be_empty: false },
        Expr::Alt(branches) => {
            let edges = branches.iter().map(|branch| edge_of(branch, side));
            edges.fold(Edge { parts: true, may_be_empty: false }, |all, one| Edge {
                parts: all.parts && one.parts,
                may_be_empty: all.may_be_empty || one.may_be_empty,
            })
        }
        Expr::Seq(items) => {
            let mut index = 0;
            while let Some(item) = if side == Side::Start { items.get(index) } else { items.iter().nth_back(index) } {
                let edge = edge_of(item, side);
                if !edge.parts || !edge.may_be_empty {
                    return Edge { may_be_empty: false, ..edge };
                }
                index += 1;
            }
            Edge { parts: true, may_be_empty: true }
        }
    }
}

fn edge_of_text(text: &str, side: Side) -> Edge {
    let last = if side == Side::Start { text.chars().next() } else { text.chars().next_back() };
    // The point of "a.m." and the apostrophe do not part; all other punctuation does, as in what is said.
    let parts = last.is_some_and(|c| !c.is_alphanumeric() && !".'’,".contains(c));
    Edge { parts: parts || last.is_none(), may_be_empty: last.is_none() }
}

#[cfg(test)]
mod tests {
    use crate::Intents;

    fn understands(template: &str, said: &str) -> bool {
        let yaml = format!(
            "language: en\nintents: {{T: {{data: [{{sentences: [\"{template}\"]}}]}}}}\n\
             lists: {{n: {{range: {{from: 0, to: 100}}}}, room: {{values: [hall, big room]}}}}\n\
             expansion_rules: {{lamp: (light|lamp), want: 'i (want|would like)'}}"
        );
        Intents::from_yaml("t", &yaml).unwrap_or_else(|error| panic!("{error}")).recognise(said).is_some()
    }

    #[test]
    fn parts_of_words() {
        assert!(
            understands("[re]start", "restart") && understands("[re]start", "start") && !understands("[re]start", "re start")
        );
        assert!(understands("turn(ing|ed) on", "turning on") && !understands("turn(ing|ed) on", "turn on"));
        assert!(understands("go( now| on)", "go now") && !understands("go( now| on)", "gonow"));
        assert!(understands("<lamp>est", "lampest") && !understands("<lamp>est", "lamp"));
        assert!(understands("[please ]stop[ it][ now]", "please stop now") && understands("[please ]stop[ it][ now]", "stop it"));
        assert!(understands("(a;b)c", "a b c") && understands("un(do;tie)", "un tie do"));
    }

    #[test]
    fn lists_are_parted() {
        assert!(understands("to {n}[%| percent]", "to 5%") && understands("to {n}[%| percent]", "to five percent"));
        assert!(understands("the {room}'s lamp", "the big room's lamp"));
        assert!(understands("{n}[-]minute", "5-minute") && understands("{n}[-]minute", "five minute"));
        assert!(understands("{n}[a.m.|am]", "seven a.m.") && understands("{n}[a.m.|am]", "7am"));
    }

    #[test]
    fn many_spaced_options_are_not_written_out() {
        let template = "[a1 ][b1 ][c1 ][d1 ][e1 ][f1 ][g1 ][h1 ][i1 ][j1 ][k1 ][l1 ][m1 ][n1 ]end";
        assert!(understands(template, "c1 m1 end"));
    }
}

//! Text of a sentence template → its syntax tree.
//!
//! Syntax, as in hassil: words, `(a|b)`, `[optional]`, `(a;b)` for any order, `{list}`, `{list:slot}`, `{1..9:slot}`,
//! `<rule>`, `\` before a character that is meant literally. The tree still knows where there is no space between two parts
//! (`light[s]`): [`crate::glue`] turns it into whole words. Names are not looked up here.
//!
//! Invariant: the tree is at most [`MAX_DEPTH`] deep, so that what walks it may recurse.

use crate::error::ErrorKind;

/// Brackets within brackets.
pub(crate) const MAX_DEPTH: usize = 24;
/// Characters of one template.
const MAX_CHARS: usize = 4000;
/// Parts of a permutation: five have 120 orders.
pub(crate) const MAX_PERMUTATION: usize = 5;

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expr {
    /// Literal text, escapes removed. May begin or end with a space, or be one.
    Text(String),
    /// One after the other. Empty for the part of an optional that says nothing.
    Seq(Vec<Expr>),
    /// Any one.
    Alt(Vec<Expr>),
    /// All, in any order.
    Perm(Vec<Expr>),
    /// A reference to a list.
    List { name: String, slot: String, at: usize },
    /// A reference to a rule.
    Rule { name: String, at: usize },
}

/// Parses a template. The error's second part is its position in characters.
pub(crate) fn parse(text: &str) -> Result<Expr, (ErrorKind, usize)> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > MAX_CHARS {
        let (size, limit) = (chars.len() as u64, MAX_CHARS as u64);
        return Err((ErrorKind::TooLarge { what: "the template", size, limit, advice: "split it" }, 0));
    }
    let mut parser = Parser { chars: &chars, at: 0 };
    let expr = parser.group(None, 0)?;
    debug_assert_eq!(parser.at, chars.len());
    Ok(expr)
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
}

impl Parser<'_> {
    /// Everything up to the bracket `close`, which is consumed, or to the end of the text.
    fn group(&mut self, close: Option<(char, usize)>, depth: usize) -> Result<Expr, (ErrorKind, usize)> {
        if depth > MAX_DEPTH {
            return Err((ErrorKind::TooDeep(MAX_DEPTH), self.at));
        }
        let mut branches = vec![Vec::new()];
        let mut separator = None;
        let mut text = String::new();
        let flush = |text: &mut String, branches: &mut Vec<Vec<Expr>>| {
            if !text.is_empty() {
                let part = Expr::Text(std::mem::take(text));
                if let Some(branch) = branches.last_mut() {
                    branch.push(part);
                }
            }
        };
        loop {
            let Some(&c) = self.chars.get(self.at) else {
                match close {
                    Some((close, opened)) => return Err((ErrorKind::Unbalanced(opener(close)), opened)),
                    None => break,
                }
            };
            let at = self.at;
            self.at += 1;
            let part = match c {
                '\\' => {
                    if let Some(&escaped) = self.chars.get(self.at) {
                        text.push(escaped);
                        self.at += 1;
                    }
                    continue;
                }
                '(' => self.group(Some((')', at)), depth + 1)?,
                '[' => optional(self.group(Some((']', at)), depth + 1)?),
                '{' => self.reference('}', at)?,
                '<' => self.reference('>', at)?,
                '|' | ';' => {
                    if separator.is_some_and(|other| other != c) {
                        return Err((ErrorKind::Mixed, at));
                    }
                    separator = Some(c);
                    flush(&mut text, &mut branches);
                    branches.push(Vec::new());
                    continue;
                }
                ')' | ']' | '}' | '>' if close.is_some_and(|(close, _)| close == c) => break,
                ')' | ']' | '}' | '>' => return Err((ErrorKind::Unbalanced(c), at)),
                _ => {
                    text.push(if c.is_whitespace() { ' ' } else { c });
                    continue;
                }
            };
            flush(&mut text, &mut branches);
            if let Some(branch) = branches.last_mut() {
                branch.push(part);
            }
        }
        flush(&mut text, &mut branches);
        if separator == Some(';') && branches.len() > MAX_PERMUTATION {
            return Err((ErrorKind::Permutation(branches.len(), MAX_PERMUTATION), self.at));
        }
        let mut parts: Vec<Expr> = branches.into_iter().map(sequence).collect();
        Ok(match separator {
            None => parts.pop().unwrap_or(Expr::Seq(Vec::new())),
            Some(';') => Expr::Perm(parts),
            Some(_) => Expr::Alt(parts),
        })
    }

    /// The inside of `{…}` or `<…>`.
    fn reference(&mut self, close: char, at: usize) -> Result<Expr, (ErrorKind, usize)> {
        let rest = &self.chars[self.at..];
        let length = rest.iter().position(|&c| c == close).ok_or((ErrorKind::Unbalanced(opener(close)), at))?;
        let inside: String = rest[..length].iter().collect();
        self.at += length + 1;
        let wrong = |name: &str| (ErrorKind::Name(name.to_owned()), at);
        if inside.trim().is_empty() || inside.contains(['(', ')', '[', ']', '{', '}', '<', '>', '|', ';']) {
            return Err(wrong(&inside));
        }
        if inside.contains('@') {
            let advice = "name a slot instead";
            return Err((ErrorKind::Unsupported { what: format!("{{{inside}}}"), advice }, at));
        }
        let name = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty()).ok_or_else(|| wrong(&inside));
        if close == '>' {
            return Ok(Expr::Rule { name: name(&inside)?, at });
        }
        let (list, slot) = inside.split_once(':').unwrap_or((&inside, &inside));
        Ok(Expr::List { name: name(list)?, slot: name(slot)?, at })
    }
}

/// One part is itself; more are a sequence.
fn sequence(mut parts: Vec<Expr>) -> Expr {
    if parts.len() == 1 { parts.swap_remove(0) } else { Expr::Seq(parts) }
}

/// `[x]` is `(x|)`.
fn optional(expr: Expr) -> Expr {
    let nothing = Expr::Seq(Vec::new());
    match expr {
        Expr::Alt(mut branches) => {
            branches.push(nothing);
            Expr::Alt(branches)
        }
        other => Expr::Alt(vec![other, nothing]),
    }
}

fn opener(close: char) -> char {
    match close {
        ')' => '(',
        ']' => '[',
        '}' => '{',
        _ => '<',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Expr {
        Expr::Text(text.to_owned())
    }

    #[test]
    fn parts_and_spaces() {
        let light = Expr::Alt(vec![text("s"), Expr::Seq(vec![])]);
        assert_eq!(parse("the light[s]").unwrap(), Expr::Seq(vec![text("the light"), light]));
        assert_eq!(parse("(a|b c)").unwrap(), Expr::Alt(vec![text("a"), text("b c")]));
        assert_eq!(parse("a;b").unwrap(), Expr::Perm(vec![text("a"), text("b")]));
        let list = Expr::List { name: "area".into(), slot: "where".into(), at: 3 };
        assert_eq!(parse("in {area:where}").unwrap(), Expr::Seq(vec![text("in "), list]));
        assert_eq!(parse("<the>").unwrap(), Expr::Rule { name: "the".into(), at: 0 });
        assert_eq!(parse(r"a \[b\]").unwrap(), text("a [b]"));
    }

    #[test]
    fn errors_have_positions() {
        let at = |text: &str| parse(text).unwrap_err();
        assert_eq!(at("turn (on"), (ErrorKind::Unbalanced('('), 5));
        assert_eq!(at("turn on)"), (ErrorKind::Unbalanced(')'), 7));
        assert_eq!(at("turn [on)"), (ErrorKind::Unbalanced(')'), 8));
        assert_eq!(at("turn {on"), (ErrorKind::Unbalanced('{'), 5));
        assert_eq!(at("turn {}"), (ErrorKind::Name(String::new()), 5));
        assert_eq!(at("(a|b;c)"), (ErrorKind::Mixed, 4));
        assert!(matches!(at("(a;b;c;d;e;f)").0, ErrorKind::Permutation(6, 5)));
        assert!(matches!(at(&"(".repeat(1000)).0, ErrorKind::TooDeep(_)));
        assert!(matches!(at(&"a".repeat(5000)).0, ErrorKind::TooLarge { .. }));
    }

    #[test]
    fn any_text_ends() {
        let mut random = fastrand::Rng::with_seed(5);
        let alphabet = ['a', ' ', '(', ')', '[', ']', '{', '}', '<', '>', '|', ';', ':', '\\', 'é'];
        for _ in 0..20_000 {
            let text: String = (0..random.usize(0..20)).filter_map(|_| random.choice(alphabet)).collect();
            let _ = parse(&text);
        }
    }
}

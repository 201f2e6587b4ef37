//! Grammars in JSGF, looked at before C sees them.
//!
//! PocketSphinx tells the reason of a refusal only to its log, dereferences null for some mistakes, opens files for
//! `import`, and expands rules without a limit; grammars come from strangers' skills. So this finds the words,
//! and refuses: no public rule, undefined rules, rules within themselves, imports, and expansions that are too large.
//! Brackets and weights are left to the library, which refuses them cleanly.

use crate::error::{Result, SpeechError};
use std::collections::{BTreeMap, BTreeSet};

/// Most words and rule names that a grammar may have once its rules are put into one another.
const MOST_EXPANDED: usize = 200_000;

/// What was found in a grammar.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Grammar {
    /// Every word, once.
    pub(crate) words: BTreeSet<String>,
}

/// A part of a grammar's text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    Word(&'a str),
    Rule(&'a str),
    Weight(&'a str),
    Sign(char),
}

#[derive(Default)]
struct Rule<'a> {
    words: usize,
    refers_to: Vec<&'a str>,
}

impl Grammar {
    /// Checks a grammar; `name` is for the error.
    pub(crate) fn check(name: &str, text: &str) -> Result<Self> {
        checked(text).map_err(|problem| SpeechError::Grammar { name: name.to_owned(), problem })
    }
}

fn checked(text: &str) -> Result<Grammar, String> {
    if text.trim().is_empty() {
        return Err("it is empty; give at least #JSGF V1.0; grammar name; public <rule> = words;".into());
    }
    if text.contains('\0') {
        return Err("it holds a NUL character; remove it".into());
    }
    // A byte order mark would hide the header from the library.
    if !text.trim_start().starts_with("#JSGF") {
        return Err("it does not start with #JSGF V1.0; put that line first".into());
    }
    let tokens = tokens(text)?;
    let mut words = BTreeSet::new();
    let mut rules: BTreeMap<&str, Rule<'_>> = BTreeMap::new();
    let mut public = Vec::new();
    // The header is the first statement, the grammar's name the second.
    for statement in tokens.split(|token| *token == Token::Sign(';')) {
        let (is_public, body) = match statement {
            [Token::Word("public"), body @ ..] => (true, body),
            _ => (false, statement),
        };
        match body {
            [] | [Token::Word("grammar"), ..] => {}
            [Token::Word(first), ..] if first.starts_with("#JSGF") => {}
            [Token::Word("import"), ..] => return Err("it imports; write the rules into the grammar itself".into()),
            [Token::Rule(rule), Token::Sign('='), expansion @ ..] => {
                if is_public {
                    public.push(*rule);
                }
                if rule.is_empty() || !rule.chars().all(|c| c.is_alphanumeric() || "_-".contains(c)) {
                    return Err(format!("rule <{rule}>: use letters, digits, - and _ only"));
                }
                let mut made = Rule::default();
                for token in expansion {
                    match token {
                        Token::Word(word) => {
                            words.insert((*word).to_owned());
                            made.words += 1;
                        }
                        Token::Rule(other) => made.refers_to.push(other),
                        Token::Sign('=') => return Err(format!("rule <{rule}>: a second =; end the rule with ;")),
                        Token::Sign(_) | Token::Weight(_) => {}
                    }
                }
                if rules.insert(rule, made).is_some() {
                    return Err(format!("rule <{rule}> is defined twice; rename one"));
                }
            }
            _ => return Err("a statement is neither a rule nor the header; write <rule> = words;".into()),
        }
    }
    let [first, more @ ..] = public.as_slice() else {
        return Err("no rule is public; write public before the one that holds the sentences".into());
    };
    if !more.is_empty() {
        // The library would take the first that its hash table yields and ignore the others.
        return Err("several rules are public; make one public rule of them by |".into());
    }
    let mut sizes = BTreeMap::new();
    for rule in rules.keys() {
        size(rule, &rules, &mut sizes, 0)?;
    }
    if sizes.get(first).copied().flatten() == Some(0) || words.is_empty() {
        return Err(format!("rule <{first}> has no words; write what may be said"));
    }
    Ok(Grammar { words })
}

/// Words of a rule with all its rules put in. An entry of `None` is a rule that is being looked at.
fn size<'a>(
    rule: &'a str,
    rules: &BTreeMap<&'a str, Rule<'a>>,
    sizes: &mut BTreeMap<&'a str, Option<usize>>,
    depth: usize,
) -> Result<usize, String> {
    if matches!(rule, "NULL" | "VOID") {
        return Ok(0);
    }
    match sizes.get(rule) {
        Some(Some(known)) => return Ok(*known),
        Some(None) => return Err(format!("rule <{rule}> holds itself; repeat by * or + instead")),
        None if depth > 64 => return Err(format!("rule <{rule}> is more than 64 rules deep; put some together")),
        None => {}
    }
    let Some(definition) = rules.get(rule) else {
        return Err(format!("rule <{rule}> is not defined; define it or correct its name"));
    };
    sizes.insert(rule, None);
    let mut total = definition.words;
    for other in &definition.refers_to {
        total = total.saturating_add(size(other, rules, sizes, depth + 1)?).saturating_add(1);
    }
    if total > MOST_EXPANDED {
        return Err(format!("rule <{rule}> has more than {MOST_EXPANDED} words once expanded; use fewer alternatives"));
    }
    sizes.insert(rule, Some(total));
    Ok(total)
}

/// Words, rule names, weights and signs; comments and tags are left out.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let closed = |open: usize, close: &str| {
            rest[open..].find(close).map(|at| (&rest[open..open + at], &rest[open + at + close.len()..]))
        };
        let unclosed = |what: &str| format!("{what} is not closed; add its end");
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = closed(2, "*/").ok_or_else(|| unclosed("a comment /*"))?.1;
        } else if first == '{' {
            rest = closed(1, "}").ok_or_else(|| unclosed("a tag {"))?.1;
        } else if first == '/' {
            let (weight, after) = closed(1, "/").ok_or_else(|| unclosed("a weight /"))?;
            found.push(Token::Weight(weight));
            rest = after;
        } else if first == '<' {
            let (name, after) = closed(1, ">").ok_or_else(|| unclosed("a rule name <"))?;
            found.push(Token::Rule(name));
            rest = after;
        } else if "()[]|*+;=".contains(first) {
            found.push(Token::Sign(first));
            rest = &rest[1..];
        } else if first == '"' || first == '\\' {
            return Err(format!("{first} in a word; spell words plainly"));
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || "()[]|*+;=<>{}/\"\\".contains(c)).unwrap_or(rest.len());
            if end == 0 {
                return Err(format!("{first} does not belong here; remove it"));
            }
            found.push(Token::Word(&rest[..end]));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

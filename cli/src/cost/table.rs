//! The costs of one module for people: bytes by section, what each export can use, functions by size.

use super::{Bound, Cost, Kind, harmless, shown};
use crate::console::{grouped, table};

/// Sections of a kind that are listed; the smaller ones together.
const LISTED_SECTIONS: usize = 4;
/// Exports that are listed.
const LISTED_EXPORTS: usize = 24;

/// The whole text; with functions one by one only where they are asked for.
pub(crate) fn render(cost: &Cost, with_functions: bool) -> String {
    let mut text = format!("{} for {} ({})\n\n{}", shown(&cost.module), cost.target, cost.cpu, sections(cost));
    text.push_str(&exports(cost));
    if with_functions {
        text.push_str(&functions(cost));
    }
    for note in &cost.notes {
        text.push_str(&format!("\nnote: {}\n", harmless(note)));
    }
    text
}

fn sections(cost: &Cost) -> String {
    let mut rows = vec![vec![String::new(), "bytes".to_owned()]];
    for (title, kind, bytes) in [
        ("code", Kind::Code, cost.code_bytes),
        ("read-only data", Kind::ReadOnly, cost.read_only_bytes),
        ("initialised data", Kind::Data, cost.data_bytes),
        ("zeroed RAM", Kind::Zero, cost.zero_bytes),
    ] {
        rows.push(vec![title.to_owned(), grouped(bytes)]);
        rows.extend(sections_of(cost, kind));
    }
    rows.push(Vec::new());
    rows.push(vec!["flash".to_owned(), grouped(cost.flash_bytes())]);
    rows.push(vec!["RAM".to_owned(), grouped(cost.ram_bytes())]);
    rows.push(vec!["  memory".to_owned(), grouped(cost.memory_bytes)]);
    rows.push(vec!["  tables".to_owned(), grouped(cost.table_bytes)]);
    let other = cost.ram_bytes().saturating_sub(cost.memory_bytes + cost.table_bytes);
    rows.push(vec!["  globals and records".to_owned(), grouped(other)]);
    table(&rows)
}

fn sections_of(cost: &Cost, kind: Kind) -> Vec<Vec<String>> {
    let mut sections: Vec<(u64, &str)> = cost
        .sections
        .iter()
        .filter(|section| section.kind == kind)
        .map(|section| (section.bytes, section.name.as_str()))
        .collect();
    sections.sort_by_key(|&(bytes, name)| (u64::MAX - bytes, name));
    // One that would stand for one is shown itself.
    let listed = if sections.len() == LISTED_SECTIONS + 1 { sections.len() } else { LISTED_SECTIONS.min(sections.len()) };
    let (listed, rest) = sections.split_at(listed);
    let mut rows: Vec<Vec<String>> =
        listed.iter().map(|(bytes, name)| vec![format!("  {}", shown(name)), grouped(*bytes)]).collect();
    if !rest.is_empty() {
        rows.push(vec![format!("  {} others", rest.len()), grouped(rest.iter().map(|(bytes, _)| bytes).sum())]);
    }
    rows
}

/// Bounds by export. Reasons stand below, each once, and are referred to by number.
fn exports(cost: &Cost) -> String {
    let mut rows = vec![["call", "stack", "fuel"].map(str::to_owned).to_vec()];
    let mut reasons: Vec<&str> = Vec::new();
    let count = cost.calls().count();
    let mut cell = |bound| match bound {
        &Bound::AtMost(most) => grouped(most),
        Bound::Unbounded(reason) => {
            let known = reasons.iter().position(|other| other == reason);
            let number = known.unwrap_or_else(|| {
                reasons.push(reason);
                reasons.len() - 1
            });
            format!("[{}]", number + 1)
        }
    };
    for (name, bounds) in cost.calls().take(LISTED_EXPORTS) {
        rows.push(vec![shown(name), cell(&bounds.stack_bytes), cell(&bounds.fuel)]);
    }
    if rows.len() == 1 {
        return String::new();
    }
    let mut text = format!("\n{}", table(&rows));
    if count > LISTED_EXPORTS {
        text.push_str(&format!("and {} more; --json lists them all\n", count - LISTED_EXPORTS));
    }
    for (index, reason) in reasons.iter().enumerate() {
        text.push_str(&format!("[{}] unbounded: {}\n", index + 1, harmless(reason)));
    }
    text
}

fn functions(cost: &Cost) -> String {
    let mut rows = vec![["function", "code", "frame"].map(str::to_owned).to_vec()];
    for function in cost.largest_functions() {
        rows.push(vec![function.title(), grouped(function.code_bytes.into()), grouped(function.frame_bytes.into())]);
    }
    format!("\n{}", table(&rows))
}

#[cfg(test)]
mod tests {
    use super::super::{Bounds, Export, Function, Section};
    use super::{Bound, Cost, Kind, render};

    fn cost() -> Cost {
        let section = |name: &str, kind, bytes| Section { name: name.to_owned(), kind, bytes };
        let mut sections = vec![section(".text.sg.m", Kind::Code, 1_200), section(".bss.memory.sg.m", Kind::Zero, 65_536)];
        sections.extend((1..=6).map(|index| section(&format!(".rodata.sg.type.{index}"), Kind::ReadOnly, index)));
        let export = |name: &str, stack_bytes, fuel| Export { name: name.to_owned(), bounds: Bounds { stack_bytes, fuel } };
        let recursion = || Bound::Unbounded("recursion: fib → fib".to_owned());
        let function =
            |index, name: &str, code_bytes| Function { index, name: Some(name.to_owned()), code_bytes, frame_bytes: 16 };
        Cost {
            module: "m".to_owned(),
            target: "aarch64".to_owned(),
            cpu: "generic".to_owned(),
            code_bytes: 1_200,
            read_only_bytes: 21,
            zero_bytes: 65_600,
            memory_bytes: 65_536,
            sections,
            functions: vec![function(0, "add", 12), function(1, "fib", 96)],
            exports: vec![export("add", Bound::AtMost(1_296), Bound::AtMost(4)), export("fib", recursion(), recursion())],
            notes: vec!["the stack begins beyond".to_owned()],
            ..Cost::default()
        }
    }

    #[test]
    fn the_table_is_this() {
        let expected = "\
m for aarch64 (generic)

                        bytes
code                    1,200
  .text.sg.m            1,200
read-only data             21
  .rodata.sg.type.6         6
  .rodata.sg.type.5         5
  .rodata.sg.type.4         4
  .rodata.sg.type.3         3
  2 others                  3
initialised data            0
zeroed RAM             65,600
  .bss.memory.sg.m     65,536

flash                   1,221
RAM                    65,600
  memory               65,536
  tables                    0
  globals and records      64

call  stack  fuel
add   1,296     4
fib     [1]   [1]
[1] unbounded: recursion: fib → fib

function  code  frame
#1 fib      96     16
#0 add      12     16

note: the stack begins beyond
";
        assert_eq!(render(&cost(), true), expected);
        assert!(!render(&cost(), false).contains("function"));
    }

    #[test]
    fn long_lists_end() {
        let mut many = cost();
        many.exports = vec![many.exports[1].clone(); 100];
        let text = render(&many, false);
        assert!(text.contains("and 76 more"), "{text}");
        assert_eq!(text.matches("recursion").count(), 1, "{text}");
    }
}

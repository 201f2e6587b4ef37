//! `size`: the runtime library and the example firmwares against their committed footprint.

use crate::files;
use crate::sizes::{self, Footprint, Sizes, TEXT_LIMIT_BYTES};
use crate::stages::Tally;
use crate::tools;
use saggar::console::{grouped, table};
use saggar::failure::{Exit, Failure, Outcome};
use saggar_compiler::target::Arch;
use std::collections::BTreeMap;
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  cargo xtask size
  cargo xtask size --bless      record the sizes in footprint.toml";

/// Measure the runtime library and the example firmwares against their committed footprint
///
/// Bytes of the whole runtime library on each target, by function, images of small modules, and the example firmwares. The bars: at most 4 KiB of
/// text, no writable data. A rise above 1 % against footprint.toml needs a line in the newest section of CHANGELOG.md that says
/// `size` and names the target.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write footprint.toml anew
    #[arg(long)]
    bless: bool,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// Rises up to this part of the committed size need no explanation, in hundredths.
const TOLERATED_RISE_PERCENT: u64 = 1;

const HEADER: &str = "\
# Bytes of the runtime library on each target, all of it and by function, of images of small modules, and of the example firmwares.
# Written by `cargo xtask size --bless`; the test command compares.

";

type Footprints = BTreeMap<String, Footprint>;

fn footprint_file() -> PathBuf {
    files::root().join("footprint.toml")
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    let measured = measure()?;
    if args.bless {
        let body = toml::to_string(&measured).map_err(|error| Failure::new(Exit::Internal, error.to_string()))?;
        files::write(&footprint_file(), format!("{HEADER}{body}").as_bytes())?;
    }
    if args.json {
        println!("{}", serde_json::json!(measured));
    } else {
        print_people(&measured);
    }
    Ok(if report(&judge(&measured)?).failed == 0 { Exit::Ok } else { Exit::Failed })
}

/// The sizes against bars and footprint; a stage of `test`.
pub(crate) fn check() -> Outcome<Tally> {
    Ok(report(&judge(&measure()?)?))
}

fn measure() -> Outcome<Footprints> {
    tools::ensure(&[tools::TARGETS, tools::C, tools::GUESTS, tools::FIRMWARE])?;
    Arch::ALL.into_iter().map(|arch| Ok((arch.name().to_owned(), sizes::measure(arch)?))).collect()
}

/// One line for each check that failed, beside how many there were.
struct Judgement {
    checks: u64,
    failures: Vec<String>,
}

fn judge(measured: &Footprints) -> Outcome<Judgement> {
    let committed = toml::from_str(&String::from_utf8_lossy(&files::read(&footprint_file())?)).map_err(|error| {
        Failure::new(Exit::Io, error.to_string()).in_file(&footprint_file()).help("`size --bless` writes it anew")
    })?;
    Ok(compare(measured, &committed, &files::changelog()))
}

fn compare(measured: &Footprints, committed: &Footprints, changelog: &str) -> Judgement {
    let newest = changelog.split("\n## ").nth(1).unwrap_or_default().to_lowercase();
    let explained = |target: &str| newest.lines().any(|line| line.contains("size") && line.contains(target));
    let mut judgement = Judgement { checks: 0, failures: Vec::new() };
    let mut check = |good: bool, failure: String| {
        judgement.checks += 1;
        if !good {
            judgement.failures.push(failure);
        }
    };
    for (target, now) in measured {
        let text = now.runtime.text;
        check(text <= TEXT_LIMIT_BYTES, format!("{target}: {text} bytes of text, more than {TEXT_LIMIT_BYTES}"));
        let writable = now.runtime.data + now.runtime.zero;
        check(writable == 0, format!("{target}: the runtime library has {writable} bytes of writable data"));
        let Some(before) = committed.get(target) else {
            check(false, format!("{target}: not in footprint.toml"));
            continue;
        };
        let mut pairs = vec![("runtime library", &before.runtime, &now.runtime)];
        for (name, image) in &now.images {
            let Some(before) = before.images.get(name) else {
                check(false, format!("{target}: the image {name} is not in footprint.toml"));
                continue;
            };
            pairs.push((name, before, image));
        }
        for (what, before, now) in pairs {
            let risen = loaded(now) * 100 > loaded(before) * (100 + TOLERATED_RISE_PERCENT);
            let line =
                format!("{target}: {what} rose from {} to {} bytes; CHANGELOG.md says nothing", loaded(before), loaded(now));
            check(!risen || explained(target), line);
        }
    }
    judgement
}

/// What an image takes of flash.
fn loaded(sizes: &Sizes) -> u64 {
    sizes.text + sizes.read_only + sizes.data
}

fn report(judgement: &Judgement) -> Tally {
    for failure in &judgement.failures {
        eprintln!("size: {failure}");
    }
    let failed = u64::try_from(judgement.failures.len()).unwrap_or(u64::MAX);
    Tally { passed: judgement.checks - failed, failed }
}

fn print_people(measured: &Footprints) {
    let mut rows = vec![["", "text", "rodata", "data", "bss"].map(str::to_owned).to_vec()];
    for (target, footprint) in measured {
        rows.push(row(format!("{target} runtime library"), &footprint.runtime));
        rows.extend(footprint.images.iter().map(|(name, image)| row(format!("{target} image of `{name}`"), image)));
    }
    println!("{}", table(&rows));
    let mut rows = vec![[vec!["function".to_owned()], measured.keys().cloned().collect()].concat()];
    let names: std::collections::BTreeSet<&String> =
        measured.values().flat_map(|footprint| footprint.runtime.functions.keys()).collect();
    for name in names {
        let bytes =
            |footprint: &Footprint| footprint.runtime.functions.get(name).map_or_else(|| "-".to_owned(), |size| grouped(*size));
        rows.push([vec![name.clone()], measured.values().map(bytes).collect()].concat());
    }
    println!("{}", table(&rows));
}

fn row(name: String, sizes: &Sizes) -> Vec<String> {
    let mut row = vec![name];
    row.extend([sizes.text, sizes.read_only, sizes.data, sizes.zero].map(grouped));
    row
}

#[cfg(test)]
mod tests {
    use super::{Footprints, compare};
    use crate::sizes::{Footprint, Sizes};

    fn footprints(text: u64, zero: u64) -> Footprints {
        let sizes = Sizes { text, zero, ..Sizes::default() };
        [("aarch64".to_owned(), Footprint { runtime: sizes, images: Default::default() })].into()
    }

    fn failures(now: u64, before: u64, changelog: &str) -> usize {
        compare(&footprints(now, 0), &footprints(before, 0), changelog).failures.len()
    }

    #[test]
    fn a_rise_needs_its_line() {
        assert_eq!(failures(1010, 1000, ""), 0);
        assert_eq!(failures(1011, 1000, ""), 1);
        assert_eq!(failures(900, 1000, ""), 0);
        assert_eq!(failures(1011, 1000, "# Changelog\n\n## Next\n- Size: aarch64 +11 bytes, for reasons\n"), 0);
        assert_eq!(failures(1011, 1000, "# Changelog\n\n## Next\n\n## 0.1\n- Size: aarch64 +11 bytes\n"), 1);
    }

    #[test]
    fn the_bars_hold_whatever_is_committed() {
        assert_eq!(failures(4097, 4097, ""), 1);
        assert_eq!(compare(&footprints(10, 8), &footprints(10, 8), "").failures.len(), 1);
        assert_eq!(compare(&footprints(10, 0), &Footprints::new(), "").failures.len(), 1);
    }
}

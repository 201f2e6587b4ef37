//! Results as plain text.

use super::contestants::{CLANG, SAGGAR, WASMTIME};
use super::counts::{Cost, Counts};
use super::statistics::geometric_mean;
use super::times::{Times, Verdict};
use super::weight::{HEAVY_CPU_SECONDS, HEAVY_PEAK_BYTES, HeavyCompile};
use crate::guests::Features;
use std::fmt::Write as _;

/// A table of text: the first column to the left, the others to the right.
struct Columns {
    rows: Vec<Vec<String>>,
}

impl Columns {
    fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Columns {
        Columns { rows: vec![header.into_iter().map(str::to_owned).collect()] }
    }

    fn row(&mut self, name: &str, cells: impl IntoIterator<Item = String>) {
        self.rows.push(std::iter::once(name.to_owned()).chain(cells).collect());
    }

    fn render(&self, out: &mut String) {
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        for row in &self.rows {
            for (index, cell) in row.iter().enumerate() {
                let width = width(index);
                let _ = if index == 0 { write!(out, "{cell:<width$}") } else { write!(out, "  {cell:>width$}") };
            }
            out.push('\n');
        }
        out.push('\n');
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
fn ratio(above: u64, below: u64) -> f64 {
    above as f64 / below as f64
}

/// The exact counts: ours, clang's, and the ratio, of instructions and of bytes, on every target.
#[must_use]
pub fn counts(counts: &Counts) -> String {
    let mut out = String::new();
    let mut arches: Vec<&String> = counts.programs.values().flat_map(|costs| costs.keys()).collect();
    arches.sort();
    arches.dedup();
    // Other rows than the default ones have guests only, which stand in a table of their own.
    arches.retain(|arch| !arch.contains('/'));
    for arch in arches {
        let costs = || counts.programs.iter().filter_map(|(name, costs)| Some((name, costs.get(arch)?)));
        let _ = writeln!(
            out,
            "{arch}: executed instructions of one call, and bytes of code; clang is clang -O2 for the same target\n"
        );
        let mut columns = Columns::new(["program", "saggar", "clang", "ratio", "saggar B", "clang B", "ratio"]);
        for (name, cost) in costs() {
            let number = |value: Option<u64>| value.map_or_else(|| "–".to_owned(), |value| value.to_string());
            columns.row(
                name,
                [
                    number(cost.saggar_instructions),
                    number(cost.clang_instructions),
                    instructions_ratio(cost).map_or_else(|| "–".to_owned(), two_digits),
                    cost.saggar_code_bytes.to_string(),
                    number(cost.clang_code_bytes),
                    bytes_ratio(cost).map_or_else(|| "–".to_owned(), two_digits),
                ],
            );
        }
        let instructions: Vec<f64> = costs().filter_map(|(_, cost)| instructions_ratio(cost)).collect();
        let mean = if instructions.is_empty() { "–".to_owned() } else { two_digits(geometric_mean(instructions)) };
        let bytes = two_digits(geometric_mean(costs().filter_map(|(_, cost)| bytes_ratio(cost))));
        columns.row("geometric mean", [String::new(), String::new(), mean, String::new(), String::new(), bytes]);
        columns.render(&mut out);
        meters(arch, costs, &mut out);
    }
    vectors(counts, &mut out);
    out
}

/// The guests without vectors and with them, on every row.
fn vectors(counts: &Counts, out: &mut String) {
    let mut columns = Columns::new(["guest", "row", "scalar", "simd128", "ratio", "scalar B", "simd128 B", "ratio"]);
    let mut any = false;
    for (name, with) in &counts.programs {
        let Some(scalar) = Features::scalar_name(name).and_then(|name| Some((name, counts.programs.get(name)?))) else {
            continue;
        };
        for (row, with) in with {
            let Some(without) = scalar.1.get(row) else { continue };
            let executed = without.saggar_instructions.zip(with.saggar_instructions);
            let (executed, before, after) = match executed {
                Some((before, after)) => (two_digits(ratio(after, before)), before.to_string(), after.to_string()),
                None => Default::default(),
            };
            let bytes = two_digits(ratio(with.saggar_code_bytes, without.saggar_code_bytes));
            let sizes = [without.saggar_code_bytes.to_string(), with.saggar_code_bytes.to_string(), bytes];
            columns.row(scalar.0, [row.clone(), before, after, executed].into_iter().chain(sizes));
            any = true;
        }
    }
    if any {
        out.push_str("guests without vectors and with them: executed instructions, and bytes of code\n\n");
        columns.render(out);
    }
}

/// What each meter costs: instructions and bytes relative to code without.
fn meters<'c, I: Iterator<Item = (&'c String, &'c Cost)>>(arch: &str, costs: impl Fn() -> I, out: &mut String) {
    let _ = writeln!(out, "{arch}: what meters cost: instructions and bytes of code, relative to unmetered code\n");
    let mut columns = Columns::new(["program", "fuel", "flag", "fuel B", "flag B"]);
    let part = |above: Option<u64>, below: Option<u64>| Some(ratio(above?, below?));
    let ratios = |cost: &Cost| {
        [
            part(cost.fuel_instructions, cost.saggar_instructions),
            part(cost.flag_instructions, cost.saggar_instructions),
            part(cost.fuel_code_bytes, Some(cost.saggar_code_bytes)),
            part(cost.flag_code_bytes, Some(cost.saggar_code_bytes)),
        ]
    };
    let cell = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), two_digits);
    for (name, cost) in costs() {
        columns.row(name, ratios(cost).map(cell));
    }
    // Guests are what nobody else compiled here.
    for (name, guests) in [("geometric mean", false), ("that of guests", true)] {
        let mean = |index: usize| {
            let chosen = costs().filter(|(_, cost)| cost.clang_code_bytes.is_none() == guests);
            let values: Vec<f64> = chosen.filter_map(|(_, cost)| ratios(cost)[index]).collect();
            (!values.is_empty()).then(|| geometric_mean(values))
        };
        columns.row(name, [0, 1, 2, 3].map(|index| cell(mean(index))));
    }
    columns.render(out);
}

fn instructions_ratio(cost: &Cost) -> Option<f64> {
    Some(ratio(cost.saggar_instructions?, cost.clang_instructions?))
}

fn bytes_ratio(cost: &Cost) -> Option<f64> {
    Some(ratio(cost.saggar_code_bytes, cost.clang_code_bytes?))
}

fn two_digits(value: f64) -> String {
    format!("{value:.2}")
}

/// The times, code sizes and compile times on x86_64, and the verdict.
#[must_use]
pub fn times(times: &Times) -> String {
    let mut out = String::new();
    time_ratios(times, &mut out);
    weights(times, &mut out);
    if let Some(heavy) = &times.heavy {
        out.push_str(&self::heavy(heavy));
    }
    verdict(times, &mut out);
    out
}

fn time_ratios(times: &Times, out: &mut String) {
    let others: Vec<&str> = times.engines.iter().copied().filter(|&name| name != CLANG).collect();
    let _ = writeln!(out, "x86_64: time relative to clang -O2 (medians of {} interleaved rounds)\n", times.rounds);
    let header = ["program", "clang µs"].into_iter().chain(others.iter().copied());
    let to_wasmtime = times.saggar_to.contains_key(WASMTIME);
    let mut columns = Columns::new(header.chain(to_wasmtime.then_some("saggar/wasmtime")));
    let cell = |value: Option<&f64>| value.map_or_else(|| "–".to_owned(), |&value| two_digits(value));
    for program in &times.programs {
        let clang = program.nanoseconds.get(CLANG).map_or_else(String::new, |ns| format!("{:.0}", ns / 1e3));
        let ratios = others.iter().map(|&name| cell(program.to_clang.get(name)));
        let last = to_wasmtime.then(|| cell(program.saggar_to.get(WASMTIME)));
        columns.row(program.name, std::iter::once(clang).chain(ratios).chain(last));
    }
    let ratios = others.iter().map(|&name| cell(times.to_clang.get(name)));
    let last = to_wasmtime.then(|| cell(times.saggar_to.get(WASMTIME)));
    columns.row("geometric mean", std::iter::once(String::new()).chain(ratios).chain(last));
    columns.render(out);
}

fn weights(times: &Times, out: &mut String) {
    out.push_str("x86_64: bytes of code, and milliseconds to compile on one thread\n\n");
    let mut columns = Columns::new([
        "program",
        "clang B",
        "saggar B",
        "wasm2c gcc -O2 B",
        "wasm2c gcc -Os B",
        "saggar ms",
        "wasmtime ms",
        "wasm2c clang -O2 ms",
    ]);
    for program in &times.programs {
        let weight = &program.weight;
        let sizes = [weight.clang_bytes, weight.saggar_bytes, weight.wasm2c_o2_bytes, weight.wasm2c_os_bytes];
        let durations = [Some(weight.saggar_ms), weight.wasmtime_ms, Some(weight.wasm2c_clang_ms)];
        let durations = durations.map(|ms| ms.map_or_else(|| "–".to_owned(), two_digits));
        columns.row(program.name, sizes.map(|bytes| bytes.to_string()).into_iter().chain(durations));
    }
    columns.render(out);
}

/// The compilation of a large module.
#[must_use]
pub fn heavy(heavy: &HeavyCompile) -> String {
    let mut out = String::new();
    let limit_mb = HEAVY_PEAK_BYTES / 1_000_000;
    let _ = writeln!(
        out,
        "{} ({} bytes) compiled on one thread; limits {HEAVY_CPU_SECONDS} CPU seconds and {limit_mb} MB: {}\n",
        heavy.module,
        heavy.module_bytes,
        if heavy.within_limits() { "kept" } else { "EXCEEDED" }
    );
    let mut columns = Columns::new(["target", "CPU s", "peak MB", "object bytes"]);
    for target in &heavy.targets {
        let peak = format!("{:.0}", ratio(target.peak_bytes, 1_000_000));
        columns.row(target.arch, [two_digits(target.cpu_seconds), peak, target.object_bytes.to_string()]);
    }
    columns.render(&mut out);
    out
}

fn verdict(times: &Times, out: &mut String) {
    let ratio = times.saggar_to.get(WASMTIME).copied().unwrap_or(f64::NAN);
    let bar = "no slower than wasmtime with explicit checks, by the geometric mean of one run";
    let _ = match times.verdict() {
        Verdict::Met => writeln!(out, "bar met: {bar} ({SAGGAR} takes {ratio:.3} of wasmtime's time)"),
        Verdict::Missed => writeln!(out, "bar MISSED: {bar} ({SAGGAR} takes {ratio:.3} of wasmtime's time)"),
        Verdict::NotMeasured => writeln!(out, "bar not measured: wasmtime did not take part"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_align() {
        let cost = Cost {
            saggar_instructions: Some(150),
            clang_instructions: Some(100),
            saggar_code_bytes: 400,
            clang_code_bytes: Some(200),
            fuel_instructions: Some(300),
            fuel_code_bytes: Some(500),
            ..Cost::default()
        };
        let mut all = Counts::default();
        all.programs.entry("fir".into()).or_default().insert("aarch64".into(), cost);
        let text = counts(&all);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[2].starts_with("program") && lines[3].starts_with("fir"), "{text}");
        assert_eq!(lines[3].chars().count(), lines[2].chars().count(), "{text}");
        assert!(lines[3].contains("1.50") && lines[4].ends_with("2.00"), "{text}");
        let meters = lines.iter().filter(|line| line.starts_with("fir") && line.contains("1.25"));
        assert_eq!(
            meters.map(|line| line.split_whitespace().collect::<Vec<_>>()).next().unwrap(),
            ["fir", "2.00", "–", "1.25", "–"]
        );
    }
}

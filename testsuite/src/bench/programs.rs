//! The table of benchmark programs. Their sources are `testsuite/bench/programs/NAME.c`.

use serde::Serialize;

/// What a program stresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Signal processing.
    Dsp,
    /// Integer arithmetic, bytes, branches.
    Integer,
    /// Floating point.
    Float,
    /// Calls through tables.
    Indirect,
    /// Mutable statics.
    Globals,
    /// Copies and fills.
    Bulk,
    /// Direct calls, deep.
    Recursion,
}

/// A benchmark program.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Its name, which is that of its source.
    pub name: &'static str,
    /// What it stresses.
    pub family: Family,
    /// The argument of `run`: two to five million native instructions. Counts and checksums are those of this
    /// argument, so changing it means to write `costs.toml` anew.
    pub n: u32,
}

const fn row(name: &'static str, family: Family, n: u32) -> Program {
    Program { name, family, n }
}

/// Every program.
pub const PROGRAMS: &[Program] = &[
    row("fir", Family::Dsp, 60),
    row("biquad", Family::Dsp, 150),
    row("fft", Family::Dsp, 60),
    row("mix", Family::Dsp, 60),
    row("mfcc", Family::Dsp, 200),
    row("crc32", Family::Integer, 100),
    row("sha256", Family::Integer, 30),
    row("sort", Family::Integer, 6),
    row("sieve", Family::Integer, 8),
    row("matmul_i32", Family::Integer, 10),
    row("base64", Family::Integer, 40),
    row("search", Family::Integer, 20),
    row("lz", Family::Integer, 8),
    row("json", Family::Integer, 40),
    row("nbody", Family::Float, 100),
    row("mandelbrot", Family::Float, 10),
    row("matmul_f32", Family::Float, 5),
    row("interpreter", Family::Indirect, 5),
    row("dispatch", Family::Indirect, 100),
    row("generators", Family::Globals, 400),
    row("protocol", Family::Globals, 12),
    row("bulk", Family::Bulk, 60),
    row("ring", Family::Bulk, 100),
    row("recursion", Family::Recursion, 30),
    row("queens", Family::Recursion, 20),
];

#[cfg(test)]
mod tests {
    use super::PROGRAMS;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// A source without a row would never run; a row without a source fails anyway.
    #[test]
    fn every_source_has_a_row() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/programs");
        let sources: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder of programs")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "c"))
            .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
            .collect();
        let rows: BTreeSet<String> = PROGRAMS.iter().map(|program| program.name.to_owned()).collect();
        assert_eq!(sources, rows);
        assert!(rows.len() >= 16);
    }
}

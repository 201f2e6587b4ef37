//! From the target's features to a row of the compiler's table.

use crate::cargo::Cargo;
use crate::error::Error;
use saggar_compiler::target::{Arch, CPUS, Cpu, Target};

/// What Rust calls the features that generated code for a row may use. A row of the compiler that is not here is never chosen by
/// itself.
const FEATURES: &[(&str, &[&str])] = &[
    ("baseline", &["sse2"]),
    ("sse4.1", &["sse2", "sse3", "ssse3", "sse4.1"]),
    ("avx2", &["sse2", "sse3", "ssse3", "sse4.1", "sse4.2", "popcnt", "avx", "avx2", "fma", "bmi1", "bmi2", "lzcnt"]),
    ("generic", &["neon"]),
    ("cortex-a53", &["neon"]),
    ("cortex-a72", &["neon"]),
    ("cortex-a76", &["neon", "lse", "dotprod"]),
    ("rv64gc", &["m", "a", "f", "d", "c"]),
    ("rv64gc-zb", &["m", "a", "f", "d", "c", "zba", "zbb", "zbs"]),
    ("rv64gc-zb-zicond", &["m", "a", "f", "d", "c", "zba", "zbb", "zbs", "zicond"]),
    ("rv64gcv", &["m", "a", "f", "d", "c", "v"]),
    ("rv64gcv-zb", &["m", "a", "f", "d", "c", "v", "zba", "zbb", "zbs"]),
];

/// The largest row that the target's features allow, or the one of this name.
///
/// # Errors
/// When the target is none that objects can be made for, or has no such row.
pub(crate) fn choose(cargo: &Cargo, cpu: Option<&str>) -> Result<Target, Error> {
    let refuse = |reason: String, help: &str| Error::Target { target: cargo.target.clone(), reason, help: help.to_owned() };
    let Some(arch) = Arch::ALL.into_iter().find(|arch| arch.name() == cargo.arch) else {
        return Err(refuse(format!("there is no code generator for {}", cargo.arch), "build for x86_64, aarch64 or riscv64"));
    };
    if cargo.endian != "little" || matches!(cargo.os.as_str(), "windows" | "macos" | "ios" | "uefi") {
        return Err(refuse("it does not use little-endian ELF objects".to_owned(), "build for Linux or for no operating system"));
    }
    if let Some(name) = cpu {
        let rows: Vec<&str> = rows(arch).map(|row| row.name).collect();
        let missing = || refuse(format!("it has no CPU `{name}`"), &format!("take one of {}", rows.join(", ")));
        return Target::find(arch.name(), Some(name)).ok_or_else(missing);
    }
    // Vectors in registers are worth more than anything else; of equals the first, which is the row that the commands take too.
    let allowed = rows(arch).filter(|row| lacking(row, cargo).is_empty()).rev();
    let row = allowed.max_by_key(|row| needs(row).map_or((false, 0), |needs| (needs.contains(&"v"), needs.len()))).ok_or_else(
        || {
            let lacking = rows(arch).next().map(|row| lacking(row, cargo).join(", ")).unwrap_or_default();
            refuse(
                format!("the smallest CPU row needs what this target has not: {lacking}"),
                "build for a target with floating point in registers; guests pass floats to their host there",
            )
        },
    )?;
    Ok(Target::find(arch.name(), Some(row.name)).unwrap_or_else(|| Target::new(arch)))
}

fn rows(arch: Arch) -> impl DoubleEndedIterator<Item = &'static Cpu> {
    CPUS.iter().filter(move |row| row.arch == arch)
}

/// What a row needs; `None` for one that the table above does not know.
fn needs(row: &Cpu) -> Option<&'static [&'static str]> {
    FEATURES.iter().find(|(name, _)| *name == row.name).map(|(_, features)| *features)
}

/// What a row needs and the target has not.
fn lacking(row: &Cpu, cargo: &Cargo) -> Vec<&'static str> {
    let Some(needs) = needs(row) else { return vec!["a feature that this crate does not know"] };
    needs.iter().filter(|feature| !cargo.features.iter().any(|name| name == *feature)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::{Cargo, FEATURES, choose};
    use saggar_compiler::target::CPUS;

    fn cargo(arch: &str, os: &str, features: &str) -> Cargo {
        Cargo {
            target: format!("{arch}-{os}"),
            arch: arch.to_owned(),
            os: os.to_owned(),
            endian: "little".to_owned(),
            features: features.split(',').map(str::to_owned).collect(),
            out_dir: "out".into(),
            manifest_dir: ".".into(),
        }
    }

    fn row(arch: &str, features: &str) -> &'static str {
        choose(&cargo(arch, "none", features), None).unwrap().cpu().name
    }

    #[test]
    fn every_row_is_known() {
        for cpu in CPUS {
            assert!(FEATURES.iter().any(|(name, _)| *name == cpu.name), "say what Rust calls the features of {}", cpu.name);
        }
        assert_eq!(FEATURES.len(), CPUS.len());
    }

    #[test]
    fn features_choose_the_row() {
        assert_eq!(row("x86_64", "fxsr,sse,sse2"), "baseline");
        assert_eq!(row("x86_64", "sse,sse2,sse3,sse4.1,sse4.2,ssse3,avx"), "sse4.1");
        let haswell = "sse,sse2,sse3,sse4.1,sse4.2,ssse3,popcnt,avx,avx2,fma,f16c,bmi1,bmi2,lzcnt,movbe,fxsr";
        assert_eq!(row("x86_64", haswell), "avx2");
        assert_eq!(row("aarch64", "neon"), "generic");
        assert_eq!(row("aarch64", "dotprod,fp16,lse,neon"), "cortex-a76");
        assert_eq!(row("aarch64", "lse,neon"), "generic");
        assert_eq!(row("riscv64", "a,c,d,f,m,zicsr,zifencei"), "rv64gc");
        assert_eq!(row("riscv64", "a,c,d,f,m,zba,zbb,zbs"), "rv64gc-zb");
        assert_eq!(row("riscv64", "a,c,d,f,m,zba,zbb,zbs,zicond"), "rv64gc-zb-zicond");
        assert_eq!(row("riscv64", "a,c,d,f,m,v,zicsr"), "rv64gcv");
        assert_eq!(row("riscv64", "a,c,d,f,m,v,zba,zbb,zbs,zicond"), "rv64gcv-zb");
    }

    #[test]
    fn a_name_goes_before_features() {
        let linux = cargo("aarch64", "linux", "neon");
        assert_eq!(choose(&linux, Some("cortex-a76")).unwrap().cpu().name, "cortex-a76");
        let message = choose(&linux, Some("rv64gc")).unwrap_err().to_string();
        assert!(message.contains("no CPU `rv64gc`") && message.contains("cortex-a53"), "{message}");
    }

    #[test]
    fn other_targets_are_refused_with_what_they_lack() {
        let refused = |cargo: &Cargo, part: &str| {
            let message = choose(cargo, None).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        };
        refused(&cargo("arm", "none", "thumb2"), "no code generator for arm");
        refused(&cargo("x86_64", "windows", "sse2"), "ELF");
        refused(&cargo("x86_64", "none", "fxsr"), "sse2");
        refused(&cargo("aarch64", "none", ""), "neon");
        refused(&cargo("riscv64", "none", "m,a,c"), "f, d");
        refused(&Cargo { endian: "big".to_owned(), ..cargo("aarch64", "none", "neon") }, "little-endian");
    }
}

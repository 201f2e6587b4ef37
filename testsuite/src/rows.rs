//! The rows of the target's table, and the machines that run them: the smallest model of the emulator that has what a row declares, so that an
//! instruction that it does not declare dies.

use crate::target::RunnerOptions;
use saggar_compiler::target::{Arch, CPUS, Cpu, Target};

/// Where a row's code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// On this model of the emulator; `None` for its default, and on x86-64 for the machine itself.
    Model(Option<&'static str>),
    /// Nowhere here, for this reason.
    Absent(&'static str),
}

/// Vectors of 128 bits, and no other extension of the rows'.
const RISCV64_V: &str = "rv64,v=true,vlen=128,elen=64,vext_spec=v1.0,zba=false,zbb=false,zbc=false,zbs=false";
/// The same with Zba, Zbb and Zbs.
const RISCV64_V_ZB: &str = "rv64,v=true,vlen=128,elen=64,vext_spec=v1.0,zbc=false";

/// A machine of `rv64gcv` whose vector registers have twice the least width.
pub const RISCV64_WIDE: &str = "rv64,v=true,vlen=256,elen=64,vext_spec=v1.0,zba=false,zbb=false,zbc=false,zbs=false";

/// The machine of a row.
#[must_use]
pub fn machine(target: Target) -> Machine {
    let cpu = target.cpu();
    match (cpu.arch, cpu.name) {
        (Arch::X86_64, "avx2") => avx2(),
        (Arch::X86_64, _) => Machine::Model(None),
        (Arch::Aarch64, "cortex-a76") => Machine::Model(Some("max")),
        (Arch::Aarch64, _) => Machine::Model(Some("cortex-a53")),
        (Arch::Riscv64, "rv64gc") => Machine::Model(Some("sifive-u54")),
        (Arch::Riscv64, "rv64gc-zb") => Machine::Model(Some("rv64")),
        (Arch::Riscv64, "rv64gcv") => Machine::Model(Some(RISCV64_V)),
        (Arch::Riscv64, "rv64gcv-zb") => Machine::Model(Some(RISCV64_V_ZB)),
        (Arch::Riscv64, _) => Machine::Absent("QEMU 7.2 has no such machine"),
    }
}

#[cfg(target_arch = "x86_64")]
fn avx2() -> Machine {
    let there = std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
    if there { Machine::Model(None) } else { Machine::Absent("this machine has no AVX2") }
}

#[cfg(not(target_arch = "x86_64"))]
fn avx2() -> Machine {
    Machine::Absent("this machine is no x86-64")
}

/// The options for a runner of a row; `None` where it cannot run here.
#[must_use]
pub fn runner_options(target: Target) -> Option<RunnerOptions> {
    match machine(target) {
        Machine::Model(model) => Some(RunnerOptions { cpu: model.map(str::to_owned), ..RunnerOptions::default() }),
        Machine::Absent(_) => None,
    }
}

/// The rows of an architecture that run here and of which no other, further up in the table, has the same code.
#[must_use]
pub fn distinct(arch: Arch) -> Vec<Target> {
    let mut chosen: Vec<&Cpu> = Vec::new();
    for cpu in CPUS.iter().filter(|cpu| cpu.arch == arch) {
        if !chosen.iter().any(|other| other.has_code_of(cpu)) {
            chosen.push(cpu);
        }
    }
    let target = |cpu: &&Cpu| Target::find(arch.name(), Some(cpu.name));
    chosen.iter().filter_map(target).filter(|target| runner_options(*target).is_some()).collect()
}

/// The name under which a row is reported: the architecture, and the row unless it is the default.
#[must_use]
pub fn name(target: Target) -> String {
    let arch = target.arch();
    if target == Target::new(arch) { arch.name().to_owned() } else { format!("{}/{}", arch.name(), target.cpu().name) }
}

/// Whether a runner's end, by its message, is a defect of the emulator: QEMU before 8.1 aborts where it translates a vector conversion
/// with a rounding mode of its own (`vfcvt.rtz`) after a scalar one with another, by an assertion in `decode_save_opc` (its issue 1441).
#[must_use]
pub fn is_emulators_fault(target: Target, message: &str) -> bool {
    target.arch() == Arch::Riscv64 && target.has_vectors() && message.contains("SIGABRT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_the_same_code_are_one() {
        let names = |arch| distinct(arch).into_iter().map(|target| target.cpu().name).collect::<Vec<_>>();
        assert_eq!(names(Arch::Aarch64), ["generic", "cortex-a76"]);
        assert_eq!(names(Arch::Riscv64), ["rv64gc", "rv64gc-zb", "rv64gcv", "rv64gcv-zb"]);
        assert_eq!(names(Arch::X86_64)[..2], ["baseline", "sse4.1"]);
    }

    #[test]
    fn a_default_row_is_named_by_its_architecture() {
        assert_eq!(name(Target::new(Arch::Riscv64)), "riscv64");
        assert_eq!(Target::find("riscv64", Some("rv64gcv")).map(name).as_deref(), Some("riscv64/rv64gcv"));
    }
}

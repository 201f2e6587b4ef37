//! The deliberate bugs.

use saggar_compiler::fault::Fault;
use saggar_compiler::target::Arch;

/// A deliberate bug.
#[derive(Clone, Debug)]
pub struct Bug {
    /// What reports call it.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// Where it is looked for, in this order, until it is caught.
    pub arches: &'static [Arch],
}

/// Where a bug is, and what switches it on.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// In the compiler.
    Compiler(Fault),
    /// In the runtime library, as a feature of that crate.
    Runtime(&'static str),
}

/// The bugs of the runtime library: what is written in assembly is written for each target anew, and so a row each; what is
/// not is the same everywhere.
const RUNTIME: &[(&str, &[Arch])] = &[
    ("fault-register-lost", &[Arch::X86_64, Arch::Aarch64, Arch::Riscv64]),
    // No floating-point register is kept on x86-64.
    ("fault-float-register-lost", &[Arch::Aarch64, Arch::Riscv64]),
    ("fault-float-control-lost", &[Arch::X86_64, Arch::Aarch64, Arch::Riscv64]),
    // On RISC-V every instruction of a guest names its rounding mode.
    ("fault-float-control-inherited", &[Arch::X86_64, Arch::Aarch64]),
    ("fault-trap-sp-not-restored", &[Arch::X86_64, Arch::Aarch64, Arch::Riscv64]),
    ("fault-copy-forward", &[Arch::X86_64, Arch::Aarch64, Arch::Riscv64]),
    ("fault-grow-past-reserve", &[Arch::X86_64]),
    ("fault-busy-ignored", &[Arch::X86_64]),
    ("fault-not-instantiated-ignored", &[Arch::X86_64]),
    ("fault-headroom-ignored", &[Arch::X86_64]),
    ("fault-flag-not-cleared", &[Arch::X86_64]),
    ("fault-bulk-not-polled", &[Arch::X86_64]),
    ("fault-trap-keeps-fuel", &[Arch::X86_64]),
];

/// Every bug.
#[must_use]
pub fn all() -> Vec<Bug> {
    let compiler = Fault::ALL.iter().map(|&fault| Bug {
        name: fault.name().to_owned(),
        place: Place::Compiler(fault),
        // What one target does not show, another may: their code differs.
        arches: &Arch::ALL,
    });
    let runtime = RUNTIME.iter().flat_map(|&(feature, arches)| {
        arches.chunks(1).map(move |arch| Bug {
            name: format!("{feature} on {}", arch[0].name()),
            place: Place::Runtime(feature),
            arches: arch,
        })
    });
    compiler.chain(runtime).collect()
}

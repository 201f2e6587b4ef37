//! `--target` of commands that work for one architecture or for all of them.

use clap::ValueEnum;
use saggar_compiler::target::Arch;

/// One architecture or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ArchesArg {
    /// 64-bit x86.
    #[value(name = "x86_64")]
    X86_64,
    /// 64-bit ARM.
    #[value(name = "aarch64")]
    Aarch64,
    /// 64-bit RISC-V.
    #[value(name = "riscv64")]
    Riscv64,
    /// All three, one after another.
    #[value(name = "all")]
    All,
}

impl ArchesArg {
    /// The architectures it stands for.
    pub(crate) fn arches(self) -> Vec<Arch> {
        match self {
            ArchesArg::X86_64 => vec![Arch::X86_64],
            ArchesArg::Aarch64 => vec![Arch::Aarch64],
            ArchesArg::Riscv64 => vec![Arch::Riscv64],
            ArchesArg::All => Arch::ALL.to_vec(),
        }
    }
}

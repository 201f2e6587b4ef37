//! The table of targets: architecture and CPU row → what the code generator may use.
//!
//! A row declares exactly the extensions that generated code may contain; the suite runs once on the smallest
//! machine that a row claims, so that an undeclared instruction dies there.

use target_lexicon::Triple;

/// The instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Arch {
    /// 64-bit x86, ELF, System V ABI.
    X86_64,
    /// 64-bit ARM, AAPCS64.
    Aarch64,
    /// 64-bit RISC-V with C and D, LP64D.
    Riscv64,
}

impl Arch {
    /// Every architecture.
    pub const ALL: [Arch; 3] = [Arch::X86_64, Arch::Aarch64, Arch::Riscv64];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Arch::X86_64 => "x86_64",
            Arch::Aarch64 => "aarch64",
            Arch::Riscv64 => "riscv64",
        }
    }

    /// Bytes of a pointer.
    #[must_use]
    pub fn pointer_bytes(self) -> u32 {
        8
    }
}

/// A CPU row.
#[derive(Debug, PartialEq, Eq)]
pub struct Cpu {
    /// The name on the command line.
    pub name: &'static str,
    /// What it stands for, for people.
    pub description: &'static str,
    /// Architecture.
    pub arch: Arch,
    /// Cranelift settings that the row switches on.
    pub(crate) isa_flags: &'static [&'static str],
}

impl Cpu {
    /// Whether code for the other row is the same, byte for byte.
    #[must_use]
    pub fn has_code_of(&self, other: &Cpu) -> bool {
        self.arch == other.arch && self.isa_flags == other.isa_flags
    }

    /// Whether the row switches a Cranelift setting on.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.isa_flags.contains(&flag)
    }
}

/// A target: an architecture and a CPU row of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    cpu: &'static Cpu,
}

/// Every row; the first of an architecture is its default.
pub const CPUS: &[Cpu] = &[
    Cpu { name: "baseline", description: "x86-64 with SSE2 only", arch: Arch::X86_64, isa_flags: &[] },
    Cpu {
        name: "sse4.1",
        description: "x86-64 with SSE3, SSSE3 and SSE4.1",
        arch: Arch::X86_64,
        isa_flags: &["has_sse3", "has_ssse3", "has_sse41"],
    },
    Cpu {
        name: "avx2",
        description: "x86-64-v3: AVX2, FMA, BMI, LZCNT and POPCNT beside sse4.1",
        arch: Arch::X86_64,
        isa_flags: &[
            "has_sse3",
            "has_ssse3",
            "has_sse41",
            "has_sse42",
            "has_popcnt",
            "has_avx",
            "has_avx2",
            "has_fma",
            "has_bmi1",
            "has_bmi2",
            "has_lzcnt",
        ],
    },
    Cpu { name: "generic", description: "ARMv8.0-A", arch: Arch::Aarch64, isa_flags: &[] },
    Cpu { name: "cortex-a53", description: "ARMv8.0-A", arch: Arch::Aarch64, isa_flags: &[] },
    Cpu { name: "cortex-a72", description: "ARMv8.0-A", arch: Arch::Aarch64, isa_flags: &[] },
    Cpu {
        name: "cortex-a76",
        description: "ARMv8.2-A with LSE and dot product",
        arch: Arch::Aarch64,
        isa_flags: &["has_lse", "has_dotprod"],
    },
    Cpu {
        name: "rv64gc",
        description: "RV64 with M, A, F, D and C",
        arch: Arch::Riscv64,
        isa_flags: &["has_m", "has_a", "has_f", "has_d", "has_zca", "has_zcd"],
    },
    Cpu {
        name: "rv64gc-zb",
        description: "rv64gc with Zba, Zbb and Zbs",
        arch: Arch::Riscv64,
        isa_flags: &["has_m", "has_a", "has_f", "has_d", "has_zca", "has_zcd", "has_zba", "has_zbb", "has_zbs"],
    },
    Cpu {
        name: "rv64gc-zb-zicond",
        description: "rv64gc with Zba, Zbb, Zbs and Zicond",
        arch: Arch::Riscv64,
        isa_flags: &["has_m", "has_a", "has_f", "has_d", "has_zca", "has_zcd", "has_zba", "has_zbb", "has_zbs", "has_zicond"],
    },
    Cpu {
        name: "rv64gcv",
        description: "rv64gc with V, vectors of 128 bits at least",
        arch: Arch::Riscv64,
        isa_flags: &["has_m", "has_a", "has_f", "has_d", "has_zca", "has_zcd", "has_v", "has_zvl128b"],
    },
    Cpu {
        name: "rv64gcv-zb",
        description: "rv64gcv with Zba, Zbb and Zbs",
        arch: Arch::Riscv64,
        isa_flags: &[
            "has_m",
            "has_a",
            "has_f",
            "has_d",
            "has_zca",
            "has_zcd",
            "has_v",
            "has_zvl128b",
            "has_zba",
            "has_zbb",
            "has_zbs",
        ],
    },
];

impl Target {
    /// The target of an architecture with its default CPU.
    ///
    /// # Panics
    /// Never: every architecture has a row.
    #[must_use]
    pub fn new(arch: Arch) -> Target {
        let cpu = CPUS.iter().find(|cpu| cpu.arch == arch);
        Target { cpu: cpu.expect("every architecture has a row") }
    }

    /// Looks up names as the command line takes them; `None` for a name that is not in the table.
    #[must_use]
    pub fn find(arch: &str, cpu: Option<&str>) -> Option<Target> {
        CPUS.iter().find(|row| row.arch.name() == arch && cpu.is_none_or(|cpu| row.name == cpu)).map(|cpu| Target { cpu })
    }

    /// Its architecture.
    #[must_use]
    pub fn arch(self) -> Arch {
        self.cpu.arch
    }

    /// Its CPU row.
    #[must_use]
    pub fn cpu(self) -> &'static Cpu {
        self.cpu
    }

    /// Bytes of a pointer.
    #[must_use]
    pub fn pointer_bytes(self) -> u32 {
        self.cpu.arch.pointer_bytes()
    }

    /// Whether it has registers for vectors of 128 bits. Elsewhere a vector is two values of 64 bits.
    #[must_use]
    pub fn has_vectors(self) -> bool {
        match self.cpu.arch {
            Arch::X86_64 | Arch::Aarch64 => true,
            Arch::Riscv64 => self.cpu.has("has_v"),
        }
    }

    pub(crate) fn triple(self) -> Triple {
        let name = match self.cpu.arch {
            Arch::X86_64 => "x86_64-unknown-linux-gnu",
            Arch::Aarch64 => "aarch64-unknown-none-elf",
            Arch::Riscv64 => "riscv64gc-unknown-none-elf",
        };
        name.parse().unwrap_or_else(|_| Triple::unknown())
    }
}

//! The flags that say how a module is compiled, and the options they become.

use crate::failure::{Failure, Outcome};
use clap::{Parser as _, ValueEnum};
use saggar_compiler::target::{Arch, CPUS, Target};
use saggar_compiler::{Limits, Meter, Options, Placement, Provider};
use serde::{Deserialize, Serialize};

/// An architecture on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum ArchArg {
    /// 64-bit x86.
    #[value(name = "x86_64")]
    X86_64,
    /// 64-bit ARM.
    #[value(name = "aarch64")]
    Aarch64,
    /// 64-bit RISC-V.
    #[value(name = "riscv64")]
    Riscv64,
}

impl ArchArg {
    /// The compiler's own name for it.
    #[must_use]
    pub fn arch(self) -> Arch {
        match self {
            ArchArg::X86_64 => Arch::X86_64,
            ArchArg::Aarch64 => Arch::Aarch64,
            ArchArg::Riscv64 => Arch::Riscv64,
        }
    }
}

/// Who provides an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum ProviderArg {
    /// A C function of the host.
    Host,
    /// A module of the same domain.
    Domain,
    /// A module of another domain.
    Foreign,
}

impl From<ProviderArg> for Provider {
    fn from(argument: ProviderArg) -> Provider {
        match argument {
            ProviderArg::Host => Provider::Host,
            ProviderArg::Domain => Provider::Domain,
            ProviderArg::Foreign => Provider::Foreign,
        }
    }
}

/// How a module is compiled. Travels to the compiling child as JSON.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub struct CompileArgs {
    /// Machine to compile for
    #[arg(long, value_enum)]
    pub target: ArchArg,
    /// CPU row of the target; the default is the smallest [x86_64: baseline, sse4.1, avx2; aarch64: generic,
    /// cortex-a53, cortex-a72, cortex-a76; riscv64: rv64gc, rv64gc-zb, rv64gc-zb-zicond, rv64gcv, rv64gcv-zb]
    #[arg(long)]
    pub cpu: Option<String>,
    /// Domain: modules that link to each other and recover together [default: one of its own]
    #[arg(long, value_name = "NAME")]
    pub domain: Option<String>,
    /// Who provides the imports of a module name; may be repeated
    #[arg(long = "import", value_name = "MODULE=host|domain|foreign", value_parser = import_provider)]
    pub imports: Vec<(String, ProviderArg)>,
    /// Who provides imports that no --import names
    #[arg(long, value_enum, default_value = "host", value_name = "WHO")]
    pub default_import: ProviderArg,
    /// Put NAME before the names of host functions in their symbols, so that each module can be given functions of its own
    #[arg(long, value_name = "NAME")]
    pub host_namespace: Option<String>,
    /// Bytes to reserve for each memory, up to its maximum, as 65536, 64KiB or 1MiB [default: the minimum]
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub memory_reserve: Option<u64>,
    /// Elements to reserve for each table, up to its maximum [default: the minimum]
    #[arg(long, value_name = "ELEMENTS")]
    pub table_reserve: Option<u64>,
    /// Bytes of stack that one call from the host may use, headroom included
    #[arg(long, value_name = "BYTES", value_parser = bytes_32, default_value = "64KiB")]
    pub stack_bytes: u32,
    /// Bytes of the stack left for host callbacks, the runtime library and interrupts
    #[arg(long, value_name = "BYTES", value_parser = bytes_32, default_value = "8KiB")]
    pub headroom: u32,
    /// Bytes of each memory of the module, instead of its declared pages: for modules of ordinary toolchains on devices with
    /// less than 64 KiB to give. Data beyond is an error here, access beyond is a trap; memory.size counts whole pages
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub memory_bytes: Option<u64>,
    /// Stop a guest that runs too long: by fuel (each operator costs 1, the host sets how much a call has) or by a flag that
    /// an interrupt or another thread sets
    #[arg(long, value_enum, value_name = "HOW", default_value = "off")]
    pub meter: MeterArg,
    /// Bytes of stack that any host function uses, for the stack bounds of the report [default: unknown]
    #[arg(long, value_name = "BYTES", value_parser = bytes_32)]
    pub host_stack: Option<u32>,
    /// Where an export's stack has a proven bound, check it once on entry and not in each function
    #[arg(long)]
    pub check_stack_at_entry: bool,
    #[command(flatten)]
    pub(crate) placement: PlacementArgs,
    /// Make every NaN the canonical one, so that floats have the same bits on every target
    #[arg(long)]
    pub canonical_nans: bool,
    /// Threads to compile with; 0 is one a processor. The output does not depend on it
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) caps: CapArgs,
}

/// How a guest that runs too long is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum MeterArg {
    /// It is not.
    Off,
    /// By counting operators.
    Fuel,
    /// By a flag.
    Flag,
}

impl From<MeterArg> for Meter {
    fn from(argument: MeterArg) -> Meter {
        match argument {
            MeterArg::Off => Meter::Off,
            MeterArg::Fuel => Meter::Fuel,
            MeterArg::Flag => Meter::Flag,
        }
    }
}

/// Names and alignment of sections.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
#[command(next_help_heading = "Placement")]
pub struct PlacementArgs {
    /// Put before the names of all loaded sections, for linker scripts: `.fast` gives `.fast.text.sg.NAME`
    #[arg(long, value_name = "PREFIX", default_value = "")]
    pub section_prefix: String,
    /// A section for each function and each piece of read-only data
    #[arg(long)]
    pub function_sections: bool,
    /// Section of the linear memories [default: .bss.memory.sg.NAME]
    #[arg(long, value_name = "SECTION")]
    pub memory_section: Option<String>,
    /// Alignment of linear memories, a power of two [default: 16]
    #[arg(long, value_name = "BYTES", value_parser = bytes_32)]
    pub memory_align: Option<u32>,
}

/// What a module may demand of the compiler.
#[derive(Clone, Copy, Debug, clap::Args, Serialize, Deserialize)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Bytes of one function body
    #[arg(long, value_name = "BYTES", value_parser = bytes_usize)]
    max_function_bytes: Option<usize>,
    /// Operators of one function body
    #[arg(long, value_name = "N")]
    max_function_operators: Option<usize>,
    /// Locals of one function, parameters included
    #[arg(long, value_name = "N")]
    max_function_locals: Option<usize>,
    /// Targets of one br_table
    #[arg(long = "max-br-table", value_name = "N")]
    max_br_table_targets: Option<u32>,
    /// Depth of nested blocks
    #[arg(long, value_name = "N")]
    max_nesting: Option<usize>,
    /// Functions of the module
    #[arg(long, value_name = "N")]
    max_functions: Option<usize>,
    /// Values of one function in the code generator
    #[arg(long, value_name = "N")]
    max_function_values: Option<usize>,
    /// Segments, evaluated elements and constant operators, together
    #[arg(long, value_name = "N")]
    max_constant_work: Option<usize>,
    /// Bytes of the whole module
    #[arg(long, value_name = "BYTES", value_parser = bytes_usize)]
    max_module_bytes: Option<usize>,
    /// Bytes of all reserved memories and tables together
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    max_reserve_bytes: Option<u64>,
}

/// What compiling may cost this machine; whoever exceeds it is stopped, and that is an error of its own.
#[derive(Clone, Copy, Debug, clap::Args, Serialize, Deserialize)]
#[command(next_help_heading = "Limits")]
pub struct CapArgs {
    /// Address space of the compiling process
    #[arg(long, value_name = "BYTES", value_parser = bytes, default_value = "2GiB")]
    pub memory_cap: u64,
    /// Seconds of time for one module
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub time_cap: u64,
}

impl LimitArgs {
    fn limits(self) -> Limits {
        let defaults = Limits::default();
        Limits {
            function_bytes: self.max_function_bytes.unwrap_or(defaults.function_bytes),
            function_operators: self.max_function_operators.unwrap_or(defaults.function_operators),
            function_locals: self.max_function_locals.unwrap_or(defaults.function_locals),
            br_table_targets: self.max_br_table_targets.unwrap_or(defaults.br_table_targets),
            nesting: self.max_nesting.unwrap_or(defaults.nesting),
            functions: self.max_functions.unwrap_or(defaults.functions),
            function_values: self.max_function_values.unwrap_or(defaults.function_values),
            constant_work: self.max_constant_work.unwrap_or(defaults.constant_work),
            module_bytes: self.max_module_bytes.unwrap_or(defaults.module_bytes),
            reserve_bytes: self.max_reserve_bytes.unwrap_or(defaults.reserve_bytes),
        }
    }
}

impl CompileArgs {
    /// The flags as they are when a person gives none but the target.
    #[must_use]
    pub fn defaults(arch: Arch) -> CompileArgs {
        /// A command line of nothing else.
        #[derive(clap::Parser)]
        struct Alone {
            #[command(flatten)]
            compile: CompileArgs,
        }
        Alone::parse_from(["", "--target", arch.name()]).compile
    }

    /// The row of the target table.
    ///
    /// # Errors
    /// When the target has no such CPU.
    pub fn target(&self) -> Outcome<Target> {
        let arch = self.target.arch();
        Target::find(arch.name(), self.cpu.as_deref()).ok_or_else(|| {
            let rows: Vec<&str> = CPUS.iter().filter(|row| row.arch == arch).map(|row| row.name).collect();
            let asked = self.cpu.as_deref().unwrap_or_default();
            Failure::usage(format!("{} has no CPU `{asked}`", arch.name())).help(format!("it has: {}", rows.join(", ")))
        })
    }

    /// The compiler's options for a module of this name.
    ///
    /// # Errors
    /// When the target has no such CPU.
    pub fn options(&self, name: &str) -> Outcome<Options> {
        let mut options = Options::new(self.target()?, name);
        options.domain.clone_from(&self.domain);
        options.providers = self.imports.iter().map(|(module, provider)| (module.clone(), (*provider).into())).collect();
        options.default_provider = self.default_import.into();
        options.host_namespace.clone_from(&self.host_namespace);
        options.memory_reserve_bytes = self.memory_reserve;
        options.table_reserve = self.table_reserve;
        options.stack_bytes = self.stack_bytes;
        options.headroom_bytes = self.headroom;
        options.memory_bytes = self.memory_bytes;
        options.host_stack_bytes = self.host_stack;
        options.check_stack_at_entry = self.check_stack_at_entry;
        options.meter = self.meter.into();
        options.placement = Placement {
            section_prefix: self.placement.section_prefix.clone(),
            function_sections: self.placement.function_sections,
            memory_section: self.placement.memory_section.clone(),
            memory_align: self.placement.memory_align,
        };
        options.canonical_nans = self.canonical_nans;
        options.threads = self.threads;
        options.limits = self.limits.limits();
        Ok(options)
    }
}

/// A module's name from its file's: the stem made an identifier.
pub fn name_from_stem(stem: &str) -> String {
    let name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() => name,
        _ => format!("m{name}"),
    }
}

/// Parses a number of bytes with an optional binary unit.
///
/// # Errors
/// What is wrong with the text.
pub fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim() {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        other => return Err(format!("`{other}` is not a unit; use KiB, MiB or GiB")),
    };
    let number: u64 = number.parse().map_err(|error| format!("`{number}`: {error}"))?;
    number.checked_mul(1 << shift).ok_or_else(|| "beyond 64 bits".to_owned())
}

fn bytes_32(text: &str) -> Result<u32, String> {
    u32::try_from(bytes(text)?).map_err(|_| "beyond 32 bits".to_owned())
}

fn bytes_usize(text: &str) -> Result<usize, String> {
    usize::try_from(bytes(text)?).map_err(|_| "beyond this machine's reach".to_owned())
}

fn import_provider(text: &str) -> Result<(String, ProviderArg), String> {
    // The last `=` separates: a module name may hold one, a provider cannot.
    let (module, provider) = text.rsplit_once('=').ok_or("expected MODULE=host, MODULE=domain or MODULE=foreign")?;
    Ok((module.to_owned(), ProviderArg::from_str(provider, false)?))
}

#[cfg(test)]
mod tests {
    use super::{ProviderArg, bytes, import_provider, name_from_stem};

    #[test]
    fn sizes() {
        assert_eq!(bytes("65536"), Ok(65536));
        assert_eq!(bytes("64KiB"), Ok(65536));
        assert_eq!(bytes("2GiB"), Ok(2 << 30));
        assert!(bytes("64KB").is_err());
        assert!(bytes("").is_err());
        assert!(bytes("99999999999GiB").is_err());
    }

    #[test]
    fn stems_become_identifiers() {
        for (stem, name) in [("skill", "skill"), ("sql-wasm", "sql_wasm"), ("7zip", "m7zip"), ("", "m"), ("é", "_")] {
            assert_eq!(name_from_stem(stem), name);
        }
    }

    #[test]
    fn imports() {
        assert_eq!(import_provider("a=b=domain"), Ok(("a=b".to_owned(), ProviderArg::Domain)));
        assert!(import_provider("a").is_err());
        assert!(import_provider("a=elsewhere").is_err());
    }
}

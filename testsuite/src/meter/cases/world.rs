//! Two modules of two domains and a host, linked and running: what every case here begins with.
//!
//! Module `first` may import from module `second`, which is foreign to it, and both from the host (`testsuite/native/meter.rs`).

use crate::diff::{memory_record, resolve};
use crate::target::{Image, LinkInput, LinkOptions, Outcome, Runner, RunnerOptions, link, rust_object};
use saggar_abi::layout::{Words, domain, table};
use saggar_abi::trap::Code;
use saggar_compiler::report::Location;
use saggar_compiler::{Artifact, Interface, Meter, Options, Provider, compile};
use std::time::Duration;

const HOST: &str = include_str!("../../../native/meter.rs");
const STACK_BYTES: u32 = 128 * 1024;
/// Bytes to which memories may grow.
const RESERVE_BYTES: u64 = 48 << 20;
const POINTER_BYTES: u32 = 8;

/// How long a call may take that is to be interrupted.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How a call of an export ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) code: Code,
    pub(super) pc: u64,
    /// The first result.
    pub(super) result: u64,
}

impl Ended {
    /// The first result where it has 32 bits.
    pub(super) fn low(self) -> u64 {
        self.result & 0xffff_ffff
    }
}

/// What a case does to a world; the error is the first thing that is not as it should be.
pub(super) type Result<T = ()> = std::result::Result<T, String>;

/// How and where to compile, link and run.
#[derive(Clone, Copy)]
pub struct Settings<'s> {
    /// How modules are compiled; names, domains, reserves and the meter are set by the case.
    pub options: &'s Options,
    /// How they are linked.
    pub link: &'s LinkOptions,
    /// How the runner is run.
    pub runner: &'s RunnerOptions,
}

/// The modules in a running image.
pub(super) struct World {
    pub(super) runner: Runner,
    pub(super) image: Image,
    pub(super) modules: [Artifact; 2],
}

/// The first domain, by its number.
pub(super) const FIRST: usize = 0;
/// The second domain.
pub(super) const SECOND: usize = 1;

impl World {
    /// Compiles, links and loads; nothing is instantiated yet. `first` exports `inner (param i32) (result i32)`, which the host's
    /// `enter` calls.
    pub(super) fn new(settings: Settings<'_>, meter: Meter, first: &str, second: &str) -> Result<World> {
        let module = |name: &str, text: &str| -> Result<Artifact> {
            let mut options = settings.options.clone();
            name.clone_into(&mut options.name);
            options.meter = meter;
            options.stack_bytes = STACK_BYTES;
            options.memory_reserve_bytes = Some(RESERVE_BYTES);
            options.providers.insert("second".to_owned(), Provider::Foreign);
            let wasm = wat::parse_str(text).map_err(|error| format!("{name}: {error}"))?;
            compile(&wasm, &options).map_err(|error| format!("{name}: {error}"))
        };
        let modules = [module("first", first)?, module("second", second)?];
        let arch = settings.options.target.arch();
        let host = rust_object(arch, HOST).map_err(|error| error.to_string())?;
        let mut link_options = settings.link.clone();
        link_options.arguments.extend(aliases(&modules)?);
        let inputs = [
            LinkInput { name: "host", bytes: &host },
            LinkInput { name: "first", bytes: &modules[0].object },
            LinkInput { name: "second", bytes: &modules[1].object },
        ];
        let image = link(arch, &inputs, &link_options).map_err(|error| error.to_string())?;
        let options = RunnerOptions { timeout: TIMEOUT, ..settings.runner.clone() };
        let mut runner = Runner::start(arch, options).map_err(|error| error.to_string())?;
        runner.load(&image).map_err(|error| error.to_string())?;
        Ok(World { runner, image, modules })
    }

    pub(super) fn symbol(&self, name: &str) -> Result<u64> {
        self.image.symbol(name).ok_or_else(|| format!("{name} is not in the image"))
    }

    fn interface(&self, module: usize) -> &Interface {
        &self.modules[module].interface
    }

    /// Instantiates a module.
    pub(super) fn instantiate(&mut self, module: usize) -> Result<Ended> {
        let symbol = self.interface(module).instantiate_symbol.clone();
        self.enter(&symbol, &[])
    }

    /// Instantiates both modules, which must succeed.
    pub(super) fn start(&mut self) -> Result {
        for module in [SECOND, FIRST] {
            expect("instantiation", self.instantiate(module)?.code, Code::Ok)?;
        }
        Ok(())
    }

    /// Calls an export of a module.
    pub(super) fn call(&mut self, module: usize, export: &str, arguments: &[u64]) -> Result<Ended> {
        let symbol = entry(self.interface(module), export)?.to_owned();
        self.enter(&symbol, arguments).map_err(|error| format!("{export}: {error}"))
    }

    fn enter(&mut self, symbol: &str, arguments: &[u64]) -> Result<Ended> {
        let address = self.symbol(symbol)?;
        let slots = arguments.len().max(1);
        match self.runner.call(address, arguments, slots, 2 * STACK_BYTES).map_err(|error| error.to_string())? {
            Outcome::Completed { code, pc, slots } => {
                let code = Code::from_number(code).ok_or_else(|| format!("completion code {code}"))?;
                Ok(Ended { code, pc, result: slots.first().copied().unwrap_or(0) })
            }
            other => Err(format!("{other:x?}")),
        }
    }

    /// Calls an export while a timer sets the flag of a domain, again and again.
    pub(super) fn call_timed(&mut self, domain: usize, period: Duration, module: usize, export: &str) -> Result<Ended> {
        let flag = self.domain_field(domain, domain::INTERRUPT)?;
        self.runner.time_next_call(flag, period).map_err(|error| error.to_string())?;
        self.call(module, export, &[])
    }

    /// The function and the operator to which the end of a call of a module leads.
    pub(super) fn place(&self, module: usize, ended: Ended) -> Result<Location> {
        let artifact = &self.modules[module];
        let text = self.symbol(&artifact.interface.text_symbol)?;
        let offset = ended.pc.checked_sub(text).and_then(|offset| u32::try_from(offset).ok());
        let location = offset.and_then(|offset| artifact.code_map.locate_return_address(offset));
        location.ok_or_else(|| format!("pc {:#x} is no place of module {module}", ended.pc))
    }

    /// Where a field of a domain's record lies.
    pub(super) fn domain_field(&self, domain: usize, field: Words) -> Result<u64> {
        Ok(self.symbol(&self.interface(domain).domain_symbol)? + u64::from(field.bytes(POINTER_BYTES)))
    }

    pub(super) fn set_flag(&mut self, domain: usize, value: u8) -> Result {
        let address = self.domain_field(domain, domain::INTERRUPT)?;
        self.runner.write(address, &[value]).map_err(|error| error.to_string())
    }

    pub(super) fn set_fuel(&mut self, domain: usize, fuel: u64) -> Result {
        let address = self.domain_field(domain, domain::FUEL)?;
        self.runner.write(address, &fuel.to_le_bytes()).map_err(|error| error.to_string())
    }

    pub(super) fn fuel(&mut self, domain: usize) -> Result<u64> {
        let address = self.domain_field(domain, domain::FUEL)?;
        self.word(address)
    }

    /// From now on, the host's `tick` number `count` sets these flags.
    pub(super) fn tick(&mut self, count: u64, flags: u64) -> Result {
        for (name, value) in [("ticks", count), ("flags", flags)] {
            let address = self.symbol(name)?;
            self.runner.write(address, &value.to_le_bytes()).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    pub(super) fn word(&mut self, address: u64) -> Result<u64> {
        let bytes = self.runner.read(address, 8).map_err(|error| error.to_string())?;
        Ok(bytes.first_chunk().map_or(0, |word| u64::from_le_bytes(*word)))
    }

    /// All bytes of the memory that a module exports as `memory`.
    pub(super) fn memory(&mut self, module: usize) -> Result<Vec<u8>> {
        let (base, bytes) = self.memory_place(module)?;
        self.runner.read(base, usize::try_from(bytes).unwrap_or(0)).map_err(|error| error.to_string())
    }

    /// Writes to that memory.
    pub(super) fn write_memory(&mut self, module: usize, offset: u64, bytes: &[u8]) -> Result {
        let (base, _) = self.memory_place(module)?;
        self.runner.write(base + offset, bytes).map_err(|error| error.to_string())
    }

    /// Where that memory begins, and its size in bytes.
    pub(super) fn memory_place(&mut self, module: usize) -> Result<(u64, u64)> {
        let record = self.cell(module, "memory")?;
        memory_record(&mut self.runner, record).map_err(|error| error.to_string())
    }

    /// All elements of the table that a module exports as `table`, as words.
    pub(super) fn table(&mut self, module: usize) -> Result<Vec<u64>> {
        let record = self.cell(module, "table")?;
        let base = self.word(record + u64::from(table::BASE.bytes(POINTER_BYTES)))?;
        let size = self.word(record + u64::from(table::SIZE.bytes(POINTER_BYTES)))?;
        let bytes = self.runner.read(base, usize::try_from(size * 8).unwrap_or(0)).map_err(|error| error.to_string())?;
        Ok(bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    fn cell(&self, module: usize, export: &str) -> Result<u64> {
        let symbol = entry(self.interface(module), export)?;
        resolve(&self.image, symbol).map_err(|error| error.to_string())
    }
}

/// What the names in the host's source stand for.
fn aliases(modules: &[Artifact; 2]) -> Result<Vec<String>> {
    let [first, second] = modules.each_ref().map(|artifact| &artifact.interface);
    let field = |interface: &Interface, field: Words| format!("{}+{}", interface.domain_symbol, field.bytes(POINTER_BYTES));
    let mut aliases = vec![
        format!("--defsym=first_flag={}", field(first, domain::INTERRUPT)),
        format!("--defsym=second_flag={}", field(second, domain::INTERRUPT)),
        format!("--defsym=first_fuel={}", field(first, domain::FUEL)),
        format!("--defsym=entry_inner={}", entry(first, "inner")?),
    ];
    for import in first.imports.iter().chain(&second.imports).filter(|import| import.provider == Provider::Host) {
        aliases.push(format!("--defsym={}=host_{}", import.symbol, import.name));
    }
    // Both may import the same.
    aliases.sort();
    aliases.dedup();
    Ok(aliases)
}

fn entry<'a>(interface: &'a Interface, export: &str) -> Result<&'a str> {
    let found = interface.exports.iter().find(|found| found.name == export);
    found.map(|export| export.symbol.as_str()).ok_or_else(|| format!("there is no export {export}"))
}

/// Compares; the error says what is not as it should be.
pub(super) fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result {
    if found == expected { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {found:?}")) }
}

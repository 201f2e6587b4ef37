//! `run`: compile, link with the runtime library, call an export.

use crate::compile_args::{CompileArgs, name_from_stem};
use crate::failure::{Exit, Failure, Outcome};
use crate::guard::Job;
use crate::tools;
use crate::values;
use saggar_abi::layout;
use saggar_abi::trap::Code;
use saggar_compiler::target::Target;
use saggar_compiler::{Artifact, Export, ExternType, FunctionType, Meter};
use saggar_runner::{self as target, Image, LinkInput, LinkOptions, Runner, RunnerOptions};
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = "Examples:
  {program} run skill.wasm --target x86_64
      compiles, links, instantiates (which runs the start function), and lists the exported functions
  {program} run skill.wat --target aarch64 --invoke add 2 -3
  {program} run skill.wat --target riscv64 --invoke scale 1.5 nan:0x400000
  {program} run skill.wat --target riscv64 --invoke mix f32x4:1,0.5,0,-2
  {program} run skill.wat --target aarch64 --meter fuel --fuel 100000 --invoke work
      also says how much fuel that took

The exit code is 1 when the guest traps. Imports, WASI among them, are not provided yet.";

/// Compile, link and run a module, natively or under QEMU
///
/// The module is compiled for the target, linked with the runtime library by the linker that comes with Rust, and run: natively
/// where the target is x86_64, else under user-mode QEMU.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Module (.wasm, .wat)
    file: PathBuf,
    /// Export to call, then its arguments: integers as -1 or 0xff, floats as 1.5, inf or nan:0x1, references as null
    #[arg(long, num_args = 1.., value_name = "EXPORT ARGS", allow_negative_numbers = true)]
    invoke: Vec<String>,
    /// Seconds a call may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// With --meter fuel: what instantiation, and then the call, may use each, in units of one operator
    #[arg(long, value_name = "UNITS", default_value_t = 1_000_000_000_000)]
    fuel: u64,
    #[command(flatten)]
    compile: CompileArgs,
}

/// Stack beyond what the module claims, for the runner's own frames above the entry.
const RUNNER_STACK_BYTES: u32 = 16 * 1024;
/// The most fuel that a domain record holds.
const MOST_FUEL: u64 = i64::MAX as u64;
/// The runner's own limit.
const MAX_STACK_BYTES: u32 = 8 * 1024 * 1024;

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    let row = args.compile.target()?;
    tools::ensure(&[tools::to_run_on(row.arch())])?;
    let name = name_from_stem(&args.file.file_stem().unwrap_or_default().to_string_lossy());
    let job = Job { path: &args.file, name: &name, args: &args.compile, emit_clif: false, emit_asm: false };
    let (artifact, _) = job.artifact()?;
    refuse_imports(&artifact).map_err(|failure| failure.in_file(&args.file))?;
    let call = args.invoke.split_first().map(|(name, arguments)| Call::new(&artifact, name, arguments)).transpose()?;
    let mut guest = Guest::start(row, &artifact, Duration::from_secs(args.timeout))?;
    let symbol = artifact.interface.instantiate_symbol.clone();
    guest.set_fuel(args.fuel)?;
    if let Err(trap) = guest.call(&symbol, &[], 0)? {
        println!("instantiation: {trap}");
        return Ok(Exit::Failed);
    }
    let Some(call) = call else {
        list_functions(&artifact);
        return Ok(Exit::Ok);
    };
    let slot_count = call.ty.slots();
    guest.set_fuel(args.fuel)?;
    match guest.call(&call.export.symbol, &call.arguments, slot_count)? {
        Ok(slots) => {
            let mut slots = slots.as_slice();
            for ty in &call.ty.results {
                println!("{}", values::show(slots, *ty));
                slots = slots.get(ty.slots()..).unwrap_or_default();
            }
            if let Some(left) = guest.fuel_left()? {
                eprintln!("fuel: {} of {} used", args.fuel.min(MOST_FUEL) - left, args.fuel.min(MOST_FUEL));
            }
            Ok(Exit::Ok)
        }
        Err(trap) => {
            println!("{trap}");
            Ok(Exit::Failed)
        }
    }
}

/// Nobody provides imports here; a list of them is more use than the linker's complaint.
fn refuse_imports(artifact: &Artifact) -> Outcome<()> {
    let imports = &artifact.interface.imports;
    if imports.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = imports.iter().map(|import| format!("{:?} {:?}", import.module, import.name)).collect();
    let failure = Failure::new(Exit::Unsupported, format!("the module imports what `run` does not provide: {}", list.join(", ")));
    let wasi = imports.iter().any(|import| import.module.starts_with("wasi_"));
    Err(failure.help(if wasi {
        "WASI is not supported yet; `aot` compiles the module, and a host of your own can define these functions"
    } else {
        "`aot` compiles the module, and a host of your own can define them; `diff` runs it with stubs"
    }))
}

fn functions(artifact: &Artifact) -> impl Iterator<Item = (&Export, &FunctionType)> {
    artifact.interface.exports.iter().filter_map(|export| match &export.ty {
        ExternType::Function(ty) => Some((export, ty)),
        ExternType::Table(_) | ExternType::Memory(_) | ExternType::Global(_) => None,
    })
}

fn list_functions(artifact: &Artifact) {
    println!("instantiated; --invoke calls one of:");
    for (export, ty) in functions(artifact) {
        println!("  {:?} {}", export.name, values::signature(ty));
    }
}

/// A call that was asked for.
struct Call<'a> {
    export: &'a Export,
    ty: &'a FunctionType,
    arguments: Vec<u64>,
}

impl<'a> Call<'a> {
    fn new(artifact: &'a Artifact, name: &str, arguments: &[String]) -> Outcome<Call<'a>> {
        let Some((export, ty)) = functions(artifact).find(|(export, _)| export.name == name) else {
            let names: Vec<&str> = functions(artifact).map(|(export, _)| export.name.as_str()).collect();
            return Err(Failure::usage(format!("no exported function is called {name:?}"))
                .help(format!("these are: {}", names.join(", "))));
        };
        if arguments.len() != ty.params.len() {
            let (takes, given) = (ty.params.len(), arguments.len());
            return Err(Failure::usage(format!(
                "{name:?} takes {takes} arguments, {given} are given: {}",
                values::signature(ty)
            )));
        }
        let slots: Result<Vec<_>, String> = arguments.iter().zip(&ty.params).map(|(text, ty)| values::parse(text, *ty)).collect();
        Ok(Call { export, ty, arguments: slots.map_err(Failure::usage)?.concat() })
    }
}

/// A linked module in a runner.
struct Guest<'a> {
    artifact: &'a Artifact,
    image: Image,
    runner: Runner,
}

impl<'a> Guest<'a> {
    fn start(row: Target, artifact: &'a Artifact, timeout: Duration) -> Outcome<Guest<'a>> {
        let interface = &artifact.interface;
        let mut keep = vec![interface.instantiate_symbol.clone(), interface.text_symbol.clone(), interface.domain_symbol.clone()];
        keep.extend(functions(artifact).map(|(export, _)| export.symbol.clone()));
        let options = LinkOptions { gc_sections: true, keep, ..LinkOptions::default() };
        let image = target::link(row.arch(), &[LinkInput { name: &interface.module, bytes: &artifact.object }], &options)
            .map_err(|error| Failure::new(Exit::Io, format!("linking: {error}")))?;
        let options = RunnerOptions { timeout, ..RunnerOptions::for_target(row) };
        let mut runner = Runner::start(row.arch(), options).map_err(|error| runner_failed(&error))?;
        runner.load(&image).map_err(|error| runner_failed(&error))?;
        Ok(Guest { artifact, image, runner })
    }

    fn address(&self, symbol: &str) -> Outcome<u64> {
        let missing = || Failure::new(Exit::Internal, format!("the linked image has no symbol {symbol}"));
        self.image.symbol(symbol).ok_or_else(missing)
    }

    /// Where the fuel is, if the module is metered by it.
    fn fuel_address(&self) -> Outcome<Option<u64>> {
        let interface = &self.artifact.interface;
        if interface.meter != Meter::Fuel {
            return Ok(None);
        }
        let pointer_bytes = self.runner.arch().pointer_bytes();
        Ok(Some(self.address(&interface.domain_symbol)? + u64::from(layout::domain::FUEL.bytes(pointer_bytes))))
    }

    fn set_fuel(&mut self, amount: u64) -> Outcome<()> {
        let Some(address) = self.fuel_address()? else { return Ok(()) };
        let bytes = amount.min(MOST_FUEL).to_le_bytes();
        self.runner.write(address, &bytes).map_err(|error| runner_failed(&error))
    }

    fn fuel_left(&mut self) -> Outcome<Option<u64>> {
        let Some(address) = self.fuel_address()? else { return Ok(None) };
        let bytes = self.runner.read(address, 8).map_err(|error| runner_failed(&error))?;
        Ok(bytes.try_into().ok().map(u64::from_le_bytes))
    }

    /// Calls an entry: its slots, or what stopped it.
    fn call(&mut self, symbol: &str, arguments: &[u64], slot_count: usize) -> Outcome<Result<Vec<u64>, String>> {
        let address = self.address(symbol)?;
        let stack = self.artifact.interface.stack_bytes.saturating_add(RUNNER_STACK_BYTES).min(MAX_STACK_BYTES);
        let ended = self.runner.call(address, arguments, slot_count, stack).map_err(|error| runner_failed(&error))?;
        match ended {
            target::Outcome::Completed { code: 0, slots, .. } => Ok(Ok(slots)),
            target::Outcome::Completed { code, pc, .. } => Ok(Err(self.describe(code, pc)?)),
            target::Outcome::Hung => Ok(Err("the call did not return in time; --timeout gives it longer".to_owned())),
            // Anything else means that the sandbox did not hold.
            broken => Err(Failure::new(Exit::Internal, format!("the guest broke out: {broken:?}"))),
        }
    }

    /// A trap with its place, as far as the code map leads.
    fn describe(&self, code: u32, pc: u64) -> Outcome<String> {
        let reason = Code::from_number(code).map_or("unknown trap", Code::description);
        let text = self.address(&self.artifact.interface.text_symbol)?;
        let offset = pc.checked_sub(text).and_then(|offset| u32::try_from(offset).ok());
        let place = offset.and_then(|offset| self.artifact.code_map.locate_return_address(offset));
        let word = if Code::from_number(code).is_some_and(Code::is_refusal) { "refused" } else { "trap" };
        let mut line = format!("{word}: {reason} (code {code})");
        if let Some(place) = place {
            let name = place.name.map(|name| format!("{name:?} ")).unwrap_or_default();
            line.push_str(&format!(", in {name}(function {})", place.function));
            if let Some(offset) = place.wasm_offset {
                line.push_str(&format!(", at wasm offset {offset:#x}"));
            }
        }
        Ok(line)
    }
}

fn runner_failed(error: &target::RunnerError) -> Failure {
    Failure::new(Exit::Io, format!("running: {error}"))
}

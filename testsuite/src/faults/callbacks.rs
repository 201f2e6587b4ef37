//! A host that calls back into its guest: what scripts cannot show, for they have no host functions.
//!
//! Activations nest, and each trap ends at its own host frame; calls that must be refused are refused; headroom is left for
//! the host at every depth; and after every call the domain is as if nothing had been called.

use crate::target::{Image, LinkInput, LinkOptions, Outcome, Runner, RunnerOptions, link, rust_object};
use saggar_abi::layout::{self, Words};
use saggar_abi::trap::Code;
use saggar_compiler::{Interface, Options, compile};

const GUEST: &str = include_str!("callbacks.wat");
const HOST: &str = include_str!("../../native/callbacks.rs");
const STACK_BYTES: u32 = 64 * 1024;

/// Runs the case; the error is the first thing that is not as it should be.
///
/// # Errors
/// When something is not as it should be, or cannot be run.
pub fn run(options: &Options, link_options: &LinkOptions, runner_options: &RunnerOptions) -> Result<(), String> {
    let mut case = Case::start(options, link_options, runner_options).map_err(|error| error.to_string())?;
    case.refusals_before_instantiation()?;
    case.nesting()?;
    case.deepening()?;
    case.refusals_while_inside()
}

/// What keeps the case from being run at all.
type AnyError = Box<dyn std::error::Error>;

struct Case {
    runner: Runner,
    image: Image,
    interface: Interface,
    pointer_bytes: u32,
}

impl Case {
    fn start(options: &Options, link_options: &LinkOptions, runner_options: &RunnerOptions) -> Result<Case, AnyError> {
        let mut options = options.clone();
        "callbacks".clone_into(&mut options.name);
        options.stack_bytes = STACK_BYTES;
        let arch = options.target.arch();
        let guest = compile(&wat::parse_str(GUEST)?, &options)?;
        let host = rust_object(arch, HOST)?;
        let mut link_options = link_options.clone();
        link_options.arguments.extend(aliases(&guest.interface)?);
        let inputs = [LinkInput { name: "host", bytes: &host }, LinkInput { name: "guest", bytes: &guest.object }];
        let image = link(arch, &inputs, &link_options)?;
        let mut runner = Runner::start(arch, runner_options.clone())?;
        runner.load(&image)?;
        Ok(Case { runner, image, interface: guest.interface, pointer_bytes: options.target.pointer_bytes() })
    }

    /// Calls a C function of the image; its code and its slots. Whatever else happens to it is an error.
    fn call_symbol(&mut self, symbol: &str, slots: &[u64]) -> Result<(Code, Vec<u64>), String> {
        let address = self.image.symbol(symbol).ok_or_else(|| format!("{symbol} is not in the image"))?;
        match self.runner.call(address, slots, slots.len(), STACK_BYTES).map_err(|error| error.to_string())? {
            Outcome::Completed { code, slots, .. } => {
                Code::from_number(code).map(|code| (code, slots)).ok_or_else(|| format!("completion code {code}"))
            }
            other => Err(format!("{other:x?}")),
        }
    }

    fn instantiate(&mut self) -> Result<Code, String> {
        let symbol = self.interface.instantiate_symbol.clone();
        Ok(self.call_symbol(&symbol, &[])?.0)
    }

    /// Calls an export; afterwards nobody may be inside.
    fn call(&mut self, export: &str, slots: &[u64]) -> Result<(Code, Vec<u64>), String> {
        let symbol = entry(&self.interface, export)?.to_owned();
        let answer = self.call_symbol(&symbol, slots).map_err(|what| format!("{export}: {what}"))?;
        for (field, name) in [
            (layout::domain::OWNER, "its owner"),
            (layout::domain::TRAP_SP, "the stack pointer to which a trap unwinds"),
            (layout::domain::STACK_LIMIT, "the stack limit"),
        ] {
            let word = self.domain_word(field)?;
            expect(&format!("{export}: in the domain, {name} after the call"), word, 0)?;
        }
        Ok(answer)
    }

    fn domain_address(&self, field: Words) -> Result<u64, String> {
        let address = self.image.symbol(&self.interface.domain_symbol).ok_or("the domain is not in the image")?;
        Ok(address + u64::from(field.bytes(self.pointer_bytes)))
    }

    fn domain_word(&mut self, field: Words) -> Result<u64, String> {
        let address = self.domain_address(field)?;
        let bytes = self.runner.read(address, self.pointer_bytes as usize).map_err(|error| error.to_string())?;
        Ok(bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)))
    }

    fn refusals_before_instantiation(&mut self) -> Result<(), String> {
        expect("a call before instantiation", self.call("codes", &[0])?.0, Code::NotInstantiated)?;
        expect("instantiation", self.instantiate()?, Code::Ok)
    }

    /// Every trap ends at the host frame that entered last, and what is around it goes on.
    fn nesting(&mut self) -> Result<(), String> {
        use Code::{IntegerDivisionByZero as Division, Ok as Returned, Unreachable};
        for (levels, end, inner) in [
            (0, Unreachable, &[][..]),
            (1, Division, &[Unreachable]),
            (2, Returned, &[Unreachable, Division]),
            (5, Division, &[Unreachable, Division, Returned, Division, Returned]),
        ] {
            expect("instantiation after a trap", self.instantiate()?, Returned)?;
            expect(&format!("{levels} activations within one"), self.call("descend", &[levels])?.0, end)?;
            let codes = inner.iter().fold(0, |codes, code| codes << 6 | u64::from(*code as u32));
            let heard = self.call("codes", &[0])?.1[0];
            expect(&format!("what {levels} activations within one ended with"), format!("{heard:#o}"), format!("{codes:#o}"))?;
        }
        Ok(())
    }

    /// The recursion ends with a refusal while there is headroom; the runner watches what lies beyond the stack.
    fn deepening(&mut self) -> Result<(), String> {
        let (end, slots) = self.call("deepen", &[0, 0])?;
        expect("recursion through the host", end, Code::Ok)?;
        let [depth, refusal] = [slots[0], slots[1]].map(|slot| slot & 0xffff_ffff);
        expect("how the innermost activation was refused", refusal, Code::StackOverflow as u64)?;
        // A frame of the host's has 4 KiB, and nothing else has 1 KiB.
        let expected = u64::from(STACK_BYTES) / 5120..=u64::from(STACK_BYTES) / 4096;
        expect(&format!("a depth of {depth} is in {expected:?}"), expected.contains(&depth), true)
    }

    fn refusals_while_inside(&mut self) -> Result<(), String> {
        let busy = Code::Busy as u64;
        expect("instantiation from inside", self.call("instantiate", &[0])?.1[0] & 0xffff_ffff, busy)?;
        // Somebody with a stack elsewhere, as another thread would have, has just come in.
        let owner = self.domain_address(layout::domain::OWNER)?;
        let bytes = &16_u64.to_le_bytes()[..self.pointer_bytes as usize];
        self.runner.write(owner, bytes).map_err(|error| error.to_string())?;
        let symbol = entry(&self.interface, "codes")?.to_owned();
        expect("a call while another thread is inside", self.call_symbol(&symbol, &[0])?.0, Code::Busy)?;
        expect("instantiation while another thread is inside", self.instantiate()?, Code::Busy)
    }
}

/// What the names in the host's source stand for.
fn aliases(interface: &Interface) -> Result<Vec<String>, String> {
    let mut aliases = vec![format!("--defsym=instantiate={}", interface.instantiate_symbol)];
    for import in &interface.imports {
        aliases.push(format!("--defsym={}=host_{}", import.symbol, import.name));
    }
    for name in ["descend", "deepen"] {
        aliases.push(format!("--defsym=entry_{name}={}", entry(interface, name)?));
    }
    Ok(aliases)
}

fn entry<'a>(interface: &'a Interface, export: &str) -> Result<&'a str, String> {
    let found = interface.exports.iter().find(|found| found.name == export);
    found.map(|export| export.symbol.as_str()).ok_or_else(|| format!("there is no export {export}"))
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {found:?}")) }
}

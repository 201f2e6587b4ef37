//! Links the modules of a script, and finds their parts in the image.

use super::compile::Compiled;
use super::symbols::{self, Symbols};
use super::trap_site;
use crate::target::{Image, LinkError, LinkInput, LinkOptions, link as link_objects};
use crate::wast::script::InstanceIndex;
use saggar_abi::trap::Code;
use saggar_compiler::report::{Bound, CodeMap, Report};
use saggar_compiler::target::Arch;
use saggar_compiler::{Artifact, ExternType, FunctionType, Interface, ValueType};

/// The modules of a script as they lie in the image.
#[derive(Default)]
pub(super) struct Linked {
    places: Vec<Result<Place, String>>,
    /// Where the domain record is.
    pub(super) domain_address: Option<u64>,
}

/// Where a module is.
pub(super) enum Place {
    /// Not in the image: nothing defines this symbol.
    Refused(String),
    /// In the image.
    Linked(Box<LinkedModule>),
}

/// A module in the image.
pub(super) struct LinkedModule {
    wasm: Vec<u8>,
    interface: Interface,
    code_map: CodeMap,
    report: Report,
    image: Image,
    text_address: u64,
    /// Where the C function is that instantiates it.
    pub(super) instantiate_address: u64,
}

/// An exported function.
pub(super) struct Entry {
    pub(super) address: u64,
    pub(super) ty: FunctionType,
    /// Stack that a call can use.
    pub(super) stack: Bound,
}

impl LinkedModule {
    fn new(wasm: Vec<u8>, artifact: Artifact, image: &Image) -> Result<LinkedModule, String> {
        let interface = artifact.interface;
        Ok(LinkedModule {
            text_address: address(image, &interface.text_symbol)?,
            instantiate_address: address(image, &interface.instantiate_symbol)?,
            wasm,
            interface,
            code_map: artifact.code_map,
            report: artifact.report,
            image: image.clone(),
        })
    }

    /// An exported function by its name.
    pub(super) fn entry(&self, name: &str) -> Result<Entry, String> {
        let export = self.interface.exports.iter().find(|export| export.name == name);
        match export.map(|export| (&export.ty, &export.symbol)) {
            Some((ExternType::Function(ty), symbol)) => {
                let report = self.report.exports.iter().find(|export| export.name == name);
                let stack = report.map(|report| report.stack_bytes.clone()).ok_or("the report lacks an export")?;
                Ok(Entry { address: address(&self.image, symbol)?, ty: ty.clone(), stack })
            }
            _ => Err(format!("there is no exported function `{name}`")),
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.interface.module
    }

    /// Stack that instantiation can use.
    pub(super) fn instantiation_stack(&self) -> &Bound {
        &self.report.instantiation.stack_bytes
    }

    /// The reference cell and the type of an exported global.
    pub(super) fn global_cell(&self, name: &str) -> Result<(u64, ValueType), String> {
        let export = self.interface.exports.iter().find(|export| export.name == name);
        match export.map(|export| (&export.ty, &export.symbol)) {
            Some((ExternType::Global(ty), symbol)) => Ok((address(&self.image, symbol)?, ty.value)),
            _ => Err(format!("there is no exported global `{name}`")),
        }
    }

    /// The offset in the module's code of an instruction that ends at this address.
    fn offset(&self, pc: u64) -> Option<u32> {
        let offset = pc.checked_sub(self.text_address)?;
        (1..=self.report.code_bytes).contains(&offset).then(|| u32::try_from(offset).ok())?
    }

    fn check_trap(&self, code: Code, offset: u32, instantiating: bool) -> Result<(), String> {
        let name = &self.interface.module;
        let Some(location) = self.code_map.locate_return_address(offset) else {
            let reason = format!("it is at {offset:#x} of the code of {name}, in no function");
            return if instantiating { Ok(()) } else { Err(reason) };
        };
        let function = location.function;
        let Some(wasm_offset) = location.wasm_offset else {
            // The check at the start of a function belongs to no operator.
            let reason = format!("it is in function {function} of {name}, at no operator");
            return if code == Code::StackOverflow { Ok(()) } else { Err(reason) };
        };
        match trap_site::operator_at(&self.wasm, wasm_offset) {
            Some(operator) if trap_site::can_trap(&operator, code) => Ok(()),
            Some(operator) => Err(format!("it is in function {function} of {name}, at {wasm_offset:#x}, at {operator:?}")),
            None => Err(format!("it is in function {function} of {name}, at {wasm_offset:#x}, where no operator is")),
        }
    }
}

impl Linked {
    /// Where an instance's module is.
    pub(super) fn place(&self, index: InstanceIndex) -> Result<&Place, String> {
        match self.places.get(index.0) {
            Some(Ok(place)) => Ok(place),
            Some(Err(reason)) => Err(reason.clone()),
            None => Err("there is no such instance".to_owned()),
        }
    }

    /// An instance's module in the image.
    pub(super) fn module(&self, index: InstanceIndex) -> Result<&LinkedModule, String> {
        match self.place(index)? {
            Place::Linked(module) => Ok(module),
            Place::Refused(symbol) => Err(format!("the module cannot be linked: nothing defines {symbol}")),
        }
    }

    /// Checks that a trap's program counter leads to an operator that can trap so; `instantiating`: or to code of a
    /// module that belongs to no function.
    pub(super) fn check_trap(&self, code: Code, pc: u64, instantiating: bool) -> Result<(), String> {
        let linked = self.places.iter().filter_map(|place| match place {
            Ok(Place::Linked(module)) => Some(module),
            _ => None,
        });
        for module in linked {
            if let Some(offset) = module.offset(pc) {
                return module.check_trap(code, offset, instantiating);
            }
        }
        Err(format!("it is at {pc:#x}, in no module"))
    }
}

fn address(image: &Image, symbol: &str) -> Result<u64, String> {
    image.symbol(symbol).ok_or_else(|| format!("the image has no symbol {symbol}"))
}

/// Links what can be linked, in one call of the linker; and once more with the rest, to see the linker refuse it.
pub(super) fn link(arch: Arch, compiled: Vec<Compiled>, options: &LinkOptions) -> Result<(Linked, Image), String> {
    let objects: Vec<Option<(&str, &[u8])>> = compiled.iter().map(object_of).collect();
    let symbols = objects.iter().map(|object| object.map(|(_, bytes)| Symbols::read(bytes)).transpose());
    let missing = symbols::unsatisfied(&symbols.collect::<Result<Vec<_>, _>>()?);
    let undefined = if missing.iter().any(Option::is_some) {
        undefined_symbols(arch, &inputs(&objects, |_| true), options)?
    } else {
        Vec::new()
    };
    let linkable = inputs(&objects, |index| missing[index].is_none());
    let image = link_objects(arch, &linkable, options).map_err(|error| error.to_string())?;
    let mut linked = Linked::default();
    for (compiled, missing) in compiled.into_iter().zip(missing) {
        linked.places.push(match (compiled.artifact, missing) {
            (None, _) => Err("the module is not to run".to_owned()),
            (Some(Err(reason)), _) => Err(reason),
            (Some(Ok(_)), Some(symbol)) if undefined.contains(&symbol) => Ok(Place::Refused(symbol)),
            (Some(Ok(_)), Some(symbol)) => Err(format!("the linker accepts it, though nothing defines {symbol}")),
            (Some(Ok(artifact)), None) => {
                linked.domain_address = linked.domain_address.or(image.symbol(&artifact.interface.domain_symbol));
                LinkedModule::new(compiled.wasm, artifact, &image).map(|module| Place::Linked(Box::new(module)))
            }
        });
    }
    Ok((linked, image))
}

fn object_of(compiled: &Compiled) -> Option<(&str, &[u8])> {
    match &compiled.artifact {
        Some(Ok(artifact)) => Some((&compiled.name, &artifact.object)),
        _ => None,
    }
}

fn inputs<'a>(objects: &[Option<(&'a str, &'a [u8])>], take: impl Fn(usize) -> bool) -> Vec<LinkInput<'a>> {
    let taken = objects.iter().enumerate().filter(|(index, _)| take(*index)).filter_map(|(_, object)| *object);
    taken.map(|(name, bytes)| LinkInput { name, bytes }).collect()
}

/// The symbols for which the linker refuses these objects.
fn undefined_symbols(arch: Arch, inputs: &[LinkInput<'_>], options: &LinkOptions) -> Result<Vec<String>, String> {
    match link_objects(arch, inputs, options) {
        Ok(_) => Ok(Vec::new()),
        Err(LinkError::Undefined { symbols }) => Ok(symbols),
        Err(error) => Err(error.to_string()),
    }
}

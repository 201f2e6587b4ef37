//! A `.wast` source → [`Script`]: encodes the modules, settles names, and renames imports.

use super::features::{self, Support};
use super::report::{Kind, Place, Verdict};
use super::script::{Command, Demand, Execution, Instance, InstanceIndex, Module, SPECTEST, Script};
use super::text::{self, Lines};
use super::{imports, value};
use std::collections::HashMap;
use wast::token::Id;
use wast::{QuoteWat, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, Wat};

/// Parses a script.
///
/// # Errors
/// When the source as a whole is not a script, with the place of the error.
pub fn parse(source: &str) -> Result<Script, (Place, String)> {
    let lines = Lines::new(source);
    let fail = |error: &wast::Error| (lines.place(error.span()), error.message());
    let buffer = text::buffer(source).map_err(|error| fail(&error))?;
    let parsed = wast::parser::parse::<wast::Wast<'_>>(&buffer).map_err(|error| fail(&error))?;
    let mut builder = Builder::new();
    for directive in parsed.directives {
        let place = lines.place(directive.span());
        let (kind, demand) = builder.command(directive);
        builder.script.commands.push(Command { kind, place, demand });
    }
    Ok(builder.script)
}

/// A module before its imports are renamed.
type Definition = Result<Vec<u8>, String>;

/// A demand, or the verdict that stands already.
type Settled<T> = Result<T, Verdict>;

#[derive(Default)]
struct Builder {
    script: Script,
    /// What import names mean at this point.
    registered: HashMap<String, InstanceIndex>,
    named_instances: HashMap<String, InstanceIndex>,
    named_definitions: HashMap<String, Definition>,
    /// Instances whose memories, tables or globals a module should have written that cannot run, with the feature it
    /// needs: what they hold is no longer what the script says.
    tainted: HashMap<InstanceIndex, String>,
    last_instance: Option<InstanceIndex>,
    last_definition: Option<Definition>,
}

impl Builder {
    fn new() -> Builder {
        let mut builder = Builder::default();
        let spectest = wat::parse_str(include_str!("spectest.wat")).map_err(|error| error.to_string());
        let index = builder.add_instance(&spectest);
        debug_assert_eq!(index, SPECTEST);
        builder.registered.insert("spectest".to_owned(), SPECTEST);
        builder
    }

    fn command(&mut self, directive: WastDirective<'_>) -> (Kind, Demand) {
        let (kind, demand) = match directive {
            WastDirective::Module(module) => (Kind::Module, Ok(self.module(module))),
            WastDirective::ModuleDefinition(module) => (Kind::Module, Ok(self.definition(module))),
            WastDirective::ModuleInstance { instance, module, .. } => (Kind::Module, self.instance(instance, module)),
            WastDirective::Register { name, module, .. } => (Kind::Register, self.register(name, module)),
            WastDirective::Invoke(invoke) => (Kind::Action, self.call(&invoke).map(Demand::Complete)),
            WastDirective::AssertReturn { exec, results, .. } => (Kind::AssertReturn, self.assert_return(exec, &results)),
            WastDirective::AssertTrap { exec, message, .. } => {
                let kind = if matches!(exec, WastExecute::Wat(_)) { Kind::AssertUninstantiable } else { Kind::AssertTrap };
                (kind, self.execution(exec).map(|execution| Demand::Trap(execution, message.to_owned())))
            }
            WastDirective::AssertExhaustion { call, message, .. } => {
                (Kind::AssertExhaustion, self.call(&call).map(|call| Demand::Trap(call, message.to_owned())))
            }
            WastDirective::AssertUnlinkable { mut module, .. } => {
                let definition = module.encode().map_err(|error| error.message());
                (Kind::AssertUnlinkable, Ok(Demand::Unlinkable(self.add_instance(&definition))))
            }
            WastDirective::AssertInvalid { module, .. } => refuse(module, Kind::AssertInvalid),
            WastDirective::AssertMalformed { module, .. } => refuse(module, Kind::AssertMalformedBinary),
            other => (Kind::Other, Err(Verdict::Skipped(proposal(&other).to_owned()))),
        };
        (kind, demand.unwrap_or_else(Demand::Settled))
    }

    fn module(&mut self, mut module: QuoteWat<'_>) -> Demand {
        let name = module.name();
        let definition = text::encode(&mut module);
        self.define(name, definition.clone());
        Demand::Complete(Execution::Instantiate(self.create(name, &definition)))
    }

    fn definition(&mut self, mut module: QuoteWat<'_>) -> Demand {
        let definition = text::encode(&mut module);
        self.define(module.name(), definition.clone());
        Demand::Define(classify(&definition))
    }

    fn instance(&mut self, name: Option<Id<'_>>, of: Option<Id<'_>>) -> Settled<Demand> {
        let definition = match of {
            Some(of) => self.named_definitions.get(of.name()),
            None => self.last_definition.as_ref(),
        };
        let definition = definition.cloned().ok_or_else(|| Verdict::Failed("no such module definition".to_owned()))?;
        Ok(Demand::Complete(Execution::Instantiate(self.create(name, &definition))))
    }

    fn register(&mut self, name: &str, module: Option<Id<'_>>) -> Settled<Demand> {
        let instance = self.find(module)?;
        self.registered.insert(name.to_owned(), instance);
        Ok(Demand::Register(instance))
    }

    fn define(&mut self, name: Option<Id<'_>>, definition: Definition) {
        if let Some(name) = name {
            self.named_definitions.insert(name.name().to_owned(), definition.clone());
        }
        self.last_definition = Some(definition);
    }

    /// Adds an instance that later commands may refer to.
    fn create(&mut self, name: Option<Id<'_>>, definition: &Definition) -> InstanceIndex {
        let instance = self.add_instance(definition);
        if let Some(name) = name {
            self.named_instances.insert(name.name().to_owned(), instance);
        }
        self.last_instance = Some(instance);
        instance
    }

    /// Adds an instance, with its imports bound to what their names mean now.
    fn add_instance(&mut self, definition: &Definition) -> InstanceIndex {
        let index = InstanceIndex(self.script.instances.len());
        let mut imports_from = Vec::new();
        let mut module = classify(definition);
        if let Module::Wasm(wasm) = module {
            let renamed = imports::rename(&wasm, |import| match self.registered.get(&import.module) {
                Some(provider) => {
                    imports_from.push(*provider);
                    self.script.instances[provider.0].name.clone()
                }
                // No instance has a name with a space.
                None => format!("unregistered {}", import.module),
            });
            module = self.inherit(&imports_from).unwrap_or(Module::Wasm(renamed));
        }
        if let (Module::Needs(feature), Ok(wasm)) = (&module, definition) {
            self.taint(wasm, feature);
        }
        imports_from.dedup();
        let name = if index == SPECTEST { "spectest".to_owned() } else { format!("m{}", index.0) };
        self.script.instances.push(Instance { name, imports_from, module });
        index
    }

    /// What an importer takes over from a module that cannot run.
    fn inherit(&self, imports_from: &[InstanceIndex]) -> Option<Module> {
        imports_from.iter().find_map(|provider| match &self.script.instances[provider.0].module {
            Module::Wasm(_) => None,
            Module::Needs(feature) => Some(Module::Needs(feature.clone())),
            Module::Broken(_) => Some(Module::Broken("it imports from a module that is broken".to_owned())),
        })
    }

    /// Marks the instances from which a module that cannot run would have imported what it may write.
    fn taint(&mut self, wasm: &[u8], feature: &str) {
        for provider in imports::providers_of_state(wasm) {
            if let Some(&instance) = self.registered.get(&provider).filter(|&&instance| instance != SPECTEST) {
                self.tainted.entry(instance).or_insert_with(|| feature.to_owned());
            }
        }
    }

    /// An instance that a command uses.
    fn find_usable(&self, name: Option<Id<'_>>) -> Settled<InstanceIndex> {
        let instance = self.find(name)?;
        self.tainted.get(&instance).map_or(Ok(instance), |feature| Err(Verdict::Skipped(feature.clone())))
    }

    fn find(&self, name: Option<Id<'_>>) -> Settled<InstanceIndex> {
        let found = match name {
            Some(name) => self.named_instances.get(name.name()).copied(),
            None => self.last_instance,
        };
        found.ok_or_else(|| Verdict::Failed("no such module instance".to_owned()))
    }

    fn call(&self, invoke: &WastInvoke<'_>) -> Settled<Execution> {
        let instance = self.find_usable(invoke.module)?;
        let arguments = invoke.args.iter().map(|argument| match argument {
            WastArg::Core(argument) => value::argument(argument).map_err(Verdict::Skipped),
            _ => Err(Verdict::Skipped("component-model".to_owned())),
        });
        Ok(Execution::Call { instance, function: invoke.name.to_owned(), arguments: arguments.collect::<Result<_, _>>()? })
    }

    fn execution(&mut self, execute: WastExecute<'_>) -> Settled<Execution> {
        match execute {
            WastExecute::Invoke(invoke) => self.call(&invoke),
            WastExecute::Wat(module) => Ok(self.instantiation(module)),
            WastExecute::Get { module, global, .. } => {
                Ok(Execution::ReadGlobal { instance: self.find_usable(module)?, global: global.to_owned() })
            }
        }
    }

    /// The creation of an instance that nothing later refers to.
    fn instantiation(&mut self, mut module: Wat<'_>) -> Execution {
        let definition = module.encode().map_err(|error| error.message());
        Execution::Instantiate(self.add_instance(&definition))
    }

    fn assert_return(&mut self, execute: WastExecute<'_>, results: &[WastRet<'_>]) -> Settled<Demand> {
        let execution = self.execution(execute)?;
        let patterns = results.iter().map(|result| match result {
            WastRet::Core(result) => value::pattern(result).map_err(Verdict::Skipped),
            _ => Err(Verdict::Skipped("component-model".to_owned())),
        });
        Ok(Demand::Return(execution, patterns.collect::<Result<_, _>>()?))
    }
}

fn classify(definition: &Definition) -> Module {
    match definition {
        Err(reason) => Module::Broken(reason.clone()),
        Ok(wasm) => match features::support(wasm) {
            Support::Supported => Module::Wasm(wasm.clone()),
            Support::Needs(feature) => Module::Needs(feature),
            Support::Invalid(reason) => Module::Broken(reason),
        },
    }
}

/// An assertion that a module is refused. Where the text parser refuses it, ours is not asked; whatever is quoted
/// text in `assert_malformed` tests the text parser too.
fn refuse(mut module: QuoteWat<'_>, kind: Kind) -> (Kind, Settled<Demand>) {
    let quoted = !matches!(module, QuoteWat::Wat(_));
    match text::encode(&mut module) {
        Err(_) => (Kind::AssertMalformedText, Err(Verdict::Passed)),
        Ok(wasm) if quoted && kind == Kind::AssertMalformedBinary => (Kind::AssertMalformedText, Ok(Demand::Refuse(wasm))),
        Ok(wasm) => (kind, Ok(Demand::Refuse(wasm))),
    }
}

/// The proposal to which a directive belongs that has no demand here.
fn proposal(directive: &WastDirective<'_>) -> &'static str {
    match directive {
        WastDirective::AssertException { .. } => "exceptions",
        WastDirective::AssertSuspension { .. } => "stack-switching",
        WastDirective::Thread(_) | WastDirective::Wait { .. } => "threads",
        _ => "annotations",
    }
}

//! A parsed script, in a form that owns its data and knows which instance each command means.
//!
//! Which module a name stands for at each point of a script does not depend on what runs, so it is settled here, once,
//! and engines can compile and link everything before the first command.

use super::report::{Kind, Place};
use super::value::{Pattern, Value};

/// Index of an instance in [`Script::instances`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceIndex(pub usize);

/// The module that provides the imports from `"spectest"`; it is instance 0 of every script.
pub const SPECTEST: InstanceIndex = InstanceIndex(0);

/// A script.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Every instance that the script creates, in order of creation.
    pub instances: Vec<Instance>,
    /// The commands.
    pub commands: Vec<Command>,
}

/// An instance of a module.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its name, which no other instance of the script has; importers refer to it.
    pub name: String,
    /// The instances from which it imports.
    pub imports_from: Vec<InstanceIndex>,
    /// Its module.
    pub module: Module,
}

/// A module of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Module {
    /// Bytes that are valid with the supported features; imports name instances.
    Wasm(Vec<u8>),
    /// It needs a feature that is not supported, or imports from a module that does.
    Needs(String),
    /// It is not valid, or could not be made from its text.
    Broken(String),
}

/// A command.
#[derive(Clone, Debug)]
pub struct Command {
    /// Its kind.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// What to do.
    pub demand: Demand,
}

/// What a command demands.
#[derive(Clone, Debug)]
pub enum Demand {
    /// The module is taken, though nobody instantiates it.
    Define(Module),
    /// The instance is named for imports.
    Register(InstanceIndex),
    /// It ends without a trap.
    Complete(Execution),
    /// It returns values like these.
    Return(Execution, Vec<Pattern>),
    /// It traps with this reason.
    Trap(Execution, String),
    /// The instance cannot be created for want of imports.
    Unlinkable(InstanceIndex),
    /// The module is refused.
    Refuse(Vec<u8>),
    /// Already decided when the script was parsed.
    Settled(super::report::Verdict),
}

/// Something that runs.
#[derive(Clone, Debug)]
pub enum Execution {
    /// The creation of an instance.
    Instantiate(InstanceIndex),
    /// A call.
    Call {
        /// Of which instance.
        instance: InstanceIndex,
        /// Exported name.
        function: String,
        /// Arguments.
        arguments: Vec<Value>,
    },
    /// A read of a global.
    ReadGlobal {
        /// Of which instance.
        instance: InstanceIndex,
        /// Exported name.
        global: String,
    },
}

impl Execution {
    /// The instance that it is about.
    #[must_use]
    pub fn instance(&self) -> InstanceIndex {
        match self {
            Execution::Instantiate(instance) | Execution::Call { instance, .. } | Execution::ReadGlobal { instance, .. } => {
                *instance
            }
        }
    }
}

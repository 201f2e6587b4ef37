//! What the harness asks of an engine, be it ours or the one that checks the harness.

use super::script::{InstanceIndex, Script};
use super::value::Value;

/// How a call, a read or an instantiation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It returned these values; an instantiation returns none.
    Returned(Vec<Value>),
    /// It trapped; the reason in the words of the specification, or several that the engine does not tell apart.
    Trapped(Vec<String>),
    /// An import is missing or of another type.
    Unlinkable(String),
    /// Something that no script can ask for: a crash, a hang, a wrong place, a defect of the engine.
    Broken(String),
}

/// Whether an engine takes a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// It does.
    Accepted,
    /// It says that the module is malformed or invalid, for this reason.
    Refused(String),
    /// It says that the module needs a feature that it does not support.
    Unsupported(String),
    /// None of these: a limit, a crash.
    Broken(String),
}

/// An engine that runs one script.
pub trait Engine {
    /// What reports call it.
    fn name(&self) -> String;

    /// Prepares all instances of the script, which are then created one by one. What is wrong with a single instance is
    /// told when that is created.
    ///
    /// # Errors
    /// When nothing of the script can run.
    fn prepare(&mut self, script: &Script) -> Result<(), String>;

    /// Whether it takes a module that is not to be run.
    fn check(&mut self, wasm: &[u8]) -> Acceptance;

    /// Creates an instance.
    fn instantiate(&mut self, instance: InstanceIndex) -> Outcome;

    /// Calls an exported function.
    fn call(&mut self, instance: InstanceIndex, function: &str, arguments: &[Value]) -> Outcome;

    /// Reads an exported global.
    fn read_global(&mut self, instance: InstanceIndex, global: &str) -> Outcome;
}

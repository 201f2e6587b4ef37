//! What parent and child say to each other.
//!
//! Each direction is one frame: eight bytes that hold the length of a JSON text (little-endian), that text, and
//! then raw bytes to the end of the pipe.

use crate::compile_args::CompileArgs;
use crate::failure::{Exit, Failure, Outcome};
use saggar_compiler::report::{CodeMap, CodeRange, FunctionReport, Report};
use saggar_compiler::{Artifact, Interface};
use serde::{Deserialize, Serialize};

/// What the child shall do.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Action {
    /// Compile the module.
    Compile,
    /// Say what it imports, exports and uses.
    Inspect,
}

/// From parent to child; the module's bytes follow it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    /// What to do.
    pub(super) action: Action,
    /// The module's name.
    pub(super) name: String,
    /// Whether the module is in the text format.
    pub(super) text: bool,
    /// Whether Cranelift IR is wanted.
    pub(super) emit_clif: bool,
    /// Whether assembly is wanted.
    pub(super) emit_asm: bool,
    /// How to compile.
    pub(super) args: CompileArgs,
}

impl Request {
    /// The frame.
    pub(super) fn encode(&self, module: &[u8]) -> Outcome<Vec<u8>> {
        frame(self, &[module])
    }

    /// Takes a frame apart; `None` when it is none.
    pub(super) fn decode(bytes: &[u8]) -> Option<(Request, &[u8])> {
        unframe(bytes)
    }
}

/// The cost of a function and the place of its code.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct FunctionParts {
    index: u32,
    name: Option<String>,
    offset: u32,
    code_bytes: u32,
    frame_bytes: u32,
}

/// What a compilation gave, in a form that crosses a pipe.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Compiled {
    /// The report and the interface: the content of `skill.json`.
    pub description: serde_json::Value,
    /// Rust bindings.
    pub rust: String,
    /// C bindings.
    pub c: String,
    /// Cranelift IR, when asked for.
    pub clif: Option<String>,
    /// Assembly, when asked for.
    pub asm: Option<String>,
    functions: Vec<FunctionParts>,
    ranges: Vec<(u32, u32, u32)>,
    /// The relocatable object; travels outside the JSON.
    #[serde(skip)]
    pub object: Vec<u8>,
    /// The module in the binary format; travels outside the JSON.
    #[serde(skip)]
    pub wasm: Vec<u8>,
}

impl Compiled {
    /// Takes the parts of an artifact.
    pub(super) fn new(artifact: Artifact, description: serde_json::Value, wasm: Vec<u8>) -> Compiled {
        let parts = |function: &FunctionReport| FunctionParts {
            index: function.index,
            name: function.name.clone(),
            offset: function.offset,
            code_bytes: function.code_bytes,
            frame_bytes: function.frame_bytes,
        };
        Compiled {
            description,
            rust: saggar_compiler::bindings::rust(&artifact.interface),
            c: saggar_compiler::bindings::c(&artifact.interface),
            functions: artifact.code_map.functions.iter().map(parts).collect(),
            ranges: artifact.code_map.ranges.iter().map(|range| (range.start, range.end, range.wasm_offset)).collect(),
            clif: artifact.clif,
            asm: artifact.asm,
            object: artifact.object,
            wasm,
        }
    }

    /// The artifact again, and the module in the binary format. Of the report only the functions come back.
    pub(super) fn into_artifact(self, interface: Interface) -> (Artifact, Vec<u8>) {
        let whole = |function: FunctionParts| FunctionReport {
            index: function.index,
            name: function.name,
            offset: function.offset,
            code_bytes: function.code_bytes,
            frame_bytes: function.frame_bytes,
        };
        let functions: Vec<FunctionReport> = self.functions.into_iter().map(whole).collect();
        let ranges = self.ranges.into_iter().map(|(start, end, wasm_offset)| CodeRange { start, end, wasm_offset });
        let report = Report { module: interface.module.clone(), functions: functions.clone(), ..Report::default() };
        let code_map = CodeMap { ranges: ranges.collect(), functions };
        let artifact = Artifact { object: self.object, interface, report, code_map, clif: self.clif, asm: self.asm };
        (artifact, self.wasm)
    }
}

/// From child to parent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// It compiled.
    Compiled(Box<Compiled>),
    /// What the module imports, exports and uses.
    Inspected(serde_json::Value),
    /// It did not.
    Refused(Failure),
}

/// An answer with the length of the object, which lies before the module in the raw bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Reply {
    answer: Answer,
    object_bytes: usize,
}

impl Reply {
    /// The frame of an answer.
    pub(super) fn encode(answer: Answer) -> Outcome<Vec<u8>> {
        let (object, wasm) = match &answer {
            Answer::Compiled(compiled) => (compiled.object.clone(), compiled.wasm.clone()),
            Answer::Inspected(_) | Answer::Refused(_) => (Vec::new(), Vec::new()),
        };
        frame(&Reply { answer, object_bytes: object.len() }, &[&object, &wasm])
    }

    /// Takes a frame apart; `None` when it is none.
    pub(super) fn decode(bytes: &[u8]) -> Option<Reply> {
        let (mut reply, raw): (Reply, _) = unframe(bytes)?;
        let (object, wasm) = raw.split_at_checked(reply.object_bytes)?;
        if let Answer::Compiled(compiled) = &mut reply.answer {
            compiled.object = object.to_vec();
            compiled.wasm = wasm.to_vec();
        }
        Some(reply)
    }

    /// The answer itself.
    pub(super) fn into_answer(self) -> Answer {
        self.answer
    }
}

fn frame(head: &impl Serialize, raw: &[&[u8]]) -> Outcome<Vec<u8>> {
    let head = serde_json::to_vec(head).map_err(|error| Failure::new(Exit::Internal, error.to_string()))?;
    let mut bytes = u64::try_from(head.len()).unwrap_or(u64::MAX).to_le_bytes().to_vec();
    bytes.extend_from_slice(&head);
    for part in raw {
        bytes.extend_from_slice(part);
    }
    Ok(bytes)
}

fn unframe<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Option<(T, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (head, raw) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    Some((serde_json::from_slice(head).ok()?, raw))
}

#[cfg(test)]
mod tests {
    use super::{Answer, Compiled, Reply};

    #[test]
    fn an_answer_crosses_the_pipe_whole() {
        let compiled = Compiled { object: vec![1, 2, 3], wasm: vec![4], rust: "r".into(), ..Compiled::default() };
        let bytes = Reply::encode(Answer::Compiled(Box::new(compiled))).unwrap();
        let Some(Answer::Compiled(back)) = Reply::decode(&bytes).map(Reply::into_answer) else { panic!("another answer") };
        assert_eq!((back.object.as_slice(), back.wasm.as_slice(), back.rust.as_str()), (&[1, 2, 3][..], &[4][..], "r"));
        assert!((0..bytes.len() - 4).all(|cut| Reply::decode(&bytes[..cut]).is_none()), "a cut frame is no answer");
    }
}

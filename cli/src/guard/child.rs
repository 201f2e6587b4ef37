//! The hidden subcommand: caps itself, reads a request, answers.
//!
//! Its exit code is 0 whenever it has an answer, a refusal included; anything else means that it died.

use super::message::{Action, Answer, Compiled, Reply, Request};
use crate::failure::{Exit, Failure, Outcome};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::borrow::Cow;
use std::io::{Read as _, Write as _};

/// Runs the child's side.
pub(crate) fn run() -> Outcome<Exit> {
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input)?;
    let (request, module) = Request::decode(&input)
        .ok_or_else(|| Failure::usage("this subcommand is for the program itself: its input is no request"))?;
    cap(request.args.caps.memory_cap)?;
    let answer = match answer(&request, module) {
        Ok(answer) => answer,
        Err(failure) => Answer::Refused(failure),
    };
    std::io::stdout().write_all(&Reply::encode(answer)?)?;
    Ok(Exit::Ok)
}

/// Caps the address space, and leaves no core file when that kills the process.
fn cap(memory_bytes: u64) -> Outcome<()> {
    for (resource, bytes) in [(Resource::As, memory_bytes), (Resource::Core, 0)] {
        let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
        setrlimit(resource, limit)
            .map_err(|error| Failure::new(Exit::Io, format!("cannot cap the compiling process: {error}")))?;
    }
    Ok(())
}

fn answer(request: &Request, module: &[u8]) -> Outcome<Answer> {
    let wasm = if request.text { Cow::Owned(parse_text(module)?) } else { Cow::Borrowed(module) };
    let mut options = request.args.options(&request.name)?;
    options.emit_clif = request.emit_clif;
    options.emit_asm = request.emit_asm;
    match request.action {
        Action::Compile => {
            let artifact = saggar_compiler::compile(&wasm, &options).map_err(|error| Failure::from(&error))?;
            let description = serde_json::json!({ "report": artifact.report, "interface": artifact.interface });
            Ok(Answer::Compiled(Box::new(Compiled::new(artifact, description, wasm.into_owned()))))
        }
        Action::Inspect => Ok(Answer::Inspected(super::inspect::describe(&wasm, &options)?)),
    }
}

/// Turns the text format into the binary format.
fn parse_text(text: &[u8]) -> Outcome<Vec<u8>> {
    let text = std::str::from_utf8(text).map_err(|error| Failure::new(Exit::Invalid, format!("text: {error}")))?;
    wat::parse_str(text).map_err(|error| Failure::new(Exit::Invalid, error.to_string()).help("mend the text at this place"))
}

//! Teaching the wake word: its user says it five times, and what the module makes of that is kept in a file.

use crate::dsp::chain::{Chain, FRAME};
use crate::dsp::module::Wake;
use crate::dsp::stage::{Failure, place};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Recordings that are asked for.
pub const RECORDINGS: usize = 5;

/// Why a recording, or all, was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnrolError {
    /// Nothing was said.
    #[error("nothing was heard: say it once, louder or closer")]
    Nothing,
    /// Too little was said.
    #[error("that was too short: the phrase needs at least a third of a second of speech")]
    Short,
    /// Too much was said.
    #[error("that was too long: only the phrase, of at most 1.6 seconds")]
    Long,
    /// There is no room for more.
    #[error("there are eight recordings already")]
    Full,
    /// The module answered something else.
    #[error("the wake word's module refuses the recording ({0})")]
    Refused(i32),
    /// The module fails.
    #[error("the wake word's module failed: {0}")]
    Failed(#[from] Failure),
    /// What was learnt cannot be kept.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// Frames of silence that end a recording, and the longest one: 0.5 and 4 seconds.
const QUIET: u32 = 50;
const LONGEST: u32 = 400;

/// Forgets what was learnt.
///
/// # Errors
/// When the module fails.
pub fn forget(chain: &mut Chain) -> Result<(), EnrolError> {
    call(chain, Wake::Clear).map(|_| ())
}

/// Records the phrase once, from frames of the microphone until it has been said, or there are no more; the number of recordings since.
///
/// # Errors
/// When it was not said, or the module does not take it.
pub fn record(chain: &mut Chain, mut next: impl FnMut() -> Option<[f32; FRAME]>) -> Result<i32, EnrolError> {
    match call(chain, Wake::Begin)? {
        0 => {}
        -4 => return Err(EnrolError::Full),
        refused => return Err(EnrolError::Refused(refused)),
    }
    let (mut spoken, mut quiet) = (0, 0);
    for _ in 0..LONGEST {
        let Some(frame) = next() else { break };
        let heard = chain.process(&frame, &[0.0; FRAME]);
        if heard.speech {
            spoken += 1;
            quiet = 0;
        } else {
            quiet += 1;
        }
        if spoken > 15 && quiet > QUIET {
            break;
        }
    }
    match call(chain, Wake::End)? {
        count if count > 0 => Ok(count),
        -1 => Err(EnrolError::Nothing),
        -2 if spoken == 0 => Err(EnrolError::Nothing),
        -2 => Err(EnrolError::Short),
        -3 => Err(EnrolError::Long),
        refused => Err(EnrolError::Refused(refused)),
    }
}

/// Keeps what was learnt in a file, whole or not at all.
///
/// # Errors
/// When the module fails, or the file cannot be written.
pub fn keep(chain: &mut Chain, path: &Path) -> Result<usize, EnrolError> {
    let length = call(chain, Wake::StateBytes)?;
    let address = call(chain, Wake::StateAt)?;
    let stage = chain.wake().ok_or(EnrolError::Refused(-1))?;
    let module = stage.module.as_mut().ok_or(Failure::Away)?;
    let memory = module.memory();
    let (address, length) = (place(address).ok_or(Failure::Buffer)?, place(length).ok_or(Failure::Buffer)?);
    let learnt = memory.slice(address, length).ok_or(Failure::Buffer)?;
    // What is restarted later knows it too.
    let learnt = learnt.to_vec();
    stage.set_state(learnt.clone());
    let failed = |source| EnrolError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let half = path.with_extension("half");
    let mut file = fs::File::create(&half).map_err(failed)?;
    file.write_all(&learnt).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&half, path).map_err(failed)?;
    Ok(learnt.len())
}

fn call(chain: &mut Chain, function: Wake) -> Result<i32, EnrolError> {
    let stage = chain.wake().ok_or(EnrolError::Refused(-1))?;
    let module = stage.module.as_mut().ok_or(Failure::Away)?;
    module.set_fuel(100_000_000);
    let answer = module.wake(function).ok_or(EnrolError::Refused(-1))?;
    answer.map_err(|trap| Failure::from(trap).into())
}

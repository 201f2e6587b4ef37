//! What a firmware must live with: files that make the decoder trap or run for ever, and a frame that takes more than it may.
//!
//! After each, the neighbour's memory and the guards are looked at, and the module is restarted and must do again what it did when
//! it was new.

use crate::deadline;
use crate::guard;
use crate::modules::{Failure, Modules};
use crate::report::Report;
use crate::sound::{self, BLOCKS, Done, RECORDING};
use saggar_runtime::{Code, Trap};

/// A file that is bad in one place: in the chunk of this kind, from this byte on, stand these.
struct Bad {
    name: &'static str,
    kind: &'static [u8; 4],
    offset: usize,
    bytes: &'static [u8],
    code: Code,
}

const FILES: [Bad; 4] = [
    Bad { name: "comment", kind: b"ICMT", offset: 4, bytes: &[0, 0, 16, 0], code: Code::MemoryOutOfBounds },
    Bad { name: "channels", kind: b"fmt ", offset: 10, bytes: &[0, 0], code: Code::IntegerDivisionByZero },
    Bad { name: "coding", kind: b"fmt ", offset: 8, bytes: &[0x55, 0], code: Code::Unreachable },
    Bad { name: "endless", kind: b"LIST", offset: 4, bytes: &[0xf8, 0xff, 0xff, 0xff], code: Code::Interrupted },
];

/// How long opening a file may take that is known to take for ever. (A timer for all of them would make a slow emulator look
/// wrong.)
const DEADLINE_US: u64 = 10_000;

/// All troubles, one after another.
pub(crate) fn all(modules: &mut Modules, first: Done, report: &mut Report) -> Result<(), Failure> {
    for bad in &FILES {
        let at = sound::place(&mut modules.wave, RECORDING)?;
        let start = RECORDING.windows(4).position(|bytes| bytes == bad.kind).ok_or(Failure::Outside)?;
        let mut memory = modules.wave.memory();
        memory.slice_mut(at + start + bad.offset, bad.bytes.len()).ok_or(Failure::Outside)?.copy_from_slice(bad.bytes);
        let length = i32::try_from(RECORDING.len()).map_err(|_| Failure::Outside)?;
        open_bad(modules, bad.name, length, bad.code, report)?;
    }
    open_bad_lists(modules, report)?;
    run_dry(modules, first, report)
}

/// Lists in lists, as many as there is room for.
fn open_bad_lists(modules: &mut Modules, report: &mut Report) -> Result<(), Failure> {
    let at = sound::place(&mut modules.wave, &RECORDING[..12])?;
    let room = modules.wave.input_bytes()?.cast_unsigned() as usize;
    let mut memory = modules.wave.memory();
    let body = memory.slice_mut(at, room).and_then(|file| file.get_mut(12..)).ok_or(Failure::Outside)?;
    for list in body.as_chunks_mut::<12>().0 {
        *list = *b"LIST\x00\x04\x00\x00INFO";
    }
    open_bad(modules, "lists", i32::try_from(room).map_err(|_| Failure::Outside)?, Code::StackOverflow, report)
}

/// Opens what lies in the decoder's memory, which must end in a trap, and goes on from there.
fn open_bad(modules: &mut Modules, name: &str, length: i32, code: Code, report: &mut Report) -> Result<(), Failure> {
    let neighbour = modules.equaliser_hash();
    if code == Code::Interrupted {
        let interrupter = modules.wave.interrupter();
        let (ended, ticks) = deadline::within(DEADLINE_US, interrupter, || modules.wave.open(length));
        judge(name, "wave", ended, code, report);
        report.check(name, "it was the timer that stopped it", ticks > 0);
    } else {
        judge(name, "wave", modules.wave.open(length), code, report);
    }
    report.check(name, "the neighbour's memory is untouched", modules.equaliser_hash() == neighbour);
    report.check(name, "the guards are untouched", guard::untouched());
    report.check(name, "restarted, its memory is as new", modules.restart_wave());
    let blocks = sound::open(&mut modules.wave, RECORDING)?;
    report.check(name, "it works again", blocks == BLOCKS);
    Ok(())
}

/// A frame with too little fuel.
fn run_dry(modules: &mut Modules, first: Done, report: &mut Report) -> Result<(), Failure> {
    let neighbour = modules.wave_hash();
    modules.equaliser.set_fuel(1000);
    let ended = modules.equaliser.process(100);
    judge("fuel", "equaliser", ended, Code::OutOfFuel, report);
    report.check("fuel", "the neighbour's memory is untouched", modules.wave_hash() == neighbour);
    report.check("fuel", "the guards are untouched", guard::untouched());
    report.check("fuel", "restarted, its memory is as new", modules.restart_equaliser());
    let again = sound::first_frame(modules)?;
    report.check("fuel", "it works again, with the same sound", again == first);
    Ok(())
}

/// Says how a call ended, and whether that is what it should be.
fn judge<T>(name: &str, module: &str, ended: Result<T, Trap>, code: Code, report: &mut Report) {
    if let Err(trap) = ended {
        report.trap(module, name, trap);
    }
    report.check(name, "it ends as it should", ended.err().and_then(Trap::code) == Some(code));
}

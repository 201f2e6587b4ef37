//! Both modules at work: a recording is decoded block by block, and goes through the equaliser frame by frame.

use crate::equaliser::Equaliser;
use crate::hash::Hash;
use crate::host;
use crate::modules::{Failure, Modules};
use crate::report::Report;
use crate::wave::Wave;

/// The recording, in flash.
pub(crate) static RECORDING: &[u8] = include_bytes!("../../recording.wav");

/// Samples of a frame; a block has five frames.
const FRAME: usize = 101;

/// Fuel for a call of the equaliser: a frame takes about half of it.
const FUEL: u64 = 50_000;

/// Blocks of the recording.
pub(crate) const BLOCKS: i32 = 4;

/// What came of a frame.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Done {
    /// Hash of the samples.
    pub(crate) hash: u64,
    peak: f32,
    fuel: u64,
}

/// Gives the decoder a file; how many blocks it found.
pub(crate) fn open(wave: &mut Wave, file: &[u8]) -> Result<i32, Failure> {
    place(wave, file)?;
    Ok(wave.open(i32::try_from(file.len()).map_err(|_| Failure::Outside)?)?)
}

/// Writes a file into the decoder's memory; the place of it there.
pub(crate) fn place(wave: &mut Wave, file: &[u8]) -> Result<usize, Failure> {
    let at = wave.input()?.cast_unsigned() as usize;
    wave.memory().slice_mut(at, file.len()).ok_or(Failure::Outside)?.copy_from_slice(file);
    Ok(at)
}

/// Sets the equaliser up.
pub(crate) fn prepare(equaliser: &mut Equaliser) -> Result<bool, Failure> {
    let mut good = true;
    for (band, hz, gain_db, quality) in [(0, 120.0, 6.0, 0.75), (1, 1000.0, -4.5, 1.0), (2, 4000.0, 5.0, 1.25)] {
        equaliser.set_fuel(FUEL);
        good &= equaliser.set_band(band, hz, gain_db, quality)? == 0;
    }
    equaliser.set_fuel(FUEL);
    good &= equaliser.set_compressor(0.25, 4.0, 2.0, 50.0)? == 0;
    equaliser.set_fuel(FUEL);
    // No filter works above half of the rate.
    good &= equaliser.set_band(0, 9000.0, 6.0, 1.0)? == -1;
    Ok(good)
}

/// Puts samples of 16 bits, as the decoder has them, through the equaliser.
fn equalise(equaliser: &mut Equaliser, samples: &[u8]) -> Result<Done, Failure> {
    let count = samples.len() / 2;
    equaliser.set_fuel(FUEL);
    let at = equaliser.frame()?.cast_unsigned() as usize;
    let mut memory = equaliser.memory();
    let frame = memory.slice_mut(at, 4 * count).ok_or(Failure::Outside)?;
    for (float, sample) in frame.as_chunks_mut::<4>().0.iter_mut().zip(samples.as_chunks::<2>().0) {
        *float = (f32::from(i16::from_le_bytes(*sample)) / 32768.0).to_le_bytes();
    }
    equaliser.set_fuel(FUEL);
    let peak = equaliser.process(i32::try_from(count).map_err(|_| Failure::Outside)?)?;
    let fuel = FUEL - equaliser.fuel_left();
    let memory = equaliser.memory();
    let hash = Hash::EMPTY.with(memory.slice(at, 4 * count).ok_or(Failure::Outside)?).0;
    Ok(Done { hash, peak, fuel })
}

/// The first frame of the recording, through modules that are new.
pub(crate) fn first_frame(modules: &mut Modules) -> Result<Done, Failure> {
    open(&mut modules.wave, RECORDING)?;
    prepare(&mut modules.equaliser)?;
    modules.wave.decode(0)?;
    let at = modules.wave.output()?.cast_unsigned() as usize;
    let memory = modules.wave.memory();
    equalise(&mut modules.equaliser, memory.slice(at, 2 * FRAME).ok_or(Failure::Outside)?)
}

/// The whole recording; the first frame.
pub(crate) fn play(modules: &mut Modules, report: &mut Report) -> Result<Done, Failure> {
    let mut first = None;
    let (mut frames, mut fuel) = (0, 0);
    let blocks = open(&mut modules.wave, RECORDING)?;
    report.check("sound", "the file has the blocks that it should have", blocks == BLOCKS);
    let prepared = prepare(&mut modules.equaliser)?;
    report.check("sound", "the equaliser takes what makes sense", prepared);
    for block in 0..blocks {
        let samples = modules.wave.decode(block)?.cast_unsigned() as usize;
        let at = modules.wave.output()?.cast_unsigned() as usize;
        let memory = modules.wave.memory();
        for frame in memory.slice(at, 2 * samples).ok_or(Failure::Outside)?.chunks(2 * FRAME) {
            let done = equalise(&mut modules.equaliser, frame)?;
            host::advance(frame.len() as u64 / 2);
            report.numbered("frame", frames, done.hash);
            report.numbered("peak", frames, done.peak.to_bits().into());
            first.get_or_insert(done);
            (frames, fuel) = (frames + 1, fuel + done.fuel);
        }
    }
    report.value("meter", host::metered());
    report.value("fuel", fuel);
    report.value("used.wave", modules.wave_hash());
    report.value("used.equaliser", modules.equaliser_hash());
    first.ok_or(Failure::Outside)
}

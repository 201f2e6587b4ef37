//! The DSP guests: generated audio through the contract, on both sides, frame by frame.

use super::machine::{Compiled, Interpreted, Machine};
use super::{DspReport, Error, Features};
use crate::diff::{Value, ValueType};
use crate::rows;
use crate::target::{self, Runner};
use fastrand::Rng;
use saggar_compiler::target::Target;
use saggar_compiler::{Options, compile};

/// A guest with the format that it wants.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// Samples a second.
    pub rate_hz: u32,
    /// Samples of a frame.
    pub frame: u32,
}

/// The guests.
pub const STAGES: &[Stage] = &[
    Stage { name: "denoise", rate_hz: 48_000, frame: 480 },
    Stage { name: "voice", rate_hz: 16_000, frame: 256 },
    Stage { name: "echo", rate_hz: 16_000, frame: 160 },
    Stage { name: "resample", rate_hz: 48_000, frame: 480 },
];

/// Frames that each guest processes; the guest is reset in the middle.
const FRAMES: u32 = 60;

/// Bytes to which the guests' memories may grow.
const RESERVE_BYTES: u64 = 8 << 20;

/// Bytes of stack: optimised DSP code keeps whole frames there.
const STACK_BYTES: u32 = 256 << 10;

/// Runs a guest in wasmi once, and beside it on each row.
pub(super) fn run(
    rows: &mut [(Target, Runner)],
    stage: &Stage,
    features: Features,
    wasm: &[u8],
) -> Result<Vec<DspReport>, Error> {
    let guest = features.name_of(stage.name);
    let mut sides = Vec::with_capacity(rows.len());
    for (target, runner) in rows {
        let mut options = Options::new(*target, stage.name);
        options.memory_reserve_bytes = Some(RESERVE_BYTES);
        options.stack_bytes = STACK_BYTES;
        let artifact = compile(wasm, &options).map_err(|error| Error::Compile(guest.clone(), error))?;
        let report = DspReport { guest: guest.clone(), target: rows::name(*target), ..DspReport::default() };
        sides.push(Side { compiled: Compiled::start(runner, *target, artifact)?, report });
    }
    process(stage, &mut sides, &mut Interpreted::start(wasm)?).map_err(|error| Error::Interpreted(guest, error))?;
    let finished = |side: Side<'_>| DspReport { stack: side.compiled.stack, ..side.report };
    Ok(sides.into_iter().map(finished).collect())
}

/// A row's side of the comparison. After its first difference it is left alone.
struct Side<'r> {
    compiled: Compiled<'r>,
    report: DspReport,
}

impl Side<'_> {
    fn compare(&mut self, act: impl FnOnce(&mut Compiled<'_>, &mut DspReport) -> Result<(), String>) {
        if self.report.difference.is_none() {
            self.report.difference = act(&mut self.compiled, &mut self.report).err();
        }
    }
}

/// Fails only where wasmi does; what a row does otherwise is in its report.
fn process(stage: &Stage, sides: &mut [Side<'_>], interpreted: &mut Interpreted) -> Result<(), String> {
    let format = [Value::I32(stage.rate_hz), Value::I32(1), Value::I32(stage.frame)];
    if call(sides, interpreted, "dsp_init", &format)? != Value::I32(0) {
        return Err("dsp_init refuses the format".to_owned());
    }
    call(sides, interpreted, "dsp_latency", &[])?;
    let mut places = [0; 3];
    for (place, export) in places.iter_mut().zip(["dsp_in", "dsp_ref", "dsp_out"]) {
        let Value::I32(address) = call(sides, interpreted, export, &[Value::I32(0)])? else {
            return Err(format!("{export}: no address"));
        };
        *place = address;
    }
    let mut audio = Audio::new(stage.rate_hz);
    for frame in 0..FRAMES {
        if frame == FRAMES / 2 {
            interpreted.call("dsp_reset", &[], None)?;
            sides.iter_mut().for_each(|side| side.compare(|compiled, _| compiled.call("dsp_reset", &[], None).map(|_| ())));
        }
        let (heard, played) = audio.frame(stage.frame);
        for (place, samples) in places.iter().zip([&heard, &played]) {
            interpreted.write(*place, samples)?;
            sides.iter_mut().for_each(|side| side.compare(|compiled, _| compiled.write(*place, samples)));
        }
        call(sides, interpreted, "dsp_process", &[Value::I32(stage.frame)]).map_err(|error| format!("frame {frame}: {error}"))?;
        let theirs = interpreted.read(places[2], heard.len())?;
        for side in &mut *sides {
            side.compare(|compiled, report| {
                let ours = compiled.read(places[2], heard.len())?;
                if let Some(at) = (0..ours.len()).find(|&at| ours[at] != theirs[at]) {
                    return Err(format!("frame {frame}: sample {} of the output differs", at / 4));
                }
                report.output_hash = report.output_hash.rotate_left(7) ^ target::hash(&ours);
                report.frames += 1;
                Ok(())
            });
        }
    }
    let theirs = interpreted.memory_hash()?;
    for side in sides {
        side.compare(|compiled, _| {
            let same = compiled.memory_hash()? == theirs;
            same.then_some(()).ok_or_else(|| "memory differs at the end".to_owned())
        });
    }
    Ok(())
}

/// Calls wasmi's side, and every other, which must answer alike.
fn call(sides: &mut [Side<'_>], interpreted: &mut Interpreted, export: &str, arguments: &[Value]) -> Result<Value, String> {
    let theirs = interpreted.call(export, arguments, Some(ValueType::I32))?.ok_or_else(|| format!("{export} answers nothing"))?;
    for side in sides {
        side.compare(|compiled, report| {
            let ours = compiled.call(export, arguments, Some(ValueType::I32))?;
            let alike = ours == Some(theirs);
            alike
                .then_some(())
                .ok_or_else(|| format!("after {} frames: {export} answers {ours:?}, and {theirs:?} in wasmi", report.frames))
        });
    }
    Ok(theirs)
}

/// Audio that is made up: gliding tones, noise, pauses, and an echo of what is played.
struct Audio {
    rng: Rng,
    phase: f32,
    step: f32,
    rate_hz: u32,
    echo: Vec<f32>,
    time: u32,
}

/// Delay of the echo in samples.
const ECHO: usize = 200;

impl Audio {
    fn new(rate_hz: u32) -> Audio {
        Audio { rng: Rng::with_seed(7), phase: 0.0, step: 0.02, rate_hz, echo: vec![0.0; ECHO], time: 0 }
    }

    /// What the microphone hears and what the loudspeaker plays, as bytes. Only additions and products, so that
    /// the audio is the same on every machine.
    fn frame(&mut self, samples: u32) -> (Vec<u8>, Vec<u8>) {
        let (mut heard, mut played) = (Vec::new(), Vec::new());
        for _ in 0..samples {
            self.time += 1;
            self.step = if self.step > 0.2 { 0.01 } else { self.step * 1.000_1 };
            self.phase = (self.phase + self.step) % 2.0;
            // A parabola for each half of the wave.
            let wave =
                if self.phase < 1.0 { self.phase * (1.0 - self.phase) } else { (self.phase - 1.0) * (self.phase - 2.0) } * 4.0;
            let speaks = (self.time / (self.rate_hz / 4)).is_multiple_of(2);
            let noise = (self.rng.f32() - 0.5) * 0.05;
            let music = (self.rng.f32() - 0.5) * 0.3;
            let echo = self.echo.remove(0) * 0.4;
            self.echo.push(music);
            let sample = if speaks { wave * 0.5 } else { 0.0 } + noise + echo;
            heard.extend(sample.to_le_bytes());
            played.extend(music.to_le_bytes());
        }
        (heard, played)
    }
}

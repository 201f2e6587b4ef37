//! The DSP guests: generated audio through the contract, on both sides, frame by frame.

use super::machine::{Compiled, Interpreted, Machine};
use super::{DspReport, Error};
use crate::diff::{Value, ValueType};
use crate::target::{self, Runner};
use fastrand::Rng;
use saggar_compiler::target::Target;
use saggar_compiler::{Options, compile};

/// A guest with the format that it wants.
pub(super) struct Stage {
    pub(super) name: &'static str,
    rate_hz: u32,
    frame: u32,
}

pub(super) const STAGES: &[Stage] = &[
    Stage { name: "denoise", rate_hz: 48_000, frame: 480 },
    Stage { name: "voice", rate_hz: 16_000, frame: 256 },
    Stage { name: "echo", rate_hz: 16_000, frame: 160 },
];

/// Frames that each guest processes; the guest is reset in the middle.
const FRAMES: u32 = 60;

/// Bytes to which the guests' memories may grow.
const RESERVE_BYTES: u64 = 8 << 20;

/// Bytes of stack: optimised DSP code keeps whole frames there.
const STACK_BYTES: u32 = 256 << 10;

/// Runs a guest on both sides.
pub(super) fn run(runner: &mut Runner, target: Target, stage: &Stage, wasm: &[u8]) -> Result<DspReport, Error> {
    let mut options = Options::new(target, stage.name);
    options.memory_reserve_bytes = Some(RESERVE_BYTES);
    options.stack_bytes = STACK_BYTES;
    let artifact = compile(wasm, &options).map_err(|error| Error::Compile(stage.name.to_owned(), error))?;
    let mut compiled = Compiled::start(runner, target, artifact)?;
    let mut interpreted = Interpreted::start(wasm)?;
    let mut report = DspReport { guest: stage.name.to_owned(), ..DspReport::default() };
    report.difference = process(stage, &mut compiled, &mut interpreted, &mut report).err();
    report.stack = compiled.stack;
    Ok(report)
}

fn process(
    stage: &Stage,
    compiled: &mut Compiled<'_>,
    interpreted: &mut Interpreted,
    report: &mut DspReport,
) -> Result<(), String> {
    let format = [Value::I32(stage.rate_hz), Value::I32(1), Value::I32(stage.frame)];
    if same(compiled, interpreted, "dsp_init", &format)? != Value::I32(0) {
        return Err("dsp_init refuses the format".to_owned());
    }
    same(compiled, interpreted, "dsp_latency", &[])?;
    let mut places = [0; 3];
    for (place, export) in places.iter_mut().zip(["dsp_in", "dsp_ref", "dsp_out"]) {
        let Value::I32(address) = same(compiled, interpreted, export, &[Value::I32(0)])? else {
            return Err(format!("{export}: no address"));
        };
        *place = address;
    }
    let mut audio = Audio::new(stage.rate_hz);
    for frame in 0..FRAMES {
        if frame == FRAMES / 2 {
            compiled.call("dsp_reset", &[], None)?;
            interpreted.call("dsp_reset", &[], None)?;
        }
        let (heard, played) = audio.frame(stage.frame);
        for (place, samples) in places.iter().zip([&heard, &played]) {
            compiled.write(*place, samples)?;
            interpreted.write(*place, samples)?;
        }
        same(compiled, interpreted, "dsp_process", &[Value::I32(stage.frame)])
            .map_err(|error| format!("frame {frame}: {error}"))?;
        let ours = compiled.read(places[2], heard.len())?;
        let theirs = interpreted.read(places[2], heard.len())?;
        if let Some(at) = (0..ours.len()).find(|&at| ours[at] != theirs[at]) {
            return Err(format!("frame {frame}: sample {} of the output differs", at / 4));
        }
        report.output_hash = report.output_hash.rotate_left(7) ^ target::hash(&ours);
        report.frames += 1;
    }
    if compiled.memory_hash()? == interpreted.memory_hash()? { Ok(()) } else { Err("memory differs at the end".to_owned()) }
}

/// Calls both sides, which must answer alike.
fn same(compiled: &mut Compiled<'_>, interpreted: &mut Interpreted, export: &str, arguments: &[Value]) -> Result<Value, String> {
    let ours = compiled.call(export, arguments, Some(ValueType::I32))?;
    let theirs = interpreted.call(export, arguments, Some(ValueType::I32))?;
    match (ours, theirs) {
        (Some(ours), Some(theirs)) if ours == theirs => Ok(ours),
        _ => Err(format!("{export} answers {ours:?}, and {theirs:?} in wasmi")),
    }
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

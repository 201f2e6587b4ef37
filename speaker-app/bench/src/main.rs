//! What a frame of the speaker's DSP chain takes: fired modules, scalar and with vectors, beside the same crates compiled for this machine,
//! wasmtime with explicit bounds checks, and wasmi, in one run on the same sound. `cargo xtask speaker eval --only dsp` starts it.
//!
//! All engines must give the same bits (the native code excepted, which is told); fired modules must be no slower than wasmtime, and
//! 99.9 of 100 frames must take less than 4 ms. The exit code is 1 where one of these does not hold.

mod chain;
mod engine;
mod module;
mod quantile;
mod race;
mod report;
mod sound;

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

/// Measure the DSP chain in every engine
///
/// Exit code 1 where a figure falls short.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// The modules, before they were fired: a folder with `simd128/dsp` and `scalar/dsp`
    #[arg(long, value_name = "FOLDER")]
    guests: PathBuf,
    /// 15 seconds of sound in place of two minutes, for a first look
    #[arg(long)]
    quick: bool,
    /// Only engines with one of these in their name; `fired simd128, fuel` is what the others are compared with, where it runs
    #[arg(long, value_name = "NAME")]
    engine: Vec<String>,
    /// Frames that an engine processes before the next one's turn
    #[arg(long, value_name = "FRAMES", default_value_t = 1)]
    turn: usize,
    /// Also print each stage by itself
    #[arg(long)]
    stages: bool,
    /// Print JSON in place of tables
    #[arg(long)]
    json: bool,
}

/// Frames of 10 ms: two minutes, and a first look.
const FRAMES: usize = 12_000;
const QUICK: usize = 1_500;

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(good) => ExitCode::from(u8::from(!good)),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<bool, Box<dyn std::error::Error>> {
    eprintln!("making the sound");
    let sound = sound::Sound::new(if args.quick { QUICK } else { FRAMES })?;
    eprintln!("compiling the modules for wasmtime and wasmi");
    let starter = engine::Starter::new(&args.guests)?;
    let wanted =
        |engine: &engine::Engine| args.engine.is_empty() || args.engine.iter().any(|name| engine.to_string().contains(name));
    let engines: Vec<_> = engine::Engine::all().into_iter().filter(wanted).collect();
    let runners = race::run(&starter, &engines, &sound, args.turn)?;
    let figures = report::figures(&runners, sound.said);
    if args.json {
        println!("{}", serde_json::json!({ "figures": figures }));
    } else {
        print!("{}", report::tables(&runners, args.stages));
        print!("{}", report::verdicts(&figures));
    }
    Ok(figures.iter().all(report::Figure::holds))
}

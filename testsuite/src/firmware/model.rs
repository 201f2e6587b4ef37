//! The story of the firmwares, told by wasmi: which lines an image must print.
//!
//! The same calls in the same order, with the same host functions. The equaliser runs as a copy that charges fuel by itself, so
//! that the amount and the place where it runs out are wasmi's too. Two endings are not wasmi's to tell: how deep a stack is, and
//! when a timer fires; that the call would not end by itself is.

use super::Error;
use super::build::Guests;
use super::recording::{BLOCK_SAMPLES, BLOCKS, recording};
use super::transcript::{Ending, Expected, Line};
use crate::diff::for_oracle;
use crate::meter::instrument::{FUEL, MODULE, PLACE, Place, instrument};
use saggar_abi::trap::Code;
use wasmi::{Config, Engine, Global, Instance, Linker, Module, Mutability, Store, TrapCode, Val, WasmParams, WasmResults};

/// Samples of a frame.
const FRAME: usize = 101;
/// Fuel for a call of the equaliser.
const CALL_FUEL: u64 = 50_000;
/// Fuel with which a frame does not come to its end.
const LITTLE_FUEL: u64 = 1000;
/// What wasmi may use for a call, in its own units: far more than any call needs that ends.
const ENOUGH: u64 = 100_000_000;
/// Bytes of the decoder's memory that an image has.
const WAVE_BYTES: usize = 8 << 10;

/// What is the matter with a file: chunk, byte from the chunk's start, what stands there, how opening it ends, and where.
struct Bad {
    name: &'static str,
    kind: &'static [u8; 4],
    offset: usize,
    bytes: &'static [u8],
    code: Code,
    function: &'static str,
    operator: Option<&'static str>,
}

const FILES: [Bad; 4] = [
    Bad {
        name: "comment",
        kind: b"ICMT",
        offset: 4,
        bytes: &[0, 0, 16, 0],
        code: Code::MemoryOutOfBounds,
        function: "parse_comment",
        operator: Some("i32.load8_u"),
    },
    Bad {
        name: "channels",
        kind: b"fmt ",
        offset: 10,
        bytes: &[0, 0],
        code: Code::IntegerDivisionByZero,
        function: "parse_format",
        operator: Some("i32.div_u"),
    },
    Bad {
        name: "coding",
        kind: b"fmt ",
        offset: 8,
        bytes: &[0x55, 0],
        code: Code::Unreachable,
        function: "parse_format",
        operator: Some("unreachable"),
    },
    Bad {
        name: "endless",
        kind: b"LIST",
        offset: 4,
        bytes: &[0xf8, 0xff, 0xff, 0xff],
        code: Code::Interrupted,
        function: "parse_chunks",
        operator: None,
    },
];

/// The host's side of both modules.
#[derive(Default)]
struct Host {
    clock: i64,
    metered: Vec<u8>,
    lines: Vec<Expected>,
}

/// An instance, and what its memory held when it was new.
struct Guest {
    module: Module,
    instance: Instance,
    memory_bytes: usize,
    fresh: u64,
}

struct Story {
    store: Store<Host>,
    linker: Linker<Host>,
    wave: Guest,
    equaliser: Guest,
    fuel: Global,
    place: Global,
}

/// The lines, in order.
///
/// # Errors
/// When a guest does in wasmi what the story does not expect.
pub fn story(guests: &Guests) -> Result<Vec<Expected>, Error> {
    let mut story = Story::begin(guests).map_err(oracle)?;
    story.boot();
    let first = story.sound().map_err(oracle)?;
    for bad in &FILES {
        story.bad_file(bad)?;
    }
    story.bad_lists()?;
    story.run_dry(first)?;
    story.check("end", "nothing went wrong that should not have");
    story.check("end", "the guards are untouched");
    Ok(std::mem::take(&mut story.store.data_mut().lines))
}

fn oracle(error: wasmi::Error) -> Error {
    Error::Oracle(error.to_string())
}

/// FNV-1a with 64 bits.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

impl Story {
    fn begin(guests: &Guests) -> Result<Story, wasmi::Error> {
        let mut config = Config::default();
        config.consume_fuel(true).wasm_custom_page_sizes(true);
        let engine = Engine::new(&config);
        let mut store = Store::new(&engine, Host::default());
        store.set_fuel(ENOUGH)?;
        let mut linker = Linker::new(&engine);
        linker.func_wrap("host", "clock", |caller: wasmi::Caller<'_, Host>| caller.data().clock)?;
        linker.func_wrap("host", "meter", |mut caller: wasmi::Caller<'_, Host>, time: i64, gain: f32| {
            let host = caller.data_mut();
            host.metered.extend(time.to_le_bytes());
            host.metered.extend(gain.to_bits().to_le_bytes());
        })?;
        linker.func_wrap("host", "log", |mut caller: wasmi::Caller<'_, Host>, event: i32, number: i32| {
            let name = format!("log.{event}");
            caller.data_mut().lines.push(value(name, number.cast_unsigned().into()));
        })?;
        let mut global = |name| -> Result<Global, wasmi::Error> {
            let global = Global::new(&mut store, Val::I64(0), Mutability::Var);
            linker.define(MODULE, name, global)?;
            Ok(global)
        };
        let (fuel, place) = (global(FUEL)?, global(PLACE)?);
        let charging = instrument(&guests.equaliser, 0).map_err(|error| wasmi::Error::new(error.to_string()))?;
        let mut guest = |wasm: &[u8], memory_bytes| {
            let module = Module::new(&engine, for_oracle(wasm))?;
            let instance = linker.instantiate_and_start(&mut store, &module)?;
            Ok::<_, wasmi::Error>(Guest { module, instance, memory_bytes, fresh: 0 })
        };
        let (wave, equaliser) = (guest(&guests.wave, WAVE_BYTES)?, guest(&charging, usize::MAX)?);
        let mut story = Story { store, linker, wave, equaliser, fuel, place };
        (story.wave.fresh, story.equaliser.fresh) = (story.hash(&story.wave), story.hash(&story.equaliser));
        Ok(story)
    }

    fn push(&mut self, line: Expected) {
        self.store.data_mut().lines.push(line);
    }

    fn check(&mut self, subject: &str, what: &str) {
        self.push(Expected::Line(Line::Check(format!("{subject}: {what}"))));
    }

    fn value(&mut self, name: &str, number: u64) {
        self.push(value(name.to_owned(), number));
    }

    /// The bytes that an image has of a guest's memory.
    fn memory(&self, guest: &Guest) -> &[u8] {
        let memory = guest.instance.get_memory(&self.store, "memory").map(|memory| memory.data(&self.store)).unwrap_or_default();
        &memory[..memory.len().min(guest.memory_bytes)]
    }

    fn hash(&self, guest: &Guest) -> u64 {
        hash(self.memory(guest))
    }

    fn call<P: WasmParams, R: WasmResults>(&mut self, instance: Instance, name: &str, params: P) -> Result<R, wasmi::Error> {
        self.store.set_fuel(ENOUGH)?;
        self.fuel.set(&mut self.store, Val::I64(CALL_FUEL.cast_signed()))?;
        instance.get_typed_func::<P, R>(&self.store, name)?.call(&mut self.store, params)
    }

    /// What is left of the equaliser's fuel.
    fn fuel_left(&self) -> u64 {
        self.fuel.get(&self.store).i64().unwrap_or(0).cast_unsigned()
    }

    fn boot(&mut self) {
        for what in [
            "initialised data are copied",
            "other data are cleared",
            "a module that is not instantiated refuses",
            "both modules are instantiated",
        ] {
            self.check("boot", what);
        }
        self.value("fresh.wave", self.wave.fresh);
        self.value("fresh.equaliser", self.equaliser.fresh);
    }

    /// Writes into a guest's memory.
    fn write(&mut self, instance: Instance, at: i32, bytes: &[u8]) -> Result<(), wasmi::Error> {
        let memory = instance.get_memory(&self.store, "memory").ok_or_else(|| wasmi::Error::new("a guest without a memory"))?;
        memory.write(&mut self.store, usize::try_from(at).unwrap_or(usize::MAX), bytes)?;
        Ok(())
    }

    /// Gives the decoder a file and lets it open it.
    fn open(&mut self, file: &[u8]) -> Result<i32, wasmi::Error> {
        let wave = self.wave.instance;
        let at = self.call(wave, "input", ())?;
        self.write(wave, at, file)?;
        self.call(wave, "open", i32::try_from(file.len()).unwrap_or(i32::MAX))
    }

    fn prepare(&mut self) -> Result<bool, wasmi::Error> {
        let equaliser = self.equaliser.instance;
        let mut results: Vec<i32> = Vec::new();
        for band in [(0, 120.0_f32, 6.0_f32, 0.75_f32), (1, 1000.0, -4.5, 1.0), (2, 4000.0, 5.0, 1.25)] {
            results.push(self.call(equaliser, "set_band", band)?);
        }
        results.push(self.call(equaliser, "set_compressor", (0.25_f32, 4.0_f32, 2.0_f32, 50.0_f32))?);
        results.push(self.call(equaliser, "set_band", (0, 9000.0_f32, 6.0_f32, 1.0_f32))?);
        Ok(results == [0, 0, 0, 0, -1])
    }

    /// Puts samples through the equaliser; hash of the result, its peak, and the fuel.
    fn equalise(&mut self, samples: &[i16]) -> Result<(u64, f32, u64), wasmi::Error> {
        let equaliser = self.equaliser.instance;
        let at: i32 = self.call(equaliser, "frame", ())?;
        let floats: Vec<u8> = samples.iter().flat_map(|sample| (f32::from(*sample) / 32768.0).to_le_bytes()).collect();
        self.write(equaliser, at, &floats)?;
        let peak = self.call(equaliser, "process", i32::try_from(samples.len()).unwrap_or(i32::MAX))?;
        let fuel = CALL_FUEL - self.fuel_left();
        let start = usize::try_from(at).unwrap_or(usize::MAX);
        let done = self.memory(&self.equaliser).get(start..start + floats.len()).unwrap_or_default();
        Ok((hash(done), peak, fuel))
    }

    /// The samples of a block, decoded.
    fn decode(&mut self, block: i32) -> Result<Vec<i16>, wasmi::Error> {
        let wave = self.wave.instance;
        let samples: i32 = self.call(wave, "decode", block)?;
        let at: i32 = self.call(wave, "output", ())?;
        let (start, count) = (usize::try_from(at).unwrap_or(usize::MAX), usize::try_from(samples).unwrap_or(0));
        let bytes = self.memory(&self.wave).get(start..start + 2 * count).unwrap_or_default();
        Ok(bytes.as_chunks::<2>().0.iter().map(|sample| i16::from_le_bytes(*sample)).collect())
    }

    /// The whole recording; the first frame.
    fn sound(&mut self) -> Result<(u64, f32, u64), wasmi::Error> {
        let broken = |what: &str| Err(wasmi::Error::new(what.to_owned()));
        let blocks = self.open(&recording())?;
        if usize::try_from(blocks) != Ok(BLOCKS) || !self.prepare()? {
            return broken("the guests do not take what the story gives them");
        }
        self.check("sound", "the file has the blocks that it should have");
        self.check("sound", "the equaliser takes what makes sense");
        let (mut frames, mut total) = (Vec::new(), 0);
        for block in 0..blocks {
            let samples = self.decode(block)?;
            if samples.len() != BLOCK_SAMPLES {
                return broken("a block without all of its samples");
            }
            for frame in samples.chunks(FRAME) {
                let (hash, peak, fuel) = self.equalise(frame)?;
                self.store.data_mut().clock += i64::try_from(frame.len()).unwrap_or(i64::MAX);
                self.value(&format!("frame.{}", frames.len()), hash);
                self.value(&format!("peak.{}", frames.len()), peak.to_bits().into());
                frames.push((hash, peak, fuel));
                total += fuel;
            }
        }
        let metered = hash(&self.store.data().metered);
        self.value("meter", metered);
        self.value("fuel", total);
        self.value("used.wave", self.hash(&self.wave));
        self.value("used.equaliser", self.hash(&self.equaliser));
        frames.first().copied().ok_or_else(|| wasmi::Error::new("no frame"))
    }

    fn bad_file(&mut self, bad: &Bad) -> Result<(), Error> {
        let mut file = recording();
        let start = file.windows(4).position(|bytes| bytes == bad.kind).unwrap_or(file.len());
        file[start + bad.offset..][..bad.bytes.len()].copy_from_slice(bad.bytes);
        let ended = match self.open(&file) {
            Ok(_) => None,
            Err(error) => error.as_trap_code(),
        };
        let same = match ended {
            Some(TrapCode::MemoryOutOfBounds) => bad.code == Code::MemoryOutOfBounds,
            Some(TrapCode::IntegerDivisionByZero) => bad.code == Code::IntegerDivisionByZero,
            Some(TrapCode::UnreachableCodeReached) => bad.code == Code::Unreachable,
            // It would not have ended.
            Some(TrapCode::OutOfFuel) => bad.code == Code::Interrupted,
            _ => false,
        };
        if !same {
            return Err(Error::Oracle(format!("the file with a bad {} ends with {ended:?}", bad.name)));
        }
        let function = Some(bad.function);
        let ending =
            Ending { module: "wave", what: bad.name, code: bad.code, function, operator: bad.operator, wasm_offset: None };
        self.after_trap(ending)
    }

    fn bad_lists(&mut self) -> Result<(), Error> {
        let code = Code::StackOverflow;
        let function = Some("parse_chunks");
        self.after_trap(Ending { module: "wave", what: "lists", code, function, operator: None, wasm_offset: None })
    }

    /// What follows when the decoder has ended so.
    fn after_trap(&mut self, ending: Ending) -> Result<(), Error> {
        self.push(Expected::Ending(ending));
        self.check(ending.what, "it ends as it should");
        if ending.code == Code::Interrupted {
            self.check(ending.what, "it was the timer that stopped it");
        }
        self.check(ending.what, "the neighbour's memory is untouched");
        self.check(ending.what, "the guards are untouched");
        self.check(ending.what, "restarted, its memory is as new");
        self.wave.instance = self.linker.instantiate_and_start(&mut self.store, &self.wave.module).map_err(oracle)?;
        self.open(&recording()).map_err(oracle)?;
        self.check(ending.what, "it works again");
        Ok(())
    }

    fn run_dry(&mut self, first: (u64, f32, u64)) -> Result<(), Error> {
        let equaliser = self.equaliser.instance;
        let process = equaliser.get_typed_func::<i32, f32>(&self.store, "process").map_err(oracle)?;
        self.fuel.set(&mut self.store, Val::I64(LITTLE_FUEL.cast_signed())).map_err(|error| Error::Oracle(error.to_string()))?;
        let ended = process.call(&mut self.store, 100);
        let place = Place::from_bits(self.place.get(&self.store).i64().unwrap_or(0).cast_unsigned());
        let (Err(_), Some(place)) = (ended, place) else {
            return Err(Error::Oracle("a frame with little fuel comes to its end".to_owned()));
        };
        let (what, code) = ("fuel", Code::OutOfFuel);
        let wasm_offset = Some(place.offset);
        self.push(Expected::Ending(Ending { module: "equaliser", what, code, function: None, operator: None, wasm_offset }));
        for check in [
            "it ends as it should",
            "the neighbour's memory is untouched",
            "the guards are untouched",
            "restarted, its memory is as new",
        ] {
            self.check(what, check);
        }
        self.equaliser.instance = self.linker.instantiate_and_start(&mut self.store, &self.equaliser.module).map_err(oracle)?;
        self.open(&recording()).map_err(oracle)?;
        self.prepare().map_err(oracle)?;
        let samples = self.decode(0).map_err(oracle)?;
        let again = self.equalise(&samples[..FRAME]).map_err(oracle)?;
        if again != first {
            return Err(Error::Oracle("a new equaliser does not sound the same".to_owned()));
        }
        self.check(what, "it works again, with the same sound");
        Ok(())
    }
}

fn value(name: String, number: u64) -> Expected {
    Expected::Line(Line::Value { name, number })
}

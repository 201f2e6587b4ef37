//! What the speaker of an evaluation finds around it: a weather source, an MQTT broker with devices that follow, music.

use super::devices::Devices;
use crate::config::Config;
use crate::program::files::Scratch;
use crate::program::{Failure, doing};
use saggar_speech::Audio;
use saggar_trials::{Music, RATE_HZ, VOICE_RMS, World};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// Where the weather skill looks for its source.
pub(super) const WEATHER: &str = "127.0.0.1:8089";
/// How often somebody looks whether the port is free that another evaluation had.
const TAKES_OVER: Duration = Duration::from_millis(50);

/// What is around; it ends with this value.
pub(crate) struct Surroundings {
    /// The speaker's state.
    pub(crate) state: Scratch,
    /// What the speaker is configured with.
    pub(crate) config: Config,
    /// The world.
    pub(crate) world: World,
    _devices: Option<Devices>,
}

impl Surroundings {
    /// Sets it up, for a speaker of this configuration with this wake phrase. `devices`: with a broker and devices.
    pub(crate) fn new(base: &Config, phrase: &str, devices: bool) -> Result<Surroundings, Failure> {
        let trial = |error: saggar_trials::TrialError| Failure::Other(error.to_string());
        let world = World::new().map_err(trial)?;
        let state = Scratch::new()?;
        let music = state.0.join("music");
        doing("making a folder for music", fs::create_dir_all(&music))?;
        for (seed, genre) in (1..).zip(&world.music.genres) {
            let samples = Music::new(seed).samples(60, VOICE_RMS);
            let audio = Audio { rate_hz: RATE_HZ, samples: saggar_speech::to_i16(&samples) };
            audio.write_wav(&music.join(format!("{genre}.wav")))?;
        }
        let mut config = base.clone();
        config.wake.phrase = phrase.to_owned();
        config.music.folder = Some(music);
        config.time.utc_offset_minutes = Some(world.clock.offset_minutes);
        serve_weather(&world)?;
        let devices = if devices {
            let known = world.home.iter().map(|device| (device.area.clone(), device.name.clone()));
            let devices = Devices::start(known.collect())?;
            config.home.broker = Some(devices.address.clone());
            Some(devices)
        } else {
            None
        };
        Ok(Surroundings { state, config, world, _devices: devices })
    }

    /// The state's folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.state.0
    }
}

/// Answers what the weather skill asks, on a thread that lives as long as the process. A port that is taken serves already: another
/// evaluation on this machine, with the same answers. When that ends, this takes over.
pub(super) fn serve_weather(world: &World) -> Result<(), Failure> {
    let bind = || match TcpListener::bind(WEATHER) {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Ok(None),
        Err(error) => Err(error),
    };
    let mut listener = doing(format!("listening on {WEATHER}"), bind())?;
    let world = world.clone();
    thread::spawn(move || {
        loop {
            for stream in listener.iter().flat_map(TcpListener::incoming).flatten() {
                let _ = answer(stream, &world);
            }
            thread::sleep(TAKES_OVER);
            listener = bind().unwrap_or_default();
        }
    });
    Ok(())
}

fn answer(mut stream: TcpStream, world: &World) -> std::io::Result<()> {
    let mut request = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    reader.read_line(&mut request)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let query = request.split(' ').nth(1).and_then(|path| path.split_once('?')).map_or("", |(_, query)| query);
    let value = |key: &str| {
        let found = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == key);
        found.map_or(String::new(), |(_, value)| value.replace("%20", " ").replace('+', " "))
    };
    let (status, body) = match world.weather(&value("place"), &value("day")) {
        Some(json) => ("200 OK", json.to_owned()),
        None => ("404 Not Found", String::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

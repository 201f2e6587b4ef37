//! The rooms joined, frame by frame: what runs on recordings, and what [`crate::live`] takes apart into threads.

use crate::alloc;
use crate::clock::{Clock, FrameClock};
use crate::config::Config;
use crate::dialog::{Dialog, DialogError};
use crate::dsp::bypasses::{Bypasses, Fares};
use crate::dsp::chain::{Chain, ChainError, FRAME};
use crate::dsp::playback::Playback;
use crate::dsp::repair::Workshop;
use crate::event::Event;
use crate::mixer::{Mixer, mixer};
use crate::music::Music;
use crate::outside::Outside;
use crate::satellite::Satellite;
use crate::skills;
use crate::skills::world::Place;
use saggar_speech::{Espeak, EspeakSettings, Moonshine, Paired, PocketSphinx, PocketSphinxSettings, Recogniser, Synthesiser};
use saggar_store::{Store, StoreError};
use std::fs;
use std::path::{Path, PathBuf};

/// Why there is no speaker.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpeakerError {
    /// The DSP.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The conversation.
    #[error(transparent)]
    Dialog(#[from] DialogError),
    /// The storage.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of the state cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// The rooms of a speaker.
pub struct Parts {
    /// What listens.
    pub chain: Chain,
    /// The conversation.
    pub dialog: Dialog,
    /// What mixes.
    pub mixer: Mixer,
    /// What plays.
    pub playback: Playback,
}

/// What a speaker is built with.
pub struct Setup<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// Folder of storage and learnt wake words.
    pub state_folder: &'a Path,
    /// The time.
    pub clock: Box<dyn Clock>,
    /// Where random numbers begin.
    pub seed: u64,
    /// Where failed modules are started anew; before the next frame without one.
    pub workshop: Option<&'a mut Workshop>,
}

/// The file in which a wake word is kept.
#[must_use]
pub fn wake_file(state_folder: &Path, phrase: &str) -> PathBuf {
    let name: String = phrase.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    state_folder.join("wake").join(format!("{name}.templates"))
}

/// Builds the rooms. What is missing but not needed by all (model, voice, music, network) is told as an event.
///
/// # Errors
/// When the configuration is impossible, the storage cannot be used, or the modules are in use.
pub fn build(setup: Setup<'_>) -> Result<Parts, SpeakerError> {
    let Setup { config, state_folder, clock, seed, mut workshop } = setup;
    let path = wake_file(state_folder, &config.wake.phrase);
    let learnt = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(SpeakerError::File { path, source }),
    };
    let chain = Chain::take(&config.capture, &learnt, workshop.as_deref_mut())?;
    let playback = Playback::take(&config.playback, workshop)?;
    let (mixer, sources) = mixer(config.playback.volume_db);
    let store = Store::open(&state_folder.join("store"))?;
    let music = Music::new(config.music.folder.as_deref(), config.playback.volume_db);
    let mut problems: Vec<String> = store.problems().iter().map(ToString::to_string).collect();
    let outside = Outside::new(config.home.broker.as_deref(), &mut problems);
    let world = Place::new(store, music, outside, clock, seed);
    let recogniser = recogniser(&config.speech, &mut problems);
    let settings = EspeakSettings {
        voice: config.speech.voice.clone(),
        words_per_minute: config.speech.words_per_minute,
        ..Default::default()
    };
    let synthesiser = told(Espeak::new(settings).map(|voice| Box::new(voice) as Box<dyn Synthesiser>), &mut problems);
    let (skills, missing) = skills::all().map_err(DialogError::from)?;
    problems.extend(missing.iter().map(ToString::to_string));
    if learnt.is_empty() {
        problems.push(format!(
            "the wake word `{}` is not learnt yet, so nobody can wake it: run with --enrol and say it five times",
            config.wake.phrase
        ));
    }
    let mut dialog = Dialog::new(config, recogniser, synthesiser, skills, world, sources)?;
    if let Some(settings) = &config.satellite {
        // What is missing was told above.
        let recogniser = self::recogniser(&config.speech, &mut Vec::new()).and_then(|mut recogniser| {
            recogniser.set_grammar("sentences", &dialog.grammar()).ok()?;
            Some(recogniser)
        });
        match Satellite::start(settings, config, recogniser) {
            Ok(satellite) => dialog.attach(satellite),
            Err(problem) => problems.push(problem),
        }
    }
    problems.into_iter().for_each(|problem| dialog.problem(problem));
    Ok(Parts { chain, dialog, mixer, playback })
}

/// Both recognisers; the first alone where the second is missing, which is told, and none without the first.
fn recogniser(speech: &crate::config::Speech, problems: &mut Vec<String>) -> Option<Box<dyn Recogniser>> {
    let settings = PocketSphinxSettings { model_folder: speech.model_folder.clone(), ..Default::default() };
    let first = told(PocketSphinx::new(&settings), problems)?;
    let folder = speech.moonshine.clone().unwrap_or_else(saggar_speech::moonshine_folder);
    Some(match told(Moonshine::new(&folder), problems) {
        Some(second) => Box::new(Paired::new(first, second)),
        None => Box::new(first),
    })
}

fn told<T>(made: Result<T, saggar_speech::SpeechError>, problems: &mut Vec<String>) -> Option<T> {
    made.map_err(|error| problems.push(error.to_string())).ok()
}

/// A speaker without devices: frames go in and come out as fast as they are computed, and the same ones every time.
pub struct Speaker {
    /// Its rooms.
    pub parts: Parts,
    clock: FrameClock,
    played: [f32; FRAME],
    bypasses: Bypasses,
    /// What went into the playback side, and at which volume in dB.
    pub(crate) mixed: ([f32; FRAME], f32),
}

impl Speaker {
    /// Builds it. Its clock stands at `now_unix_ms` and goes with the frames.
    ///
    /// # Errors
    /// As [`build`].
    pub fn new(config: &Config, state_folder: &Path, now_unix_ms: i64) -> Result<Speaker, SpeakerError> {
        let clock = FrameClock::new(now_unix_ms, config.time.utc_offset_minutes.unwrap_or(0));
        let setup = Setup { config, state_folder, clock: Box::new(clock.clone()), seed: 1, workshop: None };
        let parts = build(setup)?;
        parts.dialog.world.outside.connect();
        Ok(Speaker { parts, clock, played: [0.0; FRAME], bypasses: Bypasses::default(), mixed: ([0.0; FRAME], 0.0) })
    }

    /// Hears a frame of the microphone, and gives the frame that the loudspeaker plays next. Mono, 48 kHz, 10 ms.
    pub fn frame(&mut self, microphone: &[f32; FRAME]) -> [f32; FRAME] {
        let Parts { chain, dialog, mixer, playback } = &mut self.parts;
        let heard = alloc::watched(|| chain.process(microphone, &self.played));
        self.clock.advance(10);
        dialog.frame(&heard);
        // Whoever asked outside gets the answer before time goes on: so the same recording leads to the same conversation.
        dialog.world.outside.settle();
        let (mixed, volume_db) = &mut self.mixed;
        alloc::watched(|| {
            *volume_db = mixer.frame(mixed);
            playback.set_volume(*volume_db);
            playback.process(mixed, &mut self.played);
        });
        self.played
    }

    /// What has happened since this was asked last.
    pub fn take_events(&mut self) -> Vec<Event> {
        let stages = [&self.parts.playback.stage].into_iter().chain(self.parts.chain.stages());
        for news in self.bypasses.news(stages.map(Fares::of)) {
            self.parts.dialog.happens(news);
        }
        self.parts.dialog.take_events()
    }
}

//! A speaker that does as it is told, and remembers what it heard.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use saggar_wyoming::*;

/// What the speaker was told, a line each, in order.
pub(crate) type Seen = Arc<Mutex<Vec<String>>>;

/// Writes down every call; of sound the rate, the number of samples and their sum.
pub(crate) struct Scripted(pub(crate) Seen);

impl Scripted {
    fn note(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

impl Speaker for Scripted {
    fn play_start(&mut self) {
        self.note("play_start".into());
    }
    fn play(&mut self, rate_hz: u32, samples: &[i16]) {
        let sum: i64 = samples.iter().map(|sample| i64::from(*sample)).sum();
        self.note(format!("play {rate_hz} {} {sum}", samples.len()));
    }
    fn play_end(&mut self) {
        self.note("play_end".into());
    }
    fn timer(&mut self, event: TimerEvent) {
        let timer = match event {
            TimerEvent::Started(timer) => {
                let name = timer.name.unwrap_or_default();
                format!("started {} {} {name} {:?}", timer.id, timer.total_seconds, timer.start_minutes)
            }
            TimerEvent::Updated(timer) => format!("updated {} {} {}", timer.id, timer.is_active, timer.total_seconds),
            TimerEvent::Cancelled(timer) => format!("cancelled {}", timer.id),
            TimerEvent::Finished(timer) => format!("finished {}", timer.id),
        };
        self.note(format!("timer {timer}"));
    }
    fn notice(&mut self, notice: Notice) {
        self.note(format!("{notice:?}"));
    }
}

/// An engine whose answers follow from what it is given: the recording's length and sum as text, a text's length as sound.
pub(crate) struct Arithmetic;

impl Engine for Arithmetic {
    fn transcribe(&mut self, audio_16k: &[i16], language: Option<&str>) -> Result<String, Failure> {
        if audio_16k.is_empty() {
            return Err(Failure::new("empty", "there is nothing to understand"));
        }
        let sum: i64 = audio_16k.iter().map(|sample| i64::from(*sample)).sum();
        Ok(format!("{} samples of {}, sum {sum}", audio_16k.len(), language.unwrap_or("any language")))
    }
    fn synthesize(&mut self, text: &str, voice: &SynthesizeVoice) -> Result<Audio, Failure> {
        match voice.name.as_deref() {
            // A ramp of a hundred samples a character.
            None | Some("espeak-en") => Ok(Audio { rate_hz: 22_050, samples: (0..).take(text.chars().count() * 100).collect() }),
            Some(name) => Err(Failure::new("no-such-voice", format!("there is no voice '{name}'"))),
        }
    }
}

/// What a speaker of ours offers.
pub(crate) fn info() -> Info {
    let attribution = Attribution { name: "Saggar".into(), url: "https://example.org/saggar".into() };
    let english = vec!["en".to_owned()];
    let (version, description) = (Some("0.1.0".to_owned()), |text: &str| Some(text.to_owned()));
    let model = AsrModel {
        name: "grammar-en".into(),
        attribution: attribution.clone(),
        installed: true,
        description: description("Commands"),
        version: None,
        languages: english.clone(),
    };
    let speaker = TtsVoiceSpeaker { name: "f1".into() };
    let voice = TtsVoice {
        name: "espeak-en".into(),
        attribution: attribution.clone(),
        installed: true,
        languages: english.clone(),
        speakers: Some(vec![speaker]),
        ..TtsVoice::default()
    };
    let wake = WakeModel {
        name: "okay_jarvis".into(),
        attribution: attribution.clone(),
        installed: true,
        languages: english,
        phrase: Some("okay jarvis".into()),
        ..WakeModel::default()
    };
    Info {
        asr: vec![AsrProgram {
            name: "recogniser".into(),
            attribution: attribution.clone(),
            installed: true,
            version: version.clone(),
            models: vec![model],
            requires_external_vad: true,
            ..AsrProgram::default()
        }],
        tts: vec![TtsProgram {
            name: "voice".into(),
            attribution: attribution.clone(),
            installed: true,
            voices: vec![voice],
            ..TtsProgram::default()
        }],
        wake: vec![WakeProgram {
            name: "wake".into(),
            attribution: attribution.clone(),
            installed: true,
            models: vec![wake],
            ..WakeProgram::default()
        }],
        mic: vec![],
        snd: vec![],
        satellite: Some(Satellite {
            name: "kitchen speaker".into(),
            attribution,
            installed: true,
            description: description("Voice speaker"),
            version,
            area: Some("Küche".into()),
            has_vad: Some(true),
            active_wake_words: Some(vec!["okay_jarvis".into()]),
            max_active_wake_words: Some(1),
            supports_trigger: Some(false),
        }),
    }
}

/// A configuration for tests: any port of this machine.
pub(crate) fn config() -> Config {
    Config::new(SocketAddr::from(([127, 0, 0, 1], 0)))
}

/// A running server, the speaker's end, and what the speaker was told.
pub(crate) fn server(config: Config) -> (Server, Handle, Seen) {
    let listener = Listener::bind(config, info()).expect("a free port");
    let (handle, seen) = (listener.handle(), Seen::default());
    let server = listener.start(Scripted(seen.clone()), Arithmetic).expect("a thread");
    (server, handle, seen)
}

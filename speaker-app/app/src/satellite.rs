//! The speaker as a satellite of Home Assistant, by the Wyoming protocol: after the wake word, what is said goes to the client that
//! drives it, and what that answers is heard. Nothing else is ever sent, and nothing at all where the configuration names no address.
//!
//! Without a client, or while it takes no commands, the speaker understands by itself as ever.

use crate::config::{Config, Satellite as Settings};
use crate::dsp::chain::Heard;
use saggar_speech::{Audio as Sound, Espeak, EspeakSettings, RECOGNISER_HZ, Recogniser, Synthesiser as _};
use saggar_wyoming::{
    AsrModel, AsrProgram, Attribution, Audio, Engine, Failure, Handle, Info, Listener, Notice, Satellite as Itself, Server,
    Speaker, SynthesizeVoice, TimerEvent, TtsProgram, TtsVoice, WakeModel, WakeProgram,
};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, channel};

/// What the client wants.
#[derive(Debug)]
pub(crate) enum Note {
    /// Sound follows.
    Begin,
    /// A piece of it: samples a second, mono.
    Play(u32, Vec<i16>),
    /// That was all.
    End,
    /// One of its timers rings.
    Rings,
    /// The command has ended: it was understood, or was not.
    Stopped,
}

/// The satellite.
pub(crate) struct Satellite {
    handle: Handle,
    notes: Receiver<Note>,
    wake_word: String,
    /// After the wake word, what is still on its way of an answer before is not heard.
    accepts: bool,
    /// An answer is complete, and its end was not told yet.
    ended: bool,
    _server: Server,
}

impl Satellite {
    /// Begins to listen for clients.
    ///
    /// # Errors
    /// With what is wrong and what to do, in words.
    pub(crate) fn start(
        settings: &Settings,
        config: &Config,
        recogniser: Option<Box<dyn Recogniser>>,
    ) -> Result<Satellite, String> {
        let address: SocketAddr = settings
            .listen
            .parse()
            .map_err(|_| format!("satellite.listen: `{}` is no ADDRESS:PORT, such as 0.0.0.0:10700", settings.listen))?;
        let wake_word = config.wake.phrase.replace(' ', "_");
        let mut limits = saggar_wyoming::Config::new(address);
        for client in &settings.clients {
            limits.clients.push(client.parse().map_err(|_| format!("satellite.clients: `{client}` is no IP address"))?);
        }
        let listener = Listener::bind(limits, info(settings, config, &wake_word)).map_err(|error| error.to_string())?;
        let (handle, (to, notes)) = (listener.handle(), channel());
        let voice = EspeakSettings {
            voice: config.speech.voice.clone(),
            words_per_minute: config.speech.words_per_minute,
            ..EspeakSettings::default()
        };
        let engine = OwnEngine { recogniser, voice };
        let server = listener.start(Ear(to), engine).map_err(|error| error.to_string())?;
        Ok(Satellite { handle, notes, wake_word, accepts: true, ended: false, _server: server })
    }

    /// The wake word was heard; whether the client takes the command.
    pub(crate) fn wake(&mut self) -> bool {
        (self.accepts, self.ended) = (false, false);
        self.handle.wake(&self.wake_word, None)
    }

    /// Sends a frame of the command; whether more is wanted.
    pub(crate) fn send(&self, heard: &Heard) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "clamped")]
        let samples = heard.samples.map(|sample| (sample * 32_768.0).clamp(-32_768.0, 32_767.0) as i16);
        self.handle.audio(&samples)
    }

    /// The command is complete.
    pub(crate) fn end(&self) {
        self.handle.end_of_speech();
    }

    /// What the client wants since; what an interrupted answer still brings is left out.
    pub(crate) fn notes(&mut self) -> Vec<Note> {
        let mut notes = Vec::new();
        while let Ok(note) = self.notes.try_recv() {
            match note {
                Note::Begin => self.accepts = true,
                Note::Play(..) if !self.accepts => continue,
                Note::End => self.ended = self.accepts,
                _ => {}
            }
            notes.push(note);
        }
        notes
    }

    /// Nothing is being heard: tells the client, where it waits for that.
    pub(crate) fn silent(&mut self) {
        if std::mem::take(&mut self.ended) {
            self.handle.played();
        }
    }
}

/// Takes note of what the client says, for the conversation.
struct Ear(Sender<Note>);

impl Ear {
    fn note(&self, note: Note) {
        // Without a conversation nobody needs it.
        let _ = self.0.send(note);
    }
}

impl Speaker for Ear {
    fn play_start(&mut self) {
        self.note(Note::Begin);
    }

    fn play(&mut self, rate_hz: u32, samples: &[i16]) {
        self.note(Note::Play(rate_hz, samples.to_vec()));
    }

    fn play_end(&mut self) {
        self.note(Note::End);
    }

    fn timer(&mut self, event: TimerEvent) {
        if matches!(event, TimerEvent::Finished(_)) {
            self.note(Note::Rings);
        }
    }

    fn notice(&mut self, notice: Notice) {
        match notice {
            Notice::VoiceStopped { .. } | Notice::Transcript { .. } | Notice::Error { .. } | Notice::Gone | Notice::Paused => {
                self.note(Note::Stopped);
            }
            _ => {}
        }
    }
}

/// Recognition and synthesis for clients: of their own, so that they do not disturb a conversation.
struct OwnEngine {
    recogniser: Option<Box<dyn Recogniser>>,
    voice: EspeakSettings,
}

impl Engine for OwnEngine {
    fn transcribe(&mut self, audio_16k: &[i16], _: Option<&str>) -> Result<String, Failure> {
        let recogniser = self.recogniser.as_mut();
        let recogniser = recogniser.ok_or_else(|| Failure::new("no-recogniser", "this speaker has no recogniser"))?;
        let sound = Sound { rate_hz: RECOGNISER_HZ, samples: audio_16k.to_vec() };
        let heard = recogniser.hear(&sound).map_err(|error| Failure::new("recogniser", error.to_string()))?;
        Ok(heard.command().unwrap_or_default().to_owned())
    }

    fn synthesize(&mut self, text: &str, voice: &SynthesizeVoice) -> Result<Audio, Failure> {
        if voice.name.as_ref().is_some_and(|name| *name != self.voice.voice) {
            return Err(Failure::new("no-voice", format!("the only voice here is {}", self.voice.voice)));
        }
        let speak = Espeak::new(self.voice.clone()).and_then(|mut voice| voice.speak(text));
        let sound = speak.map_err(|error| Failure::new("synthesiser", error.to_string()))?;
        Ok(Audio { rate_hz: sound.rate_hz, samples: sound.samples })
    }
}

/// What the speaker tells of itself.
fn info(settings: &Settings, config: &Config, wake_word: &str) -> Info {
    let made_by = |name: &str, url: &str| Attribution { name: name.to_owned(), url: url.to_owned() };
    let (own, english) = (made_by("Saggar", ""), vec!["en".to_owned()]);
    let pocketsphinx = made_by("CMU Sphinx", "https://cmusphinx.github.io");
    let espeak = made_by("eSpeak NG", "https://github.com/espeak-ng/espeak-ng");
    let version = Some(env!("CARGO_PKG_VERSION").to_owned());
    let recogniser = AsrModel {
        name: "commands".to_owned(),
        attribution: pocketsphinx.clone(),
        installed: true,
        description: Some("The speaker's own sentences".to_owned()),
        version: None,
        languages: english.clone(),
    };
    let voice = TtsVoice {
        name: config.speech.voice.clone(),
        attribution: espeak.clone(),
        installed: true,
        languages: english.clone(),
        ..TtsVoice::default()
    };
    let wake = WakeModel {
        name: wake_word.to_owned(),
        attribution: own.clone(),
        installed: true,
        languages: english,
        phrase: Some(config.wake.phrase.clone()),
        ..WakeModel::default()
    };
    Info {
        asr: vec![AsrProgram {
            name: "pocketsphinx".to_owned(),
            attribution: pocketsphinx,
            installed: true,
            models: vec![recogniser],
            requires_external_vad: true,
            ..AsrProgram::default()
        }],
        tts: vec![TtsProgram {
            name: "espeak-ng".to_owned(),
            attribution: espeak,
            installed: true,
            voices: vec![voice],
            ..TtsProgram::default()
        }],
        wake: vec![WakeProgram {
            name: "saggar-wake".to_owned(),
            attribution: own.clone(),
            installed: true,
            models: vec![wake],
            ..WakeProgram::default()
        }],
        mic: Vec::new(),
        snd: Vec::new(),
        satellite: Some(Itself {
            name: settings.name.clone(),
            attribution: own,
            installed: true,
            description: Some("Voice-wake smart speaker".to_owned()),
            version,
            area: settings.area.clone(),
            has_vad: Some(true),
            active_wake_words: Some(vec![wake_word.to_owned()]),
            max_active_wake_words: Some(1),
            supports_trigger: Some(false),
        }),
    }
}

#[cfg(test)]
mod tests;

//! What the speaker has to be able to do, in two parts, so that a long recognition for one client does not delay the sound
//! that another one plays.

use crate::error::Failure;
use crate::speech::SynthesizeVoice;
use crate::timer::TimerEvent;

/// What the driving client tells the speaker. Called from connections' threads, one call at a time, in the client's order.
///
/// While one call runs, the next event of the driver waits, pings among them: every method is to return at once. Queue the
/// sound, do not wait for it to be heard. A method may call the [`Handle`](crate::Handle).
pub trait Speaker: Send {
    /// Sound to be heard follows. After [`Handle::wake`](crate::Handle::wake), drop what [`play`](Self::play) still brings until
    /// this is called again: the server stops the answer that was interrupted, but one piece may be on its way.
    fn play_start(&mut self);
    /// A piece of it, mono. Its rate is 4,000 to 192,000 Hz and may change between pieces.
    fn play(&mut self, rate_hz: u32, samples: &[i16]);
    /// It is complete. When it has been heard to its end, call [`Handle::played`](crate::Handle::played).
    fn play_end(&mut self);
    /// A timer that Home Assistant keeps.
    fn timer(&mut self, event: TimerEvent);
    /// The pipeline's progress, and the driver's coming and going.
    fn notice(&mut self, notice: Notice);
}

/// What the pipeline is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A client is ready to take commands; a command that was being sent has ended.
    Running,
    /// The client takes none for now; a command that was being sent has ended.
    Paused,
    /// The client is gone, or was too slow to be kept. An answer that had begun ends without a
    /// [`play_end`](Speaker::play_end), and no [`Handle::played`](crate::Handle::played) is due for what waits.
    Gone,
    /// The client listens for wake words in what is sent (only with [`Stage::Wake`](crate::Stage::Wake)).
    Detect {
        /// Their names; empty is any.
        names: Vec<String>,
    },
    /// It heard one.
    Detection {
        /// Its name.
        name: Option<String>,
    },
    /// It recognises.
    Transcribe {
        /// The language it expects.
        language: Option<String>,
    },
    /// It hears speech.
    VoiceStarted {
        /// Milliseconds of its own clock.
        timestamp: Option<i64>,
    },
    /// It heard the command's end. Microphone sound is no longer sent.
    VoiceStopped {
        /// Milliseconds of its own clock.
        timestamp: Option<i64>,
    },
    /// What it understood. Microphone sound is no longer sent.
    Transcript {
        /// The words.
        text: String,
    },
    /// What the sound that follows will say.
    Synthesize {
        /// The answer.
        text: String,
    },
    /// The pipeline failed. Microphone sound is no longer sent.
    Error {
        /// For a person.
        text: String,
        /// For a program.
        code: Option<String>,
    },
}

/// Mono sound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audio {
    /// Samples a second; 4,000 to 192,000.
    pub rate_hz: u32,
    /// The samples.
    pub samples: Vec<i16>,
}

/// The speaker's recogniser and voice, for any client. Called from connections' threads, one call at a time; a call may take
/// its time.
pub trait Engine: Send {
    /// The words of a recording at 16 kHz, at most [`Config::transcribe_seconds`](crate::Config::transcribe_seconds) long; an
    /// empty text where nothing was understood.
    ///
    /// # Errors
    /// What to tell the client.
    fn transcribe(&mut self, audio_16k: &[i16], language: Option<&str>) -> Result<String, Failure>;

    /// A text as sound.
    ///
    /// # Errors
    /// What to tell the client, such as that there is no such voice.
    fn synthesize(&mut self, text: &str, voice: &SynthesizeVoice) -> Result<Audio, Failure>;
}

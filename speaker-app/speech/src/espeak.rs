//! Speech synthesis by the program espeak-ng.
//!
//! A process and not a library, because espeak-ng is GPL-3 and this crate is not. The text goes in by standard
//! input: never through a shell and never as an argument, so no text can be an option. Invariant: whichever way
//! [`Espeak::stream`] returns, the process has ended and was waited for.

use crate::error::{Result, SpeechError};
use crate::synthesise::Synthesiser;
use std::io::{ErrorKind, Read, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

/// What espeak-ng's own voices speak at, in Hz.
const USUAL_HZ: u32 = 22_050;
/// espeak-ng's WAV header: RIFF, one `fmt ` chunk of 16 bytes, the head of the `data` chunk.
const HEADER_BYTES: usize = 44;
/// Bytes asked of the pipe at a time: 46 ms.
const CHUNK_BYTES: usize = 2_048;
/// Chunks that may wait for a slow listener before the program is held up.
const WAITING_CHUNKS: usize = 64;

/// How to speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EspeakSettings {
    /// The program: a path, or a name that is looked for in `PATH`.
    pub program: PathBuf,
    /// The voice, such as `en-us` or `en-gb+f2`: letters, digits, `+`, `-` and `_`.
    pub voice: String,
    /// Words a minute, 80 to 450.
    pub words_per_minute: u16,
    /// Pitch, 0 to 99.
    pub pitch: u8,
    /// How long to wait for the next piece of audio before giving up.
    pub timeout: Duration,
}

impl Default for EspeakSettings {
    fn default() -> Self {
        Self {
            program: "espeak-ng".into(),
            voice: "en-us".into(),
            words_per_minute: 165,
            pitch: 50,
            timeout: Duration::from_secs(5),
        }
    }
}

/// Speech synthesis by the program espeak-ng.
#[derive(Debug, Clone)]
pub struct Espeak {
    settings: EspeakSettings,
}

impl Espeak {
    /// A synthesiser with these settings. The program is started for every text anew: that takes milliseconds.
    ///
    /// # Errors
    /// [`SpeechError::Setting`] when a setting is outside its range.
    pub fn new(settings: EspeakSettings) -> Result<Self> {
        let wrong = |setting, value: String, allowed| Err(SpeechError::Setting { setting, value, allowed });
        let plain = |c: char| c.is_ascii_alphanumeric() || "+-_".contains(c);
        if !settings.voice.starts_with(|c: char| c.is_ascii_alphanumeric()) || !settings.voice.chars().all(plain) {
            return wrong("voice", settings.voice, "letters, digits, +, - and _; espeak-ng --voices lists them");
        }
        if !(80..=450).contains(&settings.words_per_minute) {
            return wrong("words_per_minute", settings.words_per_minute.to_string(), "80 to 450 are");
        }
        if settings.pitch > 99 {
            return wrong("pitch", settings.pitch.to_string(), "0 to 99 are");
        }
        Ok(Self { settings })
    }

    fn start(&self) -> Result<Running> {
        let settings = &self.settings;
        let child = Command::new(&settings.program)
            .args(["--stdin", "--stdout", "-b", "1", "-v", &settings.voice])
            .args(["-s", &settings.words_per_minute.to_string(), "-p", &settings.pitch.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        child.map(Running).map_err(|source| match source.kind() {
            ErrorKind::NotFound => SpeechError::MissingProgram { program: settings.program.clone(), package: "espeak-ng" },
            _ => SpeechError::Io { action: "starting the speech synthesis program", source },
        })
    }

    /// The program ended: an error when it says so or when there was no sound.
    fn ended(&self, mut running: Running, spoke: bool) -> Result<()> {
        let mut message = String::new();
        if let Some(mut stderr) = running.0.stderr.take() {
            // What it says is only for the message; the status below decides.
            let _ = stderr.by_ref().take(4_096).read_to_string(&mut message);
        }
        let status = running.0.wait().map_err(|source| SpeechError::Io { action: "waiting for speech", source })?;
        if status.success() && spoke {
            return Ok(());
        }
        let message = match message.trim() {
            "" => format!("no audio, {status}"),
            said => said.replace('\n', " "),
        };
        Err(SpeechError::Program { program: self.settings.program.clone(), message })
    }
}

impl Synthesiser for Espeak {
    fn stream(&mut self, text: &str, sink: &mut dyn FnMut(u32, &[i16]) -> ControlFlow<()>) -> Result<()> {
        let text = literal(text);
        if text.trim().is_empty() {
            return Ok(());
        }
        let mut running = self.start()?;
        let chunks = running.pump(text);
        let mut parser = Parser::default();
        let mut samples = Vec::new();
        loop {
            match chunks.recv_timeout(self.settings.timeout) {
                Ok(bytes) => {
                    samples.clear();
                    let Some(rate_hz) = parser.take(&bytes, &mut samples) else { continue };
                    if !samples.is_empty() && sink(rate_hz, &samples).is_break() {
                        return Ok(());
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return self.ended(running, parser.rate_hz.is_some()),
                Err(RecvTimeoutError::Timeout) => {
                    return Err(SpeechError::Timeout { limit: self.settings.timeout });
                }
            }
        }
    }

    fn rate_hz(&self) -> u32 {
        USUAL_HZ
    }
}

/// The text as words only: `[[` would start a list of phonemes, and a NUL would end the text.
fn literal(text: &str) -> String {
    text.replace("[[", "[ [").replace('\0', " ")
}

/// The process, ended and waited for when dropped.
struct Running(Child);

impl Running {
    /// Starts the two threads that write the text and read the audio. Both end with the process, because its ends of the
    /// pipes close; the reader also when nobody listens.
    fn pump(&mut self, text: String) -> Receiver<Vec<u8>> {
        if let Some(mut stdin) = self.0.stdin.take() {
            // A program that ends early closes the pipe; its status tells more than this error.
            thread::spawn(move || stdin.write_all(text.as_bytes()));
        }
        let (sender, receiver) = sync_channel(WAITING_CHUNKS);
        if let Some(mut stdout) = self.0.stdout.take() {
            thread::spawn(move || {
                let mut bytes = [0; CHUNK_BYTES];
                while let Ok(length) = stdout.read(&mut bytes)
                    && length > 0
                    && sender.send(bytes[..length].to_vec()).is_ok()
                {}
            });
        }
        receiver
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails only when it has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Takes the stream apart: header, then little-endian samples, which a chunk may cut in the middle.
#[derive(Default)]
struct Parser {
    bytes: Vec<u8>,
    rate_hz: Option<u32>,
}

impl Parser {
    /// Appends the samples that are complete and returns the rate, or `None` within the header.
    fn take(&mut self, bytes: &[u8], samples: &mut Vec<i16>) -> Option<u32> {
        self.bytes.extend_from_slice(bytes);
        if self.rate_hz.is_none() {
            let header: &[u8; HEADER_BYTES] = self.bytes.first_chunk()?;
            let rate_hz = u32::from_le_bytes([header[24], header[25], header[26], header[27]]);
            // The lengths in the header are placeholders: the program does not know them yet.
            if !header.starts_with(b"RIFF") || &header[36..40] != b"data" || rate_hz == 0 {
                return None;
            }
            self.rate_hz = Some(rate_hz);
            self.bytes.drain(..HEADER_BYTES);
        }
        let whole = self.bytes.len() / 2 * 2;
        samples.extend(self.bytes[..whole].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])));
        self.bytes.drain(..whole);
        self.rate_hz
    }
}

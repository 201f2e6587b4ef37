//! The music player: pieces of a folder, one after another, into the mixer's ring.

use crate::mixer::Source;
use saggar_media::{Library, Stream};
use std::path::Path;

/// What the player can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Player {
    /// Stop, and forget where it was.
    Stop,
    /// Stop until told otherwise.
    Pause,
    /// Go on after a pause.
    Resume,
    /// Go on with the next piece.
    Next,
    /// Go back to the piece before.
    Previous,
    /// Set the volume in percent.
    Volume(i32),
    /// So many percent louder.
    Step(i32),
    /// Silence everything, or not any more.
    Mute(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Stopped,
    Playing,
    Paused,
}

/// The player.
pub struct Music {
    library: Option<Library>,
    queue: Vec<usize>,
    at: usize,
    stream: Option<Stream>,
    state: State,
    /// Number of what `play` was told last, and the skill that told it.
    id: i32,
    owner: String,
    percent: i32,
    muted: bool,
    flush: bool,
    ended: Vec<(String, i32)>,
    problems: Vec<String>,
    block: Box<[f32]>,
}

/// Samples that are decoded at a time: 10 ms.
const BLOCK: usize = 480;

impl Music {
    /// A player with the pieces of a folder. A folder that cannot be read gives a player without pieces, and the reason to tell.
    #[must_use]
    pub fn new(folder: Option<&Path>, volume_db: f32) -> Music {
        let mut problems = Vec::new();
        let library = folder.and_then(|folder| match Library::scan(folder) {
            Ok(library) => {
                problems.extend(library.problems().iter().map(ToString::to_string));
                Some(library)
            }
            Err(error) => {
                problems.push(error.to_string());
                None
            }
        });
        Music {
            library,
            queue: Vec::new(),
            at: 0,
            stream: None,
            state: State::Stopped,
            id: 0,
            owner: String::new(),
            percent: percent_of(volume_db),
            muted: false,
            flush: false,
            ended: Vec::new(),
            problems,
            block: vec![0.0; BLOCK].into_boxed_slice(),
        }
    }

    /// Plays what is called so, and then what comes after it; everything when the name is empty. The number of this order, or
    /// nothing where there is no such piece.
    pub fn play(&mut self, name: &str, owner: &str) -> Option<i32> {
        let library = self.library.as_ref()?;
        let first = library.find(name)?;
        let count = library.tracks().len();
        self.queue = (first..count).chain(0..first).collect();
        self.at = 0;
        self.id = self.id.wrapping_add(1).max(1);
        owner.clone_into(&mut self.owner);
        self.state = State::Playing;
        self.cut();
        Some(self.id)
    }

    /// Whether there is a folder that could be read.
    #[must_use]
    pub fn has_folder(&self) -> bool {
        self.library.is_some()
    }

    /// Whether there is a piece that is called so.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.library.as_ref().is_some_and(|library| library.find(name).is_some())
    }

    /// Does as told; false where there is nothing to be done.
    pub fn command(&mut self, command: Player) -> bool {
        match command {
            Player::Volume(percent) => (self.percent, self.muted) = (percent.clamp(0, 100), false),
            Player::Step(percent) => self.percent = (self.percent + percent).clamp(0, 100),
            Player::Mute(muted) => self.muted = muted,
            _ if self.state == State::Stopped => return false,
            Player::Stop => {
                self.state = State::Stopped;
                self.cut();
            }
            Player::Pause => self.state = State::Paused,
            Player::Resume => self.state = State::Playing,
            Player::Next => self.go(self.at + 1),
            Player::Previous => self.go((self.at + self.queue.len() - 1) % self.queue.len().max(1)),
        }
        true
    }

    fn go(&mut self, at: usize) {
        self.at = at % self.queue.len().max(1);
        self.state = State::Playing;
        self.cut();
    }

    /// Ends the piece that is being decoded, and what of it waits to be heard.
    fn cut(&mut self) {
        self.stream = None;
        self.flush = true;
    }

    /// Whether it plays, or would if nobody spoke.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.state == State::Playing
    }

    /// The volume in dB.
    #[must_use]
    pub fn volume_db(&self) -> f32 {
        if self.percent == 0 || self.muted {
            -80.0
        } else {
            (f32::from(i16::try_from(self.percent).unwrap_or(100)) - 100.0) * 0.4
        }
    }

    /// Orders that have come to their end, with the skill that gave them.
    pub fn take_ended(&mut self) -> Vec<(String, i32)> {
        std::mem::take(&mut self.ended)
    }

    /// What went wrong since, in words.
    pub fn take_problems(&mut self) -> Vec<String> {
        std::mem::take(&mut self.problems)
    }

    /// Decodes until the mixer has enough for `wanted` samples more.
    pub fn pump(&mut self, source: &mut Source, wanted: usize) {
        if std::mem::take(&mut self.flush) {
            source.flush();
        }
        while self.state == State::Playing && source.waiting() < wanted && source.room() >= BLOCK {
            if self.stream.is_none() && !self.open() {
                return;
            }
            let Some(stream) = &mut self.stream else { return };
            match stream.read(&mut self.block) {
                Ok(count) if count > 0 => {
                    source.push(&self.block[..count]);
                }
                Ok(_) => self.end_piece(),
                Err(error) => {
                    self.problems.push(error.to_string());
                    self.end_piece();
                }
            }
        }
    }

    /// Opens the piece whose turn it is; what cannot be opened is left out.
    fn open(&mut self) -> bool {
        while let Some(track) = self.queue.get(self.at).copied() {
            let path = self.library.as_ref().and_then(|library| Some(library.tracks().get(track)?.path.clone()));
            match path.map(|path| Stream::open(&path)) {
                Some(Ok(stream)) => {
                    self.stream = Some(stream);
                    return true;
                }
                Some(Err(error)) => self.problems.push(error.to_string()),
                None => {}
            }
            self.at += 1;
        }
        self.finish();
        false
    }

    fn end_piece(&mut self) {
        self.stream = None;
        self.at += 1;
        if self.at >= self.queue.len() {
            self.finish();
        }
    }

    fn finish(&mut self) {
        self.state = State::Stopped;
        self.ended.push((self.owner.clone(), self.id));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped")]
fn percent_of(volume_db: f32) -> i32 {
    (volume_db / 0.4 + 100.0).round().clamp(0.0, 100.0) as i32
}

//! The host's functions. Each belongs to a permission: a skill that calls one which its manifest does not grant is not linked.

#[cfg(target_arch = "wasm32")]
use crate::imports as sys;
#[cfg(not(target_arch = "wasm32"))]
use crate::mock::imports as sys;

/// What the player can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Music {
    /// Stops, and forgets where it was.
    Stop,
    /// Stops until told otherwise.
    Pause,
    /// Goes on after a pause.
    Resume,
    /// Goes on with the next piece.
    Next,
    /// Goes back to the piece before.
    Previous,
    /// Sets the volume in percent.
    Volume(i32),
    /// One step louder.
    Louder,
    /// One step quieter.
    Quieter,
    /// Silent, and still playing.
    Mute,
    /// As loud as before it was silenced.
    Unmute,
}

/// Speaks at once, beside the reply. Permission `speak`.
pub fn say(text: &str) {
    sys::say(text);
}

/// Asks at once; what is said next comes as [`Answer`](crate::Event::Answer). Permissions `speak` and `microphone`.
pub fn ask(question: &str) {
    sys::ask(question);
}

/// Plays what the library has of that name, be it a piece, an album, somebody's or a genre's, or else an address. Gives the playback's
/// number, or none where there is no such thing. Permission `music`.
#[must_use]
pub fn play(name: &str) -> Option<i32> {
    some(sys::play(name))
}

/// Commands the player; false where there is nothing to command. Permission `music`.
pub fn music(command: Music) -> bool {
    let (number, value) = match command {
        Music::Stop => (0, 0),
        Music::Pause => (1, 0),
        Music::Resume => (2, 0),
        Music::Next => (3, 0),
        Music::Volume(percent) => (4, percent),
        Music::Louder => (5, 0),
        Music::Quieter => (6, 0),
        Music::Previous => (7, 0),
        Music::Mute => (8, 0),
        Music::Unmute => (9, 0),
    };
    sys::music(number, value) >= 0
}

/// Sets a timer that comes back as [`Timer`](crate::Event::Timer) with `tag`; gives its number. Permission `timers`.
#[must_use]
pub fn timer_set(milliseconds: i64, tag: &str) -> Option<i32> {
    some(sys::timer_set(milliseconds, tag))
}

/// Takes a timer back; false where there is none. Permission `timers`.
pub fn timer_cancel(id: i32) -> bool {
    sys::timer_cancel(id) >= 0
}

/// The timers that run, a line each: number, tag, milliseconds left. One that rings is among them, with none left, until its event was
/// answered. Permission `timers`.
#[must_use]
pub fn timer_list(buffer: &mut [u8]) -> &str {
    let len = sys::timer_list(buffer);
    written(buffer, len).unwrap_or("")
}

/// What was stored under `key`, as much of it as fits. Permission `storage`.
#[must_use]
pub fn kv_get<'a>(key: &str, buffer: &'a mut [u8]) -> Option<&'a str> {
    let len = sys::kv_get(key, buffer);
    written(buffer, len)
}

/// Stores `value` under `key`; false where there is no room. Permission `storage`.
#[must_use]
pub fn kv_put(key: &str, value: &str) -> bool {
    sys::kv_put(key, value) >= 0
}

/// Writes a line to the speaker's log.
pub fn log(line: &str) {
    sys::log(line);
}

/// Milliseconds since 1970, in UTC. Permission `clock`.
#[must_use]
pub fn now() -> i64 {
    sys::now()
}

/// How far local time is ahead of UTC. Permission `clock`.
#[must_use]
pub fn local_offset_minutes() -> i32 {
    sys::local_offset_minutes()
}

/// A random number.
#[must_use]
pub fn random() -> u64 {
    sys::random().cast_unsigned()
}

/// Asks a server; its answer comes as [`Http`](crate::Event::Http). None where the host is not granted or busy. Permission `http`.
#[must_use]
pub fn http_fetch(url: &str) -> Option<i32> {
    some(sys::http_fetch(url))
}

/// Commands or asks the home by a message of the fields `domain`, `service`, `name`, `area` and `value`; what became of it comes as
/// [`Home`](crate::Event::Home). Permission `home`, which lists the domains.
#[must_use]
pub fn home_call(call: &str) -> Option<i32> {
    some(sys::home_call(call))
}

fn some(id: i32) -> Option<i32> {
    (id >= 0).then_some(id)
}

/// What the host wrote: the length is its allegation, so it is cut at the buffer's end, and the text where it ceases to be one.
fn written(buffer: &[u8], len: i32) -> Option<&str> {
    let len = usize::try_from(len).ok()?;
    let bytes = &buffer[..len.min(buffer.len())];
    bytes.utf8_chunks().next().map_or(Some(""), |chunk| Some(chunk.valid()))
}

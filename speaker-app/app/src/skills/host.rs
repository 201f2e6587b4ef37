//! The functions of the host, as skills call them.
//!
//! Addresses and lengths are allegations: a text that is not within the skill's memory, or is longer than [`LONGEST`], is refused with −1.
//! Nothing here panics, since it runs on top of a guest's frames. A function that a manifest does not grant is not defined
//! for that skill (see the build), so who calls one has the permission; amounts and names (bytes, hosts, kinds of devices) are looked at here.

#![allow(dead_code, reason = "a function is called where a linked skill imports it")]

use super::world::{Effect, Player, World, with_current};
use crate::dsp::stage::place;
use saggar_runtime::Memory;

/// Longest text that a skill may hand over, in bytes.
const LONGEST: usize = 4_096;
/// What a function says when it does nothing.
const REFUSED: i32 = -1;

/// Whether the skill may call the host once more; looked at before anything is copied.
fn may_call() -> bool {
    act(false, World::may_call)
}

fn bytes<'a>(memory: &'a Memory<'_>, at: i32, len: i32) -> Option<&'a [u8]> {
    let len = place(len).filter(|len| *len <= LONGEST)?;
    memory.slice(place(at)?, len)
}

fn text(memory: &Memory<'_>, at: i32, len: i32) -> Option<String> {
    Some(String::from_utf8_lossy(bytes(memory, at, len)?).into_owned())
}

/// Writes what fits of `value`, and says how long it is.
fn give(memory: &mut Memory<'_>, to: i32, room: i32, value: &[u8]) -> i32 {
    let (Some(to), Some(room)) = (place(to), place(room)) else { return REFUSED };
    let copied = value.len().min(room);
    let Some(buffer) = memory.slice_mut(to, copied) else { return REFUSED };
    buffer.copy_from_slice(&value[..copied]);
    i32::try_from(value.len()).unwrap_or(REFUSED)
}

/// Does something with the world and the skill's name.
fn act<R>(or: R, act: impl FnOnce(&mut World) -> R) -> R {
    with_current(act).unwrap_or(or)
}

pub(crate) fn say(memory: &mut Memory<'_>, at: i32, len: i32) {
    if may_call()
        && let Some(text) = text(memory, at, len)
    {
        act((), |world| world.push(Effect::Say(text)));
    }
}

pub(crate) fn ask(memory: &mut Memory<'_>, at: i32, len: i32) {
    if may_call()
        && let Some(text) = text(memory, at, len)
    {
        act((), |world| world.push(Effect::Ask(text)));
    }
}

pub(crate) fn log(memory: &mut Memory<'_>, at: i32, len: i32) {
    if may_call()
        && let Some(text) = text(memory, at, len)
    {
        act((), |world| world.push(Effect::Log(text)));
    }
}

pub(crate) fn play(memory: &mut Memory<'_>, at: i32, len: i32) -> i32 {
    if !may_call() {
        return REFUSED;
    }
    let Some(name) = text(memory, at, len) else { return REFUSED };
    act(REFUSED, |world| {
        if !world.may_act() {
            return REFUSED;
        }
        let owner = world.skill().to_owned();
        world.music.play(&name, &owner).unwrap_or(REFUSED)
    })
}

pub(crate) fn music(_: &mut Memory<'_>, command: i32, value: i32) -> i32 {
    if !may_call() {
        return REFUSED;
    }
    let command = match command {
        0 => Player::Stop,
        1 => Player::Pause,
        2 => Player::Resume,
        3 => Player::Next,
        4 => Player::Volume(value.clamp(0, 100)),
        5 => Player::Step(10),
        6 => Player::Step(-10),
        7 => Player::Previous,
        8 => Player::Mute(true),
        9 => Player::Mute(false),
        _ => return REFUSED,
    };
    act(REFUSED, |world| if world.may_act() && world.music.command(command) { 0 } else { REFUSED })
}

pub(crate) fn timer_set(memory: &mut Memory<'_>, milliseconds: i64, at: i32, len: i32) -> i32 {
    if !may_call() {
        return REFUSED;
    }
    let Some(tag) = text(memory, at, len) else { return REFUSED };
    act(REFUSED, |world| world.timer_set(milliseconds, &tag).unwrap_or(REFUSED))
}

pub(crate) fn timer_cancel(_: &mut Memory<'_>, id: i32) -> i32 {
    if !may_call() {
        return REFUSED;
    }
    act(REFUSED, |world| if world.timer_cancel(id) { 0 } else { REFUSED })
}

pub(crate) fn timer_list(memory: &mut Memory<'_>, to: i32, room: i32) -> i32 {
    if !may_call() {
        return REFUSED;
    }
    let list = act(String::new(), |world| world.timer_list());
    give(memory, to, room, list.as_bytes())
}

pub(crate) fn kv_get(memory: &mut Memory<'_>, at: i32, len: i32, to: i32, room: i32) -> i32 {
    if !may_call() {
        return REFUSED;
    }
    let Some(key) = bytes(memory, at, len).map(<[u8]>::to_vec) else { return REFUSED };
    match act(None, |world| world.kv_get(&key)) {
        Some(value) => give(memory, to, room, &value),
        None => REFUSED,
    }
}

pub(crate) fn kv_put(memory: &mut Memory<'_>, at: i32, len: i32, value: i32, value_len: i32) -> i32 {
    if !may_call() {
        return REFUSED;
    }
    let (Some(key), Some(value)) = (bytes(memory, at, len), bytes(memory, value, value_len)) else { return REFUSED };
    act(REFUSED, |world| if world.kv_put(key, value) { 0 } else { REFUSED })
}

pub(crate) fn now(_: &mut Memory<'_>) -> i64 {
    if !may_call() {
        return 0;
    }
    act(0, |world| world.clock.now_unix_ms())
}

pub(crate) fn local_offset_minutes(_: &mut Memory<'_>) -> i32 {
    if !may_call() {
        return 0;
    }
    act(0, |world| world.clock.offset_minutes())
}

pub(crate) fn random(_: &mut Memory<'_>) -> i64 {
    if !may_call() {
        return 0;
    }
    act(0, |world| world.random())
}

pub(crate) fn http_fetch(memory: &mut Memory<'_>, at: i32, len: i32) -> i32 {
    if !may_call() {
        return REFUSED;
    }
    let Some(url) = text(memory, at, len) else { return REFUSED };
    act(REFUSED, |world| world.http_fetch(&url).unwrap_or(REFUSED))
}

pub(crate) fn home_call(memory: &mut Memory<'_>, at: i32, len: i32) -> i32 {
    if !may_call() {
        return REFUSED;
    }
    let Some(call) = text(memory, at, len) else { return REFUSED };
    act(REFUSED, |world| world.home_call(&call).unwrap_or(REFUSED))
}

//! The host's functions, as a test needs them.

use std::collections::BTreeMap;

use wasmi::{Caller, Extern, Linker, Memory};

/// Friday, 28 November 2025, a quarter past ten in UTC, an hour later here.
pub const NOW: i64 = 1_764_324_900_000;

/// What the host holds while a skill runs.
#[derive(Default)]
pub struct Host {
    /// Milliseconds since 1970.
    pub now: i64,
    /// How far local time is ahead of UTC.
    pub offset_minutes: i32,
    /// The next random number.
    pub random: i64,
    /// What is stored.
    pub stored: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Every call that commands something: the function's name, and its text.
    pub calls: Vec<String>,
    /// Whether music plays; nothing else can be commanded of the player but to play and to be louder.
    pub plays: bool,
}

/// The host's end of one function.
pub(crate) fn define(linker: &mut Linker<Host>, name: &'static str) -> Result<(), wasmi::Error> {
    type Context<'a> = Caller<'a, Host>;
    // Any call that commands something gets the next number.
    let command = move |mut host: Context<'_>, at: i32, len: i32| {
        let text = String::from_utf8(bytes(&host, at, len)).expect("UTF-8");
        host.data_mut().calls.push(format!("{name} {}", text.trim_end()));
        i32::try_from(host.data().calls.len()).expect("few calls")
    };
    match name {
        "say" | "ask" | "log" => linker.func_wrap("speaker", name, move |host: Context<'_>, at: i32, len: i32| {
            command(host, at, len);
        })?,
        "http_fetch" | "home_call" => linker.func_wrap("speaker", name, command)?,
        "play" => linker.func_wrap("speaker", name, move |mut host: Context<'_>, at: i32, len: i32| {
            host.data_mut().plays = true;
            command(host, at, len)
        })?,
        "timer_set" => {
            linker.func_wrap("speaker", name, move |host: Context<'_>, _: i64, at: i32, len: i32| command(host, at, len))?
        }
        "timer_cancel" => linker.func_wrap("speaker", name, |_: Context<'_>, _: i32| 0)?,
        "timer_list" => linker.func_wrap("speaker", name, |_: Context<'_>, _: i32, _: i32| 0)?,
        "music" => linker.func_wrap("speaker", name, |mut host: Context<'_>, command: i32, value: i32| {
            let plays = host.data().plays;
            host.data_mut().calls.push(format!("music {command} {value}"));
            host.data_mut().plays = plays && command != 0;
            // The volume can be changed at any time.
            if plays || (4..=6).contains(&command) || command >= 8 { 0 } else { -1 }
        })?,
        "kv_get" => linker.func_wrap("speaker", name, |mut host: Context<'_>, key: i32, key_len: i32, to: i32, room: i32| {
            let Some(value) = host.data().stored.get(&bytes(&host, key, key_len)).cloned() else { return -1 };
            let copied = value.len().min(usize::try_from(room).expect("a length"));
            let memory = memory(&host);
            memory.write(&mut host, usize::try_from(to).expect("an address"), &value[..copied]).expect("within the memory");
            i32::try_from(value.len()).expect("a length")
        })?,
        "kv_put" => {
            linker.func_wrap("speaker", name, |mut host: Context<'_>, key: i32, key_len: i32, value: i32, len: i32| {
                let (key, value) = (bytes(&host, key, key_len), bytes(&host, value, len));
                host.data_mut().stored.insert(key, value);
                0
            })?
        }
        "now" => linker.func_wrap("speaker", name, |host: Context<'_>| host.data().now)?,
        "local_offset_minutes" => linker.func_wrap("speaker", name, |host: Context<'_>| host.data().offset_minutes)?,
        "random" => linker.func_wrap("speaker", name, |mut host: Context<'_>| {
            host.data_mut().random = host.data().random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            host.data().random >> 16
        })?,
        _ => unreachable!("a function without an end"),
    };
    Ok(())
}

fn memory(host: &Caller<'_, Host>) -> Memory {
    host.get_export("memory").and_then(Extern::into_memory).expect("an exported memory")
}

fn bytes(host: &Caller<'_, Host>, at: i32, len: i32) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(len).expect("a length")];
    memory(host).read(host, usize::try_from(at).expect("an address"), &mut bytes).expect("within the memory");
    bytes
}

//! A speaker for built modules: it links exactly what a skill's manifest grants, and remembers what the skill commanded.
//!
//! The modules are run by an interpreter that shares nothing with the compiler, so that a mistake of one is not hidden by the other's.
use std::{collections::BTreeMap, fs, path::PathBuf};

use wasmi::{Caller, Config, Engine, Extern, Instance, Linker, Memory, Module, Store};

/// Every skill, and the permissions of which it makes use.
pub const SKILLS: [&str; 8] = ["timer", "clock", "convert", "jokes", "shopping", "music", "weather", "home"];

/// The functions of the host, each with its permission; an empty one needs none.
pub const FUNCTIONS: [(&str, &str); 15] = [
    ("say", "speak"),
    ("ask", "speak"),
    ("play", "music"),
    ("music", "music"),
    ("timer_set", "timers"),
    ("timer_cancel", "timers"),
    ("timer_list", "timers"),
    ("kv_get", "storage"),
    ("kv_put", "storage"),
    ("log", ""),
    ("now", "clock"),
    ("local_offset_minutes", "clock"),
    ("random", ""),
    ("http_fetch", "http"),
    ("home_call", "home"),
];

/// What the host holds while a skill runs.
#[derive(Default)]
pub struct Host {
    /// Milliseconds since 1970.
    pub now: i64,
    /// The next random number.
    pub random: i64,
    /// What is stored.
    pub stored: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Every call that commands something: the function's name, and its text.
    pub calls: Vec<String>,
}

/// A built skill.
pub struct Built {
    /// Its manifest.
    pub manifest: toml::Table,
    /// Its module.
    pub module: Module,
    /// The module's size.
    pub bytes: usize,
}

impl Built {
    /// Reads a skill that `make` has built.
    ///
    /// # Panics
    /// Where it was not built, or is no valid module.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/skills").join(name);
        let read = |file: &str| fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{name}: {error}; run `make` first"));
        let manifest = String::from_utf8(read("skill.toml")).expect("a manifest is text");
        let manifest: toml::Table = manifest.parse().expect("a manifest is TOML");
        let wasm = read(manifest["module"]["wasm"].as_str().expect("the module's file"));
        let mut config = Config::default();
        config.wasm_custom_page_sizes(true);
        let module = Module::new(&Engine::new(&config), &wasm).expect("a valid module");
        Self { manifest, module, bytes: wasm.len() }
    }

    /// Whether the manifest grants a permission.
    #[must_use]
    pub fn grants(&self, permission: &str) -> bool {
        let granted = self.manifest["permissions"].get(permission);
        permission.is_empty() || granted.is_some_and(|value| value.as_bool() != Some(false))
    }

    /// Links the skill with what it is granted, without one permission if that is named.
    ///
    /// # Errors
    /// The linker's, where an import does not resolve.
    pub fn link(&self, host: Host, without: &str) -> Result<Running, wasmi::Error> {
        let mut store = Store::new(self.module.engine(), host);
        let mut linker = Linker::new(self.module.engine());
        for (name, permission) in FUNCTIONS {
            if self.grants(permission) && (without.is_empty() || permission != without) {
                define(&mut linker, name)?;
            }
        }
        let instance = linker.instantiate_and_start(&mut store, &self.module)?;
        let memory = instance.get_memory(&store, "memory").expect("an exported memory");
        Ok(Running { store, instance, memory })
    }
}

/// The host's end of one function.
fn define(linker: &mut Linker<Host>, name: &'static str) -> Result<(), wasmi::Error> {
    type Context<'a> = Caller<'a, Host>;
    let command = move |mut host: Context<'_>, at: i32, len: i32| {
        let text = String::from_utf8(bytes(&host, at, len)).expect("UTF-8");
        host.data_mut().calls.push(format!("{name} {}", text.trim_end()));
        i32::try_from(host.data().calls.len()).expect("few calls")
    };
    match name {
        "say" | "ask" | "log" => linker.func_wrap("speaker", name, move |host: Context<'_>, at: i32, len: i32| {
            command(host, at, len);
        })?,
        "play" | "http_fetch" | "home_call" => linker.func_wrap("speaker", name, command)?,
        "timer_set" => {
            linker.func_wrap("speaker", name, move |host: Context<'_>, _: i64, at: i32, len: i32| command(host, at, len))?
        }
        "timer_cancel" => linker.func_wrap("speaker", name, |_: Context<'_>, _: i32| 0)?,
        "timer_list" => linker.func_wrap("speaker", name, |_: Context<'_>, _: i32, _: i32| 0)?,
        "music" => linker.func_wrap("speaker", name, |mut host: Context<'_>, command: i32, value: i32| {
            host.data_mut().calls.push(format!("music {command} {value}"));
            0
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
        "local_offset_minutes" => linker.func_wrap("speaker", name, |_: Context<'_>| 60)?,
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

/// A skill that runs.
pub struct Running {
    /// The host that it talks to.
    pub store: Store<Host>,
    instance: Instance,
    memory: Memory,
}

impl Running {
    /// `skill_init`.
    ///
    /// # Panics
    /// Where it traps.
    pub fn init(&mut self) -> i32 {
        let init = self.instance.get_typed_func::<(), i32>(&self.store, "skill_init").expect("skill_init");
        init.call(&mut self.store, ()).expect("no trap")
    }

    /// Hands over a message as the host does, and gives the reply; `export` is `skill_on_intent` or `skill_on_event`.
    ///
    /// # Panics
    /// Where the skill traps, or breaks the contract.
    pub fn send(&mut self, export: &str, message: &str) -> String {
        let len = i32::try_from(message.len()).expect("a short message");
        let alloc = self.instance.get_typed_func::<i32, i32>(&self.store, "skill_alloc").expect("skill_alloc");
        let at = alloc.call(&mut self.store, len).expect("no trap");
        assert_ne!(at, 0, "no room for {message}");
        self.memory
            .write(&mut self.store, usize::try_from(at).expect("an address"), message.as_bytes())
            .expect("within the memory");
        self.call(export, at, len)
    }

    /// Calls an export with whatever the host claims.
    ///
    /// # Panics
    /// Where the skill traps, or breaks the contract.
    pub fn call(&mut self, export: &str, at: i32, len: i32) -> String {
        let handle = self.instance.get_typed_func::<(i32, i32), i64>(&self.store, export).expect("the export");
        let packed = handle.call(&mut self.store, (at, len)).expect("no trap").cast_unsigned();
        let mut reply = vec![0; usize::try_from(packed & 0xffff_ffff).expect("a length")];
        self.memory.read(&self.store, usize::try_from(packed >> 32).expect("an address"), &mut reply).expect("within the memory");
        String::from_utf8(reply).expect("UTF-8")
    }

    /// How large the memory is.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    /// How much of the stack, which is the memory's first `size` bytes, was written to.
    #[must_use]
    pub fn stack_used(&self, size: usize) -> usize {
        size - self.memory.data(&self.store)[..size].iter().position(|&byte| byte != 0).unwrap_or(size)
    }
}

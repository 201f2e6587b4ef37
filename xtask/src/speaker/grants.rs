//! What a skill's manifest grants, and the functions of the host that are defined for it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Which permission each function of the host needs; `None` for those that everybody may call.
const FUNCTIONS: &[(&str, Option<&str>)] = &[
    ("say", Some("speak")),
    ("ask", Some("speak")),
    ("play", Some("music")),
    ("music", Some("music")),
    ("timer_set", Some("timers")),
    ("timer_cancel", Some("timers")),
    ("timer_list", Some("timers")),
    ("kv_get", Some("storage")),
    ("kv_put", Some("storage")),
    ("now", Some("clock")),
    ("local_offset_minutes", Some("clock")),
    ("http_fetch", Some("http")),
    ("home_call", Some("home")),
    ("log", None),
    ("random", None),
];

/// Permissions that a manifest may name: those of [`FUNCTIONS`].
fn is_permission(name: &str) -> bool {
    FUNCTIONS.iter().any(|(_, permission)| *permission == Some(name))
}

/// What the build needs of a manifest.
pub(crate) struct Manifest {
    /// The file of the module, beside the manifest.
    pub(crate) wasm: String,
    /// Most bytes of memory that it may have.
    pub(crate) memory_max: u64,
    /// All of it.
    pub(crate) text: String,
    granted: Vec<String>,
}

impl Manifest {
    /// Reads a `skill.toml`.
    ///
    /// # Errors
    /// A message with the file, the key and what to write instead.
    pub(crate) fn read(path: &Path) -> Result<Manifest, String> {
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| format!("{shown}: {error}"))?;
        let wasm = table.get("module").and_then(|module| module.get("wasm")).and_then(toml::Value::as_str);
        let wasm = wasm.ok_or_else(|| format!("{shown}: `[module] wasm` does not name the module's file"))?;
        if wasm.contains(['/', '\\']) {
            return Err(format!(
                "{shown}: `[module] wasm = {wasm:?}` leaves the skill's folder: give a file beside the manifest"
            ));
        }
        let memory = table.get("module").and_then(|module| module.get("memory_max")).and_then(toml::Value::as_integer);
        let memory_max = memory.and_then(|bytes| u64::try_from(bytes).ok());
        let memory_max = memory_max
            .ok_or_else(|| format!("{shown}: `[module] memory_max` does not say how many bytes of memory it may have"))?;
        let none = toml::Table::new();
        let permissions = match table.get("permissions") {
            None => &none,
            Some(toml::Value::Table(permissions)) => permissions,
            Some(_) => {
                return Err(format!("{shown}: `permissions` is no table: write `[permissions]` and below it `speak = true`"));
            }
        };
        let mut granted = Vec::new();
        for (key, value) in permissions {
            if !is_permission(key) {
                return Err(format!("{shown}: there is no permission `{key}`"));
            }
            let grants = match value {
                toml::Value::Boolean(granted) => *granted,
                toml::Value::Integer(amount) => *amount > 0,
                toml::Value::Array(list) => !list.is_empty(),
                _ => return Err(format!("{shown}: the permission `{key}` is neither true, nor a number, nor a list")),
            };
            if grants {
                granted.push(key.clone());
            }
        }
        Ok(Manifest { wasm: wasm.to_owned(), memory_max, text, granted })
    }

    /// Definitions of the functions of the host that a skill imports and may call.
    ///
    /// # Errors
    /// For a function that it may not call, with the permission that is missing: nothing would link.
    pub(crate) fn define(&self, name: &str, description: &serde_json::Value) -> Result<String, String> {
        let module = camel(&format!("skill_{name}"));
        let imports = description["interface"]["imports"].as_array().cloned().unwrap_or_default();
        let mut text = String::new();
        for import in imports {
            let (from, function, symbol) = (text_of(&import["module"]), text_of(&import["name"]), text_of(&import["symbol"]));
            let known = FUNCTIONS.iter().find(|(known, _)| *known == function && from == "speaker");
            let Some((_, permission)) = known else {
                return Err(format!(
                    "the skill `{name}` imports `{from}.{function}`, which no speaker has: build it with this SDK"
                ));
            };
            if let Some(permission) = permission
                && !self.granted.iter().any(|have| have == permission)
            {
                return Err(format!(
                    "the skill `{name}` calls `{function}` but its manifest does not grant the permission `{permission}`: \
                     grant `{permission}` in its skill.toml, or do without `{function}`"
                ));
            }
            define(&mut text, name, &module, &function, &symbol, &import["ty"]["function"]);
        }
        Ok(text)
    }
}

fn define(text: &mut String, name: &str, module: &str, function: &str, symbol: &str, ty: &serde_json::Value) {
    let types = |list: &serde_json::Value| -> Vec<String> { list.as_array().into_iter().flatten().map(text_of).collect() };
    let (params, results) = (types(&ty["params"]), types(&ty["results"]));
    let list: Vec<String> = params.iter().enumerate().map(|(index, ty)| format!("a{index}: {ty}")).collect();
    let arguments: String = (0..params.len()).map(|index| format!(", a{index}")).collect();
    let result = results.first().map(|ty| format!(" -> {ty}")).unwrap_or_default();
    let _ = writeln!(text, "#[unsafe(export_name = {symbol:?})]");
    let _ = writeln!(text, "extern \"C\" fn {name}_{function}({}){result} {{", list.join(", "));
    let _ = writeln!(text, "    // SAFETY: the compiled module alone calls this symbol, and the value ends here.");
    let _ = writeln!(text, "    let mut guest = unsafe {{ {name}::{module}::inside() }};");
    let _ = writeln!(text, "    crate::skills::host::{function}(&mut guest.memory(){arguments})\n}}");
}

fn text_of(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The name that bindings give the type of a module.
pub(crate) fn camel(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('_').filter(|word| !word.is_empty()).map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::Manifest;
    use std::fs;

    /// A manifest with these permissions.
    fn manifest(permissions: &str) -> Result<Manifest, String> {
        let text = format!("[module]\nwasm = \"a.wasm\"\nmemory_max = 100\n[permissions]\n{permissions}");
        let path =
            std::env::temp_dir().join(format!("saggar-grants-{}-{:?}.toml", std::process::id(), std::thread::current().id()));
        fs::write(&path, text).expect("a temporary file");
        let manifest = Manifest::read(&path);
        fs::remove_file(path).expect("our own file");
        manifest
    }

    /// A module that imports these functions.
    fn imports(functions: &[&str]) -> serde_json::Value {
        let import = |name: &&str| {
            serde_json::json!({
                "module": "speaker", "name": name, "symbol": format!("sg__host__x__speaker__{name}__FiiRi"),
                "ty": { "function": { "params": ["i32", "i32"], "results": ["i32"] } },
            })
        };
        serde_json::json!({ "interface": { "imports": functions.iter().map(import).collect::<Vec<_>>() } })
    }

    #[test]
    fn what_is_granted_is_defined_and_nothing_else() {
        let manifest = manifest("http = [\"127.0.0.1\"]\nspeak = false\nstorage = 0").expect("valid");
        let text = manifest.define("x", &imports(&["http_fetch", "log"])).expect("granted");
        assert_eq!(text.matches("export_name").count(), 2);
        assert!(text.contains("sg__host__x__speaker__http_fetch__FiiRi") && text.contains("crate::skills::host::log("), "{text}");
        for (function, permission) in [("say", "speak"), ("kv_put", "storage"), ("home_call", "home"), ("timer_set", "timers")] {
            let error = manifest.define("x", &imports(&["log", function])).expect_err("not granted");
            assert!(error.contains(&format!("grant `{permission}` in its skill.toml")), "{error}");
        }
        let error = manifest.define("x", &imports(&["open_door"])).expect_err("unknown");
        assert!(error.contains("which no speaker has"), "{error}");
    }

    #[test]
    fn broken_manifests_are_told() {
        for (permissions, part) in [
            ("fly = true", "there is no permission `fly`"),
            ("speak = \"yes\"", "neither true, nor a number, nor a list"),
            ("speak = ", "TOML"),
        ] {
            let error = manifest(permissions).err().expect("broken");
            assert!(error.contains(part), "{error}");
        }
    }
}

//! The options, and the way from a module to the files that a crate needs.

use crate::cargo::Cargo;
use crate::error::Error;
use crate::row;
use saggar_compiler::report::Report;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Limits, Meter, Options, Placement, Provider, bindings, compile};
use std::fs;
use std::path::{Path, PathBuf};

/// A module that is to be fired: how, and then [`compile`](Fire::compile).
#[derive(Clone, Debug)]
pub struct Fire {
    path: PathBuf,
    cpu: Option<String>,
    /// With a target that is replaced when it is known.
    options: Options,
}

/// What came of it: files in the folder `OUT_DIR`, and what the module costs.
#[derive(Clone, Debug)]
pub struct Fired {
    /// The module's name in symbols and of the files.
    pub name: String,
    /// The object, `NAME.o`. Cargo links it.
    pub object: PathBuf,
    /// The bindings, `NAME.rs`, to be included.
    pub bindings: PathBuf,
    /// Interface and costs as data, `NAME.json`.
    pub description: PathBuf,
    /// The costs.
    pub report: Report,
}

impl Fire {
    /// A module in the binary or, by its ending `.wat`, in the text format. A relative path counts from the package's folder. Its
    /// name is the file's, made an identifier.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Fire {
        let path = path.as_ref().to_path_buf();
        let name = name_of(&path);
        Fire { path, cpu: None, options: Options::new(Target::new(Arch::Aarch64), name) }
    }

    /// Another name: in symbols, and of the files that are written. Should be an identifier.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Fire {
        self.with(|options| options.name = name.into())
    }

    /// A row of the compiler's table of CPUs, in place of the largest that the target's features allow.
    #[must_use]
    pub fn cpu(self, cpu: impl Into<String>) -> Fire {
        Fire { cpu: Some(cpu.into()), ..self }
    }

    /// The domain: modules that link to each other and recover together. One of its own where this is not said.
    #[must_use]
    pub fn domain(self, domain: impl Into<String>) -> Fire {
        self.with(|options| options.domain = Some(domain.into()))
    }

    /// Who provides the imports of a module name; the host where this is not said.
    #[must_use]
    pub fn import(self, module: impl Into<String>, provider: Provider) -> Fire {
        self.with(|options| _ = options.providers.insert(module.into(), provider))
    }

    /// Put before the names of host functions in their symbols, so that this module has functions of its own: what the host does not
    /// define for it does not link, whatever it defines for others.
    #[must_use]
    pub fn host_namespace(self, namespace: impl Into<String>) -> Fire {
        self.with(|options| options.host_namespace = Some(namespace.into()))
    }

    /// Bytes of stack that one call from the host may use, headroom included.
    #[must_use]
    pub fn stack_bytes(self, bytes: u32) -> Fire {
        self.with(|options| options.stack_bytes = bytes)
    }

    /// Bytes of these that are left for host callbacks, the runtime library and interrupts.
    #[must_use]
    pub fn headroom_bytes(self, bytes: u32) -> Fire {
        self.with(|options| options.headroom_bytes = bytes)
    }

    /// Bytes to reserve for each memory, where that shall be able to grow.
    #[must_use]
    pub fn memory_reserve_bytes(self, bytes: u64) -> Fire {
        self.with(|options| options.memory_reserve_bytes = Some(bytes))
    }

    /// Bytes that each memory really gets, for modules of toolchains that know no pages below 64 KiB.
    #[must_use]
    pub fn memory_bytes(self, bytes: u64) -> Fire {
        self.with(|options| options.memory_bytes = Some(bytes))
    }

    /// How the module is stopped when it runs too long; not at all where this is not said.
    #[must_use]
    pub fn meter(self, meter: Meter) -> Fire {
        self.with(|options| options.meter = meter)
    }

    /// Names and alignment of sections, for linker scripts.
    #[must_use]
    pub fn placement(self, placement: Placement) -> Fire {
        self.with(|options| options.placement = placement)
    }

    /// What the module may demand of the compiler.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Fire {
        self.with(|options| options.limits = limits)
    }

    /// Any other option of the compiler. What is set as its target does not count.
    #[must_use]
    pub fn with(mut self, set: impl FnOnce(&mut Options)) -> Fire {
        set(&mut self.options);
        self
    }

    /// Compiles the module, writes the files, and tells Cargo.
    ///
    /// # Errors
    /// When this is no build script, the target is none of Saggar's, a file cannot be read or written, or the compiler refuses
    /// the module.
    pub fn compile(self) -> Result<Fired, Error> {
        let cargo = Cargo::here()?;
        let module = cargo.manifest_dir.join(&self.path);
        let object_name = format!("{}.o", self.options.name);
        let object = cargo.out_dir.join(&object_name);
        let (rust, description) = (object.with_extension("rs"), object.with_extension("json"));
        let target = row::choose(&cargo, self.cpu.as_deref())?;
        let wasm = read(&module)?;
        let options = Options { target, ..self.options.clone() };
        let refused = |source| Error::Compile {
            path: self.path.clone(),
            target: format!("{} ({})", target.arch().name(), target.cpu().name),
            source,
        };
        let artifact = compile(&wasm, &options).map_err(refused)?;
        let costs = serde_json::json!({ "report": artifact.report, "interface": artifact.interface });
        write(&object, &artifact.object)?;
        write(&rust, bindings::rust(&artifact.interface).as_bytes())?;
        write(&description, format!("{costs:#}\n").as_bytes())?;
        for line in cargo.lines(&module, &object_name, &artifact.report.notes) {
            println!("{line}");
        }
        Ok(Fired { name: options.name, object, bindings: rust, description, report: artifact.report })
    }
}

/// The file's name without its ending, made an identifier.
fn name_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'm');
    }
    name
}

/// The module in the binary format.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
    if path.extension().is_none_or(|extension| extension != "wat") {
        return Ok(bytes);
    }
    let text = |message: String| Error::Text { path: path.to_path_buf(), message };
    let source = String::from_utf8(bytes).map_err(|error| text(error.to_string()))?;
    wat::parse_str(source).map_err(|error| text(error.to_string()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(|source| Error::Write { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::name_of;
    use std::path::Path;

    #[test]
    fn files_give_names() {
        for (path, name) in [("a/skill.wasm", "skill"), ("sql-wasm.wasm", "sql_wasm"), ("7zip.wat", "m7zip"), ("", "m")] {
            assert_eq!(name_of(Path::new(path)), name, "{path}");
        }
    }
}

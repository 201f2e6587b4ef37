//! `skill.rs`: a typed, safe interface for Rust hosts, on top of the `saggar_runtime` crate.
//!
//! What makes it safe to use:
//! - Symbols carry their types, so a declaration here that links is right.
//! - The module is a value that exists once; every call borrows it mutably, and so does a view of its memory. Hence
//!   a slice of guest memory ends before the next call, which might write to it.
//! - A host function is handed the module for the time of the call, because its caller's borrow is suspended then.
//! - Where calls can reach another module of the domain, or another domain, slices of *that* module's memory could be
//!   alive: taking such a module is `unsafe`, with that as its condition.

use super::names::{Namer, camel, identifier, is_rust_keyword, printable};
use super::rust_values::{EXTERN_REF, FUNC_REF, from_slots, spelled, stored, to_slots};
use super::{HostFunction, export_line, host_functions, linked_imports, signature, with_slots};
use crate::interface::{Export, ExternType, FunctionType, GlobalType, Interface, Provider, ValueType};
use crate::options::Meter;
use std::fmt::Write as _;

/// The text of `skill.rs`.
#[must_use]
pub fn rust(interface: &Interface) -> String {
    let binding = Binding { interface, module: module_type(&interface.module), hosts: host_functions(interface) };
    let mut out = String::new();
    // A `String` takes everything that is written to it.
    let _ = binding.write(&mut out);
    out
}

/// Name of the type that stands for the module.
fn module_type(module: &str) -> String {
    const TAKEN: &[&str] = &["Imports", "FuncRef", "ExternRef", "Self", "Option", "Some", "None", "Result", "Ok", "Err"];
    let name = camel(&identifier(module));
    if TAKEN.contains(&name.as_str()) { format!("{name}Module") } else { name }
}

struct Binding<'a> {
    interface: &'a Interface,
    module: String,
    hosts: Vec<HostFunction<'a>>,
}

impl Binding<'_> {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        self.write_head(out)?;
        self.write_module(out)?;
        if self.uses(ValueType::FuncRef) {
            out.push_str(FUNC_REF);
        }
        if self.uses(ValueType::ExternRef) {
            out.push_str(EXTERN_REF);
        }
        if !self.hosts.is_empty() {
            self.write_trait(out)?;
            self.write_macro(out)?;
        }
        Ok(())
    }

    fn write_head(&self, out: &mut String) -> std::fmt::Result {
        let name = printable(&self.interface.module);
        writeln!(out, "// Bindings of the module \"{name}\", made by Saggar; changes will be lost.")?;
        writeln!(out, "// For a crate that depends on `saggar-runtime` and links the module's object:")?;
        writeln!(out, "//     #[path = \"….rs\"] mod bindings;")?;
        for line in linked_imports(self.interface) {
            writeln!(out, "// The linker provides {line}.")?;
        }
        out.push('\n');
        Ok(())
    }

    /// Whether calls reach nothing but this module and its host.
    fn alone(&self) -> bool {
        let imports = &self.interface.imports;
        self.interface.domain == self.interface.module && imports.iter().all(|import| import.provider == Provider::Host)
    }

    fn uses(&self, ty: ValueType) -> bool {
        let in_function = |function: &FunctionType| function.params.contains(&ty) || function.results.contains(&ty);
        let exported = self.interface.exports.iter().any(|export| match &export.ty {
            ExternType::Function(function) => in_function(function),
            ExternType::Global(global) => global.value == ty && ty == ValueType::ExternRef,
            ExternType::Table(_) | ExternType::Memory(_) => false,
        });
        exported || self.hosts.iter().any(|host| in_function(host.ty))
    }

    fn write_module(&self, out: &mut String) -> std::fmt::Result {
        let (module, interface) = (&self.module, self.interface);
        writeln!(out, "/// The module \"{}\".", printable(&interface.module))?;
        writeln!(out, "///\n/// A compiled module is its only instance, so there is one value of this type.")?;
        writeln!(out, "#[derive(Debug)]\n#[must_use]\npub struct {module} {{\n    _only: (),\n}}\n")?;
        writeln!(out, "#[allow(dead_code, clippy::all, reason = \"bindings offer more than one host uses\")]\nimpl {module} {{")?;
        writeln!(out, "    /// Bytes of stack that a call may use, counted from the caller.")?;
        writeln!(out, "    pub const STACK_BYTES: usize = {};\n", interface.stack_bytes)?;
        self.write_take(out)?;
        write_instantiate(out, &interface.instantiate_symbol)?;
        let mut namer = Namer::new(is_rust_keyword);
        self.write_meter(out)?;
        for fixed in ["take", "instantiate", "inside", "set_fuel", "fuel_left", "interrupter"] {
            namer.claim(fixed);
        }
        for export in &interface.exports {
            match &export.ty {
                ExternType::Function(ty) => write_call(out, export, ty, &namer.claim(&identifier(&export.name)))?,
                ExternType::Memory(_) => write_memory(out, export, &namer.claim(&identifier(&export.name)))?,
                ExternType::Global(ty) => write_global(out, export, *ty, &mut namer)?,
                // Elements are addresses of functions; a host has no safe use for them.
                ExternType::Table(_) => writeln!(out, "    // {}: {}\n", export_line(export, "Table"), export.symbol)?,
            }
        }
        out.push_str("}\n\n");
        Ok(())
    }

    fn write_take(&self, out: &mut String) -> std::fmt::Result {
        let module = &self.module;
        writeln!(out, "    /// The module; `None` when it was taken before.")?;
        let unsafety = if self.alone() {
            ""
        } else {
            writeln!(out, "    ///\n    /// # Safety")?;
            writeln!(
                out,
                "    /// While a call of this module runs, no view of the memory or of a global of any module that it can"
            )?;
            writeln!(out, "    /// reach by its imports, or that shares its domain, is alive.")?;
            "unsafe "
        };
        writeln!(out, "    #[must_use]\n    pub {unsafety}fn take() -> ::core::option::Option<{module}> {{")?;
        writeln!(out, "        static TAKEN: ::core::sync::atomic::AtomicBool = ::core::sync::atomic::AtomicBool::new(false);")?;
        writeln!(out, "        let taken = TAKEN.swap(true, ::core::sync::atomic::Ordering::AcqRel);")?;
        writeln!(
            out,
            "        if taken {{ ::core::option::Option::None }} else {{ ::core::option::Option::Some({module} {{ _only: () }}) }}"
        )?;
        writeln!(out, "    }}\n")?;
        writeln!(out, "    /// The module as its own host functions are handed it.\n    ///\n    /// # Safety")?;
        writeln!(out, "    /// The caller is a host function that the module called, and the value does not outlive that call.")?;
        writeln!(out, "    #[doc(hidden)]\n    pub unsafe fn inside() -> {module} {{\n        {module} {{ _only: () }}\n    }}\n")
    }

    fn write_meter(&self, out: &mut String) -> std::fmt::Result {
        let symbol = &self.interface.domain_symbol;
        let domain = format!("        unsafe extern \"C\" {{\n            static mut {symbol}: u8;\n        }}\n");
        let fuel = format!("unsafe {{ ::saggar_runtime::Fuel::new(&raw mut {symbol}) }}");
        match self.interface.meter {
            Meter::Off => Ok(()),
            Meter::Fuel => {
                writeln!(out, "    /// Sets what the next call may use, in units of one operator.")?;
                writeln!(
                    out,
                    "    pub fn set_fuel(&mut self, amount: u64) {{\n{domain}        // SAFETY: the symbol is the domain record, and no"
                )?;
                writeln!(out, "        // guest code runs meanwhile.\n        {fuel}.set(amount);\n    }}\n")?;
                writeln!(out, "    /// What is left; after a trap, nothing.\n    #[must_use]")?;
                writeln!(
                    out,
                    "    pub fn fuel_left(&self) -> u64 {{\n{domain}        // SAFETY: as when it is set.\n        {fuel}.left()\n    }}\n"
                )
            }
            Meter::Flag => {
                writeln!(
                    out,
                    "    /// What ends a call that runs, from an interrupt or another thread; it then gives `Interrupted`.\n    #[must_use]"
                )?;
                writeln!(
                    out,
                    "    pub fn interrupter(&self) -> ::saggar_runtime::Interrupter {{\n{domain}        // SAFETY: the symbol is the domain record."
                )?;
                writeln!(out, "        unsafe {{ ::saggar_runtime::Interrupter::new(&raw mut {symbol}) }}\n    }}\n")
            }
        }
    }

    fn write_trait(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "/// What the module asks its host for. `provide!(Host, bindings)` gives it the functions of the type")?;
        writeln!(out, "/// `Host`, where `bindings` is the path of this module.")?;
        writeln!(out, "pub trait Imports {{")?;
        for host in &self.hosts {
            let (module, name) = (printable(&host.import.module), printable(&host.import.name));
            writeln!(out, "    /// \"{module}\" \"{name}\": {}", signature(host.ty))?;
            let params = parameters(host.ty, "");
            writeln!(out, "    fn {}(guest: &mut {}{params}){};", host.name, self.module, returned(host.ty, ""))?;
        }
        out.push_str("}\n\n");
        Ok(())
    }

    fn write_macro(&self, out: &mut String) -> std::fmt::Result {
        let path = "$($bindings::)+";
        writeln!(out, "#[allow(unused_macros, reason = \"a host may define the symbols in another way\")]")?;
        writeln!(out, "macro_rules! provide {{\n    ($host:ty, $($bindings:ident)::+) => {{\n        const _: () = {{")?;
        for (index, host) in self.hosts.iter().enumerate() {
            let many = host.ty.returns_through_slots();
            let param = |(index, ty): (usize, &ValueType)| match ty {
                ValueType::V128 => format!("a{index}: &{}", spelled(*ty, path)),
                _ => format!("a{index}: {}", spelled(*ty, path)),
            };
            let mut params: Vec<String> = host.ty.params.iter().enumerate().map(param).collect();
            if many {
                params.push("results: *mut u64".to_owned());
            }
            let result = if many { String::new() } else { returned(host.ty, path) };
            writeln!(out, "            #[unsafe(export_name = \"{}\")]", host.import.symbol)?;
            writeln!(out, "            extern \"C\" fn host_{index}({}){result} {{", params.join(", "))?;
            writeln!(out, "                // SAFETY: the compiled module alone calls this symbol, and the value ends here.")?;
            writeln!(out, "                let mut guest = unsafe {{ {path}{}::inside() }};", self.module)?;
            let argument = |(index, ty): (usize, &ValueType)| {
                let copied = if *ty == ValueType::V128 { "*" } else { "" };
                format!(", {copied}a{index}")
            };
            let arguments: String = host.ty.params.iter().enumerate().map(argument).collect();
            let call = format!("<$host as {path}Imports>::{}(&mut guest{arguments})", host.name);
            if many {
                write_many_results(out, host.ty, &call)?;
            } else {
                writeln!(out, "                {call}")?;
            }
            writeln!(out, "            }}")?;
        }
        writeln!(out, "        }};\n    }};\n}}")?;
        writeln!(out, "#[allow(unused_imports, reason = \"as above\")]\npub(crate) use provide;")
    }
}

fn write_many_results(out: &mut String, ty: &FunctionType, call: &str) -> std::fmt::Result {
    let names: Vec<String> = (0..ty.results.len()).map(|index| format!("r{index}")).collect();
    let bound = if let [one] = names.as_slice() { one.clone() } else { format!("({})", names.join(", ")) };
    writeln!(out, "                let {bound} = {call};")?;
    for (name, (slot, ty)) in names.iter().zip(with_slots(&ty.results)) {
        for (part, value) in to_slots(name, ty).into_iter().enumerate() {
            writeln!(out, "                // SAFETY: the module passes an array with slots for all results.")?;
            writeln!(out, "                unsafe {{ results.add({}).write({value}) }};", slot + part)?;
        }
    }
    Ok(())
}

fn write_instantiate(out: &mut String, symbol: &str) -> std::fmt::Result {
    writeln!(out, "    /// Brings the module into its initial state and runs its start function. Needed before the first call;")?;
    writeln!(out, "    /// can be repeated, which is how a module goes on after a trap.\n    ///\n    /// # Errors")?;
    writeln!(
        out,
        "    /// When the start function or a segment traps, when limits of imports do not fit, or when the domain is busy."
    )?;
    writeln!(out, "    pub fn instantiate(&mut self) -> ::core::result::Result<(), ::saggar_runtime::Trap> {{")?;
    writeln!(out, "        unsafe extern \"C\" {{\n            fn {symbol}() -> ::saggar_runtime::Completion;\n        }}")?;
    writeln!(out, "        // SAFETY: the symbol has this type in every compiled module.")?;
    writeln!(out, "        unsafe {{ {symbol}() }}.result()\n    }}\n")
}

fn write_call(out: &mut String, export: &Export, ty: &FunctionType, name: &str) -> std::fmt::Result {
    let symbol = &export.symbol;
    let (params, results) = (parameters(ty, ""), results_type(ty, ""));
    writeln!(out, "    /// {}: {}\n    ///\n    /// # Errors", export_line(export, "Export"), signature(ty))?;
    writeln!(out, "    /// When the module traps, is not instantiated, or is busy.")?;
    writeln!(out, "    #[allow(non_snake_case, reason = \"the module's own spelling\")]")?;
    writeln!(out, "    pub fn {name}(&mut self{params}) -> ::core::result::Result<{results}, ::saggar_runtime::Trap> {{")?;
    writeln!(
        out,
        "        unsafe extern \"C\" {{\n            fn {symbol}(slots: *mut u64) -> ::saggar_runtime::Completion;\n        }}"
    )?;
    let arguments = ty.params.iter().enumerate();
    let mut values: Vec<String> = arguments.flat_map(|(index, ty)| to_slots(&format!("a{index}"), *ty)).collect();
    values.resize(ty.slots(), "0".to_owned());
    writeln!(out, "        let mut slots: [u64; {}] = [{}];", values.len(), values.join(", "))?;
    writeln!(out, "        // SAFETY: the symbol carries this very type, and there is a slot for each argument and result.")?;
    writeln!(out, "        unsafe {{ {symbol}(slots.as_mut_ptr()) }}.result()?;")?;
    let taken: Vec<String> = with_slots(&ty.results).map(|(slot, ty)| from_slots(slot, ty)).collect();
    let taken = if let [one] = taken.as_slice() { one.clone() } else { format!("({})", taken.join(", ")) };
    writeln!(out, "        ::core::result::Result::Ok({taken})\n    }}\n")
}

fn write_memory(out: &mut String, export: &Export, name: &str) -> std::fmt::Result {
    let symbol = &export.symbol;
    writeln!(
        out,
        "    /// {}: checked slices of it, which end with the next call of the module.",
        export_line(export, "Memory")
    )?;
    writeln!(out, "    #[allow(non_snake_case, reason = \"the module's own spelling\")]")?;
    writeln!(out, "    pub fn {name}(&mut self) -> ::saggar_runtime::Memory<'_> {{")?;
    write_cell(out, symbol)?;
    writeln!(out, "        // SAFETY: the symbol is the cell of a memory, and the module is borrowed while the view lives.")?;
    writeln!(out, "        unsafe {{ ::saggar_runtime::Memory::new(&raw const {symbol}) }}\n    }}\n")
}

fn write_cell(out: &mut String, symbol: &str) -> std::fmt::Result {
    writeln!(out, "        unsafe extern \"C\" {{\n            static {symbol}: ::saggar_runtime::Cell;\n        }}")
}

fn write_global(out: &mut String, export: &Export, ty: GlobalType, namer: &mut Namer) -> std::fmt::Result {
    let symbol = &export.symbol;
    if ty.value == ValueType::FuncRef {
        return writeln!(out, "    // {}: {symbol}\n", export_line(export, "Global (funcref)"));
    }
    let name = namer.claim_with(&identifier(&export.name), &["_set"]);
    let (stored, shown) = (stored(ty.value), spelled(ty.value, ""));
    let view = format!("unsafe {{ ::saggar_runtime::Global::<{stored}>::new(&raw const {symbol}) }}");
    writeln!(
        out,
        "    /// {}\n    #[allow(non_snake_case, reason = \"the module's own spelling\")]",
        export_line(export, "Global")
    )?;
    writeln!(out, "    #[must_use]\n    pub fn {name}(&self) -> {shown} {{")?;
    write_cell(out, symbol)?;
    writeln!(out, "        // SAFETY: the symbol is the cell of a global of this type, and no guest code runs meanwhile.")?;
    let value = format!("{view}.get()");
    let value = if ty.value == ValueType::ExternRef { format!("ExternRef({value})") } else { value };
    writeln!(out, "        {value}\n    }}\n")?;
    if ty.mutable {
        let value = if ty.value == ValueType::ExternRef { "value.0" } else { "value" };
        writeln!(out, "    /// Gives it another value: {}", export_line(export, "global"))?;
        writeln!(out, "    #[allow(non_snake_case, reason = \"the module's own spelling\")]")?;
        writeln!(out, "    pub fn {name}_set(&mut self, value: {shown}) {{")?;
        write_cell(out, symbol)?;
        writeln!(out, "        // SAFETY: as when it is read.\n        let mut global = {view};")?;
        writeln!(
            out,
            "        // SAFETY: its type says that it is mutable.\n        unsafe {{ global.set({value}) }};\n    }}\n"
        )?;
    }
    Ok(())
}

/// `, a0: i32, a1: f64`: the parameters after the first.
fn parameters(ty: &FunctionType, path: &str) -> String {
    ty.params.iter().enumerate().map(|(index, ty)| format!(", a{index}: {}", spelled(*ty, path))).collect()
}

fn results_type(ty: &FunctionType, path: &str) -> String {
    match ty.results.as_slice() {
        [one] => spelled(*one, path),
        many => format!("({})", many.iter().map(|ty| spelled(*ty, path)).collect::<Vec<_>>().join(", ")),
    }
}

/// ` -> i32`, or nothing.
fn returned(ty: &FunctionType, path: &str) -> String {
    if ty.results.is_empty() { String::new() } else { format!(" -> {}", results_type(ty, path)) }
}

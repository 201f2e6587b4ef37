//! `skill.h`: C99 (and C++) wrappers for hosts, on top of the runtime library's `saggar.h`.
//!
//! A wrapper packs its arguments into the slot array of the entry and takes the results out again; it is
//! `static inline`, so a header costs nothing for what is not called.

use super::names::{Namer, identifier, is_c_reserved, printable, upper};
use super::{HostFunction, export_line, host_functions, linked_imports, signature, with_slots};
use crate::interface::{Export, ExternType, FunctionType, GlobalType, Interface, ValueType};
use crate::options::Meter;
use std::fmt::Write as _;

/// The text of `skill.h`.
#[must_use]
pub fn c(interface: &Interface) -> String {
    let mut out = String::new();
    // A `String` takes everything that is written to it.
    let _ = write_header(&mut out, interface);
    out
}

/// What every name begins with: the module's name, kept apart from names of the runtime library.
fn prefix(module: &str) -> String {
    let name = identifier(module);
    let first = name.split('_').next().unwrap_or_default().to_ascii_lowercase();
    if first == "sg" || first == "saggar" { format!("m_{name}") } else { name }
}

fn write_header(out: &mut String, interface: &Interface) -> std::fmt::Result {
    let prefix = prefix(&interface.module);
    let guard = format!("SAGGAR_BINDING_{}_H", upper(&prefix));
    writeln!(out, "/* Bindings of the module \"{}\", made by Saggar; changes will be lost.", printable(&interface.module))?;
    writeln!(out, " *\n * An activation may use {} bytes of stack, counted from the host's call;", interface.stack_bytes)?;
    writeln!(out, " * {} of these are left for host functions that the module calls. */", interface.headroom_bytes)?;
    writeln!(out, "#ifndef {guard}\n#define {guard}\n\n#include <stddef.h>\n#include <stdint.h>\n#include \"saggar.h\"\n")?;
    writeln!(out, "#ifdef __cplusplus\nextern \"C\" {{\n#endif\n")?;
    for line in linked_imports(interface) {
        writeln!(out, "/* The linker provides {line}. */")?;
    }
    write_hosts(out, &host_functions(interface), &upper(&prefix))?;
    write_instantiate(out, interface, &prefix)?;
    write_meter(out, interface, &prefix)?;
    write_exports(out, interface, &prefix)?;
    writeln!(out, "#ifdef __cplusplus\n}}\n#endif\n#endif /* {guard} */")
}

fn write_hosts(out: &mut String, hosts: &[HostFunction], prefix: &str) -> std::fmt::Result {
    if hosts.is_empty() {
        return Ok(());
    }
    writeln!(out, "/* What the module asks its host for: define a function under each of these names. An i32 arrives and")?;
    writeln!(out, " * leaves as int32_t. A function may call the module's exports again. */\n")?;
    for host in hosts {
        let (module, name) = (printable(&host.import.module), printable(&host.import.name));
        let pretty = format!("{prefix}_IMPORT_{}", host.name);
        let mut params = parameters(host.ty);
        let through_slots = host.ty.returns_through_slots();
        if through_slots {
            params.push("uint64_t *results".to_owned());
        }
        let params = if params.is_empty() { "void".to_owned() } else { params.join(", ") };
        let result = match host.ty.results.as_slice() {
            [one] if !through_slots => spelled(*one),
            _ => "void",
        };
        writeln!(out, "/** \"{module}\" \"{name}\": {} */", signature(host.ty))?;
        writeln!(out, "#define {pretty} {}\n{result} {pretty}({params});\n", host.import.symbol)?;
    }
    Ok(())
}

fn write_instantiate(out: &mut String, interface: &Interface, prefix: &str) -> std::fmt::Result {
    let symbol = &interface.instantiate_symbol;
    writeln!(out, "/** Brings the module into its initial state and runs its start function. Needed before the first call; can")?;
    writeln!(out, " * be repeated, which is how a module goes on after a trap. */")?;
    writeln!(out, "saggar_completion {symbol}(void);")?;
    writeln!(out, "static inline saggar_completion {prefix}_instantiate(void) {{\n    return {symbol}();\n}}\n")
}

fn write_meter(out: &mut String, interface: &Interface, prefix: &str) -> std::fmt::Result {
    let symbol = &interface.domain_symbol;
    match interface.meter {
        Meter::Off => Ok(()),
        Meter::Fuel => {
            writeln!(
                out,
                "/** What a call may use, in units of one operator: set it before each. Not while the module runs. */"
            )?;
            writeln!(out, "extern saggar_domain {symbol};")?;
            writeln!(out, "static inline void {prefix}_set_fuel(uint64_t amount) {{")?;
            writeln!(out, "    saggar_set_fuel(&{symbol}, amount);\n}}")?;
            writeln!(out, "/** What is left; after a trap, nothing. */")?;
            writeln!(out, "static inline uint64_t {prefix}_fuel_left(void) {{\n    return {symbol}.fuel.amount;\n}}\n")
        }
        Meter::Flag => {
            writeln!(
                out,
                "/** Ends the call that runs, from an interrupt or another thread; it gives SAGGAR_TRAP_INTERRUPTED. The"
            )?;
            writeln!(out, " * beginning of a call forgets what was set before. */\nextern saggar_domain {symbol};")?;
            writeln!(out, "static inline void {prefix}_interrupt(void) {{\n    saggar_interrupt(&{symbol});\n}}\n")
        }
    }
}

fn write_exports(out: &mut String, interface: &Interface, prefix: &str) -> std::fmt::Result {
    let mut namer = Namer::new(is_c_reserved);
    for fixed in ["instantiate", "set_fuel", "fuel_left", "interrupt"] {
        namer.claim(&format!("{prefix}_{fixed}"));
    }
    for export in &interface.exports {
        let wanted = format!("{prefix}_{}", identifier(&export.name));
        match &export.ty {
            ExternType::Function(ty) => write_call(out, export, ty, &namer.claim(&wanted))?,
            ExternType::Memory(_) => write_memory(out, export, &namer.claim_with(&wanted, &["_size", "_slice"]))?,
            ExternType::Global(ty) => write_global(out, export, *ty, &namer.claim_with(&wanted, &["_get", "_set"]))?,
            // Elements are addresses of functions or words of the host's; a host has little use for them.
            ExternType::Table(_) => writeln!(out, "/* {}: {} */\n", export_line(export, "Table"), export.symbol)?,
        }
    }
    Ok(())
}

fn write_call(out: &mut String, export: &Export, ty: &FunctionType, name: &str) -> std::fmt::Result {
    let symbol = &export.symbol;
    let mut params = parameters(ty);
    params.extend(ty.results.iter().enumerate().map(|(index, ty)| format!("{} *r{index}", spelled(*ty))));
    let params = if params.is_empty() { "void".to_owned() } else { params.join(", ") };
    writeln!(
        out,
        "/** {}: {}. Results are written when the code is SAGGAR_TRAP_OK. */",
        export_line(export, "Export"),
        signature(ty)
    )?;
    writeln!(out, "saggar_completion {symbol}(uint64_t *slots);")?;
    writeln!(out, "static inline saggar_completion {name}({params}) {{")?;
    // C has no empty array; a slot too many does no harm.
    writeln!(out, "    uint64_t slots[{}];\n    saggar_completion end;", ty.slots().max(1))?;
    for (index, (slot, ty)) in with_slots(&ty.params).enumerate() {
        writeln!(out, "    {};", to_slots(slot, &format!("a{index}"), ty))?;
    }
    writeln!(out, "    end = {symbol}(slots);")?;
    if !ty.results.is_empty() {
        writeln!(out, "    if (end.code == SAGGAR_TRAP_OK) {{")?;
        for (index, (slot, ty)) in with_slots(&ty.results).enumerate() {
            writeln!(out, "        {};", from_slots(&format!("r{index}"), slot, ty))?;
        }
        writeln!(out, "    }}")?;
    }
    writeln!(out, "    return end;\n}}\n")
}

fn write_memory(out: &mut String, export: &Export, name: &str) -> std::fmt::Result {
    let symbol = &export.symbol;
    writeln!(out, "/** {}. */\nextern const saggar_cell {symbol};", export_line(export, "Memory"))?;
    writeln!(out, "/** Its size in bytes; zero before the first instantiation. */")?;
    writeln!(out, "static inline size_t {name}_size(void) {{\n    return saggar_memory_of(&{symbol})->size_bytes;\n}}")?;
    writeln!(out, "/** `length` bytes from `offset`, or NULL when they are not all inside. Ends with the next call. */")?;
    writeln!(out, "static inline uint8_t *{name}_slice(uint64_t offset, uint64_t length) {{")?;
    writeln!(out, "    return (uint8_t *)saggar_slice(&{symbol}, offset, length);\n}}\n")
}

fn write_global(out: &mut String, export: &Export, ty: GlobalType, name: &str) -> std::fmt::Result {
    let (symbol, c_type) = (&export.symbol, spelled(ty.value));
    writeln!(out, "/** {}. */\nextern const saggar_cell {symbol};", export_line(export, "Global"))?;
    writeln!(out, "static inline {c_type} {name}_get(void) {{")?;
    writeln!(out, "    return *(const {c_type} *)saggar_resolve(&{symbol});\n}}")?;
    if ty.mutable {
        writeln!(out, "static inline void {name}_set({c_type} value) {{")?;
        writeln!(out, "    *({c_type} *)saggar_resolve(&{symbol}) = value;\n}}")?;
    }
    out.push('\n');
    Ok(())
}

/// The parameters of a C function; a vector is passed by its address.
fn parameters(ty: &FunctionType) -> Vec<String> {
    let one = |(index, ty): (usize, &ValueType)| match ty {
        ValueType::V128 => format!("const saggar_v128 *a{index}"),
        _ => format!("{} a{index}", spelled(*ty)),
    };
    ty.params.iter().enumerate().map(one).collect()
}

/// A value type as hosts see it; references are words.
fn spelled(ty: ValueType) -> &'static str {
    match ty {
        ValueType::I32 => "int32_t",
        ValueType::I64 => "int64_t",
        ValueType::F32 => "float",
        ValueType::F64 => "double",
        ValueType::V128 => "saggar_v128",
        ValueType::FuncRef | ValueType::ExternRef => "uintptr_t",
    }
}

/// Puts a value into its slots.
fn to_slots(slot: usize, value: &str, ty: ValueType) -> String {
    let value = match ty {
        ValueType::I32 => format!("saggar_from_i32({value})"),
        ValueType::I64 | ValueType::FuncRef | ValueType::ExternRef => format!("(uint64_t){value}"),
        ValueType::F32 => format!("saggar_from_f32({value})"),
        ValueType::F64 => format!("saggar_from_f64({value})"),
        ValueType::V128 => return format!("saggar_from_v128(&slots[{slot}], {value})"),
    };
    format!("slots[{slot}] = {value}")
}

/// Takes a value out of its slots.
fn from_slots(target: &str, slot: usize, ty: ValueType) -> String {
    let value = match ty {
        ValueType::I32 => format!("saggar_to_i32(slots[{slot}])"),
        ValueType::I64 => format!("(int64_t)slots[{slot}]"),
        ValueType::F32 => format!("saggar_to_f32(slots[{slot}])"),
        ValueType::F64 => format!("saggar_to_f64(slots[{slot}])"),
        ValueType::FuncRef | ValueType::ExternRef => format!("(uintptr_t)slots[{slot}]"),
        ValueType::V128 => return format!("saggar_to_v128(&slots[{slot}], {target})"),
    };
    format!("*{target} = {value}")
}

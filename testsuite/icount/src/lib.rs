//! A plugin for QEMU's user mode that counts executed instructions, exactly, between marks in the program.
//!
//! A mark is an instruction that does nothing on any processor ([`mark::tag`]). When one is executed, the plugin
//! writes a line `TAG COUNT` to its log, where COUNT is the number of instructions executed so far, marks not
//! included. The count of a region is the difference of two such lines; it repeats to the digit.
//!
//! Arguments: `log=FILE`, which is truncated (default: standard error).
//!
//! The plugin expects one thread in the program: the counter is a plain word that translated code adds to.

mod mark;
mod qemu;

use mark::Arch;
use qemu::{Block, Instruction, PluginId};
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::fs::File;
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The version of QEMU's plugin interface that this plugin speaks; QEMU reads it before anything else.
#[unsafe(no_mangle)]
pub static qemu_plugin_version: c_int = 1;

/// Instructions executed so far. Translated code adds to it without synchronisation.
static EXECUTED: AtomicU64 = AtomicU64::new(0);

/// What stays the same after installation.
struct Setup {
    arch: Arch,
    log: Option<File>,
}

static SETUP: OnceLock<Setup> = OnceLock::new();

/// Writes what a mark says. `data` is the mark's tag, disguised as a pointer.
extern "C" fn on_mark(_vcpu: c_uint, data: *mut c_void) {
    let line = format!("{} {}\n", data.addr(), EXECUTED.load(Ordering::Relaxed));
    // Nobody can be told of a failure here; the reader misses the line and says so.
    let _ = match SETUP.get().and_then(|setup| setup.log.as_ref()) {
        Some(mut file) => file.write_all(line.as_bytes()),
        None => std::io::stderr().write_all(line.as_bytes()),
    };
}

/// Called for each block that QEMU translates: counts its instructions and finds its marks.
extern "C" fn on_block(_id: PluginId, block: *mut Block) {
    let Some(setup) = SETUP.get() else { return };
    for index in 0..qemu::instruction_count(block) {
        let instruction: *mut Instruction = qemu::instruction(block, index);
        match mark::tag(setup.arch, qemu::bytes(instruction)) {
            Some(tag) => qemu::call_when_executed(instruction, on_mark, tag),
            None => qemu::add_one_when_executed(instruction, &EXECUTED),
        }
    }
}

/// QEMU's entry point. Returns 0, or 1 when the arguments or the target are not understood.
///
/// # Safety
/// Called by QEMU alone, with a valid record and `argc` valid strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qemu_plugin_install(
    id: PluginId,
    info: *const qemu::Info,
    argc: c_int,
    argv: *const *const c_char,
) -> c_int {
    // SAFETY: QEMU passes a valid record that outlives the call.
    let target = qemu::text(unsafe { (*info).target_name });
    let Some(arch) = Arch::of_target(target) else {
        eprintln!("icount: no marks are known for target {target:?}");
        return 1;
    };
    let mut log = None;
    for index in 0..usize::try_from(argc).unwrap_or(0) {
        // SAFETY: `index` is below the number of strings.
        let argument = unsafe { argv.add(index) };
        // SAFETY: QEMU passes `argc` pointers to strings.
        let argument = qemu::text(unsafe { *argument });
        match argument.strip_prefix("log=").map(File::create) {
            Some(Ok(file)) => log = Some(file),
            _ => {
                eprintln!("icount: cannot use the argument {argument:?}");
                return 1;
            }
        }
    }
    let _ = SETUP.set(Setup { arch, log });
    qemu::call_when_translated(id, on_block);
    0
}

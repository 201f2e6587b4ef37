//! QEMU's plugin interface, version 1 (`qemu-plugin.h` of QEMU 4.2 to 8.2), as far as it is used here: the only
//! room that calls foreign functions. Handles are valid during the callback that received them.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::sync::atomic::AtomicU64;

/// QEMU's handle of this plugin.
pub(crate) type PluginId = u64;

/// A block of instructions that is being translated.
#[repr(C)]
pub(crate) struct Block {
    opaque: [u8; 0],
}

/// An instruction of a block.
#[repr(C)]
pub(crate) struct Instruction {
    opaque: [u8; 0],
}

/// The start of the record that QEMU passes to [`crate::qemu_plugin_install`].
#[repr(C)]
pub struct Info {
    pub(crate) target_name: *const c_char,
}

/// `QEMU_PLUGIN_CB_NO_REGS`: the callback does not read registers.
const NO_REGISTERS: c_int = 0;
/// `QEMU_PLUGIN_INLINE_ADD_U64`.
const INLINE_ADD: c_int = 0;

unsafe extern "C" {
    fn qemu_plugin_register_vcpu_tb_trans_cb(id: PluginId, callback: extern "C" fn(PluginId, *mut Block));
    fn qemu_plugin_tb_n_insns(block: *const Block) -> usize;
    fn qemu_plugin_tb_get_insn(block: *const Block, index: usize) -> *mut Instruction;
    fn qemu_plugin_insn_data(instruction: *const Instruction) -> *const u8;
    fn qemu_plugin_insn_size(instruction: *const Instruction) -> usize;
    fn qemu_plugin_register_vcpu_insn_exec_inline(instruction: *mut Instruction, op: c_int, counter: *mut c_void, addend: u64);
    fn qemu_plugin_register_vcpu_insn_exec_cb(
        instruction: *mut Instruction,
        callback: extern "C" fn(c_uint, *mut c_void),
        flags: c_int,
        data: *mut c_void,
    );
}

/// A string of QEMU's; empty when it is null or not UTF-8.
pub(crate) fn text<'a>(pointer: *const c_char) -> &'a str {
    if pointer.is_null() {
        return "";
    }
    // SAFETY: QEMU's strings end with a zero and live as long as the process.
    unsafe { CStr::from_ptr(pointer) }.to_str().unwrap_or("")
}

/// Asks to be called for every block that is translated.
pub(crate) fn call_when_translated(id: PluginId, callback: extern "C" fn(PluginId, *mut Block)) {
    // SAFETY: `id` is the one that QEMU gave, the callback lives as long as the plugin.
    unsafe { qemu_plugin_register_vcpu_tb_trans_cb(id, callback) }
}

/// The number of instructions of a block.
pub(crate) fn instruction_count(block: *mut Block) -> usize {
    // SAFETY: the handle came with the callback.
    unsafe { qemu_plugin_tb_n_insns(block) }
}

/// An instruction of a block; `index` is below [`instruction_count`].
pub(crate) fn instruction(block: *mut Block, index: usize) -> *mut Instruction {
    // SAFETY: the handle came with the callback and the index is in range.
    unsafe { qemu_plugin_tb_get_insn(block, index) }
}

/// The encoding of an instruction.
pub(crate) fn bytes<'a>(instruction: *mut Instruction) -> &'a [u8] {
    // SAFETY: the handle came with the callback.
    let data = unsafe { qemu_plugin_insn_data(instruction) };
    // SAFETY: as above.
    let length = unsafe { qemu_plugin_insn_size(instruction) };
    // SAFETY: QEMU keeps that many bytes at that address during the callback.
    unsafe { std::slice::from_raw_parts(data, length) }
}

/// Has translated code add one to `counter` whenever the instruction is executed.
pub(crate) fn add_one_when_executed(instruction: *mut Instruction, counter: &'static AtomicU64) {
    // SAFETY: the counter lives as long as the process and may be written through a shared reference.
    unsafe { qemu_plugin_register_vcpu_insn_exec_inline(instruction, INLINE_ADD, counter.as_ptr().cast(), 1) }
}

/// Has `callback` called with `tag`, as a pointer, before the instruction is executed.
pub(crate) fn call_when_executed(instruction: *mut Instruction, callback: extern "C" fn(c_uint, *mut c_void), tag: u32) {
    let data = std::ptr::without_provenance_mut(tag as usize);
    // SAFETY: the callback lives as long as the plugin and takes the data for a number.
    unsafe { qemu_plugin_register_vcpu_insn_exec_cb(instruction, callback, NO_REGISTERS, data) }
}

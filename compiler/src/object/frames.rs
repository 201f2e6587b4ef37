//! `.debug_frame`: how to unwind through guest code. Not loaded; debuggers and profilers read it from the file.
//!
//! A function without a frame has its return address in a register, and on aarch64 and riscv64 the call of a trap stub would overwrite
//! it: behind such a call it is somewhere else, or lost. Whoever unwinds looks for a caller's rules one byte before the return
//! address, and for those of the innermost function at the instruction itself; so what holds behind a call begins one byte into it.

use super::symbols::PlacedStub;
use super::{Placed, Writer};
use crate::backend::{ReturnAddress, TrapCall};
use crate::compile::Piece;
use crate::debug::sections::{self, CodeSections, Relocated};
use crate::error::Error;
use crate::target::Arch;
use gimli::write::{
    Address, CallFrameInstruction, CommonInformationEntry, DebugFrame, FrameDescriptionEntry, FrameTable, RelocateWriter as _,
};
use gimli::{Encoding, Format, Register};

/// DWARF's numbers of registers, from the psABI documents.
struct Registers {
    stack_pointer: Register,
    return_address: Register,
}

fn registers(arch: Arch) -> Registers {
    let (stack_pointer, return_address) = match arch {
        Arch::X86_64 => (7, 16),
        Arch::Aarch64 => (31, 30),
        Arch::Riscv64 => (2, 1),
    };
    Registers { stack_pointer: Register(stack_pointer), return_address: Register(return_address) }
}

/// Describes the frame of every function and stub.
pub(crate) fn write(
    writer: &mut Writer<'_, '_>,
    header: Option<CommonInformationEntry>,
    pieces: &[Piece],
    placed: &[Placed],
) -> Result<(), Error> {
    let Some(header) = header else { return Ok(()) };
    let failed = |error: &dyn std::fmt::Display| Error::internal(format!("frame descriptions: {error}"));
    let arch = writer.env.target.arch();
    let mut table = FrameTable::default();
    let header = table.add_cie(header);
    let by_the_byte = table.add_cie(exact_header(arch));
    let mut code = CodeSections::default();
    let mut lengths = Vec::with_capacity(pieces.len());
    for (piece, place) in pieces.iter().zip(placed) {
        let bytes = u32::try_from(piece.code.bytes.len()).unwrap_or(u32::MAX);
        let address = code.address(place.section, place.offset);
        lengths.push(bytes);
        match &piece.code.unwind {
            _ if !piece.code.trap_calls.is_empty() => {
                table.add_fde(by_the_byte, without_frame(arch, address, bytes, &piece.code.trap_calls));
            }
            Some(info) => table.add_fde(header, info.to_fde(address)),
            // Written by hand, without a frame: what holds on entry holds throughout.
            None => table.add_fde(header, FrameDescriptionEntry::new(address, bytes)),
        }
    }
    for stub in writer.stubs() {
        let address = code.address(stub.placed.section, stub.placed.offset);
        lengths.push(stub.bytes());
        table.add_fde(by_the_byte, of_stub(arch, address, stub));
    }
    let mut section = DebugFrame(Relocated::new());
    table.write_debug_frame(&mut section).map_err(|error| failed(&error))?;
    let mut section = section.0;
    let starts: Vec<usize> = section.code_addresses().collect();
    for (start, length) in starts.into_iter().zip(lengths) {
        // The code generator does not know of calls that were appended to a function; its frame is theirs.
        const ADDRESS_BYTES: usize = 8;
        let length = u64::from(length).to_le_bytes();
        gimli::write::Writer::write_at(section.writer_mut(), start + ADDRESS_BYTES, &length).map_err(|error| failed(&error))?;
    }
    sections::add(writer, &code, vec![(gimli::SectionId::DebugFrame, section)])
}

/// What holds on entry, with rules that may change at any byte.
fn exact_header(arch: Arch) -> CommonInformationEntry {
    const DATA_ALIGNMENT: i8 = -8;
    let Registers { stack_pointer, return_address } = registers(arch);
    let encoding = Encoding { address_size: 8, format: Format::Dwarf32, version: 1 };
    let mut header = CommonInformationEntry::new(encoding, 1, DATA_ALIGNMENT, return_address);
    if arch == Arch::X86_64 {
        header.add_instruction(CallFrameInstruction::Cfa(stack_pointer, 8));
        header.add_instruction(CallFrameInstruction::Offset(return_address, -8));
    } else {
        header.add_instruction(CallFrameInstruction::Cfa(stack_pointer, 0));
    }
    header
}

/// A function that has no frame, and calls trap stubs. Every such call has four bytes, or ends with an instruction of four.
fn without_frame(arch: Arch, address: Address, bytes: u32, calls: &[TrapCall]) -> FrameDescriptionEntry {
    let register = registers(arch).return_address;
    let mut entry = FrameDescriptionEntry::new(address, bytes);
    for call in calls {
        let behind = match call.return_address {
            ReturnAddress::In(other) => CallFrameInstruction::Register(register, Register(other)),
            ReturnAddress::Lost => CallFrameInstruction::Undefined(register),
        };
        entry.add_instruction(call.end - 3, behind);
        entry.add_instruction(call.end, CallFrameInstruction::SameValue(register));
    }
    entry
}

/// A trap stub stands as if it had been called from the place of the trap.
fn of_stub(arch: Arch, address: Address, stub: &PlacedStub) -> FrameDescriptionEntry {
    let mut entry = FrameDescriptionEntry::new(address, stub.bytes());
    match arch {
        // The return address is popped and pushed again; in between it is below the stack pointer, and still there.
        Arch::X86_64 => {
            entry.add_instruction(1, CallFrameInstruction::CfaOffset(0));
            entry.add_instruction(2, CallFrameInstruction::CfaOffset(8));
        }
        Arch::Aarch64 => {}
        // Entered through t0: the place is there until it is moved to ra, whose content goes to t3 before.
        Arch::Riscv64 => {
            const T0: Register = Register(5);
            const T3: Register = Register(28);
            let ra = registers(arch).return_address;
            entry.add_instruction(0, CallFrameInstruction::Register(T3, ra));
            entry.add_instruction(0, CallFrameInstruction::Register(ra, T0));
            entry.add_instruction(2, CallFrameInstruction::SameValue(T3));
            entry.add_instruction(4, CallFrameInstruction::SameValue(ra));
        }
    }
    entry
}

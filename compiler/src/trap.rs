//! How a trap leaves the guest. The one place that decides it.
//!
//! Translation writes checks as `trapz` and `trapnz`, which Cranelift merges where they repeat. What becomes of
//! them depends on the target:
//!
//! - aarch64: Cranelift emits each trap out of line as one 4-byte instruction. `bl` has 4 bytes too, so after code
//!   generation [`patch_aarch64`] turns each into a call of the module's stub for its code. This covers the traps that
//!   Cranelift adds by itself (division), costs no registers, and keeps the exact place: the return address.
//! - x86_64 and riscv64: the trap instruction is too short for a call, so [`calls_for_traps`] rewrites the checks
//!   after optimisation, each into a branch to a cold block of its own that calls the stub. There, translation must
//!   guard division itself, so that no trap that Cranelift adds is ever reached.
//!
//! A leaf function of riscv64 would get a frame from such a call, seven instructions that it does not need. So a leaf that is
//! small enough keeps Cranelift's traps, and [`patch_riscv64`] turns each, 2 bytes, into a compressed jump to a call behind the
//! function; the address of that call is the place. The call goes through t0, so that the function's own return address survives and
//! debuggers find the callers; the stub has an entry for it.
//!
//! A stub loads the domain and the code and jumps to the runtime library, which unwinds to the host. [`stub`] gives
//! its bytes. Nothing here needs a signal, an exception vector or an unwinder.
//!
//! Invariant: a trap site that is not in the expected shape is an error of the compiler, never ignored.

use crate::backend::ReturnAddress;
use crate::error::Error;
use crate::symbol::{Runtime, Symbol};
use crate::target::Arch;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::CondCode as _;
use cranelift_codegen::ir::{
    self, ExtFuncData, ExternalName, Function, InstBuilder, InstructionData, Opcode, Signature, TrapCode,
};
use cranelift_codegen::isa::CallConv;
use saggar_abi::trap::Code;
use std::collections::BTreeMap;

/// Cranelift's trap code for ours.
pub(crate) fn trap_code(code: Code) -> TrapCode {
    TrapCode::unwrap_user(u8::try_from(code as u32).unwrap_or(u8::MAX))
}

/// Our code for Cranelift's; `None` for one that translation never uses.
pub(crate) fn code_of(trap: TrapCode) -> Option<Code> {
    match trap {
        TrapCode::INTEGER_DIVISION_BY_ZERO => Some(Code::IntegerDivisionByZero),
        TrapCode::INTEGER_OVERFLOW => Some(Code::IntegerOverflow),
        TrapCode::BAD_CONVERSION_TO_INTEGER => Some(Code::BadConversionToInteger),
        _ => Code::from_number(u32::from(trap.as_raw().get())),
    }
}

/// Whether division traps on its own in a way that [`patch_aarch64`] catches.
pub(crate) fn native_division_traps(arch: Arch) -> bool {
    arch == Arch::Aarch64
}

/// Rewrites every `trapz`, `trapnz` and `trap` into a call of a stub: behind everything else, where that is in reach, or else (`near`) directly
/// behind the check. The flow graph and dominator tree must be
/// computed anew afterwards.
///
/// # Errors
/// When a trap has a code that translation never uses.
pub(crate) fn calls_for_traps(func: &mut Function, near: bool) -> Result<(), Error> {
    let mut stubs: BTreeMap<u32, ir::FuncRef> = BTreeMap::new();
    let signature = func.import_signature(Signature::new(CallConv::SystemV));
    // From the last to the first: splitting a block costs as much as what follows the split.
    let mut sites: Vec<ir::Inst> = func
        .layout
        .blocks()
        .flat_map(|block| func.layout.block_insts(block))
        .filter(|inst| matches!(func.dfg.insts[*inst].opcode(), Opcode::Trapz | Opcode::Trapnz | Opcode::Trap))
        .collect();
    sites.reverse();
    for inst in sites {
        let (condition, trap) = match func.dfg.insts[inst] {
            InstructionData::CondTrap { arg, code, opcode } => (Some((arg, opcode)), code),
            InstructionData::Trap { code, .. } => (None, code),
            _ => continue,
        };
        let code = code_of(trap).ok_or_else(|| Error::internal(format!("unexpected trap code {trap}")))?;
        let stub = *stubs.entry(code as u32).or_insert_with(|| {
            let name = func.declare_imported_user_function(Symbol::Trap(code as u32).name());
            func.import_function(ExtFuncData { name: ExternalName::user(name), signature, colocated: true, patchable: false })
        });
        let location = func.srcloc(inst);
        if let Some((argument, opcode)) = condition {
            let cold = func.dfg.make_block();
            let resume = func.dfg.make_block();
            let (argument, opcode) = if near { trap_where_zero(func, inst, argument, opcode) } else { (argument, opcode) };
            let then = if opcode == Opcode::Trapnz { [cold, resume] } else { [resume, cold] };
            func.replace(inst).brif(argument, then[0], &[], then[1], &[]);
            func.set_srcloc(inst, location);
            let mut cursor = FuncCursor::new(func).after_inst(inst);
            cursor.insert_block(resume);
            let last = func.layout.last_block().unwrap_or(resume);
            func.layout.insert_block_after(cold, last);
            // The mark alone decides whether the call goes behind everything else.
            if !near {
                func.layout.set_cold(cold);
            }
            let mut cursor = FuncCursor::new(func).at_bottom(cold).with_srcloc(location);
            cursor.ins().call(stub, &[]);
            if near {
                // The stub does not return. A block that ends in a trap would be put at the end, marked or not.
                cursor.ins().jump(cold, &[]);
            } else {
                cursor.ins().trap(trap);
            }
        } else {
            let mut cursor = FuncCursor::new(func).at_inst(inst).with_srcloc(location);
            cursor.ins().call(stub, &[]);
        }
    }
    Ok(())
}

/// Whether the conditional branches of a function, which reach 4 KiB on riscv64, may not reach calls behind its end. Those that do not become
/// two instructions each, and Cranelift puts islands of jumps between them: in large functions a quarter of all that is executed.
pub(crate) fn riscv64_wants_near_calls(func: &Function) -> bool {
    const REACH_BYTES: usize = 4096;
    const BYTES_OF_AN_INSTRUCTION: usize = 4;
    const BYTES_OF_A_CALL: usize = 10;
    let (mut instructions, mut traps) = (0, 0);
    for inst in func.layout.blocks().flat_map(|block| func.layout.block_insts(block)) {
        instructions += 1;
        traps += usize::from(func.dfg.insts[inst].opcode() == Opcode::Trapnz || func.dfg.insts[inst].opcode() == Opcode::Trapz);
    }
    instructions * BYTES_OF_AN_INSTRUCTION + traps * BYTES_OF_A_CALL > REACH_BYTES
}

/// The same check with the trap where the condition is zero, if the condition is a comparison: then the trap comes second among the
/// successors, and is laid out directly behind the branch.
fn trap_where_zero(func: &mut Function, inst: ir::Inst, argument: ir::Value, opcode: Opcode) -> (ir::Value, Opcode) {
    let comparison = func.dfg.value_def(argument).inst().map(|inst| func.dfg.insts[inst]);
    match (opcode, comparison) {
        (Opcode::Trapnz, Some(InstructionData::IntCompare { cond, args, .. })) => {
            let mut cursor = FuncCursor::new(func).at_inst(inst);
            (cursor.ins().icmp(cond.complement(), args[0], args[1]), Opcode::Trapz)
        }
        _ => (argument, opcode),
    }
}

/// A call to a stub that replaces a trap instruction, or that it was made to jump to.
pub(crate) struct Patch {
    /// Offset of the trap instruction in the function.
    pub(crate) site: u32,
    /// Offset of the call.
    pub(crate) call: u32,
    /// Where what was appended for it starts and ends, if anything was.
    pub(crate) appended: Option<(u32, u32)>,
    /// The stub's code.
    pub(crate) code: Code,
    /// Where the return address is then, if the function has no frame that keeps it.
    pub(crate) return_address: Option<ReturnAddress>,
}

/// The trap instruction that Cranelift emits on aarch64: `udf #0xc11f`.
const AARCH64_TRAP: [u8; 4] = [0x1f, 0xc1, 0x00, 0x00];
/// `bl` with a zero displacement, which the linker fills in.
const AARCH64_BL: [u8; 4] = [0x00, 0x00, 0x00, 0x94];
/// `mov x11, x30`. What a linker may put between a call and its target changes x16 and x17; a stub and `sg_raise` leave x11 alone.
pub(crate) const AARCH64_KEEP_RETURN: [u8; 4] = [0xeb, 0x03, 0x1e, 0xaa];
/// Where that puts the return address.
pub(crate) const AARCH64_KEPT_RETURN: ReturnAddress = ReturnAddress::In(11);
/// What a branch reaches forwards, in bytes.
const AARCH64_BRANCH_REACH: u32 = 1 << 27;

/// Turns the trap instructions of a compiled function into `bl`, and says which stub each must reach.
///
/// In a function without a frame `bl` overwrites the only copy of the return address, so whoever unwinds knows the place of the trap
/// and nothing above it. For `unreachable`, with which guests end on purpose (a panic is one), that would be a pity and is rare enough
/// to be spared: there the trap becomes a branch to a call that is appended, behind an instruction that keeps the address.
///
/// # Errors
/// When a site does not hold the expected instruction, or has a code that translation never uses.
pub(crate) fn patch_aarch64(
    code: &mut Vec<u8>,
    traps: impl Iterator<Item = (u32, TrapCode)>,
    frameless: bool,
) -> Result<Vec<Patch>, Error> {
    traps
        .map(|(offset, trap)| {
            let end = u32::try_from(code.len()).unwrap_or(u32::MAX);
            let site = code.get_mut(offset as usize..offset as usize + 4).filter(|site| **site == AARCH64_TRAP);
            let Some(site) = site else {
                return Err(Error::internal(format!(
                    "the trap site at {offset:#x} ({trap}) does not hold the expected instruction"
                )));
            };
            let stub = code_of(trap).ok_or_else(|| Error::internal(format!("unexpected trap code {trap}")))?;
            if !frameless || stub != Code::Unreachable || end - offset >= AARCH64_BRANCH_REACH {
                site.copy_from_slice(&AARCH64_BL);
                let return_address = frameless.then_some(ReturnAddress::Lost);
                return Ok(Patch { site: offset, call: offset, appended: None, code: stub, return_address });
            }
            let branch = 0x1400_0000 | ((end - offset) / 4);
            site.copy_from_slice(&branch.to_le_bytes());
            code.extend_from_slice(&AARCH64_KEEP_RETURN);
            code.extend_from_slice(&AARCH64_BL);
            let (appended, return_address) = (Some((end, end + 8)), Some(AARCH64_KEPT_RETURN));
            Ok(Patch { site: offset, call: end + 4, appended, code: stub, return_address })
        })
        .collect()
}

/// The trap instruction that Cranelift emits on riscv64 where it has compressed instructions: `c.unimp`.
const RISCV_TRAP: [u8; 2] = [0, 0];
/// `auipc t0, 0; jalr t0, t0`, which the linker fills in. The other link register: `ra` may hold the only copy of the return address.
pub(crate) const RISCV_CALL: [u8; 8] = [0x97, 0x02, 0, 0, 0xe7, 0x82, 0x02, 0];
/// From a stub's symbol to its entry for such calls.
pub(crate) const RISCV_CALL_ADDEND: i64 = -4;
/// Where that entry puts the return address of a function without a frame: t3.
pub(crate) const RISCV_KEPT_RETURN: ReturnAddress = ReturnAddress::In(28);
/// What a compressed jump reaches forwards, in bytes.
const RISCV_JUMP_REACH: usize = 2046;

/// Whether a function calls anything, so that it has a frame anyway.
pub(crate) fn is_leaf(func: &Function) -> bool {
    let mut insts = func.layout.blocks().flat_map(|block| func.layout.block_insts(block));
    !insts.any(|inst| func.dfg.insts[inst].opcode().is_call())
}

/// Whether the jumps of [`patch_riscv64`] would reach, for a function of so many bytes with so many traps.
pub(crate) fn riscv64_patch_reaches(code_bytes: usize, traps: usize) -> bool {
    code_bytes + traps * RISCV_CALL.len() <= RISCV_JUMP_REACH
}

/// Turns the trap instructions of a compiled leaf function into jumps to calls that are appended to it.
///
/// # Errors
/// When a site does not hold the expected instruction, is out of reach, or has a code that translation never uses.
pub(crate) fn patch_riscv64(
    code: &mut Vec<u8>,
    traps: impl Iterator<Item = (u32, TrapCode)>,
    frameless: bool,
) -> Result<Vec<Patch>, Error> {
    traps
        .map(|(offset, trap)| {
            let call = u32::try_from(code.len()).unwrap_or(u32::MAX);
            let jump = compressed_jump(call - offset)
                .ok_or_else(|| Error::internal(format!("the trap site at {offset:#x} is too far from the end")))?;
            let site = code.get_mut(offset as usize..offset as usize + 2).filter(|site| **site == RISCV_TRAP);
            let Some(site) = site else {
                return Err(Error::internal(format!(
                    "the trap site at {offset:#x} ({trap}) does not hold the expected instruction"
                )));
            };
            site.copy_from_slice(&jump.to_le_bytes());
            code.extend_from_slice(&RISCV_CALL);
            let stub = code_of(trap).ok_or_else(|| Error::internal(format!("unexpected trap code {trap}")))?;
            let return_address = frameless.then_some(RISCV_KEPT_RETURN);
            Ok(Patch { site: offset, call, appended: Some((call, call + 8)), code: stub, return_address })
        })
        .collect()
}

/// `c.j` forwards by so many bytes; the RISC-V specification, "C" extension, format CJ.
fn compressed_jump(distance: u32) -> Option<u16> {
    let distance =
        u16::try_from(distance).ok().filter(|distance| usize::from(*distance) <= RISCV_JUMP_REACH && distance % 2 == 0)?;
    // Bit 12 of the instruction on: offset[11|4|9:8|10|6|7|3:1|5].
    let bit = |from: u16, to: u16| (distance >> from & 1) << to;
    let scattered = bit(11, 12)
        | bit(4, 11)
        | bit(9, 10)
        | bit(8, 9)
        | bit(10, 8)
        | bit(6, 7)
        | bit(7, 6)
        | bit(3, 5)
        | bit(2, 4)
        | bit(1, 3)
        | bit(5, 2);
    Some(0xa001 | scattered)
}

/// How a stub refers to a symbol; the object writer turns it into the target's relocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StubReloc {
    X86Pc32,
    X86Plt32,
    Aarch64Page,
    Aarch64Lo12,
    Aarch64Jump,
    Aarch64Call,
    RiscvHi20,
    /// Refers to the `auipc` at this offset of the stub.
    RiscvLo12(u32),
    RiscvCall,
}

/// Bytes of a stub and what they refer to.
pub(crate) struct Stub {
    pub(crate) bytes: Vec<u8>,
    pub(crate) relocs: Vec<(u32, StubReloc, Symbol)>,
    /// Where its symbol stands. On riscv64 an entry for calls through t0 comes before: it moves the return addresses to where the
    /// other calls have them.
    pub(crate) entry: u32,
}

/// The stub for a code: `raise(domain, code, return address)`, a jump that never returns.
pub(crate) fn stub(arch: Arch, code: Code) -> Stub {
    let number = code as u32;
    let raise = Symbol::Runtime(Runtime::Raise);
    match arch {
        Arch::X86_64 => {
            let mut bytes = vec![0x5a]; // pop rdx: the return address. The stack is 16-byte aligned after it, plus a push:
            bytes.push(0x52); // push rdx, so that raise sees the alignment of a call
            bytes.push(0xbe); // mov esi, code
            bytes.extend_from_slice(&number.to_le_bytes());
            bytes.extend_from_slice(&[0x48, 0x8d, 0x3d, 0, 0, 0, 0]); // lea rdi, [rip + domain]
            let domain = u32::try_from(bytes.len()).unwrap_or(0) - 4;
            bytes.extend_from_slice(&[0xe9, 0, 0, 0, 0]); // jmp raise
            let jump = u32::try_from(bytes.len()).unwrap_or(0) - 4;
            let relocs = vec![(domain, StubReloc::X86Pc32, Symbol::Domain), (jump, StubReloc::X86Plt32, raise)];
            Stub { bytes, relocs, entry: 0 }
        }
        Arch::Aarch64 => {
            let words = [
                0xaa1e_03e2_u32,           // mov x2, x30
                0x5280_0001 | number << 5, // mov w1, #code
                0x9000_0000,               // adrp x0, domain
                0x9100_0000,               // add x0, x0, :lo12:domain
                0x1400_0000,               // b raise
            ];
            let bytes = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            let relocs = vec![
                (8, StubReloc::Aarch64Page, Symbol::Domain),
                (12, StubReloc::Aarch64Lo12, Symbol::Domain),
                (16, StubReloc::Aarch64Jump, raise),
            ];
            Stub { bytes, relocs, entry: 0 }
        }
        Arch::Riscv64 => {
            let words = [
                0x8096_8e06_u32,            // c.mv t3, ra; c.mv ra, t0
                0x0000_8613,                // mv a2, ra
                0x0000_0593 | number << 20, // li a1, code
                0x0000_0517,                // auipc a0, %pcrel_hi(domain)
                0x0005_0513,                // addi a0, a0, %pcrel_lo
                0x0000_0317,                // auipc t1, raise
                0x0003_0067,                // jr t1
            ];
            let bytes = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            let relocs = vec![
                (12, StubReloc::RiscvHi20, Symbol::Domain),
                (16, StubReloc::RiscvLo12(12), Symbol::Domain),
                (20, StubReloc::RiscvCall, raise),
            ];
            Stub { bytes, relocs, entry: 4 }
        }
    }
}

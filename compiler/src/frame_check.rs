//! The check before a function whose frame is too large to be set up unchecked, and the plain jump of a re-export.
//!
//! Both are bytes, not Cranelift's: compiled code with many parameters would move them through a frame of its own before it could
//! check anything. This touches one or two registers that no convention passes anything in, and no stack at all. The Tail and
//! C conventions of Cranelift agree on these registers: r11; x16 and x17; t0 and t1.
//!
//! What is compared is the stack pointer less the frame. Where the stack lies low and the frame is large, that difference would wrap
//! and seem to be plenty, so a borrow is a trap too. Frames are smaller than [`LARGEST_FRAME`], which every encoding here can hold.

use crate::backend::{Compiled, RelocKind, RelocTarget, Relocation, ReturnAddress, SourceRange, TrapCall};
use crate::symbol::Symbol;
use crate::target::Arch;
use crate::trap::{AARCH64_KEEP_RETURN, AARCH64_KEPT_RETURN, RISCV_CALL, RISCV_CALL_ADDEND, RISCV_KEPT_RETURN, StubReloc};
use saggar_abi::layout;
use saggar_abi::trap::Code;

/// Frames from this size on are refused when compiling.
pub(crate) const LARGEST_FRAME: u32 = 1 << 30;

/// Code that traps unless `frame_bytes` of stack are left, and else continues in `body`. `wasm_offset` is its place.
pub(crate) fn check(arch: Arch, frame_bytes: u32, body: Symbol, wasm_offset: u32) -> Compiled {
    let limit = layout::domain::STACK_LIMIT.bytes(arch.pointer_bytes());
    let trap = Symbol::Trap(Code::StackOverflow as u32);
    let mut code = Writer::default();
    match arch {
        Arch::X86_64 => {
            code.bytes(&[0x49, 0x89, 0xe3]); // mov r11, rsp
            code.bytes(&[0x49, 0x81, 0xeb]); // sub r11, frame
            code.bytes(&frame_bytes.to_le_bytes());
            code.bytes(&[0x72, 0x0e]); // jb to the call: 14 bytes on
            code.bytes(&[0x4c, 0x3b, 0x1d]); // cmp r11, [rip + limit]
            code.refer(StubReloc::X86Pc32, Symbol::Domain, i64::from(limit) - 4, &[0; 4]);
            code.bytes(&[0x72, 0x05]); // jb over the jump
            code.bytes(&[0xe9]); // jmp body
            code.refer(StubReloc::X86Plt32, body, -4, &[0; 4]);
            code.bytes(&[0xe8]); // call trap
            code.refer(StubReloc::X86Plt32, trap, -4, &[0; 4]);
        }
        Arch::Aarch64 => {
            code.word(0xd280_0010 | (frame_bytes & 0xffff) << 5); // mov x16, #low
            code.word(0xf2a0_0010 | (frame_bytes >> 16) << 5); // movk x16, #high, lsl 16
            code.word(0xeb30_63f0); // subs x16, sp, x16
            code.word(0x5400_00e3); // b.lo to the call: 7 words on
            code.refer(StubReloc::Aarch64Page, Symbol::Domain, i64::from(limit), &0x9000_0011_u32.to_le_bytes()); // adrp x17, limit
            code.refer(StubReloc::Aarch64Lo12, Symbol::Domain, i64::from(limit), &0x9100_0231_u32.to_le_bytes()); // add x17, x17, :lo12:limit
            code.word(0xf940_0231); // ldr x17, [x17]
            code.word(0xeb11_021f); // cmp x16, x17
            code.word(0x5400_0043); // b.lo over the jump
            code.refer(StubReloc::Aarch64Jump, body, 0, &0x1400_0000_u32.to_le_bytes()); // b body
            code.bytes(&AARCH64_KEEP_RETURN);
            code.refer(StubReloc::Aarch64Call, trap, 0, &0x9400_0000_u32.to_le_bytes()); // bl trap
            code.trap_call(AARCH64_KEPT_RETURN);
        }
        Arch::Riscv64 => {
            // The low part is added with its sign; the high part makes up for it.
            let high = frame_bytes.wrapping_add(0x800) & 0xffff_f000;
            let low = frame_bytes.wrapping_sub(high) & 0xfff;
            code.word(0x0000_02b7 | high); // lui t0, high
            code.word(0x0002_8293 | low << 20); // addi t0, t0, low
            code.word(0x0051_6e63); // bltu sp, t0, to the call: 28 bytes on
            code.word(0x4051_02b3); // sub t0, sp, t0
            let page = code.offset();
            code.refer(StubReloc::RiscvHi20, Symbol::Domain, i64::from(limit), &0x0000_0317_u32.to_le_bytes()); // auipc t1, limit
            code.refer(StubReloc::RiscvLo12(page), Symbol::Domain, 0, &0x0003_3303_u32.to_le_bytes()); // ld t1, limit(t1)
            code.word(0x0062_e663); // bltu t0, t1, over the jump: 12 bytes on
            code.refer(StubReloc::RiscvCall, body, 0, &[0x17, 0x03, 0, 0, 0x67, 0, 0x03, 0]); // auipc t1; jr t1
            code.refer(StubReloc::RiscvCall, trap, RISCV_CALL_ADDEND, &RISCV_CALL);
            code.trap_call(RISCV_KEPT_RETURN);
        }
    }
    let end = code.offset();
    code.compiled.sources.push(SourceRange { start: 0, end, wasm_offset });
    code.compiled
}

/// Code that continues in `to`.
pub(crate) fn jump(arch: Arch, to: Symbol) -> Compiled {
    let mut code = Writer::default();
    match arch {
        Arch::X86_64 => {
            code.bytes(&[0xe9]);
            code.refer(StubReloc::X86Plt32, to, -4, &[0; 4]);
        }
        Arch::Aarch64 => code.refer(StubReloc::Aarch64Jump, to, 0, &0x1400_0000_u32.to_le_bytes()),
        Arch::Riscv64 => code.refer(StubReloc::RiscvCall, to, 0, &[0x17, 0x03, 0, 0, 0x67, 0, 0x03, 0]),
    }
    code.compiled
}

/// Bytes with the places that the linker fills in.
struct Writer {
    compiled: Compiled,
}

impl Default for Writer {
    fn default() -> Writer {
        Writer { compiled: Compiled { align: 4, ..Compiled::default() } }
    }
}

impl Writer {
    fn offset(&self) -> u32 {
        u32::try_from(self.compiled.bytes.len()).unwrap_or(u32::MAX)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.compiled.bytes.extend_from_slice(bytes);
    }

    fn word(&mut self, word: u32) {
        self.bytes(&word.to_le_bytes());
    }

    /// Says that a trap stub was called just now.
    fn trap_call(&mut self, return_address: ReturnAddress) {
        let end = self.offset();
        self.compiled.trap_calls.push(TrapCall { end, return_address });
    }

    fn refer(&mut self, kind: StubReloc, symbol: Symbol, addend: i64, bytes: &[u8]) {
        let target = match kind {
            StubReloc::RiscvLo12(page) => RelocTarget::Offset(page),
            _ => RelocTarget::Symbol(symbol),
        };
        self.compiled.relocations.push(Relocation { offset: self.offset(), kind: RelocKind::Stub(kind), target, addend });
        self.bytes(bytes);
    }
}

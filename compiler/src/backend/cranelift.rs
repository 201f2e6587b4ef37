//! Cranelift as a back end: x86_64, aarch64, riscv64.

use super::{Backend, Compiled, RelocKind, RelocTarget, Relocation, SourceRange, TrapCall, stack_argument_bytes};
use crate::error::{Error, ErrorKind};
use crate::opt;
use crate::options::Options;
use crate::symbol::Symbol;
use crate::target::{Arch, Target};
use crate::trap;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{ExternalName, Function, InstructionData, Opcode, TrapCode};
use cranelift_codegen::isa::unwind::{UnwindInfo, UnwindInst};
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable as _};
use cranelift_codegen::{CompiledCode, Context, FinalizedRelocTarget};
use regalloc2 as register_allocation;

/// Working memory of the code generator and its register allocator.
pub(crate) struct Scratch {
    context: Context,
    registers: register_allocation::Ctx,
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch { context: Context::new(), registers: register_allocation::Ctx::default() }
    }
}

/// The code generator for one target.
pub(crate) struct Cranelift {
    isa: OwnedTargetIsa,
    arch: Arch,
    asm: bool,
}

impl Cranelift {
    /// Sets Cranelift up for a target.
    ///
    /// # Errors
    /// `Internal` when the table of targets asks for a setting that does not exist.
    pub(crate) fn new(options: &Options) -> Result<Cranelift, Error> {
        let setting = |error: &dyn std::fmt::Display| Error::internal(format!("cranelift setting: {error}"));
        let mut flags = settings::builder();
        let arch = options.target.arch();
        let on_x86 = if arch == Arch::X86_64 { "true" } else { "false" };
        for (name, value) in [
            ("opt_level", "speed"),
            ("is_pic", "false"),
            ("unwind_info", "true"),
            ("enable_probestack", "false"),
            ("enable_multi_ret_implicit_sret", "true"),
            ("enable_llvm_abi_extensions", "false"),
            // The tail-call convention of x86_64 addresses its frame through rbp.
            ("preserve_frame_pointers", on_x86),
            ("enable_nan_canonicalization", if options.canonical_nans { "true" } else { "false" }),
            ("enable_verifier", if options.verify { "true" } else { "false" }),
        ] {
            flags.set(name, value).map_err(|error| setting(&error))?;
        }
        let mut builder = isa::lookup(options.target.triple()).map_err(|error| setting(&error))?;
        for flag in isa_flags(options.target) {
            builder.enable(flag).map_err(|error| setting(&error))?;
        }
        let isa = builder.finish(settings::Flags::new(flags)).map_err(|error| setting(&error))?;
        Ok(Cranelift { isa, arch, asm: options.emit_asm })
    }

    fn generate(&self, scratch: &mut Scratch) -> Result<Compiled, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::new(ErrorKind::Backend, format!("cranelift: {error}"));
        let Scratch { context, registers } = scratch;
        let mut plane = ControlPlane::default();
        context.optimize(&*self.isa, &mut plane).map_err(|error| failed(&error))?;
        opt::latch::run(&mut context.func);
        if self.arch == Arch::Riscv64 && trap::is_leaf(&context.func) {
            let stencil = self
                .isa
                .compile_function(&context.func, &context.domtree, registers, self.asm, &mut plane)
                .map_err(|error| failed(&error))?;
            let code = stencil.apply_params(&context.func.params);
            if trap::riscv64_patch_reaches(code.buffer.data().len(), code.buffer.traps().len()) {
                return self.finish(&context.func, code, true);
            }
        }
        if self.arch != Arch::Aarch64 {
            let near = self.arch == Arch::Riscv64 && trap::riscv64_wants_near_calls(&context.func);
            trap::calls_for_traps(&mut context.func, near)?;
            context.compute_cfg();
            context.compute_domtree();
            context.verify_if(&*self.isa).map_err(|error| failed(&error))?;
        }
        let stencil = self
            .isa
            .compile_function(&context.func, &context.domtree, registers, self.asm, &mut plane)
            .map_err(|error| failed(&error))?;
        let code = stencil.apply_params(&context.func.params);
        self.finish(&context.func, code, self.arch == Arch::Aarch64)
    }

    /// Takes what is needed from Cranelift's result, and turns its trap instructions into calls where that was not done
    /// before; elsewhere those that remain follow a call that does not return, or a check that was made already.
    fn finish(&self, func: &Function, code: CompiledCode, patch_traps: bool) -> Result<Compiled, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::new(ErrorKind::Backend, format!("cranelift: {error}"));
        let mut bytes = code.buffer.data().to_vec();
        let mut relocations = code
            .buffer
            .relocs()
            .iter()
            .map(|reloc| relocation(func, reloc.offset, reloc.kind, &reloc.target, reloc.addend))
            .collect::<Result<Vec<_>, _>>()?;
        let mut sources: Vec<SourceRange> = code
            .buffer
            .get_srclocs_sorted()
            .iter()
            .filter(|range| !range.loc.is_default())
            .map(|range| SourceRange { start: range.start, end: range.end, wasm_offset: range.loc.bits() })
            .collect();
        let mut trap_calls = Vec::new();
        if patch_traps {
            let frameless = !code.buffer.unwind_info.iter().any(|(_, inst)| matches!(inst, UnwindInst::PushFrameRegs { .. }));
            for patch in self.patch(&mut bytes, &code, frameless)? {
                let (kind, bytes, addend) = match self.arch {
                    Arch::Riscv64 => (Reloc::RiscvCallPlt, trap::RISCV_CALL.len(), trap::RISCV_CALL_ADDEND),
                    _ => (Reloc::Arm64Call, 4, 0),
                };
                relocations.push(Relocation {
                    offset: patch.call,
                    kind: RelocKind::Code(kind),
                    target: RelocTarget::Symbol(Symbol::Trap(patch.code as u32)),
                    addend,
                });
                if let Some((start, end)) = patch.appended {
                    let place = sources.iter().find(|range| (range.start..range.end).contains(&patch.site));
                    sources.extend(place.copied().map(|place| SourceRange { start, end, ..place }));
                }
                let end = patch.call + u32::try_from(bytes).unwrap_or(0);
                trap_calls.extend(patch.return_address.map(|return_address| TrapCall { end, return_address }));
            }
            trap_calls.sort_by_key(|call| call.end);
        }
        let unwind = match code.create_unwind_info(&*self.isa).map_err(|error| failed(&error))? {
            Some(UnwindInfo::SystemV(info)) => Some(info),
            _ => None,
        };
        // Constants of vectors lie behind the code; some machines load them from aligned addresses only.
        let constant_align = if code.buffer.alignment >= 16 { code.buffer.alignment } else { 0 };
        let below_frame_pointer = code.buffer.frame_layout().map_or(0, |layout| layout.frame_to_fp_offset);
        Ok(Compiled {
            bytes,
            align: self.isa.function_alignment().minimum.max(4).max(constant_align),
            relocations,
            sources,
            // The frame pointer and the return address lie above what the layout counts.
            frame_bytes: below_frame_pointer + 16 + tail_argument_bytes(self.arch, func),
            unwind,
            trap_calls,
            asm: code.vcode,
        })
    }

    /// Turns trap instructions into calls.
    fn patch(&self, bytes: &mut Vec<u8>, code: &CompiledCode, frameless: bool) -> Result<Vec<trap::Patch>, Error> {
        let traps = code.buffer.traps().iter().map(|trap| (trap.offset, trap.code));
        if self.arch == Arch::Aarch64 {
            return trap::patch_aarch64(bytes, traps, frameless);
        }
        // Cranelift's own sites are not trap instructions (conversions and loads of constants, marked as if they could
        // fault) or cannot be reached (division, which is guarded before); ours are the codes that translation gave.
        let ours = |trap: &TrapCode| !TrapCode::non_user_traps().contains(trap);
        trap::patch_riscv64(bytes, traps.filter(|(_, trap)| ours(trap)), frameless)
    }
}

impl Backend for Cranelift {
    type Scratch = Scratch;

    fn compile(&self, function: Function, scratch: &mut Scratch) -> Result<Compiled, Error> {
        scratch.context.clear();
        scratch.context.func = function;
        // Cranelift panics rather than errs on some input; what it leaves in the context is thrown away.
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.generate(scratch)));
        result.unwrap_or_else(|panic| {
            *scratch = Scratch::default();
            let reason = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no reason given");
            Err(Error::new(ErrorKind::Backend, format!("cranelift panicked: {reason}")))
        })
    }

    fn frame_header(&self) -> Option<gimli::write::CommonInformationEntry> {
        self.isa.create_systemv_cie()
    }
}

/// The stack that tail calls need for arguments beyond the function's own: the frame is moved down by as much, which its layout does
/// not count. Only functions of the tail-call convention make any.
fn tail_argument_bytes(arch: Arch, func: &Function) -> u32 {
    let insts = func.layout.blocks().flat_map(|block| func.layout.block_insts(block));
    let signatures = insts.filter_map(|inst| match func.dfg.insts[inst] {
        InstructionData::Call { opcode: Opcode::ReturnCall, func_ref, .. } => Some(func.dfg.ext_funcs[func_ref].signature),
        InstructionData::CallIndirect { opcode: Opcode::ReturnCallIndirect, sig_ref, .. } => Some(sig_ref),
        _ => None,
    });
    let most = signatures.map(|signature| stack_argument_bytes(arch, &func.dfg.signatures[signature])).max();
    most.map_or(0, |most| most.saturating_sub(stack_argument_bytes(arch, &func.signature)))
}

fn isa_flags(target: Target) -> impl Iterator<Item = &'static str> {
    // The triple of riscv64 may imply flags; rows name all that they want, so that what is emitted is what they say.
    target.cpu().isa_flags.iter().copied()
}

fn relocation(
    func: &Function,
    offset: u32,
    kind: Reloc,
    target: &FinalizedRelocTarget,
    addend: i64,
) -> Result<Relocation, Error> {
    let target = match target {
        FinalizedRelocTarget::Func(offset) => RelocTarget::Offset(*offset),
        FinalizedRelocTarget::ExternalName(ExternalName::User(name)) => {
            let name = &func.params.user_named_funcs()[*name];
            let symbol = Symbol::from_name(name).ok_or_else(|| Error::internal(format!("unknown symbol {name}")))?;
            RelocTarget::Symbol(symbol)
        }
        FinalizedRelocTarget::ExternalName(name) => {
            return Err(Error::new(ErrorKind::Backend, format!("the code generator wants {name:?}, which no device has")));
        }
    };
    Ok(Relocation { offset, kind: RelocKind::Code(kind), target, addend })
}

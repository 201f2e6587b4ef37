//! How many bytes of stack the arguments of a guest function take.
//!
//! Cranelift decides it, and tells nobody; here its rules for the tail-call convention are told again. A test compares them with the code
//! that it emits. The area belongs to the callee: a tail call puts its arguments where its own function's lay, and what does not
//! fit there moves the frame down.

use crate::target::Arch;
use cranelift_codegen::ir::{Signature, Type};

/// Registers of a convention, by what they are for.
struct Registers {
    integer_arguments: usize,
    integer_results: usize,
    float_arguments: usize,
    float_results: usize,
    /// The address of results that do not fit takes the place of an argument.
    area_is_argument: bool,
}

fn registers(arch: Arch) -> Registers {
    let (integer_arguments, integer_results, float_results, area_is_argument) = match arch {
        Arch::X86_64 => (6, 8, 8, true),
        Arch::Aarch64 => (6, 6, 8, false),
        Arch::Riscv64 => (8, 2, 2, true),
    };
    Registers { integer_arguments, integer_results, float_arguments: 8, float_results, area_is_argument }
}

/// Values as they are assigned, one after the other: to registers while there are any, then to the stack.
#[derive(Default)]
struct Assigned {
    integers: usize,
    floats: usize,
    stack_bytes: u32,
}

impl Assigned {
    /// Assigns a value of a type; `vectors` says whether vectors share the registers of floats. Where they do not, none has a register.
    fn add(&mut self, ty: Type, vectors: bool, integer_registers: usize, float_registers: usize) {
        if ty.is_vector() && !vectors {
            self.push(16);
        } else if ty.is_vector() || ty.is_float() {
            self.floats += 1;
            if self.floats > float_registers {
                self.push(if ty.is_vector() { 16 } else { 8 });
            }
        } else {
            self.integers += 1;
            if self.integers > integer_registers {
                self.push(8);
            }
        }
    }

    /// On the stack every value is aligned to its size.
    fn push(&mut self, bytes: u32) {
        self.stack_bytes = self.stack_bytes.next_multiple_of(bytes).saturating_add(bytes);
    }
}

/// Bytes of stack for the arguments of a function of the tail-call convention.
pub(crate) fn stack_argument_bytes(arch: Arch, signature: &Signature) -> u32 {
    let registers = registers(arch);
    let vectors = arch != Arch::Riscv64;
    let mut results = Assigned::default();
    for value in &signature.returns {
        results.add(value.value_type, vectors, registers.integer_results, registers.float_results);
    }
    let in_memory = results.stack_bytes > 0;
    let mut params = Assigned { integers: usize::from(in_memory && registers.area_is_argument), ..Assigned::default() };
    for value in &signature.params {
        params.add(value.value_type, vectors, registers.integer_arguments, registers.float_arguments);
    }
    params.stack_bytes.next_multiple_of(16)
}

#[cfg(test)]
mod tests {
    use super::stack_argument_bytes;
    use crate::target::{Arch, Target};
    use crate::{Options, compile};
    use cranelift_codegen::ir::{AbiParam, Signature, types};
    use cranelift_codegen::isa::CallConv;
    use std::fmt::Write as _;

    const TYPES: [(&str, cranelift_codegen::ir::Type); 5] =
        [("i32", types::I32), ("i64", types::I64), ("f32", types::F32), ("f64", types::F64), ("v128", types::I8X16)];

    /// By how much more than the frame the function's end moves the stack pointer up, on aarch64 and riscv64; what `ret` pops on x86_64.
    fn popped(arch: Arch, asm: &str) -> i64 {
        let number = |text: &str| {
            text.strip_prefix("0x")
                .map_or_else(|| text.parse::<i64>(), |digits| i64::from_str_radix(digits, 16))
                .expect("a number")
        };
        let lines = asm.lines().map(str::trim);
        match arch {
            Arch::X86_64 => lines.filter_map(|line| line.strip_prefix("retq $")).map(number).sum(),
            Arch::Aarch64 => lines
                .filter_map(|line| {
                    let down = line.strip_prefix("sub sp, sp, #").map(|text| -number(text));
                    down.or_else(|| line.strip_prefix("add sp, sp, #").map(number))
                })
                .sum(),
            Arch::Riscv64 => lines.filter_map(|line| line.strip_prefix("addi sp,sp,")).map(number).sum(),
        }
    }

    #[test]
    fn it_is_what_cranelift_takes_off_the_stack() {
        let mut text = String::from("(module");
        let mut signatures = Vec::new();
        // A counter with a large odd factor gives every mixture of types, and lengths around each number of registers.
        let mut state = 1_usize;
        for index in 0..120 {
            let mut pick = |most: usize| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % most
            };
            let (params, results) = (pick(26), if index % 2 == 0 { pick(2) } else { pick(20) });
            let kinds = [2, 4, 5, 5, 4][index % 5];
            let mut signature = Signature::new(CallConv::Tail);
            let (mut given, mut returned, mut body) = (String::new(), String::new(), String::new());
            for _ in 0..params {
                let (name, ty) = TYPES[pick(kinds)];
                signature.params.push(AbiParam::new(ty));
                write!(given, " {name}").expect("a string can be written");
            }
            for _ in 0..results {
                let (name, ty) = TYPES[pick(kinds)];
                signature.returns.push(AbiParam::new(ty));
                write!(returned, " {name}").expect("a string can be written");
                let number = if name == "v128" { "i64x2 3 4" } else { "3" };
                write!(body, "({name}.const {number})").expect("a string can be written");
            }
            write!(text, "(func (param{given}) (result{returned}) {body})").expect("a string can be written");
            signatures.push(signature);
        }
        text.push(')');
        let wasm = wat::parse_str(&text).expect("the module is well formed");
        let vectors = Target::find("riscv64", Some("rv64gcv")).expect("the row exists");
        for target in [Target::new(Arch::X86_64), Target::new(Arch::Aarch64), vectors] {
            let arch = target.arch();
            let mut options = Options::new(target, "m");
            options.emit_asm = true;
            let asm = compile(&wasm, &options).expect("the module compiles").asm.expect("assembly was asked for");
            let functions: Vec<&str> = asm.split("; sg__").filter(|part| part.starts_with("func__")).collect();
            assert_eq!(functions.len(), signatures.len());
            for (function, signature) in functions.iter().zip(&signatures) {
                let expected = i64::from(stack_argument_bytes(arch, signature));
                assert_eq!(popped(arch, function), expected, "{arch:?} {signature}\n{function}");
            }
        }
    }
}

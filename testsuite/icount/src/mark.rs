//! Which instructions are marks. They are hints that architectures reserve and no processor or compiler uses.
//!
//! | architecture | mark with tag t, 0 ≤ t < 16 |
//! |---|---|
//! | aarch64 | `hint #(0x60 + t)` |
//! | riscv32, riscv64 | `slti x0, x0, 0x100 + t` |
//! | x86_64 | `nopw 0x60+t(%rax,%rax,1)`: bytes `66 0f 1f 44 00 60+t` |
//! | arm (Thumb-2) | `nop.w` with hint `0x60 + t`: halfwords `f3af 8060 + t` |

/// An architecture whose marks are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arch {
    Aarch64,
    Riscv,
    Arm,
    X86,
}

impl Arch {
    /// From QEMU's name of the target.
    pub(crate) fn of_target(name: &str) -> Option<Arch> {
        match name {
            "aarch64" => Some(Arch::Aarch64),
            "riscv32" | "riscv64" => Some(Arch::Riscv),
            "arm" => Some(Arch::Arm),
            "x86_64" => Some(Arch::X86),
            _ => None,
        }
    }
}

/// Tags are 0 to 15.
const TAGS: u32 = 16;

/// The tag of the mark with this encoding; `None` for every other instruction.
pub(crate) fn tag(arch: Arch, bytes: &[u8]) -> Option<u32> {
    if arch == Arch::X86 {
        // The no-op of six bytes that assemblers pad with has a displacement of zero.
        let number = bytes.strip_prefix(&[0x66, 0x0f, 0x1f, 0x44, 0x00]).and_then(|rest| <[u8; 1]>::try_from(rest).ok())?;
        return u32::from(number[0]).checked_sub(0x60).filter(|&tag| tag < TAGS);
    }
    let word = u32::from_le_bytes(bytes.try_into().ok()?);
    let (is_hint, number, first) = match arch {
        Arch::Aarch64 => (word & 0xffff_f01f == 0xd503_201f, (word >> 5) & 0x7f, 0x60),
        Arch::Riscv => (word & 0x000f_ffff == 0x0000_2013, word >> 20, 0x100),
        // The first halfword is the low one of the word.
        Arch::Arm => (word & 0xff00_ffff == 0x8000_f3af, (word >> 16) & 0xff, 0x60),
        Arch::X86 => return None,
    };
    number.checked_sub(first).filter(|&tag| is_hint && tag < TAGS)
}

#[cfg(test)]
mod tests {
    use super::{Arch, tag};

    #[test]
    fn marks_are_told_from_other_instructions() {
        let cases: [(Arch, &[u8], Option<u32>); 11] = [
            (Arch::Aarch64, &[0x1f, 0x2c, 0x03, 0xd5], Some(0)),  // hint #0x60
            (Arch::Aarch64, &[0xff, 0x2d, 0x03, 0xd5], Some(15)), // hint #0x6f
            (Arch::Aarch64, &[0x1f, 0x20, 0x03, 0xd5], None),     // nop
            (Arch::Riscv, &[0x13, 0x20, 0x00, 0x10], Some(0)),    // slti x0, x0, 0x100
            (Arch::Riscv, &[0x13, 0x20, 0x10, 0x10], Some(1)),    // slti x0, x0, 0x101
            (Arch::Riscv, &[0x13, 0xa0, 0x00, 0x10], None),       // slti x0, x1, 0x100
            (Arch::Riscv, &[0x01, 0x00], None),                   // c.nop
            (Arch::Arm, &[0xaf, 0xf3, 0x62, 0x80], Some(2)),      // nop.w #0x62
            (Arch::Arm, &[0xaf, 0xf3, 0x00, 0x80], None),         // nop.w
            (Arch::X86, &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x61], Some(1)), // nopw 0x61(%rax,%rax,1)
            (Arch::X86, &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00], None), // nopw 0x0(%rax,%rax,1)
        ];
        for (arch, bytes, expected) in cases {
            assert_eq!(tag(arch, bytes), expected, "{arch:?} {bytes:02x?}");
        }
    }
}

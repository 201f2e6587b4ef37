//! An image in flash, and the emulator that boots from it.
//!
//! Both machines are QEMU's `virt`, whose two banks of flash are files. They boot from the first one, without firmware of QEMU's.
//! What the image writes by semihosting is the emulator's output, and its exit code is the emulator's.

use super::Error;
use crate::target::TemporaryFolder;
use object::elf::FileHeader64;
use object::read::elf::{FileHeader as _, ProgramHeader as _};
use object::{Endianness, elf};
use saggar_compiler::target::Arch;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Flash of a machine: where its banks begin, and bytes of each.
struct Flash {
    banks: [u64; 2],
    bytes: u64,
}

fn flash(arch: Arch) -> Option<Flash> {
    match arch {
        Arch::Aarch64 => Some(Flash { banks: [0, 0x0400_0000], bytes: 64 << 20 }),
        Arch::Riscv64 => Some(Flash { banks: [0x2000_0000, 0x2200_0000], bytes: 32 << 20 }),
        Arch::X86_64 => None,
    }
}

/// A machine with an image in its flash.
#[derive(Debug)]
pub struct Machine {
    arch: Arch,
    folder: TemporaryFolder,
}

/// How it ended.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it wrote.
    pub output: String,
    /// Its exit code; `None` when it was stopped because it took too long.
    pub exit_code: Option<i32>,
}

impl Machine {
    /// Writes an image into flash: what its program headers load, where it is loaded *from*.
    ///
    /// # Errors
    /// When it is no image for this machine, or files cannot be written.
    pub fn new(arch: Arch, elf: &[u8]) -> Result<Machine, Error> {
        let flash = flash(arch).ok_or_else(|| Error::Image(format!("there is no firmware for {}", arch.name())))?;
        let folder = TemporaryFolder::new().map_err(|source| Error::File { path: std::env::temp_dir(), source })?;
        let machine = Machine { arch, folder };
        let segments = loaded(elf).map_err(|error| Error::Image(error.to_string()))?;
        let mut left: Vec<&(u64, &[u8])> = segments.iter().collect();
        for (number, start) in flash.banks.into_iter().enumerate() {
            let inside = |address: u64, bytes: &[u8]| address >= start && address - start + bytes.len() as u64 <= flash.bytes;
            let path = machine.bank(number);
            let write = || -> std::io::Result<()> {
                let mut file = File::create(&path)?;
                // The emulator wants all of it; what nobody wrote takes no space.
                file.set_len(flash.bytes)?;
                for (address, bytes) in segments.iter().filter(|(address, bytes)| inside(*address, bytes)) {
                    file.seek(SeekFrom::Start(address - start))?;
                    file.write_all(bytes)?;
                }
                Ok(())
            };
            write().map_err(|source| Error::File { path: path.clone(), source })?;
            left.retain(|(address, bytes)| !inside(*address, bytes));
        }
        match left.first() {
            None => Ok(machine),
            Some((address, _)) => Err(Error::Image(format!("something is to be loaded at {address:#x}, which is not flash"))),
        }
    }

    fn bank(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("flash{number}"))
    }

    /// The emulator, ready to be started; what is added comes after its own arguments.
    #[must_use]
    pub fn command(&self) -> Command {
        let (program, machine) = match self.arch {
            Arch::Riscv64 => ("qemu-system-riscv64", ["-bios", "none"]),
            _ => ("qemu-system-aarch64", ["-cpu", "cortex-a53"]),
        };
        let mut command = Command::new(program);
        command.args(["-M", "virt"]).args(machine).args(["-nodefaults", "-display", "none"]);
        command.args(["-chardev", "stdio,id=console", "-semihosting-config", "enable=on,target=native,chardev=console"]);
        for number in 0..2 {
            let file = self.bank(number);
            command.arg("-drive").arg(format!("if=pflash,unit={number},format=raw,readonly=on,file={}", file.display()));
        }
        command.stdin(Stdio::null());
        command
    }

    /// Boots it, and waits for its end so long at most.
    ///
    /// # Errors
    /// When the emulator cannot be started.
    pub fn run(&self, limit: Duration) -> Result<Run, Error> {
        let mut command = self.command();
        let program = command.get_program().to_string_lossy().into_owned();
        let failed = |source| Error::Start { program: program.clone(), source };
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
        let mut streams = (child.stdout.take(), child.stderr.take());
        let reader = thread::spawn(move || {
            let mut output = Vec::new();
            // A stream that breaks is at its end.
            _ = streams.0.as_mut().map(|stream| stream.read_to_end(&mut output));
            _ = streams.1.as_mut().map(|stream| stream.read_to_end(&mut output));
            String::from_utf8_lossy(&output).into_owned()
        });
        let end = Instant::now() + limit;
        let exit_code = loop {
            match child.try_wait().map_err(failed)? {
                Some(status) => break status.code(),
                None if Instant::now() >= end => {
                    // It may have ended just now.
                    _ = child.kill();
                    child.wait().map_err(failed)?;
                    break None;
                }
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        Ok(Run { output: reader.join().unwrap_or_default(), exit_code })
    }
}

/// What an image's program headers load: from where, and the bytes.
fn loaded(bytes: &[u8]) -> Result<Vec<(u64, &[u8])>, object::Error> {
    let header = FileHeader64::<Endianness>::parse(bytes)?;
    let endian = header.endian()?;
    let mut segments = Vec::new();
    for segment in header.program_headers(endian, bytes)? {
        let data = segment.data(endian, bytes).unwrap_or_default();
        if segment.p_type(endian) == elf::PT_LOAD && !data.is_empty() {
            segments.push((segment.p_paddr(endian), data));
        }
    }
    Ok(segments)
}

#[cfg(test)]
mod tests {
    use super::Machine;
    use saggar_compiler::target::Arch;
    use std::time::Duration;

    /// An ELF file that loads one instruction from an address: a branch to itself.
    fn endless(load_address: u64) -> Vec<u8> {
        const HEADER_BYTES: u16 = 64;
        const PROGRAM_HEADER_BYTES: u16 = 56;
        let mut elf = b"\x7fELF\x02\x01\x01".to_vec();
        elf.resize(16, 0);
        elf.extend([2, 0, 183, 0, 1, 0, 0, 0]); // an executable, AArch64, version 1
        for word in [0, u64::from(HEADER_BYTES), 0] {
            elf.extend(word.to_le_bytes()); // entry, program headers, sections
        }
        elf.extend([0; 4]);
        for half in [HEADER_BYTES, PROGRAM_HEADER_BYTES, 1, 64, 0, 0] {
            elf.extend(half.to_le_bytes());
        }
        elf.extend([1, 0, 0, 0, 5, 0, 0, 0]); // loaded, read and executed
        for word in [u64::from(HEADER_BYTES + PROGRAM_HEADER_BYTES), 0, load_address, 4, 4, 4] {
            elf.extend(word.to_le_bytes());
        }
        elf.extend(0x1400_0000_u32.to_le_bytes());
        elf
    }

    #[test]
    fn an_image_that_hangs_is_stopped() {
        let machine = Machine::new(Arch::Aarch64, &endless(0)).unwrap();
        let run = machine.run(Duration::from_millis(500)).unwrap();
        assert_eq!((run.exit_code, run.output.as_str()), (None, ""));
    }

    #[test]
    fn what_is_not_in_flash_is_refused() {
        let message = Machine::new(Arch::Aarch64, &endless(0x4000_0000)).unwrap_err().to_string();
        assert!(message.contains("0x40000000"), "{message}");
        assert!(Machine::new(Arch::X86_64, &endless(0)).is_err());
        assert!(Machine::new(Arch::Aarch64, b"no image").is_err());
    }
}

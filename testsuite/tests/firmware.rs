//! The example firmwares: what lies where in their images, that these are the same whenever they are built, and that they boot.
//!
//! The images are those that `cargo xtask firmware` builds.

use saggar_compiler::target::Arch;
use saggar_testsuite::firmware::layout::{Layout, Segment, Symbol};
use saggar_testsuite::firmware::{self, ARCHES, Kind, build, recording};
use std::fs;

/// Where each machine has flash for code, flash for other constants, RAM, and RAM that is called fast.
fn regions(arch: Arch) -> [u64; 4] {
    match arch {
        Arch::Riscv64 => [0x2000_0000, 0x2200_0000, 0x8000_0000, 0x8010_0000],
        _ => [0, 0x0400_0000, 0x4000_0000, 0x4010_0000],
    }
}

/// Every image, with its layout.
fn images() -> Vec<(Kind, Arch, Vec<u8>, Layout)> {
    let mut images = Vec::new();
    for kind in Kind::ALL {
        for arch in ARCHES {
            let elf = build::image(kind, arch, None).unwrap_or_else(|error| panic!("{error}")).elf;
            let layout = Layout::read(&elf).unwrap();
            images.push((kind, arch, elf, layout));
        }
    }
    images
}

#[test]
fn images_boot_and_do_what_wasmi_does() {
    for kind in Kind::ALL {
        for arch in ARCHES {
            let report = firmware::run(kind, arch, None).unwrap_or_else(|error| panic!("{error}"));
            assert!(report.passed(), "{} on {}: {}", kind.name(), arch.name(), report.failures.join("\n"));
            assert!(report.checks > 30 && report.values > 60 && report.traps.len() == 6, "{report:?}");
        }
    }
}

/// The protection that a loader, a memory protection unit or a person reads from the program headers.
#[test]
fn nothing_is_both_written_and_executed_and_nothing_is_relocated() {
    const PT_LOAD: u32 = 1;
    const PT_GNU_STACK: u32 = 0x6474_e551;
    const PT_RISCV_ATTRIBUTES: u32 = 0x7000_0003;
    const RELOCATIONS_OR_DYNAMIC: [u32; 5] = [4, 6, 9, 11, 19];
    for (kind, arch, bytes, layout) in images() {
        let image = format!("{} on {}", kind.name(), arch.name());
        let shape = |segment: &Segment| (segment.executable, segment.writable);
        let shapes: Vec<(bool, bool)> = layout.segments.iter().map(shape).collect();
        let expected = [(true, false), (false, false), (false, false), (false, true), (false, true), (false, true)];
        assert_eq!(shapes, expected, "{image}: code, constants, other constants, data, zeros, fast RAM");
        for kind in &layout.header_types {
            assert!([PT_LOAD, PT_GNU_STACK, PT_RISCV_ATTRIBUTES].contains(kind), "{image}: a program header of type {kind:#x}");
        }
        for section in &layout.sections {
            assert!(!RELOCATIONS_OR_DYNAMIC.contains(&section.kind), "{image}: {} has relocations", section.name);
        }
        // Neither the code nor a constant has a copy of its own in RAM: what is written there at boot is the firmware's one word.
        for segment in layout.segments.iter().filter(|segment| segment.writable) {
            assert!(segment.file_bytes <= 16, "{image}: {segment:x?}");
        }
        let place = build::examples();
        let place = place.parent().unwrap().to_str().unwrap().as_bytes();
        assert!(!bytes.windows(place.len()).any(|window| window == place), "{image}: a path of this machine");
    }
}

/// Every loaded section is one that the linker script speaks of: nothing is placed by chance.
#[test]
fn the_linker_script_places_everything() {
    let placed = [".text", ".rodata", ".dsp.rodata", ".data", ".modules", ".bss", ".stack", ".fast"];
    for (kind, arch, _, layout) in images() {
        let loaded: Vec<&str> =
            layout.sections.iter().filter(|section| section.loaded).map(|section| section.name.as_str()).collect();
        assert_eq!(loaded, placed, "{} on {}", kind.name(), arch.name());
    }
}

/// Code in executable memory, constants in memory that is neither written nor executed, state in RAM; and the parts of the
/// equaliser where its placement says.
#[test]
fn symbols_lie_where_they_should() {
    for (kind, arch, _, layout) in images() {
        let image = format!("{} on {}", kind.name(), arch.name());
        let [flash, constants, ram, fast] = regions(arch);
        let within = |symbol: &Symbol, start: u64| (start..start + 0x10_0000).contains(&symbol.address);
        let segment =
            |symbol: &Symbol| layout.segment(symbol.address).unwrap_or_else(|| panic!("{image}: {symbol:x?} is not loaded"));
        let all = |prefix: &str, least: usize, right: &dyn Fn(&Symbol, &Segment) -> bool| {
            let found: Vec<&Symbol> = layout.named(prefix).collect();
            assert!(found.len() >= least, "{image}: {} symbols {prefix}…", found.len());
            for symbol in found {
                assert!(right(symbol, segment(symbol)), "{image}: {symbol:x?} in {:x?}", segment(symbol));
            }
        };
        for symbol in layout.symbols.iter().filter(|symbol| symbol.function && symbol.bytes > 0) {
            assert!(segment(symbol).executable, "{image}: the function {} is not in executable memory", symbol.name);
        }
        let code = |symbol: &Symbol, segment: &Segment| segment.executable && within(symbol, flash);
        let constant = |symbol: &Symbol, segment: &Segment| !segment.executable && !segment.writable && within(symbol, flash);
        let far = |symbol: &Symbol, segment: &Segment| !segment.executable && !segment.writable && within(symbol, constants);
        let state = |symbol: &Symbol, segment: &Segment| segment.writable && within(symbol, ram);
        let quick =
            |symbol: &Symbol, segment: &Segment| segment.writable && within(symbol, fast) && symbol.address.is_multiple_of(64);
        all("sg__func__wave__", 8, &code);
        all("sg__func__equaliser__", 8, &code);
        all("sg_enter", 1, &code);
        all("sg__module__wave", 1, &constant);
        all("sg__data__wave__", 1, &constant);
        all("sg__cell__wave__", 1, &constant);
        all("sg__module__equaliser", 1, &far);
        all("sg__data__equaliser__", 1, &far);
        all("sg__cell__equaliser__", 1, &far);
        all("sg__memory__wave__", 1, &state);
        all("sg__domain__", 2, &state);
        all("sg__globals__", 1, &state);
        all("sg__memory__equaliser__", 1, &quick);
    }
}

/// Guards lie directly before and behind what they guard.
#[test]
fn guards_surround_memories_and_stack() {
    const GUARD_BYTES: u64 = 64;
    for (kind, arch, _, layout) in images() {
        let image = format!("{} on {}", kind.name(), arch.name());
        let address = |name: &str| layout.address(name).unwrap_or_else(|| panic!("{image}: no symbol {name}"));
        let guard = |number: usize| address(&format!("guard_{number}"));
        for (before, first, behind) in [(1, "sg__memory__wave__0", 2), (6, "sg__memory__equaliser__0", 7)] {
            let memory = layout.symbols.iter().find(|symbol| symbol.name == first).unwrap();
            assert_eq!(guard(before) + GUARD_BYTES, memory.address, "{image}");
            assert_eq!(guard(behind), (memory.address + memory.bytes).next_multiple_of(16), "{image}");
        }
        assert_eq!(guard(5), address("stack_top"), "{image}");
        assert_eq!(guard(4) + GUARD_BYTES + 16 * 1024, address("stack_top"), "{image}");
        assert_eq!(address("guards_end") - address("guards"), 8 * 8, "{image}: the list of guards");
    }
}

#[test]
fn two_builds_give_the_same_bytes() {
    for kind in Kind::ALL {
        for arch in ARCHES {
            let first = build::image(kind, arch, None).unwrap_or_else(|error| panic!("{error}"));
            let again = build::image_again(kind, arch).unwrap_or_else(|error| panic!("{error}"));
            assert!(first.elf == again.elf, "{} on {}: two builds differ", kind.name(), arch.name());
        }
    }
}

/// `BLESS=1` writes the recording anew.
#[test]
fn the_recording_is_what_its_generator_makes() {
    let path = build::examples().join("recording.wav");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, recording::recording()).unwrap();
    }
    assert!(fs::read(&path).unwrap() == recording::recording(), "BLESS=1 writes {} anew", path.display());
}

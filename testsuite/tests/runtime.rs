//! The runtime library as it is linked for each target: that copying and filling are right there, and what the library costs.

use object::{Object as _, ObjectSection as _, ObjectSymbol as _, SectionKind};
use saggar_abi::names::{ABI_VERSION_SYMBOL, runtime};
use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::rows::runner_options;
use saggar_testsuite::target::link::link_elf;
use saggar_testsuite::target::{Image, LinkInput, LinkOptions, Outcome, Runner, link, rust_object};

fn load(arch: Arch) -> (Image, Runner) {
    let object = rust_object(arch, include_str!("../native/operations.rs")).unwrap();
    let image = link(arch, &[LinkInput { name: "operations", bytes: &object }], &LinkOptions::default()).unwrap();
    // The CPU is the smallest that is claimed, so an instruction that it lacks would be a signal.
    let mut runner = Runner::start(arch, runner_options(Target::new(arch)).unwrap()).unwrap();
    runner.load(&image).unwrap();
    (image, runner)
}

/// Lengths from 0 to past the point where the loops begin, at every alignment and overlap; then lengths on both sides of a later
/// boundary, up to beyond what a string instruction is used for.
#[test]
fn copying_and_filling_are_right_on_every_target() {
    for arch in Arch::ALL {
        let (image, mut runner) = load(arch);
        for (function, ranges) in [
            ("check_copy", &[[0, 40, 17], [41, 100, 17], [101, 140, 17], [190, 194, 17], [255, 258, 70], [2047, 2049, 9]][..]),
            ("check_fill", &[[0, 300, 17], [511, 513, 17], [2047, 2049, 17]][..]),
        ] {
            for range in ranges {
                let outcome = runner.call(image.symbol(function).unwrap(), range, 3, 16 * 1024).unwrap();
                assert_eq!(
                    outcome,
                    Outcome::Completed { code: 0, pc: 0, slots: range.to_vec() },
                    "{arch:?} {function}: length, to, from"
                );
            }
        }
    }
}

/// A linked library, whole or in part.
struct Linked {
    text_bytes: u64,
    writable_bytes: u64,
    symbols: Vec<String>,
}

fn link_symbols(arch: Arch, symbols: &[&str], arguments: &[&str]) -> Linked {
    let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let keep = symbols.iter().map(|&symbol| symbol.to_owned()).collect();
    let elf = link_elf(arch, &[], &LinkOptions { gc_sections: true, keep, arguments, ..LinkOptions::default() }).unwrap();
    let file = object::File::parse(&*elf).unwrap();
    let sum = |kinds: &[SectionKind]| {
        file.sections().filter(|section| kinds.contains(&section.kind())).map(|section| section.size()).sum()
    };
    Linked {
        text_bytes: sum(&[SectionKind::Text]),
        writable_bytes: sum(&[SectionKind::Data, SectionKind::UninitializedData, SectionKind::Tls]),
        symbols: file
            .symbols()
            .filter(|symbol| symbol.is_definition() && symbol.is_global())
            .map(|symbol| symbol.name().unwrap().to_owned())
            .collect(),
    }
}

#[test]
fn everything_together_is_small_and_holds_nothing_else() {
    for arch in Arch::ALL {
        let names = [runtime::ALL, &[ABI_VERSION_SYMBOL]].concat();
        let linked = link_symbols(arch, &names, &[]);
        assert!((512..=4096).contains(&linked.text_bytes), "{arch:?}: {} bytes", linked.text_bytes);
        assert_eq!(linked.writable_bytes, 0, "{arch:?}");
        // No panic, no formatting, no memcpy: nothing but what was asked for.
        let mut found = linked.symbols;
        found.sort_unstable();
        let mut expected: Vec<&str> = names;
        expected.sort_unstable();
        assert_eq!(found, expected, "{arch:?}");
    }
}

/// The linker would refuse an absolute address in code or read-only data.
#[test]
fn it_links_into_position_independent_programs() {
    for arch in Arch::ALL {
        let linked = link_symbols(arch, runtime::ALL, &["-pie"]);
        assert!(linked.text_bytes >= 512, "{arch:?}");
    }
}

#[test]
fn what_is_not_used_is_not_linked() {
    for arch in Arch::ALL {
        for &symbol in runtime::ALL {
            let linked = link_symbols(arch, &[symbol], &[]);
            let also: &[&str] = match symbol {
                runtime::ENTER => &[runtime::ENTER_WITHIN],
                runtime::MEMORY_GROW => &[runtime::FILL],
                runtime::TABLE_GROW => &[runtime::TABLE_FILL],
                runtime::COPY_POLLED => &[runtime::COPY],
                runtime::FILL_POLLED => &[runtime::FILL],
                runtime::MEMORY_GROW_POLLED => &[runtime::FILL_POLLED, runtime::FILL],
                runtime::TABLE_FILL_POLLED => &[runtime::TABLE_FILL],
                runtime::TABLE_GROW_POLLED => &[runtime::TABLE_FILL_POLLED, runtime::TABLE_FILL],
                runtime::TABLE_INIT_POLLED => &[runtime::TABLE_INIT],
                _ => &[],
            };
            let unexpected = linked.symbols.iter().find(|found| *found != symbol && !also.contains(&found.as_str()));
            assert_eq!(unexpected, None, "{arch:?} {symbol}");
        }
    }
}

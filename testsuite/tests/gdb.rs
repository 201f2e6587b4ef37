//! A debugger on the example firmwares: gdb breaks on a source line of the guest in Rust, and on a trap of the guest in C, and its
//! backtraces are compared frame by frame, from the guest through the runtime library to the firmware's start.

#[path = "debug/session.rs"]
mod session;

use saggar_compiler::target::Arch;
use saggar_testsuite::firmware::{ARCHES, Kind, build, machine::Machine};
use saggar_testsuite::target::TemporaryFolder;
use session::{backtraces, read};

/// Runs gdb on an image in the emulator; what it says.
fn debug(kind: Kind, arch: Arch, commands: &[&str]) -> String {
    let image = build::image(kind, arch, None).unwrap();
    let machine = Machine::new(arch, &image.elf).unwrap();
    let folder = TemporaryFolder::new().unwrap();
    let (elf, socket) = (folder.path().join("image"), folder.path().join("gdb"));
    std::fs::write(&elf, &image.elf).unwrap();
    let mut emulator = machine.command();
    emulator.args(["-S", "-gdb", "chardev:gdb", "-chardev"]);
    emulator.arg(format!("socket,id=gdb,path={},server=on,wait=off", socket.display()));
    session::session(&mut emulator, &socket, &elf, commands)
}

/// The line of a guest's source that holds a text.
fn line_of(file: &str, text: &str) -> usize {
    let source = read(&build::examples().join(file));
    let found: Vec<usize> = (1..).zip(source.lines()).filter(|(_, line)| line.contains(text)).map(|(number, _)| number).collect();
    let [line] = found[..] else { panic!("{file} has `{text}` in the lines {found:?}") };
    line
}

/// What a frame must be.
enum Expected {
    /// A function of a guest: name, file below the examples, text of the line.
    Guest(&'static str, &'static str, &'static str),
    /// Code of ours, by the beginning and the end of its symbol.
    Ours(&'static str, &'static str),
    /// A function of the firmware or the runtime library in a file, by the last parts of the name and of the path.
    Host(&'static str, &'static str),
}

fn compare(kind: Kind, arch: Arch, output: &str, expected: &[Expected]) {
    let [frames] = &backtraces(output)[..] else { panic!("{kind:?} on {arch:?}: no backtrace in\n{output}") };
    let wrong = |number: usize| format!("{kind:?} on {arch:?}: frame {number} of\n{output}");
    for (number, (frame, expected)) in frames.iter().zip(expected).enumerate() {
        let last = |name: &str| frame.function == name || frame.function.ends_with(&format!("::{name}"));
        match expected {
            Expected::Guest(function, file, text) => {
                assert_eq!(frame.function, *function, "{}", wrong(number));
                assert_eq!(frame.place, Some((file.to_string(), line_of(file, text))), "{}", wrong(number));
            }
            Expected::Ours(begin, end) => {
                assert!(frame.function.starts_with(begin) && frame.function.ends_with(end), "{}", wrong(number));
                assert_eq!(frame.place, None, "{}", wrong(number));
            }
            Expected::Host(function, file) => {
                assert!(last(function), "{}", wrong(number));
                let known = frame.place.as_ref().is_some_and(|(place, _)| place.ends_with(file));
                assert!(known || file.is_empty(), "{}", wrong(number));
            }
        }
    }
    assert_eq!(frames.len(), expected.len(), "{kind:?} on {arch:?}: the number of frames of\n{output}");
}

/// The frames between a guest's export and the firmware.
fn crossing(load: &'static str, enter: &'static str, export: &'static str) -> [Expected; 5] {
    [
        Expected::Ours(load, export),
        Expected::Ours("sg_switch", ""),
        Expected::Host("run", "activation.rs"),
        Expected::Host("enter", "activation.rs"),
        Expected::Ours(enter, export),
    ]
}

/// A breakpoint on a line of the guest in Rust.
#[test]
fn a_line_of_a_guest_in_rust() {
    let (biquad, text) = ("guests/equaliser/src/biquad.rs", "let output = self.feed[0] * input");
    let at_line = format!("break biquad.rs:{}", line_of(biquad, text));
    for kind in Kind::ALL {
        for arch in ARCHES {
            let output = debug(kind, arch, &[&at_line, "continue", "backtrace", "kill"]);
            let mut expected = vec![
                Expected::Guest("equaliser::biquad::Biquad::run", biquad, text),
                Expected::Guest("equaliser::chain::Chain::run", "guests/equaliser/src/chain.rs", "band.run(samples)"),
                Expected::Guest("process", "guests/equaliser/src/lib.rs", "state.chain.run("),
            ];
            expected.extend(crossing("sg__load__equaliser__", "sg__enter__equaliser__", "__process"));
            expected.extend(
                match kind {
                    Kind::Rust => {
                        [("process", "equaliser.rs"), ("equalise", "sound.rs"), ("play", "sound.rs"), ("board_main", "main.rs")]
                    }
                    Kind::C => [
                        ("equaliser_process", "equaliser.h"),
                        ("equalise", "sound.c"),
                        ("play", "sound.c"),
                        ("board_main", "main.c"),
                    ],
                }
                .map(|(function, file)| Expected::Host(function, file)),
            );
            expected.push(Expected::Host("_start", ""));
            compare(kind, arch, &output, &expected);
        }
    }
}

/// A breakpoint where traps are raised: the guest in C reads a file that lies about a length.
#[test]
fn a_trap_of_a_guest_in_c() {
    let riff = "guests/wave/riff.c";
    for kind in Kind::ALL {
        for arch in ARCHES {
            let output = debug(kind, arch, &["break sg_raise", "continue", "backtrace", "kill"]);
            let mut expected = vec![
                Expected::Ours("sg_raise", ""),
                Expected::Guest("parse_comment", riff, "sum = sum * 31 + body[i]"),
                Expected::Guest("parse_chunks", riff, "parse_comment(body, bytes)"),
                Expected::Guest("parse_chunks", riff, "chunks += parse_chunks("),
                Expected::Guest("parse_file", riff, "parse_chunks(wave, at + 12, end)"),
                Expected::Guest("export_open", "guests/wave/wave.c", "parse_file(&wave, input"),
            ];
            expected.extend(crossing("sg__load__wave__", "sg__enter__wave__", "__export_open"));
            let host: &[(&str, &str)] = match kind {
                Kind::Rust => {
                    &[("open", "wave.rs"), ("open_bad", "trouble.rs"), ("all", "trouble.rs"), ("board_main", "main.rs")]
                }
                Kind::C => &[
                    ("wave_open", "wave.h"),
                    ("open_bad", "trouble.c"),
                    ("open_bad_file", "trouble.c"),
                    ("trouble", "trouble.c"),
                    ("board_main", "main.c"),
                ],
            };
            expected.extend(host.iter().map(|(function, file)| Expected::Host(function, file)));
            expected.push(Expected::Host("_start", ""));
            compare(kind, arch, &output, &expected);
        }
    }
}

//! What options of compilation do on every target: memories of fewer bytes than declared, and where sections go.

use object::{Object as _, ObjectSection as _, ObjectSymbol as _, SectionKind};
use saggar_abi::trap::Code;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Artifact, ErrorKind, Meter, Options, compile};
use saggar_testsuite::target::toolchain::rust_object;
use saggar_testsuite::target::{LinkInput, LinkOptions, Outcome, Runner, RunnerOptions, link};

const STACK_BYTES: u32 = 64 * 1024;

/// A linked module that is instantiated and ready to be called.
struct Live {
    image: saggar_testsuite::target::Image,
    runner: Runner,
}

impl Live {
    fn new(arch: Arch, artifact: &Artifact) -> Live {
        let image = link(arch, &[LinkInput { name: "m", bytes: &artifact.object }], &LinkOptions::default()).expect("links");
        let mut runner = Runner::start(arch, RunnerOptions::default()).expect("the runner starts");
        runner.load(&image).expect("the image loads");
        let mut live = Live { image, runner };
        assert_eq!(live.symbol("sg__instantiate__m", &[]), Ok(0));
        live
    }

    /// The first result, or the code of the trap.
    fn symbol(&mut self, symbol: &str, slots: &[u64]) -> Result<u64, Option<Code>> {
        let address = self.image.symbol(symbol).unwrap_or_else(|| panic!("{symbol} is in the image"));
        match self.runner.call(address, slots, slots.len().max(1), STACK_BYTES).expect("the runner answers") {
            Outcome::Completed { code: 0, slots, .. } => Ok(slots.first().copied().unwrap_or(0) & 0xffff_ffff),
            Outcome::Completed { code, .. } => Err(Code::from_number(code)),
            other => panic!("{symbol}: {other:?}"),
        }
    }

    fn call(&mut self, name: &str, ty: &str, slots: &[u64]) -> Result<u64, Option<Code>> {
        self.symbol(&format!("sg__entry__m__{name}__{ty}"), slots)
    }
}

fn options(arch: Arch) -> Options {
    Options::new(Target::new(arch), "m")
}

fn fire(text: &str, options: &Options) -> Result<Artifact, saggar_compiler::Error> {
    compile(&wat::parse_str(text).expect("the module is well formed"), options)
}

const SMALL: &str = r#"(module
  (memory (export "memory") 1 2)
  (data (i32.const 90) "0123456789")
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "load_far") (param i32) (result i32) (i32.load8_u offset=70000 (local.get 0)))
  (func (export "word") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "fill") (param i32 i32) (memory.fill (local.get 0) (i32.const 7) (local.get 1))))"#;

#[test]
fn a_memory_may_have_fewer_bytes_than_it_declares() {
    for arch in Arch::ALL {
        let options = Options { memory_bytes: Some(101), ..options(arch) };
        let artifact = fire(SMALL, &options).expect("compiles");
        assert_eq!(artifact.report.memory_bytes, 101);
        let mut live = Live::new(arch, &artifact);
        let beyond = Err(Some(Code::MemoryOutOfBounds));
        assert_eq!(live.call("load", "FiRi", &[99]), Ok(u64::from(b'9')), "{arch:?}");
        assert_eq!(live.call("load", "FiRi", &[100]), Ok(0));
        assert_eq!(live.call("load", "FiRi", &[101]), beyond);
        assert_eq!(live.call("load", "FiRi", &[65535]), beyond);
        assert_eq!(live.call("load_far", "FiRi", &[0]), beyond);
        assert_eq!(live.call("word", "FiRi", &[97]), Ok(u64::from(u32::from_le_bytes(*b"789\0"))));
        assert_eq!(live.call("word", "FiRi", &[98]), beyond);
        assert_eq!(live.call("fill", "FiiR", &[90, 12]), beyond);
        assert_eq!(live.call("load", "FiRi", &[99]), Ok(u64::from(b'9')), "nothing was written");
        // Whole pages, of which there is none; growing by nothing is possible and changes nothing.
        assert_eq!(live.call("size", "FRi", &[]), Ok(0));
        assert_eq!(live.call("grow", "FiRi", &[0]), Ok(0));
        assert_eq!(live.call("grow", "FiRi", &[1]), Ok(0xffff_ffff));
        assert_eq!(live.call("load", "FiRi", &[100]), Ok(0));
        assert_eq!(live.call("load", "FiRi", &[101]), beyond);
        assert_eq!(live.call("fill", "FiiR", &[90, 11]), Ok(90));
        assert_eq!(live.symbol("sg__instantiate__m", &[]), Ok(0));
        assert_eq!(live.call("load", "FiRi", &[99]), Ok(u64::from(b'9')), "as new");
    }
}

#[test]
fn what_cannot_work_with_so_few_bytes_is_refused() {
    let refuse = |text: &str, bytes: u64| {
        let error = fire(text, &Options { memory_bytes: Some(bytes), ..options(Arch::Aarch64) }).expect_err("is refused");
        assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
        format!("{error} {}", error.help_text().unwrap_or_default())
    };
    let data = refuse(SMALL, 99);
    assert!(data.contains("data segment 0 ends at byte 100") && data.contains("-zstack-size"), "{data}");
    assert!(fire(SMALL, &Options { memory_bytes: Some(100), ..options(Arch::Aarch64) }).is_ok());
    assert!(refuse(SMALL, 65537).contains("--memory-reserve"));
    assert!(refuse("(module)", 10).contains("without a memory"));
    let stack = r#"(module (memory 2) (global $__stack_pointer (mut i32) (i32.const 66560)))"#;
    assert!(refuse(stack, 66559).contains("stack begins at byte 66560"));
    assert!(fire(stack, &Options { memory_bytes: Some(66560), ..options(Arch::Aarch64) }).is_ok());
    let unnamed = "(module (memory 2) (global (mut i32) (i32.const 66560)))";
    let artifact = fire(unnamed, &Options { memory_bytes: Some(66559), ..options(Arch::Aarch64) }).expect("compiles");
    assert!(artifact.report.notes.iter().any(|note| note.contains("global 0 starts as 66560")), "{:?}", artifact.report.notes);
}

/// Two functions of which one calls the other, a segment, a table and a memory.
const PARTS: &str = r#"(module
  (memory 1)
  (table funcref (elem $inner))
  (data $d (i32.const 0) "data")
  (func $inner (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "outer") (param i32) (result i32) (call_indirect (param i32) (result i32) (local.get 0) (i32.const 0))))"#;

#[test]
fn sections_go_where_they_are_told() {
    for arch in Arch::ALL {
        let mut options = options(arch);
        options.placement.section_prefix = ".fast".to_owned();
        options.placement.function_sections = true;
        options.placement.memory_section = Some(".dtcm".to_owned());
        options.placement.memory_align = Some(4096);
        let artifact = fire(PARTS, &options).expect("compiles");
        let object = object::File::parse(&*artifact.object).expect("an object");
        let section_of = |symbol: &str| {
            let symbol = object.symbols().find(|found| found.name() == Ok(symbol)).unwrap_or_else(|| panic!("no {symbol}"));
            object.section_by_index(symbol.section_index().expect("is defined")).expect("has a section")
        };
        for (symbol, name, kind) in [
            ("sg__func__m__0__inner", ".fast.text.sg.m.func.0.inner", SectionKind::Text),
            ("sg__func__m__1__outer", ".fast.text.sg.m.func.1.outer", SectionKind::Text),
            ("sg__data__m__0", ".fast.rodata.sg.m.data.0", SectionKind::ReadOnlyData),
            ("sg__elements__m__0", ".fast.rodata.sg.m.elements.0", SectionKind::ReadOnlyData),
            ("sg__module__m", ".fast.rodata.sg.m", SectionKind::ReadOnlyData),
            ("sg__state__m", ".fast.bss.sg.m", SectionKind::UninitializedData),
            ("sg__memory__m__0", ".dtcm", SectionKind::UninitializedData),
        ] {
            let section = section_of(symbol);
            assert_eq!((section.name(), section.kind()), (Ok(name), kind), "{arch:?} {symbol}");
        }
        assert_eq!(section_of("sg__memory__m__0").align(), 4096);
        // The report lists the same sections, and its sums are theirs.
        for (total, kinds) in [
            (artifact.report.code_bytes, &[SectionKind::Text][..]),
            (artifact.report.read_only_bytes, &[SectionKind::ReadOnlyData]),
            (artifact.report.zero_bytes, &[SectionKind::UninitializedData]),
        ] {
            let sections = object.sections().filter(|section| kinds.contains(&section.kind()));
            assert_eq!(total, sections.map(|section| section.size()).sum::<u64>(), "{arch:?} {kinds:?}");
        }
        for section in &artifact.report.sections {
            assert_eq!(object.section_by_name(&section.name).map(|found| found.size()), Some(section.bytes), "{}", section.name);
        }
        let mut live = Live::new(arch, &artifact);
        assert_eq!(live.call("outer", "FiRi", &[1]), Ok(u64::from(b'a')), "{arch:?}");
        assert_eq!(live.call("outer", "FiRi", &[65536]), Err(Some(Code::MemoryOutOfBounds)));
    }
}

#[test]
fn the_report_of_one_section_each_is_the_object_s() {
    for arch in Arch::ALL {
        let artifact = fire(PARTS, &options(arch)).expect("compiles");
        let object = object::File::parse(&*artifact.object).expect("an object");
        let text = object.section_by_name(".text.sg.m").expect("there is code");
        assert_eq!(text.size(), artifact.report.code_bytes, "{arch:?}");
        let reserved = object.section_by_name(".bss.memory.sg.m").expect("there is a memory");
        assert_eq!((reserved.size(), reserved.align()), (65536, 16));
    }
}

#[test]
fn impossible_placements_are_refused() {
    let place = |change: &dyn Fn(&mut Options)| {
        let mut options = options(Arch::Riscv64);
        change(&mut options);
        fire("(module)", &options).map(|_| ()).map_err(|error| error.kind())
    };
    assert_eq!(place(&|options| options.placement.memory_align = Some(48)), Err(ErrorKind::Limit));
    assert_eq!(place(&|options| options.placement.memory_align = Some(0)), Err(ErrorKind::Limit));
    assert_eq!(place(&|options| options.placement.memory_align = Some(1 << 22)), Err(ErrorKind::Limit));
    assert_eq!(place(&|options| options.placement.section_prefix = "a b".to_owned()), Err(ErrorKind::Limit));
    assert_eq!(place(&|options| options.placement.memory_section = Some(String::new())), Err(ErrorKind::Limit));
    assert_eq!(place(&|options| options.placement.section_prefix = ".a-b_$9".to_owned()), Ok(()));
}

/// Without a meter, the code is that of a compiler that knows none; with one, code grows, and the numbers say so.
#[test]
fn meters_cost_only_where_they_are_asked_for() {
    for arch in Arch::ALL {
        let bytes = |meter| fire(SMALL, &Options { meter, ..options(arch) }).expect("compiles").report.code_bytes;
        assert!(bytes(Meter::Off) < bytes(Meter::Flag), "{arch:?}");
        assert!(bytes(Meter::Flag) < bytes(Meter::Fuel), "{arch:?}");
    }
}

/// A module of another version of the contract does not link, and the linker says which symbol is missing.
#[test]
fn another_version_of_the_contract_does_not_link() {
    let symbol = saggar_abi::names::ABI_VERSION_SYMBOL;
    let other = format!("{}9", &symbol[..symbol.len() - 1]);
    for arch in Arch::ALL {
        let mut object = fire("(module)", &options(arch)).expect("compiles").object;
        let place = object.windows(symbol.len()).position(|bytes| bytes == symbol.as_bytes()).expect("the symbol is named");
        object[place..place + symbol.len()].copy_from_slice(other.as_bytes());
        let Err(error) = link(arch, &[LinkInput { name: "m", bytes: &object }], &LinkOptions::default()) else {
            panic!("{arch:?}: it links");
        };
        assert!(error.to_string().contains(&other), "{arch:?}: {error}");
    }
}

/// Rust's own linker makes memories of single bytes: the module gets what it needs and nothing more.
#[test]
fn a_toolchain_that_knows_small_pages_is_served() {
    const SOURCE: &str = "#![no_std]
        #[panic_handler] fn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }
        static TABLE: [u8; 100] = [3; 100];
        #[unsafe(no_mangle)] pub extern \"C\" fn get(index: usize) -> u32 {
            // SAFETY: none is needed; whoever calls this wants to read beyond.
            unsafe { core::ptr::read_volatile(TABLE.as_ptr().wrapping_add(index)).into() }
        }";
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("small-pages");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    std::fs::write(folder.join("guest.rs"), SOURCE).expect("the source can be written");
    let mut rustc = std::process::Command::new("rustc");
    rustc.args(["--edition=2024", "--target=wasm32-unknown-unknown", "-O", "--crate-type=cdylib", "-Cpanic=abort"]);
    rustc.args(["-Clink-arg=--page-size=1", "-Clink-arg=-zstack-size=512", "guest.rs", "-o", "guest.wasm"]);
    let output = rustc.current_dir(&folder).output().expect("rustc runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let wasm = std::fs::read(folder.join("guest.wasm")).expect("there is a module");
    for arch in Arch::ALL {
        let artifact = compile(&wasm, &options(arch)).expect("compiles");
        let bytes = artifact.report.memory_bytes;
        assert!((612..1024).contains(&bytes), "{bytes} bytes of memory");
        let mut live = Live::new(arch, &artifact);
        assert_eq!(live.call("get", "FiRi", &[99]), Ok(3), "{arch:?}");
        // The table begins behind the stack, so this is beyond the memory's end, however little.
        assert_eq!(live.call("get", "FiRi", &[bytes - 512]), Err(Some(Code::MemoryOutOfBounds)), "{arch:?}");
    }
}

/// Who imports a memory of a fixed size relies on it; a memory that was given fewer bytes does not link up with such a module.
#[test]
fn an_importer_does_not_take_a_memory_that_was_made_smaller() {
    for arch in Arch::ALL {
        let together = |name: &str, text: &str, bytes: Option<u64>| {
            let mut options = Options::new(Target::new(arch), name);
            options.domain = Some("pair".to_owned());
            options.default_provider = saggar_compiler::Provider::Domain;
            options.memory_bytes = bytes;
            fire(text, &options).expect("compiles")
        };
        let small = together("small", r#"(module (memory (export "memory") 1 1))"#, Some(4096));
        let user = together(
            "user",
            r#"(module (import "small" "memory" (memory 1 1))
            (func (export "load") (result i32) (i32.load8_u (i32.const 60000))))"#,
            None,
        );
        let inputs = [("small", &small), ("user", &user)].map(|(name, artifact)| LinkInput { name, bytes: &artifact.object });
        let image = link(arch, &inputs, &LinkOptions::default()).expect("links");
        let mut runner = Runner::start(arch, RunnerOptions::default()).expect("the runner starts");
        runner.load(&image).expect("the image loads");
        let mut live = Live { image, runner };
        assert_eq!(live.symbol("sg__instantiate__small", &[]), Ok(0));
        assert_eq!(live.symbol("sg__instantiate__user", &[]), Err(Some(Code::Unlinkable)), "{arch:?}");
        assert_eq!(live.symbol("sg__entry__user__load__FRi", &[]), Err(Some(Code::NotInstantiated)), "{arch:?}");
    }
}

/// What a host grants to one module, another does not get by asking for the same.
#[test]
fn a_namespace_keeps_host_functions_apart() {
    const TEXT: &str = r#"(module (import "host" "set" (func $set (param i32) (result i32)))
      (func (export "f") (param i32) (result i32) (call $set (local.get 0))))"#;
    const GRANTED: &str = r#"#![no_std]
        #[unsafe(export_name = "sg__host__granted__host__set__FiRi")] extern "C" fn set(value: i32) -> i32 { value + 1 }"#;
    for arch in Arch::ALL {
        let fire = |name: &str| {
            let options = Options { host_namespace: Some(name.to_owned()), ..Options::new(Target::new(arch), name) };
            fire(TEXT, &options).expect("the module compiles").object
        };
        let host = rust_object(arch, GRANTED).expect("the host is built");
        let (granted, refused) = (fire("granted"), fire("refused"));
        let inputs =
            [("host", &host), ("granted", &granted), ("refused", &refused)].map(|(name, bytes)| LinkInput { name, bytes });
        let image = link(arch, &inputs[..2], &LinkOptions::default()).expect("what is granted links");
        let mut runner = Runner::start(arch, RunnerOptions::default()).expect("the runner starts");
        runner.load(&image).expect("the image loads");
        for (symbol, slots) in [("sg__instantiate__granted", vec![]), ("sg__entry__granted__f__FiRi", vec![6])] {
            let address = image.symbol(symbol).expect("the symbol is in the image");
            let outcome = runner.call(address, &slots, 1, STACK_BYTES).expect("the runner answers");
            let Outcome::Completed { code: 0, slots: results, .. } = outcome else { panic!("{symbol}: {outcome:?}") };
            assert!(slots.is_empty() || results[0] & 0xffff_ffff == 7, "{results:?}");
        }
        let error = link(arch, &inputs, &LinkOptions::default()).expect_err("what is not granted does not link").to_string();
        assert!(error.contains("sg__host__refused__host__set__FiRi"), "{error}");
        assert!(!error.contains("granted__host"), "{error}");
    }
}

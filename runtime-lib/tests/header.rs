//! The C header says what the contract says, and works as C99 and as C++ without a warning.

use saggar_abi::trap::{Code, FIRST_REFUSAL};
use saggar_abi::{VERSION, layout};
use saggar_runtime::V128;
use std::path::Path;
use std::process::Command;

const HEADER: &str = include_str!("../include/saggar.h");

/// `IntegerOverflow` → `INTEGER_OVERFLOW`.
fn screaming(name: &str) -> String {
    let mut out = String::new();
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}

#[test]
fn numbers_are_those_of_the_contract() {
    let listed = HEADER.matches("    SAGGAR_TRAP_").count();
    assert_eq!(listed, Code::ALL.len());
    for &code in Code::ALL {
        let line = format!("    SAGGAR_TRAP_{} = {},\n", screaming(code.name()), code as u32);
        assert!(HEADER.contains(&line), "{line}");
        assert!(HEADER.contains(&format!("    /* {} */\n{line}", code.description())), "{line}");
    }
    assert!(HEADER.contains(&format!("SAGGAR_FIRST_REFUSAL = {FIRST_REFUSAL}\n")));
    assert!(HEADER.contains(&format!("#define SAGGAR_ABI_VERSION {VERSION}\n")));
    assert_eq!(layout::cell::INDIRECT, 1);
}

#[test]
fn layouts_are_those_of_the_contract() {
    use layout::{memory, table};
    for (record, fields) in [
        (
            "memory",
            &[
                ("base", memory::BASE),
                ("size_bytes", memory::SIZE_BYTES),
                ("reserve_bytes", memory::RESERVE_BYTES),
                ("max_pages", memory::MAX_PAGES),
                ("page_bytes_log2", memory::PAGE_BYTES_LOG2),
            ][..],
        ),
        ("table", &[("base", table::BASE), ("size", table::SIZE), ("reserve", table::RESERVE), ("max", table::MAX)][..]),
    ] {
        let (_, rest) = HEADER.split_once(&format!("typedef struct saggar_{record} {{\n")).unwrap();
        let (body, _) = rest.split_once('}').unwrap();
        let listed: Vec<&str> = body.lines().map(str::trim).collect();
        let expected: Vec<String> = fields.iter().map(|(name, _)| format!("uintptr_t {name};")).collect();
        assert_eq!(listed, expected);
        assert!(fields.iter().enumerate().all(|(index, (_, offset))| offset.0 as usize == index));
    }
}

#[test]
fn compiles_without_warnings_and_works() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (language, standard) in [("c", "-std=c99"), ("c++", "-std=c++11")] {
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("header-{}", language.len()));
        // The compiler that Rust links with is there wherever this test is.
        let mut compiler = Command::new("cc");
        compiler.args([
            "-x",
            language,
            standard,
            "-Wall",
            "-Wextra",
            "-Wconversion",
            "-Wno-missing-field-initializers",
            "-pedantic",
            "-Werror",
            "-I",
        ]);
        let output =
            compiler.arg(here.join("include")).arg(here.join("tests/header.c")).arg("-o").arg(&program).output().unwrap();
        assert!(output.status.success(), "{language}: {}", String::from_utf8_lossy(&output.stderr));
        let status = Command::new(&program).status().unwrap();
        assert!(status.success(), "{language}: tests/header.c, line {status}");
    }
}

/// Has the C compiler look at assertions about the header, on this machine.
fn assert_in_c(name: &str, assertions: &[String]) {
    let source = format!("#include \"saggar.h\"\n{}", assertions.concat());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, source).unwrap();
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    let output = Command::new("cc").args(["-std=c11", "-fsyntax-only", "-I"]).arg(include).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Where C puts the fields of the domain record, on this machine.
#[test]
fn the_domain_record_is_that_of_the_contract() {
    use layout::domain;
    let field = |name: &str, offset: layout::Words| {
        format!("_Static_assert(offsetof(saggar_domain, {name}) == {} * sizeof(uintptr_t), \"{name}\");\n", offset.0)
    };
    let fields = [
        ("owner", domain::OWNER),
        ("trap_sp", domain::TRAP_SP),
        ("stack_limit", domain::STACK_LIMIT),
        ("interrupt.flag", domain::INTERRUPT),
        ("fuel.amount", domain::FUEL),
        ("epoch", domain::EPOCH),
        ("stack_end", domain::STACK_END),
    ];
    let mut assertions: Vec<String> = fields.into_iter().map(|(name, offset)| field(name, offset)).collect();
    assertions.push(format!("_Static_assert(sizeof(saggar_domain) == {} * sizeof(uintptr_t), \"size\");\n", domain::SIZE.0));
    assert_in_c("domain.c", &assertions);
}

/// A vector is the same to C and to Rust: a host function of either gets a pointer to the one or the other.
#[test]
fn a_vector_is_that_of_rust() {
    assert_eq!(size_of::<V128>(), 2 * layout::SLOT_BYTES as usize);
    let mut assertions = vec![
        format!("_Static_assert(sizeof(saggar_v128) == {}, \"size\");\n", size_of::<V128>()),
        format!("_Static_assert(_Alignof(saggar_v128) == {}, \"alignment\");\n", align_of::<V128>()),
    ];
    for field in ["bytes", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2", "slots"] {
        assertions.push(format!("_Static_assert(offsetof(saggar_v128, {field}) == 0, \"{field}\");\n"));
        assertions.push(format!("_Static_assert(sizeof(((saggar_v128 *)0)->{field}) == 16, \"{field}\");\n"));
    }
    assert_in_c("vector.c", &assertions);
}

//! New skills as a person makes them: in each language one that builds, passes its test, speaks, and is small.

#[path = "../../cli/tests/common/mod.rs"]
#[allow(dead_code, reason = "every test takes what it needs")]
mod common;

use common::{Folder, answer, complaints, expect};

const PROGRAM: &str = env!("CARGO_BIN_EXE_xtask");

/// The number before ` bytes` in a line of the report.
fn bytes(report: &str, what: &str) -> u64 {
    let line = report.lines().find(|line| line.trim_start().starts_with(what)).unwrap_or_else(|| panic!("{what}: {report}"));
    let number = line.split(" bytes").next().and_then(|line| line.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{line}"))
}

#[test]
fn a_skill_in_each_language_speaks_and_is_small() {
    let folder = Folder::new();
    for (language, source, module, memory) in
        [("rust", "src/lib.rs", 16_000, 16_384), ("c", "coffee_maker.c", 2_000, 4_096), ("as", "coffee_maker.ts", 8_000, 65_536)]
    {
        let into = folder.path().join(language);
        std::fs::create_dir(&into).unwrap();
        let arguments = ["new-skill", "coffee_maker", "--lang", language, "--into", language];
        let report = answer(&expect(PROGRAM, &folder, &arguments, 0));
        assert!(report.contains("\"say hello to coffee maker\" is answered by \"Hello from coffee maker.\""), "{report}");
        assert!(bytes(&report, "module") <= module, "{report}");
        assert!(bytes(&report, "memory") <= memory, "{report}");
        assert!(report.contains("; a speaker links it"), "{report}");
        assert!((1..20_000).contains(&bytes(&report, "fired")), "{report}");
        if language != "as" {
            assert!(bytes(&report, "stack") <= 8_192, "{report}");
            assert!(report.contains("not the 1088 that a linker gives a module by default"), "{report}");
        }
        for file in [source, "skill.toml", "intents.en.yaml", "tests.txt"] {
            let text = String::from_utf8(folder.read(&format!("{language}/coffee_maker/{file}"))).unwrap();
            assert!(!text.contains("{{"), "{file}: {text}");
        }
        let again = complaints(&expect(PROGRAM, &folder, &arguments, 2));
        assert!(again.contains("there is `coffee_maker` already"), "{again}");
    }
}

#[test]
fn what_cannot_be_made_is_refused() {
    let folder = Folder::new();
    for (arguments, words) in [
        (&["Coffee-Maker", "--lang", "c", "--into", "."][..], "`coffee_maker`"),
        (&["timer", "--lang", "c", "--into", "."], "there is `timer` already"),
        (&["wasmi", "--lang", "rust", "--into", "."], "a library"),
        (&["tea", "--lang", "c", "--into", "absent"], "--into names a folder that exists already"),
        (&["tea", "--lang", "cobol", "--into", "."], "rust"),
        (&["tea"], "--lang"),
    ] {
        let arguments = [&["new-skill"], arguments].concat();
        let code = if arguments.contains(&"absent") { 7 } else { 2 };
        let told = complaints(&expect(PROGRAM, &folder, &arguments, code));
        assert!(told.contains(words), "{told}");
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing is left behind");
}

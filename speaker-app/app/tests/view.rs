//! What a person sees on a terminal.
#![expect(clippy::tests_outside_test_module, reason = "integration tests are")]

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use std::process::{Command, Stdio};
use support::Folder;

#[test]
fn a_terminal_shows_state_level_score_skills_and_frames() {
    let folder = Folder::new();
    let program = env!("CARGO_BIN_EXE_saggar-speaker");
    let state = folder.0.join("state");
    let mut on_a_terminal = Command::new("script");
    on_a_terminal.args(["-qec", &format!("{program} --state {} --seconds 2", state.display()), "/dev/null"]);
    on_a_terminal.envs(folder.environment()).stdin(Stdio::null());
    let output = on_a_terminal.output().expect("Debian's bsdutils has `script`");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{shown}");
    for part in ["● idle", "level", "wake 0.00", "hearing: frame", "equaliser", "skills:", "timer", "weather", "not learnt yet"]
    {
        assert!(shown.contains(part), "`{part}` is not in {shown}");
    }
    // It renews its lines: back to the first of them.
    assert!(shown.matches("● idle").count() > 2 && shown.contains("\x1b["), "{shown}");
}

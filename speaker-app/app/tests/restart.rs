//! What was promised before the program ended is kept after it has begun again.
#![expect(clippy::tests_outside_test_module, reason = "integration tests are")]

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use saggar_speaker::event::Happening;
use support::Folder;

#[test]
fn a_timer_and_a_list_outlive_the_program() {
    let folder = Folder::new();
    let mut live = folder.live(|_| ());
    live.type_line("add oat milk to my shopping list");
    live.until_says("oat milk");
    live.type_line("set a timer for twelve seconds");
    live.until_says("timer is set");
    live.end();
    // The timer is due while nothing runs, or soon after.
    let mut live = folder.live(|_| ());
    // It rings once, though the skill that is told of it has just been started and looks for timers that nobody runs.
    live.until("the timer", |event| matches!(event, Happening::Rings { skill } if skill == "timer"));
    live.until("its words", |event| {
        assert!(!matches!(event, Happening::Rings { .. }), "it rings twice");
        matches!(event, Happening::Says { text } if text.contains("timer is done"))
    });
    live.type_line("stop");
    live.type_line("what is on my shopping list");
    live.until("the list", |event| {
        assert!(!matches!(event, Happening::Rings { .. }), "it rings twice");
        matches!(event, Happening::Says { text } if text.contains("oat milk"))
    });
    live.type_line("what is on my shopping list");
    live.until_says("oat milk");
    // Killed: nothing is said at the end, and nothing is lost.
    live.type_line("set a timer for one hour");
    live.until_says("timer is set");
    drop(live);
    let mut live = folder.live(|_| ());
    live.type_line("how much time is left");
    live.until_says("left");
    live.type_line("what is on my shopping list");
    live.until_says("oat milk");
    live.end();
}

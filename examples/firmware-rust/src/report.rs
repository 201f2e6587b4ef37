//! What the firmware says of itself: checks that it makes, and values that whoever runs it compares with another engine's.

use crate::console::Line;
use saggar_runtime::Trap;

/// Counts what failed.
pub(crate) struct Report {
    failed: u32,
}

impl Report {
    /// Nothing yet.
    pub(crate) fn new() -> Report {
        Report { failed: 0 }
    }

    /// `ok SUBJECT: WHAT`, or `FAILED SUBJECT: WHAT`.
    pub(crate) fn check(&mut self, subject: &str, what: &str, good: bool) {
        self.failed += u32::from(!good);
        Line::new().text(if good { "ok " } else { "FAILED " }).text(subject).text(": ").text(what).print();
    }

    /// `value NAME NUMBER`.
    pub(crate) fn value(&mut self, name: &str, value: u64) {
        Line::new().text("value ").text(name).text(" ").hex(value).print();
    }

    /// `value NAME.NUMBER NUMBER`, for one of many.
    pub(crate) fn numbered(&mut self, name: &str, number: u64, value: u64) {
        Line::new().text("value ").text(name).text(".").decimal(number).text(" ").hex(value).print();
    }

    /// `trap MODULE WHAT CODE PC`: which call of which module ended how and where.
    pub(crate) fn trap(&mut self, module: &str, what: &str, trap: Trap) {
        let mut line = Line::new();
        line.text("trap ").text(module).text(" ").text(what).text(" ").decimal(trap.number as u64).text(" ").hex(trap.pc as u64);
        line.print();
    }

    /// 0 when all checks held.
    pub(crate) fn exit_code(&self) -> i32 {
        i32::from(self.failed != 0)
    }
}

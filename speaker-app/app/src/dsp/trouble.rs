//! Faults in real time, for the evaluation: while they are on, one stage in twelve fails in each frame of the threads that hear and play.

use super::stage::{LOOPS, Stage};
use std::sync::atomic::{AtomicBool, Ordering};

static ON: AtomicBool = AtomicBool::new(false);

/// Switches them on, or off.
pub(crate) fn toggle() {
    ON.fetch_xor(true, Ordering::Relaxed);
}

/// What fails next, the same every time: Knuth's linear congruence, as his MMIX has it.
pub(crate) struct Trouble(u64);

impl Trouble {
    pub(crate) const NONE: Trouble = Trouble(5);

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// Lets stages fail in this frame: traps, endless loops, and too little fuel at any operator.
    pub(crate) fn plant<'a>(&mut self, stages: impl Iterator<Item = &'a mut Stage>) {
        if !ON.load(Ordering::Relaxed) {
            return;
        }
        for stage in stages {
            if self.below(12) != 0 {
                continue;
            }
            match self.below(3) {
                0 => stage.plant(1),
                1 => stage.plant(LOOPS),
                _ => {
                    let most = stage.most_fuel.max(2);
                    stage.cut(1 + self.below(most - 1));
                }
            }
        }
    }
}

//! Whether frames allocate: a whole conversation is counted, and so is an allocation that is planted, which must be seen.

use super::session::{Room, trial};
use super::{Figure, Plan, Wanted};
use crate::alloc;
use crate::program::Failure;
use crate::program::files::frames;
use saggar_trials::{Noise, Talker};

pub(super) fn measure(plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let set = plan.set.load()?;
    let phrase = set.phrases.first().cloned().unwrap_or_default();
    let talker = Talker::in_turn(&set, 0);
    let mut room = Room::new(&crate::config::Config::default(), &phrase, &talker, true)?;
    let before = alloc::count();
    let mut count = 0_u64;
    for index in [0, 14, 8, 21] {
        let sound = trial(talker.command(&phrase, index.min(set.commands.len() - 1), Noise::Clean))?;
        for frame in frames(&sound.samples) {
            room.frame(&frame);
            count += 1;
        }
    }
    let allocated = alloc::count() - before;
    let planted = planted();
    let figure = |what: &str, value: u64, wanted, of| Figure {
        part: "allocation",
        what: what.to_owned(),
        value: super::count(usize::try_from(value).unwrap_or(usize::MAX)),
        unit: "",
        wanted: Some(wanted),
        of,
    };
    Ok(vec![
        figure("allocations and frees while frames are captured and played", allocated, Wanted::AtMost(0.0), count),
        figure("of one planted allocation and its free, seen", planted, Wanted::AtLeast(2.0), 1),
    ])
}

/// Allocates where it must not, and says how much of that was counted.
fn planted() -> u64 {
    let before = alloc::count();
    alloc::watched(|| drop(std::hint::black_box(Box::new([0_u8; 64]))));
    alloc::count() - before
}

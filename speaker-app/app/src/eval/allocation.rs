//! Whether frames allocate: a whole conversation is counted, and another in which one allocation is planted, which must not pass.

use super::session::{Room, trial};
use super::{Figure, Plan, Wanted};
use crate::alloc;
use crate::program::Failure;
use crate::program::files::frames;
use saggar_trials::{Noise, Set, Talker};

pub(super) fn measure(plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let set = plan.set.load()?;
    let phrase = set.phrases.first().cloned().unwrap_or_default();
    let talker = Talker::in_turn(&set, 0);
    let mut room = Room::new(&crate::config::Config::default(), &phrase, &talker, true)?;
    let honest = conversation(&mut room, &set, &talker, &phrase, &[0, 14, 8, 21], false)?;
    let planted = conversation(&mut room, &set, &talker, &phrase, &[0], true)?;
    let caught = u8::from(!figure(planted).holds());
    Ok(vec![
        figure(honest),
        Figure {
            part: "allocation",
            what: "conversations with a planted allocation that do not pass".to_owned(),
            value: f64::from(caught),
            unit: "",
            wanted: Some(Wanted::AtLeast(1.0)),
            of: 1,
        },
    ])
}

/// What of it may be: nothing.
fn figure((allocated, of): (u64, u64)) -> Figure {
    Figure {
        part: "allocation",
        what: "allocations and frees while frames are captured and played".to_owned(),
        value: super::count(usize::try_from(allocated).unwrap_or(usize::MAX)),
        unit: "",
        wanted: Some(Wanted::AtMost(0.0)),
        of,
    }
}

/// Says commands of a set; the allocations and frees in audio threads meanwhile, and the frames. With `planted`, one frame in the middle
/// allocates.
fn conversation(
    room: &mut Room,
    set: &Set,
    talker: &Talker<'_>,
    phrase: &str,
    commands: &[usize],
    planted: bool,
) -> Result<(u64, u64), Failure> {
    #[cfg(not(feature = "faults"))]
    let _ = planted;
    let before = alloc::count();
    let mut count = 0_u64;
    for index in commands {
        let sound = trial(talker.command(phrase, (*index).min(set.commands.len() - 1), Noise::Clean))?;
        for frame in frames(&sound.samples) {
            #[cfg(feature = "faults")]
            if planted && count == 100 {
                alloc::plant();
            }
            room.frame(&frame);
            count += 1;
        }
    }
    Ok((alloc::count() - before, count))
}

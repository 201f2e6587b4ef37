//! The speaker's own sounds are to be heard, and do not click.

mod made;

use made::{level, rms};
use saggar_media::tone;

#[test]
fn sounds_begin_and_end_in_silence() {
    for (sound, ms) in
        [(tone::timer_ring(), 1500), (tone::alarm_ring(), 2000), (tone::wake_chime(), 180), (tone::error_chime(), 320)]
    {
        assert_eq!(sound.len(), 48 * ms);
        assert!(sound.iter().all(|sample| sample.abs() < 1.0), "nothing is clipped");
        assert!(rms(&sound) > 0.02);
        assert!(sound[0].abs() < 1e-3 && sound[sound.len() - 1].abs() < 1e-3);
        let steepest = sound.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        // A sine of 1,568 Hz at full scale steps by 0.205.
        assert!(steepest < 0.2, "{steepest}");
    }
}

#[test]
fn rings_differ_from_each_other() {
    assert!(level(&tone::timer_ring()[..4800], 1046.5) > 0.1);
    assert!(level(&tone::alarm_ring()[..4800], 1568.0) > 0.1);
    assert!(level(&tone::alarm_ring()[..4800], 1046.5) < 0.05);
    assert!(level(&tone::wake_chime()[..2880], 784.0) > level(&tone::wake_chime()[4000..6880], 784.0));
}

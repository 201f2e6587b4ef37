//! What a frame is while every stage of the capture side fails at once.
#![cfg(feature = "faults")]
#![expect(clippy::tests_outside_test_module, reason = "integration tests are")]

use saggar_speaker::config::{Capture, StageConfig};
use saggar_speaker::dsp::chain::{Chain, FRAME, HEARD};

/// The resampler's input decimated, and what others were given; somebody speaks, for all that is known, and nobody has said the wake word.
#[test]
fn every_stage_passes_by_as_it_is_defined() {
    let stage = ["denoise", "resample", "canceller", "echo", "wake", "voice"];
    let stage = stage.map(|module| StageConfig { module: module.to_owned(), ..StageConfig::default() });
    let mut chain = Chain::take(&Capture { stage: stage.into() }, &[], None).expect("nobody else has the modules");
    let tone = |n: usize| f32::from(u16::try_from(n % 97).expect("small")) / 97.0 - 0.5;
    let microphone: [f32; FRAME] = std::array::from_fn(tone);
    let played: [f32; FRAME] = std::array::from_fn(|n| tone(n + 31));
    for round in 0..3 {
        // As it is when nothing fails: something else, and after a while nobody speaks.
        for _ in 0..100 {
            chain.process(&[0.0; FRAME], &[0.0; FRAME]);
        }
        assert!(!chain.process(&[0.0; FRAME], &[0.0; FRAME]).speech, "round {round}");
        for kind in [1, 2] {
            chain.fail(kind);
            let heard = chain.process(&microphone, &played);
            for n in 0..HEARD {
                let mean = (microphone[3 * n] + microphone[3 * n + 1] + microphone[3 * n + 2]) / 3.0;
                assert_eq!(heard.samples[n].to_bits(), mean.to_bits(), "round {round}, fault {kind}, sample {n}");
            }
            assert_eq!((heard.speech, heard.woken, heard.score), (true, false, 0.0), "round {round}, fault {kind}");
            // All are started anew before the next.
            chain.process(&[0.0; FRAME], &[0.0; FRAME]);
        }
        for stage in chain.stages() {
            assert_eq!((stage.bypassed, stage.restarts), (2 * (round + 1), 2 * (round + 1)), "{}", stage.name());
        }
    }
}

//! A stage that keeps no promise (`speaker-app/hostile/stage.wat`): a frame in which it fails is what the bypass is defined to be, bit by
//! bit, and the next is its own again.

use super::module::module;
use super::repair::{Repair, Workshop};
use super::stage::{Bypass, Failure, Recipe, Stage};
use saggar_abi::trap::Code;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

module!(hostile_stage::HostileStage);

const FRAME: usize = 480;

fn recipe(rate_hz: i32) -> Recipe {
    Recipe { name: "hostile", rate_hz, frame: 480, parameters: Vec::new(), state: Vec::new(), fuel: 100_000 }
}

fn input() -> [f32; FRAME] {
    std::array::from_fn(|n| (n as f32 * 0.37).sin())
}

/// What a frame is, bit by bit.
#[derive(Debug, PartialEq)]
enum Frame {
    /// The module's own: half of the input.
    Own,
    /// The input.
    Input,
    /// Anything else.
    Other,
}

fn look(output: &[f32; FRAME]) -> Frame {
    let is = |gain: f32| input().iter().zip(output).all(|(input, output)| (input * gain).to_bits() == output.to_bits());
    if is(0.5) {
        Frame::Own
    } else if is(1.0) {
        Frame::Input
    } else {
        Frame::Other
    }
}

#[test]
fn a_failed_frame_is_the_defined_bypass_and_the_next_its_own() {
    let module = Box::new(hostile_stage::HostileStage::take().expect("one test uses it"));
    let mut stage = Stage::new(module, recipe(48_000), FRAME, Bypass::Copy(7), Repair::AtOnce(None)).expect("it starts");
    // 48 samples of 480 in 10 ms.
    assert_eq!(stage.latency_us(), 1_000);
    let input = input();
    let mut output = [0.0; FRAME];
    let mut process = |stage: &mut Stage| {
        output.fill(9.0);
        let answer = stage.process(&input, &input, &mut output);
        (answer, look(&output))
    };
    assert_eq!(process(&mut stage), ((1, true), Frame::Own));
    type Right = fn(Failure) -> bool;
    let trapped: Right = |failure| matches!(failure, Failure::Trapped(_));
    let out_of_bounds: Right =
        |failure| matches!(failure, Failure::Trapped(trap) if trap.code() == Some(Code::MemoryOutOfBounds));
    let kinds: [(i32, Right); 12] = [
        (10, |failure| failure == Failure::Buffer),
        (11, |failure| failure == Failure::Buffer),
        (12, |failure| failure == Failure::Buffer),
        (13, |failure| failure == Failure::Buffer),
        (14, |failure| failure == Failure::Buffer),
        (15, |failure| failure == Failure::Buffer),
        (16, trapped),
        (20, |failure| failure == Failure::Refused(-5)),
        (21, |failure| failure == Failure::Refused(i32::MIN)),
        (30, trapped),
        (31, |failure| failure == Failure::Late),
        (32, out_of_bounds),
    ];
    for (times, (kind, right)) in (1..).zip(kinds) {
        stage.plant(kind);
        assert_eq!(process(&mut stage), ((7, false), Frame::Input), "{kind}");
        assert!(stage.failure.is_some_and(right) && !stage.is_running(), "{kind}: {:?}", stage.failure);
        assert_eq!(process(&mut stage), ((1, true), Frame::Own), "after {kind}");
        assert_eq!((stage.bypassed, stage.restarts), (times, times), "{kind}");
    }
    // What is no number becomes silence: it is no failure.
    stage.plant(22);
    let mut heard = [9.0; FRAME];
    assert_eq!(stage.process(&input, &input, &mut heard), (1, true));
    assert_eq!(heard[..3], [0.0; 3]);
    heard[..3].iter_mut().zip(input).for_each(|(sample, input)| *sample = input * 0.5);
    assert_eq!(look(&heard), Frame::Own);
    // Too little fuel, at any operator.
    let whole = stage.most_fuel;
    for fuel in [0, 1, whole / 3, whole / 2] {
        stage.cut(fuel);
        assert_eq!(process(&mut stage), ((7, false), Frame::Input), "{fuel} of {whole}");
        assert_eq!(process(&mut stage), ((1, true), Frame::Own));
    }
    stage.cut(whole);
    assert_eq!(process(&mut stage), ((1, true), Frame::Own));
    // A parameter that it never takes costs no more than a frame, since it may be a frame's time.
    stage.set_parameter(8, 1.0);
    assert_eq!((stage.failure, stage.is_running()), (Some(Failure::Late), false));
    stage.live = [None; 32];
    assert_eq!(process(&mut stage), ((1, true), Frame::Own));
    // What was told while it ran holds after a restart, and a trap in that is one of the stage's.
    stage.set_parameter(1, 0.25);
    stage.plant(30);
    process(&mut stage);
    assert_eq!(stage.process(&input, &input, &mut heard), (1, true));
    assert_eq!(heard[1], input[1] * 0.25);
    stage.set_parameter(9, 0.0);
    assert!(stage.failure.is_some_and(trapped) && !stage.is_running());
    // It is told the same again, and fails again: for ever bypassed, and nothing else happens.
    for _ in 0..3 {
        assert_eq!(process(&mut stage), ((7, false), Frame::Input));
    }
    decimates(stage);
}

/// The resampler's bypass: the mean of each three samples. And a module that refuses to start is no stage.
fn decimates(broken: Stage) {
    let module = broken.into_module().expect("it is kept for its restart");
    let mut stage = Stage::new(module, recipe(48_000), FRAME / 3, Bypass::Decimate, Repair::AtOnce(None)).expect("it starts");
    let input = input();
    let mut output = [9.0; FRAME];
    stage.plant(31);
    assert_eq!(stage.process(&input, &[], &mut output), (0, false));
    for (n, sample) in output[..FRAME / 3].iter().enumerate() {
        let mean = (input[3 * n] + input[3 * n + 1] + input[3 * n + 2]) / 3.0;
        assert_eq!(sample.to_bits(), mean.to_bits(), "sample {n}");
    }
    elsewhere(stage);
}

/// In real time a module is started anew by another thread: until it is back, frames are bypassed and nobody waits.
fn elsewhere(broken: Stage) {
    let mut module = broken.into_module().expect("it is kept for its restart");
    assert_eq!(recipe(1).start(module.as_mut()), Err(Failure::Refused(-7)));
    let mut workshop = Workshop::new();
    let repair = workshop.bench(recipe(48_000));
    let mut stage = Stage::new(module, recipe(48_000), FRAME, Bypass::Copy(0), repair).expect("it starts");
    let input = input();
    let mut output = [0.0; FRAME];
    let mut process = |stage: &mut Stage| (stage.process(&input, &[], &mut output), look(&output));
    assert_eq!(process(&mut stage), ((1, true), Frame::Own));
    stage.plant(30);
    // Nobody works there yet.
    for bypassed in 1..=5 {
        assert_eq!(process(&mut stage), ((0, false), Frame::Input));
        assert_eq!((stage.bypassed, stage.restarts), (bypassed, 0));
    }
    // The reason that is told is the failure's, not that it is away.
    assert!(matches!(stage.failure, Some(Failure::Trapped(_))));
    let stop = Arc::new(AtomicBool::new(false));
    let worker = workshop.start(Arc::clone(&stop)).expect("a thread");
    for restarts in 1..=20 {
        let begin = Instant::now();
        while !process(&mut stage).0.1 {
            assert!(begin.elapsed() < Duration::from_secs(20), "it does not come back");
            thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(stage.restarts, restarts);
        assert_eq!(process(&mut stage), ((1, true), Frame::Own));
        stage.plant(if restarts % 2 == 0 { 30 } else { 31 });
        assert!(!process(&mut stage).0.1);
    }
    stop.store(true, Ordering::Relaxed);
    worker.join().expect("it does not panic");
}

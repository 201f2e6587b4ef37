//! A whole speaker in this process, frame by frame: what is heard of its music while it speaks, rings and listens.
#![expect(clippy::tests_outside_test_module, reason = "integration tests are")]

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use saggar_speaker::config::Config;
use saggar_speaker::dsp::chain::FRAME;
use saggar_speaker::enrol;
use saggar_speaker::event::{Event, Happening, State};
use saggar_speaker::speaker::Speaker;
use saggar_speech::{Audio, to_i16};
use saggar_trials::{Noise, RATE_HZ, Set, Talker};
use std::f32::consts::TAU;
use support::Folder;

/// The music is a tone that no voice has.
const MUSIC_HZ: f32 = 15_000.0;
/// How loud it is.
const LEVEL: f32 = 0.3;
/// Frames within which anything that is waited for happens.
const PATIENCE: usize = 3_000;

/// A speaker and what happened.
struct Room {
    speaker: Speaker,
    events: Vec<Event>,
    /// What it played since it was asked last.
    heard: Vec<f32>,
}

impl Room {
    /// Lets a frame pass in which somebody says this.
    fn frame(&mut self, said: &[f32; FRAME]) {
        self.heard.extend(self.speaker.frame(said));
        self.events.extend(self.speaker.take_events());
    }

    fn frames(&mut self, count: usize) {
        (0..count).for_each(|_| self.frame(&[0.0; FRAME]));
    }

    fn until(&mut self, what: &str, mut wanted: impl FnMut(&mut Room) -> bool) {
        for _ in 0..PATIENCE {
            if wanted(self) {
                return;
            }
            self.frame(&[0.0; FRAME]);
        }
        panic!("{what} did not happen, but {:?}", self.events);
    }

    fn happened(&self, wanted: impl Fn(&Happening) -> bool) -> bool {
        self.events.iter().any(|event| wanted(&event.what))
    }

    fn is(&self, state: State) -> bool {
        self.speaker.parts.dialog.state() == state
    }

    fn tell(&mut self, text: &str) {
        self.events.clear();
        self.speaker.parts.dialog.tell(text);
        self.events.extend(self.speaker.take_events());
    }

    fn says(&mut self, text: &str, part: &str) {
        self.tell(text);
        self.until(part, |room| room.happened(|what| matches!(what, Happening::Says { text } if text.contains(part))));
        self.until("the end of it", |room| room.is(State::Idle));
    }

    /// How loud the music was in the next frames, 0 to 1, and how loud everything.
    fn music(&mut self, frames: usize) -> (f32, f32) {
        self.heard.clear();
        self.frames(frames);
        loudness(&self.heard)
    }
}

/// The amplitude of the music in samples, and the peak of everything.
#[expect(clippy::cast_precision_loss, reason = "seconds of sound")]
fn loudness(samples: &[f32]) -> (f32, f32) {
    let (mut re, mut im) = (0.0_f32, 0.0_f32);
    for (n, sample) in samples.iter().enumerate() {
        // Whole periods in 16 samples, so that the phase stays exact.
        let phase = TAU * MUSIC_HZ / 48_000.0 * (n % 16) as f32;
        re += sample * phase.cos();
        im += sample * phase.sin();
    }
    let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    (2.0 * re.hypot(im) / samples.len() as f32, peak)
}

fn near(value: f32, wanted: f32) -> bool {
    (value - wanted).abs() < 0.1 * wanted
}

#[expect(clippy::cast_precision_loss, reason = "seconds of sound")]
fn room(folder: &Folder, talker: &Talker<'_>, phrase: &str) -> Room {
    let music = folder.0.join("music");
    std::fs::create_dir_all(&music).expect("a folder");
    let tone: Vec<f32> = (0..120 * 48_000).map(|n| LEVEL * (TAU * MUSIC_HZ / 48_000.0 * (n % 16) as f32).sin()).collect();
    Audio { rate_hz: 48_000, samples: to_i16(&tone) }.write_wav(&music.join("jazz.wav")).expect("a piece of music");
    let text = format!(
        "[wake]\nphrase = \"{phrase}\"\n[music]\nfolder = {:?}\n[time]\nutc_offset_minutes = 60\n",
        folder.0.join("music")
    );
    let config = Config::read(&folder.file("speaker.toml", text.as_bytes())).expect("valid");
    let mut speaker = Speaker::new(&config, &folder.0.join("state"), 1_764_324_900_000).expect("all of it is there");
    for recording in talker.enrolment(phrase).expect("espeak-ng is installed") {
        let mut frames = recording.as_chunks::<FRAME>().0.iter().copied();
        enrol::record(&mut speaker.parts.chain, || frames.next()).expect("it is taken");
    }
    let events = speaker.take_events();
    Room { speaker, events, heard: Vec::new() }
}

#[test]
fn music_speech_alarms_and_the_wake_word_share_one_loudspeaker() {
    let set = Set::work().expect("the working set");
    let (talker, phrase) = (Talker::in_turn(&set, 0), &set.phrases[0]);
    let folder = Folder::new();
    let mut room = room(&folder, &talker, phrase);
    // Nothing is missing, and every sentence has a skill.
    let problems = |room: &Room| {
        let texts = room.events.iter().filter_map(|event| match &event.what {
            Happening::Problem { text } if !text.contains("not learnt yet") && !text.contains("moonshine") => Some(text.clone()),
            _ => None,
        });
        texts.collect::<Vec<_>>()
    };
    assert_eq!(problems(&room), Vec::<String>::new());

    room.says("play jazz", "laying");
    room.frames(50);
    let (alone, peak) = room.music(100);
    assert!(near(alone, LEVEL) && near(peak, LEVEL), "the music alone: {alone}, {peak}");

    // It is quieter by 15 dB while something is said, and as loud as before afterwards.
    room.tell("what time is it");
    room.until("its answer", |room| room.is(State::Speaking));
    room.frames(20);
    let (ducked, peak) = room.music(50);
    assert!(room.is(State::Speaking), "it says more than half a second");
    assert!(near(ducked, LEVEL * 10_f32.powf(-15.0 / 20.0)), "under the voice: {ducked}");
    assert!(peak > 2.0 * ducked, "a voice is heard: {peak}");
    room.until("its end", |room| room.is(State::Idle));
    room.frames(50);
    let (after, _) = room.music(100);
    assert!(near(after, LEVEL), "after the voice: {after}");

    // A timer rings over the music, which goes on beneath.
    room.says("set a timer for four seconds", "set");
    room.events.clear();
    room.until("the ring", |room| room.happened(|what| matches!(what, Happening::Rings { .. })));
    room.frames(5);
    let (beneath, peak) = room.music(20);
    assert!(near(beneath, LEVEL * 10_f32.powf(-15.0 / 20.0)), "under the ring: {beneath}");
    assert!(peak > 3.0 * beneath, "the ring is heard: {peak}");
    room.until("what it is", |room| {
        room.happened(|what| matches!(what, Happening::Says { text } if text.contains("timer is done")))
    });
    room.until("its end", |room| room.is(State::Idle));
    room.tell("stop");
    room.frames(50);
    assert_eq!(room.music(400).1, 0.0, "what was stopped is silent");

    // The wake word stops what it says, and what is said then is understood.
    barge_in(&mut room, &talker, phrase, false);
    room.says("play jazz", "laying");
    room.frames(50);
    // And it stops the music while it listens, which goes on afterwards.
    barge_in(&mut room, &talker, phrase, true);
    room.frames(50);
    let (again, _) = room.music(100);
    assert!(near(again, LEVEL), "after the command: {again}");

    room.speaker.parts.dialog.close();
    room.events.extend(room.speaker.take_events());
    assert!(
        !room.happened(|what| matches!(what, Happening::SkillFailed { .. } | Happening::Bypassed { .. })),
        "{:?}",
        room.events
    );
}

/// Somebody says the wake word and a command, while it speaks or while music plays.
fn barge_in(room: &mut Room, talker: &Talker<'_>, phrase: &str, music: bool) {
    assert_eq!(RATE_HZ as usize, 100 * FRAME);
    let trial = talker.trial(Some(phrase), "what time is it", 3, Noise::Clean).expect("espeak-ng is installed");
    if !music {
        room.tell("what can you do");
        room.until("help", |room| room.is(State::Speaking));
    }
    room.events.clear();
    let (mut woken_in, mut silent_after) = (None, None);
    for (n, frame) in trial.samples.as_chunks().0.iter().enumerate() {
        let before = room.speaker.parts.dialog.state();
        room.heard.clear();
        room.frame(frame);
        if woken_in.is_none() && room.happened(|what| matches!(what, Happening::Woken { .. })) {
            woken_in = Some((n, before));
        }
        let peak = loudness(&room.heard).1;
        if let Some((woken, _)) = woken_in
            && silent_after.is_none()
            && peak == 0.0
        {
            silent_after = Some(n - woken);
        }
        // Nothing is played into what is being said.
        if silent_after.is_some() && room.is(State::Listening) {
            assert_eq!(peak, 0.0, "while it listens, at frame {n}");
        }
        if room.happened(|what| matches!(what, Happening::Understood { .. })) {
            break;
        }
    }
    let state = if music { State::Idle } else { State::Speaking };
    assert_eq!(woken_in.map(|(_, before)| before), Some(state), "{:?}", room.events);
    assert!(silent_after.is_some_and(|frames| frames <= 10), "silent after {silent_after:?} frames");
    assert!(
        room.happened(|what| matches!(what, Happening::Understood { intent, .. } if intent == "HassGetCurrentTime")),
        "{:?}",
        room.events
    );
    room.until("the answer's end", |room| room.speaker.parts.dialog.state() == State::Idle);
}

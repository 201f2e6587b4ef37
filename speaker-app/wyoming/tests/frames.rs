//! Frames and events: what is written is read again, and no bytes do anything but give a frame or an error.

use std::io::{BufReader, Cursor, Read};

use saggar_wyoming::*;
use serde_json::{Value, json};

/// Reads a whole stream.
fn read_all(bytes: &[u8], limits: &Limits) -> (Vec<Frame>, Option<FrameError>) {
    let mut from = Cursor::new(bytes);
    let mut frames = Vec::new();
    loop {
        match frame::read(&mut from, limits) {
            Ok(Some(frame)) => frames.push(frame),
            Ok(None) => return (frames, None),
            Err(error) => return (frames, Some(error)),
        }
    }
}

/// The error of a stream that has one and no frame.
fn error(bytes: &[u8]) -> FrameError {
    let (frames, error) = read_all(bytes, &Limits::default());
    assert_eq!(frames, [], "{}", String::from_utf8_lossy(bytes));
    error.unwrap_or_else(|| panic!("no error: {}", String::from_utf8_lossy(bytes)))
}

fn random_frame(random: &mut fastrand::Rng) -> Frame {
    let text = |random: &mut fastrand::Rng| -> String {
        let count = random.usize(0..20);
        (0..count).map(|_| random.char(..)).collect()
    };
    let fields = random.usize(0..5);
    let value = |random: &mut fastrand::Rng| match random.u8(0..5) {
        0 => Value::Null,
        1 => json!(random.i64(..)),
        2 => json!(random.bool()),
        3 => json!([text(random), { "nested": text(random) }]),
        _ => json!(text(random)),
    };
    let data = (0..fields).map(|_| (text(random), value(random))).collect();
    let length = random.usize(0..3000);
    let mut payload = vec![0; if random.bool() { 0 } else { length }];
    random.fill(&mut payload);
    Frame { kind: text(random), data, payload }
}

#[test]
fn what_is_written_is_read() {
    let mut random = fastrand::Rng::with_seed(1);
    let frames: Vec<Frame> = (0..500).map(|_| random_frame(&mut random)).collect();
    let mut bytes = Vec::new();
    for frame in &frames {
        frame::write(&mut bytes, frame, &Limits::default()).unwrap();
    }
    let (read, error) = read_all(&bytes, &Limits::default());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(read, frames);
    // The same in the smallest pieces that a socket can give.
    let mut slow = BufReader::with_capacity(1, Cursor::new(&bytes));
    for frame in frames {
        assert_eq!(frame::read(&mut slow, &Limits::default()).unwrap(), Some(frame));
    }
}

#[test]
fn a_stream_that_ends_early() {
    let mut bytes = Vec::new();
    let frame = Frame { kind: "x".into(), data: json!({"a": 1}).as_object().unwrap().clone(), payload: vec![10; 5] };
    frame::write(&mut bytes, &frame, &Limits::default()).unwrap();
    for end in 1..bytes.len() {
        let error = error(&bytes[..end]);
        assert!(matches!(error, FrameError::Truncated { .. }), "after {end} bytes: {error:?}");
    }
    assert_eq!(read_all(&bytes, &Limits::default()).0, [frame]);
}

#[test]
fn data_in_the_line_and_after_it() {
    let bytes = b"{\"type\": \"t\", \"version\": \"1\", \"data\": {\"a\": 1, \"b\": 1}, \"data_length\": 8}\n{\"b\": 2}\
                  {\"type\": \"u\", \"data\": null, \"data_length\": null, \"payload_length\": 0}\n";
    let (frames, error) = read_all(bytes, &Limits::default());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(frames[0].data, *json!({"a": 1, "b": 2}).as_object().unwrap());
    assert_eq!(frames[1], Frame { kind: "u".into(), ..Frame::default() });
}

#[test]
fn lines_that_are_none() {
    for line in [
        "",
        "x",
        "[]",
        "null",
        "7",
        "{}",
        "{\"type\": 1}",
        "{\"type\": null}",
        "[\"ping\"]",
        "{\"type\": \"x\"",
        "{\"type\": \"x\"}}",
        "{\"type\": \"x\", \"data\": []}",
        "{\"type\": \"x\", \"data_length\": -1}",
        "{\"type\": \"x\", \"data_length\": 1.5}",
        "{\"type\": \"x\", \"payload_length\": \"1\"}",
        "{\"type\": \"x\", \"payload_length\": -9223372036854775808}",
        "\u{feff}{}",
    ] {
        let error = error(format!("{line}\n").as_bytes());
        assert!(matches!(error, FrameError::NotJson { part: "line", .. }), "{line}: {error:?}");
    }
    assert!(matches!(error(b"{\"type\": \"\xff\"}\n"), FrameError::NotJson { part: "line", .. }));
    assert!(matches!(error(b"{\"type\": \"x\", \"data_length\": 2}\n[]"), FrameError::NotJson { part: "data", .. }));
    // Deeper than any stack should follow.
    let deep = format!("{{\"type\": \"x\", \"data\": {}\n", "{\"a\":".repeat(10_000));
    assert!(matches!(error(deep.as_bytes()), FrameError::NotJson { part: "line", .. }));
}

#[test]
fn limits_are_exact() {
    let limits = Limits { line_bytes: 60, data_bytes: 7, payload_bytes: 3 };
    let line = |fields: &str, bytes: usize| format!("{:bytes$}\n", format!("{{\"type\": \"x\"{fields}}}"));
    let too_large = |bytes: &str, expected: &str| match read_all(bytes.as_bytes(), &limits).1 {
        Some(FrameError::TooLarge { part, .. }) => assert_eq!(part, expected),
        other => panic!("{bytes}: {other:?}"),
    };
    assert_eq!(read_all(line("", 60).as_bytes(), &limits).0.len(), 1);
    too_large(&line("", 61), "line");
    too_large(&"{".repeat(1000), "line");
    let data = line(", \"data_length\": 7", 0) + "{\"a\":1}";
    assert_eq!(read_all(data.as_bytes(), &limits).0.len(), 1);
    too_large(&line(", \"data_length\": 8", 0), "data");
    let payload = line(", \"payload_length\": 3", 0) + "abc";
    assert_eq!(read_all(payload.as_bytes(), &limits).0[0].payload, b"abc");
    too_large(&line(", \"payload_length\": 4", 0), "payload");
    too_large(&line(", \"payload_length\": 18446744073709551615", 0), "payload");
    for (frame, expected) in [
        (Frame { kind: "x".repeat(60), ..Frame::default() }, "line"),
        (Frame { data: json!({"a": 10}).as_object().unwrap().clone(), ..Frame::default() }, "data"),
        (Frame { payload: vec![0; 4], ..Frame::default() }, "payload"),
    ] {
        let mut out = Vec::new();
        match frame::write(&mut out, &frame, &limits) {
            Err(FrameError::TooLarge { part, .. }) => assert_eq!(part, expected),
            other => panic!("{other:?}"),
        }
        assert!(out.is_empty(), "half a frame was written");
    }
}

/// A stream that never ends, and counts what was taken.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        into.fill(b' ');
        self.0 += into.len() as u64;
        Ok(into.len())
    }
}

#[test]
fn an_endless_line_is_given_up() {
    let mut from = BufReader::with_capacity(512, Endless(0));
    let result = frame::read(&mut from, &Limits::default());
    assert!(matches!(result, Err(FrameError::TooLarge { part: "line", .. })), "{result:?}");
    let taken = from.get_ref().0;
    assert!(taken <= (64 << 10) + 1024, "{taken} bytes were read of a line that may have 65,536");
}

#[test]
fn random_and_damaged_bytes() {
    let mut random = fastrand::Rng::with_seed(2);
    let (mut whole, mut broken) = (0, 0);
    for round in 0..20_000 {
        let mut bytes = Vec::new();
        if round % 2 == 0 {
            bytes.resize(random.usize(0..300), 0);
            random.fill(&mut bytes);
        } else {
            let mut frame = random_frame(&mut random);
            frame.payload.truncate(50);
            if let Some(event) = random.choice(all_events()) {
                frame.kind = event.kind().to_owned();
                frame.data.extend(event.to_frame().data);
            }
            frame::write(&mut bytes, &frame, &Limits::default()).unwrap();
            for _ in 0..random.usize(0..4) {
                let at = random.usize(0..bytes.len());
                match random.u8(0..3) {
                    0 => bytes[at] = random.u8(..),
                    1 => bytes.insert(at, *random.choice(b"{}[]\",:0\n-").unwrap()),
                    _ => bytes.truncate(at + 1),
                }
            }
        }
        let (frames, error) = read_all(&bytes, &Limits::default());
        broken += usize::from(error.is_some());
        for frame in frames {
            whole += 1;
            // Also with foreign fields: an event or an error, and the event is what it was read from.
            if let Ok(event) = Event::from_frame(frame) {
                assert_eq!(Event::from_frame(event.to_frame()), Ok(event));
            }
        }
    }
    assert!(whole > 2_000 && broken > 10_000, "{whole} frames and {broken} errors: the test tests nothing");
}

/// Each event once or more, with and without what may be left out.
fn all_events() -> Vec<Event> {
    let some = |text: &str| Some(text.to_owned());
    let detection = Detection { name: some("okay_jarvis"), timestamp: Some(-5), speaker: None };
    let voice = SynthesizeVoice { name: some("en"), language: None, speaker: some("f1") };
    let started = TimerStarted {
        id: "1".into(),
        total_seconds: 300,
        name: some("tea"),
        start_hours: None,
        start_minutes: Some(5),
        start_seconds: None,
    };
    let run = |stage| RunPipeline {
        start_stage: Stage::Wake,
        end_stage: stage,
        wake_word_name: None,
        restart_on_end: true,
        wake_word_names: Some(vec![]),
        announce_text: None,
    };
    vec![
        Event::Describe,
        Event::RunSatellite,
        Event::PauseSatellite,
        Event::StreamingStarted,
        Event::StreamingStopped,
        Event::SatelliteConnected,
        Event::SatelliteDisconnected,
        Event::Played,
        Event::Info(Info { satellite: Some(Satellite::default()), mic: vec![MicProgram::default()], ..Info::default() }),
        Event::Info(Info {
            tts: vec![TtsProgram { voices: vec![TtsVoice::default()], ..TtsProgram::default() }],
            ..Info::default()
        }),
        Event::RunPipeline(run(Stage::Intent)),
        Event::RunPipeline(run(Stage::Handle)),
        Event::Detect(Detect { names: Some(vec!["a".into()]) }),
        Event::Detect(Detect::default()),
        Event::Detection(detection),
        Event::VoiceStarted(VoiceStarted { timestamp: Some(1) }),
        Event::VoiceStopped(VoiceStopped { timestamp: None }),
        Event::AudioStart(AudioStart {
            format: AudioFormat { rate_hz: 22_050, width_bytes: 2, channels: 1 },
            timestamp: Some(0),
        }),
        Event::AudioChunk(AudioChunk::mono(16_000, &[1, -1], Some(64))),
        Event::AudioStop(AudioStop::default()),
        Event::Transcribe(Transcribe { name: None, language: some("en") }),
        Event::Transcript(Transcript { text: "ü".into(), language: None }),
        Event::Synthesize(Synthesize { text: "hello".into(), voice: Some(voice), text_format: None }),
        Event::TimerStarted(started),
        Event::TimerUpdated(TimerUpdated { id: "1".into(), is_active: false, total_seconds: 0 }),
        Event::TimerCancelled(TimerCancelled { id: "1".into() }),
        Event::TimerFinished(TimerFinished { id: "1".into() }),
        Event::Ping(Ping { text: some("x") }),
        Event::Pong(Pong::default()),
        Event::Error(ErrorReport { text: "no".into(), code: some("c") }),
    ]
}

#[test]
fn events_by_their_type() {
    for event in all_events() {
        let frame = event.to_frame();
        assert_eq!(frame.kind, event.kind());
        assert_eq!(Event::from_frame(frame), Ok(event.clone()), "{event:?}");
        // What a later version adds is skipped.
        let mut later = event.to_frame();
        later.data.insert("of-the-future".into(), json!([1]));
        assert_eq!(Event::from_frame(later), Ok(event));
    }
    let unknown = Frame { kind: "select-program".into(), ..Frame::default() };
    assert_eq!(Event::from_frame(unknown.clone()), Ok(Event::Unknown(unknown)));
    let nothing = Frame { kind: "audio-chunk".into(), ..Frame::default() };
    let error = Event::from_frame(nothing).unwrap_err();
    assert_eq!(error.to_string(), "the event 'audio-chunk' is not understood: missing field `rate`");
    let huge = Frame {
        kind: "audio-start".into(),
        data: json!({"rate": 1e300, "width": 2, "channels": 1}).as_object().unwrap().clone(),
        ..Frame::default()
    };
    assert!(Event::from_frame(huge).is_err());
}

#[test]
fn configurations() {
    let mut config = Config::new("127.0.0.1:0".parse().unwrap());
    assert!(config.check().is_ok());
    config.start_stage = Stage::Tts;
    let error = config.check().unwrap_err().to_string();
    assert_eq!(error, "the Wyoming configuration's start_stage must be wake or asr: the later stages take no sound");
    config.start_stage = Stage::Asr;
    config.end_stage = Stage::Wake;
    assert!(config.check().is_err());
}

//! Clients that do what they should not: the server says so, counts it, and goes on serving the others.

mod common;

use std::io::{BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, TcpStream};
use std::time::Duration;

use common::{config, server};
use saggar_wyoming::*;

/// A client that sends any bytes.
struct Client {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Client {
    fn new(server: &Server) -> Self {
        let stream = TcpStream::connect(server.address()).unwrap();
        // A server that does not answer fails the test instead of holding it up.
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self { reader: BufReader::new(stream.try_clone().unwrap()), stream }
    }

    fn send(&mut self, event: &Event) {
        frame::write(&mut self.stream, &event.to_frame(), &Limits::default()).unwrap();
    }

    fn receive(&mut self) -> Option<Event> {
        frame::read(&mut self.reader, &Limits::default()).unwrap().map(|frame| Event::from_frame(frame).unwrap())
    }

    /// The code of the error that comes next.
    fn code(&mut self) -> String {
        match self.receive() {
            Some(Event::Error(error)) => error.code.unwrap(),
            other => panic!("no error: {other:?}"),
        }
    }

    /// All that was sent has been handled once this returns.
    fn sync(&mut self) {
        self.send(&Event::Ping(Ping { text: Some("sync".into()) }));
        assert_eq!(self.receive(), Some(Event::Pong(Pong { text: Some("sync".into()) })));
    }

    /// Becomes the driver.
    fn drive(server: &Server) -> Self {
        let mut client = Self::new(server);
        client.send(&Event::RunSatellite);
        client.sync();
        client
    }
}

/// Whether the speaker was told something, waiting for it a bounded number of times: threads end when they end.
fn eventually(mut condition: impl FnMut() -> bool) -> bool {
    (0..2000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        condition()
    })
}

#[test]
fn bytes_that_are_no_frames_end_the_connection_and_nothing_else() {
    let (server, handle, _) = server(config());
    let mut driver = Client::drive(&server);
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..100 {
        let mut bytes = vec![0; random.usize(1..5000)];
        random.fill(&mut bytes);
        // No object begins with it.
        bytes[0] = b'?';
        bytes.push(b'\n');
        let mut client = Client::new(&server);
        client.stream.write_all(&bytes).unwrap();
        assert_eq!(client.code(), "bad-frame");
        assert_eq!(client.receive(), None);
    }
    let mut client = Client::new(&server);
    client.stream.write_all(b"{\"type\": \"ping\", \"payload_length\": 99999999999}\n").unwrap();
    assert_eq!(client.code(), "bad-frame");
    assert_eq!(handle.counters().malformed, 101);
    driver.sync();
    assert_eq!(handle.state(), State::Ready);
}

#[test]
fn events_that_are_not_understood_end_nothing() {
    let (server, handle, seen) = server(config());
    let mut client = Client::drive(&server);
    client.stream.write_all(b"{\"type\": \"timer-started\"}\n{\"type\": \"audio-chunk\", \"data\": {\"rate\": -1}}\n").unwrap();
    assert_eq!([client.code(), client.code()], ["bad-event", "bad-event"]);
    let odd = AudioChunk { bytes: vec![0; 3], ..AudioChunk::mono(16_000, &[], None) };
    let mute = AudioChunk { format: AudioFormat { rate_hz: 0, width_bytes: 2, channels: 1 }, ..odd.clone() };
    client.send(&Event::AudioChunk(odd));
    client.send(&Event::AudioChunk(mute));
    assert_eq!([client.code(), client.code()], ["audio-format", "audio-format"]);
    client.send(&Event::Unknown(Frame { kind: "of-the-future".into(), payload: vec![1], ..Frame::default() }));
    client.sync();
    assert_eq!(handle.counters().malformed, 2);
    assert_eq!(*seen.lock().unwrap(), ["Running"]);
}

#[test]
fn the_microphone_is_closed_but_for_commands() {
    let (server, handle, _) = server(Config { command_seconds: 1, ..config() });
    assert!(!handle.wake("okay_jarvis", None) && !handle.audio(&[1; 100]), "there is no client");
    let mut client = Client::drive(&server);
    assert!(!handle.audio(&[1; 100]) && !handle.voice_started(None) && !handle.end_of_speech(), "there was no wake word");
    let endings = [
        Event::VoiceStopped(VoiceStopped::default()),
        Event::Transcript(Transcript { text: "x".into(), language: None }),
        Event::Error(ErrorReport { text: "x".into(), code: None }),
        Event::RunSatellite,
        Event::PauseSatellite,
    ];
    for ending in endings {
        client.send(&Event::RunSatellite);
        client.sync();
        assert!(handle.wake("okay_jarvis", Some(7)) && handle.audio(&[2; 10]));
        assert_eq!(handle.state(), State::Streaming);
        client.send(&ending);
        let mut kinds = Vec::new();
        while kinds.last().is_none_or(|kind| kind != "streaming-stopped") {
            kinds.push(client.receive().unwrap().kind().to_owned());
        }
        let expected =
            ["detection", "run-pipeline", "streaming-started", "audio-start", "audio-chunk", "audio-stop", "streaming-stopped"];
        assert_eq!(kinds, expected, "after {ending:?}");
        assert!(!handle.audio(&[3; 100]), "after {ending:?}");
        client.sync();
    }
    assert_eq!(handle.state(), State::Paused);
    assert!(!handle.wake("okay_jarvis", None), "the client is paused");
    client.sync();
    // A command that nobody ends.
    client.send(&Event::RunSatellite);
    client.sync();
    assert!(handle.wake("okay_jarvis", None));
    assert!(handle.audio(&[4; 15_999]) && !handle.audio(&[4; 100]) && !handle.audio(&[4; 100]));
    assert_eq!(handle.state(), State::Ready);
    let mut samples = 0;
    loop {
        match client.receive().unwrap() {
            Event::AudioChunk(chunk) => samples += chunk.to_mono().unwrap().len(),
            Event::StreamingStopped => break,
            _ => {}
        }
    }
    assert_eq!(samples, 16_000);
    client.sync();
}

#[test]
fn a_client_that_does_not_read_is_left_behind() {
    let (server, handle, seen) = server(Config { command_seconds: u32::MAX, queue_events: 16, ..config() });
    let silent = Client::drive(&server);
    assert!(handle.wake("okay_jarvis", None));
    // The sockets hold some megabytes; this would be a hundred times that.
    let sent = (0..1_000_000).take_while(|_| handle.audio(&[0; 1024])).count();
    assert!(sent < 1_000_000, "the queue has no end");
    assert_eq!((handle.counters().slow, handle.audio(&[0; 10])), (1, false));
    assert!(eventually(|| handle.state() == State::NoClient), "the connection was not ended");
    assert!(eventually(|| *seen.lock().unwrap() == ["Running", "Gone"]));
    drop(silent);
    let mut next = Client::drive(&server);
    assert!(handle.wake("okay_jarvis", None));
    assert!(matches!(next.receive(), Some(Event::Detection(_))));
}

#[test]
fn one_drives_and_others_are_served() {
    let (server, handle, seen) = server(config());
    let mut driver = Client::drive(&server);
    let mut second = Client::new(&server);
    second.send(&Event::Describe);
    assert!(matches!(second.receive(), Some(Event::Info(_))));
    second.send(&Event::AudioStart(AudioStart { format: AudioFormat::mono(16_000), timestamp: None }));
    second.send(&Event::AudioChunk(AudioChunk::mono(16_000, &[1; 50], None)));
    assert_eq!(second.code(), "no-request");
    second.send(&Event::AudioStop(AudioStop::default()));
    second.send(&Event::Transcript(Transcript { text: "nobody asked".into(), language: None }));
    second.send(&Event::PauseSatellite);
    second.sync();
    second.send(&Event::RunSatellite);
    assert_eq!(second.code(), "busy");
    assert_eq!(second.receive(), None, "so that it tries again");
    driver.sync();
    assert_eq!(*seen.lock().unwrap(), ["Running"]);
    driver.stream.shutdown(Shutdown::Both).unwrap();
    assert!(eventually(|| handle.state() == State::NoClient));
    Client::drive(&server);
    assert_eq!(seen.lock().unwrap()[..3], ["Running", "Gone", "Running"]);
}

#[test]
fn too_much_of_everything() {
    let limits = Config { playback_seconds: 1, transcribe_seconds: 1, text_bytes: 10, ..config() };
    let (server, handle, seen) = server(limits);
    let mut client = Client::new(&server);
    client.send(&Event::Transcribe(Transcribe::default()));
    for _ in 0..3 {
        client.send(&Event::AudioChunk(AudioChunk::mono(48_000, &[0; 20_000], None)));
    }
    assert_eq!(client.code(), "too-long");
    client.send(&Event::AudioStop(AudioStop::default()));
    client.send(&Event::Synthesize(Synthesize { text: "eleven char".into(), voice: None, text_format: None }));
    assert_eq!(client.code(), "too-long");
    client.sync();
    client.send(&Event::RunSatellite);
    client.send(&Event::AudioStart(AudioStart { format: AudioFormat::mono(8_000), timestamp: None }));
    for _ in 0..3 {
        client.send(&Event::AudioChunk(AudioChunk::mono(8_000, &[0; 5_000], None)));
    }
    client.send(&Event::AudioStop(AudioStop::default()));
    assert_eq!(client.code(), "too-much-sound");
    client.sync();
    assert_eq!(*seen.lock().unwrap(), ["Running", "play_start", "play 8000 5000 0", "play_end"]);
    assert!(handle.played() && !handle.played());
    assert_eq!(client.receive(), Some(Event::Played));
}

#[test]
fn no_room_and_no_entry() {
    let (narrow, handle, _) = server(Config { connections: 1, ..config() });
    let mut first = Client::new(&narrow);
    first.sync();
    assert_eq!(Client::new(&narrow).code(), "too-many-clients");
    first.sync();
    assert_eq!((handle.counters().accepted, handle.counters().refused), (1, 1));
    let (closed, handle, _) = server(Config { clients: vec![IpAddr::V4(Ipv4Addr::new(127, 0, 0, 99))], ..config() });
    let mut stranger = Client::new(&closed);
    let mut nothing = Vec::new();
    // Closed, with or without a reset.
    let _ = stranger.stream.read_to_end(&mut nothing);
    assert_eq!((nothing.len(), handle.counters().refused), (0, 1));
}

#[test]
fn silence_ends_a_connection() {
    let (server, handle, _) = server(Config { idle: Duration::from_millis(50), ..config() });
    let mut client = Client::new(&server);
    assert_eq!(client.code(), "bad-frame");
    assert_eq!(client.receive(), None);
    assert_eq!(handle.counters().malformed, 0, "silence is no malformed frame");
}

#[test]
fn the_end_of_the_server() {
    let (server, handle, seen) = server(config());
    let address = server.address();
    let mut client = Client::drive(&server);
    drop(server);
    assert_eq!(*seen.lock().unwrap(), ["Running", "Gone"]);
    assert!(client.reader.read(&mut [0; 1]).is_ok_and(|count| count == 0));
    assert!(TcpStream::connect(address).is_err() && !handle.wake("okay_jarvis", None));
}

#[test]
fn a_speaker_that_panics_loses_one_connection() {
    struct Panics;
    impl Speaker for Panics {
        fn play_start(&mut self) {
            panic!("this is meant: the test's speaker fails");
        }
        fn play(&mut self, _: u32, _: &[i16]) {}
        fn play_end(&mut self) {}
        fn timer(&mut self, _: TimerEvent) {}
        fn notice(&mut self, _: Notice) {}
    }
    let listener = Listener::bind(config(), common::info()).unwrap();
    let handle = listener.handle();
    let server = listener.start(Panics, common::Arithmetic).unwrap();
    let mut client = Client::drive(&server);
    client.send(&Event::AudioStart(AudioStart { format: AudioFormat::mono(8_000), timestamp: None }));
    assert!(eventually(|| handle.state() == State::NoClient));
    Client::drive(&server).sync();
}

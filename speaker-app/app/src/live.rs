//! The speaker with real devices: threads, and the rings between them.
//!
//! ```text
//! microphone's callback ─► [ring] ─► hearing: dsp::chain ─► [ring] ─► conversation (the caller's thread)
//! loudspeaker's callback ─► [echo ring] ─┘                                │ [rings of the mixer]
//!          ▲──────────────────── [ring] ◄─ playing: mixer, dsp::playback ◄┘
//! ```
//!
//! Hearing and playing have a frame's time: inside [`alloc::watched`] they neither allocate nor wait. Between frames they sleep for a
//! moment. Modules that fail are started anew by a thread of their own. A device that is gone is looked for every two seconds; meanwhile
//! time goes on, so that timers are not forgotten.

use crate::alloc;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::devices::{DeviceError, Devices, Loudspeaker, Microphone};
use crate::dialog::Dialog;
use crate::dsp::chain::{Chain, FRAME, HEARD, Heard};
use crate::dsp::playback::Playback;
use crate::dsp::repair::Workshop;
use crate::dsp::stage::Stage;
use crate::event::{Event, Happening};
use crate::mixer::Mixer;
use crate::speaker::{Parts, Setup, SpeakerError, build};
use rtrb::{Consumer, Producer, RingBuffer};
use saggar_speech::Resampler;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Frames of what was heard that may wait for the conversation: two seconds.
const HEARD_FRAMES: usize = 200;
/// Samples that are kept ready for the loudspeaker: 30 ms, and what a callback takes at once.
const AHEAD: usize = 3 * FRAME;
/// How long to sleep where there is nothing to do.
const NAP: Duration = Duration::from_millis(2);
/// How long until a missing device is looked for again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// Without a microphone, time goes on by so much at a time.
const TICK: Duration = Duration::from_millis(10);

/// Figures of a stage, for people.
#[derive(Clone, Copy, Debug, Default)]
pub struct StageFigures {
    /// Its name.
    pub name: &'static str,
    /// Frames that were bypassed.
    pub bypassed: u64,
    /// Restarts after a failure.
    pub restarts: u64,
    /// The median frame.
    pub p50: Duration,
    /// One frame in a thousand takes longer.
    pub p999: Duration,
    /// The longest frame.
    pub longest: Duration,
}

impl StageFigures {
    fn of(stage: &Stage) -> StageFigures {
        let times = &stage.times;
        StageFigures {
            name: stage.name(),
            bypassed: stage.bypassed,
            restarts: stage.restarts,
            p50: times.quantile(0.5),
            p999: times.quantile(0.999),
            longest: times.longest(),
        }
    }
}

/// Figures of a thread, for people; at most eight stages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// All of the chain, under no name.
    pub frame: StageFigures,
    /// Its stages; those without a name are none.
    pub stages: [StageFigures; 8],
    /// Frames that came too late, or not at all.
    pub starved: u64,
}

/// Gives a thread new ends of rings, and takes the old ones back, so that it never frees one.
struct Swap<T> {
    inbox: Consumer<T>,
    outbox: Producer<T>,
}

struct Exchange<T> {
    inbox: Producer<T>,
    outbox: Consumer<T>,
}

fn exchange<T>() -> (Exchange<T>, Swap<T>) {
    let (to, inbox) = RingBuffer::new(4);
    let (outbox, from) = RingBuffer::new(8);
    (Exchange { inbox: to, outbox: from }, Swap { inbox, outbox })
}

impl<T> Exchange<T> {
    fn give(&mut self, end: T) {
        while self.outbox.pop().is_ok() {}
        let _ = self.inbox.push(end);
    }
}

impl<T> Swap<T> {
    fn look(&mut self, have: &mut Option<T>) {
        if let Ok(new) = self.inbox.pop()
            && let Some(old) = have.replace(new)
        {
            let _ = self.outbox.push(old);
        }
    }
}

/// An end of a ring with the rate of its device.
struct End<T> {
    ring: T,
    rate_hz: u32,
}

/// A running speaker.
pub struct Live {
    /// The conversation, which the caller moves on by [`Live::step`].
    pub dialog: Dialog,
    devices: Devices,
    microphone: Option<Microphone>,
    loudspeaker: Option<Loudspeaker>,
    to_hearing: Exchange<End<Consumer<f32>>>,
    echo_to_hearing: Exchange<End<Consumer<f32>>>,
    to_playing: Exchange<End<Producer<f32>>>,
    heard: Consumer<Heard>,
    figures: [(Consumer<Figures>, Figures); 2],
    /// The last frame, for the view.
    pub last: Heard,
    /// What is told to the caller beside the conversation's events.
    events: Vec<Event>,
    looked: Option<Instant>,
    ticked: Instant,
    /// Whether the microphone is muted: nothing of it reaches the chain.
    muted: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Live {
    /// Builds the speaker and starts its threads. Devices that are missing are looked for later.
    ///
    /// # Errors
    /// As [`build`].
    pub fn start(config: &Config, state_folder: &Path) -> Result<Live, SpeakerError> {
        let mut workshop = Workshop::new();
        let clock = SystemClock { offset_minutes: config.time.utc_offset_minutes };
        let seed = u64::from(std::process::id()) ^ clock_seed();
        let setup = Setup { config, state_folder, clock: Box::new(clock), seed, workshop: Some(&mut workshop) };
        let Parts { chain, dialog, mixer, playback } = build(setup)?;
        let (stop, muted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (to_hearing, microphone) = exchange();
        let (echo_to_hearing, echo) = exchange();
        let (to_playing, loudspeaker) = exchange();
        let (to_dialog, heard) = RingBuffer::new(HEARD_FRAMES);
        let (figures_heard, of_hearing) = RingBuffer::new(4);
        let (figures_played, of_playing) = RingBuffer::new(4);
        let hearing =
            Hearing { chain, microphone, echo, to_dialog, figures: figures_heard, muted: Arc::clone(&muted), starved: 0 };
        let playing = Playing { mixer, playback, loudspeaker, figures: figures_played };
        let system = |source| SpeakerError::File { path: "a thread".into(), source };
        let spawn = |name: &str, body: Box<dyn FnOnce() + Send>| thread::Builder::new().name(name.to_owned()).spawn(body);
        let (stop_hearing, stop_playing) = (Arc::clone(&stop), Arc::clone(&stop));
        let threads = vec![
            spawn("hearing", Box::new(move || hearing.run(&stop_hearing))).map_err(system)?,
            spawn("playing", Box::new(move || playing.run(&stop_playing))).map_err(system)?,
            workshop.start(Arc::clone(&stop)).map_err(system)?,
        ];
        let nothing = Heard { samples: [0.0; HEARD], speech: false, woken: false, score: 0.0, level: 0.0 };
        let none = Figures::default();
        Ok(Live {
            dialog,
            devices: Devices::new(&config.audio),
            microphone: None,
            loudspeaker: None,
            to_hearing,
            echo_to_hearing,
            to_playing,
            heard,
            figures: [(of_hearing, none), (of_playing, none)],
            last: nothing,
            events: Vec::new(),
            looked: None,
            ticked: Instant::now(),
            muted,
            stop,
            threads,
        })
    }

    /// Moves the conversation on by what was heard meanwhile, and sleeps a moment when that was nothing.
    pub fn step(&mut self) {
        self.look_after_devices();
        let mut any = false;
        while let Ok(heard) = self.heard.pop() {
            any = true;
            self.last = heard;
            self.ticked = Instant::now();
            self.dialog.frame(&heard);
        }
        if !any {
            if self.ticked.elapsed() > 4 * TICK {
                // Nothing is heard, but time goes on.
                self.ticked += TICK;
                let silence = Heard { samples: [0.0; HEARD], speech: false, woken: false, score: 0.0, level: 0.0 };
                self.dialog.frame(&silence);
            }
            thread::sleep(NAP);
        }
        for (ring, last) in &mut self.figures {
            while let Ok(figures) = ring.pop() {
                *last = figures;
            }
        }
    }

    /// What has happened since this was asked last.
    pub fn take_events(&mut self) -> Vec<Event> {
        let mut events = self.dialog.take_events();
        events.append(&mut self.events);
        events
    }

    /// Figures of hearing and of playing.
    #[must_use]
    pub fn figures(&self) -> [&Figures; 2] {
        [&self.figures[0].1, &self.figures[1].1]
    }

    /// Names of the devices in use, and what each has lost.
    #[must_use]
    pub fn devices(&self) -> [Option<(&str, u64)>; 2] {
        let microphone = self.microphone.as_ref().map(|device| (device.name.as_str(), device.lost()));
        [microphone, self.loudspeaker.as_ref().map(|device| (device.name.as_str(), device.lost()))]
    }

    /// Mutes the microphone, or not: samples end before the chain.
    pub fn mute(&self, muted: bool) {
        self.muted.store(muted, Ordering::Relaxed);
    }

    /// Whether the microphone is muted.
    #[must_use]
    pub fn is_muted(&self) -> bool {
        self.muted.load(Ordering::Relaxed)
    }

    fn look_after_devices(&mut self) {
        if self.microphone.as_ref().is_some_and(Microphone::is_gone) {
            self.microphone = None;
            self.tell("the microphone is gone; everything else goes on, and it is used again when it comes back".to_owned());
        }
        if self.loudspeaker.as_ref().is_some_and(Loudspeaker::is_gone) {
            self.loudspeaker = None;
            self.tell("the loudspeaker is gone; everything else goes on, and it is used again when it comes back".to_owned());
        }
        if self.microphone.is_some() && self.loudspeaker.is_some() {
            return;
        }
        let first = self.looked.is_none();
        if self.looked.is_some_and(|looked| looked.elapsed() < LOOK_AGAIN) {
            return;
        }
        self.looked = Some(Instant::now());
        // What is still missing was told the first time.
        let tell = |live: &mut Live, error: &DeviceError| {
            if first {
                live.tell(error.to_string());
            }
        };
        if self.loudspeaker.is_none() {
            match self.devices.loudspeaker() {
                Ok(mut device) => {
                    let rate_hz = device.rate_hz;
                    if let (Some(samples), Some(played)) = (device.samples.take(), device.played.take()) {
                        self.to_playing.give(End { ring: samples, rate_hz });
                        self.echo_to_hearing.give(End { ring: played, rate_hz });
                    }
                    self.loudspeaker = Some(device);
                }
                Err(error) => tell(self, &error),
            }
        }
        if self.microphone.is_none() {
            match self.devices.microphone() {
                Ok(mut device) => {
                    let rate_hz = device.rate_hz;
                    if let Some(ring) = device.samples.take() {
                        self.to_hearing.give(End { ring, rate_hz });
                    }
                    self.microphone = Some(device);
                }
                Err(error) => tell(self, &error),
            }
        }
    }

    fn tell(&mut self, text: String) {
        self.events.push(Event { at_ms: 0, what: Happening::Problem { text } });
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn clock_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    now.as_secs() ^ u64::from(now.subsec_nanos())
}

/// Takes frames of 480 samples at 48 kHz out of a ring of any rate.
struct Frames {
    resampler: Option<Resampler>,
    rate_hz: u32,
    ready: Vec<f32>,
    block: Vec<f32>,
}

impl Frames {
    fn new() -> Frames {
        Frames { resampler: None, rate_hz: 48_000, ready: Vec::with_capacity(8 * FRAME), block: Vec::with_capacity(8 * FRAME) }
    }

    /// A frame, if there is one. Only a change of the device's rate allocates.
    fn next(&mut self, end: &mut End<Consumer<f32>>, frame: &mut [f32; FRAME]) -> bool {
        if end.rate_hz != self.rate_hz {
            self.rate_hz = end.rate_hz;
            self.resampler = if end.rate_hz == 48_000 { None } else { Resampler::new(end.rate_hz, 48_000).ok() };
            self.ready.clear();
        }
        let take = if self.resampler.is_some() { (end.rate_hz / 100) as usize } else { FRAME };
        while self.ready.len() < FRAME {
            let Ok(chunk) = end.ring.read_chunk(take) else { return false };
            let (first, second) = chunk.as_slices();
            match &mut self.resampler {
                Some(resampler) => {
                    self.block.clear();
                    self.block.extend(first.iter().chain(second));
                    resampler.push(&self.block, &mut self.ready);
                }
                None => self.ready.extend(first.iter().chain(second)),
            }
            chunk.commit_all();
        }
        frame.copy_from_slice(&self.ready[..FRAME]);
        self.ready.drain(..FRAME);
        true
    }
}

struct Hearing {
    chain: Chain,
    microphone: Swap<End<Consumer<f32>>>,
    echo: Swap<End<Consumer<f32>>>,
    to_dialog: Producer<Heard>,
    figures: Producer<Figures>,
    muted: Arc<AtomicBool>,
    starved: u64,
}

/// Frames between figures: a quarter of a second.
const TELL_EVERY: u32 = 25;
/// Samples of the echo's ring that are too many: it has fallen behind, or the clocks differ.
const ECHO_MOST: usize = 8 * FRAME;

impl Hearing {
    fn run(mut self, stop: &AtomicBool) {
        let (mut microphone, mut echo) = (None, None);
        let (mut from_microphone, mut from_echo) = (Frames::new(), Frames::new());
        let (mut samples, mut played) = ([0.0; FRAME], [0.0; FRAME]);
        let mut count = 0;
        while !stop.load(Ordering::Relaxed) {
            let any = alloc::watched(|| {
                self.microphone.look(&mut microphone);
                self.echo.look(&mut echo);
                let Some(end) = &mut microphone else { return false };
                if !from_microphone.next(end, &mut samples) {
                    return false;
                }
                if self.muted.load(Ordering::Relaxed) {
                    samples.fill(0.0);
                }
                self.reference(&mut echo, &mut from_echo, &mut played);
                let heard = self.chain.process(&samples, &played);
                if self.to_dialog.push(heard).is_err() {
                    self.starved += 1;
                }
                true
            });
            count += 1;
            if any && count % TELL_EVERY == 0 {
                let _ = self.figures.push(figures_of(&self.chain, self.starved));
            }
            if !any {
                thread::sleep(NAP);
            }
        }
    }

    /// What was played when this was heard.
    fn reference(&mut self, echo: &mut Option<End<Consumer<f32>>>, frames: &mut Frames, played: &mut [f32; FRAME]) {
        let Some(end) = echo else { return played.fill(0.0) };
        let late = end.ring.slots().saturating_sub(ECHO_MOST);
        if late > 0
            && let Ok(chunk) = end.ring.read_chunk(late)
        {
            chunk.commit_all();
        }
        if !frames.next(end, played) {
            self.starved += 1;
            played.fill(0.0);
        }
    }
}

fn figures_of(chain: &Chain, starved: u64) -> Figures {
    let mut figures = Figures { starved, ..Figures::default() };
    let times = &chain.times;
    figures.frame.p50 = times.quantile(0.5);
    figures.frame.p999 = times.quantile(0.999);
    figures.frame.longest = times.longest();
    for (to, stage) in figures.stages.iter_mut().zip(chain.stages()) {
        *to = StageFigures::of(stage);
    }
    figures
}

struct Playing {
    mixer: Mixer,
    playback: Playback,
    loudspeaker: Swap<End<Producer<f32>>>,
    figures: Producer<Figures>,
}

impl Playing {
    fn run(mut self, stop: &AtomicBool) {
        let mut loudspeaker: Option<End<Producer<f32>>> = None;
        let (mut mixed, mut output) = ([0.0; FRAME], [0.0; FRAME]);
        let mut resampler: Option<(u32, Resampler)> = None;
        let mut converted = Vec::with_capacity(8 * FRAME);
        let mut count = 0;
        // Without a loudspeaker frames are played to nobody, at their pace.
        let mut unheard = Instant::now();
        while !stop.load(Ordering::Relaxed) {
            let any = alloc::watched(|| {
                self.loudspeaker.look(&mut loudspeaker);
                match &loudspeaker {
                    Some(end) => {
                        if end.ring.buffer().capacity() - end.ring.slots() >= AHEAD {
                            return false;
                        }
                    }
                    None if unheard.elapsed() < TICK => return false,
                    None => unheard = Instant::now(),
                }
                self.playback.set_volume(self.mixer.frame(&mut mixed));
                self.playback.process(&mixed, &mut output);
                let Some(end) = &mut loudspeaker else { return true };
                let samples: &[f32] = if end.rate_hz == 48_000 {
                    &output
                } else {
                    if resampler.as_ref().is_none_or(|(rate_hz, _)| *rate_hz != end.rate_hz) {
                        resampler = Resampler::new(48_000, end.rate_hz).ok().map(|made| (end.rate_hz, made));
                    }
                    converted.clear();
                    if let Some((_, resampler)) = &mut resampler {
                        resampler.push(&output, &mut converted);
                    }
                    &converted
                };
                if let Ok(chunk) = end.ring.write_chunk_uninit(samples.len().min(end.ring.slots())) {
                    chunk.fill_from_iter(samples.iter().copied());
                }
                true
            });
            count += 1;
            if any && count % TELL_EVERY == 0 {
                let mut figures = Figures { starved: self.mixer.starved, ..Figures::default() };
                if let Some(stage) = &self.playback.stage {
                    figures.stages[0] = StageFigures::of(stage);
                }
                let _ = self.figures.push(figures);
            }
            if !any {
                thread::sleep(NAP);
            }
        }
    }
}

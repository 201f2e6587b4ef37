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

mod delay;
mod figures;
mod hardware;
mod hearing;
mod playing;
mod rings;

pub use figures::{Figures, StageFigures};

use crate::clock::SystemClock;
use crate::config::Config;
use crate::dialog::Dialog;
use crate::dsp::bypasses::Bypasses;
use crate::dsp::chain::{HEARD, Heard};
use crate::dsp::repair::Workshop;
use crate::event::{Event, Happening, Summary};
use crate::speaker::{Parts, Setup, SpeakerError, build};
use hardware::{Hardware, News};
use hearing::Hearing;
use playing::Playing;
use rings::{End, Exchange, exchange};
use rtrb::{Consumer, Producer, RingBuffer};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Frames of what was heard that may wait for the conversation: ten seconds. On a busy machine it is late, and
/// misses nothing.
const HEARD_FRAMES: usize = 1_000;
/// How long to sleep where there is nothing to do.
const NAP: Duration = Duration::from_millis(2);
/// Without a device, time goes on by so much at a time.
const TICK: Duration = Duration::from_millis(10);
/// Frames between figures: half a second.
const TELL_EVERY: u64 = 50;
/// An answer that no loudspeaker takes has sounded after so long.
const UNTAKEN: Duration = Duration::from_secs(1);

/// A running speaker.
pub struct Live {
    /// The conversation, which the caller moves on by [`Live::step`].
    pub dialog: Dialog,
    hardware: Hardware,
    to_hearing: Exchange<End<Consumer<f32>>>,
    echo_to_hearing: Exchange<End<Consumer<f32>>>,
    to_playing: Exchange<End<Producer<f32>>>,
    heard: Consumer<Heard>,
    figures: [(Consumer<Figures>, Figures); 2],
    bypasses: Bypasses,
    /// The last frame, for the view.
    pub last: Heard,
    /// An answer that is mixed, but not taken by the loudspeaker yet.
    sounding: Option<Sounding>,
    /// Of devices that are gone: samples that were lost by microphone and loudspeaker.
    lost: [u64; 2],
    ticked: Instant,
    /// Whether the microphone is muted: nothing of it reaches its ring.
    muted: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

struct Sounding {
    at_ms: u64,
    after_ms: f64,
    mixed: Instant,
    /// It has been heard when the loudspeaker has taken so many samples.
    taken: u64,
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
        let hearing = Hearing { chain, microphone, echo, to_dialog, figures: figures_heard };
        let playing = Playing { mixer, playback, loudspeaker, figures: figures_played };
        let system = |source| SpeakerError::File { path: "a thread".into(), source };
        let spawn = |name: &str, body: Box<dyn FnOnce() + Send>| thread::Builder::new().name(name.to_owned()).spawn(body);
        let (stop_hearing, stop_playing) = (Arc::clone(&stop), Arc::clone(&stop));
        let threads = vec![
            spawn("hearing", Box::new(move || hearing.run(&stop_hearing))).map_err(system)?,
            spawn("playing", Box::new(move || playing.run(&stop_playing))).map_err(system)?,
            workshop.start(Arc::clone(&stop)).map_err(system)?,
        ];
        let none = Figures::default();
        Ok(Live {
            dialog,
            hardware: Hardware::start(&config.audio, Arc::clone(&muted)).map_err(system)?,
            to_hearing,
            echo_to_hearing,
            to_playing,
            heard,
            figures: [(of_hearing, none), (of_playing, none)],
            bypasses: Bypasses::default(),
            last: silence(),
            sounding: None,
            lost: [0; 2],
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
            // Who waits for what happens need not wait until a busy machine has caught up.
            if self.dialog.has_news() {
                break;
            }
        }
        if !any {
            if self.ticked.elapsed() > 4 * TICK {
                // Nothing is heard, but time goes on.
                self.ticked += TICK;
                self.last = silence();
                self.dialog.frame(&self.last);
            }
            thread::sleep(NAP);
        }
        for (ring, last) in &mut self.figures {
            while let Ok(figures) = ring.pop() {
                *last = figures;
            }
        }
        let [hearing, playing] = [&self.figures[0].1, &self.figures[1].1];
        // The place of the loudspeaker's stage stays the same from the beginning, when there are no figures yet.
        let stages = playing.stages.iter().take(1).chain(hearing.stages.iter().filter(|stage| !stage.name.is_empty()));
        for news in self.bypasses.news(stages.map(Into::into)) {
            self.dialog.happens(news);
        }
    }

    /// What has happened since this was asked last. An answer sounds when the loudspeaker has taken its first sample.
    pub fn take_events(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        for event in self.dialog.take_events() {
            let Happening::Sounds { after_ms } = event.what else {
                events.push(event);
                continue;
            };
            // What is mixed is in the loudspeaker's ring, and comes out when everything that is in it now has come out.
            let taken = self.hardware.loudspeaker.as_ref().map_or(0, |device| device.health.given());
            self.sounding = Some(Sounding { at_ms: event.at_ms, after_ms, mixed: Instant::now(), taken });
        }
        let taken = self.hardware.loudspeaker.as_ref().map(|device| device.health.taken());
        let sounds =
            |sounding: &mut Sounding| taken.is_none_or(|taken| taken >= sounding.taken) || sounding.mixed.elapsed() > UNTAKEN;
        if let Some(Sounding { at_ms, after_ms, mixed, .. }) = self.sounding.take_if(sounds) {
            let after_ms = after_ms + mixed.elapsed().as_secs_f64() * 1e3;
            events.push(Event { at_ms, what: Happening::Sounds { after_ms } });
        }
        events
    }

    /// Figures of hearing and of playing.
    #[must_use]
    pub fn figures(&self) -> [&Figures; 2] {
        [&self.figures[0].1, &self.figures[1].1]
    }

    /// How everything fared until now.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let [hearing, playing] = self.figures();
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        let (microphone, loudspeaker) = (self.hardware.microphone.as_ref(), self.hardware.loudspeaker.as_ref());
        Summary {
            real_time: hearing.real_time,
            frames: hearing.frames,
            p50_us: micros(hearing.frame.p50),
            p999_us: micros(hearing.frame.p999),
            longest_us: micros(hearing.frame.longest),
            latency_ms: hearing.latency_ms,
            bypassed: hearing.frame.bypassed + playing.stages.iter().map(|stage| stage.bypassed).sum::<u64>(),
            restarts: hearing.frame.restarts + playing.stages.iter().map(|stage| stage.restarts).sum::<u64>(),
            missing_ms: hearing.missing_ms,
            unheard: hearing.starved,
            starved: playing.starved,
            unreferenced: hearing.unreferenced,
            realigned: hearing.realigned,
            echo_later_ms: hearing.echo_later_ms,
            lost_in: self.lost[0] + microphone.map_or(0, |device| device.health.lost()),
            lost_out: self.lost[1] + loudspeaker.map_or(0, |device| device.health.lost()),
            largest: [
                microphone.map_or(0, |device| device.health.largest()),
                loudspeaker.map_or(0, |device| device.health.largest()),
            ],
            allocations: crate::alloc::count(),
        }
    }

    /// Mutes the microphone, or not: from the next callback on, its samples end there.
    pub fn mute(&mut self, muted: bool) {
        self.muted.store(muted, Ordering::Relaxed);
        self.dialog.happens(Happening::Muted { muted });
    }

    /// Whether the microphone is muted.
    #[must_use]
    pub fn is_muted(&self) -> bool {
        self.muted.load(Ordering::Relaxed)
    }

    fn look_after_devices(&mut self) {
        let lost = |live: &Live| {
            let Hardware { microphone, loudspeaker, .. } = &live.hardware;
            let (microphone, loudspeaker) = (microphone.as_ref(), loudspeaker.as_ref());
            [microphone.map_or(0, |device| device.health.lost()), loudspeaker.map_or(0, |device| device.health.lost())]
        };
        let had = lost(self);
        let names = self.names();
        for news in self.hardware.look() {
            match news {
                News::Problem(text) => self.dialog.problem(text),
                News::Microphone => {
                    let Some(device) = &mut self.hardware.microphone else { continue };
                    if let Some(ring) = device.samples.take() {
                        self.to_hearing.give(End::from_device(ring, device.rate_hz, Arc::clone(&device.health)));
                    }
                }
                News::Loudspeaker => {
                    let Some(device) = &mut self.hardware.loudspeaker else { continue };
                    if let (Some(samples), Some(played)) = (device.samples.take(), device.played.take()) {
                        self.to_playing.give(End::to_device(samples, device.rate_hz, Arc::clone(&device.health)));
                        self.echo_to_hearing.give(End::from_device(played, device.rate_hz, Arc::clone(&device.health)));
                    }
                }
            }
        }
        let now = self.names();
        if names == now {
            return;
        }
        for ((lost, had), gone) in self.lost.iter_mut().zip(had).zip([now.0.is_none(), now.1.is_none()]) {
            *lost += if gone { had } else { 0 };
        }
        let (microphone, loudspeaker) = now;
        self.dialog.happens(Happening::Devices { microphone, loudspeaker });
    }

    /// Names of the devices in use.
    fn names(&self) -> (Option<String>, Option<String>) {
        let Hardware { microphone, loudspeaker, .. } = &self.hardware;
        (microphone.as_ref().map(|device| device.name.clone()), loudspeaker.as_ref().map(|device| device.name.clone()))
    }
}

/// A frame in which nothing is heard.
fn silence() -> Heard {
    let at = Instant::now();
    Heard { samples: [0.0; HEARD], speech: false, woken: false, score: 0.0, level: 0.0, played: false, at }
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

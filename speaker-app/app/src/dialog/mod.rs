//! The conversation: Idle → Listening → Thinking → Speaking, with barge-in, follow-up questions, timers and music.
//!
//! Frame by frame, in one thread: the recogniser keeps up thirtyfold, skills end within their fuel, synthesis takes a few
//! milliseconds, the ring before holds ten seconds, and music is half a second ahead, which is more than the two calls of skills that a
//! frame may have take. So nothing is locked, and a recording gives the same conversation every time.

mod client;
mod ears;
mod noise;
mod sentences;
mod tell;
mod there;

pub use sentences::SentencesError;
pub use tell::NOT_UNDERSTOOD;
pub(crate) use tell::OWN;

use crate::config::Config;
use crate::dsp::chain::Heard;
use crate::event::{Event, Happening, State};
use crate::mixer::Sources;
use crate::satellite::Satellite;
use crate::skills::world::Place;
use crate::skills::{Skill, Taken};
use crate::voice::Voice;
use client::Sending;
use ears::{Ear, Ears};
use saggar_speech::{Heard as Recognised, Recogniser, Synthesiser};
use saggar_store::Timer;
use sentences::{Sentences, When};
use std::collections::VecDeque;
use std::time::Instant;

/// Samples of music that are decoded ahead: half a second.
const MUSIC_AHEAD: usize = 24_000;
/// Frames between the beginnings of an alarm's tones.
const RING_EVERY: u64 = 300;
/// Tones of an alarm, until it is told to stop.
const RINGS: u32 = 10;
/// Frames between looks at timers and answers: 50 ms.
const LOOK_EVERY: u64 = 5;

/// Frames after which nobody waits for an answer from outside any more: ten seconds, longer than any may take.
const LONGEST_THOUGHT: u64 = 1_000;

/// Why there is no conversation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DialogError {
    /// The sentences.
    #[error(transparent)]
    Sentences(#[from] SentencesError),
    /// The skills.
    #[error(transparent)]
    Skills(#[from] Taken),
}

/// The conversation.
pub struct Dialog {
    ears: Option<Ears>,
    voice: Option<Voice>,
    sentences: Sentences,
    skills: Vec<Skill>,
    /// What skills act upon.
    pub world: Place,
    sources: Sources,
    state: State,
    /// The frame in which that began.
    since: u64,
    frame: u64,
    /// The skill that has asked something.
    asker: Option<usize>,
    /// Waits until it may be said.
    events_waiting: VecDeque<Waiting>,
    /// Timers that ring, until their skill was told and they are taken out of the store.
    rung: Vec<Timer>,
    ringing: Option<Ringing>,
    last_said: String,
    duck: f32,
    hang_over_ms: u32,
    chime: bool,
    decided: Option<Instant>,
    /// Home Assistant's end, where the speaker is its satellite.
    satellite: Option<Satellite>,
    /// A command is being sent there.
    sending: Option<Sending>,
    happened: Vec<Event>,
}

/// An event that waits until its skill may be told.
struct Waiting {
    skill: usize,
    message: String,
    /// The timer that it is about.
    timer: Option<Timer>,
}

/// An alarm that goes on until it is told to stop.
struct Ringing {
    next: u64,
    left: u32,
}

impl Dialog {
    /// A conversation. Without a recogniser it hears nothing, without a synthesiser it is mute: both are problems that are told, and the
    /// rest works.
    ///
    /// # Errors
    /// When the sentences are impossible.
    pub fn new(
        config: &Config,
        recogniser: Option<Box<dyn Recogniser>>,
        synthesiser: Option<Box<dyn Synthesiser>>,
        skills: Vec<Skill>,
        world: Place,
        sources: Sources,
    ) -> Result<Dialog, DialogError> {
        let own = skills.iter().map(|skill| (skill.manifest.id.as_str(), &skill.manifest.intents[..], skill.sentences));
        let mut sentences = Sentences::read(&config.speech, &config.wake.phrase, own)?;
        let handled = |intent: &str| OWN.contains(&intent) || skills.iter().any(|skill| handles(skill, intent));
        let unhandled: Vec<String> = sentences.names().filter(|intent| !handled(intent)).map(str::to_owned).collect();
        sentences.expect(&there::genres(&sentences, &world.music));
        let mut dialog = Dialog {
            ears: recogniser.map(|recogniser| Ears::new(recogniser, &config.dialog)),
            voice: synthesiser.map(Voice::new),
            sentences,
            skills,
            world,
            sources,
            state: State::Idle,
            since: 0,
            frame: 0,
            asker: None,
            events_waiting: VecDeque::new(),
            rung: Vec::new(),
            ringing: None,
            last_said: String::new(),
            duck: 10f32.powf(-config.dialog.duck_db / 20.0),
            hang_over_ms: config.dialog.hang_over_ms,
            chime: config.dialog.chime,
            decided: None,
            satellite: None,
            sending: None,
            happened: Vec::new(),
        };
        for warning in std::mem::take(&mut dialog.sentences.warnings) {
            dialog.problem(warning);
        }
        if !unhandled.is_empty() {
            let unhandled = unhandled.join("`, `");
            dialog.problem(format!("no skill handles `{unhandled}` of the sentences: list each in a skill.toml"));
        }
        if let Some(ears) = &mut dialog.ears
            && let Err(error) = ears.expect(&dialog.sentences, When::Woken)
        {
            dialog.ears = None;
            dialog.problem(format!("the recogniser refuses the sentences, so nothing will be understood: {error}"));
        }
        for problem in dialog.world.music.take_problems() {
            dialog.problem(problem);
        }
        Ok(dialog)
    }

    /// Goes on by a frame.
    pub fn frame(&mut self, heard: &Heard) {
        self.frame += 1;
        let speaking = self.voice.as_ref().is_some_and(|voice| voice.is_speaking(&self.sources.speech));
        let music = self.world.music.is_playing() && self.state != State::Listening;
        let sounding = speaking || music || self.sources.tones.waiting() > 0;
        if let Some(ears) = &mut self.ears {
            ears.keep(heard, sounding);
        }
        if heard.woken {
            self.wake(heard.score);
        } else if self.sending.is_some() {
            self.send(heard);
        } else if self.state == State::Listening {
            self.listen(heard);
        }
        self.follow_client();
        if self.frame.is_multiple_of(LOOK_EVERY) && self.state != State::Listening {
            self.look_around();
        }
        self.ring();
        self.play();
    }

    /// Whether anything has happened since [`Dialog::take_events`].
    #[must_use]
    pub fn has_news(&self) -> bool {
        !self.happened.is_empty()
    }

    /// What has happened since this was asked last.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.happened)
    }

    /// The state now.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// The skills, with their counters.
    #[must_use]
    pub fn skills(&self) -> &[Skill] {
        &self.skills
    }

    /// The same, to be changed.
    pub fn skills_mut(&mut self) -> &mut [Skill] {
        &mut self.skills
    }

    /// Starts all skills anew at their next call, as after a loss of power.
    pub fn restart_skills(&mut self) {
        self.skills.iter_mut().for_each(Skill::forget);
        self.asker = None;
    }

    /// Whether it waits for nothing but its wake word, and nothing but music is heard.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        let silent = self.sources.speech.waiting() == 0 && self.sources.tones.waiting() == 0;
        self.state == State::Idle && silent && self.ringing.is_none() && !self.world.outside.is_waiting()
    }

    /// A text as if it had been heard: what the evaluation of skills and other ways in use.
    pub fn tell(&mut self, text: &str) {
        if self.state == State::Idle {
            self.go(State::Thinking);
        }
        self.understand(text);
        self.rest();
    }

    /// Ends the conversation: skills put away what they have.
    pub fn close(&mut self) {
        for index in 0..self.skills.len() {
            let skill = &mut self.skills[index];
            if let Err(failure) = skill.close(&mut self.world) {
                let (skill, why) = (skill.manifest.id.clone(), format!("at its end, {failure}"));
                self.happens(Happening::SkillFailed { skill, why });
            }
        }
        // Nobody hears what they say now.
        self.world.take_effects();
    }

    /// The wake word: whatever is said or rings stops, and it listens. The music waits.
    fn wake(&mut self, score: f32) {
        self.happens(Happening::Woken { score });
        self.hush();
        self.asker = None;
        if self.satellite.as_mut().is_some_and(Satellite::wake) {
            self.sending = Some(Sending::default());
            return self.go(State::Listening);
        }
        self.sending = None;
        if self.ears.is_none() {
            return self.say("I cannot hear words: the recogniser is missing.");
        }
        self.begin_listening(true);
    }

    fn hush(&mut self) {
        self.ringing = None;
        self.sources.tones.flush();
        if let Some(voice) = &mut self.voice {
            voice.stop(&mut self.sources.speech);
        }
    }

    fn begin_listening(&mut self, woken: bool) {
        let Some(ears) = &mut self.ears else {
            // Nobody would hear the answer.
            self.asker = None;
            return self.go(State::Idle);
        };
        let when = if woken { When::Woken } else { When::Asked };
        let begun = ears.expect(&self.sentences, when).and_then(|()| ears.begin(woken));
        if let Err(error) = begun {
            self.problem(error.to_string());
            return self.go(State::Idle);
        }
        if self.chime {
            self.sources.tones.push(&saggar_media::tone::wake_chime());
        }
        self.go(State::Listening);
    }

    fn listen(&mut self, heard: &Heard) {
        let Some(ears) = &mut self.ears else { return };
        match ears.listen(heard) {
            Ok(Ear::Listens) => {}
            Ok(Ear::Nothing) => {
                self.asker = None;
                self.go(State::Idle);
            }
            Ok(Ear::Sentence(recognised, decided)) => {
                self.decided = Some(decided);
                self.happens(Happening::EndOfSpeech { hang_over_ms: self.hang_over_ms });
                self.think(recognised);
            }
            Err(error) => {
                self.problem(error.to_string());
                self.go(State::Idle);
            }
        }
    }

    fn think(&mut self, recognised: Recognised) {
        let Recognised { text, confidence, foreign } = recognised;
        let words = self.sentences.without_phrase(&text).to_owned();
        self.happens(Happening::Recognised { text: words.clone(), confidence, foreign });
        if foreign {
            self.go(State::Idle);
            return self.say(tell::NOT_UNDERSTOOD);
        }
        if words.is_empty() {
            // Nothing but the wake word: the command is still to come.
            let goes_on = self.ears.as_mut().map(Ears::go_on);
            if !matches!(goes_on, Some(Ok(true))) {
                self.asker = None;
                self.go(State::Idle);
            }
            return;
        }
        self.go(State::Thinking);
        self.understand(&words);
        self.rest();
    }

    /// Whoever has thought, and waits for no answer from outside, is idle; and whoever has for very long.
    fn rest(&mut self) {
        let waits = self.world.outside.is_waiting() || !self.events_waiting.is_empty();
        if self.state == State::Thinking && (!waits || self.frame > self.since + LONGEST_THOUGHT) {
            self.go(State::Idle);
        }
    }

    /// The grammar of all commands, as likely as they are anywhere: what there is here says nothing about another speaker.
    pub(crate) fn grammar(&self) -> String {
        self.sentences.anywhere()
    }

    /// Timers that are due, answers from outside, music that has ended.
    fn look_around(&mut self) {
        let now = self.world.clock.now_unix_ms();
        if self.world.store.next_due_unix_ms().is_some_and(|due| due <= now) {
            for timer in self.world.store.due(now) {
                if !self.rung.contains(&timer) {
                    self.timer_rings(timer);
                }
            }
        }
        self.answers_from_outside();
        for (owner, id) in self.world.music.take_ended() {
            self.event_to(&owner, "playback_end", &[("id", id.to_string())]);
        }
        for problem in self.world.music.take_problems() {
            self.problem(problem);
        }
        if matches!(self.state, State::Idle | State::Thinking)
            && let Some(event) = self.events_waiting.pop_front()
        {
            self.deliver_event(event);
        }
        self.rest();
    }

    /// The next tone of an alarm, where nobody speaks.
    fn ring(&mut self) {
        let Some(ringing) = &mut self.ringing else { return };
        if self.frame < ringing.next || !matches!(self.state, State::Idle | State::Thinking) {
            return;
        }
        ringing.next = self.frame + RING_EVERY;
        ringing.left -= 1;
        if ringing.left == 0 {
            self.ringing = None;
        }
        self.sources.tones.push(&saggar_media::tone::timer_ring());
    }

    /// Moves sound on, and lets the state follow it.
    fn play(&mut self) {
        if let Some(voice) = &mut self.voice {
            voice.pump(&mut self.sources.speech);
            if voice.has_begun(&self.sources.speech)
                && let Some(decided) = self.decided.take()
            {
                self.happens(Happening::Sounds { after_ms: decided.elapsed().as_secs_f64() * 1e3 });
            }
        }
        let speaking = self.voice.as_ref().is_some_and(|voice| voice.is_speaking(&self.sources.speech));
        if !speaking && let Some(satellite) = &mut self.satellite {
            satellite.silent();
        }
        if self.state == State::Speaking && !speaking {
            if self.asker.is_some() { self.begin_listening(false) } else { self.go(State::Idle) }
        }
        let loud = self.state == State::Idle && self.ringing.is_none() && self.sources.tones.waiting() == 0;
        let controls = &self.sources.controls;
        controls.set_music(if loud { 1.0 } else { self.duck });
        controls.hold_music(self.state == State::Listening || !self.world.music.is_playing());
        controls.set_volume_db(self.world.music.volume_db());
        self.world.music.pump(&mut self.sources.music, MUSIC_AHEAD);
    }

    fn go(&mut self, state: State) {
        if self.state == State::Listening
            && state != State::Listening
            && let Some(ears) = &mut self.ears
        {
            ears.cancel();
        }
        if self.state != state {
            (self.state, self.since) = (state, self.frame);
            self.happens(Happening::State { state });
        }
    }

    /// Takes note of something.
    pub(crate) fn happens(&mut self, what: Happening) {
        self.happened.push(Event { at_ms: self.frame * u64::from(ears::FRAME_MS), what });
    }

    /// Tells of something that does not work.
    pub(crate) fn problem(&mut self, text: String) {
        self.happens(Happening::Problem { text });
    }
}

fn handles(skill: &Skill, intent: &str) -> bool {
    skill.manifest.intents.iter().any(|listed| listed == intent)
}

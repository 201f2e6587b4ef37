//! A session: one user, who teaches the speaker the wake word and then says all commands, in the files' room.

use super::SetName;
use super::surroundings::Surroundings;
use crate::config::Config;
use crate::dsp::chain::FRAME;
use crate::enrol;
use crate::event::{Event, Happening, State};
use crate::program::Failure;
use crate::program::enrolling::learn;
use crate::program::files::frames;
use crate::speaker::{Speaker, wake_file};
use saggar_trials::{Answer, Ear, EchoPath, Noise, Set, Talker, Trial, VOICE_RMS};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Instant;

/// One user's commands
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The set
    #[arg(long, value_enum)]
    set: SetName,
    /// Index of the user
    #[arg(long)]
    voice: usize,
    /// Pink noise, in dB below the voice
    #[arg(long, allow_negative_numbers = true)]
    noise: Option<f32>,
    /// With the speaker's own music as loud as the voice
    #[arg(long)]
    music: bool,
    /// What is said
    #[arg(long, value_enum, default_value = "commands")]
    say: Say,
    /// Only so many of them
    #[arg(long)]
    first: Option<usize>,
    /// The wake phrase: index in the set
    #[arg(long, default_value_t = 0)]
    phrase: usize,
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Say {
    /// The commands.
    Commands,
    /// The conversations.
    Conversations,
    /// Foreign speech.
    Foreign,
}

/// What became of a sentence.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// What was said.
    pub(crate) said: String,
    /// Whether it woke.
    pub(crate) woken: bool,
    /// What was heard.
    pub(crate) heard: String,
    /// Whether the right skill was told the right intent with the right slots.
    pub(crate) understood: bool,
    /// What was understood, in words.
    pub(crate) meaning: String,
    /// What the speaker answered, heard again.
    pub(crate) answer: String,
    /// Whether that was the right thing.
    pub(crate) answered: bool,
    /// Whether it said that it did not understand.
    pub(crate) refused: bool,
    /// From the end-of-speech decision to the first sample, in milliseconds.
    pub(crate) after_ms: Option<f64>,
    /// Frames that were bypassed meanwhile.
    pub(crate) bypassed: u64,
    /// How many times as fast as real time all of it was worked through; nothing where it was in real time.
    pub(crate) faster: Option<f64>,
}

/// What a sentence shall lead to.
pub(super) struct Wanted<'a> {
    pub(super) say: &'a str,
    pub(super) skill: &'a str,
    pub(super) intent: &'a str,
    pub(super) slots: &'a BTreeMap<String, String>,
    pub(super) answers: Vec<&'a str>,
}

/// Runs a session, and prints an outcome as JSON for each sentence.
pub(crate) fn run(config: &Config, args: &Args) -> Result<u8, Failure> {
    let set = args.set.load()?;
    let phrase = set.phrases.get(args.phrase).cloned().unwrap_or_default();
    let talker = Talker::in_turn(&set, args.voice);
    let noise = args.noise.map_or(Noise::Clean, Noise::Pink);
    let mut room = Room::new(config, &phrase, &talker, args.music)?;
    let first = args.first.unwrap_or(usize::MAX);
    match args.say {
        Say::Commands => commands(&mut room, &set, &talker, &phrase, noise, first),
        Say::Conversations => conversations(&mut room, &set, &talker, &phrase, noise, first),
        Say::Foreign => foreign(&mut room, &set, &talker, &phrase, noise, first),
    }?;
    Ok(0)
}

/// An error of the trials as one of the program.
pub(super) fn trial<T>(result: Result<T, saggar_trials::TrialError>) -> Result<T, Failure> {
    result.map_err(|error| Failure::Other(error.to_string()))
}

fn print(outcome: &Outcome) {
    println!("{}", serde_json::to_string(outcome).unwrap_or_default());
}

fn commands(room: &mut Room, set: &Set, talker: &Talker<'_>, phrase: &str, noise: Noise, first: usize) -> Result<(), Failure> {
    let mut succeeded = vec![false; set.commands.len()];
    for (index, command) in set.commands.iter().enumerate().take(first) {
        let sound = trial(talker.command(phrase, index, noise))?;
        room.play_music();
        let wanted = Wanted {
            say: &command.say,
            skill: &command.skill,
            intent: &command.intent,
            slots: &command.slots,
            answers: command.right_answers(&succeeded),
        };
        let outcome = room.say(&sound, &wanted)?;
        succeeded[index] = outcome.understood;
        print(&outcome);
    }
    Ok(())
}

fn conversations(
    room: &mut Room,
    set: &Set,
    talker: &Talker<'_>,
    phrase: &str,
    noise: Noise,
    first: usize,
) -> Result<(), Failure> {
    for conversation in set.conversations.iter().take(first) {
        room.forget();
        for (turn, step) in conversation.steps.iter().enumerate() {
            let sound = trial(talker.step(phrase, step, turn, noise))?;
            let wanted = Wanted {
                say: &step.say,
                skill: &step.skill,
                intent: &step.intent,
                slots: &step.slots,
                answers: vec![&step.answer],
            };
            print(&room.say(&sound, &wanted)?);
        }
    }
    Ok(())
}

fn foreign(room: &mut Room, set: &Set, talker: &Talker<'_>, phrase: &str, noise: Noise, first: usize) -> Result<(), Failure> {
    let none = BTreeMap::new();
    for (turn, sentence) in set.foreign.iter().enumerate().take(first) {
        let sound = trial(talker.foreign(phrase, sentence, turn, noise))?;
        let answers = vec!["i did not understand"];
        let wanted = Wanted { say: &sentence.say, skill: "", intent: "", slots: &none, answers };
        print(&room.say(&sound, &wanted)?);
    }
    Ok(())
}

/// What the speaker has made of a sentence.
#[cfg(feature = "faults")]
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Skill, intent and slots.
    pub(crate) meaning: Option<(String, String, BTreeMap<String, String>)>,
    woken: bool,
    heard: String,
}

#[cfg(feature = "faults")]
impl Told {
    /// Takes note of events.
    pub(crate) fn hear(&mut self, events: &[Event]) {
        for event in events {
            match &event.what {
                Happening::Woken { .. } => self.woken = true,
                Happening::Recognised { text, .. } => self.heard.clone_from(text),
                Happening::Understood { intent, slots, skill } => {
                    self.meaning = Some((skill.clone(), intent.clone(), slots.clone()));
                }
                _ => {}
            }
        }
    }

    /// Whether a sentence was heard after the wake word.
    pub(crate) fn has_heard(&self) -> bool {
        self.woken && !self.heard.is_empty()
    }

    /// Whether it was this, after a wake word.
    pub(crate) fn is(&self, skill: &str, intent: &str, slots: &BTreeMap<String, String>) -> bool {
        let right = |meaning: &(String, String, BTreeMap<String, String>)| {
            meaning.0 == skill && meaning.1 == intent && meaning.2 == *slots
        };
        self.woken && self.meaning.as_ref().is_some_and(right)
    }
}

/// The speaker in its room.
pub(crate) struct Room {
    /// The speaker.
    pub(crate) speaker: Speaker,
    _around: Surroundings,
    ear: Ear,
    echo: Option<EchoPath>,
    played: [f32; FRAME],
}

/// Frames after which a sentence's story ends in any case: 25 seconds.
const LONGEST: usize = 2_500;
/// Frames of rest that end it: 0.6 seconds.
const REST: usize = 60;
/// What belongs to an answer after the speaker has stopped speaking, in samples: a tenth of a second. Then its music is loud again.
const TAIL: usize = 4_800;
/// Frames in which the canceller gets used to the music: three seconds.
const USED_TO: usize = 300;

impl Room {
    /// A room whose speaker has learnt the phrase from its user.
    pub(crate) fn new(config: &Config, phrase: &str, talker: &Talker<'_>, music: bool) -> Result<Room, Failure> {
        Room::configured(Surroundings::new(config, phrase, true)?, phrase, talker, music)
    }

    /// The same without echo, and with an equaliser of these bands: (parameter, gain in dB).
    #[cfg(feature = "faults")]
    pub(crate) fn with_bands(phrase: &str, talker: &Talker<'_>, bands: &[(u32, f32)]) -> Result<Room, Failure> {
        let mut around = Surroundings::new(&Config::default(), phrase, true)?;
        let parameters = bands.iter().map(|(id, gain)| (id.to_string(), *gain)).collect();
        around.config.playback.equaliser = crate::config::StageConfig { parameters, ..Default::default() };
        Room::configured(around, phrase, talker, false)
    }

    /// What the loudspeaker played last.
    #[cfg(any(test, feature = "faults"))]
    pub(crate) fn played(&self) -> [f32; FRAME] {
        self.played
    }

    /// A room whose speaker has learnt the phrase from recordings, at 48 kHz.
    pub(super) fn taught(config: &Config, phrase: &str, enrolment: &[Vec<f32>]) -> Result<Room, Failure> {
        Room::with_speech(Surroundings::new(config, phrase, true)?, phrase, enrolment, false)
    }

    fn configured(around: Surroundings, phrase: &str, talker: &Talker<'_>, music: bool) -> Result<Room, Failure> {
        Room::with_speech(around, phrase, &trial(talker.enrolment(phrase))?, music)
    }

    fn with_speech(around: Surroundings, phrase: &str, enrolment: &[Vec<f32>], music: bool) -> Result<Room, Failure> {
        let mut speaker = Speaker::new(&around.config, around.folder(), around.world.clock.start_ms)?;
        for recording in enrolment {
            learn(&mut speaker.parts.chain, recording)?;
        }
        enrol::keep(&mut speaker.parts.chain, &wake_file(around.folder(), phrase))?;
        speaker.take_events();
        let echo = music.then(|| EchoPath::arriving_at(&saggar_trials::Music::new(1).samples(10, VOICE_RMS), VOICE_RMS));
        let mut room = Room { speaker, _around: around, ear: trial(Ear::new())?, echo, played: [0.0; FRAME] };
        // A second to settle.
        (0..100).for_each(|_| room.frame(&[0.0; FRAME]));
        room.speaker.take_events();
        Ok(room)
    }

    /// A frame of what people say; the loudspeaker's echo comes to it.
    pub(crate) fn frame(&mut self, said: &[f32; FRAME]) {
        let mut heard = *said;
        if let Some(path) = &mut self.echo {
            let echo = path.echo(&self.played);
            heard.iter_mut().zip(echo).for_each(|(sample, echo)| *sample += echo);
        }
        self.played = self.speaker.frame(&heard);
    }

    /// Lets music play before a command, where the session is one with music.
    fn play_music(&mut self) {
        if self.echo.is_none() || self.speaker.parts.dialog.world.music.is_playing() {
            return;
        }
        let music = &mut self.speaker.parts.dialog.world.music;
        music.command(crate::music::Player::Volume(100));
        music.play("jazz", "music");
        for _ in 0..USED_TO {
            self.frame(&[0.0; FRAME]);
        }
        self.speaker.take_events();
    }

    /// Forgets timers and lists: another conversation begins.
    fn forget(&mut self) {
        let store = &mut self.speaker.parts.dialog.world.store;
        for owner in store.owners().map(str::to_owned).collect::<Vec<_>>() {
            let keys: Vec<Vec<u8>> = store.entries(&owner).map(|(key, _)| key.to_vec()).collect();
            for key in keys {
                let _ = store.delete(&owner, &key);
            }
            let ids: Vec<i32> = store.timers(&owner).map(|timer| timer.id).collect();
            for id in ids {
                let _ = store.timer_cancel(&owner, id);
            }
        }
        self.speaker.parts.dialog.world.music.command(crate::music::Player::Stop);
        self.speaker.parts.dialog.restart_skills();
    }

    /// Says a sentence, and waits for the answer.
    pub(super) fn say(&mut self, sound: &Trial, wanted: &Wanted<'_>) -> Result<Outcome, Failure> {
        let bypassed = self.bypassed();
        let mut events: Vec<Event> = Vec::new();
        let mut answer: Vec<f32> = Vec::new();
        let (mut rest, mut saying, mut spoken) = (0, false, 0);
        let end = sound.command.end / FRAME;
        let (begin, mut count) = (Instant::now(), 0);
        for (index, frame) in frames(&sound.samples).chain(std::iter::repeat([0.0; FRAME])).take(LONGEST).enumerate() {
            self.frame(&frame);
            count += 1;
            let new = self.speaker.take_events();
            saying |= new.iter().any(|event| matches!(event.what, Happening::Says { .. }));
            events.extend(new);
            if saying {
                answer.extend(self.played);
            }
            if self.speaker.parts.dialog.state() == State::Speaking {
                spoken = answer.len();
            }
            rest = if self.speaker.parts.dialog.is_at_rest() || self.waits_for_answer(&events) { rest + 1 } else { 0 };
            if index > end + REST && rest >= REST {
                break;
            }
        }
        answer.truncate(spoken + TAIL);
        let faster = super::count(count) / 100.0 / begin.elapsed().as_secs_f64();
        let bypassed = self.bypassed() - bypassed;
        let outcome = judge(&mut self.ear, wanted, &events, &answer, bypassed)?;
        Ok(Outcome { faster: Some(faster), ..outcome })
    }

    /// Whether it has asked something and listens.
    fn waits_for_answer(&self, events: &[Event]) -> bool {
        let said = events.iter().any(|event| matches!(event.what, Happening::Says { .. }));
        said && self.speaker.parts.dialog.state() == State::Listening
    }

    fn bypassed(&self) -> u64 {
        self.speaker.parts.chain.stages().map(|stage| stage.bypassed).sum()
    }
}

/// What became of a sentence, from what happened and what the loudspeaker played since it began to answer.
pub(super) fn judge(
    ear: &mut Ear,
    wanted: &Wanted<'_>,
    events: &[Event],
    answer: &[f32],
    bypassed: u64,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome {
        said: wanted.say.to_owned(),
        woken: false,
        heard: String::new(),
        understood: false,
        meaning: String::new(),
        answer: String::new(),
        answered: false,
        refused: false,
        after_ms: None,
        bypassed,
        faster: None,
    };
    let mut says = Vec::new();
    for event in events {
        match &event.what {
            Happening::Woken { .. } => outcome.woken = true,
            Happening::Recognised { text, foreign, .. } => {
                outcome.heard = if *foreign { format!("(foreign) {text}") } else { text.clone() };
            }
            Happening::Understood { intent, slots, skill } => {
                outcome.understood = intent == wanted.intent && slots == wanted.slots && skill == wanted.skill;
                outcome.meaning = format!("{skill}: {intent} {slots:?}");
            }
            Happening::Says { text } => {
                outcome.refused |= text == crate::dialog::NOT_UNDERSTOOD;
                says.push(text.as_str());
            }
            Happening::Sounds { after_ms } => outcome.after_ms = Some(*after_ms),
            Happening::Problem { text } => eprintln!("{}: {text}", wanted.say),
            _ => {}
        }
    }
    if !answer.is_empty() {
        // Any time would fit `{time}`; what is heard again must be the one that was said.
        let definite = |template: &&str| says.iter().find_map(|said| Answer::new(template).said(said));
        let answers: Vec<String> =
            wanted.answers.iter().map(|template| definite(template).unwrap_or_else(|| (*template).to_owned())).collect();
        let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
        (outcome.answered, outcome.answer) = trial(ear.check(answer, &answers))?;
    }
    Ok(outcome)
}

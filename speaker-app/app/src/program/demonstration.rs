//! `--room`: a whole conversation in real time, in a room without hardware, printed as it goes.
//!
//! PulseAudio is the room, espeak-ng its person, sox the echo of the loudspeaker in the microphone. The speaker is this program as a child,
//! as it would run with devices. What it says is heard again from the loudspeaker, where the ear of the trials knows the words.

use super::{Failure, doing};
use crate::config::Config;
use crate::eval::inhabited::Inhabited;
use crate::event::{Event, Happening, State};
use crate::view;
use saggar_trials::{Ear, Noise, Set, Talker, Trial, TrialError, rms};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// The wake phrase.
const PHRASE: &str = "okay jarvis";
/// The loudspeaker's factor in the microphone: 20 dB quieter than it plays. Louder ones are the evaluation's.
const ECHO: f32 = 0.1;
/// How the person speaks, of the set's manners: somewhat faster than when it taught the wake word.
const MANNER: usize = 2;
/// What is quieter than this is silence: −60 dB.
const SILENCE_RMS: f32 = 1e-3;
/// What the demonstration needs, and Debian's packages of it.
const PROGRAMS: [(&str, &str, &str); 5] = [
    ("pulseaudio", "--version", "pulseaudio"),
    ("pactl", "--version", "pulseaudio-utils"),
    ("pacat", "--version", "pulseaudio-utils"),
    ("sox", "--version", "sox"),
    ("espeak-ng", "--version", "espeak-ng"),
];

/// Something that is said, and what shall come of it.
struct Line {
    say: &'static str,
    /// The wake phrase comes first.
    wake: bool,
    /// The intent; nothing for what nobody understands.
    intent: &'static str,
    /// What the answer must be, as the ear of the trials knows it, or else part of its text.
    answer: Answer,
}

enum Answer {
    Heard(&'static str),
    Text(&'static str),
}

const WEATHER: Line = line(
    "what is the weather in london",
    "HassGetWeather",
    Answer::Heard("the weather in london light rain twelve degrees between eight and fifteen degrees"),
);
const TIME: Line = line("what time is it", "HassGetCurrentTime", Answer::Heard("it is {time}"));
const TIMER: Line = line("set a timer for thirty seconds", "HassStartTimer", Answer::Text("thirty seconds"));
const MUSIC: Line = line("play some music", "SaggarPlayMusic", Answer::Heard("what shall i play"));
const JAZZ: Line = Line { wake: false, ..line("play some jazz", "SaggarPlayMusic", Answer::Heard("playing jazz")) };
const DATE: Line = line("what is the date today", "HassGetCurrentDate", Answer::Heard("today is {date}"));

const fn line(say: &'static str, intent: &'static str, answer: Answer) -> Line {
    Line { say, wake: true, intent, answer }
}

/// Runs it; 0 where everything was answered rightly, else 1.
pub(super) fn run(config: &Config, json: bool) -> Result<u8, Failure> {
    for (program, argument, package) in PROGRAMS {
        let asked = Command::new(program).arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        doing(format!("`{program}` does not run (Debian: apt install {package})"), asked)?;
    }
    let set = trial(Set::work())?;
    let talker = Talker::in_turn(&set, 0);
    let stage = |text: &str| {
        if !json {
            println!("           {text}")
        }
    };
    stage("A room without hardware, and a speaker in it that learns its wake word.");
    let mut config = config.clone();
    config.home.broker = None;
    let mut room = Inhabited::new(&config, PHRASE, &talker, Some(ECHO), false)?;
    room.watcher = if json { in_json } else { in_words };
    let mut play = Play { room, ear: trial(Ear::new())?, talker, set: &set, json, wrong: Vec::new() };
    stage("By the first sentence it gets used to the voice.");
    play.greet()?;
    play.ask(&WEATHER)?;
    stage("Somebody interrupts it while it speaks.");
    play.interrupt("tell me a joke", &TIME)?;
    play.ask(&TIMER)?;
    stage("A question, which is answered without a wake word.");
    play.converse(&MUSIC, &JAZZ)?;
    thread::sleep(Duration::from_secs(2));
    stage("Music waits while it listens, and is quieter while it speaks.");
    play.ask(&DATE)?;
    stage("The timer rings during the music.");
    play.ring()?;
    play.stop()?;
    stage("What nobody could understand.");
    play.foreign()?;
    play.end()
}

struct Play<'a> {
    room: Inhabited,
    ear: Ear,
    talker: Talker<'a>,
    set: &'a Set,
    json: bool,
    /// What did not come as it should.
    wrong: Vec<String>,
}

impl Play<'_> {
    fn person(&self, text: &str) {
        if self.json {
            println!("{}", serde_json::json!({ "event": "person", "text": text }));
        } else {
            println!("person     {text}");
        }
    }

    fn sound(&mut self, say: &str, wake: bool) -> Result<Trial, Failure> {
        self.person(&if wake { format!("{PHRASE}, {say}") } else { say.to_owned() });
        trial(self.talker.trial(wake.then_some(PHRASE), say, MANNER, Noise::Clean))
    }

    fn ask(&mut self, line: &Line) -> Result<(), Failure> {
        let sound = self.sound(line.say, line.wake)?;
        let (events, answer) = self.room.say(&sound.samples, sound.command.end);
        self.judge(line, &events, &answer)
    }

    /// Asks for something, and answers what is asked in return: at once, as a person does.
    fn converse(&mut self, line: &Line, reply: &Line) -> Result<(), Failure> {
        let (first, second) = (self.sound(line.say, line.wake)?, self.sound(reply.say, reply.wake)?);
        let (events, answer) = self.room.say(&first.samples, first.command.end);
        let (later_events, later_answer) = self.room.say(&second.samples, second.command.end);
        self.judge(line, &events, &answer)?;
        self.judge(reply, &later_events, &later_answer)
    }

    /// Says hello; whatever comes of it.
    fn greet(&mut self) -> Result<(), Failure> {
        let sound = self.sound("hello", true)?;
        self.room.say(&sound.samples, sound.command.end);
        Ok(())
    }

    fn judge(&mut self, line: &Line, events: &[Event], answer: &[f32]) -> Result<(), Failure> {
        let meant = |event: &Event| matches!(&event.what, Happening::Understood { intent, .. } if intent == line.intent);
        // The answer to a question is the asking skill's own; only what is said after the wake phrase is told as an intent.
        if line.wake && !line.intent.is_empty() && !events.iter().any(meant) {
            self.wrong.push(format!("`{}` was not understood as {}", line.say, line.intent));
            return Ok(());
        }
        match line.answer {
            Answer::Heard(template) => {
                let (right, heard) = trial(self.ear.check(answer, &[template]))?;
                if !right {
                    self.wrong.push(format!("the answer to `{}` was heard as `{heard}`", line.say));
                }
            }
            Answer::Text(part) => {
                let told = |event: &Event| matches!(&event.what, Happening::Says { text } if text.contains(part));
                if !events.iter().any(told) || rms(answer) < SILENCE_RMS {
                    self.wrong.push(format!("the answer to `{}` was not about {part}", line.say));
                }
            }
        }
        Ok(())
    }

    /// Asks for something, and something else while the answer is being said.
    fn interrupt(&mut self, first: &str, second: &Line) -> Result<(), Failure> {
        let sound = self.sound(first, true)?;
        let speaking = |what: &Happening| matches!(what, Happening::State { state: State::Speaking });
        let spoke = self.room.say_until(&sound.samples[..sound.command.end], Duration::from_secs(12), speaking);
        if !spoke {
            self.wrong.push(format!("`{first}` was not answered"));
        }
        thread::sleep(Duration::from_millis(1_200));
        let sound = self.sound(second.say, true)?;
        let listens = |what: &Happening| matches!(what, Happening::State { state: State::Listening });
        let end = sound.wake.as_ref().map_or(0, |wake| wake.end);
        let woke = self.room.say_until(&sound.samples[..end], Duration::from_secs(5), listens);
        // What was mixed when it woke is still on its way for a moment; then it must be silent.
        thread::sleep(Duration::from_millis(300));
        let from = self.room.heard.len();
        let (events, answer) = self.room.say(&sound.samples[end..], sound.command.end - end);
        let meanwhile = self.room.heard.since(from);
        let silent = rms(&meanwhile[..meanwhile.len().min(12_000)]) < SILENCE_RMS;
        if spoke && !(woke && silent) {
            self.wrong.push(format!("it did not fall silent when it was interrupted: woke {woke}, silent {silent}"));
        }
        self.judge(second, &events, &answer)
    }

    /// Waits for the timer.
    fn ring(&mut self) -> Result<(), Failure> {
        let before = self.room.heard.len();
        if !self.room.wait_for_timer(Duration::from_secs(40)) {
            self.wrong.push("the timer did not ring".to_owned());
        }
        thread::sleep(Duration::from_secs(2));
        if rms(&self.room.heard.since(before)) < SILENCE_RMS {
            self.wrong.push("there was no music, and no tone".to_owned());
        }
        Ok(())
    }

    /// Ends tone and music.
    fn stop(&mut self) -> Result<(), Failure> {
        let sound = self.sound("stop", true)?;
        let (events, _) = self.room.say(&sound.samples, sound.command.end);
        let meant = |event: &Event| matches!(&event.what, Happening::Understood { intent, .. } if intent == "SaggarStop");
        let from = self.room.heard.len();
        thread::sleep(Duration::from_secs(1));
        if !events.iter().any(meant) || rms(&self.room.heard.since(from)) > SILENCE_RMS {
            self.wrong.push("`stop` did not end music and tone".to_owned());
        }
        Ok(())
    }

    fn foreign(&mut self) -> Result<(), Failure> {
        let Some(sentence) = self.set.foreign.iter().find(|sentence| sentence.voice.is_some()) else { return Ok(()) };
        self.person(&format!("{PHRASE}, {}", sentence.say));
        let sound = trial(self.talker.foreign(PHRASE, sentence, MANNER, Noise::Clean))?;
        let (events, answer) = self.room.say(&sound.samples, sound.command.end);
        self.judge(&line("something foreign", "", Answer::Heard("i did not understand")), &events, &answer)
    }

    fn end(self) -> Result<u8, Failure> {
        let summary = self.room.end()?;
        let right = self.wrong.is_empty();
        if self.json {
            println!(
                "{}",
                serde_json::json!({ "event": "demonstration", "right": right, "wrong": self.wrong, "figures": summary })
            );
        } else {
            let event = Event { at_ms: summary.frames * 10, what: Happening::Ends(summary) };
            println!("{}", view::line(&event).unwrap_or_default());
            println!("           {summary:?}");
            self.wrong.iter().for_each(|wrong| println!("WRONG      {wrong}"));
            println!(
                "{}",
                if right { "Everything was answered as it should be." } else { "Not everything was answered as it should be." }
            );
        }
        Ok(u8::from(!right))
    }
}

fn in_json(event: &Event) {
    println!("{}", serde_json::to_string(event).unwrap_or_default());
}

fn in_words(event: &Event) {
    match &event.what {
        Happening::Says { text } => println!("speaker    {text}"),
        Happening::State { .. } | Happening::Ends(_) => {}
        _ => {
            if let Some(line) = view::line(event) {
                println!("           {}", line.trim_start());
            }
        }
    }
}

fn trial<T>(result: Result<T, TrialError>) -> Result<T, Failure> {
    result.map_err(|error| Failure::Other(error.to_string()))
}

//! Who is told what: sentences and events to skills, and what the speaker answers itself.

use super::sentences::When;
use super::{Dialog, RINGS, Ringing, Waiting, handles};
use crate::event::{Happening, State};
use crate::outside::Answer;
use crate::skills::message::{Message, Reply};
use crate::skills::world::{Effect, Player};
use crate::skills::{Call, LONGEST_REPLY};
use saggar_intents::Match;
use saggar_store::Timer;

/// When nothing was understood.
pub const NOT_UNDERSTOOD: &str = "I did not understand.";

/// The intents that the speaker handles itself.
pub(crate) const OWN: [&str; 7] =
    ["SaggarStop", "HassNevermind", "SaggarRepeat", "SaggarHelp", "SaggarYes", "SaggarNo", "SaggarGreeting"];

impl Dialog {
    /// Does what a sentence says.
    pub(super) fn understand(&mut self, text: &str) {
        let when = if self.asker.is_some() { When::Asked } else { When::Woken };
        let found = self.sentences.recognise(text, when);
        if let Some(asker) = self.asker.take() {
            // The answer to a question; if it was none, the skill says nothing, and it is a sentence like any other.
            let message = answer(text, found.as_ref());
            let place = self.happened.len();
            if self.deliver(asker, Call::Event, &message) {
                if let Some(found) = &found {
                    // Before what the skill says to it.
                    let understood = self.understood(found, asker);
                    self.happens(understood);
                    self.happened[place..].rotate_right(1);
                }
                return;
            }
        }
        let Some(found) = found else { return self.say(NOT_UNDERSTOOD) };
        let skill = self.skills.iter().position(|skill| handles(skill, &found.intent));
        let understood = self.understood(&found, skill.unwrap_or(usize::MAX));
        self.happens(understood);
        match skill {
            Some(skill) => {
                let message = Message::default().with("intent", &found.intent).with("locale", "en").with("text", text);
                self.deliver(skill, Call::Intent, with_slots(message, &found).text());
            }
            None => self.answer_oneself(&found.intent),
        }
    }

    /// What was understood, and by which skill; by the speaker itself where there is none.
    fn understood(&self, found: &Match, skill: usize) -> Happening {
        let slots = found.slots.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        let skill = self.skills.get(skill).map(|skill| skill.manifest.id.clone()).unwrap_or_default();
        Happening::Understood { intent: found.intent.clone(), slots, skill }
    }

    fn answer_oneself(&mut self, intent: &str) {
        match intent {
            "SaggarStop" => {
                self.hush();
                self.world.music.command(Player::Stop);
            }
            "HassNevermind" => self.hush(),
            "SaggarRepeat" if self.last_said.is_empty() => self.say("I have not said anything yet."),
            "SaggarRepeat" => self.say(&self.last_said.clone()),
            "SaggarHelp" => self.say(
                "You can set timers and alarms, ask for the time, the weather and a joke, play music, \
                 switch lights, convert units, and keep a shopping list.",
            ),
            "SaggarGreeting" => self.say("Hello."),
            "SaggarYes" | "SaggarNo" => self.say("There was no question."),
            _ => self.say("I have no skill for that."),
        }
    }

    /// Calls a skill and does what it wants; whether it said anything, or failed.
    fn deliver(&mut self, skill: usize, call: Call, message: &str) -> bool {
        let Some(called) = self.skills.get_mut(skill) else { return false };
        let outcome = called.call(&mut self.world, call, message);
        let id = called.manifest.id.clone();
        let mut spoke = false;
        // Nobody listens to more, in all of a call.
        let mut left = LONGEST_REPLY;
        let short = |left: &mut usize, text: &str| {
            let end = (0..=(*left).min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            *left -= end;
            text[..end].to_owned()
        };
        for effect in self.world.take_effects() {
            match effect {
                Effect::Say(text) | Effect::Ask(text) if left == 0 && !text.is_empty() => spoke = true,
                Effect::Say(text) => {
                    spoke = true;
                    self.say(&short(&mut left, &text));
                }
                Effect::Ask(text) => {
                    spoke = true;
                    self.asker = Some(skill);
                    self.say(&short(&mut left, &text));
                }
                Effect::Log(line) => self.happens(Happening::Log { skill: id.clone(), line }),
                Effect::Refused(why) => self.problem(format!("the {id} skill was refused something: {why}")),
            }
        }
        match outcome {
            Ok(Reply { say, ask, .. }) => {
                if ask && self.skills[skill].manifest.permissions.microphone {
                    self.asker = Some(skill);
                } else if ask {
                    self.problem(format!("the {id} skill asks, and may not listen: grant `microphone` in its skill.toml"));
                }
                if !say.is_empty() {
                    spoke = true;
                    if left > 0 {
                        self.say(&short(&mut left, &say));
                    }
                }
                spoke
            }
            Err(failure) => {
                self.happens(Happening::SkillFailed { skill: id, why: failure.to_string() });
                if self.asker == Some(skill) {
                    self.asker = None;
                }
                self.say(&self.skills[skill].apology(failure));
                true
            }
        }
    }

    /// An event for a skill: now, or when the conversation is over.
    pub(super) fn event_to(&mut self, owner: &str, event: &str, fields: &[(&str, String)]) {
        self.event_of(owner, event, fields, None);
    }

    fn event_of(&mut self, owner: &str, event: &str, fields: &[(&str, String)], timer: Option<Timer>) {
        // A skill that is not there any more is told nothing.
        let Some(skill) = self.skills.iter().position(|skill| skill.manifest.id == owner) else { return };
        let message = Message::default().with("event", event);
        let message = fields.iter().fold(message, |message, (key, value)| message.with(key, value));
        self.events_waiting.push_back(Waiting { skill, message: message.text().to_owned(), timer });
    }

    pub(super) fn deliver_event(&mut self, event: Waiting) {
        if let Some(timer) = &event.timer
            && !self.world.store.timers(&timer.owner).any(|there| there == timer)
        {
            // It was cancelled while the event waited.
            self.rung.retain(|rung| rung != timer);
            if self.rung.is_empty() {
                self.ringing = None;
            }
            return;
        }
        self.deliver(event.skill, Call::Event, &event.message);
        let Some(timer) = event.timer else { return };
        // Until now it was among the skill's timers: a skill that is started anew by its ring finds it there.
        match self.world.store.take(std::slice::from_ref(&timer)) {
            Ok(()) => self.rung.retain(|rung| *rung != timer),
            Err(error) => self.problem(format!("a timer that has rung will ring again after the next start: {error}")),
        }
    }

    pub(super) fn timer_rings(&mut self, timer: Timer) {
        if !self.skills.iter().any(|skill| skill.manifest.id == timer.owner) {
            // Kept for when its skill is there again; nobody else could turn it off.
            self.problem(format!("a timer of the skill `{}` is due, which is not there", timer.owner));
            return self.rung.push(timer);
        }
        self.happens(Happening::Rings { skill: timer.owner.clone() });
        // The first tone comes before the words.
        self.ringing = Some(Ringing { next: self.frame, left: RINGS });
        self.rung.push(timer.clone());
        let (owner, fields) = (timer.owner.clone(), [("id", timer.id.to_string()), ("tag", timer.tag.clone())]);
        self.event_of(&owner, "timer", &fields, Some(timer));
    }

    pub(super) fn answers_from_outside(&mut self) {
        for (owner, answer) in self.world.answers() {
            match answer {
                Answer::Http { id, status, body } => {
                    let fields = [("id", id.to_string()), ("status", status.to_string()), ("body", body)];
                    self.event_to(&owner, "http", &fields);
                }
                Answer::Home { id, ok, value } => {
                    let fields = [("id", id.to_string()), ("ok", u8::from(ok).to_string()), ("value", value)];
                    self.event_to(&owner, "home", &fields);
                }
            }
        }
    }

    /// Says something, after what is being said.
    pub(super) fn say(&mut self, text: &str) {
        self.happens(Happening::Says { text: text.to_owned() });
        text.clone_into(&mut self.last_said);
        let Some(voice) = &mut self.voice else { return };
        let said = voice.say(text, &mut self.sources.speech);
        self.go(State::Speaking);
        if let Err(error) = said {
            self.problem(error.to_string());
        }
    }
}

fn with_slots(message: Message, found: &Match) -> Message {
    found.slots.iter().fold(message, |message, (name, value)| message.with(&format!("slot.{name}"), value))
}

fn answer(text: &str, found: Option<&Match>) -> String {
    let message = Message::default().with("event", "answer").with("locale", "en").with("text", text);
    let message = match found {
        Some(found) => with_slots(message.with("intent", &found.intent), found),
        None => message,
    };
    message.text().to_owned()
}

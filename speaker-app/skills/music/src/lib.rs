//! The player by voice. What is played and how loud is the host's knowledge; this skill holds none of its own.
#![cfg_attr(target_arch = "wasm32", no_std)]

use saggar_skill::{
    Event, Intent, Reply, Sink, Skill,
    host::{self, Music},
};

saggar_skill::exports!(Player);

/// The skill.
pub struct Player {
    /// Whether it has asked what to play.
    asked: bool,
}

impl Skill for Player {
    fn new() -> Self {
        Self { asked: false }
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        self.asked = false;
        let (command, done) = match intent.name() {
            "PlayMusic" => return self.play(intent.slot("name"), reply),
            "SetVolume" => return set_volume(intent.slot_number("percent"), reply),
            "StopMusic" => (Music::Stop, "Stopped."),
            "PauseMusic" => (Music::Pause, "Paused."),
            "ResumeMusic" => (Music::Resume, ""),
            "HassMediaNext" => (Music::Next, ""),
            // The change is to be heard, not to be told.
            "VolumeUp" => (Music::Louder, ""),
            "VolumeDown" => (Music::Quieter, ""),
            _ => return,
        };
        if !host::music(command) {
            reply.fail("Nothing is playing.");
        } else if !done.is_empty() {
            reply.push(done);
        }
    }

    fn on_event(&mut self, event: &Event<'_>, reply: &mut Reply<'_>) {
        match event {
            Event::Answer(answer) if !answer.name().is_empty() => self.on_intent(answer, reply),
            Event::Answer(answer) if core::mem::take(&mut self.asked) => self.play(Some(answer.text()), reply),
            _ => {}
        }
    }
}

impl Player {
    fn play(&mut self, name: Option<&str>, reply: &mut Reply<'_>) {
        let Some(name) = name else {
            // "Play" after "pause" goes on.
            if !host::music(Music::Resume) {
                self.asked = true;
                reply.ask("What shall I play?");
            }
            return;
        };
        if host::play(name).is_some() {
            reply.push("Playing ");
            reply.push(name);
            reply.push(".");
        } else {
            reply.fail("I could not find ");
            reply.push(name);
            reply.push(".");
        }
    }
}

fn set_volume(percent: Option<i64>, reply: &mut Reply<'_>) {
    match percent.and_then(|percent| i32::try_from(percent).ok()).filter(|percent| (0..=100).contains(percent)) {
        Some(percent) if host::music(Music::Volume(percent)) => {
            reply.push("Volume ");
            saggar_skill::phrase::number(reply, percent.into());
            reply.push(" percent.");
        }
        Some(_) => reply.fail("I could not change the volume."),
        None => reply.fail("The volume goes from zero to one hundred."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use saggar_skill::mock::{self, event, intent};

    #[test]
    fn commands_reach_the_player() {
        mock::reset();
        let skill = &mut Player::new();
        for (fields, said, call) in [
            ("intent=PlayMusic\nslot.name=jazz", "Playing jazz.", "play jazz"),
            ("intent=StopMusic", "Stopped.", "music 0 0"),
            ("intent=PauseMusic", "Paused.", "music 1 0"),
            ("intent=ResumeMusic", "", "music 2 0"),
            ("intent=HassMediaNext", "", "music 3 0"),
            ("intent=SetVolume\nslot.percent=thirty", "Volume thirty percent.", "music 4 30"),
            ("intent=VolumeUp", "", "music 5 0"),
            ("intent=VolumeDown", "", "music 6 0"),
            ("intent=PlayMusic", "", "music 2 0"),
        ] {
            assert_eq!(intent(skill, fields), said);
            assert_eq!(mock::calls(), [call]);
        }
        assert_eq!(intent(skill, "intent=SetVolume\nslot.percent=101"), "The volume goes from zero to one hundred. [error=1]");
    }

    #[test]
    fn refusals_are_told() {
        mock::reset();
        mock::with(|mock| mock.refuse = true);
        let skill = &mut Player::new();
        assert_eq!(intent(skill, "intent=PlayMusic\nslot.name=jazz"), "I could not find jazz. [error=1]");
        assert_eq!(intent(skill, "intent=HassMediaNext"), "Nothing is playing. [error=1]");
        assert_eq!(intent(skill, "intent=PlayMusic"), "What shall I play? [ask=1]");
        mock::with(|mock| mock.refuse = false);
        assert_eq!(event(skill, "event=answer\ntext=the blues"), "Playing the blues.");
        assert_eq!(event(skill, "event=answer\ntext=the blues"), "");
    }
}

//! The player by voice. How loud it is and where a piece has got to is the host's knowledge; the skill remembers what it was asked to
//! play, since nobody else could say what that was called.
#![cfg_attr(target_arch = "wasm32", no_std)]

use saggar_skill::{
    Event, Intent, Reply, Sink, Skill, Text,
    host::{self, Music},
    phrase,
};

saggar_skill::exports!(Player);

/// The skill.
pub struct Player {
    /// What plays or is paused.
    playback: Option<Playback>,
    /// Whether it has asked what to play.
    asked: bool,
}

struct Playback {
    id: i32,
    name: Text<80>,
}

impl Skill for Player {
    fn new() -> Self {
        Self { playback: None, asked: false }
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        self.asked = false;
        let (command, done) = match intent.name() {
            "SaggarPlayMusic" => return self.play_something(intent.slot("genre"), reply),
            "HassMediaSearchAndPlay" => return self.search(intent.slot("search_query"), reply),
            "SaggarWhatIsPlaying" => return self.tell(reply),
            "HassSetVolume" => return set_volume(intent.slot_number("volume_level"), reply),
            "HassSetVolumeRelative" => return change_volume(intent.slot("volume_step"), reply),
            "SaggarMediaStop" => (Music::Stop, "Stopped."),
            "HassMediaPause" => (Music::Pause, "Paused."),
            "HassMediaUnpause" => (Music::Resume, "The music goes on."),
            "HassMediaNext" => (Music::Next, "Next."),
            "HassMediaPrevious" => (Music::Previous, "Back."),
            "HassMediaPlayerMute" => (Music::Mute, "Muted."),
            "HassMediaPlayerUnmute" => (Music::Unmute, "The sound is back."),
            _ => return,
        };
        if host::music(command) {
            reply.push(done);
        } else if matches!(command, Music::Mute | Music::Unmute) {
            reply.fail("I could not change the volume.");
        } else {
            reply.fail("Nothing is playing.");
        }
        if command == Music::Stop {
            self.playback = None;
        }
    }

    fn on_event(&mut self, event: &Event<'_>, reply: &mut Reply<'_>) {
        match event {
            Event::Answer(answer) if !answer.is_answer() => self.on_intent(answer, reply),
            Event::Answer(answer) if core::mem::take(&mut self.asked) => {
                if answer.agrees() == Some(false) {
                    return reply.push("All right.");
                }
                self.play(answer.slot("genre").unwrap_or(answer.text()), reply);
            }
            Event::PlaybackEnd { id } => {
                self.playback.take_if(|playback| playback.id == *id);
            }
            _ => {}
        }
    }
}

impl Player {
    /// A genre; "play" after "pause" goes on.
    fn play_something(&mut self, genre: Option<&str>, reply: &mut Reply<'_>) {
        match genre {
            Some(genre) => self.play(genre, reply),
            None if self.playback.is_some() && host::music(Music::Resume) => reply.push("The music goes on."),
            None => self.ask(reply),
        }
    }

    fn search(&mut self, query: Option<&str>, reply: &mut Reply<'_>) {
        match query {
            Some(query) => self.play(query, reply),
            None => self.ask(reply),
        }
    }

    fn ask(&mut self, reply: &mut Reply<'_>) {
        self.asked = true;
        reply.ask("What shall I play?");
    }

    fn play(&mut self, name: &str, reply: &mut Reply<'_>) {
        if let Some(id) = host::play(name) {
            self.playback = Some(Playback { id, name: Text::of(name) });
            reply.push("Playing ");
        } else {
            reply.fail("I could not find ");
        }
        reply.push(name);
        reply.push(".");
    }

    fn tell(&self, reply: &mut Reply<'_>) {
        match &self.playback {
            None => reply.push("Nothing is playing."),
            Some(playback) => {
                reply.push("This is ");
                reply.push(playback.name.as_str());
                reply.push(".");
            }
        }
    }
}

fn set_volume(percent: Option<i64>, reply: &mut Reply<'_>) {
    match percent.and_then(|percent| i32::try_from(percent).ok()).filter(|percent| (0..=100).contains(percent)) {
        Some(percent) if host::music(Music::Volume(percent)) => {
            reply.push("Volume ");
            phrase::number(reply, percent.into());
            reply.push(" percent.");
        }
        Some(_) => reply.fail("I could not change the volume."),
        None => reply.fail("The volume goes from zero to one hundred."),
    }
}

fn change_volume(step: Option<&str>, reply: &mut Reply<'_>) {
    let (command, done) = match step {
        Some("up") => (Music::Louder, "Louder."),
        Some("down") => (Music::Quieter, "Quieter."),
        _ => return reply.fail("I did not hear whether louder or quieter."),
    };
    if host::music(command) {
        reply.push(done);
    } else {
        reply.fail("I could not change the volume.");
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
            ("SaggarPlayMusic\nslot.genre=jazz", "Playing jazz.", "play jazz"),
            ("SaggarPlayMusic", "The music goes on.", "music 2 0"),
            ("HassMediaSearchAndPlay\nslot.search_query=blue train", "Playing blue train.", "play blue train"),
            ("SaggarMediaStop", "Stopped.", "music 0 0"),
            ("HassMediaPause", "Paused.", "music 1 0"),
            ("HassMediaUnpause", "The music goes on.", "music 2 0"),
            ("HassMediaNext", "Next.", "music 3 0"),
            ("HassSetVolume\nslot.volume_level=30", "Volume thirty percent.", "music 4 30"),
            ("HassSetVolumeRelative\nslot.volume_step=up", "Louder.", "music 5 0"),
            ("HassSetVolumeRelative\nslot.volume_step=down", "Quieter.", "music 6 0"),
            ("HassMediaPrevious", "Back.", "music 7 0"),
            ("HassMediaPlayerMute", "Muted.", "music 8 0"),
            ("HassMediaPlayerUnmute", "The sound is back.", "music 9 0"),
        ] {
            assert_eq!(intent(skill, &format!("intent={fields}")), said);
            assert_eq!(mock::calls(), [call]);
        }
        let loud = "intent=HassSetVolume\nslot.volume_level=101";
        assert_eq!(intent(skill, loud), "The volume goes from zero to one hundred. [error=1]");
        let step = "intent=HassSetVolumeRelative\nslot.volume_step=sideways";
        assert_eq!(intent(skill, step), "I did not hear whether louder or quieter. [error=1]");
    }

    #[test]
    fn what_plays_is_told() {
        mock::reset();
        let skill = &mut Player::new();
        assert_eq!(intent(skill, "intent=SaggarWhatIsPlaying"), "Nothing is playing.");
        intent(skill, "intent=SaggarPlayMusic\nslot.genre=jazz");
        assert_eq!(intent(skill, "intent=SaggarWhatIsPlaying"), "This is jazz.");
        intent(skill, "intent=SaggarPlayMusic\nslot.genre=folk");
        assert_eq!(event(skill, "event=playback_end\nid=1"), "");
        assert_eq!(intent(skill, "intent=SaggarWhatIsPlaying"), "This is folk.");
        assert_eq!(event(skill, "event=playback_end\nid=2"), "");
        assert_eq!(intent(skill, "intent=SaggarWhatIsPlaying"), "Nothing is playing.");
    }

    #[test]
    fn refusals_are_told() {
        mock::reset();
        mock::with(|mock| mock.refuse = true);
        let skill = &mut Player::new();
        assert_eq!(intent(skill, "intent=SaggarPlayMusic\nslot.genre=jazz"), "I could not find jazz. [error=1]");
        assert_eq!(intent(skill, "intent=SaggarPlayMusic"), "What shall I play? [ask=1]");
        assert_eq!(event(skill, "event=answer\nintent=HassNevermind\ntext=forget it"), "All right.");
        assert_eq!(intent(skill, "intent=HassMediaNext"), "Nothing is playing. [error=1]");
        assert_eq!(intent(skill, "intent=HassMediaPlayerMute"), "I could not change the volume. [error=1]");
        assert_eq!(intent(skill, "intent=HassMediaSearchAndPlay"), "What shall I play? [ask=1]");
        mock::with(|mock| mock.refuse = false);
        assert_eq!(event(skill, "event=answer\ntext=the blues"), "Playing the blues.");
        assert_eq!(event(skill, "event=answer\ntext=the blues"), "");
    }
}

//! Ten thousand faults, while music plays: traps, endless loops, and frames cut off anywhere, in every stage and in skills.
//!
//! What is heard is compared sample by sample with what the bypass is defined to be, from an equaliser that was compiled for this machine
//! and is started anew whenever the fired one has to be. Between bursts somebody says a command that was understood before the first of them, and
//! must be now.

use super::{Figure, Plan};
use crate::program::Failure;

#[cfg(not(feature = "faults"))]
pub(super) fn measure(_: &Plan) -> Result<Vec<Figure>, Failure> {
    Err(Failure::Other(
        "this speaker was built without faults to switch on: `cargo xtask speaker eval` builds one with".to_owned(),
    ))
}

#[cfg(feature = "faults")]
pub(super) use with_faults::measure;

#[cfg(feature = "faults")]
mod with_faults {
    use super::super::session::{Room, Told, trial};
    use super::super::{Wanted, count, percent};
    use super::{Failure, Figure, Plan};
    use crate::dsp::chain::FRAME;
    use crate::dsp::playback::Seam;
    use crate::event::Happening;
    use crate::music::Player;
    use saggar_dsp_contract::{Buffer, Module};
    use saggar_dsp_equaliser::Equaliser;
    use saggar_trials::{Noise, Talker};
    use std::fs;

    /// Faults that have to take effect.
    const FAULTS: u64 = 10_000;
    /// Percent of the commands that were understood twice without faults which must be understood after a burst, too: the recogniser mishears
    /// one in twenty anyway, by where in the music they are said.
    const AS_BEFORE: f64 = 90.0;
    /// Bursts, each with a command behind it.
    const BURSTS: u64 = 25;
    /// Faults of skills in a burst.
    const OF_SKILLS: u64 = 16;
    /// The equaliser's bands: (parameter, gain in dB). Flat ones would hide what a restart does to the filters.
    const BANDS: [(u32, f32); 2] = [(1, 6.0), (4, -4.0)];
    /// Sentences for skills that shall fail.
    const SENTENCES: [&str; 4] = ["what time is it", "tell me a joke", "what is on the shopping list", "how much time is left"];

    /// The defined output, from an equaliser of this machine.
    struct Defined {
        equaliser: Box<Module<Equaliser, 2, FRAME>>,
        seam: Seam,
        /// It failed in the frame before, and is started anew.
        failed: bool,
        volume_db: f32,
    }

    impl Defined {
        fn new() -> Defined {
            let mut defined = Defined { equaliser: Box::new(Module::IDLE), seam: Seam::default(), failed: false, volume_db: 0.0 };
            defined.start();
            defined
        }

        fn start(&mut self) {
            *self.equaliser = Module::IDLE;
            self.equaliser.start(48_000, 1, 480);
            BANDS.iter().for_each(|(id, value)| self.equaliser.set_parameter(*id, *value));
            self.equaliser.reset();
        }

        fn frame(&mut self, mixed: &[f32; FRAME], volume_db: f32, fails: bool) -> [f32; FRAME] {
            if std::mem::take(&mut self.failed) {
                self.start();
                self.equaliser.set_parameter(0, volume_db);
                self.equaliser.reset();
            }
            self.volume_db = volume_db;
            self.seam.gain = crate::dsp::playback::gain_of(volume_db);
            let mut output = [0.0; FRAME];
            if fails {
                self.failed = true;
                self.seam.join(mixed, None, &mut output);
                return output;
            }
            self.equaliser.set_parameter(0, volume_db);
            if let Some(input) = self.equaliser.channel(Buffer::Input, 0) {
                *input = *mixed;
            }
            self.equaliser.process(480);
            let processed = self.equaliser.channel(Buffer::Output, 0).copied().unwrap_or([0.0; FRAME]);
            self.seam.join(mixed, Some(&processed), &mut output);
            output
        }
    }

    /// Random numbers by a linear congruence (Knuth's MMIX), upper half.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }
    }

    /// A frame's time: who overruns it is bypassed within it.
    const FRAME_US: f64 = 10_000.0;

    /// What became of a command.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Fate {
        /// The right intent with the right slots.
        Understood,
        /// A sentence was heard, and taken for another or refused.
        Misheard,
        /// Not woken, or no sentence was heard.
        Lost,
    }

    /// What came of it.
    #[derive(Default)]
    struct Tally {
        frames: u64,
        different: u64,
        gaps: u64,
        skills: u64,
        untold: u64,
        /// How long frames took, of a stage, in which it would never have ended; microseconds.
        endless: Vec<f64>,
    }

    struct Trouble<'a> {
        room: Room,
        defined: Defined,
        dice: Dice,
        tally: Tally,
        /// Whether faults are being injected.
        on: bool,
        talker: Talker<'a>,
    }

    pub(crate) fn measure(plan: &Plan) -> Result<Vec<Figure>, Failure> {
        let set = plan.set.load()?;
        let phrase = set.phrases.first().cloned().unwrap_or_default();
        let talker = Talker::in_turn(&set, 0);
        let room = Room::with_bands(&phrase, &talker, &BANDS)?;
        let mut trouble = Trouble { room, defined: Defined::new(), dice: Dice(11), tally: Tally::default(), on: false, talker };
        let faults = if plan.quick { FAULTS / 10 } else { FAULTS };
        // What is not always understood without faults is no measure of what faults do.
        let mut known: Vec<usize> = (0..set.commands.len() / if plan.quick { 3 } else { 1 }).collect();
        for _ in 0..2 {
            let mut again = Vec::new();
            for index in known {
                trouble.keep_music();
                if trouble.command(&phrase, &set.commands[index], index)? == Fate::Understood {
                    again.push(index);
                }
                trouble.room.speaker.parts.dialog.restart_skills();
            }
            known = again;
        }
        if known.is_empty() {
            return Err(Failure::Other(
                "no command was understood over music without faults, so what they do cannot be told".to_owned(),
            ));
        }
        eprintln!("{} commands are understood without faults", known.len());
        let (mut understood, mut lost, mut said, mut burst) = (0, 0, 0, 0);
        let mut memory = Vec::new();
        while trouble.faults() < faults {
            burst += 1;
            trouble.on = true;
            trouble.keep_music();
            for _ in 0..OF_SKILLS {
                trouble.fail_a_skill();
                if trouble.faults() >= faults * burst / BURSTS {
                    break;
                }
            }
            trouble.on = false;
            let index = known[usize::try_from(burst).unwrap_or(0) % known.len()];
            match trouble.command(&phrase, &set.commands[index], index)? {
                Fate::Understood => understood += 1,
                Fate::Misheard => {}
                Fate::Lost => lost += 1,
            }
            said += 1;
            memory.push(resident_bytes());
            eprintln!(
                "{} faults, {} of {said} commands understood, {} KiB",
                trouble.faults(),
                understood,
                resident_bytes() >> 10
            );
        }
        // The first bursts fill buffers that are kept, the recogniser's above all.
        let early = memory.get(memory.len() / 2).copied().unwrap_or(0);
        let grown = memory.last().copied().unwrap_or(0).saturating_sub(early);
        let faults = trouble.faults();
        let parts = &trouble.room.speaker.parts;
        for stage in [&parts.playback.stage].into_iter().chain(parts.chain.stages()) {
            eprintln!("{}: at most {} operators in a frame, of {}", stage.name(), stage.most_fuel, stage.fuel());
        }
        let Tally { frames, different, gaps, skills, untold, mut endless } = trouble.tally;
        endless.sort_by(f64::total_cmp);
        let slow = endless.get(endless.len() * 99 / 100).copied().unwrap_or(0.0);
        let figure = |what: &str, value: f64, unit, wanted, of: u64| Figure {
            part: "faults",
            what: what.to_owned(),
            value,
            unit,
            wanted,
            of,
        };
        let number = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX));
        Ok(vec![
            figure(
                "faults that took effect",
                number(faults),
                "",
                Some(Wanted::AtLeast(number(if plan.quick { FAULTS / 10 } else { FAULTS }))),
                faults,
            ),
            figure("of them in skills", number(skills), "", None, faults),
            figure("frames heard that differ from the defined bypass", number(different), "", Some(Wanted::AtMost(0.0)), frames),
            figure("gaps in the music", number(gaps), "", Some(Wanted::AtMost(0.0)), frames),
            figure("failures of skills that were not told", number(untold), "", Some(Wanted::AtMost(0.0)), skills),
            figure("commands after a burst that are lost", count(lost), "", Some(Wanted::AtMost(0.0)), said as u64),
            figure(
                "commands after a burst that are understood as they were before",
                percent(understood, said),
                "%",
                Some(Wanted::AtLeast(AS_BEFORE)),
                said as u64,
            ),
            figure(
                "frame of a stage that would never end, 99 of 100",
                slow,
                "µs",
                // A first look, which CI takes, has no verdict on times.
                (!plan.quick).then_some(Wanted::AtMost(FRAME_US)),
                endless.len() as u64,
            ),
            figure("memory grown", number(grown) / 1024.0, "KiB", Some(Wanted::AtMost(2_048.0)), 1),
        ])
    }

    impl Trouble<'_> {
        fn faults(&mut self) -> u64 {
            let parts = &self.room.speaker.parts;
            let captured: u64 = parts.chain.stages().map(|stage| stage.restarts).sum();
            captured + parts.playback.stage.restarts + self.tally.skills
        }

        fn keep_music(&mut self) {
            let music = &mut self.room.speaker.parts.dialog.world.music;
            music.command(Player::Volume(90));
            if !music.is_playing() {
                music.play("jazz", "music");
            }
        }

        /// A frame, with faults or without.
        fn frame(&mut self, said: &[f32; FRAME]) {
            if self.on {
                self.plant();
            }
            let before = self.bypassed();
            self.room.frame(said);
            let parts = &mut self.room.speaker.parts;
            for stage in parts.chain.stages_mut().chain([&mut parts.playback.stage]) {
                if std::mem::take(&mut stage.last.1) {
                    self.tally.endless.push(stage.last.0.as_secs_f64() * 1e6);
                }
            }
            let fails = self.bypassed() > before;
            let (mixed, volume_db) = self.room.speaker.mixed;
            let defined = self.defined.frame(&mixed, volume_db, fails);
            let heard = self.room.played();
            self.tally.frames += 1;
            // By bits: what is the same number may still be another zero.
            let same = defined.iter().zip(&heard).all(|(defined, heard)| defined.to_bits() == heard.to_bits());
            self.tally.different += u64::from(!same);
            self.tally.gaps = self.room.speaker.parts.mixer.starved;
        }

        fn bypassed(&self) -> u64 {
            self.room.speaker.parts.playback.stage.bypassed
        }

        /// Lets stages fail in the next frame: one in three.
        fn plant(&mut self) {
            let parts = &mut self.room.speaker.parts;
            for stage in parts.chain.stages_mut().chain([&mut parts.playback.stage]) {
                if self.dice.below(40) != 0 && !(stage.name() == "equaliser" && self.dice.below(12) == 0) {
                    continue;
                }
                match self.dice.below(3) {
                    0 => stage.plant(1),
                    1 => stage.plant(2),
                    _ => {
                        let most = stage.most_fuel.max(2);
                        stage.cut(1 + self.dice.below(most - 1));
                    }
                }
            }
        }

        /// Lets a skill fail, and waits until that has been told.
        fn fail_a_skill(&mut self) {
            let sentence = SENTENCES[usize::try_from(self.dice.below(4)).unwrap_or(0)];
            let kind = 1 + i32::try_from(self.dice.below(2)).unwrap_or(0);
            let dialog = &mut self.room.speaker.parts.dialog;
            let before: u64 = dialog.skills().iter().map(|skill| skill.failures).sum();
            dialog.skills_mut().iter_mut().for_each(|skill| skill.plant(kind));
            dialog.tell(sentence);
            let failed: u64 = dialog.skills().iter().map(|skill| skill.failures).sum();
            let events = self.room.speaker.take_events();
            let told = events.iter().filter(|event| matches!(event.what, Happening::SkillFailed { .. })).count();
            let said = events.iter().any(|event| matches!(&event.what, Happening::Says { text } if !text.is_empty()));
            self.tally.skills += failed - before;
            self.tally.untold += u64::from(failed == before || told == 0 || !said);
            // The apology is heard while stages fail.
            for _ in 0..1_000 {
                self.frame(&[0.0; FRAME]);
                if self.room.speaker.parts.dialog.is_at_rest() {
                    break;
                }
            }
            self.room.speaker.parts.dialog.restart_skills();
            self.room.speaker.take_events();
        }

        fn command(&mut self, phrase: &str, command: &saggar_trials::Command, index: usize) -> Result<Fate, Failure> {
            // The canceller and the voice activity settle.
            (0..150).for_each(|_| self.frame(&[0.0; FRAME]));
            let sound = trial(self.talker.command(phrase, index, Noise::Clean))?;
            let mut told = Told::default();
            for frame in crate::program::files::frames(&sound.samples) {
                self.frame(&frame);
                told.hear(&self.room.speaker.take_events());
                if told.meaning.is_some() && self.room.speaker.parts.dialog.is_at_rest() {
                    break;
                }
            }
            let right = told.is(&command.skill, &command.intent, &command.slots);
            if !right {
                eprintln!("`{}` was not understood: {told:?}", command.say);
            }
            Ok(match right {
                true => Fate::Understood,
                false if told.has_heard() => Fate::Misheard,
                false => Fate::Lost,
            })
        }
    }

    /// Memory of this process that is in use, by the system's count; 0 where it does not say.
    fn resident_bytes() -> u64 {
        let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages: u64 = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
        pages * 4_096
    }
}

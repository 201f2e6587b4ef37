//! A skill that keeps no promise (`speaker-app/hostile/skill.wat`): whatever it says, the host checks, and lives on.

use super::{Call, Skill, SkillFailure, fits, linked};
use crate::clock::FrameClock;
use crate::music::Music;
use crate::outside::Outside;
use crate::program::files::Scratch;
use crate::skills::message::Reply;
use crate::skills::world::{Effect, Place};
use saggar_abi::trap::Code;
use saggar_store::Store;

/// Bytes of its memory.
const MEMORY: usize = 65_536;

fn world(scratch: &Scratch) -> Place {
    let store = Store::open(&scratch.0).expect("an empty folder");
    let outside = Outside::new(None, &mut Vec::new());
    Place::new(store, Music::new(None, 0.0), outside, Box::new(FrameClock::new(0, 0)), 1)
}

fn hostile() -> Skill {
    let (module, _, manifest, sentences, ram_bytes) = linked::hostile().pop().expect("it is linked");
    Skill::new(module.expect("one test uses it"), fits(&[], manifest).expect("valid"), sentences, ram_bytes)
}

fn says(text: &str) -> Result<Reply, SkillFailure> {
    Ok(Reply { say: text.to_owned(), ..Reply::default() })
}

#[test]
fn nothing_that_a_skill_claims_is_believed() {
    let scratch = Scratch::new().expect("a folder");
    let (mut world, mut skill) = (world(&scratch), hostile());
    let trapped =
        |code: Code| move |failure: SkillFailure| matches!(failure, SkillFailure::Trapped(trap) if trap.code() == Some(code));
    let mut call = |skill: &mut Skill, kind: i32, bytes: usize| {
        skill.plant(kind);
        let outcome = skill.call(&mut world, Call::Intent, &"m".repeat(bytes));
        let effects = world.take_effects();
        // Whatever it did: started anew, it is as good as any other.
        if outcome.is_err() {
            assert_eq!(skill.call(&mut world, Call::Intent, "again"), says("good"), "after {kind}");
        }
        (outcome, effects)
    };
    assert_eq!(call(&mut skill, 0, 5), (says("good"), Vec::new()));
    for kind in 10..=14 {
        assert_eq!(call(&mut skill, kind, 5), (Err(SkillFailure::Reply), Vec::new()), "the reply of kind {kind}");
    }
    assert_eq!(call(&mut skill, 15, 5).0, says("edge"));
    assert_eq!(call(&mut skill, 16, 5).0, says(""));
    for kind in 20..=23 {
        assert_eq!(call(&mut skill, kind, 5).0, Err(SkillFailure::NoRoom(5)), "the room of kind {kind}");
    }
    assert_eq!(call(&mut skill, 24, 8).0, says("good"));
    assert_eq!(call(&mut skill, 0, MEMORY).0, Err(SkillFailure::NoRoom(MEMORY)));
    // Every function of the host refuses a text that is not there, and does nothing.
    assert_eq!(call(&mut skill, 30, 5), (says("refused"), Vec::new()));
    let (outcome, effects) = call(&mut skill, 31, 5);
    assert_eq!(outcome, says("refused"));
    assert!(effects.iter().all(|effect| matches!(effect, Effect::Refused(_))) && effects.len() >= 2, "{effects:?}");
    // Nobody listens to a thousand sentences.
    let (outcome, effects) = call(&mut skill, 32, 5);
    assert_eq!((outcome, effects.len()), (says(""), 32));
    assert!(effects.iter().all(|effect| *effect == Effect::Say("value".to_owned())));
    // Nor may it wear out the disk: most of a thousand writes are refused, which is told once.
    let (outcome, effects) = call(&mut skill, 33, 5);
    assert_eq!((outcome, effects.len()), (says(""), 1));
    assert!(matches!(&effects[0], Effect::Refused(why) if why.contains("64 times")), "{effects:?}");
    assert_eq!(call(&mut skill, 34, 5), (says("refused"), Vec::new()));
    for (kind, code) in
        [(40, Code::Unreachable), (42, Code::StackOverflow), (43, Code::MemoryOutOfBounds), (44, Code::IntegerDivisionByZero)]
    {
        let outcome = call(&mut skill, kind, 5).0;
        assert!(outcome.clone().is_err_and(trapped(code)), "{kind}: {outcome:?}");
    }
    assert_eq!(call(&mut skill, 41, 5).0, Err(SkillFailure::Late));
    assert_eq!(call(&mut skill, 45, 5).0, says("good"));
    // Of a thousand writes the 64th, of 937 & 15 bytes, is the last that was done.
    assert_eq!(world.kv_get(b"v").map(|value| value.len()), Some(9));
    // At its end, too; and who is closed is closed once.
    skill.plant(50);
    assert!(skill.close(&mut world).is_err_and(trapped(Code::Unreachable)));
    assert_eq!(skill.close(&mut world), Ok(()));
    assert_eq!(skill.call(&mut world, Call::Intent, "again"), says("good"));
    assert_eq!((skill.failures, skill.restarts > 0), (15, true));
    // What is the speaker's own, or another skill's, it may not answer to.
    for (intents, part) in
        [("\"SaggarStop\"", "the speaker's own"), ("\"Tea\"", "the skill `hostile` lists the intent `Tea` too")]
    {
        skill.manifest.intents = vec!["Tea".to_owned()];
        let manifest = format!(
            "id = \"other\"\nversion = \"1\"\nabi = 1\nlocales = [\"en\"]\nintents = [{intents}]\n[module]\nwasm = \"other.wasm\"\n\
             memory_max = 100\ndeadline_ms = 5\n"
        );
        let others = std::slice::from_ref(&skill);
        assert!(fits(others, &manifest).expect_err("it is taken").to_string().contains(part));
    }
    assert_eq!(skill.apology(SkillFailure::Late), "The hostile skill took too long.");
    assert_eq!(skill.apology(SkillFailure::Reply), "The hostile skill failed.");
}

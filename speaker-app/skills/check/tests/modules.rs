//! Every built module: its imports, exports and sizes, and one conversation with each.

use check::{Built, Host, NOW, Running, skills};
use saggar_skill_manifest::Permissions;

/// The stack that `.cargo/config.toml` gives to the skills in Rust.
const STACK: usize = 8192;

fn started(skill: &str) -> Running {
    let host = Host { now: NOW, offset_minutes: 60, ..Host::default() };
    let mut running = Built::read(skill).link(host).unwrap();
    assert_eq!(running.init(), 0);
    running
}

#[test]
fn modules_keep_the_contract() {
    println!("{:10}{:>9}{:>9}{:>9}  imports", "skill", "module", "memory", "granted");
    for skill in skills() {
        let built = Built::read(&skill);
        let mut imports = Vec::new();
        for import in built.module.imports() {
            assert_eq!(import.module(), "speaker", "{skill} imports {}", import.name());
            assert_eq!(built.manifest.may_call(import.name()), Ok(()), "{skill} imports {}", import.name());
            imports.push(import.name());
        }
        let exports: Vec<_> = built.module.exports().map(|export| export.name().to_owned()).collect();
        for wanted in ["memory", "skill_init", "skill_alloc", "skill_on_intent", "skill_on_event", "skill_close"] {
            assert!(exports.iter().any(|export| export == wanted), "{skill} lacks {wanted}");
        }
        let (most, used) = (built.manifest.module.memory_max, started(&skill).memory_bytes());
        assert!(used as u64 <= most, "{skill} has {used} bytes of memory, and is granted {most}");
        println!("{skill:10}{:>9}{used:>9}{most:>9}  {}", built.wasm.len(), imports.join(" "));
    }
}

#[test]
fn what_is_not_granted_does_not_link() {
    type Take = fn(&mut Permissions);
    let taken: [(&str, &str, Take); 6] = [
        ("timer", "timer_set", |have| have.timers = false),
        ("clock", "now", |have| have.clock = false),
        ("weather", "http_fetch", |have| have.http.clear()),
        ("shopping", "kv_put", |have| have.storage = 0),
        ("home", "home_call", |have| have.home.clear()),
        ("music", "play", |have| have.music = false),
    ];
    for (skill, function, take) in taken {
        let mut built = Built::read(skill);
        take(&mut built.manifest.permissions);
        assert!(built.link(Host::default()).is_err(), "{skill} links without {function}");
        assert!(built.manifest.may_call(function).is_err(), "{skill} {function}");
    }
}

#[test]
fn manifests_are_complete() {
    for skill in skills() {
        let manifest = Built::read(&skill).manifest;
        assert_eq!(manifest.id, skill);
        assert!(manifest.module.sha256.is_some(), "{skill}: `make` writes the module's hash into the manifest");
        assert!(!manifest.intents.is_empty(), "{skill}");
        for locale in &manifest.locales {
            assert!(!manifest.responses[locale].failed.is_empty(), "{skill}");
        }
    }
}

/// A module that is not the one that was hashed is not run.
#[test]
fn another_module_is_refused() {
    let built = Built::read("jokes");
    assert_eq!(built.manifest.check(&built.wasm), Ok(()));
    let mut other = built.wasm.clone();
    *other.last_mut().expect("a module") ^= 1;
    assert!(built.manifest.check(&other).is_err());
}

#[test]
fn every_skill_speaks() {
    for (skill, message, reply) in [
        ("timer", "intent=HassStartTimer\nslot.minutes=5\nslot.name=tea", "say=Your tea timer is set for five minutes."),
        ("timer", "intent=SaggarSetAlarm\nslot.hour=7\nslot.minute=5", "say=The alarm is set for seven oh five in the evening."),
        ("clock", "intent=HassGetCurrentTime\nlocale=en", "say=It is eleven fifteen in the morning."),
        ("clock", "intent=HassGetCurrentDate", "say=Today is Friday, November twenty eighth, twenty twenty five."),
        (
            "convert",
            "intent=SaggarConvert\nslot.amount=2\nslot.from=inches\nslot.to=cm",
            "say=two inches are five point zero eight centimeters.",
        ),
        ("shopping", "intent=HassShoppingListAddItem\nslot.item=oat milk", "say=I added oat milk."),
        ("music", "intent=SaggarPlayMusic\nslot.genre=jazz", "say=Playing jazz."),
        ("weather", "intent=HassGetWeather", ""),
        ("home", "intent=HassTurnOn\nslot.area=kitchen", ""),
        ("jokes", "intent=NobodyKnows", ""),
    ] {
        assert_eq!(started(skill).send("skill_on_intent", message), reply, "{skill}");
    }
}

#[test]
fn events_are_answered() {
    let mut weather = started("weather");
    weather.send("skill_on_intent", "intent=HassGetWeather\nslot.day=today");
    assert_eq!(weather.store.data().calls, ["http_fetch http://127.0.0.1:8089/weather?day=today&place="]);
    let answer = "event=http\nid=1\nstatus=200\nbody={\"condition\": \"rain\", \"temperature\": 7}";
    assert_eq!(weather.send("skill_on_event", answer), "say=The weather today: rain, seven degrees.");
    let mut timer = started("timer");
    timer.send("skill_on_intent", "intent=HassStartTimer\nslot.minutes=5");
    assert_eq!(timer.send("skill_on_event", "event=timer\nid=1\ntag=t1"), "say=Your five minute timer is done.");
    let stored = timer.store.data().stored.get("pending".as_bytes()).cloned();
    assert_eq!(stored, Some(Vec::new()), "what has rung is not kept");
}

#[test]
fn jokes_are_told_once_a_round() {
    let mut jokes = started("jokes");
    let mut told = Vec::new();
    for round in 1..=20 {
        for _ in 0..16 {
            told.push(jokes.send("skill_on_intent", "intent=SaggarTellJoke"));
            assert!(told.last().unwrap().starts_with("say="));
        }
        assert!(told.windows(2).all(|pair| pair[0] != pair[1]), "round {round}");
    }
    let mut first = told[..16].to_vec();
    first.sort();
    first.dedup();
    assert_eq!(first.len(), 16);
}

#[test]
fn nothing_the_host_claims_makes_a_skill_trap() {
    for skill in skills() {
        let mut running = started(&skill);
        for export in ["skill_on_intent", "skill_on_event"] {
            for (at, len) in [(0, 0), (0, 8), (-1, -1), (i32::MAX, 1), (1024, i32::MAX), (i32::MIN, i32::MIN)] {
                assert_eq!(running.call(export, at, len), "", "{skill}");
            }
            for message in
                ["", "\n\n=\n", "intent", "event=http\nid=\nstatus=\nbody=", "event=answer\ntext=\\", "slot.\\n=\\\\\\"]
            {
                running.send(export, message);
            }
        }
    }
}

#[test]
fn stacks_are_large_enough() {
    for (skill, messages) in [
        (
            "timer",
            &[
                "intent=HassStartTimer\nslot.minutes=5\nslot.name=a very long name indeed",
                "intent=HassIncreaseTimer\nslot.seconds=5",
                "intent=HassTimerStatus",
            ][..],
        ),
        ("convert", &["intent=SaggarConvert\nslot.amount=98765.4321\nslot.from=gallons\nslot.to=teaspoons"]),
        ("shopping", &["intent=HassShoppingListAddItem\nslot.item=milk", "intent=HassShoppingListCompleteItem\nslot.item=milk"]),
        ("music", &["intent=HassSetVolume\nslot.volume_level=30"]),
        ("weather", &["intent=HassGetWeather\nslot.day=tomorrow"]),
        ("home", &["intent=HassLightSet\nslot.name=lamp\nslot.brightness=20"]),
    ] {
        let mut running = started(skill);
        for message in messages {
            running.send("skill_on_intent", message);
        }
        running.send("skill_on_event", "event=http\nid=1\nstatus=200\nbody={\"condition\":\"rain\",\"low\":-1,\"high\":2}");
        let used = running.stack_used(STACK);
        println!("{skill:10}{used:>6} bytes of stack");
        // Half of it is spare, for what these messages do not reach.
        assert!(used <= STACK * 3 / 4, "{skill} needs {used} bytes of stack");
    }
}

//! Commands, and what is said of them.

use saggar_skill::{
    Skill,
    mock::{self, event, intent},
};

use super::Home;

#[test]
fn the_home_follows() {
    mock::reset();
    let skill = &mut Home::new();
    for (id, (fields, call, said)) in [
        (
            "HassTurnOn\nslot.name=the lamp\nslot.area=kitchen",
            "domain=light service=turn_on name=the lamp area=kitchen",
            "I turned on the lamp in the kitchen.",
        ),
        (
            "HassTurnOff\nslot.area=the bedroom\nslot.domain=light",
            "domain=light service=turn_off area=the bedroom",
            "I turned off the lights in the bedroom.",
        ),
        ("HassTurnOn\nslot.domain=light", "domain=light service=turn_on", "I turned on the lights."),
        (
            "HassTurnOff\nslot.name=coffee machine",
            "domain=switch service=turn_off name=coffee machine",
            "I turned off the coffee machine.",
        ),
        (
            "HassLightSet\nslot.name=desk light\nslot.brightness=40",
            "domain=light service=set name=desk light value=40",
            "I dimmed the desk light.",
        ),
        (
            "HassLightSet\nslot.area=kitchen\nslot.color=purple",
            "domain=light service=color area=kitchen value=purple",
            "I set the lights in the kitchen to purple.",
        ),
        (
            "HassTurnOn\nslot.name=blinds\nslot.area=office\nslot.domain=cover",
            "domain=cover service=open name=blinds area=office",
            "I opened the blinds in the office.",
        ),
        (
            "HassTurnOff\nslot.name=side door\nslot.domain=lock",
            "domain=lock service=unlock name=side door",
            "I unlocked the side door.",
        ),
        (
            "HassClimateSetTemperature\nslot.temperature=21",
            "domain=climate service=set value=21",
            "I set the temperature to twenty one degrees.",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(intent(skill, &format!("intent={fields}")), "");
        assert_eq!(mock::calls(), [format!("home_call {call}")]);
        assert_eq!(event(skill, &format!("event=home\nid={}\nok=1", id + 1)), said);
    }
}

#[test]
fn states_are_told() {
    mock::reset();
    let skill = &mut Home::new();
    for (id, (slots, value, said)) in [
        ("slot.name=lamp\nslot.state=on", "on", "Yes, the lamp is on."),
        ("slot.name=lamp\nslot.state=on", "off", "No, the lamp is off."),
        ("slot.name=curtains\nslot.state=open\nslot.domain=cover", "closed", "No, the curtains are closed."),
        ("slot.name=front door\nslot.state=locked\nslot.domain=lock", "", "I do not know about the front door. [error=1]"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(intent(skill, &format!("intent=HassGetState\n{slots}")), "");
        let call = mock::calls().remove(0);
        assert!(call.contains("service=get") && !call.contains("value="), "{call}");
        assert_eq!(event(skill, &format!("event=home\nid={}\nok=1\nvalue={value}", id + 1)), said);
    }
}

#[test]
fn failures_are_told() {
    mock::reset();
    let skill = &mut Home::new();
    intent(skill, "intent=HassTurnOn\nslot.name=fan");
    assert_eq!(event(skill, "event=home\nid=1\nok=0"), "That did not work. [error=1]");
    assert_eq!(event(skill, "event=home\nid=1\nok=1"), "");
    assert_eq!(intent(skill, "intent=HassTurnOn"), "I did not hear which one. [error=1]");
    assert_eq!(intent(skill, "intent=HassTurnOff\nslot.domain=lock"), "I did not hear which one. [error=1]");
    let bright = "intent=HassLightSet\nslot.area=hall\nslot.brightness=300";
    assert_eq!(intent(skill, bright), "The brightness goes from zero to one hundred. [error=1]");
    let cold = "intent=HassClimateSetTemperature\nslot.temperature=-300";
    assert_eq!(intent(skill, cold), "I did not hear how many degrees. [error=1]");
    mock::with(|mock| mock.refuse = true);
    assert_eq!(intent(skill, "intent=HassTurnOn\nslot.name=front door"), "I may not control that. [error=1]");
}

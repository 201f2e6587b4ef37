//! Conversations with the skill.

use saggar_skill::{
    Skill,
    mock::{self, event, intent},
};

use super::Timer;

/// Friday, a quarter past ten in the morning.
const NOW: i64 = 1_764_324_900_000;

fn started() -> Timer {
    mock::reset();
    mock::with(|mock| mock.now = NOW);
    Timer::new()
}

/// Lets time pass up to the first timer, and rings it.
fn ring(skill: &mut Timer) -> String {
    let (id, tag, _) = mock::with(|mock| {
        let first = mock.timers.iter().enumerate().min_by_key(|(_, timer)| timer.2).unwrap().0;
        let timer = mock.timers.remove(first);
        mock.now = mock.now.max(timer.2);
        timer
    });
    event(skill, &format!("event=timer\nid={id}\ntag={tag}"))
}

#[test]
fn several_timers() {
    let skill = &mut started();
    assert_eq!(intent(skill, "intent=HassStartTimer\nslot.minutes=5"), "Your timer is set for five minutes.");
    let pasta = "intent=HassStartTimer\nslot.minutes=ten\nslot.seconds=30\nslot.name=pasta";
    assert_eq!(intent(skill, pasta), "Your pasta timer is set for ten minutes and thirty seconds.");
    mock::with(|mock| mock.now += 60_001);
    let both = "The five minute timer has four minutes left. The pasta timer has nine minutes and thirty seconds left.";
    assert_eq!(intent(skill, "intent=HassTimerStatus"), both);
    assert_eq!(ring(skill), "Your five minute timer is done.");
    assert_eq!(intent(skill, "intent=HassCancelTimer\nslot.name=the pasta"), "The pasta timer is cancelled.");
    assert_eq!(intent(skill, "intent=HassTimerStatus"), "No timer is running.");
    assert!(mock::with(|mock| mock.timers.is_empty()));
}

#[test]
fn questions() {
    let skill = &mut started();
    assert_eq!(intent(skill, "intent=HassStartTimer\nslot.name=egg"), "For how long? [ask=1]");
    assert_eq!(event(skill, "event=answer\ntext=six minutes"), "Your egg timer is set for six minutes.");
    assert_eq!(event(skill, "event=answer\ntext=six minutes"), "");
    intent(skill, "intent=HassStartTimer\nslot.hours=1");
    let which = "You have a egg and a one hour timer. Which one should I cancel? [ask=1]";
    assert_eq!(intent(skill, "intent=HassCancelTimer"), which.replace("a egg", "an egg"));
    assert_eq!(event(skill, "event=answer\ntext=the one hour timer"), "The one hour timer is cancelled.");
    assert_eq!(intent(skill, "intent=HassCancelTimer\nslot.name=tea"), "There is no such timer. [error=1]");
    assert_eq!(intent(skill, "intent=HassCancelTimer\nslot.name=all"), "All timers are cancelled.");
    assert_eq!(intent(skill, "intent=SetAlarm"), "For what time? [ask=1]");
    assert_eq!(event(skill, "event=answer\ntext=never mind"), "All right.");
}

#[test]
fn alarms() {
    let skill = &mut started();
    assert_eq!(intent(skill, "intent=CancelAlarm"), "No alarm is set.");
    let said = intent(skill, "intent=SetAlarm\nslot.hour=seven\nslot.minute=30\nslot.period=a m");
    assert_eq!(said, "The alarm is set for seven thirty in the morning.");
    assert_eq!(intent(skill, "intent=SetAlarm\nslot.hour=7"), "The alarm is set for seven o'clock in the evening.");
    assert_eq!(ring(skill), "This is your alarm. It is seven o'clock in the evening.");
    assert_eq!(intent(skill, "intent=HassTimerStatus"), "No timer is running.");
    assert_eq!(intent(skill, "intent=CancelAlarm"), "The alarm for seven thirty in the morning is cancelled.");
}

#[test]
fn restarts() {
    let skill = &mut started();
    intent(skill, "intent=HassStartTimer\nslot.minutes=5\nslot.name=two words");
    intent(skill, "intent=HassStartTimer\nslot.hours=3");
    // The skill failed, the host lives: its timers are adopted.
    let skill = &mut Timer::new();
    assert_eq!(mock::calls().len(), 2);
    // The power failed, and was away for ten minutes.
    mock::with(|mock| {
        mock.timers.clear();
        mock.now += 600_000;
    });
    *skill = Timer::new();
    assert_eq!(mock::calls(), ["timer_set 1 t1", "timer_set 10200000 t2"]);
    assert_eq!(ring(skill), "Your two words timer is done.");
    // For hours.
    mock::with(|mock| {
        mock.timers.clear();
        mock.now += 20_000_000;
    });
    *skill = Timer::new();
    assert_eq!(intent(skill, "intent=HassTimerStatus"), "No timer is running.");
}

#[test]
fn refusals() {
    let skill = &mut started();
    assert_eq!(intent(skill, "intent=HassStartTimer\nslot.hours=5000"), "That is too long for a timer. [error=1]");
    for _ in 0..8 {
        intent(skill, "intent=HassStartTimer\nslot.hours=99\nslot.minutes=59\nslot.name=a name that is much too long to keep");
    }
    let ninth = intent(skill, "intent=HassStartTimer\nslot.minutes=1");
    assert_eq!(ninth, "There are too many timers already. [error=1]");
    assert_eq!(mock::with(|mock| mock.stored["pending"].lines().count()), 8);
    assert_eq!(event(skill, "event=timer\nid=9\ntag=t99"), "");
    mock::with(|mock| mock.stored.insert("pending".into(), "rubbish\n1 2\n\n4 0 99 x y\n".into()));
    *skill = Timer::new();
    assert_eq!(intent(skill, "intent=HassCancelTimer"), "No timer is running.");
}

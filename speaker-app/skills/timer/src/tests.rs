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
    let answer = "event=answer\nintent=SaggarAnswerDuration\nslot.minutes=6\ntext=six minutes";
    assert_eq!(event(skill, answer), "Your egg timer is set for six minutes.");
    assert_eq!(event(skill, "event=answer\ntext=six minutes"), "");
    intent(skill, "intent=HassStartTimer\nslot.hours=1");
    let which = "You have a egg and a one hour timer. Which one should I cancel? [ask=1]";
    assert_eq!(intent(skill, "intent=HassCancelTimer"), which.replace("a egg", "an egg"));
    assert_eq!(event(skill, "event=answer\ntext=the one hour timer"), "The one hour timer is cancelled.");
    assert_eq!(intent(skill, "intent=HassCancelTimer\nslot.name=tea"), "There is no such timer. [error=1]");
    assert_eq!(intent(skill, "intent=HassCancelAllTimers"), "All timers are cancelled.");
    assert_eq!(intent(skill, "intent=SaggarSetAlarm"), "For what time? [ask=1]");
    let answer = "event=answer\nintent=SaggarAnswerTime\nslot.hour=6\nslot.half_day=pm\ntext=six p m";
    assert_eq!(event(skill, answer), "The alarm is set for six o'clock in the evening.");
    assert_eq!(intent(skill, "intent=SaggarSetAlarm"), "For what time? [ask=1]");
    assert_eq!(event(skill, "event=answer\ntext=never mind"), "All right.");
}

#[test]
fn alarms() {
    let skill = &mut started();
    assert_eq!(intent(skill, "intent=SaggarCancelAlarm"), "No alarm is set.");
    let said = intent(skill, "intent=SaggarSetAlarm\nslot.hour=7\nslot.minute=30\nslot.half_day=am");
    assert_eq!(said, "The alarm is set for seven thirty in the morning.");
    assert_eq!(intent(skill, "intent=SaggarSetAlarm\nslot.hour=7"), "The alarm is set for seven o'clock in the evening.");
    let both = "You have two alarms: seven o'clock in the evening, seven thirty in the morning.";
    assert_eq!(intent(skill, "intent=SaggarAlarmStatus"), both);
    assert_eq!(ring(skill), "This is your alarm. It is seven o'clock in the evening.");
    assert_eq!(intent(skill, "intent=SaggarSnooze\nslot.minutes=5"), "I will wake you again in five minutes.");
    assert_eq!(intent(skill, "intent=SaggarSnooze"), "No alarm has rung.");
    assert_eq!(ring(skill), "This is your alarm. It is seven oh five in the evening.");
    assert_eq!(intent(skill, "intent=SaggarCancelAlarm"), "The alarm is off.");
    assert_eq!(intent(skill, "intent=HassTimerStatus"), "No timer is running.");
    assert_eq!(intent(skill, "intent=SaggarCancelAlarm\nslot.hour=8"), "There is no such alarm.");
    let cancelled = "The alarm for seven thirty in the morning is cancelled.";
    assert_eq!(intent(skill, "intent=SaggarCancelAlarm\nslot.hour=7\nslot.minute=30"), cancelled);
    assert_eq!(intent(skill, "intent=SaggarAlarmStatus"), "No alarm is set.");
}

#[test]
fn days_of_alarms() {
    let skill = &mut started();
    for (slots, said) in [
        ("slot.time=12:00", "noon"),
        ("slot.time=00:00", "midnight"),
        ("slot.time=12:00\nslot.day=tomorrow", "noon tomorrow"),
        ("slot.hour=9\nslot.minutes_before=15\nslot.half_day=pm", "eight forty five in the evening"),
        ("slot.hour=6\nslot.half_day=am\nslot.day=monday", "six o'clock in the morning on Monday"),
        ("slot.hour=12\nslot.minute=30\nslot.half_day=night", "twelve thirty in the morning"),
    ] {
        assert_eq!(intent(skill, &format!("intent=SaggarSetAlarm\n{slots}")), format!("The alarm is set for {said}."));
    }
    let passed = "intent=SaggarSetAlarm\nslot.hour=9\nslot.half_day=am\nslot.day=today";
    assert_eq!(intent(skill, passed), "It is later than that today. [error=1]");
    assert_eq!(intent(skill, "intent=SaggarCancelAllAlarms"), "All alarms are cancelled.");
    assert_eq!(intent(skill, "intent=SaggarCancelAllAlarms"), "No alarm is set.");
    assert!(mock::with(|mock| mock.timers.is_empty()));
}

#[test]
fn changes() {
    let skill = &mut started();
    assert_eq!(intent(skill, "intent=HassPauseTimer"), "No timer is running.");
    intent(skill, "intent=HassStartTimer\nslot.minutes=5");
    assert_eq!(intent(skill, "intent=HassIncreaseTimer\nslot.minutes=5"), "The five minute timer now runs for ten minutes more.");
    mock::with(|mock| mock.now += 60_000);
    let less = "intent=HassDecreaseTimer\nslot.minutes=9";
    assert_eq!(intent(skill, less), "The ten minute timer has only nine minutes left. [error=1]");
    assert_eq!(
        intent(skill, "intent=HassDecreaseTimer\nslot.minutes=2"),
        "The ten minute timer now runs for seven minutes more."
    );
    assert_eq!(intent(skill, "intent=HassPauseTimer"), "The eight minute timer is paused with seven minutes left.");
    assert_eq!(intent(skill, "intent=HassPauseTimer"), "The timer is paused already.");
    assert!(mock::with(|mock| mock.timers.is_empty()));
    mock::with(|mock| mock.now += 86_400_000);
    *skill = Timer::new();
    assert_eq!(intent(skill, "intent=HassTimerStatus"), "The eight minute timer is paused with seven minutes left.");
    assert_eq!(intent(skill, "intent=HassUnpauseTimer"), "The eight minute timer goes on for seven minutes more.");
    assert_eq!(intent(skill, "intent=HassUnpauseTimer"), "The timer is running.");
    assert_eq!(mock::with(|mock| mock.timers[0].2 - mock.now), 420_000);
    intent(skill, "intent=HassStartTimer\nslot.minutes=3\nslot.name=tea");
    let which = "You have an eight minute and a tea timer. Which one should I change? [ask=1]";
    assert_eq!(intent(skill, "intent=HassIncreaseTimer\nslot.seconds=30"), which);
    let answer = "event=answer\nintent=SaggarAnswerTimer\nslot.name=tea\ntext=the tea timer";
    assert_eq!(event(skill, answer), "The tea timer now runs for three minutes and thirty seconds more.");
    assert_eq!(intent(skill, "intent=HassCancelTimer\nslot.minutes=8"), "The eight minute timer is cancelled.");
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
    mock::with(|mock| mock.stored.insert("pending".into(), "rubbish\n1 2\n\n4 0 99 x y z\n".into()));
    *skill = Timer::new();
    assert_eq!(intent(skill, "intent=HassCancelTimer"), "No timer is running.");
}

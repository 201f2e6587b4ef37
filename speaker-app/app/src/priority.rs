//! Lets threads that have a frame's time go before others, where the system permits it: root and members of Debian's group `audio`
//! with limits for it. Where it does not, everything works as long as the machine is not too busy.

/// How urgent a thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It has a frame's time: real time, before everything else. What it starts is ordinary again.
    Frame,
    /// Somebody waits for it: before ordinary threads. What it starts is as urgent.
    Answer,
}

/// Makes the calling thread urgent; whether the system permits it.
#[cfg(target_os = "linux")]
pub fn raise(urgency: Urgency) -> bool {
    let (policy, priority) = match urgency {
        Urgency::Frame => (libc::SCHED_FIFO | libc::SCHED_RESET_ON_FORK, FRAME),
        Urgency::Answer => (libc::SCHED_RR, ANSWER),
    };
    let parameters = libc::sched_param { sched_priority: priority };
    // SAFETY: 0 is the calling thread, and the parameters live as long as the call.
    let outcome = unsafe { libc::sched_setscheduler(0, policy, &raw const parameters) };
    if outcome == 0 {
        return true;
    }
    // SAFETY: numbers only; 0 is the calling thread.
    let outcome = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, NICE) };
    outcome == 0
}

/// Of 1 to 99: above what is ordinary, below a sound server and interrupts.
#[cfg(target_os = "linux")]
const FRAME: i32 = 4;
/// Below frames. Recognising takes a part of the time that somebody speaks, and ends with the sentence: ordinary threads wait for less
/// than that.
#[cfg(target_os = "linux")]
const ANSWER: i32 = 1;
/// Of −20 to 19, where real time is not permitted.
#[cfg(target_os = "linux")]
const NICE: i32 = -10;

/// Makes the first thread of a process urgent that does not do so itself; whether the system permits it.
#[cfg(target_os = "linux")]
pub fn raise_process(process: u32) -> bool {
    let parameters = libc::sched_param { sched_priority: ANSWER + 1 };
    let Ok(process) = libc::pid_t::try_from(process) else { return false };
    // SAFETY: a number, and parameters that live as long as the call.
    let outcome = unsafe { libc::sched_setscheduler(process, libc::SCHED_RR, &raw const parameters) };
    outcome == 0
}

/// Elsewhere nothing is asked for.
#[cfg(not(target_os = "linux"))]
pub fn raise_process(_: u32) -> bool {
    false
}

/// Elsewhere nothing is asked for.
#[cfg(not(target_os = "linux"))]
pub fn raise(_: Urgency) -> bool {
    false
}

//! Timers that Home Assistant keeps and the satellite shows and rings.

use serde::{Deserialize, Serialize};

/// `timer-started`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerStarted {
    /// Names the timer in the events that follow.
    pub id: String,
    /// How long it runs.
    pub total_seconds: u64,
    /// What the user calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The hours that the user asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_hours: Option<u64>,
    /// The minutes that the user asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_minutes: Option<u64>,
    /// The seconds that the user asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_seconds: Option<u64>,
}

/// `timer-updated`: it was paused or resumed, or its time was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerUpdated {
    /// The timer's id.
    pub id: String,
    /// Whether it runs.
    pub is_active: bool,
    /// The seconds that are left.
    pub total_seconds: u64,
}

/// `timer-cancelled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerCancelled {
    /// The timer's id.
    pub id: String,
}

/// `timer-finished`: it should ring now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerFinished {
    /// The timer's id.
    pub id: String,
}

/// What the [`Speaker`](crate::Speaker) is told of Home Assistant's timers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimerEvent {
    /// A new timer runs.
    Started(TimerStarted),
    /// A timer was paused or resumed, or its time changed.
    Updated(TimerUpdated),
    /// A timer is no more.
    Cancelled(TimerCancelled),
    /// A timer rings.
    Finished(TimerFinished),
}

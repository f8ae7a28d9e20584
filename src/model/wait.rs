//! A wait: how long, and how it ended (METRICS, section 2).

use serde::{Deserialize, Serialize};

/// How a wait ends. Only a log that is cut while the customer waits censors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitEnd {
    /// What was waited for came.
    Reached,
    /// The customer left, withdrew or left a message.
    Left,
    /// The desk ended it: timeout, error, return to the bot, close.
    Dropped,
    /// The log ends while the customer waits (censored).
    Cut,
}

impl WaitEnd {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Left => "left",
            Self::Dropped => "dropped",
            Self::Cut => "cut",
        }
    }

    /// The end of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Reached, Self::Left, Self::Dropped, Self::Cut].into_iter().find(|e| e.name() == name)
    }
}

/// One wait of one conversation. A wait whose length cannot be known (no times, day stamps) has
/// `ms: None` and takes no part in quantiles, but its end still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Length in milliseconds, from the clock's start to its end.
    pub ms: Option<i64>,
    /// Milliseconds of it inside service hours; `None` without a calendar or a length.
    pub service_ms: Option<i64>,
    /// How it ended.
    pub end: WaitEnd,
}

impl Wait {
    /// Seconds with three decimals of a wait that reached what it waited for, else `None`.
    #[must_use]
    pub fn reached_ms(&self) -> Option<i64> {
        self.ms.filter(|_| self.end == WaitEnd::Reached)
    }
}

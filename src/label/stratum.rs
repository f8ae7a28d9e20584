//! The strata: what the tool found, few and disjoint, so that what is rare (a failed transfer) and what
//! hides misses (a long conversation in which nothing was found) both come into the sample.

use serde::Serialize;

use crate::model::{Facts, Outcome};

/// The first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stratum {
    /// Asked, and an attempt failed or no human was reached.
    AskedFailed,
    /// Asked once, and served.
    AskedServed,
    /// Did not ask; met a fallback, or left without an answer.
    UnaskedFailed,
    /// Did not ask; said it again.
    UnaskedRetold,
    /// Nothing of that, four messages of the customer or more: where misses are likeliest.
    QuietLong,
    /// Nothing of that, fewer messages.
    QuietShort,
}

/// How many strata there are.
pub const STRATA: usize = 6;
/// Customer messages from which a conversation is long.
const LONG: u32 = 4;

impl Stratum {
    /// All.
    pub const ALL: [Self; STRATA] = [
        Self::AskedFailed,
        Self::AskedServed,
        Self::UnaskedFailed,
        Self::UnaskedRetold,
        Self::QuietLong,
        Self::QuietShort,
    ];

    /// The stratum of a conversation.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        if facts.transfer.is_some() {
            let reached = facts.outcome() == Some(Outcome::Reached);
            return if reached && facts.failed_attempts == 0 {
                Self::AskedServed
            } else {
                Self::AskedFailed
            };
        }
        if facts.fallbacks > 0 || facts.left_unasked == Some(true) {
            Self::UnaskedFailed
        } else if facts.rephrases() + facts.repeats > 0 {
            Self::UnaskedRetold
        } else if facts.customer_messages >= LONG {
            Self::QuietLong
        } else {
            Self::QuietShort
        }
    }

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AskedFailed => "asked_failed",
            Self::AskedServed => "asked_served",
            Self::UnaskedFailed => "unasked_failed",
            Self::UnaskedRetold => "unasked_retold",
            Self::QuietLong => "quiet_long",
            Self::QuietShort => "quiet_short",
        }
    }

    /// Share of a stratum in which the tool is planned to err: it only steers how many are drawn.
    pub(super) const fn planned_error(self) -> f64 {
        match self {
            Self::AskedFailed | Self::AskedServed | Self::UnaskedFailed | Self::UnaskedRetold => {
                0.15
            }
            Self::QuietLong => 0.08,
            Self::QuietShort => 0.03,
        }
    }
}

//! Everything the report needs about one conversation: the only thing that leaves `measure`.
//! Sums over facts merge; nothing behind them is needed again.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Coverage, Evidence, Finding, Outcome, Wait};

/// The stages of a transfer (METRICS, section 3). `None`: the source cannot show it. A stage
/// counts as passed when a later one is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stages {
    /// The desk offered or promised a human after the request.
    pub offered: Option<bool>,
    /// The customer was queued.
    pub queued: Option<bool>,
    /// An agent joined.
    pub connected: Option<bool>,
    /// A human spoke.
    pub spoke: Option<bool>,
}

/// The wording of one request and whether a human message followed before the next attempt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Wording {
    /// The matched phrase, normalised (`转人工`, `talk to a human`).
    pub phrase: String,
    /// Whether this attempt was served.
    pub served: bool,
    /// Whether the export marks it as a request (button, event).
    pub explicit: bool,
}

/// What happened after the first request of a conversation; present when there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Outcome of the first episode.
    pub outcome: Outcome,
    /// Explicit or inferred.
    pub evidence: Evidence,
    /// Local hour of the week of each failed attempt, 0 = Monday 00:00-00:59, 167 = Sunday 23:00.
    pub failed_hours: Vec<u8>,
    /// Stages of the first episode.
    pub stages: Stages,
    /// Customer turns after the first request and before the join; `None` when not reached.
    pub steps_to_human: Option<u32>,
    /// Left within the short-abandon limit of the last sign.
    pub short: bool,
    /// Clock B, first request of the episode to the human message that ends it.
    pub request_to_human: Wait,
    /// Clock B with the automatic greeting counted as human.
    pub request_to_human_greeting: Wait,
    /// Wordings tried in the first episode, in order.
    pub wordings: Vec<Wording>,
}

/// The way to a human as the export's own marks tell it, words left aside; present when an event or
/// button asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedTransfer {
    /// Attempts with a marked request, in the first episode that has one.
    pub attempts: u32,
    /// Stages that a mark shows; a human message is one.
    pub stages: Stages,
    /// From the first marked request to the human message that ends the episode.
    pub request_to_human: Wait,
}

/// One conversation, measured. Times are UTC; durations are milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Company, where given.
    pub company: Option<String>,
    /// Format of the source.
    pub format: String,
    /// The conversation id as printed.
    pub conversation_id: String,
    /// The id as exported (`conversation_id` of a second stretch carries `#2`): a link key.
    pub exported_id: String,
    /// Cluster and link key: a hash of the customer id, where exported.
    pub customer: Option<u64>,
    /// Hash of every order id seen, sorted; exact link keys of complaints.
    pub orders: Vec<u64>,
    /// Values of `--by` and `--keep` columns, in their order.
    pub fields: Vec<Option<String>>,
    /// First and last row.
    pub opened_at: Option<DateTime<Utc>>,
    /// Last row.
    pub closed_at: Option<DateTime<Utc>>,
    /// First customer message: decides the period.
    pub first_customer_at: Option<DateTime<Utc>>,
    /// The local date of `first_customer_at` (or of `opened_at`).
    pub date: Option<NaiveDate>,
    /// Messages of customer, bot and agents.
    pub messages: u32,
    /// All other rows.
    pub events: u32,
    /// Customer messages.
    pub customer_messages: u32,
    /// Bot messages.
    pub bot_messages: u32,
    /// Agent messages, automatic greetings among them.
    pub agent_messages: u32,
    /// What its sources can show.
    pub coverage: Coverage,
    /// Requests (nudges not counted).
    pub requests: u32,
    /// Attempts of the first episode.
    pub attempts: u32,
    /// Nudges.
    pub nudges: u32,
    /// Failed attempts of the first episode.
    pub failed_attempts: u32,
    /// Episodes.
    pub episodes: u32,
    /// Human checks.
    pub human_checks: u32,
    /// Supervisor requests.
    pub supervisor_requests: u32,
    /// Automatic greetings.
    pub automatic_greetings: u32,
    /// What became of the first request.
    pub transfer: Option<Transfer>,
    /// The same on marks of the export alone.
    pub marked: Option<MarkedTransfer>,
    /// The first request fell into closed hours; `None` without a request, a time or a calendar.
    pub asked_closed: Option<bool>,
    /// Clock A: first customer message to the first human message, of who asked or was reached.
    pub start_to_human: Option<Wait>,
    /// Clock A with automatic greetings counted as human.
    pub start_to_human_greeting: Option<Wait>,
    /// First customer message to the first reply of anyone.
    pub first_response: Option<Wait>,
    /// From the join to the first human message.
    pub first_human_response: Option<Wait>,
    /// First sign of queueing to the join, spells summed.
    pub queue: Option<Wait>,
    /// Longest silence of the desk while it was its turn.
    pub longest_silence: Option<Wait>,
    /// From the first human message to the last row of agent or customer.
    pub handling_ms: Option<i64>,
    /// From the first customer message to the close or last row.
    pub time_to_close_ms: Option<i64>,
    /// Rephrases after a reply of the bot.
    pub rephrases_bot: u32,
    /// Rephrases after a reply of a human.
    pub rephrases_human: u32,
    /// Repeats in the same words.
    pub repeats: u32,
    /// Longest chain of tellings: 1 = told once, 0 = no issue told.
    pub longest_chain: u32,
    /// The same bot reply again.
    pub bot_repetitions: u32,
    /// "I did not understand".
    pub fallbacks: u32,
    /// Deflections.
    pub deflections: u32,
    /// Loops.
    pub loops: u32,
    /// Customer messages after the hand-over that tell again.
    pub context_loss: u32,
    /// No request, and the last customer message met a fallback, a deflection or no reply.
    /// `None` where the source cannot show the bot.
    pub left_unasked: Option<bool>,
    /// A human spoke without being asked for.
    pub handed_over_unasked: bool,
    /// Findings, in message order.
    pub findings: Vec<LocatedFinding>,
}

/// A finding with where it lies, so that it can be followed to its row without the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocatedFinding {
    /// The finding.
    pub finding: Finding,
    /// Time of the message.
    pub at: Option<DateTime<Utc>>,
    /// Index of the input.
    pub source: u32,
    /// Row as an editor shows it.
    pub row: u64,
}

impl Facts {
    /// Rephrases after any reply.
    #[must_use]
    pub const fn rephrases(&self) -> u32 {
        self.rephrases_bot + self.rephrases_human
    }

    /// The outcome, where there was a request.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.transfer.as_ref().map(|t| t.outcome)
    }
}

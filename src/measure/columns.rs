//! The columns of `conversations.csv` and of facts tables: name and value, one line each. The
//! order of the first ones is a promise (CONTRACT).

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;

use crate::model::{Facts, Wait};

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, empty where undefined.
    Text(Option<String>),
    /// A count.
    Count(Option<u64>),
    /// Milliseconds, printed as seconds with three decimals.
    Millis(Option<i64>),
    /// An instant.
    Time(Option<DateTime<Utc>>),
    /// Yes or no.
    Flag(Option<bool>),
    /// A whole number that may be negative, and has no unit of its own.
    Whole(Option<i64>),
    /// A list of counts.
    Counts(Vec<u64>),
    /// A list of records, each with as many cells as the column has fields.
    Records(Vec<Vec<Cell>>),
}

impl Cell {
    /// As printed in CSV, instants with the offset of `zone`; undefined is empty.
    #[must_use]
    pub fn print(&self, zone: Tz) -> String {
        match self {
            Self::Text(text) => text.clone().unwrap_or_default(),
            Self::Count(n) => n.map(|n| n.to_string()).unwrap_or_default(),
            Self::Millis(ms) => ms.map(seconds).unwrap_or_default(),
            Self::Time(at) => at.map(|t| local(t, zone)).unwrap_or_default(),
            Self::Flag(flag) => flag.map(|f| f.to_string()).unwrap_or_default(),
            Self::Whole(n) => n.map(|n| n.to_string()).unwrap_or_default(),
            Self::Counts(list) => list.iter().map(u64::to_string).collect::<Vec<_>>().join(" "),
            // No table for people has such a column.
            Self::Records(list) => list.len().to_string(),
        }
    }
}

/// An instant with the offset of the zone; fractions of a second only where there are any.
#[must_use]
pub fn local(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// Milliseconds as seconds with three decimals.
#[must_use]
pub fn seconds(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.unsigned_abs();
    format!("{sign}{}.{:03}", ms / 1000, ms % 1000)
}

/// A column: its name and how to read it.
pub type Column = (&'static str, fn(&Facts) -> Cell);

fn count(n: u32) -> Cell {
    Cell::Count(Some(u64::from(n)))
}
fn bot_count(facts: &Facts, n: u32) -> Cell {
    Cell::Count(facts.coverage.bot_replies.yes().then_some(u64::from(n)))
}
fn reached(wait: Option<Wait>) -> Cell {
    Cell::Millis(wait.and_then(|w| w.reached_ms()))
}
fn name(name: Option<&str>) -> Cell {
    Cell::Text(name.map(str::to_owned))
}

/// The columns that others rely on, in order; the named segments follow them, then [`MORE`].
pub const COLUMNS: &[Column] = &[
    ("conversation_id", |f| Cell::Text(Some(f.conversation_id.clone()))),
    ("opened_at", |f| Cell::Time(f.opened_at)),
    ("closed_at", |f| Cell::Time(f.closed_at)),
    ("messages", |f| count(f.messages)),
    ("events", |f| count(f.events)),
    ("customer_messages", |f| count(f.customer_messages)),
    ("bot_messages", |f| count(f.bot_messages)),
    ("agent_messages", |f| count(f.agent_messages)),
    ("requests", |f| count(f.requests)),
    ("attempts", |f| count(f.attempts)),
    ("nudges", |f| count(f.nudges)),
    ("failed_attempts", |f| count(f.failed_attempts)),
    ("episodes", |f| count(f.episodes)),
    ("outcome", |f| name(f.outcome().map(crate::model::Outcome::name))),
    ("outcome_evidence", |f| name(f.transfer.as_ref().map(|t| t.evidence.name()))),
    ("request_to_human_s", |f| {
        Cell::Millis(f.transfer.as_ref().and_then(|t| t.request_to_human.ms))
    }),
    ("wait_end", |f| name(f.transfer.as_ref().map(|t| t.request_to_human.end.name()))),
    ("start_to_human_s", |f| reached(f.start_to_human)),
    ("first_response_s", |f| reached(f.first_response)),
    ("first_human_response_s", |f| reached(f.first_human_response)),
    ("queue_s", |f| Cell::Millis(f.queue.and_then(|w| w.ms))),
    ("steps_to_human", |f| {
        Cell::Count(f.transfer.as_ref().and_then(|t| t.steps_to_human).map(u64::from))
    }),
    ("rephrases", |f| count(f.rephrases())),
    ("longest_chain", |f| count(f.longest_chain)),
    ("repeats", |f| count(f.repeats)),
    ("bot_repetitions", |f| bot_count(f, f.bot_repetitions)),
    ("fallbacks", |f| bot_count(f, f.fallbacks)),
    ("loops", |f| bot_count(f, f.loops)),
    ("context_loss", |f| count(f.context_loss)),
    ("left_unasked", |f| {
        // Who asked did not leave unasked; `None` is left for what the source cannot show.
        Cell::Flag(if f.transfer.is_some() { Some(false) } else { f.left_unasked })
    }),
];

/// Further columns, after the named segments.
pub const MORE: &[Column] = &[
    ("company", |f| Cell::Text(f.company.clone())),
    ("short", |f| Cell::Flag(f.transfer.as_ref().map(|t| t.short))),
    ("deflections", |f| bot_count(f, f.deflections)),
    ("handed_over_unasked", |f| Cell::Flag(Some(f.handed_over_unasked))),
    ("human_checks", |f| count(f.human_checks)),
    ("supervisor_requests", |f| count(f.supervisor_requests)),
    ("automatic_greetings", |f| count(f.automatic_greetings)),
    ("rephrases_after_human", |f| count(f.rephrases_human)),
    ("longest_silence_s", |f| Cell::Millis(f.longest_silence.and_then(|w| w.ms))),
    ("handling_s", |f| Cell::Millis(f.handling_ms)),
    ("time_to_close_s", |f| Cell::Millis(f.time_to_close_ms)),
    ("request_to_human_service_s", |f| {
        Cell::Millis(f.transfer.as_ref().and_then(|t| t.request_to_human.service_ms))
    }),
    ("asked_in_closed_hours", |f| Cell::Flag(f.asked_closed)),
    ("marked_attempts", |f| Cell::Count(f.marked.map(|m| u64::from(m.attempts)))),
];

//! Rasa: events of trackers, of an event broker (one on every line) or of the SQL event table. Fields as
//! in the vendor's reference of events.
//!
//! A sender talks for ever; a session is a conversation. Handing over is named by each bot in its
//! own way: an action, a button or a payload whose name says so, or a pause. What a human says after
//! it is not in the tracker.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::{columns, keys};
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, read};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Events of Rasa.
pub(super) struct Rasa;

/// What the records are called in a reason.
const WHAT: &str = "Rasa events";
/// Parts of names of actions, buttons and payloads that hand over to a human.
const HAND_OVER: [&str; 10] = [
    "handoff",
    "hand_off",
    "handover",
    "hand_over",
    "human_agent",
    "live_agent",
    "transfer_to_human",
    "transfer_to_agent",
    "talk_to_human",
    "escalate",
];
/// Events that say nothing about reaching a human.
const KNOWN: [&str; 23] = [
    "slot",
    "reset_slots",
    "restart",
    "rewind",
    "undo",
    "followup",
    "active_loop",
    "loop_interrupted",
    "form",
    "form_validation",
    "action_execution_rejected",
    "session_started",
    "user_featurization",
    "entities",
    "export",
    "reminder",
    "cancel_reminder",
    "flow_started",
    "flow_completed",
    "flow_cancelled",
    "flow_interrupted",
    "flow_resumed",
    "stack",
];

impl Format for Rasa {
    fn name(&self) -> &'static str {
        "rasa"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let keyed = ["parse_data", "policy", "input_channel"];
        let found = keyed.iter().find_map(|k| keys(look, WHAT, &["event", "timestamp", k]));
        let table = ["sender_id", "type_name", "timestamp", "data"];
        let sql = || columns(look, WHAT, &table).or_else(|| keys(look, WHAT, &table));
        found.filter(|_| keys(look, WHAT, &["sender_id"]).is_some()).or_else(sql)
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let mut sessions = Sessions::default();
        read(job, sink, &[], &mut |value, rows| record(value, &mut sessions, rows))
    }

    fn coverage(&self) -> Option<Coverage> {
        let no = Shows::No;
        let shown = all_shown();
        Some(Coverage { agent_messages: no, queue: no, joins: no, leaves: no, closes: no, ..shown })
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "handing over is known by names such as handoff or escalate; what humans wrote is not in it",
        )
    }
}

/// The sessions of each sender.
#[derive(Default)]
struct Sessions {
    of: BTreeMap<String, Starts>,
}

/// The beginnings of a sender's sessions, in milliseconds. Events that a broker delivers again fall
/// into their own session, whatever began since.
#[derive(Default)]
struct Starts {
    at: BTreeSet<i64>,
    /// The action that starts a session came, its event has not.
    starting: bool,
}

/// A tracker with its events, an event, or a row of the event table.
fn record(value: &Value, sessions: &mut Sessions, rows: &mut Rows<'_, '_>) -> Result<()> {
    if value.get("events").is_some_and(Value::is_array) {
        let sender = at(value, "sender_id");
        return list(value, "events").iter().try_for_each(|e| event(e, &sender, sessions, rows));
    }
    if let Some(data) = value.get("data").filter(|_| value.get("type_name").is_some()) {
        let parsed: Value = match data {
            Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
            other => other.clone(),
        };
        if !parsed.is_object() {
            return rows.fault(&value.to_string());
        }
        return event(&parsed, &at(value, "sender_id"), sessions, rows);
    }
    if value.get("event").is_none() {
        return rows.fault(&value.to_string());
    }
    event(value, &at(value, "sender_id"), sessions, rows)
}

fn event(
    item: &Value,
    sender_id: &str,
    sessions: &mut Sessions,
    rows: &mut Rows<'_, '_>,
) -> Result<()> {
    let own = at(item, "sender_id");
    let sender_id = if sender_id.is_empty() { own.as_str() } else { sender_id };
    let name = at(item, "event");
    let row = VendorRow {
        conversation: sessions.id(sender_id, &name, item),
        customer: sender_id.to_owned(),
        time: at(item, "timestamp"),
        channel: at(item, "input_channel"),
        ..VendorRow::default()
    };
    rows.put(&match name.as_str() {
        "user" => user(item, row),
        "bot" => bot(item, row),
        "agent" => VendorRow { text: at(item, "text"), ..row.by(Sender::Agent) },
        "action" => action(item, row),
        "pause" => row.by(Sender::System).of(Kind::Transfer).because("pause"),
        "resume" => row.by(Sender::System).of(Kind::ReturnedToBot).because("resume"),
        n if KNOWN.contains(&n) => row.by(Sender::System).of(Kind::Other).because(n),
        _ => VendorRow { event: name, ..row.by(Sender::System) },
    })
}

impl Sessions {
    /// The conversation that an event belongs to: the sender, with the time at which the session
    /// began, where its beginning is in the file. So two exports agree on it.
    fn id(&mut self, sender: &str, name: &str, item: &Value) -> String {
        let starts = self.of.entry(sender.to_owned()).or_default();
        let action = name == "action" && at(item, "name") == "action_session_start";
        let now = millis(&at(item, "timestamp"));
        if let Some(now) = now
            && (action || (name == "session_started" && !starts.starting))
        {
            starts.at.insert(now);
        }
        // A new session is told twice: by its action and by its event.
        starts.starting = action || (starts.starting && name != "session_started");
        let start = now.and_then(|now| starts.at.range(..=now).next_back());
        let date = start.and_then(|ms| DateTime::from_timestamp_millis(*ms));
        // A date is read as such, where a mask would hide a long number.
        date.map_or_else(|| sender.to_owned(), |d| format!("{sender}@{}", d.format("%FT%T%.3f")))
    }
}

/// Seconds since 1970 in milliseconds.
fn millis(seconds: &str) -> Option<i64> {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(millis.parse().ok()?)
}

/// True if a name says that a human is asked for.
fn hands_over(name: &str) -> bool {
    let name = name.to_lowercase().replace(['-', ' '], "_");
    HAND_OVER.iter().any(|h| name.contains(h))
}

/// A customer's message. A button that asks for a human is a request that the export marks.
fn user(item: &Value, row: VendorRow) -> VendorRow {
    let text = at(item, "text");
    let button = text.strip_prefix('/').and_then(|t| t.split('{').next());
    let asks = button.is_some_and(hands_over);
    let message_id = first(item, &["message_id", "metadata.message_id"]);
    let row = VendorRow { text, message_id, ..row.by(Sender::Customer) };
    if asks { row.of(Kind::TransferRequest) } else { row }
}

fn bot(item: &Value, row: VendorRow) -> VendorRow {
    let custom = at(item, "data.custom");
    let buttons = ["data.buttons", "data.quick_replies"].into_iter();
    let titles = buttons.flat_map(|l| list(item, l)).map(|b| at(b, "title"));
    let titles = titles.collect::<Vec<_>>().join("; ");
    let parts = [at(item, "text"), titles, at(item, "data.image"), custom.clone()];
    let text = parts.into_iter().find(|p| !p.is_empty()).unwrap_or_default();
    let hands = item.get("data").and_then(|d| d.get("custom")).is_some_and(|c| {
        c.as_object().is_some_and(|o| {
            o.iter().any(|(k, v)| hands_over(k) || v.as_str().is_some_and(hands_over))
        })
    });
    let row = VendorRow { text, ..row.by(Sender::Bot) };
    // The reply of the default fallback, which the tracker names beside the message.
    let uttered = at(item, "metadata.utter_action");
    let fell_back = uttered == "utter_default" || uttered.contains("fallback");
    let row = if fell_back { row.because(uttered) } else { row };
    if hands { row.of(Kind::Transfer).because("custom payload") } else { row }
}

fn action(item: &Value, row: VendorRow) -> VendorRow {
    let name = first(item, &["name", "action_text"]);
    let kind = if hands_over(&name) { Kind::Transfer } else { Kind::Other };
    row.by(Sender::System).of(kind).because(name)
}

//! Dialogflow CX: the interaction log that it exports to `BigQuery`, one row a turn, as JSON or as a
//! table with JSON in its cells. Columns as in the vendor's "Export conversations to `BigQuery`"; the
//! insides of request and response as in the API's reference.
//!
//! A turn is two messages with one time, ordered by `turn_position`. The log ends at the hand-over:
//! what humans did after it is not there.

use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::{columns, keys};
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, read};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Interaction logs of Dialogflow CX.
pub(super) struct DialogflowCx;

/// Rows that one turn can make, for their order.
const ROWS_A_TURN: i64 = 4;

impl Format for DialogflowCx {
    fn name(&self) -> &'static str {
        "dialogflow-cx"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let names = ["conversation_name", "turn_position", "request", "response"];
        let what = "a Dialogflow CX interaction log";
        keys(look, what, &names).or_else(|| columns(look, what, &names))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, &["rows"], &mut turn)
    }

    fn coverage(&self) -> Option<Coverage> {
        let no = Shows::No;
        Some(Coverage { agent_messages: no, queue: no, joins: no, leaves: no, ..all_shown() })
    }
}

/// A cell of JSON, nested or as text.
fn json(record: &Value, key: &str) -> Value {
    match record.get(key) {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(other) => other.clone(),
        None => Value::Null,
    }
}

fn turn(record: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let (request, response) = (json(record, "request"), json(record, "response"));
    if !request.is_object() && !response.is_object() {
        return rows.fault(&record.to_string());
    }
    let signals = json(record, "conversation_signals");
    let name = at(record, "conversation_name");
    let position = at(record, "turn_position").parse::<i64>().ok();
    let place = |n: i64| position.and_then(|p| p.checked_mul(ROWS_A_TURN)?.checked_add(n));
    let base = VendorRow {
        conversation: name.rsplit('/').next().unwrap_or_default().to_owned(),
        time: at(record, "request_time"),
        language: at(record, "language_code"),
        channel: at(&request, "queryParams.channel"),
        ..VendorRow::default()
    };
    let escalated = at(&signals, "turnSignals.userEscalated") == "true";
    customer(&request, escalated, &VendorRow { sequence: place(0), ..base.clone() }, rows)?;
    bot(&response, &VendorRow { sequence: place(1), ..base.clone() }, rows)?;
    let messages = list(&response, "queryResult.responseMessages");
    let has = |key: &str| messages.iter().any(|m| m.get(key).is_some());
    let by_bot = at(&signals, "turnSignals.agentEscalated") == "true";
    if has("liveAgentHandoff") || by_bot {
        let cause = if has("liveAgentHandoff") { "liveAgentHandoff" } else { "agentEscalated" };
        let row = VendorRow { sequence: place(2), ..base.clone() };
        rows.put(&row.by(Sender::Bot).of(Kind::Transfer).because(cause))?;
    }
    if has("endInteraction") {
        let row = VendorRow { sequence: place(3), ..base };
        rows.put(&row.by(Sender::Bot).of(Kind::Close).because("endInteraction"))?;
    }
    Ok(())
}

/// What the customer said, pressed or dialled. Where the log says that they asked for a human, the
/// row is a request.
fn customer(
    request: &Value,
    escalated: bool,
    base: &VendorRow,
    rows: &mut Rows<'_, '_>,
) -> Result<()> {
    let input = request.get("queryInput").unwrap_or(&Value::Null);
    let said = ["text.text", "audio.transcript", "transcript", "dtmf.digits", "intent.intent"];
    let text = first(input, &said);
    let event = at(input, "event.event");
    let row = VendorRow { text, ..base.clone().by(Sender::Customer) };
    if escalated {
        return rows.put(&row.of(Kind::TransferRequest).because("userEscalated"));
    }
    if !row.text.is_empty() {
        return rows.put(&row);
    }
    let cause = if event.is_empty() { "no input".to_owned() } else { event };
    rows.put(&row.by(Sender::System).of(Kind::Other).because(cause))
}

/// Kinds of match; another is listed.
const MATCHES: [&str; 12] = [
    "",
    "MATCH_TYPE_UNSPECIFIED",
    "INTENT",
    "DIRECT_INTENT",
    "PARAMETER_FILLING",
    "NO_MATCH",
    "NO_INPUT",
    "EVENT",
    "KNOWLEDGE_CONNECTOR",
    "PLAYBOOK",
    "LLM",
    "WEBHOOK",
];

/// All texts of a turn are one message. A no-match stands beside it as its cause.
fn bot(response: &Value, base: &VendorRow, rows: &mut Rows<'_, '_>) -> Result<()> {
    let result = response.get("queryResult").unwrap_or(&Value::Null);
    let texts = list(result, "responseMessages").iter().flat_map(|m| {
        let lines = list(m, "text.text").iter().map(|t| t.as_str().unwrap_or_default().to_owned());
        let spoken = first(m, &["outputAudioText.text", "outputAudioText.ssml"]);
        lines.chain([spoken]).filter(|t| !t.is_empty()).collect::<Vec<_>>()
    });
    let mut text = texts.collect::<Vec<_>>().join("\n");
    if text.is_empty() {
        let payloads = list(result, "responseMessages").iter().map(|m| at(m, "payload"));
        text = payloads.filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n");
    }
    let matched = at(result, "match.matchType");
    let known = MATCHES.contains(&matched.as_str());
    let row = base.clone().by(Sender::Bot).because(matched.clone());
    if !known {
        rows.put(&VendorRow { event: format!("matchType={matched}"), ..row.clone() })?;
    }
    if text.is_empty() {
        return rows.put(&row.of(Kind::Other));
    }
    rows.put(&VendorRow { text, ..row })
}

//! Genesys Cloud: conversation details of the analytics API (query or job). Fields as read in
//! client code and in the vendor's lists of metrics.
//!
//! It tells who took part and when, not what was said: waits and joins are seen, messages are not.
//! Several participants and sessions of one customer stand in one record: one conversation.

use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::keys;
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, read};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Conversation details of Genesys Cloud.
pub(super) struct Genesys;

/// Segments that say nothing about reaching a human.
const QUIET: [&str; 17] = [
    "system",
    "delay",
    "ivr",
    "hold",
    "wrapup",
    "transfer",
    "dialing",
    "contacting",
    "converting",
    "uploading",
    "sharing",
    "scheduled",
    "voicemail",
    "callback",
    "unknown",
    "park",
    "barging",
];

/// What participants are there for; another is listed.
const PURPOSES: [&str; 18] = [
    "customer",
    "external",
    "acd",
    "ivr",
    "workflow",
    "botflow",
    "agent",
    "user",
    "voicemail",
    "group",
    "dialer",
    "api",
    "inbound",
    "outbound",
    "campaign",
    "station",
    "fax",
    "",
];

impl Format for Genesys {
    fn name(&self) -> &'static str {
        "genesys-cloud"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let details = ["conversationId", "participants", "purpose", "sessions"];
        keys(look, "Genesys conversation details", &details)
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, &["conversations"], &mut conversation)
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(Coverage { bot_replies: Shows::No, agent_messages: Shows::No, ..all_shown() })
    }

    fn caveat(&self) -> Option<&'static str> {
        Some("it holds no messages, and the fields are known at second hand")
    }
}

fn conversation(record: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let people = list(record, "participants");
    let customer = people.iter().find(|p| purpose(p) == "customer" || purpose(p) == "external");
    let base = VendorRow {
        conversation: at(record, "conversationId"),
        customer: customer
            .map(|c| first(c, &["externalContactId", "participantId"]))
            .unwrap_or_default(),
        channel: people
            .iter()
            .flat_map(|p| list(p, "sessions"))
            .map(|s| at(s, "mediaType"))
            .find(|m| !m.is_empty())
            .unwrap_or_default(),
        ..VendorRow::default()
    };
    let base = base.by(Sender::System);
    let opened = base.clone().at(at(record, "conversationStart"));
    rows.put(&opened.clone().of(Kind::Other).because("conversationStart"))?;
    for person in people {
        let purpose = purpose(person);
        if !PURPOSES.contains(&purpose.as_str()) {
            rows.put(&VendorRow { event: format!("purpose={purpose}"), ..opened.clone() })?;
        }
        for session in list(person, "sessions") {
            for segment in list(session, "segments") {
                one_segment(person, segment, &base, rows)?;
            }
            left_queue(person, session, &base, rows)?;
            handed_over(person, session, &base, rows)?;
        }
    }
    let closed = base.at(at(record, "conversationEnd"));
    if closed.time.is_empty() {
        return Ok(());
    }
    rows.put(&closed.of(Kind::Close).because("conversationEnd"))
}

fn purpose(person: &Value) -> String {
    at(person, "purpose").to_lowercase()
}

/// A segment by whose it is: its beginning, and how it ended.
fn one_segment(
    person: &Value,
    segment: &Value,
    base: &VendorRow,
    rows: &mut Rows<'_, '_>,
) -> Result<()> {
    let (purpose, kind) = (purpose(person), at(segment, "segmentType"));
    let ended = at(segment, "disconnectType");
    let is_agent = matches!(purpose.as_str(), "agent" | "user");
    let agent = if is_agent { first(person, &["userId", "participantId"]) } else { String::new() };
    let from = VendorRow { agent, time: at(segment, "segmentStart"), ..base.clone() };
    let to = from.clone().at(at(segment, "segmentEnd"));
    let begun = match (purpose.as_str(), kind.as_str()) {
        ("acd", "interact") => Some(Kind::Enqueue),
        (_, "alert") if is_agent => Some(Kind::Assign),
        (_, "interact") if is_agent => Some(Kind::AgentJoined),
        (_, "interact" | "alert") => Some(Kind::Other),
        (_, k) if QUIET.contains(&k) => Some(Kind::Other),
        _ => None,
    };
    let cause = format!("{purpose} {kind}");
    rows.put(&match begun {
        Some(kind) => from.of(kind).because(cause),
        None => VendorRow { event: kind.clone(), cause: purpose.clone(), ..from },
    })?;
    let end = match (ended.as_str(), kind.as_str()) {
        ("" | "unknown", _) => return Ok(()),
        ("transfer.noanswer" | "transfer.notavailable", _) | ("timeout", "alert") => Kind::Decline,
        ("error" | "transport.failure", _) => Kind::TransferFailed,
        ("transfer" | "transfer.consult", "interact") if is_agent => Kind::Transfer,
        ("client" | "endpoint", _) if purpose == "customer" || purpose == "external" => {
            Kind::CustomerLeft
        }
        (_, "interact") if is_agent => Kind::AgentLeft,
        (
            "client"
            | "endpoint"
            | "peer"
            | "transfer"
            | "transfer.consult"
            | "system"
            | "timeout"
            | "spam"
            | "forward.transfer"
            | "conference.transfer"
            | "consult.transfer"
            | "transfer.forward"
            | "uncallable"
            | "transfer.dnd"
            | "other",
            _,
        ) => Kind::Other,
        (other, _) => {
            let row = VendorRow { event: other.to_owned(), cause: purpose, ..to };
            return if row.time.is_empty() { Ok(()) } else { rows.put(&row) };
        }
    };
    if to.time.is_empty() {
        return Ok(());
    }
    let left = end == Kind::CustomerLeft;
    let to = if left { to.by(Sender::Customer) } else { to };
    rows.put(&to.of(end).because(format!("{purpose} {kind} ended by {ended}")))
}

/// A customer who gave up in the queue, which a metric states.
fn left_queue(
    person: &Value,
    session: &Value,
    base: &VendorRow,
    rows: &mut Rows<'_, '_>,
) -> Result<()> {
    let abandoned = |m: &&Value| matches!(at(m, "name").as_str(), "tAbandon" | "tShortAbandon");
    if purpose(person) != "acd" {
        return Ok(());
    }
    let Some(metric) = list(session, "metrics").iter().find(abandoned) else { return Ok(()) };
    let row = base.clone().at(at(metric, "emitDate")).by(Sender::Customer);
    rows.put(&row.of(Kind::Dequeue).because(at(metric, "name")))
}

/// A flow (IVR, bot) that ended by handing over.
fn handed_over(
    person: &Value,
    session: &Value,
    base: &VendorRow,
    rows: &mut Rows<'_, '_>,
) -> Result<()> {
    let reason = first(session, &["flow.exitReason", "flowExitReason"]);
    let last = list(session, "segments").last().map(|s| at(s, "segmentEnd")).unwrap_or_default();
    if reason.is_empty() || last.is_empty() {
        return Ok(());
    }
    let kind = if reason.eq_ignore_ascii_case("transfer") { Kind::Transfer } else { Kind::Other };
    let row = base.clone().at(last).by(Sender::Bot);
    rows.put(&row.of(kind).because(format!("{} flow {reason}", purpose(person))))
}

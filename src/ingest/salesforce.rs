//! Salesforce: rows of the objects that tell of a chat, as a data export or the REST API gives
//! them: `LiveChatTranscriptEvent`, `LiveChatTranscript` with its body, `ConversationEntry`,
//! `MessagingSession` and bot sessions. Fields as in the vendor's object reference; the body of a
//! transcript and the columns of bot sessions are known at second hand.
//!
//! All rows of one transcript or messaging session are one conversation, whichever object and file
//! they come from.

use chrono_tz::Tz;
use serde_json::Value;

use super::Format;
use super::look::Look;
use super::salesforce_body::Body;
use super::salesforce_codes::{entry_type, event_type, transfer_result};
use super::table::{Job, Sink};
use super::vendor_look::{columns, has_key, keys};
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, named, read};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Chats of Salesforce.
pub(super) struct Salesforce;

/// Columns by which each object is known.
const OBJECTS: [(&str, &[&str]); 7] = [
    ("Salesforce transcript events", &["LiveChatTranscriptId", "Type", "Time"]),
    ("Salesforce chat transcripts", &["ChatKey", "Body"]),
    ("Salesforce conversation entries", &["EntryType", "ActorType", "EntryTime"]),
    (
        "Salesforce conversation entries",
        &["entryType", "sender", "role", "serverReceivedTimestamp"],
    ),
    ("Salesforce messaging sessions", &["AgentType", "AcceptTime", "EndUserMessageCount"]),
    ("Salesforce bot sessions", &["Session Transfer Result", "Session Start Time"]),
    ("Salesforce bot sessions", &["SessionTransferResult", "SessionStartTime"]),
];

/// Fields whose names may come in capitals.
const FIELDS: [&str; 36] = [
    "Id",
    "LiveChatTranscriptId",
    "Time",
    "Type",
    "AgentId",
    "Detail",
    "ChatKey",
    "Body",
    "ContactId",
    "LiveChatVisitorId",
    "CaseId",
    "SkillId",
    "Status",
    "Abandoned",
    "EndedBy",
    "RequestTime",
    "StartTime",
    "EndTime",
    "ActorType",
    "ActorId",
    "ActorName",
    "EntryType",
    "EntryTime",
    "Message",
    "ConversationId",
    "AgentType",
    "AcceptTime",
    "MessagingEndUserId",
    "MessagingSessionId",
    "ChannelName",
    "ChannelType",
    "SessionTransferResult",
    "SessionStartTime",
    "SessionDuration",
    "SessionEndType",
    "SessionId",
];

impl Format for Salesforce {
    fn name(&self) -> &'static str {
        "salesforce"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let known = |(what, names): &(&str, &[&str])| {
            columns(look, what, names).or_else(|| keys(look, what, names))
        };
        OBJECTS.iter().find_map(known)
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let zone = job.time_zone;
        let lists = ["records", "conversationEntries", "data"];
        read(job, sink, &lists, &mut |value, rows| record(value, zone, rows))
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(all_shown())
    }

    fn coverage_of(&self, look: &Look) -> Option<Coverage> {
        // Events and sessions say who came, not what was said.
        let words = ["Body", "Message", "messageText", "entryPayload"];
        let keyed = |word: &&str| columns(look, "", &[word]).is_some() || has_key(&look.text, word);
        let no = Shows::No;
        let silent = Coverage { agent_messages: no, bot_replies: no, ..all_shown() };
        Some(if words.iter().any(keyed) { all_shown() } else { silent })
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "give all objects of the chats together; the body of transcripts and the columns of bot sessions are known at second hand",
        )
    }
}

fn record(value: &Value, zone: Tz, rows: &mut Rows<'_, '_>) -> Result<()> {
    let has = |key: &str| value.get(key).is_some();
    if has("LiveChatTranscriptId") {
        rows.put(&transcript_event(value))
    } else if has("entryType") || has("EntryType") {
        entry(value, rows)
    } else if has("ChatKey") || has("Body") {
        transcript(value, zone, rows)
    } else if has("AgentType") {
        session(value, rows)
    } else if has("Session Transfer Result") || has("SessionTransferResult") {
        bot_session(value, zone, rows)
    } else if let Some(named) = as_documented(value) {
        record(&named, zone, rows)
    } else {
        rows.fault(&value.to_string())
    }
}

/// The record with the names of its fields as the reference writes them: Data Loader writes them in
/// capitals. `None` if that changes nothing.
fn as_documented(value: &Value) -> Option<Value> {
    let known = |name: &String| FIELDS.iter().find(|f| f.eq_ignore_ascii_case(name));
    let renamed = |(name, value): (&String, &Value)| {
        (known(name).map_or_else(|| name.clone(), |f| (*f).to_owned()), value.clone())
    };
    let named = Value::Object(value.as_object()?.iter().map(renamed).collect());
    (named != *value).then_some(named)
}

/// A row of `LiveChatTranscriptEvent`.
fn transcript_event(value: &Value) -> VendorRow {
    let name = at(value, "Type");
    let agent = first(value, &["AgentId", "Agent.Name"]);
    let row = VendorRow {
        conversation: at(value, "LiveChatTranscriptId"),
        time: at(value, "Time"),
        message_id: at(value, "Id"),
        agent,
        ..VendorRow::default()
    };
    let detail = at(value, "Detail");
    match event_type(&name) {
        Some((kind, sender, words)) => {
            let cause = if words.is_empty() { name } else { format!("{name}: {words}") };
            let cause = if detail.is_empty() { cause } else { format!("{cause}; {detail}") };
            row.by(sender).of(kind).because(cause)
        }
        None => VendorRow { event: name, cause: detail, ..row.by(Sender::System) },
    }
}

/// A row of `LiveChatTranscript`: its stamps, and what was said.
fn transcript(value: &Value, zone: Tz, rows: &mut Rows<'_, '_>) -> Result<()> {
    let base = VendorRow {
        conversation: first(value, &["Id", "LiveChatTranscriptId", "ChatKey"]),
        customer: first(value, &["ContactId", "LiveChatVisitorId"]),
        order: at(value, "CaseId"),
        category: at(value, "SkillId"),
        ..VendorRow::default()
    };
    let mut mark = |path: &str, sender: Sender, kind: Kind| {
        let time = at(value, path);
        let row = base.clone().at(time).by(sender).of(kind).because(path);
        if row.time.is_empty() { Ok(()) } else { rows.put(&row) }
    };
    let status = at(value, "Status");
    let abandoned = at(value, "Abandoned");
    mark("RequestTime", Sender::System, Kind::Enqueue)?;
    let waited = !abandoned.is_empty() && abandoned != "0";
    let missed = status.eq_ignore_ascii_case("missed");
    if !missed {
        mark("StartTime", Sender::System, Kind::AgentJoined)?;
    }
    let visitor = at(value, "EndedBy").to_lowercase().contains("visitor");
    let by = if visitor || waited { Sender::Customer } else { Sender::System };
    mark("EndTime", by, if missed { Kind::Dequeue } else { Kind::Close })?;
    let start = first(value, &["StartTime", "RequestTime"]);
    Body::read(&at(value, "Body"), &start, zone).rows(&base, rows)
}

/// A row of `ConversationEntry`, in the fields of either schema.
fn entry(value: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let role = first(value, &["ActorType", "sender.role", "senderRole"]);
    let who = match role.to_lowercase().as_str() {
        "enduser" | "end_user" => Some(Sender::Customer),
        "agent" | "supervisor" => Some(Sender::Agent),
        "bot" | "chatbot" | "aiagent" => Some(Sender::Bot),
        "system" | "router" => Some(Sender::System),
        _ => None,
    };
    let agent = first(value, &["ActorId", "sender.subject", "ActorName", "senderDisplayName"]);
    let name = first(value, &["EntryType", "entryType"]);
    let text = [
        "Message",
        "messageText",
        "entryPayload.abstractMessage.staticContent.text",
        "entryPayload.abstractMessage.title",
    ];
    let row = VendorRow {
        conversation: first(
            value,
            &["ConversationId", "conversationId", "conversationIdentifier", "MessagingSessionId"],
        ),
        time: first(value, &["EntryTime", "serverReceivedTimestamp", "transcriptedTimestamp"]),
        sender: named(who, &role),
        text: first(value, &text),
        message_id: first(value, &["Id", "identifier", "MessageIdentifier"]),
        agent: if who == Some(Sender::Agent) { agent } else { String::new() },
        ..VendorRow::default()
    };
    // Several people can come or go in one entry.
    let changes = list(value, "entryPayload.entries");
    let changes = if changes.is_empty() { std::slice::from_ref(value) } else { changes };
    for (index, change) in changes.iter().enumerate() {
        let operation = at(change, "operation");
        let joined = first(change, &["participant.role", "participantRole"]);
        let id = if index == 0 { String::new() } else { format!(":{index}") };
        let row = VendorRow { message_id: format!("{}{id}", row.message_id), ..row.clone() };
        rows.put(&match entry_type(&name, &operation, &joined) {
            Some(Kind::Message) => row,
            Some(Kind::Note) => VendorRow { private: true, ..row.of(Kind::Note) },
            Some(kind) => row.of(kind).because(name.as_str()),
            None => VendorRow { event: name.clone(), ..row },
        })?;
    }
    Ok(())
}

/// A row of `MessagingSession`: when it was taken, and whether it ever was.
fn session(value: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let base = VendorRow {
        conversation: at(value, "Id"),
        customer: at(value, "MessagingEndUserId"),
        channel: first(value, &["ChannelName", "ChannelType"]),
        order: at(value, "CaseId"),
        ..VendorRow::default()
    };
    let base = base.by(Sender::System);
    let mark = |path: &str| base.clone().at(at(value, path)).because(path);
    let (start, accept, end) = (mark("StartTime"), mark("AcceptTime"), mark("EndTime"));
    if !start.time.is_empty() {
        rows.put(&start.of(Kind::Other))?;
    }
    let handed = at(value, "AgentType") == "BotToAgent";
    let taken = !accept.time.is_empty();
    if taken {
        rows.put(&accept.of(Kind::AgentJoined))?;
    }
    if end.time.is_empty() {
        return Ok(());
    }
    if handed && !taken {
        rows.put(&end.clone().of(Kind::Dequeue).because("BotToAgent, never accepted"))?;
    }
    rows.put(&end.of(Kind::Close).because(format!("Status {}", at(value, "Status"))))
}

/// A bot session: what became of its transfer.
fn bot_session(value: &Value, zone: Tz, rows: &mut Rows<'_, '_>) -> Result<()> {
    let field = |spaced: &str| first(value, &[spaced, &spaced.replace(' ', "")]);
    let start = field("Session Start Time");
    let length = first(value, &["Session Duration", "SessionDuration", "Duration", "duration"]);
    let end = super::salesforce_body::later(&start, zone, length.parse().ok());
    let conversation = first(
        value,
        &[
            "MessagingSessionId",
            "LiveChatTranscriptId",
            "ConversationId",
            "Conversation ID",
            "Session ID",
            "SessionId",
            "Id",
        ],
    );
    let base = VendorRow { conversation, channel: field("Channel Type"), ..VendorRow::default() };
    let base = base.by(Sender::System);
    rows.put(&base.clone().at(start.clone()).of(Kind::Other).because("bot session"))?;
    let ended = base.at(end.unwrap_or(start));
    let result = field("Session Transfer Result");
    if !result.is_empty() {
        let row = ended.clone().because(result.as_str());
        rows.put(&match transfer_result(&result) {
            Some(kind) => row.of(kind),
            None => VendorRow { event: result, cause: String::new(), ..row },
        })?;
    }
    let kind = field("Session End Type");
    let closes = !kind.to_lowercase().contains("transfer");
    rows.put(&ended.of(if closes { Kind::Close } else { Kind::Other }).because(kind))
}

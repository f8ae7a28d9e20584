//! Amazon Connect: the chat transcripts that Contact Lens writes to S3, one JSON object for each
//! contact. Fields as in AWS's administrator guide, "Example Contact Lens output files for chats".
//!
//! Queueing has no event there: it is seen in the prose of system messages only.

use std::collections::BTreeMap;
use std::io::BufReader;

use serde_json::Value;

use super::Format;
use super::json_path::{cell, get};
use super::json_split::{Next, Records};
use super::look::Look;
use super::table::{Flow, Item, Job, Sink, text};
use crate::error::Result;
use crate::model::{Coverage, Kind, ProblemKind, Sender, Shows};

/// Contact Lens chat transcripts.
pub(super) struct AmazonContactLens;

/// Prefix of the types of events.
const EVENT: &str = "application/vnd.amazonaws.connect.event.";
/// The columns that a transcript fills.
const COLUMNS: [&str; 10] = [
    "conversation_id",
    "timestamp",
    "sender",
    "text",
    "event",
    "agent_id",
    "channel",
    "language",
    "category",
    "message_id",
];

impl Format for AmazonContactLens {
    fn name(&self) -> &'static str {
        "amazon-contact-lens"
    }

    fn family(&self) -> &'static str {
        super::amazon_contact_record::FAMILY
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let text = &look.text;
        let has = |key: &str| text.contains(&format!("\"{key}\""));
        let keys = ["ChatTranscriptVersion", "Participants", "Transcript"];
        let json = text.trim_start().starts_with(['{', '[']);
        // A long analysis can stand before the transcript and push it out of sight.
        let enough = if look.whole { keys.iter().all(|k| has(k)) } else { has(keys[0]) };
        (json && enough)
            .then(|| "has ChatTranscriptVersion, Participants and Transcript".to_owned())
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let input = job.input;
        let text = text(&mut job.bytes, job.look);
        let mut records = Records::new(BufReader::new(text.reader));
        let names: Vec<String> = COLUMNS.iter().map(|c| (*c).to_owned()).collect();
        sink(Item::Header { names: &names })?;
        let (mut bytes, mut row) = (Vec::new(), 0);
        loop {
            match records.next(&mut bytes).map_err(|e| input.read_error(e))? {
                Next::End => return Ok(()),
                Next::Record => {}
                Next::Cut => {
                    return Err(input.error(
                        "ends in the middle of a transcript",
                        "it was cut while it was written or copied: export it again",
                    ));
                }
            }
            let bad_bytes = text.faults.any_before(records.end);
            if contact(&bytes, &mut row, bad_bytes, sink)? == Flow::Stop {
                return Ok(());
            }
        }
    }

    fn coverage(&self) -> Option<Coverage> {
        let yes = Shows::Yes;
        Some(Coverage {
            bot_replies: yes,
            agent_messages: yes,
            system_lines: yes,
            queue: yes,
            joins: yes,
            leaves: yes,
            closes: yes,
            times: None,
        })
    }
}

/// Hands on the items of one contact; rows are counted over all contacts of the file.
fn contact(bytes: &[u8], row: &mut u64, bad_bytes: bool, sink: &mut Sink<'_>) -> Result<Flow> {
    let document: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let Some(Value::Array(items)) = document.get("Transcript") else {
        *row += 1;
        let found = String::from_utf8_lossy(bytes);
        return sink(Item::Fault { row: *row, kind: ProblemKind::BadRecord, found: &found });
    };
    let at = |value: &Value, path: &str| get(value, path).map(cell).unwrap_or_default();
    let first = |paths: [&str; 2]| {
        paths.iter().map(|p| at(&document, p)).find(|v| !v.is_empty()).unwrap_or_default()
    };
    let id = first(["CustomerMetadata.ContactId", "ContactId"]);
    let (channel, language) = (at(&document, "Channel"), at(&document, "LanguageCode"));
    let category = at(&document, "Categories.MatchedCategories");
    let roles = roles(&document);
    for item in items {
        *row += 1;
        let who = Participant::of(item, &roles);
        let kind = at(item, "ContentType");
        let is_event = at(item, "Type") == "EVENT" || kind.starts_with(EVENT);
        let event = if is_event { event(&kind, who.sender) } else { String::new() };
        let sender = if is_event && who.role.is_empty() { "system" } else { &who.name };
        let content = at(item, "Content");
        let attachment =
            if content.is_empty() { at(item, "Attachments.0.AttachmentName") } else { content };
        let agent = if who.sender == Some(Sender::Agent) {
            at(item, "ParticipantId")
        } else {
            String::new()
        };
        let time = at(item, "AbsoluteTime");
        let message = at(item, "Id");
        let cells = [
            &id,
            &time,
            sender,
            &attachment,
            &event,
            &agent,
            &channel,
            &language,
            &category,
            message.as_str(),
        ];
        if sink(Item::Row { row: *row, cells: &cells, bad_bytes })? == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::On)
}

/// Roles by participant, for items that do not repeat theirs.
fn roles(document: &Value) -> BTreeMap<String, String> {
    let list = document.get("Participants").and_then(Value::as_array);
    let pair = |p: &Value| {
        let text = |key| p.get(key).map(cell).unwrap_or_default();
        (text("ParticipantId"), text("ParticipantRole"))
    };
    list.map(|l| l.iter().map(pair).collect()).unwrap_or_default()
}

/// Who an item is from.
struct Participant {
    role: String,
    sender: Option<Sender>,
    /// The value of the sender column: a canonical name, or the role as it stands.
    name: String,
}

impl Participant {
    fn of(item: &Value, roles: &BTreeMap<String, String>) -> Self {
        let text = |key| item.get(key).map(cell).unwrap_or_default();
        let mut role = text("ParticipantRole");
        if role.is_empty() {
            role = roles.get(&text("ParticipantId")).cloned().unwrap_or_default();
        }
        // The replies of a Lex bot can come in the system's name.
        let bot_name = matches!(text("DisplayName").as_str(), "BOT" | "CUSTOM_BOT");
        let sender = match role.as_str() {
            "CUSTOMER" => Some(Sender::Customer),
            "AGENT" | "SUPERVISOR" => Some(Sender::Agent),
            "CUSTOM_BOT" | "BOT" => Some(Sender::Bot),
            "SYSTEM" | "" if bot_name => Some(Sender::Bot),
            "SYSTEM" => Some(Sender::System),
            "" if text("DisplayName") == "SYSTEM_MESSAGE" => Some(Sender::System),
            _ => None,
        };
        let name = sender.map_or_else(|| role.clone(), |s| s.name().to_owned());
        Self { role, sender, name }
    }
}

/// The event column of an event; one that nobody knows stays as it stands.
fn event(content_type: &str, sender: Option<Sender>) -> String {
    let short = content_type.strip_prefix(EVENT).unwrap_or(content_type);
    let kind = match (short, sender) {
        ("participant.joined", Some(Sender::Agent)) => Kind::AgentJoined,
        ("participant.left", Some(Sender::Agent)) => Kind::AgentLeft,
        ("participant.left", Some(Sender::Customer)) => Kind::CustomerLeft,
        ("participant.invited", Some(Sender::Agent)) => Kind::Assign,
        ("chat.ended", _) => Kind::Close,
        ("transfer.succeeded", _) => Kind::Transfer,
        ("transfer.failed", _) => Kind::TransferFailed,
        (
            "participant.joined"
            | "participant.left"
            | "participant.invited"
            | "typing"
            | "message.delivered"
            | "message.read"
            | "participant.active"
            | "participant.inactive"
            | "participant.idle"
            | "participant.returned"
            | "participant.autodisconnection"
            | "participant.displayname.updated"
            | "chat.rehydrated"
            | "authentication.initiated"
            | "authentication.succeeded"
            | "authentication.failed"
            | "authentication.timeout"
            | "authentication.expired"
            | "authentication.cancelled",
            _,
        ) => Kind::Other,
        _ => return content_type.to_owned(),
    };
    kind.name().to_owned()
}

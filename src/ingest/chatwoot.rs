//! Chatwoot: messages of the API (`meta` and `payload`), of webhooks, of conversations with their
//! messages, and reporting events. Fields as in the vendor's source, `app/models/message.rb`.
//!
//! Whether a human wrote is said by the type of the sender. What the product did stands in activity
//! lines, in the language of the account: the English templates are known, others are read as words.
//! Messages of type template are automatic.

use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::keys;
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, named, read, yes};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender};

/// Messages of Chatwoot.
pub(super) struct Chatwoot;

/// What the records are called in a reason.
const WHAT: &str = "Chatwoot messages";

impl Format for Chatwoot {
    fn name(&self) -> &'static str {
        "chatwoot"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        keys(look, WHAT, &["message_type", "content", "inbox_id"])
            .or_else(|| keys(look, WHAT, &["message_type", "content", "inbox", "conversation"]))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, &["data.payload", "payload", "conversations"], &mut record)
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(all_shown())
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "what the product did stands in lines of prose; those that are not English are read as words",
        )
    }
}

/// A message, a conversation with messages, or a reporting event.
fn record(value: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let messages = list(value, "messages");
    if value.get("message_type").is_some() {
        message(value, &first(value, &["conversation_id", "conversation.id"]), rows)
    } else if value.get("last_non_activity_message").is_some() && messages.len() < 2 {
        // The list of conversations shows the last message of each: that is no conversation.
        let id = at(value, "id");
        rows.fault(&format!("conversation {id} with its last message only: export its messages"))
    } else if !messages.is_empty() {
        let id = at(value, "id");
        messages.iter().try_for_each(|m| message(m, &id, rows))
    } else if value.get("event_end_time").is_some() {
        reported(value, rows)
    } else {
        rows.fault(&value.to_string())
    }
}

fn message(item: &Value, conversation: &str, rows: &mut Rows<'_, '_>) -> Result<()> {
    let (kind, by) = (at(item, "message_type"), sender_type(item));
    let (who, automatic) = match (kind.as_str(), by.as_str()) {
        ("0" | "incoming", _) => (Some(Sender::Customer), false),
        ("2" | "activity", _) => (Some(Sender::System), false),
        ("3" | "template", _) => (Some(Sender::Bot), true),
        ("1" | "outgoing", "user") => (Some(Sender::Agent), false),
        (
            "1" | "outgoing",
            "agent_bot" | "agentbot" | "captain_assistant" | "captain::assistant",
        ) => (Some(Sender::Bot), false),
        // Rules and campaigns write with nobody's name.
        ("1" | "outgoing", "") if ruled(item) => (Some(Sender::Bot), true),
        _ => (None, false),
    };
    let text = first(item, &["content", "processed_message_content"]);
    let files = list(item, "attachments").iter().map(|a| first(a, &["file_name", "file_type"]));
    let text = if text.is_empty() { files.collect::<Vec<_>>().join(", ") } else { text };
    let rating = at(item, "content_attributes.submitted_values.csat_survey_response.rating");
    let row = VendorRow {
        conversation: conversation.to_owned(),
        time: at(item, "created_at"),
        sender: named(who, &unknown(&kind, &by)),
        text,
        automatic,
        private: yes(item, "private"),
        agent: if who == Some(Sender::Agent) { at(item, "sender.id") } else { String::new() },
        customer: customer(item, who),
        channel: first(item, &["conversation.channel", "inbox.name", "inbox_id"]),
        message_id: at(item, "id"),
        rating,
        ..VendorRow::default()
    };
    let row = if who == Some(Sender::System) { activity(row) } else { row };
    rows.put(&row)?;
    if row.rating.is_empty() {
        return Ok(());
    }
    let id = format!("{}:rating", row.message_id);
    let rated = VendorRow { text: String::new(), automatic: false, message_id: id, ..row };
    rows.put(&rated.by(Sender::Customer).of(Kind::Rating))
}

/// An activity line by its English template; others are left to be read as words.
fn activity(row: VendorRow) -> VendorRow {
    let starts = |words: &[&str]| words.iter().any(|w| row.text.starts_with(w));
    if starts(&["Assigned to "]) || row.text.ends_with(" self-assigned this conversation") {
        row.of(Kind::Assign)
    } else if starts(&["Conversation was marked resolved by", "Conversation was resolved by"]) {
        row.of(Kind::Close)
    } else if starts(&["Conversation unassigned by"]) {
        row.of(Kind::Other)
    } else {
        row
    }
}

fn sender_type(item: &Value) -> String {
    first(item, &["sender.type", "sender_type"]).to_lowercase()
}

fn ruled(item: &Value) -> bool {
    let marks = [
        "content_attributes.automation_rule_id",
        "additional_attributes.campaign_id",
        "campaign_id",
    ];
    !first(item, &marks).is_empty()
}

/// What is printed for a sender that nobody knows.
fn unknown(kind: &str, by: &str) -> String {
    if by.is_empty() { format!("message_type {kind}") } else { format!("message_type {kind} {by}") }
}

fn customer(item: &Value, who: Option<Sender>) -> String {
    let of_conversation = at(item, "conversation.meta.sender.id");
    if of_conversation.is_empty() && who == Some(Sender::Customer) {
        return at(item, "sender.id");
    }
    of_conversation
}

/// An event of the reports, which give the hand-over that no message shows.
fn reported(item: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let name = at(item, "name");
    let row = VendorRow {
        conversation: at(item, "conversation_id"),
        time: at(item, "event_end_time"),
        message_id: format!("event {}", at(item, "id")),
        ..VendorRow::default()
    };
    let row = row.by(Sender::System).because(name.as_str());
    rows.put(&match name.as_str() {
        "conversation_bot_handoff" => row.of(Kind::Enqueue),
        "conversation_resolved" | "conversation_bot_resolved" => row.of(Kind::Close),
        "first_response" | "reply_time" | "conversation_opened" => row.of(Kind::Other),
        _ => VendorRow { event: name, cause: String::new(), ..row },
    })
}

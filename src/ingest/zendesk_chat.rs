//! Zendesk Chat: chats of the chats or incremental endpoint, one object each. Top level as in the
//! vendor's API reference; the items of `history` are known from client code only.
//!
//! Triggers and the system speak as agents (`agent:trigger`). A missed chat has no mark in its
//! history: nobody joined, and `missed` stands beside.

use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::keys;
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, named, read, yes};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender};

/// Chats of Zendesk Chat.
pub(super) struct ZendeskChat;

/// What the records are called in a reason.
const WHAT: &str = "Zendesk chats";

impl Format for ZendeskChat {
    fn name(&self) -> &'static str {
        "zendesk-chat"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        keys(look, WHAT, &["visitor", "started_by", "history"])
            .or_else(|| keys(look, WHAT, &["visitor", "started_by", "session", "message"]))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, &["chats", "docs"], &mut chat)
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(all_shown())
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "the items of history are known at second hand; bots that chat as agents are to be named",
        )
    }
}

fn chat(record: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let base = VendorRow {
        conversation: at(record, "id"),
        customer: first(record, &["visitor.id", "visitor.email"]),
        order: at(record, "zendesk_ticket_id"),
        channel: at(record, "type"),
        category: first(record, &["tags", "department_name"]),
        rating: at(record, "rating"),
        ..VendorRow::default()
    };
    let message = at(record, "message");
    if at(record, "type") == "offline_msg" || !message.is_empty() {
        let left = VendorRow { text: message, ..base.clone().at(at(record, "timestamp")) };
        rows.put(&left.by(Sender::Customer))?;
    }
    for engagement in list(record, "engagements") {
        engaged(engagement, &base, rows)?;
    }
    let history = list(record, "history");
    for item in history {
        rows.put(&event(item, &base))?;
    }
    let last = history.last().map(|i| at(i, "timestamp")).unwrap_or_default();
    let end = Some(at(record, "end_timestamp")).filter(|e| !e.is_empty()).unwrap_or(last);
    missed(record, history, &base.at(end), rows)
}

/// An engagement: assigned to an agent who took it, or let it lapse.
fn engaged(engagement: &Value, base: &VendorRow, rows: &mut Rows<'_, '_>) -> Result<()> {
    let time = at(engagement, "timestamp");
    let agent = first(engagement, &["agent_id", "agent_name"]);
    let row = VendorRow { agent, ..base.clone().at(time) }.by(Sender::System);
    if yes(engagement, "assigned") {
        let cause = at(engagement, "started_by");
        rows.put(&row.clone().of(Kind::Assign).because(cause))?;
    }
    let accepted = at(engagement, "accepted");
    if !accepted.is_empty() && !yes(engagement, "accepted") {
        rows.put(&row.of(Kind::Decline).because("not accepted"))?;
    }
    Ok(())
}

/// A missed or dropped chat: the visitor left (their leaving says so), or the desk let it go.
fn missed(
    record: &Value,
    history: &[Value],
    end: &VendorRow,
    rows: &mut Rows<'_, '_>,
) -> Result<()> {
    let left = history
        .iter()
        .any(|i| at(i, "type") == "chat.memberleave" && sender(i) == Some(Sender::Customer));
    for flag in ["missed", "dropped"] {
        if yes(record, flag) && !end.time.is_empty() {
            let kind = if left { Kind::Other } else { Kind::Dequeue };
            rows.put(&end.clone().by(Sender::System).of(kind).because(flag))?;
        }
    }
    Ok(())
}

fn event(item: &Value, base: &VendorRow) -> VendorRow {
    let who = sender(item);
    let nick = at(item, "nick");
    let agent = if who == Some(Sender::Agent) {
        nick.strip_prefix("agent:").map_or_else(|| at(item, "agent_id"), str::to_owned)
    } else {
        String::new()
    };
    let row = VendorRow {
        time: at(item, "timestamp"),
        sender: named(who, &first(item, &["sender_type", "nick", "name"])),
        text: first(item, &["msg", "options", "attachment.name", "url"]),
        message_id: at(item, "msg_id"),
        automatic: who == Some(Sender::Bot),
        agent,
        ..base.clone()
    };
    let kind = match (at(item, "type").as_str(), who) {
        ("chat.msg" | "chat.file" | "chat.file.upload" | "chat.triggered", _) => {
            return row;
        }
        ("chat.memberjoin", Some(Sender::Agent)) => Kind::AgentJoined,
        ("chat.memberleave", Some(Sender::Agent)) => Kind::AgentLeft,
        ("chat.memberleave", Some(Sender::Customer)) => Kind::CustomerLeft,
        ("chat.queue_position" | "chat.wait_queue", _) => Kind::QueuePosition,
        ("chat.rating" | "chat.comment", _) => Kind::Rating,
        ("chat.memberjoin" | "chat.memberleave" | "chat.request.rating" | "chat.tags", _) => {
            Kind::Other
        }
        (other, _) => return VendorRow { event: other.to_owned(), ..row },
    };
    row.of(kind)
}

/// Who an item is from: by its type of sender, else by the nick.
fn sender(item: &Value) -> Option<Sender> {
    let (kind, nick) = (at(item, "sender_type"), at(item, "nick"));
    match (kind.to_lowercase().as_str(), nick.as_str()) {
        (_, "agent:trigger") | ("trigger", _) => Some(Sender::Bot),
        (_, "agent:system" | "system") | ("system", _) => Some(Sender::System),
        ("visitor", _) => Some(Sender::Customer),
        ("agent", _) => Some(Sender::Agent),
        ("bot", _) => Some(Sender::Bot),
        ("", n) if n.starts_with("visitor") => Some(Sender::Customer),
        ("", n) if n.starts_with("agent") => Some(Sender::Agent),
        _ => None,
    }
}

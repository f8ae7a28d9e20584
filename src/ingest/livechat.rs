//! `LiveChat` (text.com): archives of the Agent Chat API, one chat with its thread in each object.
//! Fields and types as in the vendor's public documentation of 2026.
//!
//! A thread is a conversation; the chat goes on for as long as the customer comes. Bots are agents
//! there: they are to be named. A thread that is archived for want of agents says so.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::has_key;
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, named, read};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender};

/// Archives of `LiveChat`.
pub(super) struct LiveChat;

impl Format for LiveChat {
    fn name(&self) -> &'static str {
        "livechat"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let thread = ["thread", "threads"].iter().any(|k| has_key(&look.text, k));
        let keys = ["users", "events", "author_id"];
        super::vendor_look::keys(look, "LiveChat archives", &keys).filter(|_| thread)
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, &["chats", "chats_summary"], &mut chat)
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(all_shown())
    }

    fn caveat(&self) -> Option<&'static str> {
        Some("bots are agents in this export and are to be named")
    }
}

/// What is known of the people of a chat.
type People = BTreeMap<String, Sender>;

fn chat(record: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let mut people = People::new();
    let mut customer = String::new();
    for user in list(record, "users") {
        let id = at(user, "id");
        let sender = match at(user, "type").as_str() {
            "customer" => Sender::Customer,
            "agent" => Sender::Agent,
            "bot" => Sender::Bot,
            _ => Sender::Unknown,
        };
        if sender == Sender::Customer && customer.is_empty() {
            customer.clone_from(&id);
        }
        people.insert(id, sender);
    }
    let one = record.get("thread").filter(|t| t.is_object());
    let threads = one.map_or_else(|| list(record, "threads"), std::slice::from_ref);
    if threads.is_empty() {
        return rows.fault(&format!("a chat without a thread: {}", at(record, "id")));
    }
    for thread in threads {
        let base = VendorRow {
            conversation: first(thread, &["id", "chat_id"]),
            customer: customer.clone(),
            category: at(thread, "tags"),
            ..VendorRow::default()
        };
        let queued = at(thread, "queue.queued_at");
        if !queued.is_empty() {
            let cause = format!("position {}", at(thread, "queue.position"));
            rows.put(&base.clone().at(queued).by(Sender::System).of(Kind::Enqueue).because(cause))?;
        }
        for item in list(thread, "events") {
            rows.put(&event(item, &people, &base))?;
        }
    }
    Ok(())
}

fn event(item: &Value, people: &People, base: &VendorRow) -> VendorRow {
    let (author, kind) = (at(item, "author_id"), at(item, "type"));
    let who = match people.get(&author) {
        Some(Sender::Unknown) | None => None,
        Some(sender) => Some(*sender),
    };
    let private = at(item, "visibility") == "agents" || at(item, "recipients") == "agents";
    let row = VendorRow {
        time: at(item, "created_at"),
        sender: named(who, &author),
        text: said(item),
        private,
        agent: if who == Some(Sender::Agent) { author } else { String::new() },
        message_id: at(item, "id"),
        ..base.clone()
    };
    match kind.as_str() {
        "message" | "file" | "rich_message" | "form" | "filled_form" | "custom" => row,
        "system_message" => system(item, row),
        other => VendorRow { event: other.to_owned(), ..row },
    }
}

/// A message of the system by its type; the words stay as they are.
fn system(item: &Value, row: VendorRow) -> VendorRow {
    let name = at(item, "system_message_type");
    let agent = first(item, &["text_vars.addedAgent", "text_vars.agent_added", "text_vars.agent"]);
    // Only what the customer sees says something to them; an event acts all the same.
    let row = VendorRow { agent, private: false, ..row.by(Sender::System) };
    let kind = match name.as_str() {
        "agent_joined" | "agent_added" => Kind::AgentJoined,
        "agent_left" | "agent_removed" => Kind::AgentLeft,
        "chat_transferred" => Kind::Transfer,
        "archived_customer_disconnected" => Kind::CustomerLeft,
        "manual_archived_customer" => {
            return row.by(Sender::Customer).of(Kind::Close).because(name.as_str());
        }
        "routing.archived_offline" => {
            return row.of(Kind::Dequeue).because("no available agents");
        }
        "routing.archived_inactive" => {
            return row.of(Kind::Close).because("closed for inactivity");
        }
        "manual_archived_agent" | "system_archived" => Kind::Close,
        n if n.starts_with("routing.archived_") => Kind::Close,
        n if n.starts_with("routing.assigned_") => Kind::Assign,
        n if n.starts_with("routing.unassigned_") => Kind::Enqueue,
        n if n.starts_with("rating.") => Kind::Rating,
        "routing.idle"
        | "customer_added"
        | "customer_banned"
        | "customer_removed"
        | "customer_updated"
        | "transcript_requested"
        | "transcript_sent" => Kind::Other,
        _ => return VendorRow { event: name, ..row },
    };
    row.of(kind).because(name.as_str())
}

/// The words of an event: a text, the fields of a form, the titles and buttons of a card, a file.
fn said(item: &Value) -> String {
    let text = first(item, &["text", "name", "url"]);
    if !text.is_empty() {
        return text;
    }
    let answer = |f: &Value| first(f, &["answer.label", "answer", "answers.0.label", "value"]);
    let fields = list(item, "fields").iter().map(answer);
    let cards = list(item, "elements").iter().flat_map(|e| {
        let buttons = list(e, "buttons").iter().map(|b| at(b, "text"));
        [at(e, "title"), at(e, "subtitle")].into_iter().chain(buttons)
    });
    let parts: Vec<String> = fields.chain(cards).filter(|p| !p.is_empty()).collect();
    if parts.is_empty() { at(item, "content") } else { parts.join("; ") }
}

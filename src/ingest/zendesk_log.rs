//! Zendesk: the conversation log of a ticket, one page of the endpoint in each object. Fields as in
//! the vendor's "Conversation log events reference".
//!
//! The ticket stands in the links of a page, if anywhere: a log of one page is named by its first
//! event. A comment that is not public is a private note. No event says that a human was asked for,
//! queued for or came: transfers are read off the words alone.

use serde_json::Value;

use super::Format;
use super::html_text::html_text;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::{has_key, keys};
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, named, read};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Conversation logs of Zendesk.
pub(super) struct ZendeskLog;

impl Format for ZendeskLog {
    fn name(&self) -> &'static str {
        "zendesk-conversation-log"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let refers = has_key(&look.text, "reference") && look.text.contains("\"zen:");
        keys(look, "a Zendesk conversation log", &["author", "content", "reference"])
            .filter(|_| refers)
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let mut lone: Option<String> = None;
        read(job, sink, &[], &mut |record, rows| page(record, &mut lone, rows))
    }

    fn coverage(&self) -> Option<Coverage> {
        let no = Shows::No;
        Some(Coverage { queue: no, joins: no, leaves: no, closes: no, ..all_shown() })
    }
}

/// A page, or an event alone; `lone` is the conversation of events that name none.
fn page(record: &Value, lone: &mut Option<String>, rows: &mut Rows<'_, '_>) -> Result<()> {
    let events = list(record, "events");
    let events = if events.is_empty() { std::slice::from_ref(record) } else { events };
    let own = ticket(record).or_else(|| events.iter().find_map(ticket));
    let conversation = own.unwrap_or_else(|| {
        let named = || format!("log of {}", at(&events[0], "id"));
        if record.get("events").is_some() {
            named()
        } else {
            lone.get_or_insert_with(named).clone()
        }
    });
    let customer = events
        .iter()
        .find(|e| at(e, "author.type") == "user")
        .map(|e| first(e, &["author.zen:support:user_id", "author.zen:sunco:user_id"]));
    let base =
        VendorRow { conversation, customer: customer.unwrap_or_default(), ..VendorRow::default() };
    for item in events {
        rows.put(&event(item, &base))?;
    }
    Ok(())
}

/// The ticket, where a page or event names it: a field, or the address of the next page.
fn ticket(record: &Value) -> Option<String> {
    let field = first(record, &["ticket_id", "ticket.id"]);
    if !field.is_empty() {
        return Some(field);
    }
    let link = first(record, &["links.next", "links.prev", "next_page", "previous_page", "url"]);
    let number = link.split_once("/tickets/")?.1;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

fn event(item: &Value, base: &VendorRow) -> VendorRow {
    let role = at(item, "author.type");
    let sender = match role.as_str() {
        "user" => Some(Sender::Customer),
        "agent" => Some(Sender::Agent),
        "bot" => Some(Sender::Bot),
        "system" => Some(Sender::System),
        _ => None,
    };
    let agent = if sender == Some(Sender::Agent) {
        first(item, &["author.zen:support:user_id", "author.display_name"])
    } else {
        String::new()
    };
    let public = first(item, &["metadata.public", "public"]);
    let row = VendorRow {
        time: at(item, "created_at"),
        sender: named(sender, &role),
        text: said(item),
        private: public == "false",
        channel: at(item, "source.type"),
        message_id: at(item, "id"),
        agent,
        ..base.clone()
    };
    match at(item, "type").as_str() {
        "Comment" | "Messaging::ConversationMessage" | "VoiceComment" => row,
        "Messaging::ConversationRead" | "Messaging::Typing" => row.of(Kind::Other),
        other => VendorRow { event: other.to_owned(), ..row },
    }
}

/// The words; buttons and attachments where there are none.
fn said(item: &Value) -> String {
    let text = first(item, &["content.text", "content.body"]);
    let html = at(item, "content.type") == "html" || text.starts_with('<');
    let text = if html { html_text(&text) } else { text };
    if !text.is_empty() {
        return text;
    }
    let labels = list(item, "content.actions").iter().map(|a| first(a, &["text", "reply.text"]));
    let files = list(item, "attachments").iter().map(|a| first(a, &["file_name", "name", "id"]));
    let media = [first(item, &["content.alt_text", "content.media_url", "content.type"])];
    labels.chain(files).chain(media).find(|t| !t.is_empty()).unwrap_or_default()
}

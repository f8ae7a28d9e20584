//! Intercom: conversations of the REST API, one object each, as exports save them. Fields as in the
//! vendor's `OpenAPI` description 2.16 and in code that reads live data.
//!
//! The first message is not among the parts but in `source`. A part that assigns, opens or closes
//! can carry a reply to the customer as well. There is no mark of joining: who is assigned has not
//! spoken yet.

use serde_json::Value;

use super::Format;
use super::html_text::html_text;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::keys;
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, named, read, yes};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Conversations of Intercom.
pub(super) struct Intercom;

/// Name that the vendor's bot had while it was an admin among others.
const OPERATOR: &str = "Operator";
/// How a first message came that no human wrote then, though it carries a teammate's name.
const AUTOMATIC: [&str; 3] = ["automated", "campaigns_initiated", "operator_initiated"];
/// Parts that are assignments, whatever made them.
const ASSIGNMENTS: [&str; 5] = [
    "assignment",
    "default_assignment",
    "assign_and_reopen",
    "away_mode_assignment",
    "message_strategy_assignment",
];
/// Parts that say nothing about reaching a human.
const KNOWN: [&str; 14] = [
    "open",
    "snoozed",
    "unsnoozed",
    "participant_added",
    "participant_removed",
    "language_detection_details",
    "conversation_attribute_updated_by_workflow",
    "conversation_attribute_updated_by_admin",
    "conversation_attribute_updated_by_user",
    "custom_action_started",
    "custom_action_finished",
    "operator_workflow_event",
    "channel_and_reply_time_expectation",
    "merged_primary_conversation",
];

impl Format for Intercom {
    fn name(&self) -> &'static str {
        "intercom"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        keys(look, "Intercom conversations", &["conversation_parts", "part_type"])
            .or_else(|| keys(look, "Intercom conversations", &["conversation_parts", "source"]))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, &["conversations", "data"], &mut conversation)
    }

    fn coverage(&self) -> Option<Coverage> {
        // Who left is not recorded, nor is a teammate's coming before they speak.
        Some(Coverage { joins: Shows::No, leaves: Shows::No, ..all_shown() })
    }
}

fn conversation(record: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let parts = match list(record, "conversation_parts.conversation_parts") {
        [] => list(record, "conversation_parts"),
        parts => parts,
    };
    let base = VendorRow {
        conversation: at(record, "id"),
        customer: customer(record, parts),
        channel: first(record, &["source.type", "conversation_message.type"]),
        rating: at(record, "conversation_rating.rating"),
        category: tags(record),
        ..VendorRow::default()
    };
    let source = ["source", "conversation_message"].iter().find_map(|k| record.get(k));
    if let Some(source) = source.filter(|s| s.is_object()) {
        let said = VendorRow {
            time: at(record, "created_at"),
            message_id: at(source, "id"),
            text: said(source),
            automatic: AUTOMATIC.contains(&at(source, "delivered_as").as_str()),
            ..base.clone()
        };
        if !said.text.is_empty() {
            rows.put(&from(source, said))?;
        }
    }
    let handed_over = handed_over(record, parts);
    for (index, item) in parts.iter().enumerate() {
        if handed_over == Some(index) {
            let state = at(record, "ai_agent.resolution_state");
            let offer = base.clone().at(at(item, "created_at")).because(state);
            rows.put(&offer.by(Sender::Bot).of(Kind::Offer))?;
        }
        part(item, &base, rows)?;
    }
    let all = get_count(record);
    if all.is_some_and(|all| all > parts.len() as u64) {
        let found = format!(
            "conversation {}: {} of {} parts are in the file",
            base.conversation,
            parts.len(),
            all.unwrap_or_default()
        );
        rows.fault(&found)?;
    }
    Ok(())
}

/// The customer: the first contact, else the first author who is one.
fn customer(record: &Value, parts: &[Value]) -> String {
    let named = first(record, &["contacts.contacts.0.id", "user.id"]);
    let authors = record.get("source").into_iter().chain(parts);
    let wrote = || authors.into_iter().find(|a| sender(a) == Some(Sender::Customer));
    if named.is_empty() { wrote().map(|a| at(a, "author.id")).unwrap_or_default() } else { named }
}

fn get_count(record: &Value) -> Option<u64> {
    record.get("conversation_parts")?.get("total_count")?.as_u64()
}

fn tags(record: &Value) -> String {
    list(record, "tags.tags").iter().map(|t| at(t, "name")).collect::<Vec<_>>().join(", ")
}

/// Where the AI agent handed over, which only the conversation as a whole states: the first
/// assignment after its last words.
fn handed_over(record: &Value, parts: &[Value]) -> Option<usize> {
    let state = at(record, "ai_agent.resolution_state");
    if !matches!(state.as_str(), "escalated" | "procedure_handoff") {
        return None;
    }
    let spoke = parts.iter().rposition(|p| sender(p) == Some(Sender::Bot) && !said(p).is_empty());
    let from = spoke.map_or(0, |i| i + 1);
    let assigned = |p: &Value| ASSIGNMENTS.contains(&at(p, "part_type").as_str());
    (from..parts.len()).find(|i| assigned(&parts[*i]))
}

/// Hands on a part: what it says, then what it does; who is assigned speaks after that.
fn part(item: &Value, base: &VendorRow, rows: &mut Rows<'_, '_>) -> Result<()> {
    let part_type = at(item, "part_type");
    let row = VendorRow { time: at(item, "created_at"), ..base.clone() };
    let id = at(item, "id");
    let text = said(item);
    let spoken = VendorRow { text: text.clone(), message_id: id.clone(), ..row.clone() };
    match part_type.as_str() {
        "comment" | "quick_reply" => return rows.put(&from(item, spoken)),
        "note" | "note_and_reopen" => {
            let note = VendorRow { private: true, ..spoken };
            return rows.put(&from(item, note).of(Kind::Note));
        }
        _ => {}
    }
    let assigns = ASSIGNMENTS.contains(&part_type.as_str());
    let spoken = (!text.is_empty()).then(|| from(item, spoken));
    if let Some(spoken) = spoken.as_ref().filter(|_| !assigns) {
        rows.put(spoken)?;
    }
    let event = VendorRow { message_id: format!("{id}:{part_type}"), ..row };
    let event = from(item, event).because(part_type.as_str());
    if part_type == "away_mode_assignment" {
        let declined = VendorRow { message_id: format!("{id}:away"), ..event.clone() };
        rows.put(&declined.by(Sender::System).of(Kind::Decline))?;
    }
    let event = match part_type.as_str() {
        "close" => event.of(Kind::Close),
        p if p.starts_with("conversation_rating") => event.of(Kind::Rating),
        p if ASSIGNMENTS.contains(&p) => assigned(item, event),
        p if KNOWN.contains(&p) => event.of(Kind::Other),
        p => VendorRow { event: p.to_owned(), cause: String::new(), ..event },
    };
    rows.put(&event)?;
    match spoken.filter(|_| assigns) {
        Some(spoken) => rows.put(&spoken),
        None => Ok(()),
    }
}

/// An assignment by whom it is to: a teammate, a team's inbox, or nobody.
fn assigned(item: &Value, event: VendorRow) -> VendorRow {
    let to = at(item, "assigned_to.type");
    let agent = at(item, "assigned_to.id");
    match to.as_str() {
        "admin" => VendorRow { agent, ..event.by(Sender::System).of(Kind::Assign) },
        "team" => event.by(Sender::System).of(Kind::Enqueue),
        "bot" => event.by(Sender::System).of(Kind::ReturnedToBot),
        _ => event.of(Kind::Other),
    }
}

/// What a part says to somebody, attachments by name where it says nothing else.
fn said(item: &Value) -> String {
    let text = html_text(&at(item, "body"));
    if !text.is_empty() {
        return text;
    }
    let names = list(item, "attachments").iter().map(|a| at(a, "name"));
    names.filter(|n| !n.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Who wrote it; `None` if nobody knows the type.
fn sender(item: &Value) -> Option<Sender> {
    let machine = ["author.from_ai_agent", "author.is_ai_answer"].iter().any(|p| yes(item, p));
    match at(item, "author.type").as_str() {
        "user" | "lead" | "contact" => Some(Sender::Customer),
        "bot" => Some(Sender::Bot),
        "admin" if machine || at(item, "author.name") == OPERATOR => Some(Sender::Bot),
        "admin" => Some(Sender::Agent),
        "team" => Some(Sender::System),
        _ => None,
    }
}

fn from(item: &Value, row: VendorRow) -> VendorRow {
    let sender = sender(item);
    let agent = if sender == Some(Sender::Agent) { at(item, "author.id") } else { row.agent };
    VendorRow { sender: named(sender, &at(item, "author.type")), agent, ..row }
}

//! Udesk: messages and pushes of the IM interface, answers to requests for an agent, the list of
//! abandoned queues, and IM session records. Fields as in the vendor's documentation:
//! `github.com/udesk/open_udesk_doc` (`doc/im.md`, `doc/im/shut_queues.md`), udesk.cn/doc/apiv2/im.
//!
//! The robot's part of a conversation has no session, or session 0, and a transfer changes the
//! session: what holds a journey together is the customer's token, so that is the id where it is
//! given; a close ends the conversation. `count` 0 of a queue means that an agent is being found.

use std::collections::BTreeSet;

use serde_json::Value;

use super::html_text::html_text;
use super::look::Look;
use super::sender;
use super::table::{Flow, Item, Job, Sink};
use super::vendor_look::{has_key, keys};
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, read};
use super::{EachLink, Format, ReadLinks};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Conversations with an agent asked for: a caller asks again and again while the customer waits.
type Waiting = BTreeSet<String>;

/// Messages and records of Udesk.
pub(super) struct Udesk;

/// Where an answer of the interface holds the records.
const LISTS: [&str; 2] = ["item", "shut_queues"];
/// What the records are called in a reason.
const WHAT: &str = "Udesk IM";
/// Keys of the records, in the shapes they come in.
const SHAPES: [&[&str]; 6] = [
    &["customer_token", "assign_type"],
    &["assign_type", "assign_info"],
    &["im_sub_session_id", "type"],
    &["im_sub_session_id", "message_id"],
    &["queue_start_time", "queue_seconds"],
    &["session_id", "sub_session_id", "note_id"],
];

impl Format for Udesk {
    fn name(&self) -> &'static str {
        "udesk"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        SHAPES.iter().find_map(|shape| keys(look, WHAT, shape))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let mut waiting = BTreeSet::new();
        read(job, sink, &LISTS, &mut |value, rows| record(value, &mut waiting, rows))
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(all_shown())
    }

    fn coverage_of(&self, look: &Look) -> Option<Coverage> {
        // Records that begin behind what was looked at would be denied.
        let has = |names: &[&str]| !look.whole || names.iter().any(|n| has_key(&look.text, n));
        let shows = |yes: bool| if yes { Shows::Yes } else { Shows::No };
        let messages = shows(has(&["data", "messages", "content"]));
        let queue = shows(has(&["assign_info", "queue_start_time", "count"]));
        Some(Coverage {
            bot_replies: messages,
            agent_messages: messages,
            joins: messages,
            closes: messages,
            queue,
            ..all_shown()
        })
    }

    fn ids_of_people(&self) -> bool {
        true
    }

    fn links(&self) -> Option<ReadLinks> {
        Some(links)
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "the robot's part and the human's part are joined by the customer's token: rows without it stand by their session",
        )
    }
}

/// Which contacts or sessions are parts of one conversation.
fn links(job: &mut Job<'_>, each: &mut EachLink<'_>) -> Result<()> {
    let mut ignore = |_: Item<'_>| Ok(Flow::On);
    read(job, &mut ignore, &LISTS, &mut |record, _| {
        let person = person(record);
        let messages = list(record, "messages").iter().map(session);
        for session in messages.chain([session(record)]) {
            if !person.is_empty() && !session.is_empty() {
                each(session, person.clone());
            }
        }
        Ok(())
    })
}

/// The customer, who is one whatever the session.
fn person(record: &Value) -> String {
    first(record, &["customer_token", "customer_id"])
}

/// The session as a conversation id; the robot's has none.
fn session(record: &Value) -> String {
    let paths = ["im_sub_session_id", "assign_info.im_sub_session_id", "sub_session_id"];
    let id = first(record, &paths);
    if id.is_empty() || id == "0" { String::new() } else { format!("session {id}") }
}

/// What all records have in common.
fn base(record: &Value) -> VendorRow {
    let person = person(record);
    let conversation = if person.is_empty() { session(record) } else { person.clone() };
    VendorRow {
        conversation,
        time: first(record, &["message_created_at", "created_at", "send_time", "time"]),
        customer: person,
        agent: first(record, &["agent_id", "assign_info.agent_id"]),
        channel: first(record, &["channel", "platform"]),
        message_id: at(record, "message_id"),
        ..VendorRow::default()
    }
}

fn record(record: &Value, waiting: &mut Waiting, rows: &mut Rows<'_, '_>) -> Result<()> {
    let pushed = list(record, "messages");
    if !pushed.is_empty() {
        let assigned = at(record, "assign_type");
        let outer = base(record);
        if pushed.iter().any(|m| at(m, "type") == "close") {
            waiting.remove(&outer.conversation);
        }
        return pushed.iter().try_for_each(|m| message(m, &assigned, Some(&outer), rows));
    }
    if record.get("queue_start_time").is_some() && record.get("sub_session_id").is_none() {
        return abandoned(record, rows);
    }
    if record.get("code").is_some() {
        return answered(record, waiting, rows);
    }
    if record.get("data").is_some() || record.get("content").is_some() {
        if at(record, "type") == "close" {
            waiting.remove(&base(record).conversation);
        }
        return message(record, &at(record, "assign_type"), None, rows);
    }
    if record.get("sub_session_id").is_some() {
        return listed(record, rows);
    }
    rows.fault(&record.to_string())
}

/// A message or event; those of a push lack what stands around them.
fn message(
    item: &Value,
    assigned: &str,
    outer: Option<&VendorRow>,
    rows: &mut Rows<'_, '_>,
) -> Result<()> {
    let mut row = base(item);
    if let Some(outer) = outer {
        if !outer.customer.is_empty() {
            row.conversation.clone_from(&outer.conversation);
            row.customer.clone_from(&outer.customer);
        }
        if row.time.is_empty() {
            row.time.clone_from(&outer.time);
        }
    }
    let (who, unknown) = who(item, assigned, outer.is_some());
    let kind = at(item, "type");
    let content = first(item, &["data.content", "data.answer", "data.data.content", "content"]);
    let human = who == Some(Sender::Agent);
    row = VendorRow {
        sender: who.map_or(unknown, |s| s.name().to_owned()),
        text: html_text(&content),
        agent: if human { row.agent } else { String::new() },
        ..row
    };
    let agent = first(item, &["agent_id"]);
    let row = match kind.as_str() {
        "" | "message" | "rich" | "text" => row,
        "image" | "audio" | "video" | "file" | "struct" => {
            VendorRow { text: String::new(), event: "attachment".to_owned(), ..row }
        }
        "start_session" => VendorRow { agent, ..row }.by(Sender::Agent).of(Kind::AgentJoined),
        "info_appoint" => VendorRow { agent, ..row }.by(Sender::System).of(Kind::Assign),
        "transfer" | "robot_transfer" => row.by(Sender::System).of(Kind::Transfer),
        "close" => row.by(Sender::System).of(Kind::Close),
        // What only the agents' screen shows is no reply.
        "info_transfer" | "info" | "survey" | "active_guest" | "form" | "form_received" => {
            VendorRow { private: true, ..row }.by(Sender::System).of(Kind::Other)
        }
        _ => VendorRow { event: kind.clone(), ..row },
    };
    let marked = !row.event.is_empty() && row.event != "attachment";
    rows.put(&if marked { row.because(kind) } else { row })
}

/// Who wrote a message, or the value that nobody knows. What the customer's side sent names neither
/// a sender nor who was assigned; what is pushed to the customer is the desk's.
fn who(item: &Value, assigned: &str, pushed: bool) -> (Option<Sender>, String) {
    let value = first(item, &["sender.type", "sender"]);
    if !value.is_empty() {
        let known = if value == "sys" { Some(Sender::System) } else { sender::parse(&value) };
        return (known, format!("sender={value}"));
    }
    match (assigned, pushed) {
        ("robot" | "urobot", _) => (Some(Sender::Bot), String::new()),
        ("agent", _) => (Some(Sender::Agent), String::new()),
        ("", false) if at(item, "agent_id").is_empty() => (Some(Sender::Customer), String::new()),
        ("", _) => (None, "neither sender nor assign_type".to_owned()),
        _ => (None, format!("assign_type={assigned}")),
    }
}

/// An answer to a request for an agent or a robot, or to a question after the queue.
fn answered(record: &Value, waiting: &mut Waiting, rows: &mut Rows<'_, '_>) -> Result<()> {
    let row = base(record).by(Sender::System);
    let (code, status) = (at(record, "code"), at(record, "status"));
    let count = first(record, &["assign_info.count", "count"]);
    if !status.is_empty() {
        return rows.put(&queue_status(row, &status, &count));
    }
    let assigned = at(record, "assign_type");
    if matches!(assigned.as_str(), "robot" | "urobot") {
        let welcome = html_text(&at(record, "assign_info.welcome_message"));
        let row = VendorRow { text: welcome, automatic: true, agent: String::new(), ..row };
        return rows.put(&if row.text.is_empty() {
            row.of(Kind::Other).because(format!("assign_type={assigned}"))
        } else {
            row.by(Sender::Bot)
        });
    }
    if assigned == "agent" && waiting.insert(row.conversation.clone()) {
        let asked = VendorRow { agent: String::new(), ..row.clone() }.by(Sender::Customer);
        rows.put(&asked.of(Kind::TransferRequest).because("assign_type=agent"))?;
    }
    if code == "2002" {
        waiting.remove(&row.conversation);
    }
    let text = html_text(&at(record, "message"));
    let cause = format!("code={code} count={count}");
    rows.put(&match (code.as_str(), count.as_str()) {
        ("1000", _) => row.of(Kind::Assign).because(cause),
        ("2001", "0") => VendorRow { text, ..row }.of(Kind::Assign).because(cause),
        ("2001", _) => VendorRow { text, ..row }.of(Kind::Enqueue).because(cause),
        ("2002", _) => row.of(Kind::TransferFailed).because(format!("code={code} 没有客服在线")),
        _ => VendorRow { event: format!("code={code}"), text, ..row },
    })
}

/// A state of the queue, which the vendor writes in words.
fn queue_status(row: VendorRow, status: &str, count: &str) -> VendorRow {
    let cause = format!("{status} count={count}");
    match status {
        "排队中" => row.of(Kind::QueuePosition).because(cause),
        "分配中" => row.of(Kind::Assign).because(cause),
        "会话中" | "未排队" => row.of(Kind::Other).because(cause),
        _ => VendorRow { event: format!("status={status}"), ..row },
    }
}

/// A customer who left the queue: when it began, and after how many seconds.
fn abandoned(record: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let begun = at(record, "queue_start_time");
    let row = VendorRow { category: at(record, "queue_name"), ..base(record) };
    let ended = later(&begun, &at(record, "queue_seconds"));
    let seconds = format!("queue_seconds={}", at(record, "queue_seconds"));
    let queued = row.clone().by(Sender::System).of(Kind::Enqueue).at(begun.as_str());
    rows.put(&queued.because(at(record, "queue_name")))?;
    rows.put(&row.by(Sender::Customer).of(Kind::Dequeue).at(ended).because(seconds))
}

/// A stamp with an offset and so many seconds after it; the text itself where it is none, which is
/// then refused by the reader of stamps.
fn later(stamp: &str, seconds: &str) -> String {
    let begun = chrono::DateTime::parse_from_rfc3339(stamp).ok();
    let seconds = seconds.parse::<u32>().ok();
    let ended = begun.zip(seconds).and_then(|(begun, seconds)| {
        begun.checked_add_signed(chrono::TimeDelta::seconds(i64::from(seconds)))
    });
    // What is no number of seconds leaves the end open: a reader of stamps refuses it.
    ended.map_or_else(
        || format!("{stamp} + {}", seconds.map_or_else(|| "?".to_owned(), |s| s.to_string())),
        |at| at.to_rfc3339(),
    )
}

/// A session of the list: its queue and that it was given to an agent.
fn listed(record: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let row = base(record).by(Sender::System);
    let session = at(record, "sub_session_id");
    let queued = at(record, "queue_start_time");
    if !queued.is_empty() {
        let id = format!("session {session}:queue");
        let queued = VendorRow { message_id: id, ..row.clone().at(queued) };
        let seconds = at(record, "queue_seconds");
        rows.put(&queued.of(Kind::Enqueue).because(format!("queue_seconds={seconds}")))?;
    }
    let id = format!("session {session}:assigned");
    let assigned = VendorRow { message_id: id, ..row };
    rows.put(&if assigned.agent.is_empty() {
        assigned.of(Kind::Other).because("session without an agent")
    } else {
        assigned.of(Kind::Assign)
    })
}

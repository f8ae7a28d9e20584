//! 腾讯云 IM 智能客服 (Tencent Cloud Chat with its Desk plug-in): the message files of the console and
//! the interface. Fields as in the vendor's documentation, cloud.tencent.com/document/product/269,
//! documents 119743 (what a message is, in `CloudCustomData`) and 1650 (files of messages).
//!
//! What a message is stands in `CloudCustomData`, a JSON text inside the JSON: who wrote it
//! (`role`), and what it does (`messageType`), a failed connection among them. The customer's own
//! messages have none. An id is that of a person with one account of the desk.

use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::keys;
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, list, read};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Messages of 腾讯云 IM 智能客服.
pub(super) struct TencentIm;

/// Where a file holds the messages.
const LISTS: [&str; 2] = ["MsgList", "Messages"];
/// What the desk says in its own words: answers of all kinds.
const ANSWERS: [&str; 9] = [
    "fallback",
    "faq",
    "clarify",
    "chitchat",
    "rag",
    "aiReply",
    "chooseGroup",
    "concurrentLimit",
    "other",
];
/// What is sent without being asked.
const AUTOMATIC: [&str; 2] = ["welcome", "automaticReplyAfterWorkingHours"];
/// Beginnings of answers that go on in steps.
const FLOWS: [&str; 2] = ["standardTaskFlow", "aiTaskFlow"];

impl Format for TencentIm {
    fn name(&self) -> &'static str {
        "tencent-im"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        keys(look, "腾讯云 IM 智能客服", &["CloudCustomData", "MsgBody", "From_Account"])
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, &LISTS, &mut message)
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(Coverage { leaves: Shows::No, ..all_shown() })
    }

    fn ids_of_people(&self) -> bool {
        true
    }

    fn caveat(&self) -> Option<&'static str> {
        Some("the marks are the vendor's; the fields around them are known at second hand")
    }
}

fn message(item: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    if item.get("MsgBody").is_none() {
        return rows.fault(&item.to_string());
    }
    let custom = custom(item);
    let (role, what) = (at(&custom, "role"), at(&custom, "messageType"));
    let (from, to) = (at(item, "From_Account"), at(item, "To_Account"));
    let (who, unknown) = sender(&role, &what, &from);
    let by_customer = who == Some(Sender::Customer);
    let (person, desk) = if by_customer { (from, to) } else { (to, from) };
    let (text, attached) = body(item);
    let row = VendorRow {
        conversation: if person.is_empty() { String::new() } else { format!("{person}/{desk}") },
        time: first(item, &["MsgTimestamp", "MsgTimeStamp", "MsgTime"]),
        sender: who.map_or(unknown, |s| s.name().to_owned()),
        text,
        event: attached,
        agent: if role == "seat" { desk.clone() } else { String::new() },
        customer: person,
        channel: desk,
        message_id: first(item, &["MsgKey", "MsgId"]),
        ..VendorRow::default()
    };
    let asks = by_customer && at(&custom, "scene") == "transferSession";
    rows.put(&if asks {
        row.of(Kind::TransferRequest).because("scene=transferSession")
    } else {
        marked(row, &what)
    })
}

/// `CloudCustomData`, which is JSON in a text; what is no JSON of the desk says nothing.
fn custom(item: &Value) -> Value {
    match item.get("CloudCustomData") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(value) => value.clone(),
        None => Value::Null,
    }
}

/// Who wrote it, or the value that nobody knows. Accounts that begin with `@` are the desk's.
fn sender(role: &str, what: &str, from: &str) -> (Option<Sender>, String) {
    match (role, what) {
        ("robot", _) => (Some(Sender::Bot), String::new()),
        ("seat", _) => (Some(Sender::Agent), String::new()),
        ("", "") if from.starts_with('@') => (None, "an account of the desk, no role".to_owned()),
        ("" | "user", "") => (Some(Sender::Customer), String::new()),
        ("", what) if is_answer(what) || AUTOMATIC.contains(&what) => {
            (Some(Sender::Bot), String::new())
        }
        ("", _) => (Some(Sender::System), String::new()),
        _ => (None, format!("role={role}")),
    }
}

fn is_answer(what: &str) -> bool {
    ANSWERS.contains(&what) || FLOWS.iter().any(|f| what.starts_with(f))
}

/// Text of the elements, and an event where there is something but text.
fn body(item: &Value) -> (String, String) {
    let elements = list(item, "MsgBody");
    let text: Vec<String> = elements
        .iter()
        .filter(|e| at(e, "MsgType") == "TIMTextElem")
        .map(|e| at(e, "MsgContent.Text"))
        .collect();
    let text = text.join("\n");
    let other = elements.iter().any(|e| at(e, "MsgType") != "TIMTextElem");
    let event = if text.is_empty() && other { "attachment" } else { "" };
    (text, event.to_owned())
}

/// The row as what its mark says it is.
fn marked(row: VendorRow, what: &str) -> VendorRow {
    let cause = format!("messageType={what}");
    match what {
        "" => row,
        "queuing" => row.by(Sender::System).of(Kind::Enqueue).because(cause),
        "connectingToAgent" => row.by(Sender::System).of(Kind::Transfer).because(cause),
        "failedToConnectAgent" => row.by(Sender::System).of(Kind::TransferFailed).because(cause),
        "connectedToAgent" => row.by(Sender::System).of(Kind::AgentJoined).because(cause),
        "proactiveClosure" | "timeoutAutoClosure" => {
            row.by(Sender::System).of(Kind::Close).because(cause)
        }
        "satisfactionRating" | "thinking" => row.of(Kind::Other).because(cause),
        // Words of the desk outside its hours are no mark of a transfer: they are read.
        _ if AUTOMATIC.contains(&what) => VendorRow { automatic: true, ..row }.because(cause),
        _ if is_answer(what) => row.because(cause),
        _ => VendorRow { event: cause, ..row },
    }
}

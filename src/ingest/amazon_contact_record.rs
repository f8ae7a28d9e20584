//! Amazon Connect: contact records (CTR), one JSON object for each contact. Fields as in AWS's
//! administrator guide, "Contact records data model".
//!
//! A transfer makes a new contact that names the one it came from: all contacts of a chain have one
//! initial contact and are one conversation, and so are their Contact Lens transcripts where both
//! are given. A record holds no messages. Who was queued and never given to an agent has a queue and
//! no agent.

use serde_json::Value;

use super::look::Look;
use super::table::{Flow, Item, Job, Sink};
use super::vendor_look::keys;
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, read};
use super::{EachLink, Format, ReadLinks};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Contact records of Amazon Connect.
pub(super) struct AmazonContactRecord;

/// Name under which records and transcripts are joined.
pub(super) const FAMILY: &str = "amazon-connect";
/// Where a page of an API or a file holds the records.
const LISTS: [&str; 2] = ["ContactRecords", "Contacts"];

/// How contacts begin, as the vendor lists it.
const METHODS: [&str; 13] = [
    "INBOUND",
    "OUTBOUND",
    "TRANSFER",
    "QUEUE_TRANSFER",
    "CALLBACK",
    "API",
    "DISCONNECT",
    "MONITOR",
    "EXTERNAL_OUTBOUND",
    "WEBRTC_API",
    "AGENT_REPLY",
    "FLOW",
    "CAMPAIGN_PREVIEW",
];

impl Format for AmazonContactRecord {
    fn name(&self) -> &'static str {
        "amazon-contact-record"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let names = ["ContactId", "InitiationMethod", "InitiationTimestamp"];
        keys(look, "Amazon Connect contact records", &names)
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, &LISTS, &mut contact)
    }

    fn coverage(&self) -> Option<Coverage> {
        let no = Shows::No;
        Some(Coverage {
            bot_replies: no,
            agent_messages: no,
            system_lines: Shows::Yes,
            ..all_shown()
        })
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "it holds no messages: give the Contact Lens transcripts of the same contacts beside it",
        )
    }

    fn family(&self) -> &'static str {
        FAMILY
    }

    fn links(&self) -> Option<ReadLinks> {
        Some(links)
    }
}

/// Which contacts or sessions are parts of one conversation.
fn links(job: &mut Job<'_>, each: &mut EachLink<'_>) -> Result<()> {
    let mut ignore = |_: Item<'_>| Ok(Flow::On);
    read(job, &mut ignore, &LISTS, &mut |record, _| {
        let (own, first) = (at(record, "ContactId"), chain(record));
        if !own.is_empty() && own != first {
            each(own, first);
        }
        Ok(())
    })
}

/// The conversation of a contact: the first of its chain.
fn chain(record: &Value) -> String {
    first(record, &["InitialContactId", "ContactId"])
}

fn contact(record: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let own = at(record, "ContactId");
    if own.is_empty() {
        return rows.fault(&record.to_string());
    }
    let base = VendorRow {
        conversation: chain(record),
        channel: at(record, "Channel"),
        customer: first(record, &["CustomerEndpoint.Address", "CustomerId"]),
        category: at(record, "Queue.Name"),
        ..VendorRow::default()
    };
    let base = base.by(Sender::System);
    let mark = |path: &str, kind: Kind, cause: &str| VendorRow {
        message_id: format!("{own}:{path}"),
        ..base.clone().at(at(record, path)).of(kind).because(cause)
    };
    let method = at(record, "InitiationMethod");
    let begun = mark("InitiationTimestamp", Kind::Other, &method);
    rows.put(&match method.as_str() {
        "TRANSFER" | "QUEUE_TRANSFER" => begun.of(Kind::Transfer),
        m if METHODS.contains(&m) => begun,
        _ => VendorRow { event: method.clone(), cause: String::new(), ..begun },
    })?;
    let reason = at(record, "DisconnectReason");
    let agent = first(record, &["Agent.Username", "Agent.ARN"]);
    let queued = mark("Queue.EnqueueTimestamp", Kind::Enqueue, &at(record, "Queue.Name"));
    let connected =
        VendorRow { agent, ..mark("Agent.ConnectedToAgentTimestamp", Kind::AgentJoined, "") };
    let mut marks = vec![queued, connected];
    if marks[1].time.is_empty() {
        let left = mark("Queue.DequeueTimestamp", Kind::Dequeue, &reason);
        marks.push(if by_customer(&reason) { left.by(Sender::Customer) } else { left });
    }
    marks.push(mark("TransferCompletedTimestamp", Kind::Transfer, "TransferCompletedTimestamp"));
    for row in marks.iter().filter(|r| !r.time.is_empty()) {
        rows.put(row)?;
    }
    let ended = mark("DisconnectTimestamp", Kind::Close, &reason);
    // A contact that goes on in another one is not the end of the conversation.
    let goes_on = !at(record, "NextContactId").is_empty();
    let ended = match (goes_on, by_customer(&reason)) {
        (true, _) => ended.of(Kind::Other),
        (false, true) => ended.by(Sender::Customer).of(Kind::CustomerLeft),
        (false, false) => ended,
    };
    if ended.time.is_empty() { Ok(()) } else { rows.put(&ended) }
}

fn by_customer(reason: &str) -> bool {
    matches!(reason, "CUSTOMER_DISCONNECT" | "CUSTOMER_NEVER_ARRIVED")
}

//! One row of a log, as every importer hands it on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Who wrote a row. Values that no importer knows stay `Unknown`, are counted and reported, and
/// never stand for a human.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sender {
    /// The person who wants something.
    Customer,
    /// A bot, IVR or automatic reply account.
    Bot,
    /// A human of the desk.
    Agent,
    /// The platform itself.
    System,
    /// A value the importer does not know.
    Unknown,
}

impl Sender {
    /// The name used in neutral tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Bot => "bot",
            Self::Agent => "agent",
            Self::System => "system",
            Self::Unknown => "unknown",
        }
    }
}

/// What a row is. Only an explicit mark of the export (an event column, type or code) makes a row
/// anything but `Message`; what words imply is inferred later, in `detect`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something said; a button press or menu choice is a customer message.
    #[default]
    Message,
    /// The customer pressed or triggered "transfer to a human".
    TransferRequest,
    /// The desk offered a human.
    Offer,
    /// The customer was put in a queue.
    Enqueue,
    /// A queue position or estimated wait was shown.
    QueuePosition,
    /// The customer left or was taken out of the queue, without an agent.
    Dequeue,
    /// The conversation was assigned to an agent.
    Assign,
    /// An agent declined or let the assignment lapse.
    Decline,
    /// An agent joined.
    AgentJoined,
    /// An agent left.
    AgentLeft,
    /// A transfer between agents or groups.
    Transfer,
    /// A transfer failed.
    TransferFailed,
    /// The conversation went back to the bot.
    ReturnedToBot,
    /// A private note.
    Note,
    /// A rating by the customer.
    Rating,
    /// The conversation was closed.
    Close,
    /// The customer left the chat.
    CustomerLeft,
    /// An event with a meaning no importer knows; counted and listed.
    Other,
}

impl Kind {
    /// All kinds, in the order of the definition.
    pub const ALL: [Self; 18] = [
        Self::Message,
        Self::TransferRequest,
        Self::Offer,
        Self::Enqueue,
        Self::QueuePosition,
        Self::Dequeue,
        Self::Assign,
        Self::Decline,
        Self::AgentJoined,
        Self::AgentLeft,
        Self::Transfer,
        Self::TransferFailed,
        Self::ReturnedToBot,
        Self::Note,
        Self::Rating,
        Self::Close,
        Self::CustomerLeft,
        Self::Other,
    ];

    /// The name used in neutral tables and accepted in an `event` column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::TransferRequest => "transfer_request",
            Self::Offer => "offer",
            Self::Enqueue => "enqueue",
            Self::QueuePosition => "queue_position",
            Self::Dequeue => "dequeue",
            Self::Assign => "assign",
            Self::Decline => "decline",
            Self::AgentJoined => "agent_joined",
            Self::AgentLeft => "agent_left",
            Self::Transfer => "transfer",
            Self::TransferFailed => "transfer_failed",
            Self::ReturnedToBot => "returned_to_bot",
            Self::Note => "note",
            Self::Rating => "rating",
            Self::Close => "close",
            Self::CustomerLeft => "customer_left",
            Self::Other => "other",
        }
    }
}

/// Whether the customer could see the row. Private notes never count as a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Seen by the customer.
    #[default]
    Public,
    /// Seen by the desk only.
    Private,
}

/// How fine a time stamp was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Milliseconds or finer.
    Milli,
    /// Whole seconds.
    Second,
    /// Whole minutes: waits carry +-60 s.
    Minute,
    /// Days only: no waits.
    Day,
}

impl Precision {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Milli => "milli",
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Day => "day",
        }
    }

    /// The precision of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Milli, Self::Second, Self::Minute, Self::Day].into_iter().find(|p| p.name() == name)
    }
}

/// A point in time with the precision it was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// The instant, UTC, kept in milliseconds.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// The precision of the source text.
    pub precision: Precision,
}

/// One row of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Index of the input (`SourceReport`) the row came from.
    pub source: u32,
    /// Row as an editor shows it (header is row 1); for JSON the record, from 1.
    pub row: u64,
    /// Company, where the export names one; part of the conversation's identity.
    pub company: Option<String>,
    /// Conversation id as exported.
    pub conversation: String,
    /// Explicit order inside the conversation, where the export has one.
    pub sequence: Option<i64>,
    /// Id of the message, where the export has one: it decides which rows are the same message.
    pub message_id: Option<String>,
    /// When it was written; `None` where the export has no times.
    pub time: Option<Stamp>,
    /// Who wrote it.
    pub sender: Sender,
    /// What the export says it is.
    pub kind: Kind,
    /// The export marks it as an automatic reply (a greeting, a canned auto answer).
    pub automatic: bool,
    /// Who could see it.
    pub visibility: Visibility,
    /// What was said; may be empty for events.
    pub text: String,
    /// The cause an event gives (a close reason, an error code), as exported.
    pub cause: Option<String>,
    /// Agent id, where exported.
    pub agent_id: Option<String>,
    /// Customer id, where exported; the cluster of the intervals and a link key of complaints.
    pub customer_id: Option<String>,
    /// Order or ticket id, where exported or mapped; an exact link key of complaints.
    pub order_id: Option<String>,
    /// Values of the columns named by `--by`, `--keep` and `--where`, in the order of
    /// `IngestOptions::fields`; `None` where the row has no value.
    pub fields: Vec<Option<String>>,
}

impl Message {
    /// A *message* in the sense of METRICS section 1: a public row of kind message from customer,
    /// bot or agent. All other rows are *events*.
    #[must_use]
    pub fn is_message(&self) -> bool {
        self.kind == Kind::Message
            && self.visibility == Visibility::Public
            && matches!(self.sender, Sender::Customer | Sender::Bot | Sender::Agent)
    }
}

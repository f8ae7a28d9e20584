//! What a column can mean.

/// The meaning of a column of a chat log or of complaint records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Meaning {
    /// Id of the conversation.
    ConversationId,
    /// Date and time of the message.
    Timestamp,
    /// Date alone, with the time of day in `Timestamp`; the date of a complaint.
    Date,
    /// Who wrote it.
    Sender,
    /// What was said; the narrative of a complaint.
    Text,
    /// What the row is.
    Event,
    /// Order in the conversation.
    Sequence,
    /// Id of the message: which rows are the same one.
    MessageId,
    /// Cause that an event gives.
    Cause,
    /// Whether the customer could see it.
    Visibility,
    /// How fine the stamp was written, where a table keeps instants alone (`second`, `minute`).
    TimePrecision,
    /// Whether it is an automatic reply.
    Automatic,
    /// Id of the agent.
    AgentId,
    /// Id of the customer.
    CustomerId,
    /// Id of the order or ticket.
    OrderId,
    /// Company.
    Company,
    /// Channel.
    Channel,
    /// Category.
    Category,
    /// Value of the order.
    OrderValue,
    /// Rating by the customer.
    Rating,
    /// Language.
    Language,
    /// Id of a complaint.
    Id,
    /// Amount in dispute.
    Amount,
    /// Status of a complaint.
    Status,
}

impl Meaning {
    /// All meanings.
    pub(super) const ALL: [Self; 24] = [
        Self::ConversationId,
        Self::Timestamp,
        Self::Date,
        Self::Sender,
        Self::Text,
        Self::Event,
        Self::Sequence,
        Self::MessageId,
        Self::Cause,
        Self::Visibility,
        Self::TimePrecision,
        Self::Automatic,
        Self::AgentId,
        Self::CustomerId,
        Self::OrderId,
        Self::Company,
        Self::Channel,
        Self::Category,
        Self::OrderValue,
        Self::Rating,
        Self::Language,
        Self::Id,
        Self::Amount,
        Self::Status,
    ];

    /// The canonical column name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::ConversationId => "conversation_id",
            Self::Timestamp => "timestamp",
            Self::Date => "date",
            Self::Sender => "sender",
            Self::Text => "text",
            Self::Event => "event",
            Self::Sequence => "sequence",
            Self::MessageId => "message_id",
            Self::Cause => "cause",
            Self::Visibility => "visibility",
            Self::TimePrecision => "time_precision",
            Self::Automatic => "automatic",
            Self::AgentId => "agent_id",
            Self::CustomerId => "customer_id",
            Self::OrderId => "order_id",
            Self::Company => "company",
            Self::Channel => "channel",
            Self::Category => "category",
            Self::OrderValue => "order_value",
            Self::Rating => "rating",
            Self::Language => "language",
            Self::Id => "id",
            Self::Amount => "amount",
            Self::Status => "status",
        }
    }

    /// The meaning of a canonical name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.name() == name)
    }
}

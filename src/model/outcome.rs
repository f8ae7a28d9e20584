//! What became of a conversation in which the customer asked for a human (METRICS, section 3).

use serde::{Deserialize, Serialize};

use super::WaitEnd;

/// The thirteen outcomes; every conversation with a request has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 已接通: a human message, no automatic greeting, ends the episode.
    Reached,
    /// 未理会: the bot answers something else, or nothing.
    Ignored,
    /// 被引导回机器人: the bot asks for the problem first, or offers self-service instead.
    Deflected,
    /// 无人在线: no agent available, all busy.
    NoAgent,
    /// 非服务时间: said to be outside service hours.
    AfterHours,
    /// 排队中放弃: queued, and the customer leaves.
    QueueAbandoned,
    /// 排队超时: the desk says that it dropped the queue.
    QueueTimeout,
    /// 转接失败: a failed transfer mark or text.
    TransferError,
    /// 接入后无人回复: an agent joined and never spoke while the customer stayed 60 s.
    AgentSilent,
    /// 转回机器人: connected or queued, then back at the bot, never reached after.
    ReturnedToBot,
    /// 已留言待回复: a callback, ticket or message was offered and taken up.
    MessageLeft,
    /// 客户撤回: the customer says it is no longer needed.
    Withdrawn,
    /// 无法判定: the log is cut or cannot show it.
    Unknown,
}

impl Outcome {
    /// All outcomes in the order reports print them.
    pub const ALL: [Self; 13] = [
        Self::Reached,
        Self::Ignored,
        Self::Deflected,
        Self::NoAgent,
        Self::AfterHours,
        Self::QueueAbandoned,
        Self::QueueTimeout,
        Self::TransferError,
        Self::AgentSilent,
        Self::ReturnedToBot,
        Self::MessageLeft,
        Self::Withdrawn,
        Self::Unknown,
    ];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Ignored => "ignored",
            Self::Deflected => "deflected",
            Self::NoAgent => "no_agent",
            Self::AfterHours => "after_hours",
            Self::QueueAbandoned => "queue_abandoned",
            Self::QueueTimeout => "queue_timeout",
            Self::TransferError => "transfer_error",
            Self::AgentSilent => "agent_silent",
            Self::ReturnedToBot => "returned_to_bot",
            Self::MessageLeft => "message_left",
            Self::Withdrawn => "withdrawn",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.name() == name)
    }

    /// Position in [`Outcome::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// How a wait that comes to this outcome ends where nothing more exact is known.
    #[must_use]
    pub const fn usual_wait_end(self) -> WaitEnd {
        match self {
            Self::Reached => WaitEnd::Reached,
            Self::Unknown => WaitEnd::Cut,
            Self::QueueTimeout | Self::TransferError | Self::ReturnedToBot => WaitEnd::Dropped,
            Self::Ignored
            | Self::Deflected
            | Self::NoAgent
            | Self::AfterHours
            | Self::QueueAbandoned
            | Self::AgentSilent
            | Self::MessageLeft
            | Self::Withdrawn => WaitEnd::Left,
        }
    }
}

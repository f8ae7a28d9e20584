//! What a source can show (METRICS, section 1). An outcome that needs what a source cannot show
//! is `unknown`; a stage it cannot show prints "not in this export", never 0.

use serde::{Deserialize, Serialize};

use super::Precision;

/// Whether a source shows something.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// The format cannot carry it, or the file as a whole carries no sign of it.
    #[default]
    No,
    /// The source shows it: rows of that sender or event were seen, or the format always has them.
    Yes,
}

impl Shows {
    /// `Yes` if either is.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
    /// True for `Yes`.
    #[must_use]
    pub const fn yes(self) -> bool {
        matches!(self, Self::Yes)
    }
}

/// What one source can show. It is a property of the format and mapping, or is declared
/// (`[coverage]` of a mapping, the importer). It is decided before any conversation is measured
/// and never by what else stands in the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Replies of the bot.
    pub bot_replies: Shows,
    /// Messages of human agents, told apart from the bot's.
    pub agent_messages: Shows,
    /// System lines or events (queue, join, leave, close) of any kind.
    pub system_lines: Shows,
    /// Queueing.
    pub queue: Shows,
    /// Agents joining.
    pub joins: Shows,
    /// Agents or customers leaving.
    pub leaves: Shows,
    /// Closing of the conversation.
    pub closes: Shows,
    /// Time stamps, and the coarsest precision seen.
    pub times: Option<Precision>,
}

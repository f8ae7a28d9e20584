//! A row that could not be used as it stood, or was changed or dropped: data, not an error.

use serde::{Deserialize, Serialize};

/// What is wrong with a row. Names are stable and kebab-case (`problems.csv`, column `kind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// No conversation id.
    NoConversation,
    /// A conversation id that a spreadsheet rounded (`1.23E+17`): it cannot be joined on.
    RoundedId,
    /// An order or customer id that a spreadsheet rounded: the row is used, the id joins nothing.
    RoundedLink,
    /// No time stamp where the source has a time column.
    NoTime,
    /// A time stamp that cannot be read.
    BadTime,
    /// No sender.
    NoSender,
    /// A sender value nobody knows; the row is used as `unknown`.
    UnknownSender,
    /// An event value nobody knows; the row is used as `other`.
    UnknownEvent,
    /// Neither text nor event.
    Empty,
    /// More or fewer fields than the header.
    WrongFieldCount,
    /// A record that is not valid JSON, or no object.
    BadRecord,
    /// Bytes that are not valid in the encoding; replaced by U+FFFD.
    BadEncoding,
    /// The same row again: counted once.
    Duplicate,
    /// Two stretches of one id more than 48 h apart: two conversations, `id#2`.
    SplitConversation,
    /// An exported id that ends in `#` and a number, as the later stretch of another would: printed
    /// with its own stretch behind it (`id#2` as `id#2#1`), so that no two conversations share an id.
    NumberedId,
    /// A local time that the clocks skipped: read with the offset from before the change.
    SkippedHour,
    /// A local time that the clocks repeated: read as the first of the two.
    RepeatedHour,
    /// A message id that comes with different texts or senders: it names no message, its rows are
    /// compared as rows without one.
    ReusedMessageId,
    /// A column of `--by`, `--keep` or `--where` whose value changes inside a conversation: the
    /// first value counts.
    ChangingColumn,
    /// A complaint without a date or category; counted in the totals only.
    IncompleteComplaint,
    /// A file that could not be read whole and was skipped (`--skip-bad-files`).
    SkippedFile,
    /// The rows of a conversation are numbered one way and stamped another: time decides.
    ClockBack,
}

impl ProblemKind {
    /// All kinds.
    pub const ALL: [Self; 22] = [
        Self::NoConversation,
        Self::RoundedId,
        Self::RoundedLink,
        Self::NoTime,
        Self::BadTime,
        Self::NoSender,
        Self::UnknownSender,
        Self::UnknownEvent,
        Self::Empty,
        Self::WrongFieldCount,
        Self::BadRecord,
        Self::BadEncoding,
        Self::Duplicate,
        Self::SplitConversation,
        Self::NumberedId,
        Self::SkippedHour,
        Self::RepeatedHour,
        Self::ReusedMessageId,
        Self::ChangingColumn,
        Self::IncompleteComplaint,
        Self::SkippedFile,
        Self::ClockBack,
    ];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoConversation => "no-conversation",
            Self::RoundedId => "rounded-id",
            Self::RoundedLink => "rounded-link",
            Self::NoTime => "no-time",
            Self::BadTime => "bad-time",
            Self::NoSender => "no-sender",
            Self::UnknownSender => "unknown-sender",
            Self::UnknownEvent => "unknown-event",
            Self::Empty => "empty",
            Self::WrongFieldCount => "wrong-field-count",
            Self::BadRecord => "bad-record",
            Self::BadEncoding => "bad-encoding",
            Self::Duplicate => "duplicate",
            Self::SplitConversation => "split-conversation",
            Self::NumberedId => "numbered-id",
            Self::SkippedHour => "skipped-hour",
            Self::RepeatedHour => "repeated-hour",
            Self::ReusedMessageId => "reused-message-id",
            Self::ChangingColumn => "changing-column",
            Self::IncompleteComplaint => "incomplete-complaint",
            Self::SkippedFile => "skipped-file",
            Self::ClockBack => "clock-back",
        }
    }

    /// What was done about it.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::NoConversation
            | Self::RoundedId
            | Self::NoTime
            | Self::BadTime
            | Self::NoSender
            | Self::Empty
            | Self::WrongFieldCount
            | Self::BadRecord => "refused",
            Self::RoundedLink
            | Self::UnknownSender
            | Self::UnknownEvent
            | Self::BadEncoding
            | Self::ReusedMessageId
            | Self::IncompleteComplaint => "used",
            Self::SkippedHour | Self::RepeatedHour => "repaired",
            Self::NumberedId => "renamed",
            Self::ChangingColumn => "first value counts",
            Self::Duplicate => "counted once",
            Self::SplitConversation => "split",
            Self::SkippedFile => "skipped",
            Self::ClockBack => "in order of time",
        }
    }

    /// True where the row is not used (it counts in `rows_refused`).
    #[must_use]
    pub fn refuses(self) -> bool {
        self.action() == "refused"
    }
}

/// One line of `problems.csv`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// Index of the input.
    pub source: u32,
    /// Row as an editor shows it; 0 where the whole file is meant.
    pub row: u64,
    /// What is wrong.
    pub kind: ProblemKind,
    /// What was there, shortened; masked when printed.
    pub found: String,
}

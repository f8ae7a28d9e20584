//! Rows of a chat log as messages.

use super::columns::{Columns, Wanted, resolve};
use super::coverage::{HasEvents, SeenSenders};
use super::header::Vocabulary;
use super::meaning::Meaning;
use super::rounded::{is_rounded, is_rounded_link};
use super::table::{Flow, Item};
use super::tally::Tally;
use super::time::TimeReader;
use super::{IngestOptions, Input, Mapping, event, names, sender};
use crate::error::Result;
use crate::model::{Kind, Message, Precision, Problem, ProblemKind, Sender, Stamp, Visibility};

/// What a row became. A row that is used with a problem gives the message first.
#[expect(clippy::large_enum_variant, reason = "nearly all are messages, moved on at once")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A row that is used.
    Message(Message),
    /// A row that was refused, or used with a remark.
    Problem(Problem),
}

/// First cells of a row of totals.
const TOTALS: [&str; 8] =
    ["合计", "总计", "小计", "汇总", "总数", "total", "totals", "grand total"];
/// Event values that only say "a message": with an empty text there is nothing.
const PLAIN: [&str; 6] = ["message", "msg", "text", "消息", "文本", "文字"];

/// Turns rows into messages and counts them.
pub(super) struct LogReader<'a> {
    pub(super) input: &'a Input,
    pub(super) source: u32,
    pub(super) options: &'a IngestOptions,
    pub(super) columns: Columns,
    pub(super) times: TimeReader,
    pub(super) tally: Tally,
    pub(super) seen: SeenSenders,
}

/// Why a row is refused.
type Refusal = (ProblemKind, String);
/// Where records go.
pub(super) type Out<'o> = dyn FnMut(Record) -> Result<()> + 'o;

impl LogReader<'_> {
    /// Takes one item of the table.
    pub(super) fn item(&mut self, item: Item<'_>, out: &mut Out<'_>) -> Result<Flow> {
        match item {
            Item::Header { names, .. } => self.header(names)?,
            Item::Fault { row, kind, found } => {
                self.tally.read += 1;
                out(Record::Problem(self.tally.problem(self.source, row, kind, found)))?;
            }
            Item::Row { row, cells, bad_bytes } => {
                self.tally.read += 1;
                self.row(row, cells, bad_bytes, out)?;
            }
        }
        Ok(Flow::On)
    }

    /// A later record can bring columns that the sample had not.
    fn header(&mut self, names: &[String]) -> Result<()> {
        if names.len() > self.columns.names.len() {
            let wanted = Wanted {
                input: self.input,
                vocabulary: Vocabulary::Log,
                mapping: self.mapping(),
                fields: &self.options.fields,
            };
            self.columns = resolve(&wanted, names, &[])?.after(&self.columns);
        }
        Ok(())
    }

    fn mapping(&self) -> Option<&Mapping> {
        self.options.mapping.as_ref()
    }

    /// True if the source has an event column.
    pub(super) fn has_events(&self) -> HasEvents {
        if self.columns.has(Meaning::Event) { HasEvents::Yes } else { HasEvents::No }
    }

    fn row(&mut self, row: u64, cells: &[&str], bad_bytes: bool, out: &mut Out<'_>) -> Result<()> {
        let mut remarks = Vec::new();
        match self.message(row, cells, &mut remarks) {
            Err((kind, found)) => {
                out(Record::Problem(self.tally.problem(self.source, row, kind, &found)))
            }
            Ok(message) => {
                self.tally.used += 1;
                self.seen.add(message.sender, message.kind);
                if bad_bytes {
                    remarks.push((ProblemKind::BadEncoding, message.text.clone()));
                }
                out(Record::Message(message))?;
                for (kind, found) in remarks {
                    out(Record::Problem(self.tally.problem(self.source, row, kind, &found)))?;
                }
                Ok(())
            }
        }
    }

    fn message(
        &mut self,
        row: u64,
        cells: &[&str],
        remarks: &mut Vec<Refusal>,
    ) -> Result<Message, Refusal> {
        let conversation = self.conversation(cells)?.to_owned();
        let time = self.time(cells, remarks)?;
        let event = self.columns.cell(Meaning::Event, cells);
        let mut kind = event.map_or(Kind::Message, |value| self.kind(value, remarks));
        let mut sender = self.sender(cells, kind, remarks)?;
        let agent = self.columns.cell(Meaning::AgentId, cells);
        if sender == Sender::Agent && agent.is_some_and(sender::names_a_bot)
            || self.named_as_bot(sender, cells)
        {
            sender = Sender::Bot;
        }
        let text = self.columns.best(Meaning::Text).and_then(|at| cells.get(at)).copied();
        let text = text.unwrap_or_default().to_owned();
        let plain = event.is_none_or(|e| PLAIN.contains(&names::value(e).as_str()));
        if text.trim().is_empty() && plain {
            return Err((ProblemKind::Empty, joined(cells)));
        }
        let mut visibility = self.visibility(cells);
        if visibility == Visibility::Private && kind == Kind::Message {
            kind = Kind::Note;
        } else if kind == Kind::Note {
            visibility = Visibility::Private;
        }
        let owned = |meaning| self.columns.cell(meaning, cells).map(str::to_owned);
        Ok(Message {
            source: self.source,
            row,
            message_id: owned(Meaning::MessageId).filter(|id| !is_rounded(id)),
            company: owned(Meaning::Company),
            conversation,
            sequence: self.columns.cell(Meaning::Sequence, cells).and_then(whole_number),
            time,
            sender,
            kind,
            automatic: self.columns.cell(Meaning::Automatic, cells).is_some_and(is_true),
            visibility,
            text,
            cause: owned(Meaning::Cause),
            agent_id: owned(Meaning::AgentId),
            customer_id: self.link(Meaning::CustomerId, cells, remarks),
            order_id: self.link(Meaning::OrderId, cells, remarks),
            fields: self.columns.field_values(cells),
        })
    }

    fn conversation<'c>(&self, cells: &[&'c str]) -> Result<&'c str, Refusal> {
        let filled = cells.iter().map(|c| c.trim()).find(|c| !c.is_empty());
        let Some(first) = filled else {
            return Err((ProblemKind::Empty, String::new()));
        };
        if cells.len() > 1 && cells.iter().eq(self.columns.names.iter()) {
            return Err((ProblemKind::BadRecord, "the header again".to_owned()));
        }
        let id = self.columns.cell(Meaning::ConversationId, cells);
        let is_total =
            may_total(first) && TOTALS.contains(&names::value(first).trim_end_matches(':'));
        if is_total && id.is_none_or(|id| id == first) {
            return Err((ProblemKind::NoConversation, joined(cells)));
        }
        match id {
            None => Err((ProblemKind::NoConversation, joined(cells))),
            Some(id) if is_rounded(id) => Err((ProblemKind::RoundedId, id.to_owned())),
            Some(id) => Ok(id),
        }
    }

    /// An id that complaints may be joined on.
    fn link(&self, id: Meaning, cells: &[&str], remarks: &mut Vec<Refusal>) -> Option<String> {
        let id = self.columns.cell(id, cells)?;
        if is_rounded_link(id) {
            remarks.push((ProblemKind::RoundedLink, id.to_owned()));
            return None;
        }
        Some(id.to_owned())
    }

    /// The stamp. A time of day is completed by a date column.
    fn time(
        &mut self,
        cells: &[&str],
        remarks: &mut Vec<Refusal>,
    ) -> Result<Option<Stamp>, Refusal> {
        if !self.columns.has(Meaning::Timestamp) {
            return Ok(None);
        }
        let date = self.columns.cell(Meaning::Date, cells);
        let Some(text) = self.columns.cell(Meaning::Timestamp, cells).or(date) else {
            return Err((ProblemKind::NoTime, joined(cells)));
        };
        let read = self.times.read(text).or_else(|| self.times.read(&format!("{} {text}", date?)));
        let Some(mut read) = read else {
            return Err((ProblemKind::BadTime, text.to_owned()));
        };
        let written = self.columns.cell(Meaning::TimePrecision, cells);
        if let Some(precision) = written.and_then(Precision::parse) {
            read.stamp.precision = precision;
        }
        self.tally.time(&read);
        remarks.extend(read.repaired.map(|kind| (kind, text.to_owned())));
        Ok(Some(read.stamp))
    }

    fn kind(&mut self, value: &str, remarks: &mut Vec<Refusal>) -> Kind {
        let known = self.mapping().and_then(|m| m.event(value)).or_else(|| event::parse(value));
        known.unwrap_or_else(|| {
            self.tally.unknown_event(value);
            remarks.push((ProblemKind::UnknownEvent, value.to_owned()));
            Kind::Other
        })
    }

    fn sender(
        &mut self,
        cells: &[&str],
        kind: Kind,
        remarks: &mut Vec<Refusal>,
    ) -> Result<Sender, Refusal> {
        let Some(value) = self.columns.cell(Meaning::Sender, cells) else {
            // An event need not say who did it: the platform recorded it.
            let event = kind != Kind::Message;
            return if event {
                Ok(Sender::System)
            } else {
                Err((ProblemKind::NoSender, joined(cells)))
            };
        };
        let seen = self.tally.senders.get(value).map(|s| s.0);
        let known = seen.unwrap_or_else(|| {
            let mapped = self.mapping().and_then(|m| m.sender(value));
            mapped.or_else(|| sender::parse(value)).unwrap_or(Sender::Unknown)
        });
        if known == Sender::Unknown && !is_unknown(value) {
            remarks.push((ProblemKind::UnknownSender, value.to_owned()));
        }
        self.tally.sender(value, known);
        Ok(known)
    }

    /// True for an account that `--bot-ids` names; a customer is none, whatever their name.
    fn named_as_bot(&self, sender: Sender, cells: &[&str]) -> bool {
        let ids = &self.options.bot_ids;
        let desk = !matches!(sender, Sender::Customer | Sender::System);
        let named = |meaning| {
            self.columns.cell(meaning, cells).is_some_and(|v| ids.iter().any(|id| id == v))
        };
        desk && !ids.is_empty() && (named(Meaning::AgentId) || named(Meaning::Sender))
    }

    fn visibility(&self, cells: &[&str]) -> Visibility {
        let Some(at) = self.columns.best(Meaning::Visibility) else { return Visibility::Public };
        let value = names::value(cells.get(at).copied().unwrap_or_default());
        let says_public = names::header(&self.columns.names[at]).ends_with("public");
        let private = match value.as_str() {
            "" | "public" | "公开" | "外部" => false,
            "private" | "internal" | "内部" | "内部可见" | "仅客服可见" | "不可见" => {
                true
            }
            other => is_true(other) != says_public,
        };
        if private { Visibility::Private } else { Visibility::Public }
    }
}

/// Whether a cell begins as one of [`TOTALS`] does: hardly any needs to be folded and compared.
fn may_total(cell: &str) -> bool {
    let first = cell.chars().next().map(names::half_width);
    first.is_some_and(|c| matches!(c, '合' | '总' | '小' | '汇' | 't' | 'T' | 'g' | 'G' | ' '))
}

/// The neutral tables write `unknown` themselves: that is known to be unknown.
fn is_unknown(value: &str) -> bool {
    value == Sender::Unknown.name()
}

/// A yes in a cell.
pub(super) fn is_true(value: &str) -> bool {
    let yes = [
        "1",
        "true",
        "yes",
        "y",
        "t",
        "是",
        "√",
        "✓",
        "有",
        "on",
        "自动",
        "自动回复",
        "auto",
        "automatic",
        "1.0",
    ];
    yes.contains(&names::value(value).as_str())
}

fn whole_number(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| text.strip_suffix(".0")?.parse().ok())
}

/// The filled cells of a row, for a problem.
pub(super) fn joined(cells: &[&str]) -> String {
    let filled: Vec<&str> = cells.iter().map(|c| c.trim()).filter(|c| !c.is_empty()).collect();
    names::short(&filled.join(", "))
}

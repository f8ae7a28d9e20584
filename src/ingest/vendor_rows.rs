//! What the importers of vendors share: records of JSON, JSON Lines or a table in, rows under
//! canonical names out. An importer says what one record means and nothing else.

use std::io::BufReader;

use serde_json::{Map, Value};

use super::Format;
use super::delimited::{CommaSeparated, TabSeparated};
use super::json_path::{cell, get};
use super::json_split::{Next, Records};
use super::long_line::{LONGEST, LONGEST_DOCUMENT};
use super::table::{Flow, Item, Job, Sink, text};
use super::vendor_look::{header_delimiter, is_json};
use crate::error::Result;
use crate::model::{Coverage, Kind, ProblemKind, Sender, Shows};

/// The columns that importers fill.
const COLUMNS: [&str; 17] = [
    "conversation_id",
    "timestamp",
    "sender",
    "text",
    "event",
    "cause",
    "visibility",
    "automatic",
    "agent_id",
    "customer_id",
    "channel",
    "category",
    "language",
    "rating",
    "message_id",
    "sequence",
    "order_id",
];

/// The one wrapper that holds records by their ids.
const DOCS: &str = "docs";

/// One row; what a record does not say stays empty.
#[derive(Clone, Debug, Default)]
pub(super) struct VendorRow {
    /// Conversation, as exported.
    pub(super) conversation: String,
    /// Stamp, as exported.
    pub(super) time: String,
    /// Canonical name of a sender, or the value that nobody knows.
    pub(super) sender: String,
    /// What was said.
    pub(super) text: String,
    /// Canonical name of a kind, or the value that nobody knows; empty for a message.
    pub(super) event: String,
    /// Cause that an event gives.
    pub(super) cause: String,
    /// Only the desk could see it.
    pub(super) private: bool,
    /// The export marks it as an automatic reply.
    pub(super) automatic: bool,
    /// Agent.
    pub(super) agent: String,
    /// Customer.
    pub(super) customer: String,
    /// Channel.
    pub(super) channel: String,
    /// Category, tags.
    pub(super) category: String,
    /// Language.
    pub(super) language: String,
    /// Rating by the customer.
    pub(super) rating: String,
    /// Id of the message.
    pub(super) message_id: String,
    /// Order in the conversation.
    pub(super) sequence: Option<i64>,
    /// Order or ticket.
    pub(super) order: String,
}

impl VendorRow {
    /// The same row from this sender.
    pub(super) fn by(mut self, sender: Sender) -> Self {
        sender.name().clone_into(&mut self.sender);
        self
    }

    /// The same row as an event of this kind.
    pub(super) fn of(mut self, kind: Kind) -> Self {
        kind.name().clone_into(&mut self.event);
        self
    }

    /// The same row at this time.
    pub(super) fn at(mut self, time: impl Into<String>) -> Self {
        self.time = time.into();
        self
    }

    /// The same row with this cause.
    pub(super) fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = cause.into();
        self
    }
}

/// Takes rows and counts them.
pub(super) struct Rows<'r, 's> {
    sink: &'r mut Sink<'s>,
    /// Row of the last item; JSON records count their items, tables their lines.
    row: u64,
    /// A table gives the row itself.
    by_line: bool,
    bad_bytes: bool,
    flow: Flow,
    /// Rows and faults so far: a record that adds none would be lost without a word.
    handed_on: u64,
}

impl<'r, 's> Rows<'r, 's> {
    /// For a text whose rows are lines; `None` if nothing is wanted.
    pub(super) fn by_lines(sink: &'r mut Sink<'s>) -> Result<Option<Self>> {
        let names: Vec<String> = COLUMNS.iter().map(|c| (*c).to_owned()).collect();
        let flow = sink(Item::Header { names: &names })?;
        let rows = Rows { sink, row: 0, by_line: true, bad_bytes: false, flow, handed_on: 0 };
        Ok((flow == Flow::On).then_some(rows))
    }
}

impl Rows<'_, '_> {
    /// Names the line of the next row.
    pub(super) fn at_line(&mut self, line: u64, bad_bytes: bool) {
        (self.row, self.bad_bytes) = (line, bad_bytes);
    }

    /// Whether more is wanted.
    pub(super) fn stopped(&self) -> Flow {
        self.flow
    }

    /// Hands on a row.
    pub(super) fn put(&mut self, row: &VendorRow) -> Result<()> {
        if self.flow == Flow::Stop {
            return Ok(());
        }
        self.count();
        let mark = |yes: bool| if yes { "yes" } else { "" };
        let visibility = if row.private { "private" } else { "" };
        let sequence = row.sequence.map(|s| s.to_string()).unwrap_or_default();
        let cells = [
            row.conversation.as_str(),
            &row.time,
            &row.sender,
            &row.text,
            &row.event,
            &row.cause,
            visibility,
            mark(row.automatic),
            &row.agent,
            &row.customer,
            &row.channel,
            &row.category,
            &row.language,
            &row.rating,
            &row.message_id,
            &sequence,
            &row.order,
        ];
        let (row, bad_bytes) = (self.row, self.bad_bytes);
        self.flow = (self.sink)(Item::Row { row, cells: &cells, bad_bytes })?;
        Ok(())
    }

    /// Hands on a row under names of the importer's own.
    pub(super) fn cells(&mut self, cells: &[&str]) -> Result<()> {
        if self.flow == Flow::Stop {
            return Ok(());
        }
        self.count();
        let (row, bad_bytes) = (self.row, self.bad_bytes);
        self.flow = (self.sink)(Item::Row { row, cells, bad_bytes })?;
        Ok(())
    }

    /// Hands on what is no row; it is counted as refused.
    pub(super) fn fault(&mut self, found: &str) -> Result<()> {
        if self.flow == Flow::Stop {
            return Ok(());
        }
        self.count();
        self.flow =
            (self.sink)(Item::Fault { row: self.row, kind: ProblemKind::BadRecord, found })?;
        Ok(())
    }

    fn count(&mut self) {
        self.handed_on += 1;
        if !self.by_line {
            self.row += 1;
        }
    }
}

/// What an importer does with one record.
pub(super) type Each<'e> = dyn FnMut(&Value, &mut Rows<'_, '_>) -> Result<()> + 'e;

/// Hands every record of the input to `each`: the values of a JSON document, one on every line or
/// one after another, those of the first list that `lists` names where a record wraps it (a page
/// of an API), or the rows of a table as objects of text.
pub(super) fn read(
    job: &mut Job<'_>,
    sink: &mut Sink<'_>,
    lists: &[&str],
    each: &mut Each<'_>,
) -> Result<()> {
    let names: Vec<String> = COLUMNS.iter().map(|c| (*c).to_owned()).collect();
    read_as(job, sink, &names, lists, each)
}

/// The same for an input without times: a row without a stamp is no fault there.
pub(super) fn read_untimed(
    job: &mut Job<'_>,
    sink: &mut Sink<'_>,
    lists: &[&str],
    each: &mut Each<'_>,
) -> Result<()> {
    let name = |c: &&str| if *c == "timestamp" { "no_time" } else { c }.to_owned();
    let names: Vec<String> = COLUMNS.iter().map(name).collect();
    read_as(job, sink, &names, lists, each)
}

/// The same under names of the importer's own, for records that are no messages.
pub(super) fn read_under(
    job: &mut Job<'_>,
    sink: &mut Sink<'_>,
    names: &[&str],
    lists: &[&str],
    each: &mut Each<'_>,
) -> Result<()> {
    let names: Vec<String> = names.iter().map(|c| (*c).to_owned()).collect();
    read_as(job, sink, &names, lists, each)
}

fn read_as(
    job: &mut Job<'_>,
    sink: &mut Sink<'_>,
    names: &[String],
    lists: &[&str],
    each: &mut Each<'_>,
) -> Result<()> {
    if sink(Item::Header { names })? == Flow::Stop {
        return Ok(());
    }
    if is_json(job.look) {
        return read_json(job, sink, lists, each);
    }
    let table: &dyn Format =
        if header_delimiter(&job.look.text) == '\t' { &TabSeparated } else { &CommaSeparated };
    let mut header: Vec<String> = Vec::new();
    let mut rows =
        Rows { sink, row: 0, by_line: true, bad_bytes: false, flow: Flow::On, handed_on: 0 };
    table.read(job, &mut |item| {
        match item {
            Item::Header { names } => header = names.to_vec(),
            Item::Fault { row, kind, found } => {
                rows.row = row;
                rows.flow = (rows.sink)(Item::Fault { row, kind, found })?;
            }
            Item::Row { row, cells, bad_bytes } => {
                (rows.row, rows.bad_bytes) = (row, bad_bytes);
                let cells = header.iter().zip(cells);
                let record: Map<String, Value> =
                    cells.map(|(n, c)| (n.clone(), Value::from(*c))).collect();
                one(&Value::Object(record), &mut rows, each)?;
            }
        }
        Ok(rows.flow)
    })
}

fn read_json(
    job: &mut Job<'_>,
    sink: &mut Sink<'_>,
    lists: &[&str],
    each: &mut Each<'_>,
) -> Result<()> {
    let input = job.input;
    let text = text(&mut job.bytes, job.look);
    let longest = if lists.is_empty() { LONGEST } else { LONGEST_DOCUMENT };
    let mut records = Records::new(BufReader::new(text.reader)).up_to(longest);
    let mut rows =
        Rows { sink, row: 0, by_line: false, bad_bytes: false, flow: Flow::On, handed_on: 0 };
    let mut bytes = Vec::new();
    loop {
        match records.next(&mut bytes).map_err(|e| input.read_error(e))? {
            Next::End => return Ok(()),
            Next::Record => {}
            Next::Cut => {
                return Err(input.error(
                    "ends in the middle of a record",
                    "it was cut while it was written or copied: export it again",
                ));
            }
        }
        rows.bad_bytes = text.faults.any_before(records.end);
        let record: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        match (lists.iter().find_map(|l| wrapped(&record, l)), record.is_object()) {
            (Some(items), _) => items.iter().try_for_each(|i| one(i, &mut rows, each))?,
            (None, true) => one(&record, &mut rows, each)?,
            (None, false) => rows.fault(&String::from_utf8_lossy(&bytes))?,
        }
        if rows.flow == Flow::Stop {
            return Ok(());
        }
    }
}

/// The records of a page: those of a list, or of a map by id (`docs`).
fn wrapped<'v>(page: &'v Value, list: &str) -> Option<Vec<&'v Value>> {
    match get(page, list)? {
        Value::Array(items) => Some(items.iter().collect()),
        Value::Object(by_id) if list == DOCS => Some(by_id.values().collect()),
        _ => None,
    }
}

fn one(record: &Value, rows: &mut Rows<'_, '_>, each: &mut Each<'_>) -> Result<()> {
    let before = rows.handed_on;
    if record.is_object() {
        each(record, rows)?;
    }
    if rows.handed_on == before { rows.fault(&record.to_string()) } else { Ok(()) }
}

/// The value at a path as text; empty where there is none.
pub(super) fn at(value: &Value, path: &str) -> String {
    get(value, path).map(cell).unwrap_or_default()
}

/// The first of these paths that holds something.
pub(super) fn first(value: &Value, paths: &[&str]) -> String {
    paths.iter().map(|p| at(value, p)).find(|v| !v.is_empty()).unwrap_or_default()
}

/// The list at a path; empty where there is none.
pub(super) fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    get(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// True if the path holds `true`, as JSON or as a table writes it.
pub(super) fn yes(value: &Value, path: &str) -> bool {
    super::log::is_true(&at(value, path))
}

/// The canonical name of a sender, or the value that nobody knows.
pub(super) fn named(sender: Option<Sender>, value: &str) -> String {
    sender.map_or_else(|| value.to_owned(), |s| s.name().to_owned())
}

/// A coverage that shows everything.
pub(super) fn all_shown() -> Coverage {
    let yes = Shows::Yes;
    Coverage {
        bot_replies: yes,
        agent_messages: yes,
        system_lines: yes,
        queue: yes,
        joins: yes,
        leaves: yes,
        closes: yes,
        times: None,
    }
}

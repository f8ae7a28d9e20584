//! `convert`: the understood rows as one neutral table, which reads again as the same log.
//!
//! Conversations stand under their exported ids, so that reading splits them again where it must;
//! `reported_as` is the id that reports print. What no source has (times, events) has no column,
//! for an empty column would say that the export can show it.

use std::io::Write;
use std::path::Path;

use chrono_tz::Tz;

use super::create;
use super::output::{Output, by_extension};
use crate::Status;
use crate::cli::ConvertArgs;
use crate::error::{Error, Result};
use crate::measure::columns::Cell;
use crate::model::{Conversation, Message, Precision, SourceReport, Stamp, Visibility};
use crate::pipeline;
use crate::settings::{Choice, Settings};
use crate::store::table::{ColumnType, Columns, TableFormat, TableWriter};
use crate::text::{Privacy, harmless};

/// Runs it.
///
/// # Errors
/// When an input cannot be read or the table cannot be written.
pub fn run(args: &ConvertArgs) -> Result<Status> {
    if let Some(name) = args.keep.iter().find(|name| COLUMNS.iter().any(|c| c.name == **name)) {
        return Err(Error::usage(
            format!("--keep {name}: the table has a column of that name"),
            "leave it out",
        ));
    }
    let choice = Choice { keep: args.keep.clone(), ..Choice::default() };
    let settings = Settings::new(&args.input, choice, 0)?.with_privacy(&args.privacy)?;
    let privacy = &settings.measure.privacy;
    if args.input.inputs.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    let format = by_extension(&args.out, &FORMATS)?;
    let found = pipeline::find(&args.input.inputs, &[], &settings)?;
    super::tell_passed_over(&found, &settings);
    let output = Output::open(&args.out, &found.logs)?;
    let loaded = pipeline::load(&found.logs, &settings)?;
    let columns = columns(&loaded.sources, format, &settings);
    let names = columns.iter().map(|c| (c.name.to_owned(), c.kind.clone()));
    let kept = args.keep.iter().map(|name| (name.clone(), ColumnType::Text));
    let header: Columns = names.chain(kept).collect();
    let mut out = Out::create(format, output.path(), &header, &settings)?;
    let paths = loaded.sources.clone();
    let mut sequence = Sequence::default();
    let (sources, problems) = loaded.measure(&settings, |conversation, _| {
        for message in &conversation.messages {
            let sequence = sequence.next(conversation, message);
            let row = Row { conversation, message, sequence, sources: &paths, privacy };
            let cells = columns.iter().map(|c| (c.read)(&row));
            let fields = message.fields.iter().map(|f| value_of(f.as_ref(), privacy));
            out.row(cells.chain(fields).collect(), message.time)?;
        }
        Ok(())
    })?;
    pipeline::conclude(&sources, &problems, &settings)?;
    out.finish()?;
    output.publish()?;
    Ok(Status::Done)
}

/// Numbers the rows of one exported id, all its stretches together.
#[derive(Default)]
struct Sequence {
    of: Option<(Option<String>, String, String)>,
    last: u64,
}

impl Sequence {
    fn next(&mut self, conversation: &Conversation, message: &Message) -> u64 {
        let (company, format) = (&conversation.company, &conversation.format);
        let same = self
            .of
            .as_ref()
            .is_some_and(|(c, f, id)| c == company && f == format && *id == message.conversation);
        if !same {
            self.of = Some((company.clone(), format.clone(), message.conversation.clone()));
            self.last = 0;
        }
        self.last += 1;
        self.last
    }
}

/// A row and what is known around it.
struct Row<'r> {
    conversation: &'r Conversation,
    message: &'r Message,
    sequence: u64,
    sources: &'r [SourceReport],
    privacy: &'r Privacy,
}

/// A column of the neutral table.
#[derive(Clone)]
struct Column {
    name: &'static str,
    kind: ColumnType,
    read: fn(&Row<'_>) -> Cell,
}

const fn column(name: &'static str, kind: ColumnType, read: fn(&Row<'_>) -> Cell) -> Column {
    Column { name, kind, read }
}

fn text(value: Option<&String>) -> Cell {
    Cell::Text(value.cloned())
}

fn name(value: &str) -> Cell {
    Cell::Text(Some(value.to_owned()))
}

/// A number with a sign: engines that have no unsigned ones read those as decimals.
fn whole(n: u64) -> Cell {
    Cell::Whole(i64::try_from(n).ok())
}

fn value_of(value: Option<&String>, privacy: &Privacy) -> Cell {
    Cell::Text(value.map(|value| privacy.value(value)))
}

/// A person or an order: told apart, not told.
fn person(id: Option<&String>, row: &Row<'_>) -> Cell {
    Cell::Text(id.map(|id| row.privacy.person(id)))
}

const TIME: &str = "timestamp";
const EVENT: &str = "event";
/// How fine a stamp was written: only instants do not say it themselves.
const FINENESS: &str = "time_precision";

const COLUMNS: [Column; 18] = [
    column("conversation_id", ColumnType::Text, |r| name(&r.message.conversation)),
    column("sequence", ColumnType::Whole, |r| whole(r.sequence)),
    column("message_id", ColumnType::Text, |r| {
        Cell::Text(r.message.message_id.as_ref().map(|id| r.privacy.message_id(id)))
    }),
    column(TIME, ColumnType::Time, |r| Cell::Time(r.message.time.map(|t| t.at))),
    column(FINENESS, ColumnType::Text, |r| {
        Cell::Text(r.message.time.map(|t| t.precision.name().to_owned()))
    }),
    column("sender", ColumnType::Text, |r| name(r.message.sender.name())),
    column(EVENT, ColumnType::Text, |r| name(r.message.kind.name())),
    column("text", ColumnType::Text, |r| {
        Cell::Text(Some(r.privacy.keep_text.text(&r.message.text)))
    }),
    column("cause", ColumnType::Text, |r| value_of(r.message.cause.as_ref(), r.privacy)),
    column("automatic", ColumnType::Flag, |r| Cell::Flag(Some(r.message.automatic))),
    column("visibility", ColumnType::Text, |r| {
        name(match r.message.visibility {
            Visibility::Private => "private",
            Visibility::Public => "public",
        })
    }),
    column("agent_id", ColumnType::Text, |r| person(r.message.agent_id.as_ref(), r)),
    column("customer_id", ColumnType::Text, |r| person(r.message.customer_id.as_ref(), r)),
    column("order_id", ColumnType::Text, |r| person(r.message.order_id.as_ref(), r)),
    column("company", ColumnType::Text, |r| value_of(r.conversation.company.as_ref(), r.privacy)),
    column("reported_as", ColumnType::Text, |r| name(&r.conversation.id)),
    column("source_file", ColumnType::Text, |r| {
        text(r.sources.get(r.message.source as usize).map(|s| &s.path))
    }),
    column("source_row", ColumnType::Whole, |r| whole(r.message.row)),
];

/// All columns of the neutral table.
pub(super) fn neutral_columns() -> crate::store::table::Columns {
    COLUMNS.iter().map(|c| (c.name.to_owned(), c.kind.clone())).collect()
}

/// The columns that these sources can fill.
fn columns(sources: &[SourceReport], format: Format, settings: &Settings) -> Vec<Column> {
    let read: Vec<&SourceReport> = sources.iter().filter(|s| s.rows_used > 0).collect();
    let timed = read.iter().filter(|s| s.coverage.times.is_some()).count();
    let events = read.iter().any(|s| s.columns.iter().any(|(_, meaning)| meaning == EVENT));
    if timed > 0 && timed < read.len() && !settings.quiet {
        crate::say(
            "tohuman: some inputs have no times: their rows stand without one, and a reader that \
             expects one refuses them; convert them apart",
        );
    }
    let missing = |name: &str| match name {
        TIME => timed == 0,
        FINENESS => timed == 0 || !matches!(format, Format::Parquet),
        EVENT => !events,
        _ => false,
    };
    COLUMNS.into_iter().filter(|c| !missing(c.name)).collect()
}

/// What a table is written as.
#[derive(Clone, Copy)]
enum Format {
    Csv,
    JsonLines,
    Parquet,
}

const FORMATS: [(Option<&str>, Format); 5] = [
    (None, Format::Csv),
    (Some("csv"), Format::Csv),
    (Some("jsonl"), Format::JsonLines),
    (Some("ndjson"), Format::JsonLines),
    (Some("parquet"), Format::Parquet),
];

/// The table being written, with the place of its time column where rows are text.
enum Out {
    Csv(Box<csv::Writer<Box<dyn Write>>>, Option<usize>, Tz),
    JsonLines(Box<dyn Write>, Vec<String>, Option<usize>, Tz),
    Table(Box<TableWriter>),
}

impl Out {
    fn create(
        format: Format,
        target: &Path,
        columns: &Columns,
        settings: &Settings,
    ) -> Result<Self> {
        let zone = settings.measure.time_zone;
        let time = columns.iter().position(|(name, _)| name == TIME);
        let names = columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        match format {
            Format::Csv => {
                let mut out = csv::Writer::from_writer(create(target)?);
                out.write_record(names.iter().map(|name| harmless(name))).map_err(failed)?;
                Ok(Self::Csv(Box::new(out), time, zone))
            }
            Format::JsonLines => Ok(Self::JsonLines(create(target)?, names, time, zone)),
            Format::Parquet => {
                let table = TableWriter::create(target, TableFormat::Parquet, columns)?;
                Ok(Self::Table(Box::new(table)))
            }
        }
    }

    fn row(&mut self, mut cells: Vec<Cell>, time: Option<Stamp>) -> Result<()> {
        match self {
            Self::Csv(out, at, zone) => {
                put(&mut cells, *at, time, *zone);
                out.write_record(cells.iter().map(|c| harmless(&c.print(*zone)))).map_err(failed)
            }
            Self::JsonLines(out, names, at, zone) => {
                put(&mut cells, *at, time, *zone);
                let object: serde_json::Map<String, serde_json::Value> = names
                    .iter()
                    .zip(&cells)
                    .map(|(name, cell)| (name.clone(), value(cell, *zone)))
                    .collect();
                writeln!(out, "{}", serde_json::Value::Object(object)).map_err(failed)
            }
            Self::Table(table) => table.row(cells),
        }
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Csv(mut out, ..) => out.flush().map_err(failed),
            Self::JsonLines(mut out, ..) => out.flush().map_err(failed),
            Self::Table(table) => table.finish(),
        }
    }
}

fn put(cells: &mut [Cell], at: Option<usize>, time: Option<Stamp>, zone: Tz) {
    if let Some(cell) = at.and_then(|at| cells.get_mut(at)) {
        *cell = stamp(time, zone);
    }
}

/// The stamp as fine as the export wrote it: a minute must not come back as a second, nor a
/// millisecond that happens to be none as a second.
fn stamp(time: Option<Stamp>, zone: Tz) -> Cell {
    Cell::Text(time.map(|t| {
        let format = match t.precision {
            Precision::Day => "%Y-%m-%d",
            Precision::Minute => "%Y-%m-%dT%H:%M%:z",
            Precision::Second => "%Y-%m-%dT%H:%M:%S%:z",
            Precision::Milli => "%Y-%m-%dT%H:%M:%S%.3f%:z",
        };
        t.at.with_timezone(&zone).format(format).to_string()
    }))
}

fn value(cell: &Cell, zone: Tz) -> serde_json::Value {
    match cell {
        Cell::Count(n) => (*n).into(),
        Cell::Whole(n) => (*n).into(),
        Cell::Flag(f) => (*f).into(),
        Cell::Text(None) | Cell::Time(None) | Cell::Millis(None) => serde_json::Value::Null,
        _ => cell.print(zone).into(),
    }
}

fn failed(error: impl Into<csv::Error>) -> Error {
    Error::of_csv(Path::new("-"), error.into())
}

//! `convert`: the understood rows as one neutral table.

use std::io::Write;
use std::path::Path;

use chrono_tz::Tz;

use super::create;
use crate::Status;
use crate::cli::ConvertArgs;
use crate::error::{Error, Result};
use crate::measure::columns::{Cell, local};
use crate::model::{Conversation, Message, Precision, SourceReport, Stamp, Visibility};
use crate::pipeline;
use crate::settings::{Choice, Settings};
use crate::store::table::{ColumnType, TableFormat, TableWriter};

const COLUMNS: [(&str, ColumnType); 15] = [
    ("conversation_id", ColumnType::Text),
    ("sequence", ColumnType::Count),
    ("timestamp", ColumnType::Time),
    ("sender", ColumnType::Text),
    ("event", ColumnType::Text),
    ("text", ColumnType::Text),
    ("cause", ColumnType::Text),
    ("automatic", ColumnType::Flag),
    ("visibility", ColumnType::Text),
    ("agent_id", ColumnType::Text),
    ("customer_id", ColumnType::Text),
    ("order_id", ColumnType::Text),
    ("company", ColumnType::Text),
    ("source", ColumnType::Text),
    ("source_row", ColumnType::Count),
];

/// Runs it.
///
/// # Errors
/// When an input cannot be read or the table cannot be written.
pub fn run(args: &ConvertArgs) -> Result<Status> {
    let choice = Choice { keep: args.keep.clone(), ..Choice::default() };
    let settings = Settings::new(&args.input, choice, 0)?;
    if args.input.inputs.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    let found = pipeline::find(&args.input.inputs, &[], &settings)?;
    super::tell_passed_over(&found, &settings);
    let loaded = pipeline::load(&found.logs, &settings)?;
    let mut names: Vec<(String, ColumnType)> =
        COLUMNS.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    names.extend(args.keep.iter().map(|name| (name.clone(), ColumnType::Text)));
    let draft = args.out.with_extension("tohuman-part");
    let target = if args.out == Path::new("-") { args.out.clone() } else { draft };
    let mut out = Out::create(&args.out, &target, names, settings.measure.time_zone)?;
    let paths = loaded.sources.clone();
    let (sources, problems) = loaded.measure(&settings, |conversation, _| {
        for (i, message) in conversation.messages.iter().enumerate() {
            out.row(row(conversation, i, message, &paths), message.time)?;
        }
        Ok(())
    })?;
    pipeline::conclude(&sources, &problems, &settings)?;
    out.finish()?;
    if target != args.out {
        std::fs::rename(&target, &args.out)
            .map_err(|source| Error::Write { path: args.out.clone(), source })?;
    }
    Ok(Status::Done)
}

fn row(
    conversation: &Conversation,
    index: usize,
    m: &Message,
    sources: &[SourceReport],
) -> Vec<Cell> {
    let name =
        |flag: bool, yes: &str, no: &str| Cell::Text(Some(if flag { yes } else { no }.to_owned()));
    let text = |t: &Option<String>| Cell::Text(t.clone());
    let mut cells = vec![
        Cell::Text(Some(conversation.id.clone())),
        Cell::Count(Some(index as u64 + 1)),
        Cell::Time(m.time.map(|t| t.at)),
        Cell::Text(Some(m.sender.name().to_owned())),
        Cell::Text(Some(m.kind.name().to_owned())),
        Cell::Text(Some(m.text.clone())),
        text(&m.cause),
        Cell::Flag(Some(m.automatic)),
        name(m.visibility == Visibility::Private, "private", "public"),
        text(&m.agent_id),
        text(&m.customer_id),
        text(&m.order_id),
        Cell::Text(conversation.company.clone()),
        Cell::Text(sources.get(m.source as usize).map(|s| s.path.clone())),
        Cell::Count(Some(m.row)),
    ];
    cells.extend(m.fields.iter().map(text));
    cells
}

/// The table, by the extension of the file.
enum Out {
    Csv(Box<csv::Writer<Box<dyn Write>>>, Tz),
    JsonLines(Box<dyn Write>, Vec<String>, Tz),
    Table(Box<TableWriter>),
}

impl Out {
    fn create(
        named: &Path,
        target: &Path,
        columns: Vec<(String, ColumnType)>,
        zone: Tz,
    ) -> Result<Self> {
        let extension = named.extension().map(|e| e.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            None if named == Path::new("-") => Self::csv(target, &columns, zone),
            Some("csv") => Self::csv(target, &columns, zone),
            Some("jsonl" | "ndjson") => Ok(Self::JsonLines(
                create(target)?,
                columns.into_iter().map(|n| n.0).collect(),
                zone,
            )),
            Some("parquet") => {
                let table = TableWriter::create(target, TableFormat::Parquet, columns, None)?;
                Ok(Self::Table(Box::new(table)))
            }
            _ => Err(Error::usage(
                format!("{}: no such table format", named.display()),
                "end the name with .csv, .jsonl or .parquet",
            )),
        }
    }

    fn csv(target: &Path, names: &[(String, ColumnType)], zone: Tz) -> Result<Self> {
        let mut out = csv::Writer::from_writer(create(target)?);
        out.write_record(names.iter().map(|n| &n.0)).map_err(failed)?;
        Ok(Self::Csv(Box::new(out), zone))
    }

    fn row(&mut self, mut cells: Vec<Cell>, time: Option<Stamp>) -> Result<()> {
        match self {
            Self::Csv(out, zone) => {
                cells[2] = stamp(time, *zone);
                out.write_record(cells.iter().map(|c| c.print(*zone))).map_err(failed)
            }
            Self::JsonLines(out, names, zone) => {
                cells[2] = stamp(time, *zone);
                let object: serde_json::Map<String, serde_json::Value> = names
                    .iter()
                    .zip(&cells)
                    .map(|(name, cell)| (name.clone(), value(cell, *zone)))
                    .collect();
                writeln!(out, "{}", serde_json::Value::Object(object)).map_err(failed)
            }
            Self::Table(table) => table.row(cells, Vec::new()),
        }
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Csv(mut out, _) => out.flush().map_err(failed),
            Self::JsonLines(mut out, ..) => out.flush().map_err(failed),
            Self::Table(table) => table.finish(),
        }
    }
}

/// The stamp as fine as the export wrote it: a minute must not come back as a second.
fn stamp(time: Option<Stamp>, zone: Tz) -> Cell {
    Cell::Text(time.map(|t| {
        let local_time = t.at.with_timezone(&zone);
        match t.precision {
            Precision::Day => local_time.format("%Y-%m-%d").to_string(),
            Precision::Minute => local_time.format("%Y-%m-%dT%H:%M%:z").to_string(),
            Precision::Second | Precision::Milli => local(t.at, zone),
        }
    }))
}

fn value(cell: &Cell, zone: Tz) -> serde_json::Value {
    match cell {
        Cell::Count(n) => (*n).into(),
        Cell::Flag(f) => (*f).into(),
        Cell::Text(None) | Cell::Time(None) | Cell::Millis(None) => serde_json::Value::Null,
        Cell::Text(_) | Cell::Time(_) | Cell::Millis(_) => cell.print(zone).into(),
    }
}

fn failed(error: impl Into<csv::Error>) -> Error {
    Error::of_csv(Path::new("-"), error.into())
}

//! Reads an input to its end: a chat log or complaint records.

use super::columns::{Columns, list};
use super::complaints::{ComplaintReader, ComplaintRecord};
use super::coverage::{self, SeenSenders};
use super::header::Vocabulary;
use super::log::{LogReader, Record};
use super::meaning::Meaning;
use super::study::{MAP_IT, Nature, Study, missing_in_log};
use super::table::{Flow, Item, Job, Sink};
use super::tally::Tally;
use super::time::TimeReader;
use super::time_layout::{Evidence, Layout};
use super::{IngestOptions, Input, ahead};
use crate::error::{Error, Result};
use crate::model::{Coverage, SourceReport};

/// Reads a chat log row by row into `sink`; `progress` hears the raw bytes read so far. `source`
/// is the number that rows and problems carry.
///
/// # Errors
/// If the input cannot be read whole, is no chat log, or no row of it can be used; and whatever
/// the sink fails with.
pub fn read_log(
    input: &Input,
    source: u32,
    options: &IngestOptions,
    sink: &mut dyn FnMut(Record) -> Result<()>,
    progress: &mut dyn FnMut(u64),
) -> Result<SourceReport> {
    let study = Study::of(input, options)?;
    Ok(log(&study, source, sink, progress)?.0)
}

/// [`read_log`] with the counts that only `inspect` shows.
pub(super) fn log(
    study: &Study<'_>,
    source: u32,
    sink: &mut dyn FnMut(Record) -> Result<()>,
    progress: &mut dyn FnMut(u64),
) -> Result<(SourceReport, Tally, Columns)> {
    let columns = log_columns(study)?;
    let times =
        time_reader(study, &[columns.best(Meaning::Timestamp), columns.best(Meaning::Date)])?;
    let mut reader = LogReader {
        input: study.input,
        source,
        options: study.options,
        columns,
        times,
        tally: Tally::default(),
        seen: SeenSenders::default(),
    };
    let bytes = pass(study, progress, &mut |item| reader.item(item, sink))?;
    let coverage = coverage::decide(
        study.format.coverage_of(&study.look),
        study.mapping(),
        reader.seen,
        reader.has_events(),
        &reader.tally,
    );
    let report = report(study, bytes, &reader.columns, &reader.tally, coverage)?;
    Ok((report, reader.tally, reader.columns))
}

/// Reads complaint records row by row into `sink`.
///
/// # Errors
/// If the input cannot be read whole, holds no complaint records, or no row of it can be used;
/// and whatever the sink fails with.
pub fn read_complaints(
    input: &Input,
    source: u32,
    options: &IngestOptions,
    sink: &mut dyn FnMut(ComplaintRecord) -> Result<()>,
) -> Result<SourceReport> {
    let study = Study::of(input, options)?;
    Ok(complaints(&study, source, sink)?.0)
}

/// [`read_complaints`] with the counts that only `inspect` shows.
pub(super) fn complaints(
    study: &Study<'_>,
    source: u32,
    sink: &mut dyn FnMut(ComplaintRecord) -> Result<()>,
) -> Result<(SourceReport, Tally, Columns)> {
    let declared = study.mapping().is_some_and(|m| !m.complaints.is_empty());
    let (nature, reason) = study.nature();
    if nature == Nature::ChatLog && !declared {
        return Err(study.input.error(
            "is a chat log, for it has columns for conversation, sender and text",
            "give it as INPUT, or name its complaint columns under [complaints] in a --mapping",
        ));
    }
    if nature == Nature::Neither {
        return Err(study.input.error(format!("holds no complaint records: {reason}"), MAP_IT));
    }
    let mut columns = study.columns(Vocabulary::Complaints)?;
    let times = complaint_dates(study, &mut columns)?;
    let mut reader = ComplaintReader { source, columns, times, tally: Tally::default() };
    let mut silent = |_| {};
    let bytes = pass(study, &mut silent, &mut |item| reader.item(item, sink))?;
    let report = report(study, bytes, &reader.columns, &reader.tally, Coverage::default())?;
    Ok((report, reader.tally, reader.columns))
}

/// The columns of a chat log, or what it lacks.
fn log_columns(study: &Study<'_>) -> Result<Columns> {
    let columns = study.columns(Vocabulary::Log)?;
    let missing = missing_in_log(&columns);
    if missing.is_empty() {
        return Ok(columns);
    }
    if study.names.is_empty() {
        return Err(study.input.error(
            "holds no record that could be understood",
            "check that it is the file you mean, or say by --format what it is",
        ));
    }
    if study.nature().0 == Nature::Complaints {
        let way_out = format!("give it by --complaints; if it is a chat log, {MAP_IT}");
        return Err(study.input.error("looks like complaint records", way_out));
    }
    let names = list(&study.names);
    let names_alone = columns.has(Meaning::AgentId) && columns.has(Meaning::CustomerId);
    let hint = match study.nested_list().map(super::names::short) {
        Some(list) if matches!(study.format.name(), "json" | "jsonl") => {
            format!("; {list} holds a list, which the mapping must name under [[turns]]")
        }
        Some(list) => format!("; {list} holds a list: write one row a message"),
        None if names_alone && !columns.has(Meaning::Sender) => {
            "; the names of agent and customer do not say who wrote a row".to_owned()
        }
        None => String::new(),
    };
    let what = format!("has no column for {} among: {names}{hint}", missing.join(", "));
    Err(study.input.error(what, MAP_IT))
}

/// How the stamps of a column, or of two for date and time of day, are read; looks through the whole file only if the order of day and
/// month is open.
fn time_reader(study: &Study<'_>, columns: &[Option<usize>]) -> Result<TimeReader> {
    let format = study.mapping().and_then(|m| m.time_format.clone());
    let mut reader = TimeReader { zone: study.zone(), format, layout: None };
    if reader.format.is_none()
        && let Some(column) = columns.iter().flatten().find(|c| open(study, **c))
    {
        reader.layout = Some(layout(study, *column)?);
    }
    Ok(reader)
}

/// True if the sample of a column has stamps whose order of day and month is open.
fn open(study: &Study<'_>, column: usize) -> bool {
    let mut evidence = Evidence::default();
    study.sample.iter().filter_map(|r| r.get(column)).for_each(|v| evidence.add(v));
    evidence.needed()
}

/// The order of day and month over the whole file.
fn layout(study: &Study<'_>, column: usize) -> Result<Layout> {
    let mut evidence = Evidence::default();
    study.rows(&mut |item| {
        if let Item::Row { cells, .. } = item {
            evidence.add(cells.get(column).copied().unwrap_or_default());
        }
        Ok(Flow::On)
    })?;
    let evidence = if study.format.in_time_order() { evidence.in_order() } else { evidence };
    evidence.layout().ok_or_else(|| {
        let name = super::names::short(&study.names[column]);
        let value = study.sample.iter().filter_map(|r| r.get(column)).find(|v| !v.trim().is_empty());
        let value = super::names::short(value.map_or("", String::as_str));
        study.input.error(
            format!("the order of day and month in column {name} is open ({value}): no row of the file decides it"),
            "say it by --mapping: time_format = \"%m/%d/%Y %H:%M\" or as they are written",
        )
    })
}

/// Chooses the date column of complaints, one whose order is not open before any other.
fn complaint_dates(study: &Study<'_>, columns: &mut Columns) -> Result<TimeReader> {
    let format = study.mapping().and_then(|m| m.time_format.clone());
    let reader = TimeReader { zone: study.zone(), format, layout: None };
    if reader.format.is_some() {
        return Ok(reader);
    }
    let readable = |column: usize| {
        let values =
            || study.sample.iter().filter_map(|r| r.get(column)).filter(|v| !v.trim().is_empty());
        let read = values().filter(|v| reader.read(v).is_some()).count();
        read > 0 && read * 2 >= values().count()
    };
    let clear =
        columns.all(Meaning::Date).iter().copied().find(|c| !open(study, *c) && readable(*c));
    let column = clear.or_else(|| columns.best(Meaning::Date));
    if let Some(column) = column {
        columns.take(Meaning::Date, column);
    }
    time_reader(study, &[column])
}

/// Reads all rows; gives hash and size of the raw bytes.
fn pass(
    study: &Study<'_>,
    progress: &mut dyn FnMut(u64),
    sink: &mut Sink<'_>,
) -> Result<(String, u64)> {
    let read = |progress: &mut dyn FnMut(u64), sink: &mut Sink<'_>| {
        let mut job = Job::open(study.input, &study.look, study.options, progress)?;
        study.read(&mut job, sink)?;
        job.bytes.finish(study.input)
    };
    if study.options.threads > 1 { ahead::read(read, progress, sink) } else { read(progress, sink) }
}

fn report(
    study: &Study<'_>,
    (sha256, bytes): (String, u64),
    columns: &Columns,
    tally: &Tally,
    coverage: Coverage,
) -> Result<SourceReport> {
    if tally.used == 0 && tally.read > 0 {
        return Err(nothing_used(study.input, tally));
    }
    Ok(SourceReport {
        path: study.input.path.clone(),
        sha256,
        bytes,
        format: study.format.name().to_owned(),
        encoding: study.encoding().to_owned(),
        compression: study.look.compression.to_owned(),
        time_zone: study.zone().name().to_owned(),
        time_zone_from: tally
            .zone_from(study.mapping().is_some_and(|m| m.zone().is_some()))
            .to_owned(),
        columns: columns.used(),
        coverage,
        rows_read: tally.read,
        rows_used: tally.used,
        rows_refused: tally.refused,
        rows_duplicate: 0,
    })
}

fn nothing_used(input: &Input, tally: &Tally) -> Error {
    input.error(
        format!("none of its {} rows can be used: {}", tally.read, tally.top_reasons()),
        "look at it by tohuman inspect and name columns and values in a --mapping",
    )
}

//! What would be read, and why: data to print, and a mapping to edit.
//!
//! What is shown is masked as every printed text is. Only the mapping keeps names and values as they
//! stand in the file, for it must find them there again; it is masked where it is printed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::columns::Columns;
use super::guess::guess;
use super::header::Vocabulary;
use super::study::{Nature, Study};
use super::tally::Tally;
use super::{IngestOptions, Input, Mapping};
use crate::error::Result;
use crate::model::{ProblemKind, Sender, SourceReport};
use crate::text::redact;

/// One rounded id in so many rows makes a warning.
const ROUNDED_ONE_IN: u64 = 20;
/// So does one without an id in so many, but for a line of totals.
const WITHOUT_ID_ONE_IN: u64 = 4;
const FEW_WITHOUT_ID: u64 = 2;

/// What a column is taken as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnUse {
    /// Header or path as it stands in the file.
    pub name: String,
    /// What it is taken as; `None` if it is not read.
    pub meaning: Option<String>,
}

/// Problems of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Kind of problem.
    pub kind: String,
    /// What was done with the rows.
    pub action: String,
    /// How many rows.
    pub rows: u64,
    /// The first ones: row and what was there.
    pub examples: Vec<(u64, String)>,
}

/// A sender value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SenderSeen {
    /// The value as it stands in the file.
    pub value: String,
    /// What it is taken as.
    pub taken_as: Sender,
    /// In how many rows.
    pub rows: u64,
}

/// Everything that is known of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// What it holds.
    pub nature: Nature,
    /// Why, and why that format.
    pub reasons: Vec<String>,
    /// Why that encoding.
    pub encoding_reason: String,
    /// Path, hash, format, zone, coverage and rows as the report lists them.
    pub source: SourceReport,
    /// All columns, those not read with no meaning.
    pub columns: Vec<ColumnUse>,
    /// Rows that were refused or used with a remark, by kind.
    pub problems: Vec<Refused>,
    /// Sender values, the commonest first.
    pub senders: Vec<SenderSeen>,
    /// Event values that nobody knows, with their number of rows.
    pub unknown_events: Vec<(String, u64)>,
    /// Earliest stamp.
    pub first: Option<DateTime<Utc>>,
    /// Latest stamp.
    pub last: Option<DateTime<Utc>>,
    /// The guess as a mapping, as a file needs it; masked when serialised.
    #[serde(serialize_with = "masked")]
    pub mapping: Mapping,
}

/// Reads an input and tells what was seen.
///
/// # Errors
/// As [`super::read_log`] and [`super::read_complaints`]. An input that is neither is no error: the
/// reasons say what is missing, and the mapping is a start.
pub fn inspect(input: &Input, options: &IngestOptions) -> Result<Inspection> {
    let study = Study::of(input, options)?;
    let (nature, reason) = study.nature();
    let mut silent = |_| {};
    let (source, tally, columns) = match nature {
        Nature::ChatLog => super::read::log(&study, 0, &mut |_| Ok(()), &mut silent)?,
        Nature::Complaints => super::read::complaints(&study, 0, &mut |_| Ok(()))?,
        Nature::Neither => {
            let columns =
                study.columns(Vocabulary::Log).unwrap_or_else(|_| Columns::unread(&study.names));
            let source = SourceReport {
                path: input.path.clone(),
                format: study.format.name().to_owned(),
                encoding: study.encoding().to_owned(),
                compression: study.look.compression.to_owned(),
                time_zone: study.zone().name().to_owned(),
                time_zone_from: "no times".to_owned(),
                ..SourceReport::default()
            };
            (source, Tally::default(), columns)
        }
    };
    let mapping = guess(&study, nature, &columns, &tally);
    let source = SourceReport { columns: redact_names(source.columns), ..source };
    let uses = columns.uses().into_iter();
    Ok(Inspection {
        nature,
        reasons: warnings(&study, &tally, &columns).chain(study.reasons(reason)).collect(),
        encoding_reason: study.look.encoding_reason.clone(),
        columns: uses.map(|(name, meaning)| ColumnUse { name: redact(&name), meaning }).collect(),
        problems: problems(&tally),
        senders: senders(&tally),
        unknown_events: tally.unknown_events.iter().map(|(v, n)| (redact(v), *n)).collect(),
        first: tally.first,
        last: tally.last,
        mapping,
        source,
    })
}

/// What stands before all else.
fn warnings(
    study: &Study<'_>,
    tally: &Tally,
    columns: &Columns,
) -> impl Iterator<Item = String> + use<> {
    let backwards = tally.used > 0 && super::backwards::ties_stand_backwards(study, columns);
    let backwards = backwards.then(|| super::backwards::WARNING.to_owned());
    rounded(tally).into_iter().chain(without_id(tally)).chain(backwards)
}

/// Many rows without an id, where others have one: a merged cell that a CSV file cannot tell.
fn without_id(tally: &Tally) -> Option<String> {
    let rows = tally.problems.get(&ProblemKind::NoConversation)?.count;
    (rows >= FEW_WITHOUT_ID && rows * WITHOUT_ID_ONE_IN >= tally.read).then(|| {
        format!(
            "WARNING: {rows} of {} rows have no conversation id and are refused; if cells were merged in a spreadsheet, give it as XLSX, XLS or ODS, where a merged cell stands for all its rows",
            tally.read
        )
    })
}

/// The warning that stands before all else: ids that a spreadsheet rounded cannot be mended here.
fn rounded(tally: &Tally) -> Option<String> {
    let rows = tally.problems.get(&ProblemKind::RoundedId)?.count;
    (rows * ROUNDED_ONE_IN >= tally.read).then(|| {
        format!(
            "WARNING: {rows} of {} rows have an id that a spreadsheet rounded (1.23E+17) and are refused: different conversations would be one; export again with the ids as text",
            tally.read
        )
    })
}

fn problems(tally: &Tally) -> Vec<Refused> {
    let refused = tally.problems.iter().map(|(kind, r)| Refused {
        kind: kind.name().to_owned(),
        action: kind.action().to_owned(),
        rows: r.count,
        examples: r.first.clone(),
    });
    refused.collect()
}

fn senders(tally: &Tally) -> Vec<SenderSeen> {
    let seen = tally.senders.iter();
    let mut senders: Vec<_> = seen
        .map(|(value, (taken_as, rows))| SenderSeen {
            value: redact(value),
            taken_as: *taken_as,
            rows: *rows,
        })
        .collect();
    senders.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.value.cmp(&b.value)));
    senders
}

fn redact_names(columns: Vec<(String, String)>) -> Vec<(String, String)> {
    columns.into_iter().map(|(name, meaning)| (redact(&name), meaning)).collect()
}

/// The mapping with the words of the file masked; names of ours, zones and formats have nothing to
/// mask.
fn masked<S: serde::Serializer>(mapping: &Mapping, out: S) -> Result<S::Ok, S::Error> {
    fn values(table: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        table.iter().map(|(name, header)| (redact(name), redact(header))).collect()
    }
    fn keys<T: Copy>(table: &BTreeMap<String, T>) -> BTreeMap<String, T> {
        table.iter().map(|(value, meaning)| (redact(value), *meaning)).collect()
    }
    let mut shown = mapping.clone();
    for table in [&mut shown.columns, &mut shown.complaints, &mut shown.fields] {
        *table = values(table);
    }
    shown.senders = keys(&shown.senders);
    shown.events = keys(&shown.events);
    for turns in &mut shown.turns {
        turns.list = turns.list.as_deref().map(redact);
        turns.columns = values(&turns.columns);
    }
    shown.serialize(out)
}

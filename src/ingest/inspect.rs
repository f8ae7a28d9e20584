//! What would be read, and why: for a terminal, as data, and as a mapping to edit.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::columns::Columns;
use super::header::Vocabulary;
use super::json_path::flatten;
use super::json_turns::PARENT;
use super::meaning::Meaning;
use super::study::{Nature, Study};
use super::tally::Tally;
use super::{IngestOptions, Input, Mapping, Turns};
use crate::error::Result;
use crate::model::{Kind, Sender, SourceReport};

/// Records whose lists are looked at for a guess.
const GUESSED_FROM: usize = 50;

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
    /// The guess as a mapping.
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
    let uses = columns.uses().into_iter();
    Ok(Inspection {
        nature,
        reasons: vec![study.format_reason.clone(), reason],
        encoding_reason: study.look.encoding_reason.clone(),
        columns: uses.map(|(name, meaning)| ColumnUse { name, meaning }).collect(),
        problems: problems(&tally),
        senders: senders(&tally),
        unknown_events: tally.unknown_events.iter().map(|(v, n)| (v.clone(), *n)).collect(),
        first: tally.first,
        last: tally.last,
        mapping: guess(&study, nature, &columns, &tally),
        source,
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
            value: value.clone(),
            taken_as: *taken_as,
            rows: *rows,
        })
        .collect();
    senders.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.value.cmp(&b.value)));
    senders
}

/// The guess as a mapping. What is missing stands in it with an empty header, to be filled in.
fn guess(study: &Study<'_>, nature: Nature, columns: &Columns, tally: &Tally) -> Mapping {
    let mut mapping = study.mapping().cloned().unwrap_or_default();
    mapping.format = Some(study.format.name().to_owned());
    if tally.unzoned > 0 {
        mapping.time_zone = Some(study.zone().name().to_owned());
    }
    let table =
        if nature == Nature::Complaints { &mut mapping.complaints } else { &mut mapping.columns };
    // A named importer has no columns to map; the messages of nested records are mapped already.
    let named = study.format.coverage().is_some();
    if !named && study.mapping().is_none_or(|m| m.turns.is_empty()) {
        for meaning in Meaning::ALL {
            if let Some(at) = columns.best(meaning) {
                table.insert(meaning.name().to_owned(), columns.names[at].clone());
            }
        }
        if nature == Nature::Neither {
            let turns = guess_turns(study, table);
            if turns.is_empty() {
                for meaning in [Meaning::ConversationId, Meaning::Sender, Meaning::Text] {
                    table.entry(meaning.name().to_owned()).or_default();
                }
            }
            mapping.turns = turns;
        }
    }
    for (value, (sender, _)) in &tally.senders {
        if *sender == Sender::Unknown {
            mapping.senders.insert(value.clone(), Sender::Unknown);
        }
    }
    for value in tally.unknown_events.keys() {
        mapping.events.insert(value.clone(), Kind::Other);
    }
    mapping
}

/// The lists of objects in nested records, as places of messages. The columns of the record then
/// are those of its messages' parent.
fn guess_turns(study: &Study<'_>, columns: &mut BTreeMap<String, String>) -> Vec<Turns> {
    let mut out = Vec::new();
    for (at, name) in study.names.iter().enumerate() {
        let lists = study.sample.iter().filter_map(|r| r.get(at)).filter(|c| c.starts_with("[{"));
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for list in lists.take(GUESSED_FROM) {
            let Ok(items) = serde_json::from_str::<Vec<Map<String, Value>>>(list) else { continue };
            for item in &items {
                flatten(item, &mut |path, _| {
                    let meaning = Vocabulary::Log.meanings(path).0.first().map(|m| m.0);
                    if let Some(meaning) = meaning {
                        found.entry(meaning.name().to_owned()).or_insert_with(|| path.to_owned());
                    }
                });
            }
        }
        if !found.is_empty() {
            out.push(Turns { list: Some(name.clone()), columns: found, ..Turns::default() });
        }
    }
    if !out.is_empty() {
        columns.remove(Meaning::Sequence.name());
        let sender = Meaning::Sender.name();
        if !out.iter().any(|t| t.columns.contains_key(sender)) {
            columns.entry(sender.to_owned()).or_default();
        }
        for path in columns.values_mut().filter(|p| !p.is_empty()) {
            path.insert_str(0, PARENT);
        }
    }
    out
}

impl Inspection {
    /// For a terminal: lines of at most what stands in the file, no colours.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let s = &self.source;
        let nature = match self.nature {
            Nature::ChatLog => "chat log",
            Nature::Complaints => "complaint records",
            Nature::Neither => "neither a chat log nor complaint records",
        };
        writeln!(out, "{}: {nature}", s.path)?;
        writeln!(out, "  because      {}", self.reasons.join("; "))?;
        writeln!(out, "  format       {}", s.format)?;
        if !s.encoding.is_empty() {
            writeln!(out, "  encoding     {} ({})", s.encoding, self.encoding_reason)?;
        }
        if !s.compression.is_empty() {
            writeln!(out, "  compression  {}", s.compression)?;
        }
        writeln!(out, "  time zone    {} ({})", s.time_zone, s.time_zone_from)?;
        if let (Some(first), Some(last)) = (self.first, self.last) {
            let iso = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
            writeln!(out, "  times        {} to {}", iso(first), iso(last))?;
        }
        writeln!(
            out,
            "  rows         {} read, {} used, {} refused",
            s.rows_read, s.rows_used, s.rows_refused
        )?;
        writeln!(out, "  columns")?;
        for column in &self.columns {
            writeln!(
                out,
                "    {} -> {}",
                column.name,
                column.meaning.as_deref().unwrap_or("not read")
            )?;
        }
        if self.nature == Nature::ChatLog {
            self.write_coverage(out)?;
        }
        self.write_values(out)
    }

    fn write_coverage(&self, out: &mut String) -> std::fmt::Result {
        let c = &self.source.coverage;
        let shown = [
            ("bot replies", c.bot_replies),
            ("agent messages", c.agent_messages),
            ("system lines", c.system_lines),
            ("queue", c.queue),
            ("joins", c.joins),
            ("leaves", c.leaves),
            ("closes", c.closes),
        ];
        let names = |yes: bool| {
            let these: Vec<_> =
                shown.iter().filter(|(_, s)| s.yes() == yes).map(|(n, _)| *n).collect();
            if these.is_empty() { "nothing".to_owned() } else { these.join(", ") }
        };
        writeln!(out, "  shows        {}", names(true))?;
        writeln!(out, "  shows not    {}", names(false))
    }

    fn write_values(&self, out: &mut String) -> std::fmt::Result {
        const MOST: usize = 20;
        if !self.senders.is_empty() {
            writeln!(out, "  senders")?;
        }
        for sender in self.senders.iter().take(MOST) {
            writeln!(
                out,
                "    {} -> {} ({} rows)",
                sender.value,
                sender.taken_as.name(),
                sender.rows
            )?;
        }
        if self.senders.len() > MOST {
            writeln!(out, "    and {} more values", self.senders.len() - MOST)?;
        }
        if !self.unknown_events.is_empty() {
            writeln!(out, "  unknown events")?;
        }
        for (value, rows) in self.unknown_events.iter().take(MOST) {
            writeln!(out, "    {value} ({rows} rows)")?;
        }
        if !self.problems.is_empty() {
            writeln!(out, "  problems")?;
        }
        for problem in &self.problems {
            writeln!(out, "    {}: {} rows {}", problem.kind, problem.rows, problem.action)?;
            for (row, found) in &problem.examples {
                writeln!(out, "      row {row}: {found}")?;
            }
        }
        Ok(())
    }
}

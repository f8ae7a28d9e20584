//! One part: a folder with a table of facts, the rows that a report prints of them, pairs, problems, and
//! the files that it was made of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ready::{self, ROWS, ReadyRows};
use super::{unread, unwritten};
use crate::error::{Error, Result};
use crate::facts::FactsWriter;
use crate::measure::KeepText;
use crate::measure::finding::printable;
use crate::model::{Facts, Problem, ProblemKind, SourceReport};
use crate::report::tables::{Print, lines};
use crate::store::sorter::{RunWriter, Sortable, Sorter};

/// The table of facts.
pub(super) const TABLE: &str = "facts.parquet";
/// Pairs of conversation and file.
pub(super) const PAIRS: &str = "pairs";
/// What was wrong with rows, in the order of `problems.csv`.
pub(super) const PROBLEMS: &str = "problems.csv";
/// The files.
pub(super) const HEADER: &str = "part.json";
/// All of them.
pub(super) const FILES: [&str; 5] = [TABLE, ROWS, PAIRS, PROBLEMS, HEADER];
/// Bytes of problems held in memory.
const BUDGET: usize = 8 << 20;

/// What stands in `part.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct PartHeader {
    /// Files by the number that pairs name them by, which is their order among the inputs.
    pub(super) files: BTreeMap<u32, FileEntry>,
    /// Conversations whose facts it holds, or which were not chosen.
    pub(super) conversations: u64,
    /// First and last local date of its facts, or wider.
    pub(super) days: Option<Days>,
}

/// First and last day.
pub(super) type Days = (NaiveDate, NaiveDate);

/// The days of both.
pub(super) fn all_days(one: Option<Days>, other: Option<Days>) -> Option<Days> {
    match (one, other) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

/// A file that conversations were measured from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileEntry {
    /// Path as printed.
    pub(super) path: String,
    /// SHA-256 of what lies on the disk: the file, or the archive that it is a member of.
    pub(super) sha256: String,
    /// What was read of it, where this part is the one that lists all its conversations.
    pub(super) read: Option<FileRead>,
}

/// What is known of a file that was read to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileRead {
    /// As it was read, before rows were compared with others.
    pub(super) report: SourceReport,
    /// Which of the named columns had a value.
    pub(super) seen: Vec<bool>,
    /// It had the bytes of a file before it: its conversations are not listed.
    pub(super) double: bool,
}

impl PartHeader {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(HEADER);
        let bytes = std::fs::read(&path).map_err(unread(&path))?;
        serde_json::from_slice(&bytes).map_err(|e| unread(&path)(e.into()))
    }

    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(HEADER);
        let bytes = serde_json::to_vec(self).map_err(|e| unwritten(&path)(e.into()))?;
        std::fs::write(&path, bytes).map_err(unwritten(&path))
    }
}

/// A problem with its place: parts keep the order that problems have before they are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) problem: Problem,
    /// The conversation, for what was found when it was put together.
    pub(super) of: Option<u64>,
    /// Part and line, of problems that were listed before; two zeros of new ones.
    pub(super) line: (u32, u64),
}

impl Sortable for Listed {
    fn key(&self, into: &mut Vec<u8>) {
        let p = &self.problem;
        into.extend_from_slice(&p.source.to_be_bytes());
        into.extend_from_slice(&p.row.to_be_bytes());
        into.push(p.kind as u8);
        into.extend_from_slice(&self.line.0.to_be_bytes());
        into.extend_from_slice(&self.line.1.to_be_bytes());
        into.extend_from_slice(p.found.as_bytes());
    }
}

/// Problems being gathered for a part.
pub(super) struct Problems(Sorter<Listed>);

impl Problems {
    pub(super) fn new() -> Self {
        Self(Sorter::new(BUDGET, &std::env::temp_dir()))
    }

    pub(super) fn add(&mut self, listed: &Listed) -> Result<()> {
        self.0.push(listed)
    }

    pub(super) fn sorted(self) -> Result<impl Iterator<Item = Result<Listed>>> {
        self.0.sorted()
    }

    /// Writes the list; what was found is masked as it is in `problems.csv`.
    pub(super) fn write(
        self,
        folder: &Path,
        sources: &[SourceReport],
        keep: KeepText,
    ) -> Result<()> {
        let path = folder.join(PROBLEMS);
        let failed = |e| Error::of_csv(&path, e);
        let mut out = csv::Writer::from_path(&path).map_err(failed)?;
        out.write_record(["source", "row", "kind", "found", "conversation"]).map_err(failed)?;
        for listed in self.sorted()? {
            let Listed { problem: p, of, .. } = listed?;
            let source = &sources[p.source as usize].path;
            let of = of.map(|of| format!("{of:016x}")).unwrap_or_default();
            let found = printable(&p.found, keep);
            out.write_record([source, &p.row.to_string(), p.kind.name(), &found, &of])
                .map_err(failed)?;
        }
        out.flush().map_err(unwritten(&path))
    }
}

/// Hands on the problems of a part: path, what is wrong (its source still open), conversation.
pub(super) fn each_problem(
    folder: &Path,
    mut each: impl FnMut(&str, Problem, Option<u64>) -> Result<()>,
) -> Result<()> {
    let path = folder.join(PROBLEMS);
    let broken = || unread(&path)(std::io::Error::other("no list of problems"));
    let mut reader = csv::Reader::from_path(&path).map_err(|e| Error::of_csv(&path, e))?;
    for record in reader.records() {
        let record = record.map_err(|e| Error::of_csv(&path, e))?;
        let [source, row, kind, found, of] =
            <[&str; 5]>::try_from(record.iter().collect::<Vec<_>>()).map_err(|_| broken())?;
        let kind = ProblemKind::ALL.into_iter().find(|known| known.name() == kind);
        let row = row.parse().map_err(|_| broken())?;
        let found = found.to_owned();
        let problem = Problem { source: 0, row, kind: kind.ok_or_else(broken)?, found };
        each(source, problem, u64::from_str_radix(of, 16).ok())?;
    }
    Ok(())
}

/// Facts and problems being measured into a part.
pub(super) struct PartWriter {
    folder: PathBuf,
    table: FactsWriter,
    rows: RunWriter<ReadyRows>,
    named: usize,
    print: Print,
    problems: Problems,
    days: Option<Days>,
}

impl PartWriter {
    pub(super) fn create(folder: &Path, named: &[String], print: Print) -> Result<Self> {
        Ok(Self {
            folder: folder.to_owned(),
            table: FactsWriter::create_kept(&folder.join(TABLE), named, print.keep())?,
            rows: ready::writer(folder)?,
            named: named.len(),
            print,
            problems: Problems::new(),
            days: None,
        })
    }

    pub(super) fn facts(
        &mut self,
        facts: &Facts,
        sources: &[SourceReport],
        rows_of: &str,
    ) -> Result<()> {
        let failed = |e| Error::of_csv(&self.folder, e);
        self.days = all_days(self.days, facts.date.map(|date| (date, date)));
        self.rows.push(&ReadyRows {
            rows_of: rows_of.to_owned(),
            conversation: lines([self.print.conversation(facts, self.named)]).map_err(failed)?,
            findings: lines(self.print.findings(facts, sources)).map_err(failed)?,
        })?;
        self.table.add_kept(facts, sources, rows_of)
    }

    pub(super) fn problem(&mut self, problem: Problem, of: Option<u64>) -> Result<()> {
        self.problems.add(&Listed { problem, of, line: (0, 0) })
    }

    /// Writes what is left; gives the first and the last day.
    pub(super) fn finish(self, sources: &[SourceReport]) -> Result<Option<Days>> {
        self.table.finish()?;
        self.rows.finish()?;
        self.problems.write(&self.folder, sources, self.print.keep())?;
        Ok(self.days)
    }
}

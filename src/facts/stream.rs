//! Facts as a stream of rows, for engines that write tables themselves. Such an engine drops what
//! stands beside the rows, so each row says by what it was made (`made_with`), of how many rows, and
//! what was wrong among them.

use std::path::Path;

use super::columns::{cells, columns};
use super::write::{FINDINGS, finding_fields, findings};
use crate::error::Result;
use crate::measure::KeepText;
use crate::measure::columns::Cell;
use crate::measure::finding::Printed;
use crate::model::{Facts, Problem, SourceReport};
use crate::store::table::{ColumnType, Columns, TableFormat, TableWriter};

/// Rows of the log that went into the conversation.
pub(super) const ROWS: &str = "rows";
/// What `problems.csv` says of these rows.
pub(super) const ROW_PROBLEMS: &str = "problems";
/// [`super::FactsHeader::made_with`] of whoever measured.
pub(super) const MADE_WITH: &str = "made_with";

/// The fields of a problem, those of `problems.csv`.
pub(super) fn problem_fields() -> Columns {
    [
        ("source", ColumnType::Text),
        ("row", ColumnType::Count),
        ("kind", ColumnType::Text),
        ("found", ColumnType::Text),
        ("done", ColumnType::Text),
    ]
    .map(|(name, kind)| (name.to_owned(), kind))
    .to_vec()
}

/// All columns, in their order.
#[must_use]
pub fn stream_columns(named: &[String]) -> Columns {
    let mut all = columns(named);
    all.push((FINDINGS.to_owned(), ColumnType::Records(finding_fields())));
    all.push((ROWS.to_owned(), ColumnType::Count));
    all.push((ROW_PROBLEMS.to_owned(), ColumnType::Records(problem_fields())));
    all.push((MADE_WITH.to_owned(), ColumnType::Text));
    all
}

/// A stream of facts being written.
pub struct FactsStream {
    table: TableWriter,
    named: usize,
    keep: KeepText,
    printed: Printed,
    made_with: String,
}

impl FactsStream {
    /// Begins it; `keep` is how much of the texts it holds.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(
        path: &Path,
        format: TableFormat,
        named: &[String],
        keep: KeepText,
        made_with: String,
    ) -> Result<Self> {
        let table = TableWriter::create(path, format, &stream_columns(named))?;
        Ok(Self { table, named: named.len(), keep, printed: Printed::default(), made_with })
    }

    /// Adds a conversation of so many rows.
    ///
    /// # Errors
    /// When a batch cannot be written.
    pub fn add(
        &mut self,
        facts: &Facts,
        rows: u64,
        problems: &[Problem],
        sources: &[SourceReport],
    ) -> Result<()> {
        let path = |source: u32| sources.get(source as usize).map(|s| s.path.clone());
        let problem = |p: &Problem| {
            vec![
                Cell::Text(path(p.source)),
                Cell::Count(Some(p.row)),
                Cell::Text(Some(p.kind.name().to_owned())),
                Cell::Text(Some(self.printed.text(&p.found, self.keep))),
                Cell::Text(Some(p.kind.action().to_owned())),
            ]
        };
        let more = [
            Cell::Records(findings(facts, sources, self.keep, &self.printed)),
            Cell::Count(Some(rows)),
            Cell::Records(problems.iter().map(problem).collect()),
            Cell::Text(Some(self.made_with.clone())),
        ];
        self.table.row(cells(facts, self.named).chain(more))
    }

    /// Writes what is left and the mark of the end.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> Result<()> {
        self.table.finish()
    }
}

//! Facts -> rows of a table.

use std::path::Path;

use super::FactsHeader;
use super::columns::{cells, columns};
use crate::error::Result;
use crate::measure::KeepText;
use crate::measure::columns::Cell;
use crate::measure::finding::{FindingIds, Printed};
use crate::model::{Facts, SourceReport};
use crate::store::table::{ColumnType, Columns, TableFormat, TableWriter};

/// Name of the column of findings, the last one.
pub(super) const FINDINGS: &str = "findings";
/// Name of the column after it in facts that a cache keeps: the id of the rows, before a conversation
/// is cut into visits or stretches.
pub(super) const ROWS_OF: &str = "rows_of";

/// The columns of facts that a cache keeps.
pub(super) fn kept_columns(named: &[String]) -> Columns {
    let mut all = columns(named);
    all.push((FINDINGS.to_owned(), ColumnType::Records(finding_fields())));
    all.push((ROWS_OF.to_owned(), ColumnType::Text));
    all
}

/// The fields of a finding.
pub(super) fn finding_fields() -> Columns {
    [
        ("finding_id", ColumnType::Text),
        ("message", ColumnType::Count),
        ("timestamp", ColumnType::Time),
        ("rule", ColumnType::Text),
        ("evidence", ColumnType::Text),
        ("matched", ColumnType::Text),
        ("source", ColumnType::Text),
        ("row", ColumnType::Count),
    ]
    .map(|(name, kind)| (name.to_owned(), kind))
    .to_vec()
}

/// A table of facts being written.
pub struct FactsWriter {
    table: TableWriter,
    named: usize,
    keep: KeepText,
    printed: Printed,
}

impl FactsWriter {
    /// Opens a table of facts made as the header says, which a Parquet file carries in its footer; `keep`
    /// is how much of what matched it holds.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(
        path: &Path,
        format: TableFormat,
        header: &FactsHeader,
        keep: KeepText,
    ) -> Result<Self> {
        let mut all = columns(&header.named);
        all.push((FINDINGS.to_owned(), ColumnType::Records(finding_fields())));
        let table = TableWriter::create_noted(path, format, &all, header.as_notes()?)?;
        Ok(Self { table, named: header.named.len(), keep, printed: Printed::default() })
    }

    /// Adds a conversation; `sources` are the inputs that findings name.
    ///
    /// # Errors
    /// When a batch cannot be written.
    pub fn add(&mut self, facts: &Facts, sources: &[SourceReport]) -> Result<()> {
        let findings = Cell::Records(findings(facts, sources, self.keep, &self.printed));
        self.table.row(cells(facts, self.named).chain([findings]))
    }

    /// Opens a table that a cache keeps.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create_kept(path: &Path, named: &[String], keep: KeepText) -> Result<Self> {
        let table = TableWriter::create(path, TableFormat::Parquet, &kept_columns(named))?;
        Ok(Self { table, named: named.len(), keep, printed: Printed::default() })
    }

    /// Adds a conversation to such a table.
    ///
    /// # Errors
    /// When a batch cannot be written.
    pub fn add_kept(
        &mut self,
        facts: &Facts,
        sources: &[SourceReport],
        rows_of: &str,
    ) -> Result<()> {
        let findings = Cell::Records(findings(facts, sources, self.keep, &self.printed));
        let rows_of = Cell::Text(Some(rows_of.to_owned()));
        self.table.row(cells(facts, self.named).chain([findings, rows_of]))
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn finish(self) -> Result<()> {
        self.table.finish()
    }
}

/// The findings of a conversation as records.
pub(super) fn findings(
    facts: &Facts,
    sources: &[SourceReport],
    keep: KeepText,
    printed: &Printed,
) -> Vec<Vec<Cell>> {
    let ids = FindingIds::of(facts);
    let record = |located: &crate::model::facts::LocatedFinding| {
        let f = &located.finding;
        vec![
            Cell::Text(Some(ids.id(f.rule.id(), f.message))),
            Cell::Count(Some(f.message as u64 + 1)),
            Cell::Time(located.at),
            Cell::Text(Some(f.rule.id().to_owned())),
            Cell::Text(Some(f.evidence.name().to_owned())),
            Cell::Text(Some(printed.text(&f.matched, keep))),
            Cell::Text(sources.get(located.source as usize).map(|s| s.path.clone())),
            Cell::Count(Some(located.row)),
        ]
    };
    facts.findings.iter().map(record).collect()
}

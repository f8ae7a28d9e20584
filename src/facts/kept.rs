//! Facts as a cache keeps them: the table of a folder of facts, and beside each conversation the id of
//! its rows, by which parts are put in one order again and a part gives up what is measured anew.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::{Path, PathBuf};

use super::columns::{restore, wanted};
use super::read::{Sources, located};
use super::write::{FINDINGS, ROWS_OF, finding_fields, kept_columns};
use crate::error::Result;
use crate::measure::columns::Cell;
use crate::model::{Facts, SourceReport};
use crate::store::table::{ColumnType, TableFormat, TableWriter};
use crate::store::table_reader::TableReader;

/// Rows of all tables in memory at once, about.
const ROWS_AT_ONCE: usize = 32_768;

/// A table, and which of its conversations (by the id of their rows) hold.
pub struct Kept<'a> {
    /// The table.
    pub table: PathBuf,
    /// True for an id whose conversations are taken from this table.
    pub holds: Box<dyn Fn(&str) -> bool + 'a>,
}

/// Hands on every conversation that holds, of all tables in the order of the ids of the rows.
///
/// # Errors
/// When a table cannot be read, or `each` fails.
pub fn each(
    tables: &[Kept<'_>],
    named: &[String],
    inputs: &[SourceReport],
    mut each: impl FnMut(&Facts) -> Result<()>,
) -> Result<()> {
    let mut columns = wanted(named);
    columns.push((FINDINGS.to_owned(), ColumnType::Records(finding_fields())));
    columns.push((ROWS_OF.to_owned(), ColumnType::Text));
    let mut sources = Sources::new(inputs);
    merged(tables, &columns, |mut row| {
        let findings = row.pop();
        let mut facts = restore(row.into_iter());
        facts.findings = located(findings, &mut sources);
        each(&facts)
    })
}

/// Writes the conversations that hold, of all tables, into one; gives how many.
///
/// # Errors
/// When a table cannot be read or the new one cannot be written.
pub fn merge(tables: &[Kept<'_>], named: &[String], to: &Path) -> Result<()> {
    let columns = kept_columns(named);
    let mut out = TableWriter::create(to, TableFormat::Parquet, &columns)?;
    merged_with_id(tables, &columns, |id, row| {
        out.row(row.into_iter().chain([Cell::Text(Some(id))]))
    })?;
    out.finish()
}

fn merged(
    tables: &[Kept<'_>],
    columns: &[(String, ColumnType)],
    mut each: impl FnMut(Vec<Cell>) -> Result<()>,
) -> Result<()> {
    merged_with_id(tables, columns, |_, row| each(row))
}

/// The rows of all tables by the id of their rows, which is the last column and is taken off; one id
/// holds in one table alone.
fn merged_with_id(
    tables: &[Kept<'_>],
    columns: &[(String, ColumnType)],
    mut each: impl FnMut(String, Vec<Cell>) -> Result<()>,
) -> Result<()> {
    let mut readers = Vec::with_capacity(tables.len());
    for kept in tables {
        let reader = TableReader::open(&kept.table, columns.to_vec())?;
        readers.push(reader.at_once(ROWS_AT_ONCE / tables.len().max(1)));
    }
    let mut rows: Vec<Option<Vec<Cell>>> = vec![None; tables.len()];
    let mut heads: BinaryHeap<Reverse<(String, usize)>> = BinaryHeap::new();
    for table in 0..tables.len() {
        heads.extend(advance(table, tables, &mut readers, &mut rows)?);
    }
    while let Some(Reverse((id, table))) = heads.pop() {
        if let Some(row) = rows[table].take() {
            each(id, row)?;
        }
        heads.extend(advance(table, tables, &mut readers, &mut rows)?);
    }
    Ok(())
}

fn advance(
    table: usize,
    tables: &[Kept<'_>],
    readers: &mut [TableReader],
    rows: &mut [Option<Vec<Cell>>],
) -> Result<Option<Reverse<(String, usize)>>> {
    while let Some(mut row) = readers[table].next().transpose()? {
        let Some(Cell::Text(Some(id))) = row.pop() else { continue };
        if (tables[table].holds)(&id) {
            rows[table] = Some(row);
            return Ok(Some(Reverse((id, table))));
        }
    }
    Ok(None)
}

//! Reads a Parquet table back, a stretch of rows at a time.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use chrono::DateTime;
use polars::prelude::*;

use super::table::{ColumnType, Columns};
use crate::error::{Error, Result};
use crate::measure::columns::Cell;

/// Rows read at once, at most and at least.
const BATCH_ROWS: (usize, usize) = (512, 8_192);

/// A Parquet table being read. An iterator over its rows; each has the cells of the asked columns, in
/// their order.
pub struct TableReader {
    path: PathBuf,
    columns: Columns,
    metadata: Option<FileMetadataRef>,
    rows: Range<usize>,
    at_once: usize,
    batch: std::vec::IntoIter<Vec<Cell>>,
}

impl TableReader {
    /// Names of the columns of a Parquet file, in order.
    ///
    /// # Errors
    /// When it is no Parquet file.
    pub fn names(path: &Path) -> Result<Vec<String>> {
        let schema = open(path)?.schema().map_err(|e| broken(path, &e))?;
        Ok(schema.iter_names().map(ToString::to_string).collect())
    }

    /// What stands under a key in the footer of a Parquet file.
    ///
    /// # Errors
    /// When it is no Parquet file.
    pub fn note(path: &Path, key: &str) -> Result<Option<String>> {
        let mut reader = open(path)?;
        let metadata = reader.get_metadata().map_err(|e| broken(path, &e))?;
        let notes = metadata.key_value_metadata().iter().flatten();
        Ok(notes.filter(|note| note.key == key).find_map(|note| note.value.clone()))
    }

    /// Opens a file to read these columns.
    ///
    /// # Errors
    /// When it is no Parquet file or lacks one of the columns.
    pub fn open(path: &Path, columns: Columns) -> Result<Self> {
        let mut reader = open(path)?;
        let schema = reader.schema().map_err(|e| broken(path, &e))?;
        if let Some((name, _)) = columns.iter().find(|(name, _)| schema.get(name).is_none()) {
            return Err(Error::usage(
                format!("{}: no column `{name}`", path.display()),
                "it was not written by `tohuman measure` of this version; measure again",
            ));
        }
        let rows = 0..reader.num_rows().map_err(|e| broken(path, &e))?;
        let metadata = Some(reader.get_metadata().map_err(|e| broken(path, &e))?.clone());
        let (at_once, batch) = (BATCH_ROWS.1, Vec::new().into_iter());
        Ok(Self { path: path.to_owned(), columns, metadata, rows, at_once, batch })
    }

    /// The same, so many rows in memory: fewer where many tables are read side by side.
    #[must_use]
    pub fn at_once(mut self, rows: usize) -> Self {
        self.at_once = rows.clamp(BATCH_ROWS.0, BATCH_ROWS.1);
        self
    }

    fn next_batch(&mut self) -> Result<Vec<Vec<Cell>>> {
        let n = self.rows.len().min(self.at_once);
        let from = self.rows.start;
        self.rows.start += n;
        let mut reader = open(&self.path)?;
        if let Some(metadata) = &self.metadata {
            reader.set_metadata(metadata.clone());
        }
        let names = self.columns.iter().map(|(name, _)| name.clone()).collect();
        let frame = reader
            .with_columns(Some(names))
            .with_slice(Some((from, n)))
            .finish()
            .map_err(|e| broken(&self.path, &e))?;
        let mut rows: Vec<Vec<Cell>> = vec![Vec::with_capacity(self.columns.len()); n];
        for (name, kind) in &self.columns {
            let column = frame.column(name).map_err(|e| broken(&self.path, &e))?;
            let cells =
                cells(column.as_materialized_series(), kind).map_err(|e| broken(&self.path, &e))?;
            for (row, cell) in rows.iter_mut().zip(cells) {
                row.push(cell);
            }
        }
        Ok(rows)
    }
}

impl Iterator for TableReader {
    type Item = Result<Vec<Cell>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.batch.next() {
            return Some(Ok(row));
        }
        if self.rows.is_empty() {
            return None;
        }
        match self.next_batch() {
            Ok(batch) => {
                self.batch = batch.into_iter();
                self.batch.next().map(Ok)
            }
            Err(error) => {
                self.rows.start = self.rows.end;
                Some(Err(error))
            }
        }
    }
}

fn open(path: &Path) -> Result<ParquetReader<File>> {
    let file = File::open(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    Ok(ParquetReader::new(file).read_parallel(ParallelStrategy::None))
}

fn broken(path: &Path, error: &PolarsError) -> Error {
    Error::usage(
        format!("{}: not a table of facts that can be read: {error}", path.display()),
        "name a folder or a .parquet file that `tohuman measure` wrote",
    )
}

fn cells(series: &Series, kind: &ColumnType) -> PolarsResult<Vec<Cell>> {
    Ok(match kind {
        ColumnType::Text => {
            series.str()?.iter().map(|t| Cell::Text(t.map(str::to_owned))).collect()
        }
        ColumnType::Count => counts(series)?.map(Cell::Count).collect(),
        ColumnType::Whole => series.i64()?.iter().map(Cell::Whole).collect(),
        ColumnType::Seconds => {
            series.f64()?.iter().map(|s| Cell::Millis(s.map(in_millis))).collect()
        }
        ColumnType::Flag => series.bool()?.iter().map(Cell::Flag).collect(),
        ColumnType::Time => {
            // Spark writes nanoseconds (INT96) unless told otherwise.
            let micros: fn(i64) -> i64 = match series.dtype() {
                DataType::Datetime(TimeUnit::Nanoseconds, _) => |t| t.div_euclid(1000),
                DataType::Datetime(TimeUnit::Milliseconds, _) => |t| t.saturating_mul(1000),
                _ => |t| t,
            };
            let instants = series.datetime()?.physical().clone();
            instants
                .iter()
                .map(|t| Cell::Time(t.map(micros).and_then(DateTime::from_timestamp_micros)))
                .collect()
        }
        ColumnType::Counts => {
            lists(series, |values| Ok(counts(values)?.map(Option::unwrap_or_default).collect()))?
                .into_iter()
                .map(Cell::Counts)
                .collect()
        }
        ColumnType::Records(columns) => lists(series, |values| records(values, columns))?
            .into_iter()
            .map(Cell::Records)
            .collect(),
    })
}

/// Counts and hashes. An engine without unsigned numbers wrote their 64 bits as they are.
fn counts(series: &Series) -> PolarsResult<impl Iterator<Item = Option<u64>>> {
    let numbers: Vec<Option<u64>> = if series.dtype() == &DataType::Int64 {
        series.i64()?.iter().map(|n| n.map(i64::cast_unsigned)).collect()
    } else {
        series.u64()?.iter().collect()
    };
    Ok(numbers.into_iter())
}

fn records(values: &Series, columns: &Columns) -> PolarsResult<Vec<Vec<Cell>>> {
    let mut records: Vec<Vec<Cell>> = vec![Vec::with_capacity(columns.len()); values.len()];
    let fields = values.struct_()?;
    for (name, kind) in columns {
        for (record, cell) in records.iter_mut().zip(cells(&fields.field_by_name(name)?, kind)?) {
            record.push(cell);
        }
    }
    Ok(records)
}

/// All values at once, cut into the list of each row.
fn lists<T>(
    series: &Series,
    read: impl FnOnce(&Series) -> PolarsResult<Vec<T>>,
) -> PolarsResult<Vec<Vec<T>>> {
    let column = series.rechunk();
    let column = column.list()?;
    let mut values = read(&column.get_inner())?.into_iter();
    let mut out = Vec::with_capacity(column.len());
    for chunk in column.downcast_iter() {
        for length in chunk.offsets().lengths() {
            out.push(values.by_ref().take(length).collect());
        }
    }
    Ok(out)
}

/// Seconds with three decimals are whole milliseconds again.
#[expect(clippy::cast_possible_truncation, reason = "written from whole milliseconds")]
fn in_millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

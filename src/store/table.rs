//! Facts and neutral rows as tables for other tools: Parquet and Arrow, written batch by batch, so
//! that a log need not lie in memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use polars::io::parquet::write::{BatchedWriter, KeyValueMetadata};
use polars::prelude::*;

use super::arrow_out::ArrowOut;
use super::column::Column;
use crate::error::{Error, Result};
use crate::measure::columns::Cell;

/// Rows gathered before they are written as one batch, or row group; at first.
const BATCH_ROWS: usize = 8_192;
/// Row groups of one size. What is known of a row group is kept until the footer is written, for each of
/// its columns: later groups are larger, so that this grows much slower than the table.
const GROUPS_OF_A_SIZE: usize = 32;
/// Doublings of [`BATCH_ROWS`] at most: a group lies in memory, and a reader decodes it from its start.
const MOST_DOUBLINGS: usize = 3;

/// Rows of the next row group of a Parquet file that has so many.
const fn rows_of_group(groups: usize) -> usize {
    let doublings = groups / GROUPS_OF_A_SIZE;
    BATCH_ROWS << if doublings < MOST_DOUBLINGS { doublings } else { MOST_DOUBLINGS }
}

/// Type of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// A count.
    Count,
    /// Seconds, as a float.
    Seconds,
    /// An instant, UTC, microseconds.
    Time,
    /// Yes or no.
    Flag,
    /// A whole number, 64 bits with a sign.
    Whole,
    /// A list of counts.
    Counts,
    /// A list of records.
    Records(Columns),
}

impl ColumnType {
    /// The type of such a cell; the fields of records are not in the cell.
    #[must_use]
    pub const fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Text(_) => Self::Text,
            Cell::Count(_) => Self::Count,
            Cell::Millis(_) => Self::Seconds,
            Cell::Time(_) => Self::Time,
            Cell::Flag(_) => Self::Flag,
            Cell::Whole(_) => Self::Whole,
            Cell::Counts(_) => Self::Counts,
            Cell::Records(_) => Self::Records(Vec::new()),
        }
    }
}

/// Named columns.
pub type Columns = Vec<(String, ColumnType)>;

/// What a table is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Apache Parquet, zstd pages.
    Parquet,
    /// Arrow IPC stream.
    ArrowStream,
}

enum Sink {
    Parquet(Box<BatchedWriter<File>>),
    Stream(ArrowOut),
}

/// A table being written.
pub struct TableWriter {
    columns: Vec<Column>,
    rows: usize,
    /// Row groups written.
    groups: usize,
    sink: Sink,
    path: PathBuf,
}

impl TableWriter {
    /// Opens a table.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create(path: &Path, format: TableFormat, columns: &Columns) -> Result<Self> {
        Self::create_noted(path, format, columns, Vec::new())
    }

    /// The same with keys and values in the footer of a Parquet file; a stream has none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create_noted(
        path: &Path,
        format: TableFormat,
        columns: &Columns,
        notes: Vec<(String, String)>,
    ) -> Result<Self> {
        let failed = |source| Error::Write { path: path.to_owned(), source };
        let mut columns: Vec<Column> =
            columns.iter().map(|(name, kind)| Column::new(name, kind)).collect();
        let polars = |e: PolarsError| failed(std::io::Error::other(e));
        let empty = taken(&mut columns, 0).map_err(polars)?;
        let sink = match format {
            TableFormat::Parquet => {
                let file = File::create(path).map_err(failed)?;
                let notes = (!notes.is_empty()).then(|| KeyValueMetadata::from_static(notes));
                let writer = ParquetWriter::new(file).with_key_value_metadata(notes);
                let writer = writer.batched(empty.schema());
                Sink::Parquet(Box::new(writer.map_err(polars)?))
            }
            TableFormat::ArrowStream => {
                let out: Box<dyn Write> = if path == Path::new("-") {
                    Box::new(BufWriter::new(std::io::stdout()))
                } else {
                    Box::new(BufWriter::new(File::create(path).map_err(failed)?))
                };
                Sink::Stream(ArrowOut::start(out, &empty).map_err(polars)?)
            }
        };
        Ok(Self { columns, rows: 0, groups: 0, sink, path: path.to_owned() })
    }

    /// Adds a row, its cells in the order of the columns.
    ///
    /// # Errors
    /// When a batch cannot be written.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<()> {
        // A chain of cells goes by fastest where it drives itself.
        let mut columns = self.columns.iter_mut();
        cells.into_iter().for_each(|cell| {
            if let Some(column) = columns.next() {
                column.push(cell);
            }
        });
        self.rows += 1;
        if self.rows >= self.most_rows() { self.flush() } else { Ok(()) }
    }

    const fn most_rows(&self) -> usize {
        match self.sink {
            Sink::Parquet(_) => rows_of_group(self.groups),
            Sink::Stream(_) => BATCH_ROWS,
        }
    }

    /// Writes what is left and the footer.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn finish(mut self) -> Result<()> {
        self.flush()?;
        let path = self.path;
        let done = match self.sink {
            Sink::Parquet(writer) => writer.finish().map(drop),
            Sink::Stream(stream) => stream.finish(),
        };
        done.map_err(|e| Error::Write { path, source: std::io::Error::other(e) })
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows);
        self.groups += 1;
        let written = taken(&mut self.columns, rows).and_then(|batch| match &mut self.sink {
            Sink::Parquet(writer) => writer.write_batch(&batch),
            Sink::Stream(stream) => stream.batch(&batch),
        });
        written
            .map_err(|e| Error::Write { path: self.path.clone(), source: std::io::Error::other(e) })
    }
}

/// What the columns hold; they are empty again.
fn taken(columns: &mut [Column], rows: usize) -> PolarsResult<DataFrame> {
    let columns = columns
        .iter_mut()
        .map(|column| Ok(column.take()?.into_column()))
        .collect::<PolarsResult<_>>()?;
    DataFrame::new(rows, columns)
}

#[cfg(test)]
mod tests {
    use super::rows_of_group;

    #[test]
    fn row_groups_grow_to_a_bound() {
        let sizes: Vec<usize> = [0, 31, 32, 64, 96, 10_000].map(rows_of_group).to_vec();
        assert_eq!(sizes, [8_192, 8_192, 16_384, 32_768, 65_536, 65_536]);
    }
}

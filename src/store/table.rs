//! Facts and neutral rows as tables for other tools: Parquet and Arrow. Parquet is written batch by
//! batch, so that a log need not lie in memory.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;

use super::column::Column;
use crate::error::{Error, Result};
use crate::measure::columns::Cell;

/// Rows gathered before they are written as one row group.
const BATCH_ROWS: usize = 8_192;

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
    Stream { out: Box<dyn Write>, gathered: Option<DataFrame> },
}

/// A table being written.
pub struct TableWriter {
    columns: Vec<Column>,
    rows: usize,
    sink: Sink,
    path: PathBuf,
}

impl TableWriter {
    /// Opens a table.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create(path: &Path, format: TableFormat, columns: Columns) -> Result<Self> {
        let failed = |source| Error::Write { path: path.to_owned(), source };
        let mut table = Self {
            columns: columns.iter().map(|(name, kind)| Column::new(name, kind)).collect(),
            rows: 0,
            sink: Sink::Stream { out: Box::new(std::io::sink()), gathered: None },
            path: path.to_owned(),
        };
        let empty = table.take_batch().map_err(|e| failed(std::io::Error::other(e)))?;
        table.sink = match format {
            TableFormat::Parquet => {
                let file = File::create(path).map_err(failed)?;
                let writer = ParquetWriter::new(file).batched(empty.schema());
                Sink::Parquet(Box::new(writer.map_err(|e| failed(std::io::Error::other(e)))?))
            }
            TableFormat::ArrowStream if path == Path::new("-") => {
                Sink::Stream { out: Box::new(std::io::stdout()), gathered: None }
            }
            TableFormat::ArrowStream => {
                let file = File::create(path).map_err(failed)?;
                Sink::Stream { out: Box::new(file), gathered: None }
            }
        };
        Ok(table)
    }

    /// Adds a row, its cells in the order of the columns.
    ///
    /// # Errors
    /// When a batch cannot be written.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.rows += 1;
        if self.rows >= BATCH_ROWS { self.flush() } else { Ok(()) }
    }

    /// Writes what is left and the footer.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn finish(mut self) -> Result<()> {
        self.flush()?;
        let empty = self.take_batch().map_err(|e| self.failed(e))?;
        let done = match &mut self.sink {
            Sink::Parquet(writer) => writer.finish().map(drop),
            Sink::Stream { out, gathered } => {
                IpcStreamWriter::new(out).finish(gathered.get_or_insert(empty))
            }
        };
        done.map_err(|e| self.failed(e))
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let batch = self.take_batch().map_err(|e| self.failed(e))?;
        let written = match &mut self.sink {
            Sink::Parquet(writer) => writer.write_batch(&batch),
            Sink::Stream { gathered: Some(gathered), .. } => gathered.vstack_mut(&batch).map(drop),
            Sink::Stream { gathered, .. } => {
                *gathered = Some(batch);
                Ok(())
            }
        };
        written.map_err(|e| self.failed(e))
    }

    fn failed(&self, error: PolarsError) -> Error {
        Error::Write { path: self.path.clone(), source: std::io::Error::other(error) }
    }

    fn take_batch(&mut self) -> PolarsResult<DataFrame> {
        let rows = std::mem::take(&mut self.rows);
        let columns = self
            .columns
            .iter_mut()
            .map(|column| Ok(column.take()?.into_column()))
            .collect::<PolarsResult<_>>()?;
        DataFrame::new(rows, columns)
    }
}

//! Facts and neutral rows as tables for other tools: Parquet and Arrow. Parquet is written batch by
//! batch, so that a log need not lie in memory.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;

use crate::error::{Error, Result};
use crate::measure::columns::Cell;

/// Rows gathered before they are written as one row group.
const BATCH_ROWS: usize = 65_536;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl ColumnType {
    /// The type of such a cell.
    #[must_use]
    pub const fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Text(_) => Self::Text,
            Cell::Count(_) => Self::Count,
            Cell::Millis(_) => Self::Seconds,
            Cell::Time(_) => Self::Time,
            Cell::Flag(_) => Self::Flag,
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
    columns: Columns,
    nested: Option<(String, Columns)>,
    cells: Vec<Vec<Cell>>,
    lists: Vec<Vec<Vec<Cell>>>,
    sink: Sink,
    path: PathBuf,
}

impl TableWriter {
    /// Opens a table; `nested` names a last column of lists of rows.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create(
        path: &Path,
        format: TableFormat,
        columns: Columns,
        nested: Option<(String, Columns)>,
    ) -> Result<Self> {
        let failed = |source| Error::Write { path: path.to_owned(), source };
        let mut table = Self {
            cells: vec![Vec::new(); columns.len()],
            columns,
            nested,
            lists: Vec::new(),
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
    pub fn row(&mut self, cells: Vec<Cell>, list: Vec<Vec<Cell>>) -> Result<()> {
        for (column, cell) in self.cells.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.lists.push(list);
        if self.lists.len() >= BATCH_ROWS { self.flush() } else { Ok(()) }
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
        if self.lists.is_empty() {
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
        let rows = self.lists.len();
        let mut out = Vec::with_capacity(self.columns.len() + 1);
        for ((name, kind), cells) in self.columns.iter().zip(&mut self.cells) {
            out.push(series(name, *kind, std::mem::take(cells), Some(TimeZone::UTC)).into_column());
        }
        let lists = std::mem::take(&mut self.lists);
        if let Some((name, columns)) = &self.nested {
            out.push(nested(name, columns, lists)?.into_column());
        }
        DataFrame::new(rows, out)
    }
}

fn series(name: &str, kind: ColumnType, cells: Vec<Cell>, zone: Option<TimeZone>) -> Series {
    let name = PlSmallStr::from_str(name);
    match kind {
        ColumnType::Text => {
            let values = cells.into_iter().map(|c| if let Cell::Text(t) = c { t } else { None });
            StringChunked::from_iter_options(name, values).into_series()
        }
        ColumnType::Count => {
            let values = cells.into_iter().map(|c| if let Cell::Count(n) = c { n } else { None });
            UInt64Chunked::from_iter_options(name, values).into_series()
        }
        ColumnType::Seconds => {
            let values = cells.into_iter().map(|c| match c {
                Cell::Millis(ms) => ms.map(in_seconds),
                _ => None,
            });
            Float64Chunked::from_iter_options(name, values).into_series()
        }
        ColumnType::Time => {
            let values = cells.into_iter().map(|c| match c {
                Cell::Time(t) => t.map(|t| t.timestamp_micros()),
                _ => None,
            });
            // A cast would lose the zone: polars keeps zones of casts behind a feature of its own.
            Int64Chunked::from_iter_options(name, values)
                .into_datetime(TimeUnit::Microseconds, zone)
                .into_series()
        }
        ColumnType::Flag => {
            let values = cells.into_iter().map(|c| if let Cell::Flag(f) = c { f } else { None });
            BooleanChunked::from_iter_options(name, values).into_series()
        }
    }
}

/// Lists of rows as a list of structs: all rows flat, then cut by length.
fn nested(name: &str, columns: &Columns, lists: Vec<Vec<Vec<Cell>>>) -> PolarsResult<Series> {
    let lengths: Vec<usize> = lists.iter().map(Vec::len).collect();
    let total: usize = lengths.iter().sum();
    let mut flat: Vec<Vec<Cell>> = vec![Vec::with_capacity(total); columns.len()];
    for row in lists.into_iter().flatten() {
        for (column, cell) in flat.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    let fields = columns
        .iter()
        .zip(flat)
        // Lists are built from values, which carry no zone: stamps in them are UTC without saying so.
        .map(|((name, kind), cells)| series(name, *kind, cells, None))
        .collect::<Vec<_>>();
    let structs =
        StructChunked::from_series(PlSmallStr::from_str(name), total, fields.iter())?.into_series();
    let item = structs.dtype().clone();
    let mut from = 0_i64;
    let mut parts = Vec::with_capacity(lengths.len());
    for length in lengths {
        parts.push(AnyValue::List(structs.slice(from, length)));
        from += i64::try_from(length).unwrap_or(i64::MAX);
    }
    let kind = DataType::List(Box::new(item));
    Series::from_any_values_and_dtype(PlSmallStr::from_str(name), &parts, &kind, true)
}

#[expect(clippy::cast_precision_loss, reason = "waits below 2^53 ms")]
fn in_seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

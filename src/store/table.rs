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
    columns: Columns,
    cells: Vec<Vec<Cell>>,
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
            cells: vec![Vec::new(); columns.len()],
            columns,
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
        for (column, cell) in self.cells.iter_mut().zip(cells) {
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
        let columns = self.columns.iter().zip(&mut self.cells);
        let columns = columns
            .map(|((name, kind), cells)| {
                // Room for the next batch at once: a column that grows is copied again and again.
                let room = if rows == 0 { 0 } else { BATCH_ROWS };
                let cells = std::mem::replace(cells, Vec::with_capacity(room));
                Ok(series(name, kind, cells)?.into_column())
            })
            .collect::<PolarsResult<_>>()?;
        DataFrame::new(rows, columns)
    }
}

fn series(name: &str, kind: &ColumnType, cells: Vec<Cell>) -> PolarsResult<Series> {
    let label = PlSmallStr::from_str(name);
    Ok(match kind {
        ColumnType::Text => {
            let values = cells.into_iter().map(|c| if let Cell::Text(t) = c { t } else { None });
            StringChunked::from_iter_options(label, values).into_series()
        }
        ColumnType::Count => {
            let values = cells.into_iter().map(|c| if let Cell::Count(n) = c { n } else { None });
            UInt64Chunked::from_iter_options(label, values).into_series()
        }
        ColumnType::Whole => {
            let values = cells.into_iter().map(|c| if let Cell::Whole(n) = c { n } else { None });
            Int64Chunked::from_iter_options(label, values).into_series()
        }
        ColumnType::Seconds => {
            let values = cells.into_iter().map(|c| match c {
                Cell::Millis(ms) => ms.map(in_seconds),
                _ => None,
            });
            Float64Chunked::from_iter_options(label, values).into_series()
        }
        ColumnType::Time => {
            let values = cells.into_iter().map(|c| match c {
                Cell::Time(t) => t.map(|t| t.timestamp_micros()),
                _ => None,
            });
            // A cast would lose the zone: polars keeps zones of casts behind a feature of its own.
            Int64Chunked::from_iter_options(label, values)
                .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
                .into_series()
        }
        ColumnType::Flag => {
            let values = cells.into_iter().map(|c| if let Cell::Flag(f) = c { f } else { None });
            BooleanChunked::from_iter_options(label, values).into_series()
        }
        ColumnType::Counts => {
            let lists = cells.into_iter().map(|c| match c {
                Cell::Counts(list) => list,
                _ => Vec::new(),
            });
            let (lengths, flat) = flattened(lists);
            let values = UInt64Chunked::from_vec(PlSmallStr::EMPTY, flat).into_series();
            lists_of(name, &values, &lengths)?
        }
        ColumnType::Records(columns) => {
            let lists = cells.into_iter().map(|c| match c {
                Cell::Records(list) => list,
                _ => Vec::new(),
            });
            let (lengths, flat) = flattened(lists);
            let mut fields: Vec<Vec<Cell>> = vec![Vec::with_capacity(flat.len()); columns.len()];
            let total = flat.len();
            for record in flat {
                for (field, cell) in fields.iter_mut().zip(record) {
                    field.push(cell);
                }
            }
            let fields = columns
                .iter()
                .zip(fields)
                .map(|((name, kind), cells)| series(name, kind, cells))
                .collect::<PolarsResult<Vec<_>>>()?;
            let records =
                StructChunked::from_series(PlSmallStr::EMPTY, total, fields.iter())?.into_series();
            lists_of(name, &records, &lengths)?
        }
    })
}

fn flattened<T>(lists: impl Iterator<Item = Vec<T>>) -> (Vec<usize>, Vec<T>) {
    let mut flat = Vec::new();
    let lengths = lists
        .map(|list| {
            let n = list.len();
            flat.extend(list);
            n
        })
        .collect();
    (lengths, flat)
}

/// A column of lists: all values flat, cut by length.
fn lists_of(name: &str, values: &Series, lengths: &[usize]) -> PolarsResult<Series> {
    let values = values.rechunk().to_arrow(0, CompatLevel::newest());
    let mut offsets = Vec::with_capacity(lengths.len() + 1);
    let mut end = 0_i64;
    offsets.push(end);
    for length in lengths {
        end += i64::try_from(*length).unwrap_or(i64::MAX);
        offsets.push(end);
    }
    let kind = LargeListArray::default_datatype(values.dtype().clone());
    let lists = LargeListArray::try_new(kind, offsets.try_into()?, values, None)?;
    Series::from_arrow(PlSmallStr::from_str(name), Box::new(lists))
}

#[expect(clippy::cast_precision_loss, reason = "waits below 2^53 ms")]
fn in_seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

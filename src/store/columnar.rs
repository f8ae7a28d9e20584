//! Parquet and Arrow files of any writer, row by row as text, a batch in memory at a time.
//!
//! Instants are written in UTC with their `Z`, times without a zone as they stand, so that the reader
//! of the rows decides the zone; numbers that a float may have rounded as a spreadsheet shows them
//! (`1.23E+17`), so that an id among them is refused.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use polars::prelude::*;
use polars_arrow::io::ipc::read::{StreamReader, StreamState, read_stream_metadata};

use crate::error::{Error, Result};

/// Rows of a Parquet file in memory at once.
const BATCH_ROWS: usize = 16_384;
/// Begin and end of an Arrow file; what lies between its first eight bytes and its footer is a
/// stream. Source: Apache Arrow columnar format 1.5, "IPC file format".
const ARROW_FILE: &[u8] = b"ARROW1";
/// Place of the stream in an Arrow file.
const STREAM_AT: u64 = 8;
/// From here on whole numbers in a float may be rounded: 2 to the 53rd, in the fifteen digits that
/// people see.
const FIFTEEN_DIGITS: f64 = 1e15;

/// Takes the names of the columns, then row after row; `false` says that enough was seen.
pub type EachRow<'r> = dyn FnMut(&[&str]) -> Result<bool> + 'r;

/// Why reading ended before the file did.
#[derive(Debug)]
pub enum Ended {
    /// The file is not what it should be, in words.
    Broken(String),
    /// The receiver failed.
    Stopped(Error),
}

impl From<PolarsError> for Ended {
    fn from(error: PolarsError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<std::io::Error> for Ended {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// Reads a Parquet file, an Arrow file or an Arrow stream, whichever its bytes say.
///
/// # Errors
/// When the file is damaged or cut, or the receiver fails.
pub fn read(mut file: File, each: &mut EachRow<'_>) -> Result<(), Ended> {
    let mut mark = Vec::new();
    (&mut file).take(ARROW_FILE.len() as u64).read_to_end(&mut mark)?;
    if mark.starts_with(b"PAR1") {
        return parquet(&file, each);
    }
    let at = if mark == ARROW_FILE {
        let mut end = Vec::new();
        file.seek(SeekFrom::End(-6))?;
        file.read_to_end(&mut end)?;
        if end != ARROW_FILE {
            return Err(Ended::Broken("it was cut: its end is missing".to_owned()));
        }
        STREAM_AT
    } else {
        0
    };
    file.seek(SeekFrom::Start(at))?;
    arrow(BufReader::new(file), each)
}

fn parquet(file: &File, each: &mut EachRow<'_>) -> Result<(), Ended> {
    let open = || -> Result<_, Ended> {
        Ok(ParquetReader::new(file.try_clone()?).read_parallel(ParallelStrategy::None))
    };
    let mut reader = open()?;
    let metadata = reader.get_metadata()?.clone();
    let names: Vec<String> = reader.schema()?.iter_names().map(ToString::to_string).collect();
    if !header(&names, each)? {
        return Ok(());
    }
    let rows = reader.num_rows()?;
    let mut from = 0;
    while from < rows {
        let n = BATCH_ROWS.min(rows - from);
        let mut reader = open()?;
        reader.set_metadata(metadata.clone());
        let frame = reader.with_slice(Some((from, n))).finish()?;
        let columns: Vec<Series> =
            frame.columns().iter().map(|c| c.as_materialized_series().clone()).collect();
        if !batch(&columns, each)? {
            return Ok(());
        }
        from += n;
    }
    Ok(())
}

fn arrow(mut reader: BufReader<File>, each: &mut EachRow<'_>) -> Result<(), Ended> {
    let metadata = read_stream_metadata(&mut reader)?;
    let schema = metadata.schema.clone();
    let names: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
    if !header(&names, each)? {
        return Ok(());
    }
    for state in StreamReader::new(reader, metadata, None) {
        // Without more bytes there is no more: the mark at the end of a stream is optional.
        let StreamState::Some(record) = state? else { return Ok(()) };
        let columns = schema
            .iter_values()
            .zip(record.into_arrays())
            .map(|(field, array)| Series::try_from((field, vec![array])))
            .collect::<PolarsResult<Vec<_>>>()?;
        if !batch(&columns, each)? {
            return Ok(());
        }
    }
    Ok(())
}

pub(super) fn header(names: &[String], each: &mut EachRow<'_>) -> Result<bool, Ended> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    each(&names).map_err(Ended::Stopped)
}

/// The rows of a batch; false if no more are wanted.
fn batch(columns: &[Series], each: &mut EachRow<'_>) -> Result<bool, Ended> {
    let rows = columns.first().map_or(0, |series| series.len());
    let columns: Vec<Vec<String>> = columns.iter().map(texts).collect::<PolarsResult<_>>()?;
    let mut cells: Vec<&str> = Vec::with_capacity(columns.len());
    for row in 0..rows {
        cells.clear();
        cells.extend(columns.iter().map(|c| c.get(row).map_or("", String::as_str)));
        if !each(&cells).map_err(Ended::Stopped)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The values of a column as text; what is null is empty.
fn texts(series: &Series) -> PolarsResult<Vec<String>> {
    let fine = match series.dtype() {
        DataType::String => {
            return Ok(series.str()?.iter().map(|t| t.unwrap_or_default().to_owned()).collect());
        }
        DataType::Datetime(unit, _) => {
            let second = per_second(*unit);
            series.datetime()?.physical().iter().flatten().any(|t| t.rem_euclid(second) != 0)
        }
        _ => false,
    };
    Ok(series.iter().map(|value| text(&value, fine)).collect())
}

/// A value as text; `fine` writes the milliseconds of times.
fn text(value: &AnyValue<'_>, fine: bool) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::Boolean(b) => b.to_string(),
        AnyValue::Float32(n) => number(f64::from(*n)),
        AnyValue::Float64(n) => number(*n),
        AnyValue::Date(days) => chrono::DateTime::from_timestamp(i64::from(*days) * 86_400, 0)
            .map_or_else(String::new, |t| t.format("%Y-%m-%d").to_string()),
        AnyValue::Datetime(at, unit, zone) => instant(*at, per_second(*unit), zone.is_some(), fine),
        AnyValue::DatetimeOwned(at, unit, zone) => {
            instant(*at, per_second(*unit), zone.is_some(), fine)
        }
        AnyValue::Time(nanos) => {
            let s = nanos / 1_000_000_000;
            format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
        }
        AnyValue::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        AnyValue::BinaryOwned(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => other.get_str().map_or_else(|| other.to_string(), str::to_owned),
    }
}

const fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Milliseconds => 1_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Nanoseconds => 1_000_000_000,
    }
}

/// An instant that counts `second` units to the second.
pub(super) fn instant(at: i64, second: i64, zoned: bool, fine: bool) -> String {
    let nanos = at.rem_euclid(second) * (1_000_000_000 / second);
    let nanos = u32::try_from(nanos).unwrap_or_default();
    let Some(time) = chrono::DateTime::from_timestamp(at.div_euclid(second), nanos) else {
        return at.to_string();
    };
    let format = match (fine, zoned) {
        (false, false) => "%Y-%m-%d %H:%M:%S",
        (false, true) => "%Y-%m-%dT%H:%M:%SZ",
        (true, false) => "%Y-%m-%d %H:%M:%S%.3f",
        (true, true) => "%Y-%m-%dT%H:%M:%S%.3fZ",
    };
    time.format(format).to_string()
}

/// A number as it stands in a cell.
pub(super) fn number(n: f64) -> String {
    if n.is_nan() {
        return String::new();
    }
    if n.abs() >= FIFTEEN_DIGITS {
        return format!("{n:.2E}").replacen('E', "E+", 1);
    }
    format!("{n}")
}

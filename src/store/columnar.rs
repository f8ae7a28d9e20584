//! Parquet and Arrow files of any writer, row by row as text, a batch in memory at a time.
//!
//! Instants are written in UTC with their `Z`, times without a zone as they stand, so that the reader
//! of the rows decides the zone; numbers that a float may have rounded as a spreadsheet shows them
//! (`1.23E+17`), so that an id among them is refused.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use polars::prelude::*;
use polars_arrow::io::ipc::read::{StreamReader, StreamState, read_stream_metadata};

use super::arrow_in::{Guard, guarded};
use super::columnar_cells::{Columns, column};
use super::parquet_in::parquet;
use crate::error::{Error, Result};

/// Begin and end of an Arrow file; what lies between its first eight bytes and its footer is a
/// stream. Source: Apache Arrow columnar format 1.5, "IPC file format".
const ARROW_FILE: &[u8] = b"ARROW1";
/// Place of the stream in an Arrow file.
const STREAM_AT: u64 = 8;
/// What the decoder panics on.
const UNREAD: &str = "it is damaged, or has a type or packing that is not read";

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

/// Reads a Parquet file, an Arrow file or an Arrow stream, whichever its bytes say. The decoders take
/// their steps under a guard: on bytes that no writer made they may panic.
///
/// # Errors
/// When the file is damaged or cut, or the receiver fails.
pub fn read(mut file: File, guard: Guard, each: &mut EachRow<'_>) -> Result<(), Ended> {
    let mut mark = Vec::new();
    (&mut file).take(ARROW_FILE.len() as u64).read_to_end(&mut mark)?;
    if mark.starts_with(b"PAR1") {
        return parquet(&mut file, guard, each);
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
    arrow(BufReader::new(file), guard, each)
}

fn arrow(mut reader: BufReader<File>, guard: Guard, each: &mut EachRow<'_>) -> Result<(), Ended> {
    let metadata = guarded(guard, || read_stream_metadata(&mut reader))??;
    let schema = metadata.schema.clone();
    let names: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
    if !header(&names, each)? {
        return Ok(());
    }
    let mut batches = StreamReader::new(reader, metadata, None);
    let unread = |_| Ended::Broken(UNREAD.to_owned());
    while let Some(state) = guarded(guard, || batches.next()).map_err(unread)? {
        // Without more bytes there is no more: the mark at the end of a stream is optional.
        let StreamState::Some(record) = state? else { return Ok(()) };
        let arrays = record.into_arrays();
        let columns = schema.iter_values().zip(arrays.iter().map(std::slice::from_ref));
        let columns =
            columns.map(|(field, array)| column(guard, field, array)).collect::<Result<_, _>>()?;
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
pub(super) fn batch(columns: &Columns<'_>, each: &mut EachRow<'_>) -> Result<bool, Ended> {
    let rows = columns.first().map_or(0, Vec::len);
    let mut cells: Vec<&str> = Vec::with_capacity(columns.len());
    for row in 0..rows {
        cells.clear();
        cells.extend(columns.iter().map(|c| c.get(row).map_or("", AsRef::as_ref)));
        if !each(&cells).map_err(Ended::Stopped)? {
            return Ok(false);
        }
    }
    Ok(true)
}

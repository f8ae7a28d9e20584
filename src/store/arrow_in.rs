//! Rows of an Arrow IPC stream as they arrive, a batch in memory at a time. The stream must say that
//! it ends, for one that was cut between two messages looks whole otherwise; instants must have a
//! zone. Compressed batches (lz4, zstd) and dictionaries are read; dictionaries that grow by deltas
//! are refused by the decoder. Source: Apache Arrow columnar format 1.5, "IPC streaming format".

use std::borrow::Cow;
use std::io::{self, Read, Seek, SeekFrom};

use polars_arrow::array::{
    Array, BooleanArray, DictionaryArray, PrimitiveArray, Utf8Array, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, TimeUnit};
use polars_arrow::io::ipc::read::{StreamReader, StreamState, read_stream_metadata};
use polars_arrow::match_integer_type;
use polars_arrow::types::NativeType;

use super::columnar::{EachRow, Ended, header};
use super::columnar_cells::{instant, number};

/// What a stream without its end may be.
const CUT: &str = "it was cut: its end-of-stream mark is missing";
/// Days since 1970 to seconds.
const DAY: i64 = 86_400;

/// Lets the decoder take a step; what it panics with, on bytes that no writer made, is told as damage.
pub type Guard = fn(&mut dyn FnMut()) -> Result<(), String>;

/// Hands on the names of the columns, then every row as text: instants in UTC with milliseconds, what
/// is null as nothing.
///
/// # Errors
/// When it is no Arrow stream, is damaged or cut, has a column of a type that is no cell, goes on
/// behind its end, or the receiver fails.
pub fn read(input: impl Read, guard: Guard, each: &mut EachRow<'_>) -> Result<(), Ended> {
    let mut input = Watched { input, at: 0, exhausted: false };
    let metadata = match guarded(guard, || read_stream_metadata(&mut input))? {
        Ok(metadata) => metadata,
        Err(_) if input.at == 0 => return Err(Ended::Broken("it is empty".to_owned())),
        Err(_) if input.exhausted => return Err(Ended::Broken(CUT.to_owned())),
        Err(error) => return Err(error.into()),
    };
    let schema = metadata.schema.clone();
    let names: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
    check(&schema)?;
    if !header(&names, each)? {
        return Ok(());
    }
    let mut reader = StreamReader::new(&mut input, metadata, None);
    loop {
        let batch = match guarded(guard, || reader.next())? {
            None => break,
            Some(Ok(StreamState::Some(batch))) => batch,
            Some(Ok(StreamState::Waiting)) => return Err(Ended::Broken(CUT.to_owned())),
            Some(Err(error)) => {
                drop(reader);
                return Err(if input.exhausted {
                    Ended::Broken(CUT.to_owned())
                } else {
                    error.into()
                });
            }
        };
        let columns = guarded(guard, || {
            let columns = names.iter().zip(batch.arrays());
            columns
                .map(|(name, array)| {
                    texts(array.as_ref()).ok_or_else(|| no_cell(name, array.dtype()))
                })
                .collect::<Result<Vec<_>, _>>()
        })??;
        let mut cells: Vec<&str> = Vec::with_capacity(columns.len());
        for row in 0..batch.height() {
            cells.clear();
            cells.extend(columns.iter().map(|c| c.get(row).map_or("", AsRef::as_ref)));
            if !each(&cells).map_err(Ended::Stopped)? {
                return Ok(());
            }
        }
    }
    if input.read(&mut [0])? > 0 {
        return Err(Ended::Broken("it goes on behind its end: give one stream".to_owned()));
    }
    Ok(())
}

/// What a step gives.
pub(super) fn guarded<T>(guard: Guard, mut step: impl FnMut() -> T) -> Result<T, Ended> {
    let mut done = None;
    guard(&mut || done = Some(step())).map_err(Ended::Broken)?;
    done.ok_or_else(|| Ended::Broken("it cannot be decoded".to_owned()))
}

/// Instants without a zone are refused: nobody can know which clock they were read from.
fn check(schema: &ArrowSchema) -> Result<(), Ended> {
    for field in schema.iter_values() {
        if matches!(field.dtype.to_storage(), ArrowDataType::Timestamp(_, None)) {
            return Err(Ended::Broken(format!(
                "the times of column {} have no zone (cast them to timestamp[us, UTC]; in Spark \
                 read them as TIMESTAMP, not TIMESTAMP_NTZ)",
                field.name
            )));
        }
    }
    Ok(())
}

pub(super) fn no_cell(name: &str, kind: &ArrowDataType) -> Ended {
    Ended::Broken(format!("column {name} is of type {kind:?}, which is no cell (leave it out)"))
}

/// The values of a column as text; `None` for a type that has none.
pub(super) fn texts(array: &dyn Array) -> Option<Vec<Cow<'_, str>>> {
    let any = array.as_any();
    Some(match array.dtype() {
        ArrowDataType::Utf8 => borrowed(any.downcast_ref::<Utf8Array<i32>>()?.iter()),
        ArrowDataType::LargeUtf8 => borrowed(any.downcast_ref::<Utf8Array<i64>>()?.iter()),
        ArrowDataType::Utf8View => borrowed(any.downcast_ref::<Utf8ViewArray>()?.iter()),
        ArrowDataType::Null => vec![Cow::Borrowed(""); array.len()],
        ArrowDataType::Boolean => {
            let flags = any.downcast_ref::<BooleanArray>()?.iter();
            flags
                .map(|f| Cow::Borrowed(f.map_or("", |f| if f { "true" } else { "false" })))
                .collect()
        }
        ArrowDataType::Int8 => numbers::<i8>(array)?,
        ArrowDataType::Int16 => numbers::<i16>(array)?,
        ArrowDataType::Int32 => numbers::<i32>(array)?,
        ArrowDataType::Int64 => numbers::<i64>(array)?,
        ArrowDataType::UInt8 => numbers::<u8>(array)?,
        ArrowDataType::UInt16 => numbers::<u16>(array)?,
        ArrowDataType::UInt32 => numbers::<u32>(array)?,
        // Spark reads unsigned numbers of a file as decimals without a fraction.
        ArrowDataType::UInt64 => numbers::<u64>(array)?,
        ArrowDataType::Decimal(_, 0) => numbers::<i128>(array)?,
        ArrowDataType::Float32 => written::<f32>(array, |n| number(f64::from(n)))?,
        ArrowDataType::Float64 => written::<f64>(array, number)?,
        ArrowDataType::Date32 => written::<i32>(array, |days| {
            chrono::DateTime::from_timestamp(i64::from(days) * DAY, 0)
                .map_or_else(String::new, |t| t.format("%Y-%m-%d").to_string())
        })?,
        ArrowDataType::Timestamp(unit, Some(_)) => {
            let second = per_second(*unit);
            written::<i64>(array, |at| instant(at, second, true, true))?
        }
        ArrowDataType::Dictionary(key, ..) => match_integer_type!(key, |$T| {
            let dictionary = any.downcast_ref::<DictionaryArray<$T>>()?;
            let values = texts(dictionary.values().as_ref())?;
            let value = |key: Option<usize>| {
                key.and_then(|key| values.get(key)).cloned().unwrap_or(Cow::Borrowed(""))
            };
            dictionary.keys_iter().map(value).collect()
        }),
        _ => return None,
    })
}

pub(super) const fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

fn borrowed<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Vec<Cow<'a, str>> {
    values.map(|value| Cow::Borrowed(value.unwrap_or_default())).collect()
}

fn numbers<T: NativeType + ToString>(array: &dyn Array) -> Option<Vec<Cow<'_, str>>> {
    written::<T>(array, |n| n.to_string())
}

fn written<T: NativeType>(
    array: &dyn Array,
    write: impl Fn(T) -> String,
) -> Option<Vec<Cow<'_, str>>> {
    let values = array.as_any().downcast_ref::<PrimitiveArray<T>>()?.iter();
    Some(values.map(|n| n.map_or(Cow::Borrowed(""), |n| Cow::Owned(write(*n)))).collect())
}

/// A pipe with its place, as the decoder wants one: it only ever steps forward.
struct Watched<R> {
    input: R,
    at: u64,
    /// Somebody asked for bytes when there were none left.
    exhausted: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.exhausted |= n == 0 && !buffer.is_empty();
        self.at += n as u64;
        Ok(n)
    }
}

impl<R: Read> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Current(n) = to else { return Err(io::ErrorKind::Unsupported.into()) };
        let n = u64::try_from(n).map_err(|_| io::Error::from(io::ErrorKind::Unsupported))?;
        if io::copy(&mut self.by_ref().take(n), &mut io::sink())? < n {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(self.at)
    }
}

//! Parquet files row by row as text, a batch in memory at a time, and of the file the packed bytes of
//! one group of rows.
//!
//! The arrays of the decoder are taken before they become a table, for the table knows fewer types:
//! without a feature that would build the whole library anew it panics on decimals and small numbers.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};

use polars::prelude::*;
use polars_arrow::array::Array;
use polars_arrow::datatypes::Field;
use polars_buffer::Buffer;
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, Filter, PageReader, RowGroupMetadata,
    column_iter_to_arrays,
};

use super::arrow_in::{Guard, guarded};
use super::columnar::{EachRow, Ended, batch, header};
use super::columnar_cells::column;

/// Rows in memory at once at most, and bytes of them, about. A group of rows is unpacked anew for every
/// part of it that is taken.
const MOST_ROWS: usize = 131_072;
const MOST_BYTES: usize = 32 << 20;
/// Fewer are not taken, whatever a file says of its size.
const LEAST_ROWS: usize = 4_096;
/// What a file is whose parts do not fit together.
const DAMAGED: &str = "it is damaged inside";

/// Hands on the names of the columns, then every row.
pub(super) fn parquet(file: &mut File, guard: Guard, each: &mut EachRow<'_>) -> Result<(), Ended> {
    let mut reader = ParquetReader::new(file.try_clone()?);
    let metadata = guarded(guard, || reader.get_metadata().cloned())??;
    let schema = guarded(guard, || reader.schema())??;
    let names: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
    if !header(&names, each)? {
        return Ok(());
    }
    let fields: Vec<&Field> = schema.iter_values().collect();
    for group in &metadata.row_groups {
        let packed = packed(file, &fields, group)?;
        let parts = (group.total_byte_size() / MOST_BYTES).max(group.num_rows() / MOST_ROWS) + 1;
        let most = group.num_rows().div_ceil(parts).max(LEAST_ROWS);
        let mut from = 0;
        while from < group.num_rows() {
            let n = most.min(group.num_rows() - from);
            let arrays = fields.iter().zip(&packed).map(|(field, chunks)| {
                if chunks.is_empty() {
                    return Ok(None);
                }
                Ok(Some(guarded(guard, || arrays(field, chunks, from, from + n))??))
            });
            let arrays = arrays.collect::<Result<Vec<_>, Ended>>()?;
            let columns = fields.iter().zip(&arrays).map(|(field, arrays)| match arrays {
                None => Ok(vec![Cow::Borrowed(""); n]),
                Some(arrays) => column(guard, field, arrays),
            });
            let columns = columns.collect::<Result<Vec<_>, Ended>>()?;
            if columns.iter().any(|c| c.len() != n) {
                return Err(Ended::Broken(DAMAGED.to_owned()));
            }
            if !batch(&columns, each)? {
                return Ok(());
            }
            from += n;
        }
    }
    Ok(())
}

/// A column as it lies in the file.
type Chunk<'m> = (&'m ColumnChunkMetadata, Buffer<u8>);

/// The columns of a group of rows; one that the group has not has no chunks.
fn packed<'m>(
    file: &mut File,
    fields: &[&Field],
    group: &'m RowGroupMetadata,
) -> Result<Vec<Vec<Chunk<'m>>>, Ended> {
    let mut out = Vec::with_capacity(fields.len());
    for field in fields {
        let chunks = group.columns_under_root_iter(&field.name).into_iter().flatten();
        let chunks = chunks.map(|chunk| {
            let range = chunk.byte_range();
            let n = range.end.checked_sub(range.start);
            let n = n.ok_or_else(|| Ended::Broken(DAMAGED.to_owned()))?;
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(range.start))?;
            if (&mut *file).take(n).read_to_end(&mut bytes)? as u64 != n {
                return Err(Ended::Broken(DAMAGED.to_owned()));
            }
            Ok((chunk, Buffer::from(bytes)))
        });
        out.push(chunks.collect::<Result<Vec<_>, Ended>>()?);
    }
    Ok(out)
}

/// Rows of a column, decoded.
fn arrays(
    field: &Field,
    chunks: &[Chunk<'_>],
    from: usize,
    to: usize,
) -> PolarsResult<Vec<Box<dyn Array>>> {
    let pages = |(chunk, bytes): &Chunk<'_>| {
        let reader = Cursor::new(bytes.clone());
        BasicDecompressor::new(PageReader::new(reader, chunk, vec![], usize::MAX), vec![])
    };
    let types = chunks.iter().map(|(chunk, _)| &chunk.descriptor().descriptor.primitive_type);
    let filter = Some(Filter::new_ranged(from, to));
    let (columns, types) = (chunks.iter().map(pages).collect(), types.collect());
    column_iter_to_arrays(columns, types, field.clone(), filter).map(|found| found.0)
}

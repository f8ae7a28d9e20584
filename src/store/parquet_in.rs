//! Parquet files row by row as text, a batch in memory at a time, and of the file the packed bytes of
//! one group of rows.
//!
//! The arrays of the decoder are taken before they become a table, for the table knows fewer types:
//! without a feature that would build the whole library anew it panics on decimals and small numbers.

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

/// Rows in memory at once.
const BATCH_ROWS: usize = 16_384;
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
        let mut from = 0;
        while from < group.num_rows() {
            let n = BATCH_ROWS.min(group.num_rows() - from);
            let columns = fields.iter().zip(&packed).map(|(field, chunks)| {
                if chunks.is_empty() {
                    return Ok(vec![String::new(); n]);
                }
                let arrays = guarded(guard, || arrays(field, chunks, from, from + n))??;
                column(guard, field, arrays)
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

//! A table as an Arrow IPC stream, batch by batch, in the plain types that every engine takes: utf8,
//! int64, float64, bool, timestamp[us, UTC], list and struct. Views, large offsets and unsigned
//! numbers are what some of them refuse.

use std::io::Write;
use std::sync::Arc;

use polars::prelude::{CompatLevel, DataFrame, PolarsResult};
use polars_arrow::array::{Array, ListArray, PrimitiveArray, StructArray, Utf8Array};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_arrow::io::ipc::write::{StreamWriter, WriteOptions};
use polars_arrow::offset::OffsetsBuffer;
use polars_arrow::record_batch::RecordBatch;

/// A stream being written.
pub(super) struct ArrowOut {
    writer: StreamWriter<Box<dyn Write>>,
    schema: Arc<ArrowSchema>,
}

impl ArrowOut {
    /// Begins the stream with the columns of `empty`.
    pub(super) fn start(out: Box<dyn Write>, empty: &DataFrame) -> PolarsResult<Self> {
        let fields =
            empty.columns().iter().zip(arrays(empty)?).map(|(column, array)| {
                Field::new(column.name().clone(), array.dtype().clone(), true)
            });
        let schema: ArrowSchema = fields.map(|f| (f.name.clone(), f)).collect();
        let mut writer = StreamWriter::new(out, WriteOptions { compression: None });
        writer.start(&schema, None)?;
        Ok(Self { writer, schema: Arc::new(schema) })
    }

    /// Adds the rows.
    pub(super) fn batch(&mut self, rows: &DataFrame) -> PolarsResult<()> {
        let batch = RecordBatch::try_new(rows.height(), self.schema.clone(), arrays(rows)?)?;
        self.writer.write(&batch, None)
    }

    /// Ends the stream with its mark.
    pub(super) fn finish(mut self) -> PolarsResult<()> {
        self.writer.finish()?;
        Ok(self.writer.into_inner().flush()?)
    }
}

fn arrays(frame: &DataFrame) -> PolarsResult<Vec<Box<dyn Array>>> {
    let array = |column: &polars::prelude::Column| {
        let series = column.as_materialized_series().rechunk();
        plain(series.to_arrow(0, CompatLevel::oldest()))
    };
    frame.columns().iter().map(array).collect()
}

/// The same values in the plain type. An unsigned number keeps its 64 bits: hashes may come out
/// negative, counts never do.
fn plain(array: Box<dyn Array>) -> PolarsResult<Box<dyn Array>> {
    let any = array.as_any();
    if let Some(text) = any.downcast_ref::<Utf8Array<i64>>() {
        let offsets = OffsetsBuffer::<i32>::try_from(text.offsets())?;
        let validity = text.validity().cloned();
        let text =
            Utf8Array::try_new(ArrowDataType::Utf8, offsets, text.values().clone(), validity)?;
        return Ok(Box::new(text));
    }
    if let Some(numbers) = any.downcast_ref::<PrimitiveArray<u64>>() {
        let signed: PrimitiveArray<i64> =
            numbers.iter().map(|n| n.map(|n| n.cast_signed())).collect();
        return Ok(Box::new(signed));
    }
    if let Some(lists) = any.downcast_ref::<ListArray<i64>>() {
        let values = plain(lists.values().clone())?;
        let kind = ListArray::<i32>::default_datatype(values.dtype().clone());
        let offsets = OffsetsBuffer::<i32>::try_from(lists.offsets())?;
        let lists = ListArray::try_new(kind, offsets, values, lists.validity().cloned())?;
        return Ok(Box::new(lists));
    }
    if let Some(records) = any.downcast_ref::<StructArray>() {
        let values: Vec<Box<dyn Array>> =
            records.values().iter().cloned().map(plain).collect::<PolarsResult<_>>()?;
        let fields = records.fields().iter().zip(&values);
        let fields =
            fields.map(|(f, v)| Field::new(f.name.clone(), v.dtype().clone(), true)).collect();
        let kind = ArrowDataType::Struct(fields);
        let validity = records.validity().cloned();
        return Ok(Box::new(StructArray::try_new(kind, records.len(), values, validity)?));
    }
    Ok(array)
}

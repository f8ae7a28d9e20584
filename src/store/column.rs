//! A column of a table while it is filled: values lie as the table wants them, not as cells.

use polars::prelude::*;

use super::table::{ColumnType, Columns};
use crate::measure::columns::Cell;

/// A column being filled.
pub(super) struct Column {
    name: PlSmallStr,
    values: Values,
}

enum Values {
    Text(StringChunkedBuilder),
    Count(PrimitiveChunkedBuilder<UInt64Type>),
    Whole(PrimitiveChunkedBuilder<Int64Type>),
    Seconds(PrimitiveChunkedBuilder<Float64Type>),
    Time(PrimitiveChunkedBuilder<Int64Type>),
    Flag(BooleanChunkedBuilder),
    Counts { ends: Vec<i64>, flat: Vec<u64> },
    Records { ends: Vec<i64>, fields: Vec<Column>, columns: Columns },
}

impl Column {
    /// An empty column.
    pub(super) fn new(name: &str, kind: &ColumnType) -> Self {
        let name = PlSmallStr::from_str(name);
        let values = Values::new(&name, kind);
        Self { name, values }
    }

    /// Adds a value; a cell of another type than the column's is undefined.
    pub(super) fn push(&mut self, cell: Cell) {
        match (&mut self.values, cell) {
            (Values::Text(column), Cell::Text(text)) => column.append_option(text),
            (Values::Text(column), _) => column.append_null(),
            (Values::Count(column), Cell::Count(n)) => column.append_option(n),
            (Values::Count(column), _) => column.append_null(),
            (Values::Whole(column), Cell::Whole(n)) => column.append_option(n),
            (Values::Seconds(column), Cell::Millis(ms)) => column.append_option(ms.map(in_seconds)),
            (Values::Seconds(column), _) => column.append_null(),
            (Values::Time(column), Cell::Time(at)) => {
                column.append_option(at.map(|at| at.timestamp_micros()));
            }
            (Values::Whole(column) | Values::Time(column), _) => column.append_null(),
            (Values::Flag(column), Cell::Flag(flag)) => column.append_option(flag),
            (Values::Flag(column), _) => column.append_null(),
            (Values::Counts { ends, flat }, cell) => {
                if let Cell::Counts(list) = cell {
                    flat.extend(list);
                }
                ends.push(end(flat.len()));
            }
            (Values::Records { ends, fields, .. }, cell) => {
                let records = if let Cell::Records(list) = cell { list } else { Vec::new() };
                let before = ends.last().copied().unwrap_or(0);
                ends.push(before + end(records.len()));
                for record in records {
                    let mut cells = record.into_iter();
                    for field in fields.iter_mut() {
                        field.push(cells.next().unwrap_or(Cell::Text(None)));
                    }
                }
            }
        }
    }

    /// The values so far; the column is empty again.
    pub(super) fn take(&mut self) -> PolarsResult<Series> {
        let kind = self.values.kind();
        let values = std::mem::replace(&mut self.values, Values::new(&self.name, &kind));
        Ok(match values {
            Values::Text(column) => column.finish().into_series(),
            Values::Count(column) => column.finish().into_series(),
            Values::Whole(column) => column.finish().into_series(),
            Values::Seconds(column) => column.finish().into_series(),
            // A cast would lose the zone: polars keeps zones of casts behind a feature of its own.
            Values::Time(column) => column
                .finish()
                .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
                .into_series(),
            Values::Flag(column) => column.finish().into_series(),
            Values::Counts { ends, flat } => {
                let values = UInt64Chunked::from_vec(PlSmallStr::EMPTY, flat).into_series();
                lists_of(self.name.clone(), &values, ends)?
            }
            Values::Records { ends, mut fields, .. } => {
                let total = ends.last().and_then(|n| usize::try_from(*n).ok()).unwrap_or(0);
                let fields = fields.iter_mut().map(Self::take).collect::<PolarsResult<Vec<_>>>()?;
                let records = StructChunked::from_series(PlSmallStr::EMPTY, total, fields.iter())?
                    .into_series();
                lists_of(self.name.clone(), &records, ends)?
            }
        })
    }
}

impl Values {
    fn new(name: &PlSmallStr, kind: &ColumnType) -> Self {
        let name = name.clone();
        match kind {
            ColumnType::Text => Self::Text(StringChunkedBuilder::new(name, 0)),
            ColumnType::Count => Self::Count(PrimitiveChunkedBuilder::new(name, 0)),
            ColumnType::Whole => Self::Whole(PrimitiveChunkedBuilder::new(name, 0)),
            ColumnType::Seconds => Self::Seconds(PrimitiveChunkedBuilder::new(name, 0)),
            ColumnType::Time => Self::Time(PrimitiveChunkedBuilder::new(name, 0)),
            ColumnType::Flag => Self::Flag(BooleanChunkedBuilder::new(name, 0)),
            ColumnType::Counts => Self::Counts { ends: Vec::new(), flat: Vec::new() },
            ColumnType::Records(columns) => Self::Records {
                ends: Vec::new(),
                fields: columns.iter().map(|(name, kind)| Column::new(name, kind)).collect(),
                columns: columns.clone(),
            },
        }
    }

    fn kind(&self) -> ColumnType {
        match self {
            Self::Text(_) => ColumnType::Text,
            Self::Count(_) => ColumnType::Count,
            Self::Whole(_) => ColumnType::Whole,
            Self::Seconds(_) => ColumnType::Seconds,
            Self::Time(_) => ColumnType::Time,
            Self::Flag(_) => ColumnType::Flag,
            Self::Counts { .. } => ColumnType::Counts,
            Self::Records { columns, .. } => ColumnType::Records(columns.clone()),
        }
    }
}

/// A column of lists: all values flat, and where each list ends.
fn lists_of(name: PlSmallStr, values: &Series, ends: Vec<i64>) -> PolarsResult<Series> {
    let values = values.rechunk().to_arrow(0, CompatLevel::newest());
    let offsets: Vec<i64> = std::iter::once(0).chain(ends).collect();
    let kind = LargeListArray::default_datatype(values.dtype().clone());
    let lists = LargeListArray::try_new(kind, offsets.try_into()?, values, None)?;
    Series::from_arrow(name, Box::new(lists))
}

fn end(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "waits below 2^53 ms")]
fn in_seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

//! The values of a column of a Parquet or Arrow file as the text of cells: what is null is empty.
//!
//! Numbers and decimals are written from the arrays; the other types (times, lists, categories) as the
//! library of tables shows them.

use polars::prelude::*;
use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray};
use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_arrow::match_integer_type;

use super::arrow_in::{self, Guard, guarded, no_cell};
use super::columnar::Ended;

/// From here on whole numbers in a float may be rounded: 2 to the 53rd, in the fifteen digits that
/// people see.
const FIFTEEN_DIGITS: f64 = 1e15;

/// Columns of a batch, each as long as the others.
pub(super) type Columns = Vec<Vec<String>>;

/// The values of a column. A type that the library does not know is told by the name of the column.
pub(super) fn column(
    guard: Guard,
    field: &Field,
    arrays: Vec<Box<dyn Array>>,
) -> Result<Vec<String>, Ended> {
    let mut out = Vec::new();
    for array in arrays {
        if let Some(texts) = plain(array.as_ref()) {
            out.extend(texts);
            continue;
        }
        // On a type that it was built without it panics.
        let texts = guarded(guard, || {
            let series = Series::try_from((field, vec![array.clone()]))?;
            texts(&series)
        });
        match texts {
            Ok(Ok(texts)) => out.extend(texts),
            Ok(Err(_)) | Err(_) => return Err(no_cell(&field.name, &field.dtype)),
        }
    }
    Ok(out)
}

/// The values of the types that need no library.
fn plain(array: &dyn Array) -> Option<Vec<String>> {
    let owned = || Some(arrow_in::texts(array)?.into_iter().map(Into::into).collect());
    match array.dtype() {
        ArrowDataType::Null
        | ArrowDataType::Boolean
        | ArrowDataType::Int8
        | ArrowDataType::Int16
        | ArrowDataType::Int32
        | ArrowDataType::Int64
        | ArrowDataType::UInt8
        | ArrowDataType::UInt16
        | ArrowDataType::UInt32
        | ArrowDataType::UInt64 => owned(),
        ArrowDataType::Decimal(_, scale) => decimals(array, *scale),
        ArrowDataType::Dictionary(key, ..) => match_integer_type!(key, |$T| {
            let dictionary = array.as_any().downcast_ref::<DictionaryArray<$T>>()?;
            let values = plain(dictionary.values().as_ref())?;
            let value = |key: Option<usize>| {
                key.and_then(|key| values.get(key)).cloned().unwrap_or_default()
            };
            Some(dictionary.keys_iter().map(value).collect())
        }),
        _ => None,
    }
}

/// Decimals with all their digits.
fn decimals(array: &dyn Array, scale: usize) -> Option<Vec<String>> {
    let values = array.as_any().downcast_ref::<PrimitiveArray<i128>>()?;
    let text = |n: i128| {
        let digits = format!("{:0>width$}", n.unsigned_abs(), width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        let sign = if n < 0 { "-" } else { "" };
        if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    };
    Some(values.iter().map(|n| n.map_or_else(String::new, |n| text(*n))).collect())
}

/// The values of a series.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        let array = PrimitiveArray::<i128>::from([Some(1250), Some(-5), None]);
        let two = array.clone().to(ArrowDataType::Decimal(10, 2));
        assert_eq!(plain(&two).unwrap(), ["12.50", "-0.05", ""]);
        let none = array.to(ArrowDataType::Decimal(10, 0));
        assert_eq!(plain(&none).unwrap(), ["1250", "-5", ""]);
    }
}

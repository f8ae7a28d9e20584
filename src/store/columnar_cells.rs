//! The values of a column of a Parquet or Arrow file as the text of cells: what is null is empty.
//!
//! Numbers and decimals are written from the arrays; the other types (times, lists, categories) as the
//! library of tables shows them.

use std::borrow::Cow;

use chrono::{Datelike as _, Timelike as _};
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
pub(super) type Columns<'a> = Vec<Vec<Cow<'a, str>>>;

/// The values of a column. A type that the library does not know is told by the name of the column.
pub(super) fn column<'a>(
    guard: Guard,
    field: &Field,
    arrays: &'a [Box<dyn Array>],
) -> Result<Vec<Cow<'a, str>>, Ended> {
    let mut out = Vec::new();
    for array in arrays {
        if let Some(texts) = plain(array.as_ref()) {
            out.extend(texts);
            continue;
        }
        // On a type that it was built without it panics.
        let texts = guarded(guard, || {
            let series = Series::try_from((field, vec![array.clone()]))?;
            PolarsResult::Ok(texts(&series))
        });
        match texts {
            Ok(Ok(texts)) => out.extend(texts.into_iter().map(Cow::Owned)),
            Ok(Err(_)) | Err(_) => return Err(no_cell(&field.name, &field.dtype)),
        }
    }
    Ok(out)
}

/// The values of the types that need no library; texts are not copied.
fn plain(array: &dyn Array) -> Option<Vec<Cow<'_, str>>> {
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
        | ArrowDataType::UInt64
        | ArrowDataType::Utf8
        | ArrowDataType::LargeUtf8
        | ArrowDataType::Utf8View => arrow_in::texts(array),
        ArrowDataType::Timestamp(unit, zone) => {
            let second = arrow_in::per_second(*unit);
            let values = array.as_any().downcast_ref::<PrimitiveArray<i64>>()?;
            let fine = values.iter().flatten().any(|t| t.rem_euclid(second) != 0);
            let text = |at: &i64| instant(*at, second, zone.is_some(), fine);
            Some(values.iter().map(|at| Cow::Owned(at.map_or_else(String::new, text))).collect())
        }
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
fn decimals(array: &dyn Array, scale: usize) -> Option<Vec<Cow<'_, str>>> {
    let values = array.as_any().downcast_ref::<PrimitiveArray<i128>>()?;
    let text = |n: i128| {
        let digits = format!("{:0>width$}", n.unsigned_abs(), width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        let sign = if n < 0 { "-" } else { "" };
        if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    };
    let text = |n: Option<&i128>| n.map_or_else(String::new, |n| text(*n));
    Some(values.iter().map(|n| Cow::Owned(text(n))).collect())
}

/// The values of a series.
fn texts(series: &Series) -> Vec<String> {
    series.iter().map(|value| text(&value)).collect()
}

/// A value as text.
fn text(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::Boolean(b) => b.to_string(),
        AnyValue::Float32(n) => number(f64::from(*n)),
        AnyValue::Float64(n) => number(*n),
        AnyValue::Date(days) => chrono::DateTime::from_timestamp(i64::from(*days) * 86_400, 0)
            .map_or_else(String::new, |t| t.format("%Y-%m-%d").to_string()),
        AnyValue::Time(nanos) => {
            let s = nanos / 1_000_000_000;
            format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
        }
        AnyValue::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        AnyValue::BinaryOwned(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => other.get_str().map_or_else(|| other.to_string(), str::to_owned),
    }
}

/// An instant that counts `second` units to the second.
pub(super) fn instant(at: i64, second: i64, zoned: bool, fine: bool) -> String {
    let nanos = at.rem_euclid(second) * (1_000_000_000 / second);
    let nanos = u32::try_from(nanos).unwrap_or_default();
    let Some(time) = chrono::DateTime::from_timestamp(at.div_euclid(second), nanos) else {
        return at.to_string();
    };
    let year = u32::try_from(time.year()).ok().filter(|y| *y <= 9_999);
    let Some(year) = year else { return at.to_string() };
    let mut out = String::with_capacity("2024-01-05T09:03:11.000Z".len());
    let mut put = |n: u32, digits: u32, then: &str| {
        for place in (0..digits).rev() {
            out.push(char::from_digit(n / 10_u32.pow(place) % 10, 10).unwrap_or('0'));
        }
        out.push_str(then);
    };
    put(year, 4, "-");
    put(time.month(), 2, "-");
    put(time.day(), 2, if zoned { "T" } else { " " });
    put(time.hour(), 2, ":");
    put(time.minute(), 2, ":");
    put(time.second(), 2, if fine { "." } else { "" });
    if fine {
        put(time.nanosecond() / 1_000_000, 3, "");
    }
    if zoned {
        out.push('Z');
    }
    out
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

    #[test]
    fn instants_are_written_as_precisely_as_they_are() {
        let at = 1_704_445_391_042;
        assert_eq!(instant(at, 1_000, true, true), "2024-01-05T09:03:11.042Z");
        assert_eq!(instant(at, 1_000, false, false), "2024-01-05 09:03:11");
        assert_eq!(instant(-1, 1, false, false), "1969-12-31 23:59:59");
        assert_eq!(instant(i64::MAX, 1, true, true), i64::MAX.to_string());
    }
}

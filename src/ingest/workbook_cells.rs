//! Cells of a spreadsheet as text.
//!
//! A spreadsheet keeps fifteen digits of a number: a longer id was rounded when it was stored, and
//! is written here as the spreadsheet shows it (`1.23E+17`), so that the row is refused.

use calamine::{Data, Range};

/// From here on numbers may have been rounded.
const FIFTEEN_DIGITS: f64 = 1e15;

/// Whether the dates of a column have a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// No cell has one: midnight stands for the day.
    Day,
    /// Some cell has one: midnight is midnight.
    Time,
}

/// Whether some date of a column, below the header, has a time of day.
pub(super) fn days_only(range: &Range<Data>, header_at: usize, column: usize) -> Whole {
    let mut cells = range.rows().skip(header_at + 1).filter_map(|r| r.get(column));
    let timed = cells.any(|c| match c {
        Data::DateTime(at) => at.as_f64().fract() > 0.0,
        _ => false,
    });
    if timed { Whole::Time } else { Whole::Day }
}

/// A cell as text, the same as a CSV export of the sheet would have it, dates in ISO form.
pub(super) fn text_of(cell: &Data, whole: Whole) -> String {
    match cell {
        Data::Int(n) => n.to_string(),
        Data::Float(n) => number(*n),
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => s.clone(),
        Data::Bool(b) => b.to_string(),
        Data::DateTime(at) => date(at, whole),
        Data::Error(_) | Data::Empty => String::new(),
    }
}

fn number(n: f64) -> String {
    if n.abs() >= FIFTEEN_DIGITS {
        let text = format!("{n:.2E}");
        return text.replacen('E', "E+", 1);
    }
    // `{}` writes a whole number without ".0" and never in powers of ten.
    format!("{n}")
}

fn date(at: &calamine::ExcelDateTime, whole: Whole) -> String {
    if at.is_duration() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the cast saturates, which is harmless"
        )]
        let s = (at.as_f64() * 86_400.0).round() as i64;
        return format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    }
    // A time of day alone has day 0.
    let time_only = at.as_f64() < 1.0;
    let Some(local) = local(at) else { return number(at.as_f64()) };
    let format = match (time_only, whole) {
        (true, _) => "%H:%M:%S",
        (false, Whole::Day) => "%Y-%m-%d",
        (false, Whole::Time) => "%Y-%m-%d %H:%M:%S",
    };
    local.format(format).to_string()
}

/// Date and time of a serial day. Serials carry a little less than a millisecond, so the second
/// that is nearest is meant.
fn local(at: &calamine::ExcelDateTime) -> Option<chrono::NaiveDateTime> {
    if !(0.0..3_000_000.0).contains(&at.as_f64()) {
        return None;
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let date = chrono::NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())?;
    let exact = date.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into())?;
    chrono::DurationRound::duration_round(exact, chrono::Duration::seconds(1)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ids_as_the_sheet_shows_them() {
        assert_eq!(number(188_006.0), "188006");
        assert_eq!(number(1_704_416_580_123.0), "1704416580123");
        assert_eq!(number(1.5), "1.5");
        assert_eq!(number(123_456_789_012_345_680.0), "1.23E+17");
    }
}

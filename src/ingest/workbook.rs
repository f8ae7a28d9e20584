//! Spreadsheets (XLSX, XLS, ODS): the first sheet whose header is known and has a text; the others
//! are named as not read.
//!
//! A spreadsheet keeps fifteen digits of a number: a longer id was rounded when it was stored, and
//! is written here as the spreadsheet shows it (`1.23E+17`), so that the row is refused.

use std::io::{Cursor, Read};

use calamine::{Data, Range, Reader, open_workbook_auto_from_rs};

use super::header::Vocabulary;
use super::look::Look;
use super::meaning::Meaning;
use super::table::{Flow, Item, Job, Sink};
use super::{Format, Mapping, header};
use crate::error::Result;

/// A spreadsheet.
pub(super) struct Workbook;

/// From here on numbers may have been rounded.
const FIFTEEN_DIGITS: f64 = 1e15;

impl Format for Workbook {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        look.is_container().then(|| "begins as a spreadsheet file does".to_owned())
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let input = job.input;
        let mut bytes = Vec::new();
        job.bytes.read_to_end(&mut bytes).map_err(|e| input.read_error(e))?;
        let unreadable = |e: calamine::Error| {
            input.error(
                format!("is no spreadsheet that can be read: {}", one_line(&e.to_string())),
                "save it again as XLSX without a password, or export it as CSV",
            )
        };
        let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
        let mut chosen: Option<(Fit, usize, String, Range<Data>)> = None;
        let mut others = Vec::new();
        for name in book.sheet_names() {
            let Ok(range) = book.worksheet_range(&name) else { continue };
            let Some((fit, at)) = fit(&range, job.mapping) else { continue };
            if chosen.as_ref().is_none_or(|c| fit > c.0) {
                others.extend(chosen.replace((fit, at, name, range)).map(|c| c.2));
            } else {
                others.push(name);
            }
        }
        let Some((_, at, name, range)) = chosen else {
            return Err(input.error("has no sheet with anything in it", "export it again"));
        };
        if !others.is_empty() {
            let (name, others) = (super::names::short(&name), super::columns::list(&others));
            job.notes.push(format!("sheet {name} is read, not: {others}"));
        }
        rows(&range, at, sink)
    }
}

/// How well a sheet fits; of equals the first is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It holds something.
    Filled,
    /// Its header is known.
    Header,
    /// Its header has a column for text: a list of sessions has none.
    Text,
}

/// How well a sheet fits and where its header is; `None` if it is empty.
fn fit(range: &Range<Data>, mapping: Option<&Mapping>) -> Option<(Fit, usize)> {
    let text = |r: &[Data]| r.iter().map(|c| text_of(c, Whole::Time)).collect();
    let top: Vec<Vec<String>> = range.rows().take(header::LOOKED_AT).map(text).collect();
    let (at, hits) = header::find(&top, mapping);
    let names = top.get(at)?;
    let says_text = |vocabulary: Vocabulary| {
        let mut meanings = names.iter().flat_map(|n| vocabulary.meanings(n).0);
        meanings.any(|(meaning, _)| meaning == Meaning::Text)
    };
    let fit = match hits {
        0 | 1 => Fit::Filled,
        _ if says_text(Vocabulary::Log) || says_text(Vocabulary::Complaints) => Fit::Text,
        _ => Fit::Header,
    };
    Some((fit, at))
}

fn rows(range: &Range<Data>, header_at: usize, sink: &mut Sink<'_>) -> Result<()> {
    let first_row = u64::from(range.start().map_or(0, |s| s.0)) + 1;
    let mut whole: Vec<Whole> = Vec::new();
    for (at, cells) in range.rows().enumerate().skip(header_at) {
        let row = first_row + at as u64;
        if at == header_at {
            let mut names: Vec<String> =
                cells.iter().map(|c| text_of(c, Whole::Time).trim().to_owned()).collect();
            while names.len() > 1 && names.last().is_some_and(String::is_empty) {
                names.pop();
            }
            whole = (0..names.len()).map(|column| days_only(range, header_at, column)).collect();
            if sink(Item::Header { names: &names })? == Flow::Stop {
                return Ok(());
            }
            continue;
        }
        let text: Vec<String> = cells.iter().zip(&whole).map(|(c, w)| text_of(c, *w)).collect();
        if text.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        let cells: Vec<&str> = text.iter().map(String::as_str).collect();
        if sink(Item::Row { row, cells: &cells, bad_bytes: false })? == Flow::Stop {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether the dates of a column have a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    /// No cell has one: midnight stands for the day.
    Day,
    /// Some cell has one: midnight is midnight.
    Time,
}

fn days_only(range: &Range<Data>, header_at: usize, column: usize) -> Whole {
    let mut cells = range.rows().skip(header_at + 1).filter_map(|r| r.get(column));
    let timed = cells.any(|c| match c {
        Data::DateTime(at) => at.as_f64().fract() > 0.0,
        _ => false,
    });
    if timed { Whole::Time } else { Whole::Day }
}

/// A cell as text, the same as a CSV export of the sheet would have it, dates in ISO form.
fn text_of(cell: &Data, whole: Whole) -> String {
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

/// An error of a library on one line.
fn one_line(text: &str) -> String {
    super::names::short(text)
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

//! One cell that holds a whole conversation, as some desks export it: its turns.
//!
//! A turn begins with a stamp and a name before a colon (`2024-01-05 09:03:11 Agent Li: ...`,
//! `[09:03] Customer: ...`), with a name and a stamp on a line of their own, with a name and the stamp
//! in brackets, or, without any stamp, with a word for a side that is known (`Customer: ...`). Lines
//! that begin no turn go on with the one before.

use chrono::{Datelike as _, NaiveDate, TimeDelta};

use super::html_text::html_text;
use super::sender;
use super::time_text::{Clock, Shape, scan};

/// Longest stamp, in bytes.
const LONGEST_STAMP: usize = 40;
/// Longest name, in characters: a colon far behind is one of the text.
const LONGEST_NAME: usize = 40;

/// One turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Turn {
    /// Its stamp as written; empty if it has none.
    pub(super) time: String,
    /// Who is said to have written it.
    pub(super) name: String,
    /// What was said.
    pub(super) text: String,
}

/// The turns of a cell, and what stood before the first.
pub(super) fn turns(cell: &str) -> (Vec<Turn>, String) {
    let html = cell.contains("<br") || cell.contains("</");
    let text = if html { html_text(cell) } else { cell.to_owned() };
    let (mut turns, mut before) = (Vec::<Turn>::new(), String::new());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if let Some(turn) = begin(line) {
            turns.push(turn);
            continue;
        }
        let into = turns.last_mut().map_or(&mut before, |turn| &mut turn.text);
        if !into.is_empty() {
            into.push('\n');
        }
        into.push_str(line);
    }
    (turns, before)
}

/// True for a stamp with a date, not a time of day alone.
pub(super) fn dated(time: &str) -> bool {
    scan(time).is_some_and(|parts| parts.shape != Shape::None)
}

/// The date that a cell begins with, as it is written.
pub(super) fn date_of(cell: &str) -> Option<&str> {
    let cell = cell.trim();
    let date = cell.split([' ', 'T']).next().filter(|d| d.len() <= LONGEST_STAMP)?;
    dated(date).then_some(date)
}

/// The day of turns that are stamped with a time of day alone.
pub(super) struct Day {
    /// As written.
    written: String,
    /// The same as a date; `None` where the order of day and month is open.
    date: Option<NaiveDate>,
    last: Option<Clock>,
}

/// A time of day earlier than the one before it by more hours than this is one of the next day; by
/// fewer, it is a clock that ran back.
const OVER_MIDNIGHT: i64 = 12;

impl Day {
    /// The first date that one of the cells begins with.
    pub(super) fn of(cells: &[&str]) -> Option<Self> {
        let written = cells.iter().find_map(|c| date_of(c))?;
        let date = match scan(written)?.shape {
            Shape::Numbers { numbers: [y, m, d], digits } if digits[0] == 4 => Some((y, m, d)),
            Shape::Named { year, month, day } => Some((year, month, day)),
            Shape::Numbers { .. } | Shape::None => None,
        };
        let date = date.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(i32::try_from(y).ok()?, m, d));
        Some(Self { written: written.to_owned(), date, last: None })
    }

    /// A time of day of the next turn with its date; `None` for a stamp that has its own, or none.
    pub(super) fn at(&mut self, time: &str) -> Option<String> {
        let parts = scan(time)?;
        if parts.shape != Shape::None {
            self.last = None;
            return None;
        }
        let clock = parts.clock?;
        let seconds = |c: Clock| i64::from(c.hour * 3600 + c.minute * 60 + c.second.unwrap_or(0));
        let back = self.last.map_or(0, |last| seconds(last) - seconds(clock));
        self.last = Some(clock);
        if back > OVER_MIDNIGHT * 3600
            && let Some(date) = self.date
        {
            let next = date.checked_add_signed(TimeDelta::days(1))?;
            self.date = Some(next);
            self.written = format!("{:04}-{:02}-{:02}", next.year(), next.month(), next.day());
        }
        Some(format!("{} {time}", self.written))
    }
}

fn begin(line: &str) -> Option<Turn> {
    bracketed(line).or_else(|| stamped(line)).or_else(|| trailing(line)).or_else(|| named(line))
}

/// `[09:03] Customer: text`.
fn bracketed(line: &str) -> Option<Turn> {
    let inner = line.strip_prefix(['[', '【'])?;
    let (time, rest) = inner.split_once([']', '】'])?;
    let time = is_stamp(time)?;
    let (name, text) = split_name(rest)?;
    Some(turn(time, name, text))
}

/// `2024-01-05 09:03:11 Customer: text`.
fn stamped(line: &str) -> Option<Turn> {
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let ends = line.char_indices().filter(|(_, c)| *c == ' ').map(|(at, _)| at);
    let ends: Vec<usize> = ends.take_while(|at| *at <= LONGEST_STAMP).take(3).collect();
    // The longest first: a date alone is no stamp of a turn.
    ends.into_iter().rev().find_map(|end| {
        let time = is_stamp(&line[..end])?;
        let (name, text) = split_name(line[end..].trim_start_matches([' ', '-']))?;
        Some(turn(time, name, text))
    })
}

/// `Customer 2024-01-05 09:03:11`, the text on the next lines; `Customer(2024-01-05 09:03:11): text`.
fn trailing(line: &str) -> Option<Turn> {
    if let Some((name, rest)) = line.split_once(['(', '（'])
        && let Some((time, text)) = rest.split_once([')', '）'])
        && let Some(time) = is_stamp(time)
    {
        let text = text.trim_start().strip_prefix([':', '：'])?;
        return Some(turn(time, is_name(name)?, text));
    }
    let starts = line.char_indices().filter(|(_, c)| *c == ' ').map(|(at, _)| at);
    let mut starts: Vec<usize> = starts.collect();
    starts.reverse();
    starts.truncate(2);
    starts.into_iter().rev().find_map(|at| {
        let time = is_stamp(&line[at..]).filter(|t| dated(t))?;
        Some(turn(time, is_name(&line[..at])?, ""))
    })
}

/// `Customer: text`, the name a word that is known.
fn named(line: &str) -> Option<Turn> {
    let (name, text) = split_name(line)?;
    sender::parse(name).map(|_| turn("", name, text))
}

fn turn(time: &str, name: &str, text: &str) -> Turn {
    Turn { time: time.to_owned(), name: name.to_owned(), text: text.trim().to_owned() }
}

/// A stamp with a time of day.
fn is_stamp(text: &str) -> Option<&str> {
    let text = text.trim();
    let short = !text.is_empty() && text.len() <= LONGEST_STAMP;
    let parts = if short { scan(text) } else { None };
    parts.filter(|p| p.clock.is_some()).map(|_| text)
}

fn split_name(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once([':', '：'])?;
    Some((is_name(name)?, rest))
}

fn is_name(name: &str) -> Option<&str> {
    let name = name.trim();
    let digits = name.starts_with(|c: char| c.is_ascii_digit());
    (!name.is_empty() && !digits && name.chars().count() <= LONGEST_NAME).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_turns() {
        let cell = "2025-01-05 09:03:11 客服小王: 您好：请讲\n第二行\n[09:04] Customer: it is 9:30 now\n\
                    访客 2025-01-05 09:05:00\n还在吗\n小李(2025/1/5 9:06:00): 好的\n客户：谢谢";
        let (turns, before) = turns(cell);
        let shown: Vec<_> =
            turns.iter().map(|t| (t.time.as_str(), t.name.as_str(), t.text.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("2025-01-05 09:03:11", "客服小王", "您好：请讲\n第二行"),
                ("09:04", "Customer", "it is 9:30 now"),
                ("2025-01-05 09:05:00", "访客", "还在吗"),
                ("2025/1/5 9:06:00", "小李", "好的"),
                ("", "客户", "谢谢"),
            ]
        );
        assert_eq!(before, "");
    }

    #[test]
    fn words_with_colons_are_no_turns() {
        for text in ["订单号: 5", "see https://example.org/a", "at 10:30 I wrote", "9:30", "你好"]
        {
            assert_eq!(turns(text).0, [], "{text}");
        }
    }

    #[test]
    fn dates_of_cells() {
        assert_eq!(date_of("2025-01-05 09:03:11"), Some("2025-01-05"));
        assert_eq!(date_of("2025/1/5"), Some("2025/1/5"));
        assert_eq!(date_of("S-17"), None);
        assert_eq!(date_of("09:03"), None);
    }
}

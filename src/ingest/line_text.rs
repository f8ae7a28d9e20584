//! The text that LINE exports of a chat. There is no specification; the shapes are those of other
//! tools' documents: a heading, a line with the date of each day, then time, name and text with tabs
//! between.
//!
//! A text of several lines stands in quotes. A quote that no line closes before the next message
//! begins was one that somebody wrote.

use super::Format;
use super::chat_text::{Line, coverage, of_the_app, read_lines, visible};
use super::look::Look;
use super::table::{Job, Sink};
use super::time_text::{Shape, scan};
use super::vendor_rows::VendorRow;
use crate::error::Result;
use crate::model::{Coverage, Kind};

/// A chat that LINE exported.
pub(super) struct LineText;

/// How the first line begins, in every language.
const HEADING: &str = "[LINE]";
/// Longest line with a date, in bytes.
const LONGEST_DATE: usize = 48;
/// What stands instead of something that is no text.
const MEDIA: [&str; 20] = [
    "[sticker]",
    "[photo]",
    "[video]",
    "[voice message]",
    "[file]",
    "[location]",
    "[contact]",
    "[スタンプ]",
    "[写真]",
    "[動画]",
    "[ボイスメッセージ]",
    "[ファイル]",
    "[位置情報]",
    "[貼圖]",
    "[照片]",
    "[影片]",
    "[語音訊息]",
    "[檔案]",
    "[贴图]",
    "[图片]",
];
/// Days of the week as they stand beside a date; the longest first.
const WEEKDAYS: [&str; 30] = [
    "wednesday",
    "thursday",
    "saturday",
    "tuesday",
    "monday",
    "friday",
    "sunday",
    "星期",
    "曜日",
    "週",
    "周",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "月",
    "火",
    "水",
    "木",
    "金",
    "土",
];

impl Format for LineText {
    fn name(&self) -> &'static str {
        "line"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let first = visible(look.text.lines().next()?);
        first
            .starts_with(HEADING)
            .then(|| "its first line begins with [LINE], as LINE exports a chat".to_owned())
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let mut date = String::new();
        let (mut quoted, mut after_blank) = (false, false);
        read_lines(job, sink, &mut |raw| {
            let line = visible(raw);
            let blank_before = std::mem::replace(&mut after_blank, line.trim().is_empty());
            if let Some(row) = message(&line, &date) {
                quoted = row.text.starts_with('"') && !closes(&row.text[1..]);
                return Line::Begins(Box::new(unquoted(row, quoted)));
            }
            let heading = date_of(&line);
            // A day begins after an empty line and names its weekday, quotes or not: one that was
            // swallowed would misdate all that follows.
            let day_begins = blank_before && heading.as_ref().is_some_and(|(_, weekday)| *weekday);
            if quoted && !day_begins {
                quoted = !closes(&line);
                let end = if quoted { line.as_str() } else { line.trim_end_matches('"') };
                return Line::GoesOn(end.replace("\"\"", "\""));
            }
            match heading {
                Some((found, _)) => {
                    quoted = false;
                    date = found;
                    Line::Heading
                }
                // Before the first day there is only the heading.
                None if date.is_empty() => Line::Heading,
                None => Line::GoesOn(line),
            }
        })
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(coverage())
    }

    fn in_time_order(&self) -> bool {
        true
    }

    fn caveat(&self) -> Option<&'static str> {
        super::whatsapp::WhatsApp.caveat()
    }
}

/// True if a line ends the quotes: doubled ones stand for one that was written.
fn closes(text: &str) -> bool {
    let quotes = text.len() - text.trim_end_matches('"').len();
    quotes % 2 == 1
}

/// The text without the quotes around it.
fn unquoted(mut row: VendorRow, open: bool) -> VendorRow {
    if let Some(inner) = row.text.strip_prefix('"') {
        let inner = if open { Some(inner) } else { inner.strip_suffix('"') };
        // Only a text of several lines is quoted: one line in quotes is what somebody wrote.
        if let Some(inner) = inner.filter(|_| open) {
            row.text = inner.replace("\"\"", "\"");
        }
    }
    row
}

/// A message or a line of the app on this day.
fn message(line: &str, date: &str) -> Option<VendorRow> {
    let mut parts = line.splitn(3, '\t');
    let clock = parts.next()?.trim().replace("午前", "上午").replace("午後", "下午");
    let time = scan(&clock).filter(|p| p.clock.is_some() && p.shape == Shape::None);
    let (second, text) = (parts.next()?, parts.next());
    time?;
    let stamp = format!("{date} {clock}");
    let Some(text) = text.filter(|_| !second.trim().is_empty()) else {
        return Some(of_the_app(stamp, text.unwrap_or(second).trim()));
    };
    let row = VendorRow { sender: second.trim().to_owned(), ..VendorRow::default() }.at(stamp);
    let lower = text.trim().to_lowercase();
    Some(if MEDIA.contains(&lower.as_str()) {
        VendorRow { event: "attachment".to_owned(), ..row }
    } else if text.trim().is_empty() {
        row.of(Kind::Other)
    } else {
        VendorRow { text: text.to_owned(), ..row }
    })
}

/// The date of a line that is one, and whether a day of the week stood beside it.
fn date_of(line: &str) -> Option<(String, bool)> {
    let line = line.trim();
    if line.is_empty() || line.len() > LONGEST_DATE || line.contains('\t') {
        return None;
    }
    let mut rest = line.to_lowercase();
    // 年, 月 and 日 behind a number are of the date; what is left must be the day of the week.
    let mut date = String::new();
    let mut other = String::new();
    let mut digit = false;
    for c in rest.chars() {
        let of_date = c.is_ascii_digit() || "./-".contains(c) || (digit && "年月日".contains(c));
        digit = c.is_ascii_digit();
        if of_date {
            date.push(c);
        } else if !c.is_whitespace() && !",()（）".contains(c) {
            other.push(c);
        }
    }
    rest = other;
    let weekday = !rest.is_empty();
    for word in WEEKDAYS.iter().chain(&["日"]) {
        rest = rest.replace(word, "");
    }
    let date = date.trim_matches(['.', '/', '-']).to_owned();
    let parts = scan(&date)?;
    let whole = parts.clock.is_none() && parts.shape != Shape::None && date.len() >= 6;
    (whole && rest.is_empty() && date.contains(['.', '/', '-', '月'])).then_some((date, weekday))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_languages() {
        let cases = [
            ("2024.01.15 Monday", Some("2024.01.15")),
            ("Mon, 1/15/2024", Some("1/15/2024")),
            ("2024/01/15(月)", Some("2024/01/15")),
            ("2024/1/15（週一）", Some("2024/1/15")),
            ("2024年1月15日 星期一", Some("2024年1月15日")),
            ("2024/01/15", Some("2024/01/15")),
            ("call 2024/01/15", None),
            ("3.50", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(date_of(line).as_ref().map(|d| d.0.as_str()), expected, "{line}");
        }
    }

    #[test]
    fn messages_and_lines_of_the_app() {
        let row =
            |line: &str| message(line, "2024/01/15").map(|r| (r.time, r.sender, r.text, r.event));
        let text = |s: &str| s.to_owned();
        let day = |clock: &str| format!("2024/01/15 {clock}");
        assert_eq!(
            row("午後9:30\tAki\thello\tyou"),
            Some((day("下午9:30"), text("Aki"), text("hello\tyou"), text("")))
        );
        assert_eq!(
            row("9:30 PM\tAki joined"),
            Some((day("9:30 PM"), text("system"), text("Aki joined"), text("other")))
        );
        assert_eq!(row("21:30\tAki\t[スタンプ]").unwrap().3, "attachment");
        assert_eq!(row("soon\tAki\thello"), None);
    }
}

//! Stamps out of text: the instant, how fine it was written, and where its zone comes from.
//!
//! A local time that the clocks skip is read with the offset from before the change (a clock that
//! was not put forward wrote it, so it stays behind the rows before it); one that they repeat is the
//! first of the two. Source: RFC 5545, section 3.3.5. Either is told to the caller.

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::time_layout::{Layout, only_layout};
use super::time_text::{Parts, Shape, century, scan};
use crate::model::{Precision, ProblemKind, Stamp};

/// Milliseconds from the Unix epoch to the epoch of Twitter's ids, whose upper bits are a time
/// (github.com/twitter-archive/snowflake).
const SNOWFLAKE_EPOCH_MS: i64 = 1_288_834_974_657;
/// Day 0 of a spreadsheet's serial dates.
const SERIAL_EPOCH: (i32, u32, u32) = (1899, 12, 30);

/// A stamp and whether its zone stood in the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// The stamp.
    pub(super) stamp: Stamp,
    /// True if zone or offset stood with it (seconds since 1970 are UTC).
    pub(super) zoned: bool,
    /// Date and time as written, before any zone.
    pub(super) local: NaiveDateTime,
    /// The change of the clocks that the time of day was repaired for.
    pub(super) repaired: Option<ProblemKind>,
}

/// How the stamps of one column are read.
#[derive(Clone, Debug)]
pub(super) struct TimeReader {
    /// Zone of stamps without one.
    pub(super) zone: Tz,
    /// `time_format` of the mapping.
    pub(super) format: Option<String>,
    /// Order of day and month, decided over the whole file.
    pub(super) layout: Option<Layout>,
}

impl TimeReader {
    /// Reads a stamp; `None` if it is none.
    pub(super) fn read(&self, text: &str) -> Option<Read> {
        let text = text.trim();
        match self.format.as_deref() {
            None => self.any(text),
            Some("epoch") => decimal(text, 1000),
            Some("epoch_ms") => decimal(text, 1),
            Some("snowflake") => {
                let ms = (text.parse::<i64>().ok()? >> 22) + SNOWFLAKE_EPOCH_MS;
                instant(ms, Precision::Milli)
            }
            Some(format) => self.formatted(text, format),
        }
    }

    fn any(&self, text: &str) -> Option<Read> {
        let number = text.len() >= 5 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if number && let Some(read) = self.number(text) {
            return Some(read);
        }
        let parts = scan(text)?;
        let date = self.date(&parts)?;
        let (time, precision) = match parts.clock {
            None => (NaiveTime::MIN, Precision::Day),
            Some(c) => {
                let milli = c.milli.unwrap_or(0);
                let time =
                    NaiveTime::from_hms_milli_opt(c.hour, c.minute, c.second.unwrap_or(0), milli)?;
                let precision = match (c.second, c.milli) {
                    (_, Some(_)) => Precision::Milli,
                    (Some(_), None) => Precision::Second,
                    (None, None) => Precision::Minute,
                };
                (time, precision)
            }
        };
        let local = date.and_time(time);
        match parts.offset {
            Some(seconds) => {
                let at = local.checked_sub_signed(Duration::seconds(i64::from(seconds)))?.and_utc();
                Some(Read { stamp: Stamp { at, precision }, zoned: true, local, repaired: None })
            }
            None => self.local(local, precision),
        }
    }

    /// A stamp in a form that every reader knows, as precise as it is; a local one stays local, so that
    /// its zone is told as not in the data.
    pub(super) fn in_common_form(&self, text: &str) -> Option<String> {
        let read = self.read(text)?;
        let form = match read.stamp.precision {
            Precision::Day => "%Y-%m-%d",
            Precision::Minute => "%Y-%m-%dT%H:%M",
            Precision::Second => "%Y-%m-%dT%H:%M:%S",
            Precision::Milli => "%Y-%m-%dT%H:%M:%S%.3f",
        };
        let zoned = read.zoned && read.stamp.precision != Precision::Day;
        Some(if zoned {
            format!("{}Z", read.stamp.at.format(form))
        } else {
            read.local.format(form).to_string()
        })
    }

    fn date(&self, parts: &Parts) -> Option<NaiveDate> {
        let (year, month, day) = match parts.shape {
            Shape::Named { year, month, day } => (year, month, day),
            Shape::Numbers { numbers, digits } if digits[0] == 4 => {
                (numbers[0], numbers[1], numbers[2])
            }
            Shape::Numbers { numbers, digits }
                if digits[0] <= 2 && matches!(digits[2], 1 | 2 | 4) =>
            {
                let layout = self.layout.or_else(|| only_layout(numbers, digits[2]))?;
                let (year, month, day) = layout.order(numbers);
                (century(year), month, day)
            }
            Shape::Numbers { .. } | Shape::None => return None,
        };
        checked(NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?)
    }

    /// A stamp that is a number alone: seconds or milliseconds since 1970, digits of a date and
    /// time, or a spreadsheet's serial day.
    fn number(&self, text: &str) -> Option<Read> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        match (whole.len(), fraction.is_empty()) {
            (10, _) => decimal(text, 1000),
            (13, _) => decimal(whole, 1),
            (16, true) => decimal(&whole[..13], 1),
            (14, true) => self.formatted(text, "%Y%m%d%H%M%S"),
            (12, true) => self.formatted(text, "%Y%m%d%H%M"),
            (5, _) => self.serial(text),
            _ => None,
        }
    }

    fn serial(&self, text: &str) -> Option<Read> {
        let days: f64 = text.parse().ok()?;
        let (y, m, d) = SERIAL_EPOCH;
        let start = NaiveDate::from_ymd_opt(y, m, d)?.and_time(NaiveTime::MIN);
        // The digits of a serial carry a little less than a millisecond: whole seconds are meant.
        #[expect(clippy::cast_possible_truncation, reason = "five digits of days fit")]
        let seconds = (days * 86_400.0).round() as i64;
        let precision = if text.contains('.') { Precision::Second } else { Precision::Day };
        self.local(start.checked_add_signed(Duration::seconds(seconds))?, precision)
    }

    fn formatted(&self, text: &str, format: &str) -> Option<Read> {
        let precision = precision(format);
        let local = if let Ok(at) = DateTime::parse_from_str(text, format) {
            let (local, at) = (at.naive_local(), at.with_timezone(&Utc));
            checked(local.date())?;
            return Some(Read {
                stamp: Stamp { at, precision },
                zoned: true,
                local,
                repaired: None,
            });
        } else if precision == Precision::Day {
            NaiveDate::parse_from_str(text, format).ok()?.and_time(NaiveTime::MIN)
        } else {
            NaiveDateTime::parse_from_str(text, format).ok()?
        };
        checked(local.date())?;
        self.local(local, precision)
    }

    fn local(&self, local: NaiveDateTime, precision: Precision) -> Option<Read> {
        let (at, repaired) = to_utc(self.zone, local)?;
        // The midnight of a day alone is ours, not the export's.
        let repaired = repaired.filter(|_| precision != Precision::Day);
        Some(Read { stamp: Stamp { at, precision }, zoned: false, local, repaired })
    }
}

/// A date between 1970 and 2200; others are placeholders, not stamps.
fn checked(date: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    (1970..=2200).contains(&date.year()).then_some(date)
}

/// The instant that a local time means, and the change of the clocks it was repaired for.
fn to_utc(zone: Tz, local: NaiveDateTime) -> Option<(DateTime<Utc>, Option<ProblemKind>)> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Some((at.with_timezone(&Utc), None)),
        LocalResult::Ambiguous(a, b) => {
            Some((a.min(b).with_timezone(&Utc), Some(ProblemKind::RepeatedHour)))
        }
        LocalResult::None => (1..=96).find_map(|quarters| {
            let step = Duration::minutes(15 * quarters);
            let before = zone.from_local_datetime(&local.checked_sub_signed(step)?).latest()?;
            let at = before.with_timezone(&Utc).checked_add_signed(step)?;
            Some((at, Some(ProblemKind::SkippedHour)))
        }),
    }
}

/// The precision that a format writes.
fn precision(format: &str) -> Precision {
    let has = |parts: &[&str]| parts.iter().any(|p| format.contains(p));
    if has(&["%f", "%.f", "%3f", "%.3f", "%6f", "%.6f"]) {
        Precision::Milli
    } else if has(&["%S", "%T", "%X", "%r", "%c", "%s", "%+"]) {
        Precision::Second
    } else if has(&["%M", "%R"]) {
        Precision::Minute
    } else {
        Precision::Day
    }
}

/// A decimal number of seconds (`unit` 1000) or milliseconds (`unit` 1) since 1970.
fn decimal(text: &str, unit: i64) -> Option<Read> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut ms = whole.parse::<i64>().ok()?.checked_mul(unit)?;
    let mut precision = if unit == 1 { Precision::Milli } else { Precision::Second };
    // `1704412991.0` is a whole number that passed through a float.
    if unit == 1000 && fraction.bytes().any(|b| b != b'0') {
        let digits: String = fraction.chars().chain("00".chars()).take(3).collect();
        ms = ms.checked_add(digits.parse().ok()?)?;
        precision = Precision::Milli;
    }
    instant(ms, precision)
}

fn instant(ms: i64, precision: Precision) -> Option<Read> {
    let at = DateTime::from_timestamp_millis(ms)?;
    checked(at.date_naive())?;
    let stamp = Stamp { at, precision };
    Some(Read { stamp, zoned: true, local: at.naive_utc(), repaired: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Precision, bool)> {
        read_as(text, chrono_tz::Asia::Shanghai, None, None)
    }

    fn read_as(
        text: &str,
        zone: Tz,
        format: Option<&str>,
        layout: Option<Layout>,
    ) -> Option<(String, Precision, bool)> {
        let reader = TimeReader { zone, format: format.map(str::to_owned), layout };
        let read = reader.read(text)?;
        let at = read.stamp.at.format("%Y-%m-%dT%H:%M:%S%.3f").to_string();
        Some((at, read.stamp.precision, read.zoned))
    }

    #[test]
    fn the_ways_people_write_a_time() {
        use Precision::{Day, Milli, Minute, Second};
        let nine = "2024-01-05T01:03:00.000"; // 9:03 in Shanghai
        let cases = [
            ("2024-01-05 09:03:00", nine, Second, false),
            ("2024-01-05T09:03:00", nine, Second, false),
            ("2024-01-05T01:03:00Z", nine, Second, true),
            ("2024-01-05T01:03:00.5Z", "2024-01-05T01:03:00.500", Milli, true),
            ("2024-01-05T09:03:00.123456+08:00", "2024-01-05T01:03:00.123", Milli, true),
            ("2024-01-05 09:03:00 +0800", nine, Second, true),
            ("2024/1/5 9:03", nine, Minute, false),
            ("2024年1月5日 9:03", nine, Minute, false),
            ("2024年1月5日上午9时03分00秒", nine, Second, false),
            ("2024年01月05日 下午 3:04", "2024-01-05T07:04:00.000", Minute, false),
            ("2024-1-5 12:30 AM", "2024-01-04T16:30:00.000", Minute, false),
            ("２０２４－０１－０５　０９：０３", nine, Minute, false),
            ("5 Jan 2024 09:03", nine, Minute, false),
            ("Jan 5, 2024 9:03 AM", nine, Minute, false),
            ("Fri, 05 Jan 2024 01:03:00 GMT", nine, Second, true),
            ("Fri Jan 05 01:03:00 +0000 2024", nine, Second, true),
            ("22-Apr-15", "2015-04-21T16:00:00.000", Day, false),
            ("2024-01-05", "2024-01-04T16:00:00.000", Day, false),
            ("20240105", "2024-01-04T16:00:00.000", Day, false),
            ("20240105090300", nine, Second, false),
            ("1704416580", nine, Second, true),
            ("1704416580.0", nine, Second, true),
            ("1704416580123", "2024-01-05T01:03:00.123", Milli, true),
            ("45296.377083333333", nine, Second, false),
            ("45296", "2024-01-04T16:00:00.000", Day, false),
            ("13/1/2024 9:03", "2024-01-13T01:03:00.000", Minute, false),
        ];
        for (text, at, precision, zoned) in cases {
            assert_eq!(read(text), Some((at.to_owned(), precision, zoned)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "-",
            "n/a",
            "1/5/2024 9:03",
            "22-04-15",
            "9:03",
            "2024-13-05",
            "2024-02-30 09:00",
            "2024-01-05 25:00",
            "0001-01-01 00:00:00",
            "2024-01-05 09:03 CST",
            "1.7E+12",
            "12345678901",
            "下午",
            "2024-01-05 +08:00",
            "2024",
            "999999999999999999999999",
            "２０２４年",
            "5月",
            "：：：",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn layouts_and_formats() {
        let zone = chrono_tz::UTC;
        let at = |day: &str| Some((format!("{day}T15:04:00.000"), Precision::Minute, false));
        let text = "1/5/2024 3:04 PM";
        assert_eq!(read_as(text, zone, None, Some(Layout::Mdy)), at("2024-01-05"));
        assert_eq!(read_as(text, zone, None, Some(Layout::Dmy)), at("2024-05-01"));
        assert_eq!(read_as(text, zone, Some("%d/%m/%Y %I:%M %p"), None), at("2024-05-01"));
        let snowflake = read_as("1212092628029698048", zone, Some("snowflake"), None).unwrap();
        assert_eq!(snowflake.0, "2019-12-31T19:26:16.771");
    }

    #[test]
    fn skipped_and_repeated_hours_are_read_by_the_rule_and_told() {
        let zone = chrono_tz::Europe::Berlin;
        let at = |text: &str| {
            let reader = TimeReader { zone, format: None, layout: None };
            let read = reader.read(text).unwrap();
            (read.stamp.at.format("%dT%H:%M").to_string(), read.repaired)
        };
        // On 31 March 2024 Berlin's clocks go from 02:00 (+01:00) to 03:00 (+02:00).
        assert_eq!(at("2024-03-31 01:59:00"), ("31T00:59".to_owned(), None));
        let skipped = Some(ProblemKind::SkippedHour);
        assert_eq!(at("2024-03-31 02:30:00"), ("31T01:30".to_owned(), skipped));
        assert_eq!(at("2024-03-31 03:00:00"), ("31T01:00".to_owned(), None));
        // On 27 October 2024 they go back from 03:00 (+02:00) to 02:00 (+01:00).
        let repeated = Some(ProblemKind::RepeatedHour);
        assert_eq!(at("2024-10-27 02:30:00"), ("27T00:30".to_owned(), repeated));
        assert_eq!(at("2024-10-27 03:00:00"), ("27T02:00".to_owned(), None));
        assert_eq!(at("2024-10-27 02:30:00 +0100"), ("27T01:30".to_owned(), None));
        // Samoa had no 30 December 2011: the gap is a day long, and a date alone is no fault.
        let reader = TimeReader { zone: chrono_tz::Pacific::Apia, format: None, layout: None };
        assert_eq!(reader.read("2011-12-30 12:00:00").unwrap().repaired, skipped);
        assert_eq!(reader.read("2011-12-30").unwrap().repaired, None);
    }
}

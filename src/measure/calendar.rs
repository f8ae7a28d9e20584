//! Service hours (METRICS, section 2): how much of a wait lies inside the hours a desk says it is
//! open. Without a calendar every wait has its wall-clock length only.
//!
//! ```toml
//! time_zone = "Asia/Shanghai"          # else the zone of the run
//! [hours]                              # `daily`, or single days: mon ... sun
//! daily = ["09:00-12:00", "13:00-21:00"]
//! sun = []                             # closed
//! [days]                               # exceptions: holidays, make-up working days
//! "2024-10-01" = []
//! "2024-10-12" = ["09:00-18:00"]
//! ```

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use sha2::{Digest, Sha256};

const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES_OF_DAY: u32 = 24 * 60;

/// When a desk is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Minutes of the day from and to (exclusive); a span over midnight ends above 1,440.
    week: [Vec<(u32, u32)>; 7],
    days: BTreeMap<NaiveDate, Vec<(u32, u32)>>,
    zone: Tz,
    sha256: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    time_zone: Option<String>,
    hours: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    days: BTreeMap<String, Vec<String>>,
}

impl Calendar {
    /// Reads a calendar; `zone` holds where the file names none.
    ///
    /// # Errors
    /// One line saying what cannot be read: no TOML, no such zone, day or span, spans that overlap, or
    /// a week without an open hour.
    pub fn from_toml(text: &str, zone: Tz) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string().replace('\n', " "))?;
        let zone = match file.time_zone {
            Some(name) => name.parse().map_err(|_| format!("time_zone {name}: no such zone"))?,
            None => zone,
        };
        let daily = file.hours.get("daily").map(|s| spans("daily", s)).transpose()?;
        let mut week: [Vec<(u32, u32)>; 7] =
            std::array::from_fn(|_| daily.clone().unwrap_or_default());
        for (name, given) in file.hours.iter().filter(|(name, _)| *name != "daily") {
            let day = DAY_NAMES.iter().position(|day| day == name).ok_or_else(|| {
                format!(
                    "[hours] {name}: no such day; write daily, mon, tue, wed, thu, fri, sat or sun"
                )
            })?;
            week[day] = spans(name, given)?;
        }
        if week.iter().all(Vec::is_empty) {
            return Err("[hours]: no hour of the week is open".to_owned());
        }
        let days = file
            .days
            .iter()
            .map(|(date, given)| {
                let day = date.parse().map_err(|_| format!("[days] {date}: no date YYYY-MM-DD"))?;
                Ok((day, spans(date, given)?))
            })
            .collect::<Result<_, String>>()?;
        let digest = Sha256::digest(text.as_bytes());
        let sha256 = digest.iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
        Ok(Self { week, days, zone, sha256 })
    }

    /// SHA-256 of the file, in hexadecimal: it stands in the report.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Milliseconds between two instants (Unix milliseconds) that lie inside service hours.
    #[must_use]
    pub fn open_ms(&self, from: i64, to: i64) -> i64 {
        let Some((start, end)) = instant(from).zip(instant(to)).filter(|(a, b)| a < b) else {
            return 0;
        };
        // A span over midnight belongs to the day before.
        let first = start.with_timezone(&self.zone).date_naive() - Days::new(1);
        let last = end.with_timezone(&self.zone).date_naive();
        first.iter_days().take_while(|day| *day <= last).map(|day| self.of_day(day, from, to)).sum()
    }

    /// Whether the desk is open at an instant.
    #[must_use]
    pub fn is_open(&self, at: i64) -> bool {
        self.open_ms(at, at + 1) > 0
    }

    fn of_day(&self, day: NaiveDate, from: i64, to: i64) -> i64 {
        let week = &self.week[day.weekday().num_days_from_monday() as usize];
        let spans = self.days.get(&day).unwrap_or(week);
        spans
            .iter()
            .map(|(open, close)| {
                let (open, close) = (self.at(day, *open), self.at(day, *close));
                (close.min(to) - open.max(from)).max(0)
            })
            .sum()
    }

    /// The instant of a local minute. One that the clock skips in spring is the first after the gap;
    /// of one that comes twice in autumn the first is meant.
    fn at(&self, day: NaiveDate, minute: u32) -> i64 {
        let local = day.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
        let found = (0..=4).find_map(|half_hours| {
            self.zone.from_local_datetime(&(local + TimeDelta::minutes(30 * half_hours))).earliest()
        });
        found.map_or_else(|| local.and_utc().timestamp_millis(), |at| at.timestamp_millis())
    }
}

fn instant(ms: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(ms)
}

/// `09:00-21:00`, in order and apart; an end at or before the start lies on the next day.
fn spans(name: &str, given: &[String]) -> Result<Vec<(u32, u32)>, String> {
    let mut out = Vec::new();
    for text in given {
        let wrong = || format!("{name}: {text:?} is no span of hours; write \"09:00-21:00\"");
        let (open, close) = text.split_once('-').ok_or_else(wrong)?;
        let (open, close) = minute(open).zip(minute(close)).ok_or_else(wrong)?;
        if open >= MINUTES_OF_DAY {
            return Err(wrong());
        }
        out.push((open, if close <= open { close + MINUTES_OF_DAY } else { close }));
    }
    out.sort_unstable();
    if out.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err(format!("{name}: the spans overlap"));
    }
    Ok(out)
}

/// `9:05` or `24:00` as a minute of the day.
fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && hour <= 24 && total <= MINUTES_OF_DAY).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: &str = r#"
        [hours]
        daily = ["09:00-12:00", "13:00-18:00"]
        sat = ["22:00-02:00"]
        sun = []
        [days]
        "2024-10-01" = []
    "#;

    fn ms(local: &str) -> i64 {
        let at = chrono::NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        chrono_tz::Asia::Shanghai.from_local_datetime(&at).unwrap().timestamp_millis()
    }

    fn hours(from: &str, to: &str) -> i64 {
        let calendar = Calendar::from_toml(DESK, chrono_tz::Asia::Shanghai).unwrap();
        let open = calendar.open_ms(ms(from), ms(to));
        assert_eq!(open % 3_600_000, 0, "whole hours");
        open / 3_600_000
    }

    #[test]
    fn hours_of_a_wait_by_hand() {
        // 2024-09-30 is a Monday, 2024-10-01 a closed day, 2024-10-05 a Saturday.
        assert_eq!(hours("2024-09-30 10:00", "2024-09-30 11:00"), 1);
        assert_eq!(hours("2024-09-30 11:00", "2024-09-30 14:00"), 2, "lunch is closed");
        assert_eq!(hours("2024-09-30 17:00", "2024-10-02 10:00"), 2, "a night, a holiday, a night");
        assert_eq!(hours("2024-10-05 20:00", "2024-10-06 12:00"), 4, "over midnight");
        assert_eq!(hours("2024-10-06 03:00", "2024-10-06 23:00"), 0);
        assert_eq!(hours("2024-09-30 11:00", "2024-09-30 11:00"), 0);
    }

    #[test]
    fn a_day_of_24_hours_is_the_wall_clock_in_every_zone() {
        let zone = chrono_tz::America::New_York;
        let calendar = Calendar::from_toml("[hours]\ndaily = [\"00:00-24:00\"]", zone).unwrap();
        // Over both changes of the clock of 2024.
        let (from, to) = (ms("2024-03-01 00:00"), ms("2024-12-01 07:13"));
        assert_eq!(calendar.open_ms(from, to), to - from);
        assert!(calendar.is_open(from) && calendar.is_open(to));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |text: &str| Calendar::from_toml(text, chrono_tz::UTC).unwrap_err();
        assert!(wrong("[hours]\nmonday = [\"9:00-17:00\"]").contains("monday"));
        assert!(wrong("[hours]\nmon = [\"9-17\"]").contains("9-17"));
        assert!(wrong("[hours]\nmon = [\"9:00-17:00\", \"16:00-18:00\"]").contains("overlap"));
        assert!(wrong("[hours]\nmon = []").contains("no hour"));
        assert!(wrong("[hours]\nmon = [\"9:00-17:00\"]\n[days]\n\"5 May\" = []").contains("5 May"));
        assert!(wrong("time_zone = \"Mars\"\n[hours]\nmon = [\"9:00-17:00\"]").contains("Mars"));
    }
}

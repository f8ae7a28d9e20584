//! The parts of a date and time in text, whatever the order they are written in. What they mean is
//! decided in [`super::time`].

use super::names::half_width;

/// What was found of the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Three numbers in a row, with how many digits each was written.
    Numbers {
        /// The numbers.
        numbers: [u32; 3],
        /// Their digits.
        digits: [usize; 3],
    },
    /// A month by name or sign, so that no order is open.
    Named {
        /// Year, four digits.
        year: u32,
        /// Month.
        month: u32,
        /// Day.
        day: u32,
    },
    /// A time of day alone.
    None,
}

/// Time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// Hour, 0-23.
    pub(super) hour: u32,
    /// Minute.
    pub(super) minute: u32,
    /// Second, where written.
    pub(super) second: Option<u32>,
    /// Milliseconds, where written.
    pub(super) milli: Option<u32>,
}

/// The parts of a stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The date.
    pub(super) shape: Shape,
    /// The time of day.
    pub(super) clock: Option<Clock>,
    /// Offset from UTC in seconds, where written.
    pub(super) offset: Option<i32>,
}

/// Longest text that is looked at as a stamp.
const LONGEST: usize = 64;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Half of the day that a word names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

/// The state of a scan.
#[derive(Default)]
struct Scan {
    chars: Vec<char>,
    at: usize,
    numbers: Vec<(u32, usize)>,
    month: Option<(usize, u32)>,
    clock: Option<Clock>,
    half: Option<Half>,
    offset: Option<i32>,
}

/// The parts of a text; `None` if something in it belongs to no stamp.
pub(super) fn scan(text: &str) -> Option<Parts> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    iso(text.as_bytes()).or_else(|| by_character(text))
}

/// The same for any way to write it.
fn by_character(text: &str) -> Option<Parts> {
    let chars = text.chars().map(half_width).flat_map(char::to_lowercase).collect();
    let mut scan = Scan { chars, ..Scan::default() };
    while scan.at < scan.chars.len() {
        scan.step()?;
    }
    let clock = match (scan.clock, scan.half) {
        (Some(clock), half) => Some(on_24_hours(clock, half)?),
        (None, None) => None,
        (None, Some(_)) => return None,
    };
    if scan.offset.is_some() && clock.is_none() {
        return None;
    }
    Some(Parts { shape: scan.shape()?, clock, offset: scan.offset })
}

/// The commonest way to write a stamp, without looking at one character after another:
/// `2024-01-05T09:03:00`, with a space for the T, with a fraction, with an offset or Z behind.
/// `None` leaves it to [`Scan`].
fn iso(text: &[u8]) -> Option<Parts> {
    let (date, rest) = text.split_first_chunk::<10>()?;
    let (clock, rest) = rest.split_first_chunk::<9>()?;
    let marks = [date[4], date[7], clock[3], clock[6]];
    if marks != *b"--::" || !matches!(clock[0], b'T' | b' ') {
        return None;
    }
    let two = |bytes: &[u8]| match bytes {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(u32::from(a - b'0') * 10 + u32::from(b - b'0')),
        _ => None,
    };
    let numbers = [two(&date[..2])? * 100 + two(&date[2..4])?, two(&date[5..7])?, two(&date[8..])?];
    let (hour, minute, second) = (two(&clock[1..3])?, two(&clock[4..6])?, two(&clock[7..])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (milli, rest) = match rest {
        [b'.', rest @ ..] => {
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let (fraction, rest) = rest.split_at(digits);
            let three = fraction.iter().chain(b"00").take(3);
            let milli = three.fold(0, |v, b| v * 10 + u32::from(b - b'0'));
            if digits == 0 {
                return None;
            }
            (Some(milli), rest)
        }
        rest => (None, rest),
    };
    let offset = match rest {
        [] => None,
        b"Z" => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(&[*h1, *h2])?, two(&[*m1, *m2])?);
            if hours > 15 || minutes > 59 {
                return None;
            }
            let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
            Some(if *sign == b'+' { seconds } else { -seconds })
        }
        _ => return None,
    };
    let clock = Some(Clock { hour, minute, second: Some(second), milli });
    Some(Parts { shape: Shape::Numbers { numbers, digits: [4, 2, 2] }, clock, offset })
}

impl Scan {
    fn step(&mut self) -> Option<()> {
        let c = self.chars[self.at];
        if c.is_ascii_digit() {
            return self.digits();
        }
        if c.is_alphabetic() {
            return self.word();
        }
        if self.clock.is_some() && matches!(c, '+' | '-' | '−') {
            return self.signed_offset(if c == '+' { 1 } else { -1 });
        }
        matches!(c, '-' | '/' | '.' | ',' | ' ' | '(' | ')' | '\u{a0}' | '\u{202f}')
            .then(|| self.at += 1)
    }

    /// Digits from here: value and how many.
    fn number(&mut self) -> Option<(u32, usize)> {
        let from = self.at;
        let mut value: u32 = 0;
        while let Some(d) = self.chars.get(self.at).and_then(|c| c.to_digit(10)) {
            value = value.checked_mul(10)?.checked_add(d)?;
            self.at += 1;
        }
        (self.at > from).then_some((value, self.at - from))
    }

    fn eat(&mut self, any: &[char]) -> bool {
        let hit = self.chars.get(self.at).is_some_and(|c| any.contains(c));
        self.at += usize::from(hit);
        hit
    }

    fn digits(&mut self) -> Option<()> {
        let (value, digits) = self.number()?;
        if self.clock.is_none() && self.eat(&[':', '时', '点']) {
            return self.time_of_day(value);
        }
        if self.eat(&['年']) {
            self.numbers.push((value, digits));
        } else if self.eat(&['月']) {
            self.month = Some((self.numbers.len(), value));
        } else {
            self.eat(&['日', '号']);
            self.numbers.push((value, digits));
        }
        Some(())
    }

    fn time_of_day(&mut self, hour: u32) -> Option<()> {
        let (minute, _) = self.number()?;
        let (mut second, mut milli) = (None, None);
        if self.eat(&[':', '分']) {
            if let Some((value, _)) = self.number() {
                second = Some(value);
                self.eat(&['秒']);
            }
            if second.is_some() && self.eat(&['.', ',']) {
                milli = Some(self.fraction()?);
            }
        }
        if hour > 23 || minute > 59 || second.unwrap_or(0) > 59 {
            return None;
        }
        self.clock = Some(Clock { hour, minute, second, milli });
        Some(())
    }

    /// Digits of a fraction of a second as milliseconds, the rest cut off.
    fn fraction(&mut self) -> Option<u32> {
        let from = self.at;
        while self.chars.get(self.at).is_some_and(char::is_ascii_digit) {
            self.at += 1;
        }
        let digits = self.chars[from..self.at].iter().chain([&'0', &'0']).take(3);
        (self.at > from).then(|| digits.fold(0, |v, d| v * 10 + d.to_digit(10).unwrap_or(0)))
    }

    fn word(&mut self) -> Option<()> {
        let from = self.at;
        let han = |c: char| !c.is_ascii();
        let kind = han(self.chars[from]);
        while self.chars.get(self.at).is_some_and(|c| c.is_alphabetic() && han(*c) == kind) {
            self.at += 1;
        }
        let word: String = self.chars[from..self.at].iter().collect();
        let word = word.as_str();
        match word {
            "t" | "at" | "of" | "st" | "nd" | "rd" | "th" => {}
            "z" | "utc" | "gmt" => self.offset = Some(0),
            "am" | "a" | "上午" | "早上" | "凌晨" => self.half = Some(Half::Morning),
            "pm" | "p" | "下午" | "晚上" | "傍晚" | "中午" => {
                self.half = Some(Half::Afternoon);
            }
            "m" if self.half.is_some() => {}
            _ if word.starts_with("星期") || word.starts_with('周') => {}
            _ => return self.month_or_day(word),
        }
        Some(())
    }

    fn month_or_day(&mut self, word: &str) -> Option<()> {
        let start = word.get(..3)?;
        if word.len() > 9 {
            return None;
        }
        if let Some(month) = MONTHS.iter().position(|m| *m == start) {
            if self.month.is_some() {
                return None;
            }
            self.month = Some((self.numbers.len(), u32::try_from(month).ok()? + 1));
            return Some(());
        }
        DAYS.contains(&start).then_some(())
    }

    fn signed_offset(&mut self, sign: i32) -> Option<()> {
        self.at += 1;
        let (value, digits) = self.number()?;
        let (hours, minutes) = match digits {
            1 | 2 if self.eat(&[':']) => (value, self.number()?.0),
            1 | 2 => (value, 0),
            4 => (value / 100, value % 100),
            _ => return None,
        };
        if hours > 15 || minutes > 59 {
            return None;
        }
        self.offset = Some(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?);
        Some(())
    }

    fn shape(&self) -> Option<Shape> {
        let full = |(year, digits): (u32, usize)| match digits {
            4 => Some(year),
            2 => Some(century(year)),
            _ => None,
        };
        match (self.month, self.numbers.as_slice()) {
            (None, []) => Some(Shape::None),
            (None, [(n, 8)]) => {
                Some(Shape::Named { year: n / 10_000, month: n / 100 % 100, day: n % 100 })
            }
            (None, [a, b, c]) => {
                Some(Shape::Numbers { numbers: [a.0, b.0, c.0], digits: [a.1, b.1, c.1] })
            }
            // `2024年1月5日`, `2024-Jan-5`.
            (Some((1, month)), [year, day]) if year.1 == 4 => {
                Some(Shape::Named { year: year.0, month, day: day.0 })
            }
            // `5 Jan 2024`, `22-Apr-15`: the day goes before a month that is written out.
            (Some((0 | 1, month)), [day, year]) => {
                Some(Shape::Named { year: full(*year)?, month, day: day.0 })
            }
            _ => None,
        }
    }
}

/// The year of two digits: 70-99 are 1970-1999.
pub(super) const fn century(year: u32) -> u32 {
    match year {
        0..=69 => 2000 + year,
        70..=99 => 1900 + year,
        _ => year,
    }
}

/// The hour on the clock of 24. 下午 15:04 is written too and means what it says.
fn on_24_hours(mut clock: Clock, half: Option<Half>) -> Option<Clock> {
    match half {
        Some(Half::Morning) if clock.hour > 12 => return None,
        Some(Half::Morning) => clock.hour %= 12,
        // 中午 11:50 stays before noon; 12 PM is noon.
        Some(Half::Afternoon) if clock.hour < 12 => clock.hour += 12,
        _ => {}
    }
    Some(clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_short_way_reads_what_the_long_one_does(
            text in "20[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]([.][0-9]{0,7})?(Z|[+-][01][0-9]:[0-6][0-9])?"
        ) {
            if let Some(parts) = iso(text.as_bytes()) {
                proptest::prop_assert_eq!(Some(parts), by_character(&text));
            }
        }

        #[test]
        fn any_bytes_are_read(text in "\\PC{0,30}") {
            let _ = (iso(text.as_bytes()), scan(&text));
        }
    }

    #[test]
    fn the_short_way_is_taken() {
        assert!(iso(b"2024-01-05T09:03:00.123456+08:00").is_some());
        assert!(iso(b"2024-01-05 09:03:00").is_some());
    }
}

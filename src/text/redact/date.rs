//! Dates are nobody's number and stay readable, but for a birthday.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;

use super::{Kind, Spans, regex, words_before};

/// A day with its year, and the time of day where it follows.
static DAY: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex(
        r"(?x) (?P<day>
            (?P<y>(?:19|20)\d\d) (?: [-/.] | 年 ) (?P<m>\d{1,2}) (?: [-/.] | 月 ) (?P<d>\d{1,2}) [日号]?
          | (?P<a>\d{1,2}) [-/.] (?P<b>\d{1,2}) [-/.] (?P<z>(?:19|20)\d\d) )
          (?: [T\ ] \d{1,2}:\d\d (?: :\d\d (?: \.\d{1,9} )? )? (?: Z | [+-]\d\d:?\d\d )? )?",
    )
});

/// Words before a birthday, lower case.
const BIRTH: [&str; 8] = ["born", "birth", "dob", "生日", "出生", "生于", "誕生", "bday"];
/// How far before the day they may stand, characters.
const NEAR: usize = 14;

pub(super) fn find(text: &str, spans: &mut Spans) {
    for found in DAY.captures_iter(text) {
        let part = |name| found.name(name).map(|m| m.as_str());
        let n = |name| part(name).and_then(|s| s.parse::<u32>().ok());
        let day = match (n("y").or(n("z")), n("m").zip(n("d")), n("a").zip(n("b"))) {
            (Some(y), Some((m, d)), _) => is_day(y, m, d),
            (Some(y), _, Some((a, b))) => is_day(y, a, b) || is_day(y, b, a),
            _ => false,
        };
        let whole = found.get(0).map(|m| m.range());
        let alone = found.name("day").map(|m| m.range());
        let range = whole.into_iter().chain(alone).find(|r| !runs_on(text, r));
        let Some(range) = range.filter(|_| day) else { continue };
        let before = words_before(text, range.start, NEAR);
        let birthday = BIRTH.iter().any(|word| before.contains(word));
        spans.add(range, birthday.then_some(Kind::Number));
    }
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let year = i32::try_from(year).unwrap_or(0);
    NaiveDate::from_ymd_opt(year, month, day).is_some()
}

/// Digits before or after, or joined to it by a sign: part of a longer number.
fn runs_on(text: &str, range: &Range<usize>) -> bool {
    let joins = |mut chars: &mut dyn Iterator<Item = char>| {
        let first = chars.next();
        let second = (&mut chars).next();
        first.is_some_and(|c| c.is_ascii_digit())
            || (first.is_some_and(|c| matches!(c, '-' | '/' | '.' | ':'))
                && second.is_some_and(|c| c.is_ascii_digit()))
    };
    joins(&mut text[..range.start].chars().rev()) || joins(&mut text[range.end..].chars())
}

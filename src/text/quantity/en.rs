//! English numbers with their units: figures, number words, "a dozen", "an hour and a half".

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{DAY, HOUR, MINUTE, MONTH, Measure, Quantity, Said, WEEK, YEAR};

const WORDS: &[(&str, f64)] = &[
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("thirteen", 13.0),
    ("fourteen", 14.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("seventeen", 17.0),
    ("eighteen", 18.0),
    ("nineteen", 19.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
    ("ninety", 90.0),
];

const BEFORE: &str = "more than|no less than|not less than|upwards of|well over|at least|over|about|around|approximately|approx|roughly|nearly|almost|close to|less than|under|up to|a maximum of";
const VAGUE: &str = "several|multiple|numerous|many|countless|various|repeated|endless|a few|few|(?:a )?couple(?: of)?|(?:many )?(?:dozens|hundreds|thousands) of|umpteen|too many";
const BETWEEN: &str = r"(?:(?:good|full|whole|solid|entire|business|working|straight|separate|different|consecutive|more|long|additional|unanswered|failed|phone|telephone|unsuccessful) )*";
const UNITS: &str = "seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|times|calls|attempts|occasions|voice ?mails|e-?mails|messages";

static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    let words = WORDS.iter().map(|w| w.0).collect::<Vec<_>>().join("|");
    let number = format!(
        r"half a dozen|an? dozen|\d+ dozen|half an?|half|\d{{1,3}}(?:,\d{{3}})+|\d+(?: 1/2|\.\d+)?|(?:an?|{words}) (?:hundred|thousand)|(?:{words})(?:[ -](?:{words}))?|an?"
    );
    regex(&format!(
        r"\b(?:(?P<before>{BEFORE}) )?(?P<low>{number})(?: ?(?:-|–|to|or) ?(?P<high>{number}))?(?P<plus> ?\+| plus| or more| or so)?(?P<half> and a half)?[ -]+{BETWEEN}(?P<unit>{UNITS})\b(?P<half2> and a half)?(?P<after> ?\+| plus| or more| or so)?"
    ))
});
static VAGUELY: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"\b(?:(?:{VAGUE}) {BETWEEN}(?P<unit>{UNITS})|(?:for|spent|spend|takes|took|after) (?P<long>(?:hours|days|weeks|months)(?: and (?:hours|days|weeks))?)|(?P<again>time and (?:time )?again|over and over(?: again)?|repeatedly))\b"
    ))
});
static TWICE: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(?:twice|thrice|(?P<x>\d{1,4})x)\b"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file compiles")
}

/// All quantities of a folded text; they may overlap.
pub(super) fn find(text: &str) -> Vec<Quantity> {
    let mut found: Vec<Quantity> =
        NUMBERED.captures_iter(text).filter_map(|c| numbered(&c)).collect();
    for captures in VAGUELY.captures_iter(text) {
        let time = captures.name("long").is_some()
            || captures.name("unit").is_some_and(|u| seconds(u.as_str()).is_some());
        let measure = if time { Measure::Duration } else { Measure::Times };
        let span = captures.get_match().range();
        found.push(Quantity { span, measure, value: None, said: Said::Vaguely });
    }
    for captures in TWICE.captures_iter(text) {
        let value = match (captures.name("x"), &captures[0]) {
            (Some(x), _) => x.as_str().parse().ok(),
            (None, "twice") => Some(2.0),
            _ => Some(3.0),
        };
        let span = captures.get_match().range();
        found.push(Quantity { span, measure: Measure::Times, value, said: Said::Exactly });
    }
    found
}

fn numbered(captures: &Captures<'_>) -> Option<Quantity> {
    let whole = captures.get_match();
    let low_text = captures["low"].to_owned();
    let unit = &captures["unit"];
    // "a second time", "a messages": an article alone counts only units of time.
    let (measure, scale) = match seconds(unit) {
        Some(seconds) => (Measure::Duration, seconds),
        None if matches!(low_text.as_str(), "a" | "an") => return None,
        None => (Measure::Times, 1.0),
    };
    // "A second call", "one second please": a second alone is no length that anyone complains of.
    if unit == "second" {
        return None;
    }
    let low = value(&low_text)?;
    let high = captures.name("high").and_then(|h| value(h.as_str())).filter(|h| *h > low);
    let halves = ["half", "half2"].iter().any(|name| captures.name(name).is_some());
    let after =
        ["plus", "after"].iter().find_map(|name| captures.name(name)).map(|m| m.as_str().trim());
    let said = match (captures.name("before").map(|b| b.as_str()), after) {
        _ if high.is_some() => Said::Between,
        (_, Some("or so")) => Said::About,
        (_, Some(_)) => Said::AtLeast,
        (None, None) => Said::Exactly,
        (Some("less than" | "under" | "up to" | "a maximum of"), _) => Said::AtMost,
        (
            Some(
                "about" | "around" | "approximately" | "approx" | "roughly" | "nearly" | "almost"
                | "close to",
            ),
            _,
        ) => Said::About,
        _ => Said::AtLeast,
    };
    let value = Some((low + if halves { 0.5 } else { 0.0 }) * scale);
    Some(Quantity { span: whole.range(), measure, value, said })
}

fn seconds(unit: &str) -> Option<f64> {
    Some(match unit.trim_end_matches('s') {
        "second" | "sec" => 1.0,
        "minute" | "min" => MINUTE,
        "hour" | "hr" => HOUR,
        "day" => DAY,
        "week" => WEEK,
        "month" => MONTH,
        "year" => YEAR,
        _ => return None,
    })
}

fn value(text: &str) -> Option<f64> {
    match text {
        "a" | "an" => return Some(1.0),
        "half a dozen" => return Some(6.0),
        _ if text.starts_with("half") => return Some(0.5),
        _ => {}
    }
    if let Some(dozens) = text.strip_suffix(" dozen") {
        return value(dozens).map(|n| n * 12.0);
    }
    if let Some(whole) = text.strip_suffix(" 1/2") {
        return value(whole).map(|n| n + 0.5);
    }
    for (scale, by) in [(" hundred", 100.0), (" thousand", 1000.0)] {
        if let Some(count) = text.strip_suffix(scale) {
            return value(count).map(|n| n * by);
        }
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return text.replace(',', "").parse().ok().filter(|v: &f64| v.is_finite());
    }
    let word = |w: &str| WORDS.iter().find(|(name, _)| *name == w).map(|(_, n)| *n);
    match text.split_once([' ', '-']) {
        None => word(text),
        // "twenty-five", but not "five six".
        Some((tens, ones)) => {
            word(tens).zip(word(ones)).filter(|(t, o)| *t >= 20.0 && *o < 10.0).map(|(t, o)| t + o)
        }
    }
}

//! Numbers with the unit they count, Chinese and English: how often ("31 times", 三四次, 十几个电话)
//! and how long ("an hour and a half", 半个多小时), each with its place in the text as it was
//! written. Only what is said is read; what a number belongs to is for the caller to decide.

mod en;
mod folded;
mod zh;

use std::ops::Range;

use folded::Folded;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Occasions: 次, 遍, "times", "calls".
    Times,
    /// A length of time; the value is in seconds.
    Duration,
}

/// How the number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// "31 times".
    Exactly,
    /// "about an hour", 将近.
    About,
    /// "more than", 多, 十几: the value is the lower end.
    AtLeast,
    /// "up to", 不到: the value is the upper end.
    AtMost,
    /// "20-30", 三四: the value is the lower end.
    Between,
    /// "several", 好几十: there is no value.
    Vaguely,
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Bytes of the text, words such as "more than" included.
    pub span: Range<usize>,
    /// What it counts.
    pub measure: Measure,
    /// Times, or seconds; `None` where the words are vague.
    pub value: Option<f64>,
    /// How it is meant.
    pub said: Said,
}

/// The quantities of a text, in its order; none overlap. "1 hour 20 minutes" is one.
#[must_use]
pub fn quantities(text: &str) -> Vec<Quantity> {
    let folded = Folded::new(text);
    let mut found = zh::find(&folded.text);
    found.extend(en::find(&folded.text));
    found.sort_by_key(|q| (q.span.start, std::cmp::Reverse(q.span.end)));
    let mut kept: Vec<Quantity> = Vec::new();
    for quantity in found {
        match kept.last_mut() {
            Some(last) if quantity.span.start < last.span.end => {}
            Some(last) if continues(last, &quantity, &folded.text) => {
                last.value = last.value.zip(quantity.value).map(|(a, b)| a + b);
                last.said = if last.said == Said::Exactly { quantity.said } else { last.said };
                last.span.end = quantity.span.end;
            }
            _ => kept.push(quantity),
        }
    }
    for quantity in &mut kept {
        quantity.span = folded.original(&quantity.span);
    }
    kept
}

/// Whether the second is the smaller part of the first: 1小时20分钟, "1 hour and 20 minutes".
fn continues(first: &Quantity, second: &Quantity, text: &str) -> bool {
    let between = text[first.span.end..second.span.start].trim();
    let smaller = first.value.zip(second.value).is_some_and(|(a, b)| b < a);
    first.measure == Measure::Duration
        && second.measure == Measure::Duration
        && smaller
        && ["", "and", "零", "又", "&"].contains(&between)
}

/// Seconds of a unit of time.
const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
const WEEK: f64 = 7.0 * DAY;
/// A month is counted as 30 days and a year as 365: the writer says no more.
const MONTH: f64 = 30.0 * DAY;
const YEAR: f64 = 365.0 * DAY;

#[cfg(test)]
mod tests {
    use super::*;

    /// `text as it stands=value` with `~` about, `>` at least, `<` at most, `-` a range, `?` vague.
    fn shown(text: &str) -> String {
        let of = |q: &Quantity| {
            let sign = match q.said {
                Said::Exactly => "",
                Said::About => "~",
                Said::AtLeast => ">",
                Said::AtMost => "<",
                Said::Between => "-",
                Said::Vaguely => "?",
            };
            let unit = if q.measure == Measure::Duration { "s" } else { "x" };
            let value = q.value.map(|v| v.to_string()).unwrap_or_default();
            format!("{}={sign}{value}{unit}", &text[q.span.clone()])
        };
        quantities(text).iter().map(of).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn chinese_times() {
        for (text, wanted) in [
            ("打了31次", "31次=31x"),
            ("打了３１次", "３１次=31x"),
            ("打了十五遍", "十五遍=15x"),
            ("拨了二十三回", "二十三回=23x"),
            ("打了两个电话", "两个电话=2x"),
            ("打了一百多次", "一百多次=>100x"),
            ("打了10几个电话", "10几个电话=>10x"),
            ("打了十几通电话", "十几通电话=>10x"),
            ("至少打了8次", "8次=8x"),
            ("不下二十次", "不下二十次=>20x"),
            ("打了三四次", "三四次=-3x"),
            ("打了二三十次", "二三十次=-20x"),
            ("打了5-6次", "5-6次=-5x"),
            ("打了好几十个电话", "好几十个电话=?x"),
            ("打了无数次", "无数次=?x"),
            ("三番五次催促", "三番五次=?x"),
            ("第三次", ""),
            ("一次性付款", ""),
            ("三回复", ""),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    #[test]
    fn chinese_durations() {
        for (text, wanted) in [
            ("等了二十分钟", "二十分钟=1200s"),
            ("半个小时", "半个小时=1800s"),
            ("半小時", "半小時=1800s"),
            ("半个多小时", "半个多小时=>1800s"),
            ("一个多小时", "一个多小时=>3600s"),
            ("一个半小时", "一个半小时=5400s"),
            ("1小时20分钟", "1小时20分钟=4800s"),
            ("两天半", "两天半=216000s"),
            ("三天了", "三天=259200s"),
            ("一周", "一周=604800s"),
            ("十几分钟", "十几分钟=>600s"),
            ("将近四十分钟", "将近四十分钟=~2400s"),
            ("20到30分钟", "20到30分钟=-1200s"),
            ("2.5小时", "2.5小时=9000s"),
            ("两个月", "两个月=5184000s"),
            ("好几天", "好几天=?s"),
            ("半天", "半天=?s"),
            ("2024年3月5日", ""),
            ("9点20分", ""),
            ("第二天", ""),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    #[test]
    fn english() {
        for (text, wanted) in [
            ("called 5 times", "5 times=5x"),
            ("Called FIVE times", "FIVE times=5x"),
            ("a dozen times", "a dozen times=12x"),
            ("half a dozen calls", "half a dozen calls=6x"),
            ("dozens of times", "dozens of times=?x"),
            ("more than twenty-five times", "more than twenty-five times=>25x"),
            ("called them twice", "twice=2x"),
            ("numerous calls", "numerous calls=?x"),
            ("a hundred times", "a hundred times=100x"),
            ("up to 30 phone calls", "up to 30 phone calls=<30x"),
            ("45 minutes", "45 minutes=2700s"),
            ("a 45-minute wait", "45-minute=2700s"),
            ("20-30 minutes", "20-30 minutes=-1200s"),
            ("an hour and a half", "an hour and a half=5400s"),
            ("half an hour", "half an hour=1800s"),
            ("two and a half hours", "two and a half hours=9000s"),
            ("1 hour and 20 minutes", "1 hour and 20 minutes=4800s"),
            ("almost an hour", "almost an hour=~3600s"),
            ("over three days", "over three days=>259200s"),
            ("30 minutes plus", "30 minutes plus=>1800s"),
            ("held for hours", "for hours=?s"),
            ("several weeks", "several weeks=?s"),
            ("at all times", ""),
            ("paid $45 a second time", ""),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn spans_lie_in_the_text_and_never_overlap(text in "[0-9零一两十百几多半个小时天次 hours twice,.²㎏½İ]{0,40}") {
            let mut end = 0;
            for q in quantities(&text) {
                proptest::prop_assert!(q.span.start >= end && text.get(q.span.clone()).is_some());
                end = q.span.end;
            }
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,60}") {
            for q in quantities(&text) {
                proptest::prop_assert!(text.get(q.span).is_some());
            }
        }
    }
}

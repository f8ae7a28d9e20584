//! Chinese numbers with their units. Numerals are read by place value; 几 behind a numeral (十几)
//! and 多 mean "at least", 几 or 好几十 alone says no number.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{DAY, HOUR, MINUTE, MONTH, Measure, Quantity, Said, WEEK, YEAR};

/// What may stand before a number: how it is meant.
const BEFORE: &str = "不下于?|超过|不少于|最少|起码|至少|多达|将近|接近|大概|大约|差不多|约|近|不到|最多|整整|足足|上";
const NUMBER: &str = r"\d+(?:\.\d+)?|[零〇一二两俩三四五六七八九十百千万]+";
const VAGUE: &str = "好几[十百千]?|几[十百千]?|数[十百千]?|无数|若干|好多|很多|许多|多";

static TIMES: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?P<before>{BEFORE})?(?:(?P<low>{NUMBER})(?:[-~到至](?P<high>{NUMBER}))?(?P<more>[多余来几])?|(?P<vague>{VAGUE}))(?:次电话|次|遍|回|趟|[个通]多?(?:客服|投诉|人工)?电话|通|个来电)"
    ))
});
static DURATION: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?P<before>{BEFORE})?(?:(?P<low>{NUMBER}|半)(?:[-~到至](?P<high>{NUMBER}))?(?P<more>[多余来几])?|(?P<vague>{VAGUE}))个?(?P<half>半)?(?P<more2>多)?(?P<unit>小时|钟头|分钟|秒钟|秒|天|周|星期|礼拜|月|年)(?P<half2>半)?(?P<more3>多|以上)?"
    ))
});
/// Said without a number that could be read.
static IDIOMS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?P<times>三番五次|三番两次|一而再.?再而三|一次又一次|一遍又一遍|[nN][次遍]|屡次|n多次|无数[次遍])|(?P<time>大?老?半天|好久|很久|许久|好长时间|很长时间|好长一段时间)",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file compiles")
}

/// All quantities of a folded text; they may overlap.
pub(super) fn find(text: &str) -> Vec<Quantity> {
    let mut found = Vec::new();
    for captures in IDIOMS.captures_iter(text) {
        let measure =
            if captures.name("times").is_some() { Measure::Times } else { Measure::Duration };
        let span = captures.get_match().range();
        found.push(Quantity { span, measure, value: None, said: Said::Vaguely });
    }
    found.extend(TIMES.captures_iter(text).filter_map(|c| times(text, &c)));
    found.extend(DURATION.captures_iter(text).filter_map(|c| duration(text, &c)));
    found
}

fn times(text: &str, captures: &Captures<'_>) -> Option<Quantity> {
    let whole = captures.get_match();
    // 三回复, 两次元, 一次性: the unit is the beginning of another word.
    let next = text[whole.end()..].chars().next();
    let word = whole.as_str().ends_with('回')
        && next.is_some_and(|c| "复电访来家应头馈去".contains(c))
        || whole.as_str().ends_with('次') && next.is_some_and(|c| "性元日".contains(c))
        || whole.as_str().ends_with('通') && next.is_some_and(|c| "知过信道话".contains(c));
    if word || ordinal(text, whole.start()) {
        return None;
    }
    let (value, said) = number(captures, 1.0)?;
    let said = if whole.as_str().contains("个多") { Said::AtLeast } else { said };
    Some(Quantity { span: whole.range(), measure: Measure::Times, value, said })
}

fn duration(text: &str, captures: &Captures<'_>) -> Option<Quantity> {
    let whole = captures.get_match();
    let low = captures.name("low").map_or("", |m| m.as_str());
    let unit = &captures["unit"];
    // 3月 and 2024年 are dates, 一年四季 is none of our business; 半月 and 3个月 are lengths.
    // 天天 is every day.
    let repeated = text[whole.end()..].starts_with('天') && whole.as_str().ends_with('天');
    let date = repeated
        || (unit == "月" && !whole.as_str().contains('个') && low != "半")
        || (unit == "年" && low.chars().count() > 2);
    if date || ordinal(text, whole.start()) {
        return None;
    }
    let seconds = match unit {
        "小时" | "钟头" => HOUR,
        "分钟" => MINUTE,
        "秒" | "秒钟" => 1.0,
        "天" => DAY,
        "周" | "星期" | "礼拜" => WEEK,
        "月" => MONTH,
        _ => YEAR,
    };
    // 半天 is said of any long time.
    if low == "半" && unit == "天" && whole.as_str().ends_with("半天") {
        let said = Said::Vaguely;
        return Some(Quantity {
            span: whole.range(),
            measure: Measure::Duration,
            value: None,
            said,
        });
    }
    let (value, said) = number(captures, seconds)?;
    let halves = ["half", "half2"].iter().filter(|name| captures.name(name).is_some()).count();
    let value = value.map(|v| if halves > 0 { v + seconds / 2.0 } else { v });
    Some(Quantity { span: whole.range(), measure: Measure::Duration, value, said })
}

/// 第三次, 第二天: which one, not how many.
fn ordinal(text: &str, start: usize) -> bool {
    // 再一次 is "once more".
    let before = &text[..start];
    let again = before.ends_with(['再', '又', '另']) && text[start..].starts_with('一');
    again || before.ends_with('第') || before.ends_with("星期")
}

/// The value in `unit`s and how it is meant; nothing where the numeral is none.
fn number(captures: &Captures<'_>, unit: f64) -> Option<(Option<f64>, Said)> {
    if captures.name("vague").is_some() {
        return Some((None, Said::Vaguely));
    }
    let (low, high) = value(captures.name("low")?.as_str())?;
    let high =
        captures.name("high").map_or(Some(high), |h| value(h.as_str()).map(|v| Some(v.0)))?;
    let more = ["more", "more2", "more3"].iter().find_map(|name| captures.name(name));
    let said = match (more.map(|m| m.as_str()), captures.name("before").map(|b| b.as_str())) {
        _ if high.is_some_and(|h| h > low) => Said::Between,
        (Some("来"), _) => Said::About,
        (Some(_), _) => Said::AtLeast,
        (_, None | Some("整整" | "足足")) => Said::Exactly,
        (_, Some("将近" | "接近" | "大概" | "大约" | "差不多" | "约" | "近")) => {
            Said::About
        }
        (_, Some("不到" | "最多")) => Said::AtMost,
        _ => Said::AtLeast,
    };
    Some((Some(low * unit), said))
}

/// A numeral, and the upper end where two digits beside each other are meant as a range (三四, 二三十).
fn value(numeral: &str) -> Option<(f64, Option<f64>)> {
    if numeral == "半" {
        return Some((0.5, None));
    }
    if numeral.starts_with(|c: char| c.is_ascii_digit()) {
        return numeral.parse().ok().filter(|v: &f64| v.is_finite()).map(|v| (v, None));
    }
    let chars: Vec<char> = numeral.chars().collect();
    if let [a, b, rest @ ..] = &chars[..]
        && let (Some(low), Some(high)) = (digit(*a), digit(*b))
        && high == low + 1
    {
        let scale = match rest {
            [] => 1,
            ['十'] => 10,
            ['百'] => 100,
            _ => return None,
        };
        return Some((f64::from(low * scale), Some(f64::from(high * scale))));
    }
    place_value(&chars).map(|v| (f64::from(v), None))
}

fn place_value(chars: &[char]) -> Option<u32> {
    let (mut total, mut section, mut last) = (0_u32, 0_u32, None);
    for c in chars {
        match (digit(*c), *c) {
            (Some(d), _) => {
                last = Some(last.map_or(Some(d), |l: u32| l.checked_mul(10)?.checked_add(d))?);
            }
            (None, '万') => {
                let whole = section.checked_add(last.take().unwrap_or(0))?.max(1);
                total = total.checked_add(whole.checked_mul(10_000)?)?;
                section = 0;
            }
            (None, c) => {
                let scale = match c {
                    '十' => 10,
                    '百' => 100,
                    _ => 1000,
                };
                section =
                    section.checked_add(last.take().unwrap_or(1).max(1).checked_mul(scale)?)?;
            }
        }
    }
    total.checked_add(section)?.checked_add(last.unwrap_or(0))
}

fn digit(c: char) -> Option<u32> {
    if c == '两' || c == '俩' {
        return Some(2);
    }
    let at = "零一二三四五六七八九".chars().position(|d| d == c || (c == '〇' && d == '零'))?;
    u32::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_by_place_value() {
        for (numeral, wanted) in [
            ("十", 10),
            ("十五", 15),
            ("三十", 30),
            ("一百零五", 105),
            ("一千二百", 1200),
            ("两万", 20_000),
            ("二〇", 20),
            ("万", 10_000),
        ] {
            assert_eq!(
                place_value(&numeral.chars().collect::<Vec<_>>()),
                Some(wanted),
                "{numeral}"
            );
        }
        assert_eq!(place_value(&['九'; 30]), None, "too large is no number");
    }
}

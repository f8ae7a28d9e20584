//! Number plates of vehicles in mainland China (GA 36-2018): province, office, five characters, or
//! six for new energy; also of learners, coaches, police, and of Hong Kong and Macao.

use std::sync::LazyLock;

use super::{Kind, Spans, regex};

static PLATE: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼滬遼魯蘇贛鄂陝閩貴粵雲寧瓊黑][A-HJ-NP-Za-hj-np-z][ ·.-]{0,2}([A-HJ-NP-Za-hj-np-z0-9]{4,6})([挂学警港澳领試试超掛學]?)",
    )
});

/// A word with a letter after it ("新A股") has fewer digits.
const FEWEST_DIGITS: usize = 2;

pub(super) fn find(text: &str, spans: &mut Spans) {
    for found in PLATE.captures_iter(text) {
        let (Some(whole), Some(tail)) = (found.get(0), found.get(1)) else { continue };
        let suffix = found.get(2).filter(|s| !s.is_empty());
        let number = tail.as_str();
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        // Four characters need the word behind them; with five or six it is a word of the sentence.
        let end = if number.len() == 4 { whole.end() } else { tail.end() };
        let whole_number = number.len() > 4 || suffix.is_some();
        let range = whole.start()..end;
        let joins = text[range.end..].starts_with(|c: char| c.is_ascii_alphanumeric());
        if digits >= FEWEST_DIGITS && whole_number && !joins {
            spans.add(range, Some(Kind::Plate));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn plates_go_and_shares_stay() {
        for (text, shown) in [
            ("车牌京A12345。", "车牌[plate]。"),
            ("粤B·12Z45", "[plate]"),
            ("沪A D12345", "[plate]"),
            ("浙ａＦ１２３４５", "[plate]"),
            ("粤Z1234港", "[plate]"),
            ("新A股涨了", "新A股涨了"),
            ("云A1", "云A1"),
        ] {
            assert_eq!(redact(text), shown, "{text}");
        }
    }
}

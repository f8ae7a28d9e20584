//! Telephone numbers: mobile and fixed lines of mainland China, numbers with their country (ITU-T
//! E.164), North American ones as they are written there.

use std::sync::LazyLock;

use super::{digits, regex};

/// Groups of three, three and four digits, as in North America.
static NANP: LazyLock<regex::Regex> =
    LazyLock::new(|| regex(r"^(?:1[ .-]{1,2})?\(?[2-9]\d\d\)?[ .-]{1,2}\d{3}[ .-]{1,2}\d{4}$"));
/// An extension behind a number.
static EXTENSION: LazyLock<regex::Regex> =
    LazyLock::new(|| regex(r"(?i)^ ?(?:转|轉|分机|分機|ext\.?|x) ?-?\d{1,6}(?-u:\b)"));

/// Whether a run of digits, as written, is a telephone number; `plus` stands before it.
pub(super) fn is_phone(written: &str, plus: bool) -> bool {
    let d = digits(written);
    if plus {
        return (7..=15).contains(&d.len());
    }
    let d = national(&d);
    let abroad = d.len() >= 10 && d.len() <= 17 && d.starts_with(&[0, 0]) && d[2] != 0;
    is_mobile(d) || is_fixed(d) || is_service(d) || abroad || NANP.is_match(written)
}

/// A number that is one person's: a mobile of China, or one with its country.
pub(super) fn is_personal(written: &str) -> bool {
    written.starts_with('+') || is_mobile(national(&digits(written)))
}

/// Bytes of an extension that follows.
pub(super) fn extension(after: &str) -> usize {
    EXTENSION.find(after).map_or(0, |found| found.end())
}

/// Without 86, +86, 0086 before a number of China.
fn national(digits: &[u8]) -> &[u8] {
    let rest = digits.strip_prefix(&[0, 0]).unwrap_or(digits);
    match rest.strip_prefix(&[8, 6]) {
        Some(own) if is_mobile(own) || is_fixed(own) => own,
        _ => digits,
    }
}

/// Eleven digits, 13 to 19 before them.
fn is_mobile(d: &[u8]) -> bool {
    d.len() == 11 && d[0] == 1 && d[1] >= 3
}

/// Area code (0 and two or three digits) and seven or eight digits.
fn is_fixed(d: &[u8]) -> bool {
    (10..=12).contains(&d.len()) && d[0] == 0 && d[1] != 0
}

/// 400 and 800 numbers.
fn is_service(d: &[u8]) -> bool {
    d.len() == 10 && (d.starts_with(&[4, 0, 0]) || d.starts_with(&[8, 0, 0]))
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn of_china_and_elsewhere() {
        for text in [
            "13800138000",
            "138 0013 8000",
            "86-138-0013-8000",
            "+8613800138000",
            "010-62345678",
            "(0755) 2345678",
            "0571-87654321转8001",
            "400-820-8820",
            "+44 20 7946 0958",
            "+1 (212) 555-0123",
            "212-555-0123",
            "(212) 555-0123",
            "0044 20 7946 0958",
        ] {
            assert_eq!(redact(&format!("x：{text}。")), "x：[phone]。", "{text}");
        }
        assert_eq!(redact("电话 87654321"), "电话 [phone]");
        assert_eq!(redact("12345678901"), "***");
        assert_eq!(redact("call 95588 or 10086"), "call 95588 or 10086");
    }
}

//! Resident identity numbers of the People's Republic of China: GB 11643-1999 with 18 characters
//! and its check character (ISO 7064, MOD 11-2), and the 15 digits of before.

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::{Kind, Spans, regex};

/// The first two digits of every province, GB/T 2260.
const PROVINCES: [u8; 37] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 66, 71, 81, 82, 83, 91,
];

/// As it is written, with spaces or dashes between region, birthday, order and check.
static WRITTEN: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex(
        r"^[1-9]\d{5}[ -]{0,3}(?:\d{8}|\d{4}[ ./-]{1,3}\d{2}[ ./-]{0,3}\d{2})[ -]{0,3}\d{3}[ -]{0,3}[\dXx]",
    )
});

pub(super) fn find(text: &str, spans: &mut Spans) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let starts =
            bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        let found = starts.then(|| WRITTEN.find(&text[at..])).flatten();
        let range = found
            .map(|f| at..at + f.end())
            .filter(|r| super::stands_alone(text, r) && is_valid_18(&characters(&text[r.clone()])));
        if let Some(range) = range {
            at = range.end;
            spans.add(range, Some(Kind::ResidentId));
        } else {
            at += 1;
        }
    }
}

/// The characters without what joins them, the check character X as 10.
fn characters(piece: &str) -> Vec<u8> {
    let value = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'X' | b'x' => Some(10),
        _ => None,
    };
    piece.bytes().filter_map(value).collect()
}

/// 18 characters: a province, a day that there was, and the check character.
pub(super) fn is_valid_18(c: &[u8]) -> bool {
    if c.len() != 18 || c[..17].iter().any(|d| *d > 9) {
        return false;
    }
    let sum: u32 = c.iter().zip(weights()).map(|(d, w)| u32::from(*d) * w).sum();
    is_province(c) && is_birthday(number(&c[6..10]), &c[10..14]) && sum % 11 == 1
}

/// 15 digits: a province and a day of the last century; there is no check.
pub(super) fn is_valid_15(d: &[u8]) -> bool {
    d.len() == 15 && is_province(d) && is_birthday(1900 + number(&d[6..8]), &d[8..12])
}

/// 2 to the power of the place from the right, modulo 11.
fn weights() -> impl Iterator<Item = u32> {
    (0..18_u32).rev().map(|place| (0..place).fold(1, |w, _| w * 2 % 11))
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |n, d| n * 10 + u32::from(*d))
}

fn is_province(digits: &[u8]) -> bool {
    PROVINCES.contains(&(digits[0] * 10 + digits[1]))
}

fn is_birthday(year: u32, month_day: &[u8]) -> bool {
    let year = i32::try_from(year).unwrap_or(0);
    (1850..2100).contains(&year)
        && NaiveDate::from_ymd_opt(year, number(&month_day[..2]), number(&month_day[2..])).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn with_its_check_character_or_not_at_all() {
        // The example numbers of the standard.
        for text in ["11010519491231002X", "440524188001010014", "110105 1949-12-31 002x"] {
            assert_eq!(redact(&format!("身份证{text}。")), "身份证[id]。");
        }
        assert_eq!(redact("号 440524188001010015"), "号 ***", "wrong check: a number all the same");
        assert_eq!(redact("130503670401001"), "[id]");
        assert_eq!(redact("130503671301001"), "***", "no 13th month");
    }
}

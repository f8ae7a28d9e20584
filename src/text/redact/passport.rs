//! Passports and travel permits: the forms of mainland China, Hong Kong and Macao wherever they
//! stand; any other where the text says that it is one.

use std::sync::LazyLock;

use super::{Kind, Spans, regex, stands_alone, words_before};

/// E12345678, EA1234567, G, D, S, P; H and M of permits; C of permits to Hong Kong.
static CHINESE: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?-u:\b)(?:[EGDSPK] ?\d{4} ?\d{4}|E[A-HJ-NP-Z] ?\d{3} ?\d{4}|[HM]\d{8}(?:\d\d)?|C[A-Z0-9]\d{7})",
    )
});
/// What any country prints: up to three letters and digits.
static ANY: LazyLock<regex::Regex> =
    LazyLock::new(|| regex(r"(?-u:\b)[A-Za-z]{0,3}\d{5,10}[A-Za-z]?"));

/// Words that say so, lower case.
const SAYS_SO: [&str; 6] = ["护照", "護照", "passport", "通行证", "通行證", "回乡证"];
/// How far before the number they may stand, characters.
const NEAR: usize = 24;

pub(super) fn find(text: &str, spans: &mut Spans) {
    for found in CHINESE.find_iter(text).filter(|f| stands_alone(text, &f.range())) {
        spans.add(found.range(), Some(Kind::Passport));
    }
    let lower = text.to_lowercase();
    if !SAYS_SO.iter().any(|word| lower.contains(word)) {
        return;
    }
    for found in ANY.find_iter(text).filter(|f| stands_alone(text, &f.range())) {
        let before = words_before(text, found.start(), NEAR);
        if SAYS_SO.iter().any(|word| before.contains(word)) {
            spans.add(found.range(), Some(Kind::Passport));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn by_form_or_by_word() {
        assert_eq!(redact("E12345678"), "[passport]");
        assert_eq!(redact("护照号 EA1234567，"), "护照号 [passport]，");
        assert_eq!(redact("my passport number is 561234567"), "my passport number is [passport]");
        assert_eq!(redact("model AB123456"), "model AB123456");
    }
}

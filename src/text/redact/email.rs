//! E-mail addresses (RFC 5321, as people write them), also with spaces around the `@` or spelt out.

use std::sync::LazyLock;

use super::{Kind, Spans, regex};

/// What comes before the `@` has no Chinese characters: they are the sentence around it. A Chinese
/// address stands in the second form, with at most ten of them.
static ADDRESS: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex(
        r"(?x) [[\w.+%'-]&&[^\p{Han}]]+ @ (?:
              [[\w-]&&[^\p{Han}]]+ (?:\.[[\w-]&&[^\p{Han}]]+)+
            | [\w-]+ (?:\.[\w-]+)* \.(?:公司|中国|中國|网络|网址|[A-Za-z]{2,}) )
        | \p{Han}{1,10} @ [\w-]+ (?:\.[\w-]+)* \.(?:公司|中国|中國|网络|网址|[A-Za-z]{2,})
        | [[\w.+%-]&&[^\p{Han}]]+ \s?@\s? [A-Za-z0-9-]+ (?:\s?\.\s?[A-Za-z0-9-]+)* \s?\.\s?
          (?:com|cn|net|org|edu|gov|io|me|hk|tw|uk|de|jp|co|info)(?-u:\b)
        | [[\w.+%-]&&[^\p{Han}]]+ \s?[(\[]\s?(?i:at)\s?[)\]]\s? [A-Za-z0-9-]+
          (?:\s?(?:\.|[(\[]?(?i:dot)[)\]]?)\s?[A-Za-z0-9-]+)+
        | [[\w.+%-]&&[^\p{Han}]]+ \s?\#\s? (?i:qq|163|126|gmail|outlook|hotmail|foxmail|sina|yahoo|icloud)\.(?i:com|cn|net)",
    )
});

pub(super) fn find(text: &str, spans: &mut Spans) {
    if !text.contains('@') && !text.contains('#') && !is_spelt_out(text) {
        return;
    }
    for found in ADDRESS.find_iter(text) {
        spans.add(found.range(), Some(Kind::Email));
    }
}

/// `name (at) host`, without an `@`.
pub(super) fn is_spelt_out(text: &str) -> bool {
    text.contains(['(', '[', '（', '［', '#', '＃'])
        && ["at", "AT", "At", "ａｔ", "#", "＃"].iter().any(|at| text.contains(at))
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn addresses_go_and_sentences_stay() {
        for (text, shown) in [
            ("我的邮箱是abc@qq.com谢谢", "我的邮箱是[email]谢谢"),
            ("abc＠ｑｑ．ｃｏｍ", "[email]"),
            ("jane.doe (at) mail (dot) example", "[email]"),
            ("abc @ qq . com", "[email]"),
            ("李雷@例子.公司", "[email]"),
            ("写到李雷@host.example", "[email]"),
            ("a@例子.公司", "[email]"),
            ("abc#qq.com", "[email]"),
            ("ok@客服小王 在吗", "ok@客服小王 在吗"),
            ("H@brand fans", "H@brand fans"),
            ("meet @ noon", "meet @ noon"),
            ("good (at least)", "good (at least)"),
        ] {
            assert_eq!(redact(text), shown, "{text}");
        }
    }
}

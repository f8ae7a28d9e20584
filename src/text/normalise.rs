//! One form for texts that say the same: width, case, script, punctuation, spacing. Also
//! [`mask`], for comparing a bot's templates; what is printed is masked by [`super::redact()`].

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::traditional;

/// Stands for a link, an e-mail address, a placeholder of an anonymised export, a masked number.
pub const TOKEN: char = '#';

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file compiles")
}

/// Links, e-mail addresses and what anonymisers leave behind: [订单x], [`ORDER_ID`], <URL>, {name}.
static PLACEHOLDERS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x) https?://[^\s\u{4e00}-\u{9fff}，。）)]+ | \bwww\.[^\s\u{4e00}-\u{9fff}，。）)]+
        | [\w.+-]+@[\w-]+\.[\w.-]*\w
        | \[[^\[\]\s]{1,12}x\] | \[[A-Za-z_]{2,20}\] | <[A-Za-z_/]{1,20}> | \{\{?[A-Za-z_.\s]{2,30}\}?\}",
    )
});

fn replace_placeholders(text: &str) -> Cow<'_, str> {
    let worth_it = text.bytes().any(|b| matches!(b, b'[' | b'<' | b'{' | b'@'))
        || text.contains("://")
        || text.contains("www.");
    if worth_it { PLACEHOLDERS.replace_all(text, "#") } else { Cow::Borrowed(text) }
}

/// What stands between two words; the stronger of a run wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    None,
    Space,
    Comma,
    Stop,
    Question,
}

impl Mark {
    const fn written(self) -> Option<char> {
        match self {
            Self::None => None,
            Self::Space => Some(' '),
            Self::Comma => Some(','),
            Self::Stop => Some('.'),
            Self::Question => Some('?'),
        }
    }
}

enum Class {
    Word,
    Skip,
    Mark(Mark),
}

fn classify(c: char) -> Class {
    match c {
        // The two that most of any text is made of, before the tables of Unicode are asked.
        'a'..='z' => Class::Word,
        c if is_han(c) => Class::Word,
        '?' => Class::Mark(Mark::Question),
        '.' | '。' | '!' | '~' | ';' | '\n' | '\r' | '…' => Class::Mark(Mark::Stop),
        ',' | '、' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | '“' | '”'
        | '【' | '】' | '《' | '》' | '「' | '」' | '|' | '—' | '–' => {
            Class::Mark(Mark::Comma)
        }
        '\'' | '’' | '‘' | '`' | '´' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{fe0f}' => {
            Class::Skip
        }
        TOKEN => Class::Word,
        c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => {
            Class::Word
        }
        _ => Class::Mark(Mark::Space),
    }
}

/// The form that lexicons and similarity read: NFKC, lower case, simplified characters; words and
/// digits kept, apostrophes dropped, runs of punctuation shrunk to one of ` `, `,`, `.`, `?` (the
/// strongest; at the end only `?` stays), links and placeholders to `#`, a sentence written with
/// a space after every Chinese character closed up. Never fails, whatever the bytes were.
#[must_use]
pub fn normalise(text: &str) -> String {
    settle(text, once)
}

/// What is dropped between two accents, or made small, may leave others out of their order: done again
/// until nothing changes. A text of common signs is done with once.
fn settle(text: &str, once: fn(&str) -> String) -> String {
    const MOST: usize = 8;
    let mut out = once(text);
    for _ in 0..MOST {
        if out.chars().all(is_plain) {
            break;
        }
        let next = once(&out);
        if next == out {
            break;
        }
        out = next;
    }
    out
}

fn once(text: &str) -> String {
    let text = replace_placeholders(text);
    if is_settled(&text) {
        return text.into_owned();
    }
    let mut out = Out::new(text.len());
    if text.is_ascii() {
        out.feed(text.chars().map(|c| c.to_ascii_lowercase()));
    } else if text.chars().all(is_plain) {
        out.feed(text.chars().map(plain_form));
    } else {
        out.feed(text.nfkc().flat_map(char::to_lowercase).map(traditional::to_simplified));
    }
    close_up(out.done())
}

/// Whether a text is plainly its own normal form, so that most texts are looked at once and copied:
/// lower-case letters, digits and simplified characters, single marks between them.
fn is_settled(text: &str) -> bool {
    let mut before = ' ';
    let mut mark = true;
    let (mut spaces, mut han) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next_is_digit = chars.peek().is_some_and(char::is_ascii_digit);
        match c {
            'a'..='z' | '0'..='9' | TOKEN => mark = false,
            ' ' | ',' | '.' if !mark && chars.peek().is_some() => {
                mark = true;
                spaces |= c == ' ';
            }
            '?' if !mark => mark = true,
            ':' | '-' | '/' if before.is_ascii_digit() && next_is_digit => {}
            c if is_han(c) && traditional::to_simplified(c) == c => {
                mark = false;
                han = true;
            }
            _ => return false,
        }
        before = c;
    }
    // A space between two single characters would go.
    !(mark_left(before, mark) || spaces && han)
}

/// A mark other than a question's at the end goes.
const fn mark_left(last: char, mark: bool) -> bool {
    mark && last != '?'
}

/// A character whose compatibility form is one character whatever stands beside it.
fn is_plain(c: char) -> bool {
    c.is_ascii()
        || is_han(c)
        || matches!(c, '\u{3000}' | '\u{ff01}'..='\u{ff5e}' | '、' | '。' | '“' | '”' | '‘' | '’')
        || matches!(c, '【' | '】' | '《' | '》' | '「' | '」' | '—' | '–')
}

/// NFKC, lower case and simplified form of such a character.
fn plain_form(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c).to_ascii_lowercase()
        }
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => traditional::to_simplified(c),
    }
}

/// The rule that both short ways stand in for.
#[cfg(test)]
fn by_the_book(text: &str) -> String {
    settle(text, |text| {
        let text = replace_placeholders(text);
        let mut out = Out::new(text.len());
        out.feed(text.nfkc().flat_map(char::to_lowercase).map(traditional::to_simplified));
        close_up(out.done())
    })
}

struct Out {
    text: String,
    pending: Mark,
    last: Option<char>,
}

impl Out {
    fn new(capacity: usize) -> Self {
        Self { text: String::with_capacity(capacity), pending: Mark::None, last: None }
    }

    fn feed(&mut self, chars: impl Iterator<Item = char>) {
        let mut chars = chars.peekable();
        while let Some(c) = chars.next() {
            let inside_number = matches!(c, '.' | ':' | '-' | '/')
                && self.pending == Mark::None
                && self.last.is_some_and(|l| l.is_ascii_digit())
                && chars.peek().is_some_and(char::is_ascii_digit);
            match classify(c) {
                _ if inside_number => self.word(c),
                Class::Word => self.word(c),
                Class::Skip => {}
                Class::Mark(mark) => self.pending = self.pending.max(mark),
            }
        }
    }

    fn word(&mut self, c: char) {
        if !self.text.is_empty() {
            self.text.extend(self.pending.written());
        }
        self.pending = Mark::None;
        self.text.push(c);
        self.last = Some(c);
    }

    fn done(mut self) -> String {
        if self.pending == Mark::Question {
            self.text.push('?');
        }
        self.text
    }
}

/// Whether a character is a Chinese one (CJK ideographs of the basic plane and extension A).
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// A letter or digit of any script; the common ones before the tables of Unicode are asked.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_han(c) || !c.is_ascii() && c.is_alphanumeric()
}

/// "人 工 客 服" -> "人工客服": spaces between single Chinese characters go.
fn close_up(text: String) -> String {
    let single = |token: &str| {
        let mut chars = token.chars();
        chars.next().is_some_and(is_han) && chars.next().is_none()
    };
    if text.is_ascii() || !text.contains(' ') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut previous_single = false;
    for (i, token) in text.split(' ').enumerate() {
        let this_single = single(token);
        if i > 0 && !(previous_single && this_single) {
            out.push(' ');
        }
        out.push_str(token);
        previous_single = this_single;
    }
    out
}

/// Clock times, dates, amounts, positions: every run of digits and what joins them.
static NUMBERS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"#?\d+(?:[.:/ -]?\d+)*(?: ?(?:am|pm)\b)?"));

/// Names after the words that introduce them, in normalised text.
static NAMES_EN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(my name is|this is|dear|hi|hello|thanks|thank you|good (?:morning|afternoon|evening)) (?:(?:mr|mrs|ms|miss|dr)\.? ?)?(\p{L}+)\b",
    )
});
static NAMES_ZH: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(尊敬的|我是|专员|客服|工号)(?:[\p{Han}\w#]{1,6}?)(为您|很高兴)"));
/// Names with the form of address behind them, which goes with the name.
static ADDRESSED_ZH: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:((?:^|[,.?! ])(?:亲爱的)?)\p{Han}{1,2}?|(尊敬的|我是|专员|客服|工号)[\p{Han}\w#]{1,6}?)(?:先生|女士|小姐|同学)",
    )
});

/// Words that follow a greeting without being a name.
const NO_NAMES: &[&str] = &[
    "there", "again", "all", "and", "for", "you", "the", "a", "an", "i", "im", "we", "this", "how",
    "what", "to", "so", "not", "your", "our", "welcome", "very",
];

/// The normalised text with numbers, times, links and introduced names replaced by `#`: two
/// messages of one template become equal.
#[must_use]
pub fn mask(text: &str) -> String {
    mask_normalised(&normalise(text))
}

/// [`mask`] of a text that was normalised already.
pub(super) fn mask_normalised(text: &str) -> String {
    let text = NUMBERS.replace_all(text, "#");
    let text = ADDRESSED_ZH.replace_all(&text, "${1}${2}#");
    let text = NAMES_ZH.replace_all(&text, "${1}#${2}");
    NAMES_EN
        .replace_all(&text, |found: &regex::Captures<'_>| {
            let (lead, name) = (&found[1], &found[2]);
            if NO_NAMES.contains(&name) { found[0].to_owned() } else { format!("{lead} #") }
        })
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_script_and_punctuation() {
        assert_eq!(normalise("ＨＥＬＬＯ！！！  World??!"), "hello.world?");
        assert_eq!(normalise("請問，轉人工客服嗎？"), "请问,转人工客服吗?");
        assert_eq!(normalise("I don’t know…"), "i dont know");
        assert_eq!(normalise(" 😀 好的😀 "), "好的");
        assert_eq!(normalise("open 9:00-18:30."), "open 9:00-18:30");
    }

    #[test]
    fn spaced_chinese_is_closed_up_but_messages_stay_apart() {
        assert_eq!(normalise("人 工 客 服"), "人工客服");
        assert_eq!(normalise("人工 你好"), "人工 你好");
    }

    #[test]
    fn accents_left_without_what_stood_between_are_put_in_order() {
        let once = normalise("a\u{1dc0}`\u{dca}");
        assert_eq!(normalise(&once), once);
    }

    #[test]
    fn placeholders_and_links() {
        assert_eq!(normalise("[订单x] 人工"), "# 人工");
        assert_eq!(normalise("see https://a.example/x?y=1 now"), "see # now");
        assert_eq!(normalise("write to me@a.example please"), "write to # please");
    }

    #[test]
    fn templates_become_equal() {
        assert_eq!(
            mask("Hi Anna, you are number 3 in line."),
            mask("Hi Bob, you are number 12 in line.")
        );
        assert_eq!(mask("尊敬的王先生，订单123已发货"), mask("尊敬的李先生，订单98765已发货"));
        assert_eq!(mask("欧阳女士，已登记"), mask("李先生，已登记"));
        assert_ne!(mask("请联系李先生"), mask("请问候李先生"));
        assert_ne!(mask("Hi there, your refund is done"), mask("Hi Anna, your order is done"));
    }

    proptest::proptest! {
        #[test]
        fn normalising_is_stable(text in "\\PC{0,60}") {
            let once = normalise(&text);
            let _ = mask(&text);
            proptest::prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn the_short_ways_give_the_same(
            text in "[a-cA1-3 ,.?!:/#\\-转轉人，。！？：～“”’（）Ａ１－\u{3000}…、é]{0,24}"
        ) {
            let wanted = by_the_book(&text);
            proptest::prop_assert_eq!(&normalise(&text), &wanted);
            proptest::prop_assert_eq!(normalise(&wanted), by_the_book(&wanted));
        }
    }
}

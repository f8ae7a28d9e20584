//! What is seen in the words of a telling and of the reply before it, whatever was told earlier.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::replied::{Replied, denies, same_figure};
use super::told::{Reply, Told};
use crate::detect::reading::Line;
use crate::text::memo::Weigh;
use crate::text::normalise::{is_alphanumeric, is_han, normalise};

/// What is seen in the words of the telling and of the reply, whatever was told before.
#[expect(clippy::struct_excessive_bools, reason = "each tells one thing that was seen")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(super) asking: bool,
    pub(super) exclaims: bool,
    pub(super) addresses: bool,
    pub(super) acknowledges: bool,
    pub(super) takes_up: bool,
    pub(super) han: bool,
    /// The reply has figures.
    pub(super) figures: bool,
    /// The reply names a way through pages or steps.
    pub(super) path: bool,
    /// Something that the reply spoke of is denied.
    pub(super) denies: bool,
    /// A figure that the reply named is named.
    pub(super) same_figure: bool,
    pub(super) reply_exclaims: bool,
}

impl Seen {
    /// Reads the lines of a telling (one at least) and the reply before it, with what was seen in it.
    pub(crate) fn new(lines: &[&Line<'_>], reply: &Reply, said: Said) -> Self {
        let any = |sees: fn(&str) -> bool| lines.iter().any(|line| sees(&line.message.text));
        let first = lines.first().map_or("", |line| &line.message.text);
        let replied = Replied::new(&reply.text, lines.len());
        Self {
            asking: any(asks),
            exclaims: any(exclaims),
            addresses: any(addresses),
            acknowledges: acknowledges(first),
            takes_up: takes_up(first, &reply.text),
            han: any(|text| text.chars().any(is_han)),
            figures: said.figures,
            path: reply.step || said.path,
            denies: lines.iter().any(|line| denies(&line.message.text, &replied)),
            same_figure: lines.iter().any(|line| same_figure(&line.message.text, &replied)),
            reply_exclaims: said.exclaims,
        }
    }
}

/// What is seen in the words of a reply alone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said {
    /// It has figures.
    figures: bool,
    /// It has the signs of a way through pages or steps.
    path: bool,
    exclaims: bool,
}

impl Said {
    fn of(text: &str) -> Self {
        Self {
            figures: text.bytes().any(|b| b.is_ascii_digit()),
            path: text.contains(['“', '「', '【', '>', '-', '"', '→']),
            exclaims: text.contains(['!', '！', '~', '～']),
        }
    }
}

/// A reply with what depends on its text alone: a desk says the same all year.
#[derive(Debug)]
pub struct ReadReply {
    /// Ready to be compared.
    pub(crate) told: Told,
    /// What is seen in it.
    pub(crate) said: Said,
}

impl ReadReply {
    /// Reads the text of a reply, as it stands in the log.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { told: Told::new(&normalise(text), &[]), said: Said::of(text) }
    }
}

impl Weigh for ReadReply {
    fn bytes(&self) -> usize {
        self.told.bytes()
    }
}

/// Begins by saying that what the reply named was done: 重启过了, "reinstalled".
fn takes_up(text: &str, reply: &str) -> bool {
    let start: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).take(6).collect();
    let done = start.windows(2).take(4).any(|two| {
        matches!(two[1], '了' | '过' | '完') && is_han(two[0]) && reply.contains(two[0])
    });
    let word = text.split_whitespace().next().unwrap_or_default();
    if done || !word.contains(['d', 'D']) {
        return done;
    }
    let word = word.to_lowercase();
    let verb = word.trim_matches(|c: char| !c.is_alphabetic()).strip_suffix("ed");
    verb.is_some_and(|verb| verb.len() > 2 && reply.to_lowercase().contains(verb))
}

/// Begins by taking in what was replied.
fn acknowledges(text: &str) -> bool {
    const WORDS: [&str; 24] = [
        "ok",
        "okay",
        "alright",
        "great",
        "good",
        "got it",
        "i see",
        "thanks",
        "thank you",
        "cool",
        "fine",
        "perfect",
        "ah",
        "oh",
        "好",
        "行",
        "哦",
        "嗯",
        "知道",
        "明白",
        "收到",
        "谢",
        "了解",
        "原来",
    ];
    let text = text.trim_start();
    let first = text.chars().next().and_then(|c| c.to_lowercase().next());
    // Hardly any text begins with one of their letters.
    let mut near = WORDS.iter().filter(|word| word.chars().next() == first).peekable();
    near.peek().is_some() && {
        let lower = text.to_lowercase();
        near.any(|word| lower.starts_with(word))
    }
}

/// Speaks of the desk, to its face.
fn addresses(text: &str) -> bool {
    const WORDS: [&str; 7] = ["you", "u", "your", "ur", "bot", "youre", "you're"];
    let mut words = text.split(|c: char| !is_alphanumeric(c) && c != '\'');
    text.contains(['你', '您'])
        || text.contains("机器人")
        || (text.bytes().any(|b| b.is_ascii_alphabetic())
            && words.any(|word| WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))))
}

/// A question by its mark or by its words.
pub(super) fn asks(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "?",
        "？",
        "吗",
        "么",
        "怎",
        "哪",
        "几",
        "多少",
        "多久",
        "能不能",
        "可不可以",
        "呢",
        "为啥",
        "是不是",
    ];
    static ANY: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let builder = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(WORDS);
        builder.expect("a dozen words compile")
    });
    ANY.is_match(text)
}

/// A question by its first word, too: English chats leave the mark out.
pub(super) fn is_question(text: &str) -> bool {
    const OPENERS: [&str; 17] = [
        "how", "where", "what", "when", "why", "which", "who", "is", "are", "can", "could", "do",
        "does", "did", "will", "would", "should",
    ];
    let first = text.split_whitespace().next().unwrap_or_default();
    asks(text) || OPENERS.contains(&first)
}

/// Exclamation marks in a row, or capitals throughout.
fn exclaims(text: &str) -> bool {
    let (mut marks, mut capitals, mut others) = (0, 0, 0);
    for c in text.chars().filter(|c| !is_han(*c)) {
        match c {
            '!' | '！' => marks += 1,
            c if c.is_lowercase() => others += 1,
            c if c.is_uppercase() => capitals += 1,
            _ => {}
        }
    }
    marks >= 2 || (capitals > others && capitals >= 6)
}

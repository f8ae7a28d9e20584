//! Negations and what they negate. "Not" on one side only makes two messages opposites where the other
//! side says the very thing that is negated; else it is one word among others.

use super::{Words, hash};
use crate::text::normalise::is_han;

/// What a text negates.
#[derive(Clone, Debug, Default)]
pub(super) struct Negation {
    /// Anything at all.
    pub(super) any: bool,
    /// The verbs and nouns negated, hashed.
    heads: Vec<u64>,
}

/// Words with a negating character that negate nothing, and the place of that character in them.
const NO_NEGATION: &[(&str, usize)] = &[
    ("不好意思", 0),
    ("差不多", 1),
    ("不同的", 0),
    ("不同吗", 0),
    ("不同点", 0),
    ("有不同", 1),
    ("不同于", 0),
    ("不过", 0),
    ("不仅", 0),
    ("不但", 0),
    ("不然", 0),
    ("不知", 0),
    ("不错", 0),
    ("不小心", 0),
    ("不见", 0),
    ("不满", 0),
    ("不客气", 0),
    ("不断", 0),
    ("不止", 0),
    ("不管", 0),
    ("不论", 0),
    ("不如", 0),
    ("不只", 0),
    ("不尽", 0),
    ("不久", 0),
    ("不时", 0),
    ("不得不", 0),
    ("不得不", 2),
    ("对不起", 1),
    ("了不起", 1),
    ("是不", 1),
    ("需不需", 1),
    ("用不用", 1),
    ("没准", 0),
    ("没关系", 0),
    ("没事", 0),
    ("没错", 0),
    ("无线", 0),
    ("无忧", 0),
    ("无人机", 0),
    ("无论", 0),
    ("无聊", 0),
    ("未来", 0),
    ("未成年", 0),
    ("非常", 0),
    ("非洲", 0),
    ("特别", 1),
    ("分别", 1),
    ("区别", 1),
    ("级别", 1),
    ("性别", 1),
    ("类别", 1),
    ("告别", 1),
    ("离别", 1),
    ("识别", 1),
    ("鉴别", 1),
    ("辨别", 1),
    ("个别", 1),
    ("国别", 1),
    ("差别", 1),
    ("别人", 0),
    ("别的", 0),
    ("别家", 0),
    ("别名", 0),
    ("别墅", 0),
    ("别处", 0),
];

/// Between a negation and what it negates.
const BETWEEN: &str = "能可以会要想有用是给再去得被让把在过必须该应需法办";

/// V不了, V不到: the verb stands before.
const RESULTS: &str = "了到上开出来动掉起下通住进去成好完";

/// Before 不 these are no verbs.
const NO_VERBS: &str = "我你您他她它也都还就又才能会要想们的了么吗怎直是老总";

/// Latin words that negate, apostrophes gone.
fn negates(word: &str) -> bool {
    matches!(
        word,
        "not"
            | "no"
            | "never"
            | "none"
            | "nothing"
            | "without"
            | "unable"
            | "cannot"
            | "cant"
            | "wont"
            | "dont"
            | "doesnt"
            | "didnt"
            | "isnt"
            | "arent"
            | "wasnt"
            | "werent"
            | "havent"
            | "hasnt"
            | "hadnt"
            | "couldnt"
            | "wouldnt"
            | "shouldnt"
            | "nor"
    )
}

/// Latin words between a negation and what it negates.
const LITTLE: &[&str] = &[
    "been", "be", "able", "to", "have", "has", "a", "an", "the", "any", "my", "do", "get", "got",
    "want", "need", "going", "it", "is", "are", "was", "yet", "me", "this", "that", "i", "you",
    "your", "being", "really", "even", "still", "there",
];

/// A negative word and the next one that together negate nothing.
const HARMLESS: &[(&str, &str)] = &[
    ("no", "problem"),
    ("not", "sure"),
    ("dont", "know"),
    ("not", "know"),
    ("no", "idea"),
    ("dont", "understand"),
    ("not", "understand"),
    ("dont", "worry"),
    ("not", "only"),
    ("dont", "you"),
    ("no", "one"),
];

impl Negation {
    /// Reads the characters and the Latin words of a normalised text.
    pub(super) fn of(text: &[char], words: &Words<'_>) -> Self {
        let mut out = Self::default();
        for (at, c) in text.iter().enumerate() {
            if matches!(c, '不' | '没' | '無' | '无' | '未' | '别' | '非' | '甭' | '勿') {
                out.han(text, at);
            }
        }
        for (at, word) in words.0.iter().enumerate() {
            if negates(word) {
                out.latin(&words.0[at..]);
            }
        }
        out
    }

    fn han(&mut self, text: &[char], at: usize) {
        let before = &text[..at];
        let after = &text[at + 1..];
        let (c, next) = (text[at], after.first().copied().filter(|c| is_han(*c)));
        let previous = before.last().copied().filter(|c| is_han(*c));
        let choice = previous.is_some() && previous == next
            || before.len() > 1
                && after.len() > 1
                && is_han(after[0])
                && before[before.len() - 2..] == after[..2];
        let harmless = || {
            NO_NEGATION.iter().any(|(word, place)| {
                at >= *place
                    && word
                        .chars()
                        .eq(text[at - place..].iter().copied().take(word.chars().count()))
            })
        };
        // "…没有？", "…不？" at the end ask; "还没有" tells.
        let bare =
            next.is_none() || (next == Some('有') && after.get(1).is_none_or(|c| !is_han(*c)));
        let asks = bare && previous.is_some_and(|p| !"还也都并从".contains(p));
        if choice || (c != '非' && asks) || harmless() {
            return;
        }
        self.any = true;
        let verb = previous.filter(|p| !NO_VERBS.contains(*p));
        let result = c == '不' && next.is_some_and(|n| RESULTS.contains(n));
        let head = match verb {
            Some(verb) if result => Some(verb),
            _ => after
                .iter()
                .take(5)
                .copied()
                .find(|c| !BETWEEN.contains(*c) && *c != ' ')
                .filter(|c| c.is_alphanumeric())
                .or(next),
        };
        self.heads.extend(head.map(|head| hash(&[head])));
    }

    fn latin(&mut self, words: &[&str]) {
        let next = words.get(1).copied().unwrap_or_default();
        if HARMLESS.contains(&(words[0], next)) {
            return;
        }
        self.any = true;
        let head = words[1..].iter().take(5).find(|w| !LITTLE.contains(w));
        self.heads.extend(head.map(|word| Words::hash(word)));
    }

    /// Whether one of the things negated here is in a sorted list of what another text says.
    pub(super) fn meets(&self, said: &[u64]) -> bool {
        self.heads.iter().any(|head| said.binary_search(head).is_ok())
    }
}

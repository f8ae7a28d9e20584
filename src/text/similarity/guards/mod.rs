//! What likeness cannot see: a negation, an amount, an order, an opposite; and what asks nothing at all.
//! Each guard is a rule over one pair, in a file of its own, so that it can be read and argued with.

mod courtesy;
mod negation;
mod numbers;
mod opposites;

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use negation::Negation;
use numbers::{Difference, Numbers};
use opposites::Sides;

use crate::text::normalise::is_han;

/// What the guards look at in one text.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    negation: Negation,
    numbers: Numbers,
    sides: Sides,
    /// The text.
    text: Box<str>,
    /// Characters and stems of words, hashed, in ascending order, from the first time they are asked for:
    /// only where another text negates something.
    said: OnceLock<Vec<u64>>,
    /// Asks for a time: "when will it come" says the same as "why has it not come".
    asks_when: bool,
    /// Tells a story: in it a single amount or "not" may be about anything.
    long: bool,
    /// Nothing but courtesies.
    pub(super) only_courtesy: bool,
}

/// Asks for a time.
static WHEN: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(["什么时候", "啥时候", "多久", "几时", "when", "how long"])
        .expect("six words compile")
});

/// More words, or Chinese characters, than this tell a story.
const LONG: usize = 20;

/// How much two texts contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Contradiction {
    /// Not at all.
    None,
    /// They may.
    Some,
    /// They cannot ask the same.
    Clear,
}

impl Marks {
    /// Reads a normalised text and its characters.
    pub(super) fn of(text: &str, chars: &[char]) -> Self {
        let words = Words::of(text);
        let said = words.0.len() + chars.iter().filter(|c| is_han(**c)).count();
        Self {
            negation: Negation::of(chars, &words),
            numbers: Numbers::of(chars),
            sides: Sides::of(text),
            text: text.into(),
            said: OnceLock::new(),
            asks_when: WHEN.is_match(text),
            long: said > LONG,
            only_courtesy: courtesy::only(text),
        }
    }

    /// Bytes it takes beside itself, about; the numbers and negations of a message are few.
    pub(super) fn bytes(&self) -> usize {
        // What is said may come later: eight bytes for each character of at least two.
        self.text.len() * 5 + 64
    }

    fn said(&self) -> &[u64] {
        self.said.get_or_init(|| {
            let words = Words::of(&self.text).0.into_iter().map(Words::hash);
            let han = self.text.chars().filter(|c| is_han(*c)).map(|c| hash(&[c]));
            let mut said: Vec<u64> = words.chain(han).collect();
            said.sort_unstable();
            said
        })
    }

    /// Whether the two can ask the same thing.
    pub(super) fn contradict(&self, other: &Self) -> Contradiction {
        if self.sides.oppose(other.sides) {
            return Contradiction::Clear;
        }
        if self.numbers.other_order(&other.numbers) {
            return Contradiction::Clear;
        }
        let long = self.long || other.long;
        let numbers = match self.numbers.differ(&other.numbers) {
            Difference::Clear if !long => return Contradiction::Clear,
            Difference::Clear | Difference::Some => Contradiction::Some,
            Difference::None => Contradiction::None,
        };
        let (negating, plain) = match (self.negation.any, other.negation.any) {
            (true, false) => (self, other),
            (false, true) => (other, self),
            _ => return numbers,
        };
        if negating.negation.meets(plain.said()) && !plain.asks_when && !long {
            Contradiction::Clear
        } else {
            Contradiction::Some
        }
    }
}

/// FNV-1a, 64 bit, over characters: the same on every machine and in every run.
fn hash(chars: &[char]) -> u64 {
    chars.iter().fold(HASH_START, |hash, c| fnv(hash, u32::from(*c)))
}

const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(hash: u64, next: u32) -> u64 {
    (hash ^ u64::from(next)).wrapping_mul(0x0100_0000_01b3)
}

/// The Latin words of a text, in order.
struct Words<'t>(Vec<&'t str>);

impl<'t> Words<'t> {
    fn of(text: &'t str) -> Self {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        Self(words.filter(|word| !word.is_empty()).collect())
    }

    /// Of the stem: works and work, came and come are one.
    fn hash(word: &str) -> u64 {
        stem(word).bytes().fold(HASH_START, |hash, byte| fnv(hash, u32::from(byte)))
    }
}

/// Past forms that no ending tells, and their stems as [`stem`] leaves them.
fn irregular(word: &str) -> Option<&'static str> {
    Some(match word {
        "came" => "com",
        "went" | "gone" => "go",
        "got" => "get",
        "sent" => "send",
        "paid" => "pay",
        "bought" => "buy",
        "took" | "taken" => "tak",
        "gave" | "given" => "giv",
        "told" => "tell",
        "said" => "say",
        "made" => "mak",
        "did" | "done" => "do",
        "had" => "hav",
        "found" => "find",
        "lost" => "los",
        "broke" | "broken" => "break",
        "chose" | "chosen" => "choos",
        "wrote" | "written" => "writ",
        "showed" | "shown" => "show",
        "put" => "put",
        "left" => "leav",
        "kept" => "keep",
        "felt" => "feel",
        _ => return None,
    })
}

/// A light stem: plurals, -ing, -ed and a silent e go where enough of the word stays.
fn stem(word: &str) -> &str {
    if let Some(stem) = irregular(word) {
        return stem;
    }
    for (ending, least) in [("ing", 3), ("ied", 3), ("ies", 3), ("ed", 3), ("es", 3), ("s", 3)] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.len() >= least
            && !stem.ends_with('s')
        {
            return stem.strip_suffix('e').unwrap_or(stem);
        }
    }
    word.strip_suffix('e').filter(|s| s.len() > 1).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalise;

    fn marks(text: &str) -> Marks {
        let text = normalise(text);
        Marks::of(&text, &text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn contradictions_and_near_misses() {
        use Contradiction::{Clear, None, Some};
        for (a, b, wanted) in [
            ("能不能退", "能退吗", None),
            ("能退", "不能退", Clear),
            ("喜欢不喜欢这个", "喜欢这个", None),
            ("图标不见了", "图标消失了", None),
            ("这个和那个有什么区别", "这个和那个哪里一样", None),
            ("怎么还没发货", "什么时候发货", Some),
            ("登录不了", "可以登录", Clear),
            ("密码改不了", "密码能改", Clear),
            ("收到没有", "收到了吗", None),
            ("还没有收到", "已经收到", Clear),
            ("it doesn't work", "it is not working", None),
            ("it works", "it is not working", Clear),
            ("the courier never came", "the courier came", Clear),
            ("no problem, send it", "send it", None),
            ("without a lid", "broken cup", Some),
        ] {
            let found = marks(a).contradict(&marks(b));
            assert_eq!(found, wanted, "{a} | {b}");
            assert_eq!(marks(b).contradict(&marks(a)), wanted, "{b} | {a}");
        }
    }

    #[test]
    fn stems() {
        for (a, b) in [("works", "working"), ("come", "came"), ("charged", "charge")] {
            assert_eq!(stem(a), stem(b));
        }
    }
}

//! Shared content: how much of what one text says stands in another, word for word. Function words
//! do not count.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::normalise::{is_alphanumeric, is_han, normalise};

/// Characters that carry no content by themselves.
const FAINT_HAN: &str = "的了吗呢吧啊呀哦嗯么嘛哈啦哟诶额您你我他她它们请亲谢喂是在有就都也还这那个一想要会可以能够下呗给把被跟和与及但而说着过到去来上里为让好现问麻烦帮怎什哪谁几多少何啥咋样不没";

/// Words that carry no content by themselves.
const FAINT_WORDS: &str = " a an the to of in on at for and or so is are am be been was were do does did done im ive id me my mine we our us you your ur this that these those it its there here i he she they them his her their \
please pls plz hi hello hey thanks thank ok okay just also really very would could can cant will wont shall may might with by if then than but from about any some no not dont doesnt didnt isnt \
have has had get got want need know tell like should must being now still when what which who how why where whats hows because into out up down over again only go going say said what as one ";

/// The content of a text: pairs of neighbouring Chinese characters and single ones, stems of words,
/// numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Hashes, ascending, each once.
    units: Vec<u64>,
}

impl Content {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::of_normalised(&normalise(text))
    }

    /// Reads a text that is normalised already.
    #[must_use]
    pub fn of_normalised(text: &str) -> Self {
        let mut units = Vec::with_capacity(text.len() / 2);
        let mut before: Option<char> = None;
        let mut word = String::new();
        for c in text.chars().chain([' ']) {
            if !is_han(c) && is_alphanumeric(c) {
                word.push(c);
                before = None;
                continue;
            }
            add_word(&mut units, &mut word);
            if is_han(c) && !is_faint_han(c) {
                units.push(hash(&[c]));
                if let Some(before) = before {
                    units.push(hash(&[before, c]));
                }
                before = Some(c);
            } else {
                before = None;
            }
        }
        units.sort_unstable();
        units.dedup();
        Self { units }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// How much there is.
    #[must_use]
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// The share of it that stands in `other`, 0 to 1; 0 where there is none.
    #[must_use]
    pub fn share_in(&self, other: &Self) -> f64 {
        self.share(|unit| other.has(unit))
    }

    /// The share of it that stands in one or the other.
    #[must_use]
    pub fn share_in_either(&self, one: &Self, other: &Self) -> f64 {
        self.share(|unit| one.has(unit) || other.has(unit))
    }

    fn has(&self, unit: u64) -> bool {
        self.units.binary_search(&unit).is_ok()
    }

    #[expect(clippy::cast_precision_loss, reason = "words of a message")]
    fn share(&self, holds: impl Fn(u64) -> bool) -> f64 {
        if self.units.is_empty() {
            return 0.0;
        }
        let shared = self.units.iter().filter(|unit| holds(**unit)).count();
        shared as f64 / self.units.len() as f64
    }
}

/// FNV-1a, 64 bit: the same on every machine.
fn hash(chars: &[char]) -> u64 {
    chars.iter().copied().fold(HASH_START, add_char)
}

const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;

fn add_char(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3)
}

fn add_word(units: &mut Vec<u64>, word: &mut String) {
    if word.is_empty() {
        return;
    }
    if !is_faint(word) {
        units.push(stem(word).chars().fold(HASH_START, add_char));
    }
    word.clear();
}

fn is_faint_han(c: char) -> bool {
    static CHARS: LazyLock<HanSet> = LazyLock::new(|| HanSet::of(FAINT_HAN));
    CHARS.has(c)
}

fn is_faint(word: &str) -> bool {
    /// The longest of them.
    const LONGEST: usize = 7;
    if word.len() > LONGEST {
        return false;
    }
    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| FAINT_WORDS.split_whitespace().collect());
    WORDS.contains(word)
}

/// Chinese characters of the basic block, a bit for each.
struct HanSet(Vec<u64>);

/// The first character of the block.
const FIRST_HAN: u32 = 0x4e00;

impl HanSet {
    fn of(chars: &str) -> Self {
        let mut bits = vec![0; 0x5200 / 64];
        for c in chars.chars() {
            let at = (u32::from(c) - FIRST_HAN) as usize;
            bits[at / 64] |= 1 << (at % 64);
        }
        Self(bits)
    }

    fn has(&self, c: char) -> bool {
        let at = u32::from(c).wrapping_sub(FIRST_HAN) as usize;
        self.0.get(at / 64).is_some_and(|bits| bits & (1 << (at % 64)) != 0)
    }
}

/// A light stem: plurals, -ing, -ed of words that stay long enough.
fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 5 {
        return word;
    }
    ["ing", "ies", "ied", "ed", "es", "s"]
        .into_iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() >= 3))
        .unwrap_or(word)
        .trim_end_matches('e')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faint_words_are_as_short_as_said() {
        for word in FAINT_WORDS.split_whitespace() {
            assert!(is_faint(word), "{word}");
        }
        for c in FAINT_HAN.chars() {
            assert!(is_faint_han(c) && !is_faint_han('款') && !is_faint_han('a'), "{c}");
        }
    }

    #[test]
    fn shares_by_hand() {
        for (a, b, share) in [
            ("where is my refund", "the refund is late", 1.0),
            ("the refund is late", "where is my refund", 0.5),
            ("refunds", "refunded", 1.0),
            ("你好", "退款", 0.0),
            // Of 退, 款, 退款 and 账 the first three are there; 到 is faint.
            ("退款到账", "我要退款", 0.75),
        ] {
            let got = Content::of(a).share_in(&Content::of(b));
            assert!((got - share).abs() < 1e-9, "{a} in {b}: {got}");
        }
        assert!(Content::of("is it?").is_empty());
    }
}

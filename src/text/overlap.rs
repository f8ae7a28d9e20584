//! Shared content: how much of what one text says stands in another, word for word. Function words
//! do not count.

use std::collections::BTreeSet;

use super::normalise::{is_han, normalise};

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
    units: BTreeSet<String>,
}

impl Content {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = normalise(text);
        let mut units = BTreeSet::new();
        let mut before: Option<char> = None;
        let mut word = String::new();
        for c in text.chars().chain([' ']) {
            if c.is_alphanumeric() && !is_han(c) {
                word.push(c);
                before = None;
                continue;
            }
            add_word(&mut units, &mut word);
            if is_han(c) && !FAINT_HAN.contains(c) {
                units.insert(c.to_string());
                if let Some(before) = before {
                    units.insert([before, c].iter().collect());
                }
                before = Some(c);
            } else {
                before = None;
            }
        }
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
        self.share(|unit| other.units.contains(unit))
    }

    /// The share of it that stands in one or the other.
    #[must_use]
    pub fn share_in_either(&self, one: &Self, other: &Self) -> f64 {
        self.share(|unit| one.units.contains(unit) || other.units.contains(unit))
    }

    #[expect(clippy::cast_precision_loss, reason = "words of a message")]
    fn share(&self, holds: impl Fn(&String) -> bool) -> f64 {
        if self.units.is_empty() {
            return 0.0;
        }
        let shared = self.units.iter().filter(|unit| holds(unit)).count();
        shared as f64 / self.units.len() as f64
    }
}

fn add_word(units: &mut BTreeSet<String>, word: &mut String) {
    if word.is_empty() {
        return;
    }
    let taken = std::mem::take(word);
    if FAINT_WORDS.contains(&format!(" {taken} ")) {
        return;
    }
    units.insert(stem(&taken).to_owned());
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

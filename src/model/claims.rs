//! What the text of a complaint says about reaching a human (METRICS, section 6): claims of the
//! writer, each with the place where it stands. Nothing is inferred from them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How a number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// "31 times".
    Exact,
    /// "about an hour", 将近一小时.
    About,
    /// "more than an hour", 一个多小时, 十几次: the value is the lower end.
    AtLeast,
    /// "up to 30 calls", 不到十分钟: the value is the upper end.
    AtMost,
    /// "20-30 minutes", 三四次: the value is the lower end, for no more than that is surely claimed.
    Range,
    /// "several times", 好几十个电话: no number is said.
    Vague,
}

impl Bound {
    /// The name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::About => "about",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Range => "range",
            Self::Vague => "vague",
        }
    }
}

/// A number that the text states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// Where it stands: bytes of the text.
    pub span: Range<usize>,
    /// Attempts as a count, waits in seconds; `None` where the words are vague.
    pub value: Option<u64>,
    /// How the number is meant.
    pub bound: Bound,
}

/// A sentence that tells of not reaching a human.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachingHuman {
    /// The sentence: bytes of the text.
    pub span: Range<usize>,
    /// The phrase in it, normalised.
    pub matched: String,
}

/// All that a text says about reaching a human. Without a sentence about it the numbers are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// The sentences, in the order of the text.
    pub reaching: Vec<ReachingHuman>,
    /// Attempts to reach a human, in the order of the text.
    pub attempts: Vec<Stated>,
    /// Waits for a human, in the order of the text.
    pub waits: Vec<Stated>,
}

impl Claims {
    /// Whether the text tells of not reaching a human.
    #[must_use]
    pub fn about_reaching_human(&self) -> bool {
        !self.reaching.is_empty()
    }

    /// The largest number of attempts that is stated, or the first vague one.
    #[must_use]
    pub fn most_attempts(&self) -> Option<&Stated> {
        largest(&self.attempts)
    }

    /// The longest wait that is stated, or the first vague one.
    #[must_use]
    pub fn longest_wait(&self) -> Option<&Stated> {
        largest(&self.waits)
    }
}

/// The largest value; of equal ones the first; a number before none.
fn largest(stated: &[Stated]) -> Option<&Stated> {
    stated.iter().rev().max_by_key(|s| s.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_goes_before_a_vague_word_and_the_first_of_equals_stays() {
        let stated = |at, value| Stated { span: at..at + 1, value, bound: Bound::Exact };
        let claims = Claims {
            waits: vec![stated(0, None), stated(2, Some(60)), stated(4, Some(60))],
            attempts: vec![stated(0, None), stated(3, None)],
            ..Claims::default()
        };
        assert_eq!(claims.longest_wait().map(|s| s.span.start), Some(2));
        assert_eq!(claims.most_attempts().map(|s| s.span.start), Some(0));
        assert_eq!(Claims::default().longest_wait(), None);
    }
}

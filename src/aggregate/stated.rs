//! Attempts and waits that complaints state in their text (METRICS, section 6). Each complaint gives
//! at most one number of either kind, the largest it says: "rang five times, then ten more" gives
//! ten, and a complaint that tells its story twice counts once.

use super::summary::{StatedAttempts, StatedWaits};
use crate::model::{Claims, Stated};
use crate::stats::Counts;

/// What one complaint says about reaching a human, with the words it says it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The phrase that tells of not reaching a human and where its sentence stands in the text.
    pub reaching: Option<Words>,
    /// The largest number of attempts.
    pub attempts: Option<Number>,
    /// The longest wait, in seconds.
    pub wait: Option<Number>,
}

/// Words of a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// As they stand there (a matched phrase: normalised). Not masked.
    pub text: String,
    /// First byte in the text.
    pub from: usize,
    /// Byte after the last.
    pub to: usize,
}

/// A stated number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number; `None` where the words are vague.
    pub value: Option<u64>,
    /// `exact`, `about`, `at_least`, `at_most`, `range`, `vague`.
    pub bound: &'static str,
    /// The words.
    pub words: Words,
}

impl Said {
    /// Takes from the claims what is counted.
    #[must_use]
    pub fn new(text: &str, claims: &Claims) -> Self {
        let number = |stated: &Stated| Number {
            value: stated.value,
            bound: stated.bound.name(),
            words: Words {
                text: text.get(stated.span.clone()).unwrap_or_default().to_owned(),
                from: stated.span.start,
                to: stated.span.end,
            },
        };
        Self {
            reaching: claims.reaching.first().map(|found| Words {
                text: found.matched.clone(),
                from: found.span.start,
                to: found.span.end,
            }),
            attempts: claims.most_attempts().map(number),
            wait: claims.longest_wait().map(number),
        }
    }

    /// Whether it tells of not reaching a human.
    #[must_use]
    pub fn about(&self) -> bool {
        self.reaching.is_some()
    }
}

/// Numbers of attempts, over complaints about reaching a human.
pub(super) fn attempts<'a>(all: impl Iterator<Item = &'a Said>) -> StatedAttempts {
    let (counts, vague) = tally(all.filter(|s| s.about()).filter_map(|s| s.attempts.as_ref()));
    StatedAttempts {
        n: counts.n(),
        vague,
        median: counts.quantile(0.5),
        p90: counts.quantile(0.9),
        max: counts.max(),
    }
}

/// Waits, over complaints about reaching a human.
pub(super) fn waits<'a>(all: impl Iterator<Item = &'a Said>) -> StatedWaits {
    let (counts, vague) = tally(all.filter(|s| s.about()).filter_map(|s| s.wait.as_ref()));
    #[expect(clippy::cast_precision_loss, reason = "seconds below 2^53")]
    let seconds = |value: Option<i64>| value.map(|v| v as f64);
    StatedWaits {
        n: counts.n(),
        vague,
        p50_s: seconds(counts.quantile(0.5)),
        p90_s: seconds(counts.quantile(0.9)),
        max_s: seconds(counts.max()),
    }
}

fn tally<'a>(numbers: impl Iterator<Item = &'a Number>) -> (Counts, u64) {
    let mut counts = Counts::default();
    let mut vague = 0;
    for number in numbers {
        match number.value {
            Some(said) => counts.add(i64::try_from(said).unwrap_or(i64::MAX)),
            None => vague += 1,
        }
    }
    (counts, vague)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bound, ReachingHuman};

    #[test]
    fn one_number_a_complaint_and_vague_words_apart() {
        let text = "rang 5 times, then 10 times";
        let stated = |span, value| Stated { span, value, bound: Bound::Exact };
        let reaching = vec![ReachingHuman { span: 0..text.len(), matched: "rang".into() }];
        let two = Claims {
            reaching: reaching.clone(),
            attempts: vec![stated(5..12, Some(5)), stated(19..27, Some(10))],
            waits: vec![],
        };
        let vague = Claims { reaching, attempts: vec![stated(0..4, None)], waits: vec![] };
        // Not about reaching a human: its numbers are none of ours.
        let other = Claims { attempts: vec![stated(0..4, Some(99))], ..Claims::default() };
        let all = [two, vague, other].map(|c| Said::new(text, &c));
        let summary = attempts(all.iter());
        assert_eq!(
            (summary.n, summary.vague, summary.median, summary.max),
            (1, 1, Some(10), Some(10))
        );
        assert_eq!(all[0].attempts.as_ref().map(|a| a.words.text.as_str()), Some("10 times"));
        assert_eq!(waits(all.iter()).p50_s, None);
    }
}

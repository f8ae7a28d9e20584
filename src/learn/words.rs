//! In how many of the customers' messages each word occurs.
//!
//! Words are Latin words, single Chinese characters and pairs of adjacent ones. Numbers, links and
//! addresses are no words; a word of fewer than six messages or five conversations is left out: it
//! may be about one customer.

use std::collections::{BTreeMap, BTreeSet};

use super::{LEAST_CONVERSATIONS, is_han};
use crate::detect::reading::Reading;
use crate::text::desk::Weights;
use crate::text::mask;

/// Words in fewer messages are left out.
const LEAST: u64 = 6;
/// Most words in the file; the most frequent stay.
const MOST_WORDS: usize = 20_000;
/// Most words held at once; beyond it the rarest are forgotten (as in `table`).
const MOST_HELD: usize = 400_000;
/// Longer words are codes.
const LONGEST: usize = 24;

/// Counts by word.
#[derive(Debug, Default)]
pub(super) struct Words {
    messages: u64,
    counts: BTreeMap<String, Count>,
}

#[derive(Debug, Default)]
struct Count {
    messages: u64,
    conversations: u64,
}

impl Words {
    /// Counts the customer's messages of one conversation.
    pub(super) fn add(&mut self, reading: &Reading<'_>) {
        let mut here = BTreeSet::new();
        for line in reading.lines.iter().filter(|line| line.is_customer()) {
            self.messages += 1;
            for word in words(&mask(&line.message.text)) {
                let count = self.counts.entry(word.clone()).or_default();
                count.messages += 1;
                count.conversations += u64::from(here.insert(word));
            }
        }
        let mut least = 1;
        while self.counts.len() > MOST_HELD {
            self.counts.retain(|_, count| count.messages > least);
            least += 1;
        }
    }

    /// The table for the model file.
    pub(super) fn weights(self) -> Weights {
        let mut df: Vec<(String, u64)> = self
            .counts
            .into_iter()
            .filter(|(_, c)| c.messages >= LEAST && c.conversations >= LEAST_CONVERSATIONS)
            .map(|(word, count)| (word, count.messages))
            .collect();
        df.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        df.truncate(MOST_WORDS);
        Weights { messages: self.messages, least: LEAST, df: df.into_iter().collect() }
    }
}

/// The different words of a masked text.
fn words(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut word = String::new();
    let mut previous = None;
    for c in text.chars().chain([' ']) {
        let han = is_han(c);
        if !han && (c.is_alphanumeric() || c == '#') {
            word.push(c);
        } else if !word.is_empty() {
            let word = std::mem::take(&mut word);
            if word.chars().all(char::is_alphabetic) && word.chars().count() <= LONGEST {
                out.insert(word);
            }
        }
        if han {
            out.insert(c.to_string());
            if let Some(before) = previous {
                out.insert([before, c].iter().collect());
            }
        }
        previous = han.then_some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_words() {
        let all: Vec<String> = words(&mask("订单A1234 refund, 退款")).into_iter().collect();
        assert_eq!(all, ["refund", "单", "款", "订", "订单", "退", "退款"]);
    }
}

//! The counts of all texts, within a bound (lossy counting; G. S. Manku and R. Motwani, VLDB 2002).

use std::collections::BTreeMap;

use super::place::Place;
use super::tally::Tally;

/// Most different texts held at once. When there are more, those of the fewest conversations are
/// forgotten until half are left, so a stock reply stays and a one-off goes; one that comes back is
/// counted from there. Conversations come in the order of their ids, so what is forgotten does not
/// depend on the order of the input.
const MOST_TEXTS: usize = 40_000;

/// Counts by masked text.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) texts: BTreeMap<String, Tally>,
    /// Texts forgotten.
    pub(super) dropped: u64,
}

impl Table {
    /// Counts the desk's lines of one conversation.
    pub(super) fn add(&mut self, ordinal: u32, key: u64, places: &[Place]) {
        self.add_within(MOST_TEXTS, ordinal, key, places);
    }

    fn add_within(&mut self, most: usize, ordinal: u32, key: u64, places: &[Place]) {
        let mut here: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
        for place in places {
            here.entry(&place.text).or_default().push(place);
        }
        for (text, places) in here {
            match self.texts.get_mut(text) {
                Some(tally) => tally.add(ordinal, key, &places),
                None => {
                    self.texts.entry(text.to_owned()).or_default().add(ordinal, key, &places);
                }
            }
        }
        let mut least = 1;
        while self.texts.len() > most {
            let before = self.texts.len();
            self.texts.retain(|_, tally| tally.conversations() > least);
            self.dropped += (before - self.texts.len()) as u64;
            if self.texts.len() <= most / 2 {
                break;
            }
            least += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::place::Turn;

    fn place(text: &str) -> Place {
        Place {
            line: 0,
            text: text.to_owned(),
            by_system: false,
            opens: false,
            ends: true,
            after: Some(Turn::Telling),
            then_more: false,
            then_human: false,
            human_later: false,
            then: None,
            retold: false,
            told_before: None,
            cues: Vec::new(),
        }
    }

    #[test]
    fn a_stock_reply_outlives_any_number_of_one_offs() {
        let mut table = Table::default();
        for i in 0..500 {
            let places = [place("stock"), place(&format!("one-off {i}")), place("stock")];
            table.add_within(50, i, u64::from(i), &places);
            assert!(table.texts.len() <= 50);
        }
        let stock = &table.texts["stock"];
        assert_eq!((stock.conversations(), stock.sums.recurs_in), (500, 500));
        assert_eq!(stock.sums.occurrences, 1000);
        assert!(table.dropped > 400, "{}", table.dropped);
    }

    #[test]
    fn joined_counts_know_conversations_that_have_both() {
        let mut table = Table::default();
        table.add(1, 1, &[place("a"), place("b")]);
        table.add(2, 2, &[place("a")]);
        let mut texts = std::mem::take(&mut table.texts);
        let mut both = texts.remove("a").unwrap();
        both.merge(texts.remove("b").unwrap());
        assert_eq!((both.conversations(), both.sums.occurrences, both.sums.texts), (2, 3, 2));
    }
}

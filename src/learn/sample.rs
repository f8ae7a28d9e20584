//! A uniform sample of texts that does not depend on the order they come in: those with the
//! smallest hashes of where they stand (bottom-k sampling; E. Cohen, JCSS 55, 1997).

use std::collections::BTreeMap;

use crate::model::Conversation;
use crate::text::{Prepared, Similarity};

/// Longest text that is kept, in characters; what is asked stands in the first of them.
const CHARS: usize = 80;

/// The texts with the smallest keys.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    most: usize,
    texts: BTreeMap<u64, String>,
}

impl Sample {
    pub(super) const fn new(most: usize) -> Self {
        Self { most, texts: BTreeMap::new() }
    }

    /// Offers a text.
    pub(super) fn add(&mut self, key: u64, text: &str) {
        let full = self.texts.len() >= self.most;
        if full && self.texts.last_key_value().is_some_and(|(last, _)| *last <= key) {
            return;
        }
        self.texts.insert(key, text.chars().take(CHARS).collect());
        if self.texts.len() > self.most {
            self.texts.pop_last();
        }
    }

    /// The sample of both.
    pub(super) fn merge(&mut self, other: Self) {
        for (key, text) in other.texts {
            self.add(key, &text);
        }
    }

    /// How many texts it holds.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Mean likeness of two texts of the sample; `None` below two.
    pub(super) fn likeness(&self, alike: &Similarity) -> Option<f64> {
        let texts: Vec<Prepared> = self.texts.values().map(|t| alike.prepare(t)).collect();
        let mut sum = 0.0;
        let mut pairs = 0_u32;
        for (i, a) in texts.iter().enumerate() {
            for b in &texts[..i] {
                sum += alike.score_prepared(a, b);
                pairs += 1;
            }
        }
        (pairs > 0).then(|| sum / f64::from(pairs))
    }
}

/// A number that stands for the conversation, the same in every run.
pub(super) fn key(conversation: &Conversation) -> u64 {
    let company = conversation.company.as_deref().unwrap_or("");
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for part in [company, &conversation.format, &conversation.id] {
        hash = fnv(fnv(hash, part.as_bytes()), &[0xff]);
    }
    hash
}

/// The number of a row of it.
pub(super) fn mix(key: u64, line: usize) -> u64 {
    spread(fnv(key, &line.to_le_bytes()))
}

/// FNV-1a, 64 bit.
fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

/// FNV is weak in its high bits for short inputs; this finisher (of `SplitMix64`) spreads them.
const fn spread(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_merging_do_not_matter() {
        let texts: Vec<(u64, String)> =
            (0..100_usize).map(|i| (mix(7, i), format!("text {i}"))).collect();
        let fill = |items: &[(u64, String)]| {
            let mut sample = Sample::new(10);
            items.iter().for_each(|(k, t)| sample.add(*k, t));
            sample
        };
        let forth = fill(&texts);
        let back = fill(&texts.iter().rev().cloned().collect::<Vec<_>>());
        assert_eq!(forth.texts, back.texts);
        let mut merged = fill(&texts[..40]);
        merged.merge(fill(&texts[40..]));
        assert_eq!(forth.texts, merged.texts);
        assert_eq!(forth.len(), 10);
    }

    #[test]
    fn alike_messages_are_told_from_unlike_ones() {
        let fill = |texts: &[&str]| {
            let mut sample = Sample::new(10);
            texts.iter().enumerate().for_each(|(i, t)| sample.add(i as u64, t));
            sample.likeness(&Similarity::default())
        };
        let alike = fill(&["几点开门", "你们几点开门", "早上几点开门啊"]).unwrap();
        let unlike = fill(&["几点开门", "退款没到账", "快递丢了怎么办"]).unwrap();
        assert!(alike > unlike + 0.2, "{alike} {unlike}");
        assert_eq!(fill(&["one"]), None);
    }
}

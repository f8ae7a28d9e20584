//! How much each unit tells: the background idf, and a desk's own weights over it.
//!
//! A weight is the surprise of the unit, minus the logarithm of its probability in the table, less what
//! every word has: words that go with everything weigh little, rare ones much. Nothing is fitted on any
//! log. A desk's own weights and threshold (made by other commands from the desk's log or its labelled
//! pairs) replace single values and carry a name and a hash into the report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::segment::is_unknown;
use super::table::{Table, table};

/// Surprise that even the commonest units have, in sixteenths of a nat: Chinese is counted among Chinese
/// words, the Latin pieces among those of all languages of the encoder.
const COMMON_HAN: u32 = 48;
const COMMON_LATIN: u32 = 64;

/// No unit weighs less.
const LEAST: u32 = 5;

/// Numbers, names and other units that the table lacks.
const UNKNOWN: u32 = 96;

/// Units that weigh less are left out beside others: 的, the, is, my.
const LITTLE_HAN: u32 = 16;
const LITTLE_LATIN: u32 = 30;

/// Least weight, in sixteenths of a nat, with which a unit takes part beside others.
pub(super) fn tells(table: &Table, unit: u32) -> u32 {
    if table.is_han(unit) { LITTLE_HAN } else { LITTLE_LATIN }
}

/// Greetings, courtesies and calls: they stand in any message and tell of none.
const FILLERS: &[&str] = &[
    "请问", "你好", "您好", "谢谢", "麻烦", "请", "亲", "亲爱", "呀", "啊", "哈", "哦", "哎", "喂",
    "嗯", "呢", "吗", "吧", "嘛", "哟", "拜托", "帮忙", "辛苦", "咨询", "一下", "_hi", "_hello",
    "_hey", "_please", "_pls", "_thanks", "_thank", "_dear", "_sorry", "_just", "_team",
];

/// The background weight of each unit of the table.
static BACKGROUND: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let table = table();
    let fillers: BTreeSet<u32> =
        FILLERS.iter().filter_map(|filler| table.trie.find(filler.as_bytes())).collect();
    let weight = |unit| {
        if fillers.contains(&unit) {
            return LEAST;
        }
        let common = if table.is_han(unit) { COMMON_HAN } else { COMMON_LATIN };
        table.cost(unit).saturating_sub(common).max(LEAST)
    };
    (0..table.units()).map(weight).collect()
});

/// What one desk changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnWeights {
    /// Name of the file they come from; stands in the report.
    pub name: String,
    /// SHA-256 of that file, in hexadecimal.
    pub sha256: String,
    /// Replaces [`super::Similarity::THRESHOLD`].
    pub threshold: Option<f64>,
    /// Messages that the words were counted in.
    pub messages: u64,
    /// Messages by unit; a unit is written as in normalised text: 退款, refund. Units that the table
    /// lacks are passed over.
    pub df: BTreeMap<String, u64>,
}

/// How much a word tells that stands in so many of all messages, in nats.
#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn rarity(messages: u64, df: u64) -> f64 {
    ((messages + 1) as f64 / (df.min(messages) + 1) as f64).ln()
}

/// The weights in use.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights(BTreeMap<u32, u32>);

impl Weights {
    /// The background drawn halfway to what the desk's own log says: a desk's word counts know its
    /// everyday words, the background knows the language. Both are inverse frequencies in nats; the
    /// desk's are moved so that their mean over its own words is the background's.
    pub(super) fn with(table: &Table, given: &OwnWeights) -> Self {
        let unit = |text: &String| {
            let word = format!("_{text}");
            table.trie.find(text.as_bytes()).or_else(|| table.trie.find(word.as_bytes()))
        };
        let background = Self::default();
        let own: Vec<(u32, f64, f64)> = given
            .df
            .iter()
            .filter_map(|(text, df)| {
                let unit = unit(text)?;
                let shipped = f64::from(background.of(unit));
                Some((unit, shipped, 16.0 * rarity(given.messages, *df)))
            })
            .filter(|(_, shipped, _)| *shipped > f64::from(LEAST))
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "words of one model")]
        let n = own.len().max(1) as f64;
        let shift = own.iter().map(|(_, shipped, desk)| shipped - desk).sum::<f64>() / n;
        let blend = |shipped: f64, desk: f64| f64::midpoint(shipped, desk + shift);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0..=1024 before"
        )]
        let whole = |weight: f64| weight.clamp(f64::from(LEAST), 1024.0).round() as u32;
        Self(own.into_iter().map(|(unit, a, b)| (unit, whole(blend(a, b)))).collect())
    }

    /// Weight of one unit, in sixteenths of a nat.
    pub(super) fn of(&self, unit: u32) -> u32 {
        if is_unknown(unit) {
            return UNKNOWN;
        }
        if let Some(own) = self.0.get(&unit) {
            return *own;
        }
        BACKGROUND.get(unit as usize).copied().unwrap_or(UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_tell_little() {
        let of = |text: &str| {
            let unit = table().trie.find(text.as_bytes()).expect("a common word");
            Weights::default().of(unit)
        };
        assert!(of("的") < of("怎么") && of("怎么") < of("退款"));
        assert!(of("_the") < of("_how") && of("_how") < of("_refund"));
    }

    #[test]
    fn a_desk_may_say_otherwise() {
        let df = [("refund", 9_000), ("ticket", 6), ("card", 200), ("qqqqqqqq", 6)];
        let df = df.into_iter().map(|(word, n)| (word.to_owned(), n)).collect();
        let own =
            Weights::with(table(), &OwnWeights { messages: 10_000, df, ..OwnWeights::default() });
        let unit = |word: &[u8]| table().trie.find(word).expect("a common word");
        let of = |weights: &Weights, word: &[u8]| weights.of(unit(word));
        let shipped = Weights::default();
        assert!(of(&own, b"_refund") < of(&shipped, b"_refund"), "everybody says it here");
        assert!(of(&own, b"_ticket") > of(&shipped, b"_ticket"), "hardly anybody does");
        assert_eq!(of(&own, b"_order"), of(&shipped, b"_order"), "not counted");
        assert_eq!(own.0.len(), 3);
    }
}

//! Cuts a normalised text into the units of the table.
//!
//! A Latin word that the table has whole is one unit; any other run of letters takes the cheapest path
//! (Viterbi over a unigram model, as in T. Kudo (2018), "Subword Regularization"). A word with a digit
//! in it, and whatever the table lacks, is a unit of its own that is like nothing but itself.

use super::table::{Table, WORD_START};
use crate::text::normalise::{is_alphanumeric, is_han};

/// A unit that the table lacks is its hash with this bit set.
const UNKNOWN: u32 = 1 << 31;

/// Cost of a character that no unit covers: dearer than any unit (255).
const UNKNOWN_COST: u32 = 320;

/// Whether the table has no vector for this unit.
pub(super) const fn is_unknown(unit: u32) -> bool {
    unit & UNKNOWN != 0
}

/// FNV-1a, 32 bit, without its highest bit: the same on every machine and in every run.
fn unknown(text: &[u8]) -> u32 {
    let hash = text
        .iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    hash | UNKNOWN
}

/// The cheapest way to each place of a run: cost, where its last unit begins, that unit.
#[derive(Clone, Copy)]
struct Step {
    cost: u32,
    from: u32,
    unit: u32,
}

/// Cuts texts; keeps its working memory between the runs of one text.
#[derive(Default)]
pub(super) struct Segmenter {
    steps: Vec<Step>,
    word: Vec<u8>,
    /// Units in order, with the bytes of each that were read from the text.
    pub(super) units: Vec<u32>,
}

/// What a run is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Han,
    Word,
}

impl Segmenter {
    /// Adds the units of a normalised text.
    pub(super) fn read(&mut self, table: &Table, text: &str) {
        let mut run: Option<(usize, Class, bool)> = None;
        for (at, c) in text.char_indices() {
            let class = if is_han(c) {
                Some(Class::Han)
            } else if is_alphanumeric(c) {
                Some(Class::Word)
            } else {
                None
            };
            match (run, class) {
                (Some((from, kind, digits)), Some(class)) if kind == class => {
                    run = Some((from, kind, digits || is_digit(c)));
                }
                (open, class) => {
                    if let Some((from, kind, digits)) = open {
                        self.run(table, &text[from..at], kind, digits);
                    }
                    run = class.map(|class| (at, class, is_digit(c)));
                }
            }
        }
        if let Some((from, kind, digits)) = run {
            self.run(table, &text[from..], kind, digits);
        }
    }

    fn run(&mut self, table: &Table, run: &str, class: Class, digits: bool) {
        if digits {
            self.units.push(unknown(run.as_bytes()));
            return;
        }
        if class == Class::Han {
            self.cheapest(table, run.as_bytes());
            return;
        }
        let mut word = std::mem::take(&mut self.word);
        word.clear();
        word.push(WORD_START);
        word.extend_from_slice(run.as_bytes());
        if let Some(unit) = table.trie.find(&word) {
            self.units.push(unit);
        } else {
            self.cheapest(table, &word);
        }
        self.word = word;
    }

    /// Ties go to the path that begins its last unit earliest.
    fn cheapest(&mut self, table: &Table, run: &[u8]) {
        self.steps.clear();
        self.steps.resize(run.len() + 1, Step { cost: u32::MAX, from: 0, unit: 0 });
        self.steps[0].cost = 0;
        let mut from = 0;
        while from < run.len() {
            let width = width(run[from]).min(run.len() - from);
            let cost = self.steps[from].cost;
            if cost < u32::MAX {
                let steps = &mut self.steps;
                let mut offer = |length: usize, unit: u32, more: u32| {
                    let step = &mut steps[from + length];
                    if cost + more < step.cost {
                        let from = u32::try_from(from).unwrap_or(u32::MAX);
                        *step = Step { cost: cost + more, from, unit };
                    }
                };
                table.trie.prefixes(&run[from..], |length, unit| {
                    offer(length, unit, table.cost(unit));
                });
                offer(width, unknown(&run[from..from + width]), UNKNOWN_COST);
            }
            from += width;
        }
        let (mut at, first) = (run.len(), self.units.len());
        while at > 0 {
            let step = self.steps[at];
            self.units.push(step.unit);
            at = step.from as usize;
        }
        self.units[first..].reverse();
    }
}

/// A digit or what Unicode counts as a number, Chinese numerals apart: they are words.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || !c.is_ascii() && !is_han(c) && c.is_numeric()
}

/// Bytes of the character that begins with this byte.
const fn width(first: u8) -> usize {
    match first {
        0..=0xbf => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xff => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::table;
    use super::*;

    fn units(text: &str) -> Vec<u32> {
        let mut segmenter = Segmenter::default();
        segmenter.read(table(), text);
        segmenter.units
    }

    fn known(text: &str) -> u32 {
        table().trie.find(text.as_bytes()).expect("a common word")
    }

    #[test]
    fn words_are_cut_where_they_end() {
        assert_eq!(units("怎么退款"), [known("怎么"), known("退款")]);
        assert_eq!(units("my refund"), [known("_my"), known("_refund")]);
        assert_eq!(units("app退款"), [known("_app"), known("退款")]);
        assert!(units("a1").iter().all(|u| is_unknown(*u)));
        assert_eq!(units("12 元"), [unknown(b"12"), known("元")]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut(text in "\\PC{0,60}") {
            let text = crate::text::normalise(&text);
            let some = text.chars().any(char::is_alphanumeric);
            proptest::prop_assert_eq!(!units(&text).is_empty(), some);
        }
    }
}

//! The issue that is open, kept so that a new telling finds what to be held against without walking
//! through all of it: a conversation of many thousand rows takes time in proportion to them.
//!
//! The same words are looked up, whatever lies between. In other words a telling is held against all
//! different tellings of the issue while these are at most [`MOST`] and [`MOST_UNITS`] words, and
//! against the [`LATEST`] of a longer issue: what customers say again they said a while ago, not
//! hundreds of turns ago, and a comparison with all of them would take time in the square of the rows.

use std::collections::BTreeMap;

use super::retold::Told;
use super::tellings::{Retelling, Telling};
use crate::text::normalise::is_alphanumeric;
use crate::text::{Outline, Similarity};

/// Different tellings of an issue that is not long. A conversation of up to 500 rows has no more, for a
/// reply stands between two tellings.
pub(super) const MOST: usize = 250;
/// Words, about, of an issue that is not long: eighty a telling at the most tellings.
const MOST_UNITS: usize = 20_000;
/// Different tellings of a long issue that a new one is held against.
pub(super) const LATEST: usize = 50;
/// Up to here an issue is walked through: looking up would take longer.
const FEW: usize = 16;

/// The bounds in use; tests choose their own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) few: usize,
    pub(super) most: usize,
    pub(super) units: usize,
    pub(super) latest: usize,
}

impl Bounds {
    pub(super) const USUAL: Self = Self { few: FEW, most: MOST, units: MOST_UNITS, latest: LATEST };
}

/// The open issue.
#[derive(Debug)]
pub(super) struct Issue {
    bounds: Bounds,
    /// Its first telling.
    from: usize,
    /// Something of it was told again.
    again: bool,
    /// What was told of it before `outlined`, as one.
    outline: Outline,
    outlined: usize,
    known: Option<Known>,
}

/// What is looked up in an issue of many tellings.
#[derive(Debug, Default)]
struct Known {
    /// The latest telling in these words.
    words: BTreeMap<String, usize>,
    /// The latest telling that compares so: by its text, what it asks for, and whether a human had come.
    alike: BTreeMap<(String, u16, bool), usize>,
    /// Of tellings that compare so the latest, and the one before the very last telling: that nothing
    /// was told after it is seen in the last alone. Each with its units.
    different: BTreeMap<usize, usize>,
    /// Of all of these.
    units: usize,
    /// What the last telling stands for as soon as another follows.
    replaced: Option<usize>,
}

impl Issue {
    /// An issue that nothing was told of, which begins with this telling.
    pub(super) fn new(from: usize, bounds: Bounds) -> Self {
        let (outline, again) = (Outline::default(), false);
        Self { bounds, from, again, outline, outlined: from, known: None }
    }

    /// Its first telling.
    pub(super) const fn from(&self) -> usize {
        self.from
    }

    /// Whether something of it was told again.
    pub(super) const fn again(&self) -> bool {
        self.again
    }

    /// Takes in the last of the tellings; `before`: tellings up to this row were told to the bot.
    pub(super) fn push(
        &mut self,
        tellings: &[Telling],
        told: &[Told],
        before: Option<usize>,
        alike: &Similarity,
    ) {
        let Some(last) = tellings.last() else { return };
        self.again |= last.kind != Retelling::New;
        if tellings.len() - self.from <= self.bounds.few {
            return;
        }
        let from = if self.known.is_some() { tellings.len() - 1 } else { self.from };
        let known = self.known.get_or_insert_default();
        for at in from..tellings.len() {
            let to_bot = before.is_some_and(|before| tellings[at].at < before);
            let units = told[at].prepared(alike).units();
            known.push(at, &tellings[at].text, (told[at].asks, to_bot), units);
        }
    }

    /// The latest telling in the same words.
    pub(super) fn same_words(&self, tellings: &[Telling], text: &str) -> Option<usize> {
        if let Some(known) = &self.known {
            return known.words.get(&words(text).collect::<String>()).copied();
        }
        let same = |t: &Telling| words(&t.text).eq(words(text));
        tellings[self.from..].iter().rposition(same).map(|at| self.from + at)
    }

    /// The tellings that a new one is held against, in order; `len`: all tellings so far.
    pub(super) fn different(&self, len: usize) -> Vec<usize> {
        match &self.known {
            Some(known) => {
                let bounds = self.bounds;
                let long = known.different.len() > bounds.most || known.units > bounds.units;
                let taken = if long { bounds.latest } else { known.different.len() };
                let mut latest: Vec<usize> =
                    known.different.keys().rev().take(taken).copied().collect();
                latest.reverse();
                latest
            }
            None => (self.from..len).collect(),
        }
    }

    /// All that was told of it, as one.
    pub(super) fn outline(&mut self, told: &[Told], alike: &Similarity) -> &Outline {
        for told in &told[self.outlined..] {
            self.outline.add(told.prepared(alike));
        }
        self.outlined = told.len();
        &self.outline
    }
}

impl Known {
    fn push(&mut self, at: usize, text: &str, (asks, to_bot): (u16, bool), units: usize) {
        if let Some(replaced) = self.replaced.take() {
            self.units -= self.different.remove(&replaced).unwrap_or(0);
        }
        self.words.insert(words(text).collect(), at);
        self.replaced = self.alike.insert((text.to_owned(), asks, to_bot), at);
        self.units += units;
        self.different.insert(at, units);
    }
}

/// A text but for punctuation, space and symbols.
fn words(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| is_alphanumeric(*c))
}

//! What is counted while an input is read: rows used and refused, senders, events, times.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::names;
use super::time::Read;
use crate::model::{Precision, Problem, ProblemKind, Sender};

/// Examples that are kept of each kind of problem.
const EXAMPLES: usize = 3;
/// Different sender or event values that are kept; a column of names has no end.
const VALUES: usize = 1000;

/// Problems of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusals {
    /// How many.
    pub(super) count: u64,
    /// The first ones: row and what was there.
    pub(super) first: Vec<(u64, String)>,
}

/// The counts of one reading.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Rows read.
    pub(super) read: u64,
    /// Rows used.
    pub(super) used: u64,
    /// Rows refused.
    pub(super) refused: u64,
    /// Problems by kind.
    pub(super) problems: BTreeMap<ProblemKind, Refusals>,
    /// Sender values, what each was taken as, and how often.
    pub(super) senders: BTreeMap<String, (Sender, u64)>,
    /// Event values that nobody knows.
    pub(super) unknown_events: BTreeMap<String, u64>,
    /// Earliest stamp.
    pub(super) first: Option<DateTime<Utc>>,
    /// Latest stamp.
    pub(super) last: Option<DateTime<Utc>>,
    /// Coarsest precision.
    pub(super) coarsest: Option<Precision>,
    /// Stamps with a zone of their own.
    pub(super) zoned: u64,
    /// Stamps without one.
    pub(super) unzoned: u64,
}

impl Tally {
    /// Counts a problem and gives it back as a record.
    pub(super) fn problem(
        &mut self,
        source: u32,
        row: u64,
        kind: ProblemKind,
        found: &str,
    ) -> Problem {
        let found = names::short(found);
        let of_kind = self.problems.entry(kind).or_default();
        of_kind.count += 1;
        if of_kind.first.len() < EXAMPLES {
            of_kind.first.push((row, found.clone()));
        }
        if kind.refuses() {
            self.refused += 1;
        }
        Problem { source, row, kind, found }
    }

    /// Counts a stamp.
    pub(super) fn time(&mut self, read: &Read) {
        let at = read.stamp.at;
        self.first = Some(self.first.map_or(at, |f| f.min(at)));
        self.last = Some(self.last.map_or(at, |l| l.max(at)));
        self.coarsest = self.coarsest.max(Some(read.stamp.precision));
        if read.zoned {
            self.zoned += 1;
        } else {
            self.unzoned += 1;
        }
    }

    /// Counts a sender value.
    pub(super) fn sender(&mut self, value: &str, sender: Sender) {
        if let Some(seen) = self.senders.get_mut(value) {
            seen.1 += 1;
        } else if self.senders.len() < VALUES {
            self.senders.insert(value.to_owned(), (sender, 1));
        }
    }

    /// Counts an event value that nobody knows.
    pub(super) fn unknown_event(&mut self, value: &str) {
        if let Some(seen) = self.unknown_events.get_mut(value) {
            *seen += 1;
        } else if self.unknown_events.len() < VALUES {
            self.unknown_events.insert(value.to_owned(), 1);
        }
    }

    /// Where the zone of the stamps comes from.
    pub(super) fn zone_from(&self, by_mapping: bool) -> &'static str {
        match (self.zoned > 0, self.unzoned > 0) {
            (false, false) => "no times",
            (true, false) => "in data",
            (true, true) => "mixed",
            (false, true) if by_mapping => "mapping",
            (false, true) => "--time-zone",
        }
    }

    /// The commonest reasons of refusal, for an error.
    pub(super) fn top_reasons(&self) -> String {
        let mut refused: Vec<_> = self.problems.iter().filter(|(k, _)| k.refuses()).collect();
        refused.sort_by_key(|(kind, r)| (std::cmp::Reverse(r.count), **kind));
        let reason = |(kind, r): &(&ProblemKind, &Refusals)| {
            let (row, found) = r.first.first().cloned().unwrap_or_default();
            format!("{} rows {}, the first is row {row} ({found})", r.count, kind.name())
        };
        refused.iter().take(3).map(reason).collect::<Vec<_>>().join("; ")
    }
}

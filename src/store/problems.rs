//! The list of rows that were refused, repaired or double: counted at once, kept in order on disk
//! when there are many.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::error::Result;
use crate::model::{Problem, ProblemKind};
use crate::store::sorter::{Sortable, Sorted, Sorter};

/// Bytes of problems held in memory.
const BUDGET: usize = 16 << 20;

impl Sortable for Problem {
    fn key(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.source.to_be_bytes());
        into.extend_from_slice(&self.row.to_be_bytes());
        into.push(self.kind as u8);
        into.extend_from_slice(self.found.as_bytes());
    }
}

/// All problems of a run.
#[derive(Debug)]
pub struct ProblemLog {
    sorter: Sorter<Problem>,
    counts: BTreeMap<ProblemKind, u64>,
    skipped: BTreeSet<u32>,
}

impl ProblemLog {
    /// An empty list that spills into `folder`.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            sorter: Sorter::new(BUDGET, folder),
            counts: BTreeMap::new(),
            skipped: BTreeSet::new(),
        }
    }

    /// Adds one.
    ///
    /// # Errors
    /// When the disk is full.
    #[expect(clippy::needless_pass_by_value, reason = "it is handed over")]
    pub fn push(&mut self, problem: Problem) -> Result<()> {
        *self.counts.entry(problem.kind).or_default() += 1;
        self.sorter.push(&problem)
    }

    /// Marks a source as skipped: none of its rows is used.
    pub fn skip(&mut self, source: u32) {
        self.skipped.insert(source);
    }

    /// How many sources were skipped.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped.len()
    }

    /// The skipped sources.
    #[must_use]
    pub fn skipped_sources(&self) -> BTreeSet<u32> {
        self.skipped.clone()
    }

    /// Counts by kind.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<ProblemKind, u64> {
        &self.counts
    }

    /// All problems by source, row and kind.
    ///
    /// # Errors
    /// When they cannot be read back.
    pub fn sorted(self) -> Result<Sorted<Problem>> {
        self.sorter.sorted()
    }
}

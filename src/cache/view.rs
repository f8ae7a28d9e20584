//! All parts as one: the facts, problems and inputs that a run without a cache would have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::hash_of;
use super::part::{Days, Listed, Problems, TABLE, each_problem};
use super::plan::{Placed, has};
use super::ready;
use crate::aggregate::{AggregateOptions, Groups};
use crate::error::Result;
use crate::facts::kept::{self, Kept};
use crate::model::{Facts, Problem, ProblemKind, SourceReport};
use crate::pipeline::count_double;

/// Parts, and what of them holds.
pub(crate) struct View {
    pub(super) parts: Vec<ViewPart>,
    /// What no cache keeps.
    pub(super) passing: (tempfile::TempDir, Placed),
    /// The inputs, before rows of one conversation were compared.
    pub(crate) sources: Vec<SourceReport>,
    /// Inputs none of whose rows count.
    pub(super) skipped: BTreeSet<u32>,
    /// What is wrong with whole inputs.
    pub(super) told: Vec<Problem>,
    pub(super) named: Vec<String>,
    /// What was done.
    pub(crate) done: Done,
}

/// A part, and what of it holds.
pub(super) struct ViewPart {
    pub(super) folder: PathBuf,
    /// Conversations that do not hold, in order.
    pub(super) stale: Vec<u64>,
    /// How many do.
    pub(super) used: u64,
    pub(super) placed: Placed,
    /// First and last day, or wider.
    pub(super) days: Option<Days>,
    /// The hash of its facts.
    pub(super) facts: String,
}

/// What a run with a cache did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) unchanged: usize,
    pub(crate) read: usize,
    pub(crate) again: usize,
    pub(crate) measured: u64,
    /// Files that are measured in every run, and one of them.
    pub(crate) every_run: Option<(usize, String)>,
}

impl ViewPart {
    /// The table, with what holds of it.
    pub(super) fn table(&self) -> Kept<'_> {
        Kept { table: self.folder.join(TABLE), holds: Box::new(|of| self.holds(of)) }
    }

    /// Whether conversations of rows of this id hold.
    pub(super) fn holds(&self, of: &str) -> bool {
        self.stale.is_empty() || !has(&self.stale, hash_of(of))
    }

    /// Hands on the problems that hold, with their line; `places` are inputs by path.
    pub(super) fn problems(
        &self,
        at: u32,
        places: &BTreeMap<&str, u32>,
        each: impl FnMut(&Listed) -> Result<()>,
    ) -> Result<()> {
        problems(&self.folder, at, &self.placed, &self.stale, places, each)
    }
}

fn problems(
    folder: &std::path::Path,
    part: u32,
    placed: &Placed,
    stale: &[u64],
    by_path: &BTreeMap<&str, u32>,
    mut each: impl FnMut(&Listed) -> Result<()>,
) -> Result<()> {
    let homes = placed.all_homes();
    let mut line = 0;
    each_problem(folder, |path, problem, of| {
        line += 1;
        let Some(source) = by_path.get(path).copied() else { return Ok(()) };
        let holds = match of {
            Some(of) => !has(stale, of),
            None => homes.contains(&source),
        };
        if !holds {
            return Ok(());
        }
        each(&Listed { problem: Problem { source, ..problem }, of, line: (part, line) })
    })
}

impl View {
    /// Inputs by path.
    pub(super) fn places(&self) -> BTreeMap<&str, u32> {
        self.sources.iter().map(|s| s.path.as_str()).zip(0..).collect()
    }

    /// Hands on every conversation of parts whose days are `wanted`, in the order in which a run without a
    /// cache measures them.
    ///
    /// # Errors
    /// When a part cannot be read, or `each` fails.
    pub(crate) fn each(
        &self,
        wanted: impl Fn(Option<Days>) -> bool,
        each: impl FnMut(&Facts) -> Result<()>,
    ) -> Result<()> {
        let parts = self.parts.iter().filter(|part| wanted(part.days));
        let mut tables: Vec<Kept<'_>> = parts.map(ViewPart::table).collect();
        tables.push(Kept { table: self.passing.0.path().join(TABLE), holds: Box::new(|_| true) });
        kept::each(&tables, &self.named, &self.sources, each)
    }

    /// Hands on the rows of `conversations.csv` and `findings.csv` of every conversation, in that order.
    ///
    /// # Errors
    /// When a part cannot be read, or `each` fails.
    pub(crate) fn rows(&self, mut each: impl FnMut(&str, &str) -> Result<()>) -> Result<()> {
        let mut folders: Vec<&Path> = self.parts.iter().map(|part| part.folder.as_path()).collect();
        folders.push(self.passing.0.path());
        let holds = |at: usize, of: &str| self.parts.get(at).is_none_or(|part| part.holds(of));
        ready::each(&folders, holds, |rows| each(&rows.conversation, &rows.findings))
    }

    /// The sums of all conversations; those of a part are kept for the next time.
    ///
    /// # Errors
    /// When a part cannot be read, or a column has too many groups.
    pub(crate) fn sums(&self, options: &AggregateOptions) -> Result<Groups> {
        let of = |table: Kept<'_>| {
            let mut sums = Groups::default();
            kept::each(&[table], &self.named, &self.sources, |facts| sums.add(facts, options))?;
            Ok(sums)
        };
        let passing = self.passing.0.path().join(TABLE);
        let mut all = of(Kept { table: passing, holds: Box::new(|_| true) })?;
        for part in self.parts.iter().filter(|part| part.used > 0) {
            if let Some(sums) = ready::sums(part, options) {
                all.merge(&sums, options)?;
                continue;
            }
            let sums = of(part.table())?;
            ready::keep_sums(part, options, &sums);
            all.merge(&sums, options)?;
        }
        Ok(all)
    }

    /// Hands on every problem in the order of `problems.csv`, and counts rows that came twice in
    /// `sources`; gives the counts by kind. `None` where the order of two cannot be told any more,
    /// for what was found is masked.
    ///
    /// # Errors
    /// When a part cannot be read, or `each` fails.
    pub(crate) fn problems(
        &self,
        sources: &mut [SourceReport],
        mut each: impl FnMut(&Problem) -> Result<()>,
    ) -> Result<Option<BTreeMap<ProblemKind, u64>>> {
        let by_path = self.places();
        let mut all = Problems::new();
        let mut part = 0;
        for of in &self.parts {
            of.problems(part, &by_path, |listed| all.add(listed))?;
            part += 1;
        }
        let (folder, placed) = &self.passing;
        problems(folder.path(), part, placed, &[], &by_path, |listed| all.add(listed))?;
        for (problem, line) in self.told.iter().zip(0..) {
            let problem = problem.clone();
            all.add(&Listed { problem, of: None, line: (u32::MAX, line) })?;
        }
        let mut counts = BTreeMap::new();
        let mut order = Order::default();
        for listed in all.sorted()? {
            let listed = listed?;
            if !order.is_clear(&listed) {
                return Ok(None);
            }
            if listed.of.is_some() {
                count_double(&listed.problem, sources);
            }
            *counts.entry(listed.problem.kind).or_default() += 1;
            each(&listed.problem)?;
        }
        Ok(Some(counts))
    }
}

/// Problems of one row and kind stand in the order of what was found before it was masked, which a
/// part keeps and several do not.
#[derive(Default)]
struct Order {
    first: Option<Listed>,
    /// From several parts; not all the same.
    mixed: (bool, bool),
}

impl Order {
    fn is_clear(&mut self, listed: &Listed) -> bool {
        let key = |l: &Listed| (l.problem.source, l.problem.row, l.problem.kind);
        if let Some(first) = self.first.as_ref().filter(|first| key(first) == key(listed)) {
            self.mixed.0 |= first.line.0 != listed.line.0;
            self.mixed.1 |= first.problem.found != listed.problem.found;
        } else {
            self.first = Some(listed.clone());
            self.mixed = (false, false);
        }
        self.mixed != (true, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_cannot_be_told_is_noticed() {
        let listed = |row, found: &str, part| Listed {
            problem: Problem { source: 0, row, kind: ProblemKind::Duplicate, found: found.into() },
            of: Some(1),
            line: (part, 1),
        };
        let clear = |all: &[Listed]| {
            let mut order = Order::default();
            all.iter().all(|listed| order.is_clear(listed))
        };
        assert!(clear(&[listed(1, "a", 0), listed(1, "b", 0), listed(2, "b", 1)]));
        assert!(clear(&[listed(1, "a", 0), listed(1, "a", 1)]));
        assert!(!clear(&[listed(1, "a", 0), listed(1, "a", 1), listed(1, "b", 1)]));
        assert!(!clear(&[listed(1, "a", 0), listed(1, "b", 1)]));
    }
}

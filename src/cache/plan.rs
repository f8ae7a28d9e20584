//! Which conversations hold in which part, which are measured, and which files are read again for that.

use std::collections::{BTreeMap, BTreeSet};

use super::home::Part;
use super::pairs::{ELSEWHERE, Pairs, PairsFile, by_conversation};
use super::part::{FileEntry, PAIRS, PartHeader};
use crate::error::Result;

/// What is known of the inputs of this run, by their place among them.
pub(super) struct Inputs<'a> {
    /// Part (its place among the parts) and number of the file in it, of files that did not change.
    pub(super) known: &'a [Option<(usize, u32)>],
    /// Path and hash of what lies on the disk, where the cache may keep it.
    pub(super) named: &'a [Option<(String, String)>],
    /// None of their rows count: the same bytes as another, or not readable.
    pub(super) skipped: &'a BTreeSet<u32>,
    /// Path -> place.
    pub(super) places: &'a BTreeMap<String, u32>,
}

impl Inputs<'_> {
    /// The place among the inputs of a file of a part, where it is there and did not change.
    fn place(&self, entry: &FileEntry) -> Option<u32> {
        let at = *self.places.get(&entry.path)?;
        let same = self.named[at as usize].as_ref().is_some_and(|(_, hash)| *hash == entry.sha256);
        (same && self.known[at as usize].is_some()).then_some(at)
    }
}

/// How the files of a part stand in this run.
#[derive(Debug, Default)]
pub(super) struct Placed(BTreeMap<u32, Place>);

#[derive(Clone, Copy, Debug)]
struct Place {
    /// Place among the inputs.
    at: u32,
    /// The part lists all its conversations, and its rows that were refused.
    home: bool,
}

impl Placed {
    /// Looks up every file of a part (by its place among the parts).
    pub(super) fn of(part: usize, header: &PartHeader, inputs: &Inputs<'_>) -> Self {
        let place = |(number, entry): (&u32, &FileEntry)| {
            let at = inputs.place(entry)?;
            let home = inputs.known[at as usize] == Some((part, *number));
            Some((*number, Place { at, home }))
        };
        Self(header.files.iter().filter_map(place).collect())
    }

    /// Of the part that this run made.
    pub(super) fn as_it_is(header: &PartHeader) -> Self {
        let place = |(number, entry): (&u32, &FileEntry)| {
            (*number, Place { at: *number, home: entry.read.is_some() })
        };
        Self(header.files.iter().map(place).collect())
    }

    /// Of what this run alone knows: inputs that no part lists.
    pub(super) fn homes(inputs: impl Iterator<Item = u32>) -> Self {
        Self(inputs.map(|at| (at, Place { at, home: true })).collect())
    }

    /// The input that a number stands for.
    pub(super) fn place(&self, number: u32) -> Option<u32> {
        self.0.get(&number).map(|place| place.at)
    }

    /// The same, where this part lists all conversations of it.
    pub(super) fn home(&self, number: u32) -> Option<u32> {
        self.0.get(&number).filter(|place| place.home).map(|place| place.at)
    }

    /// The inputs whose conversations it lists.
    pub(super) fn all_homes(&self) -> BTreeSet<u32> {
        self.0.values().filter(|place| place.home).map(|place| place.at).collect()
    }
}

/// What is done.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Of every part, the conversations that do not hold, in order.
    pub(super) stale: Vec<Vec<u64>>,
    /// Of every part, how many hold.
    pub(super) used: Vec<u64>,
    /// Inputs that are read again, and the conversations that are taken from them, in order.
    pub(super) again: BTreeSet<u32>,
    pub(super) wanted: Vec<u64>,
    /// Conversations, measured now, that no cache keeps, in order.
    pub(super) passing: Vec<u64>,
    /// Conversations that are measured into the new part, and all that are measured.
    pub(super) kept: u64,
    pub(super) measured: u64,
    /// Inputs that the pairs of the new part name.
    pub(super) joined: BTreeSet<u32>,
}

/// Looks through the pairs of all parts and of what was read now (`fresh`, files by their place among
/// the inputs), and writes those of the new part.
pub(super) fn plan(
    parts: &[Part],
    placed: &[Placed],
    inputs: &Inputs<'_>,
    fresh: Pairs,
    out: &mut PairsFile,
) -> Result<Plan> {
    let mut lists =
        parts.iter().map(|p| Pairs::open(&p.folder.join(PAIRS))).collect::<Result<Vec<_>>>()?;
    lists.push(fresh);
    let new = parts.len();
    let mut plan = Plan {
        stale: vec![Vec::new(); parts.len()],
        used: vec![0; parts.len()],
        ..Plan::default()
    };
    by_conversation(lists, |of, group| {
        let mut files = BTreeSet::new();
        for (list, number) in group {
            let file = if *list == new { Some(*number) } else { placed[*list].home(*number) };
            files.extend(file.filter(|file| !inputs.skipped.contains(file)));
        }
        let mut owned = false;
        for numbers in group.chunk_by(|a, b| a.0 == b.0).filter(|numbers| numbers[0].0 != new) {
            let part = numbers[0].0;
            if !owned && holds(numbers, &placed[part], &files) {
                owned = true;
                plan.used[part] += 1;
            } else {
                plan.stale[part].push(of);
            }
        }
        if owned || files.is_empty() { Ok(()) } else { plan.measure(of, &files, inputs, out) }
    })?;
    Ok(plan)
}

/// Whether a conversation was measured from just these files, in this order.
fn holds(numbers: &[(usize, u32)], placed: &Placed, files: &BTreeSet<u32>) -> bool {
    numbers.len() == files.len()
        && numbers.iter().zip(files).all(|((_, n), file)| placed.place(*n) == Some(*file))
}

impl Plan {
    fn measure(
        &mut self,
        of: u64,
        files: &BTreeSet<u32>,
        inputs: &Inputs<'_>,
        out: &mut PairsFile,
    ) -> Result<()> {
        self.measured += 1;
        let known = |file: &u32| inputs.known[*file as usize].is_some();
        self.again.extend(files.iter().filter(|file| known(file)));
        if files.iter().any(known) {
            self.wanted.push(of);
        }
        let kept = |file: &u32| inputs.named[*file as usize].is_some();
        if files.iter().all(kept) {
            self.kept += 1;
            for file in files {
                out.add(of, *file)?;
            }
            self.joined.extend(files);
            return Ok(());
        }
        self.passing.push(of);
        let mut any = false;
        for file in files.iter().filter(|file| kept(file) && !known(file)) {
            out.add(of, *file)?;
            any = true;
        }
        if any { out.add(of, ELSEWHERE) } else { Ok(()) }
    }
}

/// Whether a list in order has it.
pub(super) fn has(list: &[u64], of: u64) -> bool {
    list.binary_search(&of).is_ok()
}

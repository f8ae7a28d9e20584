//! Parts put together, so that a cache of many nights has few of them and little that does not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::home::Home;
use super::pairs::{ELSEWHERE, Pairs, PairsFile, by_conversation};
use super::part::{FileEntry, PAIRS, PartHeader, Problems, TABLE, all_days};
use super::plan::{Placed, has};
use super::ready;
use super::view::{View, ViewPart};
use crate::error::Result;
use crate::facts::kept::{self, Kept};
use crate::measure::KeepText;

/// Parts beyond which the smaller half is put together: each conversation is then written again about
/// log 8 (parts) times.
const MOST_PARTS: usize = 16;
/// A part of which less than one in this many conversations holds is written again without the others.
const LEAST_USED: u64 = 4;

/// Puts parts together where that is due; says whether any were.
pub(super) fn tidy(home: &mut Home, view: &mut View, keep: KeepText) -> Result<bool> {
    let due = due(home, view);
    if due.is_empty() {
        return Ok(false);
    }
    let draft = home.draft()?;
    let header = together(home, view, &due, draft.path(), keep)?;
    for at in due.iter().rev() {
        home.remove(&view.parts.remove(*at).folder);
    }
    let used = header.conversations;
    if used > 0 || header.files.values().any(|file| file.read.is_some()) {
        let placed = Placed::as_it_is(&header);
        let part = home.add(draft)?;
        let (folder, facts) = (part.folder.clone(), part.facts.clone());
        let days = header.days;
        view.parts.push(ViewPart { folder, stale: Vec::new(), used, placed, days, facts });
    }
    Ok(true)
}

/// Writes what holds of these parts (by place) into one.
fn together(
    home: &Home,
    view: &View,
    due: &BTreeSet<usize>,
    to: &Path,
    keep: KeepText,
) -> Result<PartHeader> {
    let parts: Vec<&ViewPart> = due.iter().map(|at| &view.parts[*at]).collect();
    let headers: Vec<&PartHeader> = due.iter().map(|at| &home.parts[*at].header).collect();
    let tables: Vec<Kept<'_>> = parts.iter().map(|part| part.table()).collect();
    kept::merge(&tables, &view.named, &to.join(TABLE))?;
    let folders: Vec<&Path> = parts.iter().map(|part| part.folder.as_path()).collect();
    let mut rows = ready::writer(to)?;
    ready::each(&folders, |at, of| parts[at].holds(of), |one| rows.push(one))?;
    rows.finish()?;
    pairs(&parts, &view.skipped, PairsFile::create(&to.join(PAIRS))?)?;
    let places = view.places();
    let mut problems = Problems::new();
    for (part, at) in parts.iter().zip(0..) {
        part.problems(at, &places, |listed| problems.add(listed))?;
    }
    problems.write(to, &view.sources, keep)?;
    let files = files(&parts, &headers, &view.skipped);
    let conversations = parts.iter().map(|part| part.used).sum();
    let days = parts.iter().fold(None, |all, part| all_days(all, part.days));
    let header = PartHeader { files, conversations, days };
    header.write(to)?;
    Ok(header)
}

/// The parts, by place, that are put together.
fn due(home: &Home, view: &View) -> BTreeSet<usize> {
    let little = |(at, part): (usize, &ViewPart)| {
        let of = home.parts[at].header.conversations;
        let useless = part.used == 0 && part.placed.all_homes().is_empty();
        (useless || part.used * LEAST_USED < of).then_some(at)
    };
    let mut due: BTreeSet<usize> = view.parts.iter().enumerate().filter_map(little).collect();
    if view.parts.len() - due.len() > MOST_PARTS {
        let mut others: Vec<usize> = (0..view.parts.len()).filter(|at| !due.contains(at)).collect();
        others.sort_by_key(|at| view.parts[*at].used);
        due.extend(&others[..others.len() / 2]);
    }
    due
}

/// The pairs of what holds, and of what the files hold that these parts list.
fn pairs(parts: &[&ViewPart], skipped: &BTreeSet<u32>, mut out: PairsFile) -> Result<()> {
    let lists =
        parts.iter().map(|p| Pairs::open(&p.folder.join(PAIRS))).collect::<Result<Vec<_>>>()?;
    by_conversation(lists, |of, group| {
        let owner = group.iter().find(|(list, _)| !has(&parts[*list].stale, of));
        let elsewhere = group
            .iter()
            .any(|(list, n)| owner.is_some_and(|owner| owner.0 == *list) && *n == ELSEWHERE);
        let files: BTreeSet<u32> = group
            .iter()
            .filter_map(|(list, number)| match owner {
                Some(owner) if owner.0 == *list => parts[*list].placed.place(*number),
                _ => parts[*list].placed.home(*number),
            })
            .filter(|file| !skipped.contains(file))
            .collect();
        for file in &files {
            out.add(of, *file)?;
        }
        let missing = owner.is_none() || elsewhere;
        if missing && !files.is_empty() { out.add(of, ELSEWHERE) } else { Ok(()) }
    })?;
    out.finish()
}

/// The files of all parts that are still there.
fn files(
    parts: &[&ViewPart],
    headers: &[&PartHeader],
    skipped: &BTreeSet<u32>,
) -> BTreeMap<u32, FileEntry> {
    let mut files = BTreeMap::new();
    for (part, header) in parts.iter().zip(headers) {
        for (number, entry) in &header.files {
            let Some(at) = part.placed.place(*number) else { continue };
            let mut entry = entry.clone();
            if part.placed.home(*number).is_none() {
                entry.read = None;
                files.entry(at).or_insert(entry);
                continue;
            }
            if let Some(read) = &mut entry.read {
                read.double |= skipped.contains(&at);
            }
            files.insert(at, entry);
        }
    }
    files
}

//! One run with a cache: what changed is read, what it touches is measured, the rest holds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::home::{Home, Note};
use super::pairs::{Gathered, Pair, PairsFile};
use super::part::{Days, FileEntry, FileRead, PAIRS, PartHeader, PartWriter};
use super::plan::{Inputs, Placed, Plan, has, plan};
use super::stat::{Stat, sha256};
use super::view::{Done, View, ViewPart};
use super::{hash_of, made_with};
use crate::error::Result;
use crate::ingest::{self, Input, InputKind, Links};
use crate::model::{Conversation, Message, Problem, SourceReport};
use crate::pipeline::{self, Assembly, Keeper, Read};
use crate::report::tables::Print;
use crate::settings::{Choice, Settings};
use crate::store::problems::ProblemLog;
use crate::threads;

/// The cache of a run.
pub(crate) struct Cache {
    home: Home,
    /// No file is believed to be unchanged without reading it.
    verify: bool,
    /// Days are chosen when the report is made, so that other days need no other facts.
    choice: Choice,
    /// Path -> where parts list it.
    listed: BTreeMap<String, Vec<(usize, u32)>>,
    looks: BTreeMap<PathBuf, Look>,
}

/// What was seen of a file on the disk in this run.
#[derive(Clone, Default)]
struct Look {
    stat: Option<Stat>,
    /// A later change would have shown.
    settled: bool,
    sha256: Option<String>,
}

/// What a run has at its end.
#[expect(clippy::large_enum_variant, reason = "there is one in a run")]
pub(crate) enum Brought {
    /// Facts of all conversations.
    View(View),
    /// Why the cache cannot be used.
    Without(&'static str),
}

/// A file turned out to be another than its size and time said.
struct Changed;

/// What is known of the inputs once the new ones were read.
struct Known {
    /// Part and number of files that did not change.
    unchanged: Vec<Option<(usize, u32)>>,
    /// Path and hash of what may be kept.
    named: Vec<Option<(String, String)>>,
    sources: Vec<SourceReport>,
    places: BTreeMap<String, u32>,
}

impl Cache {
    /// Opens it.
    ///
    /// # Errors
    /// When the folder is no cache, or cannot be used.
    pub(crate) fn open(dir: &Path, verify: bool, settings: &Settings) -> Result<Self> {
        let choice = Choice { since: None, until: None, ..settings.choice.clone() };
        let mut tell = |line: &str| {
            if !settings.quiet {
                crate::say(&format!("tohuman: cache {line}"));
            }
        };
        let home = Home::open(dir, &made_with(settings, &choice), &mut tell)?;
        let mut cache =
            Self { home, verify, choice, listed: BTreeMap::new(), looks: BTreeMap::new() };
        cache.list();
        Ok(cache)
    }

    fn list(&mut self) {
        self.listed.clear();
        for (at, part) in self.home.parts.iter().enumerate() {
            for (number, file) in part.header.files.iter().filter(|(_, file)| file.read.is_some()) {
                self.listed.entry(file.path.clone()).or_default().push((at, *number));
            }
        }
    }

    /// Whether an input is a log that did not change.
    pub(crate) fn knows(&mut self, input: &Input) -> bool {
        self.known(input).is_some()
    }

    fn known(&mut self, input: &Input) -> Option<(usize, u32)> {
        let listed = self.listed.get(&input.path)?.clone();
        let sha256 = self.hash(on_disk(input)?)?;
        let entry = |place: &(usize, u32)| &self.home.parts[place.0].header.files[&place.1];
        let same = listed.into_iter().filter(|place| entry(place).sha256 == sha256);
        // One that lists its conversations serves in any case.
        same.max_by_key(|place| entry(place).read.as_ref().is_some_and(|read| !read.double))
    }

    /// The hash of a file, from the note on it where it looks as it did.
    fn hash(&mut self, path: &Path) -> Option<String> {
        let verify = self.verify;
        let look = self.look(path);
        if look.sha256.is_some() {
            return look.sha256;
        }
        let stat = look.stat?;
        let note = path.to_str().and_then(|path| self.home.note(path));
        let noted = note.filter(|note| !verify && note.stat == stat).map(|n| n.sha256.clone());
        let hash = noted.or_else(|| sha256(path).ok().filter(|_| same(path, &stat)))?;
        self.looks.get_mut(path)?.sha256 = Some(hash.clone());
        Some(hash)
    }

    fn look(&mut self, path: &Path) -> Look {
        let stat = || {
            let stat = Stat::of(path);
            let settled = stat.as_ref().is_some_and(Stat::settled);
            Look { stat, settled, sha256: None }
        };
        self.looks.entry(path.to_owned()).or_insert_with(stat).clone()
    }

    /// Reads what is new or changed, measures what it touches, and keeps it.
    ///
    /// # Errors
    /// When an input cannot be read or the cache cannot be written.
    pub(crate) fn bring(&mut self, inputs: &[Input], settings: &Settings) -> Result<Brought> {
        if settings.overrides.is_some() {
            return Ok(Brought::Without("verdicts of --overrides are counted over all files"));
        }
        for _ in 0..2 {
            if let Ok(view) = self.attempt(inputs, settings)? {
                return Ok(Brought::View(view));
            }
            self.verify = true;
            self.looks.clear();
            if !settings.quiet {
                crate::say(
                    "tohuman: cache: a file is not what its size and time say; all are looked at",
                );
            }
        }
        Ok(Brought::Without("files change while they are read"))
    }

    fn attempt(
        &mut self,
        inputs: &[Input],
        settings: &Settings,
    ) -> Result<std::result::Result<View, Changed>> {
        let known = self.unchanged(inputs);
        let fresh: Vec<usize> = (0..inputs.len()).filter(|at| known[*at].is_none()).collect();
        let chosen: Vec<Input> = fresh.iter().map(|at| inputs[*at].clone()).collect();
        for path in chosen.iter().filter_map(on_disk) {
            self.look(path);
        }
        let links = Links::of(&chosen, &settings.ingest);
        let mut keeper = Keeper::new(&links, settings);
        let mut watch = Watch::new(&fresh, inputs.len(), settings);
        let read = threads::beside(
            settings.threads,
            |give| pipeline::read_all(&chosen, settings, give),
            |(at, messages)| keeper.keep(at, messages, |message| watch.see(message)),
        )?;
        let (known, failed) = self.placed(inputs, known, &fresh, &read);
        let mut log = ProblemLog::new(&std::env::temp_dir());
        failed.iter().for_each(|source| log.skip(*source));
        let mut sources = known.sources.clone();
        pipeline::each_once(&mut sources, &mut log)?;
        self.check(&known, &sources, &log, &read, settings)?;
        let skipped = log.skipped_sources();
        let facts = Inputs {
            known: &known.unchanged,
            named: &known.named,
            skipped: &skipped,
            places: &known.places,
        };
        let parts = &self.home.parts;
        let placed: Vec<Placed> =
            parts.iter().enumerate().map(|(at, p)| Placed::of(at, &p.header, &facts)).collect();
        let draft = self.home.draft()?;
        let mut pairs = PairsFile::create(&draft.path().join(PAIRS))?;
        let plan = plan(parts, &placed, &facts, watch.pairs.sorted()?, &mut pairs)?;
        pairs.finish()?;
        let seen = watch.seen;
        if again(inputs, &plan, &known, &mut keeper, settings)?.is_err() {
            return Ok(Err(Changed));
        }
        let run = Run { plan, known, placed, fresh, seen, sources, log };
        self.measure(run, read, keeper, draft, settings).map(Ok)
    }

    /// The files that did not change. One that had the bytes of another holds beside that one alone.
    fn unchanged(&mut self, inputs: &[Input]) -> Vec<Option<(usize, u32)>> {
        let mut known: Vec<_> = inputs.iter().map(|input| self.known(input)).collect();
        for at in 0..known.len() {
            let Some(own) = self.read_before(known[at]).filter(|own| own.double) else { continue };
            let twin = |place: &Option<(usize, u32)>| {
                self.read_before(*place).is_some_and(|other| {
                    (&other.report.sha256, &other.report.format)
                        == (&own.report.sha256, &own.report.format)
                })
            };
            if !known[..at].iter().any(twin) {
                known[at] = None;
            }
        }
        known
    }

    fn read_before(&self, place: Option<(usize, u32)>) -> Option<&FileRead> {
        let (part, number) = place?;
        self.home.parts[part].header.files[&number].read.as_ref()
    }

    /// What is known of all inputs, and which could not be read.
    fn placed(
        &mut self,
        inputs: &[Input],
        known: Vec<Option<(usize, u32)>>,
        fresh: &[usize],
        read: &Read,
    ) -> (Known, Vec<u32>) {
        let mut sources = vec![SourceReport::default(); inputs.len()];
        let mut named = vec![None; inputs.len()];
        let mut places = BTreeMap::new();
        for (at, input) in inputs.iter().enumerate() {
            places.insert(input.path.clone(), index(at));
            let Some((part, number)) = known[at] else { continue };
            let entry = &self.home.parts[part].header.files[&number];
            named[at] = Some((entry.path.clone(), entry.sha256.clone()));
            if let Some(read) = &entry.read {
                sources[at].clone_from(&read.report);
            }
        }
        let skipped = read.problems.skipped_sources();
        let mut failed = Vec::new();
        for (local, at) in fresh.iter().enumerate() {
            let report = &read.sources[local];
            sources[*at].clone_from(report);
            if skipped.contains(&index(local)) {
                failed.push(index(*at));
            } else {
                named[*at] = self.name(&inputs[*at], report);
            }
        }
        (Known { unchanged: known, named, sources, places }, failed)
    }

    /// Path and hash of an input that was just read, where it can be kept: a file that did not change
    /// meanwhile, and no other file can say what its conversations are.
    fn name(&mut self, input: &Input, report: &SourceReport) -> Option<(String, String)> {
        let path = on_disk(input).filter(|_| !ingest::joined_by_links(&report.format))?;
        let stat = self.look(path).stat?;
        let hash = match input.kind {
            InputKind::File(_) => {
                self.looks.get_mut(path)?.sha256 = Some(report.sha256.clone());
                report.sha256.clone()
            }
            _ => self.hash(path)?,
        };
        same(path, &stat).then(|| (input.path.clone(), hash))
    }

    fn check(
        &self,
        known: &Known,
        sources: &[SourceReport],
        log: &ProblemLog,
        read: &Read,
        settings: &Settings,
    ) -> Result<()> {
        let mut seen = read.seen.clone();
        for before in known.unchanged.iter().filter_map(|place| self.read_before(*place)) {
            seen.iter_mut().zip(&before.seen).for_each(|(all, one)| *all |= one);
        }
        pipeline::check_read(sources, log, &seen, settings)
    }

    /// Measures what was read, and keeps what can be kept.
    fn measure(
        &mut self,
        run: Run,
        read: Read,
        keeper: Keeper<'_>,
        draft: tempfile::TempDir,
        settings: &Settings,
    ) -> Result<View> {
        let named = self.columns();
        let keep = settings.measure.privacy.keep_text;
        let print = Print::new(settings.measure.time_zone, keep);
        let beside = self.home.draft()?;
        let mut kept = PartWriter::create(draft.path(), &named, print.clone())?;
        let mut passing = PartWriter::create(beside.path(), &named, print)?;
        for problem in read.problems.sorted()? {
            let problem = problem?;
            let at = run.fresh[problem.source as usize];
            let part = if run.known.named[at].is_some() { &mut kept } else { &mut passing };
            part.problem(Problem { source: index(at), ..problem }, None)?;
        }
        let desk = Assembly::of(&run.sources, run.log.skipped_sources(), settings);
        let work = |c: &Conversation| pipeline::measured(c, settings, &self.choice);
        desk.worked(keeper.rows.sorted()?, settings, work, |seen| {
            let of = hash_of(&seen.rows_of);
            let part = if has(&run.plan.passing, of) { &mut passing } else { &mut kept };
            for problem in seen.problems {
                part.problem(problem, Some(of))?;
            }
            match &seen.result {
                Some(facts) => part.facts(facts, &run.sources, &seen.rows_of),
                None => Ok(()),
            }
        })?;
        let days = kept.finish(&run.sources)?;
        passing.finish(&run.sources)?;
        self.keep(run, days, draft, beside)
    }

    /// Takes the new part among the others, and makes the view over all.
    fn keep(
        &mut self,
        run: Run,
        days: Option<Days>,
        draft: tempfile::TempDir,
        beside: tempfile::TempDir,
    ) -> Result<View> {
        let Run { plan, known, placed, fresh, seen, sources, log } = run;
        let skipped = log.skipped_sources();
        let entry = |at: usize, read: Option<FileRead>| {
            let (path, sha256) = known.named[at].clone()?;
            Some((index(at), FileEntry { path, sha256, read }))
        };
        let read = |at: usize| FileRead {
            report: known.sources[at].clone(),
            seen: seen[at].clone(),
            double: skipped.contains(&index(at)),
        };
        let mut files: BTreeMap<u32, FileEntry> =
            plan.joined.iter().filter_map(|at| entry(*at as usize, None)).collect();
        files.extend(fresh.iter().filter_map(|at| entry(*at, Some(read(*at)))));
        let mut parts: Vec<ViewPart> = Vec::new();
        let old = self.home.parts.iter().zip(plan.stale).zip(plan.used).zip(placed);
        for (((part, stale), used), placed) in old {
            let (folder, days, facts) = (part.folder.clone(), part.header.days, part.facts.clone());
            parts.push(ViewPart { folder, stale, used, placed, days, facts });
        }
        if !files.is_empty() {
            let header = PartHeader { files, conversations: plan.kept, days };
            header.write(draft.path())?;
            let placed = Placed::as_it_is(&header);
            let part = self.home.add(draft)?;
            let (folder, facts) = (part.folder.clone(), part.facts.clone());
            let (stale, used) = (Vec::new(), plan.kept);
            parts.push(ViewPart { folder, stale, used, placed, days, facts });
        }
        self.home.save(self.notes())?;
        self.list();
        let unkept = fresh.iter().filter(|at| known.named[**at].is_none()).map(|at| index(*at));
        let passing = Placed::homes(unkept);
        let mut told = Vec::new();
        for problem in log.sorted()? {
            told.push(problem?);
        }
        let done = Done {
            unchanged: known.unchanged.iter().flatten().count(),
            read: fresh.len(),
            again: plan.again.len(),
            measured: plan.measured,
            every_run: unkept_example(&fresh, &known, &skipped),
        };
        let named = self.columns();
        Ok(View { parts, passing: (beside, passing), sources, skipped, told, named, done })
    }

    /// Names of the named columns in parts. They are those of nobody's log: `--keep company` would
    /// name a column that facts have.
    fn columns(&self) -> Vec<String> {
        (0..self.choice.named().len()).map(|at| format!("named {at}")).collect()
    }

    /// What is known of the files on the disk for the next run.
    fn notes(&self) -> BTreeMap<String, Note> {
        let note = |(path, look): (&PathBuf, &Look)| {
            let Look { stat: Some(stat), settled: true, sha256: Some(hash) } = look else {
                return None;
            };
            let note = Note { stat: stat.clone(), sha256: hash.clone() };
            Some((path.to_str()?.to_owned(), note))
        };
        self.looks.iter().filter_map(note).collect()
    }

    /// Puts parts together where there are many, or where little of one still holds.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub(crate) fn tidy(&mut self, view: &mut View, settings: &Settings) -> Result<()> {
        if super::merge::tidy(&mut self.home, view, settings.measure.privacy.keep_text)? {
            self.home.save(self.notes())?;
            self.list();
        }
        Ok(())
    }
}

/// Files that are measured in every run: how many, and one of them.
fn unkept_example(
    fresh: &[usize],
    known: &Known,
    skipped: &BTreeSet<u32>,
) -> Option<(usize, String)> {
    let mut all =
        fresh.iter().filter(|at| known.named[**at].is_none() && !skipped.contains(&index(**at)));
    let first = known.sources[*all.next()?].path.clone();
    Some((all.count() + 1, first))
}

/// Reads unchanged files for the conversations that they share with others.
fn again(
    inputs: &[Input],
    plan: &Plan,
    known: &Known,
    keeper: &mut Keeper<'_>,
    settings: &Settings,
) -> Result<std::result::Result<(), Changed>> {
    let places: Vec<u32> = plan.again.iter().copied().collect();
    let chosen: Vec<Input> = places.iter().map(|at| inputs[*at as usize].clone()).collect();
    let mut last = (String::new(), false);
    let read = threads::beside(
        settings.threads,
        |give| pipeline::read_all(&chosen, settings, give),
        |(_, messages)| {
            // No links lead to or from these files.
            keeper.keep(usize::MAX, messages, |message| {
                if last.0 != message.conversation {
                    let wanted = has(&plan.wanted, hash_of(&message.conversation));
                    last = (message.conversation.clone(), wanted);
                }
                message.source = places[message.source as usize];
                Ok(last.1)
            })
        },
    )?;
    let as_before = |(at, report): (&u32, &SourceReport)| known.sources[*at as usize] == *report;
    Ok(if places.iter().zip(&read.sources).all(as_before) { Ok(()) } else { Err(Changed) })
}

/// What was read of the inputs, and what follows.
struct Run {
    plan: Plan,
    known: Known,
    placed: Vec<Placed>,
    fresh: Vec<usize>,
    /// Which of the named columns had a value, by input.
    seen: Vec<Vec<bool>>,
    /// The inputs, those that are the same as others marked.
    sources: Vec<SourceReport>,
    log: ProblemLog,
}

/// Sees every row of a new file.
struct Watch<'a> {
    fresh: &'a [usize],
    pairs: Gathered,
    seen: Vec<Vec<bool>>,
}

impl<'a> Watch<'a> {
    fn new(fresh: &'a [usize], inputs: usize, settings: &Settings) -> Self {
        let seen = vec![vec![false; settings.ingest.fields.len()]; inputs];
        Self { fresh, pairs: Gathered::new(), seen }
    }

    fn see(&mut self, message: &mut Message) -> Result<bool> {
        let at = self.fresh[message.source as usize];
        message.source = index(at);
        for (seen, value) in self.seen[at].iter_mut().zip(&message.fields) {
            *seen |= value.is_some();
        }
        let of = hash_of(&message.conversation);
        self.pairs.add(Pair { of, file: message.source })?;
        Ok(true)
    }
}

fn on_disk(input: &Input) -> Option<&Path> {
    match &input.on_disk().kind {
        InputKind::File(path) => Some(path),
        _ => None,
    }
}

fn same(path: &Path, stat: &Stat) -> bool {
    Stat::of(path).as_ref() == Some(stat)
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

//! The run over logs: ingest -> conversations -> detect -> measure, one conversation at a time.

mod find;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;

use indicatif::HumanCount;

use crate::conversations::{Assembled, Assembler, Row, changing_columns};
use crate::error::{Error, Result};
use crate::ingest::{self, Input, Links, Record};
use crate::measure;
use crate::model::{Conversation, Coverage, Facts, Message, Problem, ProblemKind, SourceReport};
use crate::progress::Progress;
use crate::settings::{Choice, Settings};
use crate::store::columnar::{self, Ended};
use crate::store::problems::ProblemLog;
use crate::store::sorter::{Batch, Sorted, Sorter, text_of_key};
use crate::text::{Privacy, redact};
use crate::threads;

pub(crate) use find::find_beside;
pub use find::{Found, find};

/// Name space of ids of every generic table: the same export as CSV and as XLSX is one log.
pub(crate) const TABLE: &str = "table";
/// Formats that carry any desk's columns rather than one vendor's records.
const TABLE_FORMATS: [&str; 9] =
    ["csv", "tsv", "xlsx", "xls", "ods", "jsonl", "json", "parquet", "arrow"];

/// Files of columns as rows: the reader of the store in the words of ingest, which knows no store.
///
/// # Errors
/// When the file is damaged or cut, or the receiver fails.
pub fn read_columnar(
    file: File,
    each: &mut ingest::EachRow<'_>,
) -> std::result::Result<(), ingest::ColumnarError> {
    columnar::read(file, ingest::guarded_step, each).map_err(|ended| match ended {
        Ended::Broken(what) => ingest::ColumnarError::Broken(what),
        Ended::Stopped(error) => ingest::ColumnarError::Stopped(error),
    })
}

/// Rows that were read, in order, not yet conversations.
#[derive(Debug)]
pub struct Loaded {
    /// Inputs, in the order read.
    pub sources: Vec<SourceReport>,
    /// Everything that was not used as it stood.
    pub problems: ProblemLog,
    rows: Sorted<Row>,
}

/// Reads every log whole, sorts the rows, and lets the files go. Rows are read in one thread and kept
/// in another.
///
/// # Errors
/// When a file cannot be read or understood (unless bad files are skipped), or the disk is full.
pub fn load(inputs: &[Input], settings: &Settings) -> Result<Loaded> {
    let links = Links::of(inputs, &settings.ingest);
    let mut keeper = Keeper::new(&links, settings);
    let Read { mut sources, mut problems, seen } = threads::beside(
        settings.threads,
        |give| read_all(inputs, settings, give),
        |(at, messages)| keeper.keep(at, messages, |_| Ok(true)),
    )?;
    each_once(&mut sources, &mut problems)?;
    check_read(&sources, &problems, &seen, settings)?;
    Ok(Loaded { sources, problems, rows: keeper.rows.sorted()? })
}

/// What all inputs together must hold: one that could be read, and every column that was named.
///
/// # Errors
/// When they do not.
pub(crate) fn check_read(
    sources: &[SourceReport],
    problems: &ProblemLog,
    seen: &[bool],
    settings: &Settings,
) -> Result<()> {
    if settings.skip_bad_files && sources.iter().all(|s| s.rows_read == 0) && problems.skipped() > 0
    {
        return Err(Error::usage(
            "none of the files could be read whole",
            "see the reasons above with `tohuman inspect FILE`",
        ));
    }
    match seen.iter().position(|seen| !seen).filter(|_| !sources.is_empty()) {
        Some(missing) => Err(no_column(&settings.ingest.fields[missing], sources)),
        None => Ok(()),
    }
}

/// Messages of one input (by index) that are handed over at once.
pub(crate) type Messages = (usize, Vec<Message>);
/// Messages handed over at once.
const HANDED: usize = 256;

/// What is known of the inputs beside their messages.
pub(crate) struct Read {
    pub(crate) sources: Vec<SourceReport>,
    pub(crate) problems: ProblemLog,
    /// Which of the named columns had a value.
    pub(crate) seen: Vec<bool>,
}

/// Reads every input to its end, in order.
///
/// # Errors
/// When a file cannot be read or understood (unless bad files are skipped), or `give` fails.
pub(crate) fn read_all(
    inputs: &[Input],
    settings: &Settings,
    give: &mut dyn FnMut(Messages) -> Result<()>,
) -> Result<Read> {
    let mut read = Read {
        sources: Vec::new(),
        problems: ProblemLog::new(&std::env::temp_dir()),
        seen: vec![false; settings.ingest.fields.len()],
    };
    let mut failures = Vec::new();
    let mut progress = Progress::new("reading", settings.quiet);
    for (at, input) in inputs.iter().enumerate() {
        match read.one(at, input, settings, give, &mut progress) {
            Ok(()) => {}
            Err(error @ Error::Write { .. }) => return Err(error),
            Err(error) => {
                if settings.skip_bad_files {
                    // Its rows may be kept already; they stand under this source's index.
                    let source = index(read.sources.len());
                    let (kind, found) = (ProblemKind::SkippedFile, error.to_string());
                    read.problems.push(Problem { source, row: 0, kind, found })?;
                    read.problems.skip(source);
                } else {
                    failures.push(error);
                }
                let path = input.path.clone();
                read.sources.push(SourceReport { path, ..SourceReport::default() });
            }
        }
    }
    progress.done();
    if failures.is_empty() { Ok(read) } else { Err(Error::all(failures)) }
}

impl Read {
    /// Reads one input to its end.
    fn one(
        &mut self,
        at: usize,
        input: &Input,
        settings: &Settings,
        give: &mut dyn FnMut(Messages) -> Result<()>,
        progress: &mut Progress,
    ) -> Result<()> {
        let source = index(self.sources.len());
        let mut messages = Vec::with_capacity(HANDED);
        let mut sink = |record| match record {
            Record::Message(message) => {
                for (seen, value) in self.seen.iter_mut().zip(&message.fields) {
                    *seen |= value.is_some();
                }
                messages.push(message);
                if messages.len() < HANDED {
                    return Ok(());
                }
                give((at, std::mem::replace(&mut messages, Vec::with_capacity(HANDED))))
            }
            Record::Problem(problem) => self.problems.push(problem),
        };
        let mut tick = |bytes| progress.bytes(&input.path, bytes);
        let report = ingest::read_log(input, source, &settings.ingest, &mut sink, &mut tick)?;
        give((at, messages))?;
        self.sources.push(report);
        Ok(())
    }
}

/// Marks every input that has the bytes of one before it: it counts once.
///
/// # Errors
/// When the disk is full.
pub(crate) fn each_once(sources: &mut [SourceReport], problems: &mut ProblemLog) -> Result<()> {
    for at in 1..sources.len() {
        let (before, rest) = sources.split_at_mut(at);
        let Some(first) = same_bytes(before, &rest[0]) else { continue };
        let (source, found) = (index(at), format!("the same bytes as {first}"));
        problems.push(Problem { source, row: 0, kind: ProblemKind::Duplicate, found })?;
        problems.skip(source);
        rest[0].rows_duplicate = std::mem::take(&mut rest[0].rows_used);
    }
    Ok(())
}

/// Puts messages to be sorted, under the ids that are shown.
pub(crate) struct Keeper<'s> {
    pub(crate) rows: Sorter<Row>,
    links: &'s Links,
    privacy: &'s Privacy,
    ids: Shown,
    companies: Shown,
}

impl<'s> Keeper<'s> {
    pub(crate) fn new(links: &'s Links, settings: &'s Settings) -> Self {
        let rows = Sorter::new(settings.sort_budget, &std::env::temp_dir());
        Self {
            rows: if settings.threads > 1 { rows.beside() } else { rows },
            links,
            privacy: &settings.measure.privacy,
            ids: Shown::default(),
            companies: Shown::default(),
        }
    }

    /// Keeps the messages of one input (by index) that `wanted` wants; it sees them as they are kept.
    pub(crate) fn keep(
        &mut self,
        input: usize,
        messages: Vec<Message>,
        mut wanted: impl FnMut(&mut Message) -> Result<bool>,
    ) -> Result<()> {
        for mut message in messages {
            if let Some(company) = &mut message.company {
                self.companies.put(company, |company| self.privacy.value(company));
            }
            if let Some(whole) = self.links.conversation(input, &message.conversation) {
                whole.clone_into(&mut message.conversation);
            }
            self.ids.put(&mut message.conversation, |id| self.privacy.id(id));
            if wanted(&mut message)? {
                self.rows.push(&Row { message })?;
            }
        }
        Ok(())
    }
}

/// What ids and companies that came lately are shown as: asked for every row, they are masked once.
#[derive(Default)]
struct Shown {
    /// `None` for what is shown as itself.
    known: HashMap<String, Option<String>>,
}

/// So many are kept: as many conversations run at one time.
const LATELY: usize = 10_000;

impl Shown {
    /// Puts what is shown in the place of a text.
    fn put(&mut self, text: &mut String, show: impl FnOnce(&str) -> String) {
        if let Some(known) = self.known.get(text) {
            if let Some(shown) = known {
                shown.clone_into(text);
            }
            return;
        }
        if self.known.len() >= LATELY {
            self.known.clear();
        }
        let shown = show(text);
        let other = (shown != *text).then(|| shown.clone());
        self.known.insert(std::mem::replace(text, shown), other);
    }
}

/// The input, read before, that has the same bytes in the same format.
fn same_bytes<'s>(sources: &'s [SourceReport], report: &SourceReport) -> Option<&'s str> {
    // What could not be read has no hash.
    let known = !report.sha256.is_empty();
    let same = |s: &&SourceReport| known && s.sha256 == report.sha256 && s.format == report.format;
    sources.iter().find(same).map(|s| s.path.as_str())
}

/// A column that was asked for and that no row has.
fn no_column(name: &str, sources: &[SourceReport]) -> Error {
    let columns: BTreeSet<String> =
        sources.iter().flat_map(|s| &s.columns).map(|(column, _)| redact(column)).collect();
    let known = columns.into_iter().collect::<Vec<_>>().join(", ");
    Error::usage(
        format!("no input has a column `{name}` with a value in it"),
        format!("name one as in the file, or by its meaning: {known}"),
    )
}

/// Bytes of rows that are given to a thread at once.
const BATCH: usize = 128 * 1024;

impl Loaded {
    /// Assembles, detects and measures; hands every chosen conversation on and lets it go.
    ///
    /// # Errors
    /// When rows cannot be read back, or `each` fails.
    pub fn measure(
        self,
        settings: &Settings,
        mut each: impl FnMut(&Conversation, Facts) -> Result<()>,
    ) -> Result<(Vec<SourceReport>, ProblemLog)> {
        let work = |conversation: &Conversation| measured(conversation, settings, &settings.choice);
        self.counted(settings, work, |conversation, facts| match facts {
            Some(facts) => each(conversation, facts),
            None => Ok(()),
        })
    }

    /// Assembles every conversation, hands it on and lets it go.
    ///
    /// # Errors
    /// When rows cannot be read back, or `each` fails.
    pub fn each(
        self,
        settings: &Settings,
        mut each: impl FnMut(&Conversation) -> Result<()>,
    ) -> Result<(Vec<SourceReport>, ProblemLog)> {
        self.counted(settings, |_| Ok(()), |conversation, ()| each(conversation))
    }

    /// Assembles every conversation and lets `work` look at it; hands it on with what was found, in
    /// order, its problems counted.
    fn counted<R: Send>(
        self,
        settings: &Settings,
        work: impl Fn(&Conversation) -> Result<R> + Sync,
        mut each: impl FnMut(&Conversation, R) -> Result<()>,
    ) -> Result<(Vec<SourceReport>, ProblemLog)> {
        let Self { mut sources, mut problems, rows } = self;
        let desk = Assembly::of(&sources, problems.skipped_sources(), settings);
        desk.worked(rows, settings, work, |seen| {
            for problem in seen.problems {
                count_double(&problem, &mut sources);
                problems.push(problem)?;
            }
            each(&seen.conversation, seen.result)
        })?;
        Ok((sources, problems))
    }
}

/// Detects and measures; `None` where `choice` does not take the conversation.
///
/// # Errors
/// When a verdict of a person cannot be followed.
pub(crate) fn measured(
    conversation: &Conversation,
    settings: &Settings,
    choice: &Choice,
) -> Result<Option<Facts>> {
    let (detection, judged) = match &settings.overrides {
        Some(list) => list.detect(conversation, &settings.detector)?,
        None => (settings.detector.detect(conversation), Vec::new()),
    };
    let facts = measure::measure(conversation, detection, &settings.measure);
    if !choice.takes(&facts) {
        return Ok(None);
    }
    if let Some(list) = &settings.overrides {
        list.count(judged);
    }
    Ok(Some(choice.named_alone(facts, &settings.measure.privacy)))
}

/// A row that came twice is not used.
pub(crate) fn count_double(problem: &Problem, sources: &mut [SourceReport]) {
    if problem.kind == ProblemKind::Duplicate {
        let source = &mut sources[problem.source as usize];
        source.rows_duplicate += 1;
        source.rows_used = source.rows_used.saturating_sub(1);
    }
}

/// What turns rows into conversations.
pub(crate) struct Assembly<'s> {
    namespaces: Vec<String>,
    coverages: Vec<Coverage>,
    of_people: Vec<bool>,
    skipped: BTreeSet<u32>,
    fields: &'s [String],
}

/// A conversation with what was found.
pub(crate) struct Seen<R> {
    /// The id of the rows it was made of.
    pub(crate) rows_of: String,
    pub(crate) problems: Vec<Problem>,
    pub(crate) conversation: Conversation,
    pub(crate) result: R,
}

impl<'s> Assembly<'s> {
    /// For rows of these inputs, but those that were skipped.
    pub(crate) fn of(
        sources: &[SourceReport],
        skipped: BTreeSet<u32>,
        settings: &'s Settings,
    ) -> Self {
        Self {
            namespaces: sources.iter().map(|s| namespace(&s.format)).collect(),
            coverages: sources.iter().map(|s| s.coverage.clone()).collect(),
            of_people: sources.iter().map(|s| ingest::ids_of_people(&s.format)).collect(),
            skipped,
            fields: &settings.ingest.fields,
        }
    }

    /// Assembles every conversation and lets `work` look at it, in all threads; hands it on with what
    /// was found, in order.
    pub(crate) fn worked<R: Send>(
        &self,
        mut rows: Sorted<Row>,
        settings: &Settings,
        work: impl Fn(&Conversation) -> Result<R> + Sync,
        mut each: impl FnMut(Seen<R>) -> Result<()>,
    ) -> Result<()> {
        let mut progress = Progress::new("measuring", settings.quiet);
        threads::in_order(
            settings.threads,
            || rows.batch(BATCH, text_of_key),
            |batch| self.assemble(&batch, &work),
            |seen| {
                for seen in seen? {
                    progress.conversation();
                    each(seen)?;
                }
                Ok(())
            },
        )?;
        progress.done();
        Ok(())
    }

    fn assemble<R>(
        &self,
        batch: &Batch<Row>,
        work: impl Fn(&Conversation) -> Result<R>,
    ) -> Result<Vec<Seen<R>>> {
        let rows = batch.items().filter(|row| match row {
            Ok(row) => !self.skipped.contains(&row.message.source),
            Err(_) => true,
        });
        Assembler::new(rows, &self.namespaces, &self.coverages)
            .closing(self.of_people.clone())
            .map(|assembled| {
                let Assembled { rows_of, conversation, mut problems } = assembled?;
                problems.extend(changing_columns(&conversation, self.fields));
                let result = work(&conversation)?;
                Ok(Seen { rows_of, problems, conversation, result })
            })
            .collect()
    }
}

fn namespace(format: &str) -> String {
    let table = TABLE_FORMATS.contains(&format);
    if table { TABLE.to_owned() } else { ingest::family(format).to_owned() }
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The end of reading, for every command: how many rows were used, and `--strict`.
///
/// # Errors
/// When rows were refused under `--strict`, or nothing at all could be used.
pub fn conclude(
    sources: &[SourceReport],
    problems: &ProblemLog,
    settings: &Settings,
) -> Result<()> {
    conclude_counted(sources, problems.counts(), settings)
}

/// [`conclude`] of problems that were counted.
///
/// # Errors
/// As [`conclude`].
pub(crate) fn conclude_counted(
    sources: &[SourceReport],
    problems: &BTreeMap<ProblemKind, u64>,
    settings: &Settings,
) -> Result<()> {
    let sum = |rows: fn(&SourceReport) -> u64| sources.iter().map(rows).sum::<u64>();
    let (read, used) = (sum(|s| s.rows_read), sum(|s| s.rows_used));
    let refused = sum(|s| s.rows_refused);
    if !settings.quiet {
        let kinds = problems
            .iter()
            .map(|(kind, n)| format!("{} {}", HumanCount(*n), kind.name()))
            .collect::<Vec<_>>();
        let tail =
            if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
        crate::say(&format!(
            "tohuman: read {} of {} rows; {} refused, {} double{tail}",
            HumanCount(used),
            HumanCount(read),
            HumanCount(refused),
            HumanCount(sum(|s| s.rows_duplicate)),
        ));
    }
    if settings.strict && refused > 0 {
        return Err(Error::usage(
            format!("{refused} of {read} rows refused, and --strict is given"),
            "mend the rows, or run without --strict and see problems.csv of a report",
        ));
    }
    if used == 0 {
        return Err(Error::usage(
            "the input has no row that can be used",
            "see `tohuman inspect` for what was understood",
        ));
    }
    Ok(())
}

//! The run over logs: ingest -> conversations -> detect -> measure, one conversation at a time.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;

use indicatif::HumanCount;

use crate::conversations::{Assembled, Assembler, Row, changing_columns};
use crate::error::{Error, Result};
use crate::ingest::{self, Input, Links, Nature, Record};
use crate::measure;
use crate::model::{Conversation, Coverage, Facts, Message, Problem, ProblemKind, SourceReport};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::store::columnar::{self, Ended};
use crate::store::problems::ProblemLog;
use crate::store::sorter::{Batch, Sorted, Sorter, text_of_key};
use crate::text::{Privacy, redact};
use crate::threads;

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
    let mut keeper = Keeper {
        rows: Sorter::new(settings.sort_budget, &std::env::temp_dir()),
        links: &links,
        privacy: &settings.measure.privacy,
        shown: HashMap::new(),
    };
    let Read { sources, problems, seen } = threads::beside(
        settings.threads,
        |give| read_all(inputs, settings, give),
        |(at, messages)| keeper.keep(at, messages),
    )?;
    if settings.skip_bad_files && sources.iter().all(|s| s.rows_read == 0) && problems.skipped() > 0
    {
        return Err(Error::usage(
            "none of the files could be read whole",
            "see the reasons above with `tohuman inspect FILE`",
        ));
    }
    if let Some(missing) = seen.iter().position(|seen| !seen).filter(|_| !sources.is_empty()) {
        return Err(no_column(&settings.ingest.fields[missing], &sources));
    }
    Ok(Loaded { sources, problems, rows: keeper.rows.sorted()? })
}

/// Messages of one input (by index) that are handed over at once.
type Messages = (usize, Vec<Message>);
/// Messages handed over at once.
const HANDED: usize = 256;

/// What is known of the inputs beside their messages.
struct Read {
    sources: Vec<SourceReport>,
    problems: ProblemLog,
    /// Which of the named columns had a value.
    seen: Vec<bool>,
}

fn read_all(
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
        let mut report = ingest::read_log(input, source, &settings.ingest, &mut sink, &mut tick)?;
        give((at, messages))?;
        if let Some(first) = same_bytes(&self.sources, &report) {
            let found = format!("the same bytes as {first}");
            let kind = ProblemKind::Duplicate;
            self.problems.push(Problem { source, row: 0, kind, found })?;
            self.problems.skip(source);
            report.rows_duplicate = std::mem::take(&mut report.rows_used);
        }
        self.sources.push(report);
        Ok(())
    }
}

/// Puts messages to be sorted, under the ids that are shown.
struct Keeper<'s> {
    rows: Sorter<Row>,
    links: &'s Links,
    privacy: &'s Privacy,
    /// Ids that were read lately, and what each is shown as where that is not itself.
    shown: HashMap<String, Option<String>>,
}

/// So many ids are kept: conversations that run at one time.
const IDS: usize = 10_000;

impl Keeper<'_> {
    fn keep(&mut self, input: usize, messages: Vec<Message>) -> Result<()> {
        for mut message in messages {
            message.company = self.privacy.company(message.company);
            if let Some(whole) = self.links.conversation(input, &message.conversation) {
                whole.clone_into(&mut message.conversation);
            }
            self.show(&mut message.conversation);
            self.rows.push(&Row { message })?;
        }
        Ok(())
    }
}

impl Keeper<'_> {
    /// Puts what is shown in the place of an id.
    fn show(&mut self, id: &mut String) {
        if let Some(known) = self.shown.get(id) {
            if let Some(shown) = known {
                shown.clone_into(id);
            }
            return;
        }
        if self.shown.len() >= IDS {
            self.shown.clear();
        }
        let shown = self.privacy.id(id);
        let other = (shown != *id).then(|| shown.clone());
        self.shown.insert(std::mem::replace(id, shown), other);
    }
}

/// The input, read before, that has the same bytes in the same format: it counts once.
fn same_bytes<'s>(sources: &'s [SourceReport], report: &SourceReport) -> Option<&'s str> {
    let same = |s: &&SourceReport| s.sha256 == report.sha256 && s.format == report.format;
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
        let work = |conversation: &Conversation| {
            let (detection, judged) = match &settings.overrides {
                Some(list) => list.detect(conversation, &settings.detector)?,
                None => (settings.detector.detect(conversation), Vec::new()),
            };
            let facts = measure::measure(conversation, detection, &settings.measure);
            if !settings.choice.takes(&facts) {
                return Ok(None);
            }
            if let Some(list) = &settings.overrides {
                list.count(judged);
            }
            Ok(Some(settings.choice.named_alone(facts, &settings.measure.privacy)))
        };
        self.worked(settings, work, |conversation, facts| match facts {
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
        self.worked(settings, |_| Ok(()), |conversation, ()| each(conversation))
    }

    /// Assembles every conversation and lets `work` look at it, in all threads; hands it on with what
    /// was found, in order.
    fn worked<R: Send>(
        self,
        settings: &Settings,
        work: impl Fn(&Conversation) -> Result<R> + Sync,
        mut each: impl FnMut(&Conversation, R) -> Result<()>,
    ) -> Result<(Vec<SourceReport>, ProblemLog)> {
        let Self { mut sources, mut problems, mut rows } = self;
        let desk = Assembly {
            namespaces: sources.iter().map(|s| namespace(&s.format)).collect(),
            coverages: sources.iter().map(|s| s.coverage.clone()).collect(),
            of_people: sources.iter().map(|s| ingest::ids_of_people(&s.format)).collect(),
            skipped: problems.skipped_sources(),
            fields: &settings.ingest.fields,
        };
        let mut progress = Progress::new("measuring", settings.quiet);
        threads::in_order(
            settings.threads,
            || rows.batch(BATCH, text_of_key),
            |batch| desk.assemble(&batch, &work),
            |seen| {
                for Seen { problems: found, conversation, result } in seen? {
                    for problem in found {
                        if problem.kind == ProblemKind::Duplicate {
                            let source = &mut sources[problem.source as usize];
                            source.rows_duplicate += 1;
                            source.rows_used = source.rows_used.saturating_sub(1);
                        }
                        problems.push(problem)?;
                    }
                    progress.conversation();
                    each(&conversation, result)?;
                }
                Ok(())
            },
        )?;
        progress.done();
        Ok((sources, problems))
    }
}

/// What turns rows into conversations.
struct Assembly<'s> {
    namespaces: Vec<String>,
    coverages: Vec<Coverage>,
    of_people: Vec<bool>,
    skipped: BTreeSet<u32>,
    fields: &'s [String],
}

/// A conversation with what was found.
struct Seen<R> {
    problems: Vec<Problem>,
    conversation: Conversation,
    result: R,
}

impl Assembly<'_> {
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
                let Assembled { conversation, mut problems } = assembled?;
                problems.extend(changing_columns(&conversation, self.fields));
                let result = work(&conversation)?;
                Ok(Seen { problems, conversation, result })
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
    let sum = |rows: fn(&SourceReport) -> u64| sources.iter().map(rows).sum::<u64>();
    let (read, used) = (sum(|s| s.rows_read), sum(|s| s.rows_used));
    let refused = sum(|s| s.rows_refused);
    if !settings.quiet {
        let kinds = problems
            .counts()
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

/// Files, folders and globs as inputs; what a folder holds beside logs is told apart.
#[derive(Debug, Default)]
pub struct Found {
    /// Chat logs.
    pub logs: Vec<Input>,
    /// Complaint records.
    pub complaints: Vec<Input>,
    /// Passed over: path and reason.
    pub skipped: Vec<(String, String)>,
}

/// Looks at every input. A file the user named must be a log; a folder may hold complaint records
/// and other things beside.
///
/// # Errors
/// When a file cannot be read or is neither log nor complaints.
pub fn find(inputs: &[String], complaints: &[String], settings: &Settings) -> Result<Found> {
    let mut found = Found::default();
    let expanded = ingest::expand(inputs, &settings.ingest)?;
    found.skipped = expanded.skipped.into_iter().map(|s| (s.path, s.reason)).collect();
    let mut failures = Vec::new();
    for input in expanded.inputs {
        match ingest::probe(&input, &settings.ingest) {
            Ok(probe) if probe.nature == Nature::Complaints => found.complaints.push(input),
            // What cannot be understood is reported with every other bad file when it is read.
            Ok(_) => found.logs.push(input),
            Err(_) if settings.skip_bad_files => found.logs.push(input),
            Err(error) => failures.push(error),
        }
    }
    if !failures.is_empty() {
        return Err(Error::all(failures));
    }
    found.complaints.extend(ingest::expand(complaints, &settings.ingest)?.inputs);
    Ok(found)
}

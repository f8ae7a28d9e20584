//! `report`: the main job.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::evaluate::Labelling;
use super::fail_on::Limit;
use super::notes::{self, Bare};
use super::problems::{counts, write_problems};
use super::report_cached;
use crate::Status;
use crate::aggregate::summary::{Corrected, Input, LabelSample, Period, Tool};
use crate::aggregate::{AggregateOptions, ComplaintTally, Groups, Summary};
use crate::cache::View;
use crate::cli::{LangArg, ReportArgs};
use crate::detect::claims;
use crate::error::{Error, Result};
use crate::facts::FactsSet;
use crate::ingest::{self, ComplaintRecord};
use crate::model::{DEFINITIONS_VERSION, Facts, Overridden, Problem, ProblemKind, SourceReport};
use crate::overrides::Overrides;
use crate::pipeline::{self, Found};
use crate::report::folder::Folder;
use crate::report::tables::{self, Table};
use crate::report::{RenderOptions, render};
use crate::say;
use crate::settings::{self, Choice, Settings};
use crate::store::problems::ProblemLog;
use crate::text::KeepText;

/// Runs it.
///
/// # Errors
/// When an input cannot be read or an output cannot be written; an earlier report stays.
pub fn run(args: &ReportArgs, words: &[String]) -> Result<Status> {
    let choice = Choice::new(&args.choose)?;
    let mut settings = Settings::new(&args.input, choice, args.choose.short_abandon)?
        .with_calendar(args.choose.calendar.as_deref())?
        .with_overrides(args.overrides.as_deref())?
        .with_privacy(&args.privacy)?;
    let options = settings::aggregate(args, &settings.choice);
    let limits = args.fail_on.iter().map(|l| Limit::parse(l)).collect::<Result<Vec<_>>>()?;
    if args.input.inputs.is_empty() && args.complaints.is_empty() && args.facts.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    let measured = (!args.facts.is_empty()).then(|| FactsSet::open(&args.facts)).transpose()?;
    let labels = args.labels.as_deref().map(Labelling::read).transpose()?;
    let overruled = measured.as_ref().is_some_and(|set| set.header.overrides.is_some());
    if overruled && labels.is_some() {
        return Err(Error::usage(
            "the facts were measured with --overrides, and --labels is given",
            "labels judge the rules as they are: measure without --overrides",
        ));
    }
    if let Some(set) = measured.as_ref().filter(|set| !set.header.time_zone.is_empty()) {
        settings.in_zone(settings::zone(&set.header.time_zone)?);
    }
    let folder = Folder::create(&args.out, args.force)?;
    let mut cache = report_cached::open(args, measured.is_some(), &settings)?;
    let found = pipeline::find_beside(&args.input.inputs, &args.complaints, &settings, |input| {
        Ok(cache.as_mut().is_some_and(|cache| cache.knows(input)))
    })?;
    for (path, reason) in &found.skipped {
        note(&settings, &format!("{path}: passed over ({reason})"));
    }
    let run = Run { args, settings: &settings, options: &options, found: &found, folder: &folder };
    let (summary, hashes) = match (&measured, &mut cache) {
        (Some(set), _) => run.of_facts(set, labels)?,
        (None, Some(cache)) if !found.logs.is_empty() => run.of_cache(cache, labels)?,
        (None, _) => run.of_logs(labels)?,
    };
    let render_options = RenderOptions {
        lang: settings::lang(args.lang),
        thresholds_s: args.within.iter().map(|s| f64::from(*s)).collect(),
    };
    if summary.totals.conversations == 0 && (measured.is_some() || !found.logs.is_empty()) {
        note(&settings, "no conversation was chosen: see --since, --until and --where");
    }
    for file in render(&summary, &render_options)? {
        folder.write(&file.path, &file.bytes)?;
    }
    folder.publish(&settings::without_key(words), &hashes)?;
    note(&settings, &format!("report: {}", args.out.join("report.html").display()));
    Ok(judge(&limits, &summary))
}

/// One run: what was asked for, and where the report goes.
pub(super) struct Run<'a> {
    pub(super) args: &'a ReportArgs,
    pub(super) settings: &'a Settings,
    options: &'a AggregateOptions,
    pub(super) found: &'a Found,
    pub(super) folder: &'a Folder,
}

/// How conversations came to be measured: it stands in the report.
pub(super) struct Made {
    models: BTreeMap<String, String>,
    options: BTreeMap<String, String>,
    overrides: Option<Overridden>,
    /// What is known of facts beside their rows.
    bare: Bare,
}

pub(super) type Written = (Summary, BTreeMap<String, String>);

impl Run<'_> {
    /// Reads, measures and writes the tables; gives the summary and the hashes of the inputs.
    pub(super) fn of_logs(&self, labels: Option<Labelling>) -> Result<Written> {
        let settings = self.settings;
        let loaded = pipeline::load(&self.found.logs, settings)?;
        let logs = loaded.sources.len();
        let (complaints, complaint_sources, complaint_problems) =
            read_complaints(self.found, settings, logs)?;
        let mut tables = Tables::create(self, complaints, labels)?;
        let paths = loaded.sources.clone();
        let (mut sources, mut problems) =
            loaded.measure(settings, |_, facts| tables.add(&facts, &paths))?;
        for problem in complaint_problems {
            problems.push(problem)?;
        }
        sources.extend(complaint_sources);
        pipeline::conclude(&sources, &problems, settings)?;
        super::tell_overrides(settings);
        let kinds = counts(&problems);
        let path = self.folder.path("problems.csv");
        write_problems(problems, &sources, &path, settings, self.bom())?;
        tables.finish(self, &sources, logs, kinds, self.made_here())
    }

    /// How this run measures.
    pub(super) fn made_here(&self) -> Made {
        Made {
            models: self.settings.models(),
            options: settings::chosen(
                &self.args.input,
                &self.args.choose,
                self.args.overrides.as_deref(),
                self.keep(),
            ),
            overrides: self.settings.overrides.as_ref().map(Overrides::result),
            bare: Bare::No,
        }
    }

    /// The same from facts that were measured before.
    fn of_facts(&self, set: &FactsSet, labels: Option<Labelling>) -> Result<Written> {
        let settings = self.settings;
        let privacy = &settings.measure.privacy;
        let view = settings.choice.over_facts(&set.header, &self.args.facts)?;
        let joins = !self.found.complaints.is_empty() || !settings.choice.wheres.is_empty();
        set.header.agrees(privacy, joins, &self.args.facts)?;
        let logs = set.header.inputs.len();
        let (complaints, complaint_sources, complaint_problems) =
            read_complaints(self.found, settings, logs)?;
        let mut tables = Tables::create(self, complaints, labels)?;
        set.each(|facts, paths| {
            match view.chosen(facts, &settings.choice, &settings.measure.privacy) {
                Some(mut facts) => {
                    for wording in facts.transfer.iter_mut().flat_map(|t| &mut t.wordings) {
                        wording.phrase = self.keep().label(&wording.phrase);
                    }
                    tables.add(&facts, paths)
                }
                None => Ok(()),
            }
        })?;
        let mut kinds = set.header.problems.clone();
        let mut list = Table::create(
            &self.folder.path("problems.csv"),
            &tables::problems_header(),
            self.zone(),
            self.bom(),
        )?
        .keeping(self.keep());
        set.problems(|row| list.printed(row))?;
        let mut sources = set.header.inputs.clone();
        sources.extend(complaint_sources);
        let mut of_complaints = ProblemLog::new(&std::env::temp_dir());
        for problem in complaint_problems {
            of_complaints.push(problem)?;
        }
        for (kind, n) in counts(&of_complaints) {
            *kinds.entry(kind).or_default() += n;
        }
        for problem in of_complaints.sorted()? {
            list.problem(&problem?, &sources)?;
        }
        list.finish()?;
        let bare = match (set.bare.is_empty(), set.untold) {
            (true, _) => Bare::No,
            (false, true) => Bare::Untold,
            (false, false) => Bare::Rows,
        };
        for path in &set.bare {
            let what = if set.untold {
                "inputs, refused rows, options and models are missing from the report"
            } else {
                "inputs and refused rows are missing from the report"
            };
            note(settings, &format!("{}: bare rows: {what}", path.display()));
        }
        let made = Made {
            models: set.header.models.clone(),
            options: self.kept(view.options(&self.args.choose)),
            overrides: set.header.overrides.clone(),
            bare,
        };
        tables.finish(self, &sources, logs, kinds, made)
    }

    pub(super) fn zone(&self) -> Tz {
        self.settings.measure.time_zone
    }

    /// The choices of measuring, with how much of the texts is kept now.
    fn kept(&self, mut options: BTreeMap<String, String>) -> BTreeMap<String, String> {
        if self.keep() != KeepText::Redacted {
            options.insert("keep_text".to_owned(), self.keep().name().to_owned());
        }
        options
    }

    pub(super) fn keep(&self) -> KeepText {
        self.settings.measure.privacy.keep_text
    }

    pub(super) fn bom(&self) -> bool {
        self.args.csv_bom || self.args.lang == LangArg::Zh
    }
}

/// The tables and sums that measured conversations go into, wherever they come from.
pub(super) struct Tables<'a> {
    conversations: Table,
    findings: Table,
    complaints: ComplaintTally,
    groups: Groups,
    labels: Option<Labelling>,
    options: &'a AggregateOptions,
    zone: Tz,
    named: usize,
}

impl<'a> Tables<'a> {
    pub(super) fn create(
        run: &Run<'a>,
        complaints: ComplaintTally,
        labels: Option<Labelling>,
    ) -> Result<Self> {
        let named = run.settings.choice.named();
        let table = |name: &str, header: &[String]| {
            Table::create(&run.folder.path(name), header, run.zone(), run.bom())
                .map(|table| table.keeping(run.keep()))
        };
        Ok(Self {
            conversations: table("conversations.csv", &tables::conversations_header(&named))?,
            findings: table("findings.csv", &tables::findings_header())?,
            complaints,
            groups: Groups::default(),
            labels,
            options: run.options,
            zone: run.zone(),
            named: named.len(),
        })
    }

    pub(super) fn add(&mut self, facts: &Facts, sources: &[SourceReport]) -> Result<()> {
        self.conversations.conversation(facts, self.named)?;
        self.findings.findings(facts, sources)?;
        self.complaints.link(facts, self.zone);
        if let Some(labels) = &mut self.labels {
            labels.judge.see(facts);
        }
        self.groups.add(facts, self.options)
    }

    /// Takes rows and sums that a cache has ready; no labels and no complaints ask for the facts.
    pub(super) fn ready(&mut self, view: &View) -> Result<()> {
        let (mut conversations, mut findings) =
            (self.conversations.behind()?, self.findings.behind()?);
        view.rows(|of_conversation, of_findings| {
            conversations.add(of_conversation)?;
            findings.add(of_findings)
        })?;
        conversations.finish()?;
        findings.finish()?;
        self.groups = view.sums(self.options)?;
        Ok(())
    }

    pub(super) fn finish(
        self,
        run: &Run<'_>,
        sources: &[SourceReport],
        logs: usize,
        problems: BTreeMap<String, u64>,
        made: Made,
    ) -> Result<Written> {
        self.conversations.finish()?;
        self.findings.finish()?;
        if !run.found.complaints.is_empty() {
            write_complaints(run, &self.complaints, sources)?;
        }
        let (labels, corrected) = self.labels.map(corrected).transpose()?.unzip();
        let mut hashes: BTreeMap<String, String> =
            sources.iter().map(|s| (s.path.clone(), s.sha256.clone())).collect();
        hashes.extend(labels.iter().map(|l| (l.file.clone(), l.sha256.clone())));
        let overrides = made.overrides.as_ref();
        hashes.extend(overrides.map(|o| (o.file.clone(), o.sha256.clone())));
        let groups = &self.groups;
        let all = groups.all.segment("all", None, run.options);
        let days = groups.days();
        let mut summary = Summary {
            tool: Tool {
                name: "tohuman".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                definitions: DEFINITIONS_VERSION.to_owned(),
                models: made.models,
            },
            options: chosen(run.args, made.options),
            inputs: sources.iter().enumerate().map(|(i, s)| input(s, i < logs)).collect(),
            coverage: groups.all.coverage(),
            period: Period {
                from: days.map(|d| d.0.to_string()),
                to: days.map(|d| d.1.to_string()),
                time_zone: self.zone.name().to_owned(),
            },
            totals: all.totals,
            problems,
            transfer: all.transfer,
            effort: all.effort,
            waits: all.waits,
            complaints: self.complaints.summary(),
            segments: groups.segments(run.options),
            periods: groups.periods(run.options),
            labels,
            corrected: corrected.unwrap_or_default(),
            overrides: made.overrides,
            notes: Vec::new(),
        };
        summary.notes = notes::of(&summary, made.bare);
        Ok((summary, hashes))
    }
}

/// The sample and the rates that it corrects, once all conversations were seen.
fn corrected(labels: Labelling) -> Result<(LabelSample, Vec<Corrected>)> {
    let Labelling { path, sha256, judge } = labels;
    judge.check(&path)?;
    Ok((judge.sample(path, sha256), judge.corrected()))
}

pub(super) type ReadComplaints = (ComplaintTally, Vec<SourceReport>, Vec<Problem>);

pub(super) fn read_complaints(
    found: &Found,
    settings: &Settings,
    base: usize,
) -> Result<ReadComplaints> {
    let mut tally = ComplaintTally::keyed(settings.measure.privacy.hash_key.clone());
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    let mut failures = Vec::new();
    for input in &found.complaints {
        let source = u32::try_from(base + sources.len()).unwrap_or(u32::MAX);
        let mut sink = |record| {
            match record {
                ComplaintRecord::Complaint(mut complaint) => {
                    complaint.company = settings.measure.privacy.company(complaint.company);
                    let lexicons = &settings.detector.lexicons;
                    let claims = claims::read(&complaint.text, lexicons);
                    tally.add(*complaint, &claims);
                }
                ComplaintRecord::Problem(problem) => problems.push(problem),
            }
            Ok(())
        };
        match ingest::read_complaints(input, source, &settings.ingest, &mut sink) {
            Ok(report) => sources.push(report),
            Err(error) if settings.skip_bad_files => {
                let found = error.to_string();
                problems.push(Problem { source, row: 0, kind: ProblemKind::SkippedFile, found });
                sources.push(SourceReport { path: input.path.clone(), ..SourceReport::default() });
            }
            Err(error) => failures.push(error),
        }
    }
    if !failures.is_empty() {
        return Err(Error::all(failures));
    }
    for (source, row) in tally.seal() {
        problems.push(Problem { source, row, kind: ProblemKind::Duplicate, found: String::new() });
        let report: &mut SourceReport = &mut sources[source as usize - base];
        report.rows_duplicate += 1;
        report.rows_used = report.rows_used.saturating_sub(1);
    }
    Ok((tally, sources, problems))
}

/// Every counted record, so that each figure on complaints can be followed to its rows.
fn write_complaints(
    run: &Run<'_>,
    complaints: &ComplaintTally,
    sources: &[SourceReport],
) -> Result<()> {
    let path = run.folder.path("complaints.csv");
    let mut table = Table::create(&path, &tables::complaints_header(), run.zone(), run.bom())?
        .keeping(run.keep());
    for record in complaints.records() {
        table.complaint(&record, sources)?;
    }
    table.finish()
}

/// The choices that move numbers: those of measuring, and those of the sums.
fn chosen(args: &ReportArgs, mut measured: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let within = args.within.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    measured.insert("within_s".to_owned(), within);
    if !args.choose.by.is_empty() {
        measured.insert("by".to_owned(), args.choose.by.join(","));
    }
    measured
}

fn input(source: &SourceReport, log: bool) -> Input {
    Input {
        path: source.path.clone(),
        role: if log { "log" } else { "complaints" }.to_owned(),
        sha256: source.sha256.clone(),
        format: source.format.clone(),
        encoding: source.encoding.clone(),
        time_zone: source.time_zone.clone(),
        time_zone_from: source.time_zone_from.clone(),
        coverage: source.coverage.clone(),
        rows_read: source.rows_read,
        rows_used: source.rows_used,
        rows_refused: source.rows_refused,
        rows_duplicate: source.rows_duplicate,
    }
}

fn judge(limits: &[Limit], summary: &Summary) -> Status {
    let mut status = Status::Done;
    for limit in limits {
        if let Some(value) = limit.broken_by(summary) {
            say(&format!("tohuman: limit broken: {limit} (it is {value})"));
            status = Status::Breached;
        }
    }
    status
}

pub(super) fn note(settings: &Settings, line: &str) {
    if !settings.quiet {
        say(&format!("tohuman: {line}"));
    }
}

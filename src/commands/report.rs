//! `report`: the main job.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::fail_on::Limit;
use super::notes;
use crate::Status;
use crate::aggregate::summary::{Input, Period, Tool};
use crate::aggregate::{AggregateOptions, ComplaintTally, Groups, Summary};
use crate::cli::{LangArg, ReportArgs};
use crate::detect::claims;
use crate::error::{Error, Result};
use crate::ingest::{self, ComplaintRecord};
use crate::model::{DEFINITIONS_VERSION, Problem, ProblemKind, SourceReport};
use crate::pipeline::{self, Found};
use crate::report::folder::Folder;
use crate::report::tables::{self, Table};
use crate::report::{RenderOptions, render};
use crate::say;
use crate::settings::{self, Choice, Settings};
use crate::store::problems::ProblemLog;

/// Runs it.
///
/// # Errors
/// When an input cannot be read or an output cannot be written; an earlier report stays.
pub fn run(args: &ReportArgs, words: &[String]) -> Result<Status> {
    let choice = Choice::new(&args.choose)?;
    let settings = Settings::new(&args.input, choice, args.choose.short_abandon)?;
    let options = settings::aggregate(args, &settings.choice);
    let limits = args.fail_on.iter().map(|l| Limit::parse(l)).collect::<Result<Vec<_>>>()?;
    if args.input.inputs.is_empty() && args.complaints.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    let folder = Folder::create(&args.out, args.force)?;
    let found = pipeline::find(&args.input.inputs, &args.complaints, &settings)?;
    for (path, reason) in &found.skipped {
        note(&settings, &format!("{path}: passed over ({reason})"));
    }
    let (summary, hashes) = write_parts(args, &settings, &options, &found, &folder)?;
    let render_options = RenderOptions {
        lang: settings::lang(args.lang),
        thresholds_s: args.within.iter().map(|s| f64::from(*s)).collect(),
    };
    if summary.totals.conversations == 0 && !found.logs.is_empty() {
        note(&settings, "no conversation was chosen: see --since, --until and --where");
    }
    for file in render(&summary, &render_options)? {
        folder.write(&file.path, &file.bytes)?;
    }
    folder.publish(words, &hashes)?;
    note(&settings, &format!("report: {}", args.out.join("report.html").display()));
    Ok(judge(&limits, &summary))
}

/// Reads, measures and writes the tables; gives the summary and the hashes of the inputs.
fn write_parts(
    args: &ReportArgs,
    settings: &Settings,
    options: &AggregateOptions,
    found: &Found,
    folder: &Folder,
) -> Result<(Summary, BTreeMap<String, String>)> {
    let bom = args.csv_bom || args.lang == LangArg::Zh;
    let loaded = pipeline::load(&found.logs, settings)?;
    let base = loaded.sources.len();
    let (mut complaints, complaint_sources, complaint_problems) =
        read_complaints(found, settings, base)?;
    let zone = settings.measure.time_zone;
    let named = settings.choice.named();
    let header = tables::conversations_header(&named);
    let mut conversations = Table::create(&folder.path("conversations.csv"), &header, zone, bom)?;
    let mut findings =
        Table::create(&folder.path("findings.csv"), &tables::findings_header(), zone, bom)?;
    let mut groups = Groups::default();
    let paths = loaded.sources.clone();
    let (mut sources, mut problems) = loaded.measure(settings, |_, facts| {
        conversations.conversation(&facts, named.len())?;
        findings.findings(&facts, &paths)?;
        complaints.link(&facts, settings.measure.time_zone);
        groups.add(&facts, options)
    })?;
    conversations.finish()?;
    findings.finish()?;
    for problem in complaint_problems {
        problems.push(problem)?;
    }
    sources.extend(complaint_sources);
    pipeline::conclude(&sources, &problems, settings)?;
    let counts = counts(&problems);
    let hashes = sources.iter().map(|s| (s.path.clone(), s.sha256.clone())).collect();
    write_problems(problems, &sources, folder, zone, bom)?;
    if !found.complaints.is_empty() {
        write_complaints(&complaints, &sources, folder, zone, bom)?;
    }
    let summary = summarise(args, settings, options, &groups, &complaints, &sources, base, counts);
    Ok((summary, hashes))
}

type ReadComplaints = (ComplaintTally, Vec<SourceReport>, Vec<Problem>);

fn read_complaints(found: &Found, settings: &Settings, base: usize) -> Result<ReadComplaints> {
    let mut tally = ComplaintTally::default();
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    let mut failures = Vec::new();
    for input in &found.complaints {
        let source = u32::try_from(base + sources.len()).unwrap_or(u32::MAX);
        let mut sink = |record| {
            match record {
                ComplaintRecord::Complaint(complaint) => {
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

fn counts(problems: &ProblemLog) -> BTreeMap<String, u64> {
    problems.counts().iter().map(|(kind, n)| (ProblemKind::name(*kind).to_owned(), *n)).collect()
}

fn write_problems(
    problems: ProblemLog,
    sources: &[SourceReport],
    folder: &Folder,
    zone: Tz,
    bom: bool,
) -> Result<()> {
    let mut table =
        Table::create(&folder.path("problems.csv"), &tables::problems_header(), zone, bom)?;
    for problem in problems.sorted()? {
        table.problem(&problem?, sources)?;
    }
    table.finish()
}

/// Every counted record, so that each figure on complaints can be followed to its rows.
fn write_complaints(
    complaints: &ComplaintTally,
    sources: &[SourceReport],
    folder: &Folder,
    zone: Tz,
    bom: bool,
) -> Result<()> {
    let header = tables::complaints_header();
    let mut table = Table::create(&folder.path("complaints.csv"), &header, zone, bom)?;
    for record in complaints.records() {
        table.complaint(&record, sources)?;
    }
    table.finish()
}

#[expect(clippy::too_many_arguments, reason = "every stage hands its part over here, once")]
fn summarise(
    args: &ReportArgs,
    settings: &Settings,
    options: &AggregateOptions,
    groups: &Groups,
    complaints: &ComplaintTally,
    sources: &[SourceReport],
    logs: usize,
    problems: BTreeMap<String, u64>,
) -> Summary {
    let all = groups.all.segment("all", None, options);
    let days = groups.days();
    let mut summary = Summary {
        tool: Tool {
            name: "tohuman".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            definitions: DEFINITIONS_VERSION.to_owned(),
            models: settings.detector.lexicons.hashes(),
        },
        options: chosen(args),
        inputs: sources.iter().enumerate().map(|(i, s)| input(s, i < logs)).collect(),
        coverage: groups.all.coverage(),
        period: Period {
            from: days.map(|d| d.0.to_string()),
            to: days.map(|d| d.1.to_string()),
            time_zone: settings.measure.time_zone.name().to_owned(),
        },
        totals: all.totals,
        problems,
        transfer: all.transfer,
        effort: all.effort,
        waits: all.waits,
        complaints: complaints.summary(),
        segments: groups.segments(options),
        periods: groups.periods(options),
        notes: Vec::new(),
    };
    summary.notes = notes::of(&summary);
    summary
}

/// The choices that move numbers.
fn chosen(args: &ReportArgs) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut set = |name: &str, value: String| out.insert(name.to_owned(), value);
    set("time_zone", args.input.time_zone.clone());
    set("short_abandon_s", args.choose.short_abandon.to_string());
    set("within_s", args.within.iter().map(u32::to_string).collect::<Vec<_>>().join(","));
    if let Some(since) = args.choose.since {
        set("since", since.to_string());
    }
    if let Some(until) = args.choose.until {
        set("until", until.to_string());
    }
    if !args.choose.wheres.is_empty() {
        set("where", args.choose.wheres.join(" "));
    }
    if !args.choose.by.is_empty() {
        set("by", args.choose.by.join(","));
    }
    if let Some(mapping) = &args.input.mapping {
        set("mapping", mapping.display().to_string());
    }
    if let Some(format) = &args.input.format {
        set("format", format.clone());
    }
    out
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

fn note(settings: &Settings, line: &str) {
    if !settings.quiet {
        say(&format!("tohuman: {line}"));
    }
}

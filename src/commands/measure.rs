//! `measure`: one row of facts per conversation.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use serde::Serialize;

use super::json;
use crate::Status;
use crate::cli::MeasureArgs;
use crate::error::{Error, Result};
use crate::measure::columns::{COLUMNS, Cell, MORE};
use crate::model::{DEFINITIONS_VERSION, Facts, SourceReport};
use crate::pipeline;
use crate::report::tables::{self, Table};
use crate::settings::{Choice, Settings};
use crate::store::problems::ProblemLog;
use crate::store::table::{ColumnType, Columns, TableFormat, TableWriter};

const FINDING: [(&str, ColumnType); 8] = [
    ("finding_id", ColumnType::Text),
    ("message", ColumnType::Count),
    ("timestamp", ColumnType::Time),
    ("rule", ColumnType::Text),
    ("evidence", ColumnType::Text),
    ("matched", ColumnType::Text),
    ("source", ColumnType::Text),
    ("row", ColumnType::Count),
];

/// What stands in `facts.json`.
#[derive(Debug, Serialize)]
struct FactsFile<'a> {
    tool: &'a str,
    version: &'a str,
    definitions: &'a str,
    models: std::collections::BTreeMap<String, String>,
    time_zone: &'a str,
    short_abandon_ms: i64,
    named: &'a [String],
    inputs: &'a [SourceReport],
    problems: std::collections::BTreeMap<&'static str, u64>,
}

/// Runs it.
///
/// # Errors
/// When an input cannot be read or the facts cannot be written.
pub fn run(args: &MeasureArgs) -> Result<Status> {
    let choice = Choice::new(&args.choose)?;
    let settings = Settings::new(&args.input, choice, args.choose.short_abandon)?;
    if args.input.inputs.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    let found = pipeline::find(&args.input.inputs, &[], &settings)?;
    let loaded = pipeline::load(&found.logs, &settings)?;
    let named = settings.choice.named();
    let paths = loaded.sources.clone();
    let mut out = Out::create(&args.out, &named, settings.measure.time_zone)?;
    let (sources, problems) =
        loaded.measure(&settings, |_, facts| out.facts(&facts, named.len(), &paths))?;
    pipeline::conclude(&sources, &problems, &settings)?;
    out.finish(&facts_json(&settings, &named, &sources, &problems)?)?;
    Ok(Status::Done)
}

fn facts_json(
    settings: &Settings,
    named: &[String],
    sources: &[SourceReport],
    problems: &ProblemLog,
) -> Result<String> {
    json(&FactsFile {
        tool: "tohuman",
        version: env!("CARGO_PKG_VERSION"),
        definitions: DEFINITIONS_VERSION,
        models: settings.detector.models(),
        time_zone: settings.measure.time_zone.name(),
        short_abandon_ms: settings.measure.short_abandon_ms,
        named,
        inputs: sources,
        problems: problems.counts().iter().map(|(kind, n)| (kind.name(), *n)).collect(),
    })
}

/// Where facts go. Files are written under another name and renamed when whole.
enum Out {
    Csv { table: Box<Table>, draft: PathBuf, target: PathBuf },
    Rows { table: Box<TableWriter>, draft: PathBuf, target: PathBuf },
    Folder { table: Box<TableWriter>, folder: PathBuf },
}

impl Out {
    fn create(target: &Path, named: &[String], zone: Tz) -> Result<Self> {
        let extension = target.extension().map(|e| e.to_string_lossy().to_lowercase());
        let draft = target.with_extension("tohuman-part");
        let rows = |path: &Path, format| {
            TableWriter::create(path, format, columns(named), Some(findings())).map(Box::new)
        };
        let target = target.to_owned();
        Ok(match extension.as_deref() {
            _ if target == Path::new("-") => {
                let table = rows(&target, TableFormat::ArrowStream)?;
                Self::Rows { table, draft: target.clone(), target }
            }
            Some("csv") => {
                let header = tables::conversations_header(named);
                let table = Box::new(Table::create(&draft, &header, zone, false)?);
                Self::Csv { table, draft, target }
            }
            Some("parquet") => {
                Self::Rows { table: rows(&draft, TableFormat::Parquet)?, draft, target }
            }
            Some("arrow") => {
                Self::Rows { table: rows(&draft, TableFormat::ArrowStream)?, draft, target }
            }
            _ => {
                std::fs::create_dir_all(&target)
                    .map_err(|source| Error::Write { path: target.clone(), source })?;
                let path = target.join("facts.parquet.tohuman-part");
                Self::Folder { table: rows(&path, TableFormat::Parquet)?, folder: target }
            }
        })
    }

    fn facts(&mut self, facts: &Facts, named: usize, sources: &[SourceReport]) -> Result<()> {
        match self {
            Self::Csv { table, .. } => table.conversation(facts, named),
            Self::Rows { table, .. } | Self::Folder { table, .. } => {
                table.row(cells(facts, named), finding_rows(facts, sources))
            }
        }
    }

    fn finish(self, facts_json: &str) -> Result<()> {
        let rename = |from: &Path, to: &Path| {
            std::fs::rename(from, to).map_err(|source| Error::Write { path: to.to_owned(), source })
        };
        match self {
            Self::Csv { table, draft, target } => {
                table.finish()?;
                rename(&draft, &target)
            }
            Self::Rows { table, draft, target } => {
                table.finish()?;
                if draft == target { Ok(()) } else { rename(&draft, &target) }
            }
            Self::Folder { table, folder } => {
                table.finish()?;
                let json = folder.join("facts.json");
                std::fs::write(&json, facts_json)
                    .map_err(|source| Error::Write { path: json, source })?;
                rename(&folder.join("facts.parquet.tohuman-part"), &folder.join("facts.parquet"))
            }
        }
    }
}

fn columns(named: &[String]) -> Columns {
    let empty = Facts::default();
    let typed = |(name, read): &crate::measure::columns::Column| {
        ((*name).to_owned(), ColumnType::of(&read(&empty)))
    };
    let own = COLUMNS.iter().map(typed);
    let named = named.iter().map(|name| (name.clone(), ColumnType::Text));
    own.chain(named).chain(MORE.iter().map(typed)).collect()
}

fn findings() -> (String, Columns) {
    let columns = FINDING.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    ("findings".to_owned(), columns)
}

fn cells(facts: &Facts, named: usize) -> Vec<Cell> {
    let own = COLUMNS.iter().map(|(_, read)| read(facts));
    let fields = (0..named).map(|i| Cell::Text(facts.fields.get(i).cloned().flatten()));
    own.chain(fields).chain(MORE.iter().map(|(_, read)| read(facts))).collect()
}

fn finding_rows(facts: &Facts, sources: &[SourceReport]) -> Vec<Vec<Cell>> {
    facts
        .findings
        .iter()
        .map(|located| {
            let f = &located.finding;
            vec![
                Cell::Text(Some(tables::finding_id(facts, f.rule.id(), f.message))),
                Cell::Count(Some(f.message as u64 + 1)),
                Cell::Time(located.at),
                Cell::Text(Some(f.rule.id().to_owned())),
                Cell::Text(Some(f.evidence.name().to_owned())),
                Cell::Text(Some(tables::printable(&f.matched))),
                Cell::Text(Some(sources[located.source as usize].path.clone())),
                Cell::Count(Some(located.row)),
            ]
        })
        .collect()
}

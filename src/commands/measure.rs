//! `measure`: one row of facts per conversation.

use std::path::Path;

use super::json;
use super::measure_stream;
use super::output::Output;
use super::problems::{counts, write_problems};
use crate::Status;
use crate::cli::MeasureArgs;
use crate::error::{Error, Result};
use crate::facts::{self, FactsHeader, FactsWriter};
use crate::ingest::Input;
use crate::model::{DEFINITIONS_VERSION, Facts, SourceReport};
use crate::overrides::Overrides;
use crate::pipeline;
use crate::report::tables::{self, Table};
use crate::settings::{self, Choice, Settings};
use crate::store::draft::{DraftFolder, files};
use crate::store::problems::ProblemLog;
use crate::store::table::TableFormat;

/// Runs it.
///
/// # Errors
/// When an input cannot be read or the facts cannot be written.
pub fn run(args: &MeasureArgs) -> Result<Status> {
    if let Some(how) = args.print_schema {
        return measure_stream::print_schema(args, how);
    }
    if args.input_format.is_some() {
        return measure_stream::run(args);
    }
    let choice = Choice::new(&args.choose)?;
    let settings = Settings::new(&args.input, choice, args.choose.short_abandon)?
        .with_calendar(args.choose.calendar.as_deref())?
        .with_privacy(&args.privacy)?
        .with_overrides(args.overrides.as_deref())?;
    if args.input.inputs.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    let found = pipeline::find(&args.input.inputs, &[], &settings)?;
    super::tell_passed_over(&found, &settings);
    let target = args.out.as_deref().ok_or_else(|| {
        Error::usage("nowhere to write to", "name a folder or a file by --out, or - for a stream")
    })?;
    let privacy = &settings.measure.privacy;
    let keep = privacy.keep_text;
    let mut header = FactsHeader {
        tool: "tohuman".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        definitions: DEFINITIONS_VERSION.to_owned(),
        models: settings.models(),
        options: settings::chosen(&args.input, &args.choose, args.overrides.as_deref(), keep),
        time_zone: settings.measure.time_zone.name().to_owned(),
        hash_key: privacy.hash_key.fingerprint(),
        named: settings.choice.named(),
        ..FactsHeader::default()
    };
    let mut out = Out::create(target, &found.logs, &header, &settings)?;
    let loaded = pipeline::load(&found.logs, &settings)?;
    let paths = loaded.sources.clone();
    let named = header.named.len();
    let (sources, problems) =
        loaded.measure(&settings, |_, facts| out.facts(&facts, named, &paths))?;
    pipeline::conclude(&sources, &problems, &settings)?;
    super::tell_overrides(&settings);
    header.inputs = sources;
    header.problems = counts(&problems);
    header.overrides = settings.overrides.as_ref().map(Overrides::result);
    out.finish(&header, problems, &settings)?;
    Ok(Status::Done)
}

/// Where facts go; they appear whole or not at all.
enum Out {
    Csv { table: Box<Table>, output: Output },
    Rows { table: Box<FactsWriter>, output: Output },
    Folder { table: Box<FactsWriter>, folder: DraftFolder },
}

impl Out {
    fn create(
        target: &Path,
        inputs: &[Input],
        header: &FactsHeader,
        settings: &Settings,
    ) -> Result<Self> {
        let (zone, keep) = (settings.measure.time_zone, settings.measure.privacy.keep_text);
        let extension = target.extension().map(|e| e.to_string_lossy().to_lowercase());
        let rows = |format| {
            let output = Output::open(target, inputs)?;
            let table = Box::new(FactsWriter::create(output.path(), format, header, keep)?);
            Ok(Self::Rows { table, output })
        };
        match extension.as_deref() {
            _ if target == Path::new("-") => rows(TableFormat::ArrowStream),
            Some("csv") => {
                let output = Output::open(target, inputs)?;
                let header = tables::conversations_header(&header.named);
                let table =
                    Box::new(Table::create(output.path(), &header, zone, false)?.keeping(keep));
                Ok(Self::Csv { table, output })
            }
            Some("parquet") => rows(TableFormat::Parquet),
            Some("arrow") => rows(TableFormat::ArrowStream),
            _ => {
                let folder = folder(target)?;
                let path = folder.path(facts::TABLE);
                let table = FactsWriter::create(&path, TableFormat::Parquet, header, keep)?;
                Ok(Self::Folder { table: Box::new(table), folder })
            }
        }
    }

    fn facts(&mut self, facts: &Facts, named: usize, sources: &[SourceReport]) -> Result<()> {
        match self {
            Self::Csv { table, .. } => table.conversation(facts, named),
            Self::Rows { table, .. } | Self::Folder { table, .. } => table.add(facts, sources),
        }
    }

    fn finish(self, header: &FactsHeader, problems: ProblemLog, settings: &Settings) -> Result<()> {
        match self {
            Self::Csv { table, output } => {
                table.finish()?;
                output.publish()
            }
            Self::Rows { table, output } => {
                table.finish()?;
                output.publish()
            }
            Self::Folder { table, folder } => {
                table.finish()?;
                let path = folder.path(facts::PROBLEMS);
                write_problems(problems, &header.inputs, &path, settings, false)?;
                folder.write(facts::HEADER, json(header)?.as_bytes())?;
                folder.publish(&[])
            }
        }
    }
}

/// A folder of facts; one that holds anything else is left alone.
fn folder(target: &Path) -> Result<DraftFolder> {
    let folder = DraftFolder::create(target)?;
    let failed = |source| Error::Write { path: target.to_owned(), source };
    let there = if target.exists() { files(target).map_err(failed)? } else { Vec::new() };
    let own = [facts::TABLE, facts::HEADER, facts::PROBLEMS];
    if let Some((name, _)) = there.iter().find(|(name, _)| !own.contains(&name.as_str())) {
        return Err(Error::usage(
            format!("{}: holds {name}, which is no part of facts", target.display()),
            "choose another folder for -o, or a file .parquet, .arrow or .csv",
        ));
    }
    Ok(folder)
}

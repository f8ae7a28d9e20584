//! `measure --input-format arrow-stream`: sorted rows on standard input, facts on standard output, as
//! the worker of a cluster runs it; and what an adapter asks beforehand: columns and header.

use std::path::Path;

use super::convert;
use super::output::{Output, by_extension};
use super::{json, print, shows};
use crate::Status;
use crate::cli::{MeasureArgs, SchemaArg};
use crate::error::{Error, Result};
use crate::facts::{FactsHeader, FactsStream, schema, stream_columns};
use crate::model::{Coverage, DEFINITIONS_VERSION, SourceReport};
use crate::settings::{self, Choice, Settings};
use crate::store::table::TableFormat;
use crate::stream;

const FORMATS: [(Option<&str>, TableFormat); 3] = [
    (None, TableFormat::ArrowStream),
    (Some("arrow"), TableFormat::ArrowStream),
    (Some("parquet"), TableFormat::Parquet),
];

/// The schemas, as JSON.
#[derive(serde::Serialize)]
struct Schemas {
    /// Rows that `convert` writes and the stream takes.
    rows: Vec<schema::NamedType>,
    /// Facts that the stream gives.
    facts: Vec<schema::NamedType>,
}

/// Prints the columns.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn print_schema(args: &MeasureArgs, how: SchemaArg) -> Result<Status> {
    let facts = stream_columns(&Choice::new(&args.choose)?.named());
    let text = match how {
        SchemaArg::SparkDdl => schema::spark_ddl(&facts) + "\n",
        SchemaArg::Json => json(&Schemas {
            rows: schema::types(&convert::neutral_columns()),
            facts: schema::types(&facts),
        })?,
    };
    print(&text)?;
    Ok(Status::Done)
}

/// Measures the stream, or prints the header that belongs to its facts.
///
/// # Errors
/// When a flag is given that needs whole files, the stream cannot be read, or facts not be written.
pub(crate) fn run(args: &MeasureArgs) -> Result<Status> {
    refuse(args)?;
    let settings =
        Settings::new(&args.input, Choice::new(&args.choose)?, args.choose.short_abandon)?
            .with_calendar(args.choose.calendar.as_deref())?
            .with_privacy(&args.privacy)?;
    let coverage = shows::parse(args.shows.as_deref())?;
    let header = header(args, &settings, &coverage);
    if args.print_header {
        print(&json(&header)?)?;
        return Ok(Status::Done);
    }
    if args.input.inputs != ["-"] {
        return Err(Error::usage(
            "--input-format arrow-stream reads standard input",
            "give - as the only INPUT",
        ));
    }
    let target = args.out.as_deref().unwrap_or(Path::new("-"));
    let format = by_extension(target, &FORMATS)?;
    let output = Output::open(target, &[])?;
    let keep = settings.measure.privacy.keep_text;
    let mut facts =
        FactsStream::create(output.path(), format, &header.named, keep, header.made_with())?;
    let rows = stream::measure_rows(std::io::stdin().lock(), &coverage, &settings, |measured| {
        facts.add(&measured.facts, measured.rows, &measured.problems, measured.sources)
    })?;
    facts.finish()?;
    output.publish()?;
    if !settings.quiet {
        crate::say(&format!("tohuman: measured {rows} rows"));
    }
    Ok(Status::Done)
}

/// Flags that need files, or would leave rows uncounted.
fn refuse(args: &MeasureArgs) -> Result<()> {
    let (input, choose) = (&args.input, &args.choose);
    let of_files = "give it to tohuman convert, which writes the rows";
    let of_report = "give it to tohuman report --facts";
    let given = [
        ("--mapping", input.mapping.is_some(), of_files),
        ("--format", input.format.is_some(), of_files),
        ("--skip-bad-files", input.skip_bad_files, of_files),
        ("--since", choose.since.is_some(), of_report),
        ("--until", choose.until.is_some(), of_report),
        ("--where", !choose.wheres.is_empty(), of_report),
        ("--overrides", args.overrides.is_some(), "give it to tohuman report over the log"),
    ];
    match given.into_iter().find(|(_, given, _)| *given) {
        Some((flag, _, way_out)) => {
            Err(Error::usage(format!("{flag}: not for --input-format arrow-stream"), way_out))
        }
        None => Ok(()),
    }
}

/// How these facts are made. INPUT is what the rows are called in reports; how many there are, the
/// caller fills in.
fn header(args: &MeasureArgs, settings: &Settings, coverage: &Coverage) -> FactsHeader {
    let privacy = &settings.measure.privacy;
    let input = |path: &String| SourceReport {
        path: path.clone(),
        format: "arrow".to_owned(),
        time_zone: settings.measure.time_zone.name().to_owned(),
        time_zone_from: if coverage.times.is_some() { "in data" } else { "no times" }.to_owned(),
        coverage: coverage.clone(),
        ..SourceReport::default()
    };
    FactsHeader {
        tool: "tohuman".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        definitions: DEFINITIONS_VERSION.to_owned(),
        models: settings.models(),
        options: settings::chosen(&args.input, &args.choose, None, privacy.keep_text),
        time_zone: settings.measure.time_zone.name().to_owned(),
        hash_key: privacy.hash_key.fingerprint(),
        named: settings.choice.named(),
        inputs: args.input.inputs.iter().map(input).collect(),
        ..FactsHeader::default()
    }
}

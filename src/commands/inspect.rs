//! `inspect`: what would be read.

use serde::Serialize;

use super::inspect_words::{fill, reason, word};
use super::{inspect_text, json, print};
use crate::Status;
use crate::cli::{InspectArgs, LangArg};
use crate::error::{Error, Result};
use crate::ingest::{self, Inspection};
use crate::settings::{Choice, Settings};

/// One line of the list that `--json` prints.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Entry {
    /// What was read.
    Seen(Box<Inspection>),
    /// What was not, with the same keys for path, nature and reasons.
    Left { nature: &'static str, reasons: [String; 1], source: Path },
}

#[derive(Debug, Serialize)]
struct Path {
    path: String,
}

impl Entry {
    fn left(nature: &'static str, path: String, reason: String) -> Self {
        Self::Left { nature, reasons: [reason], source: Path { path } }
    }

    fn text(&self, settings: &Settings, lang: LangArg) -> String {
        match self {
            Self::Seen(inspection) => {
                let own: Option<chrono_tz::Tz> = inspection.source.time_zone.parse().ok();
                inspect_text::text(inspection, own.unwrap_or(settings.measure.time_zone), lang)
            }
            // An error names its file itself.
            Self::Left { nature: "skipped", reasons: [error], .. } => {
                fill(lang, "skipped: {}", &[error]) + "\n"
            }
            Self::Left { nature, reasons: [why], source } => {
                let nature = word(lang, &nature.replace('_', " "));
                fill(lang, "{}: {} ({})", &[&source.path, &nature, &reason(lang, why)]) + "\n"
            }
        }
    }
}

/// Runs it.
///
/// # Errors
/// When an input cannot be read or understood, unless such files are skipped; when none can be
/// read; when rows were refused under `--strict`.
pub fn run(args: &InspectArgs) -> Result<Status> {
    if args.formats {
        super::print(&ingest::catalogue())?;
        return Ok(Status::Done);
    }
    let settings = Settings::new(&args.input, Choice::default(), 0)?;
    if args.input.inputs.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    let expanded = ingest::expand(&args.input.inputs, &settings.ingest)?;
    let mut failures = Vec::new();
    let mut entries = Vec::new();
    for input in &expanded.inputs {
        match ingest::inspect(input, &settings.ingest) {
            Ok(inspection) => entries.push(Entry::Seen(Box::new(inspection))),
            Err(error) if settings.skip_bad_files => {
                entries.push(Entry::left("skipped", input.path.clone(), error.to_string()));
            }
            Err(error) => failures.push(error),
        }
    }
    let mut seen = entries.iter().filter_map(|entry| match entry {
        Entry::Seen(inspection) => Some(inspection),
        Entry::Left { .. } => None,
    });
    let (mut read, mut refused) = (0, 0);
    for inspection in seen.clone() {
        read += inspection.source.rows_read;
        refused += inspection.source.rows_refused;
    }
    let first = seen.next();
    if let (Some(path), Some(first)) = (&args.write_mapping, first) {
        std::fs::write(path, first.mapping.to_toml()?)
            .map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    let nothing_read = first.is_none();
    let passed_over = expanded.skipped.into_iter();
    entries.extend(passed_over.map(|s| Entry::left("passed_over", s.path, s.reason)));
    if args.json {
        print(&json(&entries)?)?;
    } else {
        let texts: Vec<String> = entries.iter().map(|e| e.text(&settings, args.lang)).collect();
        print(&texts.join("\n"))?;
    }
    if !failures.is_empty() {
        return Err(Error::all(failures));
    }
    if nothing_read {
        return Err(Error::usage(
            "none of the files could be read whole",
            "see the reasons above, or run without --skip-bad-files",
        ));
    }
    if settings.strict && refused > 0 {
        return Err(Error::usage(
            format!("{refused} of {read} rows refused, and --strict is given"),
            "mend the rows that are listed above, or run without --strict",
        ));
    }
    Ok(Status::Done)
}

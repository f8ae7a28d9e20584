//! `inspect`: what would be read.

use super::{json, print};
use crate::Status;
use crate::cli::InspectArgs;
use crate::error::{Error, Result};
use crate::ingest;
use crate::settings::{Choice, Settings};

/// Runs it.
///
/// # Errors
/// When an input cannot be read or understood.
pub fn run(args: &InspectArgs) -> Result<Status> {
    let settings = Settings::new(&args.input, Choice::default(), 0)?;
    if args.input.inputs.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    let expanded = ingest::expand(&args.input.inputs)?;
    let mut failures = Vec::new();
    let mut inspections = Vec::new();
    for input in &expanded.inputs {
        match ingest::inspect(input, &settings.ingest) {
            Ok(inspection) => inspections.push(inspection),
            Err(error) => failures.push(error),
        }
    }
    if let (Some(path), Some(first)) = (&args.write_mapping, inspections.first()) {
        std::fs::write(path, first.mapping.to_toml()?)
            .map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    if args.json {
        print(&json(&inspections)?)?;
    } else {
        let texts: Vec<String> = inspections.iter().map(ingest::Inspection::to_text).collect();
        print(&texts.join("\n"))?;
        for skipped in &expanded.skipped {
            print(&format!("{}: passed over ({})\n", skipped.path, skipped.reason))?;
        }
    }
    if failures.is_empty() { Ok(Status::Done) } else { Err(Error::all(failures)) }
}

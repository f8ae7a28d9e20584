//! From what the user typed to logs and complaint records.

use crate::error::{Error, Result};
use crate::ingest::{self, Input, Nature};
use crate::settings::Settings;

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
    find_beside(inputs, complaints, settings, |_| Ok(false))
}

/// [`find`], without a look at inputs that are known as logs.
///
/// # Errors
/// As [`find`], and when `known` fails.
pub(crate) fn find_beside(
    inputs: &[String],
    complaints: &[String],
    settings: &Settings,
    mut known: impl FnMut(&Input) -> Result<bool>,
) -> Result<Found> {
    let mut found = Found::default();
    let expanded = ingest::expand(inputs, &settings.ingest)?;
    found.skipped = expanded.skipped.into_iter().map(|s| (s.path, s.reason)).collect();
    let mut failures = Vec::new();
    for input in expanded.inputs {
        if known(&input)? {
            found.logs.push(input);
            continue;
        }
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

//! One file per command: settings in, stages called, outputs out.

pub mod convert;
pub mod evaluate;
pub mod explain;
mod fail_on;
pub mod generate;
pub mod inspect;
mod inspect_reasons;
mod inspect_text;
mod inspect_words;
pub mod learn;
pub mod measure;
mod measure_stream;
mod notes;
mod output;
mod problems;
pub mod report;
mod report_cached;
pub mod sample;
pub mod shell;
mod shows;
pub mod tune;

use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};

/// Writes to standard output.
pub(crate) fn print(text: &str) -> Result<()> {
    let failed = |source| Error::Write { path: "-".into(), source };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).map_err(failed)?;
    out.flush().map_err(failed)
}

/// Tells on standard error what of the folders was passed over.
pub(crate) fn tell_passed_over(
    found: &crate::pipeline::Found,
    settings: &crate::settings::Settings,
) {
    for (path, reason) in found.skipped.iter().filter(|_| !settings.quiet) {
        crate::say(&format!("tohuman: {path}: passed over ({reason})"));
    }
}

/// Tells on standard error what the verdicts of a person did; ids that were not found in any case.
pub(crate) fn tell_overrides(settings: &crate::settings::Settings) {
    let Some(list) = &settings.overrides else { return };
    let done = list.result();
    if !settings.quiet {
        let (out, confirmed) = (done.taken_out, done.confirmed);
        let file = &done.file;
        crate::say(&format!("tohuman: {file}: findings taken out: {out}, confirmed: {confirmed}"));
    }
    for id in &done.unknown {
        crate::say(&format!("tohuman: {}: no finding {id} in this run", done.file));
    }
}

/// Opens a file, or standard output for `-`.
pub(crate) fn create(path: &Path) -> Result<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdout()));
    }
    let file = std::fs::File::create(path)
        .map_err(|source| Error::Write { path: path.to_owned(), source })?;
    Ok(Box::new(std::io::BufWriter::new(file)))
}

/// A value as pretty JSON with a last line end.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|e| Error::Write { path: "-".into(), source: std::io::Error::other(e) })?;
    text.push('\n');
    Ok(text)
}

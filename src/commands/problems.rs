//! Rows that were refused, repaired or double, as files and figures.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Result;
use crate::model::{ProblemKind, SourceReport};
use crate::report::tables::{self, Table};
use crate::settings::Settings;
use crate::store::problems::ProblemLog;

/// How many there are of each kind.
pub(crate) fn counts(problems: &ProblemLog) -> BTreeMap<String, u64> {
    problems.counts().iter().map(|(kind, n)| (ProblemKind::name(*kind).to_owned(), *n)).collect()
}

/// Writes `problems.csv`.
pub(crate) fn write_problems(
    problems: ProblemLog,
    sources: &[SourceReport],
    path: &Path,
    settings: &Settings,
    bom: bool,
) -> Result<()> {
    let (zone, keep) = (settings.measure.time_zone, settings.measure.privacy.keep_text);
    let header = tables::problems_header();
    let mut table = Table::create(path, &header, zone, bom)?.keeping(keep);
    for problem in problems.sorted()? {
        table.problem(&problem?, sources)?;
    }
    table.finish()
}

//! Rows that were refused, repaired or double, as files and figures.

use std::collections::BTreeMap;
use std::path::Path;

use chrono_tz::Tz;

use crate::error::Result;
use crate::model::{ProblemKind, SourceReport};
use crate::report::tables::{self, Table};
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
    zone: Tz,
    bom: bool,
) -> Result<()> {
    let mut table = Table::create(path, &tables::problems_header(), zone, bom)?;
    for problem in problems.sorted()? {
        table.problem(&problem?, sources)?;
    }
    table.finish()
}

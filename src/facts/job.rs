//! Facts that an engine of many machines wrote: a folder of parts (`part-*.parquet`) with the header
//! beside them (`_facts.json`), which the job writes when all parts are there. Parts are checked
//! against it: made by the same version and models, no row missing, none twice.

use std::path::{Path, PathBuf};

use super::stream::{MADE_WITH, ROW_PROBLEMS, ROWS, problem_fields};
use super::{FactsHeader, JOB_HEADER};
use crate::error::{Error, Result};
use crate::measure::columns::Cell;
use crate::model::ProblemKind;
use crate::store::table::ColumnType;
use crate::store::table_reader::TableReader;

/// A folder of parts.
#[derive(Debug)]
pub(super) struct Job {
    /// The parts, by name.
    pub(super) parts: Vec<PathBuf>,
    /// How they were made; rows and problems counted.
    pub(super) header: FactsHeader,
    /// The rows of `problems.csv`, by source, row and kind.
    pub(super) problems: Vec<csv::StringRecord>,
}

/// True for a folder that an engine wrote.
pub(super) fn is_job(folder: &Path) -> bool {
    folder.join(JOB_HEADER).is_file()
}

impl Job {
    /// Looks at all parts.
    ///
    /// # Errors
    /// When there are none, or they are not what the header says.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let header = FactsHeader::read(&folder.join(JOB_HEADER))?;
        let parts = parts(folder)?;
        let mut job = Self { parts, header, problems: Vec::new() };
        let made_with = job.header.made_with();
        let (mut rows, mut double) = (0, 0);
        for part in &job.parts {
            let columns = vec![
                (ROWS.to_owned(), ColumnType::Count),
                (MADE_WITH.to_owned(), ColumnType::Text),
                (ROW_PROBLEMS.to_owned(), ColumnType::Records(problem_fields())),
            ];
            for cells in TableReader::open(part, columns)? {
                let [n, made, problems] = <[Cell; 3]>::try_from(cells?).unwrap_or_else(|_| {
                    [Cell::Count(None), Cell::Text(None), Cell::Records(Vec::new())]
                });
                if made != Cell::Text(Some(made_with.clone())) {
                    return Err(otherwise(part, &made));
                }
                rows += if let Cell::Count(Some(n)) = n { n } else { 0 };
                let Cell::Records(records) = problems else { continue };
                for record in records {
                    let record: csv::StringRecord = record.iter().map(printed).collect();
                    let kind = record.get(2).unwrap_or_default();
                    double += u64::from(kind == ProblemKind::Duplicate.name());
                    *job.header.problems.entry(kind.to_owned()).or_default() += 1;
                    job.problems.push(record);
                }
            }
        }
        job.counted(folder, rows, double)?;
        job.problems.sort_by_cached_key(order);
        Ok(job)
    }

    /// Compares the rows with those that the job began with, where the header says how many.
    fn counted(&mut self, folder: &Path, rows: u64, double: u64) -> Result<()> {
        let Some(input) = self.header.inputs.first_mut() else { return Ok(()) };
        if input.rows_read != 0 && input.rows_read != rows {
            return Err(Error::usage(
                format!(
                    "{}: {rows} rows were measured of {}: a part is missing or comes twice",
                    folder.display(),
                    input.rows_read
                ),
                "run the job again",
            ));
        }
        input.rows_read = rows;
        input.rows_duplicate = double;
        input.rows_used = rows.saturating_sub(double);
        Ok(())
    }
}

/// The Parquet files of a folder, by name, but those that engines keep for themselves.
fn parts(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |source| Error::Read { path: folder.to_owned(), source };
    let mut parts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let own = name.starts_with(['.', '_']);
        if !own && path.is_dir() {
            return Err(Error::usage(
                format!("{}: a folder among the parts", path.display()),
                "write the facts without partitionBy",
            ));
        }
        if !own && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) {
            parts.push(path);
        }
    }
    parts.sort();
    if parts.is_empty() {
        return Err(Error::usage(
            format!("{}: has a header and no part of facts", folder.display()),
            "run the job again",
        ));
    }
    Ok(parts)
}

/// A part of another version or other options than the header tells of.
fn otherwise(part: &Path, made: &Cell) -> Error {
    let made = if let Cell::Text(Some(made)) = made { made.as_str() } else { "nothing" };
    Error::usage(
        format!(
            "{}: rows were made with {made}, which is not what {JOB_HEADER} tells of: another \
             version, model or option",
            part.display()
        ),
        "run the job again with one binary and one set of options on all machines",
    )
}

fn printed(cell: &Cell) -> String {
    match cell {
        // A problem of a whole file has no row.
        Cell::Count(Some(0)) => String::new(),
        cell => cell.print(chrono_tz::UTC),
    }
}

/// Source, row as a number, kind, what was found.
fn order(record: &csv::StringRecord) -> (String, u64, String, String) {
    let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
    (cell(0), cell(1).parse().unwrap_or_default(), cell(2), cell(3))
}

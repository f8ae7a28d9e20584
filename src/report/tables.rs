//! `conversations.csv`, `findings.csv`, `problems.csv`: written row by row while the log is measured;
//! `complaints.csv`: written when all links are known.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono_tz::Tz;

use crate::aggregate::complaints::CountedComplaint;
use crate::aggregate::stated::{Number, Words};
use crate::error::{Error, Result};
use crate::measure::columns::{COLUMNS, Cell, MORE, local};
pub use crate::measure::finding::printable;
use crate::measure::finding::{FindingIds, Printed};
pub use crate::measure::{KeepText, harmless};
use crate::model::{Facts, Problem, SourceReport};

const BOM: &[u8] = "\u{feff}".as_bytes();

/// A CSV file of the report.
#[derive(Debug)]
pub struct Table {
    out: csv::Writer<BufWriter<File>>,
    path: PathBuf,
    print: Print,
}

/// How facts are printed in the cells of a table.
#[derive(Clone, Debug)]
pub struct Print {
    zone: Tz,
    keep: KeepText,
    matched: Printed,
}

impl Print {
    /// Instants have the offset of `zone`; `keep` is how much of the texts is kept.
    #[must_use]
    pub fn new(zone: Tz, keep: KeepText) -> Self {
        Self { zone, keep, matched: Printed::default() }
    }

    /// How much of the texts is kept.
    #[must_use]
    pub const fn keep(&self) -> KeepText {
        self.keep
    }

    /// The cells of a row of `conversations.csv`; `named` is how many fields are printed.
    #[must_use]
    pub fn conversation(&self, facts: &Facts, named: usize) -> Vec<String> {
        let cell = |cell: Cell| match cell {
            Cell::Text(text) => text.map(|t| self.keep.name_of(&t)).unwrap_or_default(),
            other => other.print(self.zone),
        };
        let mut cells: Vec<String> = COLUMNS.iter().map(|(_, read)| cell(read(facts))).collect();
        // The id stays as it is: without it no figure can be followed to its rows.
        facts.conversation_id.clone_into(&mut cells[0]);
        cells.extend((0..named).map(|i| {
            let value = facts.fields.get(i).and_then(Option::as_deref);
            value.unwrap_or_default().to_owned()
        }));
        cells.extend(MORE.iter().map(|(_, read)| cell(read(facts))));
        cells
    }

    /// The cells of the rows of `findings.csv`.
    pub fn findings<'a>(
        &'a self,
        facts: &'a Facts,
        sources: &'a [SourceReport],
    ) -> impl Iterator<Item = [String; 9]> + 'a {
        let ids = FindingIds::of(facts);
        facts.findings.iter().map(move |located| {
            let f = &located.finding;
            let at = located.at.map(|t| local(t, self.zone));
            [
                ids.id(f.rule.id(), f.message),
                facts.conversation_id.clone(),
                (f.message + 1).to_string(),
                at.unwrap_or_default(),
                f.rule.id().to_owned(),
                f.evidence.name().to_owned(),
                self.matched.text(&f.matched, self.keep),
                sources[located.source as usize].path.clone(),
                located.row.to_string(),
            ]
        })
    }
}

/// Rows as they stand in a table.
///
/// # Errors
/// None in practice: memory takes all that is written to it.
pub fn lines<C: AsRef<[String]>>(rows: impl IntoIterator<Item = C>) -> csv::Result<String> {
    let mut out = csv::WriterBuilder::new().buffer_capacity(512).from_writer(Vec::new());
    for cells in rows {
        write_row(&mut out, cells.as_ref())?;
    }
    let bytes = out.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
    String::from_utf8(bytes).map_err(|e| csv::Error::from(std::io::Error::other(e)))
}

/// No cell is one that a spreadsheet would run, whatever it holds.
fn write_row(out: &mut csv::Writer<impl Write>, cells: &[String]) -> csv::Result<()> {
    out.write_record(cells.iter().map(|cell| harmless(cell)))
}

impl Table {
    /// Creates the file with its header; instants are printed with the offset of `zone`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(path: &Path, header: &[String], zone: Tz, bom: bool) -> Result<Self> {
        let failed = |source| Error::Write { path: path.to_owned(), source };
        let mut file = BufWriter::new(File::create(path).map_err(failed)?);
        if bom {
            file.write_all(BOM).map_err(failed)?;
        }
        let out = csv::Writer::from_writer(file);
        let print = Print::new(zone, KeepText::default());
        let mut table = Self { out, path: path.to_owned(), print };
        table.row(header)?;
        Ok(table)
    }

    /// With as much of the texts as this.
    #[must_use]
    pub fn keeping(mut self, keep: KeepText) -> Self {
        self.print.keep = keep;
        self
    }

    fn row(&mut self, cells: &[String]) -> Result<()> {
        write_row(&mut self.out, cells).map_err(|e| Error::of_csv(&self.path, e))
    }

    /// What takes rows that [`lines`] gave, behind those that the table has.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn behind(&mut self) -> Result<Lines> {
        let failed = |source| Error::Write { path: self.path.clone(), source };
        self.out.flush().map_err(failed)?;
        let file = File::options().append(true).open(&self.path).map_err(failed)?;
        Ok(Lines { out: BufWriter::with_capacity(1 << 16, file), path: self.path.clone() })
    }

    /// Writes what is buffered.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn finish(mut self) -> Result<()> {
        self.out.flush().map_err(|source| Error::Write { path: self.path, source })
    }

    /// Adds a row of `conversations.csv`; `named` is how many fields are printed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn conversation(&mut self, facts: &Facts, named: usize) -> Result<()> {
        self.row(&self.print.conversation(facts, named))
    }

    /// Adds the findings of a conversation to `findings.csv`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn findings(&mut self, facts: &Facts, sources: &[SourceReport]) -> Result<()> {
        let Self { out, path, print } = self;
        let mut rows = print.findings(facts, sources);
        rows.try_for_each(|cells| write_row(out, &cells).map_err(|e| Error::of_csv(path, e)))
    }

    /// Adds a row that was printed before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn printed(&mut self, cells: &csv::StringRecord) -> Result<()> {
        self.out.write_record(cells).map_err(|e| Error::of_csv(&self.path, e))
    }

    /// Adds a row of `complaints.csv`. What is undefined (no text to read, nothing stated) is empty.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn complaint(
        &mut self,
        record: &CountedComplaint<'_>,
        sources: &[SourceReport],
    ) -> Result<()> {
        let about = record.has_text.then(|| record.said.about().to_string());
        let keep = self.print.keep;
        let at = |words: &Words| format!("{}..{}", words.from, words.to);
        let number = |number: &Option<Number>| {
            let Some(n) = number else { return [const { String::new() }; 4] };
            let value = n.value.map(|v| v.to_string()).unwrap_or_default();
            [value, n.bound.to_owned(), printable(&n.words.text, keep), at(&n.words)]
        };
        let reaching = record.said.reaching.as_ref();
        let mut cells = vec![
            sources[record.source as usize].path.clone(),
            record.row.to_string(),
            record.date.map(|d| d.to_string()).unwrap_or_default(),
            record.category.map(|c| printable(c, keep.of_names())).unwrap_or_default(),
            about.unwrap_or_default(),
            reaching.map(|r| printable(&r.text, keep)).unwrap_or_default(),
            reaching.map(at).unwrap_or_default(),
        ];
        cells.extend(number(&record.said.attempts));
        cells.extend(number(&record.said.wait));
        cells.push(record.conversation.unwrap_or_default().to_owned());
        self.row(&cells)
    }

    /// Adds a row of `problems.csv`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn problem(&mut self, problem: &Problem, sources: &[SourceReport]) -> Result<()> {
        let row = if problem.row == 0 { String::new() } else { problem.row.to_string() };
        self.row(&[
            sources[problem.source as usize].path.clone(),
            row,
            problem.kind.name().to_owned(),
            printable(&problem.found, self.print.keep),
            problem.kind.action().to_owned(),
        ])
    }
}

/// Rows of a table that are printed already.
#[derive(Debug)]
pub struct Lines {
    out: BufWriter<File>,
    path: PathBuf,
}

impl Lines {
    /// Adds some.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add(&mut self, rows: &str) -> Result<()> {
        let written = self.out.write_all(rows.as_bytes());
        written.map_err(|source| Error::Write { path: self.path.clone(), source })
    }

    /// Writes what is buffered.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn finish(mut self) -> Result<()> {
        self.out.flush().map_err(|source| Error::Write { path: self.path, source })
    }
}

/// Header of `conversations.csv`.
#[must_use]
pub fn conversations_header(named: &[String]) -> Vec<String> {
    let first = COLUMNS.iter().map(|(name, _)| (*name).to_owned());
    let more = MORE.iter().map(|(name, _)| (*name).to_owned());
    first.chain(named.iter().cloned()).chain(more).collect()
}

/// Header of `findings.csv`.
#[must_use]
pub fn findings_header() -> Vec<String> {
    [
        "finding_id",
        "conversation_id",
        "message",
        "timestamp",
        "rule",
        "evidence",
        "matched",
        "source",
        "row",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Header of `complaints.csv`. `matched_at` is the sentence that `matched` stands in, the other
/// `_at` columns the words themselves: bytes of the text, `from..to`.
#[must_use]
pub fn complaints_header() -> Vec<String> {
    [
        "source",
        "row",
        "date",
        "category",
        "about_reaching_human",
        "matched",
        "matched_at",
        "stated_attempts",
        "stated_attempts_bound",
        "stated_attempts_words",
        "stated_attempts_at",
        "stated_wait_s",
        "stated_wait_bound",
        "stated_wait_words",
        "stated_wait_at",
        "conversation_id",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Header of `problems.csv`.
#[must_use]
pub fn problems_header() -> Vec<String> {
    ["source", "row", "kind", "found", "done"].map(str::to_owned).to_vec()
}

//! CSV and TSV, also with `;` or `|`: delimiter and quoting are found by looking, and the header
//! may stand below titles.

use super::delimited_split::{Dialect, Quoting, Splitter};
use super::header;
use super::look::Look;
use super::table::{Flow, Item, Job, Sink, text};
use super::{Format, Mapping};
use crate::error::Result;
use crate::model::ProblemKind;
use crate::text::plain;

/// Text with tabs.
pub(super) struct TabSeparated;
/// Text with commas, semicolons or bars.
pub(super) struct CommaSeparated;

/// How much text the dialect is decided on, in bytes.
const LOOK: usize = 256 * 1024;
/// Records the dialect is decided on.
const RECORDS: usize = 300;

impl Format for TabSeparated {
    fn name(&self) -> &'static str {
        "tsv"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let guess = sniff(look, None, b",\t;|")?;
        (guess.dialect.delimiter == b'\t').then(|| guess.reason())
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, b"\t")
    }
}

impl Format for CommaSeparated {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        sniff(look, None, b",;|").map(|g| g.reason())
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, b",;|")
    }
}

/// What a look at the text gives.
struct Guess {
    dialect: Dialect,
    /// Index of the header among the records.
    header: usize,
    /// Known names in the header.
    hits: usize,
    /// Records with as many fields as the header, per thousand.
    even: usize,
    /// Fields of the header.
    fields: usize,
}

impl Guess {
    fn reason(&self) -> String {
        let delimiter = match self.dialect.delimiter {
            b'\t' => "tabs".to_owned(),
            other => format!("'{}'", char::from(other)),
        };
        format!(
            "{delimiter} between the fields, {} fields in record {}, {} of them known by name",
            self.fields,
            self.header + 1,
            self.hits
        )
    }
}

/// Finds delimiter, quoting and header: the most known names, then the most even rows, then the
/// most fields; of equals the first. `None` if there is no second field anywhere.
fn sniff(look: &Look, mapping: Option<&Mapping>, delimiters: &[u8]) -> Option<Guess> {
    let mut end = look.text.len().min(LOOK);
    while !look.text.is_char_boundary(end) {
        end -= 1;
    }
    let whole = look.whole && end == look.text.len();
    let text = &look.text.as_bytes()[..end];
    let mut best: Option<Guess> = None;
    for &delimiter in delimiters {
        for quoting in [Quoting::Doubled, Quoting::Backslash, Quoting::None] {
            let Some(guess) = try_dialect(text, whole, Dialect { delimiter, quoting }, mapping)
            else {
                continue;
            };
            let key = |g: &Guess| (g.hits, g.even, g.fields);
            if best.as_ref().is_none_or(|b| key(&guess) > key(b)) {
                best = Some(guess);
            }
        }
    }
    best
}

fn try_dialect(
    text: &[u8],
    whole: bool,
    dialect: Dialect,
    mapping: Option<&Mapping>,
) -> Option<Guess> {
    let mut splitter = Splitter::new(text, dialect);
    let mut rows: Vec<Vec<String>> = Vec::new();
    while rows.len() < RECORDS && splitter.advance().ok()? {
        rows.push(splitter.cells().into_iter().map(str::to_owned).collect());
    }
    if !whole && rows.len() > 1 && rows.len() < RECORDS {
        rows.pop();
    }
    let (at, hits) = header::find(&rows, mapping);
    let fields = rows.get(at)?.len();
    if fields < 2 {
        return None;
    }
    let below = &rows[at + 1..];
    let even = below.iter().filter(|r| r.len() == fields).count() * 1000 / below.len().max(1);
    Some(Guess { dialect, header: at, hits, even, fields })
}

fn read(job: &mut Job<'_>, sink: &mut Sink<'_>, delimiters: &[u8]) -> Result<()> {
    let guess = sniff(job.look, job.mapping, delimiters).unwrap_or(Guess {
        dialect: Dialect { delimiter: delimiters[0], quoting: Quoting::Doubled },
        header: 0,
        hits: 0,
        even: 0,
        fields: 1,
    });
    let input = job.input;
    let text = text(&mut job.bytes, job.look);
    let mut splitter = Splitter::new(text.reader, guess.dialect);
    let mut record = 0;
    let mut width = 0;
    while splitter.advance().map_err(|e| input.read_error(e))? {
        let bad_bytes = text.faults.any_before(splitter.end);
        let row = splitter.row;
        let mut cells = splitter.cells();
        let item = if record < guess.header {
            record += 1;
            continue;
        } else if record == guess.header {
            while cells.len() > 1 && cells.last().is_some_and(|c| c.trim().is_empty()) {
                cells.pop();
            }
            width = cells.len();
            let names: Vec<String> = cells.iter().map(|c| bare(c.trim()).to_owned()).collect();
            record += 1;
            if sink(Item::Header { names: &names })? == Flow::Stop {
                return Ok(());
            }
            continue;
        } else if fits(&mut cells, width) {
            cells.iter_mut().for_each(|cell| *cell = bare(cell));
            Item::Row { row, cells: &cells, bad_bytes }
        } else {
            let found = format!(
                "{} fields, the header has {width}: {}",
                cells.len(),
                super::log::joined(&cells)
            );
            let fault = Item::Fault { row, kind: ProblemKind::WrongFieldCount, found: &found };
            if sink(fault)? == Flow::Stop {
                return Ok(());
            }
            continue;
        };
        if sink(item)? == Flow::Stop {
            return Ok(());
        }
    }
    Ok(())
}

/// A cell without what a writer put around it for a spreadsheet's sake: the apostrophe before a formula,
/// so that it is not run, or `'` or `="..."` at a long number, so that it is not rounded.
fn bare(cell: &str) -> &str {
    let plain = plain(cell);
    if plain.len() < cell.len() || !cell.trim_start().starts_with(['=', '\'']) {
        return plain;
    }
    let guarded = cell.trim().strip_prefix("=\"").and_then(|c| c.strip_suffix('"'));
    let number =
        || cell.trim().strip_prefix('\'').filter(|t| t.bytes().all(|b| b.is_ascii_digit()));
    guarded.filter(|t| !t.contains('"')).or_else(number).unwrap_or(cell)
}

/// Cuts empty fields behind the last column, which spreadsheets leave.
fn fits(cells: &mut Vec<&str>, width: usize) -> bool {
    while cells.len() > width && cells.last().is_some_and(|c| c.trim().is_empty()) {
        cells.pop();
    }
    cells.len() == width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_guarded_from_rounding_is_the_number() {
        assert_eq!(bare("=\"123456789012345678\""), "123456789012345678");
        assert_eq!(bare("'=\"1\""), "=\"1\"");
        assert_eq!(bare("=\"1\"&\"2\""), "=\"1\"&\"2\"");
        assert_eq!(bare("=1+1"), "=1+1");
        assert_eq!(bare("'0012"), "0012");
        assert_eq!(bare("'tis"), "'tis");
    }
}

//! What the XML inside a spreadsheet says of sizes, looked at before a reader believes it: how often
//! `OpenDocument` cells and rows are repeated, and how many shared texts an XLSX file announces.
//! Sources: `OpenDocument` 1.3 part 3, 19.675 and 19.678; ECMA-376 part 1, 18.4.9.

use std::io::{self, BufRead, BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::workbook_extent::{MOST_COLUMNS, MOST_ROWS, SMALL_WHOLE, check};

/// Bytes that the shortest shared text takes.
const SHORTEST: u64 = 5;
/// What is said of a content that is no whole XML.
const CUT: &str = "its content is not whole, it was cut or is damaged";
/// Room for so many texts is no matter.
const FEW: u64 = 100_000;

/// Refuses an `OpenDocument` sheet whose repetitions make more cells than can be held.
pub(super) fn refuse_ods(bytes: &[u8]) -> Result<(), String> {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    match zip.by_name("content.xml") {
        Ok(content) => repetitions(BufReader::new(content)),
        Err(_) => Ok(()),
    }
}

/// Refuses an XLSX file that announces more shared texts than it can hold.
pub(super) fn refuse_xlsx(bytes: &[u8]) -> Result<(), String> {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    for at in 0..zip.len() {
        let Ok(file) = zip.by_index(at) else { continue };
        if !file.name_raw().to_ascii_lowercase().ends_with(b"sharedstrings.xml") {
            continue;
        }
        let Some(texts) = announced(BufReader::new(file)).filter(|n| *n > FEW) else { continue };
        // What the archive says of the size need not be true either.
        let Ok(mut file) = zip.by_index(at) else { continue };
        let size = io::copy(&mut file, &mut io::sink()).unwrap_or(0);
        if texts > size / SHORTEST {
            return Err("it announces more texts than it holds, it is damaged".to_owned());
        }
    }
    Ok(())
}

/// The number of shared texts that the first element announces.
fn announced(xml: impl BufRead) -> Option<u64> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "sst" => {
                return number(&e, "uniqueCount");
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// A number in an attribute.
pub(super) fn number(element: &BytesStart<'_>, name: &str) -> Option<u64> {
    let mut attributes = element.attributes();
    let value = attributes.with_checks(false).flatten().find(|a| a.key.as_ref() == name)?.value;
    value.trim().parse().ok()
}

/// What was seen of the sheets so far.
#[derive(Default)]
struct Seen {
    /// Cells of the sheets before this one.
    before: u64,
    /// Cells that stand there.
    filled: u64,
    /// Cells that they are repeated to.
    repeated: u64,
    /// Rows of this sheet, and the last one that holds something.
    rows: u64,
    last: u64,
    /// Its widest row.
    width: u64,
}

/// A row that is being read.
#[derive(Default)]
struct Row {
    repeats: u64,
    columns: u64,
    /// The last column that holds something.
    last: u64,
}

impl Seen {
    fn row(&mut self, row: &Row) {
        self.rows = (self.rows + row.repeats).min(u64::from(MOST_ROWS));
        if row.last > 0 {
            self.last = self.rows;
            self.width = self.width.max(row.last);
            self.repeated += row.last;
        }
    }

    fn sheet(&mut self) {
        self.before += self.last * self.width;
        (self.rows, self.last, self.width) = (0, 0, 0);
    }

    fn check(&self) -> Result<(), String> {
        let area = self.before + self.last * self.width;
        check(area.max(self.repeated), self.filled, SMALL_WHOLE)
    }
}

/// Adds up the repetitions. A content that is not whole, of which a reader would wait for the rest for
/// ever, is refused too.
fn repetitions(xml: impl BufRead) -> Result<(), String> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let (mut seen, mut row, mut open) = (Seen::default(), Row::default(), 0_u64);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| CUT)?;
        let closed = matches!(event, Event::Empty(_));
        match event {
            Event::Start(_) => open += 1,
            // One that closes nothing is an error of the XML.
            Event::End(_) => open = open.saturating_sub(1),
            _ => {}
        }
        match event {
            Event::Start(e) | Event::Empty(e) => match e.name().as_ref() {
                "table:table-row" => {
                    let repeats = number(&e, "table:number-rows-repeated").unwrap_or(1);
                    row = Row { repeats: repeats.min(u64::from(MOST_ROWS)), ..Row::default() };
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    let repeats = number(&e, "table:number-columns-repeated").unwrap_or(1);
                    row.columns = row.columns.saturating_add(repeats).min(u64::from(MOST_COLUMNS));
                    if !closed || says_something(&e) {
                        row.last = row.columns;
                        seen.filled += 1;
                    }
                }
                _ => {}
            },
            Event::End(e) if e.name().as_ref() == "table:table-row" => {
                seen.row(&std::mem::take(&mut row));
                seen.check()?;
            }
            Event::End(e) if e.name().as_ref() == "table:table" => seen.sheet(),
            Event::Eof if open > 0 => return Err(CUT.to_owned()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// True if an empty element has a value or a formula all the same.
fn says_something(element: &BytesStart<'_>) -> bool {
    let mut attributes = element.attributes();
    let mut names = attributes.with_checks(false).flatten().map(|a| a.key);
    names.any(|n| n.as_ref().starts_with("office:") || n.as_ref() == "table:formula")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &str) -> Result<(), String> {
        repetitions(format!("<table:table>{rows}</table:table>").as_bytes())
    }

    #[test]
    fn empty_rows_to_the_end_of_the_sheet_are_usual_and_filled_ones_a_bomb() {
        let cell = "<table:table-cell table:number-columns-repeated=\"16384\"";
        let row = "<table:table-row table:number-rows-repeated=\"1048000\">";
        let end = "</table:table-row>";
        let filled =
            format!("{cell} office:value-type=\"string\"><text:p>a</text:p></table:table-cell>");
        assert!(table(&format!("{row}{cell}/>{end}")).is_ok());
        assert!(table(&format!("<table:table-row>{filled}{end}")).is_ok());
        assert!(table(&format!("{row}{filled}{end}")).is_err());
        assert!(table(&format!("{row}{cell}/>")).is_err());
        assert!(repetitions(&b"<table:table><table:table-row/>"[..]).is_err());
        let one = "<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>";
        assert!(table(&format!("{row}{cell}/>{end}{one}{end}")).is_ok());
    }

    #[test]
    fn the_number_of_texts_is_that_of_the_first_element() {
        let n = announced(&b"<?xml version=\"1.0\"?><sst uniqueCount=\"12\"><si/></sst>"[..]);
        assert_eq!(n, Some(12));
        assert_eq!(announced(&b"<a/>"[..]), None);
    }
}

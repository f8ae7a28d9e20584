//! Merged cells of `OpenDocument` sheets, which the crate that reads the cells does not tell: from the
//! content of the file. Source: `OpenDocument` 1.3 part 3, 19.676 (rows spanned), 19.675 and 19.678
//! (repetitions).

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::workbook_extent::{MOST_COLUMNS, MOST_ROWS};
use super::workbook_file::Merged;
use super::workbook_xml::number;

/// Merged cells by sheet.
pub(super) type Spans = BTreeMap<String, Merged>;

/// The merged cells of all sheets. What is damaged was refused before, or is told by the reader.
pub(super) fn spans(bytes: &[u8]) -> Spans {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return Spans::new() };
    match zip.by_name("content.xml") {
        Ok(content) => of_content(BufReader::new(content)),
        Err(_) => Spans::new(),
    }
}

/// Where the reading stands in a sheet: the first row and column that are not yet passed.
#[derive(Default)]
struct Place {
    row: u32,
    column: u32,
    /// How often the row is repeated.
    repeats: u32,
}

fn of_content(xml: impl BufRead) -> Spans {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut out = Spans::new();
    let (mut sheet, mut place): (Option<String>, Place) = (None, Place::default());
    loop {
        buffer.clear();
        let Ok(event) = reader.read_event_into(&mut buffer) else { return out };
        match event {
            Event::Eof => return out,
            Event::End(e) if e.name().as_ref() == "table:table" => sheet = None,
            Event::End(e) if e.name().as_ref() == "table:table-row" => place.next_row(),
            Event::Empty(e) if e.name().as_ref() == "table:table-row" => {
                place.begin_row(&e);
                place.next_row();
            }
            Event::Start(e) | Event::Empty(e) => match e.name().as_ref() {
                "table:table" => (sheet, place) = (text(&e, "table:name"), Place::default()),
                "table:table-row" => place.begin_row(&e),
                "table:table-cell" | "table:covered-table-cell" => {
                    let span = number(&e, "table:number-rows-spanned").unwrap_or(1);
                    if let (Some(sheet), 2..) = (&sheet, span) {
                        let last = place.row.saturating_add(within(span, MOST_ROWS) - 1);
                        let merged = out.entry(sheet.clone()).or_default();
                        merged.insert((place.column, place.row), last);
                    }
                    let repeats = number(&e, "table:number-columns-repeated").unwrap_or(1);
                    place.column = place.column.saturating_add(within(repeats, MOST_COLUMNS));
                }
                _ => {}
            },
            _ => {}
        }
    }
}

impl Place {
    fn begin_row(&mut self, row: &BytesStart<'_>) {
        let repeats = number(row, "table:number-rows-repeated").unwrap_or(1);
        (self.column, self.repeats) = (0, within(repeats, MOST_ROWS));
    }

    fn next_row(&mut self) {
        self.row = self.row.saturating_add(self.repeats);
    }
}

fn within(n: u64, most: u32) -> u32 {
    u32::try_from(n).map_or(most, |n| n.min(most))
}

fn text(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let value = attributes.with_checks(false).flatten().find(|a| a.key.as_ref() == name)?.value;
    Some(unescape(&value).map_or_else(|_| value.to_string(), std::borrow::Cow::into_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_rows_and_columns_are_counted() {
        let xml = r#"<x><table:table table:name="a &amp; b">
            <table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
            <table:table-row/>
            <table:table-row><table:table-cell table:number-columns-repeated="2"/>
                <table:table-cell table:number-rows-spanned="2"><text:p>M</text:p></table:table-cell>
            </table:table-row>
            <table:table-row><table:table-cell table:number-columns-repeated="2"/><table:covered-table-cell/></table:table-row>
            </table:table><table:table table:name="c"><table:table-row>
                <table:table-cell table:number-rows-spanned="4294967297"/></table:table-row></table:table></x>"#;
        let spans = of_content(xml.as_bytes());
        assert_eq!(spans["a & b"], Merged::from([((2, 4), 5)]));
        assert_eq!(spans["c"], Merged::from([((0, 0), MOST_ROWS - 1)]));
        assert!(of_content(&b"<x><table:table"[..]).is_empty());
    }
}

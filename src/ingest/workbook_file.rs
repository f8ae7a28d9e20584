//! Spreadsheet files: opened unless they are bombs, and the cells of a sheet unless it is one.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Cell, Data, DataRef, Dimensions, Ods, Range, Reader, Sheets, Xls, Xlsb, Xlsx};
use zip::ZipArchive;

use super::archive;
use super::guard::guarded;
use super::names::short;
use super::table::Job;
use super::workbook_extent::{Extent, SMALL};
use super::workbook_ods::Spans;
use super::{workbook_ods, workbook_xls, workbook_xml};
use crate::error::Result;

/// A larger file is not taken into memory.
const LARGEST: u64 = 1 << 30;
/// Nor one that unpacks to more.
const MOST_UNPACKED: u64 = 4 << 30;
/// Nor a sheet whose texts are more: a shared text stands once in the file and in memory in every cell.
const MOST_TEXTS: u64 = 1 << 30;

/// The workbook, held whole.
pub(super) struct Book {
    sheets: Sheets<Cursor<Vec<u8>>>,
    /// The merged cells of an `OpenDocument` file.
    spans: Spans,
}

impl Book {
    /// Names of the sheets, in order.
    pub(super) fn sheet_names(&self) -> Vec<String> {
        self.sheets.sheet_names()
    }
}

/// Opens the workbook, unless it is a bomb.
pub(super) fn open(job: &mut Job<'_>) -> Result<Book> {
    let input = job.input;
    let mut bytes = Vec::new();
    let way_out = "export it as CSV, which is read row by row";
    let n = (&mut job.bytes).take(LARGEST + 1).read_to_end(&mut bytes);
    if n.map_err(|e| input.read_error(e))? as u64 > LARGEST {
        return Err(input.error("is a spreadsheet of more than 1 GiB", way_out));
    }
    if unpacks_to_more(&bytes, MOST_UNPACKED) {
        return Err(input.error("is a spreadsheet that unpacks to more than 4 GiB", way_out));
    }
    guarded(|| by_kind(bytes)).map_err(|e| {
        let way_out = "save it again as XLSX without a password, or export it as CSV";
        input.error(format!("is no spreadsheet that can be read: {}", short(&e)), way_out)
    })
}

/// Opens the bytes as what they are, so that the error is of that kind.
fn by_kind(bytes: Vec<u8>) -> std::result::Result<Book, String> {
    let mut spans = Spans::new();
    let binary = |bytes: &[u8]| bytes.windows(15).any(|w| w == b"xl/workbook.bin");
    let sheets = if !archive::is_zip(&bytes) {
        workbook_xls::refuse(&bytes)?;
        Xls::new(Cursor::new(bytes)).map(Sheets::Xls).map_err(|e| e.to_string())
    } else if archive::is_open_document(&bytes) {
        workbook_xml::refuse_ods(&bytes)?;
        spans = workbook_ods::spans(&bytes);
        Ods::new(Cursor::new(bytes)).map(Sheets::Ods).map_err(|e| e.to_string())
    } else if binary(&bytes) {
        Xlsb::new(Cursor::new(bytes)).map(Sheets::Xlsb).map_err(|e| e.to_string())
    } else {
        workbook_xml::refuse_xlsx(&bytes)?;
        Xlsx::new(Cursor::new(bytes)).map(Sheets::Xlsx).map_err(|e| e.to_string())
    };
    Ok(Book { sheets: sheets?, spans })
}

/// True if the members of a zip file together unpack to more than `most` bytes. What they say of
/// their sizes need not be true, so they are unpacked, unless they are too small for it: deflate
/// makes no byte more than 1032.
fn unpacks_to_more(bytes: &[u8], most: u64) -> bool {
    const BEST: u64 = 1032;
    if (bytes.len() as u64).saturating_mul(BEST) <= most || !archive::is_zip(bytes) {
        return false;
    }
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    let mut left = most;
    for at in 0..zip.len() {
        let Ok(file) = zip.by_index(at) else { continue };
        // A member that fails is told by the reader of spreadsheets.
        let n = std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).unwrap_or(0);
        if n > left {
            return true;
        }
        left -= n;
    }
    false
}

/// The cells of a sheet. They lie in a rectangle, which a stray cell in the last row makes as large as
/// memory: such a sheet is refused before.
pub(super) fn cells(book: &mut Book, sheet: &str) -> std::result::Result<Range<Data>, String> {
    guarded(|| match &mut book.sheets {
        Sheets::Xlsx(book) => {
            let mut reader = match book.worksheet_cells_reader(sheet) {
                // Charts and macros have no cells.
                Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(Range::empty()),
                reader => reader.map_err(|e| short(&e.to_string()))?,
            };
            rectangle(MOST_TEXTS, || reader.next_cell().map_err(|e| short(&e.to_string())))
        }
        Sheets::Xlsb(book) => {
            let mut reader =
                book.worksheet_cells_reader(sheet).map_err(|e| short(&e.to_string()))?;
            rectangle(MOST_TEXTS, || reader.next_cell().map_err(|e| short(&e.to_string())))
        }
        // These were looked at as a whole before they were opened.
        sheets @ (Sheets::Xls(_) | Sheets::Ods(_)) => {
            sheets.worksheet_range(sheet).map_err(|e| short(&e.to_string()))
        }
    })
}

/// Cells one after another as a rectangle. A text that many cells share is copied into each.
fn rectangle<'b>(
    most: u64,
    mut next: impl FnMut() -> std::result::Result<Option<Cell<DataRef<'b>>>, String>,
) -> std::result::Result<Range<Data>, String> {
    let (mut cells, mut extent, mut bytes) = (Vec::new(), Extent::default(), 0);
    while let Some(cell) = next()? {
        bytes += match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::String(text) => text.len() as u64,
            DataRef::SharedString(text) => text.len() as u64,
            _ => 0,
        };
        if bytes > most {
            return Err("its texts are more than 1 GiB".to_owned());
        }
        extent.add(cell.get_position());
        cells.push(Cell::new(cell.get_position(), Data::from(cell.get_value().clone())));
    }
    extent.check(SMALL)?;
    Ok(Range::from_sparse(cells))
}

/// Cells merged over several rows: column and first row, then the last row.
pub(super) type Merged = BTreeMap<(u32, u32), u32>;

/// The merged cells of a sheet. XLSB files do not tell them.
pub(super) fn merged(book: &mut Book, sheet: &str) -> Merged {
    if let Some(spans) = book.spans.remove(sheet) {
        return spans;
    }
    let told = guarded(|| match &mut book.sheets {
        Sheets::Xlsx(book) => book.merge_cells_by_sheet_name(sheet).map_err(|e| e.to_string()),
        Sheets::Xls(book) => book.merge_cells_by_sheet_name(sheet).map_err(|e| e.to_string()),
        Sheets::Xlsb(_) | Sheets::Ods(_) => Ok(Vec::new()),
    });
    let regions: Vec<Dimensions> = told.unwrap_or_default();
    let tall = regions.iter().filter(|r| r.end.0 > r.start.0);
    tall.map(|r| ((r.start.1, r.start.0), r.end.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_shared_by_many_cells_counts_in_each() {
        let sheet = |cells: u32| {
            let mut at = 0..cells;
            move || Ok(at.next().map(|row| Cell::new((row, 0), DataRef::SharedString("four"))))
        };
        assert_eq!(rectangle(12, sheet(3)).unwrap().get_size(), (3, 1));
        assert!(rectangle(12, sheet(4)).is_err());
    }
}

//! Spreadsheet files: opened unless they are bombs, and the cells of a sheet unless it is one.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Cell, Data, DataRef, Dimensions, Ods, Range, Reader, Sheets, Xls, Xlsb, Xlsx};
use zip::ZipArchive;

use super::archive;
use super::guard::guarded;
use super::names::short;
use super::table::Job;
use crate::error::Result;

/// A larger file is not taken into memory.
const LARGEST: u64 = 1 << 30;
/// Nor one that unpacks to more.
const MOST_UNPACKED: u64 = 4 << 30;

/// A sheet that spans more cells than this
const MOST_CELLS: u64 = 1 << 24;
/// and this many for each that holds something has a stray one far out.
const SPARSE: u64 = 64;

/// Compound files consist of sectors of this many bytes or a multiple. Source: [MS-CFB] 2.2.
const SECTOR: usize = 512;

/// The workbook, held whole.
pub(super) type Book = Sheets<Cursor<Vec<u8>>>;

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
    let binary = |bytes: &[u8]| bytes.windows(15).any(|w| w == b"xl/workbook.bin");
    if !archive::is_zip(&bytes) {
        // A reader that trusts the lengths in a shifted file asks for more memory than there is, and one
        // that follows a chain of sectors in a ring never ends.
        if !bytes.len().is_multiple_of(SECTOR) {
            return Err("it was cut or changed: its length is not that of whole sectors".to_owned());
        }
        sheets_are_possible(&bytes)?;
        Xls::new(Cursor::new(bytes)).map(Sheets::Xls).map_err(|e| e.to_string())
    } else if archive::is_open_document(&bytes) {
        Ods::new(Cursor::new(bytes)).map(Sheets::Ods).map_err(|e| e.to_string())
    } else if binary(&bytes) {
        Xlsb::new(Cursor::new(bytes)).map(Sheets::Xlsb).map_err(|e| e.to_string())
    } else {
        Xlsx::new(Cursor::new(bytes)).map(Sheets::Xlsx).map_err(|e| e.to_string())
    }
}

/// Checks the compound file's chains, and that no sheet claims more rows or columns than the format has:
/// room for all of them is asked for before one is read. Source: [MS-XLS] 2.1.4, 2.4.28, 2.4.90.
fn sheets_are_possible(bytes: &[u8]) -> std::result::Result<(), String> {
    const SHEET: u16 = 0x0085;
    const DIMENSIONS: u16 = 0x0200;
    /// Several numbers, then records of one cell: row and column are their first two words.
    const CELLS: [u16; 8] = [0x00bd, 0x0006, 0x00d6, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e];
    const MOST_SHEETS: usize = 1024;
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let name = if file.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let mut stream = Vec::new();
    let opened = file.open_stream(name).and_then(|mut s| s.read_to_end(&mut stream));
    opened.map_err(|_| "it holds no workbook".to_owned())?;
    let word = |at: &[u8]| u16::from_le_bytes([at[0], at[1]]);
    let long = |at: &[u8]| u32::from_le_bytes([at[0], at[1], at[2], at[3]]);
    // Where sheets begin is told by the workbook, so each is walked from there on.
    let mut starts = vec![0_usize];
    let mut next = 0;
    while let Some(start) = starts.get(next).copied() {
        let mut rest = stream.get(start..).unwrap_or_default();
        while let Some((head, body)) = rest.split_at_checked(4) {
            let Some((data, after)) = body.split_at_checked(usize::from(word(&head[2..]))) else {
                break;
            };
            match word(head) {
                SHEET if next == 0 && data.len() >= 4 => {
                    starts.push(usize::try_from(long(data)).unwrap_or(usize::MAX));
                }
                DIMENSIONS if data.len() >= 14 => {
                    let (first, end) = (long(data), long(&data[4..]));
                    if first > end || end > 1 << 16 {
                        return Err("a sheet claims rows that no such file can have".to_owned());
                    }
                }
                kind if CELLS.contains(&kind) && data.len() >= 4 => {
                    // Several cells in one record name the last column at its end.
                    let last = if kind == CELLS[0] { &data[data.len() - 2..] } else { &data[2..4] };
                    if word(&data[2..4]).max(word(last)) > 0xff {
                        return Err("a cell lies beyond the last column of such a file".to_owned());
                    }
                }
                _ => {}
            }
            rest = after;
        }
        next += 1;
        if starts.len() > MOST_SHEETS {
            return Err(format!("it claims more than {MOST_SHEETS} sheets"));
        }
    }
    Ok(())
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
    guarded(|| match book {
        Sheets::Xlsx(book) => {
            let mut reader = match book.worksheet_cells_reader(sheet) {
                // Charts and macros have no cells.
                Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(Range::empty()),
                reader => reader.map_err(|e| short(&e.to_string()))?,
            };
            rectangle(|| reader.next_cell().map_err(|e| short(&e.to_string())))
        }
        Sheets::Xlsb(book) => {
            let mut reader =
                book.worksheet_cells_reader(sheet).map_err(|e| short(&e.to_string()))?;
            rectangle(|| reader.next_cell().map_err(|e| short(&e.to_string())))
        }
        // These know their own limits: 65,536 rows, and a most of cells.
        Sheets::Xls(_) | Sheets::Ods(_) => {
            book.worksheet_range(sheet).map_err(|e| short(&e.to_string()))
        }
    })
}

fn rectangle<'b>(
    mut next: impl FnMut() -> std::result::Result<Option<Cell<DataRef<'b>>>, String>,
) -> std::result::Result<Range<Data>, String> {
    let mut cells = Vec::new();
    let (mut from, mut to) = ((u32::MAX, u32::MAX), (0, 0));
    while let Some(cell) = next()? {
        let (row, column) = cell.get_position();
        let value = Data::from(cell.get_value().clone());
        if value == Data::Empty {
            continue;
        }
        from = (from.0.min(row), from.1.min(column));
        to = (to.0.max(row), to.1.max(column));
        cells.push(Cell::new((row, column), value));
    }
    if cells.is_empty() {
        return Ok(Range::empty());
    }
    let spanned = u64::from(to.0 - from.0 + 1) * u64::from(to.1 - from.1 + 1);
    let filled = cells.len() as u64;
    if spanned > MOST_CELLS && spanned / filled > SPARSE {
        return Err(format!(
            "it spans {spanned} cells, down to row {} and column {}, of which {filled} hold something",
            to.0 + 1,
            to.1 + 1,
        ));
    }
    Ok(Range::from_sparse(cells))
}

/// Cells merged over several rows: column and first row, then the last row.
pub(super) type Merged = BTreeMap<(u32, u32), u32>;

/// The merged cells of a sheet. `OpenDocument` and XLSB files do not tell them.
pub(super) fn merged(book: &mut Book, sheet: &str) -> Merged {
    let regions: Vec<Dimensions> = match book {
        Sheets::Xlsx(book) => book.merge_cells_by_sheet_name(sheet).unwrap_or_default(),
        Sheets::Xls(book) => book.merge_cells_by_sheet_name(sheet).unwrap_or_default(),
        Sheets::Xlsb(_) | Sheets::Ods(_) => Vec::new(),
    };
    let tall = regions.iter().filter(|r| r.end.0 > r.start.0);
    tall.map(|r| ((r.start.1, r.start.0), r.end.0)).collect()
}

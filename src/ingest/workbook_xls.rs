//! Old Excel files (XLS), looked at before they are read: the reader makes room for all that they say of
//! themselves, and follows their chains of sectors even in a ring. Sources: [MS-CFB] 2.2 to 2.6;
//! [MS-XLS] 2.1.4, 2.4.20, 2.4.28, 2.4.90.

use std::io::{Cursor, Read};

use super::workbook_extent::{Extent, SMALL_WHOLE, check};

/// Compound files consist of sectors of this many bytes or a multiple.
const SECTOR: usize = 512;
/// More sheets than this have no place in one file: each is read from where it says it begins.
const MOST_SHEETS: u32 = 1024;
/// Most rows and columns of a sheet.
const MOST_CELLS: u64 = 65_536 * 256;

/// Refuses a file whose sectors do not hang together or whose sheets cannot be held.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), String> {
    if !bytes.len().is_multiple_of(SECTOR) {
        return Err("it was cut or changed: its length is not that of whole sectors".to_owned());
    }
    // Opening checks every chain.
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let name = if file.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let mut book = Vec::new();
    let read = file.open_stream(name).and_then(|mut s| s.read_to_end(&mut book));
    read.map_err(|_| "it holds no workbook".to_owned())?;
    sheets(&book)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes)
}

/// Records of a stream: type and body, as long as they are whole.
fn records(mut stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, 0)?, usize::from(u16_at(stream, 2)?));
        let body = stream.get(4..4 + length)?;
        stream = &stream[4 + length..];
        Some((kind, body))
    })
}

/// Refuses sheets whose cells lie too far apart, all sheets together.
fn sheets(book: &[u8]) -> Result<(), String> {
    let (mut area, mut cells, mut number) = (0, 0, 0);
    for (kind, body) in records(book) {
        match kind {
            0x000A => break,
            0x0085 => {
                let at = u32_at(body, 0).and_then(|at| usize::try_from(at).ok());
                let sheet = at
                    .and_then(|at| book.get(at..))
                    .ok_or("a sheet lies beyond its end, it was cut or is damaged")?;
                number += 1;
                if number > MOST_SHEETS {
                    return Err(format!("it claims more than {MOST_SHEETS} sheets"));
                }
                let extent = sheet_extent(sheet)?;
                area += extent.area();
                cells += extent.cells;
                check(area, cells, SMALL_WHOLE)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// How far the cells of a sheet reach. The records of embedded charts count too: no harm is done.
fn sheet_extent(sheet: &[u8]) -> Result<Extent, String> {
    let mut extent = Extent::default();
    let mut depth = 0_u32;
    for (kind, body) in records(sheet) {
        match kind {
            0x0809 => depth += 1,
            0x000A if depth <= 1 => break,
            0x000A => depth -= 1,
            0x0200 => dimensions(body)?,
            // Number, label, text, flag or error, compact number, shared text, formula.
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x0006 => {
                if let (Some(row), Some(column)) = (u16_at(body, 0), u16_at(body, 2)) {
                    extent.add((u32::from(row), u32::from(column)));
                }
            }
            // Several compact numbers: their row, the first column, and at the end the last one.
            0x00BD => {
                let last = body.len().checked_sub(2).and_then(|at| u16_at(body, at));
                let row = u16_at(body, 0);
                for column in [u16_at(body, 2), last].into_iter().flatten() {
                    row.iter().for_each(|row| extent.add((u32::from(*row), u32::from(column))));
                }
            }
            _ => {}
        }
    }
    Ok(extent)
}

/// What a sheet says of its own size is believed by the reader, which makes room for it.
fn dimensions(body: &[u8]) -> Result<(), String> {
    let short = |at| u16_at(body, at).map(u32::from);
    let sides = match body.len() {
        10 => (short(0), short(2), short(4), short(6)),
        14 | 16 => (u32_at(body, 0), u32_at(body, 4), short(8), short(10)),
        _ => return Ok(()),
    };
    let (Some(top), Some(bottom), Some(left), Some(right)) = sides else { return Ok(()) };
    // A first column that cannot be is read as 0.
    let left = if left > 0xFF || right < left { 0 } else { left };
    let rows = u64::from(bottom.saturating_sub(top));
    let turned = top > bottom && bottom > 0 && right > 0;
    if turned || rows * u64::from(right - left) > MOST_CELLS {
        return Err("it says of itself a size that no sheet has, it is damaged".to_owned());
    }
    Ok(())
}

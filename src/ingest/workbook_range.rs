//! The cells of a sheet, gathered while they are read, so that the size of the table is known before
//! room is made for it: one stray cell in the last corner (XFD1048576) makes a table of 17 billion.

use std::io::{Read, Seek};

use calamine::{Cell, Data, DataRef, Range, Xlsb, Xlsx};

/// A table of so many cells is made whatever is in it (about 100 MB).
const ALWAYS: u64 = 4 << 20;
/// A larger one must be filled to one part in so many: a log is, and the room that it needs stays a
/// multiple of what is in the file.
const FILLED_ONE_IN: u64 = 64;

/// A sheet whose cells lie too far apart: the place of the farthest, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sparse {
    /// Its row.
    pub(super) row: u64,
    /// Its column.
    pub(super) column: u64,
}

/// The cells of a sheet of Office Open XML; `None` if it is none of cells (a chart) or damaged.
pub(super) fn xlsx<R: Read + Seek>(
    book: &mut Xlsx<R>,
    name: &str,
) -> Result<Option<Range<Data>>, Sparse> {
    let Ok(mut reader) = book.worksheet_cells_reader(name) else { return Ok(None) };
    gathered(|| Some(reader.next_cell().ok()?.as_ref().map(own)))
}

/// The same of its binary cousin.
pub(super) fn xlsb<R: Read + Seek>(
    book: &mut Xlsb<R>,
    name: &str,
) -> Result<Option<Range<Data>>, Sparse> {
    let Ok(mut reader) = book.worksheet_cells_reader(name) else { return Ok(None) };
    gathered(|| Some(reader.next_cell().ok()?.as_ref().map(own)))
}

fn own(cell: &Cell<DataRef<'_>>) -> Cell<Data> {
    let at = cell.get_position();
    Cell::new(at, Data::from(cell.get_value().clone()))
}

/// Takes cells until there is no more (`Some(None)`) or one cannot be read (`None`).
fn gathered(
    mut next: impl FnMut() -> Option<Option<Cell<Data>>>,
) -> Result<Option<Range<Data>>, Sparse> {
    let mut cells = Vec::new();
    loop {
        match next() {
            None => return Ok(None),
            Some(None) => break,
            Some(Some(cell)) if *cell.get_value() == Data::Empty => {}
            Some(Some(cell)) => cells.push(cell),
        }
    }
    match sparse(&cells.iter().map(Cell::get_position), cells.len() as u64) {
        Some(far) => Err(far),
        None => Ok(Some(Range::from_sparse(cells))),
    }
}

/// The farthest place, if the table around all of them would be too large for their number.
fn sparse(places: &(impl Iterator<Item = (u32, u32)> + Clone), filled: u64) -> Option<Sparse> {
    let side = |of: fn((u32, u32)) -> u32| {
        let (least, most) = (places.clone().map(of).min(), places.clone().map(of).max());
        (u64::from(most.unwrap_or(0)) + 1, u64::from(least.unwrap_or(0)))
    };
    let ((row, top), (column, left)) = (side(|p| p.0), side(|p| p.1));
    let area = (row - top) * (column - left);
    (area > ALWAYS && area / FILLED_ONE_IN > filled).then_some(Sparse { row, column })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_as_large_as_what_is_in_it_warrants() {
        let far = [(0, 0), (1_048_575, 16_383)];
        let told = Some(Sparse { row: 1_048_576, column: 16_384 });
        assert_eq!(sparse(&far.into_iter(), 2), told);
        assert_eq!(sparse(&far.into_iter(), 1 << 30), None, "filled");
        assert_eq!(sparse(&[(0, 0), (1_048_575, 2)].into_iter(), 2), None, "three columns");
        assert_eq!(sparse(&std::iter::empty(), 0), None);
    }
}

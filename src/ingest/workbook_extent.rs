//! How far the cells of a spreadsheet reach. They are laid out as a full rectangle, so that two cells in
//! opposite corners ask for more memory than a machine has: such a sheet is refused before.

/// A rectangle of fewer cells is laid out whatever it holds, of a sheet that is read by itself.
pub(super) const SMALL: u64 = 1 << 24;
/// The same for files whose sheets are laid out all at once, and more than once.
pub(super) const SMALL_WHOLE: u64 = 1 << 23;
/// Rows and columns of a sheet as XLSX and XLSB have them. Source: Microsoft, Excel specifications and
/// limits.
pub(super) const MOST_ROWS: u32 = 1 << 20;
/// See [`MOST_ROWS`].
pub(super) const MOST_COLUMNS: u32 = 1 << 14;
/// A larger one must hold something in one cell of so many.
const SPARSEST: u64 = 64;

/// Corners of what is filled, and how many cells are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    corners: Option<((u32, u32), (u32, u32))>,
    /// Cells that hold something.
    pub(super) cells: u64,
}

impl Extent {
    /// Takes in a cell, by row and column from 0.
    pub(super) fn add(&mut self, (row, column): (u32, u32)) {
        let (from, to) = self.corners.unwrap_or(((row, column), (row, column)));
        let from = (from.0.min(row), from.1.min(column));
        self.corners = Some((from, (to.0.max(row), to.1.max(column))));
        self.cells += 1;
    }

    /// Cells of the rectangle.
    pub(super) fn area(&self) -> u64 {
        let side = |from: u32, to: u32| u64::from(to - from) + 1;
        let of = |(from, to): ((u32, u32), (u32, u32))| {
            side(from.0, to.0).saturating_mul(side(from.1, to.1))
        };
        self.corners.map_or(0, of)
    }

    /// As [`check`], with the corner that is farthest out.
    pub(super) fn check(&self, small: u64) -> Result<(), String> {
        let (row, column) = self.corners.map_or((0, 0), |(_, to)| to);
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err("a cell lies beyond the last row or column that a sheet has".to_owned());
        }
        let (row, column) = (row + 1, column + 1);
        check(self.area(), self.cells, small)
            .map_err(|what| format!("{what}, down to row {row} and column {column}"))
    }
}

/// Refuses a rectangle that is larger than `small` and next to empty.
pub(super) fn check(area: u64, cells: u64, small: u64) -> Result<(), String> {
    if area > small && area / SPARSEST > cells {
        // In millions: more digits would be masked as a number of somebody.
        let millions = area / 1_000_000;
        return Err(format!("it spans {millions} million cells, of which {cells} hold something"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposite_corners_are_refused_and_a_full_sheet_is_not() {
        let mut far = Extent::default();
        far.add((0, 0));
        assert!(far.check(SMALL).is_ok());
        far.add((1_048_575, 16_383));
        assert_eq!((far.area(), far.cells), (1 << 34, 2));
        assert!(far.check(SMALL).unwrap_err().ends_with("row 1048576 and column 16384"));
        far.add((0, MOST_COLUMNS));
        assert!(far.check(u64::MAX).unwrap_err().contains("beyond the last"));
        assert!(check(1 << 25, 1 << 20, SMALL).is_ok());
        assert_eq!(Extent::default().area(), 0);
    }
}

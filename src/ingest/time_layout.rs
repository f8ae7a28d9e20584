//! Which of three numbers is the day: `1/5/2024` is the first of May or the fifth of January. It
//! is decided by elimination over the whole file and never guessed.

use super::time_text::{Shape, scan};

/// Order of day, month and year where no four-digit year comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// A year of two digits, month, day.
    Ymd,
}

impl Layout {
    const ALL: [Self; 3] = [Self::Dmy, Self::Mdy, Self::Ymd];

    /// Year, month and day of three numbers.
    pub(super) const fn order(self, n: [u32; 3]) -> (u32, u32, u32) {
        match self {
            Self::Dmy => (n[2], n[1], n[0]),
            Self::Mdy => (n[2], n[0], n[1]),
            Self::Ymd => (n[0], n[1], n[2]),
        }
    }

    /// True if three numbers, the last of `year_digits` digits, can be a date of this layout.
    fn fits(self, numbers: [u32; 3], year_digits: usize) -> bool {
        let (_, month, day) = self.order(numbers);
        let year_fits = self != Self::Ymd || year_digits <= 2;
        year_fits && (1..=12).contains(&month) && (1..=31).contains(&day)
    }
}

/// What the values of a column leave possible.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    possible: [bool; 3],
    /// Days that never go back under a layout, where the rows are known to be in order of time.
    ascending: [bool; 3],
    last: [(u32, u32, u32); 3],
    seen: bool,
}

impl Default for Evidence {
    fn default() -> Self {
        Self { possible: [true; 3], ascending: [true; 3], last: [(0, 0, 0); 3], seen: false }
    }
}

impl Evidence {
    /// Takes a value into account.
    pub(super) fn add(&mut self, text: &str) {
        let Some((numbers, digits)) = ambiguous(text) else { return };
        self.seen = true;
        for (at, layout) in Layout::ALL.into_iter().enumerate() {
            self.possible[at] &= layout.fits(numbers, digits);
            let day = layout.order(numbers);
            self.ascending[at] &= self.last[at] <= day;
            self.last[at] = day;
        }
    }

    /// For rows that the export writes in order of time: a layout under which they go back is out,
    /// as long as one is left.
    pub(super) fn in_order(mut self) -> Self {
        let both: [bool; 3] = std::array::from_fn(|at| self.possible[at] && self.ascending[at]);
        if both.contains(&true) {
            self.possible = both;
        }
        self
    }

    /// True if a value was seen that could be read in several ways.
    pub(super) const fn needed(&self) -> bool {
        self.seen
    }

    /// The one layout that is left.
    pub(super) fn layout(&self) -> Option<Layout> {
        let mut left = Layout::ALL.into_iter().zip(self.possible).filter(|(_, p)| *p);
        let first = left.next()?.0;
        (self.seen && left.next().is_none()).then_some(first)
    }
}

/// The one layout that a value allows by itself.
pub(super) fn only_layout(numbers: [u32; 3], year_digits: usize) -> Option<Layout> {
    let mut left = Layout::ALL.into_iter().filter(|l| l.fits(numbers, year_digits));
    let first = left.next()?;
    left.next().is_none().then_some(first)
}

/// The three numbers of a date that only a layout can order, and the digits of the last.
fn ambiguous(text: &str) -> Option<([u32; 3], usize)> {
    match scan(text)?.shape {
        Shape::Numbers { numbers, digits } if digits[0] <= 2 => Some((numbers, digits[2])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(values: &[&str]) -> Option<Layout> {
        let mut evidence = Evidence::default();
        for value in values {
            evidence.add(value);
        }
        evidence.layout()
    }

    #[test]
    fn elimination() {
        assert_eq!(layout(&["1/5/2024 3:04 PM", "1/13/2024 3:04 PM"]), Some(Layout::Mdy));
        assert_eq!(layout(&["1/5/2024", "13/1/2024"]), Some(Layout::Dmy));
        assert_eq!(layout(&["1/5/2024", "2/6/2024"]), None);
        assert_eq!(layout(&["13/1/2024", "1/13/2024"]), None, "two layouts in one column");
        assert_eq!(layout(&["22-04-15", "04-05-35"]), Some(Layout::Dmy));
        assert_eq!(layout(&["2024/1/5"]), None, "nothing to decide");
    }

    #[test]
    fn rows_in_order_of_time_decide_what_their_numbers_leave_open() {
        let in_order = |values: &[&str]| {
            let mut evidence = Evidence::default();
            values.iter().for_each(|v| evidence.add(v));
            evidence.in_order().layout()
        };
        assert_eq!(in_order(&["15-01-20", "02-03-20", "11-05-20"]), Some(Layout::Dmy));
        assert_eq!(in_order(&["03/06/2024", "05/06/2024", "02/07/2024"]), Some(Layout::Dmy));
        assert_eq!(in_order(&["03/06/2024", "05/06/2024"]), None, "both go forward");
        assert_eq!(in_order(&["05/06/2024", "03/05/2024"]), None, "both go back");
    }
}

//! Round steps of axes, and charts of plain columns.

use super::Context;
use super::frame::{BOTTOM, LEFT, RIGHT, TOP};
use super::scene::{Hand, Scene};
use super::style::{AXIS, GRID, Ink, LABEL, MUTED, SMALL, TEXT};
use crate::report::number::count;

/// Steps that read as round, in seconds.
const TIME_STEPS_S: [f64; 22] = [
    1.0,
    2.0,
    5.0,
    10.0,
    15.0,
    30.0,
    60.0,
    120.0,
    300.0,
    600.0,
    900.0,
    1_800.0,
    3_600.0,
    7_200.0,
    14_400.0,
    21_600.0,
    43_200.0,
    86_400.0,
    172_800.0,
    604_800.0,
    1_209_600.0,
    2_592_000.0,
];

/// The round step (1, 2 or 5 times a power of ten) that divides `most` into at most five.
pub(super) fn count_step(most: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for digit in [1, 2, 5] {
            let step = power.saturating_mul(digit);
            if step.saturating_mul(5) >= most {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// The round step of time that divides `end_s` into at most eight.
pub(super) fn time_step(end_s: f64) -> f64 {
    let fits = |step: &f64| end_s / step <= 8.0;
    TIME_STEPS_S.into_iter().find(fits).unwrap_or_else(|| (end_s / 8.0).ceil())
}

/// A count as a length for drawing.
#[expect(clippy::cast_precision_loss, reason = "drawn on a thousand pixels")]
pub(super) fn length(n: u64) -> f64 {
    n as f64
}

/// A small number of things as a length for drawing.
#[expect(clippy::cast_precision_loss, reason = "drawn on a thousand pixels")]
pub(super) fn place(n: usize) -> f64 {
    n as f64
}

/// Names above vertical lines: those that would run into each other stand in rows.
pub(super) struct Rows<const N: usize> {
    ends: [f64; N],
}

impl<const N: usize> Rows<N> {
    pub(super) const fn new() -> Self {
        Self { ends: [f64::MIN; N] }
    }

    /// The lowest row with room for a name at `x`, from left to right; `None` where all are full.
    pub(super) fn place(&mut self, x: f64, width: f64) -> Option<usize> {
        let half = width / 2.0 + 4.0;
        let row = self.ends.iter().position(|end| x - half > *end)?;
        self.ends[row] = x + half;
        Some(row)
    }
}

/// Room of a chart with a vertical axis of counts.
pub(super) struct Plot {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    /// Value at the top.
    pub most: f64,
}

impl Plot {
    /// Room above the tallest column for what stands on it.
    const HEADROOM: u64 = 8;

    /// Draws grid lines, their counts and, at its own height, the name of the axis.
    pub(super) fn counts(
        scene: &mut Scene,
        most: u64,
        top: f64,
        (name_y, name): (f64, &str),
    ) -> Self {
        let step = count_step(most.max(1));
        let roomy = most.saturating_add(most.div_ceil(Self::HEADROOM));
        let steps = roomy.max(1).div_ceil(step);
        let hand = Hand::new(LABEL, MUTED).end();
        let widest = hand.width(&count(step.saturating_mul(steps)));
        let plot = Self {
            left: LEFT + widest + 10.0,
            right: RIGHT,
            top,
            bottom: BOTTOM - 44.0,
            most: length(step.saturating_mul(steps)),
        };
        scene.text(LEFT, name_y, Hand::new(LABEL, MUTED), name);
        for n in 0..=steps {
            let y = plot.y(length(n.saturating_mul(step)));
            let ink = if n == 0 { AXIS } else { GRID };
            scene.line(&[(plot.left, y), (plot.right, y)], 1.0, ink);
            scene.text(plot.left - 8.0, y + 5.0, hand, count(n.saturating_mul(step)));
        }
        plot
    }

    /// Height of a value.
    pub(super) fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * value / self.most
    }
}

/// One column: its name below, its height, the words above it.
pub(super) struct Column {
    pub name: String,
    pub value: u64,
    pub above: Vec<String>,
    pub ink: Ink,
}

/// A chart of columns over names.
pub(super) fn columns(
    scene: &mut Scene,
    context: &Context<'_>,
    columns: &[Column],
    (x_key, y_key): (&str, &str),
) {
    let most = columns.iter().map(|c| c.value).max().unwrap_or(0);
    let top = TOP + 40.0;
    let plot = Plot::counts(scene, most, top, (top - 16.0, &context.words.get(y_key)));
    let pitch = ((plot.right - plot.left) / place(columns.len().max(1))).min(220.0);
    let width = (pitch * 0.62).min(110.0);
    for (i, column) in columns.iter().enumerate() {
        let middle = plot.left + pitch * (place(i) + 0.5);
        let top = plot.y(length(column.value));
        scene.rect(middle - width / 2.0, top, width, plot.bottom - top, column.ink);
        let mut base = top - 8.0;
        for (line, text) in column.above.iter().rev().enumerate() {
            let last = line + 1 == column.above.len();
            let hand = if last { Hand::new(LABEL, TEXT).bold() } else { Hand::new(SMALL, MUTED) };
            scene.over(middle, base, hand.middle(), text);
            base -= 17.0;
        }
        let hand = Hand::new(LABEL, TEXT).middle();
        scene.fitted(middle, plot.bottom + 20.0, hand, &column.name, pitch - 4.0);
    }
    let end = plot.left + pitch * place(columns.len());
    let hand = Hand::new(LABEL, MUTED).middle();
    let name = context.words.get(x_key);
    let middle = f64::midpoint(plot.left, end).max(plot.left + hand.width(&name) / 2.0);
    scene.text(middle, plot.bottom + 42.0, hand, name);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_near_lines_stand_in_rows() {
        let mut rows = Rows::<2>::new();
        let all: Vec<_> = [10.0, 20.0, 25.0, 80.0].map(|x| rows.place(x, 30.0)).to_vec();
        assert_eq!(all, [Some(0), Some(1), None, Some(0)]);
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(count_step(1), 1);
        assert_eq!(count_step(7), 2);
        assert_eq!(count_step(26), 10);
        assert_eq!(count_step(1_000), 200);
        assert_eq!(count_step(u64::MAX), 5_000_000_000_000_000_000);
        assert!((time_step(100.0) - 15.0).abs() < f64::EPSILON);
        assert!((time_step(4_000.0) - 600.0).abs() < f64::EPSILON);
    }
}

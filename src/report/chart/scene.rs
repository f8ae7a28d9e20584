//! A chart before it is painted: rectangles, lines, areas and words in logical units. A chart is
//! drawn once; both painters (SVG, PNG) show the same scene.

use super::lettering;
use super::style::{AXIS, EMPTY, Ink, PAPER};

/// Where a text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Weight of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// One thing on paper.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    Rect { x: f64, y: f64, w: f64, h: f64, ink: Ink },
    Line { points: Vec<(f64, f64)>, width: f64, ink: Ink },
    Area { points: Vec<(f64, f64)>, ink: Ink },
    Text(Text),
}

/// Words on their base line.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub x: f64,
    pub y: f64,
    pub anchor: Anchor,
    pub size: f64,
    pub weight: Weight,
    pub ink: Ink,
    pub words: String,
}

/// How words are set, without where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hand {
    pub anchor: Anchor,
    pub size: f64,
    pub weight: Weight,
    pub ink: Ink,
}

impl Hand {
    pub(super) const fn new(size: f64, ink: Ink) -> Self {
        Self { anchor: Anchor::Start, size, weight: Weight::Regular, ink }
    }

    pub(super) const fn bold(self) -> Self {
        Self { weight: Weight::Bold, ..self }
    }

    pub(super) const fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    pub(super) const fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }

    /// Width of a text set so.
    pub(super) fn width(self, text: &str) -> f64 {
        lettering::width(text, self.size, self.weight)
    }
}

/// Everything on one sheet, in the order of painting.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    pub title: String,
    /// Why there is nothing to show, where that is so.
    pub nothing: Option<String>,
    pub marks: Vec<Mark>,
}

/// Length of a dash and of the gap after it.
const DASH: (f64, f64) = (7.0, 5.0);
/// Far below a pixel, far above the rounding of a position on the sheet.
const HAIR: f64 = 1e-6;

impl Scene {
    pub(super) fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, ink: Ink) {
        if w > 0.0 && h > 0.0 {
            self.marks.push(Mark::Rect { x, y, w, h, ink });
        }
    }

    pub(super) fn line(&mut self, points: &[(f64, f64)], width: f64, ink: Ink) {
        if points.len() > 1 {
            self.marks.push(Mark::Line { points: points.to_vec(), width, ink });
        }
    }

    pub(super) fn area(&mut self, points: Vec<(f64, f64)>, ink: Ink) {
        if points.len() > 2 {
            self.marks.push(Mark::Area { points, ink });
        }
    }

    /// A broken line; the rhythm goes on around corners.
    pub(super) fn dashed(&mut self, points: &[(f64, f64)], width: f64, ink: Ink) {
        let mut drawing = true;
        let mut left = DASH.0;
        for pair in points.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let length = (x1 - x0).hypot(y1 - y0);
            let mut at = 0.0;
            while at < length {
                let to = (at + left).min(length);
                let point = |d: f64| (x0 + (x1 - x0) * d / length, y0 + (y1 - y0) * d / length);
                if drawing {
                    self.line(&[point(at), point(to)], width, ink);
                }
                left -= to - at;
                at = to;
                // What rounding leaves of a dash is none: so short a step would not move on.
                if left < HAIR {
                    drawing = !drawing;
                    left = if drawing { DASH.0 } else { DASH.1 };
                }
            }
        }
    }

    /// A hatched box: something the export cannot show.
    pub(super) fn hatched(&mut self, x: f64, y: f64, w: f64, h: f64) {
        self.rect(x, y, w, h, EMPTY);
        let mut start = -h;
        while start < w {
            // The stroke from (start, h) up to (start + h, 0), cut to the box.
            let from = start.max(0.0);
            let to = (start + h).min(w);
            if to > from {
                let level = |at: f64| y + h - (at - start);
                self.line(&[(x + from, level(from)), (x + to, level(to))], 1.0, AXIS.thin(0.5));
            }
            start += 9.0;
        }
        self.line(&[(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], 1.0, AXIS);
    }

    pub(super) fn text(&mut self, x: f64, y: f64, hand: Hand, text: impl Into<String>) {
        let Hand { anchor, size, weight, ink } = hand;
        let words = lettering::printable(&text.into());
        if !words.is_empty() {
            self.marks.push(Mark::Text(Text { x, y, anchor, size, weight, ink, words }));
        }
    }

    /// A text that hides the lines behind it.
    pub(super) fn over(&mut self, x: f64, y: f64, hand: Hand, text: &str) {
        let width = hand.width(text) + 4.0;
        let left = match hand.anchor {
            Anchor::Start => x - 2.0,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width + 2.0,
        };
        self.rect(left, y - hand.size * 0.85, width, hand.size * 1.05, PAPER);
        self.text(x, y, hand, text);
    }

    /// A text no wider than `width`, its end replaced by an ellipsis where it is.
    pub(super) fn fitted(&mut self, x: f64, y: f64, hand: Hand, text: &str, width: f64) {
        self.text(x, y, hand, lettering::fit(text, hand.size, hand.weight, width));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::axis::place;

    #[test]
    fn a_dash_that_rounding_cut_short_does_not_stand_still() {
        // 128.7 on the second line leaves 1.4e-14 of a dash, less than 128.7 can be moved by.
        let mut scene = Scene::default();
        scene.dashed(&[(0.0, 0.0), (10.3, 0.0), (710.3, 0.0)], 1.0, AXIS);
        // One begins at every multiple of 12 up to 708; the corner falls into a gap.
        assert_eq!(scene.marks.len(), 60);
    }

    proptest::proptest! {
        #[test]
        fn every_broken_line_ends(steps in proptest::collection::vec((0.0..900.0_f64, 0.0..500.0_f64), 2..60)) {
            let mut scene = Scene::default();
            scene.dashed(&steps, 1.0, AXIS);
            let length: f64 = steps.windows(2).map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1)).sum();
            proptest::prop_assert!(place(scene.marks.len()) <= length / (DASH.0 + DASH.1) + place(steps.len()) + 1.0);
        }
    }
}

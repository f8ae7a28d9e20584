//! `reached-over-time`: share of all who asked that had reached a human, had left, or had been
//! dropped by a time since the first request (cumulative incidence), and beside it what
//! Kaplan-Meier makes of the same waits by leaving out those who gave up.

use super::Context;
use super::axis::{Rows, place, time_step};
use super::frame::{BOTTOM, LEFT, RIGHT, TOP, nothing, sheet};
use super::lettering::wrap;
use super::scene::{Hand, Scene, Weight};
use super::style::{
    AXIS, DROPPED, GRID, Ink, LABEL, LEFT as GONE, MUTED, PURPLE, REACHED, SMALL, TEXT,
};
use crate::aggregate::summary::CurvePoint;
use crate::report::number::{count, share};
use crate::report::shown::no_waits;

/// Room for the names of the curves.
const NAMES: f64 = 196.0;
const PLOT_LEFT: f64 = LEFT + 56.0;
const PLOT_RIGHT: f64 = RIGHT - NAMES;
/// Below the name of the axis and three rows of thresholds.
const PLOT_TOP: f64 = TOP + 54.0;
const PLOT_BOTTOM: f64 = BOTTOM - 44.0;
/// Thresholds nearer to each other, or to the axis, are not marked.
const APART: f64 = 6.0;
/// The axis ends where this part of all ends has happened: one wait of days would squeeze the rest.
const SHOWN: f64 = 0.98;

pub(super) fn draw(context: &Context<'_>) -> Scene {
    let waits = &context.summary.waits;
    let wait = &waits.request_to_human;
    let words = context.words;
    let n = count(wait.n - wait.without_length.min(wait.n));
    let censored = count(wait.censored);
    let basis = words.fill("chart.n_waits", &[("n", &n), ("censored", &censored)]);
    let mut scene = sheet(context, "chart.reached_title", &basis);
    if waits.reached_curve.is_empty() {
        return nothing(scene, context, no_waits(context.summary));
    }
    let end_s = end_of_axis(&waits.reached_curve, context.thresholds_s);
    let later = waits.reached_curve.last().is_some_and(|p| p.t_s > end_s);
    axes(&mut scene, context, end_s, if later { "chart.reached_x_cut" } else { "chart.reached_x" });
    curves(&mut scene, context, &waits.reached_curve, end_s);
    scene
}

fn end_of_axis(curve: &[CurvePoint], thresholds_s: &[f64]) -> f64 {
    let ended = |p: &CurvePoint| p.reached + p.left + p.dropped;
    let all = curve.last().map_or(0.0, ended);
    let last = curve.last().map_or(0.0, |p| p.t_s);
    let most = curve.iter().find(|p| ended(p) >= all * SHOWN).map_or(last, |p| p.t_s);
    // A threshold far beyond every wait says nothing here.
    let marked = thresholds_s.iter().copied().filter(|t| *t <= last).fold(0.0, f64::max);
    let end = most.max(marked * 1.08).max(1.0);
    let step = time_step(end);
    (end / step).ceil() * step
}

fn x_of(t_s: f64, end_s: f64) -> f64 {
    PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * (t_s / end_s).min(1.0)
}

fn y_of(share: f64) -> f64 {
    PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * share.clamp(0.0, 1.0)
}

fn axes(scene: &mut Scene, context: &Context<'_>, end_s: f64, name_key: &str) {
    let (words, numbers) = (context.words, context.numbers);
    let hand = Hand::new(LABEL, MUTED);
    scene.text(LEFT, TOP + 2.0, hand, words.get("chart.reached_y"));
    for part in 0..=5_u32 {
        let level = f64::from(part) / 5.0;
        let ink = if part == 0 { AXIS } else { GRID };
        scene.line(&[(PLOT_LEFT, y_of(level)), (PLOT_RIGHT, y_of(level))], 1.0, ink);
        let label = format!("{} %", part * 20);
        scene.text(PLOT_LEFT - 8.0, y_of(level) + 5.0, hand.end(), label);
    }
    let step = time_step(end_s);
    let mut t = 0.0;
    while t <= end_s {
        let x = x_of(t, end_s);
        scene.line(&[(x, PLOT_BOTTOM), (x, PLOT_BOTTOM + 5.0)], 1.0, AXIS);
        scene.text(x, PLOT_BOTTOM + 21.0, hand.middle(), numbers.threshold(t));
        t += step;
    }
    let middle = f64::midpoint(PLOT_LEFT, PLOT_RIGHT);
    scene.text(middle, PLOT_BOTTOM + 43.0, hand.middle(), words.get(name_key));
    let mut rows = Rows::<3>::new();
    let mut marks: Vec<f64> =
        context.thresholds_s.iter().copied().filter(|t| *t <= end_s).collect();
    marks.sort_by(f64::total_cmp);
    let mut last = PLOT_LEFT;
    for t in marks {
        let x = x_of(t, end_s);
        // Where waits take days, minutes fall into one place and tell nothing.
        if x - last < APART {
            continue;
        }
        last = x;
        let name = numbers.threshold(t);
        let hand = Hand::new(SMALL, TEXT).middle();
        // Nor does a mark without its name.
        if let Some(row) = rows.place(x, hand.width(&name)) {
            scene.dashed(&[(x, PLOT_TOP - 4.0), (x, PLOT_BOTTOM)], 1.0, AXIS);
            scene.text(x, PLOT_TOP - 8.0 - 14.0 * place(row), hand, name);
        }
    }
}

/// The key of its name, its value at a point, its colour.
type Curve = (&'static str, fn(&CurvePoint) -> f64, Ink);

fn curves(scene: &mut Scene, context: &Context<'_>, curve: &[CurvePoint], end_s: f64) {
    let band = band(curve, end_s);
    scene.area(band, REACHED.thin(0.16));
    let lines: [Curve; 4] = [
        ("chart.reached_line", |p| p.reached, REACHED),
        ("chart.left_line", |p| p.left, GONE),
        ("chart.dropped_line", |p| p.dropped, DROPPED),
        ("chart.km_line", |p| p.kaplan_meier, PURPLE),
    ];
    let mut names = Vec::new();
    for (key, value, ink) in lines {
        let points = steps(curve, end_s, value);
        if key == "chart.km_line" {
            scene.dashed(&points, 1.5, ink);
        } else {
            scene.line(&points, 2.0, ink);
        }
        let last = curve.iter().rev().find(|p| p.t_s <= end_s).map_or(0.0, value);
        let name = context.words.get(key);
        let lines = wrap(&name, LABEL, Weight::Regular, NAMES - 16.0);
        names.push((y_of(last), share(last), lines, ink));
    }
    label(scene, names);
}

/// Writes the names of the curves right of them, highest first, none over another.
fn label(scene: &mut Scene, mut names: Vec<(f64, String, Vec<String>, Ink)>) {
    const LINE: f64 = 17.0;
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let heights: Vec<f64> = names.iter().map(|n| LINE * place(n.2.len() + 1) + 6.0).collect();
    // From below: each name as low as its curve wants, but high enough for those under it.
    let mut starts: Vec<f64> = names.iter().map(|n| n.0 - 4.0).collect();
    // Not beside the names of the axis, whose last one reaches into this room.
    let mut limit = PLOT_BOTTOM + 8.0;
    for i in (0..names.len()).rev() {
        starts[i] = starts[i].min(limit - heights[i]);
        limit = starts[i];
    }
    let mut free = PLOT_TOP - 20.0;
    for (i, (level, value, lines, ink)) in names.into_iter().enumerate() {
        let top = starts[i].max(free);
        free = top + heights[i];
        let x = PLOT_RIGHT + 16.0;
        scene.line(&[(PLOT_RIGHT + 2.0, level), (x - 3.0, top + 8.0)], 1.0, ink.thin(0.6));
        let mut base = top + 13.0;
        scene.text(x, base, Hand::new(LABEL, ink.towards(TEXT, 0.4)).bold(), value);
        for line in lines {
            base += LINE;
            scene.text(x, base, Hand::new(LABEL, ink.towards(TEXT, 0.4)), line);
        }
    }
}

/// The corners of a step function, thinned to one step per pixel of the picture.
fn steps(curve: &[CurvePoint], end_s: f64, value: fn(&CurvePoint) -> f64) -> Vec<(f64, f64)> {
    let mut out = vec![(x_of(0.0, end_s), y_of(0.0))];
    let mut level = y_of(0.0);
    for point in curve.iter().filter(|p| p.t_s <= end_s) {
        let (x, y) = (x_of(point.t_s, end_s), y_of(value(point)));
        let last = out.last_mut().expect("starts with one point");
        if x - last.0 < 0.5 {
            last.1 = y;
        } else if (y - level).abs() > f64::EPSILON {
            out.push((x, level));
            out.push((x, y));
        }
        level = y;
    }
    out.push((PLOT_RIGHT, level));
    out
}

fn band(curve: &[CurvePoint], end_s: f64) -> Vec<(f64, f64)> {
    let mut outline = steps(curve, end_s, |p| p.reached_high);
    let mut lower = steps(curve, end_s, |p| p.reached_low);
    lower.reverse();
    outline.extend(lower);
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(t_s: f64, reached: f64) -> CurvePoint {
        CurvePoint { t_s, reached, ..CurvePoint::default() }
    }

    #[test]
    fn one_wait_of_days_does_not_squeeze_the_rest() {
        // 99 of 100 end within 90 s; the axis ends there, at the next round step.
        let curve = [at(30.0, 0.5), at(90.0, 0.99), at(200_000.0, 1.0)];
        assert!((end_of_axis(&curve, &[]) - 90.0).abs() < f64::EPSILON);
        assert!((end_of_axis(&curve, &[300.0]) - 360.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_step_function_stays_level_between_its_steps() {
        let points = steps(&[at(50.0, 0.5)], 100.0, |p| p.reached);
        let middle = f64::midpoint(PLOT_LEFT, PLOT_RIGHT);
        let half = y_of(0.5);
        let expected =
            [(PLOT_LEFT, PLOT_BOTTOM), (middle, PLOT_BOTTOM), (middle, half), (PLOT_RIGHT, half)];
        assert_eq!(points, expected);
    }
}

//! `wait-distribution`: waits from the first request by length, stacked by how they ended. The
//! bins are those of the summary; their widths differ, so they stand as names, not on a scale.

use super::Context;
use super::axis::{Plot, Rows, length, place};
use super::frame::{LEFT as EDGE, TOP, key, nothing, sheet};
use super::scene::{Hand, Scene};
use super::style::{AXIS, CUT, DROPPED, Ink, LABEL, LEFT, MUTED, REACHED, SMALL, TEXT};
use crate::aggregate::summary::Bin;
use crate::report::number::count;
use crate::report::shown::no_waits;

type Part = (&'static str, fn(&Bin) -> u64, Ink);

const PARTS: [Part; 4] = [
    ("wait_end.reached", |b| b.reached, REACHED),
    ("wait_end.dropped", |b| b.dropped, DROPPED),
    ("wait_end.left", |b| b.left, LEFT),
    ("wait_end.cut", |b| b.censored, CUT),
];

pub(super) fn draw(context: &Context<'_>) -> Scene {
    let wait = &context.summary.waits.request_to_human;
    let words = context.words;
    let sum = |b: &Bin| b.reached + b.left + b.dropped + b.censored;
    let shown: u64 = wait.histogram.iter().map(sum).sum();
    let basis = words.fill("chart.n_lengths", &[("n", &count(shown))]);
    let mut scene = sheet(context, "chart.waits_title", &basis);
    if shown == 0 {
        return nothing(scene, context, no_waits(context.summary));
    }
    let mut x = EDGE;
    for (name, _, ink) in PARTS {
        x = key(&mut scene, x, TOP + 4.0, ink, &words.get(name));
    }
    // Empty bins after the last wait are no news.
    let used = wait.histogram.iter().rposition(|b| sum(b) > 0).map_or(0, |last| last + 1);
    let bins = &wait.histogram[..used];
    let most = bins.iter().map(sum).max().unwrap_or(0);
    // Two rows of thresholds stand between the name of the axis and the columns.
    let top = TOP + 76.0;
    let name = words.get("chart.conversations");
    let plot = Plot::counts(&mut scene, most, top, (TOP + 34.0, &name));
    let pitch = ((plot.right - plot.left) / place(bins.len())).min(140.0);
    for (i, bin) in bins.iter().enumerate() {
        let left = plot.left + pitch * place(i);
        stack(&mut scene, &plot, bin, (left, pitch));
    }
    bounds(&mut scene, context, bins, &plot, pitch);
    thresholds(&mut scene, context, bins, &plot, pitch);
    for (i, total) in bins.iter().map(sum).enumerate().filter(|(_, total)| *total > 0) {
        let middle = plot.left + pitch * (place(i) + 0.5);
        let hand = Hand::new(LABEL, TEXT).bold().middle();
        scene.over(middle, plot.y(length(total)) - 7.0, hand, &count(total));
    }
    let end = plot.left + pitch * place(bins.len());
    let hand = Hand::new(LABEL, MUTED).middle();
    let axis = words.get("chart.waits_x");
    let middle = f64::midpoint(plot.left, end).max(plot.left + hand.width(&axis) / 2.0);
    scene.text(middle, plot.bottom + 42.0, hand, axis);
    scene
}

fn stack(scene: &mut Scene, plot: &Plot, bin: &Bin, (left, pitch): (f64, f64)) {
    let mut below = 0;
    for (_, value, ink) in PARTS {
        let n = value(bin);
        let (top, bottom) = (plot.y(length(below + n)), plot.y(length(below)));
        scene.rect(left + pitch * 0.14, top, pitch * 0.72, bottom - top, ink);
        below += n;
    }
}

/// Names of the bins below them; where they are too narrow for names, their lower bounds at their
/// left edges, as many as find room.
fn bounds(scene: &mut Scene, context: &Context<'_>, bins: &[Bin], plot: &Plot, pitch: f64) {
    let hand = Hand::new(SMALL, TEXT).middle();
    let base = plot.bottom + 19.0;
    let names: Vec<String> = bins.iter().map(|bin| bin_name(context, bin)).collect();
    let fit = names.iter().all(|name| hand.width(name) <= pitch - 10.0);
    let mut free = f64::MIN;
    for (i, (bin, name)) in bins.iter().zip(&names).enumerate() {
        let left = plot.left + pitch * place(i);
        if fit {
            scene.text(left + pitch / 2.0, base, hand, name);
            continue;
        }
        let bound = context.numbers.threshold(bin.from_s);
        let half = hand.width(&bound) / 2.0;
        if left - half > free {
            scene.line(&[(left, plot.bottom), (left, plot.bottom + 5.0)], 1.0, AXIS);
            scene.text(left, base, hand, bound);
            free = left + half + 6.0;
        }
    }
}

/// `30 s – 1 min`, `≥ 1 h`.
fn bin_name(context: &Context<'_>, bin: &Bin) -> String {
    let numbers = context.numbers;
    let from = numbers.threshold(bin.from_s);
    match bin.to_s {
        Some(to) if bin.from_s <= 0.0 => format!("< {}", numbers.threshold(to)),
        Some(to) => format!("{from} – {}", numbers.threshold(to)),
        None => format!("≥ {from}"),
    }
}

/// A threshold stands where it falls: between two bins, or inside one in proportion.
fn thresholds(scene: &mut Scene, context: &Context<'_>, bins: &[Bin], plot: &Plot, pitch: f64) {
    let mut rows = Rows::<2>::new();
    let mut marks = context.thresholds_s.to_vec();
    marks.sort_by(f64::total_cmp);
    for t in marks {
        let found = bins.iter().position(|b| t >= b.from_s && b.to_s.is_none_or(|to| t < to));
        let Some((i, to)) = found.and_then(|i| Some((i, bins[i].to_s?))) else { continue };
        let inside = (t - bins[i].from_s) / (to - bins[i].from_s);
        let x = plot.left + pitch * (place(i) + inside);
        scene.dashed(&[(x, plot.top - 6.0), (x, plot.bottom)], 1.0, AXIS);
        let hand = Hand::new(SMALL, TEXT).middle();
        let name = context.numbers.threshold(t);
        if let Some(row) = rows.place(x, hand.width(&name)) {
            scene.text(x, plot.top - 11.0 - 14.0 * place(row), hand, name);
        }
    }
}

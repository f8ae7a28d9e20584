//! What every chart has: title, what it rests on (n, period), the source line, and the reason
//! where there is nothing to show.

use super::Context;
use super::lettering::wrap;
use super::scene::{Hand, Scene, Weight};
use super::style::{AXIS, HEIGHT, LABEL, MARGIN, MUTED, SMALL, TEXT, TITLE, WIDTH};
use crate::report::only_complaints;

/// Top of the room for the chart itself.
pub(super) const TOP: f64 = 92.0;
/// Its bottom.
pub(super) const BOTTOM: f64 = 518.0;
/// Its left end.
pub(super) const LEFT: f64 = MARGIN;
/// Its right end.
pub(super) const RIGHT: f64 = WIDTH - MARGIN;

/// A sheet with title and source line; `basis` says what n counts.
pub(super) fn sheet(context: &Context<'_>, title_key: &str, basis: &str) -> Scene {
    let words = context.words;
    let period = &context.summary.period;
    if only_complaints(context.summary) {
        return dated_sheet(context, title_key, &words.get("chart.n_no_log"));
    }
    let basis = match (&period.from, &period.to) {
        (Some(from), Some(to)) => {
            let zone = &period.time_zone;
            words.fill(
                "chart.basis",
                &[("basis", basis), ("from", from), ("to", to), ("zone", zone)],
            )
        }
        _ => words.fill("chart.basis_undated", &[("basis", basis)]),
    };
    dated_sheet(context, title_key, &basis)
}

/// A sheet whose `basis` already names its period.
pub(super) fn dated_sheet(context: &Context<'_>, title_key: &str, basis: &str) -> Scene {
    let words = context.words;
    let mut scene = Scene { title: words.get(title_key), ..Scene::default() };
    let title = scene.title.clone();
    scene.fitted(LEFT, 40.0, Hand::new(TITLE, TEXT).bold(), &title, RIGHT - LEFT);
    scene.fitted(LEFT, 64.0, Hand::new(LABEL, MUTED), basis, RIGHT - LEFT);
    let tool = &context.summary.tool;
    let source = words.fill(
        "chart.source",
        &[
            ("name", &tool.name),
            ("version", &tool.version),
            ("definitions", &tool.definitions),
            ("inputs", &context.summary.inputs.len().to_string()),
        ],
    );
    scene.fitted(LEFT, HEIGHT - 14.0, Hand::new(SMALL, MUTED), &source, RIGHT - LEFT);
    scene
}

/// Fills an empty sheet about conversations with the reason why it is empty.
pub(super) fn nothing(scene: Scene, context: &Context<'_>, key: &str) -> Scene {
    let key = if only_complaints(context.summary) { "chart.no_log" } else { key };
    empty(scene, &context.words.get(key))
}

/// Fills an empty sheet with the reason why it is empty.
pub(super) fn empty(mut scene: Scene, reason: &str) -> Scene {
    scene.nothing = Some(reason.to_owned());
    let (w, h) = (620.0, 150.0);
    let (x, y) = ((WIDTH - w) / 2.0, 210.0);
    let frame = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)];
    scene.dashed(&frame, 1.0, AXIS);
    let size = 17.0;
    let lines = wrap(reason, size, Weight::Regular, w - 60.0);
    let mut base = y + h / 2.0 + 6.0;
    for _ in 1..lines.len() {
        base -= 13.0;
    }
    for line in lines {
        scene.text(WIDTH / 2.0, base, Hand::new(size, MUTED).middle(), line);
        base += 26.0;
    }
    scene
}

/// One entry of a key: a patch of the colour and its name. Returns where the next may begin.
pub(super) fn key(scene: &mut Scene, x: f64, y: f64, ink: super::style::Ink, name: &str) -> f64 {
    scene.rect(x, y - 11.0, 14.0, 12.0, ink);
    let hand = Hand::new(LABEL, TEXT);
    scene.text(x + 20.0, y, hand, name);
    x + 20.0 + hand.width(name) + 26.0
}

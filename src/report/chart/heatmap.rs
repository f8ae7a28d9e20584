//! `failed-heatmap`: failed attempts to reach a human by local hour of the week.

use super::Context;
use super::axis::{length, place};
use super::frame::{LEFT, RIGHT, TOP, nothing, sheet};
use super::scene::{Hand, Scene};
use super::style::{BLUE, EMPTY, LABEL, MUTED, PAPER, SMALL, TEXT};
use crate::report::number::count;
use crate::report::shown::nobody_asked;

const GRID_LEFT: f64 = LEFT + 64.0;
const GRID_TOP: f64 = TOP + 42.0;
const ROW: f64 = 49.0;
/// The palest cell that is not empty still differs from an empty one.
const PALEST: f64 = 0.16;

pub(super) fn draw(context: &Context<'_>) -> Scene {
    let transfer = &context.summary.transfer;
    let words = context.words;
    let failed = count(transfer.failed_attempts);
    let timed = transfer.failed_by_hour.as_ref();
    let without = count(transfer.failed_without_hour);
    let basis = if transfer.failed_without_hour > 0 && timed.is_some() {
        words.fill("chart.n_failed_some_untimed", &[("n", &failed), ("without", &without)])
    } else {
        words.fill("chart.n_failed", &[("n", &failed)])
    };
    let mut scene = sheet(context, "chart.heatmap_title", &basis);
    if transfer.asked.hits == 0 {
        return nothing(scene, context, nobody_asked(context.summary));
    }
    if transfer.failed_attempts == 0 {
        return nothing(scene, context, "chart.none_failed");
    }
    let Some(hours) = timed else {
        return nothing(scene, context, "chart.no_hours");
    };
    let most = hours.iter().flatten().copied().max().unwrap_or(0);
    if most == 0 {
        return nothing(scene, context, "chart.no_hours");
    }
    let column = (RIGHT - GRID_LEFT) / 24.0;
    scene.text(GRID_LEFT, TOP + 8.0, Hand::new(LABEL, MUTED), words.get("chart.heatmap_x"));
    for hour in 0..24_usize {
        let x = GRID_LEFT + column * (place(hour) + 0.5);
        let hand = Hand::new(SMALL, MUTED).middle();
        scene.text(x, GRID_TOP - 9.0, hand, format!("{hour:02}"));
    }
    let days = words.get("chart.days");
    for (day, (row, name)) in hours.iter().zip(days.split('|')).enumerate() {
        let y = GRID_TOP + ROW * place(day);
        let hand = Hand::new(LABEL, TEXT).end();
        scene.text(GRID_LEFT - 12.0, y + ROW / 2.0 + 5.0, hand, name);
        for (hour, &n) in row.iter().take(24).enumerate() {
            let x = GRID_LEFT + column * place(hour);
            let depth = PALEST + (1.0 - PALEST) * length(n) / length(most);
            let ink = if n == 0 { EMPTY } else { PAPER.towards(BLUE, depth) };
            scene.rect(x + 1.0, y + 1.0, column - 2.0, ROW - 2.0, ink);
            if n > 0 {
                let ink = if depth > 0.55 { PAPER } else { TEXT };
                let hand = Hand::new(SMALL, ink).middle();
                scene.fitted(x + column / 2.0, y + ROW / 2.0 + 5.0, hand, &count(n), column);
            }
        }
    }
    let y = GRID_TOP + ROW * 7.0 + 26.0;
    scene.fitted(GRID_LEFT, y, Hand::new(SMALL, MUTED), &words.get("chart.heatmap_note"), 880.0);
    scene
}

//! `transfer-waterfall`: of those who asked, how many were offered a human, queued, connected,
//! and heard a human speak. A stage that no source shows is drawn as such, not as 0.

use super::Context;
use super::axis::place;
use super::frame::{BOTTOM, LEFT, RIGHT, TOP, nothing, sheet};
use super::scene::{Hand, Scene};
use super::style::{BLUE, EMPTY, LABEL, LIGHT_BLUE, MUTED, SMALL, TEXT};
use crate::aggregate::summary::Stage;
use crate::report::number::count;
use crate::report::shown::{nobody_asked, passed};

const BAR_LEFT: f64 = 190.0;
const BAR_RIGHT: f64 = 690.0;

pub(super) fn draw(context: &Context<'_>) -> Scene {
    let transfer = &context.summary.transfer;
    let words = context.words;
    let asked = count(transfer.asked.hits);
    let basis = words.fill("chart.n_askers", &[("n", &asked)]);
    let mut scene = sheet(context, "chart.waterfall_title", &basis);
    if transfer.asked.hits == 0 || transfer.stages.is_empty() {
        return nothing(scene, context, nobody_asked(context.summary));
    }
    let pitch = (BOTTOM - TOP) / place(transfer.stages.len());
    for (i, stage) in transfer.stages.iter().enumerate() {
        row(&mut scene, context, stage, TOP + pitch * place(i), pitch);
    }
    scene
}

fn row(scene: &mut Scene, context: &Context<'_>, stage: &Stage, top: f64, pitch: f64) {
    let (words, numbers) = (context.words, context.numbers);
    let height = (pitch * 0.56).min(48.0);
    let y = top + (pitch - height) / 2.0;
    let base = y + height / 2.0 + 5.0;
    let name = words.name("stage", &stage.stage);
    let hand = Hand::new(LABEL + 1.0, TEXT);
    scene.fitted(BAR_LEFT - 14.0, base, hand.end(), &name, BAR_LEFT - LEFT - 14.0);
    let room = RIGHT - BAR_RIGHT - 16.0;
    let seen = passed(stage, context.summary.transfer.reached);
    let Some((rate, share)) = seen.and_then(|r| Some((r, r.share()?))) else {
        scene.hatched(BAR_LEFT, y, BAR_RIGHT - BAR_LEFT, height);
        let absent = words.get("number.not_in_export");
        let width = hand.bold().width(&absent) + 28.0;
        let middle = f64::midpoint(BAR_LEFT, BAR_RIGHT);
        scene.rect(middle - width / 2.0, y + 4.0, width, height - 8.0, EMPTY);
        scene.text(middle, base, hand.bold().middle(), absent);
        return;
    };
    let width = (BAR_RIGHT - BAR_LEFT) * share;
    scene.rect(BAR_LEFT, y, BAR_RIGHT - BAR_LEFT, height, EMPTY);
    let last = stage.stage == "human_spoke";
    scene.rect(BAR_LEFT, y, width.max(1.0), height, if last { BLUE } else { LIGHT_BLUE });
    let x = BAR_RIGHT + 16.0;
    if stage.stage == "asked" {
        // The base of all others: its share is 1 by definition and has no interval.
        scene.fitted(x, base, hand.bold(), &count(rate.hits), room);
        return;
    }
    scene.fitted(x, base - 9.0, hand.bold(), &numbers.share(&rate), room);
    scene.fitted(x, base + 8.0, Hand::new(SMALL, MUTED), &numbers.base(&rate), room);
    if stage.not_in_export > 0 {
        let n = count(stage.not_in_export);
        let text = words.fill("chart.also_not_in_export", &[("n", &n)]);
        scene.fitted(x, base + 24.0, Hand::new(SMALL, MUTED), &text, room);
    }
}

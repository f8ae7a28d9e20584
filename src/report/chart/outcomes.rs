//! `outcomes`: the thirteen outcomes of METRICS section 3 with count, share and interval; the part
//! that rests on explicit evidence is darker.

use super::Context;
use super::axis::{length, place};
use super::frame::{LEFT, RIGHT, TOP, key, nothing, sheet};
use super::scene::{Hand, Scene};
use super::style::{
    BLUE, EMPTY, LABEL, LIGHT_BLUE, LIGHT_VERMILLION, MUTED, SMALL, TEXT, VERMILLION,
};
use crate::model::Outcome;
use crate::report::number::count;
use crate::report::shown::{is_hidden, nobody_asked, outcome_rate};

const BAR_LEFT: f64 = 230.0;
const BAR_RIGHT: f64 = 640.0;
const FIRST: f64 = TOP + 22.0;

pub(super) fn draw(context: &Context<'_>) -> Scene {
    let transfer = &context.summary.transfer;
    let words = context.words;
    let asked = count(transfer.asked.hits);
    let basis = words.fill("chart.n_askers", &[("n", &asked)]);
    let mut scene = sheet(context, "chart.outcomes_title", &basis);
    if transfer.asked.hits == 0 {
        return nothing(scene, context, nobody_asked(context.summary));
    }
    let next = key(&mut scene, BAR_LEFT, TOP, VERMILLION, &words.get("chart.explicit"));
    key(&mut scene, next, TOP, LIGHT_VERMILLION, &words.get("chart.inferred"));
    // `reached` is blue, the rest vermillion; the key shows both, dark and light.
    scene.rect(BAR_LEFT, TOP - 11.0, 7.0, 12.0, BLUE);
    scene.rect(next, TOP - 11.0, 7.0, 12.0, LIGHT_BLUE);
    let most = transfer.outcomes.values().copied().max().unwrap_or(0).max(1);
    let pitch = (526.0 - FIRST) / place(Outcome::ALL.len());
    for (i, outcome) in Outcome::ALL.into_iter().enumerate() {
        row(&mut scene, context, outcome, most, FIRST + pitch * place(i));
    }
    scene
}

fn row(scene: &mut Scene, context: &Context<'_>, outcome: Outcome, most: u64, top: f64) {
    let transfer = &context.summary.transfer;
    let name = outcome.name();
    let rate = outcome_rate(transfer, name);
    let explicit = transfer.outcomes_explicit.get(name).copied().unwrap_or(0).min(rate.hits);
    let unit = (BAR_RIGHT - BAR_LEFT) / length(most);
    let (dark, light) = match outcome {
        Outcome::Reached => (BLUE, LIGHT_BLUE),
        _ => (VERMILLION, LIGHT_VERMILLION),
    };
    let base = top + 16.0;
    let hand = Hand::new(LABEL, TEXT);
    let label = context.words.name("outcome", name);
    scene.fitted(BAR_LEFT - 12.0, base, hand.end(), &label, BAR_LEFT - 12.0 - LEFT);
    scene.rect(BAR_LEFT, top + 2.0, BAR_RIGHT - BAR_LEFT, 19.0, EMPTY);
    scene.rect(BAR_LEFT, top + 2.0, unit * length(rate.hits), 19.0, light);
    scene.rect(BAR_LEFT, top + 2.0, unit * length(explicit), 19.0, dark);
    let x = BAR_RIGHT + 16.0;
    if is_hidden(context.summary, outcome) {
        scene.hatched(BAR_LEFT, top + 2.0, BAR_RIGHT - BAR_LEFT, 19.0);
        let absent = context.words.get("number.not_in_export");
        scene.fitted(x, base, Hand::new(SMALL, MUTED), &absent, RIGHT - x);
        return;
    }
    scene.text(x + 54.0, base, hand.bold().end(), count(rate.hits));
    scene.text(x + 124.0, base, hand.end(), context.numbers.share(&rate));
    let interval =
        context.words.fill("chart.interval", &[("interval", &context.numbers.interval(&rate))]);
    scene.fitted(x + 136.0, base, Hand::new(SMALL, MUTED), &interval, RIGHT - x - 136.0);
}

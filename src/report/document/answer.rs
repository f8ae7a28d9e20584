//! The first screen: ten lines that answer what a regulator asks, and the key figures.

use super::writer::Writer;
use super::{KeyFigure, Line};
use crate::aggregate::summary::Within;
use crate::model::Outcome;
use crate::report::number::{count, decimal, share};
use crate::stats::Rate;

/// Reasons named in the answer; all thirteen stand in the table.
const REASONS: usize = 3;

/// Exactly ten lines.
pub(super) fn lines(w: &Writer<'_>) -> Vec<Line> {
    let line = |key: &str, text: String| Line { label: w.get(&format!("answer.{key}")), text };
    vec![
        line("asked", asked(w)),
        line("reached", reached(w)),
        line("not_reached", not_reached(w)),
        line("tries", tries(w)),
        line("steps", steps(w)),
        line("wait", wait(w)),
        line("within", within(w)),
        line("retold", retold(w)),
        line("unasked", unasked(w)),
        line("complaints", complaints(w)),
    ]
}

fn asked(w: &Writer<'_>) -> String {
    let transfer = &w.summary.transfer;
    let rate = w.numbers.rate(&transfer.asked);
    let explicit = w.numbers.rate(&transfer.asked_explicit);
    w.fill("answer.asked_text", &[("rate", &rate), ("explicit", &explicit)])
}

fn reached(w: &Writer<'_>) -> String {
    let transfer = &w.summary.transfer;
    let rate = w.numbers.rate(&transfer.reached);
    let explicit = w.numbers.rate(&transfer.reached_explicit);
    w.fill("answer.reached_text", &[("rate", &rate), ("explicit", &explicit)])
}

fn not_reached(w: &Writer<'_>) -> String {
    let transfer = &w.summary.transfer;
    let counted = |o: Outcome| (o, transfer.outcomes.get(o.name()).copied().unwrap_or(0));
    let mut reasons: Vec<(Outcome, u64)> = Outcome::ALL
        .into_iter()
        .filter(|o| *o != Outcome::Reached)
        .map(counted)
        .filter(|(_, n)| *n > 0)
        .collect();
    // Stable: equal counts keep the order of the definition.
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let item = |(outcome, n): &(Outcome, u64)| {
        let outcome = w.name("outcome", outcome.name());
        w.fill("answer.not_reached_item", &[("outcome", &outcome), ("n", &count(*n))])
    };
    let list: Vec<String> = reasons.iter().take(REASONS).map(item).collect();
    let why = if list.is_empty() {
        String::new()
    } else {
        w.fill("answer.not_reached_why", &[("list", &join(w, &list))])
    };
    let rate = w.numbers.rate(&transfer.not_reached);
    w.fill("answer.not_reached_text", &[("rate", &rate), ("why", &why)]).trim_end().to_owned()
}

fn tries(w: &Writer<'_>) -> String {
    let transfer = &w.summary.transfer;
    let mean = transfer.attempts_mean.map_or_else(|| w.numbers.undefined(), decimal);
    w.fill(
        "answer.tries_text",
        &[
            ("attempts", &count(transfer.attempts)),
            ("failed", &count(transfer.failed_attempts)),
            ("mean", &mean),
            ("twice", &w.numbers.rate(&transfer.asked_twice_or_more)),
            ("thrice", &w.numbers.rate(&transfer.asked_three_times_or_more)),
        ],
    )
}

fn steps(w: &Writer<'_>) -> String {
    let steps = &w.summary.transfer.steps_to_human;
    match (steps.p50, steps.p90) {
        (Some(p50), Some(p90)) => w.fill(
            "answer.steps_text",
            &[
                ("n", &count(steps.n)),
                ("p50", &count(u64::from(p50))),
                ("p90", &count(u64::from(p90))),
            ],
        ),
        _ => w.get("answer.steps_none"),
    }
}

fn wait(w: &Writer<'_>) -> String {
    let wait = &w.summary.waits.request_to_human;
    let p50 = w.numbers.quantile(wait.p50_s, wait.p50_low_s, wait.p50_high_s);
    let p90 = w.numbers.quantile(wait.p90_s, wait.p90_low_s, wait.p90_high_s);
    let n = count(wait.reached);
    w.fill("answer.wait_text", &[("p50", &p50), ("p90", &p90), ("n", &n)])
}

fn within(w: &Writer<'_>) -> String {
    let wait = &w.summary.waits.request_to_human;
    let item = |within: &Within| {
        let (t, share) = (w.numbers.threshold(within.t_s), share(within.share?));
        Some(w.fill("answer.within_item", &[("t", &t), ("share", &share)]))
    };
    let list: Vec<String> = wait.reached_within.iter().filter_map(item).collect();
    let list = if list.is_empty() { w.get("answer.within_none") } else { join(w, &list) };
    let all = w.numbers.open_duration(wait.all_p50_s, measured(w));
    w.fill("answer.within_text", &[("list", &list), ("all", &all)])
}

fn retold(w: &Writer<'_>) -> String {
    let effort = &w.summary.effort;
    let rate = w.numbers.rate(&effort.conversations_with_retelling);
    let context = w.numbers.rate(&effort.conversations_with_context_loss);
    w.fill("answer.retold_text", &[("rate", &rate), ("context", &context)])
}

fn unasked(w: &Writer<'_>) -> String {
    let transfer = &w.summary.transfer;
    let left = w.numbers.rate(&transfer.left_unasked);
    let handed = w.numbers.rate(&transfer.handed_over_unasked);
    w.fill("answer.unasked_text", &[("left", &left), ("handed", &handed)])
}

fn complaints(w: &Writer<'_>) -> String {
    let Some(complaints) = &w.summary.complaints else {
        return w.get("answer.complaints_none");
    };
    let about = w.numbers.rate(&complaints.about_reaching_human);
    let n = count(complaints.records);
    w.fill("answer.complaints_text", &[("n", &n), ("about", &about)])
}

/// Waits whose length the export can show: without them a quantile is undefined, not open.
pub(super) fn measured(w: &Writer<'_>) -> u64 {
    let wait = &w.summary.waits.request_to_human;
    wait.n.saturating_sub(wait.without_length)
}

fn join(w: &Writer<'_>, items: &[String]) -> String {
    items.join(&w.get("answer.separator"))
}

/// The figures in large type.
pub(super) fn key_figures(w: &Writer<'_>) -> Vec<KeyFigure> {
    let transfer = &w.summary.transfer;
    let rate = |key: &str, rate: &Rate| KeyFigure {
        label: w.get(&format!("card.{key}")),
        value: w.numbers.share(rate),
        base: w.numbers.base(rate),
        text: w.get(&format!("card.{key}_text")),
    };
    vec![
        rate("asked", &transfer.asked),
        rate("reached", &transfer.reached),
        rate("not_reached", &transfer.not_reached),
        rate("again", &transfer.asked_twice_or_more),
        median_wait(w),
        rate("retold", &w.summary.effort.conversations_with_retelling),
    ]
}

fn median_wait(w: &Writer<'_>) -> KeyFigure {
    let wait = &w.summary.waits.request_to_human;
    let n = count(wait.reached);
    let end = |s: Option<f64>| match s {
        Some(s) => w.numbers.duration(s),
        None => w.get("number.open_end"),
    };
    let base = match wait.p50_s {
        Some(_) => {
            let (low, high) = (end(wait.p50_low_s), end(wait.p50_high_s));
            w.fill("card.wait_base", &[("n", &n), ("low", &low), ("high", &high)])
        }
        None => w.fill("table.n_is", &[("n", &n)]),
    };
    let all = w.numbers.open_duration(wait.all_p50_s, measured(w));
    KeyFigure {
        label: w.get("card.wait"),
        value: w.numbers.duration_or(wait.p50_s),
        base,
        text: w.fill("card.wait_text", &[("all", &all)]),
    }
}

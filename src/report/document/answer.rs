//! The first screen: lines that answer what a regulator asks, and the key figures. Ten lines where
//! a chat log shows requests; fewer where nine would only say that nothing can be said.

use super::writer::Writer;
use super::{KeyFigure, Line, claims};
use crate::aggregate::summary::Within;
use crate::model::Outcome;
use crate::report::number::{count, decimal, share};
use crate::report::only_complaints;
use crate::report::shown::{customers_unseen, humans_unseen, shows};
use crate::stats::Rate;

/// Reasons named in the answer, the rest added up; all thirteen stand in the table.
const REASONS: usize = 3;

/// The lines in the order of a conversation.
pub(super) fn lines(w: &Writer<'_>) -> Vec<Line> {
    if only_complaints(w.summary) {
        return claims::lines(w);
    }
    if customers_unseen(w.summary) {
        let unnamed = w.summary.problems.get("unknown-sender").is_some_and(|n| *n > 0);
        let text = if unnamed { "answer.asked_text_unknown" } else { "answer.asked_text_silent" };
        let asked = line(w, "asked", w.get(text));
        return vec![asked, line(w, "complaints", complaints(w))];
    }
    let mut lines = vec![line(w, "asked", asked(w))];
    if w.summary.transfer.asked.hits == 0 {
        lines.push(line(w, "nobody", w.get("answer.nobody_text")));
    } else if humans_unseen(w.summary) {
        lines.extend([line(w, "reached", unseen(w)), line(w, "tries", tries(w))]);
    } else {
        lines.extend([
            line(w, "reached", reached(w)),
            line(w, "not_reached", not_reached(w)),
            line(w, "tries", tries(w)),
            line(w, "steps", steps(w)),
            line(w, "wait", wait(w)),
            line(w, "within", within(w)),
        ]);
    }
    lines.extend([
        line(w, "retold", retold(w)),
        line(w, "unasked", unasked(w)),
        line(w, "complaints", complaints(w)),
    ]);
    lines
}

pub(super) fn line(w: &Writer<'_>, key: &str, text: String) -> Line {
    Line { label: w.get(&format!("answer.{key}")), text }
}

fn asked(w: &Writer<'_>) -> String {
    let transfer = &w.summary.transfer;
    let rate = w.numbers.rate(&transfer.asked);
    if transfer.explicit.asked.hits == 0 {
        return w.fill("answer.asked_text_unmarked", &[("rate", &rate)]);
    }
    let explicit = w.numbers.rate(&transfer.explicit.asked);
    w.fill("answer.asked_text", &[("rate", &rate), ("explicit", &explicit)])
}

fn reached(w: &Writer<'_>) -> String {
    let transfer = &w.summary.transfer;
    let rate = w.numbers.rate(&transfer.reached);
    if transfer.explicit.reached.of == 0 {
        return w.fill("answer.reached_text_inferred", &[("rate", &rate)]);
    }
    let explicit = w.numbers.rate(&transfer.explicit.reached);
    w.fill("answer.reached_text", &[("rate", &rate), ("explicit", &explicit)])
}

fn not_reached(w: &Writer<'_>) -> String {
    let transfer = &w.summary.transfer;
    let rate = w.numbers.rate(&transfer.not_reached);
    let mut text = w.fill("answer.not_reached_text", &[("rate", &rate)]);
    let list = reasons(w, transfer.asked.hits.saturating_sub(transfer.reached.hits));
    if !list.is_empty() {
        text += &w.fill("answer.not_reached_why", &[("list", &join(w, &list))]);
    }
    let (withdrawn, unknown) = (of_outcome(w, Outcome::Withdrawn), of_outcome(w, Outcome::Unknown));
    if withdrawn + unknown > 0 {
        let values = [("withdrawn", count(withdrawn)), ("unknown", count(unknown))];
        let values = values.each_ref().map(|(name, n)| (*name, n.as_str()));
        text += &w.fill("answer.not_reached_holds", &values);
    }
    text
}

/// What became of the requests where a human's answer would not be seen.
fn unseen(w: &Writer<'_>) -> String {
    let list = reasons(w, w.summary.transfer.asked.hits);
    w.fill("answer.reached_absent", &[("list", &join(w, &list))])
}

fn of_outcome(w: &Writer<'_>, outcome: Outcome) -> u64 {
    w.summary.transfer.outcomes.get(outcome.name()).copied().unwrap_or(0)
}

/// The commonest outcomes but `reached`, as shares of `of`.
fn reasons(w: &Writer<'_>, of: u64) -> Vec<String> {
    let mut reasons: Vec<(Outcome, u64)> = Outcome::ALL
        .into_iter()
        .filter(|o| *o != Outcome::Reached)
        .map(|o| (o, of_outcome(w, o)))
        .filter(|(_, n)| *n > 0)
        .collect();
    // Stable: equal counts keep the order of the definition.
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let of = count(of);
    let item = |name: &str, n: u64| {
        w.fill("answer.not_reached_item", &[("outcome", name), ("n", &count(n)), ("of", &of)])
    };
    let mut list: Vec<String> =
        reasons.iter().take(REASONS).map(|(o, n)| item(&w.name("outcome", o.name()), *n)).collect();
    let others: u64 = reasons.iter().skip(REASONS).map(|(_, n)| n).sum();
    if others > 0 {
        list.push(item(&w.get("answer.not_reached_others"), others));
    }
    list
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
            ("n", &count(transfer.asked.hits)),
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
                ("of", &count(w.summary.transfer.asked.hits)),
                ("p50", &count(u64::from(p50))),
                ("p90", &count(u64::from(p90))),
            ],
        ),
        _ => w.get("answer.steps_none"),
    }
}

fn wait(w: &Writer<'_>) -> String {
    let wait = &w.summary.waits.request_to_human;
    if wait.p50_s.is_none() {
        let key = if wait.reached == 0 { "answer.wait_nobody" } else { "answer.wait_none" };
        return w.get(key);
    }
    let p50 = w.numbers.quantile(wait.p50_s, wait.p50_low_s, wait.p50_high_s);
    let p90 = w.numbers.quantile(wait.p90_s, wait.p90_low_s, wait.p90_high_s);
    let (n, of) = (count(wait.reached), count(wait.n));
    w.fill("answer.wait_text", &[("p50", &p50), ("p90", &p90), ("n", &n), ("of", &of)])
}

fn within(w: &Writer<'_>) -> String {
    let wait = &w.summary.waits.request_to_human;
    let item = |within: &Within| {
        let (t, share) = (w.numbers.threshold(within.t_s), share(within.share?));
        let (hits, of) = (count(within.hits), count(within.of));
        let values = [("t", t.as_str()), ("share", &share), ("hits", &hits), ("of", &of)];
        Some(w.fill("answer.within_item", &values))
    };
    let list: Vec<String> = wait.reached_within.iter().filter_map(item).collect();
    if list.is_empty() {
        return w.get("answer.within_none");
    }
    let all = w.numbers.open_duration(wait.all_p50_s, measured(w));
    let mut text = w.fill("answer.within_text", &[("list", &join(w, &list)), ("all", &all)]);
    if wait.reached_within.iter().any(estimated) {
        text += &w.fill("answer.within_estimate", &[("n", &count(wait.censored))]);
    }
    text
}

/// A log that is cut while the customer waits makes the share an estimate: it is then no longer
/// cases by base, and a reader who divides the two has to be told.
pub(super) fn estimated(within: &Within) -> bool {
    let plain = Rate { hits: within.hits, of: within.of, low: None, high: None }.share();
    plain.map(share) != within.share.map(share)
}

fn retold(w: &Writer<'_>) -> String {
    let effort = &w.summary.effort;
    let rate = w.numbers.rate(&effort.conversations_with_retelling);
    let context = w.rate_or_absent(&effort.conversations_with_context_loss, "bot_replies");
    w.fill("answer.retold_text", &[("rate", &rate), ("context", &context)])
}

fn unasked(w: &Writer<'_>) -> String {
    let transfer = &w.summary.transfer;
    let left = w.rate_or_absent(&transfer.left_unasked, "bot_replies");
    let part = if shows(w.summary, "bot_replies") == 0 { "bot_replies" } else { "agent_messages" };
    let handed = w.rate_or_absent(&transfer.handed_over_unasked, part);
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

pub(super) fn join(w: &Writer<'_>, items: &[String]) -> String {
    items.join(&w.get("answer.separator"))
}

/// The figures in large type.
pub(super) fn key_figures(w: &Writer<'_>) -> Vec<KeyFigure> {
    if only_complaints(w.summary) {
        return claims::key_figures(w);
    }
    if customers_unseen(w.summary) {
        return vec![rate_figure(w, "asked", &Rate::default())];
    }
    let transfer = &w.summary.transfer;
    let retold = rate_figure(w, "retold", &w.summary.effort.conversations_with_retelling);
    if transfer.asked.hits == 0 {
        return vec![rate_figure(w, "asked", &transfer.asked), retold];
    }
    if humans_unseen(w.summary) {
        let again = rate_figure(w, "again", &transfer.asked_twice_or_more);
        return vec![rate_figure(w, "asked", &transfer.asked), again, retold];
    }
    vec![
        rate_figure(w, "asked", &transfer.asked),
        rate_figure(w, "reached", &transfer.reached),
        rate_figure(w, "not_reached", &transfer.not_reached),
        rate_figure(w, "again", &transfer.asked_twice_or_more),
        median_wait(w),
        retold,
    ]
}

pub(super) fn rate_figure(w: &Writer<'_>, key: &str, rate: &Rate) -> KeyFigure {
    KeyFigure {
        label: w.get(&format!("card.{key}")),
        value: w.numbers.share(rate),
        base: w.numbers.base(rate),
        text: w.get(&format!("card.{key}_text")),
    }
}

fn median_wait(w: &Writer<'_>) -> KeyFigure {
    let wait = &w.summary.waits.request_to_human;
    let n = count(wait.reached);
    let base = match wait.p50_s {
        Some(_) => {
            let interval = w.numbers.quantile_interval(wait.p50_low_s, wait.p50_high_s);
            w.fill("card.wait_base", &[("n", &n), ("interval", &interval)])
        }
        None => w.fill("table.n_is", &[("n", &n)]),
    };
    let text = if measured(w) == 0 {
        w.get("card.wait_none")
    } else {
        let all = w.numbers.open_duration(wait.all_p50_s, measured(w));
        w.fill("card.wait_text", &[("all", &all)])
    };
    KeyFigure { label: w.get("card.wait"), value: w.numbers.duration_or(wait.p50_s), base, text }
}

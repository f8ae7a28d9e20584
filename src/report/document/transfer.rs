//! Asking for a human: rates, counts, stages, outcomes, attempts, steps, wordings, hours.

use super::writer::{Writer, cell};
use super::{Block, Cell, Section};
use crate::aggregate::summary::{Stage, WordingRow};
use crate::model::Outcome;
use crate::report::number::{count, decimal};
use crate::report::shown::{customers_unseen, is_hidden, nobody_asked, outcome_rate, passed};
use crate::stats::Rate;

pub(super) fn section(w: &Writer<'_>) -> Section {
    let mut blocks = vec![w.text("transfer.intro"), rates(w)];
    blocks.extend(explicit(w));
    if w.summary.transfer.contained.of > 0 {
        blocks.push(w.caution("transfer.contained_note"));
    }
    blocks.push(counts(w));
    if w.summary.transfer.asked.hits == 0 {
        blocks.push(w.text(nobody_asked(w.summary)));
    } else {
        blocks.push(w.follow("transfer.trace_asked"));
        blocks.extend(asked(w));
    }
    w.section("transfer", "doc.transfer", blocks)
}

/// What became of those who asked.
fn asked(w: &Writer<'_>) -> Vec<Block> {
    let mut blocks = vec![
        w.chart("transfer-waterfall", "chart.waterfall_title"),
        stages(w),
        w.follow("transfer.trace_stages"),
        w.chart("outcomes", "chart.outcomes_title"),
        outcomes(w),
        w.text("transfer.outcomes_note"),
        w.follow("transfer.trace_outcome"),
        w.chart("attempts-per-asker", "chart.attempts_title"),
        steps(w),
        w.follow("transfer.trace_steps"),
    ];
    blocks.extend(wordings(w));
    blocks.push(w.chart("failed-heatmap", "chart.heatmap_title"));
    blocks.push(w.follow("transfer.trace_failed"));
    blocks
}

fn rates(w: &Writer<'_>) -> Block {
    let t = &w.summary.transfer;
    let asked = if customers_unseen(w.summary) { Rate::default() } else { t.asked };
    w.rates(&[
        ("asked", "conversations", asked),
        ("reached", "askers", t.reached),
        ("not_reached", "askers", t.not_reached),
        ("asked_twice_or_more", "askers", t.asked_twice_or_more),
        ("asked_three_times_or_more", "askers", t.asked_three_times_or_more),
        ("left_unasked", "unasked_bot", t.left_unasked),
        ("handed_over_unasked", "unasked", t.handed_over_unasked),
        ("contained", "bot", t.contained),
    ])
}

/// Every rate that rests on inferred findings, beside the same on what the export itself marks.
fn explicit(w: &Writer<'_>) -> Vec<Block> {
    let t = &w.summary.transfer;
    let e = &t.explicit;
    if t.asked.hits == 0 {
        return Vec::new();
    }
    if e.asked.hits == 0 {
        return vec![w.text("transfer.explicit_none")];
    }
    let stage = |stages: &[Stage], name: &str| {
        stages.iter().find(|s| s.stage == name).and_then(|s| s.passed).unwrap_or_default()
    };
    let mut rows = vec![
        (w.get("rate.asked"), t.asked, e.asked),
        (w.get("rate.reached"), t.reached, e.reached),
        (w.get("rate.not_reached"), t.not_reached, e.not_reached),
        (w.get("rate.asked_twice_or_more"), t.asked_twice_or_more, e.asked_twice_or_more),
        (
            w.get("rate.asked_three_times_or_more"),
            t.asked_three_times_or_more,
            e.asked_three_times_or_more,
        ),
    ];
    for name in ["offered", "queued", "connected"] {
        let rates = (stage(&t.stages, name), stage(&e.stages, name));
        rows.push((w.name("stage", name), rates.0, rates.1));
    }
    let row = |(name, all, marked): (String, Rate, Rate)| {
        let [share, hits, of, interval] = w.rate_cells(&marked);
        vec![cell(name), w.rate_cell(&all), share, hits, of, interval]
    };
    let columns = ["measure", "all_findings#", "explicit_share#", "hits#", "of#", "interval#"];
    let table =
        w.table(w.get("table.explicit_rates"), &columns, rows.into_iter().map(row).collect());
    vec![w.text("transfer.explicit_intro"), table]
}

fn counts(w: &Writer<'_>) -> Block {
    let t = &w.summary.transfer;
    w.counts(&[
        ("requests", count(t.requests)),
        ("attempts", count(t.attempts)),
        ("attempts_mean", t.attempts_mean.map_or_else(|| w.numbers.undefined(), decimal)),
        ("failed_attempts", count(t.failed_attempts)),
        ("nudges", count(t.nudges)),
        ("episodes", count(t.episodes)),
        ("human_checks", count(t.human_checks)),
        ("supervisor_requests", count(t.supervisor_requests)),
    ])
}

fn stages(w: &Writer<'_>) -> Block {
    let rows = w.summary.transfer.stages.iter().map(|stage| {
        let absent = w.get("number.not_in_export");
        let passed = match passed(stage, w.summary.transfer.reached) {
            // The base of the others: a share of itself is no figure.
            Some(rate) if stage.stage == "asked" => cell(count(rate.hits)),
            Some(rate) => w.rate_cell(&rate),
            None => cell(absent),
        };
        vec![cell(w.name("stage", &stage.stage)), passed, cell(count(stage.not_in_export))]
    });
    let columns = ["stage", "passed#", "not_in_export#"];
    w.table(w.get("table.stages"), &columns, rows.collect())
}

fn outcomes(w: &Writer<'_>) -> Block {
    let t = &w.summary.transfer;
    let row = |outcome: Outcome| -> Vec<Cell> {
        let name = outcome.name();
        let rate = outcome_rate(t, name);
        let of = |counts: &std::collections::BTreeMap<String, u64>| {
            counts.get(name).copied().unwrap_or(0)
        };
        let explicit = of(&t.outcomes_explicit);
        let meaning = w.get(&format!("outcome_means.{name}"));
        if is_hidden(w.summary, outcome) {
            let name = Cell { text: w.name("outcome", name), base: Some(meaning) };
            let mut row = vec![name, cell(w.get("number.not_in_export"))];
            row.resize(7, cell(""));
            return row;
        }
        vec![
            Cell { text: w.name("outcome", name), base: Some(meaning) },
            cell(count(rate.hits)),
            cell(w.numbers.share(&rate)),
            cell(w.numbers.interval(&rate)),
            cell(count(explicit)),
            cell(count(rate.hits.saturating_sub(explicit))),
            cell(count(of(&t.outcomes_short))),
        ]
    };
    let columns = ["outcome", "hits#", "share#", "interval#", "explicit#", "inferred#", "short#"];
    w.table(w.get("table.outcomes"), &columns, Outcome::ALL.into_iter().map(row).collect())
}

fn steps(w: &Writer<'_>) -> Block {
    let steps = &w.summary.transfer.steps_to_human;
    let whole = |n: Option<u32>| n.map_or_else(|| w.numbers.undefined(), |n| count(n.into()));
    let row = vec![
        cell(count(steps.n)),
        cell(whole(steps.p50)),
        cell(whole(steps.p90)),
        cell(whole(steps.max)),
        cell(steps.mean.map_or_else(|| w.numbers.undefined(), decimal)),
    ];
    let columns = ["reached#", "p50#", "p90#", "max#", "mean#"];
    w.table(w.get("table.steps"), &columns, vec![row])
}

fn wordings(w: &Writer<'_>) -> Vec<Block> {
    let rows = &w.summary.transfer.by_wording;
    if rows.is_empty() {
        return vec![w.text("transfer.by_wording_none")];
    }
    let row = |row: &WordingRow| {
        let mut cells = vec![cell(w.name("wording", &row.wording))];
        cells.extend(w.rate_cells(&row.served));
        cells.push(match row.served_explicit.of {
            0 => cell(""),
            _ => w.rate_cell(&row.served_explicit),
        });
        cells
    };
    let columns = ["wording", "served#", "hits#", "of#", "interval#", "marked#"];
    let rows = rows.iter().map(row).collect();
    vec![w.table(w.get("table.wordings"), &columns, rows), w.follow("transfer.trace_wording")]
}

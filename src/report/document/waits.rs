//! Waits: how each ended, lengths of those reached, quantiles over all, shares within a time.

use super::answer::measured;
use super::writer::{Writer, cell};
use super::{Block, Cell, Section};
use crate::aggregate::summary::WaitSummary;
use crate::report::number::count;

pub(super) fn section(w: &Writer<'_>) -> Section {
    let clocks = clocks(w);
    let mut blocks = vec![
        w.text("waits.intro"),
        beside(w),
        w.chart("reached-over-time", "chart.reached_title"),
        within(w),
        short_abandons(w),
        w.chart("wait-distribution", "chart.waits_title"),
        ends(w, &clocks),
        lengths(w, &clocks),
        over_all(w, &clocks),
        w.caution("waits.km_note"),
    ];
    blocks.extend(limits(w, &clocks));
    blocks.push(w.follow("waits.trace"));
    w.section("waits", "doc.waits", blocks)
}

type Clock<'a> = (String, &'a WaitSummary);

fn clocks<'a>(w: &Writer<'a>) -> Vec<Clock<'a>> {
    let waits = &w.summary.waits;
    [
        ("request_to_human", &waits.request_to_human),
        ("request_to_human_with_greeting", &waits.request_to_human_with_greeting),
        ("start_to_human", &waits.start_to_human),
        ("start_to_human_with_greeting", &waits.start_to_human_with_greeting),
        ("first_response", &waits.first_response),
        ("first_human_response", &waits.first_human_response),
        ("queue", &waits.queue),
        ("longest_silence", &waits.longest_silence),
        ("handling", &waits.handling),
        ("time_to_close", &waits.time_to_close),
    ]
    .into_iter()
    .map(|(key, wait)| (w.get(&format!("clock.{key}")), wait))
    .collect()
}

/// What vendors print never stands without the share reached.
fn beside(w: &Writer<'_>) -> Block {
    let p50 = w.numbers.duration_or(w.summary.waits.request_to_human.p50_s);
    let rate = w.numbers.rate(&w.summary.transfer.reached);
    Block::Text { text: w.fill("waits.beside", &[("p50", &p50), ("rate", &rate)]) }
}

fn within(w: &Writer<'_>) -> Block {
    let waits = &w.summary.waits;
    let clocks = [
        ("request_to_human", &waits.request_to_human),
        ("start_to_human", &waits.start_to_human),
        ("queue", &waits.queue),
    ];
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (key, wait) in clocks {
        for within in &wait.reached_within {
            let rate = crate::stats::Rate {
                hits: within.hits,
                of: within.of,
                low: within.low,
                high: within.high,
            };
            // The estimate: it differs from hits / base where the log was cut.
            let share =
                within.share.map_or_else(|| w.numbers.undefined(), super::super::number::share);
            rows.push(vec![
                cell(w.get(&format!("clock.{key}"))),
                cell(w.numbers.threshold(within.t_s)),
                cell(share),
                cell(count(within.hits)),
                cell(count(within.of)),
                cell(w.numbers.interval(&rate)),
            ]);
        }
    }
    let columns = ["clock", "within_t#", "share#", "hits#", "of#", "interval#"];
    w.table(w.get("table.within"), &columns, rows)
}

fn short_abandons(w: &Writer<'_>) -> Block {
    let treatment = w.name("waits", &w.summary.waits.short_abandons);
    Block::Text { text: w.fill("waits.short_abandons", &[("treatment", &treatment)]) }
}

fn ends(w: &Writer<'_>, clocks: &[Clock<'_>]) -> Block {
    let row = |(name, wait): &Clock<'_>| {
        let mut row = vec![cell(name)];
        let counts =
            [wait.n, wait.reached, wait.left, wait.dropped, wait.censored, wait.without_length];
        row.extend(counts.map(|n| cell(count(n))));
        row
    };
    let columns = ["clock", "n#", "reached#", "left#", "dropped#", "censored#", "no_length#"];
    w.table(w.get("table.clock_ends"), &columns, clocks.iter().map(row).collect())
}

fn lengths(w: &Writer<'_>, clocks: &[Clock<'_>]) -> Block {
    let row = |(name, wait): &Clock<'_>| {
        let quantile = |at: Option<f64>, low: Option<f64>, high: Option<f64>| {
            let end = |s: Option<f64>| {
                s.map_or_else(|| w.get("number.open_end"), |s| w.numbers.duration(s))
            };
            let base = at.map(|_| format!("95 %: {} – {}", end(low), end(high)));
            Cell { text: w.numbers.duration_or(at), base }
        };
        vec![
            cell(name),
            cell(count(wait.reached)),
            quantile(wait.p50_s, wait.p50_low_s, wait.p50_high_s),
            quantile(wait.p90_s, wait.p90_low_s, wait.p90_high_s),
            cell(w.numbers.duration_or(wait.p95_s)),
            cell(w.numbers.duration_or(wait.p99_s)),
            cell(w.numbers.duration_or(wait.max_s)),
            cell(w.numbers.duration_or(wait.mean_s)),
        ]
    };
    let columns = ["clock", "reached#", "p50#", "p90#", "p95#", "p99#", "max#", "mean#"];
    w.table(w.get("table.clock_reached"), &columns, clocks.iter().map(row).collect())
}

fn over_all(w: &Writer<'_>, clocks: &[Clock<'_>]) -> Block {
    let row = |(name, wait): &Clock<'_>| {
        let n = wait.n.saturating_sub(wait.without_length);
        vec![
            cell(name),
            cell(count(n)),
            cell(w.numbers.open_duration(wait.all_p50_s, n)),
            cell(w.numbers.open_duration(wait.all_p90_s, n)),
            cell(w.numbers.open_duration(wait.km_p50_s, n)),
        ]
    };
    let columns = ["clock", "n#", "all_p50#", "all_p90#", "km#"];
    w.table(w.get("table.clock_all"), &columns, clocks.iter().map(row).collect())
}

/// What the stamps cannot tell.
fn limits(w: &Writer<'_>, clocks: &[Clock<'_>]) -> Vec<Block> {
    let coarsest = clocks.iter().filter_map(|(_, wait)| wait.resolution_s).fold(0.0, f64::max);
    let mut blocks = Vec::new();
    if coarsest >= 1.0 {
        let resolution = w.numbers.threshold(coarsest);
        let text = w.fill("waits.resolution", &[("resolution", &resolution)]);
        blocks.push(Block::Caution { text });
    }
    let wait = &w.summary.waits.request_to_human;
    if measured(w) < wait.n {
        let n = count(wait.without_length);
        blocks.push(Block::Caution { text: w.fill("waits.without_length", &[("n", &n)]) });
    }
    blocks
}

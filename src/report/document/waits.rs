//! Waits: how each ended, lengths of those reached, quantiles over all, shares within a time.

use super::answer::{estimated, measured};
use super::writer::{Writer, cell};
use super::{Block, Cell, Section};
use crate::aggregate::summary::{ServiceWait, WaitSummary, Within};
use crate::report::number::{count, share};
use crate::report::shown::{no_waits, shows};
use crate::stats::Rate;

pub(super) fn section(w: &Writer<'_>) -> Section {
    let clocks = clocks(w);
    let mut blocks = vec![w.text("waits.intro")];
    if w.summary.transfer.asked.hits > 0 && measured(w) > 0 {
        blocks.extend([beside(w), w.chart("reached-over-time", "chart.reached_title")]);
        blocks.extend(within(w));
        blocks.push(w.chart("wait-distribution", "chart.waits_title"));
    } else {
        blocks.push(w.text(no_waits(w.summary)));
    }
    blocks.push(ends(w, &clocks));
    if clocks.iter().any(|(_, _, wait)| wait.n > wait.without_length) {
        blocks.extend([lengths(w, &clocks), over_all(w, &clocks), w.caution("waits.km_note")]);
    }
    blocks.extend(service_hours(w, &clocks));
    blocks.extend(limits(w, &clocks));
    blocks.push(w.follow("waits.trace"));
    w.section("waits", "doc.waits", blocks)
}

/// The key of a clock, the part of coverage without which it cannot be seen, the waits.
type Clock<'a> = (&'static str, &'static str, &'a WaitSummary);

fn clocks<'a>(w: &Writer<'a>) -> Vec<Clock<'a>> {
    let waits = &w.summary.waits;
    vec![
        ("request_to_human", "agent_messages", &waits.request_to_human),
        ("request_to_human_explicit", "agent_messages", &waits.request_to_human_explicit),
        ("request_to_human_with_greeting", "agent_messages", &waits.request_to_human_with_greeting),
        ("start_to_human", "agent_messages", &waits.start_to_human),
        ("start_to_human_with_greeting", "agent_messages", &waits.start_to_human_with_greeting),
        ("first_response", "times", &waits.first_response),
        ("first_human_response", "agent_messages", &waits.first_human_response),
        ("queue", "queue", &waits.queue),
        ("longest_silence", "times", &waits.longest_silence),
        ("handling", "agent_messages", &waits.handling),
        ("time_to_close", "times", &waits.time_to_close),
    ]
}

fn name(w: &Writer<'_>, key: &str) -> Cell {
    cell(w.get(&format!("clock.{key}")))
}

/// What vendors print never stands without the share reached.
fn beside(w: &Writer<'_>) -> Block {
    let wait = &w.summary.waits.request_to_human;
    let Some(p50) = wait.p50_s else {
        return w.text(if wait.reached == 0 { "answer.wait_nobody" } else { "answer.wait_none" });
    };
    let p50 = w.numbers.duration(p50);
    let rate = w.numbers.rate(&w.summary.transfer.reached);
    Block::Text { text: w.fill("waits.beside", &[("p50", &p50), ("rate", &rate)]) }
}

/// Shares within each time, and what has to be known about them.
fn within(w: &Writer<'_>) -> Vec<Block> {
    let waits = &w.summary.waits;
    let clocks = [
        ("request_to_human", &waits.request_to_human),
        ("request_to_human_explicit", &waits.request_to_human_explicit),
        ("start_to_human", &waits.start_to_human),
        ("queue", &waits.queue),
    ];
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut is_estimate = false;
    for (key, wait) in clocks {
        for within in wait.reached_within.iter().filter(|within| within.share.is_some()) {
            let Within { hits, of, low, high, .. } = *within;
            is_estimate |= estimated(within);
            // The estimate: it differs from hits / base where the log was cut.
            let share = within.share.map_or_else(|| w.numbers.undefined(), share);
            rows.push(vec![
                name(w, key),
                cell(w.numbers.threshold(within.t_s)),
                cell(share),
                cell(count(hits)),
                cell(count(of)),
                cell(w.numbers.interval(&Rate { hits, of, low, high })),
            ]);
        }
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = ["clock", "within_t#", "share#", "hits#", "of#", "interval#"];
    let mut blocks = vec![w.table(w.get("table.within"), &columns, rows), short_abandons(w)];
    if is_estimate {
        blocks.push(w.text("waits.within_estimate"));
    }
    blocks
}

fn short_abandons(w: &Writer<'_>) -> Block {
    let treatment = w.name("waits", &w.summary.waits.short_abandons);
    Block::Text { text: w.fill("waits.short_abandons", &[("treatment", &treatment)]) }
}

/// Every clock has its row here; one that no source can show says so instead of 0.
fn ends(w: &Writer<'_>, clocks: &[Clock<'_>]) -> Block {
    let row = |(key, part, wait): &Clock<'_>| {
        if wait.n == 0 && shows(w.summary, part) == 0 {
            let mut row = vec![name(w, key), cell(w.get("number.not_in_export"))];
            row.resize(7, cell(""));
            return row;
        }
        let mut row = vec![name(w, key)];
        let counts =
            [wait.n, wait.reached, wait.left, wait.dropped, wait.censored, wait.without_length];
        row.extend(counts.map(|n| cell(count(n))));
        row
    };
    let columns = ["clock", "n#", "reached#", "left#", "dropped#", "censored#", "no_length#"];
    w.table(w.get("table.clock_ends"), &columns, clocks.iter().map(row).collect())
}

fn lengths(w: &Writer<'_>, clocks: &[Clock<'_>]) -> Block {
    let row = |(key, _, wait): &Clock<'_>| {
        let quantile = |at: Option<f64>, low: Option<f64>, high: Option<f64>| {
            let base = at.map(|_| w.numbers.quantile_interval(low, high));
            Cell { text: w.numbers.duration_or(at), base }
        };
        vec![
            name(w, key),
            cell(count(wait.reached)),
            quantile(wait.p50_s, wait.p50_low_s, wait.p50_high_s),
            quantile(wait.p90_s, wait.p90_low_s, wait.p90_high_s),
            quantile(wait.p95_s, wait.p95_low_s, wait.p95_high_s),
            quantile(wait.p99_s, wait.p99_low_s, wait.p99_high_s),
            cell(w.numbers.duration_or(wait.max_s)),
            cell(w.numbers.duration_or(wait.mean_s)),
        ]
    };
    let columns = ["clock", "reached#", "p50#", "p90#", "p95#", "p99#", "max#", "mean#"];
    let rows = clocks.iter().filter(|(_, _, wait)| wait.p50_s.is_some()).map(row).collect();
    w.table(w.get("table.clock_reached"), &columns, rows)
}

fn over_all(w: &Writer<'_>, clocks: &[Clock<'_>]) -> Block {
    let row = |(key, _, wait): &Clock<'_>| {
        let n = wait.n.saturating_sub(wait.without_length);
        vec![
            name(w, key),
            cell(count(n)),
            cell(w.numbers.open_duration(wait.all_p50_s, n)),
            cell(w.numbers.open_duration(wait.all_p90_s, n)),
            cell(w.numbers.open_duration(wait.km_p50_s, n)),
        ]
    };
    let columns = ["clock", "n#", "all_p50#", "all_p90#", "km#"];
    let has_length = |(_, _, wait): &&Clock<'_>| wait.n > wait.without_length;
    let rows = clocks.iter().filter(has_length).map(row).collect();
    w.table(w.get("table.clock_all"), &columns, rows)
}

/// The same waits twice, where the desk's service hours are known.
fn service_hours(w: &Writer<'_>, clocks: &[Clock<'_>]) -> Vec<Block> {
    let inside: Vec<(&Clock<'_>, &ServiceWait)> = clocks
        .iter()
        .filter_map(|clock| Some((clock, clock.2.in_service_hours.as_deref()?)))
        .collect();
    if inside.is_empty() {
        return Vec::new();
    }
    let row = |((key, _, wall), service): &(&Clock<'_>, &ServiceWait)| {
        let quantile = |at: Option<f64>, low: Option<f64>, high: Option<f64>| {
            let base = at.map(|_| w.numbers.quantile_interval(low, high));
            Cell { text: w.numbers.duration_or(at), base }
        };
        vec![
            name(w, key),
            cell(count(service.n)),
            cell(count(service.crossed_closed_hours)),
            cell(w.numbers.duration_or(wall.p50_s)),
            quantile(service.p50_s, service.p50_low_s, service.p50_high_s),
            cell(w.numbers.duration_or(wall.p90_s)),
            quantile(service.p90_s, service.p90_low_s, service.p90_high_s),
            cell(w.numbers.open_duration(service.all_p50_s, service.n)),
        ]
    };
    let columns = [
        "clock",
        "n#",
        "crossed#",
        "p50_wall#",
        "p50_service#",
        "p90_wall#",
        "p90_service#",
        "all_p50_service#",
    ];
    let table = w.table(w.get("table.service_hours"), &columns, inside.iter().map(row).collect());
    let mut blocks = vec![w.text("waits.service_intro"), table];
    if let Some(rate) = &w.summary.waits.asked_in_closed_hours {
        let rate = w.numbers.rate(rate);
        blocks.push(Block::Text { text: w.fill("waits.asked_closed", &[("rate", &rate)]) });
    }
    blocks
}

/// What the stamps cannot tell.
fn limits(w: &Writer<'_>, clocks: &[Clock<'_>]) -> Vec<Block> {
    let coarsest = clocks.iter().filter_map(|(_, _, wait)| wait.resolution_s).fold(0.0, f64::max);
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

//! The same measures per group (`--by`) and per period, in the order of the summary: no ranking.

use super::writer::{Writer, cell};
use super::{Block, Cell, Section};
use crate::aggregate::summary::Segment;
use crate::report::number::count;

/// Groups of `--by`, one table per column; no section where none was asked for.
pub(super) fn segments(w: &Writer<'_>) -> Option<Section> {
    let segments = &w.summary.segments;
    if segments.is_empty() {
        return None;
    }
    let mut columns: Vec<&str> = Vec::new();
    for segment in segments {
        if !columns.contains(&segment.column.as_str()) {
            columns.push(&segment.column);
        }
    }
    let mut blocks = vec![w.caution("groups.caution")];
    for column in columns {
        let rows: Vec<&Segment> = segments.iter().filter(|s| s.column == column).collect();
        let caption = w.fill("groups.caption", &[("column", column)]);
        blocks.push(table(w, caption, "segment", &rows));
        blocks.push(Block::Follow { text: w.fill("groups.trace", &[("column", column)]) });
    }
    Some(w.section("groups", "doc.segments", blocks))
}

/// Periods in time order; no section where none was asked for.
pub(super) fn periods(w: &Writer<'_>) -> Option<Section> {
    let rows: Vec<&Segment> = w.summary.periods.iter().collect();
    if rows.is_empty() {
        return None;
    }
    let blocks = vec![
        table(w, w.get("groups.periods_caption"), "period", &rows),
        w.follow("groups.periods_trace"),
    ];
    Some(w.section("periods", "doc.periods", blocks))
}

fn table(w: &Writer<'_>, caption: String, first: &str, segments: &[&Segment]) -> Block {
    let row = |segment: &&Segment| -> Vec<Cell> {
        let (transfer, wait) = (&segment.transfer, &segment.waits.request_to_human);
        let measured = wait.n.saturating_sub(wait.without_length);
        vec![
            cell(w.value(segment.value.as_deref())),
            cell(count(segment.totals.conversations)),
            w.rate_cell(&transfer.asked),
            w.rate_cell(&transfer.reached),
            w.rate_cell(&transfer.not_reached),
            w.rate_cell(&transfer.asked_twice_or_more),
            Cell {
                text: w.numbers.duration_or(wait.p50_s),
                base: Some(w.fill("table.n_is", &[("n", &count(wait.reached))])),
            },
            cell(w.numbers.open_duration(wait.all_p50_s, measured)),
            w.rate_cell(&segment.effort.conversations_with_retelling),
        ]
    };
    let columns = [
        first,
        "conversations#",
        "asked#",
        "reached#",
        "not_reached#",
        "twice#",
        "median_wait#",
        "all_wait#",
        "retold#",
    ];
    w.table(caption, &columns, segments.iter().map(row).collect())
}

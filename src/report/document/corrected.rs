//! The error of the rules: each rate beside what a labelled sample makes of it, precision and recall,
//! and the findings that a person judged one by one.

use super::writer::{Writer, cell};
use super::{Block, Cell, Section};
use crate::aggregate::summary::{Corrected, LabelSample};
use crate::model::Overridden;
use crate::report::number::count;

/// Left out where no person judged anything.
pub(super) fn section(w: &Writer<'_>) -> Option<Section> {
    let mut blocks = Vec::new();
    if let Some(sample) = &w.summary.labels {
        blocks.extend([intro(w, sample), rates(w), w.text("corrected.judged"), scores(w)]);
    }
    blocks.extend(w.summary.overrides.as_ref().map(|list| overrides(w, list)));
    (!blocks.is_empty()).then(|| w.section("corrected", "doc.corrected", blocks))
}

fn intro(w: &Writer<'_>, sample: &LabelSample) -> Block {
    let values = [
        ("labelled", count(sample.labelled)),
        ("drawn", count(sample.drawn)),
        ("population", count(sample.population)),
        ("file", sample.file.clone()),
    ];
    let text =
        w.fill("corrected.intro", &values.each_ref().map(|(name, value)| (*name, value.as_str())));
    Block::Text { text }
}

fn measure(w: &Writer<'_>, row: &Corrected) -> Cell {
    let base = w.get(&format!("base.{}", row.base));
    Cell { text: w.get(&format!("rate.{}", row.measure)), base: Some(base) }
}

fn rates(w: &Writer<'_>) -> Block {
    let row = |row: &Corrected| -> Vec<Cell> {
        let within = match row.within_5_percent {
            None => w.numbers.undefined(),
            Some(true) => w.get("corrected.yes"),
            Some(false) => w.get("corrected.no"),
        };
        vec![
            measure(w, row),
            w.rate_cell(&row.raw),
            cell(w.numbers.estimate(row.corrected.as_ref())),
            cell(w.numbers.points(row.error.as_ref())),
            cell(w.numbers.points(row.relative_error.as_ref())),
            cell(within),
        ]
    };
    let columns =
        ["measure", "raw_rate#", "corrected_rate#", "points_error#", "relative_error#", "within_5"];
    w.table(w.get("table.corrected"), &columns, w.summary.corrected.iter().map(row).collect())
}

fn scores(w: &Writer<'_>) -> Block {
    let row = |row: &Corrected| -> Vec<Cell> {
        vec![
            measure(w, row),
            cell(count(row.n_labelled)),
            cell(w.numbers.estimate(row.precision.as_ref())),
            cell(w.numbers.estimate(row.recall.as_ref())),
        ]
    };
    let columns = ["measure", "n_labelled#", "precision#", "recall#"];
    w.table(w.get("table.scores"), &columns, w.summary.corrected.iter().map(row).collect())
}

fn overrides(w: &Writer<'_>, list: &Overridden) -> Block {
    let values = [
        ("file", list.file.clone()),
        ("confirmed", count(list.confirmed)),
        ("taken_out", count(list.taken_out)),
        ("unknown", count(list.unknown.len() as u64)),
    ];
    let text = w.fill(
        "corrected.overrides",
        &values.each_ref().map(|(name, value)| (*name, value.as_str())),
    );
    Block::Caution { text }
}

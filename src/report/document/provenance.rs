//! Where the figures come from: inputs, rows, problems, options, definitions, models, and how to
//! follow a figure back to its rows.

use std::collections::BTreeMap;

use super::writer::{Writer, cell};
use super::{Block, Cell, Section};
use crate::aggregate::summary::Input;
use crate::model::ProblemKind;
use crate::report::number::count;
use crate::report::only_complaints;

pub(super) fn inputs(w: &Writer<'_>) -> Section {
    let inputs = &w.summary.inputs;
    let sum = |of: fn(&Input) -> u64| count(inputs.iter().map(of).sum());
    let balance = w.fill(
        "inputs.balance",
        &[
            ("read", &sum(|i| i.rows_read)),
            ("used", &sum(|i| i.rows_used)),
            ("refused", &sum(|i| i.rows_refused)),
            ("duplicate", &sum(|i| i.rows_duplicate)),
        ],
    );
    let mut blocks = vec![Block::Text { text: balance }];
    if !inputs.is_empty() {
        blocks.extend([files(w), hashes(w)]);
    }
    blocks.extend([problems(w), options(w)]);
    w.section("inputs", "doc.inputs", blocks)
}

fn files(w: &Writer<'_>) -> Block {
    let row = |input: &Input| -> Vec<Cell> {
        let format = [input.format.as_str(), input.encoding.as_str()];
        let format: Vec<&str> = format.into_iter().filter(|part| !part.is_empty()).collect();
        let zone = if input.time_zone.is_empty() {
            cell(w.name("zone_from", &input.time_zone_from))
        } else {
            Cell {
                text: input.time_zone.clone(),
                base: Some(w.name("zone_from", &input.time_zone_from)),
            }
        };
        let mut cells = vec![
            cell(&input.path),
            cell(w.name("inputs", &input.role)),
            cell(format.join(", ")),
            zone,
        ];
        let rows = [input.rows_read, input.rows_used, input.rows_refused, input.rows_duplicate];
        cells.extend(rows.map(|n| cell(count(n))));
        cells
    };
    let columns = [
        "file",
        "role",
        "format",
        "zone",
        "rows_read#",
        "rows_used#",
        "rows_refused#",
        "rows_duplicate#",
    ];
    w.table(w.get("table.inputs"), &columns, w.summary.inputs.iter().map(row).collect())
}

fn hashes(w: &Writer<'_>) -> Block {
    let row = |input: &Input| vec![cell(&input.path), cell(&input.sha256)];
    let rows = w.summary.inputs.iter().map(row).collect();
    w.table(w.get("table.hashes"), &["file", "hash"], rows)
}

fn problems(w: &Writer<'_>) -> Block {
    let problems = &w.summary.problems;
    if problems.values().all(|n| *n == 0) {
        return w.text("inputs.problems_none");
    }
    let row = |(kind, n): (&String, &u64)| -> Vec<Cell> {
        let known = ProblemKind::ALL.into_iter().find(|k| k.name() == kind);
        let action = known.map_or_else(String::new, |k| w.name("action", k.action()));
        let name = Cell { text: w.name("problem", kind), base: Some(kind.clone()) };
        vec![name, cell(action), cell(count(*n))]
    };
    let rows = problems.iter().filter(|(_, n)| **n > 0).map(row).collect();
    w.table(w.get("table.problems"), &["problem", "action", "rows#"], rows)
}

fn options(w: &Writer<'_>) -> Block {
    pairs(w, "options", &["option", "value"], &w.summary.options, "define.options_none")
}

fn pairs(
    w: &Writer<'_>,
    caption: &str,
    columns: &[&str],
    values: &BTreeMap<String, String>,
    none: &str,
) -> Block {
    if values.is_empty() {
        return w.text(none);
    }
    let rows = values.iter().map(|(name, value)| vec![cell(name), cell(value)]).collect();
    w.table(w.get(&format!("table.{caption}")), columns, rows)
}

pub(super) fn definitions(w: &Writer<'_>) -> Section {
    let tool = &w.summary.tool;
    let terms = ["request", "attempt", "failed", "episode", "human", "explicit", "steps"];
    let row = |term: &str| -> Vec<Cell> {
        let means = w.get(&format!("define.{term}_means"));
        vec![cell(w.get(&format!("define.{term}"))), cell(means)]
    };
    let rows = terms.into_iter().map(row).collect();
    let version = w.fill("define.version", &[("definitions", &tool.definitions)]);
    let mut blocks = vec![Block::Text { text: version }, w.text("define.intervals")];
    if !only_complaints(w.summary) {
        blocks.push(w.table(w.get("table.definitions"), &["term", "means"], rows));
    }
    blocks.push(pairs(w, "models", &["model", "hash"], &tool.models, "define.models_none"));
    w.section("definitions", "doc.definitions", blocks)
}

pub(super) fn follow(w: &Writer<'_>) -> Section {
    let figures = [
        ("asked", "transfer.trace_asked"),
        ("outcome", "transfer.trace_outcome"),
        ("failed", "transfer.trace_failed"),
        ("waits", "waits.trace"),
        ("effort", "effort.trace"),
        ("unasked", "follow.unasked_where"),
        ("rows", "follow.rows_where"),
    ];
    let complaints =
        w.summary.complaints.as_ref().map(|_| ("complaints", "follow.complaints_where"));
    let row = |(figure, key): (&str, &str)| {
        vec![cell(w.get(&format!("follow.{figure}"))), cell(w.get(key))]
    };
    let rows = figures.into_iter().chain(complaints).map(row).collect();
    let table = w.table(w.get("table.follow"), &["figure", "where"], rows);
    w.section("follow", "doc.follow_title", vec![w.text("follow.intro"), table])
}

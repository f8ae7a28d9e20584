//! What a reader has to know before quoting a figure; the wording is the report's.

use std::collections::BTreeMap;

use crate::aggregate::Summary;
use crate::aggregate::summary::Note;

/// What is known of facts beside their rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    /// All of it, or they are no facts but a log.
    No,
    /// How they were made; neither inputs nor refused rows.
    Rows,
    /// Nothing: another tool wrote the table.
    Untold,
}

/// The notes of a summary, in the order a reader needs them.
pub(crate) fn of(summary: &Summary, bare: Bare) -> Vec<Note> {
    let conversations = summary.totals.conversations;
    let shown = |name: &str| summary.coverage.shows.get(name).copied().unwrap_or(0);
    let mut out = Vec::new();
    let mut add = |key: &str, values: &[(&str, String)]| {
        let values =
            values.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect::<BTreeMap<_, _>>();
        out.push(Note { key: key.to_owned(), values });
    };
    if let Some(rows) = summary.problems.get("rounded-id").filter(|n| **n > 0) {
        add("rounded-ids", &[("rows", rows.to_string())]);
    }
    let n = |count: u64| ("conversations", count.to_string());
    let of = ("of", conversations.to_string());
    for (name, key) in [
        ("times", "no-times"),
        ("bot_replies", "no-bot"),
        ("agent_messages", "no-agents"),
        ("joins", "no-joins"),
        ("queue", "no-queue"),
    ] {
        let missing = conversations - shown(name);
        if missing > 0 {
            add(key, &[n(missing), of.clone()]);
        }
    }
    match summary.coverage.precision.as_deref() {
        Some("minute") => add("minute-stamps", &[]),
        Some("day") => add("day-stamps", &[]),
        _ => {}
    }
    if summary.transfer.explicit.asked.hits == 0 && summary.transfer.asked.hits > 0 {
        add("inferred-only", &[]);
    }
    if let Some(rows) = summary.problems.get("unknown-sender").filter(|n| **n > 0) {
        add("unknown-senders", &[("rows", rows.to_string())]);
    }
    if summary.inputs.iter().any(|i| i.time_zone_from == "mixed") {
        add("mixed-zones", &[]);
    }
    match bare {
        Bare::No => {}
        Bare::Rows => add("rows-of-facts", &[]),
        Bare::Untold => add("bare-facts", &[]),
    }
    if summary.waits.short_abandons == "excluded" {
        add("short-excluded", &[]);
    }
    out
}

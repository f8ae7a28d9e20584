//! What the sources can and cannot show, and what a reader has to know before quoting a figure.

use super::writer::{Writer, cell};
use super::{Block, Cell, Section};
use crate::aggregate::summary::Note;
use crate::report::number::count;
use crate::report::shown::shows;
use crate::stats::Rate;

/// The parts of coverage in the order of a conversation.
const PARTS: [&str; 8] = [
    "bot_replies",
    "agent_messages",
    "system_lines",
    "queue",
    "joins",
    "leaves",
    "closes",
    "times",
];

pub(super) fn section(w: &Writer<'_>) -> Section {
    let coverage = &w.summary.coverage;
    let precision = match &coverage.precision {
        Some(precision) => {
            let precision = w.name("coverage", &format!("precision_{precision}"));
            w.fill("coverage.precision", &[("precision", &precision)])
        }
        None => w.get("coverage.precision_none"),
    };
    // Parts that this program does not name yet are still shown, after those it does.
    let others = coverage.shows.keys().map(String::as_str).filter(|name| !PARTS.contains(name));
    // The summary names what it counted; system lines are no part of it unless it says so.
    let named = |part: &&str| *part != "system_lines" || coverage.shows.contains_key(*part);
    let known = PARTS.into_iter().filter(named);
    let rows = known.chain(others).map(|part| row(w, part)).collect();
    let blocks = vec![
        w.text("coverage.intro"),
        w.table(w.get("coverage.caption"), &["measure", "conversations#", "means"], rows),
        Block::Text { text: precision },
    ];
    let mut section = w.section("coverage", "doc.coverage", blocks);
    if let Some(Block::Table(table)) = section.blocks.get_mut(1) {
        let keys = ["coverage.thing", "coverage.shown", "coverage.otherwise"];
        for (column, key) in table.columns.iter_mut().zip(keys) {
            column.name = w.get(key);
        }
    }
    section
}

fn row(w: &Writer<'_>, part: &str) -> Vec<Cell> {
    let of = w.summary.totals.conversations;
    let hits = shows(w.summary, part);
    let shown = if hits == 0 {
        w.get("number.not_in_export")
    } else if hits >= of {
        w.fill("coverage.all", &[("n", &count(hits))])
    } else {
        let rate = Rate { hits, of, low: None, high: None };
        w.fill(
            "coverage.some",
            &[("n", &count(hits)), ("of", &count(of)), ("share", &w.numbers.share(&rate))],
        )
    };
    let otherwise = if hits >= of && hits > 0 {
        String::new()
    } else {
        w.find(&format!("coverage.{part}_otherwise")).unwrap_or_default().to_owned()
    };
    vec![cell(w.name("coverage", part)), cell(shown), cell(otherwise)]
}

/// The sentence of a note, with the values that the sentence does not name; a key without a
/// sentence prints itself, so that nothing a stage had to say is lost.
pub(super) fn note(w: &Writer<'_>, note: &Note) -> String {
    let key = format!("note.{}", note.key);
    let printed = |v: &String| v.parse().map_or_else(|_| v.clone(), count);
    let printed: Vec<(&str, String)> =
        note.values.iter().map(|(k, v)| (k.as_str(), printed(v))).collect();
    let values: Vec<(&str, &str)> = printed.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let sentence = match w.find(&key) {
        Some(_) => w.fill(&key, &values),
        None => note.key.clone(),
    };
    let named = |name: &str| w.find(&key).is_some_and(|text| text.contains(&format!("{{{name}}}")));
    let rest: Vec<String> = values
        .iter()
        .filter(|(name, _)| !named(name))
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    if rest.is_empty() { sentence } else { format!("{sentence} ({})", rest.join("; ")) }
}

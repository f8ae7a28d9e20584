//! The report as its reader meets it, before HTML or Markdown: an answer, key figures, sections of
//! texts, tables and charts, all in words of the reader's language. Both forms show the same.

mod answer;
mod claims;
mod complaints;
mod corrected;
mod coverage;
mod effort;
mod groups;
mod provenance;
mod transfer;
mod waits;
mod writer;

use serde::Serialize;

use self::writer::Writer;
use super::chart::Chart;
use super::number::count;
use super::{RenderOptions, only_complaints};
use crate::aggregate::Summary;

/// A whole report.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Document {
    pub lang: &'static str,
    pub title: String,
    pub subtitle: String,
    pub answer_title: String,
    pub answer: Vec<Line>,
    /// What ends the label of a line of the answer.
    pub label_end: String,
    pub key_figures_title: String,
    pub key_figures: Vec<KeyFigure>,
    pub notes_title: String,
    pub notes: Vec<String>,
    pub contents_title: String,
    pub sections: Vec<Section>,
    pub follow: String,
    pub footer: String,
}

/// One line of the answer: what it answers, and the answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub label: String,
    pub text: String,
}

/// A figure in large type: never without its base and interval.
#[derive(Clone, Debug, Serialize)]
pub(super) struct KeyFigure {
    pub label: String,
    pub value: String,
    pub base: String,
    pub text: String,
}

/// A section with a stable id.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Section {
    pub id: &'static str,
    pub title: String,
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Block {
    /// A paragraph.
    Text { text: String },
    /// A warning about what stands around it.
    Caution { text: String },
    /// How to find the rows behind the figures above.
    Follow { text: String },
    /// A table.
    Table(Table),
    /// A chart by the name of its file.
    Chart { name: &'static str, text: String },
}

/// A table; every row has as many cells as there are columns.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// What is left out here and stands in report.json.
    pub more: Option<String>,
}

/// A column; numbers stand right.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Column {
    pub name: String,
    pub number: bool,
}

/// What a cell says, and its base in small type.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Cell {
    pub text: String,
    pub base: Option<String>,
}

/// Lines of a full answer; the title says so.
const FULL_ANSWER: usize = 10;

/// Words for a whole summary; a chart without anything to show is a sentence.
pub(super) fn write(summary: &Summary, options: &RenderOptions, charts: &[Chart]) -> Document {
    let w = Writer::new(summary, options, charts);
    let tool = &summary.tool;
    let answer = answer::lines(&w);
    let answer_title = if answer.len() == FULL_ANSWER { "doc.answer" } else { "doc.answer_short" };
    Document {
        lang: options.lang.tag(),
        title: w.get("doc.title"),
        subtitle: subtitle(&w),
        answer_title: w.get(answer_title),
        answer,
        label_end: w.get("answer.label_end"),
        key_figures_title: w.get("doc.key_figures"),
        key_figures: answer::key_figures(&w),
        notes_title: w.get("doc.notes"),
        notes: summary.notes.iter().map(|note| coverage::note(&w, note)).collect(),
        contents_title: w.get("doc.contents"),
        sections: sections(&w),
        follow: w.get("doc.follow"),
        footer: w.fill(
            "doc.footer",
            &[("name", &tool.name), ("version", &tool.version), ("definitions", &tool.definitions)],
        ),
    }
}

fn subtitle(w: &Writer<'_>) -> String {
    if let (true, Some(complaints)) = (only_complaints(w.summary), &w.summary.complaints) {
        let records = count(complaints.records);
        return match claims::ends(complaints) {
            Some((from, to)) => {
                let values = [("records", records.as_str()), ("from", from), ("to", to)];
                w.fill("doc.subtitle_complaints", &values)
            }
            None => w.fill("doc.subtitle_complaints_undated", &[("records", &records)]),
        };
    }
    let totals = &w.summary.totals;
    let (conversations, messages, events) =
        (count(totals.conversations), count(totals.messages), count(totals.events));
    let sizes = [
        ("conversations", conversations.as_str()),
        ("messages", messages.as_str()),
        ("events", events.as_str()),
    ];
    let period = &w.summary.period;
    match (&period.from, &period.to) {
        (Some(from), Some(to)) => {
            let zone = period.time_zone.as_str();
            let dates = [("from", from.as_str()), ("to", to.as_str()), ("zone", zone)];
            w.fill("doc.subtitle", &[dates, sizes].concat())
        }
        _ => w.fill("doc.subtitle_undated", &sizes),
    }
}

/// Sections whose data is absent are left out whole; what was not given stands in the answer.
fn sections(w: &Writer<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    if !only_complaints(w.summary) {
        sections.extend([
            coverage::section(w),
            transfer::section(w),
            waits::section(w),
            effort::section(w),
        ]);
        sections.extend(corrected::section(w));
    }
    sections.extend(groups::periods(w));
    sections.extend(groups::segments(w));
    sections.extend(complaints::section(w));
    sections.extend([provenance::inputs(w), provenance::definitions(w)]);
    if !only_complaints(w.summary) {
        sections.push(provenance::follow(w));
    }
    sections
}

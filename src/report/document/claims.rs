//! The first screen of a report on complaint records alone: what they say, and what cannot be said
//! without a chat log.

use super::answer::{join, line, rate_figure};
use super::writer::Writer;
use super::{KeyFigure, Line};
use crate::aggregate::summary::{ComplaintRow, Complaints};
use crate::report::number::{count, share};

/// Categories named in the answer; all stand in the table.
const NAMED: usize = 3;

pub(super) fn lines(w: &Writer<'_>) -> Vec<Line> {
    let Some(complaints) = &w.summary.complaints else { return Vec::new() };
    let mut lines =
        vec![line(w, "records", records(w, complaints)), line(w, "about", about(w, complaints))];
    lines.extend(about_where(w, complaints).map(|text| line(w, "about_where", text)));
    lines.push(line(w, "categories", categories(w, complaints)));
    lines.extend(quarters(w, complaints).map(|text| line(w, "quarters", text)));
    lines.push(line(w, "not_measured", w.get("answer.not_measured_text")));
    lines
}

/// First and last quarter of the records.
pub(super) fn ends(complaints: &Complaints) -> Option<(&str, &str)> {
    let rows = &complaints.by_quarter;
    Some((rows.first()?.quarter.as_str(), rows.last()?.quarter.as_str()))
}

fn records(w: &Writer<'_>, c: &Complaints) -> String {
    let values = [
        ("n", count(c.records)),
        ("duplicates", count(c.duplicates)),
        ("undated", count(c.without_date)),
    ];
    w.fill("answer.records_text", &values.each_ref().map(|(name, n)| (*name, n.as_str())))
}

fn about(w: &Writer<'_>, c: &Complaints) -> String {
    if c.about_reaching_human.of == 0 {
        return w.get("answer.about_none");
    }
    w.fill("answer.about_text", &[("rate", &w.numbers.rate(&c.about_reaching_human))])
}

/// Where records have a category, the categories with most records about reaching a human.
fn about_where(w: &Writer<'_>, c: &Complaints) -> Option<String> {
    let named = |row: &&ComplaintRow| row.name.is_some() && row.about_reaching_human.hits > 0;
    let mut rows: Vec<&ComplaintRow> = c.by_category.iter().filter(named).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.about_reaching_human.hits));
    let item = |row: &&ComplaintRow| {
        let (name, rate) =
            (w.value(row.name.as_deref()), w.numbers.hits_of(&row.about_reaching_human));
        w.fill("answer.category_about", &[("name", &name), ("rate", &rate)])
    };
    let list: Vec<String> = rows.iter().take(NAMED).map(item).collect();
    (!list.is_empty()).then(|| w.fill("answer.about_where_text", &[("list", &join(w, &list))]))
}

fn categories(w: &Writer<'_>, c: &Complaints) -> String {
    if c.by_category.iter().all(|row| row.name.is_none()) {
        return w.get("answer.categories_none");
    }
    let item = |row: &ComplaintRow| {
        let name = w.value(row.name.as_deref());
        let part = row.share.share().map_or_else(|| w.numbers.undefined(), share);
        let base = w.numbers.hits_of(&row.share);
        w.fill("answer.category_item", &[("name", &name), ("share", &part), ("base", &base)])
    };
    let list: Vec<String> = c.by_category.iter().take(NAMED).map(item).collect();
    w.fill("answer.categories_text", &[("list", &join(w, &list))])
}

fn quarters(w: &Writer<'_>, c: &Complaints) -> Option<String> {
    let (from, to) = ends(c)?;
    // The base of a category's share is the whole quarter; of equal quarters the first is named.
    let peak = c.by_quarter.iter().rev().max_by_key(|row| row.share.of)?;
    let n = count(peak.share.of);
    let values = [("from", from), ("to", to), ("peak", peak.quarter.as_str()), ("n", &n)];
    Some(w.fill("answer.quarters_text", &values))
}

pub(super) fn key_figures(w: &Writer<'_>) -> Vec<KeyFigure> {
    let Some(c) = &w.summary.complaints else { return Vec::new() };
    let mut figures = vec![KeyFigure {
        label: w.get("card.records"),
        value: count(c.records),
        base: ends(c).map_or_else(String::new, |(from, to)| {
            w.fill("card.records_base", &[("from", from), ("to", to)])
        }),
        text: w.fill("card.records_text", &[("n", &count(c.duplicates))]),
    }];
    figures.push(rate_figure(w, "about", &c.about_reaching_human));
    if let Some(largest) = c.by_category.first().filter(|row| row.name.is_some()) {
        figures.push(KeyFigure {
            label: w.get("card.largest"),
            value: w.numbers.share(&largest.share),
            base: w.numbers.base(&largest.share),
            text: w.value(largest.name.as_deref()),
        });
    }
    figures
}

//! `complaints-by-quarter`: one small chart per category on one scale, largest first; beyond eight
//! categories the seven largest and the rest. Every panel names its highest quarter.

use std::collections::BTreeMap;

use super::Context;
use super::axis::{length, place};
use super::frame::{BOTTOM, LEFT, RIGHT, TOP, dated_sheet, empty};
use super::lettering::{fit, wrap};
use super::scene::{Hand, Scene, Weight};
use super::style::{AXIS, BLUE, GREY, Ink, LABEL, MUTED, SMALL, TEXT};
use crate::aggregate::summary::Complaints;
use crate::report::number::{count, share};
use crate::stats::Rate;

const PANELS: usize = 8;
const ACROSS: usize = 4;
const GAP: f64 = 26.0;
/// Height of a line of a panel's name.
const LINE: f64 = 18.0;
/// Widest step from quarter to quarter: a single column need not fill the sheet.
const WIDEST: f64 = 120.0;

/// One small chart: its name and its records per quarter.
struct Panel {
    name: String,
    total: u64,
    quarters: BTreeMap<String, u64>,
    ink: Ink,
}

pub(super) fn draw(context: &Context<'_>) -> Scene {
    let words = context.words;
    let Some(complaints) = &context.summary.complaints else {
        let basis = words.get("chart.n_no_complaints");
        let scene = dated_sheet(context, "chart.complaints_title", &basis);
        return empty(scene, &words.get("chart.no_complaints"));
    };
    let (records, undated) = (count(complaints.records), count(complaints.without_date));
    let quarters = axis_of_quarters(complaints);
    let counts = [("n", records.as_str()), ("undated", undated.as_str())];
    let basis = match (quarters.first(), quarters.last()) {
        (Some(from), Some(to)) => {
            let ends = [("from", from.as_str()), ("to", to.as_str())];
            words.fill("chart.n_complaints", &[counts, ends].concat())
        }
        _ => words.fill("chart.n_complaints_undated", &counts),
    };
    let mut scene = dated_sheet(context, "chart.complaints_title", &basis);
    let panels = panels(context, complaints);
    let most = panels.iter().flat_map(|p| p.quarters.values()).copied().max().unwrap_or(0);
    if most == 0 {
        return empty(scene, &words.get("chart.no_quarters"));
    }
    let rows = panels.len().div_ceil(ACROSS);
    let across = panels.len().div_ceil(rows);
    let w = (RIGHT - LEFT - GAP * place(across - 1)) / place(across);
    let h = (BOTTOM + 26.0 - TOP) / place(rows);
    let names: Vec<Vec<String>> = panels.iter().map(|panel| title(&panel.name, w)).collect();
    let head = LINE * place(names.iter().map(Vec::len).max().unwrap_or(1));
    for (i, (panel, name)) in panels.iter().zip(names).enumerate() {
        let x = LEFT + (w + GAP) * place(i % across);
        let y = TOP + h * place(i / across);
        for (line, text) in name.iter().enumerate() {
            let base = y + 6.0 + LINE * place(line);
            scene.text(x, base, Hand::new(LABEL, TEXT).bold(), text);
        }
        let rate = Rate { hits: panel.total, of: complaints.records, low: None, high: None };
        let part = rate.share().map_or_else(String::new, |s| format!(" · {}", share(s)));
        let total = format!("{}{part}", count(panel.total));
        let base = y + 6.0 + LINE * place(name.len());
        scene.text(x, base, Hand::new(SMALL, MUTED), total);
        let room = Room { x, w, top: y + head + 34.0, bottom: y + h - 40.0 };
        bars(&mut scene, panel, &quarters, &room, most);
    }
    scene
}

/// A name on two lines at most.
fn title(name: &str, w: f64) -> Vec<String> {
    let mut lines = wrap(name, LABEL, Weight::Bold, w);
    if lines.len() > 2 {
        let rest = lines.split_off(1).join(" ");
        lines.push(rest);
    }
    lines.iter().map(|line| fit(line, LABEL, Weight::Bold, w)).collect()
}

fn panels(context: &Context<'_>, complaints: &Complaints) -> Vec<Panel> {
    let words = context.words;
    let name = |n: &Option<String>| n.clone().unwrap_or_else(|| words.get("doc.no_value"));
    let per_quarter = |category: &Option<String>| -> BTreeMap<String, u64> {
        let rows = complaints.by_quarter.iter().filter(|r| r.category == *category);
        rows.map(|r| (r.quarter.clone(), r.share.hits)).collect()
    };
    let all = &complaints.by_category;
    let single = if all.len() > PANELS { PANELS - 1 } else { all.len() };
    let mut panels: Vec<Panel> = all[..single]
        .iter()
        .map(|row| Panel {
            name: name(&row.name),
            total: row.share.hits,
            quarters: per_quarter(&row.name),
            ink: BLUE,
        })
        .collect();
    let rest = &all[single..];
    if !rest.is_empty() {
        let mut quarters: BTreeMap<String, u64> = BTreeMap::new();
        for row in rest {
            for (quarter, n) in per_quarter(&row.name) {
                *quarters.entry(quarter).or_default() += n;
            }
        }
        let name = words.fill("chart.other_categories", &[("n", &rest.len().to_string())]);
        let total = rest.iter().map(|r| r.share.hits).sum();
        panels.push(Panel { name, total, quarters, ink: GREY });
    }
    panels
}

/// Every quarter from the first to the last, so that a gap in the records is a gap in the chart.
fn axis_of_quarters(complaints: &Complaints) -> Vec<String> {
    let mut known: Vec<&str> = complaints.by_quarter.iter().map(|r| r.quarter.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    let ends = known.first().zip(known.last()).and_then(|(a, b)| Some((index(a)?, index(b)?)));
    match ends {
        // Ten years; beyond, the quarters that hold records have to do.
        Some((from, to)) if to >= from && to - from < 40 => {
            (from..=to).map(|i| format!("{}Q{}", i / 4, i % 4 + 1)).collect()
        }
        _ => known.into_iter().map(str::to_owned).collect(),
    }
}

/// Quarters since the year 0 of a name like `2024Q1`.
fn index(quarter: &str) -> Option<u32> {
    let (year, part) = quarter.split_once('Q')?;
    let part: u32 = part.parse().ok().filter(|p| (1..=4).contains(p))?;
    year.parse::<u32>().ok()?.checked_mul(4)?.checked_add(part - 1)
}

/// Where the columns of one panel stand.
struct Room {
    x: f64,
    w: f64,
    top: f64,
    bottom: f64,
}

fn bars(scene: &mut Scene, panel: &Panel, quarters: &[String], room: &Room, most: u64) {
    let &Room { x, w, top, bottom } = room;
    let pitch = (w / place(quarters.len().max(1))).min(WIDEST);
    scene.line(&[(x, bottom), (x + w, bottom)], 1.0, AXIS);
    let hand = Hand::new(SMALL, TEXT).middle();
    let roomy = hand.width(&count(most)) + 4.0 <= pitch;
    // Where not every column has room for its count, the highest one has it.
    let highest = panel.quarters.values().copied().max();
    let mut unnamed = highest;
    for (i, quarter) in quarters.iter().enumerate() {
        let Some(&n) = panel.quarters.get(quarter) else { continue };
        let middle = x + pitch * (place(i) + 0.5);
        let height = (bottom - top) * length(n) / length(most);
        scene.rect(middle - pitch * 0.36, bottom - height, pitch * 0.72, height, panel.ink);
        if roomy || unnamed == Some(n) {
            unnamed = None;
            let half = hand.width(&count(n)) / 2.0;
            let at = middle.clamp(x + half, (x + w - half).max(x + half));
            scene.text(at, bottom - height - 5.0, hand, count(n));
        }
    }
    names_below(scene, quarters, room, pitch);
}

/// Every quarter below its column; where these find no room, the years, as many as do.
fn names_below(scene: &mut Scene, quarters: &[String], room: &Room, pitch: f64) {
    let &Room { x, w, bottom, .. } = room;
    let hand = Hand::new(SMALL, MUTED);
    let base = bottom + 17.0;
    if quarters.iter().all(|quarter| hand.width(quarter) + 6.0 <= pitch) {
        for (i, quarter) in quarters.iter().enumerate() {
            scene.text(x + pitch * (place(i) + 0.5), base, hand.middle(), quarter.as_str());
        }
        return;
    }
    let mut free = f64::MIN;
    let mut year_before = "";
    for (i, quarter) in quarters.iter().enumerate() {
        let (year, part) = quarter.split_once('Q').unwrap_or((quarter, ""));
        let at = x + pitch * place(i);
        if year == year_before {
            continue;
        }
        year_before = year;
        // A year of which the records show only the end has no tick: it did not begin here.
        if part == "1" {
            scene.line(&[(at, bottom), (at, bottom + 5.0)], 1.0, AXIS);
        }
        let end = at + hand.width(year) + 8.0;
        // Where it would push out the name of the first whole year, it gives way.
        let next = quarters[i..].iter().position(|q| !q.starts_with(year));
        let in_the_way = part != "1" && next.is_some_and(|n| at + pitch * place(n) < end);
        if at >= free && end - 8.0 <= x + w && !in_the_way {
            scene.text(at, base, hand, year);
            free = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_have_an_order() {
        assert_eq!(index("2024Q1"), Some(8_096));
        assert_eq!(index("2024Q4"), Some(8_099));
        assert_eq!(index("2024Q5"), None);
        assert_eq!(index("spring"), None);
    }
}

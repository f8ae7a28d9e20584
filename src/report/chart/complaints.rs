//! `complaints-by-quarter`: one small chart per category on one scale, largest first; beyond eight
//! categories the seven largest and the rest.

use std::collections::BTreeMap;

use super::Context;
use super::axis::{length, place};
use super::frame::{BOTTOM, LEFT, RIGHT, TOP, dated_sheet, nothing};
use super::scene::{Hand, Scene};
use super::style::{AXIS, BLUE, GREY, Ink, LABEL, MUTED, SMALL, TEXT};
use crate::aggregate::summary::Complaints;
use crate::report::number::{count, share};
use crate::stats::Rate;

const PANELS: usize = 8;
const ACROSS: usize = 4;
const GAP: f64 = 26.0;

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
        return nothing(scene, &words.get("chart.no_complaints"));
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
        return nothing(scene, &words.get("chart.no_quarters"));
    }
    let rows = panels.len().div_ceil(ACROSS);
    let across = panels.len().min(ACROSS);
    let w = (RIGHT - LEFT - GAP * place(across - 1)) / place(across);
    let h = ((BOTTOM + 26.0 - TOP) / place(rows)).min(330.0);
    for (i, panel) in panels.iter().enumerate() {
        let corner = (LEFT + (w + GAP) * place(i % ACROSS), TOP + h * place(i / ACROSS));
        one(&mut scene, complaints, panel, &quarters, (corner, w, h, most));
    }
    scene
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

fn one(
    scene: &mut Scene,
    complaints: &Complaints,
    panel: &Panel,
    quarters: &[String],
    ((x, y), w, h, most): ((f64, f64), f64, f64, u64),
) {
    scene.fitted(x, y + 6.0, Hand::new(LABEL, TEXT).bold(), &panel.name, w);
    let rate = Rate { hits: panel.total, of: complaints.records, low: None, high: None };
    let part = rate.share().map_or_else(String::new, |s| format!(" · {}", share(s)));
    scene.text(x, y + 24.0, Hand::new(SMALL, MUTED), format!("{}{part}", count(panel.total)));
    let (top, bottom) = (y + 52.0, y + h - 52.0);
    let pitch = (w / place(quarters.len().max(1))).min(70.0);
    let end = x + pitch * place(quarters.len());
    scene.line(&[(x, bottom), (end.max(x + w), bottom)], 1.0, AXIS);
    let hand = Hand::new(SMALL, TEXT).middle();
    let roomy = hand.width(&count(most)) + 4.0 <= pitch;
    for (i, quarter) in quarters.iter().enumerate() {
        let middle = x + pitch * (place(i) + 0.5);
        if let Some(&n) = panel.quarters.get(quarter) {
            let height = (bottom - top) * length(n) / length(most);
            scene.rect(middle - pitch * 0.36, bottom - height, pitch * 0.72, height, panel.ink);
            if roomy {
                scene.text(middle, bottom - height - 5.0, hand, count(n));
            }
        }
    }
    let hand = Hand::new(SMALL, MUTED);
    if let Some(first) = quarters.first() {
        scene.text(x, bottom + 17.0, hand, first.as_str());
    }
    if let Some(last) = quarters.last().filter(|_| quarters.len() > 1) {
        let x = end.max(x + 2.0 * hand.width(last) + 8.0);
        scene.text(x, bottom + 17.0, hand.end(), last.as_str());
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

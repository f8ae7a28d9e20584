//! Complaint records by category, quarter, company and channel, and the risk of one by outcome.

use super::writer::{Writer, cell};
use super::{Block, Cell, Section};
use crate::aggregate::summary::{ComplaintRow, Complaints, QuarterRow, RiskRow};
use crate::report::number::{count, ratio, signed, signed_share};
use crate::report::only_complaints;

/// No section where no records were given; the answer says so.
pub(super) fn section(w: &Writer<'_>) -> Option<Section> {
    let complaints = w.summary.complaints.as_ref()?;
    Some(w.section("complaints", "doc.complaints", given(w, complaints)))
}

fn given(w: &Writer<'_>, c: &Complaints) -> Vec<Block> {
    let intro = w.fill(
        "complaints.intro",
        &[
            ("records", &count(c.records)),
            ("duplicates", &count(c.duplicates)),
            ("undated", &count(c.without_date)),
        ],
    );
    let sentence =
        |key: &str, rate| Block::Text { text: w.fill(key, &[("rate", &w.numbers.rate(rate))]) };
    let with_log = !only_complaints(w.summary);
    let mut blocks = vec![Block::Text { text: intro }];
    blocks.push(match c.about_reaching_human.of {
        0 => w.text("answer.about_none"),
        _ => sentence("complaints.about", &c.about_reaching_human),
    });
    blocks.extend(stated(w, c));
    match c.linked.of {
        _ if !with_log => {}
        0 => blocks.push(w.text("complaints.linked_none")),
        _ => blocks.push(sentence("complaints.linked", &c.linked)),
    }
    blocks.push(w.chart("complaints-by-quarter", "chart.complaints_title"));
    if !c.by_category.is_empty() {
        blocks.push(ranked(w, "category", &c.by_category));
    }
    if !c.by_quarter.is_empty() {
        blocks.push(quarters(w, &c.by_quarter));
        blocks.push(w.text("complaints.before_none"));
    }
    if !c.by_channel.is_empty() {
        blocks.push(ranked(w, "channel", &c.by_channel));
    }
    if !c.by_company.is_empty() {
        blocks.push(companies(w, &c.by_company));
        blocks.push(w.caution("complaints.rank_note"));
    }
    if with_log {
        blocks.push(risk(w, &c.risk_by_outcome));
    }
    blocks
}

/// Numbers that the texts state. They are claims: no interval, no judgement.
fn stated(w: &Writer<'_>, c: &Complaints) -> Vec<Block> {
    let (attempts, waits) = (&c.stated_attempts, &c.stated_waits);
    if c.about_reaching_human.hits == 0 {
        return Vec::new();
    }
    let about = count(c.about_reaching_human.hits);
    let number = |n: Option<i64>| {
        n.and_then(|n| u64::try_from(n).ok()).map_or_else(|| w.numbers.undefined(), count)
    };
    let length = |s: Option<f64>| w.numbers.duration_or(s);
    let row = |key: &str, n: u64, vague: u64, middle: String, p90: String, max: String| {
        vec![
            cell(w.get(key)),
            cell(count(n)),
            cell(count(vague)),
            cell(middle),
            cell(p90),
            cell(max),
        ]
    };
    let rows = vec![
        row(
            "complaints.stated_attempts",
            attempts.n,
            attempts.vague,
            number(attempts.median),
            number(attempts.p90),
            number(attempts.max),
        ),
        row(
            "complaints.stated_waits",
            waits.n,
            waits.vague,
            length(waits.p50_s),
            length(waits.p90_s),
            length(waits.max_s),
        ),
    ];
    let columns = ["said", "n#", "vague#", "p50#", "p90#", "largest#"];
    vec![
        Block::Text { text: w.fill("complaints.stated_note", &[("about", &about)]) },
        w.table(w.get("table.stated"), &columns, rows),
    ]
}

fn ranked(w: &Writer<'_>, what: &str, rows: &[ComplaintRow]) -> Block {
    let row = |row: &ComplaintRow| -> Vec<Cell> {
        let mut cells = vec![cell(count(row.rank.into())), cell(w.value(row.name.as_deref()))];
        cells.extend(w.rate_cells(&row.share));
        cells.push(w.rate_cell(&row.about_reaching_human));
        cells
    };
    let columns = ["rank#", what, "share#", "hits#", "of#", "interval#", "about#"];
    let caption = w.get(&format!("table.by_{what}"));
    w.table(caption, &columns, rows.iter().map(row).collect())
}

/// Companies stand by name: volume follows size, and a league table would say otherwise.
fn companies(w: &Writer<'_>, rows: &[ComplaintRow]) -> Block {
    let mut rows: Vec<&ComplaintRow> = rows.iter().collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let row = |row: &&ComplaintRow| -> Vec<Cell> {
        let mut cells = vec![cell(w.value(row.name.as_deref()))];
        cells.extend(w.rate_cells(&row.share));
        cells.push(w.rate_cell(&row.about_reaching_human));
        cells
    };
    let columns = ["company", "share#", "hits#", "of#", "interval#", "about#"];
    w.table(w.get("table.by_company"), &columns, rows.iter().map(row).collect())
}

fn quarters(w: &Writer<'_>, rows: &[QuarterRow]) -> Block {
    let undefined = || w.numbers.undefined();
    let row = |row: &QuarterRow| -> Vec<Cell> {
        vec![
            cell(&row.quarter),
            cell(w.value(row.category.as_deref())),
            cell(count(row.rank.into())),
            w.rate_cell(&row.share),
            cell(row.change.map_or_else(undefined, signed)),
            cell(row.change_share.map_or_else(undefined, signed_share)),
            w.rate_cell(&row.about_reaching_human),
        ]
    };
    let columns = ["quarter", "category", "rank#", "share#", "change#", "change_share#", "about#"];
    w.table(w.get("table.by_quarter"), &columns, rows.iter().map(row).collect())
}

fn risk(w: &Writer<'_>, rows: &[RiskRow]) -> Block {
    if rows.is_empty() {
        return w.text("complaints.risk_none");
    }
    let row = |row: &RiskRow| -> Vec<Cell> {
        let interval = row.ratio_low.zip(row.ratio_high);
        let interval = interval.map(|(low, high)| format!("95 %: {}–{}", ratio(low), ratio(high)));
        let text = row.ratio.map_or_else(|| w.numbers.undefined(), ratio);
        vec![
            cell(w.name("outcome", &row.outcome)),
            w.rate_cell(&row.risk),
            Cell { text, base: interval },
        ]
    };
    let columns = ["outcome", "risk_share#", "risk_ratio#"];
    w.table(w.get("table.risk"), &columns, rows.iter().map(row).collect())
}

//! `sample_data` against its hand count, and `reports/sample` against what the program writes.
//!
//! `BLESS=1 cargo test --test golden` rewrites `reports/sample`; the hand count is never rewritten.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::{read_csv, report, run};

#[test]
fn every_conversation_is_as_counted_by_hand() {
    let out = tempfile::tempdir().unwrap();
    report(&["sample_data"], out.path());
    let hand = read_csv(Path::new("tests/data/golden/hand_count.csv"));
    let ours: BTreeMap<String, BTreeMap<String, String>> =
        read_csv(&out.path().join("conversations.csv"))
            .into_iter()
            .map(|row| (row["conversation_id"].clone(), row))
            .collect();
    assert_eq!(hand.len(), ours.len(), "conversations");
    let mut wrong = Vec::new();
    for row in &hand {
        let id = &row["conversation_id"];
        let ours = &ours[id];
        for (column, expected) in row {
            let got = &ours[column];
            if got != expected {
                wrong.push(format!("{id}: {column}: by hand {expected:?}, ours {got:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_total_is_as_counted_by_hand() {
    let out = tempfile::tempdir().unwrap();
    report(&["sample_data"], out.path());
    let text = fs::read_to_string(out.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let hand: toml::Table =
        fs::read_to_string("tests/data/golden/hand_totals.toml").unwrap().parse().unwrap();
    let mut leaves = Vec::new();
    flatten(&hand, &mut Vec::new(), &mut leaves);
    assert!(leaves.len() > 150, "the hand count has {} totals", leaves.len());
    let mut wrong = Vec::new();
    for (path, expected) in leaves {
        let got = look_up(&report, &path);
        if !got.is_some_and(|got| (got - expected).abs() < 6e-4) {
            wrong.push(format!("{}: by hand {expected}, ours {got:?}", path.join(".")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn flatten(table: &toml::Table, path: &mut Vec<String>, out: &mut Vec<(Vec<String>, f64)>) {
    for (key, value) in table {
        path.push(key.clone());
        match value {
            toml::Value::Table(inner) => flatten(inner, path, out),
            toml::Value::Integer(n) => {
                #[expect(clippy::cast_precision_loss, reason = "small counts")]
                out.push((path.clone(), *n as f64));
            }
            toml::Value::Float(n) => out.push((path.clone(), *n)),
            other => panic!("{path:?}: {other}"),
        }
        path.pop();
    }
}

/// Follows a dotted path; entries of lists are named by their `name`, `outcome`, file name, or
/// quarter and category.
fn look_up(value: &serde_json::Value, path: &[String]) -> Option<f64> {
    let Some((key, rest)) = path.split_first() else { return value.as_f64() };
    let Some(list) = value.as_array() else { return look_up(value.get(key)?, rest) };
    let is = |entry: &serde_json::Value, field: &str, wanted: &str| {
        entry.get(field).and_then(|v| v.as_str()) == Some(wanted)
    };
    let hits = |entry: &serde_json::Value| entry["share"]["hits"].as_f64();
    if let Some((category, [])) = rest.split_first().filter(|_| list[0].get("quarter").is_some()) {
        let entry = list.iter().find(|e| is(e, "quarter", key) && is(e, "category", category));
        return entry.and_then(hits);
    }
    let entry = list.iter().find(|e| {
        let file = e.get("path").and_then(|p| p.as_str()).is_some_and(|p| p.ends_with(key));
        is(e, "name", key) || is(e, "outcome", key) || file
    })?;
    match entry.get("risk") {
        _ if rest.is_empty() => hits(entry),
        Some(risk) => look_up(risk, rest),
        None => look_up(entry, rest),
    }
}

#[test]
fn reports_sample_is_what_the_program_writes() {
    let golden = Path::new("reports/sample");
    if std::env::var_os("BLESS").is_some() {
        run(&["report", "sample_data", "--out", "reports/sample", "--quiet"], 0);
    }
    let out = tempfile::tempdir().unwrap();
    let fresh = out.path().join("sample");
    report(&["sample_data"], &fresh);
    let names = common::files(&fresh);
    assert_eq!(names, common::files(golden), "files of the report");
    for name in names.iter().filter(|n| *n != "manifest.json") {
        let same = fs::read(fresh.join(name)).unwrap() == fs::read(golden.join(name)).unwrap();
        assert!(same, "reports/sample/{name} differs; look at the difference, then BLESS=1");
    }
}

//! A log that is given twice, or exported twice over the same days, counts once and is reported.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;

use common::{json, report};
use serde_json::Value;

/// What must not change with what is given twice.
fn figures(out: &Path) -> [Value; 4] {
    let report = json(out);
    ["period", "transfer", "effort", "waits"].map(|key| report[key].clone())
}

fn duplicates(out: &Path) -> u64 {
    let report = json(out);
    let inputs = report["inputs"].as_array().unwrap().clone();
    inputs.iter().map(|i| i["rows_duplicate"].as_u64().unwrap()).sum()
}

/// The English log of the sample: its header and its rows.
fn log() -> (String, Vec<String>) {
    let text = fs::read_to_string("sample_data/chats_en.csv").unwrap();
    let mut lines = text.lines().map(str::to_owned);
    (lines.next().unwrap(), lines.collect())
}

#[test]
fn the_same_log_under_three_names_counts_once() {
    let home = tempfile::tempdir().unwrap();
    let (header, rows) = log();
    let text = format!("{header}\n{}\n", rows.join("\n"));
    let [a, b, c] = ["a.csv", "b.csv", "c.csv.gz"].map(|name| home.path().join(name));
    fs::write(&a, &text).unwrap();
    fs::write(&b, &text).unwrap();
    let mut packed =
        flate2::write::GzEncoder::new(fs::File::create(&c).unwrap(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap();
    let [once, thrice] = ["once", "thrice"].map(|name| home.path().join(name));
    report(&[a.to_str().unwrap()], &once);
    report(&[a.to_str().unwrap(), b.to_str().unwrap(), c.to_str().unwrap()], &thrice);
    assert_eq!(figures(&once), figures(&thrice));
    assert_eq!(duplicates(&once), 0);
    assert_eq!(duplicates(&thrice), 2 * rows.len() as u64);
    let problems = fs::read_to_string(thrice.join("problems.csv")).unwrap();
    // A file with the very bytes of another is listed once, rows that are the same one by one.
    assert_eq!(problems.matches(",duplicate,").count(), 1 + rows.len());
}

#[test]
fn exports_that_overlap_count_each_row_once() {
    let home = tempfile::tempdir().unwrap();
    let (header, rows) = log();
    let (first, second) = (&rows[..rows.len() * 2 / 3], &rows[rows.len() / 3..]);
    let [a, b, whole] = ["a.csv", "b.csv", "whole.csv"].map(|name| home.path().join(name));
    fs::write(&a, format!("{header}\n{}\n", first.join("\n"))).unwrap();
    // The second export is sorted the other way about.
    let turned: Vec<&str> = second.iter().rev().map(String::as_str).collect();
    fs::write(&b, format!("{header}\n{}\n", turned.join("\n"))).unwrap();
    fs::write(&whole, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let [one, two] = ["one", "two"].map(|name| home.path().join(name));
    report(&[whole.to_str().unwrap()], &one);
    report(&[a.to_str().unwrap(), b.to_str().unwrap()], &two);
    assert_eq!(figures(&one), figures(&two));
    let overlap = first.len() + second.len() - rows.len();
    assert_eq!(duplicates(&two), overlap as u64);
}

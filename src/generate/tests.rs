//! What the generator promises: same seed same bytes, complete truth, rows in time order.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::model::{Kind, Outcome};

fn run(conversations: u64, seed: u64) -> (String, String, GenerateCounts) {
    let (mut log, mut truth) = (Vec::new(), Vec::new());
    let counts = generate(conversations, seed, &mut log, Some(&mut truth)).unwrap();
    (String::from_utf8(log).unwrap(), String::from_utf8(truth).unwrap(), counts)
}

fn records(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(|row| row.unwrap()).collect()
}

#[test]
fn same_seed_same_bytes_with_and_without_truth() {
    let (log, truth, counts) = run(300, 7);
    let (again, truth_again, _) = run(300, 7);
    assert_eq!((&log, &truth), (&again, &truth_again));
    let mut alone = Vec::new();
    assert_eq!(generate(300, 7, &mut alone, None).unwrap(), counts);
    assert_eq!(log.as_bytes(), alone);
}

#[test]
fn another_seed_gives_another_log() {
    assert_ne!(run(50, 1).0, run(50, 2).0);
}

#[test]
fn every_conversation_has_one_truth_and_the_log_is_in_time_order() {
    let (log, truth, counts) = run(2_000, 42);
    let log = records(&log);
    let truth = records(&truth);
    assert_eq!(counts.conversations, 2_000);
    assert_eq!(counts.rows, log.len() as u64);
    let of_truth: BTreeSet<&str> = truth.iter().map(|row| &row[0]).collect();
    let of_log: BTreeSet<&str> = log.iter().map(|row| &row[0]).collect();
    assert_eq!(truth.len(), 2_000);
    assert_eq!(of_truth.len(), 2_000, "ids are unique");
    assert_eq!(of_truth, of_log);
    let times: Vec<&str> = log.iter().map(|row| &row[1]).collect();
    assert!(times.is_sorted(), "rows in time order");
}

#[test]
fn every_outcome_occurs_and_none_is_left_open() {
    let (_, truth, counts) = run(2_000, 42);
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for row in records(&truth) {
        *seen.entry(row[1].to_owned()).or_default() += 1;
        let asked = &row[2] != "0";
        assert_eq!(asked, !row[1].is_empty(), "{row:?}");
        assert_eq!(asked, !row[4].is_empty(), "{row:?}");
        assert!(row[2].parse::<u32>().unwrap() >= row[3].parse().unwrap(), "{row:?}");
    }
    for outcome in Outcome::ALL {
        assert!(seen.contains_key(outcome.name()), "{} in {seen:?}", outcome.name());
    }
    assert_eq!(counts.reached, seen["reached"]);
    assert_eq!(counts.asked, 2_000 - seen[""]);
}

#[test]
fn events_are_known_and_only_of_companies_that_mark_them() {
    let known: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    for row in records(&run(400, 5).0) {
        let explicit = COMPANIES.iter().any(|company| company.name == &row[7] && company.explicit);
        assert!(row[4].is_empty() || (explicit && known.contains(&row[4])), "{row:?}");
        assert!(!(row[3].is_empty() && row[4].is_empty()), "{row:?}");
    }
}

/// The two clocks of the truth against the log, for the plain case: asked by button or words,
/// reached at the first attempt.
#[test]
fn the_wait_of_the_truth_is_that_of_the_log() {
    let (log, truth, _) = run(500, 9);
    let log = records(&log);
    let seconds = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp();
    let mut checked = 0;
    for row in records(&truth).iter().filter(|row| &row[1] == "reached" && &row[3] == "1") {
        let rows: Vec<_> = log.iter().filter(|line| line[0] == row[0]).collect();
        let end = rows
            .iter()
            .find(|line| {
                &line[2] == "agent"
                    && !line[3].contains("为您服务")
                    && !line[3].contains("help you today")
                    && !line[3].contains("How may I help")
            })
            .unwrap();
        let wait: i64 = row[4].strip_suffix(".000").unwrap().parse().unwrap();
        let from = seconds(&end[1]) - wait;
        let asked: Vec<_> = rows.iter().filter(|line| seconds(&line[1]) == from).collect();
        assert!(asked.iter().any(|line| &line[2] == "customer"), "{row:?}");
        checked += 1;
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn nothing_asked_gives_headers_alone() {
    let (log, truth, counts) = run(0, 1);
    assert_eq!(counts, GenerateCounts::default());
    assert_eq!((log.lines().count(), truth.lines().count()), (1, 1));
}

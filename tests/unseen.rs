//! What an export cannot show is said to be missing and never counted against the desk, or for it.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::fs;

use common::{json, read_csv, report, run};

/// The report of a table: its numbers, its words.
fn told(text: &str) -> (serde_json::Value, String) {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log.csv");
    fs::write(&log, text).unwrap();
    let out = home.path().join("r");
    report(&[&log.to_string_lossy()], &out);
    (json(&out), fs::read_to_string(out.join("report.md")).unwrap())
}

const BOT_ALONE: &str = "conversation_id,timestamp,sender,text\n\
    a,2025-01-05 09:00:00,customer,human agent\n\
    a,2025-01-05 09:00:01,bot,Please tell me your question first\n\
    b,2025-01-05 09:00:00,customer,where is my parcel\n\
    b,2025-01-05 09:00:01,bot,It is on its way\n";

#[test]
fn without_a_message_of_a_human_nobody_is_called_reached_or_not() {
    let (report, text) = told(BOT_ALONE);
    let transfer = &report["transfer"];
    assert_eq!(transfer["asked"]["hits"], 1);
    for rate in ["reached", "not_reached", "contained", "handed_over_unasked"] {
        assert_eq!(transfer[rate]["of"], 0, "{rate}");
        assert!(transfer[rate]["share"].is_null(), "{rate} is undefined, not 0");
    }
    assert_eq!(transfer["outcomes"]["deflected"], 1, "what the bot did is shown: {transfer}");
    assert_eq!(report["waits"]["request_to_human"]["n"], 0);
    assert!(text.contains("holds no message of a human"), "{text}");
    assert!(!text.contains("Nobody was reached"), "{text}");
}

#[test]
fn one_message_of_a_human_and_they_are() {
    let more = "b,2025-01-05 09:02:00,agent,\"Hello, I am Li\"\n";
    let (report, _) = told(&format!("{BOT_ALONE}{more}"));
    let transfer = &report["transfer"];
    assert_eq!((&transfer["reached"]["hits"], &transfer["reached"]["of"]), (&0.into(), &1.into()));
    assert_eq!(transfer["handed_over_unasked"]["hits"], 1);
    assert_eq!(
        (&transfer["contained"]["hits"], &transfer["contained"]["of"]),
        (&1.into(), &2.into())
    );
}

#[test]
fn who_meets_a_human_at_once_was_handed_over_by_nobody() {
    let (report, text) = told(
        "conversation_id,timestamp,sender,text\n\
         a,2025-01-05 09:00:00,customer,where is my parcel\n\
         a,2025-01-05 09:00:30,agent,\"Hello, I am Li, let me look\"\n",
    );
    assert_eq!(report["transfer"]["handed_over_unasked"]["of"], 0);
    assert!(text.contains("The export marks no button or event of asking"), "{text}");
}

#[test]
fn rows_of_nobody_known_are_told_and_not_counted_as_no_request() {
    let head = "conversation_id,timestamp,sender,text\n";
    let (_, text) = told(&format!("{head}a,2025-01-05 09:00:00,老王,转人工\n"));
    assert!(text.contains("Name the senders under") && !text.contains("0.0 %"), "{text}");
}

#[test]
fn the_mark_of_the_platform_that_it_did_not_understand_is_explicit() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("r");
    // Rows are refused in it, of purpose, so that a limit is broken.
    let folder = out.to_string_lossy().into_owned();
    let args = ["report", "-q", "tests/data/ingest/dialogflow-cx/rows.jsonl", "--out", &folder];
    run(&args, 1);
    let findings = read_csv(&out.join("findings.csv"));
    let fallback = findings.iter().find(|f| f["rule"] == "fallback").unwrap();
    assert_eq!(
        (fallback["evidence"].as_str(), fallback["matched"].as_str()),
        ("explicit", "NO_MATCH")
    );
}

//! Real exports, where they are at hand. Each test says so and passes when they are not.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use common::{json, report, shared};

#[test]
fn contact_lens_waited_4_333_seconds_in_the_queue() {
    let Some(file) = shared("vendors/amazon_contact_lens_chat_0.json") else { return };
    let out = tempfile::tempdir().unwrap();
    report(&[file.to_str().unwrap()], out.path());
    let row = &common::read_csv(&out.path().join("conversations.csv"))[0];
    assert_eq!(
        (row["queue_s"].as_str(), row["first_human_response_s"].as_str()),
        ("4.333", "2.511")
    );
}

#[test]
fn a_log_without_times_or_bot_counts_and_says_what_it_cannot_show() {
    let Some(file) = shared("dialogues/zh_jddc.csv") else { return };
    let out = tempfile::tempdir().unwrap();
    report(&[file.to_str().unwrap()], out.path());
    let report = json(out.path());
    assert!(report["transfer"]["asked"]["hits"].as_u64().unwrap() >= 40);
    assert!(report["waits"]["request_to_human"]["p50_s"].is_null());
    assert!(report["effort"]["fallbacks"].is_null());
    let notes: Vec<&str> =
        report["notes"].as_array().unwrap().iter().filter_map(|n| n["key"].as_str()).collect();
    assert!(notes.contains(&"no-times") && notes.contains(&"no-bot"), "{notes:?}");
}

#[test]
fn nested_threads_give_first_response_times() {
    let Some(file) = shared("dialogues/en_twitter_care.json") else { return };
    let out = tempfile::tempdir().unwrap();
    let mapping = "tests/data/mappings/nested_threads.toml";
    report(&[file.to_str().unwrap(), "--mapping", mapping], out.path());
    let first = &json(out.path())["waits"]["first_response"];
    assert!(first["reached"].as_u64().unwrap() > 400, "{first}");
}

#[test]
fn complaints_of_two_countries_are_counted_by_quarter() {
    for (name, records) in [("complaints/en_cfpb.csv", 3000), ("complaints/zh_messages.xlsx", 4000)]
    {
        let Some(file) = shared(name) else { return };
        let out = tempfile::tempdir().unwrap();
        report(&["--complaints", file.to_str().unwrap()], out.path());
        let complaints = &json(out.path())["complaints"];
        assert!(complaints["records"].as_u64().unwrap() > records, "{name}");
        assert!(!complaints["by_quarter"].as_array().unwrap().is_empty(), "{name}");
    }
}

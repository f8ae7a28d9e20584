//! Exports of vendors from file to outcome: what an importer's marks do to the measures, and records
//! of one journey in several files. How each record is read stands under `tests/data/ingest`.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{read_csv, run};

/// Rows by conversation of these files, given by name and content.
fn measured(files: &[(&str, &str)]) -> BTreeMap<String, BTreeMap<String, String>> {
    let home = tempfile::tempdir().unwrap();
    let mut args = vec!["measure".to_owned(), "--quiet".to_owned()];
    for (name, content) in files {
        let path = home.path().join(name);
        std::fs::write(&path, content).unwrap();
        args.push(path.display().to_string());
    }
    let out = home.path().join("facts.csv");
    args.extend(["-o".to_owned(), out.display().to_string()]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    run(&args, 0);
    read_csv(&out).into_iter().map(|row| (row["conversation_id"].clone(), row)).collect()
}

fn fixture(path: &str) -> String {
    std::fs::read_to_string(Path::new("tests/data/ingest").join(path)).unwrap()
}

/// Outcome and evidence of a conversation.
fn outcome<'r>(
    rows: &'r BTreeMap<String, BTreeMap<String, String>>,
    id: &str,
) -> (&'r str, &'r str) {
    let row = rows.get(id).unwrap_or_else(|| panic!("no {id} in {:?}", rows.keys()));
    (row["outcome"].as_str(), row["outcome_evidence"].as_str())
}

#[test]
fn a_private_note_is_no_answer() {
    let chat = |note: &str| {
        format!(
            r#"{{"id": "1", "created_at": 1717400000,
            "source": {{"id": "s", "body": "I want to talk to a human agent", "author": {{"type": "user", "id": "u"}}}},
            "conversation_parts": {{"conversation_parts": [
              {{"id": "a", "part_type": "assignment", "created_at": 1717400010, "assigned_to": {{"type": "team", "id": "t"}}, "author": {{"type": "bot"}}}},
              {{"id": "b", "part_type": "{note}", "created_at": 1717400060, "body": "it is the router", "author": {{"type": "admin", "id": "a1"}}}},
              {{"id": "c", "part_type": "close", "created_at": 1717400900, "author": {{"type": "bot"}}}}]}}}}"#
        )
    };
    let noted = measured(&[("a.json", &chat("note"))]);
    assert_eq!(outcome(&noted, "1").0, "queue_timeout");
    let answered = measured(&[("a.json", &chat("comment"))]);
    assert_eq!(outcome(&answered, "1"), ("reached", "explicit"));
    assert_eq!(answered["1"]["request_to_human_s"], "60.000");
}

#[test]
fn want_of_agents_is_said_by_the_export() {
    let livechat = r#"{"chats": [{"id": "P", "users": [{"id": "c", "type": "customer"}], "thread": {"id": "T", "events": [
        {"id": "1", "created_at": "2024-06-03T12:00:00.000000Z", "type": "message", "author_id": "c", "text": "let me talk to a real person"},
        {"id": "2", "created_at": "2024-06-03T12:04:00.000000Z", "type": "system_message", "system_message_type": "routing.archived_offline", "text": "Chat archived due to no available agents"}]}}]}"#;
    assert_eq!(outcome(&measured(&[("l.json", livechat)]), "T"), ("no_agent", "explicit"));
    let events = "Id,LiveChatTranscriptId,Time,Type,AgentId,Detail\n\
        1,570,2024-06-03T10:00:00.000Z,ChatRequest,,\n\
        2,570,2024-06-03T10:01:00.000Z,CancelNoAgent,,\n";
    let body = r#"{"records": [{"Id": "570", "ChatKey": "k", "Status": "Missed", "RequestTime": "2024-06-03T10:00:00.000+0000",
        "Body": "( 5s ) Visitor: please connect me to a human agent<br>"}]}"#;
    let rows = measured(&[("events.csv", events), ("body.json", body)]);
    assert_eq!(rows.len(), 1, "two objects of one chat are one conversation");
    assert_eq!(outcome(&rows, "570"), ("no_agent", "explicit"));
}

#[test]
fn what_an_export_cannot_show_is_unknown() {
    let dialogflow = r#"{"conversation_name": "x/sessions/d", "turn_position": 1, "request_time": "2024-06-03T10:00:00Z",
        "request": {"queryInput": {"text": {"text": "representative please"}}},
        "response": {"queryResult": {"responseMessages": [{"text": {"text": ["One moment, I will connect you"]}}, {"liveAgentHandoff": {}}]}},
        "conversation_signals": {"turnSignals": {"userEscalated": true}}}"#;
    assert_eq!(outcome(&measured(&[("d.jsonl", dialogflow)]), "d").0, "unknown");
    let rasa = r#"{"sender_id": "u", "event": "user", "timestamp": 1717408810.0, "text": "/human_handoff", "parse_data": {}}
{"sender_id": "u", "event": "action", "timestamp": 1717408811.0, "name": "action_human_handoff", "policy": "RulePolicy"}
{"sender_id": "u", "event": "pause", "timestamp": 1717408812.0}"#;
    let rows = measured(&[("r.jsonl", rasa)]);
    assert_eq!(outcome(&rows, "u").0, "unknown");
    assert_eq!(rows["u"]["attempts"], "1");
    // An agent who joined says nothing in events alone: no silence of theirs.
    let events = "Id,LiveChatTranscriptId,Time,Type,AgentId,Detail\n\
        1,571,2024-06-03T10:00:00.000Z,Accept,005,\n\
        2,571,2024-06-03T10:09:00.000Z,EndVisitor,,\n";
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("e.csv");
    std::fs::write(&path, events).unwrap();
    let (seen, _) = run(&["inspect", "--json", path.to_str().unwrap()], 0);
    let seen: serde_json::Value = serde_json::from_str(&seen).unwrap();
    let coverage = seen.pointer("/source/coverage").or(seen.pointer("/0/source/coverage"));
    let coverage = coverage.or(seen.pointer("/inputs/0/source/coverage")).unwrap();
    assert_eq!(coverage["agent_messages"], "no");
    assert_eq!(coverage["joins"], "yes");
}

#[test]
fn contacts_of_a_chain_are_one_conversation_with_their_transcripts() {
    let lens = fixture("amazon-contact-lens/basic.json");
    let second =
        lens.replace("contact-1", "contact-2").replace("2024-06-01T10:00", "2024-06-01T10:02");
    let record = fixture("amazon-contact-record/chain.json");
    // In this order the transcripts are read before the records that join them.
    let rows = measured(&[("1.json", &lens), ("2.json", &second), ("3.json", &record)]);
    let ids: Vec<&String> = rows.keys().collect();
    assert_eq!(ids, ["contact-1", "contact-3"]);
    assert_eq!(rows["contact-1"]["messages"], "6");
    let apart = measured(&[("1.json", &lens), ("2.json", &second)]);
    assert_eq!(apart.len(), 2, "without the records nothing says that they belong together");
}

#[test]
fn an_overlapping_export_counts_once() {
    let whole = fixture("rasa/broker.jsonl");
    let part: Vec<&str> = whole.lines().take(5).collect();
    let part = part.join("\n");
    let once = measured(&[("a.jsonl", &whole)]);
    let twice = measured(&[("a.jsonl", &whole), ("b.jsonl", &part)]);
    assert_eq!(once, twice);
}

#[test]
fn two_formats_that_fit_are_asked_about() {
    let both = r#"{"conversation_parts": [], "source": {}, "visitor": {}, "started_by": "visitor", "history": []}"#;
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("both.json");
    std::fs::write(&path, both).unwrap();
    let (_, error) = run(&["inspect", path.to_str().unwrap()], 2);
    assert!(error.contains("--format intercom or --format zendesk-chat"), "{error}");
}

#[test]
fn a_mapping_that_names_columns_reads_a_generic_table() {
    let table = fixture("twitter-care/tree.csv");
    let map = "[columns]\nconversation_id = \"author_id\"\nsender = \"inbound\"\ntext = \"text\"\n\
        timestamp = \"created_at\"\n[senders]\n\"True\" = \"customer\"\n\"False\" = \"agent\"\n";
    let home = tempfile::tempdir().unwrap();
    let (csv, mapping) = (home.path().join("t.csv"), home.path().join("m.toml"));
    std::fs::write(&csv, table).unwrap();
    std::fs::write(&mapping, map).unwrap();
    let args = ["inspect", csv.to_str().unwrap(), "--mapping", mapping.to_str().unwrap()];
    let (seen, _) = run(&args, 0);
    assert!(seen.contains("format       csv"), "{seen}");
}

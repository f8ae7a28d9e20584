//! Exports of Chinese vendors and chat apps from file to outcome: what an importer's marks do to the
//! measures, and records of one journey in several files. How each record is read stands under
//! `tests/data/ingest`.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{read_csv, run};

type Rows = BTreeMap<String, BTreeMap<String, String>>;

/// Rows by conversation of these files, given by name and content, with these further options.
fn measured(files: &[(&str, &str)], options: &[&str]) -> Rows {
    let home = tempfile::tempdir().unwrap();
    let mut args = vec!["measure".to_owned(), "--quiet".to_owned()];
    for (name, content) in files {
        let path = home.path().join(name);
        std::fs::write(&path, content).unwrap();
        args.push(path.display().to_string());
    }
    let out = home.path().join("facts.csv");
    args.extend(["-o".to_owned(), out.display().to_string()]);
    args.extend(options.iter().map(|o| (*o).to_owned()));
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    run(&args, 0);
    read_csv(&out).into_iter().map(|row| (row["conversation_id"].clone(), row)).collect()
}

fn fixture(path: &str) -> String {
    std::fs::read_to_string(Path::new("tests/data/ingest").join(path)).unwrap()
}

fn ids(rows: &Rows) -> Vec<&str> {
    rows.keys().map(String::as_str).collect()
}

/// Outcome, its evidence, and the attempts of a conversation.
fn outcome<'r>(rows: &'r Rows, id: &str) -> (&'r str, &'r str, &'r str) {
    let row = rows.get(id).unwrap_or_else(|| panic!("no {id} in {:?}", rows.keys()));
    (row["outcome"].as_str(), row["outcome_evidence"].as_str(), row["attempts"].as_str())
}

#[test]
fn robot_and_human_sessions_of_qiyu_are_one_conversation() {
    let (sessions, messages) =
        (fixture("netease-qiyu/sessions.jsonl"), fixture("netease-qiyu/messages.json"));
    // The messages are read before the records that join them; 9003 goes on from 9002 from 9001.
    let rows = measured(&[("1.json", &messages), ("2.jsonl", &sessions)], &[]);
    assert_eq!(ids(&rows), ["9001", "9004", "9005", "9006", "9007"]);
    assert_eq!(outcome(&rows, "9001"), ("reached", "explicit", "1"));
    // Asked at 50 s, the human's own words at 120 s; the automatic greeting before stops no clock.
    assert_eq!(rows["9001"]["request_to_human_s"], "70.000");
    let apart = measured(&[("1.json", &messages)], &[]);
    assert_eq!(ids(&apart), ["9001", "9002"], "without the records nothing joins them");
}

#[test]
fn how_a_queue_of_qiyu_ended_is_said_by_its_codes() {
    let session = |reason: u8, kind: u8| {
        format!(
            r#"{{"id": 7, "interaction": 1, "userId": 4, "startTime": 1717380000000, "endTime": 1717380120000, "sType": {kind},
            "relatedType": 1, "relatedId": 6, "inQueueTime": 120000, "transferRgType": "主动", "closeReason": {reason}}}"#
        )
    };
    for (reason, kind, expected) in [
        (11, 3, "queue_timeout"),
        (12, 0, "queue_abandoned"),
        (13, 0, "queue_timeout"),
        (0, 1, "no_agent"),
    ] {
        // A robot's word, so that the file shows messages.
        let said =
            r#"{"sessionId": 6, "staffType": 0, "msg": "您好", "mType": 1, "time": 1717379990000}"#;
        let rows = measured(
            &[("q.jsonl", &format!("{}\n{said}", session(reason, kind).replace('\n', " ")))],
            &[],
        );
        assert_eq!(outcome(&rows, "6"), (expected, "explicit", "1"), "{reason} {kind}");
    }
}

#[test]
fn wechat_never_shows_the_bot_so_nobody_is_called_ignored() {
    let said = |id: u32, text: &str| {
        format!(
            r#"{{"msgid": "{id}", "open_kfid": "k", "external_userid": "u", "send_time": 171738000{id}, "origin": 3, "msgtype": "text", "text": {{"content": "{text}"}}}}"#
        )
    };
    let log = [said(1, "我要人工"), said(2, "转人工客服"), said(3, "水管漏了")].join("\n");
    let rows = measured(&[("w.jsonl", &log)], &[]);
    assert_eq!(outcome(&rows, "u/k").0, "unknown");
    let rows = measured(&[("w.jsonl", &said(3, "水管漏了"))], &[]);
    assert_eq!(rows["u/k"]["left_unasked"], "", "what the bot replied is not in it");
}

#[test]
fn a_close_ends_what_one_person_said_and_the_next_visit_is_another_conversation() {
    let rows = measured(&[("w.json", &fixture("wechat-kf/pages.json"))], &[]);
    assert_eq!(ids(&rows), ["wmU1/wkA", "wmU1/wkA@2024-06-03T03:05:00Z"]);
    assert_eq!(outcome(&rows, "wmU1/wkA").0, "reached");
    assert_eq!(rows["wmU1/wkA"]["request_to_human_s"], "90.000");
    // The neutral table has the same conversations.
    let home = tempfile::tempdir().unwrap();
    let table = home.path().join("t.csv");
    let args = ["convert", "tests/data/ingest/wechat-kf/pages.json", "-o", table.to_str().unwrap()];
    run(&args, 0);
    let again = measured(&[("t.csv", &std::fs::read_to_string(&table).unwrap())], &[]);
    assert_eq!(ids(&again), ids(&rows));
}

#[test]
fn a_failed_connection_of_tencent_is_a_failed_attempt() {
    let rows = measured(&[("t.json", &fixture("tencent-im/hour.json"))], &[]);
    assert_eq!(outcome(&rows, "u1/@desk1"), ("reached", "explicit", "2"));
    assert_eq!(rows["u1/@desk1"]["failed_attempts"], "1");
    assert_eq!(rows["u1/@desk1"]["request_to_human_s"], "128.000");
}

#[test]
fn sessions_of_udesk_are_joined_by_the_customer() {
    let rows = measured(&[("u.jsonl", &fixture("udesk/journey.jsonl"))], &[]);
    assert_eq!(
        ids(&rows),
        ["t-9", "t-9@2024-06-03T04:00:00Z"],
        "what names session 72 alone is of t-9 too"
    );
    assert_eq!(outcome(&rows, "t-9"), ("reached", "explicit", "1"));
    assert_eq!(rows["t-9"]["request_to_human_s"], "80.000");
    let nobody = r#"{"customer_token": "a", "code": 2002, "assign_type": "agent", "time": "2024-06-03 10:00:04", "message": "x"}
{"customer_token": "a", "im_sub_session_id": 0, "message_id": "m", "type": "message", "time": "2024-06-03 10:00:09", "data": {"content": "唉"}}"#;
    assert_eq!(outcome(&measured(&[("n.jsonl", nobody)], &[]), "a"), ("no_agent", "explicit", "1"));
}

#[test]
fn bots_that_log_in_as_agents_are_named() {
    let table = "conversation_id,timestamp,sender,agent_id,text\n\
        a,2024-06-03 10:00:00,customer,,I want to talk to a human agent\n\
        a,2024-06-03 10:00:05,agent,helper-7,the shop opens at nine\n";
    let plain = measured(&[("t.csv", table)], &[]);
    assert_eq!(outcome(&plain, "a").0, "reached");
    let named = measured(&[("t.csv", table)], &["--bot-ids", "other,helper-7"]);
    assert_eq!(outcome(&named, "a").0, "ignored");
    // In a chat app the name is the account.
    let chat =
        "[13/06/2024, 10:00:00] 客户: 转人工\n[13/06/2024, 10:00:05] 客服小八: 本店九点开门\n";
    assert_eq!(measured(&[("c.txt", chat)], &[]).values().next().unwrap()["outcome"], "reached");
    let named = measured(&[("c.txt", chat)], &["--bot-ids", "客服小八"]);
    assert_eq!(named.values().next().unwrap()["outcome"], "ignored");
}

#[test]
fn a_chat_app_leaves_people_unknown_and_offers_them_for_naming() {
    let home = tempfile::tempdir().unwrap();
    let (chat, mapping) = (home.path().join("c.txt"), home.path().join("m.toml"));
    std::fs::write(&chat, fixture("whatsapp/android_us.txt")).unwrap();
    let (seen, _) =
        run(&["inspect", chat.to_str().unwrap(), "--write-mapping", mapping.to_str().unwrap()], 0);
    assert!(seen.contains("whatsapp") && seen.contains("name them under [senders]"), "{seen}");
    let written = std::fs::read_to_string(&mapping).unwrap();
    for line in ["format = \"whatsapp\"", "\"Ana B\" = \"unknown\"", "\"Helen Shop\" = \"unknown\""]
    {
        assert!(written.contains(line), "{written}");
    }
}

#[test]
fn second_hand_knowledge_is_owned_up_to() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("q.jsonl");
    std::fs::write(&path, fixture("netease-qiyu/sessions.jsonl")).unwrap();
    let (seen, _) = run(&["inspect", path.to_str().unwrap()], 0);
    assert!(seen.contains("known at second hand"), "{seen}");
    let (seen, _) = run(&["inspect", "--lang", "zh", path.to_str().unwrap()], 0);
    assert!(seen.contains("来自二手资料"), "{seen}");
}

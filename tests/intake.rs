//! What the intake promises of every format at once: it is known by its bytes whatever its name, its rows
//! add up in the report, and a value that nobody knows is counted and listed.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{json, run, tohuman};
use tohuman::ingest::{IngestOptions, Input, ReadColumnar, format_names, inspect, probe};

fn home() -> &'static Path {
    Path::new("tests/data/ingest")
}

fn options() -> IngestOptions {
    let columnar: Option<ReadColumnar> = Some(tohuman::pipeline::read_columnar);
    IngestOptions { columnar, ..IngestOptions::default() }
}

/// Fixtures that are read without a mapping, by format.
fn fixtures() -> Vec<(&'static str, PathBuf)> {
    let mut out = Vec::new();
    for format in format_names() {
        let Ok(folder) = fs::read_dir(home().join(format)) else { continue };
        for entry in folder {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            let other = name.ends_with(".expected.txt") || name.ends_with(".mapping.toml");
            if !other && !path.with_extension("mapping.toml").exists() {
                out.push((format, path));
            }
        }
    }
    out.push(("heimao", home().join("complaints/heimao.json")));
    out.push(("wechat-pay-complaints", home().join("complaints/wxpay.json")));
    out.sort();
    out
}

#[test]
fn a_format_is_known_by_its_bytes_under_any_name() {
    for (format, path) in fixtures() {
        let bytes = fs::read(&path).unwrap();
        for name in ["renamed.dat", "renamed.xlsx", "renamed.csv", "renamed.parquet", "renamed"] {
            let seen = probe(&Input::bytes(name, &bytes), &options()).unwrap();
            assert_eq!(seen.format, format, "{} as {name}", path.display());
            assert!(seen.reasons.iter().all(|r| !r.contains(name)), "{:?}", seen.reasons);
        }
    }
}

#[test]
fn rows_of_every_format_add_up_in_one_report() {
    let out = tempfile::tempdir().unwrap();
    let logs: Vec<String> = fixtures()
        .into_iter()
        .filter(|(format, _)| !["heimao", "wechat-pay-complaints"].contains(format))
        .map(|(_, path)| path.display().to_string())
        .collect();
    let folder = out.path().join("r").display().to_string();
    let mut args = vec!["report", "--quiet", "--out", &folder];
    // The first log again: every row of it is there twice.
    args.extend(logs.iter().map(String::as_str).chain(["tests/data/ingest/csv/en_events.csv"]));
    let again = out.path().join("again.csv");
    let first = fs::read(home().join("csv/en_events.csv")).unwrap();
    fs::write(&again, [&first[..], b"\n"].concat()).unwrap();
    args.push(again.to_str().unwrap());
    // Rows are refused, of purpose, so that a limit may be broken.
    let code = tohuman().args(&args).output().unwrap().status.code();
    assert!(code == Some(0) || code == Some(1), "{code:?}");
    let report = json(Path::new(&folder));
    let inputs = report["inputs"].as_array().unwrap();
    assert!(inputs.len() > logs.len(), "{} of {}", inputs.len(), logs.len());
    let mut double = 0;
    for input in inputs {
        let n = |key: &str| input[key].as_u64().unwrap();
        let sum = n("rows_used") + n("rows_refused") + n("rows_duplicate");
        assert_eq!(n("rows_read"), sum, "{input}");
        double += n("rows_duplicate");
    }
    assert!(double > 0);
}

/// Fixture, a value in it that is known, and one that nobody knows in its place.
const PLANTED: [(&str, &str, &str); 30] = [
    ("amazon-contact-lens/basic.json", "event.participant.joined", "event.zz_new"),
    (
        "amazon-contact-lens/basic.json",
        "\"ParticipantRole\": \"AGENT\"",
        "\"ParticipantRole\": \"zz_new\"",
    ),
    (
        "amazon-contact-record/chain.json",
        "\"InitiationMethod\": \"API\"",
        "\"InitiationMethod\": \"zz_new\"",
    ),
    ("intercom/journey.json", "\"part_type\": \"assignment\"", "\"part_type\": \"zz_new\""),
    ("intercom/journey.json", "\"type\": \"admin\"", "\"type\": \"zz_new\""),
    ("zendesk-chat/journeys.json", "\"chat.memberjoin\"", "\"zz_new\""),
    ("zendesk-chat/journeys.json", "\"sender_type\": \"Agent\"", "\"sender_type\": \"zz_new\""),
    ("zendesk-conversation-log/pages.json", "\"type\": \"bot\"", "\"type\": \"zz_new\""),
    ("zendesk-conversation-log/pages.json", "\"Messaging::ConversationMessage\"", "\"zz_new\""),
    ("salesforce/transcript_events.csv", "Enqueue", "zz_new"),
    ("salesforce/entries.json", "\"role\": \"Agent\"", "\"role\": \"zz_new\""),
    ("salesforce/bot_sessions.csv", "No Agents Available", "zz_new"),
    ("rasa/broker.jsonl", "\"event\": \"pause\"", "\"event\": \"zz_new\""),
    ("chatwoot/messages.json", "\"message_type\": 2", "\"message_type\": \"zz_new\""),
    ("chatwoot/messages.json", "\"type\": \"agent_bot\"", "\"type\": \"zz_new\""),
    (
        "livechat/archive.json",
        "\"system_message_type\": \"agent_joined\"",
        "\"system_message_type\": \"zz_new\"",
    ),
    ("livechat/archive.json", "\"type\": \"message\"", "\"type\": \"zz_new\""),
    ("genesys-cloud/details.json", "\"purpose\": \"agent\"", "\"purpose\": \"zz_new\""),
    (
        "genesys-cloud/details.json",
        "\"disconnectType\": \"peer\"",
        "\"disconnectType\": \"zz_new\"",
    ),
    ("genesys-cloud/details.json", "\"segmentType\": \"interact\"", "\"segmentType\": \"zz_new\""),
    ("dialogflow-cx/rows.jsonl", "\"NO_MATCH\"", "\"zz_new\""),
    ("twitter-care/tree.csv", ",True,", ",zz_new,"),
    ("netease-qiyu/sessions.jsonl", "\"closeReason\": 3", "\"closeReason\": \"zz_new\""),
    ("netease-qiyu/messages.json", "\"staffType\": 1", "\"staffType\": \"zz_new\""),
    ("udesk/journey.jsonl", "\"sender\": \"agent\"", "\"sender\": \"zz_new\""),
    ("wechat-kf/pages.json", "\"change_type\": 1", "\"change_type\": \"zz_new\""),
    ("wechat-kf/pages.json", "\"event_type\": \"enter_session\"", "\"event_type\": \"zz_new\""),
    ("wechat-kf/pages.json", "\"msgtype\": \"text\"", "\"msgtype\": \"zz_new\""),
    ("tencent-im/hour.json", "queuing", "zz_new"),
    ("csv/en_events.csv", ",queued,", ",zz_new,"),
];

#[test]
fn a_value_that_nobody_knows_is_listed_by_every_importer() {
    for (name, known, unknown) in PLANTED {
        let text = fs::read_to_string(home().join(name)).unwrap();
        let text = text.replace("\":\"", "\": \"");
        assert!(text.contains(known), "{known} is not in {name}");
        let input = Input::bytes("x", text.replace(known, unknown).as_bytes());
        let seen = inspect(&input, &options()).unwrap();
        let (was, is) = (inspect(&Input::bytes("x", text.as_bytes()), &options()).unwrap(), &seen);
        assert_eq!(was.source.format, is.source.format, "{name}");
        let listed = seen.problems.iter().any(|p| {
            ["unknown-event", "unknown-sender"].contains(&p.kind.as_str())
                && p.examples.iter().any(|(_, found)| found.contains("zz_new"))
        });
        let listed =
            listed || seen.unknown_events.iter().any(|(value, _)| value.contains("zz_new"));
        assert!(listed, "{unknown} in {name}: {:?}", seen.problems);
    }
}

#[test]
fn blank_ids_and_newest_first_are_warned_of() {
    let (blank, _) = run(&["inspect", "tests/data/ingest/csv/desk_ids_blank_below.csv"], 0);
    assert!(blank.contains("WARNING: 2 of 4 rows have no conversation id"), "{blank}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let rows = [
        "A,2026-01-05 18:01,客服,您好",
        "A,2026-01-05 18:00,机器人,请稍等",
        "A,2026-01-05 18:00,客户,转人工",
    ];
    let written = |rows: &[&str]| {
        fs::write(&path, format!("会话ID,时间,发送方,内容\n{}\n", rows.join("\n"))).unwrap();
        run(&["inspect", path.to_str().unwrap()], 0).0
    };
    assert!(written(&rows).contains("WARNING: the rows stand newest first"));
    assert!(!written(&[rows[2], rows[1], rows[0]]).contains("WARNING"));
    assert!(!written(&rows[..2]).contains("WARNING"), "no two stamps are equal");
}

#[test]
fn a_chat_app_says_what_to_do_next_and_names_its_columns_on_one_line() {
    let (seen, _) = run(&["inspect", "tests/data/ingest/whatsapp/android_us.txt"], 0);
    assert!(seen.contains("say under [senders] who is customer, bot or agent"), "{seen}");
    assert!(seen.contains("columns      those of the format: conversation_id, "), "{seen}");
    let (seen, _) = run(&["inspect", "tests/data/ingest/csv/zh_titles.csv"], 0);
    assert!(!seen.contains("those of the format"), "{seen}");
}

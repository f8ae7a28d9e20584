//! What spreadsheets and editors do to an export, from outside: it is undone, or refused and told.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]
#![allow(clippy::format_push_string, reason = "tables of a few rows")]

mod common;

use std::fs;
use std::path::Path;

use common::{json, read_csv, report, run};

/// Inspects a CSV of this text, and converts it: the reasons, and the rows.
fn read(text: &str) -> (serde_json::Value, Vec<std::collections::BTreeMap<String, String>>) {
    let home = tempfile::tempdir().unwrap();
    let (log, table) = (home.path().join("log.csv"), home.path().join("table.csv"));
    fs::write(&log, text).unwrap();
    let (out, _) = run(&["inspect", "--json", &log.to_string_lossy()], 0);
    let seen: serde_json::Value = serde_json::from_str(&out).unwrap();
    run(&["convert", &log.to_string_lossy(), "-o", &table.to_string_lossy(), "-q"], 0);
    (seen[0].clone(), read_csv(&table))
}

#[test]
fn a_cell_that_holds_a_whole_conversation_is_split_into_turns() {
    let text = "客服聊天记录汇总\n会话编号,日期,聊天详情\n\
        C-1,2025-01-05,\"[09:03] 客户: 洗衣机漏水\n[09:04] 机器人: 请问型号是？\n[09:04] 客户: 转人工\"\n\
        C-2,2025-01-06,\"2025-01-06 10:00:00 客服小王: 您好\n请讲\n2025-01-06 10:00:09 客户: 我要退款\"\n\
        C-3,2025-01-07,没有聊天\n";
    let (seen, rows) = read(&text.replace("C-3,", "C-2b,2025-01-07,\"[11:00] 客户: 在吗\n[11:01] 客服: 在\"\nC-2c,2025-01-07,\"[11:00] 客户: 好\n[11:01] 客服: 好的\"\nC-3,"));
    assert!(seen["reasons"][1].as_str().unwrap().contains("聊天详情 holds a whole conversation"));
    assert_eq!(rows.len(), 9);
    assert_eq!(rows[0]["timestamp"], "2025-01-05T09:03+08:00");
    assert_eq!(rows[3]["text"], "您好\n请讲");
    assert_eq!(rows[3]["sender"], "agent");
    let source = &seen["source"];
    assert_eq!(
        (source["rows_read"].as_u64(), source["rows_refused"].as_u64()),
        (Some(10), Some(1)),
        "the cell that is no conversation is listed: {seen}"
    );
    assert_eq!(seen["problems"][0]["kind"], "bad-record");
}

#[test]
fn text_with_colons_is_no_transcript() {
    let text = "会话ID,时间,发送方,内容\nA,2025-01-05 09:03:00,客户,\"客户: 我\n客服: 他\"\nA,2025-01-05 09:04:00,客服,好\n";
    let (_, rows) = read(text);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["text"], "客户: 我\n客服: 他");
}

#[test]
fn html_in_the_text_is_taken_off_and_told() {
    let text = "会话ID,时间,发送方,内容\nA,2025-01-05 09:03:00,客户,<p>我的&nbsp;订单<br>在哪&amp;</p>\nA,2025-01-05 09:04:00,客服,I <3 you\n";
    let (seen, rows) = read(text);
    assert!(seen["reasons"][1].as_str().unwrap().contains("holds HTML"), "{seen}");
    assert_eq!(rows[0]["text"], "我的 订单 在哪&");
    assert_eq!(rows[1]["text"], "I <3 you");
}

#[test]
fn serial_dates_in_csv_are_times() {
    let text = "会话ID,时间,发送方,内容\nA,45296.377,客户,在吗\nA,45296.3775,客服,在\n合计,,,2\n";
    let (seen, rows) = read(text);
    assert_eq!(rows[0]["timestamp"], "2024-01-05T09:02:53+08:00");
    assert_eq!(seen["problems"][0]["examples"][0][0], 4);
}

#[test]
fn rounded_ids_are_warned_of_before_all_else() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log.csv");
    let mut text = "会话ID,时间,发送方,内容\n".to_owned();
    for minute in 10..20 {
        text += &format!("1.23457E+17,2025-01-05 09:{minute}:00,客户,转人工\n");
        text += &format!("C-{minute},2025-01-05 09:{minute}:00,客户,转人工\n");
    }
    fs::write(&log, text).unwrap();
    let (out, _) = run(&["inspect", &log.to_string_lossy()], 0);
    let second = out.lines().nth(1).unwrap();
    assert!(
        second.contains("WARNING: 10 of 20 rows have an id that a spreadsheet rounded"),
        "{out}"
    );
    let out = home.path().join("out");
    let flags = ["--fail-on", "refused > 60%"];
    report(&[&*log.to_string_lossy(), flags[0], flags[1]], &out);
    let notes = json(&out)["notes"].to_string();
    assert!(notes.starts_with(r#"[{"key":"rounded-ids""#), "{notes}");
    let page = fs::read_to_string(Path::new(&out).join("report.md")).unwrap();
    assert!(page.contains("10 rows are refused, for different conversations would be one"));
}

#[test]
fn rounded_order_and_customer_ids_join_nothing_and_are_told() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log.csv");
    let text = "会话ID,时间,发送方,内容,订单号,客户ID\nA,2025-01-05 09:03:00,客户,在吗,1.23E+17,123456789012345000\nB,2025-01-05 09:04:00,客户,在吗,123456789012345678,c-1\n";
    std::fs::write(&log, text).unwrap();
    let (seen, _) = common::run(&["inspect", "--json", &log.to_string_lossy()], 0);
    let seen: serde_json::Value = serde_json::from_str(&seen).unwrap();
    assert_eq!(seen[0]["problems"][0]["kind"], "rounded-link", "{seen}");
    assert_eq!(seen[0]["problems"][0]["rows"], 2, "order and customer of one row");
    assert_eq!(seen[0]["source"]["rows_used"], 2, "the row itself is used");
}

#[test]
fn question_and_answer_in_one_row_are_two_messages() {
    let text = "会话ID,时间,用户问题,机器人回答,人工回复\n\
        A,2025-01-05 09:03:00,洗衣机漏水,请问型号是？,\nA,2025-01-05 09:04:00,转人工,,您好\nA,2025-01-05 09:05:00,,,\n";
    let (seen, rows) = read(text);
    let told = seen["reasons"][1].as_str().unwrap();
    assert!(told.contains("用户问题 (customer), 机器人回答 (bot), 人工回复 (agent)"), "{seen}");
    let said: Vec<(&str, &str)> =
        rows.iter().map(|r| (r["sender"].as_str(), r["text"].as_str())).collect();
    let expected = [
        ("customer", "洗衣机漏水"),
        ("bot", "请问型号是？"),
        ("customer", "转人工"),
        ("agent", "您好"),
    ];
    assert_eq!(said, expected);
    let source = &seen["source"];
    assert_eq!((source["rows_read"].as_u64(), source["rows_refused"].as_u64()), (Some(5), Some(1)));
}

#[test]
fn turns_of_a_row_are_mapped_by_hand() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).display().to_string();
    let (log, map, table) = (path("log.csv"), path("map.toml"), path("table.csv"));
    // Two stamps, an answer whose writer another column tells, and a column named as one of ours.
    fs::write(
        &log,
        "no,asked,question,answered,answer,staff,text\n\
         7,05/01/2025 09:03,where is it,05/01/2025 09:04,on its way,,x\n\
         7,05/01/2025 09:05,a human please,05/01/2025 09:09,\"Hello, Li here\",Li,x\n",
    )
    .unwrap();
    let mapping = "time_zone = \"UTC\"\n[columns]\nconversation_id = \"no\"\n\
        [[turns]]\nsender = \"customer\"\ntime_format = \"%d/%m/%Y %H:%M\"\n\
        columns = { text = \"question\", timestamp = \"asked\" }\n\
        [[turns]]\nsender = \"bot\"\ntime_format = \"%d/%m/%Y %H:%M\"\n\
        columns = { text = \"answer\", timestamp = \"answered\", agent_id = \"staff\" }\n\
        sender_rules = [{ path = \"staff\", is = \"agent\" }]\n";
    fs::write(&map, mapping).unwrap();
    run(&["convert", &log, "--mapping", &map, "-o", &table, "-q"], 0);
    let said: Vec<String> = read_csv(Path::new(&table))
        .iter()
        .map(|r| {
            format!(
                "{} {} {} {}",
                r["timestamp"],
                r["sender"],
                r["text"],
                !r["agent_id"].is_empty()
            )
        })
        .collect();
    let expected = [
        // 09:03 UTC, written in the zone of the run.
        "2025-01-05T17:03+08:00 customer where is it false",
        "2025-01-05T17:04+08:00 bot on its way false",
        "2025-01-05T17:05+08:00 customer a human please false",
        "2025-01-05T17:09+08:00 agent Hello, Li here true",
    ];
    assert_eq!(said, expected);
    let wrong = |from: &str, to: &str, says: &str| {
        fs::write(&map, mapping.replace(from, to)).unwrap();
        let (_, err) = run(&["convert", &log, "--mapping", &map, "-o", &table, "-q"], 2);
        assert!(err.contains(says), "{err}");
    };
    wrong("\"staff\", is", "\"boss\", is", "has no column boss");
    wrong("sender = \"bot\"", "list = \"answers\"", "leave list out");
}

#[test]
fn the_mapping_that_inspect_writes_reads_questions_and_answers_again() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).display().to_string();
    let (log, map) = (path("log.csv"), path("map.toml"));
    fs::write(
        &log,
        "会话ID,时间,用户问题,机器人回答\nA,2025-01-05 09:03:00,洗衣机漏水,请问型号是？\n",
    )
    .unwrap();
    run(&["inspect", &log, "--write-mapping", &map], 0);
    let written = fs::read_to_string(&map).unwrap();
    assert!(written.contains("[[turns]]"), "{written}");
    let tables = [path("a.csv"), path("b.csv")];
    run(&["convert", &log, "-o", &tables[0], "-q"], 0);
    run(&["convert", &log, "--mapping", &map, "-o", &tables[1], "-q"], 0);
    let text = |at: usize| fs::read_to_string(&tables[at]).unwrap();
    assert_eq!(text(0), text(1));
}

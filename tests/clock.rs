//! Time, from outside: conversations over midnight and the year's end, clocks that run back, equal stamps,
//! stamps without seconds. Every figure is worked out by hand from the rows beside it.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::{json, read_csv, report};

/// What a report says of one conversation, and its problems.
struct Told {
    row: BTreeMap<String, String>,
    rows: usize,
    problems: Vec<BTreeMap<String, String>>,
    report: serde_json::Value,
}

fn told(text: &str, flags: &[&str]) -> Told {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log.csv");
    fs::write(&log, text).unwrap();
    let log = log.to_string_lossy().into_owned();
    let args: Vec<&str> = [log.as_str()].iter().chain(flags).copied().collect();
    let out = home.path().join("r");
    report(&args, &out);
    let rows = read_csv(&out.join("conversations.csv"));
    Told {
        row: rows[0].clone(),
        rows: rows.len(),
        problems: read_csv(&out.join("problems.csv")),
        report: json(Path::new(&out)),
    }
}

fn cell<'t>(told: &'t Told, column: &str) -> &'t str {
    told.row[column].as_str()
}

#[test]
fn a_conversation_over_the_end_of_the_year_is_one() {
    // Asked 23:58:10, answered 00:04:25 of the next year: 6 min 15 s.
    let told = told(
        "会话ID,发送时间,发送方,消息内容\n\
         N-1,2024-12-31 23:57:50,客户,我的包裹丢了\n\
         N-1,2024-12-31 23:58:00,机器人,请您先描述问题\n\
         N-1,2024-12-31 23:58:10,客户,转人工\n\
         N-1,2024-12-31 23:58:12,系统,正在为您排队\n\
         N-1,2025-01-01 00:04:25,客服,您好，我来处理\n\
         N-1,2025-01-01 00:05:00,客户,谢谢\n",
        &[],
    );
    assert_eq!(told.rows, 1);
    assert_eq!(cell(&told, "opened_at"), "2024-12-31T23:57:50+08:00");
    assert_eq!(cell(&told, "closed_at"), "2025-01-01T00:05:00+08:00");
    assert_eq!((cell(&told, "outcome"), cell(&told, "request_to_human_s")), ("reached", "375.000"));
    assert_eq!(cell(&told, "start_to_human_s"), "395.000");
    assert!(told.problems.is_empty(), "{:?}", told.problems);
}

#[test]
fn two_zones_in_one_file_are_one_clock() {
    // 23:58:00-05:00 is 04:58:00Z, 05:01:30Z follows it by 3 min 30 s, 13:02:00+08:00 by 30 s more.
    let told = told(
        "conversation_id,timestamp,sender,text\n\
         Z,2024-12-31T23:58:00-05:00,customer,agent please\n\
         Z,2025-01-01T13:02:00+08:00,agent,\"Hello, what can I do for you?\"\n\
         Z,2025-01-01T05:01:30Z,bot,One moment please\n",
        &["--time-zone", "America/New_York"],
    );
    assert_eq!((cell(&told, "outcome"), cell(&told, "request_to_human_s")), ("reached", "240.000"));
    assert_eq!(cell(&told, "first_response_s"), "210.000");
    assert_eq!(cell(&told, "closed_at"), "2025-01-01T00:02:00-05:00");
}

#[test]
fn a_day_and_a_time_of_day_over_midnight_are_one_conversation() {
    let told = told(
        "会话ID,日期,时间,发送方,消息内容\n\
         D-1,2025-02-28,23:59:30,客户,人工客服\n\
         D-1,2025-03-01,00:00:15,客服,您好，请讲\n",
        &[],
    );
    assert_eq!((told.rows, cell(&told, "request_to_human_s")), (1, "45.000"));
}

#[test]
fn a_transcript_in_a_cell_goes_on_after_midnight() {
    let rows = "S-1,2024-12-31,\"[23:58] 客户: 转人工\n[23:59] 机器人: 请稍候\n[00:03] 客服小王: 您好，我来帮您\n[00:02] 客户: 谢谢\"\n";
    let head = "会话编号,日期,聊天详情\n";
    let told = told(&format!("{head}{rows}"), &[]);
    // 23:58 to 00:03 of the next day; a stamp that goes back by a minute is no further day.
    assert_eq!((told.rows, cell(&told, "outcome")), (1, "reached"));
    assert_eq!(cell(&told, "request_to_human_s"), "300.000");
    assert_eq!(cell(&told, "closed_at"), "2025-01-01T00:03:00+08:00");
}

#[test]
fn a_clock_that_runs_back_is_listed_and_time_decides() {
    let head = "conversation_id,seq,timestamp,sender,text\n";
    let rows = "B,1,2025-01-05 09:00:00,customer,my parcel is lost\n\
                B,2,2025-01-05 09:00:10,bot,Please describe your issue\n\
                B,3,2025-01-05 09:00:08,customer,talk to a human please\n\
                B,4,2025-01-05 09:01:08,agent,\"Hi, I am Li, how can I help?\"\n";
    let told = told(&format!("{head}{rows}"), &[]);
    assert_eq!(cell(&told, "request_to_human_s"), "60.000");
    assert_eq!(told.problems.len(), 1, "{:?}", told.problems);
    assert_eq!(told.problems[0]["kind"], "clock-back");
    assert_eq!(told.problems[0]["row"], "3", "the row that stands too late in time");
    assert_eq!(told.report["problems"]["clock-back"], 1);
}

#[test]
fn numbers_that_begin_again_are_no_clock_that_ran_back() {
    let told = told(
        "conversation_id,seq,timestamp,sender,text\n\
         P,1,2025-01-05 09:00:00,customer,talk to a human please\n\
         P,2,2025-01-05 09:00:10,bot,I am connecting you\n\
         P,1,2025-01-05 09:01:00,agent,\"Hi, I am Li, how can I help?\"\n\
         P,2,2025-01-05 09:01:10,customer,my parcel is lost\n",
        &[],
    );
    assert_eq!(cell(&told, "request_to_human_s"), "60.000");
    assert!(told.problems.is_empty(), "{:?}", told.problems);
}

#[test]
fn equal_stamps_keep_the_order_of_the_file_or_the_sequence() {
    let head = "conversation_id,seq,timestamp,sender,text\n";
    let rows = [
        "E,1,2025-01-05 09:00:00,customer,human agent\n",
        "E,2,2025-01-05 09:00:00,bot,Please tell me your question first\n",
        "E,3,2025-01-05 09:00:00,customer,talk to a human please\n",
        "E,4,2025-01-05 09:00:00,agent,\"Hi, I am Li, how can I help?\"\n",
    ];
    let in_order = told(&format!("{head}{}", rows.concat()), &[]);
    let mut turned = rows;
    turned.reverse();
    let turned = told(&format!("{head}{}", turned.concat()), &[]);
    assert_eq!(cell(&in_order, "attempts"), "2");
    assert_eq!(cell(&in_order, "failed_attempts"), "1");
    assert_eq!(cell(&in_order, "request_to_human_s"), "0.000");
    for column in ["attempts", "failed_attempts", "outcome", "request_to_human_s", "steps_to_human"]
    {
        assert_eq!(cell(&in_order, column), cell(&turned, column), "{column}");
    }
    // Without a sequence the file decides: the human who stands first answers nobody.
    let bare = |rows: &[&str]| {
        let cut = rows.iter().map(|r| format!("E,{}", r.splitn(3, ',').nth(2).unwrap()));
        format!("conversation_id,timestamp,sender,text\n{}", cut.collect::<String>())
    };
    assert_eq!(cell(&told(&bare(&rows), &[]), "outcome"), "reached");
    assert_ne!(
        cell(&told(&bare(&[rows[3], rows[2], rows[1], rows[0]]), &[]), "outcome"),
        "reached"
    );
}

#[test]
fn stamps_without_seconds_are_read_as_they_are_and_told() {
    let told = told(
        "会话ID,发送时间,发送方,消息内容\n\
         M,2024-12-31 23:59,客户,转人工\n\
         M,2025-01-01 00:02,客服,您好，请讲\n",
        &[],
    );
    assert_eq!(cell(&told, "request_to_human_s"), "180.000");
    let note = told.report.to_string();
    assert!(note.contains("minute"), "the report says how precise the stamps are: {note}");
}

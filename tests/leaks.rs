//! Every kind of secret in every field of a log and of complaints, and no output of any command with
//! one of them in it: reports, facts, tables, forms, models, what is printed, errors.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]
#![allow(clippy::format_push_string, reason = "rows of a small file")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::tohuman;

/// Kind and value; an order number is known by the word before it.
const SECRETS: [(&str, &str); 8] = [
    ("id", "11010519491231002X"),
    ("phone", "13812345678"),
    ("card", "4111111111111111"),
    ("code", "911101080828080036"),
    ("passport", "E12345678"),
    ("plate", "京A12345"),
    ("email", "li.lei@post.example"),
    ("order", "88776655443322"),
];
/// Kinds that hide the id of a conversation: what else may be an id (PRIVACY.md) stays one.
const OF_PEOPLE: [&str; 3] = ["id", "phone", "email"];
const FIELDS: [&str; 14] = [
    "conversation_id",
    "timestamp",
    "sender",
    "text",
    "event",
    "cause",
    "agent_id",
    "customer_id",
    "order_id",
    "company",
    "channel",
    "category",
    "message_id",
    "sequence",
];
const COMPLAINT_FIELDS: [&str; 11] = [
    "complaint_id",
    "date",
    "category",
    "company",
    "customer_id",
    "order_id",
    "text",
    "channel",
    "status",
    "amount",
    "conversation_id",
];

fn written(kind: &str, secret: &str) -> String {
    if kind == "order" { format!("订单号{secret}") } else { secret.to_owned() }
}

/// A column for each secret, named by it.
fn named_columns() -> String {
    SECRETS.map(|(kind, secret)| format!("备注{}", written(kind, secret))).join(",")
}

/// A log in which every field of some row is the secret, a column is named by it, and rows are refused
/// for it.
fn log() -> String {
    let mut out = format!("{},{}\n", FIELDS.join(","), named_columns());
    for (kind, secret) in SECRETS {
        let said = written(kind, secret);
        let mut row = |n: usize, at: usize, sender: &str, text: &str, field: Option<usize>| {
            let time = format!("2026-01-05 10:{n:02}:{at:02}");
            let (id, message) = (format!("c{kind}{n}"), format!("m{kind}{n}-{at}"));
            let own = [&id, &time, sender, text, "", "", "a1", "u1", "o1", "co", "app", "cat"];
            let mut cells = [&own[..], &[&message, ""]].concat();
            if let Some(field) = field {
                cells[field] = &said;
            }
            out += &format!("{},x,x,x,x,x,x,x,x\n", cells.join(","));
        };
        for (n, field) in FIELDS.iter().enumerate() {
            if *field == "conversation_id" && !OF_PEOPLE.contains(&kind) {
                continue;
            }
            let company = (*field == "company").then_some(n);
            row(n, 1, "customer", &format!("转人工 我的是{said}"), Some(n));
            row(n, 9, "bot", &format!("请稍等 {said}"), company);
            row(n, 20, "customer", &format!("转人工！{said}转人工"), company);
            row(n, 40, "agent", &format!("您好 {said}"), company);
        }
        out += &format!(",2026-01-05 10:00:00,customer,{said}\n{said},{said}\n");
    }
    out
}

fn complaints() -> String {
    let mut out = format!("{},{}\n", COMPLAINT_FIELDS.join(","), named_columns());
    for (kind, secret) in SECRETS {
        let said = written(kind, secret);
        let text = format!("三次转人工都没有人接，{said}，等了40分钟");
        for (n, field) in COMPLAINT_FIELDS.iter().enumerate() {
            let id = format!("p{kind}{n}");
            let mut cells =
                [&id, "2026-02-01", "电话", "co", "u1", "o1", &text, "网站", "处理中", "12", "c1"];
            if *field != "text" {
                cells[n] = &said;
            }
            out += &format!("{},x,x,x,x,x,x,x,x\n", cells.join(","));
        }
    }
    out
}

/// Everything that a run printed, with the command before it.
fn said_by(home: &Path, args: &[&str]) -> (String, Vec<u8>) {
    let output = tohuman().current_dir(home).args(args).output().unwrap();
    let code = output.status.code();
    assert!(code.is_some_and(|c| c < 3), "{args:?} {}", String::from_utf8_lossy(&output.stderr));
    (args.join(" "), [output.stdout, output.stderr].concat())
}

#[test]
fn no_field_of_any_input_leaves_by_any_output() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    fs::write(at.join("log.csv"), log()).unwrap();
    fs::write(at.join("comp.csv"), complaints()).unwrap();
    fs::create_dir_all(at.join("out")).unwrap();
    let phone = format!("channel={}", SECRETS[1].1);
    let (l, c) = ("log.csv", "comp.csv");
    let runs: [&[&str]; 19] = [
        &["report", l, "--complaints", c, "--by", "company", "--by", "channel", "--out", "out/r"],
        &["report", l, "--lang", "zh", "--by", "agent_id", "--where", &phone, "--out", "out/z"],
        &["report", l, "--strict", "--out", "out/s"],
        &["inspect", l],
        &["inspect", l, "--json"],
        &["inspect", l, "--lang", "zh"],
        &["inspect", c, "--lang", "zh"],
        &["inspect", c, "--json"],
        &["explain", l, "--worst", "200"],
        &["explain", l, "--worst", "200", "--lang", "zh"],
        &["explain", l, "--conversation", "nobody"],
        &["measure", l, "--keep", "channel", "--out", "out/facts"],
        &["measure", l, "--out", "out/facts.csv"],
        &["report", "--facts", "out/facts", "--complaints", c, "--out", "out/f"],
        &["convert", l, "--keep", "channel", "--out", "out/n.csv"],
        &["convert", l, "--out", "out/n.jsonl"],
        &["sample", l, "-n", "50", "--seed", "1", "-o", "out/form.csv"],
        &["learn", l, "-o", "out/desk.model"],
        &["convert", c, "--out", "out/c.csv"],
    ];
    let mut printed: Vec<_> = runs.iter().map(|args| said_by(at, args)).collect();
    let files = walkdir::WalkDir::new(at.join("out")).into_iter().map(Result::unwrap);
    let files: Vec<PathBuf> =
        files.filter(|e| e.file_type().is_file()).map(walkdir::DirEntry::into_path).collect();
    for name in ["r/report.html", "z/problems.csv", "facts/facts.parquet", "n.jsonl", "form.csv"] {
        assert!(files.contains(&at.join("out").join(name)), "{name} was not written");
    }
    printed.extend(files.into_iter().map(|f| (f.display().to_string(), fs::read(f).unwrap())));
    let mut leaks = Vec::new();
    for (place, bytes) in &printed {
        for (kind, secret) in SECRETS {
            let found = bytes.windows(secret.len()).position(|w| w == secret.as_bytes());
            if let Some(from) = found {
                let around = &bytes[from.saturating_sub(40)..(from + 40).min(bytes.len())];
                leaks.push(format!("{kind} in {place}: {}", String::from_utf8_lossy(around)));
            }
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
fn the_search_would_find_a_leak() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("log.csv"), log()).unwrap();
    let args = ["explain", "log.csv", "--worst", "200", "--keep-text", "full"];
    let (_, bytes) = said_by(home.path(), &args);
    let said = String::from_utf8_lossy(&bytes);
    assert!(SECRETS.iter().all(|(_, secret)| said.contains(secret)), "{said}");
}

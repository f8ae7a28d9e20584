//! Every kind of secret in every field of a log and of complaints, and no output of any command with
//! one of them in it: reports, facts, tables, forms, models, what is printed, errors.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

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

/// A log in which every field of some row is the secret, a column is named by it, and rows are refused
/// for it.
fn log(kind: &str, secret: &str) -> String {
    let said = written(kind, secret);
    let mut out = format!("{},备注{said}\n", FIELDS.join(","));
    let mut row = |n: usize, at: usize, sender: &str, text: &str, field: Option<usize>| {
        let time = format!("2026-01-05 10:{:02}:{:02}", n % 60, at);
        let (id, message) = (format!("c{kind}{n}"), format!("m{kind}{n}-{at}"));
        let mut cells =
            [&id, &time, sender, text, "", "", "a1", "u1", "o1", "co", "app", "cat", &message, ""]
                .map(str::to_owned);
        if let Some(field) = field {
            cells[field].clone_from(&said);
        }
        out += &format!("{},x\n", cells.join(","));
    };
    for (n, field) in FIELDS.iter().enumerate() {
        if *field == "conversation_id" && !OF_PEOPLE.contains(&kind) {
            continue;
        }
        row(n, 1, "customer", &format!("转人工 我的是{said}"), Some(n));
        row(n, 9, "bot", &format!("请稍等 {said}"), (*field == "company").then_some(n));
        row(
            n,
            20,
            "customer",
            &format!("转人工！{said}转人工"),
            (*field == "company").then_some(n),
        );
        row(n, 40, "agent", &format!("您好 {said}"), (*field == "agent_id").then_some(n));
    }
    out += &format!(",2026-01-05 10:00:00,customer,{said}\n{said},{said}\n");
    out
}

fn complaints(kind: &str, secret: &str) -> String {
    let said = written(kind, secret);
    let mut out = format!("{},备注{said}\n", COMPLAINT_FIELDS.join(","));
    for (n, field) in COMPLAINT_FIELDS.iter().enumerate() {
        let text = format!("三次转人工都没有人接，{said}，等了40分钟");
        let id = format!("p{n}");
        let mut cells =
            [&id, "2026-02-01", "电话", "co", "u1", "o1", &text, "网站", "处理中", "12", "c1"]
                .map(str::to_owned);
        if *field != "text" {
            cells[n].clone_from(&said);
        }
        out += &format!("{},x\n", cells.join(","));
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
    let mut printed = Vec::new();
    for (kind, secret) in SECRETS {
        let said = written(kind, secret);
        let (log_name, complaints_name) = (format!("log_{kind}.csv"), format!("comp_{kind}.csv"));
        fs::write(at.join(&log_name), log(kind, secret)).unwrap();
        fs::write(at.join(&complaints_name), complaints(kind, secret)).unwrap();
        let (l, c) = (log_name.as_str(), complaints_name.as_str());
        let out = |name: &str| format!("out/{kind}-{name}");
        fs::create_dir_all(at.join("out")).unwrap();
        let holds = format!("channel={said}");
        let runs: &[&[&str]] = &[
            &[
                "report",
                l,
                "--complaints",
                c,
                "--by",
                "company",
                "--by",
                "channel",
                "--out",
                &out("r"),
            ],
            &[
                "report",
                l,
                "--lang",
                "zh",
                "--by",
                "agent_id",
                "--where",
                &holds,
                "--out",
                &out("z"),
            ],
            &["report", l, "--strict", "--out", &out("s")],
            &["report", l, "--by", &said, "--out", &out("n")],
            &["inspect", l],
            &["inspect", l, "--json"],
            &["inspect", c, "--lang", "zh"],
            &["inspect", c, "--json"],
            &["explain", l, "--worst", "60"],
            &["explain", l, "--conversation", "nobody"],
            &["measure", l, "--keep", "channel", "--out", &out("facts")],
            &["measure", l, "--out", &out("facts.csv")],
            &["report", "--facts", &out("facts"), "--complaints", c, "--out", &out("f")],
            &["convert", l, "--keep", "channel", "--out", &out("n.csv")],
            &["convert", l, "--out", &out("n.jsonl")],
            &["sample", l, "-n", "9", "--seed", "1", "-o", &out("form.csv")],
            &["learn", l, "-o", &out("desk.model")],
            &["convert", c, "--out", &out("c.csv")],
        ];
        for args in runs {
            // A column or value that does not exist is said in the words of whoever typed it.
            let typed = args.contains(&said.as_str());
            let (command, bytes) = said_by(at, args);
            if !typed {
                printed.push((command, bytes));
            }
        }
    }
    let files = walkdir::WalkDir::new(at.join("out")).into_iter().map(Result::unwrap);
    let files: Vec<PathBuf> =
        files.filter(|e| e.file_type().is_file()).map(walkdir::DirEntry::into_path).collect();
    assert!(files.len() > 200, "{}", files.len());
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
    fs::write(home.path().join("log.csv"), log("phone", "13812345678")).unwrap();
    let (_, bytes) =
        said_by(home.path(), &["explain", "log.csv", "--worst", "9", "--keep-text", "full"]);
    assert!(String::from_utf8_lossy(&bytes).contains("13812345678"));
}

//! What leaves the program, seen from outside: nobody's number or address, nothing that a browser or
//! a spreadsheet runs, ids of people only as keyed hashes.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::fs;
use std::path::Path;

use common::{files, json, read_csv, report, run};

/// Everything that names somebody in [`LOG`] and [`COMPLAINTS`].
const SECRETS: [&str; 9] = [
    "13812345678",
    "11010519491231002X",
    "4111111111111111",
    "911101080828080036",
    "kunde@post.example",
    "京A12345",
    "9988776655443322",
    "+44 7700 900123",
    "WB-77-PERSON",
];

const LOG: &str = "\
conversation_id,timestamp,sender,text,customer_id,order_id,company,<i>渠道
<u>a,2026-01-05 10:00:00,customer,转人工 我的电话13812345678,WB-77-PERSON,9988776655443322,=1+1|<s>cmd,<q>电话13812345678
<u>a,2026-01-05 10:00:05,bot,<script>alert(1)</script> 请稍等 kunde@post.example,,,=1+1|<s>cmd,
<u>a,2026-01-05 10:01:00,customer,转人工！身份证11010519491231002X 卡4111111111111111,,,=1+1|<s>cmd,
<u>a,2026-01-05 10:01:30,customer,=HYPERLINK(1) 转人工 车牌京A12345,,,=1+1|<s>cmd,
+44 7700 900123,2026-01-05 11:00:00,customer,\"人工 \"\"><img src=x onerror=alert(1)>\",WB-77-PERSON,,=1+1|<s>cmd,@cmd
+44 7700 900123,2026-01-05 11:00:09,bot,统一代码911101080828080036,,,=1+1|<s>cmd,
";

const COMPLAINTS: &str = "\
complaint_id,date,category,company,customer_id,order_id,text
1,2026-02-01,<b>电话</b> 13812345678,=1+1|<s>cmd,WB-77-PERSON,9988776655443322,三次转人工都没有人接，打13812345678等了40分钟
";

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("log.csv"), LOG).unwrap();
        fs::write(home.path().join("complaints.csv"), COMPLAINTS).unwrap();
        fs::write(home.path().join("own.key"), "correct horse battery staple\n").unwrap();
        Self(home)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn at(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }
}

fn ends(name: &str, with: &[&str]) -> bool {
    with.iter().any(|end| name.ends_with(end))
}

/// No file of a folder holds a secret.
fn silent(folder: &Path) {
    for name in files(folder) {
        let bytes = fs::read(folder.join(&name)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
    }
}

#[test]
fn no_output_names_anybody_and_nothing_runs() {
    let home = Home::new();
    let (log, complaints) = (home.path("<h1>log.csv"), home.path("complaints.csv"));
    fs::copy(home.path("log.csv"), &log).unwrap();
    for lang in ["en", "zh"] {
        let out = home.at(lang);
        let by = ["--by", "<i>渠道", "--lang", lang, "--complaints", &complaints];
        report(&[[log.as_str()].as_slice(), &by].concat(), &out);
        silent(&out);
        for name in files(&out).iter().filter(|n| ends(n, &[".html", ".svg", ".md"])) {
            let text = fs::read_to_string(out.join(name)).unwrap();
            for tag in ["<script", "<img src=x", "<b>", "<u>", "<i>", "<s>", "<q>", "<h1>log"] {
                assert!(!text.contains(tag), "{tag} in {name}");
            }
        }
        for name in files(&out).iter().filter(|n| ends(n, &[".csv"])) {
            for row in read_csv(&out.join(name)) {
                for (column, cell) in row {
                    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                    assert!(!runs || cell.parse::<f64>().is_ok(), "{name}, {column}: {cell}");
                }
            }
        }
    }
    let (out, err) = run(&["explain", &log, "--worst", "5"], 0);
    let (inspected, _) = run(&["inspect", &log, "--json"], 0);
    run(&["measure", &log, "--out", &home.path("facts")], 0);
    run(&["measure", &log, "--out", &home.path("facts.csv")], 0);
    let written = fs::read_to_string(home.at("facts.csv")).unwrap();
    run(&["convert", &log, "--out", &home.path("neutral.csv")], 0);
    let neutral = fs::read_to_string(home.at("neutral.csv")).unwrap();
    for text in [out, err, inspected, written, neutral] {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    silent(&home.at("facts"));
}

#[test]
fn convert_reads_its_own_file_whatever_is_in_it() {
    let home = Home::new();
    for keep in ["redacted", "full"] {
        let (one, two) = (home.path("one.csv"), home.path("two.csv"));
        let flags = ["--keep-text", keep, "--quiet"];
        run(&[&["convert", &home.path("log.csv"), "--out", &one], flags.as_slice()].concat(), 0);
        run(&[&["convert", &one, "--out", &two], flags.as_slice()].concat(), 0);
        let (one, two) = (read_csv(&home.at("one.csv")), read_csv(&home.at("two.csv")));
        assert_eq!(one.len(), two.len());
        for (a, b) in one.iter().zip(&two) {
            for column in ["conversation_id", "text", "customer_id", "order_id", "company"] {
                assert_eq!(a.get(column), b.get(column), "{keep} {column}");
            }
        }
        assert_eq!(one.iter().any(|row| row["text"].contains("13812345678")), keep == "full");
        for name in ["one.csv", "two.csv"] {
            fs::remove_file(home.at(name)).unwrap();
        }
    }
}

#[test]
fn full_is_said_aloud_and_none_shows_no_word() {
    let home = Home::new();
    let log = home.path("log.csv");
    let loud = ["--keep-text", "full", "--quiet"];
    let out = home.path("full");
    let (_, err) = run(&[["report", &log, "--out", &out].as_slice(), &loud].concat(), 0);
    assert!(err.contains("WARNING") && err.contains("phone numbers"), "{err}");
    let findings = fs::read_to_string(home.at("full/findings.csv")).unwrap();
    assert!(findings.contains("转人工"));
    report(&[&log, "--keep-text", "none"], &home.at("none"));
    silent(&home.at("none"));
    run(&["convert", &log, "--keep-text", "none", "--out", &home.path("none.csv")], 0);
    assert!(read_csv(&home.at("none.csv")).iter().all(|row| row["text"].is_empty()));
    let findings = read_csv(&home.at("none/findings.csv"));
    assert!(!findings.is_empty() && findings.iter().all(|row| row["matched"].is_empty()));
    let (shown, _) = run(&["explain", &log, "--keep-text", "none", "--worst", "5"], 0);
    assert!(shown.contains("[text]") && !shown.contains("身份证"), "{shown}");
}

#[test]
fn people_join_under_the_same_key_and_under_no_other() {
    let home = Home::new();
    let (log, key) = (home.path("log.csv"), home.path("own.key"));
    let complaints = home.path("complaints.csv");
    let linked = |out: &str, flags: &[&str]| {
        report(&[&["--complaints", &complaints], flags].concat(), &home.at(out));
        json(&home.at(out))["complaints"]["linked"].clone()
    };
    let plain = linked("plain", &[&log]);
    assert_eq!(plain, linked("keyed", &[&log, "--hash-key", &key]), "the key moves no figure");
    let facts = home.path("facts");
    run(&["measure", &log, "--hash-key", &key, "--out", &facts], 0);
    let header = fs::read_to_string(home.at("facts/facts.json")).unwrap();
    let mark = serde_json::from_str::<serde_json::Value>(&header).unwrap()["hash_key"].clone();
    assert_eq!(mark.as_str().map(str::len), Some(12), "{mark}");
    assert!(!header.contains("staple"));
    assert_eq!(plain, linked("from_facts", &["--facts", &facts, "--hash-key", &key]));
    let manifest = fs::read_to_string(home.at("keyed/manifest.json")).unwrap();
    assert!(!manifest.contains("own.key") && !manifest.contains("staple"));
    let out = home.path("refused");
    let refused = ["report", "--facts", &facts, "--complaints", &complaints, "--out", &out];
    let (_, err) = run(&refused, 2);
    assert!(err.contains("another key") && err.contains("--hash-key"), "{err}");
    // Two parts of different keys are never one report.
    let other = home.path("other");
    run(&["measure", &log, "--out", &other], 0);
    let (_, err) = run(&["report", "--facts", &facts, &other, "--out", &out], 2);
    assert!(err.contains("--hash-key"), "{err}");
}

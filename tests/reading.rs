//! Reading as a user sees it: what `inspect` says, what is listed, repaired and told apart.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::{json, read_csv, report, run};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(home.path().join(name), text).unwrap();
    }
    home
}

fn path(home: &tempfile::TempDir, name: &str) -> String {
    home.path().join(name).to_string_lossy().into_owned()
}

/// Rows of problems.csv of a kind, of a report on these files with these flags.
fn problems(home: &tempfile::TempDir, args: &[&str], kind: &str) -> Vec<BTreeMap<String, String>> {
    let out = home.path().join("out");
    report(args, &out);
    let mut rows = read_csv(&out.join("problems.csv"));
    rows.retain(|row| row["kind"] == kind);
    rows
}

const SECRETS: [&str; 4] = ["13812345678", "13987654321", "kunde@post.example", "62220000111122"];

#[test]
fn inspect_and_errors_print_no_numbers_of_people() {
    let log = "conversation_id,timestamp,sender,text,13812345678\n\
               c,2026-01-05 10:00:00,阿明13987654321,hi,\n\
               c,2026-01-05 10:00:01,customer,hi,\n\
               c,yesterday 62220000111122,customer,hi,\n\
               ,2026-01-05 10:00:02,customer,write to kunde@post.example,\n";
    let unusable = "conversation_id,sender,text\n,customer,call 13812345678\n";
    let neither = "13812345678,kunde@post.example,x\n1,2,3\n";
    let home =
        folder(&[("log.csv", log), ("unusable.csv", unusable), ("neither.csv", neither)]);
    let silent = |text: &str| {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(text.contains("***"), "{text}");
    };
    let (out, _) = run(&["inspect", &path(&home, "log.csv")], 0);
    silent(&out);
    assert!(out.contains("阿明***") && out.contains("yesterday ***"), "{out}");
    let (out, _) = run(&["inspect", &path(&home, "log.csv"), "--json"], 0);
    silent(&out);
    let (out, err) = run(&["inspect", &path(&home, "unusable.csv")], 2);
    silent(&(out + &err));
    let (out, _) = run(&["inspect", &path(&home, "neither.csv"), "--json"], 0);
    silent(&out);
    for bad in ["unusable.csv", "neither.csv"] {
        silent(&run(&["report", &path(&home, bad), "--out", &path(&home, "out")], 2).1);
    }
    // The mapping must find the values in the file again.
    let map = path(&home, "map.toml");
    run(&["inspect", &path(&home, "log.csv"), "--write-mapping", &map], 0);
    assert!(fs::read_to_string(&map).unwrap().contains("阿明13987654321"));
}

#[test]
fn inspect_goes_on_without_bad_files_and_keeps_strict() {
    let log = "conversation_id,sender,text\nc,customer,hi\n";
    let refused = "conversation_id,sender,text\nc,customer,hi\n,customer,hi\n";
    let home = folder(&[("a.csv", ""), ("b.csv", log), ("c.md", "x")]);
    let root = home.path().to_string_lossy().into_owned();
    let (out, err) = run(&["inspect", &root], 2);
    assert!(out.contains("b.csv: chat log") && err.contains("a.csv"), "{out}{err}");
    let (out, _) = run(&["inspect", &root, "--skip-bad-files"], 0);
    assert!(out.contains("skipped:") && out.contains("a.csv") && out.contains("b.csv: chat log"));
    let (out, _) = run(&["inspect", &root, "--skip-bad-files", "--json"], 0);
    let list: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let natures: Vec<&str> = list.iter().map(|e| e["nature"].as_str().unwrap()).collect();
    assert_eq!(natures, ["skipped", "chat_log", "passed_over"]);
    assert!(list.iter().all(|e| e["source"]["path"].is_string() && e["reasons"].is_array()));
    run(&["inspect", &path(&home, "a.csv"), "--skip-bad-files"], 2);
    fs::write(home.path().join("d.csv"), refused).unwrap();
    run(&["inspect", &path(&home, "d.csv")], 0);
    let (out, err) = run(&["inspect", &path(&home, "d.csv"), "--strict"], 2);
    assert!(out.contains("1 refused") && err.contains("1 of 2 rows"), "{out}{err}");
    run(&["inspect", &path(&home, "b.csv"), "--strict"], 0);
}

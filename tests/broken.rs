//! Inputs that are cut, mixed, mistyped or built to go in circles: every one ends in rows that add up
//! (read = used + refused + duplicate) or in one clear line that names the file; none panics or hangs.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use common::run;
use tohuman::cli::{Cli, Command};
use tohuman::ingest::{Input, read_complaints};
use tohuman::model::SourceReport;
use tohuman::pipeline;
use tohuman::settings::{Choice, Settings};

/// Longest that one small input may take, on a machine that does ten other things.
const LONGEST: Duration = Duration::from_secs(20);

/// Every fixture of a reader and the sample data: name and bytes.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    for root in ["tests/data/ingest", "sample_data"] {
        for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
            let entry = entry.unwrap();
            let name = entry.path().to_string_lossy().replace('\\', "/");
            let other = [".expected.txt", ".mapping.toml", ".md", ".gitattributes"];
            if entry.file_type().is_file() && !other.iter().any(|end| name.ends_with(end)) {
                out.push((name, fs::read(entry.path()).unwrap()));
            }
        }
    }
    out
}

/// All broken inputs: what was done, the name of a file, and its bytes.
fn broken() -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    for (name, bytes) in fixtures() {
        // The faults of a whole report are those of its rows: only the small fixtures get them all.
        let large = bytes.len() > 8_000;
        for part in 1..20 {
            out.push((
                format!("cut {part}/20 of {name}"),
                bytes[..bytes.len() * part / 20].to_vec(),
            ));
        }
        let mut add = |what: &str, bytes: Vec<u8>| out.push((format!("{what} {name}"), bytes));
        let middle = bytes.len() / 2;
        let with = |inserted: &[u8]| [&bytes[..middle], inserted, &bytes[middle..]].concat();
        if large {
            continue;
        }
        add("NUL in", with(b"\0\0"));
        add("GBK in", with(&encoding_rs::GBK.encode("转人工，谢谢").0));
        add("UTF-8 in", with("转人工，谢谢".as_bytes()));
        add("half a character in", with(b"\xe8\xbd"));
        add("a quote in", with(b"\""));
        add("a huge field in", with(&vec![b'x'; 20_000]));
        add("twice", [&bytes[..], &bytes[..]].concat());
        add("letters for digits in", map(&bytes, |b| if b.is_ascii_digit() { b'x' } else { b }));
        add("nines for digits in", map(&bytes, |b| if b.is_ascii_digit() { b'9' } else { b }));
        add("no line ends in", map(&bytes, |b| if b == b'\n' { b' ' } else { b }));
        add("brackets for braces in", map(&bytes, |b| if b == b'{' { b'[' } else { b }));
    }
    out.extend(made());
    out
}

fn map(bytes: &[u8], change: impl Fn(u8) -> u8) -> Vec<u8> {
    bytes.iter().map(|b| change(*b)).collect()
}

/// Inputs made for one fault each.
fn made() -> Vec<(String, Vec<u8>)> {
    let deep = |open: &str, close: &str, n: usize| {
        format!("[{{\"conversation_id\":\"A\",\"text\":{}1{}}}]", open.repeat(n), close.repeat(n))
    };
    let circle = r#"[{"ContactId":"a","PreviousContactId":"b","InitialContactId":"b","Channel":"CHAT","InitiationMethod":"API","InitiationTimestamp":"2025-01-01T00:00:00Z","AWSAccountId":"1"},{"ContactId":"b","PreviousContactId":"a","InitialContactId":"a","Channel":"CHAT","InitiationMethod":"API","InitiationTimestamp":"2025-01-01T00:00:00Z","AWSAccountId":"1"}]"#;
    let tweets = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n\
        1,u1,True,Tue Oct 31 22:10:47 +0000 2017,where is it,2,2\n\
        2,desk,False,Tue Oct 31 22:11:47 +0000 2017,we look,1,1\n\
        3,u3,True,Tue Oct 31 22:12:47 +0000 2017,hello,3,3\n";
    let log = "conversation_id,timestamp,sender,text\n";
    let made = [
        ("deep arrays", deep("[", "]", 100_000)),
        ("deep objects", deep("{\"a\":", "}", 100_000)),
        ("127 deep", deep("[", "]", 120)),
        ("a circle of contacts", circle.to_owned()),
        ("a circle of replies", tweets.to_owned()),
        ("the header alone", log.to_owned()),
        (
            "dates that are none",
            format!("{log}A,2025-02-30 10:00:00,customer,hi\nA,32/13/2025,bot,hi\n"),
        ),
        (
            "far dates",
            format!("{log}A,9999-12-31 23:59:59,customer,hi\nA,0001-01-01 00:00:00,bot,hi\n"),
        ),
        (
            "one good row among bad",
            format!("{log}A,2025-02-03 10:00:00,customer,hi\n{}", "A,B\n".repeat(500)),
        ),
        (
            "the same row again",
            format!("{log}{}", "A,2025-02-03 10:00:00,customer,hi\n".repeat(50)),
        ),
        (
            "a lone quote",
            format!("{log}A,2025-02-03 10:00:00,customer,\"hi\nB,2025-02-03 10:00:00,bot,hi\n"),
        ),
        ("numbers for records", "[1,2,3]".to_owned()),
        ("null", "null".to_owned()),
        (
            "two megabytes in a field",
            format!("{log}A,2025-02-03 10:00:00,customer,{}\n", "x".repeat(2 << 20)),
        ),
        ("commas alone", ",".repeat(5000)),
    ];
    made.map(|(name, text)| (name.to_owned(), text.into_bytes())).into()
}

fn settings() -> Settings {
    let cli = Cli::try_parse_from(["tohuman", "inspect", "x", "--quiet"]).unwrap();
    let Command::Inspect(args) = cli.command else { panic!("another command") };
    Settings::new(&args.input, Choice::default(), 0).unwrap()
}

/// Reads an input to its end: the sources, or the line of the error.
fn outcome(path: &Path, settings: &Settings) -> Result<Vec<SourceReport>, String> {
    let typed = [path.to_string_lossy().into_owned()];
    let found = pipeline::find(&typed, &[], settings).map_err(|e| e.to_string())?;
    let mut sources = Vec::new();
    for input in &found.complaints {
        let report = read_complaints(input, 0, &settings.ingest, &mut |_| Ok(()));
        sources.push(report.map_err(|e| e.to_string())?);
    }
    let logs: &[Input] = &found.logs;
    let loaded = pipeline::load(logs, settings).map_err(|e| e.to_string())?;
    sources.extend(loaded.each(settings, |_| Ok(())).map_err(|e| e.to_string())?.0);
    Ok(sources)
}

/// What is wrong with how an input ended, if anything.
fn fault(what: &str, path: &Path, settings: &Settings) -> Option<String> {
    let begun = Instant::now();
    let Ok(ended) = catch_unwind(AssertUnwindSafe(|| outcome(path, settings))) else {
        return Some(format!("{what}: panics"));
    };
    if begun.elapsed() > LONGEST {
        return Some(format!("{what}: took {:?}", begun.elapsed()));
    }
    match ended {
        Err(line) if line.lines().count() != 1 => Some(format!("{what}: several lines: {line}")),
        Err(line) if !line.contains("input") => Some(format!("{what}: names no file: {line}")),
        Err(_) => None,
        Ok(sources) => sources.iter().find_map(|s| {
            let sum = s.rows_used + s.rows_refused + s.rows_duplicate;
            (s.rows_read != sum)
                .then(|| format!("{what}: {} read, {sum} accounted for", s.rows_read))
        }),
    }
}

#[test]
fn every_broken_input_adds_up_or_ends_in_one_line() {
    let home = tempfile::tempdir().unwrap();
    let path: PathBuf = home.path().join("input");
    let settings = settings();
    let all = broken();
    assert!(all.len() >= 300, "{}", all.len());
    let mut faults = Vec::new();
    for (what, bytes) in &all {
        fs::write(&path, bytes).unwrap();
        faults.extend(fault(what, &path, &settings));
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), all.len(), faults.join("\n"));
}

#[test]
fn the_program_ends_with_0_1_or_2_and_one_line() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("input");
    for (what, bytes) in made() {
        fs::write(&path, &bytes).unwrap();
        let output = common::tohuman().arg("inspect").arg(&path).arg("--quiet").output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code();
        assert!(code == Some(0) && error.is_empty() || code == Some(2), "{what}: {code:?} {error}");
        if code == Some(2) {
            assert_eq!(error.lines().count(), 1, "{what}: {error}");
        }
    }
    let _ = run(&["--version"], 0);
}

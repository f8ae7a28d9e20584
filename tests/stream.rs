//! Rows as an Arrow stream: the facts are those of a run over the log, whatever is sent otherwise is
//! refused, and facts that an engine writes in parts report as one.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use common::{report, run, tohuman};
use polars::prelude::*;

const SHOWS: &str =
    "bot_replies,agent_messages,system_lines,queue,joins,leaves,closes,times=second";
const STREAM: [&str; 4] = ["measure", "--input-format", "arrow-stream", "--shows"];

/// A log, and its rows as `convert` writes them.
struct Log {
    home: tempfile::TempDir,
    rows: DataFrame,
}

impl Log {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
        run(&["generate", "--conversations", "120", "--seed", "3", "-o", &path("log.csv")], 0);
        let mut log = fs::OpenOptions::new().append(true).open(path("log.csv")).unwrap();
        // Days later: another conversation under the same id, with two rows of one second.
        for (time, sender, text) in [
            ("10:00:00", "customer", "人工客服在吗"),
            ("10:00:20", "bot", "请问有什么可以帮您"),
            ("10:00:20", "customer", "我要人工"),
        ] {
            writeln!(
                log,
                "HT-000001,2026-03-05T{time}+08:00,{sender},{text},,,K1,禾田到家,小程序,会员,1"
            )
            .unwrap();
        }
        run(&["convert", &path("log.csv"), "--keep", "channel", "-o", &path("rows.parquet")], 0);
        let rows = ParquetReader::new(File::open(path("rows.parquet")).unwrap()).finish().unwrap();
        Self { home, rows }
    }

    fn shared() -> &'static Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(Self::new)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn log(&self) -> String {
        self.path("log.csv").to_str().unwrap().to_owned()
    }

    /// Where conversations begin.
    fn begins(&self) -> Vec<usize> {
        let ids = self.rows.column("conversation_id").unwrap().as_materialized_series().clone();
        let ids: Vec<String> = ids.str().unwrap().iter().flatten().map(str::to_owned).collect();
        (0..ids.len()).filter(|&i| i == 0 || ids[i] != ids[i - 1]).collect()
    }

    /// A folder of two parts, as an engine leaves it.
    fn job(&self, name: &str) -> PathBuf {
        let folder = self.path(name);
        fs::create_dir(&folder).unwrap();
        let cut = self.begins()[60];
        for (at, rows) in
            [self.rows.slice(0, cut), self.rows.slice(i64::try_from(cut).unwrap(), usize::MAX)]
                .iter()
                .enumerate()
        {
            let part = folder.join(format!("part-{at}.parquet"));
            measured(&stream(rows), &["-o", part.to_str().unwrap(), "--by", "channel"], 0);
        }
        let mut header = header(&[SHOWS, "rows.parquet", "--by", "channel"]);
        header["inputs"][0]["rows_read"] = self.rows.height().into();
        fs::write(folder.join("_facts.json"), header.to_string()).unwrap();
        folder
    }
}

fn header(args: &[&str]) -> serde_json::Value {
    let (text, _) = run(&[&STREAM[..], args, &["--print-header"]].concat(), 0);
    serde_json::from_str(&text).unwrap()
}

/// An Arrow stream of these rows.
fn stream(rows: &DataFrame) -> Vec<u8> {
    let mut bytes = Vec::new();
    IpcStreamWriter::new(&mut bytes).finish(&mut rows.clone()).unwrap();
    bytes
}

/// Facts of a stream on standard input: standard output and error.
fn measured(stream: &[u8], more: &[&str], code: i32) -> (Vec<u8>, String) {
    let args = [&STREAM[..], &[SHOWS, "-"], more].concat();
    let mut command = tohuman();
    command.args(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = stream.to_vec();
    // It may stop reading at the first fault.
    let feed = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{error}");
    (output.stdout, error)
}

fn refused(stream: &[u8], why: &str) {
    let (_, error) = measured(stream, &["-o", "-"], 2);
    assert!(error.contains(why) && error.lines().count() == 1, "{why}: {error}");
    assert!(!error.contains("panicked"), "{error}");
}

#[test]
fn parts_of_a_stream_report_as_the_log_does() {
    let log = Log::shared();
    let (direct, parts) = (log.path("direct"), log.path("parts"));
    report(&[&log.log(), "--by", "channel"], &direct);
    let job = log.job("facts");
    report(&["--facts", job.to_str().unwrap(), "--by", "channel"], &parts);
    for name in ["conversations.csv", "findings.csv", "problems.csv", "charts/rephrase.svg"] {
        let read = |folder: &Path| fs::read_to_string(folder.join(name));
        assert_eq!(read(&direct).ok(), read(&parts).ok(), "{name}");
    }
    let (direct, parts) = (common::json(&direct), common::json(&parts));
    for key in ["transfer", "effort", "waits", "totals", "segments", "problems", "tool", "coverage"]
    {
        assert_eq!(direct[key], parts[key], "{key}");
    }
    assert_eq!(parts["problems"]["split-conversation"], 1);
    assert_eq!(parts["inputs"][0]["rows_used"], log.rows.height());
}

#[test]
fn the_columns_are_those_that_are_printed() {
    let log = Log::shared();
    let (facts, _) = measured(&stream(&log.rows), &["-o", "-"], 0);
    let facts = IpcStreamReader::new(std::io::Cursor::new(facts)).finish().unwrap();
    assert_eq!(facts.height(), 121);
    let (text, _) = run(&["measure", "--print-schema", "json"], 0);
    let schemas: serde_json::Value = serde_json::from_str(&text).unwrap();
    let named = |of: &str| -> Vec<String> {
        let all = schemas[of].as_array().unwrap();
        all.iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
    };
    assert!(facts.get_column_names().iter().map(|n| n.as_str()).eq(named("facts")));
    let (ddl, _) = run(&["measure", "--print-schema", "spark-ddl"], 0);
    assert!(named("facts").iter().all(|name| ddl.contains(&format!("`{name}`"))), "{ddl}");
    let known = named("rows");
    let written = log.rows.get_column_names();
    assert!(written.iter().all(|n| **n == "channel" || known.iter().any(|k| k == n.as_str())));
    let rows = facts.column("rows").unwrap().as_materialized_series().clone();
    let rows: i64 = rows.i64().unwrap().iter().flatten().sum();
    assert_eq!(usize::try_from(rows).unwrap(), log.rows.height());
}

#[test]
fn columns_of_any_order_and_packing_give_the_same_bytes() {
    let log = Log::shared();
    let (plain, _) = measured(&stream(&log.rows), &["-o", "-"], 0);
    let mut names: Vec<String> =
        log.rows.get_column_names().iter().map(ToString::to_string).collect();
    names.reverse();
    let turned = log.rows.select(names).unwrap();
    assert_eq!(measured(&stream(&turned), &["-o", "-"], 0).0, plain);
    for packing in [IpcCompression::LZ4, IpcCompression::default()] {
        let mut bytes = Vec::new();
        IpcStreamWriter::new(&mut bytes)
            .with_compression(Some(packing))
            .with_compat_level(CompatLevel::oldest())
            .finish(&mut log.rows.clone())
            .unwrap();
        assert_eq!(measured(&bytes, &["-o", "-"], 0).0, plain, "{packing:?}");
    }
    // No rows are a table without rows.
    let (none, _) = measured(&stream(&log.rows.slice(0, 0)), &["-o", "-"], 0);
    assert_eq!(IpcStreamReader::new(std::io::Cursor::new(none)).finish().unwrap().height(), 0);
}

#[test]
fn rows_out_of_order_are_refused() {
    let log = Log::shared();
    let begins = log.begins();
    let first = log.rows.slice(0, begins[1]);
    let both = log.rows.slice(0, begins[2]);
    refused(&stream(&both.vstack(&first).unwrap()), "comes after");
    refused(&stream(&first.reverse()), "runs back");
    refused(&stream(&first.vstack(&first).unwrap()), "runs back");
    let last = first.slice(-1, 1);
    refused(&stream(&first.vstack(&last).unwrap()), "one time and sequence");
    let (_, error) = measured(&stream(&both.reverse()), &["-o", "-"], 2);
    assert!(error.contains("-, line 2") || error.contains("comes after"), "{error}");
}

#[test]
fn streams_that_do_not_end_are_refused() {
    let log = Log::shared();
    let whole = stream(&log.rows);
    refused(&whole[..whole.len() - 8], "end-of-stream mark is missing");
    refused(&whole[..whole.len() / 2], "end-of-stream mark is missing");
    refused(&whole[..3], "end-of-stream mark is missing");
    refused(b"", "it is empty");
    refused(&[&whole[..], &whole[..]].concat(), "goes on behind its end");
    refused(b"conversation_id,sequence\n1,2\n", "is no Arrow stream");
    refused(&[0xff; 64], "is no Arrow stream");
}

#[test]
fn no_damage_makes_it_panic() {
    let whole = stream(&Log::shared().rows.slice(0, 40));
    let read = |bytes: &[u8]| {
        let guard = tohuman::ingest::guarded_step;
        tohuman::store::arrow_in::read(bytes, guard, &mut |cells| Ok(cells.len() < 1000)).is_ok()
    };
    assert!(read(&whole));
    for at in 0..whole.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            read(&bytes);
        }
        assert!(!read(&whole[..at]), "cut at {at}");
    }
}

#[test]
fn times_without_a_zone_and_rows_of_other_tables_are_refused() {
    let log = Log::shared();
    let times = log.rows.column("timestamp").unwrap().as_materialized_series().clone();
    let naive = times.datetime().unwrap().physical().clone();
    let mut rows = log.rows.clone();
    rows.replace("timestamp", naive.into_datetime(TimeUnit::Microseconds, None).into_column())
        .unwrap();
    refused(&stream(&rows), "have no zone");
    for name in ["sequence", "sender", "time_precision"] {
        refused(&stream(&log.rows.drop(name).unwrap()), &format!("no column {name}"));
    }
    let mut rows = log.rows.clone();
    let nobody = StringChunked::full_null("sender".into(), rows.height()).into_column();
    rows.replace("sender", nobody).unwrap();
    refused(&stream(&rows), "-, line 1: no-sender in conversation HT-000001 (row 2 of ");
    let (_, error) = measured(&stream(&log.rows), &["-o", "-", "--by", "shop"], 2);
    assert!(error.contains("no column shop"), "{error}");
}

#[test]
fn flags_that_need_the_whole_log_are_refused() {
    let (_, error) = run(&["measure", "--input-format", "arrow-stream", "-", "-o", "-"], 2);
    assert!(error.contains("--shows"), "{error}");
    let with = |more: &[&str]| run(&[&STREAM[..], &[SHOWS, "-", "-o", "-"], more].concat(), 2).1;
    assert!(with(&["--since", "2026-01-01"]).contains("report --facts"));
    assert!(with(&["--format", "csv"]).contains("tohuman convert"));
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let log = Log::shared();
    let refused = |job: &Path, why: &str| {
        let out = log.path("out");
        let args = ["report", "--facts", job.to_str().unwrap(), "-o", out.to_str().unwrap()];
        let (_, error) = run(&args, 2);
        assert!(error.contains(why), "{why}: {error}");
    };
    let job = log.job("lost");
    fs::copy(job.join("part-0.parquet"), job.join("part-2.parquet")).unwrap();
    refused(&job, "a part is missing or comes twice");
    fs::remove_file(job.join("part-2.parquet")).unwrap();
    fs::remove_file(job.join("part-1.parquet")).unwrap();
    refused(&job, "a part is missing");
    // Where nobody counted, a conversation still comes only once.
    fs::copy(job.join("part-0.parquet"), job.join("part-2.parquet")).unwrap();
    let text = header(&[SHOWS, "rows.parquet", "--by", "channel"]);
    fs::write(job.join("_facts.json"), text.to_string()).unwrap();
    refused(&job, "comes twice");
    fs::remove_file(job.join("_facts.json")).unwrap();
    refused(&job, "the job did not end");

    let job = log.job("mixed");
    let other = header(&["bot_replies,times=second", "rows.parquet", "--by", "channel"]);
    fs::write(job.join("_facts.json"), other.to_string()).unwrap();
    refused(&job, "another version, model or option");
}

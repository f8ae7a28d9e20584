//! Reading as a user sees it: what `inspect` says, what is listed, repaired and told apart.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::collections::BTreeMap;
use std::fs;

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
    let home = folder(&[("log.csv", log), ("unusable.csv", unusable), ("neither.csv", neither)]);
    let silent = |text: &str| {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(["***", "[phone]", "[email]"].iter().any(|m| text.contains(m)), "{text}");
    };
    let (out, _) = run(&["inspect", &path(&home, "log.csv")], 0);
    silent(&out);
    assert!(out.contains("阿明[phone]") && out.contains("yesterday ***"), "{out}");
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

#[test]
fn a_second_stretch_and_a_literal_number_sign_keep_their_ids_apart() {
    let log = "conversation_id,timestamp,sender,text\n\
               2,2026-01-05 10:00:00,customer,转人工\n\
               2,2026-01-09 10:00:00,customer,转人工\n\
               2#2,2026-01-09 10:00:00,customer,转人工\n\
               room #b,2026-01-09 10:00:00,customer,转人工\n";
    let home = folder(&[("log.csv", log)]);
    let log = path(&home, "log.csv");
    let split = problems(&home, &[&log], "split-conversation");
    assert_eq!((split.len(), split[0]["found"].as_str()), (1, "2#2"));
    let renamed = problems(&home, &[&log], "numbered-id");
    assert_eq!((renamed.len(), renamed[0]["found"].as_str()), (1, "2#2#1"));
    assert_eq!((renamed[0]["row"].as_str(), renamed[0]["done"].as_str()), ("4", "renamed"));
    let conversations = read_csv(&home.path().join("out/conversations.csv"));
    let ids: Vec<&str> = conversations.iter().map(|c| c["conversation_id"].as_str()).collect();
    assert_eq!(ids, ["2", "2#2", "2#2#1", "room #b"]);
    // The exported id finds all its stretches, the printed one its own.
    let shown =
        |id: &str| run(&["explain", &log, "--conversation", id], 0).0.matches("== ").count();
    assert_eq!([shown("2"), shown("2#2#1"), shown("room #b")], [2, 1, 1]);
}

#[test]
fn a_column_that_changes_inside_a_conversation_is_listed_once() {
    let log = "conversation_id,timestamp,sender,text,渠道\n\
               a,2026-01-05 10:00:00,customer,hi,\n\
               a,2026-01-05 10:00:01,bot,hi,APP\n\
               a,2026-01-05 10:00:02,customer,hi,电话13812345678\n\
               a,2026-01-05 10:00:03,customer,hi,网页\n\
               b,2026-01-05 10:00:03,customer,hi,APP\n";
    let home = folder(&[("log.csv", log)]);
    let log = path(&home, "log.csv");
    for flags in [["--by", "渠道"], ["--where", "渠道=APP"], ["--keep", "渠道"]] {
        let rows = problems(&home, &[&log, flags[0], flags[1]], "changing-column");
        assert_eq!(rows.len(), 1, "{flags:?}");
        assert_eq!(rows[0]["found"], "渠道: APP, then 电话[phone]");
        assert_eq!(
            (rows[0]["row"].as_str(), rows[0]["done"].as_str()),
            ("4", "first value counts")
        );
        assert_eq!(json(&home.path().join("out"))["totals"]["conversations"], 2);
    }
    assert!(problems(&home, &[&log], "changing-column").is_empty(), "nobody named it");
}

#[test]
fn hours_that_the_clocks_skip_or_repeat_are_repaired_and_listed() {
    let log = "conversation_id,timestamp,sender,text\n\
               a,2026-03-29 01:59:00,customer,hi\n\
               a,2026-03-29 02:10:00,bot,hello\n\
               a,2026-03-29 03:20:00,customer,bye\n\
               b,2026-10-25 02:30:00,customer,hi\n\
               c,2026-10-25 02:30:00 +01:00,customer,hi\n";
    let home = folder(&[("log.csv", log)]);
    let log = path(&home, "log.csv");
    let berlin = [log.as_str(), "--time-zone", "Europe/Berlin"];
    let skipped = problems(&home, &berlin, "skipped-hour");
    assert_eq!(skipped.len(), 1);
    assert_eq!((skipped[0]["row"].as_str(), skipped[0]["done"].as_str()), ("3", "repaired"));
    assert_eq!(skipped[0]["found"], "2026-03-29 02:10:00");
    let repeated = problems(&home, &berlin, "repeated-hour");
    assert_eq!((repeated.len(), repeated[0]["row"].as_str()), (1, "5"));
    let rows = read_csv(&home.path().join("out/conversations.csv"));
    // 02:10 by a clock that was not put forward: eleven minutes after the question.
    assert_eq!(rows[0]["first_response_s"], "660.000");
    assert_eq!(rows[1]["opened_at"], "2026-10-25T02:30:00+02:00");
    let report = json(&home.path().join("out"));
    assert_eq!(report["problems"]["skipped-hour"], 1, "counted in the report");
    assert!(problems(&home, &[&log], "skipped-hour").is_empty(), "Shanghai skips none");
    let turns = "[{\"id\":\"a\",\"turns\":[{\"at\":\"29.03.2026 02:10\",\"who\":\"customer\",\"say\":\"hi\"}]}]";
    let map = "[columns]\nconversation_id = \"..id\"\n[[turns]]\nlist = \"turns\"\ntime_format = \"%d.%m.%Y %H:%M\"\n\
               columns = { timestamp = \"at\", sender = \"who\", text = \"say\" }\n";
    fs::write(home.path().join("log.json"), turns).unwrap();
    fs::write(home.path().join("map.toml"), map).unwrap();
    let (nested, map) = (path(&home, "log.json"), path(&home, "map.toml"));
    let args = [nested.as_str(), "--mapping", &map, "--time-zone", "Europe/Berlin"];
    assert_eq!(problems(&home, &args, "skipped-hour").len(), 1, "in a nested record too");
}

#[test]
fn message_ids_decide_which_rows_are_one_message() {
    let log = "会话ID,消息ID,时间,发送方,内容\n\
               a,1,2026-01-05 10:00,访客,在吗\n\
               a,2,2026-01-05 10:00,访客,在吗\n\
               a,3,2026-01-05 10:01,机器人,您好\n";
    // A second export of the same day: finer stamps, one message more; and one without ids.
    let again = "conversation_id,msg_id,timestamp,sender,text\n\
                 a,2,2026-01-05 10:00:41,customer,在吗\n\
                 a,4,2026-01-05 10:02:00,customer,转人工\n";
    let plain = "conversation_id,timestamp,sender,text\na,2026-01-05 10:00,customer,在吗\n";
    let home = folder(&[("a.csv", log), ("b.csv", again), ("c.csv", plain)]);
    let root = |name: &str| path(&home, name);
    let count = |files: &[String]| {
        let args: Vec<&str> = files.iter().map(String::as_str).collect();
        let doubles = problems(&home, &args, "duplicate").len();
        let rows = read_csv(&home.path().join("out/conversations.csv"));
        (rows[0]["customer_messages"].clone(), doubles)
    };
    assert_eq!(count(&[root("a.csv")]), ("2".to_owned(), 0));
    assert_eq!(count(&[root("a.csv"), root("b.csv")]), ("3".to_owned(), 1));
    for order in [["a.csv", "c.csv"], ["c.csv", "a.csv"]] {
        assert_eq!(count(&order.map(root)), ("2".to_owned(), 1), "{order:?}");
    }
    // An id that names no message loses none.
    let constant = log.replace("a,2,", "a,1,").replace("a,3,", "a,1,");
    fs::write(home.path().join("a.csv"), constant).unwrap();
    assert_eq!(count(&[root("a.csv")]), ("1".to_owned(), 1));
    assert_eq!(problems(&home, &[&root("a.csv")], "reused-message-id").len(), 1);
}

#[test]
fn a_folder_that_tohuman_wrote_is_no_input() {
    let log = "conversation_id,timestamp,sender,text\na,2026-01-05 10:00:00,customer,hi\n";
    let home = folder(&[("log.csv", log)]);
    let root = home.path().to_string_lossy().into_owned();
    report(&[&root], &home.path().join("reports/latest"));
    for command in ["report", "convert", "explain"] {
        let own: &[&str] = match command {
            "report" => &["--out", &path(&home, "reports/next")],
            "convert" => &["--out", "-"],
            _ => &["--conversation", "a"],
        };
        let args: Vec<&str> = [&[command, root.as_str()], own].concat();
        let (_, err) = run(&args, 0);
        assert!(err.contains("latest: passed over (a folder that tohuman wrote)"), "{err}");
    }
    let rows = json(&home.path().join("reports/next"))["inputs"].as_array().unwrap().len();
    assert_eq!(rows, 1, "the log alone");
    let (out, _) = run(&["inspect", &root], 0);
    assert!(out.contains("passed over (a folder that tohuman wrote)"), "{out}");
    let (_, err) = run(&["report", &path(&home, "reports/latest"), "--out", &path(&home, "y")], 2);
    assert!(err.contains("is a folder that tohuman wrote, not a log"), "{err}");
    fs::write(home.path().join("manifest.json"), "{\"tool\":\"another\"}").unwrap();
    run(&["report", &root, "--out", &path(&home, "y"), "--skip-bad-files"], 0);
}

/// Every trap that a neutral table can fall into: stamps of every precision, equal times ordered by
/// a sequence, message ids, two companies under one id, stretches, notes, unknown names, quotes.
const HARD: &str = "conversation_id,sequence,message_id,timestamp,sender,event,text,cause,automatic,visibility,agent_id,order_id,company,渠道\n\
    a,2,m2,2026-01-05 10:00,bot,message,\"say \"\"agent\"\", or\nwait\",,no,public,,,Nord,APP\n\
    a,1,m1,2026-01-05 10:00,customer,message,  转人工  ,,,,,77,Nord,APP\n\
    a,3,m3,2026-01-05 10:00,customer,message,  转人工  ,,,,,77,Nord,网页\n\
    a,4,,2026-01-05T10:01:30.000Z,system,enqueue,,busy,,,,,Nord,\n\
    a,5,,2026-01-05 18:05:00,agent,message,您好,,yes,,K1,,Nord,\n\
    a,6,,2026-01-05 18:05:01,agent,message,see the log,,,private,K1,,Nord,\n\
    a,7,,2026-01-09,customer,message,=SUM(1),,,,,,Nord,\n\
    a,1,,2026-01-05 10:00:00,customer,message,hi,,,,,,Süd,\n\
    2#2,1,,2026-01-05 10:00:00,张三,message,hi,,,,,,Nord,\n\
    2#2,2,,2026-01-05 10:00:00,customer,spun,hi,,,,,,Nord,\n";

#[test]
fn what_convert_writes_reads_and_converts_to_itself() {
    let bare = "conversation_id,sender,text\nb,customer,hi\nb,customer,hi\nb,bot,hello\n";
    let home = folder(&[("hard.csv", HARD), ("bare.csv", bare)]);
    for (name, kept) in [("hard.csv", "--keep=渠道"), ("bare.csv", "--quiet")] {
        let log = path(&home, name);
        for extension in ["csv", "jsonl"] {
            let (one, two) =
                (path(&home, &format!("1.{extension}")), path(&home, &format!("2.{extension}")));
            run(&["convert", &log, "--out", &one, kept], 0);
            run(&["convert", &one, "--out", &two, kept], 0);
            // Where a row stood is the only thing that a second conversion changes.
            let rows = |path: &str| -> Vec<serde_json::Value> {
                let mut rows: Vec<serde_json::Value> = if extension == "csv" {
                    let rows = read_csv(path.as_ref()).into_iter();
                    rows.map(|row| serde_json::to_value(row).unwrap()).collect()
                } else {
                    let text = fs::read_to_string(path).unwrap();
                    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
                };
                for row in &mut rows {
                    row.as_object_mut().unwrap().retain(|key, _| !key.starts_with("source_"));
                }
                rows
            };
            assert_eq!(rows(&one), rows(&two), "{name} as {extension}");
            // And the measures are those of the export.
            let measured = |log: &str| {
                let out = path(&home, "facts.csv");
                run(&["measure", log, "--out", &out, kept], 0);
                fs::read_to_string(out).unwrap()
            };
            assert_eq!(measured(&log), measured(&one), "{name} as {extension}");
            let rows = rows(&one);
            if name == "hard.csv" {
                assert_eq!(rows.len(), 10);
                assert_eq!(rows[2]["message_id"], "m1", "equal times stand in their sequence");
                assert_eq!(rows[8]["reported_as"], "a#2");
                assert_eq!(rows[8]["conversation_id"], "a");
            } else {
                assert!(rows[0].get("event").is_none() && rows[0].get("timestamp").is_none());
                assert_eq!(rows.len(), 3);
            }
        }
    }
}

#[test]
fn convert_overwrites_no_input_and_leaves_nothing_half() {
    let home = folder(&[("log.csv", HARD), ("bad.csv", "")]);
    let log = path(&home, "log.csv");
    let (_, err) = run(&["convert", &log, "--out", &log], 2);
    assert!(err.contains("is one of the inputs"), "{err}");
    assert_eq!(fs::read_to_string(&log).unwrap(), HARD);
    let out = path(&home, "out.csv");
    fs::write(&out, "old").unwrap();
    run(&["convert", &log, &path(&home, "bad.csv"), "--out", &out], 2);
    run(&["convert", &log, "--out", &out, "--keep", "nonsense"], 2);
    assert_eq!(fs::read_to_string(&out).unwrap(), "old");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 3, "no draft is left");
    let (_, err) = run(&["convert", &log, "--out", &path(&home, "none/out.csv")], 2);
    assert!(err.contains("there is no folder"), "{err}");
    let (_, err) = run(&["convert", &log, "--out", &path(&home, "out.doc")], 2);
    assert!(err.contains(".csv, .jsonl, .ndjson, .parquet"), "{err}");
    let (_, err) = run(&["convert", &log, "--out", &out, "--keep", "text"], 2);
    assert!(err.contains("has a column of that name"), "{err}");
}

#[test]
fn required_flags_come_from_the_settings_file_and_the_environment() {
    let log = "conversation_id,timestamp,sender,text\na,2026-01-05 10:00:00,customer,转人工\n";
    let home = folder(&[("log.csv", log)]);
    let tohuman = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = common::tohuman();
        let output = command
            .current_dir(home.path())
            .args(args)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
    };
    let (code, _, err) = tohuman(&["convert", "log.csv"], &[]);
    assert!(code == 2 && err.contains("--out"), "{err}");
    let (code, _, err) = tohuman(&["explain", "log.csv"], &[]);
    assert!(code == 2 && err.contains("--conversation") && err.contains("--worst"), "{err}");
    let (code, _, err) = tohuman(&["convert", "log.csv"], &[("TOHUMAN_OUT", "env.csv")]);
    assert!(code == 0 && home.path().join("env.csv").exists(), "{err}");
    let (code, out, _) = tohuman(&["explain", "log.csv"], &[("TOHUMAN_WORST", "1")]);
    assert!(code == 0 && out.contains("== a"), "{out}");
    let (code, out, err) =
        tohuman(&["explain", "log.csv"], &[("TOHUMAN_CONVERSATION", "a"), ("TOHUMAN_QUIET", "1")]);
    assert!(code == 0 && out.contains("== a") && err.is_empty(), "{err}");
    let settings = "quiet = true\n[convert]\nout = \"file.csv\"\n[explain]\nworst = 1\n[measure]\nout = \"m.csv\"\n";
    fs::write(home.path().join("tohuman.toml"), settings).unwrap();
    for (args, file) in [
        (&["convert", "log.csv"][..], "file.csv"),
        (&["measure", "log.csv"], "m.csv"),
        (&["convert", "log.csv", "--out", "flag.csv"], "flag.csv"),
    ] {
        let (code, _, err) = tohuman(args, &[]);
        assert!(code == 0 && err.is_empty() && home.path().join(file).exists(), "{args:?} {err}");
    }
    let (code, _, err) = tohuman(&["convert", "log.csv"], &[("TOHUMAN_OUT", "wins.csv")]);
    assert!(code == 0 && home.path().join("wins.csv").exists(), "{err}");
    let (code, out, _) = tohuman(&["explain", "log.csv"], &[]);
    assert!(code == 0 && out.contains("== a"), "{out}");
    for (bad, word) in
        [("[convert]\nworst = 1\n", "--worst"), ("[nothing]\nout = 1\n", "[nothing]")]
    {
        fs::write(home.path().join("tohuman.toml"), bad).unwrap();
        let (code, _, err) = tohuman(&["convert", "log.csv", "--out", "x.csv"], &[]);
        assert!(code == 2 && err.contains(word), "{err}");
    }
}

#[test]
fn inspect_speaks_chinese_without_a_rest_of_english() {
    let (out, _) =
        run(&["inspect", "sample_data", "tests/data/ingest/json/nested.json", "--lang", "zh"], 0);
    for word in ["聊天记录", "投诉记录", "既不是聊天记录", "第 172 行", "略过"] {
        assert!(out.contains(word), "{word} is missing in\n{out}");
    }
    for english in
        ["because", "read,", " rows", "fields", "valid", "not ", "begins", "no column", "shows"]
    {
        assert!(!out.contains(english), "{english} in\n{out}");
    }
}

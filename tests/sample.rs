//! The tool measures its own error, from outside: form, labels, corrected rates, single verdicts.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::{json, read_csv, report, run};

/// The invented desk of 800 conversations: log, truth, and a form of 150 drawn by this seed.
fn drawn(home: &Path, seed: &str) -> [String; 3] {
    let [log, truth, form] =
        ["log.csv", "truth.csv", "form.csv"].map(|n| home.join(n).to_str().unwrap().to_owned());
    run(&["generate", "--conversations", "800", "--seed", "9", "-o", &log, "--truth", &truth], 0);
    run(&["sample", &log, "-n", "150", "--seed", seed, "-o", &form, "--quiet"], 0);
    [log, truth, form]
}

/// Fills the form as a person who knows the truth; `attempts` of the first row may be given.
fn label(truth: &str, form: &str, first: Option<&str>) -> String {
    let truth: BTreeMap<_, _> = read_csv(Path::new(truth))
        .into_iter()
        .map(|row| (row["conversation_id"].clone(), row))
        .collect();
    let path = format!("{form}.labelled.csv");
    let mut out = csv::Writer::from_path(&path).unwrap();
    let text = fs::read_to_string(form).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    out.write_record(&header).unwrap();
    for (i, record) in reader.records().enumerate() {
        let record = record.unwrap();
        let t = &truth[&record[0]];
        let cells = header.iter().zip(&record).map(|(name, cell)| match name {
            "attempts" if i == 0 && first.is_some() => first.unwrap().to_owned(),
            "reached" => u8::from(t["outcome"] == "reached").to_string(),
            "attempts" | "rephrases" | "repeats" | "fallbacks" => t[name].clone(),
            _ => cell.to_owned(),
        });
        out.write_record(cells.collect::<Vec<_>>()).unwrap();
    }
    out.flush().unwrap();
    path
}

#[test]
fn a_form_shows_transcripts_and_no_finding() {
    let home = tempfile::tempdir().unwrap();
    let [log, _, form] = drawn(home.path(), "4");
    let rows = read_csv(Path::new(&form));
    assert_eq!(rows.len(), 150);
    let names = ["asked_failed", "quiet_short", "unasked", "transfer-request", "bot-repetition"];
    for row in &rows {
        assert!(row["transcript"].starts_with("1 "), "{}", row["transcript"]);
        assert!(names.iter().all(|s| !row["transcript"].contains(s)));
        assert!(row["attempts"].is_empty() && row["draw"].starts_with('t'));
    }
    let key = read_csv(&home.path().join("form.key.csv"));
    assert_eq!(key.len(), 150);
    let weights: f64 = key.iter().map(|r| r["weight"].parse::<f64>().unwrap()).sum();
    assert!((weights - 800.0).abs() < 0.01, "the weights stand for all: {weights}");
    let again = home.path().join("again.csv").to_str().unwrap().to_owned();
    let (text, _) =
        run(&["sample", &log, "-n", "150", "--seed", "4", "--error", "5%", "-o", &again], 0);
    assert_eq!(fs::read(&form).unwrap(), fs::read(&again).unwrap(), "same seed, same form");
    assert!(text.contains("for all of them within ± 5.0 %"), "{text}");
    let (_, error) = run(&["sample", &log, "-o", &again], 2);
    assert!(error.contains("may hold labels"), "{error}");
}

#[test]
fn the_order_of_the_rows_draws_the_same() {
    let home = tempfile::tempdir().unwrap();
    let [log, _, form] = drawn(home.path(), "4");
    let text = fs::read_to_string(&log).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    // Conversations in another order; each keeps its own rows in theirs.
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.split(',').next().unwrap()));
    let other = home.path().join("other.csv");
    fs::write(&other, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let out = home.path().join("other_form.csv").to_str().unwrap().to_owned();
    let input = other.to_str().unwrap();
    run(&["sample", input, "-n", "150", "--seed", "4", "-o", &out, "--quiet"], 0);
    let codes = |path: &str| {
        read_csv(Path::new(path)).iter().map(|r| r["draw"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&form), codes(&out));
}

#[test]
fn labels_correct_the_rates_of_a_report() {
    let home = tempfile::tempdir().unwrap();
    let [log, truth, form] = drawn(home.path(), "4");
    let labelled = label(&truth, &form, None);
    let (drawn_then, _) = run(&["evaluate", "findings", &labelled], 0);
    let (found_now, _) = run(&["evaluate", "findings", &labelled, &log, "--quiet"], 0);
    assert_eq!(drawn_then, found_now, "the rules have not changed since");
    let scores: serde_json::Value = serde_json::from_str(&drawn_then).unwrap();
    assert_eq!(
        (scores["population"].as_u64(), scores["labelled"].as_u64()),
        (Some(800), Some(150))
    );

    let out = home.path().join("out");
    report(&[&log, "--labels", &labelled], &out);
    let found = json(&out);
    let corrected = found["corrected"].as_array().unwrap();
    let of = |name: &str| corrected.iter().find(|c| c["measure"] == name).unwrap();
    let asked = of("asked");
    assert_eq!(asked["raw"], found["transfer"]["asked"]);
    assert_eq!(of("reached")["raw"], found["transfer"]["reached"]);
    let rephrased = &found["effort"]["conversations_with_rephrase"];
    assert_eq!(&of("conversations_with_rephrase")["raw"], rephrased);
    let true_asked = read_csv(Path::new(&truth)).iter().filter(|t| t["attempts"] != "0").count();
    #[expect(clippy::cast_precision_loss, reason = "800")]
    let share = true_asked as f64 / 800.0;
    let end = |name: &str| asked["corrected"][name].as_f64().unwrap();
    assert!(end("low") <= share && share <= end("high"), "{share} {asked}");
    assert!(of("left_unasked")["corrected"].is_null(), "nobody labelled it");
    assert!(of("left_unasked")["within_5_percent"].is_null());
    let text = fs::read_to_string(out.join("report.md")).unwrap();
    assert!(text.contains("How far the rules err") && !text.contains('⟦'));

    let facts = home.path().join("facts").to_str().unwrap().to_owned();
    run(&["measure", &log, "-o", &facts, "--quiet"], 0);
    let other = home.path().join("of_facts");
    report(&["--facts", &facts, "--labels", &labelled], &other);
    assert_eq!(json(&other)["corrected"], found["corrected"]);
}

#[test]
fn labels_of_other_conversations_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let [log, truth, form] = drawn(home.path(), "4");
    let out = home.path().join("out").to_str().unwrap().to_owned();
    let (_, error) = run(&["report", &log, "--labels", &form, "--out", &out, "--quiet"], 2);
    assert!(error.contains("no row has a label"), "{error}");
    let labelled = label(&truth, &form, None);
    let args = ["report", &log, "--labels", &labelled, "--out", &out, "--quiet"];
    let since = [&args[..], &["--since", "2026-02-01"]].concat();
    let (_, error) = run(&since, 2);
    assert!(error.contains("was drawn from 800 conversations, here are"), "{error}");
    let bad = label(&truth, &form, Some("twice"));
    let (_, error) = run(&["evaluate", "findings", &bad], 2);
    assert!(error.contains("line 2: `attempts` is \"twice\""), "{error}");
    assert!(!Path::new(&out).exists(), "no report is better than a wrong one");
}

#[test]
fn facts_carry_what_was_taken_out() {
    let home = tempfile::tempdir().unwrap();
    let place = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let logs = ["sample_data/chats_zh.csv", "sample_data/chats_en.csv"];
    report(&logs, home.path().join("out").as_path());
    let findings = read_csv(&home.path().join("out/findings.csv"));
    let fallback = findings.iter().find(|f| f["rule"] == "fallback").unwrap();
    let row = format!("{},wrong,LM,2026-01-02\nffff,ok,LM,2026-01-02\n", fallback["finding_id"]);
    let (list, facts) = (place("list.csv"), place("facts"));
    fs::write(&list, format!("finding_id,verdict,who,when\n{row}")).unwrap();
    let (_, told) =
        run(&[&["measure"], &logs[..], &["--overrides", &list, "-o", &facts]].concat(), 0);
    assert!(told.contains("findings taken out: 1, confirmed: 0"), "{told}");
    assert!(told.contains("no finding ffff in this run"), "{told}");
    let (direct, of_facts) = (home.path().join("direct"), home.path().join("of_facts"));
    report(&[&logs[..], &["--overrides", &list]].concat(), &direct);
    report(&["--facts", &facts], &of_facts);
    let bytes = |folder: &Path| fs::read(folder.join("report.json")).unwrap();
    assert!(bytes(&direct) == bytes(&of_facts), "as the direct run");
}

/// The report of the sample data without and with a list of verdicts `id,verdict`.
fn overruled(verdicts: &[(String, &str)]) -> (serde_json::Value, String) {
    let home = tempfile::tempdir().unwrap();
    let list = home.path().join("list.csv");
    let rows = verdicts.iter().map(|(id, verdict)| format!("{id},{verdict},LM,2026-01-02"));
    let header = "finding_id,verdict,who,when".to_owned();
    let lines: Vec<String> = std::iter::once(header).chain(rows).collect();
    fs::write(&list, lines.join("\n") + "\n").unwrap();
    let out = home.path().join("out");
    report(&["sample_data", "--overrides", list.to_str().unwrap()], &out);
    (json(&out), fs::read_to_string(out.join("report.md")).unwrap())
}

#[test]
fn a_finding_judged_wrong_is_taken_out_counted_and_told() {
    let home = tempfile::tempdir().unwrap();
    report(&["sample_data"], home.path().join("out").as_path());
    let before = json(&home.path().join("out"));
    let findings = read_csv(&home.path().join("out/findings.csv"));
    let first = |rule: &str| {
        let row = findings.iter().find(|f| f["rule"] == rule && f["evidence"] == "inferred");
        row.unwrap_or_else(|| panic!("no {rule}"))["finding_id"].clone()
    };
    let n = |report: &serde_json::Value, key: &str| report["effort"][key].as_u64().unwrap();
    for (rule, key) in [
        ("rephrase", "rephrases"),
        ("repeat", "repeats"),
        ("fallback", "fallbacks"),
        ("bot-repetition", "bot_repetitions"),
    ] {
        let (after, text) = overruled(&[(first(rule), "wrong")]);
        assert_eq!(n(&after, key), n(&before, key) - 1, "{rule}");
        assert_eq!(after["overrides"]["taken_out"], 1);
        assert!(text.contains("took out 1"), "{rule}");
    }
    let (after, _) = overruled(&[(first("rephrase"), "ok"), ("0000".to_owned(), "wrong")]);
    assert_eq!(n(&after, "rephrases"), n(&before, "rephrases"));
    assert_eq!(after["overrides"]["confirmed"], 1);
    assert_eq!(after["overrides"]["unknown"], serde_json::json!(["0000"]));
}

#[test]
fn a_request_judged_wrong_takes_attempts_and_outcome_with_it() {
    let home = tempfile::tempdir().unwrap();
    report(&["sample_data"], home.path().join("out").as_path());
    let rows = read_csv(&home.path().join("out/conversations.csv"));
    let findings = read_csv(&home.path().join("out/findings.csv"));
    // A conversation whose only request was read off words.
    let once = |f: &&BTreeMap<String, String>| {
        let id = &f["conversation_id"];
        let row = rows.iter().find(|r| &r["conversation_id"] == id).unwrap();
        let one = row["requests"] == "1" && row["nudges"] == "0";
        f["rule"] == "transfer-request" && f["evidence"] == "inferred" && one
    };
    let request = findings.iter().find(once).unwrap();
    let (after, _) = overruled(&[(request["finding_id"].clone(), "wrong")]);
    let before = json(&home.path().join("out"));
    let asked = |r: &serde_json::Value| r["transfer"]["asked"]["hits"].as_u64().unwrap();
    assert_eq!(asked(&after), asked(&before) - 1);
    let sum = |r: &serde_json::Value| -> u64 {
        r["transfer"]["outcomes"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum()
    };
    assert_eq!(sum(&after), asked(&after), "outcomes add up to those who asked");
}

#[test]
fn what_follows_from_others_cannot_be_overruled_by_itself() {
    let home = tempfile::tempdir().unwrap();
    report(&["sample_data"], home.path().join("out").as_path());
    let findings = read_csv(&home.path().join("out/findings.csv"));
    let outcome = findings.iter().find(|f| f["rule"] == "outcome").unwrap();
    let list = home.path().join("list.csv");
    let row = format!("{},wrong,LM,2026-01-02\n", outcome["finding_id"]);
    fs::write(&list, format!("finding_id,verdict,who,when\n{row}")).unwrap();
    let (list, out) = (list.to_str().unwrap(), home.path().join("two"));
    let out = out.to_str().unwrap();
    let (_, error) = run(&["report", "sample_data", "--overrides", list, "--out", out, "-q"], 2);
    assert!(error.contains("line 2") && error.contains("follows from others"), "{error}");
    let clash = ["report", "sample_data", "--overrides", list, "--labels", list, "--out", out];
    run(&clash, 2);
}

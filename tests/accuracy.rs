//! The figures of ACCURACY.md that need no data from outside: saying it again in whole conversations, on
//! the half that nothing was tuned on.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use common::run;

#[test]
fn saying_it_again_keeps_what_it_reaches_on_the_half_held_back() {
    let mut sums = [0_u64; 3];
    for language in ["zh", "en"] {
        let file = format!("tests/data/dialogues/{language}.tsv");
        let (out, _) = run(&["evaluate", "dialogues", &file, "--half", "even"], 0);
        let scores: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(scores["conversations"], 85, "{language}");
        for (sum, key) in sums.iter_mut().zip(["tp", "fp", "fn"]) {
            *sum += scores[key].as_u64().unwrap();
        }
    }
    let [tp, fp, missed] = sums;
    // The bars of the issue; measured are 130 of 150 and 130 of 161 (ACCURACY.md).
    assert!(100 * tp >= 85 * (tp + fp), "precision {tp} of {}", tp + fp);
    assert!(100 * tp >= 80 * (tp + missed), "recall {tp} of {}", tp + missed);
}

/// Lines that no rule was tuned on: what ACCURACY.md gives, less two lines.
#[test]
fn requests_keep_what_they_reach_on_unread_lines() {
    for (file, least_found, most_false) in [("zh_held", 39, 6), ("en_held", 23, 7)] {
        let path = format!("tests/data/requests/{file}.tsv");
        let (out, _) = run(&["evaluate", "requests", &path], 0);
        let scores: serde_json::Value = serde_json::from_str(&out).unwrap();
        let count = |key: &str| scores[key].as_u64().unwrap();
        assert!(count("tp") >= least_found && count("fp") <= most_false, "{file}: {out}");
    }
}

#[test]
fn tune_fits_to_labels_and_its_model_is_named_in_the_report() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let set = "tests/data/dialogues/en.tsv";
    let model = path("own.toml");
    run(&["tune", set, "--half", "odd", "--name", "ours", "-o", &model], 0);
    run(&["tune", set, "--half", "odd", "--name", "ours", "-o", &path("again.toml")], 0);
    let bytes = |name: &str| std::fs::read(path(name)).unwrap();
    assert_eq!(bytes("own.toml"), bytes("again.toml"), "the same labels, the same bytes");
    let (out, _) = run(&["evaluate", "dialogues", set, "--half", "odd", "--model", &model], 0);
    let scores: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(scores["f1"].as_f64().unwrap() > 0.8, "{out}");
    run(&["report", "sample_data", "--model", &model, "--out", &path("out")], 0);
    let models = &common::json(&home.path().join("out"))["tool"]["models"];
    assert_eq!(models["retold ours"].as_str().unwrap().len(), 64, "{models}");
    std::fs::write(
        path("bad.toml"),
        "name = \"x\"\nthreshold = 0.5\nbias = 1\n[weights]\nno = 1\n",
    )
    .unwrap();
    let (_, err) = run(&["report", "sample_data", "--model", &path("bad.toml")], 2);
    assert!(err.contains("bad.toml") && err.contains("no such reading"), "{err}");
    std::fs::write(
        path("all_new.tsv"),
        "conversation\tsender\ttext\tlabel\na\tcustomer\thi\tother\n",
    )
    .unwrap();
    let (_, err) = run(&["tune", &path("all_new.tsv"), "-o", &path("x.toml")], 2);
    assert!(err.contains("label conversations"), "{err}");
}

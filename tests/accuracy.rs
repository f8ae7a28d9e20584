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
    // The bars of the issue; measured are 130 of 151 and 130 of 161 (ACCURACY.md).
    assert!(100 * tp >= 85 * (tp + fp), "precision {tp} of {}", tp + fp);
    assert!(100 * tp >= 80 * (tp + missed), "recall {tp} of {}", tp + missed);
}

/// Lines that no rule was tuned on: what ACCURACY.md gives, less two lines.
#[test]
fn requests_keep_what_they_reach_on_unread_lines() {
    const SETS: [(&str, u64, u64); 8] = [
        ("zh_held", 46, 6),
        ("en_held", 29, 7),
        ("zh_third_held", 73, 9),
        ("en_third_held", 43, 7),
        ("zh_fourth_held", 100, 4),
        ("en_fourth_held", 64, 9),
        // Tuned on: a later rule shall not cost them.
        ("zh_fourth_tuned", 569, 3),
        ("en_fourth_tuned", 478, 4),
    ];
    for (file, least_found, most_false) in SETS {
        let path = format!("tests/data/requests/{file}.tsv");
        let (out, _) = run(&["evaluate", "requests", &path], 0);
        let scores: serde_json::Value = serde_json::from_str(&out).unwrap();
        let count = |key: &str| scores[key].as_u64().unwrap();
        assert!(count("tp") >= least_found && count("fp") <= most_false, "{file}: {out}");
    }
}

/// The sets of requests that rules were written on and the model is fitted to.
const TUNED: [&str; 7] =
    ["", "_tuning", "_second_tuned", "_third_tuned", "_fourth_tuned", "_other", "_ordinary"];

/// The shipped model of requests is what `tune` makes of the labelled lines here.
#[test]
fn the_model_of_requests_is_made_of_these_lines() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("model.toml").to_str().unwrap().to_owned();
    let both = |folder: &str, ending: &str| {
        ["zh", "en"].map(|language| format!("tests/data/{folder}/{language}{ending}.tsv"))
    };
    let files: Vec<String> = TUNED
        .iter()
        .flat_map(|ending| both("requests", ending))
        .chain(["", "_tuning", "_human"].iter().flat_map(|ending| both("dialogues", ending)))
        .collect();
    let mut args = vec!["tune", "--requests"];
    args.extend(files.iter().map(String::as_str));
    args.extend(["--half", "odd", "--name", "shipped", "--threshold", "0.8", "-o", &out]);
    run(&args, 0);
    let shipped = std::fs::read_to_string("src/text/asking/model.toml").unwrap();
    assert_eq!(std::fs::read_to_string(&out).unwrap(), shipped, "fit it anew");
    let own = "tests/data/requests/en_held.tsv";
    let (with, _) = run(&["evaluate", "requests", own, "--model", &out], 0);
    assert_eq!(with, run(&["evaluate", "requests", own], 0).0);
    std::fs::write(&out, "grams = \"00\"").unwrap();
    let (_, error) = run(&["evaluate", "requests", own, "--model", &out], 2);
    assert!(error.contains("tune --requests"), "{error}");
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

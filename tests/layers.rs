//! The arrow between stages goes one way (ARCHITECTURE.md): reads the `crate::` paths of every
//! source file and fails on one that points left.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer and the layers it may name. `model`, `text` and `stats` name nothing of ours; `error`
/// may be named by whoever does input or output.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("text", &[]),
    ("stats", &[]),
    ("error", &[]),
    ("leftovers", &[]),
    ("ingest", &["model", "text", "error"]),
    ("conversations", &["model", "store"]),
    ("detect", &["model", "text"]),
    ("measure", &["model", "detect", "text"]),
    ("aggregate", &["model", "measure", "stats", "error"]),
    ("store", &["model", "measure", "leftovers", "error"]),
    ("facts", &["model", "measure", "store", "error"]),
    ("report", &["model", "measure", "aggregate", "stats", "text", "store", "error"]),
    ("generate", &["model"]),
    ("evaluate", &["model", "text", "stats", "detect", "error"]),
    ("label", &["model", "text", "stats", "aggregate", "error"]),
    ("learn", &["model", "text", "stats", "detect"]),
];

/// What stands above the stages and may name everything.
const ABOVE: &[&str] = &[
    "lib",
    "main",
    "cache",
    "cli",
    "commands",
    "config",
    "overrides",
    "pipeline",
    "program",
    "progress",
    "settings",
    "stream",
    "threads",
];

#[test]
fn no_arrow_points_left() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in sources(Path::new("src")) {
        let layer = layer_of(&file);
        if ABOVE.contains(&layer.as_str()) {
            continue;
        }
        let allowed = MAY_NAME.iter().find(|(name, _)| *name == layer);
        let Some((_, allowed)) = allowed else {
            wrong.push(format!("{}: layer `{layer}` is in no list", file.display()));
            continue;
        };
        let text = fs::read_to_string(&file).unwrap();
        for named in named_layers(&text) {
            seen.insert(layer.clone());
            if named != layer && !allowed.contains(&named.as_str()) {
                wrong.push(format!("{}: names {named}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that point left:\n{}", wrong.join("\n"));
    assert!(seen.len() >= 6, "the test found too few arrows to mean anything: {seen:?}");
}

#[test]
fn only_store_names_polars_and_only_charts_name_plotters() {
    for file in sources(Path::new("src")) {
        let text = fs::read_to_string(&file).unwrap();
        let path = file.to_string_lossy().replace('\\', "/");
        let code = || text.lines().filter(|l| !l.trim_start().starts_with("//"));
        if code().any(|l| l.contains("polars::")) {
            assert!(path.contains("src/store/"), "{path} names polars");
        }
        if code().any(|l| l.contains("plotters::")) {
            assert!(path.contains("src/report/chart/"), "{path} names plotters");
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// `src/detect/fallback.rs` is of `detect`, `src/error.rs` of `error`.
fn layer_of(file: &Path) -> String {
    let relative = file.strip_prefix("src").unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// First segments after `crate::` in code (comments aside).
fn named_layers(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            let name: String =
                part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            out.insert(name);
        }
    }
    out.remove("");
    out
}

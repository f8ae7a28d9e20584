//! Every format has a fuzz target, and every target its file (FUZZING.md).
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::BTreeMap;
use std::fs;

use tohuman::ingest::format_names;

/// Read by polars, which takes ten minutes to build for a fuzzer; `tests/broken.rs` cuts their files.
const WITHOUT: [&str; 2] = ["parquet", "arrow"];

/// Name of a target, and the text of its file.
fn targets() -> BTreeMap<String, String> {
    let manifest: toml::Table = fs::read_to_string("fuzz/Cargo.toml").unwrap().parse().unwrap();
    let bins = manifest["bin"].as_array().unwrap();
    let text = |bin: &toml::Value, key: &str| bin[key].as_str().unwrap().to_owned();
    let file = |bin| fs::read_to_string(format!("fuzz/{}", text(bin, "path"))).unwrap();
    bins.iter().map(|bin| (text(bin, "name"), file(bin))).collect()
}

#[test]
fn every_format_has_a_target_of_its_name() {
    let targets = targets();
    for format in format_names().into_iter().filter(|f| !WITHOUT.contains(f)) {
        let file = targets.get(&format.replace('-', "_"));
        let file = file.unwrap_or_else(|| panic!("{format} has no target in fuzz/Cargo.toml"));
        assert!(file.contains(&format!("tohuman_fuzz::format(\"{format}\", data)")), "{file}");
    }
}

#[test]
fn every_file_of_a_target_is_listed() {
    let listed = targets();
    for entry in fs::read_dir("fuzz/fuzz_targets").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(listed.contains_key(&name), "{name} is not in fuzz/Cargo.toml");
    }
}

#[test]
fn the_last_run_of_every_target_is_noted_and_clean() {
    let page = fs::read_to_string("FUZZING.md").unwrap();
    for target in targets().keys() {
        let row = page.lines().find(|line| line.starts_with(&format!("| {target} | ")));
        let row = row.unwrap_or_else(|| panic!("{target} has no row in FUZZING.md"));
        assert!(row.ends_with("| clean |"), "{row}");
    }
}

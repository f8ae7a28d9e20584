//! `inspect --lang zh` over every fixture: no note of it holds an English sentence.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use common::tohuman;

/// Every file with records under these folders.
fn fixtures() -> Vec<PathBuf> {
    let other = [".expected.txt", ".mapping.toml", ".md", ".gitattributes"];
    let mut out = Vec::new();
    for root in ["tests/data/ingest", "tests/data/complaints", "sample_data"] {
        for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
            let path = entry.unwrap().into_path();
            let name = path.to_string_lossy().into_owned();
            if path.is_file() && !other.iter().any(|end| name.ends_with(end)) {
                out.push(path);
            }
        }
    }
    out
}

/// What `inspect` says in Chinese; of a file that it cannot read one line (errors are English).
fn inspected(paths: &[PathBuf], mapping: Option<&Path>) -> String {
    let mut command = tohuman();
    command.args(["inspect", "--lang", "zh", "--skip-bad-files"]).args(paths);
    if let Some(mapping) = mapping {
        command.arg("--mapping").arg(mapping);
    }
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// The lines under the labels that hold sentences of the program: reasons, encoding, problems.
fn notes(text: &str) -> Vec<&str> {
    let mut told = false;
    let mut out = Vec::new();
    for line in text.lines() {
        if line.starts_with("  ") && !line.starts_with("   ") {
            told = ["  依据", "  编码", "  时", "  行数", "  问题", "  下一步"]
                .iter()
                .any(|label| line.starts_with(label));
        }
        if !line.starts_with(' ') {
            told = false;
        }
        if told {
            out.push(line);
        }
    }
    out
}

/// True if three words of small letters follow each other with nothing but spaces between them, as
/// in a sentence and in no list of columns.
fn is_english(line: &str) -> bool {
    let word = |w: &&str| {
        let w = w.trim_end_matches(['.', ';', ':', ',']);
        !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase() || c == '\'')
    };
    let inner = |w: &str| !w.ends_with([',', ';', ':', '.']);
    let words: Vec<&str> = line.split_whitespace().collect();
    words.windows(3).any(|w| w.iter().all(word) && inner(w[0]) && inner(w[1]))
}

#[test]
fn no_note_of_a_fixture_is_english() {
    let mapping = |path: &PathBuf| path.with_extension("mapping.toml");
    let (mapped, plain): (Vec<_>, Vec<_>) =
        fixtures().into_iter().partition(|p| mapping(p).exists());
    // Those without a mapping at once: a process each takes minutes.
    let mut text = inspected(&plain, None);
    for path in mapped {
        text.push_str(&inspected(std::slice::from_ref(&path), Some(&mapping(&path))));
    }
    let notes = notes(&text);
    let mut found = String::new();
    for line in notes.iter().filter(|line| is_english(line)) {
        writeln!(found, "{line}").unwrap();
    }
    let read = notes.iter().filter(|line| line.starts_with("  依据")).count();
    assert!(read > 80, "{read} fixtures read");
    assert!(found.is_empty(), "{found}");
}

#[test]
fn an_english_sentence_would_be_found() {
    assert!(is_english("  依据         begins as a spreadsheet file does"));
    assert!(is_english("  依据         含有 a chat log of 的字段"));
    assert!(!is_english("  依据         含有 X 的字段：tweet_id, author_id, inbound, text"));
}

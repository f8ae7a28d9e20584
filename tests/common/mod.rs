//! What the tests that run the program share.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]
#![allow(dead_code, reason = "every test file uses a part")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program, in the root of the repository, without the user's settings.
pub(crate) fn tohuman() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tohuman"));
    for name in ["TIME_ZONE", "MAPPING", "LEXICON", "MODEL", "MEMORY", "LANG"] {
        command.env_remove(format!("TOHUMAN_{name}"));
    }
    command.env("XDG_CONFIG_HOME", "/nonexistent");
    command
}

/// Runs it, checks the exit code, gives standard output and standard error.
pub(crate) fn run(args: &[&str], code: i32) -> (String, String) {
    let output = tohuman().args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "tohuman {}\n{err}", args.join(" "));
    (out, err)
}

/// Writes the report of these inputs (and further flags) into a folder; must succeed.
pub(crate) fn report(args: &[&str], out: &Path) {
    let out = out.to_string_lossy().into_owned();
    let all: Vec<&str> =
        ["report"].iter().chain(args).chain(&["--out", &out, "--quiet"]).copied().collect();
    run(&all, 0);
}

/// The report.json of a folder.
pub(crate) fn json(folder: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.join("report.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Rows of a CSV file by column.
pub(crate) fn read_csv(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            header.iter().zip(row.iter()).map(|(h, c)| (h.to_owned(), c.to_owned())).collect()
        })
        .collect()
}

/// Names of all files under a folder, `/` between the parts, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut out: Vec<String> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|e| e.file_type().is_file())
        .map(|e| e.path().strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/"))
        .collect();
    out.sort();
    out
}

/// A file of the shared data, or `None` with a word that the test skips.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    #[expect(clippy::print_stderr, reason = "who runs the tests must see what was skipped")]
    {
        eprintln!("skipped: {} is not here", path.display());
    }
    None
}

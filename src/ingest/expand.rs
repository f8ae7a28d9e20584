//! From what the user typed to the inputs: files, folders, globs and `-`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::archive::{self, Zip};
use super::input::InputKind;
use super::{IngestOptions, Input};
use crate::error::{Error, Result};

/// Extensions that are read from a folder, below `.gz` and `.zst` too. A file named by itself is
/// read whatever its name.
const EXTENSIONS: [&str; 14] = [
    "csv", "tsv", "tab", "json", "jsonl", "ndjson", "xlsx", "xls", "ods", "parquet", "arrow",
    "arrows", "feather", "zip",
];

/// Extensions of compression, which are taken off first.
const COMPRESSED: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

/// Why a folder is not read.
const OURS: &str = "a folder that tohuman wrote";
/// Files by which a folder of ours is known: each is JSON with `"tool": "tohuman"`.
const MARKS: [&str; 3] = ["manifest.json", "facts.json", "cache.json"];

/// The inputs in order.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    /// Inputs as given; those of a folder or glob sorted by path.
    pub inputs: Vec<Input>,
    /// What of the folders was left out.
    pub skipped: Vec<Skipped>,
}

/// A file that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The path as it would have been printed.
    pub path: String,
    /// The reason in words.
    pub reason: String,
}

/// Expands what was typed.
///
/// A zip archive stands for its members, each of which is an input named `archive!member`.
///
/// # Errors
/// If a path does not exist, a glob is malformed or matches nothing, or a folder or archive holds
/// no file to read.
pub fn expand(inputs: &[String], options: &IngestOptions) -> Result<Expanded> {
    let mut found = files(inputs)?;
    let mut out = Expanded { inputs: Vec::new(), skipped: std::mem::take(&mut found.skipped) };
    for input in found.inputs {
        unpacked(input, options, &mut out);
    }
    Ok(out)
}

/// An input, or the members of an archive in its place.
fn unpacked(input: Input, options: &IngestOptions, out: &mut Expanded) {
    let entries = match archive::open(&input, options.max_unpacked) {
        None | Some(Zip::Spreadsheet) => return out.inputs.push(input),
        Some(Zip::Broken(what, way_out)) => {
            let kind = InputKind::Refused(what, way_out);
            return out.inputs.push(Input { kind, ..input });
        }
        Some(Zip::Archive(entries)) => entries,
    };
    let (inputs, skipped) = archive::members(&input, entries, &|name| known(Path::new(name)));
    if inputs.is_empty() {
        let what = "is a zip archive that holds no file to read".to_owned();
        let way_out = format!("pack files named .{} into it", EXTENSIONS.join(", ."));
        out.inputs.push(Input { kind: InputKind::Refused(what, way_out), ..input });
    }
    out.inputs.extend(inputs);
    out.skipped.extend(skipped.into_iter().map(|(path, reason)| Skipped { path, reason }));
}

/// Files, folders and globs as files.
fn files(inputs: &[String]) -> Result<Expanded> {
    let mut out = Expanded::default();
    let mut seen = BTreeSet::new();
    for typed in inputs {
        let path = Path::new(typed);
        if typed == "-" {
            add(&mut out, &mut seen, Input::stdin());
        } else if path.is_dir() {
            folder(path, &mut out, &mut seen)?;
        } else if path.exists() {
            add(&mut out, &mut seen, Input::file(path));
        } else if typed.contains(['*', '?', '[']) {
            pattern(typed, &mut out, &mut seen)?;
        } else {
            return Err(Error::input(
                typed.clone(),
                "there is no such file or folder",
                "check the path, or quote a glob such as 'logs/*.csv'",
            ));
        }
    }
    Ok(out)
}

fn add(out: &mut Expanded, seen: &mut BTreeSet<String>, input: Input) {
    if seen.insert(input.path.clone()) {
        out.inputs.push(input);
    } else {
        out.skipped.push(Skipped { path: input.path, reason: "given twice".to_owned() });
    }
}

fn folder(root: &Path, out: &mut Expanded, seen: &mut BTreeSet<String>) -> Result<()> {
    if is_ours(root) {
        return Err(Error::input(
            root.display().to_string(),
            format!("is {OURS}, not a log"),
            "name the folder or files of the export",
        ));
    }
    let mut files: Vec<PathBuf> = Vec::new();
    let mut walk = walkdir::WalkDir::new(root).follow_links(true).into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(|e| unreadable(root, e))?;
        if entry.depth() > 0 && entry.file_type().is_dir() && is_ours(entry.path()) {
            let path = entry.path().display().to_string();
            out.skipped.push(Skipped { path, reason: OURS.to_owned() });
            walk.skip_current_dir();
            continue;
        }
        let hidden = entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
        if hidden {
            let path = entry.path().display().to_string();
            out.skipped.push(Skipped { path, reason: "hidden".to_owned() });
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
        } else if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    files.sort();
    let before = out.inputs.len();
    for file in files {
        if known(&file) {
            add(out, seen, Input::file(file));
        } else {
            let path = file.display().to_string();
            let reason = "no chat or complaint file by its name; name it itself to read it";
            out.skipped.push(Skipped { path, reason: reason.to_owned() });
        }
    }
    out.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    if out.inputs.len() == before && !out.skipped.iter().any(|s| s.reason == "given twice") {
        let way_out = format!("put files named .{} into it", EXTENSIONS.join(", ."));
        return Err(Error::input(root.display().to_string(), "holds no file to read", way_out));
    }
    Ok(())
}

/// A report, facts or cache folder of an earlier run: what stands in it was counted already.
fn is_ours(folder: &Path) -> bool {
    MARKS.iter().any(|mark| {
        let Ok(bytes) = std::fs::read(folder.join(mark)) else { return false };
        let Ok(value) = serde_json::from_slice::<serde_json::Value>(&bytes) else { return false };
        value.get("tool").and_then(serde_json::Value::as_str) == Some("tohuman")
    })
}

fn unreadable(root: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(root).to_path_buf();
    let source = error
        .into_io_error()
        .unwrap_or_else(|| std::io::Error::other("its links lead back to itself"));
    Error::Read { path, source }
}

fn known(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let mut parts: Vec<&str> = name.split('.').collect();
    if parts.last().is_some_and(|e| COMPRESSED.contains(e)) {
        parts.pop();
    }
    parts.len() > 1 && parts.last().is_some_and(|e| EXTENSIONS.contains(e))
}

fn pattern(typed: &str, out: &mut Expanded, seen: &mut BTreeSet<String>) -> Result<()> {
    let paths = glob::glob(typed).map_err(|e| {
        Error::input(
            typed,
            format!("is no glob: {}", e.msg),
            "put a [ that is meant as it stands into brackets: [[]",
        )
    })?;
    let mut found = Vec::new();
    for path in paths {
        found.push(path.map_err(|e| {
            let path = e.path().to_path_buf();
            Error::Read { path, source: e.into() }
        })?);
    }
    found.sort();
    if found.is_empty() {
        return Err(Error::input(typed, "matches no file", "check the glob"));
    }
    for path in found {
        if path.is_dir() && is_ours(&path) {
            let path = path.display().to_string();
            out.skipped.push(Skipped { path, reason: OURS.to_owned() });
        } else if path.is_dir() {
            folder(&path, out, seen)?;
        } else {
            add(out, seen, Input::file(path));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_sorted_and_say_what_they_left_out() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv.gz", "notes.md", ".hidden.csv"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        let root = dir.path().display().to_string();
        let all = files(std::slice::from_ref(&root)).unwrap();
        let names: Vec<_> = all.inputs.iter().map(|i| i.path.replace(&root, "")).collect();
        assert_eq!(names, ["/a.csv.gz", "/b.csv"]);
        let left: Vec<_> = all.skipped.iter().map(|s| s.path.replace(&root, "")).collect();
        assert_eq!(left, ["/.hidden.csv", "/notes.md"]);
        let glob = files(&[format!("{root}/*.csv")]).unwrap();
        assert_eq!(glob.inputs.len(), 2, "a glob takes what it matches, a shell would not hide it");
        assert!(files(&[format!("{root}/none*.csv")]).is_err());
        assert!(files(&[format!("{root}/none.csv")]).is_err());
    }
}

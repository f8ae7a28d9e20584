//! A report appears whole or not at all: it is written beside its folder and exchanged with it in
//! one rename; a run that fails or is killed leaves the last good report as it was.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::store::draft::{DraftFolder, files};
use crate::text::redact::{names_a_person, redact};

/// A report being written.
#[derive(Debug)]
pub struct Folder {
    draft: DraftFolder,
}

/// What stands in `manifest.json`.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    tool: &'a str,
    version: &'a str,
    written_at: String,
    command: &'a [String],
    inputs: &'a BTreeMap<String, String>,
    outputs: BTreeMap<String, Written>,
}

/// One file of the report.
#[derive(Debug, Serialize)]
struct Written {
    sha256: String,
    bytes: u64,
}

impl Folder {
    /// Opens a draft beside `target`.
    ///
    /// # Errors
    /// When the place cannot be written, or holds other things and `force` is not given.
    pub fn create(target: &Path, force: bool) -> Result<Self> {
        let draft = DraftFolder::create(target)?;
        let failed = |source| Error::Write { path: draft.target().to_owned(), source };
        let foreign = foreign(draft.target()).map_err(failed)?;
        if let Some(name) = foreign.first().filter(|_| !force) {
            return Err(Error::usage(
                format!(
                    "{}: holds {name}, which no earlier report wrote",
                    draft.target().display()
                ),
                "choose another --out, or keep it beside the report by --force",
            ));
        }
        fs::create_dir(draft.path("charts")).map_err(failed)?;
        Ok(Self { draft })
    }

    /// Where a file of the report is written until the report is whole.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.draft.path(name)
    }

    /// Writes a file of the report; `/` separates the parts of its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.draft.write(name, bytes)
    }

    /// Writes the manifest, and puts the report in its place.
    ///
    /// # Errors
    /// When a file cannot be written or the folders cannot be exchanged.
    pub fn publish(self, command: &[String], inputs: &BTreeMap<String, String>) -> Result<()> {
        // What was typed is kept, but for somebody's number (`--where phone=...`).
        let unnamed = |word: &String| {
            if names_a_person(word) { redact(word) } else { word.clone() }
        };
        let unnamed: Vec<String> = command.iter().map(unnamed).collect();
        let failed = |source| Error::Write { path: self.draft.target().to_owned(), source };
        let manifest = Manifest {
            tool: "tohuman",
            version: env!("CARGO_PKG_VERSION"),
            written_at: now(),
            command: &unnamed,
            inputs,
            outputs: outputs(&self.draft.path("")).map_err(failed)?,
        };
        let mut bytes =
            serde_json::to_vec_pretty(&manifest).map_err(|e| failed(io::Error::other(e)))?;
        bytes.push(b'\n');
        self.write("manifest.json", &bytes)?;
        let kept = foreign(self.draft.target()).map_err(failed)?;
        self.draft.publish(&kept)
    }
}

/// Files of a folder that its manifest does not list, `/` between the parts: all of them where there
/// is no manifest of ours; none where there is no folder.
fn foreign(folder: &Path) -> io::Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let manifest: serde_json::Value = fs::read(folder.join("manifest.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .filter(|manifest: &serde_json::Value| manifest["tool"] == "tohuman")
        .unwrap_or_default();
    let ours = |name: &str| {
        manifest["outputs"].get(name).is_some() || (manifest.is_object() && name == "manifest.json")
    };
    let files = files(folder)?;
    Ok(files.into_iter().map(|(name, _)| name).filter(|name| !ours(name)).collect())
}

fn outputs(folder: &Path) -> io::Result<BTreeMap<String, Written>> {
    let mut out = BTreeMap::new();
    for (name, path) in files(folder)? {
        let mut file = fs::File::open(path)?;
        let mut hash = Sha256::new();
        let bytes = io::copy(&mut file, &mut HashWriter(&mut hash))?;
        out.insert(name, Written { sha256: hex(&hash.finalize()), bytes });
    }
    Ok(out)
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[expect(clippy::disallowed_methods, reason = "the manifest tells when the run was")]
fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(target: &Path, text: &str, force: bool) -> Result<()> {
        let folder = Folder::create(target, force)?;
        folder.write("report.md", text.as_bytes())?;
        folder.publish(&[], &BTreeMap::new())
    }

    #[test]
    fn replaces_whole_and_leaves_nothing_beside() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("out");
        publish(&target, "one", false).unwrap();
        publish(&target, "two", false).unwrap();
        assert_eq!(fs::read_to_string(target.join("report.md")).unwrap(), "two");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_dropped_draft_leaves_the_earlier_report() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("out");
        publish(&target, "one", false).unwrap();
        let folder = Folder::create(&target, false).unwrap();
        folder.write("report.md", b"two").unwrap();
        drop(folder);
        assert_eq!(fs::read_to_string(target.join("report.md")).unwrap(), "one");
    }

    #[test]
    fn other_peoples_files_are_refused_and_kept_by_force() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("thesis.txt"), "mine").unwrap();
        assert!(publish(home.path(), "one", false).is_err());
        let target = home.path().join("out");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("thesis.txt"), "mine").unwrap();
        assert!(publish(&target, "one", false).is_err());
        publish(&target, "one", true).unwrap();
        assert_eq!(fs::read_to_string(target.join("thesis.txt")).unwrap(), "mine");
        assert_eq!(fs::read_to_string(target.join("report.md")).unwrap(), "one");
    }
}

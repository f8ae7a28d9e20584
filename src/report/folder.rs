//! A report appears whole or not at all: it is written beside its folder and exchanged with it in
//! one rename; a run that fails or is killed leaves the last good report as it was.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// Between the name of the folder and the random part of the name beside it.
const MARK: &str = ".tohuman-";

/// A report being written.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    draft: tempfile::TempDir,
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
        // A link to a folder stays a link: what it points to is exchanged.
        let target = fs::canonicalize(target)
            .or_else(|_| std::path::absolute(target))
            .map_err(|source| Error::Write { path: target.to_owned(), source })?;
        let failed = |source| Error::Write { path: target.clone(), source };
        let foreign = foreign(&target).map_err(failed)?;
        if let Some(name) = foreign.first().filter(|_| !force) {
            return Err(Error::usage(
                format!("{}: holds {name}, which no earlier report wrote", target.display()),
                "choose another --out, or keep it beside the report by --force",
            ));
        }
        let parent = target.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).map_err(failed)?;
        let prefix = format!(".{}{MARK}", name_of(&target));
        sweep(parent, &prefix);
        let draft = tempfile::Builder::new()
            .prefix(&format!("{prefix}{}-", std::process::id()))
            .tempdir_in(parent)
            .map_err(failed)?;
        fs::create_dir(draft.path().join("charts")).map_err(failed)?;
        Ok(Self { target, draft })
    }

    /// Where a file of the report is written until the report is whole.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.draft.path().join(name)
    }

    /// Writes a file of the report; `/` separates the parts of its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(name);
        fs::write(&path, bytes).map_err(|source| Error::Write { path, source })
    }

    /// Writes the manifest, and puts the report in its place.
    ///
    /// # Errors
    /// When a file cannot be written or the folders cannot be exchanged.
    pub fn publish(self, command: &[String], inputs: &BTreeMap<String, String>) -> Result<()> {
        let failed = |source| Error::Write { path: self.target.clone(), source };
        let manifest = Manifest {
            tool: "tohuman",
            version: env!("CARGO_PKG_VERSION"),
            written_at: now(),
            command,
            inputs,
            outputs: outputs(self.draft.path()).map_err(failed)?,
        };
        let mut bytes =
            serde_json::to_vec_pretty(&manifest).map_err(|e| failed(io::Error::other(e)))?;
        bytes.push(b'\n');
        self.write("manifest.json", &bytes)?;
        open_to_others(self.draft.path()).map_err(failed)?;
        if fs::symlink_metadata(&self.target).is_err() {
            let draft = self.draft.keep();
            return fs::rename(&draft, &self.target).map_err(failed);
        }
        let kept = foreign(&self.target).map_err(failed)?;
        if let Some(name) = kept.iter().find(|name| self.path(name).exists()) {
            return Err(Error::usage(
                format!(
                    "{}: {name} is not of an earlier report and would be replaced",
                    self.target.display()
                ),
                "move it away, or choose another --out",
            ));
        }
        // Somebody else's files stand in both folders, as hard links, before the exchange: a run
        // that is killed at any point loses none of them.
        for name in &kept {
            let copy = self.path(name);
            if let Some(parent) = copy.parent() {
                fs::create_dir_all(parent).map_err(failed)?;
            }
            let original = self.target.join(name);
            fs::hard_link(&original, &copy)
                .or_else(|_| fs::copy(&original, &copy).map(drop))
                .map_err(failed)?;
        }
        exchange(self.draft.path(), &self.target).map_err(failed)?;
        // The draft's name now holds the earlier report.
        self.draft.close().map_err(failed)
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

/// All files under a folder by name, `/` between the parts, in order.
fn files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut out = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_dir() {
            continue;
        }
        let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let name = relative
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/");
        out.push((name, entry.into_path()));
    }
    Ok(out)
}

/// Drafts that a killed run left: their process is no more.
fn sweep(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(prefix).and_then(|rest| rest.split_once('-'));
        let gone = process.is_some_and(|(id, _)| {
            id.parse::<u32>().is_ok()
                && Path::new("/proc/self").exists()
                && !Path::new("/proc").join(id).exists()
        });
        if gone {
            // A leftover that cannot be removed harms nothing.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| "report".to_owned(), |n| n.to_string_lossy().into_owned())
}

#[cfg(target_os = "linux")]
fn exchange(draft: &Path, target: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, draft, CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // Some network file systems cannot exchange.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => swap(draft, target),
        Err(e) => Err(e.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(draft: &Path, target: &Path) -> io::Result<()> {
    swap(draft, target)
}

/// Two renames where the system has no exchange.
fn swap(draft: &Path, target: &Path) -> io::Result<()> {
    let aside = draft.with_extension("earlier");
    fs::rename(target, &aside)?;
    if let Err(e) = fs::rename(draft, target) {
        fs::rename(&aside, target)?;
        return Err(e);
    }
    fs::rename(&aside, draft)
}

/// Temporary folders are private; a report is not.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let probe = folder.join("charts");
    let mode = fs::metadata(probe)?.permissions().mode();
    fs::set_permissions(folder, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn open_to_others(_folder: &Path) -> io::Result<()> {
    Ok(())
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

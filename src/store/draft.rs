//! A folder appears whole or not at all: it is written beside its place and exchanged with it in one
//! rename; a run that fails or is killed leaves what stood there as it was.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::leftovers::{Leftover, undisturbed};

/// Between the name of the folder and the random part of the name beside it.
const MARK: &str = ".tohuman-";

/// A folder being written.
#[derive(Debug)]
pub struct DraftFolder {
    target: PathBuf,
    draft: tempfile::TempDir,
    listed: Leftover,
}

impl DraftFolder {
    /// Opens a draft beside `target`.
    ///
    /// # Errors
    /// When the place cannot be written.
    pub fn create(target: &Path) -> Result<Self> {
        // A link to a folder stays a link: what it points to is exchanged.
        let target = fs::canonicalize(target)
            .or_else(|_| std::path::absolute(target))
            .map_err(|source| Error::Write { path: target.to_owned(), source })?;
        let failed = |source| Error::Write { path: target.clone(), source };
        let parent = target.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).map_err(failed)?;
        let prefix = sweep(parent, &name_of(&target));
        let draft = tempfile::Builder::new()
            .prefix(&format!("{prefix}{}-", std::process::id()))
            .tempdir_in(parent)
            .map_err(failed)?;
        let listed = Leftover::list(draft.path());
        Ok(Self { target, draft, listed })
    }

    /// Where the folder will stand.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where a file is written until the folder is whole.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.draft.path().join(name)
    }

    /// Writes a file; `/` separates the parts of its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(name);
        fs::write(&path, bytes).map_err(|source| Error::Write { path, source })
    }

    /// Puts the folder in its place; of what stands there, the files `kept` stay.
    ///
    /// # Errors
    /// When a kept file would be replaced, or the folders cannot be exchanged.
    pub fn publish(self, kept: &[String]) -> Result<()> {
        let Self { target, draft, listed } = self;
        // A signal waits: it would find the folders half exchanged.
        let done = undisturbed(|| Self::put(&target, draft, kept));
        drop(listed);
        done
    }

    fn put(target: &Path, draft: tempfile::TempDir, kept: &[String]) -> Result<()> {
        let failed = |source| Error::Write { path: target.to_owned(), source };
        open_to_others(draft.path()).map_err(failed)?;
        if fs::symlink_metadata(target).is_err() {
            let draft = draft.keep();
            return fs::rename(&draft, target).map_err(failed);
        }
        if let Some(name) = kept.iter().find(|name| draft.path().join(name).exists()) {
            return Err(Error::usage(
                format!(
                    "{}: {name} is not of an earlier run and would be replaced",
                    target.display()
                ),
                "move it away, or choose another --out",
            ));
        }
        // Somebody else's files stand in both folders, as hard links, before the exchange: a run
        // that is killed at any point loses none of them.
        for name in kept {
            let copy = draft.path().join(name);
            if let Some(parent) = copy.parent() {
                fs::create_dir_all(parent).map_err(failed)?;
            }
            let original = target.join(name);
            fs::hard_link(&original, &copy)
                .or_else(|_| fs::copy(&original, &copy).map(drop))
                .map_err(failed)?;
        }
        exchange(draft.path(), target).map_err(failed)?;
        // The draft's name now holds the earlier folder.
        draft.close().map_err(failed)
    }
}

/// All files under a folder by name, `/` between the parts, in order.
///
/// # Errors
/// When it cannot be listed.
pub fn files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
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

/// Removes the drafts of a file or folder of this name that a killed run left: their process is no more.
/// Gives what the names of such drafts begin with, before the number of the process.
#[must_use]
pub fn sweep(parent: &Path, name: &str) -> String {
    let prefix = format!(".{name}{MARK}");
    let Ok(entries) = fs::read_dir(parent) else { return prefix };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(&prefix).map(|rest| rest.split('-').next().unwrap_or(rest));
        let gone = process.is_some_and(|id| {
            id.parse::<u32>().is_ok()
                && Path::new("/proc/self").exists()
                && !Path::new("/proc").join(id).exists()
        });
        if gone {
            let path = entry.path();
            // A leftover that cannot be removed harms nothing.
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
    prefix
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| "folder".to_owned(), |n| n.to_string_lossy().into_owned())
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

/// Temporary folders are private; what is published is not.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let probe = folder.join(".probe");
    fs::create_dir(&probe)?;
    let mode = fs::metadata(&probe)?.permissions().mode();
    fs::remove_dir(&probe)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn open_to_others(_folder: &Path) -> io::Result<()> {
    Ok(())
}

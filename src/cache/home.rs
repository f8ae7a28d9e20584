//! The folder of a cache: whose it is, who uses it, which parts it has.
//!
//! `cache.json` marks it; `lock` is held by the run that uses it (another waits); one folder for each way
//! of measuring, named by its hash, holds parts and an `index` that lists them with their hashes. A
//! part is written under another name and renamed when it is whole, and counts once the index, which
//! is exchanged in one rename, lists it. What the index does not list is swept by the next run.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::part::{FILES, PartHeader, TABLE};
use super::stat::{Stat, sha256};
use super::{LETTERS, hex, unread, unwritten};
use crate::error::{Error, Result};

/// The mark of a cache.
const MARK: &str = "cache.json";
const LOCK: &str = "lock";
const INDEX: &str = "index";
/// What drafts begin with.
const DRAFT: &str = "draft-";
/// What parts begin with.
const PART: &str = "part-";
/// Ways of measuring that are kept, those used last.
const MOST_SETS: usize = 4;

/// The parts of one way of measuring.
pub(super) struct Home {
    dir: PathBuf,
    set: PathBuf,
    index: Index,
    /// The parts, in the order of the index.
    pub(super) parts: Vec<Part>,
    /// Held until the run ends.
    _lock: File,
}

/// A part that may be used.
pub(super) struct Part {
    pub(super) folder: PathBuf,
    pub(super) header: PartHeader,
    /// The hash of its facts: two parts of one name are not one.
    pub(super) facts: String,
}

/// What stands in `index`, under a line with its hash.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Index {
    next: u64,
    /// Name -> hashes of its files.
    parts: BTreeMap<String, BTreeMap<String, String>>,
    /// Files on the disk as they were when they had this hash.
    notes: BTreeMap<String, Note>,
}

/// What a file was when it had this hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) stat: Stat,
    pub(super) sha256: String,
}

impl Home {
    /// Opens the cache, and waits for another run that uses it; `tell` hears what is worth a line.
    ///
    /// # Errors
    /// When the folder holds other things, or cannot be written.
    pub(super) fn open(dir: &Path, set: &str, tell: &mut dyn FnMut(&str)) -> Result<Self> {
        check(dir)?;
        fs::create_dir_all(dir).map_err(unwritten(dir))?;
        let lock = locked(dir, tell)?;
        check(dir)?;
        let mark = dir.join(MARK);
        if !mark.exists() {
            let text = "{\"tool\": \"tohuman\", \"what\": \"report --cache\"}\n";
            exchange(&mark, text.as_bytes())?;
        }
        let set = dir.join(set);
        fs::create_dir_all(&set).map_err(unwritten(&set))?;
        let index = Index::read(&set).unwrap_or_else(|what| {
            if let Some(what) = what {
                tell(&format!("{}: {what}; all is measured anew", set.join(INDEX).display()));
            }
            Index::default()
        });
        let mut home = Self { dir: dir.to_owned(), set, index, parts: Vec::new(), _lock: lock };
        home.sweep(&[DRAFT, PART])?;
        home.look(tell);
        Ok(home)
    }

    /// Opens every part; one that is not what it was is left out.
    fn look(&mut self, tell: &mut dyn FnMut(&str)) {
        let names: Vec<String> = self.index.parts.keys().cloned().collect();
        for name in names {
            let folder = self.set.join(&name);
            let whole = self.index.parts[&name]
                .iter()
                .all(|(file, hash)| sha256(&folder.join(file)).is_ok_and(|found| found == *hash));
            match PartHeader::read(&folder) {
                Ok(header) if whole => {
                    let facts = self.index.parts[&name].get(TABLE).cloned().unwrap_or_default();
                    self.parts.push(Part { folder, header, facts });
                }
                _ => {
                    let what = "damaged; what it held is measured anew";
                    tell(&format!("{}: {what}", folder.display()));
                    self.index.parts.remove(&name);
                }
            }
        }
    }

    /// A folder for a part to be written in.
    pub(super) fn draft(&self) -> Result<tempfile::TempDir> {
        let draft = tempfile::Builder::new().prefix(DRAFT).tempdir_in(&self.set);
        draft.map_err(unwritten(&self.set))
    }

    /// Takes a draft, whole, among the parts; it counts once [`Home::save`] was called.
    pub(super) fn add(&mut self, draft: tempfile::TempDir) -> Result<&Part> {
        let header = PartHeader::read(draft.path())?;
        let mut hashes = BTreeMap::new();
        for file in FILES {
            let path = draft.path().join(file);
            hashes.insert(file.to_owned(), sha256(&path).map_err(unread(&path))?);
        }
        let name = format!("{PART}{:08}", self.index.next);
        let folder = self.set.join(&name);
        fs::rename(draft.keep(), &folder).map_err(unwritten(&folder))?;
        self.index.next += 1;
        let facts = hashes[TABLE].clone();
        self.index.parts.insert(name, hashes);
        self.parts.push(Part { folder, header, facts });
        Ok(&self.parts[self.parts.len() - 1])
    }

    /// Takes a part out; its folder is swept once [`Home::save`] was called.
    pub(super) fn remove(&mut self, folder: &Path) {
        self.parts.retain(|part| part.folder != folder);
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        self.index.parts.remove(name.as_ref());
    }

    /// The note on a file.
    pub(super) fn note(&self, path: &str) -> Option<&Note> {
        self.index.notes.get(path)
    }

    /// Writes the index with these notes, and sweeps what it does not list.
    pub(super) fn save(&mut self, notes: BTreeMap<String, Note>) -> Result<()> {
        self.index.notes = notes;
        let path = self.set.join(INDEX);
        let body = serde_json::to_string(&self.index).map_err(|e| unwritten(&path)(e.into()))?;
        let text = format!("{}\n{body}", hex(&Sha256::digest(body.as_bytes())));
        exchange(&path, text.as_bytes())?;
        self.sweep(&[PART])?;
        self.forget_sets()
    }

    /// Removes what killed runs left and what was taken out; drafts only before this run has its own.
    fn sweep(&self, kinds: &[&str]) -> Result<()> {
        for entry in fs::read_dir(&self.set).map_err(unread(&self.set))?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let of_a_kind = kinds.iter().any(|kind| name.starts_with(kind));
            if of_a_kind && !self.index.parts.contains_key(&name) {
                // A leftover that cannot be removed harms nothing.
                let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
            }
        }
        Ok(())
    }

    /// Removes the ways of measuring that were used longest ago.
    fn forget_sets(&self) -> Result<()> {
        let mut sets = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(unread(&self.dir))?.flatten() {
            let used = fs::metadata(entry.path().join(INDEX)).and_then(|data| data.modified());
            if is_set(&entry.file_name().to_string_lossy()) && entry.path() != self.set {
                sets.push((used.ok(), entry.path()));
            }
        }
        sets.sort();
        let most = sets.len().saturating_sub(MOST_SETS - 1);
        for (_, set) in &sets[..most] {
            // It is tried again by the next run.
            let _ = fs::remove_dir_all(set);
        }
        Ok(())
    }
}

impl Index {
    /// Reads it; an error without words where there is none.
    fn read(set: &Path) -> Result<Self, Option<&'static str>> {
        let text = match fs::read_to_string(set.join(INDEX)) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(None),
            Err(_) => return Err(Some("cannot be read")),
        };
        let (hash, body) = text.split_once('\n').unwrap_or_default();
        if hash != hex(&Sha256::digest(body.as_bytes())) {
            return Err(Some("damaged"));
        }
        serde_json::from_str(body).map_err(|_| Some("of another version"))
    }
}

fn is_set(name: &str) -> bool {
    name.len() == LETTERS && name.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A folder that is there must be a cache, and nothing else.
fn check(dir: &Path) -> Result<()> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(unwritten(dir)(e)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(unread(dir))?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mark: serde_json::Value = fs::read(dir.join(MARK))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let marked = mark["tool"] == "tohuman";
    let own = |name: &str| name == LOCK || (marked && (name == MARK || is_set(name)));
    match names.iter().find(|name| !own(name) && !name.starts_with(&format!(".{MARK}"))) {
        None => Ok(()),
        Some(name) => Err(Error::usage(
            format!("{}: holds {name}, which is no part of a cache", dir.display()),
            "choose another folder for --cache",
        )),
    }
}

/// Waits until no other run uses the cache.
fn locked(dir: &Path, tell: &mut dyn FnMut(&str)) -> Result<File> {
    let path = dir.join(LOCK);
    let file = File::create(&path).map_err(unwritten(&path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            tell(&format!("{}: waiting for another run that uses it", dir.display()));
            file.lock().map_err(unwritten(&path))?;
        }
        Err(TryLockError::Error(source)) => return Err(unwritten(&path)(source)),
    }
    Ok(file)
}

/// Writes a file whole or not at all.
fn exchange(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let draft = path.with_file_name(format!(".{name}"));
    fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, path)).map_err(unwritten(path))
}

//! What is read, and the options that reading takes.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tempfile::NamedTempFile;

use super::Mapping;
use crate::error::{Error, Result};

/// Options of reading; nothing of them is guessed.
#[derive(Clone, Debug)]
pub struct IngestOptions {
    /// Zone of stamps that carry none (`--time-zone`); a mapping's `time_zone` wins over it.
    pub time_zone: chrono_tz::Tz,
    /// Extra columns that `--by`, `--keep` and `--where` name: header names as in the file,
    /// canonical names (`channel`), or names of the mapping's `[fields]`.
    pub fields: Vec<String>,
    /// What columns and values mean, where the tool cannot know.
    pub mapping: Option<Mapping>,
    /// Accounts of bots that write as agents (`--bot-ids`): ids of agents, or names as the sender
    /// column has them.
    pub bot_ids: Vec<String>,
    /// `--format`: read as this one, whatever the bytes look like.
    pub format: Option<String>,
    /// Threads to read with; of more than one the second reads ahead.
    pub threads: usize,
}

impl Default for IngestOptions {
    fn default() -> Self {
        Self {
            time_zone: chrono_tz::Asia::Shanghai,
            fields: Vec::new(),
            mapping: None,
            bot_ids: Vec::new(),
            format: None,
            threads: 1,
        }
    }
}

/// One input.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name as printed: the path as given, `-` for standard input.
    pub path: String,
    /// Where the bytes are.
    pub kind: InputKind,
}

/// Where the bytes of an input are.
#[derive(Clone, Debug)]
pub enum InputKind {
    /// A file.
    File(PathBuf),
    /// Standard input. It is looked at before it is read, so it is kept in a temporary file, which
    /// is removed with the last clone.
    Stdin(Arc<OnceLock<NamedTempFile>>),
    /// Bytes in memory.
    Bytes(Arc<[u8]>),
}

impl Input {
    /// A file, printed as its path.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { path: path.display().to_string(), kind: InputKind::File(path) }
    }

    /// Standard input.
    #[must_use]
    pub fn stdin() -> Self {
        Self { path: "-".to_owned(), kind: InputKind::Stdin(Arc::new(OnceLock::new())) }
    }

    /// Bytes in memory under a name.
    pub fn bytes(name: impl Into<String>, bytes: &[u8]) -> Self {
        Self { path: name.into(), kind: InputKind::Bytes(bytes.into()) }
    }

    /// Opens it from the start; may be called again.
    pub(super) fn open(&self) -> Result<Box<dyn Read>> {
        self.try_open().map_err(|source| self.read_error(source))
    }

    fn try_open(&self) -> io::Result<Box<dyn Read>> {
        match &self.kind {
            InputKind::File(path) => {
                if path.is_dir() {
                    return Err(io::Error::other("it is a folder"));
                }
                Ok(Box::new(File::open(path)?))
            }
            InputKind::Bytes(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            InputKind::Stdin(spool) => {
                if let Some(file) = spool.get() {
                    return Ok(Box::new(file.reopen()?));
                }
                let mut file = NamedTempFile::new()?;
                io::copy(&mut io::stdin().lock(), &mut file)?;
                let reader = file.reopen()?;
                // A second thread that was faster holds the input already: then ours is empty and
                // theirs is read.
                match spool.set(file) {
                    Ok(()) => Ok(Box::new(reader)),
                    Err(_) => self.try_open(),
                }
            }
        }
    }

    /// An error of the operating system or of decompression.
    pub(super) fn read_error(&self, source: io::Error) -> Error {
        Error::Read { path: PathBuf::from(&self.path), source }
    }

    /// An input error without a line.
    pub(super) fn error(&self, what: impl Into<String>, way_out: impl Into<String>) -> Error {
        Error::input(self.path.clone(), what, way_out)
    }
}

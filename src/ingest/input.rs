//! What is read, and the options that reading takes.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::Mapping;
use super::archive::Member;
use crate::error::{Error, Result, no_room};

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
    /// How Parquet and Arrow files become rows; `None` in a build that cannot read them.
    pub columnar: Option<ReadColumnar>,
    /// Most bytes that one zip archive or compressed file may unpack to (`--max-unpacked`).
    pub max_unpacked: u64,
    /// Threads to read with; of more than one the second reads ahead.
    pub threads: usize,
}

/// A reader of files of columns: hands on the names of the columns, then every row as text, and
/// stops when told `false`. The caller brings it, so that reading needs no library of tables.
pub type ReadColumnar = fn(File, &mut EachRow<'_>) -> Result<(), ColumnarError>;

/// Takes the names, then row after row; `false` says that enough was seen.
pub type EachRow<'r> = dyn FnMut(&[&str]) -> Result<bool> + 'r;

/// Why a file of columns was not read to its end.
#[derive(Debug)]
pub enum ColumnarError {
    /// The file is not what it should be, in words.
    Broken(String),
    /// The receiver failed.
    Stopped(Error),
}

impl From<Error> for ColumnarError {
    fn from(error: Error) -> Self {
        Self::Stopped(error)
    }
}

impl Default for IngestOptions {
    fn default() -> Self {
        Self {
            time_zone: chrono_tz::Asia::Shanghai,
            fields: Vec::new(),
            mapping: None,
            bot_ids: Vec::new(),
            format: None,
            columnar: None,
            max_unpacked: super::archive::MOST_UNPACKED,
            threads: 1,
        }
    }
}

/// Bytes that can be read from any place.
pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// A file that several read, each at a place of its own.
struct Spooled {
    file: Arc<File>,
    at: u64,
}

impl Read for Spooled {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(&*self.file, into, self.at)?;
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(&*self.file, into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Spooled {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(by) => (self.at, by),
            SeekFrom::End(by) => (self.file.metadata()?.len(), by),
        };
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "a place before the beginning");
        self.at = from.checked_add_signed(by).ok_or_else(before)?;
        Ok(self.at)
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
    /// Standard input. It is looked at before it is read, so it is kept in a temporary file without a
    /// name, which goes with the process however it ends.
    Stdin(Arc<OnceLock<Arc<File>>>),
    /// Bytes in memory.
    Bytes(Arc<[u8]>),
    /// A member of a zip archive.
    Member(Arc<Member>),
    /// What cannot be read, with what is wrong and the way out: it is reported with every other
    /// file that fails, or skipped with them.
    Refused(String, String),
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

    /// The input that lies on the disk: of a member, its archive.
    #[must_use]
    pub fn on_disk(&self) -> &Self {
        match &self.kind {
            InputKind::Member(member) => member.archive().on_disk(),
            _ => self,
        }
    }

    /// Opens it from the start; may be called again.
    pub(super) fn open(&self) -> Result<Box<dyn Read>> {
        if let InputKind::Refused(what, way_out) = &self.kind {
            return Err(self.error(what, way_out));
        }
        self.try_open(0).map_err(|source| self.read_error(source))
    }

    /// Opens it from a place on.
    pub(super) fn try_open(&self, from: u64) -> io::Result<Box<dyn Read>> {
        if let InputKind::File(_) | InputKind::Bytes(_) | InputKind::Stdin(_) = &self.kind {
            let mut source = self.seekable()?;
            source.seek(SeekFrom::Start(from))?;
            return Ok(source);
        }
        let mut reader: Box<dyn Read> = match &self.kind {
            InputKind::Member(member) => member.open()?,
            _ => return Err(io::Error::other("it was refused")),
        };
        io::copy(&mut (&mut reader).take(from), &mut io::sink())?;
        Ok(reader)
    }

    /// Opens what lies as it is: a file, standard input, or bytes.
    pub(super) fn seekable(&self) -> io::Result<Box<dyn ReadSeek>> {
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
                    return Ok(Box::new(Spooled { file: Arc::clone(file), at: 0 }));
                }
                let mut file = tempfile::tempfile()?;
                io::copy(&mut io::stdin().lock(), &mut file)?;
                // Where a second thread was faster ours is empty, and theirs is read.
                let file = Arc::clone(spool.get_or_init(|| Arc::new(file)));
                Ok(Box::new(Spooled { file, at: 0 }))
            }
            InputKind::Member(_) | InputKind::Refused(..) => {
                Err(io::Error::other("it is packed in an archive"))
            }
        }
    }

    /// The input as a file of its own, for readers that go to and fro; what lies in memory or in an
    /// archive, or is compressed, is laid down in a file without a name.
    pub(super) fn as_file(&self, bytes: &mut super::bytes::Bytes<'_>) -> io::Result<File> {
        if let (InputKind::File(path), "") = (&self.kind, bytes.compression) {
            return File::open(path);
        }
        let mut file = tempfile::tempfile()?;
        io::copy(bytes, &mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// An error of the operating system or of decompression. Reading takes no room on a disk: where there
    /// is none, what is laid down in a temporary file on the way could not be written.
    pub(super) fn read_error(&self, source: io::Error) -> Error {
        if no_room(&source) {
            return Error::Write { path: std::env::temp_dir(), source };
        }
        Error::Read { path: PathBuf::from(&self.path), source }
    }

    /// An input error without a line.
    pub(super) fn error(&self, what: impl Into<String>, way_out: impl Into<String>) -> Error {
        Error::input(self.path.clone(), what, way_out)
    }
}

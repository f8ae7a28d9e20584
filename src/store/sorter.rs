//! External merge sort: rows in any order go in, rows in order come out, memory stays bounded.
//!
//! An item is kept as bytes, its key before it: what is counted is what is held, comparing is comparing
//! bytes, and reading an item back is left to whoever takes it. Items are buffered up to a budget,
//! sorted, and written to a run file; the runs are merged. What fits the budget never touches the disk.
//! Source: D. E. Knuth, TAOCP vol. 3, section 5.4.

use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Seek, Write};
use std::marker::PhantomData;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};

/// What can be sorted on disk.
pub trait Sortable: Serialize + DeserializeOwned {
    /// Appends bytes that compare as the items do.
    fn key(&self, into: &mut Vec<u8>);
}

/// Appends a text so that its bytes compare as the text does, whatever follows: a NUL in it is marked,
/// two end it.
pub fn text_key(text: &str, into: &mut Vec<u8>) {
    if !text.as_bytes().contains(&0) {
        into.extend_from_slice(text.as_bytes());
        into.extend_from_slice(&[0, 0]);
        return;
    }
    for part in text.split_inclusive('\0') {
        into.extend_from_slice(part.as_bytes());
        if part.ends_with('\0') {
            into.push(0xff);
        }
    }
    into.extend_from_slice(&[0, 0]);
}

/// The bytes of the text that a key begins with.
#[must_use]
pub fn text_of_key(key: &[u8]) -> &[u8] {
    let end = key.windows(2).position(|two| two == [0, 0]);
    &key[..end.unwrap_or(key.len())]
}

/// Appends a number with a sign so that its bytes compare as the number does.
pub fn number_key(n: i64, into: &mut Vec<u8>) {
    into.extend_from_slice(&(n.cast_unsigned() ^ (1 << 63)).to_be_bytes());
}

/// Bytes of the lengths before key and value.
const LENGTHS: usize = 8;
/// Bytes that sorting needs for each item beside its own.
const PLACE: usize = 4 + size_of::<(u64, u32)>();
/// Runs of half the budget; later ones are of all of it, for a file is open for each until all are merged.
const MOST_HALVES: usize = 64;
/// Places are counted in 32 bits.
const MOST_BYTES: usize = u32::MAX as usize / 2;

/// Takes items in any order, gives them back sorted; equal items keep the order they came in.
#[derive(Debug)]
pub struct Sorter<T> {
    budget: usize,
    buffer: Buffer,
    /// Whether another thread sorts and writes what is full.
    beside: bool,
    /// What it has at hand.
    writing: Option<JoinHandle<std::io::Result<(Buffer, File)>>>,
    runs: Vec<File>,
    folder: PathBuf,
    item: PhantomData<T>,
}

/// Items as bytes.
#[derive(Debug, Default)]
struct Buffer {
    bytes: Vec<u8>,
    places: Vec<u32>,
    /// Bytes that all keys begin with.
    common: usize,
}

impl Buffer {
    fn push<T: Sortable>(&mut self, item: &T) -> std::io::Result<()> {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; LENGTHS]);
        item.key(&mut self.bytes);
        let key = self.bytes.len() - at - LENGTHS;
        let bytes = std::mem::take(&mut self.bytes);
        self.bytes = postcard::to_extend(item, bytes).map_err(std::io::Error::other)?;
        let value = self.bytes.len() - at - LENGTHS - key;
        let length = |n: usize| {
            u32::try_from(n).map_err(|_| std::io::Error::other("one row of more than 4 GiB"))
        };
        self.bytes[at..at + 4].copy_from_slice(&length(key)?.to_le_bytes());
        self.bytes[at + 4..at + LENGTHS].copy_from_slice(&length(value)?.to_le_bytes());
        self.common = match self.places.first() {
            None => key,
            Some(first) => {
                let (first, own) = (self.item(*first).0, &self.bytes[at + LENGTHS..]);
                let most = self.common.min(key);
                first[..most].iter().zip(own).take_while(|(a, b)| a == b).count()
            }
        };
        self.places.push(length(at)?);
        Ok(())
    }

    fn item(&self, place: u32) -> (&[u8], &[u8]) {
        let at = place as usize;
        let (key, value) = lengths(&self.bytes[at..at + LENGTHS]);
        self.bytes[at + LENGTHS..at + LENGTHS + key + value].split_at(key)
    }

    fn weight(&self) -> usize {
        self.bytes.len() + self.places.len() * PLACE
    }

    /// Sorts the places by key, then by what came first. Eight bytes behind those that all keys share
    /// decide nearly always.
    fn sort(&mut self) {
        let mut heads: Vec<(u64, u32)> = self
            .places
            .iter()
            .map(|place| {
                let key = &self.item(*place).0[self.common..];
                let mut head = [0; 8];
                let most = key.len().min(8);
                head[..most].copy_from_slice(&key[..most]);
                (u64::from_be_bytes(head), *place)
            })
            .collect();
        let rest = |place: u32| &self.item(place).0[self.common..];
        heads.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| rest(a.1).cmp(rest(b.1))).then_with(|| a.1.cmp(&b.1))
        });
        self.places.clear();
        self.places.extend(heads.into_iter().map(|(_, place)| place));
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.places.clear();
    }

    /// Writes all in order to an unnamed file in a folder; it is empty then.
    fn write_run(&mut self, folder: &Path) -> std::io::Result<File> {
        self.sort();
        let mut out = BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(folder)?);
        for place in &self.places {
            let (key, value) = self.item(*place);
            let at = *place as usize;
            out.write_all(&self.bytes[at..at + LENGTHS + key.len() + value.len()])?;
        }
        let mut file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.clear();
        Ok(file)
    }
}

fn lengths(bytes: &[u8]) -> (usize, usize) {
    let length = |at: usize| {
        let mut four = [0; 4];
        four.copy_from_slice(&bytes[at..at + 4]);
        u32::from_le_bytes(four) as usize
    };
    (length(0), length(4))
}

impl<T: Sortable> Sorter<T> {
    /// A sorter that holds at most about `budget` bytes and spills to unnamed files in `folder`
    /// (they vanish with the process, however it ends).
    #[must_use]
    pub fn new(budget: usize, folder: &Path) -> Self {
        Self {
            budget: budget.min(MOST_BYTES),
            buffer: Buffer::default(),
            beside: false,
            writing: None,
            runs: Vec::new(),
            folder: folder.to_owned(),
            item: PhantomData,
        }
    }

    /// The same with a thread of its own, in which one half of what is held is sorted and written while the
    /// other fills. The order of the items does not depend on it.
    #[must_use]
    pub fn beside(self) -> Self {
        Self { beside: true, ..self }
    }

    /// Adds one item.
    ///
    /// # Errors
    /// When a run cannot be written (disk full, no temporary folder).
    pub fn push(&mut self, item: &T) -> Result<()> {
        self.buffer.push(item).map_err(|source| self.failed(source))?;
        let most = if self.beside { self.budget / 2 } else { self.budget };
        if self.buffer.weight() > most { self.spill() } else { Ok(()) }
    }

    fn failed(&self, source: std::io::Error) -> Error {
        Error::Write { path: self.folder.clone(), source }
    }

    fn spill(&mut self) -> Result<()> {
        if self.beside && self.runs.len() >= MOST_HALVES {
            self.written()?;
            self.beside = false;
        }
        if !self.beside {
            let file = self.buffer.write_run(&self.folder).map_err(|e| self.failed(e))?;
            self.runs.push(file);
            return Ok(());
        }
        let empty = self.written()?;
        let mut full = std::mem::replace(&mut self.buffer, empty);
        let folder = self.folder.clone();
        self.writing = Some(std::thread::spawn(move || {
            let file = full.write_run(&folder)?;
            Ok((full, file))
        }));
        Ok(())
    }

    /// Waits for what is being written; gives its buffer, empty.
    fn written(&mut self) -> Result<Buffer> {
        let Some(writing) = self.writing.take() else { return Ok(Buffer::default()) };
        let written = writing.join().unwrap_or_else(|panic| resume_unwind(panic));
        let (buffer, file) = written.map_err(|source| self.failed(source))?;
        self.runs.push(file);
        Ok(buffer)
    }

    /// Ends the input and gives the items in order.
    ///
    /// # Errors
    /// When a run cannot be read back.
    pub fn sorted(mut self) -> Result<Sorted<T>> {
        drop(self.written()?);
        // Beside what is on disk already the last items go there too: merging has the memory to itself.
        if !self.runs.is_empty() && !self.buffer.places.is_empty() {
            self.beside = false;
            self.spill()?;
            self.buffer = Buffer::default();
        }
        self.buffer.sort();
        let mut runs: Vec<Run> = self.runs.into_iter().map(Run::on_disk).collect();
        runs.push(Run::Memory { buffer: self.buffer, next: 0 });
        Sorted::of(runs, self.folder)
    }
}

/// Items that come in order already, written to a file that [`Sorted::of_files`] reads.
#[derive(Debug)]
pub struct RunWriter<T> {
    out: BufWriter<File>,
    path: PathBuf,
    /// One item as it is written.
    buffer: Buffer,
    item: PhantomData<T>,
}

impl<T: Sortable> RunWriter<T> {
    /// Opens the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        let file =
            File::create(path).map_err(|source| Error::Write { path: path.to_owned(), source })?;
        let (out, buffer) = (BufWriter::with_capacity(1 << 16, file), Buffer::default());
        Ok(Self { out, path: path.to_owned(), buffer, item: PhantomData })
    }

    /// Adds an item that is not before the last one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn push(&mut self, item: &T) -> Result<()> {
        self.buffer.clear();
        let written = self.buffer.push(item).and_then(|()| self.out.write_all(&self.buffer.bytes));
        written.map_err(|source| Error::Write { path: self.path.clone(), source })
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<()> {
        self.out.flush().map_err(|source| Error::Write { path: self.path, source })
    }
}

fn unread(folder: &Path, source: std::io::Error) -> Error {
    Error::Read { path: folder.to_owned(), source }
}

/// The items in order.
#[derive(Debug)]
pub struct Sorted<T> {
    heap: BinaryHeap<Head>,
    runs: Vec<Run>,
    folder: PathBuf,
    item: PhantomData<T>,
}

/// Some items in order, still as bytes: any thread may read them.
#[derive(Debug)]
pub struct Batch<T> {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    folder: PathBuf,
    item: PhantomData<fn() -> T>,
}

impl<T: Sortable> Sorted<T> {
    /// The items of files, each in order, that [`RunWriter`] wrote; errors name `folder`.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn of_files(files: Vec<File>, folder: &Path) -> Result<Self> {
        Self::of(files.into_iter().map(Run::on_disk).collect(), folder.to_owned())
    }

    fn of(mut runs: Vec<Run>, folder: PathBuf) -> Result<Self> {
        let mut heap = BinaryHeap::with_capacity(runs.len());
        for (index, run) in runs.iter_mut().enumerate() {
            let mut first = Head { run: index, ..Head::default() };
            if run.next(&mut first).map_err(|e| unread(&folder, e))? {
                heap.push(first);
            }
        }
        Ok(Self { heap, runs, folder, item: PhantomData })
    }

    /// The next item and the file (by its place) that it stood in.
    pub fn next_of(&mut self) -> Option<Result<(usize, T)>> {
        let head = self.heap.peek_mut()?;
        let (run, item) = (head.run, postcard::from_bytes(&head.value));
        if let Err(e) = advance(head, &mut self.runs) {
            return Some(Err(unread(&self.folder, e)));
        }
        let item = item.map_err(|e| unread(&self.folder, std::io::Error::other(e)));
        Some(item.map(|item| (run, item)))
    }

    /// The next items: as many as have `least` bytes, and all those of the last one's group after it.
    ///
    /// # Errors
    /// When a run cannot be read back.
    pub fn batch(
        &mut self,
        least: usize,
        group: impl Fn(&[u8]) -> &[u8],
    ) -> Result<Option<Batch<T>>> {
        let folder = self.folder.clone();
        let mut batch = Batch { bytes: Vec::new(), ends: Vec::new(), folder, item: PhantomData };
        let mut open: Option<Vec<u8>> = None;
        while let Some(head) = self.heap.peek_mut() {
            if batch.bytes.len() >= least {
                match &open {
                    None => open = Some(group(&head.key).to_vec()),
                    Some(open) if open != group(&head.key) => break,
                    Some(_) => {}
                }
            }
            batch.bytes.extend_from_slice(&head.value);
            batch.ends.push(batch.bytes.len());
            advance(head, &mut self.runs).map_err(|e| unread(&self.folder, e))?;
        }
        Ok((!batch.ends.is_empty()).then_some(batch))
    }
}

/// Puts the next item of its run in the place of the smallest one.
fn advance(mut head: PeekMut<'_, Head>, runs: &mut [Run]) -> std::io::Result<()> {
    let run = head.run;
    if !runs[run].next(&mut head)? {
        PeekMut::pop(head);
    }
    Ok(())
}

impl<T: Sortable> Batch<T> {
    /// The items.
    pub fn items(&self) -> impl Iterator<Item = Result<T>> {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let bytes = &self.bytes[from..*end];
            from = *end;
            postcard::from_bytes(bytes).map_err(|e| unread(&self.folder, std::io::Error::other(e)))
        })
    }
}

impl<T: Sortable> Iterator for Sorted<T> {
    type Item = Result<T>;
    fn next(&mut self) -> Option<Self::Item> {
        self.next_of().map(|item| item.map(|(_, item)| item))
    }
}

#[derive(Debug)]
enum Run {
    Disk(BufReader<File>),
    Memory { buffer: Buffer, next: usize },
}

impl Run {
    fn on_disk(file: File) -> Self {
        Self::Disk(BufReader::with_capacity(1 << 17, file))
    }

    /// Puts the next item into `head`; false at the end.
    fn next(&mut self, head: &mut Head) -> std::io::Result<bool> {
        head.key.clear();
        head.value.clear();
        match self {
            Self::Memory { buffer, next } => {
                let Some(place) = buffer.places.get(*next) else { return Ok(false) };
                let (key, value) = buffer.item(*place);
                head.key.extend_from_slice(key);
                head.value.extend_from_slice(value);
                *next += 1;
            }
            Self::Disk(reader) => {
                let mut both = [0; LENGTHS];
                match reader.read_exact(&mut both) {
                    Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(false),
                    other => other?,
                }
                let (key, value) = lengths(&both);
                head.key.resize(key, 0);
                reader.read_exact(&mut head.key)?;
                head.value.resize(value, 0);
                reader.read_exact(&mut head.value)?;
            }
        }
        Ok(true)
    }
}

/// The smallest item of a run; the heap gives the largest first, so the order is turned round.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    key: Vec<u8>,
    value: Vec<u8>,
    run: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.key.cmp(&self.key).then_with(|| other.run.cmp(&self.run))
    }
}
impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests;

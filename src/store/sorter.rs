//! External merge sort: rows in any order go in, rows in order come out, memory stays bounded.
//!
//! Rows are buffered up to a budget, sorted, and written to a run file; the runs are merged. What
//! fits the budget never touches the disk. Source: D. E. Knuth, TAOCP vol. 3, section 5.4.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};

/// What can be sorted on disk.
pub trait Sortable: Serialize + DeserializeOwned + Ord {
    /// Bytes it takes in memory, about.
    fn weight(&self) -> usize;
}

/// Takes items in any order, gives them back sorted; equal items keep the order they came in.
#[derive(Debug)]
pub struct Sorter<T> {
    budget: usize,
    buffered: Vec<T>,
    bytes: usize,
    runs: Vec<File>,
    folder: PathBuf,
}

impl<T: Sortable> Sorter<T> {
    /// A sorter that holds at most about `budget` bytes and spills to unnamed files in `folder`
    /// (they vanish with the process, however it ends).
    #[must_use]
    pub fn new(budget: usize, folder: &Path) -> Self {
        Self { budget, buffered: Vec::new(), bytes: 0, runs: Vec::new(), folder: folder.to_owned() }
    }

    /// Adds one item.
    ///
    /// # Errors
    /// When a run cannot be written (disk full, no temporary folder).
    pub fn push(&mut self, item: T) -> Result<()> {
        self.bytes += item.weight();
        self.buffered.push(item);
        if self.bytes > self.budget { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> Result<()> {
        let failed = |source| Error::Write { path: self.folder.clone(), source };
        self.buffered.sort();
        let file = tempfile::tempfile_in(&self.folder).map_err(failed)?;
        let mut out = BufWriter::with_capacity(1 << 16, file);
        for item in self.buffered.drain(..) {
            let bytes = postcard::to_stdvec(&item).map_err(|e| failed(std::io::Error::other(e)))?;
            let length = u32::try_from(bytes.len())
                .map_err(|_| failed(std::io::Error::other("one row of more than 4 GiB")))?;
            out.write_all(&length.to_le_bytes()).map_err(failed)?;
            out.write_all(&bytes).map_err(failed)?;
        }
        let mut file = out.into_inner().map_err(|e| failed(e.into_error()))?;
        file.rewind().map_err(failed)?;
        self.runs.push(file);
        self.bytes = 0;
        Ok(())
    }

    /// Ends the input and gives the items in order.
    ///
    /// # Errors
    /// When a run cannot be read back.
    pub fn sorted(mut self) -> Result<Sorted<T>> {
        self.buffered.sort();
        let mut runs: Vec<Run<T>> = self
            .runs
            .into_iter()
            .map(|f| Run::Disk(BufReader::with_capacity(1 << 16, f)))
            .collect();
        runs.push(Run::Memory(self.buffered.into_iter()));
        let mut heap = BinaryHeap::with_capacity(runs.len());
        for (index, run) in runs.iter_mut().enumerate() {
            if let Some(item) = run.next(&self.folder)? {
                heap.push(Head { item, run: index });
            }
        }
        Ok(Sorted { heap, runs, folder: self.folder })
    }
}

/// The items in order.
#[derive(Debug)]
pub struct Sorted<T> {
    heap: BinaryHeap<Head<T>>,
    runs: Vec<Run<T>>,
    folder: PathBuf,
}

impl<T: Sortable> Iterator for Sorted<T> {
    type Item = Result<T>;
    fn next(&mut self) -> Option<Self::Item> {
        let Head { item, run } = self.heap.pop()?;
        match self.runs[run].next(&self.folder) {
            Ok(Some(next)) => self.heap.push(Head { item: next, run }),
            Ok(None) => {}
            Err(e) => return Some(Err(e)),
        }
        Some(Ok(item))
    }
}

#[derive(Debug)]
enum Run<T> {
    Disk(BufReader<File>),
    Memory(std::vec::IntoIter<T>),
}

impl<T: Sortable> Run<T> {
    fn next(&mut self, folder: &Path) -> Result<Option<T>> {
        let reader = match self {
            Self::Memory(items) => return Ok(items.next()),
            Self::Disk(reader) => reader,
        };
        let failed = |source| Error::Read { path: folder.to_owned(), source };
        let mut length = [0; 4];
        match reader.read_exact(&mut length) {
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            other => other.map_err(failed)?,
        }
        let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
        reader.read_exact(&mut bytes).map_err(failed)?;
        postcard::from_bytes(&bytes).map(Some).map_err(|e| failed(std::io::Error::other(e)))
    }
}

/// The smallest item of a run; the heap gives the largest first, so the order is turned round.
#[derive(Debug)]
struct Head<T> {
    item: T,
    run: usize,
}

impl<T: Ord> Ord for Head<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.item.cmp(&self.item).then_with(|| other.run.cmp(&self.run))
    }
}
impl<T: Ord> PartialOrd for Head<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T: Ord> PartialEq for Head<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl<T: Ord> Eq for Head<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Sortable for (u8, u32) {
        fn weight(&self) -> usize {
            8
        }
    }

    proptest! {
        #[test]
        fn spilled_equals_sorted_in_memory(
            items in proptest::collection::vec((any::<u8>(), any::<u32>()), 0..200),
            budget in 1usize..400,
        ) {
            let mut sorter = Sorter::new(budget, &std::env::temp_dir());
            for item in &items {
                sorter.push(*item).unwrap();
            }
            let got: Vec<_> = sorter.sorted().unwrap().map(Result::unwrap).collect();
            let mut expected = items;
            expected.sort_unstable();
            prop_assert_eq!(got, expected);
        }
    }
}

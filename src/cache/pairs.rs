//! Pairs of conversation and file, in order on disk: which conversations a file holds, and which files
//! a conversation was measured from.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{unread, unwritten};
use crate::error::Result;
use crate::store::sorter::{Sortable, Sorted, Sorter};

/// A pair that says that the facts of the conversation are not in this part.
pub(super) const ELSEWHERE: u32 = u32::MAX;
/// Bytes of pairs held in memory.
const BUDGET: usize = 16 << 20;
/// Pairs that are remembered, so that rows of one conversation give few.
const RECENT: usize = 1 << 18;

/// A conversation (its hash) and a file (its number).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Pair {
    pub(super) of: u64,
    pub(super) file: u32,
}

impl Sortable for Pair {
    fn key(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.of.to_be_bytes());
        into.extend_from_slice(&self.file.to_be_bytes());
    }
}

/// Pairs of rows as they are read.
pub(super) struct Gathered {
    sorter: Sorter<Pair>,
    recent: HashSet<Pair>,
    last: Option<Pair>,
}

impl Gathered {
    pub(super) fn new() -> Self {
        let sorter = Sorter::new(BUDGET, &std::env::temp_dir());
        Self { sorter, recent: HashSet::new(), last: None }
    }

    pub(super) fn add(&mut self, pair: Pair) -> Result<()> {
        if self.last == Some(pair) {
            return Ok(());
        }
        self.last = Some(pair);
        if !self.recent.insert(pair) {
            return Ok(());
        }
        if self.recent.len() > RECENT {
            self.recent.clear();
        }
        self.sorter.push(&pair)
    }

    pub(super) fn sorted(self) -> Result<Pairs> {
        Ok(Pairs::Gathered(self.sorter.sorted()?))
    }
}

/// Pairs in order.
pub(super) enum Pairs {
    Gathered(Sorted<Pair>),
    File(BufReader<File>, PathBuf),
}

impl Pairs {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(unread(path))?;
        Ok(Self::File(BufReader::with_capacity(1 << 16, file), path.to_owned()))
    }

    fn next(&mut self) -> Result<Option<Pair>> {
        let (reader, path) = match self {
            Self::Gathered(sorted) => return sorted.next().transpose(),
            Self::File(reader, path) => (reader, path),
        };
        let (mut of, mut file) = ([0; 8], [0; 4]);
        match reader.read_exact(&mut of) {
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            other => other.map_err(unread(path))?,
        }
        reader.read_exact(&mut file).map_err(unread(path))?;
        Ok(Some(Pair { of: u64::from_le_bytes(of), file: u32::from_le_bytes(file) }))
    }
}

/// Hands on, conversation by conversation, the pairs of several lists: the number of the list, then the
/// file.
pub(super) fn by_conversation(
    mut lists: Vec<Pairs>,
    mut each: impl FnMut(u64, &[(usize, u32)]) -> Result<()>,
) -> Result<()> {
    let mut heads = BinaryHeap::new();
    for (list, pairs) in lists.iter_mut().enumerate() {
        heads.extend(pairs.next()?.map(|pair| Reverse((pair.of, list, pair.file))));
    }
    let mut open: Option<u64> = None;
    let mut group: Vec<(usize, u32)> = Vec::new();
    while let Some(Reverse((of, list, file))) = heads.pop() {
        if let Some(before) = open.filter(|before| *before != of) {
            each(before, &group)?;
            group.clear();
        }
        open = Some(of);
        if group.last() != Some(&(list, file)) {
            group.push((list, file));
        }
        heads.extend(lists[list].next()?.map(|pair| Reverse((pair.of, list, pair.file))));
    }
    open.map_or(Ok(()), |of| each(of, &group))
}

/// Pairs being written, in order.
pub(super) struct PairsFile {
    out: BufWriter<File>,
    path: PathBuf,
}

impl PairsFile {
    pub(super) fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(unwritten(path))?;
        Ok(Self { out: BufWriter::new(file), path: path.to_owned() })
    }

    pub(super) fn add(&mut self, of: u64, file: u32) -> Result<()> {
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&of.to_le_bytes());
        bytes[8..].copy_from_slice(&file.to_le_bytes());
        self.out.write_all(&bytes).map_err(unwritten(&self.path))
    }

    pub(super) fn finish(mut self) -> Result<()> {
        self.out.flush().map_err(unwritten(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_merged_by_conversation_and_double_pairs_are_one() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("pairs");
        let mut file = PairsFile::create(&path).unwrap();
        for (of, number) in [(1, 0), (1, ELSEWHERE), (7, 2)] {
            file.add(of, number).unwrap();
        }
        file.finish().unwrap();
        let mut gathered = Gathered::new();
        for (of, number) in [(7, 5), (1, 3), (7, 5), (1, 3), (7, 4)] {
            gathered.add(Pair { of, file: number }).unwrap();
        }
        let lists = vec![Pairs::open(&path).unwrap(), gathered.sorted().unwrap()];
        let mut seen = Vec::new();
        by_conversation(lists, |of, group| {
            seen.push((of, group.to_vec()));
            Ok(())
        })
        .unwrap();
        let one = vec![(0, 0), (0, ELSEWHERE), (1, 3)];
        assert_eq!(seen, [(1, one), (7, vec![(0, 2), (1, 4), (1, 5)])]);
    }
}

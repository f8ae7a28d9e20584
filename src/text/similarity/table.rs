//! The shipped table: units (Chinese characters and words, Latin words and parts of words), what each
//! costs the segmenter, and a vector of 8-bit numbers for each, near where meanings are near.
//!
//! `scripts/distil_similarity.py` makes the file and says how; `NOTICE` says whose work it rests on.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::text::trie::Trie;

static FILE: &[u8] = include_bytes!("table.bin");

/// Begins every file of this layout.
const MAGIC: &[u8] = b"TOHUMAN1";

/// Numbers per vector; the file says the same.
pub(super) const DIMS: usize = 96;

/// Stands before a unit that begins a Latin word.
pub(super) const WORD_START: u8 = b'_';

/// The table as the scorer uses it.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) trie: Trie,
    /// Units are sorted by bytes: Latin ones first, from here on those in Chinese characters.
    first_han: u32,
    costs: &'static [u8],
    /// One vector for each unit; the last one, all zeros, is that of units which the table lacks.
    vectors: Vec<[i16; DIMS]>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::read(FILE).expect("the shipped table is whole; a test reads it"));

/// The shipped table.
pub(super) fn table() -> &'static Table {
    &TABLE
}

/// SHA-256 of the file, in hexadecimal.
pub(super) fn hash() -> String {
    Sha256::digest(FILE).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl Table {
    fn read(file: &'static [u8]) -> Option<Self> {
        let rest = file.strip_prefix(MAGIC)?;
        let (units, rest) = number(rest)?;
        let (dims, rest) = number(rest)?;
        let (lengths, rest) = rest.split_at_checked(units)?;
        let (mut bytes, rest) =
            rest.split_at_checked(lengths.iter().map(|l| usize::from(*l)).sum())?;
        let (costs, vectors) = rest.split_at_checked(units)?;
        let mut texts = Vec::with_capacity(units);
        for length in lengths {
            let (text, after) = bytes.split_at_checked(usize::from(*length))?;
            texts.push(text);
            bytes = after;
        }
        let sorted = texts.windows(2).all(|two| two[0] < two[1]);
        let first_han = texts.partition_point(|t| t.first().is_none_or(|b| *b < 0xe3));
        let first_han = u32::try_from(first_han).ok()?;
        (dims == DIMS && sorted && vectors.len() == units * dims).then(|| Self {
            trie: Trie::new(&texts),
            first_han,
            costs,
            vectors: vectors.chunks_exact(DIMS).chain([&[0; DIMS][..]]).map(wide).collect(),
        })
    }

    /// Whether a unit is written in Chinese characters.
    pub(super) const fn is_han(&self, unit: u32) -> bool {
        unit >= self.first_han
    }

    /// How many units there are; they are numbered from 0.
    pub(super) fn units(&self) -> u32 {
        u32::try_from(self.costs.len()).unwrap_or(u32::MAX)
    }

    /// Minus the natural logarithm of the unit's probability, in sixteenths.
    pub(super) fn cost(&self, unit: u32) -> u32 {
        u32::from(self.costs[unit as usize])
    }

    /// The vector of a unit: its length is 127, roundings apart; that of a unit which the table lacks
    /// is 0.
    pub(super) fn vector(&self, unit: u32) -> &[i16; DIMS] {
        let last = self.vectors.len() - 1;
        &self.vectors[last.min(unit as usize)]
    }
}

/// The eight-bit numbers of a vector in sixteen bits, which multiply faster.
fn wide(bytes: &[u8]) -> [i16; DIMS] {
    let mut vector = [0; DIMS];
    for (x, byte) in vector.iter_mut().zip(bytes) {
        *x = i16::from(byte.cast_signed());
    }
    vector
}

/// A little-endian u32 and what follows it.
fn number(file: &[u8]) -> Option<(usize, &[u8])> {
    let (bytes, rest) = file.split_first_chunk::<4>()?;
    Some((usize::try_from(u32::from_le_bytes(*bytes)).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_is_whole() {
        let table = Table::read(FILE).expect("whole");
        for unit in ["退款", "款", "_refund"] {
            let unit = table.trie.find(unit.as_bytes()).expect("a common word");
            let length: i32 = table.vector(unit).iter().map(|x| i32::from(*x).pow(2)).sum();
            assert!((f64::from(length).sqrt() - 127.0).abs() < 2.0, "{length}");
        }
        assert_eq!(hash().len(), 64);
    }

    #[test]
    fn a_cut_file_is_none() {
        assert!(Table::read(&FILE[..FILE.len() - 1]).is_none());
        assert!(Table::read(&FILE[..11]).is_none());
        assert!(Table::read(b"").is_none());
    }
}

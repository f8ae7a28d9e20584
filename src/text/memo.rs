//! What was worked out for a text is kept for the next time: a desk says the same few hundred sentences
//! all year. A memo changes no result, only the time it takes.
//!
//! Most messages of customers never come twice, so a text is kept from the second time on; what is kept
//! is bounded by bytes, and a full part is emptied. The parts have locks of their own: threads that
//! read different texts do not wait for each other.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// Parts, each with a lock.
const PARTS: usize = 16;
/// Bytes kept in one part.
const PART_BYTES: usize = 1 << 20;
/// Longer texts hardly come twice.
const LONGEST: usize = 600;
/// Texts seen lately, in one part: one hash for each place.
const SEEN: usize = 4096;

/// What can be kept.
pub trait Weigh {
    /// Bytes it takes beside the text, about.
    fn bytes(&self) -> usize;
}

impl Weigh for String {
    fn bytes(&self) -> usize {
        self.len()
    }
}

/// Values by text and something small beside it.
#[derive(Debug)]
pub struct Memo<K, V> {
    parts: Vec<Mutex<Part<K, V>>>,
}

#[derive(Debug)]
struct Part<K, V> {
    known: HashMap<u64, Entry<K, V>, BuildHasherDefault<Same>>,
    seen: Vec<u64>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry<K, V> {
    key: K,
    text: Box<str>,
    value: Arc<V>,
}

/// The key is a hash already.
#[derive(Debug, Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(self.0, bytes);
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        let part = || Part { known: HashMap::default(), seen: Vec::new(), bytes: 0 };
        Self { parts: (0..PARTS).map(|_| Mutex::new(part())).collect() }
    }
}

/// A copy begins empty.
impl<K, V> Clone for Memo<K, V> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<K: Copy + Eq + Into<u64>, V: Weigh> Memo<K, V> {
    /// The value of this text, worked out where it is not known.
    pub fn get(&self, key: K, text: &str, work_out: impl FnOnce() -> V) -> Arc<V> {
        if text.len() > LONGEST {
            return Arc::new(work_out());
        }
        let hash = hash(key.into(), text.as_bytes());
        // The map looks at the upper and the lower bits.
        let lock = &self.parts[(hash >> 32) as usize % PARTS];
        let known = {
            // A panic elsewhere leaves whole entries behind.
            let mut part = lock.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(entry) = part.known.get(&hash)
                && entry.key == key
                && *entry.text == *text
            {
                return Arc::clone(&entry.value);
            }
            part.seen_before(hash)
        };
        let value = Arc::new(work_out());
        if known {
            let entry = Entry { key, text: text.into(), value: Arc::clone(&value) };
            let bytes = size_of::<Entry<K, V>>() + size_of::<V>() + text.len() + value.bytes();
            lock.lock().unwrap_or_else(PoisonError::into_inner).keep(hash, entry, bytes);
        }
        value
    }
}

impl<K, V> Part<K, V> {
    /// Whether this hash came lately; it did from now on.
    fn seen_before(&mut self, hash: u64) -> bool {
        if self.seen.is_empty() {
            self.seen = vec![0; SEEN];
        }
        let place = &mut self.seen[(hash >> 40) as usize % SEEN];
        std::mem::replace(place, hash) == hash
    }

    fn keep(&mut self, hash: u64, entry: Entry<K, V>, bytes: usize) {
        if self.bytes + bytes > PART_BYTES {
            self.known.clear();
            self.bytes = 0;
        }
        if bytes <= PART_BYTES {
            self.bytes += bytes;
            // Another text of the same hash gives way; its bytes stay counted until the part is full.
            self.known.insert(hash, entry);
        }
    }
}

/// Eight bytes at a time, multiplied and folded. No order or result depends on it: equal hashes are
/// told apart by the text.
fn hash(start: u64, bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, next: u64| {
        let product = u128::from(hash ^ next ^ FACTOR) * u128::from(FACTOR | 1);
        let folded = product ^ (product >> 64);
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
        let folded = folded as u64;
        folded.rotate_left(23)
    };
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut out = mix(start, bytes.len() as u64);
    for chunk in chunks {
        out = mix(out, u64::from_le_bytes(*chunk));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(mix(out, u64::from_le_bytes(last)), FACTOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weigh for usize {
        fn bytes(&self) -> usize {
            0
        }
    }

    #[test]
    fn a_text_that_comes_again_is_worked_out_twice_at_most() {
        let memo: Memo<u8, usize> = Memo::default();
        let mut times = 0;
        let mut get = |key, text: &str| {
            *memo.get(key, text, || {
                times += 1;
                text.len() + usize::from(key)
            })
        };
        for _ in 0..5 {
            assert_eq!((get(1, "ab"), get(2, "ab"), get(1, "abc")), (3, 4, 4));
        }
        let long = "x".repeat(LONGEST + 1);
        assert_eq!((get(0, &long), get(0, &long)), (LONGEST + 1, LONGEST + 1));
        assert_eq!(times, 8, "a long text is not kept");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        struct Big;
        impl Weigh for Big {
            fn bytes(&self) -> usize {
                PART_BYTES / 3
            }
        }
        let memo: Memo<u8, Big> = Memo::default();
        for _ in 0..2 {
            for i in 0..200 {
                memo.get(0, &i.to_string(), || Big);
                memo.get(0, &i.to_string(), || Big);
            }
        }
        for part in &memo.parts {
            let part = part.lock().unwrap();
            assert!(part.known.len() <= 2 && part.bytes <= PART_BYTES);
        }
    }
}

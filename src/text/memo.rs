//! What was worked out for a text is kept for the next time: a desk says the same few hundred sentences
//! all year. A memo changes no result, only the time it takes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Entries; a full memo is emptied.
const MOST: usize = 16_384;
/// Longer texts hardly come twice.
const LONGEST: usize = 600;

/// Values by text and something small beside it.
#[derive(Debug)]
pub struct Memo<K, V> {
    known: Mutex<HashMap<(K, String), Arc<V>>>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self { known: Mutex::new(HashMap::new()) }
    }
}

/// A copy begins empty.
impl<K, V> Clone for Memo<K, V> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<K: Copy + Eq + Hash, V> Memo<K, V> {
    /// The value of this text, worked out where it is not known.
    pub fn get(&self, key: K, text: &str, work_out: impl FnOnce() -> V) -> Arc<V> {
        if text.len() > LONGEST {
            return Arc::new(work_out());
        }
        // A panic elsewhere leaves whole entries behind.
        let key = (key, text.to_owned());
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        let value = Arc::new(work_out());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, Arc::clone(&value));
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_worked_out_once() {
        let memo: Memo<u8, usize> = Memo::default();
        let mut times = 0;
        let mut get = |key, text: &str| {
            *memo.get(key, text, || {
                times += 1;
                text.len()
            })
        };
        assert_eq!((get(1, "ab"), get(1, "ab"), get(2, "ab"), get(1, "abc")), (2, 2, 2, 3));
        let long = "x".repeat(LONGEST + 1);
        assert_eq!((get(1, &long), get(1, &long)), (LONGEST + 1, LONGEST + 1));
        assert_eq!(times, 5, "a long text is not kept");
    }
}

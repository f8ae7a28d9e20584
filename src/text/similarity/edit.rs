//! Edit ratio: 2 LCS / (|a| + |b|), the share of characters that stay when one text is edited into
//! the other by insertions and deletions.
//!
//! The longest common subsequence is counted bit by bit over machine words: H. Hyyrö (2004),
//! "Bit-parallel LCS-length computation revisited".

use std::collections::BTreeMap;

/// The letters of a message, made ready: each distinct one once, with its places.
#[derive(Clone, Debug, Default)]
pub(super) struct Letters {
    /// In the order of the text, as an index into `distinct`.
    order: Vec<u16>,
    /// Each letter once, in ascending order, with its places among the first 64.
    distinct: Vec<(char, u64)>,
}

/// Letters of a message that take part; a longer one is a document, and its first pages tell.
const MOST_LETTERS: usize = 4_000;

impl Letters {
    /// Prepares the letters of a message.
    pub(super) fn new(letters: impl Iterator<Item = char>) -> Self {
        let letters: Vec<char> = letters.take(MOST_LETTERS).collect();
        // Latin letters by a table, all others by sorting them with their places.
        let mut ascii = [false; 128];
        let mut others: Vec<(char, u16)> = Vec::new();
        for (letter, at) in letters.iter().zip(0..) {
            match ascii.get_mut(*letter as usize) {
                Some(seen) => *seen = true,
                None => others.push((*letter, at)),
            }
        }
        others.sort_unstable();
        let latin = (0_u8..128).filter(|c| ascii[usize::from(*c)]).map(|c| (char::from(c), 0));
        let mut distinct: Vec<(char, u64)> = Vec::with_capacity(letters.len());
        distinct.extend(latin);
        let mut places = [0_u16; 128];
        for ((letter, _), at) in distinct.iter().zip(0..) {
            places[*letter as usize] = at;
        }
        let mut order: Vec<u16> =
            letters.iter().map(|l| places.get(*l as usize).copied().unwrap_or(0)).collect();
        for (letter, at) in others {
            if distinct.last().is_none_or(|last| last.0 != letter) {
                distinct.push((letter, 0));
            }
            order[usize::from(at)] = u16::try_from(distinct.len() - 1).unwrap_or(u16::MAX);
        }
        for (at, i) in order.iter().zip(0..64) {
            distinct[usize::from(*at)].1 |= 1 << i;
        }
        Self { order, distinct }
    }

    /// Bytes it takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.order.len() * 2 + self.distinct.len() * 16
    }

    /// The ratio, 0 to 1; two empty texts are alike.
    pub(super) fn ratio(&self, other: &Self) -> f64 {
        let total = self.order.len() + other.order.len();
        if total == 0 {
            return 1.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "lengths of messages are below 2^53")]
        let ratio = 2.0 * self.common(other) as f64 / total as f64;
        ratio
    }

    /// Length of the longest common subsequence.
    fn common(&self, other: &Self) -> usize {
        if self.order.is_empty() || other.order.is_empty() {
            return 0;
        }
        match (self.order.len() <= 64, other.order.len() <= 64) {
            (true, _) => common_short(self, other),
            (_, true) => common_short(other, self),
            _ => common_long(&self.text(), &other.text()),
        }
    }

    fn text(&self) -> Vec<char> {
        self.order.iter().map(|i| self.distinct[usize::from(*i)].0).collect()
    }
}

/// `a` fits one machine word. Its letters are met with those of `b` once, in one walk through both
/// sorted lists; the loop over the text of `b` only looks up.
fn common_short(a: &Letters, b: &Letters) -> usize {
    let mut small = [0_u64; 128];
    let mut large;
    let places: &mut [u64] = if b.distinct.len() <= small.len() {
        &mut small
    } else {
        large = vec![0; b.distinct.len()];
        &mut large
    };
    let mut theirs = a.distinct.as_slice();
    for (place, (letter, _)) in places.iter_mut().zip(&b.distinct) {
        while let [(first, _), rest @ ..] = theirs
            && first < letter
        {
            theirs = rest;
        }
        *place = theirs.first().filter(|(first, _)| first == letter).map_or(0, |first| first.1);
    }
    let mut open = u64::MAX;
    for letter in &b.order {
        let matches = places[usize::from(*letter)];
        let hit = open & matches;
        open = open.wrapping_add(hit) | (open & !matches);
    }
    let length = a.order.len();
    let used = if length == 64 { u64::MAX } else { (1 << length) - 1 };
    (!open & used).count_ones() as usize
}

fn common_long(a: &[char], b: &[char]) -> usize {
    let blocks = a.len().div_ceil(64);
    let mut places: BTreeMap<char, Vec<u64>> = BTreeMap::new();
    for (i, c) in a.iter().enumerate() {
        places.entry(*c).or_insert_with(|| vec![0; blocks])[i / 64] |= 1 << (i % 64);
    }
    let mut open = vec![u64::MAX; blocks];
    for c in b {
        let Some(matches) = places.get(c) else { continue };
        let mut carry = false;
        for (open, matches) in open.iter_mut().zip(matches) {
            let hit = *open & matches;
            let (sum, over) = open.overflowing_add(hit);
            let (sum, over_too) = sum.overflowing_add(u64::from(carry));
            carry = over || over_too;
            *open = sum | (*open & !matches);
        }
    }
    let last = a.len() - (blocks - 1) * 64;
    open.iter()
        .enumerate()
        .map(|(i, open)| {
            let used = if i + 1 < blocks || last == 64 { u64::MAX } else { (1 << last) - 1 };
            (!open & used).count_ones() as usize
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow(a: &[char], b: &[char]) -> usize {
        let mut row = vec![0; b.len() + 1];
        for x in a {
            let mut diagonal = 0;
            for (j, y) in b.iter().enumerate() {
                let above = row[j + 1];
                row[j + 1] = if x == y { diagonal + 1 } else { above.max(row[j]) };
                diagonal = above;
            }
        }
        row[b.len()]
    }

    proptest::proptest! {
        #[test]
        fn as_by_the_textbook(a in "[abcd]{0,200}", b in "[abcd]{0,200}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let (x, y) = (Letters::new(a.iter().copied()), Letters::new(b.iter().copied()));
            proptest::prop_assert_eq!(x.common(&y), slow(&a, &b));
        }
    }
}

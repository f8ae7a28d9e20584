//! Edit ratio: 2 LCS / (|a| + |b|), the share of characters that stay when one text is edited into
//! the other by insertions and deletions.
//!
//! The longest common subsequence is counted bit by bit over machine words: H. Hyyrö (2004),
//! "Bit-parallel LCS-length computation revisited".

use std::collections::BTreeMap;

/// The ratio, 0 to 1; two empty texts are alike.
pub(super) fn ratio(a: &[char], b: &[char]) -> f64 {
    let total = a.len() + b.len();
    if total == 0 {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "lengths of messages are below 2^53")]
    let ratio = 2.0 * common(a, b) as f64 / total as f64;
    ratio
}

/// Length of the longest common subsequence.
fn common(a: &[char], b: &[char]) -> usize {
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    if a.len() <= 64 { common_short(a, b) } else { common_long(a, b) }
}

/// One machine word: the places of a character in `a` are found in a sorted list.
fn common_short(a: &[char], b: &[char]) -> usize {
    let mut places = [('\0', 0_u64); 64];
    let mut known = 0;
    for (i, c) in a.iter().enumerate() {
        if let Some(place) = places[..known].iter_mut().find(|p| p.0 == *c) {
            place.1 |= 1 << i;
        } else {
            places[known] = (*c, 1 << i);
            known += 1;
        }
    }
    let mut open = u64::MAX;
    for c in b {
        let matches = places[..known].iter().find(|p| p.0 == *c).map_or(0, |p| p.1);
        let hit = open & matches;
        open = open.wrapping_add(hit) | (open & !matches);
    }
    let used = if a.len() == 64 { u64::MAX } else { (1 << a.len()) - 1 };
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
            proptest::prop_assert_eq!(common(&a, &b), slow(&a, &b));
        }
    }
}

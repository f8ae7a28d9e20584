//! What a line is made of, for a linear model: pieces of Chinese of one to three characters, words, pieces
//! of words, and two characters or words that follow each other, at once or over one or two others. A piece
//! is known by its hash alone (K. Weinberger et al. (2009), "Feature hashing for large scale multitask
//! learning").

use crate::text::normalise::{is_alphanumeric, is_han};

/// Places for hashes. Two pieces that share one share its weight.
pub(super) const PLACES: usize = 1 << 16;

/// Characters of a line that are read: more is a story, not a request.
const LONGEST: usize = 400;

/// Kinds of pieces, so that "a" the word is not "a" the letter.
#[derive(Clone, Copy)]
enum Kind {
    Han,
    HanSkip,
    Word,
    Pair,
    Skip,
    Letters,
}

/// The places of the pieces of a normalised line, each once.
pub(super) fn grams(plain: &str) -> Vec<u16> {
    let end = plain.char_indices().nth(LONGEST).map_or(plain.len(), |(at, _)| at);
    let mut out = Seen::new();
    let mut bounds = Vec::with_capacity(64);
    // What stood before, the nearest last: the beginning, at first.
    let mut before = ["", "", "<"];
    for token in Tokens(&plain[..end]) {
        let word = match token.chars().next() {
            Some(c) if is_han(c) => {
                han(token, &mut bounds, &mut out);
                "人"
            }
            // Any figure is a figure.
            Some(c) if c.is_ascii_digit() => "0",
            Some(c) if c.is_alphabetic() => {
                out.push(Hash::of(Kind::Word).and(token).place());
                letters(token, &mut bounds, &mut out);
                token
            }
            _ => token,
        };
        before = pairs(before, word, &mut out);
    }
    pairs(before, ">", &mut out);
    out.places
}

/// Places that were met, a bit for each that there is: asking it is faster than sorting them.
struct Seen {
    bits: [u64; PLACES / 64],
    places: Vec<u16>,
}

impl Seen {
    fn new() -> Self {
        Self { bits: [0; PLACES / 64], places: Vec::with_capacity(192) }
    }

    fn push(&mut self, place: u16) {
        let (word, bit) = (&mut self.bits[usize::from(place) / 64], 1 << (place % 64));
        if *word & bit == 0 {
            *word |= bit;
            self.places.push(place);
        }
    }
}

/// Runs of Chinese, of letters, of digits, and each mark of a sentence.
struct Tokens<'t>(&'t str);

impl<'t> Iterator for Tokens<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        self.0 = self.0.trim_start_matches(|c: char| !is_mark(c) && !is_alphanumeric(c));
        let first = self.0.chars().next()?;
        let same = |c: char| match first {
            f if is_mark(f) => false,
            f if is_han(f) => is_han(c),
            f if f.is_numeric() => !is_han(c) && c.is_numeric(),
            _ => !is_han(c) && c.is_alphabetic(),
        };
        let rest = &self.0[first.len_utf8()..];
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len()) + first.len_utf8();
        let (token, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(token)
    }
}

const fn is_mark(c: char) -> bool {
    matches!(c, ',' | '.' | '?')
}

/// A word after each of the three before it; what stands before the next.
fn pairs<'t>(before: [&'t str; 3], word: &'t str, out: &mut Seen) -> [&'t str; 3] {
    let [third, second, last] = before;
    out.push(Hash::of(Kind::Pair).and(last).and(" ").and(word).place());
    for one in [second, third].into_iter().filter(|one| !one.is_empty()) {
        out.push(Hash::of(Kind::Skip).and(one).and(" ").and(word).place());
    }
    [second, last, word]
}

/// Where the characters of a run begin, and where the last one ends.
fn characters(run: &str, bounds: &mut Vec<usize>) {
    bounds.clear();
    bounds.extend(run.char_indices().map(|(at, _)| at));
    bounds.push(run.len());
}

/// One to three characters in a row, the edges of the run among them; two over one or two others.
fn han(run: &str, bounds: &mut Vec<usize>, out: &mut Seen) {
    characters(run, bounds);
    let chars = bounds.len() - 1;
    let piece = |from: usize, to: usize| &run[bounds[from]..bounds[to]];
    for from in 0..chars {
        let mut hash = Hash::of(Kind::Han);
        for to in from + 1..=chars.min(from + 3) {
            hash = hash.and(piece(to - 1, to));
            out.push(hash.place());
            if to - from < 3 {
                if from == 0 {
                    out.push(Hash::of(Kind::Han).and("^").and(piece(from, to)).place());
                }
                if to == chars {
                    out.push(hash.and("$").place());
                }
            }
        }
        let first = Hash::of(Kind::HanSkip).and(piece(from, from + 1)).and(" ");
        for to in from + 2..chars.min(from + 4) {
            out.push(first.and(piece(to, to + 1)).place());
        }
    }
}

/// Three or four letters in a row, the edges of the word among them.
fn letters(word: &str, bounds: &mut Vec<usize>, out: &mut Seen) {
    characters(word, bounds);
    let chars = bounds.len() - 1;
    // The edges count as letters: they stand at 0 and behind the last.
    for from in 0..chars + 2 {
        for to in from + 3..=(chars + 2).min(from + 4) {
            let mut hash = Hash::of(Kind::Letters);
            if from == 0 {
                hash = hash.and("<");
            }
            hash = hash.and(&word[bounds[from.max(1) - 1]..bounds[chars.min(to - 1)]]);
            if to == chars + 2 {
                hash = hash.and(">");
            }
            out.push(hash.place());
        }
    }
}

/// FNV-1a, 32 bit, folded: the same on every machine and in every run.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Hash {
    const PRIME: u32 = 0x0100_0193;

    const fn of(kind: Kind) -> Self {
        Self((0x811c_9dc5_u32 ^ kind as u32).wrapping_mul(Self::PRIME))
    }

    fn and(self, text: &str) -> Self {
        let next = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(Self::PRIME);
        Self(text.bytes().fold(self.0, next))
    }

    #[expect(clippy::cast_possible_truncation, reason = "folded to the lower half")]
    const fn place(self) -> u16 {
        (self.0 ^ (self.0 >> 16)) as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_those_of_the_text() {
        let shared = |a: &str, b: &str| {
            let b = grams(b);
            grams(a).into_iter().filter(|gram| b.contains(gram)).count()
        };
        assert!(shared("转人工", "请转人工") > shared("转人工", "请转账"));
        assert!(shared("talk to agents", "talk to agent") > shared("talk to agents", "cancel it"));
        assert_eq!(grams("order 17"), grams("order 99"));
        assert_ne!(grams("agent"), grams("agent?"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_pieces_each_once(text in "\\PC{0,60}") {
            let mut found = grams(&crate::text::normalise(&text));
            proptest::prop_assert!(!found.is_empty());
            let pieces = found.len();
            found.sort_unstable();
            found.dedup();
            proptest::prop_assert_eq!(found.len(), pieces);
        }
    }
}

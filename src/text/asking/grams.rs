//! What a line is made of, for a linear model: pieces of Chinese of one to three characters, words and
//! pairs of words, pieces of words. A piece is known by its hash alone (K. Weinberger et al. (2009),
//! "Feature hashing for large scale multitask learning").

use crate::text::normalise::is_han;

/// Places for hashes. Two pieces that share one share its weight.
pub(super) const PLACES: usize = 1 << 16;

/// Characters of a line that are read: more is a story, not a request.
const LONGEST: usize = 400;

/// Kinds of pieces, so that "a" the word is not "a" the letter.
#[derive(Clone, Copy)]
enum Kind {
    Han,
    Word,
    Pair,
    Letters,
}

/// The places of the pieces of a normalised line, each once.
pub(super) fn grams(plain: &str) -> Vec<u16> {
    let end = plain.char_indices().nth(LONGEST).map_or(plain.len(), |(at, _)| at);
    let mut seen = Seen::new();
    let out = &mut seen;
    // What stood before: the beginning, at first.
    let mut before = "<";
    for token in Tokens(&plain[..end]) {
        if token.starts_with(is_han) {
            han(token, out);
            pair(before, "人", out);
            before = "人";
            continue;
        }
        // Any figure is a figure.
        let digits = token.starts_with(|c: char| c.is_ascii_digit());
        let word = if digits { "0" } else { token };
        pair(before, word, out);
        before = word;
        if !digits && token.starts_with(char::is_alphabetic) {
            out.add(place(Kind::Word, &[word]));
            letters(word, out);
        }
    }
    pair(before, ">", out);
    seen.places
}

/// Places that were met, a bit for each that there is: asking it is faster than sorting them.
struct Seen {
    bits: [u64; PLACES / 64],
    places: Vec<u16>,
}

impl Seen {
    fn new() -> Self {
        Self { bits: [0; PLACES / 64], places: Vec::with_capacity(128) }
    }

    fn add(&mut self, place: u16) {
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
        self.0 = self.0.trim_start_matches(|c: char| !is_mark(c) && !c.is_alphanumeric());
        let first = self.0.chars().next()?;
        let same = |c: char| match first {
            f if is_mark(f) => false,
            f if is_han(f) => is_han(c),
            f if f.is_numeric() => c.is_numeric() && !is_han(c),
            _ => c.is_alphabetic() && !is_han(c),
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

fn pair(one: &str, other: &str, out: &mut Seen) {
    out.add(place(Kind::Pair, &[one, " ", other]));
}

/// One to three characters in a row, the edges of the run among them.
fn han(run: &str, out: &mut Seen) {
    let start = Hash::of(Kind::Han);
    let mut from = 0;
    for first in run.chars() {
        let mut piece = start;
        let mut at = from;
        for (length, c) in run[from..].chars().take(3).enumerate() {
            let next = at + c.len_utf8();
            piece = piece.add(&run[at..next]);
            at = next;
            out.add(piece.place());
            if length < 2 {
                if from == 0 {
                    out.add(start.add("^").add(&run[..at]).place());
                }
                if at == run.len() {
                    out.add(piece.add("$").place());
                }
            }
        }
        from += first.len_utf8();
    }
}

/// Three to five letters in a row, the edges of the word among them.
fn letters(word: &str, out: &mut Seen) {
    let start = Hash::of(Kind::Letters);
    let mut rest = word;
    // The edge before the word stands for a letter.
    let mut edge = true;
    while edge || !rest.is_empty() {
        let mut piece = if edge { start.add("<") } else { start };
        let mut length = usize::from(edge);
        let mut at = 0;
        for c in rest.chars().take(5 - length) {
            piece = piece.add(&rest[at..at + c.len_utf8()]);
            at += c.len_utf8();
            length += 1;
            if length >= 3 {
                out.add(piece.place());
            }
        }
        if at == rest.len() && (2..5).contains(&length) {
            out.add(piece.add(">").place());
        }
        if !edge {
            rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
        }
        edge = false;
    }
}

/// FNV-1a, 32 bit: the same on every machine and in every run.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Hash {
    const fn of(kind: Kind) -> Self {
        Self((0x811c_9dc5_u32 ^ kind as u32).wrapping_mul(0x0100_0193))
    }

    fn add(self, part: &str) -> Self {
        let one = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        Self(part.bytes().fold(self.0, one))
    }

    #[expect(clippy::cast_possible_truncation, reason = "folded to the lower half")]
    const fn place(self) -> u16 {
        (self.0 ^ (self.0 >> 16)) as u16
    }
}

fn place(kind: Kind, parts: &[&str]) -> u16 {
    parts.iter().fold(Hash::of(kind), |hash, part| hash.add(part)).place()
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

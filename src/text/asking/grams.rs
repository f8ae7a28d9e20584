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

/// The places of the pieces of a normalised line, ascending, none twice.
pub(super) fn grams(plain: &str) -> Vec<u16> {
    let end = plain.char_indices().nth(LONGEST).map_or(plain.len(), |(at, _)| at);
    let mut out = Vec::with_capacity(64);
    // What stood before: the beginning, at first.
    let mut before = "<";
    for token in Tokens(&plain[..end]) {
        if token.starts_with(is_han) {
            han(token, &mut out);
            pair(before, "人", &mut out);
            before = "人";
            continue;
        }
        // Any figure is a figure.
        let digits = token.starts_with(|c: char| c.is_ascii_digit());
        let word = if digits { "0" } else { token };
        pair(before, word, &mut out);
        before = word;
        if !digits && token.starts_with(char::is_alphabetic) {
            out.push(place(Kind::Word, &[word]));
            letters(word, &mut out);
        }
    }
    pair(before, ">", &mut out);
    out.sort_unstable();
    out.dedup();
    out
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

fn pair(one: &str, other: &str, out: &mut Vec<u16>) {
    out.push(place(Kind::Pair, &[one, " ", other]));
}

/// One to three characters in a row, the edges of the run among them.
fn han(run: &str, out: &mut Vec<u16>) {
    let bounds: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    let chars = bounds.len() - 1;
    let edge = |at: usize, edge: &'static str, inside: usize| if at == inside { edge } else { "" };
    for from in 0..chars {
        for to in from + 1..=chars.min(from + 3) {
            let piece = &run[bounds[from]..bounds[to]];
            out.push(place(Kind::Han, &[piece]));
            if to - from < 3 {
                let (first, last) = (edge(from, "^", 0), edge(to, "$", chars));
                if !first.is_empty() {
                    out.push(place(Kind::Han, &[first, piece]));
                }
                if !last.is_empty() {
                    out.push(place(Kind::Han, &[piece, last]));
                }
            }
        }
    }
}

/// Three to five letters in a row, the edges of the word among them.
fn letters(word: &str, out: &mut Vec<u16>) {
    let whole = format!("<{word}>");
    let bounds: Vec<usize> = whole.char_indices().map(|(at, _)| at).chain([whole.len()]).collect();
    for length in 3..=5 {
        for ends in bounds.windows(length + 1) {
            out.push(place(Kind::Letters, &[&whole[ends[0]..ends[length]]]));
        }
    }
}

/// FNV-1a, 32 bit, folded: the same on every machine and in every run.
fn place(kind: Kind, parts: &[&str]) -> u16 {
    let start = (0x811c_9dc5_u32 ^ kind as u32).wrapping_mul(0x0100_0193);
    let hash = parts
        .iter()
        .flat_map(|part| part.bytes())
        .fold(start, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    #[expect(clippy::cast_possible_truncation, reason = "folded to the lower half")]
    let folded = (hash ^ (hash >> 16)) as u16;
    folded
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
        fn any_text_has_pieces_in_order(text in "\\PC{0,60}") {
            let found = grams(&crate::text::normalise(&text));
            proptest::prop_assert!(!found.is_empty());
            proptest::prop_assert!(found.windows(2).all(|two| two[0] < two[1]));
        }
    }
}

//! How the matches of a pattern begin that stands at the beginning of a line or of an utterance: most lines
//! begin otherwise, and are passed without running a regular expression.
//!
//! Sound by construction: every match begins so.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Bytes of a beginning that are looked at: one Chinese character, three letters.
const BYTES: usize = 3;
/// More ways to begin than this tell little.
const MOST: usize = 2_000;
/// Of a class of more characters only the first bytes are told apart.
const LARGE: u32 = 64;
/// What stands before an utterance that does not begin a line, a bit for each.
const MARKS: [char; 5] = [' ', ',', '.', '?', '#'];

/// How a pattern's matches begin, and where.
#[derive(Debug)]
pub(super) struct Beginnings {
    /// Marks after which they begin, a bit for each of [`MARKS`]; at the beginning of the line in any case.
    after: u8,
    /// First bytes, in order.
    whole: Vec<[u8; BYTES]>,
    /// Beginnings of which no more than one byte is known, a bit for each.
    bytes: [u64; 4],
    /// Those of other lengths.
    others: Vec<Vec<u8>>,
}

impl Beginnings {
    /// Those of a pattern; `None` where it may begin anywhere, or in too many ways.
    pub(super) fn of(hir: &Hir) -> Option<Self> {
        let HirKind::Concat(parts) = hir.kind() else { return None };
        let (first, rest) = parts.split_first()?;
        let mut it = Self { after: edge(first)?, whole: vec![], bytes: [0; 4], others: vec![] };
        for Begun { bytes, .. } in in_a_row(rest)? {
            match bytes.as_slice() {
                [] => return None,
                [one] => it.bytes[usize::from(one / 64)] |= 1 << (one % 64),
                _ => match <[u8; BYTES]>::try_from(bytes.as_slice()) {
                    Ok(three) => it.whole.push(three),
                    Err(_) => it.others.push(bytes),
                },
            }
        }
        it.whole.sort_unstable();
        it.whole.dedup();
        Some(it)
    }

    /// Whether a match may begin at any of these places.
    pub(super) fn meet(&self, starts: &Starts) -> bool {
        let begins = |bytes: &[u8; BYTES]| {
            self.bytes[usize::from(bytes[0] / 64)] & (1 << (bytes[0] % 64)) != 0
                || self.whole.binary_search(bytes).is_ok()
                || self.others.iter().any(|other| bytes.starts_with(other))
        };
        let after = |mark: &u8| *mark == LINE || self.after & mark != 0;
        starts.0.iter().any(|(mark, bytes)| after(mark) && begins(bytes))
    }
}

/// How a match of a part begins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Begun {
    /// At most [`BYTES`].
    bytes: Vec<u8>,
    /// The part ends with them: what follows it goes on.
    ends: bool,
}

type AllBegun = BTreeSet<Begun>;

fn begun(hir: &Hir) -> Option<AllBegun> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(nothing()),
        HirKind::Literal(literal) => Some(AllBegun::from([cut(literal.0.to_vec(), true)])),
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Class(Class::Unicode(class)) => {
            let bytes = |c: char| c.to_string().into_bytes();
            let sizes = class.iter().map(|r| u32::from(r.end()) - u32::from(r.start()) + 1);
            if sizes.sum::<u32>() <= LARGE {
                let chars = class.iter().flat_map(|range| range.start()..=range.end());
                return Some(chars.map(|c| cut(bytes(c), true)).collect());
            }
            let firsts = class.iter().flat_map(|r| bytes(r.start())[0]..=bytes(r.end())[0]);
            Some(firsts.map(|first| Begun { bytes: vec![first], ends: false }).collect())
        }
        HirKind::Capture(capture) => begun(&capture.sub),
        HirKind::Repetition(repetition) => {
            let mut all = begun(&repetition.sub)?;
            if repetition.max != Some(1) {
                all = all.into_iter().map(|one| Begun { ends: false, ..one }).collect();
            }
            if repetition.min == 0 {
                all.append(&mut nothing());
            }
            Some(all)
        }
        HirKind::Concat(parts) => in_a_row(parts),
        HirKind::Alternation(parts) => {
            let mut all = AllBegun::new();
            for part in parts {
                all.append(&mut begun(part)?);
            }
            Some(all)
        }
    }
}

/// Of parts one behind the other.
fn in_a_row(parts: &[Hir]) -> Option<AllBegun> {
    let mut all = nothing();
    for part in parts {
        let (open, mut done): (AllBegun, AllBegun) = all.into_iter().partition(|one| one.ends);
        all = if open.is_empty() { AllBegun::new() } else { begun(part)? };
        if open.len() * all.len() > MOST {
            return None;
        }
        for first in &open {
            let joined = |next: &Begun| cut([&first.bytes[..], &next.bytes].concat(), next.ends);
            done.extend(all.iter().map(joined));
        }
        all = done;
    }
    Some(all)
}

fn nothing() -> AllBegun {
    AllBegun::from([Begun { bytes: Vec::new(), ends: true }])
}

fn cut(mut bytes: Vec<u8>, ends: bool) -> Begun {
    bytes.truncate(BYTES);
    Begun { ends: ends && bytes.len() < BYTES, bytes }
}

/// The beginning of a line among the marks.
const LINE: u8 = 0;

/// Where an utterance may begin in a line: after which mark, and the first bytes, NUL behind the end.
#[derive(Debug)]
pub(super) struct Starts(Vec<(u8, [u8; BYTES])>);

impl Starts {
    /// Those of a line.
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let at = |from: usize| {
            let mut first = [0; BYTES];
            let rest = &bytes[from..];
            let most = rest.len().min(BYTES);
            first[..most].copy_from_slice(&rest[..most]);
            first
        };
        let mut starts = vec![(LINE, at(0))];
        starts.extend(
            bytes.iter().enumerate().filter_map(|(i, b)| Some((mark(char::from(*b))?, at(i + 1)))),
        );
        Self(starts)
    }
}

fn mark(c: char) -> Option<u8> {
    MARKS.iter().position(|mark| *mark == c).map(|i| 1 << i)
}

/// The marks of a part that is the beginning of a line, or that or a mark.
fn edge(hir: &Hir) -> Option<u8> {
    match hir.kind() {
        HirKind::Look(Look::Start) => Some(LINE),
        HirKind::Alternation(parts) => {
            let [start, marks] = parts.as_slice() else { return None };
            let HirKind::Class(Class::Unicode(class)) = marks.kind() else { return None };
            let chars = class.iter().flat_map(|range| range.start()..=range.end());
            let marks = chars.take(MARKS.len() + 1).map(mark).collect::<Option<Vec<u8>>>()?;
            let at_start = matches!(start.kind(), HirKind::Look(Look::Start));
            at_start.then(|| marks.iter().fold(LINE, |all, mark| all | mark))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Option<Beginnings> {
        Beginnings::of(&regex_syntax::parse(pattern).expect("a pattern"))
    }

    #[test]
    fn a_line_that_begins_otherwise_is_passed() {
        let ways = of("^(?:(?:请|麻烦)[ ,]?)*?(?:好的|ok)$").expect("five beginnings");
        for (text, meets) in
            [("好的", true), ("请好的", true), ("ok", true), ("不好的", false), ("我,ok", false)]
        {
            assert_eq!(ways.meet(&Starts::of(text)), meets, "{text}");
        }
        let ways = of("(?:^|[,.])(?:please )?(?:agent|an?)").expect("few beginnings");
        for (text, meets) in [("no,agent", true), ("no agent", false), ("a", true), ("", false)] {
            assert_eq!(ways.meet(&Starts::of(text)), meets, "{text}");
        }
    }

    #[test]
    fn what_may_begin_anyhow_or_anywhere_has_none() {
        for pattern in ["agent", "^a*", "(?:^|x)agent", "(?:^|[a-z])agent", "^a?b?"] {
            assert!(of(pattern).is_none(), "{pattern}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_match_is_lost(text in "[请好的ok ,.?#an]{0,8}") {
            for pattern in [
                "^(?:(?:请|好)[ ,]?)*?(?:好的|ok|an)[ ,]*$",
                "(?:^|[ ,.?#])(?:请|a )*?(?:的|ok)(?:$|[,.#])",
                "(?:^|[.#])[好请]?(?:的{1,2}|n)",
                r"^(?:ok)?(?:\w| )[,.?#]",
            ] {
                let ways = of(pattern).expect("few beginnings");
                let matches = regex::Regex::new(pattern).expect("a pattern").is_match(&text);
                proptest::prop_assert!(!matches || ways.meet(&Starts::of(&text)));
            }
        }
    }
}

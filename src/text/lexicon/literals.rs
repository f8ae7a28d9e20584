//! Which literals must stand in a text for a pattern to match it: the prefilter that lets most
//! lines pass without running a regular expression.
//!
//! Sound by construction: every match of the pattern contains at least one literal of each set.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A set with more literals is dropped: it tells little.
const MOST: usize = 400;
/// Sets kept for one pattern.
const SETS: usize = 6;

/// Literals of which every match contains one.
pub(super) type Set = Vec<String>;

/// The sets of which every match contains a literal each, one behind the other; empty where the pattern
/// requires none.
pub(super) fn required(hir: &Hir) -> Vec<Set> {
    let mut found = of(hir);
    for set in &mut found {
        shorten(set);
    }
    // A letter stands in nearly every line: it only serves where there is nothing better.
    let strong = found.iter().filter(|set| telling(set).0 > 1).count();
    let mut ranks: Vec<usize> = (0..found.len()).collect();
    ranks.sort_by_key(|at| std::cmp::Reverse(telling(&found[*at])));
    ranks.truncate(strong.clamp(1, SETS));
    ranks.sort_unstable();
    ranks.into_iter().map(|at| found[at].clone()).collect()
}

/// The place of the set that tells most.
pub(super) fn most_telling(sets: &[Set]) -> Option<usize> {
    // Of equals the first.
    (0..sets.len()).rev().max_by_key(|at| telling(&sets[*at]))
}

/// How much a set tells: the length of its shortest literal, and fewer literals.
fn telling(set: &Set) -> (usize, usize) {
    (set.iter().map(String::len).min().unwrap_or(0), usize::MAX - set.len())
}

/// A literal that holds a shorter one of the set adds nothing.
fn shorten(set: &mut Set) {
    set.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut kept: Set = Vec::new();
    for literal in set.drain(..) {
        if !kept.iter().any(|k| literal.contains(k.as_str())) {
            kept.push(literal);
        }
    }
    *set = kept;
}

/// The branches of a pattern that is one alternation between edges of words: each with these edges.
/// Tried in this order at one place, they match as the whole does.
pub(super) fn branches(hir: Hir) -> Vec<Hir> {
    match hir.kind() {
        HirKind::Alternation(parts) => parts.iter().cloned().flat_map(branches).collect(),
        HirKind::Concat(parts) => {
            let wide: Vec<usize> = (0..parts.len()).filter(|i| !is_edge(&parts[*i])).collect();
            let [only] = wide[..] else { return vec![hir] };
            let HirKind::Alternation(ways) = parts[only].kind() else { return vec![hir] };
            let each = |way: &Hir| {
                let mut parts = parts.clone();
                parts[only] = way.clone();
                branches(Hir::concat(parts))
            };
            ways.iter().flat_map(each).collect()
        }
        _ => vec![hir],
    }
}

/// Takes no room: the edge of a word, of a line.
fn is_edge(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Look(_) => true,
        HirKind::Alternation(parts) => parts.iter().all(is_edge),
        _ => false,
    }
}

fn of(hir: &Hir) -> Vec<Set> {
    match hir.kind() {
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) if !text.trim().is_empty() => vec![vec![text.to_owned()]],
            _ => Vec::new(),
        },
        HirKind::Class(class) => of_class(class).into_iter().collect(),
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of(&repetition.sub),
        HirKind::Alternation(parts) => either(parts).into_iter().collect(),
        HirKind::Concat(parts) => parts.iter().flat_map(of).collect(),
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => Vec::new(),
    }
}

/// Of each branch the set that tells most, all in one.
fn either(parts: &[Hir]) -> Option<Set> {
    let mut all = Vec::new();
    for part in parts {
        all.extend(of(part).into_iter().max_by_key(telling)?);
    }
    shorten(&mut all);
    (all.len() <= MOST).then_some(all)
}

/// Small classes such as `[这那]`; punctuation alone tells too little.
fn of_class(class: &Class) -> Option<Set> {
    let Class::Unicode(class) = class else { return None };
    let size: u32 = class.iter().map(|r| u32::from(r.end()) - u32::from(r.start()) + 1).sum();
    if size > 32 {
        return None;
    }
    let chars: Vec<char> = class.iter().flat_map(|r| r.start()..=r.end()).collect();
    let telling = |c: &char| c.is_alphanumeric() && !c.is_ascii_digit();
    chars.iter().all(telling).then(|| chars.iter().map(char::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(pattern: &str) -> Hir {
        regex_syntax::parse(pattern).expect("a pattern")
    }

    fn sets(pattern: &str) -> Vec<Vec<String>> {
        required(&parsed(pattern))
    }

    #[test]
    fn each_needed_part_is_required_one_behind_the_other() {
        let both = sets("(?:转|找)(?:人工|真人)");
        assert_eq!(both, [["找", "转"], ["人工", "真人"]]);
        assert_eq!(most_telling(&both), Some(1));
        assert_eq!(most_telling(&[]), None);
        assert_eq!(sets("a?(?:person|personal)"), [["person"]]);
    }

    #[test]
    fn an_optional_branch_requires_nothing() {
        assert_eq!(sets("(?:人工)?"), Vec::<Vec<String>>::new());
        assert_eq!(sets(r"\d+|person"), Vec::<Vec<String>>::new());
    }

    #[test]
    fn branches_keep_their_edges_and_their_order() {
        let parts = branches(parsed(r"(?:(?-u:\b)|^)(?:an agent|(?:to )?talk)(?:(?-u:\b)|$)"));
        let found: Vec<_> = parts.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        let re = |i: usize| regex::Regex::new(&found[i]).expect("a pattern");
        assert!(re(0).is_match("an agent") && !re(0).is_match("pan agents"));
        assert!(re(1).is_match("to talk") && !re(1).is_match("talkative"));
    }
}

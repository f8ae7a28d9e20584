//! Which literals must stand in a text for a pattern to match it: the prefilter that lets most
//! lines pass without running a regular expression.
//!
//! Sound by construction: every match of the pattern contains at least one literal of the set.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A set with more literals is dropped in favour of another part of the pattern.
const MOST: usize = 400;

/// The literals one of which every match contains; `None` where the pattern requires none.
pub(super) fn required(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut found = of(&hir)?;
    found.sort_by_key(String::len);
    // A literal that holds a shorter one of the set adds nothing.
    let mut kept: Vec<String> = Vec::new();
    for literal in found {
        if !kept.iter().any(|k| literal.contains(k.as_str())) {
            kept.push(literal);
        }
    }
    Some(kept)
}

fn of(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = String::from_utf8(literal.0.to_vec()).ok()?;
            (!text.trim().is_empty()).then(|| vec![text])
        }
        HirKind::Class(class) => of_class(class),
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of(&repetition.sub),
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(of(part)?);
                if all.len() > MOST {
                    return None;
                }
            }
            Some(all)
        }
        // Of the parts that must all be there, the one with the longest shortest literal.
        HirKind::Concat(parts) => parts.iter().filter_map(of).max_by_key(|set| {
            (set.iter().map(String::len).min().unwrap_or(0), usize::MAX - set.len())
        }),
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

/// Small classes such as `[这那]`; punctuation alone tells too little.
fn of_class(class: &Class) -> Option<Vec<String>> {
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

    #[test]
    fn the_longest_needed_part_wins() {
        assert_eq!(required("(?:转|找)(?:人工|真人)"), Some(vec!["人工".into(), "真人".into()]));
        assert_eq!(required("a?(?:person|personal)"), Some(vec!["person".into()]));
    }

    #[test]
    fn an_optional_branch_requires_nothing() {
        assert_eq!(required("(?:人工)?"), None);
        assert_eq!(required(r"\d+|person"), None);
    }
}

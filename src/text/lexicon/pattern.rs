//! The pattern language of lexicon files, translated to regular expressions.
//!
//! A pattern is a phrase, written as it would stand in normalised text (case, width and apostrophes
//! do not matter). In it:
//! - `(a|b)` one of several, `x?` or `(a|b)?` may be missing: a space that follows a missing group
//!   is missing with it, so `(a|the)? (real)? person` needs no care;
//! - `{name}` one of the set of that name under `[sets]`, whose members are patterns;
//! - `..` up to 12 characters without a space (40 with spaces in a spaced language) that end no sentence, `...` anything;
//! - `[这那]`, `\d`, `+`, `*`, `{2,4}`, `\?` as in regular expressions.

use std::collections::BTreeMap;

use super::LexiconError;
use super::file::{Language, Phrase};
use crate::text::traditional::to_simplified;

/// Sets may name sets, to this depth: a set that names itself is found out.
const DEPTH: usize = 8;

/// A language's patterns, translated.
pub(super) struct Translator<'l> {
    language: &'l Language,
    fillers: String,
}

impl<'l> Translator<'l> {
    /// A translator for one language.
    pub(super) fn new(language: &'l Language) -> Result<Self, LexiconError> {
        let mut it = Self { language, fillers: String::new() };
        let fillers =
            language.fillers.iter().map(|f| it.inner(f, DEPTH)).collect::<Result<Vec<_>, _>>()?;
        it.fillers = fillers.join("|");
        Ok(it)
    }

    /// A pattern that may stand anywhere.
    pub(super) fn anywhere(&self, phrase: &Phrase) -> Result<String, LexiconError> {
        let inner = self.inner(phrase, DEPTH)?;
        let whole = if self.language.spaced {
            format!(r"(?:(?-u:\b)|^)(?:{inner})(?:(?-u:\b)|$)")
        } else {
            format!("(?:{inner})")
        };
        valid(phrase, whole)
    }

    /// A pattern that must be a whole utterance, fillers aside. A question mark is part of what is
    /// said: a phrase that allows one ends in `\??`.
    pub(super) fn bare(&self, phrase: &Phrase) -> Result<String, LexiconError> {
        let inner = self.inner(phrase, DEPTH)?;
        // Between the messages of one row Chinese exports put a space; English words need it, and
        // a comma on both sides is a list, no utterance.
        let (gap, edges): (_, &[(&str, &str)]) = if self.language.spaced {
            ("[ ,]?", &[("[.?#]", "[,.#]"), ("[,.?#]", "[.#]")])
        } else {
            ("", &[("[ ,.?#]", "[ ,.#]")])
        };
        let (before, after) = self.around(gap);
        let ways: Vec<String> = edges
            .iter()
            .map(|(start, end)| format!("(?:^|{start}){before}(?:{inner}){after}(?:$|{end})"))
            .collect();
        valid(phrase, ways.join("|"))
    }

    /// Patterns that must be the whole line: nothing but them and fillers.
    pub(super) fn whole(&self, phrases: &[Phrase]) -> Result<Option<String>, LexiconError> {
        let mut inner = Vec::new();
        for phrase in phrases {
            inner.push(valid(phrase, self.inner(phrase, DEPTH)?)?);
        }
        let inner = inner.join("|");
        let (before, after) = self.around("[ ,.#]*");
        Ok((!inner.is_empty())
            .then(|| format!("^{before}(?:{inner})(?:[ ,.#]*(?:{inner})){{0,8}}?{after}[ ,.#]*$")))
    }

    /// Fillers before and after, each with its gap.
    fn around(&self, gap: &str) -> (String, String) {
        let fillers = &self.fillers;
        if fillers.is_empty() {
            return (String::new(), String::new());
        }
        (format!("(?:(?:{fillers}){gap})*?"), format!("(?:{gap}(?:{fillers}))*"))
    }

    fn inner(&self, phrase: &Phrase, depth: usize) -> Result<String, LexiconError> {
        if depth == 0 {
            return Err(phrase.error(format!("\"{}\": a set names itself", phrase.text)));
        }
        let mut out = String::with_capacity(phrase.text.len() * 2);
        let mut opened: Vec<usize> = Vec::new();
        let mut group = None;
        let mut rest = phrase.text.as_str();
        while let Some(c) = rest.chars().next() {
            let start = out.len();
            let mut taken = c.len_utf8();
            let mut closes = None;
            match c {
                '\\' if rest.starts_with("\\b") => {
                    out.push_str(r"(?-u:\b)");
                    taken = 2;
                }
                '\\' => {
                    taken += rest[1..].chars().next().map_or(0, char::len_utf8);
                    if rest[taken..].starts_with('{') && rest.starts_with("\\p") {
                        taken = rest.find('}').map_or(taken, |end| end + 1);
                    }
                    out.push_str(&rest[..taken]);
                }
                '.' if rest.starts_with("..") => {
                    taken = if rest.starts_with("...") { 3 } else { 2 };
                    out.push_str(match (taken, self.language.spaced) {
                        (3, _) => ".*",
                        (_, true) => "[^.?]{0,40}",
                        (_, false) => "[^,.? ]{0,12}",
                    });
                    // As short as can be between two parts, as long as can be at the end.
                    if rest.len() > taken {
                        out.push('?');
                    }
                }
                '{' if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                    let end =
                        rest.find('}').ok_or_else(|| phrase.error("a set's name lacks its }"))?;
                    out.push_str(&self.set(phrase, &rest[1..end], depth)?);
                    taken = end + 1;
                    closes = Some(start);
                }
                '(' => {
                    opened.push(start);
                    out.push_str("(?:");
                    // Written in full it is the same group.
                    taken = if rest.starts_with("(?:") { 3 } else { 1 };
                }
                ')' => {
                    out.push(')');
                    closes = opened.pop();
                }
                // `(x)? ` : the space goes with the group.
                '?' if group.is_some_and(|at| self.takes_space(&out, at, &rest[1..])) => {
                    out.insert_str(group.unwrap_or(start), "(?:");
                    out.push_str(" )?");
                    taken = 2;
                }
                '\'' | '’' => {}
                c => out.extend(c.to_lowercase().map(to_simplified)),
            }
            group = closes;
            rest = &rest[taken..];
        }
        Ok(out)
    }

    /// Whether an optional group, written from `at` on, takes the space behind it along: not if it
    /// ends a word or brings its own space, nor if the space behind is optional itself.
    fn takes_space(&self, out: &str, at: usize, rest: &str) -> bool {
        self.language.spaced
            && rest.starts_with(' ')
            && !rest.starts_with(" ?")
            && !out[at..].starts_with("(?: ")
            && !out[..at].ends_with(|c: char| c.is_alphanumeric() || c == ')')
    }

    fn set(&self, phrase: &Phrase, name: &str, depth: usize) -> Result<String, LexiconError> {
        let sets: &BTreeMap<String, Vec<Phrase>> = &self.language.sets;
        let members = sets.get(name).ok_or_else(|| {
            phrase
                .error(format!("\"{}\": there is no set {name}; add it under [sets]", phrase.text))
        })?;
        let members =
            members.iter().map(|m| self.inner(m, depth - 1)).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("(?:{})", members.join("|")))
    }
}

fn valid(phrase: &Phrase, pattern: String) -> Result<String, LexiconError> {
    match regex_syntax::parse(&pattern) {
        Ok(_) => Ok(pattern),
        Err(_) => Err(phrase.error(format!(
            "\"{}\" is no pattern; see the head of a shipped lexicon, and write \\( for a bracket",
            phrase.text
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> Phrase {
        Phrase { text: text.into(), file: "t".into(), line: 1 }
    }

    fn spaced(pattern: &str) -> regex::Regex {
        let mut language = Language { spaced: true, ..Language::default() };
        language.sets.insert("det".into(), vec![phrase("a"), phrase("the")]);
        let translator = Translator::new(&language).expect("no fillers");
        regex::Regex::new(&translator.anywhere(&phrase(pattern)).expect("valid")).expect("compiles")
    }

    #[test]
    fn optional_words_take_their_space_along() {
        let re = spaced("get {det}? (real|live)? person");
        for text in ["get person", "get a person", "get real person", "now get the live person"] {
            assert!(re.is_match(text), "{text}");
        }
        assert!(!re.is_match("get personal") && !re.is_match("getperson"));
    }

    #[test]
    fn gaps_stay_in_the_sentence() {
        let re = spaced("no .. agent");
        assert!(re.is_match("no free agent") && !re.is_match("no. there is an agent"));
    }

    #[test]
    fn a_set_that_names_itself_is_refused() {
        let mut language = Language::default();
        language.sets.insert("x".into(), vec![phrase("{x}")]);
        let translator = Translator::new(&language).expect("no fillers");
        assert!(translator.anywhere(&phrase("{x}")).is_err());
    }
}

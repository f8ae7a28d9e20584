//! The compiled lexicons of one side: misspellings put right, then the meanings of a line.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::LexiconError;
use super::file::{Language, Meaning, Phrase};
use super::pattern::Translator;
use super::ways::{Found, Phrases, Ways};
use crate::text::cue::Side;

/// All meanings of one side.
#[derive(Debug)]
pub(super) struct Reader {
    ways: Ways,
    spelling: HashMap<String, String>,
    /// The words that have misspellings.
    words: BTreeSet<String>,
    hesitations: BTreeSet<String>,
}

impl Reader {
    /// Compiles what is read in the lines of one side.
    pub(super) fn new(languages: &[Language], side: Side) -> Result<Self, LexiconError> {
        let mut meanings = Vec::new();
        let mut spelling = HashMap::new();
        let mut words = BTreeSet::new();
        let mut hesitations = BTreeSet::new();
        for language in languages {
            let translator = Translator::new(language)?;
            for (cue, meaning) in language.meanings.iter().filter(|(cue, _)| cue.side() == side) {
                meanings.push((*cue, phrases(&translator, meaning)?));
            }
            if matches!(side, Side::Customer | Side::Complainant) {
                misspellings(language, &mut spelling);
                words.extend(language.spelling.iter().cloned());
                hesitations.extend(language.hesitations.iter().cloned());
            }
        }
        Ok(Self { ways: Ways::new(meanings), spelling, words, hesitations })
    }

    /// The first way that matches a normalised line and is passed over in it.
    #[cfg(test)]
    pub(super) fn passed_over(&self, text: &str) -> Option<&str> {
        self.ways.passed_over(text)
    }

    /// The meanings of a normalised line.
    pub(super) fn read(&self, text: &str) -> Found {
        let mended = self.mend(text);
        let text = mended.as_deref().unwrap_or(text);
        self.ways.find(text)
    }

    /// The line with known misspellings put right and hesitations passed over; `None` where there
    /// are none.
    fn mend(&self, text: &str) -> Option<String> {
        if self.spelling.is_empty() && self.hesitations.is_empty() {
            return None;
        }
        let mut out: Option<String> = None;
        let mut copied = 0;
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_alphabetic() {
                at += 1;
                continue;
            }
            let start = at;
            while at < bytes.len() && bytes[at].is_ascii_alphabetic() {
                at += 1;
            }
            let Some(right) = self.meant(&text[start..at]) else { continue };
            let out = out.get_or_insert_with(|| String::with_capacity(text.len() + 8));
            out.push_str(&text[copied..start]);
            out.push_str(&right);
            // A word passed over takes the space behind it along.
            copied = if right.is_empty() && bytes.get(at) == Some(&b' ') { at + 1 } else { at };
        }
        let mut out = out?;
        out.push_str(&text[copied..]);
        // Hesitation and nothing else stays what it is.
        (!out.trim().is_empty()).then_some(out)
    }

    /// What a word of Latin letters stands for, where that is not itself: nothing (hesitation), a
    /// word one letter off, a word with a letter held down.
    fn meant(&self, word: &str) -> Option<Cow<'_, str>> {
        if self.hesitations.iter().any(|h| h == word) {
            return Some(Cow::Borrowed(""));
        }
        if word.len() < 5 {
            return None;
        }
        if let Some(right) = self.spelling.get(word) {
            return Some(Cow::Borrowed(right.as_str()));
        }
        let held = |w: &[u8]| w[0] == w[1] && w[1] == w[2];
        if !word.as_bytes().windows(3).any(held) {
            return None;
        }
        let mut once = String::with_capacity(word.len());
        once.extend(
            word.char_indices().filter(|(i, c)| !(word[*i + 1..].starts_with(*c))).map(|(_, c)| c),
        );
        let right = self.spelling.get(&once).cloned();
        right.or_else(|| self.words.contains(&once).then_some(once)).map(Cow::Owned)
    }
}

/// The patterns of a meaning, translated.
fn phrases(translator: &Translator<'_>, meaning: &Meaning) -> Result<Phrases, LexiconError> {
    let anywhere = |list: &[Phrase]| -> Result<Vec<_>, _> {
        list.iter().map(|p| translator.anywhere(p)).collect()
    };
    let mut whole: Vec<String> =
        meaning.bare.iter().map(|p| translator.bare(p)).collect::<Result<_, _>>()?;
    whole.extend(translator.whole(&meaning.whole)?);
    Ok(Phrases {
        inside: anywhere(&meaning.any)?,
        whole,
        unless: anywhere(&meaning.unless)?,
        gone: anywhere(&meaning.gone)?,
    })
}

/// All words at one edit (a letter missing, added, changed, or two swapped) from a listed word.
fn misspellings(language: &Language, into: &mut HashMap<String, String>) {
    for word in &language.spelling {
        let letters: Vec<char> = word.chars().collect();
        for at in 0..=letters.len() {
            let (head, tail) = letters.split_at(at);
            let mut edits: Vec<Vec<char>> = Vec::new();
            if !tail.is_empty() {
                edits.push([head, &tail[1..]].concat());
            }
            if tail.len() > 1 {
                edits.push([head, &[tail[1], tail[0]], &tail[2..]].concat());
            }
            for letter in 'a'..='z' {
                edits.push([head, &[letter], tail].concat());
                if !tail.is_empty() {
                    edits.push([head, &[letter], &tail[1..]].concat());
                }
            }
            for edit in edits {
                let wrong: String = edit.into_iter().collect();
                let known = |list: &[String]| list.contains(&wrong);
                if !known(&language.spelling) && !known(&language.not_misspelt) {
                    into.entry(wrong).or_insert_with(|| word.clone());
                }
            }
        }
    }
}

//! The compiled lexicons of one side. A line is scanned once for the literals that patterns need;
//! only meanings with a literal in the line run their regular expressions.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::{Regex, RegexBuilder};

use super::LexiconError;
use super::file::{Language, Meaning};
use super::literals;
use super::pattern::Translator;
use crate::text::cue::{Cue, CueHit, Side};
use crate::text::cues::Cues;

/// Groups per scan: one bit each.
const BANK: usize = 128;

/// The patterns of one meaning in one language.
#[derive(Debug)]
struct Group {
    cue: Cue,
    inside: Option<Lazy>,
    /// Whole utterances and lines, where no phrase inside one is found: the phrase says more shortly
    /// what was asked for.
    whole: Option<Lazy>,
    unless: Option<Lazy>,
}

/// A group with the literals of which every match holds one; `None` where there are none.
type Candidate = (Group, Option<Vec<String>>);

/// A regular expression that was validated when its file was read and is compiled at first use.
#[derive(Debug)]
struct Lazy {
    pattern: String,
    compiled: OnceLock<Regex>,
}

impl Lazy {
    fn new(patterns: &[String]) -> Self {
        Self { pattern: patterns.join("|"), compiled: OnceLock::new() }
    }

    fn get(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            RegexBuilder::new(&self.pattern)
                .size_limit(1 << 28)
                .dfa_size_limit(1 << 23)
                .build()
                .expect("each part was parsed when its file was read")
        })
    }
}

/// Up to 128 groups with the scanner for their literals.
#[derive(Debug)]
struct Bank {
    groups: Vec<Group>,
    scanner: AhoCorasick,
    /// For each literal, the groups that it wakes.
    wakes: Vec<u128>,
    /// Groups that run on every line.
    always: u128,
}

/// All groups of one side.
#[derive(Debug)]
pub(super) struct Reader {
    banks: Vec<Bank>,
    spelling: HashMap<String, String>,
    /// The words that have misspellings.
    words: BTreeSet<String>,
    hesitations: BTreeSet<String>,
}

impl Reader {
    /// Compiles what is read in the lines of one side.
    pub(super) fn new(languages: &[Language], side: Side) -> Result<Self, LexiconError> {
        let mut groups = Vec::new();
        let mut spelling = HashMap::new();
        let mut words = BTreeSet::new();
        let mut hesitations = BTreeSet::new();
        for language in languages {
            let translator = Translator::new(language)?;
            for (cue, meaning) in language.meanings.iter().filter(|(cue, _)| cue.side() == side) {
                groups.extend(group(&translator, *cue, meaning)?);
            }
            if matches!(side, Side::Customer | Side::Complainant) {
                misspellings(language, &mut spelling);
                words.extend(language.spelling.iter().cloned());
                hesitations.extend(language.hesitations.iter().cloned());
            }
        }
        let mut banks = Vec::new();
        while !groups.is_empty() {
            let rest = groups.split_off(groups.len().min(BANK));
            banks.push(Bank::new(groups));
            groups = rest;
        }
        Ok(Self { banks, spelling, words, hesitations })
    }

    /// The meanings of a normalised line.
    pub(super) fn read(&self, text: &str) -> Cues {
        let mended = self.mend(text);
        let text = mended.as_deref().unwrap_or(text);
        let mut hits = Vec::new();
        for bank in &self.banks {
            bank.read(text, &mut hits);
        }
        Cues::new(hits)
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

fn group(
    translator: &Translator<'_>,
    cue: Cue,
    meaning: &Meaning,
) -> Result<Option<Candidate>, LexiconError> {
    let mut whole = Vec::new();
    for phrase in &meaning.bare {
        whole.push(translator.bare(phrase)?);
    }
    whole.extend(translator.whole(&meaning.whole)?);
    let inside =
        meaning.any.iter().map(|p| translator.anywhere(p)).collect::<Result<Vec<_>, _>>()?;
    let unless =
        meaning.unless.iter().map(|p| translator.anywhere(p)).collect::<Result<Vec<_>, _>>()?;
    if whole.is_empty() && inside.is_empty() {
        return Ok(None);
    }
    let needed: Option<Vec<Vec<String>>> =
        whole.iter().chain(&inside).map(|p| literals::required(p)).collect();
    let group = Group {
        cue,
        inside: (!inside.is_empty()).then(|| Lazy::new(&inside)),
        whole: (!whole.is_empty()).then(|| Lazy::new(&whole)),
        unless: (!unless.is_empty()).then(|| Lazy::new(&unless)),
    };
    Ok(Some((group, needed.map(|sets| sets.concat()))))
}

impl Bank {
    fn new(groups: Vec<Candidate>) -> Self {
        let mut wakes: BTreeMap<String, u128> = BTreeMap::new();
        let mut always = 0;
        let mut kept = Vec::new();
        for (i, (group, needed)) in groups.into_iter().enumerate() {
            let bit = 1_u128 << i;
            match needed {
                Some(literals) => {
                    for literal in literals {
                        *wakes.entry(literal).or_default() |= bit;
                    }
                }
                None => always |= bit,
            }
            kept.push(group);
        }
        let scanner = AhoCorasick::builder()
            .kind(Some(aho_corasick::AhoCorasickKind::DFA))
            .build(wakes.keys())
            .expect("some thousand short literals are within every limit");
        Self { groups: kept, scanner, wakes: wakes.into_values().collect(), always }
    }

    fn read(&self, text: &str, hits: &mut Vec<CueHit>) {
        let mut awake = self.always;
        for found in self.scanner.find_overlapping_iter(text) {
            awake |= self.wakes[found.pattern().as_usize()];
        }
        while awake != 0 {
            let group = &self.groups[awake.trailing_zeros() as usize];
            awake &= awake - 1;
            if let Some(matched) = group.find(text) {
                hits.push(CueHit { cue: group.cue, matched: matched.to_owned() });
            }
        }
    }
}

impl Group {
    /// The first hit that no veto touches. What a veto touches is not used up: a shorter phrase
    /// behind its start may stand.
    fn find<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut vetoes = None;
        [&self.inside, &self.whole].into_iter().flatten().find_map(|find| {
            let find = find.get();
            let mut hit = find.find(text)?;
            let vetoes: &Vec<_> = vetoes.get_or_insert_with(|| {
                let unless = self.unless.iter();
                unless.flat_map(|u| u.get().find_iter(text).map(|m| m.range())).collect()
            });
            while vetoes.iter().any(|v| v.start < hit.end() && hit.start() < v.end) {
                let next = hit.as_str().chars().next().map_or(1, char::len_utf8);
                hit = find.find_at(text, (hit.start() + next).min(text.len()))?;
            }
            Some(hit.as_str().trim_matches([' ', ',', '.', '#']))
        })
    }
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

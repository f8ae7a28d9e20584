//! The compiled lexicons of one side. A line is scanned once for the literals that patterns need;
//! only meanings with a literal in the line run their regular expressions.

use std::collections::{BTreeMap, HashMap};
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
    find: Lazy,
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
}

impl Reader {
    /// Compiles what is read in the lines of one side.
    pub(super) fn new(languages: &[Language], side: Side) -> Result<Self, LexiconError> {
        let mut groups = Vec::new();
        let mut spelling = HashMap::new();
        for language in languages {
            let translator = Translator::new(language)?;
            for (cue, meaning) in language.meanings.iter().filter(|(cue, _)| cue.side() == side) {
                groups.extend(group(&translator, *cue, meaning)?);
            }
            if matches!(side, Side::Customer | Side::Complainant) {
                misspellings(language, &mut spelling);
            }
        }
        let mut banks = Vec::new();
        while !groups.is_empty() {
            let rest = groups.split_off(groups.len().min(BANK));
            banks.push(Bank::new(groups));
            groups = rest;
        }
        Ok(Self { banks, spelling })
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

    /// The line with known misspellings put right; `None` where there are none.
    fn mend(&self, text: &str) -> Option<String> {
        if self.spelling.is_empty() {
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
            if at - start < 5 {
                continue;
            }
            if let Some(right) = self.spelling.get(&text[start..at]) {
                let out = out.get_or_insert_with(|| String::with_capacity(text.len() + 8));
                out.push_str(&text[copied..start]);
                out.push_str(right);
                copied = at;
            }
        }
        out.map(|mut out| {
            out.push_str(&text[copied..]);
            out
        })
    }
}

fn group(
    translator: &Translator<'_>,
    cue: Cue,
    meaning: &Meaning,
) -> Result<Option<Candidate>, LexiconError> {
    let mut patterns = Vec::new();
    for phrase in &meaning.bare {
        patterns.push(translator.bare(phrase)?);
    }
    patterns.extend(translator.whole(&meaning.whole)?);
    for phrase in &meaning.any {
        patterns.push(translator.anywhere(phrase)?);
    }
    let unless =
        meaning.unless.iter().map(|p| translator.anywhere(p)).collect::<Result<Vec<_>, _>>()?;
    if patterns.is_empty() {
        return Ok(None);
    }
    let needed: Option<Vec<Vec<String>>> = patterns.iter().map(|p| literals::required(p)).collect();
    let group = Group {
        cue,
        find: Lazy::new(&patterns),
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
    /// The first hit that no veto touches.
    fn find<'t>(&self, text: &'t str) -> Option<&'t str> {
        let find = self.find.get();
        let mut hits = find.find_iter(text).peekable();
        hits.peek()?;
        let vetoes: Vec<_> = self
            .unless
            .as_ref()
            .map(|unless| unless.get().find_iter(text).map(|m| m.range()).collect())
            .unwrap_or_default();
        hits.find(|hit| !vetoes.iter().any(|v| v.start < hit.end() && hit.start() < v.end))
            .map(|hit| hit.as_str().trim_matches([' ', ',', '.', '#']))
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

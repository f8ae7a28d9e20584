//! All ways of saying something that one side's lexicons know, and finding them in a line.
//!
//! A line is scanned once for literals. A way of saying runs its regular expression only where each
//! set of literals that it needs has a member in the line; ways are narrow (one branch of a phrase),
//! so their automata stay small and are soon complete, which one for a whole meaning never was.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::Hir;

use super::literals::{self, Set};
use crate::text::cue::{Cue, CueHit};

/// A regular expression that was validated when its file was read and is compiled at first use.
#[derive(Debug)]
struct Lazy {
    pattern: String,
    compiled: OnceLock<Regex>,
}

impl Lazy {
    const fn new(pattern: String) -> Self {
        Self { pattern, compiled: OnceLock::new() }
    }

    fn get(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            RegexBuilder::new(&self.pattern)
                .size_limit(1 << 28)
                .dfa_size_limit(1 << 20)
                .build()
                .expect("each part was parsed when its file was read")
        })
    }
}

/// One way of saying a meaning.
#[derive(Debug)]
struct Way {
    find: Lazy,
    group: usize,
    kind: Kind,
    /// Sets of literals that must each have a member in the line, beside the one that wakes it.
    needs: Vec<usize>,
}

/// What a way of saying is to its meaning, in the order in which they are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Found anywhere.
    Inside,
    /// Must be a whole utterance or line: looked for where no phrase inside one is found, which says
    /// more shortly what was asked for.
    Whole,
    /// Taken away by a desk: gives nothing, and lets nothing else give it.
    Gone,
}

/// A meaning in one language.
#[derive(Debug)]
struct Group {
    cue: Cue,
    unless: Option<Lazy>,
}

/// The patterns of a meaning, as regular expressions.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// Found anywhere.
    pub(super) inside: Vec<String>,
    /// Whole utterances and lines.
    pub(super) whole: Vec<String>,
    /// What takes back a hit that it touches.
    pub(super) unless: Vec<String>,
    /// What a desk took away.
    pub(super) gone: Vec<String>,
}

/// What a line was found to say.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Meanings with the phrase that gave them.
    pub(super) hits: Vec<CueHit>,
    /// Meanings of which a phrase was found and taken back ("I do not want an agent"), or that a desk
    /// took away.
    pub(super) taken_back: Vec<Cue>,
}

/// All ways of saying of one side.
#[derive(Debug)]
pub(super) struct Ways {
    all: Vec<Way>,
    groups: Vec<Group>,
    scanner: AhoCorasick,
    /// For each literal, the sets that it stands for.
    sets: Vec<Vec<usize>>,
    /// For each set, the ways that it wakes.
    wakes: Vec<Vec<usize>>,
    /// Ways that need no literal.
    always: Vec<usize>,
}

impl Ways {
    /// Compiles the meanings, in the order in which their hits are wanted.
    pub(super) fn new(meanings: Vec<(Cue, Phrases)>) -> Self {
        let mut known = Known::default();
        let mut it = Self {
            all: Vec::new(),
            groups: Vec::new(),
            scanner: AhoCorasick::new([""; 0]).expect("no literal is within every limit"),
            sets: Vec::new(),
            wakes: Vec::new(),
            always: Vec::new(),
        };
        for (cue, phrases) in meanings {
            let unless = (!phrases.unless.is_empty()).then(|| Lazy::new(phrases.unless.join("|")));
            it.groups.push(Group { cue, unless });
            for (patterns, kind) in [
                (&phrases.inside, Kind::Inside),
                (&phrases.whole, Kind::Whole),
                (&phrases.gone, Kind::Gone),
            ] {
                for pattern in patterns {
                    let hir = regex_syntax::parse(pattern).expect("validated with its file");
                    literals::branches(hir).iter().for_each(|h| it.add(h, kind, &mut known));
                }
            }
        }
        let mut literals: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (set, id) in &known.ids {
            for literal in set {
                literals.entry(literal).or_default().push(*id);
            }
        }
        // The automaton in full is several times larger, and no faster for that.
        it.scanner = AhoCorasick::builder()
            .kind(Some(aho_corasick::AhoCorasickKind::ContiguousNFA))
            .build(literals.keys())
            .expect("some thousand short literals are within every limit");
        it.sets = literals.into_values().collect();
        it
    }

    fn add(&mut self, hir: &Hir, kind: Kind, known: &mut Known) {
        let id = self.all.len();
        let mut needs: Vec<usize> =
            literals::required(hir).into_iter().map(|set| known.id(set)).collect();
        self.wakes.resize_with(known.ids.len(), Vec::new);
        if needs.is_empty() {
            self.always.push(id);
        } else {
            self.wakes[needs.remove(0)].push(id);
        }
        let find = Lazy::new(hir.to_string());
        self.all.push(Way { find, group: self.groups.len() - 1, kind, needs });
    }

    /// The hits in a line: at most one for each meaning of each language.
    pub(super) fn find(&self, text: &str) -> Found {
        let awake = self.awake(text);
        let mut all = Found::default();
        for ways in awake.chunk_by(|a, b| self.all[*a].group == self.all[*b].group) {
            let group = &self.groups[self.all[ways[0]].group];
            let (found, taken_back) = self.meant(group, ways, text);
            if let Some(found) = found {
                let matched = text[found].trim_matches([' ', ',', '.', '#']).to_owned();
                all.hits.push(CueHit { cue: group.cue, matched });
            } else if taken_back {
                all.taken_back.push(group.cue);
            }
        }
        all
    }

    /// Ways that have all their literals in the line, in order.
    fn awake(&self, text: &str) -> Vec<usize> {
        let mut present = vec![0_u64; self.wakes.len().div_ceil(64)];
        let mut last = usize::MAX;
        for found in self.scanner.find_overlapping_iter(text) {
            let literal = found.pattern().as_usize();
            if literal != last {
                last = literal;
                for set in &self.sets[literal] {
                    present[set / 64] |= 1 << (set % 64);
                }
            }
        }
        let has = |set: &usize| present[set / 64] & (1 << (set % 64)) != 0;
        let mut awake = self.always.clone();
        for (word, bits) in present.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                let set = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let wakes = self.wakes[set].iter();
                awake.extend(wakes.filter(|way| self.all[**way].needs.iter().all(has)));
            }
        }
        awake.sort_unstable();
        awake
    }

    /// The first hit that no veto touches, and whether a veto touched one.
    fn meant(&self, group: &Group, ways: &[usize], text: &str) -> (Option<Range<usize>>, bool) {
        let mut vetoes: Option<Vec<Range<usize>>> = None;
        let mut taken_back = false;
        let mut is_touched = |hit: &Range<usize>| {
            let vetoes = vetoes.get_or_insert_with(|| {
                let unless = group.unless.iter();
                unless.flat_map(|u| u.get().find_iter(text).map(|m| m.range())).collect()
            });
            let touched = vetoes.iter().any(|v| v.start < hit.end && hit.start < v.end);
            taken_back |= touched;
            touched
        };
        let (saying, gone) = self.split(ways, Kind::Gone);
        let (inside, whole) = self.split(saying, Kind::Whole);
        let found = [inside, whole].into_iter().find_map(|w| self.first(w, text, &mut is_touched));
        taken_back |= gone.iter().any(|way| self.all[*way].find.get().is_match(text));
        (found, taken_back)
    }

    /// Ways before a kind, and from it on.
    fn split<'w>(&self, ways: &'w [usize], kind: Kind) -> (&'w [usize], &'w [usize]) {
        ways.split_at(ways.partition_point(|way| self.all[*way].kind < kind))
    }

    /// The leftmost hit that is not vetoed, of ways that begin at one place that of the first. What
    /// a veto touches is not used up: a shorter phrase behind its start may stand.
    fn first(
        &self,
        ways: &[usize],
        text: &str,
        vetoed: &mut dyn FnMut(&Range<usize>) -> bool,
    ) -> Option<Range<usize>> {
        let find = |way: usize, from| self.all[way].find.get().find_at(text, from);
        let mut next: Vec<_> =
            ways.iter().filter_map(|way| Some((*way, find(*way, 0)?.range()))).collect();
        loop {
            let hit = next.iter().map(|(_, hit)| hit).min_by_key(|hit| hit.start)?.clone();
            if !vetoed(&hit) {
                return Some(hit);
            }
            let first = text[hit.clone()].chars().next().map_or(1, char::len_utf8);
            let from = (hit.start + first).min(text.len());
            next.retain_mut(|(way, hit)| {
                let again = (hit.start < from).then(|| find(*way, from).map(|m| m.range()));
                again.is_none_or(|again| again.map(|range| *hit = range).is_some())
            });
        }
    }
}

/// Sets of literals by their number.
#[derive(Default)]
struct Known {
    ids: BTreeMap<Set, usize>,
}

impl Known {
    fn id(&mut self, set: Set) -> usize {
        let next = self.ids.len();
        *self.ids.entry(set).or_insert(next)
    }
}

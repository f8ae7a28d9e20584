//! All ways of saying something that one side's lexicons know, and finding them in a line.
//!
//! A line is scanned once for literals. A way of saying runs its regular expression only where each
//! set of literals that it needs has a member in the line; ways are narrow (one branch of a phrase),
//! so their automata stay small and are soon complete, which one for a whole meaning never was.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::Hir;

use super::beginnings::{Beginnings, Starts};
use super::literals::{self, Set};
use crate::text::cue::{Cue, CueHit};
use crate::text::trie::Trie;

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
    /// How its matches begin, where that is known.
    beginnings: Option<Beginnings>,
}

impl Way {
    fn new(hir: &Hir, group: usize, kind: Kind) -> Self {
        Self { find: Lazy::new(hir.to_string()), group, kind, beginnings: Beginnings::of(hir) }
    }
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
    /// All literals.
    literals: Trie,
    /// For each literal, the sets that it stands for.
    sets: Lists,
    /// For each set, the ways that it wakes.
    wakes: Lists,
    /// For each way, sets of literals that must each have a member in the line, one behind the other.
    needs: Lists,
    /// Ways that need no literal.
    always: Vec<u32>,
}

/// Lists of numbers, side by side: a line is read with little memory at hand.
#[derive(Debug, Default)]
struct Lists {
    all: Vec<u32>,
    ends: Vec<u32>,
}

impl Lists {
    fn of(lists: impl IntoIterator<Item = impl IntoIterator<Item = u32>>) -> Self {
        let mut it = Self::default();
        for list in lists {
            it.all.extend(list);
            it.ends.push(number(it.all.len()));
        }
        it
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, at: usize) -> &[u32] {
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[from as usize..self.ends[at] as usize]
    }
}

/// There are some thousand ways, sets and literals.
fn number(n: usize) -> u32 {
    u32::try_from(n).expect("fewer than 2^32")
}

impl Ways {
    /// Compiles the meanings, in the order in which their hits are wanted.
    pub(super) fn new(meanings: Vec<(Cue, Phrases)>) -> Self {
        let mut known = Known::default();
        let mut all: Vec<Way> = Vec::new();
        let mut needs: Vec<Vec<u32>> = Vec::new();
        let mut wakes: Vec<Vec<u32>> = Vec::new();
        let (mut always, mut groups) = (Vec::new(), Vec::new());
        for (cue, phrases) in meanings {
            let unless = (!phrases.unless.is_empty()).then(|| Lazy::new(phrases.unless.join("|")));
            groups.push(Group { cue, unless });
            for (patterns, kind) in [
                (&phrases.inside, Kind::Inside),
                (&phrases.whole, Kind::Whole),
                (&phrases.gone, Kind::Gone),
            ] {
                for pattern in patterns {
                    let hir = regex_syntax::parse(pattern).expect("validated with its file");
                    for hir in &literals::branches(hir) {
                        let way = number(all.len());
                        let required = literals::required(hir);
                        let telling = literals::most_telling(&required);
                        let own: Vec<u32> = required.into_iter().map(|s| known.id(s)).collect();
                        wakes.resize_with(known.ids.len(), Vec::new);
                        match telling {
                            Some(at) => wakes[own[at] as usize].push(way),
                            None => always.push(way),
                        }
                        needs.push(own);
                        all.push(Way::new(hir, groups.len() - 1, kind));
                    }
                }
            }
        }
        let mut by_literal: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (set, id) in &known.ids {
            for literal in set {
                by_literal.entry(literal).or_default().push(*id);
            }
        }
        let texts: Vec<&[u8]> = by_literal.keys().map(|literal| literal.as_bytes()).collect();
        let literals = Trie::new(&texts);
        let sets = Lists::of(by_literal.into_values());
        let (wakes, needs) = (Lists::of(wakes), Lists::of(needs));
        Self { all, groups, literals, sets, wakes, needs, always }
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
        let mut met = Met { places: vec![Place::default(); self.wakes.len()], sets: Vec::new() };
        for (start, _) in text.char_indices() {
            self.literals.prefixes(&text.as_bytes()[start..], |length, literal| {
                for set in self.sets.get(literal as usize) {
                    met.add(*set, start, start + length);
                }
            });
        }
        let starts = Starts::of(text);
        let woken = met.sets.iter().flat_map(|set| self.wakes.get(*set as usize));
        let may = |way: &usize| {
            met.in_a_row(self.needs.get(*way))
                && self.all[*way].beginnings.as_ref().is_none_or(|b| b.meet(&starts))
        };
        let all = self.always.iter().chain(woken).map(|way| *way as usize);
        let mut awake: Vec<usize> = all.filter(may).collect();
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

#[cfg(test)]
impl Ways {
    /// The first way that matches a line and is passed over in it.
    pub(super) fn passed_over(&self, text: &str) -> Option<&str> {
        let awake = self.awake(text);
        let asleep = (0..self.all.len()).filter(|way| awake.binary_search(way).is_err());
        let mut found = asleep.map(|way| &self.all[way].find);
        found.find(|find| find.get().is_match(text)).map(|find| find.pattern.as_str())
    }
}

/// Which sets have a literal in a line.
struct Met {
    /// By set.
    places: Vec<Place>,
    /// Those that were met.
    sets: Vec<u32>,
}

/// Where a set has literals in a line, bytes.
#[derive(Clone, Copy, Default)]
struct Place {
    /// Where the first to end ends; 0 where there is none.
    first_end: u32,
    /// Where the last one begins.
    last_start: u32,
}

impl Met {
    fn add(&mut self, set: u32, start: usize, end: usize) {
        let place = &mut self.places[set as usize];
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        if place.first_end == 0 {
            place.first_end = u32::MAX;
            self.sets.push(set);
        }
        place.first_end = place.first_end.min(narrow(end));
        // They are found in the order of their starts.
        place.last_start = narrow(start);
    }

    /// Whether each of the sets may have a literal behind one of the set before it.
    fn in_a_row(&self, sets: &[u32]) -> bool {
        let mut from = 0;
        sets.iter().all(|set| {
            let place = self.places[*set as usize];
            let there = place.first_end > 0 && place.last_start >= from;
            from = from.max(place.first_end);
            there
        })
    }
}

/// Sets of literals by their number.
#[derive(Default)]
struct Known {
    ids: BTreeMap<Set, u32>,
}

impl Known {
    fn id(&mut self, set: Set) -> u32 {
        let next = number(self.ids.len());
        *self.ids.entry(set).or_insert(next)
    }
}

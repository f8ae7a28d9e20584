//! The counts of one text, and how two of them add up.

use std::collections::{BTreeMap, BTreeSet};

use super::place::{Place, Turn};
use super::sample::{self, Sample};
use crate::text::desk::Evidence;

/// Conversations of a text that are known one by one; beyond them only their number is.
const KNOWN: usize = 1_024;

/// Customers' messages kept for each text.
const SAMPLE: usize = 48;

/// What was counted of one text, or of several joined.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    /// Counts that add up.
    pub(super) sums: Evidence,
    /// Conversations, by ordinal, as far as they are known.
    known: BTreeSet<u32>,
    /// Customers' messages before it, one a conversation.
    pub(super) before: Sample,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            sums: Evidence { texts: 1, ..Evidence::default() },
            known: BTreeSet::new(),
            before: Sample::new(SAMPLE),
        }
    }
}

impl Tally {
    /// Counts its lines in one conversation.
    pub(super) fn add(&mut self, ordinal: u32, key: u64, places: &[&Place]) {
        self.sums.conversations += 1;
        self.sums.recurs_in += u64::from(places.len() > 1);
        if self.known.len() < KNOWN {
            self.known.insert(ordinal);
        }
        if let Some((line, told)) =
            places.iter().find_map(|p| Some((p.line, p.told_before.as_ref()?)))
        {
            self.before.add(sample::mix(key, line), told);
        }
        for place in places {
            self.line(place);
        }
    }

    fn line(&mut self, place: &Place) {
        let sums = &mut self.sums;
        let add = |count: &mut u64, holds: bool| *count += u64::from(holds);
        let asked = matches!(place.after, Some(Turn::Request | Turn::Nudge));
        let again = place.then == Some(Turn::Request);
        let told = place.then == Some(Turn::Telling);
        add(&mut sums.occurrences, true);
        add(&mut sums.by_system, place.by_system);
        add(&mut sums.opens, place.opens);
        add(&mut sums.before_customer, place.opens && place.after.is_none());
        add(&mut sums.ends, place.ends);
        add(&mut sums.after_request, asked);
        add(&mut sums.after_telling, place.after == Some(Turn::Telling));
        add(&mut sums.after_greeting, place.after == Some(Turn::Greeting));
        add(&mut sums.after_thanks, place.after == Some(Turn::Thanks));
        add(&mut sums.then_more, place.then_more);
        add(&mut sums.then_human, place.then_human);
        add(&mut sums.then_request, again);
        add(&mut sums.then_request_through, again && place.human_later);
        add(&mut sums.then_retold, told && place.retold);
        add(&mut sums.then_told, told && !place.retold);
        add(&mut sums.then_thanks, place.then == Some(Turn::Thanks));
        for cue in &place.cues {
            *sums.lexicon.entry(cue.name().to_owned()).or_default() += 1;
        }
    }

    /// Conversations that have it. Of joined texts it is exact while each is known one by one, else
    /// the least it can be.
    pub(super) fn conversations(&self) -> u64 {
        self.sums.conversations
    }

    /// The counts of both, as of one text.
    pub(super) fn merge(&mut self, other: Self) {
        let most = self.sums.conversations.max(other.sums.conversations);
        self.known.extend(other.known);
        self.before.merge(other.before);
        let (a, mut b) = (&mut self.sums, other.sums);
        a.conversations = most.max(self.known.len() as u64);
        for (into, from) in numbers(a).into_iter().zip(numbers(&mut b)) {
            *into += *from;
        }
        a.recurs_in = a.recurs_in.min(a.conversations);
        for (cue, n) in b.lexicon {
            *a.lexicon.entry(cue).or_default() += n;
        }
    }

    /// The meanings that the lexicon reads in at least four of five of its lines.
    pub(super) fn cues(&self) -> BTreeMap<&str, u64> {
        let sums = &self.sums;
        let most = |n: u64| n * 5 >= sums.occurrences * 4;
        sums.lexicon.iter().filter(|(_, n)| most(**n)).map(|(c, n)| (c.as_str(), *n)).collect()
    }
}

/// The counts that add up; conversations do not.
fn numbers(e: &mut Evidence) -> [&mut u64; 18] {
    [
        &mut e.recurs_in,
        &mut e.occurrences,
        &mut e.by_system,
        &mut e.texts,
        &mut e.opens,
        &mut e.before_customer,
        &mut e.ends,
        &mut e.after_request,
        &mut e.after_telling,
        &mut e.after_greeting,
        &mut e.after_thanks,
        &mut e.then_more,
        &mut e.then_human,
        &mut e.then_request,
        &mut e.then_request_through,
        &mut e.then_retold,
        &mut e.then_told,
        &mut e.then_thanks,
    ]
}

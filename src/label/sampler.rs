//! The draw: of every stratum the conversations with the smallest hash of seed and id. One pass; memory
//! holds at most `n` conversations of each stratum; neither the order of rows nor threads move it.

use std::collections::BTreeMap;

use super::case::{Case, place};
use super::plan::Plan;
use super::stratum::{STRATA, Stratum};
use super::{Found, Ticket, allocate};
use crate::model::Facts;
use crate::stats::Class;

/// A conversation that may be drawn, with what is printed of it.
#[derive(Debug)]
struct Candidate<T> {
    conversation_id: String,
    found: Found,
    shown: T,
}

/// A conversation that was drawn.
#[derive(Debug)]
pub struct Drawn<T> {
    /// Its id as printed.
    pub conversation_id: String,
    /// Its draw.
    pub ticket: Ticket,
    /// What the caller keeps of it.
    pub shown: T,
}

/// Conversations as they come.
#[derive(Debug)]
pub struct Sampler<T> {
    n: usize,
    seed: u64,
    strata: [BTreeMap<(u64, Case), Candidate<T>>; STRATA],
    sizes: [u64; STRATA],
    fingerprint: u32,
    plan: Plan,
}

impl<T> Sampler<T> {
    /// Draws up to `n` by this seed.
    #[must_use]
    pub fn new(n: usize, seed: u64) -> Self {
        Self {
            n,
            seed,
            strata: std::array::from_fn(|_| BTreeMap::new()),
            sizes: [0; STRATA],
            fingerprint: 0,
            plan: Plan::default(),
        }
    }

    /// Takes one conversation; `show` is asked for only while it may still be drawn.
    pub fn add(&mut self, facts: &Facts, show: impl FnOnce() -> T) {
        let (case, stratum, found) = (Case::of(facts), Stratum::of(facts), Found::new(facts));
        self.fingerprint = self.fingerprint.wrapping_add(case.mark());
        self.sizes[stratum as usize] += 1;
        self.plan.add(stratum, &found);
        let kept = &mut self.strata[stratum as usize];
        let at = (place(facts, self.seed), case);
        let full = kept.len() >= self.n;
        if self.n == 0 || (full && kept.last_key_value().is_some_and(|(last, _)| *last <= at)) {
            return;
        }
        if full {
            kept.pop_last();
        }
        let conversation_id = facts.conversation_id.clone();
        kept.insert(at, Candidate { conversation_id, found, shown: show() });
    }

    /// Sizes and expected errors.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The sample, in the order of the hashes: no stratum stands together.
    #[must_use]
    pub fn draw(self) -> Vec<Drawn<T>> {
        let taken = allocate(&self.sizes, self.n as u64);
        let population = self.sizes.iter().sum();
        let mut out: Vec<((u64, Case), Drawn<T>)> = Vec::new();
        for (stratum, kept) in Stratum::ALL.into_iter().zip(self.strata) {
            let drawn = taken[stratum as usize];
            let size = self.sizes[stratum as usize];
            for (at, candidate) in kept.into_iter().take(usize::try_from(drawn).unwrap_or(0)) {
                let ticket = Ticket {
                    case: at.1,
                    stratum,
                    size,
                    drawn: u32::try_from(drawn).unwrap_or(u32::MAX),
                    population,
                    fingerprint: self.fingerprint,
                    found: candidate.found,
                };
                let Candidate { conversation_id, shown, .. } = candidate;
                out.push((at, Drawn { conversation_id, ticket, shown }));
            }
        }
        out.sort_by_key(|(at, _)| *at);
        out.into_iter().map(|(_, drawn)| drawn).collect()
    }
}

impl Plan {
    fn add(&mut self, stratum: Stratum, found: &Found) {
        self.sizes[stratum as usize] += 1;
        for (i, class) in found.classes.iter().enumerate() {
            let class: Class = *class;
            self.classes[stratum as usize][i][class as usize] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(i: u32) -> Facts {
        Facts {
            conversation_id: format!("c{i}"),
            customer_messages: i % 7,
            rephrases_bot: u32::from(i.is_multiple_of(11)),
            ..Facts::default()
        }
    }

    fn ids(order: impl Iterator<Item = u32>, seed: u64) -> Vec<String> {
        let mut sampler = Sampler::new(40, seed);
        for i in order {
            sampler.add(&facts(i), || ());
        }
        sampler.draw().into_iter().map(|d| d.conversation_id).collect()
    }

    #[test]
    fn order_does_not_matter_and_the_seed_does() {
        let forward = ids(0..500, 1);
        assert_eq!(forward.len(), 40);
        assert_eq!(forward, ids((0..500).rev(), 1));
        assert_ne!(forward, ids(0..500, 2));
    }

    #[test]
    fn tickets_tell_the_design() {
        let mut sampler = Sampler::new(40, 1);
        (0..500).for_each(|i| sampler.add(&facts(i), || ()));
        let drawn = sampler.draw();
        let retold: Vec<_> =
            drawn.iter().filter(|d| d.ticket.stratum == Stratum::UnaskedRetold).collect();
        assert_eq!(retold[0].ticket.size, 46, "of 0..500 every eleventh");
        assert_eq!(retold[0].ticket.drawn as usize, retold.len());
        assert!(retold.len() >= 6 && drawn.iter().all(|d| d.ticket.population == 500));
        let all = super::super::fingerprint((0..500).map(|i| Case::of(&facts(i))));
        assert_eq!(drawn[0].ticket.fingerprint, all);
    }

    #[test]
    fn every_one_of_a_stratum_is_as_likely() {
        // Over 400 seeds each of 20 conversations is drawn in about half of the draws of 10.
        let mut hits = [0_u32; 20];
        for seed in 0..400 {
            let mut sampler = Sampler::new(10, seed);
            (0..20).for_each(|i| {
                sampler.add(&Facts { conversation_id: i.to_string(), ..Facts::default() }, || ());
            });
            sampler
                .draw()
                .iter()
                .for_each(|d| hits[d.conversation_id.parse::<usize>().unwrap()] += 1);
        }
        // Five standard deviations of a draw of 400 halves.
        assert!(hits.iter().all(|n| (150..=250).contains(n)), "{hits:?}");
    }
}

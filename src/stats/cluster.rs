//! Hits and base counted by cluster (one customer may come back), so that the interval does not
//! take one angry customer for ten.
//!
//! Source: L. Kish (1965), *Survey Sampling*; the variance of a ratio of cluster totals by Taylor
//! linearisation. The Wilson interval is taken on the effective size `n / design effect`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::interval::{Rate, wilson};

/// Hits and base, with the clusters seen more than nowhere. Cases without a cluster id are
/// independent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusteredCount {
    hits: u64,
    of: u64,
    clusters: BTreeMap<u64, (u32, u32)>,
}

impl ClusteredCount {
    /// Adds one case.
    pub fn add(&mut self, hit: bool, cluster: Option<u64>) {
        self.hits += u64::from(hit);
        self.of += 1;
        if let Some(id) = cluster {
            let entry = self.clusters.entry(id).or_default();
            entry.0 += u32::from(hit);
            entry.1 += 1;
        }
    }

    /// Adds all cases of another.
    pub fn merge(&mut self, other: &Self) {
        self.hits += other.hits;
        self.of += other.of;
        for (id, (hits, of)) in &other.clusters {
            let entry = self.clusters.entry(*id).or_default();
            entry.0 += hits;
            entry.1 += of;
        }
    }

    /// Cases that hit.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.hits
    }

    /// All cases.
    #[must_use]
    pub fn of(&self) -> u64 {
        self.of
    }

    /// The rate with its interval, widened by the design effect (never narrowed).
    #[must_use]
    pub fn rate(&self) -> Rate {
        let plain = Rate::new(self.hits, self.of);
        let (Some(p), Some(effective)) = (plain.share(), self.effective()) else { return plain };
        let (low, high) = wilson(p, effective);
        Rate { low: Some(low), high: Some(high), ..plain }
    }

    /// How many independent cases tell as much as these: `n / design effect`, never more than n;
    /// `None` for an empty base.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    pub fn effective(&self) -> Option<f64> {
        let p = Rate::new(self.hits, self.of).share()?;
        let n = self.of as f64;
        let clustered: u64 = self.clusters.values().map(|c| u64::from(c.1)).sum();
        let alone = self.of - clustered;
        let count = alone + self.clusters.len() as u64;
        if count == self.of {
            return Some(n);
        }
        if self.hits == 0 || self.hits == self.of {
            // Nothing varies, so nothing can be estimated: count every cluster as one case.
            return Some(count as f64);
        }
        let own = self.clusters.values().map(|(y, m)| {
            let residual = f64::from(*y) - p * f64::from(*m);
            residual * residual
        });
        let single_hits = self.hits - self.clusters.values().map(|c| u64::from(c.0)).sum::<u64>();
        let single =
            single_hits as f64 * (1.0 - p) * (1.0 - p) + (alone - single_hits) as f64 * p * p;
        let k = count as f64;
        let variance =
            (own.sum::<f64>() + single) / (n * n) * if count > 1 { k / (k - 1.0) } else { 1.0 };
        let design = (variance / (p * (1.0 - p) / n)).max(1.0);
        Some(n / design)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_customer_ten_times_is_one_case() {
        let mut count = ClusteredCount::default();
        (0..10).for_each(|_| count.add(true, Some(7)));
        // Wilson of 1 of 1: low = (1 + 1.9207 - 1.96 * sqrt(0.9604)) / 4.8415 = 0.2065.
        let rate = count.rate();
        assert_eq!((rate.hits, rate.of, rate.high), (10, 10, Some(1.0)));
        assert!((rate.low.unwrap() - 0.2065).abs() < 5e-4);
    }

    #[test]
    fn distinct_customers_are_independent() {
        let mut count = ClusteredCount::default();
        (0..8).for_each(|i| count.add(i < 3, Some(i)));
        assert_eq!(count.rate(), Rate::new(3, 8));
    }

    proptest! {
        #[test]
        fn merge_is_adding_all(
            cases in proptest::collection::vec((any::<bool>(), proptest::option::of(0u64..5)), 0..40),
            cut in 0usize..40,
        ) {
            let cut = cut.min(cases.len());
            let count = |cases: &[(bool, Option<u64>)]| {
                let mut c = ClusteredCount::default();
                cases.iter().for_each(|(hit, id)| c.add(*hit, *id));
                c
            };
            let mut merged = count(&cases[..cut]);
            merged.merge(&count(&cases[cut..]));
            prop_assert_eq!(&merged, &count(&cases));
            let (rate, plain) = (merged.rate(), Rate::new(merged.hits, merged.of));
            if let (Some(low), Some(plain_low)) = (rate.low, plain.low) {
                prop_assert!(low <= plain_low + 1e-12);
                prop_assert!((0.0..=1.0).contains(&low));
            }
        }
    }
}

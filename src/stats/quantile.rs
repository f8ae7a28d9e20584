//! Quantiles as observed values (type 1), with order-statistic intervals.
//!
//! Sources: R. J. Hyndman, Y. Fan (1996), "Sample quantiles in statistical packages", The American
//! Statistician 50, 361-365 (type 1); H. A. David, H. N. Nagaraja (2003), *Order Statistics*,
//! section 7.1 (distribution-free intervals).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, DiscreteCDF};

/// Values and how often each came: a small summary of any number of whole values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    values: BTreeMap<i64, u64>,
    n: u64,
    sum: i128,
}

impl Counts {
    /// Adds one value.
    pub fn add(&mut self, value: i64) {
        self.add_times(value, 1);
    }

    /// Adds a value that came so many times.
    pub fn add_times(&mut self, value: i64, times: u64) {
        if times > 0 {
            *self.values.entry(value).or_default() += times;
            self.n += times;
            self.sum += i128::from(value) * i128::from(times);
        }
    }

    /// Adds all values of another.
    pub fn merge(&mut self, other: &Self) {
        for (value, times) in &other.values {
            self.add_times(*value, *times);
        }
    }

    /// How many values.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Values and counts, smallest first.
    pub fn iter(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        self.values.iter().map(|(v, n)| (*v, *n))
    }

    /// Mean; `None` without values.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "sums below 2^53 in any log that fits a disk")]
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum as f64 / self.n as f64)
    }

    /// Largest value.
    #[must_use]
    pub fn max(&self) -> Option<i64> {
        self.values.last_key_value().map(|(v, _)| *v)
    }

    /// The value of rank `rank` (1 = smallest); `None` outside.
    #[must_use]
    pub fn at_rank(&self, rank: u64) -> Option<i64> {
        let mut seen = 0;
        self.values.iter().find_map(|(value, times)| {
            seen += times;
            (rank >= 1 && seen >= rank).then_some(*value)
        })
    }

    /// Type 1 quantile: the smallest value with at least a share `p` at or below it.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<i64> {
        self.at_rank(rank_of(p, self.n))
    }

    /// The 95 % interval of the quantile; an end is `None` where `n` is too small for it (6 for a
    /// median, 36 for p90, 72 for p95, 368 for p99: below that both ends are open).
    #[must_use]
    pub fn quantile_interval(&self, p: f64) -> (Option<i64>, Option<i64>) {
        match quantile_bounds(p, self.n) {
            Some((low, high)) => (self.at_rank(low), self.at_rank(high)),
            None => (None, None),
        }
    }
}

/// Rank of the type 1 quantile, guarded against `0.9 * 10 = 9.000000000000002`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "0 <= p <= 1 and counts below 2^53"
)]
fn rank_of(p: f64, n: u64) -> u64 {
    ((p * n as f64 - 1e-9).ceil() as u64).clamp(1, n.max(1))
}

/// Ranks (from 1) whose values hold the quantile `p` of `n` values with 95 %; `None` where `n` is
/// too small for both.
#[must_use]
pub fn quantile_bounds(p: f64, n: u64) -> Option<(u64, u64)> {
    let binomial = Binomial::new(p, n).ok().filter(|_| n > 0)?;
    // Lower: the largest l with P(B <= l - 1) <= 2.5 %; upper: the smallest u with
    // P(B >= u) <= 2.5 %, that is P(B <= u - 1) >= 97.5 %.
    let low = partition(0, n, |l| binomial.cdf(l) <= 0.025);
    let high = partition(0, n, |u| binomial.cdf(u) < 0.975) + 1;
    (low >= 1 && high <= n).then_some((low, high))
}

/// The number of leading values of `from..to` for which `holds`.
fn partition(from: u64, to: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (from, to);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_observed_values() {
        let mut counts = Counts::default();
        (1..=10).for_each(|v| counts.add(v));
        assert_eq!(counts.quantile(0.5), Some(5));
        assert_eq!(counts.quantile(0.9), Some(9));
        assert_eq!(counts.quantile(0.99), Some(10));
        assert_eq!(Counts::default().quantile(0.5), None);
    }

    #[test]
    fn intervals_open_below_the_needed_n() {
        for (p, n) in [(0.5, 6), (0.9, 36), (0.95, 72), (0.99, 368)] {
            assert!(quantile_bounds(p, n).is_some(), "{p} {n}");
            assert!(quantile_bounds(p, n - 1).is_none(), "{p} {n}");
        }
    }

    #[test]
    fn median_of_ten_lies_between_the_second_and_the_ninth() {
        // P(B(10, 1/2) <= 1) = 11/1024 = 0.0107 <= 0.025 < P(B <= 2) = 56/1024: ranks 2 and 9.
        assert_eq!(quantile_bounds(0.5, 10), Some((2, 9)));
    }
}

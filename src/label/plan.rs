//! What a sample is likely to tell before anybody has labelled it. The error shares below are planning
//! figures, taken from no data: the labels will tell the real ones.

use super::stratum::STRATA;
use super::{MEASURES, Measure, allocate};
use crate::stats::Class;

/// Planned share of wrong ones among what was found, and of missed ones among what was not.
const WRONG: f64 = 0.10;
const MISSED: f64 = 0.03;
/// Two-sided 95 %.
const Z: f64 = 1.96;

/// Sizes, and what was found in each stratum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub(super) sizes: [u64; STRATA],
    /// Cases by stratum, measure and class.
    pub(super) classes: [[[u64; 3]; MEASURES]; STRATA],
}

/// What is expected for one measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planned {
    /// The measure.
    pub measure: Measure,
    /// Cases of its base, as found.
    pub base: u64,
    /// The rate as found; `None` for an empty base.
    pub rate: Option<f64>,
    /// Half the width of the interval of the corrected rate, as a share; `None` for an empty base.
    pub half: Option<f64>,
    /// Conversations to label for the wished half-width; `None` where none is wished.
    pub needed: Option<u64>,
}

impl Plan {
    /// Conversations in each stratum.
    #[must_use]
    pub const fn sizes(&self) -> &[u64; STRATA] {
        &self.sizes
    }

    /// Conversations to draw of each stratum.
    #[must_use]
    pub fn drawn(&self, n: u64) -> [u64; STRATA] {
        allocate(&self.sizes, n)
    }

    /// What `n` labels are expected to tell, and how many tell each rate within `error`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    pub fn expect(&self, n: u64, error: Option<f64>) -> Vec<Planned> {
        let planned = |measure: Measure| {
            let (hits, base) = self.found(measure);
            let rate = (base > 0).then(|| hits as f64 / base as f64);
            Planned {
                measure,
                base,
                rate,
                half: self.half(measure, n),
                needed: error.and_then(|error| self.needed(measure, error)),
            }
        };
        Measure::ALL.map(planned).to_vec()
    }

    fn found(&self, measure: Measure) -> (u64, u64) {
        self.classes.iter().fold((0, 0), |(hits, of), stratum| {
            let [_, base, hit] = stratum[measure as usize];
            (hits + hit, of + base + hit)
        })
    }

    /// The variance of the difference estimator at the planned errors.
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    fn half(&self, measure: Measure, n: u64) -> Option<f64> {
        let (hits, of) = self.found(measure);
        if of == 0 || n == 0 {
            return None;
        }
        // A rate of 0 or 1 as found is not known to be 0 or 1.
        let rate = (hits as f64 / of as f64).clamp(MISSED, 1.0 - MISSED);
        let spread = |class: Class| match class {
            Class::Hit => WRONG * (1.0 - WRONG),
            Class::Base => MISSED * (1.0 - MISSED),
            // A missed case of the base moves hits and base.
            Class::Out => MISSED * rate * (1.0 - rate),
        };
        let drawn = self.drawn(n);
        let mut variance = 0.0;
        for (i, size) in self.sizes.iter().enumerate().filter(|(_, size)| **size > 0) {
            let (size, drawn) = (*size as f64, drawn[i] as f64);
            if drawn == 0.0 {
                return None;
            }
            let cases = &self.classes[i][measure as usize];
            let of_class = |class: Class| cases[class as usize] as f64 * spread(class);
            let mean = Class::ALL.into_iter().map(of_class).sum::<f64>() / size;
            variance += size * size * (1.0 - drawn / size) * mean / drawn;
        }
        Some(Z * variance.sqrt() / of as f64)
    }

    /// The fewest labels for that half-width: by halving, as more labels never tell less.
    fn needed(&self, measure: Measure, error: f64) -> Option<u64> {
        let all: u64 = self.sizes.iter().sum();
        let enough = |n: u64| self.half(measure, n).is_some_and(|half| half <= error);
        if !enough(all) {
            return None;
        }
        let (mut short, mut enough_at) = (0, all);
        while enough_at - short > 1 {
            let middle = u64::midpoint(short, enough_at);
            if enough(middle) {
                enough_at = middle;
            } else {
                short = middle;
            }
        }
        Some(enough_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 asked, of whom 80 were served; 900 did not.
    fn plan() -> Plan {
        let mut plan = Plan { sizes: [20, 80, 0, 0, 0, 900], ..Plan::default() };
        plan.classes[0][0] = [0, 0, 20];
        plan.classes[1][0] = [0, 0, 80];
        plan.classes[5][0] = [0, 900, 0];
        plan
    }

    #[test]
    fn by_hand() {
        let plan = plan();
        let [a, b, .., c] = plan.drawn(100);
        // 16, 22 or so of the asked and the rest of the others: the formula with these numbers.
        let part = |size: f64, drawn: u64, v: f64| {
            let drawn = f64::from(u32::try_from(drawn).unwrap());
            size * size * (1.0 - drawn / size) * v / drawn
        };
        let v = part(20.0, a, 0.09) + part(80.0, b, 0.09) + part(900.0, c, 0.0291);
        let asked = plan.expect(100, None)[0];
        assert!((asked.half.unwrap() - 1.96 * v.sqrt() / 1000.0).abs() < 1e-12);
        assert_eq!((asked.base, asked.rate, asked.needed), (1000, Some(0.1), None));
        assert_eq!(plan.expect(100, None)[1].half, None, "nobody stands in its base");
    }

    #[test]
    fn the_number_needed_is_the_first_that_is_enough() {
        let plan = plan();
        let needed = plan.expect(100, Some(0.02))[0].needed.unwrap();
        let half = |n| plan.expect(n, None)[0].half.unwrap();
        assert!(half(needed) <= 0.02 && half(needed - 1) > 0.02, "{needed}");
        assert_eq!(plan.expect(9, Some(0.0))[0].needed, Some(1000), "all, to know");
    }
}

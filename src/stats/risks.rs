//! Time to an event when other events may come first: Aalen-Johansen and Kaplan-Meier.
//!
//! Sources: O. Aalen, S. Johansen (1978), Scandinavian Journal of Statistics 5, 141-150; variance by
//! the delta method, E. Marubini, M. G. Valsecchi (1995), *Analysing Survival Data*, section 10.3;
//! E. L. Kaplan, P. Meier (1958), JASA 53, 457-481.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::interval::wilson;

/// How a time ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The event of interest.
    Event,
    /// The first competing event.
    First,
    /// The second competing event.
    Second,
    /// Observation stopped.
    Censored,
}

/// Times by cause: a small summary of any number of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risks {
    times: BTreeMap<i64, [u64; 4]>,
    n: u64,
}

/// The curves just after a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Time.
    pub t: i64,
    /// Cases still waiting just before it.
    pub at_risk: u64,
    /// Cumulative incidence of the event.
    pub event: f64,
    /// Its 95 % interval.
    pub low: f64,
    /// Its 95 % interval.
    pub high: f64,
    /// Cumulative incidence of the first competing event.
    pub first: f64,
    /// Cumulative incidence of the second competing event.
    pub second: f64,
    /// 1 - Kaplan-Meier, everything but the event censored.
    pub kaplan_meier: f64,
}

/// The curves, at every time at which something ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    points: Vec<Point>,
    n: u64,
}

impl Risks {
    /// Adds one time.
    pub fn add(&mut self, t: i64, cause: Cause) {
        self.times.entry(t).or_default()[cause as usize] += 1;
        self.n += 1;
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: &Self) {
        for (t, counts) in &other.times {
            let own = self.times.entry(*t).or_default();
            for (a, b) in own.iter_mut().zip(counts) {
                *a += b;
            }
        }
        self.n += other.n;
    }

    /// What is left when a part, added before, is taken out again.
    #[must_use]
    pub fn without(&self, part: &Self) -> Self {
        let mut out = self.clone();
        for (t, counts) in &part.times {
            if let Some(own) = out.times.get_mut(t) {
                for (a, b) in own.iter_mut().zip(counts) {
                    *a = a.saturating_sub(*b);
                }
            }
        }
        out.times.retain(|_, counts| counts.iter().any(|c| *c > 0));
        out.n = out.times.values().flatten().sum();
        out
    }

    /// How many times.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Times with counts by [`Cause`], earliest first.
    pub fn iter(&self) -> impl Iterator<Item = (i64, [u64; 4])> + '_ {
        self.times.iter().map(|(t, c)| (*t, *c))
    }

    /// Events at or before `t`.
    #[must_use]
    pub fn events_until(&self, t: i64) -> u64 {
        self.times.range(..=t).map(|(_, c)| c[Cause::Event as usize]).sum()
    }

    /// The curves.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    pub fn curve(&self) -> Curve {
        let mut at_risk = self.n;
        let (mut survival, mut km) = (1.0_f64, 1.0_f64);
        let mut incidence = [0.0_f64; 3];
        let mut variance = Variance::default();
        let mut censored = 0;
        let mut points = Vec::with_capacity(self.times.len());
        for (t, counts) in &self.times {
            let n = at_risk as f64;
            let ended: u64 = counts[..3].iter().sum();
            let (d, d1) = (ended as f64, counts[0] as f64);
            for (sum, count) in incidence.iter_mut().zip(counts) {
                *sum += survival * *count as f64 / n;
            }
            variance.add(incidence[0], survival, n, d, d1);
            survival *= 1.0 - d / n;
            km *= 1.0 - d1 / n;
            let (low, high) = if censored == 0 {
                wilson(incidence[0], self.n as f64)
            } else {
                variance.interval(incidence[0], (self.n - censored) as f64)
            };
            points.push(Point {
                t: *t,
                at_risk,
                event: incidence[0],
                low,
                high,
                first: incidence[1],
                second: incidence[2],
                kaplan_meier: 1.0 - km,
            });
            censored += counts[Cause::Censored as usize];
            at_risk -= ended + counts[Cause::Censored as usize];
        }
        Curve { points, n: self.n }
    }
}

/// Running sums of the delta-method variance of the cumulative incidence.
#[derive(Debug, Default)]
struct Variance {
    a: f64,
    a_i: f64,
    a_ii: f64,
    own: f64,
    b: f64,
    b_i: f64,
}

impl Variance {
    fn add(&mut self, incidence: f64, survival: f64, n: f64, d: f64, d1: f64) {
        if n > d {
            let a = d / (n * (n - d));
            self.a += a;
            self.a_i += a * incidence;
            self.a_ii += a * incidence * incidence;
        }
        self.own += survival * survival * d1 / (n * n) * (n - d1) / n;
        let b = survival * d1 / (n * n);
        self.b += b;
        self.b_i += b * incidence;
    }

    fn interval(&self, p: f64, n: f64) -> (f64, f64) {
        let spread = p * p * self.a - 2.0 * p * self.a_i + self.a_ii;
        let mixed = p * self.b - self.b_i;
        let variance = spread + self.own - 2.0 * mixed;
        let effective =
            if p > 0.0 && p < 1.0 && variance > 0.0 { p * (1.0 - p) / variance } else { n };
        wilson(p, effective.max(1.0))
    }
}

impl Curve {
    /// All points, earliest first.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The curves at `t`; `None` without cases.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    pub fn at(&self, t: i64) -> Option<Point> {
        if self.n == 0 {
            return None;
        }
        let index = self.points.partition_point(|p| p.t <= t);
        Some(if let Some(i) = index.checked_sub(1) {
            self.points[i]
        } else {
            let (low, high) = wilson(0.0, self.n as f64);
            Point {
                t,
                at_risk: self.n,
                event: 0.0,
                low,
                high,
                first: 0.0,
                second: 0.0,
                kaplan_meier: 0.0,
            }
        })
    }

    /// The first time at which the incidence of the event is at least `p`; `None`: never.
    #[must_use]
    pub fn event_quantile(&self, p: f64) -> Option<i64> {
        self.points.iter().find(|point| point.event >= p - 1e-12).map(|point| point.t)
    }

    /// The first time at which 1 - Kaplan-Meier is at least `p`; `None`: never.
    #[must_use]
    pub fn kaplan_meier_quantile(&self, p: f64) -> Option<i64> {
        self.points.iter().find(|point| point.kaplan_meier >= p - 1e-12).map(|point| point.t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn risks(times: &[(i64, Cause)]) -> Risks {
        let mut out = Risks::default();
        times.iter().for_each(|(t, c)| out.add(*t, *c));
        out
    }

    #[test]
    fn without_censoring_it_is_a_share() {
        let curve =
            risks(&[(1, Cause::Event), (2, Cause::First), (3, Cause::Event), (4, Cause::Second)])
                .curve();
        let end = curve.at(10).unwrap();
        assert!((end.event - 0.5).abs() < 1e-12);
        assert!((end.first - 0.25).abs() < 1e-12 && (end.second - 0.25).abs() < 1e-12);
        assert_eq!(curve.event_quantile(0.5), Some(3));
        assert_eq!(curve.event_quantile(0.6), None);
        assert_eq!(curve.at(0).unwrap().event.to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn with_censoring_by_hand() {
        // n = 4. t=1: 1 event of 4 -> I = 1/4, S = 3/4. t=2: 1 censored. t=3: 1 event of 2 ->
        // I = 1/4 + 3/4 * 1/2 = 5/8. KM: 1 - 3/4 * 1/2 = 5/8.
        let curve =
            risks(&[(1, Cause::Event), (2, Cause::Censored), (3, Cause::Event), (4, Cause::First)])
                .curve();
        let p = curve.at(3).unwrap();
        assert!((p.event - 0.625).abs() < 1e-12 && (p.kaplan_meier - 0.625).abs() < 1e-12);
        assert!(p.low < 0.625 && p.high > 0.625);
        let end = curve.at(4).unwrap();
        assert!((end.first - 0.375).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn incidences_add_up_and_merge(
            times in proptest::collection::vec((0i64..20, 0usize..4), 1..60),
            cut in 0usize..60,
        ) {
            let causes = [Cause::Event, Cause::First, Cause::Second, Cause::Censored];
            let times: Vec<_> = times.into_iter().map(|(t, c)| (t, causes[c])).collect();
            let cut = cut.min(times.len());
            let mut merged = risks(&times[..cut]);
            merged.merge(&risks(&times[cut..]));
            prop_assert_eq!(&merged, &risks(&times));
            let curve = merged.curve();
            for p in curve.points() {
                prop_assert!(p.event + p.first + p.second <= 1.0 + 1e-9);
                prop_assert!(p.low <= p.event + 1e-9 && p.event <= p.high + 1e-9);
                prop_assert!(p.kaplan_meier + 1e-9 >= p.event);
            }
            prop_assert_eq!(merged.without(&risks(&times[..cut])), risks(&times[cut..]));
        }
    }
}

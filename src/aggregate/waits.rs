//! Sums about waits: every clock by how it ended.

use super::options::{AggregateOptions, ShortAbandons};
use super::summary::{Bin, CurvePoint, WaitSummary, Waits, Within};
use crate::model::{Facts, Wait, WaitEnd};
use crate::stats::{Cause, Counts, Curve, Risks};

/// Bounds of the wait histogram, milliseconds.
const BINS_MS: [i64; 12] = [
    0, 10_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000,
    7_200_000,
];
/// Most points of the curve in report.json; more are thinned to evenly spaced ranks.
const MOST_POINTS: usize = 400;

/// One clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Clock {
    risks: Risks,
    short: Risks,
    ends: [u64; 4],
    without_length: u64,
}

impl Clock {
    fn add(&mut self, wait: Option<Wait>, short: bool) {
        let Some(wait) = wait else { return };
        let cause = match wait.end {
            WaitEnd::Reached => Cause::Event,
            WaitEnd::Left => Cause::First,
            WaitEnd::Dropped => Cause::Second,
            WaitEnd::Cut => Cause::Censored,
        };
        self.ends[cause as usize] += 1;
        let Some(ms) = wait.ms else {
            self.without_length += 1;
            return;
        };
        self.risks.add(ms, cause);
        if short {
            self.short.add(ms, cause);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.risks.merge(&other.risks);
        self.short.merge(&other.short);
        self.ends.iter_mut().zip(other.ends).for_each(|(a, b)| *a += b);
        self.without_length += other.without_length;
    }

    fn summary(&self, options: &AggregateOptions, coarse: bool) -> WaitSummary {
        let mut reached = Counts::default();
        for (ms, ends) in self.risks.iter() {
            reached.add_times(ms, ends[Cause::Event as usize]);
        }
        let quantile = |p| reached.quantile(p).map(seconds);
        let interval = |p| {
            let (low, high) = reached.quantile_interval(p);
            (low.map(seconds), high.map(seconds))
        };
        let curve = self.risks.curve();
        let (p50_low_s, p50_high_s) = interval(0.5);
        let (p90_low_s, p90_high_s) = interval(0.9);
        WaitSummary {
            n: self.ends.iter().sum(),
            without_length: self.without_length,
            reached: self.ends[0],
            left: self.ends[1],
            dropped: self.ends[2],
            censored: self.ends[3],
            resolution_s: (coarse && self.risks.n() > 0).then_some(60.0),
            mean_s: reached.mean().map(|ms| ms.round() / 1000.0),
            p50_s: quantile(0.5),
            p50_low_s,
            p50_high_s,
            p90_s: quantile(0.9),
            p90_low_s,
            p90_high_s,
            p95_s: quantile(0.95),
            p99_s: quantile(0.99),
            max_s: reached.max().map(seconds),
            all_p50_s: curve.event_quantile(0.5).map(seconds),
            all_p90_s: curve.event_quantile(0.9).map(seconds),
            km_p50_s: curve.kaplan_meier_quantile(0.5).map(seconds),
            reached_within: self.within(options),
            histogram: histogram(&self.risks),
        }
    }

    fn within(&self, options: &AggregateOptions) -> Vec<Within> {
        let risks = match options.short_abandons {
            ShortAbandons::Included => self.risks.clone(),
            ShortAbandons::Excluded => self.risks.without(&self.short),
        };
        let curve = risks.curve();
        options
            .thresholds_ms
            .iter()
            .map(|t| {
                let point = curve.at(*t);
                Within {
                    t_s: seconds(*t),
                    hits: risks.events_until(*t),
                    of: risks.n(),
                    share: point.map(|p| p.event),
                    low: point.map(|p| p.low),
                    high: point.map(|p| p.high),
                }
            })
            .collect()
    }
}

/// All clocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WaitsTally {
    clocks: [Clock; 10],
}

impl WaitsTally {
    pub(crate) fn add(&mut self, facts: &Facts) {
        let transfer = facts.transfer.as_ref();
        let short = transfer.is_some_and(|t| t.short);
        let length = |ms: Option<i64>| ms.map(|ms| Wait { ms: Some(ms), end: WaitEnd::Reached });
        let waits = [
            transfer.map(|t| t.request_to_human),
            transfer.map(|t| t.request_to_human_greeting),
            facts.start_to_human,
            facts.start_to_human_greeting,
            facts.first_response,
            facts.first_human_response,
            facts.queue,
            facts.longest_silence,
            length(facts.handling_ms),
            length(facts.time_to_close_ms),
        ];
        for (clock, wait) in self.clocks.iter_mut().zip(waits) {
            clock.add(wait, short);
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.clocks.iter_mut().zip(&other.clocks).for_each(|(a, b)| a.merge(b));
    }

    pub(crate) fn summary(&self, options: &AggregateOptions, coarse: bool) -> Waits {
        let clock = |i: usize| self.clocks[i].summary(options, coarse);
        Waits {
            request_to_human: clock(0),
            request_to_human_with_greeting: clock(1),
            start_to_human: clock(2),
            start_to_human_with_greeting: clock(3),
            first_response: clock(4),
            first_human_response: clock(5),
            queue: clock(6),
            longest_silence: clock(7),
            handling: clock(8),
            time_to_close: clock(9),
            short_abandons: options.short_abandons.name().to_owned(),
            reached_curve: thinned(&self.clocks[0].risks.curve()),
        }
    }
}

fn histogram(risks: &Risks) -> Vec<Bin> {
    let mut bins: Vec<Bin> = BINS_MS
        .iter()
        .enumerate()
        .map(|(i, from)| Bin {
            from_s: seconds(*from),
            to_s: BINS_MS.get(i + 1).map(|ms| seconds(*ms)),
            ..Bin::default()
        })
        .collect();
    for (ms, [reached, left, dropped, censored]) in risks.iter() {
        let index = BINS_MS.partition_point(|from| *from <= ms).saturating_sub(1);
        let bin = &mut bins[index];
        bin.reached += reached;
        bin.left += left;
        bin.dropped += dropped;
        bin.censored += censored;
    }
    bins
}

/// The curve at no more than [`MOST_POINTS`] times, first and last kept.
fn thinned(curve: &Curve) -> Vec<CurvePoint> {
    let points = curve.points();
    let step = points.len().div_ceil(MOST_POINTS).max(1);
    let last = points.len().saturating_sub(1);
    points
        .iter()
        .enumerate()
        .filter(|(i, _)| i % step == 0 || *i == last)
        .map(|(_, p)| CurvePoint {
            t_s: seconds(p.t),
            reached: p.event,
            reached_low: p.low,
            reached_high: p.high,
            left: p.first,
            dropped: p.second,
            kaplan_meier: p.kaplan_meier,
            at_risk: p.at_risk,
        })
        .collect()
}

/// Milliseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "waits below 2^53 ms")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

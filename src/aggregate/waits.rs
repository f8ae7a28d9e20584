//! Sums about waits: every clock by how it ended.

use serde::{Deserialize, Serialize};

use super::options::{AggregateOptions, ShortAbandons};
use super::summary::{Bin, CurvePoint, ServiceWait, WaitSummary, Waits, Within};
use crate::model::{Facts, Wait, WaitEnd};
use crate::stats::{Cause, ClusteredCount, Counts, Curve, Risks};

/// Bounds of the wait histogram, milliseconds.
const BINS_MS: [i64; 12] = [
    0, 10_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000,
    7_200_000,
];
/// Most points of the curve in report.json; more are thinned to evenly spaced ranks.
const MOST_POINTS: usize = 400;

/// One clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Clock {
    risks: Risks,
    short: Risks,
    service: Risks,
    service_short: Risks,
    crossed: u64,
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
        let Some(service) = wait.service_ms else { return };
        self.service.add(service, cause);
        self.crossed += u64::from(service != ms);
        if short {
            self.service_short.add(service, cause);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.risks.merge(&other.risks);
        self.short.merge(&other.short);
        self.service.merge(&other.service);
        self.service_short.merge(&other.service_short);
        self.crossed += other.crossed;
        self.ends.iter_mut().zip(other.ends).for_each(|(a, b)| *a += b);
        self.without_length += other.without_length;
    }

    fn summary(&self, options: &AggregateOptions, coarse: bool) -> WaitSummary {
        let reached = Reached::of(&self.risks);
        let curve = self.risks.curve();
        let [(p50_low_s, p50_high_s), (p90_low_s, p90_high_s)] =
            [0.5, 0.9].map(|p| reached.interval(p));
        let [(p95_low_s, p95_high_s), (p99_low_s, p99_high_s)] =
            [0.95, 0.99].map(|p| reached.interval(p));
        WaitSummary {
            n: self.ends.iter().sum(),
            without_length: self.without_length,
            reached: self.ends[0],
            left: self.ends[1],
            dropped: self.ends[2],
            censored: self.ends[3],
            resolution_s: (coarse && self.risks.n() > 0).then_some(60.0),
            mean_s: reached.mean(),
            p50_s: reached.quantile(0.5),
            p50_low_s,
            p50_high_s,
            p90_s: reached.quantile(0.9),
            p90_low_s,
            p90_high_s,
            p95_s: reached.quantile(0.95),
            p95_low_s,
            p95_high_s,
            p99_s: reached.quantile(0.99),
            p99_low_s,
            p99_high_s,
            max_s: reached.max(),
            all_p50_s: curve.event_quantile(0.5).map(seconds),
            all_p90_s: curve.event_quantile(0.9).map(seconds),
            km_p50_s: curve.kaplan_meier_quantile(0.5).map(seconds),
            reached_within: within(&self.risks, &self.short, options),
            histogram: histogram(&self.risks),
            in_service_hours: self.in_service_hours(options),
        }
    }

    fn in_service_hours(&self, options: &AggregateOptions) -> Option<Box<ServiceWait>> {
        if self.service.n() == 0 {
            return None;
        }
        let reached = Reached::of(&self.service);
        let [(p50_low_s, p50_high_s), (p90_low_s, p90_high_s)] =
            [0.5, 0.9].map(|p| reached.interval(p));
        Some(Box::new(ServiceWait {
            n: self.service.n(),
            crossed_closed_hours: self.crossed,
            mean_s: reached.mean(),
            p50_s: reached.quantile(0.5),
            p50_low_s,
            p50_high_s,
            p90_s: reached.quantile(0.9),
            p90_low_s,
            p90_high_s,
            max_s: reached.max(),
            all_p50_s: self.service.curve().event_quantile(0.5).map(seconds),
            reached_within: within(&self.service, &self.service_short, options),
        }))
    }
}

/// The lengths of those reached, in seconds.
struct Reached(Counts);

impl Reached {
    fn of(risks: &Risks) -> Self {
        let mut counts = Counts::default();
        for (ms, ends) in risks.iter() {
            counts.add_times(ms, ends[Cause::Event as usize]);
        }
        Self(counts)
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        self.0.quantile(p).map(seconds)
    }

    fn interval(&self, p: f64) -> (Option<f64>, Option<f64>) {
        let (low, high) = self.0.quantile_interval(p);
        (low.map(seconds), high.map(seconds))
    }

    fn mean(&self) -> Option<f64> {
        self.0.mean().map(|ms| ms.round() / 1000.0)
    }

    fn max(&self) -> Option<f64> {
        self.0.max().map(seconds)
    }
}

fn within(all: &Risks, short: &Risks, options: &AggregateOptions) -> Vec<Within> {
    let risks = match options.short_abandons {
        ShortAbandons::Included => all.clone(),
        ShortAbandons::Excluded => all.without(short),
    };
    let curve = risks.curve();
    let row = |t: &i64| {
        let point = curve.at(*t);
        Within {
            t_s: seconds(*t),
            hits: risks.events_until(*t),
            of: risks.n(),
            share: point.map(|p| p.event),
            low: point.map(|p| p.low),
            high: point.map(|p| p.high),
        }
    };
    options.thresholds_ms.iter().map(row).collect()
}

/// All clocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct WaitsTally {
    clocks: [Clock; 11],
    asked_closed: ClusteredCount,
}

impl WaitsTally {
    pub(crate) fn add(&mut self, facts: &Facts) {
        let humans = super::transfer::shows_humans(facts);
        let transfer = facts.transfer.as_ref().filter(|_| humans);
        let short = transfer.is_some_and(|t| t.short);
        let length = |ms: Option<i64>| {
            ms.map(|ms| Wait { ms: Some(ms), service_ms: None, end: WaitEnd::Reached })
        };
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
            facts.marked.filter(|_| humans).map(|m| m.request_to_human),
        ];
        for (clock, wait) in self.clocks.iter_mut().zip(waits) {
            clock.add(wait, short);
        }
        if let Some(closed) = facts.asked_closed {
            self.asked_closed.add(closed, facts.customer);
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.clocks.iter_mut().zip(&other.clocks).for_each(|(a, b)| a.merge(b));
        self.asked_closed.merge(&other.asked_closed);
    }

    pub(crate) fn summary(&self, options: &AggregateOptions, coarse: bool) -> Waits {
        let clock = |i: usize| self.clocks[i].summary(options, coarse);
        Waits {
            request_to_human: clock(0),
            request_to_human_explicit: clock(10),
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
            asked_in_closed_hours: (self.asked_closed.of() > 0).then(|| self.asked_closed.rate()),
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

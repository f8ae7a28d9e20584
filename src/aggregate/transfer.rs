//! Sums about asking for a human.

use std::collections::BTreeMap;

use super::summary::{Stage, Steps, TransferSummary, WordingRow};
use crate::model::facts::Stages;
use crate::model::{Evidence, Facts, Outcome};
use crate::stats::{ClusteredCount, Counts, Rate};

const HOURS: usize = 168;
/// Wordings beyond this many, the rarest ones, are listed as `…`.
const MOST_WORDINGS: usize = 50;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TransferTally {
    asked: ClusteredCount,
    asked_explicit: ClusteredCount,
    reached: ClusteredCount,
    twice: ClusteredCount,
    thrice: ClusteredCount,
    left_unasked: ClusteredCount,
    handed_over_unasked: ClusteredCount,
    contained: ClusteredCount,
    outcomes: [u64; 13],
    explicit: [u64; 13],
    short: [u64; 13],
    reached_explicit: ClusteredCount,
    requests: u64,
    nudges: u64,
    episodes: u64,
    human_checks: u64,
    supervisor_requests: u64,
    attempts: Counts,
    failed: u64,
    steps: Counts,
    stages: [(u64, u64); 4],
    wordings: BTreeMap<String, (u64, u64)>,
    hours: Vec<u64>,
    failed_without_hour: u64,
    with_clock: u64,
}

impl TransferTally {
    pub(crate) fn add(&mut self, facts: &Facts) {
        let who = facts.customer;
        self.asked.add(facts.transfer.is_some(), who);
        self.asked_explicit.add(facts.explicit_requests > 0, who);
        self.requests += u64::from(facts.requests);
        self.nudges += u64::from(facts.nudges);
        self.episodes += u64::from(facts.episodes);
        self.human_checks += u64::from(facts.human_checks);
        self.supervisor_requests += u64::from(facts.supervisor_requests);
        if facts.bot_messages > 0 {
            self.contained.add(
                facts.start_to_human.is_none_or(|w| w.end != crate::model::WaitEnd::Reached),
                who,
            );
        }
        let Some(transfer) = &facts.transfer else {
            if let Some(left) = facts.left_unasked {
                self.left_unasked.add(left, who);
            }
            self.handed_over_unasked.add(facts.handed_over_unasked, who);
            return;
        };
        let reached = transfer.outcome == Outcome::Reached;
        self.reached.add(reached, who);
        self.twice.add(facts.attempts >= 2, who);
        self.thrice.add(facts.attempts >= 3, who);
        let explicit = transfer.evidence == Evidence::Explicit;
        let i = transfer.outcome.index();
        self.outcomes[i] += 1;
        self.explicit[i] += u64::from(explicit);
        self.short[i] += u64::from(transfer.short);
        if facts.explicit_requests > 0 {
            self.reached_explicit.add(reached && explicit, who);
        }
        self.attempts.add(i64::from(facts.attempts));
        self.failed += u64::from(facts.failed_attempts);
        if let Some(steps) = transfer.steps_to_human {
            self.steps.add(i64::from(steps));
        }
        self.add_stages(transfer.stages);
        for wording in &transfer.wordings {
            let row = self.wordings.entry(wording.phrase.clone()).or_default();
            row.0 += u64::from(wording.served);
            row.1 += 1;
        }
        self.add_hours(facts, &transfer.failed_hours);
    }

    fn add_stages(&mut self, stages: Stages) {
        let all = [stages.offered, stages.queued, stages.connected, stages.spoke];
        for (sum, stage) in self.stages.iter_mut().zip(all) {
            if let Some(passed) = stage {
                sum.0 += u64::from(passed);
                sum.1 += 1;
            }
        }
    }

    fn add_hours(&mut self, facts: &Facts, hours: &[u8]) {
        self.hours.resize(HOURS, 0);
        for hour in hours {
            if let Some(n) = self.hours.get_mut(usize::from(*hour)) {
                *n += 1;
            }
        }
        let without = u64::from(facts.failed_attempts).saturating_sub(hours.len() as u64);
        self.failed_without_hour += without;
        let clock = facts.coverage.times.is_some_and(|p| p < crate::model::Precision::Day);
        self.with_clock += u64::from(clock);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.asked.merge(&other.asked);
        self.asked_explicit.merge(&other.asked_explicit);
        self.reached.merge(&other.reached);
        self.reached_explicit.merge(&other.reached_explicit);
        self.twice.merge(&other.twice);
        self.thrice.merge(&other.thrice);
        self.left_unasked.merge(&other.left_unasked);
        self.handed_over_unasked.merge(&other.handed_over_unasked);
        self.contained.merge(&other.contained);
        for (own, others) in [
            (&mut self.outcomes, &other.outcomes),
            (&mut self.explicit, &other.explicit),
            (&mut self.short, &other.short),
        ] {
            own.iter_mut().zip(others).for_each(|(a, b)| *a += b);
        }
        self.requests += other.requests;
        self.nudges += other.nudges;
        self.episodes += other.episodes;
        self.human_checks += other.human_checks;
        self.supervisor_requests += other.supervisor_requests;
        self.attempts.merge(&other.attempts);
        self.failed += other.failed;
        self.steps.merge(&other.steps);
        for (own, others) in self.stages.iter_mut().zip(other.stages) {
            own.0 += others.0;
            own.1 += others.1;
        }
        for (phrase, (served, tried)) in &other.wordings {
            let row = self.wordings.entry(phrase.clone()).or_default();
            row.0 += served;
            row.1 += tried;
        }
        let width = self.hours.len().max(other.hours.len());
        self.hours.resize(width, 0);
        self.hours.iter_mut().zip(&other.hours).for_each(|(a, b)| *a += b);
        self.failed_without_hour += other.failed_without_hour;
        self.with_clock += other.with_clock;
    }

    pub(crate) fn summary(&self) -> TransferSummary {
        let asked = self.asked.hits();
        let reached = self.reached.rate();
        let by_outcome = |counts: &[u64; 13]| {
            Outcome::ALL.into_iter().map(|o| (o.name().to_owned(), counts[o.index()])).collect()
        };
        TransferSummary {
            asked: self.asked.rate(),
            reached,
            not_reached: Rate {
                hits: reached.of - reached.hits,
                of: reached.of,
                low: reached.high.map(|h| 1.0 - h),
                high: reached.low.map(|l| 1.0 - l),
            },
            reached_explicit: self.reached_explicit.rate(),
            asked_explicit: self.asked_explicit.rate(),
            asked_twice_or_more: self.twice.rate(),
            asked_three_times_or_more: self.thrice.rate(),
            left_unasked: self.left_unasked.rate(),
            handed_over_unasked: self.handed_over_unasked.rate(),
            contained: self.contained.rate(),
            outcomes: by_outcome(&self.outcomes),
            outcomes_explicit: by_outcome(&self.explicit),
            outcomes_short: by_outcome(&self.short),
            requests: self.requests,
            attempts: self.attempts.iter().map(|(v, n)| v.unsigned_abs() * n).sum(),
            nudges: self.nudges,
            failed_attempts: self.failed,
            episodes: self.episodes,
            human_checks: self.human_checks,
            supervisor_requests: self.supervisor_requests,
            attempts_per_asker: self.attempts.iter().map(|(v, n)| (narrow(v), n)).collect(),
            attempts_mean: self.attempts.mean(),
            steps_to_human: Steps {
                n: self.steps.n(),
                mean: self.steps.mean(),
                p50: self.steps.quantile(0.5).map(narrow),
                p90: self.steps.quantile(0.9).map(narrow),
                max: self.steps.max().map(narrow),
                histogram: self.steps.iter().map(|(v, n)| (narrow(v), n)).collect(),
            },
            stages: self.stage_rows(asked),
            by_wording: self.wording_rows(),
            failed_by_hour: (self.with_clock > 0)
                .then(|| self.hours.chunks(24).map(<[u64]>::to_vec).collect()),
            failed_without_hour: self.failed_without_hour,
        }
    }

    fn stage_rows(&self, asked: u64) -> Vec<Stage> {
        let mut rows = vec![Stage {
            stage: "asked".to_owned(),
            passed: Some(Rate::new(asked, asked)),
            not_in_export: 0,
        }];
        let names = ["offered", "queued", "connected", "human_spoke"];
        for (name, (passed, of)) in names.into_iter().zip(self.stages) {
            rows.push(Stage {
                stage: name.to_owned(),
                passed: (of > 0).then(|| Rate::new(passed, of)),
                not_in_export: asked - of,
            });
        }
        rows
    }

    fn wording_rows(&self) -> Vec<WordingRow> {
        let mut rows: Vec<_> = self.wordings.iter().collect();
        rows.sort_by(|a, b| b.1.1.cmp(&a.1.1).then_with(|| a.0.cmp(b.0)));
        let row = |wording: &str, (served, tried): (u64, u64)| WordingRow {
            wording: wording.to_owned(),
            served: Rate::new(served, tried),
        };
        let mut out: Vec<_> =
            rows.iter().take(MOST_WORDINGS).map(|(w, counts)| row(w, **counts)).collect();
        let rest =
            rows.iter().skip(MOST_WORDINGS).fold((0, 0), |sum, (_, c)| (sum.0 + c.0, sum.1 + c.1));
        if rest.1 > 0 {
            out.push(row("…", rest));
        }
        out
    }
}

fn narrow(v: i64) -> u32 {
    u32::try_from(v).unwrap_or(u32::MAX)
}

//! Sums about asking for a human.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::explicit::{ExplicitTally, StageTally};
use super::summary::{Steps, TransferSummary, WordingRow};
use crate::model::{Evidence, Facts, Outcome};
use crate::stats::{ClusteredCount, Counts, Rate};

const HOURS: usize = 168;
/// Wordings beyond this many, the rarest ones, are listed as `…`.
const MOST_WORDINGS: usize = 50;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TransferTally {
    asked: ClusteredCount,
    reached: ClusteredCount,
    twice: ClusteredCount,
    thrice: ClusteredCount,
    left_unasked: ClusteredCount,
    handed_over_unasked: ClusteredCount,
    contained: ClusteredCount,
    outcomes: [u64; 13],
    outcomes_explicit: [u64; 13],
    short: [u64; 13],
    explicit: ExplicitTally,
    requests: u64,
    nudges: u64,
    episodes: u64,
    human_checks: u64,
    supervisor_requests: u64,
    attempts: Counts,
    failed: u64,
    steps: Counts,
    stages: StageTally,
    wordings: BTreeMap<String, WordingTally>,
    hours: Vec<u64>,
    failed_without_hour: u64,
    with_clock: u64,
}

impl TransferTally {
    pub(crate) fn add(&mut self, facts: &Facts) {
        let who = facts.customer;
        self.asked.add(facts.transfer.is_some(), who);
        self.explicit.add(facts);
        self.requests += u64::from(facts.requests);
        self.nudges += u64::from(facts.nudges);
        self.episodes += u64::from(facts.episodes);
        self.human_checks += u64::from(facts.human_checks);
        self.supervisor_requests += u64::from(facts.supervisor_requests);
        let humans = shows_humans(facts);
        if facts.bot_messages > 0 && humans {
            self.contained.add(
                facts.start_to_human.is_none_or(|w| w.end != crate::model::WaitEnd::Reached),
                who,
            );
        }
        let Some(transfer) = &facts.transfer else {
            if let Some(left) = facts.left_unasked {
                self.left_unasked.add(left, who);
            }
            // Who meets a human at once is handed over by nobody.
            if facts.bot_messages > 0 && humans {
                self.handed_over_unasked.add(facts.handed_over_unasked, who);
            }
            return;
        };
        if humans {
            self.reached.add(transfer.outcome == Outcome::Reached, who);
        }
        self.twice.add(facts.attempts >= 2, who);
        self.thrice.add(facts.attempts >= 3, who);
        let explicit = transfer.evidence == Evidence::Explicit;
        let i = transfer.outcome.index();
        self.outcomes[i] += 1;
        self.outcomes_explicit[i] += u64::from(explicit);
        self.short[i] += u64::from(transfer.short);
        self.attempts.add(i64::from(facts.attempts));
        self.failed += u64::from(facts.failed_attempts);
        if let Some(steps) = transfer.steps_to_human {
            self.steps.add(i64::from(steps));
        }
        self.stages.add(transfer.stages);
        for wording in &transfer.wordings {
            let row = self.wordings.entry(wording.phrase.clone()).or_default();
            row.add(wording.served, wording.explicit);
        }
        self.add_hours(facts, &transfer.failed_hours);
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
        self.reached.merge(&other.reached);
        self.explicit.merge(&other.explicit);
        self.twice.merge(&other.twice);
        self.thrice.merge(&other.thrice);
        self.left_unasked.merge(&other.left_unasked);
        self.handed_over_unasked.merge(&other.handed_over_unasked);
        self.contained.merge(&other.contained);
        for (own, others) in [
            (&mut self.outcomes, &other.outcomes),
            (&mut self.outcomes_explicit, &other.outcomes_explicit),
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
        self.stages.merge(&other.stages);
        for (phrase, tried) in &other.wordings {
            self.wordings.entry(phrase.clone()).or_default().merge(tried);
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
            not_reached: reached.complement(),
            explicit: self.explicit.summary(),
            asked_twice_or_more: self.twice.rate(),
            asked_three_times_or_more: self.thrice.rate(),
            left_unasked: self.left_unasked.rate(),
            handed_over_unasked: self.handed_over_unasked.rate(),
            contained: self.contained.rate(),
            outcomes: by_outcome(&self.outcomes),
            outcomes_explicit: by_outcome(&self.outcomes_explicit),
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
            stages: self.stages.rows(asked),
            by_wording: self.wording_rows(),
            failed_by_hour: (self.with_clock > 0)
                .then(|| self.hours.chunks(24).map(<[u64]>::to_vec).collect()),
            failed_without_hour: self.failed_without_hour,
        }
    }

    fn wording_rows(&self) -> Vec<WordingRow> {
        let mut rows: Vec<_> = self.wordings.iter().collect();
        rows.sort_by(|a, b| b.1.tried.cmp(&a.1.tried).then_with(|| a.0.cmp(b.0)));
        let mut out: Vec<_> =
            rows.iter().take(MOST_WORDINGS).map(|(wording, tally)| tally.row(wording)).collect();
        let mut rest = WordingTally::default();
        rows.iter().skip(MOST_WORDINGS).for_each(|(_, tally)| rest.merge(tally));
        if rest.tried > 0 {
            out.push(rest.row("…"));
        }
        out
    }
}

/// One wording of requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct WordingTally {
    served: u64,
    tried: u64,
    served_explicit: u64,
    tried_explicit: u64,
}

impl WordingTally {
    fn add(&mut self, served: bool, explicit: bool) {
        self.served += u64::from(served);
        self.tried += 1;
        self.served_explicit += u64::from(served && explicit);
        self.tried_explicit += u64::from(explicit);
    }

    fn merge(&mut self, other: &Self) {
        self.served += other.served;
        self.tried += other.tried;
        self.served_explicit += other.served_explicit;
        self.tried_explicit += other.tried_explicit;
    }

    fn row(&self, wording: &str) -> WordingRow {
        WordingRow {
            wording: wording.to_owned(),
            served: Rate::new(self.served, self.tried),
            served_explicit: Rate::new(self.served_explicit, self.tried_explicit),
        }
    }
}

fn narrow(v: i64) -> u32 {
    u32::try_from(v).unwrap_or(u32::MAX)
}

/// Whether a human's message would be seen: without that nobody can be called not reached.
pub(super) fn shows_humans(facts: &Facts) -> bool {
    facts.coverage.agent_messages.yes() || facts.outcome() == Some(Outcome::Reached)
}

//! Sums on what the export itself marks (METRICS, section 8: every rate that rests on inferred findings
//! is also given on explicit ones alone), and the stages, which both kinds of sums have.

use serde::{Deserialize, Serialize};

use super::summary::{ExplicitTransfer, Stage};
use crate::model::facts::Stages;
use crate::model::{Facts, WaitEnd};
use crate::stats::{ClusteredCount, Rate};

/// Stages passed, of those whose source can show them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StageTally([(u64, u64); 4]);

impl StageTally {
    pub(super) fn add(&mut self, stages: Stages) {
        let all = [stages.offered, stages.queued, stages.connected, stages.spoke];
        for (sum, stage) in self.0.iter_mut().zip(all) {
            if let Some(passed) = stage {
                sum.0 += u64::from(passed);
                sum.1 += 1;
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (own, others) in self.0.iter_mut().zip(other.0) {
            own.0 += others.0;
            own.1 += others.1;
        }
    }

    /// A row per stage, `asked` first.
    pub(super) fn rows(&self, asked: u64) -> Vec<Stage> {
        let mut rows = vec![Stage {
            stage: "asked".to_owned(),
            passed: Some(Rate::new(asked, asked)),
            not_in_export: 0,
        }];
        let names = ["offered", "queued", "connected", "human_spoke"];
        for (name, (passed, of)) in names.into_iter().zip(self.0) {
            rows.push(Stage {
                stage: name.to_owned(),
                passed: (of > 0).then(|| Rate::new(passed, of)),
                not_in_export: asked - of,
            });
        }
        rows
    }
}

/// Sums over conversations by the marks of their export.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct ExplicitTally {
    asked: ClusteredCount,
    reached: ClusteredCount,
    twice: ClusteredCount,
    thrice: ClusteredCount,
    stages: StageTally,
}

impl ExplicitTally {
    pub(super) fn add(&mut self, facts: &Facts) {
        let who = facts.customer;
        self.asked.add(facts.marked.is_some(), who);
        let Some(marked) = facts.marked else { return };
        if super::transfer::shows_humans(facts) {
            self.reached.add(marked.request_to_human.end == WaitEnd::Reached, who);
        }
        self.twice.add(marked.attempts >= 2, who);
        self.thrice.add(marked.attempts >= 3, who);
        self.stages.add(marked.stages);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.asked.merge(&other.asked);
        self.reached.merge(&other.reached);
        self.twice.merge(&other.twice);
        self.thrice.merge(&other.thrice);
        self.stages.merge(&other.stages);
    }

    pub(super) fn summary(&self) -> ExplicitTransfer {
        let reached = self.reached.rate();
        ExplicitTransfer {
            asked: self.asked.rate(),
            reached,
            not_reached: reached.complement(),
            asked_twice_or_more: self.twice.rate(),
            asked_three_times_or_more: self.thrice.rate(),
            stages: self.stages.rows(self.asked.hits()),
        }
    }
}

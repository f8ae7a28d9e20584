//! How a figure of the summary is shown where tables and charts must agree: outcomes as rates,
//! stages with what the export can and cannot show.

use crate::aggregate::Summary;
use crate::aggregate::summary::{Stage, TransferSummary};
use crate::model::Outcome;
use crate::stats::Rate;

/// An outcome as a rate of those who asked. `reached` is the summary's own rate, clustered by
/// customer; the summary holds the others as counts, and their interval treats conversations as
/// independent (the report says so beside them).
pub(super) fn outcome_rate(transfer: &TransferSummary, outcome: &str) -> Rate {
    if outcome == "reached" {
        return transfer.reached;
    }
    Rate::new(transfer.outcomes.get(outcome).copied().unwrap_or(0), transfer.asked.hits)
}

/// What a source has to show for an outcome to be seen at all, where that is one thing.
fn needs(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Ignored | Outcome::Deflected => Some("bot_replies"),
        Outcome::QueueAbandoned | Outcome::QueueTimeout => Some("queue"),
        Outcome::AgentSilent => Some("joins"),
        Outcome::Reached => Some("agent_messages"),
        _ => None,
    }
}

/// An outcome that was never seen because no source can show it: to be printed as such, not as 0.
pub(super) fn is_hidden(summary: &Summary, outcome: Outcome) -> bool {
    let seen = summary.transfer.outcomes.get(outcome.name()).copied().unwrap_or(0);
    seen == 0 && needs(outcome).is_some_and(|part| shows(summary, part) == 0)
}

/// Somebody asked, and no source shows a message of a human.
pub(super) fn humans_unseen(summary: &Summary) -> bool {
    summary.transfer.asked.hits > 0 && summary.transfer.reached.of == 0
}

/// No row is known to be a customer's, so that "nobody asked" would be a guess.
pub(super) fn customers_unseen(summary: &Summary) -> bool {
    let (totals, asked) = (&summary.totals, &summary.transfer.asked);
    totals.conversations > 0 && totals.customer_messages == 0 && asked.hits == 0
}

/// Why there is nothing to show of requests where there is none.
pub(super) fn nobody_asked(summary: &Summary) -> &'static str {
    if customers_unseen(summary) { "chart.no_customers" } else { "chart.nobody_asked" }
}

/// Why there is nothing to draw of the waits for a human.
pub(super) fn no_waits(summary: &Summary) -> &'static str {
    if summary.transfer.asked.hits == 0 {
        nobody_asked(summary)
    } else if humans_unseen(summary) {
        "chart.no_humans"
    } else {
        "chart.no_lengths"
    }
}

/// Who passed a stage, where a source shows it. Hearing a human is being reached: one figure must not
/// stand with two intervals.
pub(super) fn passed(stage: &Stage, reached: Rate) -> Option<Rate> {
    let rate = stage.passed?;
    let same = (rate.hits, rate.of) == (reached.hits, reached.of);
    Some(if same && stage.stage == "human_spoke" { reached } else { rate })
}

/// Conversations whose source shows a part of coverage.
pub(super) fn shows(summary: &Summary, part: &str) -> u64 {
    summary.coverage.shows.get(part).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::full;

    #[test]
    fn an_outcome_that_no_source_shows_is_hidden() {
        let mut summary = full();
        summary.coverage.shows.insert("queue".to_owned(), 0);
        assert!(!is_hidden(&summary, Outcome::QueueTimeout), "it was seen, in words");
        summary.transfer.outcomes.insert("queue_timeout".to_owned(), 0);
        assert!(is_hidden(&summary, Outcome::QueueTimeout));
        assert!(!is_hidden(&summary, Outcome::TransferError));
    }

    #[test]
    fn one_figure_has_one_interval() {
        let mut summary = full();
        summary.transfer.reached.low = Some(0.1);
        let stage = summary.transfer.stages[4].clone();
        let reached = summary.transfer.reached;
        assert_eq!(passed(&stage, reached), Some(reached));
    }
}

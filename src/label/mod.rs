//! The tool measures its own error: a stratified random sample of conversations goes to a person, who
//! does not see what was found; the labels that come back give precision, recall and corrected rates.

mod allocation;
mod case;
mod form;
mod judge;
mod plan;
mod sampler;
mod stratum;
mod ticket;

pub use allocation::allocate;
pub use case::{Case, fingerprint};
pub use form::{COLUMNS, Labelled, Labels, read};
pub use judge::{FindingScores, Judge, MeasureScores, StratumScores};
pub use plan::{Plan, Planned};
pub use sampler::{Drawn, Sampler};
pub use stratum::{STRATA, Stratum};
pub use ticket::Ticket;

use crate::model::{Facts, Outcome};
use crate::stats::Class;

/// A rate that a person's labels can judge. The names are those of `report.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Asked for a human, of all conversations.
    Asked,
    /// Reached, of those who asked.
    Reached,
    /// Two attempts or more, of those who asked.
    AskedTwice,
    /// A failed attempt, of those who asked.
    FailedAttempt,
    /// Left unasked, of conversations without a request whose source shows the bot.
    LeftUnasked,
    /// Rephrased, of conversations that told an issue.
    Rephrased,
    /// Rephrased or repeated, of conversations that told an issue.
    Retold,
    /// A fallback, of conversations with a bot message.
    Fallback,
}

/// How many measures there are.
pub const MEASURES: usize = 8;

impl Measure {
    /// All, in the order of reports.
    pub const ALL: [Self; MEASURES] = [
        Self::Asked,
        Self::Reached,
        Self::AskedTwice,
        Self::FailedAttempt,
        Self::LeftUnasked,
        Self::Rephrased,
        Self::Retold,
        Self::Fallback,
    ];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Reached => "reached",
            Self::AskedTwice => "asked_twice_or_more",
            Self::FailedAttempt => "failed_attempt",
            Self::LeftUnasked => "left_unasked",
            Self::Rephrased => "conversations_with_rephrase",
            Self::Retold => "conversations_with_retelling",
            Self::Fallback => "conversations_with_fallback",
        }
    }

    /// The name of its base in reports.
    #[must_use]
    pub const fn base(self) -> &'static str {
        match self {
            Self::Asked => "conversations",
            Self::Reached | Self::AskedTwice | Self::FailedAttempt => "askers",
            Self::LeftUnasked => "unasked_bot",
            Self::Rephrased | Self::Retold => "issue",
            Self::Fallback => "bot",
        }
    }

    /// The truth of a labelled conversation; `None` where a cell that it needs is empty. What the export
    /// itself says (who wrote, whether the bot is shown) is no matter of labels; whether an issue was
    /// told is taken as found, unless a person saw it told again.
    #[must_use]
    pub fn truth(self, labels: &Labels, found: &Found) -> Option<Class> {
        let asked = labels.attempts.map(|n| n > 0);
        let of_askers =
            |hit: Option<bool>| if asked? { hit.map(Class::of_base) } else { Some(Class::Out) };
        let where_found = |hit: bool| match found.of(self) {
            Class::Out if !hit => Class::Out,
            _ => Class::of_base(hit),
        };
        match self {
            Self::Asked => asked.map(Class::of_base),
            Self::Reached => of_askers(labels.reached),
            Self::AskedTwice => of_askers(labels.attempts.map(|n| n >= 2)),
            Self::FailedAttempt => of_askers(labels.failed_attempts.map(|n| n > 0)),
            Self::LeftUnasked if asked? || !found.shows_bot => Some(Class::Out),
            Self::LeftUnasked => labels.left_unasked.map(Class::of_base),
            Self::Rephrased => labels.rephrases.map(|n| where_found(n > 0)),
            Self::Retold => match (labels.rephrases, labels.repeats) {
                (Some(1..), _) | (_, Some(1..)) => Some(where_found(true)),
                (Some(0), Some(0)) => Some(where_found(false)),
                _ => None,
            },
            Self::Fallback => labels.fallbacks.map(|n| where_found(n > 0)),
        }
    }
}

/// What the tool found in one conversation, as far as labels judge it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// By measure, in the order of [`Measure::ALL`].
    pub classes: [Class; MEASURES],
    /// The source shows the bot.
    pub shows_bot: bool,
}

impl Found {
    /// What was found for a measure.
    #[must_use]
    pub fn of(&self, measure: Measure) -> Class {
        self.classes[measure as usize]
    }

    /// Reads it off the facts, by the bases of the report.
    #[must_use]
    pub fn new(facts: &Facts) -> Self {
        let asked = facts.transfer.is_some();
        let within = |base: bool, hit: bool| if base { Class::of_base(hit) } else { Class::Out };
        let issue = facts.longest_chain > 0;
        let classes = Measure::ALL.map(|measure| match measure {
            Measure::Asked => Class::of_base(asked),
            Measure::Reached => within(asked, facts.outcome() == Some(Outcome::Reached)),
            Measure::AskedTwice => within(asked, facts.attempts >= 2),
            Measure::FailedAttempt => within(asked, facts.failed_attempts > 0),
            Measure::LeftUnasked => {
                within(!asked && facts.left_unasked.is_some(), facts.left_unasked == Some(true))
            }
            Measure::Rephrased => within(issue, facts.rephrases() > 0),
            Measure::Retold => within(issue, facts.rephrases() + facts.repeats > 0),
            Measure::Fallback => within(facts.bot_messages > 0, facts.fallbacks > 0),
        });
        Self { classes, shows_bot: facts.coverage.bot_replies.yes() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_cell_is_no_label() {
        let labels = Labels { attempts: Some(2), rephrases: Some(0), ..Labels::default() };
        let found = Found { shows_bot: true, ..Found::default() };
        let truth = |m: Measure| m.truth(&labels, &found);
        assert_eq!(truth(Measure::Asked), Some(Class::Hit));
        assert_eq!(truth(Measure::AskedTwice), Some(Class::Hit));
        assert_eq!(truth(Measure::Reached), None);
        assert_eq!(truth(Measure::LeftUnasked), Some(Class::Out), "who asked left not unasked");
        assert_eq!(truth(Measure::Rephrased), Some(Class::Out), "no issue was told");
        assert_eq!(truth(Measure::Retold), None, "repeats are not labelled");
    }

    #[test]
    fn who_did_not_ask_needs_no_further_label() {
        let labels = Labels { attempts: Some(0), ..Labels::default() };
        let truth = |m: Measure| m.truth(&labels, &Found::default());
        assert_eq!(truth(Measure::Reached), Some(Class::Out));
        assert_eq!(truth(Measure::LeftUnasked), Some(Class::Out), "the bot is not shown");
        assert_eq!(Measure::ALL.map(|m| m as usize), [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_retelling_that_a_person_saw_is_of_the_base() {
        let labels = Labels { rephrases: Some(1), ..Labels::default() };
        assert_eq!(Measure::Rephrased.truth(&labels, &Found::default()), Some(Class::Hit));
        assert_eq!(Measure::Retold.truth(&labels, &Found::default()), Some(Class::Hit));
    }
}

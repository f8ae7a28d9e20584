//! Sums about saying it again.

use serde::{Deserialize, Serialize};

use super::summary::Effort;
use crate::model::{Facts, WaitEnd};
use crate::stats::{ClusteredCount, Counts};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct EffortTally {
    with_rephrase: ClusteredCount,
    with_retelling: ClusteredCount,
    with_fallback: ClusteredCount,
    with_loop: ClusteredCount,
    with_context_loss: ClusteredCount,
    chains: Counts,
    sums: [u64; 8],
}

impl EffortTally {
    pub(crate) fn add(&mut self, facts: &Facts) {
        let who = facts.customer;
        if facts.longest_chain > 0 {
            self.with_rephrase.add(facts.rephrases() > 0, who);
            self.with_retelling.add(facts.rephrases() + facts.repeats > 0, who);
            self.chains.add(i64::from(facts.longest_chain));
        }
        if facts.bot_messages > 0 {
            self.with_fallback.add(facts.fallbacks > 0, who);
            self.with_loop.add(facts.loops > 0, who);
            if human_spoke(facts) {
                self.with_context_loss.add(facts.context_loss > 0, who);
            }
        }
        let counts = [
            facts.rephrases_bot,
            facts.rephrases_human,
            facts.repeats,
            facts.bot_repetitions,
            facts.fallbacks,
            facts.deflections,
            facts.loops,
            facts.context_loss,
        ];
        self.sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += u64::from(n));
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.with_rephrase.merge(&other.with_rephrase);
        self.with_retelling.merge(&other.with_retelling);
        self.with_fallback.merge(&other.with_fallback);
        self.with_loop.merge(&other.with_loop);
        self.with_context_loss.merge(&other.with_context_loss);
        self.chains.merge(&other.chains);
        self.sums.iter_mut().zip(other.sums).for_each(|(a, b)| *a += b);
    }

    pub(crate) fn summary(&self, bot_shown: bool) -> Effort {
        let [after_bot, after_human, repeats, repetitions, fallbacks, deflections, loops, lost] =
            self.sums;
        let of_bot = |n| bot_shown.then_some(n);
        let narrow = |v: i64| u32::try_from(v).unwrap_or(u32::MAX);
        Effort {
            conversations_with_rephrase: self.with_rephrase.rate(),
            conversations_with_retelling: self.with_retelling.rate(),
            rephrases: after_bot + after_human,
            rephrases_after_bot: after_bot,
            rephrases_after_human: after_human,
            repeats,
            longest_chain: self.chains.max().map(narrow),
            chain_lengths: self.chains.iter().map(|(v, n)| (narrow(v), n)).collect(),
            bot_repetitions: of_bot(repetitions),
            fallbacks: of_bot(fallbacks),
            conversations_with_fallback: self.with_fallback.rate(),
            deflections: of_bot(deflections),
            loops: of_bot(loops),
            conversations_with_loop: self.with_loop.rate(),
            context_loss: lost,
            conversations_with_context_loss: self.with_context_loss.rate(),
        }
    }
}

/// A greeting that the export marks as automatic is no message of an agent; one that was read as such
/// is.
fn human_spoke(facts: &Facts) -> bool {
    let reached = facts.start_to_human.is_some_and(|wait| wait.end == WaitEnd::Reached);
    reached || facts.handling_ms.is_some() || facts.agent_messages > facts.automatic_greetings
}

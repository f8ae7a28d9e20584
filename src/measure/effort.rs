//! Effort (METRICS, section 4): counts of the findings about telling again and about the bot.

use super::{findings_of, small};
use crate::detect::tellings::Retelling;
use crate::detect::{Detection, Line};
use crate::model::{Facts, Rule};

/// Counts the findings into the facts; `first_customer`: the row of the customer's first word.
pub(crate) fn count(facts: &mut Facts, detection: &Detection<'_>, first_customer: usize) {
    let rephrases = |human: bool| {
        let kind = Retelling::Rephrase { to_human: human };
        small(detection.tellings.tellings.iter().filter(|t| t.kind == kind).count())
    };
    facts.rephrases_bot = rephrases(false);
    facts.rephrases_human = rephrases(true);
    facts.repeats = findings_of(detection, Rule::Repeat);
    facts.longest_chain = detection.tellings.longest_chain;
    facts.context_loss = findings_of(detection, Rule::ContextLoss);
    facts.automatic_greetings = findings_of(detection, Rule::AutomaticGreeting);
    if detection.reading.coverage.bot_replies.yes() {
        facts.bot_repetitions = findings_of(detection, Rule::BotRepetition);
        facts.fallbacks = findings_of(detection, Rule::Fallback);
        facts.deflections = findings_of(detection, Rule::Deflection);
        facts.loops = findings_of(detection, Rule::Loop);
    }
    let journey = &detection.journey;
    facts.handed_over_unasked = journey.humans.first().is_some_and(|&human| {
        let bot_before = detection.reading.lines[..human].iter().any(Line::is_bot);
        journey.episodes.is_empty()
            && human > first_customer
            && (bot_before || !journey.joins.is_empty())
    });
}

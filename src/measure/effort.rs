//! Effort (METRICS, section 4): counts of the findings about telling again and about the bot.

use super::{findings_of, small};
use crate::detect::Detection;
use crate::detect::tellings::Retelling;
use crate::model::Rule;

/// Counts of one conversation.
#[derive(Debug)]
pub(crate) struct EffortCounts {
    pub(crate) rephrases_bot: u32,
    pub(crate) rephrases_human: u32,
    pub(crate) repeats: u32,
    pub(crate) bot_repetitions: u32,
    pub(crate) fallbacks: u32,
    pub(crate) deflections: u32,
    pub(crate) loops: u32,
    pub(crate) context_loss: u32,
    pub(crate) automatic_greetings: u32,
    /// The bot answered the customer before the first human message.
    pub(crate) bot_before_human: bool,
}

/// Counts the findings.
pub(crate) fn effort(detection: &Detection<'_>) -> EffortCounts {
    let rephrases = |human: bool| {
        let kind = Retelling::Rephrase { to_human: human };
        small(detection.tellings.tellings.iter().filter(|t| t.kind == kind).count())
    };
    let first_human = detection.journey.humans.first().copied().unwrap_or(0);
    EffortCounts {
        rephrases_bot: rephrases(false),
        rephrases_human: rephrases(true),
        repeats: findings_of(detection, Rule::Repeat),
        bot_repetitions: findings_of(detection, Rule::BotRepetition),
        fallbacks: findings_of(detection, Rule::Fallback),
        deflections: findings_of(detection, Rule::Deflection),
        loops: findings_of(detection, Rule::Loop),
        context_loss: findings_of(detection, Rule::ContextLoss),
        automatic_greetings: findings_of(detection, Rule::AutomaticGreeting),
        bot_before_human: detection.reading.lines[..first_human]
            .iter()
            .any(super::super::detect::reading::Line::is_bot),
    }
}

//! Bot repetition (固定话术): occurrences after the first of the same bot reply in one conversation,
//! names, numbers and times masked. Greetings, queue positions, holding and closing lines are no
//! answers and do not count.

use std::collections::BTreeSet;

use super::reading::Line;
use super::{Scene, inferred};
use crate::model::{Finding, Rule};
use crate::text::Cue;

/// One finding per repeated reply.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for (i, line) in scene.reading.lines.iter().enumerate() {
        if is_answer(line) && !seen.insert(line.words.masked()) {
            out.push(inferred(Rule::BotRepetition, i, line.message.text.as_str()));
        }
    }
}

/// What a line must say beside "please wait" or "thank you" to be an answer.
const ANSWER_HAN: usize = 8;
const ANSWER_LETTERS: usize = 24;

/// A bot line that answers something.
pub(crate) fn is_answer(line: &Line<'_>) -> bool {
    const NO_ANSWER: [Cue; 6] = [
        Cue::DeskGreeting,
        Cue::Queued,
        Cue::ConnectPromise,
        Cue::AgentJoined,
        Cue::Closed,
        Cue::ClosedForSilence,
    ];
    const ANSWER: [Cue; 5] =
        [Cue::Fallback, Cue::Deflection, Cue::NoAgent, Cue::AfterHours, Cue::TransferError];
    let has = |cue: &Cue| line.cues.has(*cue);
    let courtesy = line.beside(&[Cue::Holding, Cue::Closing]);
    let only_courtesy = courtesy.found && !courtesy.left.reaches(ANSWER_HAN, ANSWER_LETTERS);
    line.is_bot()
        && !line.automatic_greeting
        && !line.message.text.trim().is_empty()
        && (ANSWER.iter().any(has) || !(only_courtesy || NO_ANSWER.iter().any(has)))
}

//! Left unasked: no request, no human, and the customer's last message (thanks, goodbyes and
//! ratings aside) met a fallback, a deflection or no reply.

use super::reading::Reading;
use super::tellings::has_content;
use super::{Journey, Scene, inferred};
use crate::model::{Finding, Rule};
use crate::text::Cue;

/// At most one finding, at the customer's last message.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    if let Some((i, met)) = left_unasked(scene.reading, scene.journey) {
        let met = match met {
            Met::NoReply => "no reply",
            Met::Fallback => "fallback",
            Met::Deflection(_) => "deflection",
        };
        out.push(inferred(Rule::LeftUnasked, i, met));
    }
}

/// What a customer's last message met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// No reply of the desk.
    NoReply,
    /// "I did not understand".
    Fallback,
    /// A deflection, at this row.
    Deflection(usize),
}

/// The customer's last message and what it met; `None`: they did not leave so, or the source
/// cannot show the bot.
#[must_use]
pub fn left_unasked(reading: &Reading<'_>, journey: &Journey) -> Option<(usize, Met)> {
    const PARTING: [Cue; 5] =
        [Cue::Thanks, Cue::Goodbye, Cue::GivingUp, Cue::Confirmation, Cue::CustomerGreeting];
    if !journey.episodes.is_empty()
        || !journey.humans.is_empty()
        || !reading.coverage.bot_replies.yes()
    {
        return None;
    }
    let last = reading.lines.iter().rposition(|line| {
        let parting = PARTING.into_iter().any(|cue| line.cues.has(cue));
        line.is_customer() && (!parting || has_content(line))
    })?;
    if reading.lines[last].cues.has(Cue::Withdrawal) {
        return None;
    }
    let mut replies = (last + 1..reading.lines.len())
        .map(|i| (i, &reading.lines[i]))
        .filter(|(_, line)| line.is_spoken_reply() && !line.cues.has(Cue::ClosedForSilence))
        .peekable();
    if replies.peek().is_none() {
        return Some((last, Met::NoReply));
    }
    replies.find_map(|(i, line)| {
        if line.cues.has(Cue::Fallback) {
            Some((last, Met::Fallback))
        } else if line.cues.has(Cue::Deflection) {
            Some((last, Met::Deflection(i)))
        } else {
            None
        }
    })
}

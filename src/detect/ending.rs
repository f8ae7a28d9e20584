//! How an episode ends and what its wait ends in (METRICS, sections 2 and 3): by a human message, or
//! by the end of the conversation, where the last attempt's last sign decides.

use super::journey::{Episode, Open};
use super::reading::{Line, Reading};
use super::signs::{Sign, signs};
use super::verdict::{Draft, Pending, PendingState};
use crate::model::{Evidence, Outcome, WaitEnd};

/// An agent is silent when the customer stayed at least this long after the join.
const SILENT_AGENT_MS: i64 = 60_000;
/// Minute stamps cannot tell waits apart within this.
const COARSE_MS: i64 = 60_000;

/// A human message ended the episode.
pub(crate) fn reached(open: Open, index: usize, reading: &Reading<'_>) -> Episode {
    let last = match open.draft.returned {
        Some((back, evidence)) => {
            open.draft.into_attempt((Outcome::ReturnedToBot, evidence, back), false)
        }
        None => open.draft.into_attempt((Outcome::Reached, Evidence::Explicit, index), true),
    };
    let mut attempts = open.done;
    attempts.push(last);
    Episode {
        attempts,
        reached: Some(index),
        greeted: Some(open.greeted.unwrap_or(index)),
        join: open.join,
        offered: open.offered,
        queued: open.queued,
        connected: true,
        outcome: Outcome::Reached,
        evidence: Evidence::Explicit,
        decided_at: index,
        wait_end: WaitEnd::Reached,
        ended_ms: reading.ms(index),
        left_after_sign_ms: None,
    }
}

/// The conversation went back to the bot and the customer asks again: the episode never ended, and
/// the attempt that had reached a human failed at the return.
pub(crate) fn reopen(mut episode: Episode, back: (usize, Evidence), draft: Draft) -> Open {
    if let Some(last) = episode.attempts.last_mut() {
        last.served = false;
        last.failed = true;
        last.verdict = Outcome::ReturnedToBot;
        (last.decided_at, last.evidence) = back;
    }
    Open {
        done: episode.attempts,
        draft,
        // The human message before the return no longer counts, so neither does its greeting.
        greeted: None,
        join: None,
        offered: episode.offered,
        queued: episode.queued,
        connected: episode.connected,
        unknown_spoke: false,
    }
}

/// The conversation ended without a human message.
pub(crate) fn unreached(open: Open, reading: &Reading<'_>) -> Episode {
    let end = End::of(&open, reading);
    let start = open.done.first().map_or(open.draft.requests[0], |a| a.requests[0]);
    let (outcome, evidence, decided_at, inherited) = decide(&open, &end, reading);
    let (wait_end, left) = end.wait(outcome, inherited, decided_at, start, reading);
    let last_sign = open.draft.last_sign.max(open.draft.nudges.last().copied().unwrap_or(0));
    let ended_ms = left.and_then(|i| reading.ms(i));
    let left_after_sign_ms = left
        .filter(|i| wait_end == WaitEnd::Left && *i > last_sign)
        // Minute and day stamps cannot tell ten seconds from fifty.
        .filter(|i| !reading.coarse(*i) && !reading.coarse(last_sign))
        .and_then(|_| Some(ended_ms? - reading.ms(last_sign)?));
    let mut attempts = open.done;
    attempts.push(open.draft.into_attempt((outcome, evidence, decided_at), false));
    Episode {
        attempts,
        reached: None,
        greeted: open.greeted,
        join: open.join,
        offered: open.offered,
        queued: open.queued,
        connected: open.connected,
        outcome,
        evidence,
        decided_at,
        wait_end,
        ended_ms,
        left_after_sign_ms,
    }
}

fn decide(open: &Open, end: &End, reading: &Reading<'_>) -> (Outcome, Evidence, usize, bool) {
    let draft = &open.draft;
    if open.unknown_spoke {
        return (Outcome::Unknown, Evidence::Inferred, end.last, false);
    }
    if let Some((outcome, evidence, index)) = draft.verdict() {
        return (outcome, evidence, index, false);
    }
    if let Some(pending) = open.pending() {
        let (outcome, evidence, index) = end.of_pending(pending, draft, reading);
        return (outcome, evidence, index, false);
    }
    let before =
        open.done.iter().rev().find(|a| {
            !matches!(a.verdict, Outcome::Ignored | Outcome::Withdrawn | Outcome::Unknown)
        });
    if let Some(before) = before {
        return (before.verdict, before.evidence, before.decided_at, true);
    }
    let index = draft.requests[0];
    if reading.coverage.bot_replies.yes() || draft.replied {
        (Outcome::Ignored, Evidence::Inferred, index, false)
    } else {
        (Outcome::Unknown, Evidence::Inferred, index, false)
    }
}

/// How the conversation ended after the last request.
#[derive(Debug)]
struct End {
    customer_left: Option<(usize, Evidence)>,
    closed_for_silence: Option<(usize, Evidence)>,
    closed: Option<(usize, Evidence)>,
    last_customer: Option<usize>,
    last: usize,
}

impl End {
    fn of(open: &Open, reading: &Reading<'_>) -> Self {
        let from = open.draft.requests[0];
        let mut end = Self {
            customer_left: None,
            closed_for_silence: None,
            closed: None,
            last_customer: None,
            last: reading.lines.len() - 1,
        };
        for (index, line) in reading.lines.iter().enumerate().skip(from) {
            if line.is_customer() {
                end.last_customer = Some(index);
            }
            for (sign, evidence) in signs(line) {
                let slot = match sign {
                    Sign::CustomerLeft => &mut end.customer_left,
                    Sign::ClosedForSilence => &mut end.closed_for_silence,
                    Sign::Closed => &mut end.closed,
                    _ => continue,
                };
                *slot = Some((index, evidence));
            }
        }
        end
    }

    /// The customer's leaving: an event, a close for their silence, else their last message.
    fn leaving(&self) -> Option<usize> {
        let seen = self.customer_left.or(self.closed_for_silence);
        seen.map(|(i, _)| i).or(self.last_customer)
    }

    fn of_pending(
        &self,
        pending: Pending,
        draft: &Draft,
        reading: &Reading<'_>,
    ) -> (Outcome, Evidence, usize) {
        if !reading.coverage.agent_messages.yes() {
            // Whoever spoke after the hand-over is not in this export.
            return (Outcome::Unknown, Evidence::Inferred, self.last);
        }
        if pending.state == PendingState::Joined {
            return self.of_silent_agent(pending, draft, reading);
        }
        // The customer had the last word while waiting: they left. The desk had it: the log is cut.
        let last_word = self.last_customer.filter(|i| *i > pending.since);
        let last_word = last_word.filter(|i| !reading.lines[i + 1..].iter().any(Line::is_reply));
        if let Some((index, evidence)) = self.customer_left.or(self.closed_for_silence) {
            (Outcome::QueueAbandoned, evidence, index)
        } else if let Some(index) = draft.gave_up.filter(|i| *i > pending.since) {
            (Outcome::QueueAbandoned, Evidence::Inferred, index)
        } else if let Some((index, _)) = self.closed {
            (Outcome::QueueTimeout, Evidence::Inferred, index)
        } else if let Some(index) = last_word {
            (Outcome::QueueAbandoned, Evidence::Inferred, index)
        } else {
            (Outcome::Unknown, Evidence::Inferred, self.last)
        }
    }

    /// An agent joined and never spoke: how long did the customer stay?
    fn of_silent_agent(
        &self,
        pending: Pending,
        draft: &Draft,
        reading: &Reading<'_>,
    ) -> (Outcome, Evidence, usize) {
        let left = self.customer_left.map(|(i, _)| i).or(draft.gave_up);
        let until = left
            .or(self.closed_for_silence.map(|(i, _)| i))
            .unwrap_or(self.last)
            .max(pending.since);
        let stay = reading.ms(until).zip(reading.ms(pending.since)).map(|(a, b)| a - b);
        let margin = if reading.coarse(until) { COARSE_MS } else { 0 };
        let evidence = pending.evidence;
        match stay {
            Some(ms) if ms >= SILENT_AGENT_MS + margin => {
                (Outcome::AgentSilent, evidence, pending.since)
            }
            Some(ms) if ms + margin <= SILENT_AGENT_MS && left.is_some() => {
                let seen = self.customer_left.map_or(Evidence::Inferred, |(_, evidence)| evidence);
                (Outcome::QueueAbandoned, seen, until)
            }
            Some(ms) if ms < SILENT_AGENT_MS && self.closed.is_some() => {
                (Outcome::QueueTimeout, Evidence::Inferred, self.last)
            }
            Some(ms) if ms < SILENT_AGENT_MS && self.closed_for_silence.is_some() => {
                (Outcome::QueueAbandoned, Evidence::Inferred, until)
            }
            _ => (Outcome::Unknown, Evidence::Inferred, self.last),
        }
    }

    /// How the wait ended, and the row that dates it.
    fn wait(
        &self,
        outcome: Outcome,
        inherited: bool,
        decided_at: usize,
        start: usize,
        reading: &Reading<'_>,
    ) -> (WaitEnd, Option<usize>) {
        let customer_until = |limit: usize| {
            (start..=limit).rev().find(|i| reading.lines[*i].is_customer()).or(Some(start))
        };
        let leaving = || self.leaving().filter(|i| *i >= start).or(Some(start));
        match outcome {
            Outcome::Reached => (WaitEnd::Reached, Some(decided_at)),
            Outcome::Unknown => (WaitEnd::Cut, Some(self.last)),
            Outcome::Withdrawn | Outcome::MessageLeft => {
                (WaitEnd::Left, customer_until(decided_at))
            }
            Outcome::QueueTimeout | Outcome::TransferError | Outcome::ReturnedToBot
                if !inherited =>
            {
                (WaitEnd::Dropped, Some(decided_at))
            }
            Outcome::AgentSilent
                if self.customer_left.is_none()
                    && self.closed_for_silence.is_none()
                    && self.closed.is_some() =>
            {
                (WaitEnd::Dropped, self.closed.map(|(i, _)| i))
            }
            _ => (WaitEnd::Left, leaving()),
        }
    }
}

//! What became of an attempt and of an episode (METRICS, section 3): the last attempt's last sign
//! decides, explicit before inferred, what the desk did before what the customer said.

use super::journey::{Attempt, Episode, Open};
use super::reading::{Line, Reading};
use super::signs::{Sign, signs};
use crate::model::{Evidence, Outcome, WaitEnd};
use crate::text::Cue;

/// An agent is silent when the customer stayed at least this long after the join.
const SILENT_AGENT_MS: i64 = 60_000;
/// Minute stamps cannot tell waits apart within this.
const COARSE_MS: i64 = 60_000;
/// Digits in a row that look like a phone number left for a callback.
const PHONE_DIGITS: usize = 7;

/// What the customer waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) state: PendingState,
    pub(crate) since: usize,
    pub(crate) since_ms: Option<i64>,
    pub(crate) evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PendingState {
    Promised,
    Queued,
    Joined,
}

/// A sign of the desk and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    pub(crate) index: usize,
    pub(crate) ms: Option<i64>,
    pub(crate) sign: Sign,
    pub(crate) evidence: Evidence,
    /// The customer's last turn was the request (or a nudge).
    pub(crate) direct: bool,
    /// The customer was queued or connected before in this episode.
    pub(crate) under_way: bool,
}

/// An attempt being followed.
#[expect(clippy::struct_excessive_bools, reason = "each tells one thing that was seen")]
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) requests: Vec<usize>,
    pub(crate) nudges: Vec<usize>,
    pub(crate) pending: Option<Pending>,
    /// The desk replied since the request.
    pub(crate) replied: bool,
    phrase: String,
    explicit: Option<(Outcome, usize)>,
    inferred: Option<(Outcome, usize)>,
    withdrawn: Option<usize>,
    gave_up: Option<usize>,
    message_offered: bool,
    /// The last row was a bot's answer that is no sign.
    answered: bool,
    last_sign: usize,
    customer_since_drop: bool,
    /// Where the conversation went back to the bot: a human who comes after does not serve this
    /// attempt any more.
    returned: Option<(usize, Evidence)>,
}

impl Draft {
    pub(crate) fn new(request: usize, phrase: String) -> Self {
        Self {
            requests: vec![request],
            nudges: Vec::new(),
            pending: None,
            replied: false,
            phrase,
            explicit: None,
            inferred: None,
            withdrawn: None,
            gave_up: None,
            message_offered: false,
            answered: false,
            last_sign: request,
            customer_since_drop: false,
            returned: None,
        }
    }

    pub(crate) fn is_withdrawn(&self) -> bool {
        self.verdict().is_some_and(|(o, ..)| o == Outcome::Withdrawn)
    }

    /// Whether the row turned the request aside.
    pub(crate) fn deflected_at(&self, index: usize) -> bool {
        [self.explicit, self.inferred].contains(&Some((Outcome::Deflected, index)))
    }

    /// Whether a request now would only nudge this attempt.
    pub(crate) fn pending_at(&self, now: Option<i64>, promise_ms: i64) -> bool {
        self.pending.is_some_and(|p| {
            p.state != PendingState::Promised
                || now.zip(p.since_ms).is_none_or(|(now, since)| now - since < promise_ms)
        })
    }

    fn settle(&mut self, outcome: Outcome, index: usize, evidence: Evidence) {
        match evidence {
            Evidence::Explicit => self.explicit = Some((outcome, index)),
            Evidence::Inferred => self.inferred = Some((outcome, index)),
        }
        if outcome == Outcome::ReturnedToBot {
            self.returned = Some((index, evidence));
        }
        self.pending = None;
        self.customer_since_drop = false;
    }

    fn wait(&mut self, state: PendingState, said: Said) {
        let going_on = self.pending.filter(|p| p.state == state);
        self.pending = Some(going_on.unwrap_or(Pending {
            state,
            since: said.index,
            since_ms: said.ms,
            evidence: said.evidence,
        }));
        // The transfer went on: what was refused before no longer decides.
        self.explicit = None;
        self.inferred = None;
    }

    pub(crate) fn desk_says(&mut self, said: Said) {
        let Said { index, sign, evidence, direct, under_way, .. } = said;
        self.answered = false;
        match sign {
            Sign::Promise => {
                if self.pending.is_none_or(|p| p.state == PendingState::Promised) {
                    self.pending = None;
                    self.wait(PendingState::Promised, said);
                }
            }
            Sign::Queued => {
                if self.pending.is_none_or(|p| p.state != PendingState::Joined) {
                    self.wait(PendingState::Queued, said);
                }
            }
            Sign::Joined => self.wait(PendingState::Joined, said),
            Sign::NoAgent => self.settle(Outcome::NoAgent, index, evidence),
            Sign::AfterHours => self.settle(Outcome::AfterHours, index, evidence),
            Sign::QueueTimeout => self.settle(Outcome::QueueTimeout, index, evidence),
            Sign::TransferError => self.settle(Outcome::TransferError, index, evidence),
            Sign::AgentLeft if self.is_joined() => {
                self.settle(Outcome::QueueTimeout, index, evidence);
            }
            Sign::ReturnedToBot if under_way || evidence == Evidence::Explicit => {
                self.settle(Outcome::ReturnedToBot, index, evidence);
            }
            Sign::Deflection | Sign::Offer | Sign::ReturnedToBot
                if direct && self.pending.is_none() && self.verdict().is_none() =>
            {
                self.settle(Outcome::Deflected, index, evidence);
            }
            Sign::MessageOffer => {
                self.message_offered = true;
                if direct && self.pending.is_none() && self.verdict().is_none() {
                    self.settle(Outcome::Deflected, index, evidence);
                }
            }
            Sign::MessageTaken if self.message_offered => {
                self.settle(Outcome::MessageLeft, index, evidence);
            }
            _ => return,
        }
        self.last_sign = index;
    }

    fn is_joined(&self) -> bool {
        self.pending.is_some_and(|p| p.state == PendingState::Joined)
    }

    pub(crate) fn bot_speaks(&mut self, index: usize, line: &Line<'_>) {
        if !signs(line).is_empty() {
            return;
        }
        self.answered = true;
        let dropped = self.verdict().is_some_and(|(o, ..)| o == Outcome::QueueTimeout);
        let back = self.customer_since_drop
            || line.cues.has(Cue::DeskGreeting)
            || line.cues.has(Cue::Deflection)
            || line.cues.has(Cue::Fallback);
        if dropped && back {
            self.settle(Outcome::ReturnedToBot, index, Evidence::Inferred);
            // The bot's line, later than the drop, decides also over an explicit mark of the drop.
            self.explicit = None;
            self.last_sign = index;
        }
    }

    /// Takes in what the customer said; true where it ends their waiting.
    pub(crate) fn customer_says(&mut self, index: usize, line: &Line<'_>) -> bool {
        self.customer_since_drop = true;
        let has = |cue| line.cues.has(cue);
        let phone = longest_digits(&line.message.text) >= PHONE_DIGITS;
        if self.message_offered && (has(Cue::MessageAccepted) || phone) {
            self.settle(Outcome::MessageLeft, index, Evidence::Inferred);
        } else if has(Cue::Withdrawal) {
            // "Forget it, it's solved" withdraws; "forget it" alone is leaving.
            self.withdrawn = Some(index);
        } else if has(Cue::GivingUp) {
            self.gave_up = Some(index);
        } else if has(Cue::Thanks) && self.answered {
            self.withdrawn = Some(index);
        } else if has(Cue::Goodbye) {
            self.gave_up = Some(index);
        } else {
            return false;
        }
        true
    }

    /// What the signs say so far; `None`: no sign.
    fn verdict(&self) -> Option<(Outcome, Evidence, usize)> {
        let desk = self
            .explicit
            .map(|(o, i)| (o, Evidence::Explicit, i))
            .or(self.inferred.map(|(o, i)| (o, Evidence::Inferred, i)));
        desk.or_else(|| self.withdrawn.map(|i| (Outcome::Withdrawn, Evidence::Inferred, i)))
    }

    fn into_attempt(self, verdict: (Outcome, Evidence, usize), served: bool) -> Attempt {
        let (outcome, evidence, decided_at) = verdict;
        let excused = [Outcome::Withdrawn, Outcome::MessageLeft, Outcome::Unknown];
        Attempt {
            requests: self.requests,
            nudges: self.nudges,
            phrase: self.phrase,
            served,
            failed: !served && !excused.contains(&outcome),
            verdict: outcome,
            evidence,
            decided_at,
        }
    }

    /// The customer asked again.
    pub(crate) fn superseded(self) -> Attempt {
        // A promise or queue that came to nothing before the customer asked again is no ignoring.
        let lapsed = self.pending.map(|p| (Outcome::QueueAbandoned, p.evidence, p.since));
        let none = (Outcome::Ignored, Evidence::Inferred, self.requests[0]);
        let verdict = self.verdict().or(lapsed).unwrap_or(none);
        self.into_attempt(verdict, false)
    }
}

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
        let last_word = last_word
            .filter(|i| !reading.lines[i + 1..].iter().any(super::reading::Line::is_reply));
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

/// Most digits in a row, spaces and dashes between them allowed.
fn longest_digits(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        if c.is_ascii_digit() {
            run += 1;
            longest = longest.max(run);
        } else if !matches!(c, ' ' | '-') {
            run = 0;
        }
    }
    longest
}

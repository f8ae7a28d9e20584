//! What becomes of an attempt while it is followed (METRICS, section 3): its last sign decides,
//! explicit before inferred, what the desk did before what the customer said.

use super::journey::Attempt;
use super::reading::Line;
use super::signs::{Sign, signs};
use crate::model::{Evidence, Outcome};
use crate::text::Cue;

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
    /// The export puts the customer into a queue here: who had joined is gone.
    pub(crate) anew: bool,
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
    pub(super) gave_up: Option<usize>,
    message_offered: bool,
    /// The last row was a bot's answer that is no sign.
    answered: bool,
    pub(super) last_sign: usize,
    customer_since_drop: bool,
    /// Where the conversation went back to the bot: a human who comes after does not serve this
    /// attempt any more.
    pub(super) returned: Option<(usize, Evidence)>,
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
                if said.anew || self.pending.is_none_or(|p| p.state != PendingState::Joined) {
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
    pub(super) fn verdict(&self) -> Option<(Outcome, Evidence, usize)> {
        let desk = self
            .explicit
            .map(|(o, i)| (o, Evidence::Explicit, i))
            .or(self.inferred.map(|(o, i)| (o, Evidence::Inferred, i)));
        desk.or_else(|| self.withdrawn.map(|i| (Outcome::Withdrawn, Evidence::Inferred, i)))
    }

    pub(super) fn into_attempt(self, verdict: (Outcome, Evidence, usize), served: bool) -> Attempt {
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

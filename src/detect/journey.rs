//! Follows the customer to a human: requests, attempts, nudges, episodes (METRICS, section 3).
//!
//! One pass over the rows. An episode opens with a request while none is open and ends with a
//! human message or with the conversation; an attempt is a request with those in the same breath.

use super::ending;
use super::reading::{Line, Reading};
use super::signs::{Seen, Sign, signs};
use super::verdict::{Draft, Pending, Said};
use crate::model::{Evidence, Kind, Outcome, Sender, WaitEnd};
use crate::text::{Cue, is_request};

/// A promise to connect holds this long (METRICS, section 3: nudge).
const PROMISE_MS: i64 = 60_000;
/// Silence after which a return to the bot starts a new episode.
const EPISODE_GAP_MS: i64 = 30 * 60_000;

/// One attempt: a request with those in the same breath.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Rows of its requests.
    pub requests: Vec<usize>,
    /// Rows of its nudges.
    pub nudges: Vec<usize>,
    /// The wording of its first request.
    pub phrase: String,
    /// Whether a human message followed before the next attempt or a return to the bot.
    pub served: bool,
    /// Whether it counts as failed (withdrawn, messages left and cut logs do not).
    pub failed: bool,
    /// How it ended by its own signs; `Ignored` where the desk gave none.
    pub verdict: Outcome,
    /// How sure that is.
    pub evidence: Evidence,
    /// Row that decided it.
    pub decided_at: usize,
}

/// One episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Its attempts; never empty.
    pub attempts: Vec<Attempt>,
    /// Row of the human message that ended it.
    pub reached: Option<usize>,
    /// Row of the first automatic greeting or human message in it.
    pub greeted: Option<usize>,
    /// Row of the join that led to the human message.
    pub join: Option<usize>,
    /// A human was offered or promised.
    pub offered: bool,
    /// The customer was queued.
    pub queued: bool,
    /// An agent joined.
    pub connected: bool,
    /// What became of it.
    pub outcome: Outcome,
    /// How sure that is.
    pub evidence: Evidence,
    /// Row that decided it.
    pub decided_at: usize,
    /// How the wait ended.
    pub wait_end: WaitEnd,
    /// When the wait ended, milliseconds.
    pub ended_ms: Option<i64>,
    /// Time between the last sign and the leaving, where the leaving was seen after it.
    pub left_after_sign_ms: Option<i64>,
}

impl Episode {
    /// Row of its first request.
    #[must_use]
    pub fn start(&self) -> usize {
        self.attempts[0].requests[0]
    }
}

/// From a sign of queueing to the join, or to the end of the queueing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueSpell {
    /// Row of the first sign.
    pub from: usize,
    /// Row that ended it; the last row where nothing did.
    pub to: usize,
    /// How it ended; `None` while nothing shows it.
    pub end: Option<WaitEnd>,
}

/// Everything about reaching a human in one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journey {
    /// Episodes, in order.
    pub episodes: Vec<Episode>,
    /// Rows that ask "are you human?".
    pub human_checks: Vec<usize>,
    /// Rows that ask a human for their superior.
    pub supervisor_requests: Vec<usize>,
    /// Rows where the desk offered or promised a human.
    pub offers: Vec<(usize, Evidence)>,
    /// Stretches of queueing.
    pub queue: Vec<QueueSpell>,
    /// Evidence of each queue spell's first sign.
    pub queue_evidence: Vec<Evidence>,
    /// Rows where an agent joined.
    pub joins: Vec<(usize, Evidence)>,
    /// Rows of human messages.
    pub humans: Vec<usize>,
    /// Rows of bot replies that deflect a request.
    pub deflections: Vec<usize>,
}

/// Follows one conversation.
pub(crate) fn follow(reading: &Reading<'_>) -> Journey {
    let mut walk = Walk::new(reading);
    for (index, line) in reading.lines.iter().enumerate() {
        walk.step(index, line);
    }
    walk.finish()
}

/// An episode being followed.
#[expect(clippy::struct_excessive_bools, reason = "each tells one thing that was seen")]
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) done: Vec<Attempt>,
    pub(crate) draft: Draft,
    pub(crate) greeted: Option<usize>,
    pub(crate) join: Option<usize>,
    pub(crate) offered: bool,
    pub(crate) queued: bool,
    pub(crate) connected: bool,
    /// Somebody spoke whom the export does not name: perhaps a human.
    pub(crate) unknown_spoke: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each tells one thing that was seen")]
struct Walk<'r, 'a> {
    reading: &'r Reading<'a>,
    journey: Journey,
    open: Option<Open>,
    /// A human spoke and neither left nor handed back.
    human_active: bool,
    /// After the last episode was reached: back at the bot or in a queue, since this row.
    back_at_bot: Option<(usize, Evidence)>,
    /// A close or rating since the last episode ended.
    interrupted: bool,
    /// The customer's last turn asked, or nudged.
    asked: bool,
    /// The desk replied to the customer's last turn: what they say next is another one.
    turn_answered: bool,
    last_ms: Option<i64>,
}

impl<'r, 'a> Walk<'r, 'a> {
    fn new(reading: &'r Reading<'a>) -> Self {
        Self {
            reading,
            journey: Journey::default(),
            open: None,
            human_active: false,
            back_at_bot: None,
            interrupted: false,
            asked: false,
            turn_answered: false,
            last_ms: None,
        }
    }

    fn step(&mut self, index: usize, line: &Line<'_>) {
        if let Some((now, before)) = line.ms().zip(self.last_ms) {
            self.interrupted |= now - before > EPISODE_GAP_MS;
        }
        self.last_ms = line.ms().or(self.last_ms);
        if line.is_customer() || line.message.kind == Kind::TransferRequest {
            self.customer(index, line);
            return;
        }
        self.interrupted |= line.message.kind == Kind::Rating;
        let direct = self.asked;
        for seen in signs(line) {
            self.sign(index, seen, direct);
        }
        if line.is_human() {
            self.human(index);
        } else if line.automatic_greeting {
            if let Some(open) = &mut self.open {
                open.greeted.get_or_insert(index);
                open.connected = true;
            }
        } else if line.is_bot() {
            self.bot(index, line);
        }
        if let Some(open) = &mut self.open {
            let m = line.message;
            open.unknown_spoke |=
                m.sender == Sender::Unknown && m.kind == Kind::Message && !m.text.trim().is_empty();
        }
        if line.is_reply() {
            self.turn_answered = true;
            if let Some(open) = &mut self.open {
                open.draft.replied = true;
            }
        }
    }

    fn customer(&mut self, index: usize, line: &Line<'_>) {
        self.asked &= !self.turn_answered;
        self.turn_answered = false;
        let explicit = line.message.kind == Kind::TransferRequest;
        let superior = line.cues.has(Cue::SupervisorRequest);
        if superior && self.human_active && !explicit {
            self.journey.supervisor_requests.push(index);
            return;
        }
        if line.cues.has(Cue::HumanCheck) && !explicit {
            self.journey.human_checks.push(index);
        }
        if explicit || superior || is_request(&line.cues) {
            self.asked = true;
            self.request(index, line);
        } else if let Some(open) = &mut self.open {
            let urges = line.cues.has(Cue::WaitQuestion) || line.cues.has(Cue::Presence);
            if urges && open.draft.pending_at(line.ms(), PROMISE_MS) {
                open.draft.nudges.push(index);
                self.asked = true;
            } else if open.draft.customer_says(index, line) {
                self.end_spell(index, WaitEnd::Left);
            }
        }
    }

    fn request(&mut self, index: usize, line: &Line<'_>) {
        let phrase = [Cue::Request, Cue::SupervisorRequest]
            .into_iter()
            .find_map(|cue| line.cues.get(cue))
            .map_or_else(|| fallback_phrase(line), str::to_owned);
        let draft = Draft::new(index, phrase);
        if let Some(open) = &mut self.open {
            if open.draft.pending_at(line.ms(), PROMISE_MS) && !open.draft.is_withdrawn() {
                open.draft.nudges.push(index);
            } else if open.draft.replied || open.draft.is_withdrawn() {
                let before = std::mem::replace(&mut open.draft, draft);
                open.done.push(before.superseded());
            } else {
                open.draft.requests.push(index);
            }
            return;
        }
        let back = self.back_at_bot.filter(|_| !self.interrupted);
        let before = back.and_then(|back| Some((back, self.journey.episodes.pop()?)));
        self.open = Some(match before {
            Some((back, episode)) => ending::reopen(episode, back, draft),
            None => Open {
                done: Vec::new(),
                draft,
                greeted: None,
                join: None,
                offered: false,
                queued: false,
                connected: false,
                unknown_spoke: false,
            },
        });
        self.human_active = false;
    }

    fn human(&mut self, index: usize) {
        self.journey.humans.push(index);
        self.human_active = true;
        self.end_spell(index, WaitEnd::Reached);
        if let Some(open) = self.open.take() {
            self.journey.episodes.push(ending::reached(open, index, self.reading));
            self.interrupted = false;
        }
        self.back_at_bot = None;
    }

    /// A bot line that is no sign: after a human spoke it means being back at the bot; after a
    /// dropped queue, too.
    fn bot(&mut self, index: usize, line: &Line<'_>) {
        let parting = [Cue::Closing, Cue::Closed, Cue::ClosedForSilence]
            .into_iter()
            .any(|cue| line.cues.has(cue));
        if parting {
            return;
        }
        if self.human_active {
            self.human_active = false;
            self.back_at_bot = Some((index, Evidence::Inferred));
        }
        if let Some(open) = &mut self.open {
            open.draft.bot_speaks(index, line);
        }
    }

    fn sign(&mut self, index: usize, seen: Seen, direct: bool) {
        let (sign, evidence) = seen;
        match sign {
            Sign::Offer | Sign::Promise => self.journey.offers.push((index, evidence)),
            Sign::Queued => self.begin_spell(index, evidence),
            Sign::Joined => {
                self.journey.joins.push((index, evidence));
                self.end_spell(index, WaitEnd::Reached);
            }
            // One agent declined: the customer stays in the queue until the next one.
            _ if self.reading.lines[index].message.kind == Kind::Decline => {}
            Sign::NoAgent
            | Sign::AfterHours
            | Sign::QueueTimeout
            | Sign::TransferError
            | Sign::Closed => self.end_spell(index, WaitEnd::Dropped),
            Sign::ReturnedToBot => {
                self.end_spell(index, WaitEnd::Dropped);
                if self.open.is_none() {
                    self.back_at_bot = Some((index, evidence));
                }
                self.human_active = false;
            }
            Sign::CustomerLeft | Sign::ClosedForSilence => self.end_spell(index, WaitEnd::Left),
            Sign::AgentLeft if self.open.is_none() => self.human_active = false,
            Sign::AgentLeft | Sign::Deflection | Sign::MessageOffer | Sign::MessageTaken => {}
        }
        if matches!(sign, Sign::Closed | Sign::ClosedForSilence | Sign::CustomerLeft) {
            self.interrupted |= self.open.is_none();
        }
        if sign == Sign::Queued && self.open.is_none() && self.human_active {
            self.human_active = false;
            self.back_at_bot = Some((index, evidence));
        }
        if let Some(open) = &mut self.open {
            let ms = self.reading.ms(index);
            let anew = self.reading.lines[index].message.kind == Kind::Enqueue;
            open.sign(Said { index, ms, sign, evidence, direct, anew, under_way: false });
            if open.draft.deflected_at(index) && self.journey.deflections.last() != Some(&index) {
                self.journey.deflections.push(index);
            }
        }
    }

    fn begin_spell(&mut self, index: usize, evidence: Evidence) {
        if self.journey.queue.last().is_none_or(|s| s.end.is_some()) {
            self.journey.queue.push(QueueSpell { from: index, to: index, end: None });
            self.journey.queue_evidence.push(evidence);
        }
    }

    fn end_spell(&mut self, index: usize, end: WaitEnd) {
        if let Some(spell) = self.journey.queue.last_mut().filter(|s| s.end.is_none()) {
            spell.to = index;
            spell.end = Some(end);
        }
    }

    fn finish(mut self) -> Journey {
        let last = self.reading.lines.len().saturating_sub(1);
        if let Some(open) = self.open.take() {
            self.journey.episodes.push(ending::unreached(open, self.reading));
        }
        if let Some(spell) = self.journey.queue.last_mut().filter(|s| s.end.is_none()) {
            spell.to = last;
        }
        self.journey
    }
}

/// A request that only the export's mark shows: its text where short, else the mark's name.
fn fallback_phrase(line: &Line<'_>) -> String {
    let text = line.message.text.trim();
    if text.is_empty() || text.chars().count() > 20 {
        line.message.kind.name().to_owned()
    } else {
        text.to_owned()
    }
}

impl Open {
    fn sign(&mut self, said: Said) {
        match said.sign {
            Sign::Offer | Sign::Promise => self.offered = true,
            Sign::Queued => self.queued = true,
            Sign::Joined => {
                self.connected = true;
                self.join = Some(said.index);
            }
            // Who joined and left led nobody to a human.
            Sign::AgentLeft | Sign::ReturnedToBot => self.join = None,
            _ => {}
        }
        if said.anew {
            self.join = None;
        }
        self.draft.desk_says(Said { under_way: self.queued || self.connected, ..said });
    }

    /// The pending state of the current attempt.
    pub(crate) fn pending(&self) -> Option<Pending> {
        self.draft.pending
    }
}

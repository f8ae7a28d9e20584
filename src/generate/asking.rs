//! What happens when the customer asks for a human: an attempt, and how the desk meets it.

use crate::model::{Outcome, WaitEnd};

use super::desk::{Agents, Place};
use super::draw::Draw;
use super::script::{leave, settled_by_human};
use super::talk::{Next, Talk};
use super::words::Words;

/// The desk drops a queue after so many seconds.
const QUEUE_LIMIT: u64 = 600;
/// It takes nobody in where the wait would be longer.
const QUEUE_FULL: u64 = 900;
/// It rings at a free agent for at most so many seconds.
const RING: u64 = 15;
/// Mean patience in the queue, seconds.
const PATIENCE: u64 = 330;
/// Most attempts of one customer.
const MOST_ATTEMPTS: u32 = 6;

/// Plays one attempt, up to the next request or the end.
pub(super) fn ask(talk: &mut Talk, words: &Words, agents: &mut Agents, draw: &mut Draw) -> Next {
    request(talk, words, draw);
    let after_drop = std::mem::take(&mut talk.dropped);
    talk.pass(2, 4, draw);
    if !after_drop {
        let company = talk.company();
        let deflects =
            if talk.truth.attempts == 1 { company.deflects } else { company.deflects / 3 };
        if draw.chance(deflects) {
            talk.bot(&words.deflection, draw);
            return refused(talk, Outcome::Deflected, words, draw);
        }
        if draw.chance(company.ignores) {
            talk.bot(&words.other, draw);
            // Without a sign of the desk the attempt takes the outcome of the one before.
            let outcome = talk.truth.outcome.unwrap_or(Outcome::Ignored);
            return refused(talk, outcome, words, draw);
        }
    }
    let Some(place) = agents.ask(talk.now, draw) else {
        talk.bot(&words.after_hours, draw);
        return refused(talk, Outcome::AfterHours, words, draw);
    };
    if place.wait > QUEUE_FULL || draw.chance(40) {
        talk.bot(&words.no_agent, draw);
        return refused(talk, Outcome::NoAgent, words, draw);
    }
    talk.bot(&words.promise, draw);
    if draw.chance(30) {
        talk.pass(3, 9, draw);
        talk.happens("transfer_failed", &words.transfer_error, draw);
        return dropped(talk, Outcome::TransferError, words, draw);
    }
    wait_in_queue(talk, place, words, agents, draw)
}

/// The customer's words or button; sometimes twice in one breath.
fn request(talk: &mut Talk, words: &Words, draw: &mut Draw) {
    talk.truth.attempts += 1;
    talk.truth.requests += 1;
    talk.truth.first_request.get_or_insert(talk.now);
    if talk.company().explicit && draw.chance(250) {
        talk.push("customer", String::new(), "transfer_request", false);
        return;
    }
    let text = [&words.ask_opening, &words.ask, &words.ask_ending].map(|part| draw.phrase(part));
    talk.customer(text.concat());
    if draw.chance(60) {
        talk.pass(2, 6, draw);
        talk.customer(draw.phrase(&words.ask).to_owned());
        talk.truth.requests += 1;
    }
}

/// Met by words only: the customer may leave a message, ask again or leave.
fn refused(talk: &mut Talk, outcome: Outcome, words: &Words, draw: &mut Draw) -> Next {
    talk.decide(outcome, WaitEnd::Left);
    let could_write = matches!(outcome, Outcome::NoAgent | Outcome::AfterHours);
    if could_write && draw.chance(350) {
        talk.bot(&words.message_offer, draw);
        if draw.chance(450) {
            talk.pass(8, 40, draw);
            talk.customer(draw.phrase(&words.message).to_owned());
            talk.decide(Outcome::MessageLeft, WaitEnd::Left);
            talk.pass(2, 4, draw);
            talk.bot(&words.message_taken, draw);
            talk.pass(4, 30, draw);
            talk.happens("close", &words.closed, draw);
            return Next::End;
        }
    }
    let again = if could_write { 250 } else { 620 };
    if talk.truth.attempts < MOST_ATTEMPTS && draw.chance(again) {
        talk.pass(5, 45, draw);
        return Next::Ask;
    }
    if draw.chance(150) {
        talk.pass(5, 20, draw);
        talk.customer(draw.phrase(&words.remark).to_owned());
    }
    leave(talk, words, draw);
    talk.decide(outcome, WaitEnd::Left);
    Next::End
}

/// Dropped by the desk now: the customer asks again or leaves.
fn dropped(talk: &mut Talk, outcome: Outcome, words: &Words, draw: &mut Draw) -> Next {
    talk.decide(outcome, WaitEnd::Dropped);
    if talk.truth.attempts < MOST_ATTEMPTS && draw.chance(550) {
        talk.dropped = true;
        talk.pass(5, 40, draw);
        return Next::Ask;
    }
    leave(talk, words, draw);
    Next::End
}

/// How a spell in the queue ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spell {
    Joined,
    Abandoned,
    TimedOut,
    Returned,
    Withdrawn,
    Cut,
}

/// How the spell ends and after how many seconds, for an agent free after `wait`.
fn spell(wait: u64, draw: &mut Draw) -> (Spell, u64) {
    let patience = 6 + draw.exponential(PATIENCE);
    let (mut spell, mut seconds) = (Spell::Joined, wait + draw.between(2, RING));
    if patience < seconds {
        (spell, seconds) = (Spell::Abandoned, patience);
    }
    if seconds > QUEUE_LIMIT {
        (spell, seconds) = (Spell::TimedOut, QUEUE_LIMIT);
    }
    if wait > 0 && seconds > 30 {
        match draw.weighted(&[920, 35, 30, 15]) {
            1 => (spell, seconds) = (Spell::Returned, seconds / 2),
            2 => (spell, seconds) = (Spell::Withdrawn, seconds / 2),
            3 => (spell, seconds) = (Spell::Cut, seconds / 2),
            _ => {}
        }
    }
    (spell, seconds)
}

fn wait_in_queue(
    talk: &mut Talk,
    place: Place,
    words: &Words,
    agents: &mut Agents,
    draw: &mut Draw,
) -> Next {
    let (spell, seconds) = spell(place.wait, draw);
    if place.wait > 0 {
        enqueued(talk, place.position, words, draw);
    }
    let end = talk.now + seconds;
    if place.wait > 0 && seconds > 40 && draw.chance(350) {
        nudge(talk, seconds, place.position, words, draw);
    }
    talk.now = end;
    match spell {
        Spell::Joined => joined(talk, place, words, agents, draw),
        Spell::Abandoned => {
            talk.happens("customer_left", &words.queue_left, draw);
            talk.decide(Outcome::QueueAbandoned, WaitEnd::Left);
            Next::End
        }
        Spell::TimedOut => {
            let text = draw.phrase(&words.timeout).to_owned();
            let event = if talk.company().explicit { "dequeue" } else { "" };
            talk.push("system", text, event, false);
            dropped(talk, Outcome::QueueTimeout, words, draw)
        }
        Spell::Returned => {
            talk.happens("returned_to_bot", &words.queue_returned, draw);
            dropped(talk, Outcome::ReturnedToBot, words, draw)
        }
        Spell::Withdrawn => {
            talk.customer(draw.phrase(&words.withdrawal).to_owned());
            talk.decide(Outcome::Withdrawn, WaitEnd::Left);
            talk.pass(2, 4, draw);
            talk.bot(&words.bot_bye, draw);
            talk.pass(4, 30, draw);
            talk.happens("close", &words.closed, draw);
            Next::End
        }
        Spell::Cut => {
            // The last thing the log shows: the position, still waiting.
            enqueued(talk, place.position.div_ceil(2), words, draw);
            talk.decide(Outcome::Unknown, WaitEnd::Cut);
            Next::End
        }
    }
}

fn enqueued(talk: &mut Talk, position: u64, words: &Words, draw: &mut Draw) {
    let text = talk.slots.fill(draw.phrase(&words.queued), position);
    let explicit = talk.company().explicit;
    let seen = talk.rows.iter().any(|row| row.event == "enqueue");
    if explicit && !seen {
        talk.push("system", String::new(), "enqueue", false);
    }
    talk.push("system", text, if explicit { "queue_position" } else { "" }, false);
}

/// Urging while the attempt is pending: no attempt of its own.
fn nudge(talk: &mut Talk, seconds: u64, position: u64, words: &Words, draw: &mut Draw) {
    talk.pass(15, seconds - 10, draw);
    let kinds = if draw.chance(350) { &words.nudge_request } else { &words.nudge_wait };
    talk.customer(draw.phrase(kinds).to_owned());
    talk.pass(2, 4, draw);
    let text = talk.slots.fill(draw.phrase(&words.queued), position.div_ceil(2));
    talk.push("bot", text, "", false);
}

fn joined(
    talk: &mut Talk,
    place: Place,
    words: &Words,
    agents: &mut Agents,
    draw: &mut Draw,
) -> Next {
    let handling = agents.take(place, talk.now, draw);
    talk.happens("agent_joined", &words.joined, draw);
    if draw.chance(25) {
        talk.pass(20, 45, draw);
        talk.customer(draw.phrase(&words.presence).to_owned());
        talk.pass(45, 150, draw);
        talk.happens("customer_left", &words.left, draw);
        talk.decide(Outcome::AgentSilent, WaitEnd::Left);
        return Next::End;
    }
    let join = talk.now;
    if draw.chance(talk.company().greets) {
        talk.pass(0, 2, draw);
        talk.agent(&words.auto_greeting, draw);
    }
    talk.now = join + 3 + draw.between(1, 4) + draw.exponential(16);
    talk.agent(&words.agent_first, draw);
    talk.decide(Outcome::Reached, WaitEnd::Reached);
    if draw.chance(25) {
        talk.pass(30, 120, draw);
        talk.happens("returned_to_bot", &words.returned, draw);
        // The customer asks again: the episode never ended, and the attempt failed.
        talk.decide(Outcome::ReturnedToBot, WaitEnd::Dropped);
        talk.dropped = true;
        talk.pass(8, 40, draw);
        return Next::Ask;
    }
    talk.pass(6, 30, draw);
    // An issue that the bot never heard is told for the first time; one that it did, in a share of
    // cases again (context loss, no rephrase).
    if !(talk.told.is_empty() || draw.chance(250)) || !talk.tell(words, draw) {
        talk.customer(draw.phrase(&words.tell_human).to_owned());
    }
    talk.now += handling.saturating_sub(talk.now - join).max(15);
    talk.agent(&words.agent_solve, draw);
    settled_by_human(talk, words, draw);
    Next::End
}

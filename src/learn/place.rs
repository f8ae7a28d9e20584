//! Where each line of bot and system stands in its conversation, and what follows it.

use crate::detect::Line;
use crate::detect::reading::{Reading, is_join};
use crate::detect::tellings::has_content;
use crate::model::{Kind, Sender};
use crate::text::{Cue, Similarity, is_request, mask, normalise};

/// Two messages of one customer around a reply count as the same told again from this likeness on:
/// the bar that `detect` sets after a fallback.
const RETOLD: f64 = 0.25;

/// What a turn of the customer does, the stronger last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// Anything else.
    Other,
    /// A bare greeting.
    Greeting,
    /// Thanks, goodbye, no longer needed.
    Thanks,
    /// Urging: how long, hello?
    Nudge,
    /// Tells something.
    Telling,
    /// Asks for a human.
    Request,
}

/// One line of the desk in its place.
#[expect(clippy::struct_excessive_bools, reason = "each tells one thing that was seen")]
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Its row.
    pub(super) line: usize,
    /// Its text, masked.
    pub(super) text: String,
    /// Written by the system.
    pub(super) by_system: bool,
    /// Nobody of the desk spoke before, and the customer at most one turn.
    pub(super) opens: bool,
    /// Nobody says anything after it.
    pub(super) ends: bool,
    /// The customer's turn before it, where no human came between.
    pub(super) after: Option<Turn>,
    /// The bot says more before the customer does.
    pub(super) then_more: bool,
    /// A queue, join or human message comes before the customer's next turn.
    pub(super) then_human: bool,
    /// The same, after the customer's next turn.
    pub(super) human_later: bool,
    /// The customer's next turn.
    pub(super) then: Option<Turn>,
    /// It says the same as the turn before.
    pub(super) retold: bool,
    /// The customer's telling before it, normalised.
    pub(super) told_before: Option<String>,
    /// Meanings that the lexicon reads in it.
    pub(super) cues: Vec<Cue>,
}

/// A run of the customer's rows with no reply between.
struct Run {
    from: usize,
    to: usize,
    turn: Turn,
    told: String,
}

/// The lines of the desk, in order.
pub(super) fn places(reading: &Reading<'_>, alike: &Similarity) -> Vec<Place> {
    let lines = &reading.lines;
    let runs = runs(lines);
    let arrivals: Vec<usize> = indices(lines, is_arrival);
    let spoken: Vec<usize> = indices(lines, Line::is_spoken_reply);
    let humans: Vec<usize> = indices(lines, Line::is_human);
    let any_between = |all: &[usize], from: usize, to: usize| {
        all.get(all.partition_point(|i| *i <= from)).is_some_and(|i| *i < to)
    };
    let mut out = Vec::new();
    for (line, it) in lines.iter().enumerate().filter(|(_, line)| is_desk(line)) {
        let text = mask(&it.message.text);
        let next = runs.partition_point(|r| r.from <= line);
        let before = next.checked_sub(1).map(|i| &runs[i]);
        let before_ = before.filter(|run| !any_between(&humans, run.to, line));
        let after = runs.get(next);
        // Urging does not end the wait for a human.
        let real = runs[next..].iter().find(|r| r.turn != Turn::Nudge);
        let end = lines.len();
        let next_from = after.map_or(end, |r| r.from);
        let real_from = real.map_or(end, |r| r.from);
        let told_before = before_.filter(|r| r.turn == Turn::Telling).map(|r| r.told.clone());
        let retold = told_before.as_ref().zip(after).is_some_and(|(told, after)| {
            after.turn == Turn::Telling && alike.score(told, &after.told) >= RETOLD
        });
        out.push(Place {
            line,
            text,
            by_system: it.message.sender == Sender::System,
            opens: next <= 1 && spoken.first().is_none_or(|first| *first >= line),
            ends: after.is_none() && !any_between(&spoken, line, end),
            after: before_.map(|r| r.turn),
            then_more: any_between(&spoken, line, next_from),
            then_human: any_between(&arrivals, line, real_from),
            human_later: after.is_some_and(|r| any_between(&arrivals, r.to, end)),
            then: after.map(|r| r.turn),
            retold,
            told_before,
            cues: it.cues.iter().map(|hit| hit.cue).collect(),
        });
    }
    out
}

/// A line of bot or system with words, no mark of the export saying what it is.
fn is_desk(line: &Line<'_>) -> bool {
    let m = line.message;
    let written = m.kind == Kind::Message && line.is_reply() && !m.text.trim().is_empty();
    written && (line.is_bot() || m.sender == Sender::System)
}

/// A sign that a human is coming or is there.
fn is_arrival(line: &Line<'_>) -> bool {
    let kind = matches!(
        line.message.kind,
        Kind::Enqueue | Kind::QueuePosition | Kind::Assign | Kind::AgentJoined | Kind::Transfer
    );
    let says = is_desk(line)
        && [Cue::Queued, Cue::ConnectPromise].into_iter().any(|cue| line.cues.has(cue));
    kind || says || is_join(line) || line.is_human() || line.automatic_greeting
}

fn indices<'a>(lines: &[Line<'a>], holds: impl Fn(&Line<'a>) -> bool) -> Vec<usize> {
    lines.iter().enumerate().filter(|(_, line)| holds(line)).map(|(i, _)| i).collect()
}

fn runs(lines: &[Line<'_>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for (i, line) in lines.iter().enumerate() {
        if line.is_customer() || line.message.kind == Kind::TransferRequest {
            let turn = turn(line);
            if !open {
                runs.push(Run { from: i, to: i, turn, told: String::new() });
                open = true;
            }
            if let Some(run) = runs.last_mut() {
                run.to = i;
                run.turn = run.turn.max(turn);
                if turn == Turn::Telling {
                    if !run.told.is_empty() {
                        run.told.push(' ');
                    }
                    run.told.push_str(&normalise(&line.message.text));
                }
            }
        } else if line.is_reply() {
            open = false;
        }
    }
    runs
}

fn turn(line: &Line<'_>) -> Turn {
    let has = |cues: &[Cue]| cues.iter().any(|cue| line.cues.has(*cue));
    if line.message.kind == Kind::TransferRequest || is_request(&line.cues) {
        Turn::Request
    } else if has_content(line) {
        Turn::Telling
    } else if has(&[Cue::WaitQuestion, Cue::Presence]) {
        Turn::Nudge
    } else if has(&[Cue::Thanks, Cue::Goodbye, Cue::Withdrawal]) {
        Turn::Thanks
    } else if has(&[Cue::CustomerGreeting]) {
        Turn::Greeting
    } else {
        Turn::Other
    }
}

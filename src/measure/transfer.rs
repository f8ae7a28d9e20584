//! Asking for a human (METRICS, section 3): outcome, stages, steps, clock B of the first episode.

use chrono::{Datelike, Timelike};

use super::{MeasureOptions, small};
use crate::detect::{Detection, Episode, Reading};
use crate::model::facts::{Stages, Transfer, Wording};
use crate::model::{Facts, Kind, Outcome, Precision, Wait, WaitEnd};

/// The transfer part of the first episode.
pub(crate) fn transfer(detection: &Detection<'_>, options: &MeasureOptions) -> Option<Transfer> {
    let episode = detection.journey.episodes.first()?;
    let reading = &detection.reading;
    let start = reading.ms(episode.start());
    let length = |end: Option<i64>| end.zip(start).map(|(end, start)| (end - start).max(0));
    let clock = |i: usize| super::has_clock(reading.lines[i].message.time.map(|t| t.precision));
    let request_to_human = Wait {
        ms: length(episode.ended_ms).filter(|_| clock(episode.start())),
        end: episode.wait_end,
    };
    let greeted = episode.greeted.and_then(|i| reading.ms(i));
    let request_to_human_greeting = match episode.greeted {
        Some(_) => {
            Wait { ms: length(greeted).filter(|_| clock(episode.start())), end: WaitEnd::Reached }
        }
        None => request_to_human,
    };
    let short = episode
        .left_after_sign_ms
        .is_some_and(|ms| ms <= options.short_abandon_ms && episode.outcome != Outcome::Reached);
    Some(Transfer {
        outcome: episode.outcome,
        evidence: episode.evidence,
        failed_hours: failed_hours(detection, options),
        stages: stages(episode, reading),
        steps_to_human: steps(episode, reading),
        short,
        request_to_human,
        request_to_human_greeting,
        wordings: episode
            .attempts
            .iter()
            .map(|a| Wording { phrase: a.phrase.clone(), served: a.served })
            .collect(),
    })
}

/// Counts of requests and attempts.
pub(crate) fn count(facts: &mut Facts, detection: &Detection<'_>) {
    let episodes = &detection.journey.episodes;
    let attempts = || episodes.iter().flat_map(|e| &e.attempts);
    facts.requests = small(attempts().map(|a| a.requests.len()).sum());
    facts.nudges = small(attempts().map(|a| a.nudges.len()).sum());
    facts.explicit_requests = small(
        attempts()
            .flat_map(|a| &a.requests)
            .filter(|i| detection.reading.lines[**i].message.kind == Kind::TransferRequest)
            .count(),
    );
    if let Some(first) = episodes.first() {
        facts.attempts = small(first.attempts.len());
        facts.failed_attempts = small(first.attempts.iter().filter(|a| a.failed).count());
    }
}

/// Local hour of the week of each failed attempt whose stamp is finer than a day.
fn failed_hours(detection: &Detection<'_>, options: &MeasureOptions) -> Vec<u8> {
    let first = detection.journey.episodes.first();
    first
        .into_iter()
        .flat_map(|e| &e.attempts)
        .filter(|a| a.failed)
        .filter_map(|a| {
            let stamp = detection.reading.lines[a.requests[0]].message.time?;
            let local = stamp.at.with_timezone(&options.time_zone);
            let hour = local.weekday().num_days_from_monday() * 24 + local.hour();
            (stamp.precision < Precision::Day).then(|| u8::try_from(hour).unwrap_or(u8::MAX))
        })
        .collect()
}

/// A stage counts as passed when a later one is seen; what the source cannot show is `None`.
fn stages(episode: &Episode, reading: &Reading<'_>) -> Stages {
    let coverage = reading.coverage;
    let spoke = episode.reached.is_some();
    let connected = spoke || episode.connected;
    let queued = connected || episode.queued;
    let offered = queued || episode.offered;
    let shown = |passed: bool, can_show: bool| (passed || can_show).then_some(passed);
    Stages {
        offered: shown(offered, coverage.bot_replies.yes() || coverage.system_lines.yes()),
        queued: shown(queued, coverage.queue.yes()),
        connected: shown(connected, coverage.joins.yes() || coverage.agent_messages.yes()),
        spoke: shown(spoke, coverage.agent_messages.yes()),
    }
}

/// Turns of the customer (unbroken runs of messages) after the turn of the first request and
/// before the join that led to the human message, or that message where no join is seen.
fn steps(episode: &Episode, reading: &Reading<'_>) -> Option<u32> {
    let until = episode.join.unwrap_or(episode.reached?);
    let mut steps = 0;
    let mut in_turn = true;
    for line in reading.lines.iter().take(until).skip(episode.start() + 1) {
        if line.is_customer() || line.message.kind == Kind::TransferRequest {
            steps += u32::from(!in_turn);
            in_turn = true;
        } else if line.is_reply() {
            in_turn = false;
        }
    }
    episode.reached.map(|_| steps)
}

//! Asking for a human (METRICS, section 3): outcome, stages, steps, clock B of the first episode.

use chrono::{Datelike, Timelike};

use super::wait::Ruler;
use super::{MeasureOptions, small};
use crate::detect::{Attempt, Detection, Episode, Reading};
use crate::model::facts::{MarkedTransfer, Stages, Transfer, Wording};
use crate::model::{Evidence, Facts, Kind, Outcome, Precision, WaitEnd};

/// The transfer part of the first episode.
pub(crate) fn transfer(
    detection: &Detection<'_>,
    ruler: &Ruler<'_>,
    options: &MeasureOptions,
) -> Option<Transfer> {
    let episode = detection.journey.episodes.first()?;
    let reading = &detection.reading;
    let until = |end: Option<i64>| ruler.until(episode.start(), end);
    let request_to_human = until(episode.ended_ms).ending(episode.wait_end);
    let request_to_human_greeting = match episode.greeted {
        Some(i) => until(reading.ms(i)).ending(WaitEnd::Reached),
        None => request_to_human,
    };
    let short = episode
        .left_after_sign_ms
        .is_some_and(|ms| ms <= options.short_abandon_ms && episode.outcome != Outcome::Reached);
    let wording = |attempt: &Attempt| Wording {
        phrase: options.privacy.keep_text.label(&attempt.phrase),
        served: attempt.served,
        explicit: is_marked(reading, attempt.requests[0]),
    };
    Some(Transfer {
        outcome: episode.outcome,
        evidence: episode.evidence,
        failed_hours: failed_hours(detection, options),
        stages: stages(episode, reading),
        steps_to_human: steps(episode, reading),
        short,
        request_to_human,
        request_to_human_greeting,
        wordings: episode.attempts.iter().map(wording).collect(),
    })
}

/// The same on marks of the export alone: the first episode that a button or event opened or joined.
pub(crate) fn marked(detection: &Detection<'_>, ruler: &Ruler<'_>) -> Option<MarkedTransfer> {
    let reading = &detection.reading;
    let episodes = &detection.journey.episodes;
    let marks = |attempt: &Attempt| attempt.requests.iter().any(|i| is_marked(reading, *i));
    let number = episodes.iter().position(|e| e.attempts.iter().any(marks))?;
    let episode = &episodes[number];
    let requests = episode.attempts.iter().flat_map(|a| &a.requests);
    let start = *requests.into_iter().find(|i| is_marked(reading, **i))?;
    let next = episodes.get(number + 1).map_or(reading.lines.len(), Episode::start);
    let end = episode.reached.unwrap_or(next);
    let shown = |at: usize, evidence: Evidence| {
        evidence == Evidence::Explicit && (start..=end).contains(&at)
    };
    let journey = &detection.journey;
    let any = |seen: &[(usize, Evidence)]| seen.iter().any(|(at, evidence)| shown(*at, *evidence));
    let queued = journey.queue.iter().zip(&journey.queue_evidence).any(|(s, e)| shown(s.from, *e));
    let passed = Passed {
        offered: any(&journey.offers),
        queued,
        connected: any(&journey.joins),
        spoke: episode.reached.is_some(),
    };
    Some(MarkedTransfer {
        attempts: small(episode.attempts.iter().filter(|a| marks(a)).count()),
        stages: passed.shown(reading),
        request_to_human: ruler.until(start, episode.ended_ms).ending(episode.wait_end),
    })
}

/// Whether the first request came in closed hours.
pub(crate) fn asked_closed(detection: &Detection<'_>, options: &MeasureOptions) -> Option<bool> {
    let calendar = options.calendar.as_ref()?;
    let start = detection.journey.episodes.first()?.start();
    let stamp = detection.reading.lines[start].message.time;
    let at = detection.reading.ms(start).filter(|_| super::has_clock(stamp.map(|t| t.precision)));
    at.map(|at| !calendar.is_open(at))
}

fn is_marked(reading: &Reading<'_>, row: usize) -> bool {
    reading.lines[row].message.kind == Kind::TransferRequest
}

/// Counts of requests and attempts.
pub(crate) fn count(facts: &mut Facts, detection: &Detection<'_>) {
    let episodes = &detection.journey.episodes;
    let attempts = || episodes.iter().flat_map(|e| &e.attempts);
    facts.requests = small(attempts().map(|a| a.requests.len()).sum());
    facts.nudges = small(attempts().map(|a| a.nudges.len()).sum());
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

fn stages(episode: &Episode, reading: &Reading<'_>) -> Stages {
    let passed = Passed {
        offered: episode.offered,
        queued: episode.queued,
        connected: episode.connected,
        spoke: episode.reached.is_some(),
    };
    passed.shown(reading)
}

/// The stages that were seen themselves.
#[expect(clippy::struct_excessive_bools, reason = "one per stage")]
struct Passed {
    offered: bool,
    queued: bool,
    connected: bool,
    spoke: bool,
}

impl Passed {
    /// A stage counts as passed when a later one is seen. What the source cannot show is `None` even
    /// then: those who passed it would enter its base and those who did not would not.
    fn shown(self, reading: &Reading<'_>) -> Stages {
        let coverage = reading.coverage;
        let connected = self.spoke || self.connected;
        let queued = connected || self.queued;
        let offered = queued || self.offered;
        let bot_or_system = coverage.bot_replies.yes() || coverage.system_lines.yes();
        Stages {
            offered: bot_or_system.then_some(offered),
            queued: coverage.queue.yes().then_some(queued),
            connected: coverage.joins.yes().then_some(connected),
            spoke: coverage.agent_messages.yes().then_some(self.spoke),
        }
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

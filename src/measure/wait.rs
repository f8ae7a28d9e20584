//! Clocks (METRICS, sections 2 and 5). Lengths are milliseconds; a length that the export cannot
//! show is `None` while its end still counts.

use super::Calendar;
use crate::detect::{Detection, Reading};
use crate::model::{Kind, Wait, WaitEnd};

/// Measures stretches of one conversation, by the wall clock and inside service hours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ruler<'a> {
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) calendar: Option<&'a Calendar>,
}

/// How long a stretch is, milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Length {
    pub(crate) ms: Option<i64>,
    pub(crate) service_ms: Option<i64>,
}

impl Length {
    /// A wait of this length.
    pub(crate) const fn ending(self, end: WaitEnd) -> Wait {
        Wait { ms: self.ms, service_ms: self.service_ms, end }
    }

    fn plus(self, other: Self) -> Self {
        let add = |a: Option<i64>, b: Option<i64>| a.zip(b).map(|(a, b)| a + b);
        Self { ms: add(self.ms, other.ms), service_ms: add(self.service_ms, other.service_ms) }
    }
}

impl Ruler<'_> {
    /// From a row to another; nothing where a stamp is missing or a day long. Never negative.
    pub(crate) fn between(&self, from: usize, to: usize) -> Length {
        if self.has_clock(to) { self.until(from, self.reading.ms(to)) } else { Length::default() }
    }

    /// From a row to an instant in Unix milliseconds.
    pub(crate) fn until(&self, from: usize, to: Option<i64>) -> Length {
        let span = self.reading.ms(from).zip(to).filter(|_| self.has_clock(from));
        Length {
            ms: span.map(|(a, b)| (b - a).max(0)),
            service_ms: span.zip(self.calendar).map(|((a, b), calendar)| calendar.open_ms(a, b)),
        }
    }

    fn has_clock(&self, row: usize) -> bool {
        super::has_clock(self.reading.lines[row].message.time.map(|t| t.precision))
    }
}

/// The clocks of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    pub(crate) start_to_human: Option<Wait>,
    pub(crate) start_to_human_greeting: Option<Wait>,
    pub(crate) first_response: Option<Wait>,
    pub(crate) first_human_response: Option<Wait>,
    pub(crate) queue: Option<Wait>,
    pub(crate) longest_silence: Option<Wait>,
    pub(crate) handling_ms: Option<i64>,
    pub(crate) time_to_close_ms: Option<i64>,
}

/// All clocks.
pub(crate) fn clocks(
    detection: &Detection<'_>,
    ruler: &Ruler<'_>,
    first_customer: Option<usize>,
) -> Clocks {
    let reading = &detection.reading;
    let last = reading.lines.len() - 1;
    let humans = &detection.journey.humans;
    let mut out = Clocks {
        first_human_response: first_human_response(detection, ruler),
        queue: queue(detection, ruler),
        longest_silence: longest_silence(detection, ruler),
        handling_ms: humans.first().and_then(|&first| {
            let end = reading.lines.iter().rposition(|l| l.is_customer() || l.is_human())?;
            ruler.between(first, end).ms
        }),
        ..Clocks::default()
    };
    let Some(start) = first_customer else { return out };
    let (give_up_end, give_up_at) = unreached_end(detection, start);
    let wait_until = |found: Option<usize>| match found {
        Some(i) => ruler.between(start, i).ending(WaitEnd::Reached),
        None => ruler.between(start, give_up_at).ending(give_up_end),
    };
    let after = |i: &usize| *i > start;
    let human = humans.iter().copied().find(|i| after(i));
    let greeting = reading.lines.iter().position(|l| l.automatic_greeting).filter(after);
    let greeted = human.into_iter().chain(greeting).min();
    // Who never asked and met no human did not wait for one; where humans are not shown, nobody knows.
    let asked = !detection.journey.episodes.is_empty() && shows_humans(reading);
    let waits = asked || greeted.is_some();
    out.start_to_human = waits.then(|| wait_until(human));
    out.start_to_human_greeting = waits.then(|| wait_until(greeted));
    let reply = (start + 1..reading.lines.len()).find(|i| {
        let line = &reading.lines[*i];
        line.is_spoken_reply() && !line.automatic_greeting
    });
    out.first_response = Some(wait_until(reply));
    let close = reading.lines.iter().position(|l| l.message.kind == Kind::Close).unwrap_or(last);
    out.time_to_close_ms = ruler.between(start, close.max(start)).ms;
    out
}

fn shows_humans(reading: &Reading<'_>) -> bool {
    reading.coverage.agent_messages.yes()
}

/// How a wait for something that never came ended: as the last episode did, else with the
/// customer's last message.
fn unreached_end(detection: &Detection<'_>, start: usize) -> (WaitEnd, usize) {
    let reading = &detection.reading;
    let last_customer =
        reading.lines.iter().rposition(crate::detect::Line::is_customer).unwrap_or(start);
    let unreached = detection.journey.episodes.last().filter(|e| e.reached.is_none());
    match unreached {
        Some(episode) if episode.wait_end != WaitEnd::Left => {
            (episode.wait_end, episode_end(detection, episode.wait_end, episode.decided_at))
        }
        _ => (WaitEnd::Left, last_customer),
    }
}

fn episode_end(detection: &Detection<'_>, end: WaitEnd, decided_at: usize) -> usize {
    if end == WaitEnd::Cut { detection.reading.lines.len() - 1 } else { decided_at }
}

/// From the join to the first human message after it; the first join that a human message
/// follows, else the first join.
fn first_human_response(detection: &Detection<'_>, ruler: &Ruler<'_>) -> Option<Wait> {
    let joins = &detection.journey.joins;
    let humans = &detection.journey.humans;
    // Joins stand in the order of rows.
    let (first_join, _) = *joins.first()?;
    let first_human = humans.iter().find(|h| **h > first_join);
    if let Some(&human) = first_human {
        let join = joins.iter().rev().map(|(j, _)| *j).find(|j| *j < human)?;
        return Some(ruler.between(join, human).ending(WaitEnd::Reached));
    }
    if !shows_humans(&detection.reading) {
        return None;
    }
    let (end, at) = unreached_end(detection, first_join);
    let at = at.max(first_join);
    Some(ruler.between(first_join, at).ending(end))
}

/// Spells of queueing, summed; ends as the last of them.
fn queue(detection: &Detection<'_>, ruler: &Ruler<'_>) -> Option<Wait> {
    let spells = &detection.journey.queue;
    let last = spells.last()?;
    let asked = !detection.journey.episodes.is_empty();
    let end = last.end.unwrap_or_else(|| {
        if asked { unreached_end(detection, last.from).0 } else { WaitEnd::Cut }
    });
    let zero = Some(0);
    let mut total = Length { ms: zero, service_ms: ruler.calendar.and(zero) };
    for spell in spells {
        let to = match (spell.end, end) {
            (None, WaitEnd::Left | WaitEnd::Dropped) => {
                unreached_end(detection, spell.from).1.max(spell.from)
            }
            _ => spell.to,
        };
        total = total.plus(ruler.between(spell.from, to));
    }
    Some(total.ending(end))
}

/// Longest time from a customer message to the desk's next reply in words; a last message that
/// nobody answered waits until the conversation's last row.
fn longest_silence(detection: &Detection<'_>, ruler: &Ruler<'_>) -> Option<Wait> {
    use crate::text::Cue;
    let reading = &detection.reading;
    let mut waiting: Option<usize> = None;
    let mut longest: Option<Wait> = None;
    let mut offer = |wait: Wait| {
        if longest.is_none_or(|l| wait.ms > l.ms) {
            longest = Some(wait);
        }
    };
    for (i, line) in reading.lines.iter().enumerate() {
        if line.message.kind == Kind::TransferRequest {
            waiting.get_or_insert(i);
        } else if line.is_customer() {
            let parting = [Cue::Thanks, Cue::Goodbye, Cue::Confirmation];
            if !parting.into_iter().any(|cue| line.cues.has(cue)) {
                waiting.get_or_insert(i);
            }
        } else if line.is_spoken_reply()
            && !line.automatic_greeting
            && let Some(from) = waiting.take()
        {
            offer(ruler.between(from, i).ending(WaitEnd::Reached));
        }
    }
    if let Some(from) = waiting {
        let (end, _) = unreached_end(detection, from);
        offer(ruler.between(from, reading.lines.len() - 1).ending(end));
    }
    longest
}

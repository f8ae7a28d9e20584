//! Findings about reaching a human: requests, nudges, failed attempts, stages, the outcome.

use super::{Scene, inferred};
use crate::model::{Evidence, Finding, Kind, Rule};
use crate::text::Cue;

/// Findings of the journey.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    episodes(scene, out);
    asides(scene, out);
    desk(scene, out);
    humans(scene, out);
}

/// The phrase of the first of these cues, or the kind of the row.
fn words(scene: Scene<'_>, i: usize, cues: &[Cue]) -> String {
    let line = &scene.reading.lines[i];
    let said = cues.iter().find_map(|cue| line.cues.get(*cue));
    said.unwrap_or(line.message.kind.name()).to_owned()
}

/// Explicit where the export marks the row as an event.
fn marked(scene: Scene<'_>, i: usize) -> Evidence {
    match scene.reading.lines[i].message.kind {
        Kind::Message => Evidence::Inferred,
        _ => Evidence::Explicit,
    }
}

fn finding(rule: Rule, message: usize, evidence: Evidence, matched: String) -> Finding {
    Finding { rule, message, evidence, matched }
}

/// Requests, nudges, failed attempts and outcomes.
fn episodes(scene: Scene<'_>, out: &mut Vec<Finding>) {
    const ASKS: [Cue; 2] = [Cue::Request, Cue::SupervisorRequest];
    const NUDGES: [Cue; 4] =
        [Cue::Request, Cue::SupervisorRequest, Cue::WaitQuestion, Cue::Presence];
    let mut add = |rule, i, cues: &[Cue]| {
        out.push(finding(rule, i, marked(scene, i), words(scene, i, cues)));
    };
    for episode in &scene.journey.episodes {
        for attempt in &episode.attempts {
            attempt.requests.iter().for_each(|&i| add(Rule::TransferRequest, i, &ASKS));
            attempt.nudges.iter().for_each(|&i| add(Rule::Nudge, i, &NUDGES));
        }
    }
    // Attempts are those of the first episode; no finding without its number.
    let failed = scene.journey.episodes.first().into_iter().flat_map(|e| &e.attempts);
    for attempt in failed.filter(|a| a.failed) {
        let how = attempt.verdict.name().to_owned();
        out.push(finding(Rule::FailedAttempt, attempt.requests[0], attempt.evidence, how));
    }
    for episode in &scene.journey.episodes {
        let outcome = episode.outcome.name().to_owned();
        let (at, evidence) = (episode.decided_at, episode.evidence);
        out.push(finding(Rule::OutcomeDecided, at, evidence, outcome));
    }
}

/// What the customer asked about humans without asking for one.
fn asides(scene: Scene<'_>, out: &mut Vec<Finding>) {
    let both = [
        (Rule::HumanCheck, &scene.journey.human_checks, Cue::HumanCheck),
        (Rule::SupervisorRequest, &scene.journey.supervisor_requests, Cue::SupervisorRequest),
    ];
    for (rule, rows, cue) in both {
        for &i in rows {
            out.push(finding(rule, i, Evidence::Inferred, words(scene, i, &[cue])));
        }
    }
}

/// What the desk did: offers, queueing, joins, automatic greetings.
fn desk(scene: Scene<'_>, out: &mut Vec<Finding>) {
    let Scene { reading, journey, .. } = scene;
    for &(i, evidence) in &journey.offers {
        let matched = words(scene, i, &[Cue::ConnectPromise, Cue::TransferOffer]);
        out.push(finding(Rule::TransferOffer, i, evidence, matched));
    }
    for (spell, &evidence) in journey.queue.iter().zip(&journey.queue_evidence) {
        let matched = words(scene, spell.from, &[Cue::Queued]);
        out.push(finding(Rule::Queued, spell.from, evidence, matched));
    }
    for &(i, evidence) in &journey.joins {
        let matched = words(scene, i, &[Cue::AgentJoined]);
        out.push(finding(Rule::Connected, i, evidence, matched));
    }
    for (i, line) in reading.lines.iter().enumerate().filter(|(_, l)| l.automatic_greeting) {
        let evidence = if line.message.automatic { Evidence::Explicit } else { Evidence::Inferred };
        let matched = words(scene, i, &[Cue::DeskGreeting]);
        out.push(finding(Rule::AutomaticGreeting, i, evidence, matched));
    }
}

/// The humans who ended an episode, or came unasked.
fn humans(scene: Scene<'_>, out: &mut Vec<Finding>) {
    let journey = scene.journey;
    let asked = journey.episodes.iter().filter_map(|episode| episode.reached);
    let unasked = journey.humans.first().copied().filter(|_| journey.episodes.is_empty());
    for i in asked.chain(unasked) {
        out.push(Finding {
            evidence: Evidence::Explicit,
            ..inferred(Rule::HumanSpoke, i, "agent")
        });
    }
}

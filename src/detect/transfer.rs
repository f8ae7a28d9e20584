//! Findings about reaching a human: requests, nudges, failed attempts, stages, the outcome.

use super::{Scene, inferred};
use crate::model::{Evidence, Finding, Kind, Rule};
use crate::text::Cue;

/// Findings of the journey.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    let Scene { reading, journey, .. } = scene;
    let lines = &reading.lines;
    let words = |i: usize, cues: &[Cue]| {
        cues.iter()
            .find_map(|cue| lines[i].cues.get(*cue))
            .unwrap_or(lines[i].message.kind.name())
            .to_owned()
    };
    let marked = |i: usize| match lines[i].message.kind {
        Kind::Message => Evidence::Inferred,
        _ => Evidence::Explicit,
    };
    let mut add = |rule, message: usize, evidence, matched: String| {
        out.push(Finding { rule, message, evidence, matched });
    };
    let asks = [Cue::Request, Cue::SupervisorRequest];
    for (number, episode) in journey.episodes.iter().enumerate() {
        for attempt in &episode.attempts {
            for &i in &attempt.requests {
                add(Rule::TransferRequest, i, marked(i), words(i, &asks));
            }
            for &i in &attempt.nudges {
                let cues = [Cue::Request, Cue::SupervisorRequest, Cue::WaitQuestion, Cue::Presence];
                add(Rule::Nudge, i, marked(i), words(i, &cues));
            }
            // Attempts and outcome are those of the first episode; no finding without its number.
            if attempt.failed && number == 0 {
                let how = attempt.verdict.name().to_owned();
                add(Rule::FailedAttempt, attempt.requests[0], attempt.evidence, how);
            }
        }
        let outcome = episode.outcome.name().to_owned();
        add(Rule::OutcomeDecided, episode.decided_at, episode.evidence, outcome);
    }
    for &i in &journey.human_checks {
        add(Rule::HumanCheck, i, Evidence::Inferred, words(i, &[Cue::HumanCheck]));
    }
    for &i in &journey.supervisor_requests {
        add(Rule::SupervisorRequest, i, Evidence::Inferred, words(i, &[Cue::SupervisorRequest]));
    }
    for &(i, evidence) in &journey.offers {
        let cues = [Cue::ConnectPromise, Cue::TransferOffer];
        add(Rule::TransferOffer, i, evidence, words(i, &cues));
    }
    for (spell, &evidence) in journey.queue.iter().zip(&journey.queue_evidence) {
        add(Rule::Queued, spell.from, evidence, words(spell.from, &[Cue::Queued]));
    }
    for &(i, evidence) in &journey.joins {
        add(Rule::Connected, i, evidence, words(i, &[Cue::AgentJoined]));
    }
    for (i, line) in lines.iter().enumerate() {
        if line.automatic_greeting {
            let matched = words(i, &[Cue::DeskGreeting]);
            let evidence =
                if line.message.automatic { Evidence::Explicit } else { Evidence::Inferred };
            add(Rule::AutomaticGreeting, i, evidence, matched);
        }
    }
    for episode in &journey.episodes {
        if let Some(i) = episode.reached {
            add(Rule::HumanSpoke, i, Evidence::Explicit, "agent".to_owned());
        }
    }
    let unasked = journey.humans.first().filter(|_| journey.episodes.is_empty());
    if let Some(&i) = unasked {
        out.push(Finding {
            evidence: Evidence::Explicit,
            ..inferred(Rule::HumanSpoke, i, "agent")
        });
    }
}

//! Deflection (被引导回机器人): asked for a human, the bot asks for the problem first, or offers
//! self-service, a link or a phone number instead. Only as the direct answer to a request, or as the
//! line that made a customer leave unasked: an ordinary answer with a link is none.

use super::left_unasked::{Met, left_unasked};
use super::{Scene, inferred};
use crate::model::{Finding, Rule};
use crate::text::Cue;

/// One finding per deflecting reply.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    let mut lines = scene.journey.deflections.clone();
    if let Some((_, Met::Deflection(line))) = left_unasked(scene.reading, scene.journey) {
        lines.push(line);
    }
    out.extend(lines.into_iter().map(|i| {
        let cues = &scene.reading.lines[i].cues;
        let matched = [Cue::Deflection, Cue::MessageOffer, Cue::TransferOffer]
            .into_iter()
            .find_map(|cue| cues.get(cue))
            .unwrap_or_default();
        inferred(Rule::Deflection, i, matched)
    }));
}

//! Deflection (被引导回机器人): asked for a human, the bot asks for the problem first, or offers
//! self-service, a link or a phone number instead. Only as the direct answer to a request.

use super::{Scene, inferred};
use crate::model::{Finding, Rule};
use crate::text::Cue;

/// One finding per deflecting reply.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    out.extend(scene.journey.deflections.iter().map(|&i| {
        let matched = scene.reading.lines[i].cues.get(Cue::Deflection).unwrap_or_default();
        inferred(Rule::Deflection, i, matched)
    }));
}

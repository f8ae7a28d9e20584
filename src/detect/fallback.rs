//! Fallback (未识别): the bot says that it did not understand, or its platform marks the reply so.

use super::{Scene, inferred};
use crate::model::{Evidence, Finding, Rule};
use crate::text::Cue;

/// One finding per bot line that says so.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    for (i, line) in scene.reading.lines.iter().enumerate() {
        if let Some(matched) = line.cues.get(Cue::Fallback).filter(|_| line.is_bot()) {
            let finding = inferred(Rule::Fallback, i, matched);
            let marked = line.is_marked_fallback();
            let evidence = if marked { Evidence::Explicit } else { finding.evidence };
            out.push(Finding { evidence, ..finding });
        }
    }
}

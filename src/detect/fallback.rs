//! Fallback (未识别): the bot says that it did not understand.

use super::{Scene, inferred};
use crate::model::{Finding, Rule};
use crate::text::Cue;

/// One finding per bot line that says so.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    for (i, line) in scene.reading.lines.iter().enumerate() {
        if let Some(matched) = line.cues.get(Cue::Fallback).filter(|_| line.is_bot()) {
            out.push(inferred(Rule::Fallback, i, matched));
        }
    }
}

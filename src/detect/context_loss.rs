//! Context loss: customer messages after the hand-over that tell the human what the bot was told.

use super::tellings::Retelling;
use super::{Scene, inferred};
use crate::model::{Finding, Rule};

/// One finding per customer message of such a telling.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    for telling in &scene.tellings.tellings {
        if telling.kind == Retelling::ContextLoss {
            let earlier = telling.of.map_or("", |i| scene.tellings.tellings[i].shown());
            out.extend(telling.rows.iter().map(|i| inferred(Rule::ContextLoss, *i, earlier)));
        }
    }
}

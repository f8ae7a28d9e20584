//! Rephrase (重复表述) and repeat: the customer says it again after a reply that did not settle it.

use super::tellings::Retelling;
use super::{Scene, inferred};
use crate::model::{Finding, Rule};

/// One finding per retelling, at its first message.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    for telling in &scene.tellings.tellings {
        let rule = match telling.kind {
            Retelling::Rephrase { .. } => Rule::Rephrase,
            Retelling::Repeat { .. } => Rule::Repeat,
            Retelling::New | Retelling::ContextLoss => continue,
        };
        let earlier = telling.of.map_or("", |i| scene.tellings.tellings[i].shown());
        out.push(inferred(rule, telling.at, earlier));
    }
}

//! Findings that a person judged wrong: the line is read as if it did not say it, and all that follows
//! (attempts, waits, outcome, chains) is found anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::reading::Reading;
use super::tellings::{Retelling, Tellings, longest_chain};
use crate::model::Rule;
use crate::text::Cue;

/// Findings that can be taken out by themselves. The others follow from these and from the desk's signs.
pub const JUDGED: [Rule; 9] = [
    Rule::TransferRequest,
    Rule::Deflection,
    Rule::Fallback,
    Rule::BotRepetition,
    Rule::Rephrase,
    Rule::Repeat,
    Rule::Loop,
    Rule::ContextLoss,
    Rule::LeftUnasked,
];

/// Takes the meaning away that a wrong finding rests on, where it is one of the line itself.
pub(super) fn unread(reading: &mut Reading<'_>, wrong: &BTreeSet<(Rule, usize)>) {
    for (rule, row) in wrong {
        let cues: &[Cue] = match rule {
            Rule::TransferRequest => &[Cue::Request, Cue::SupervisorRequest],
            Rule::Deflection => &[Cue::Deflection],
            Rule::Fallback => &[Cue::Fallback],
            _ => &[],
        };
        if let Some(line) = reading.lines.get_mut(*row) {
            let read = Arc::make_mut(&mut line.cues);
            cues.iter().for_each(|cue| read.remove(*cue));
        }
    }
}

/// Gives a telling that is none of an earlier one a chain of its own.
pub(super) fn untell(tellings: &mut Tellings, wrong: &BTreeSet<(Rule, usize)>) {
    let is_wrong = |at: usize| {
        [Rule::Rephrase, Rule::Repeat].into_iter().any(|rule| wrong.contains(&(rule, at)))
    };
    let mut next = tellings.tellings.iter().map(|t| t.chain + 1).max().unwrap_or(0);
    for telling in &mut tellings.tellings {
        let again = matches!(telling.kind, Retelling::Rephrase { .. } | Retelling::Repeat { .. });
        if again && is_wrong(telling.at) {
            (telling.kind, telling.of, telling.chain) = (Retelling::New, None, next);
            next += 1;
        }
    }
    tellings.longest_chain = longest_chain(&tellings.tellings);
}

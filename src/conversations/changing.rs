//! Columns that `--by`, `--keep` and `--where` name are read once a conversation: its first value
//! counts. A conversation that shows another one later is listed, for a reader could count it on
//! either side.

use std::collections::BTreeSet;

use super::assemble::problem;
use crate::model::{Conversation, Problem, ProblemKind};

/// One problem for each column of `names` (in the order of `Message::fields`) whose value changes
/// inside the conversation, at the first row with another value.
#[must_use]
pub fn changing_columns(conversation: &Conversation, names: &[String]) -> Vec<Problem> {
    let mut done = BTreeSet::new();
    let mut out = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if !done.insert(name) {
            continue;
        }
        let mut filled =
            conversation.messages.iter().filter_map(|m| Some((m, m.fields.get(at)?.as_deref()?)));
        let Some((_, first)) = filled.next() else { continue };
        if let Some((m, other)) = filled.find(|(_, value)| *value != first) {
            let found = format!("{name}: {first}, then {other}");
            out.push(problem(m, ProblemKind::ChangingColumn, &found));
        }
    }
    out
}

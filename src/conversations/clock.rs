//! Clocks that run back: the export numbers the rows of a conversation one way and stamps them another
//! (two servers, a clock that was set). Time decides the order; the contradiction is listed, for an
//! answer may stand before its question then.

use std::collections::BTreeSet;

use super::assemble::problem;
use crate::model::{Message, Problem, ProblemKind};

/// One problem for a conversation in order of time whose numbers run back, at the first such row.
/// Numbers that come twice belong to several parts (a bot's and a human's) and order none.
pub(super) fn run_back(messages: &[Message]) -> Option<Problem> {
    let numbered = || messages.iter().filter_map(|m| Some((m, m.time?, m.sequence?)));
    let mut before: Option<(i64, u32)> = None;
    let mut found = None;
    for (m, time, sequence) in numbered() {
        if let Some((last, _)) = before.filter(|(n, source)| *n > sequence && *source == m.source) {
            let at = time.at.format("%Y-%m-%dT%H:%M:%S%.fZ");
            found =
                Some((m, format!("row {sequence} of the conversation after row {last}, at {at}")));
            break;
        }
        before = Some((sequence, m.source));
    }
    let (m, found) = found?;
    let mut seen = BTreeSet::new();
    let once = numbered().all(|(m, _, sequence)| seen.insert((m.source, sequence)));
    once.then(|| problem(m, ProblemKind::ClockBack, &found))
}

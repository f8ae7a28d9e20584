//! Which rows are the same message (METRICS, section 1): those with one message id where the export
//! has such ids, else those equal in time, sender and text.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::problem;
use crate::model::{Kind, Message, Problem, ProblemKind, Sender};

/// What makes two rows without a message id the same one.
type Identity = (Option<i64>, Sender, Kind, Option<i64>, String, Option<String>);

/// The rows of one conversation, each message once.
///
/// One message id is one message, whatever the time; two ids are two messages, though all else be
/// equal (minute stamps make two short answers equal). An id that comes with different texts or
/// senders names no message: it is listed, and its rows are compared as rows without an id are. Such
/// a row is a double of any row that is equal in time, sender, kind, text and cause; without a time,
/// only if its sequence is equal too.
pub(super) fn without_duplicates(messages: Vec<Message>) -> (Vec<Message>, Vec<Problem>) {
    // Rows come in time order: where no two have one time and none an id, none can be another's double.
    let apart = |two: &[Message]| time(&two[0]).is_some() && time(&two[0]) < time(&two[1]);
    if messages.iter().all(|m| m.message_id.is_none()) && messages.windows(2).all(apart) {
        return (messages, Vec::new());
    }
    let reused = reused_ids(&messages);
    let has_id = |m: &Message| m.message_id.as_ref().is_some_and(|id| !reused.contains(id));
    let with_id: BTreeSet<Identity> =
        messages.iter().filter(|m| has_id(m)).filter_map(identity).collect();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<Identity> = BTreeSet::new();
    let mut kept = Vec::with_capacity(messages.len());
    let mut problems = Vec::new();
    let mut last_time = None;
    for m in messages {
        // Rows come in time order: what is behind cannot be equal any more.
        let time = time(&m);
        if time != last_time {
            seen.clear();
            last_time = time;
        }
        let double = match &m.message_id {
            Some(id) if has_id(&m) => !ids.insert(id.clone()),
            id => {
                if let Some(id) = id.as_ref().filter(|id| told.insert((*id).clone())) {
                    problems.push(problem(&m, ProblemKind::ReusedMessageId, id));
                }
                identity(&m).is_some_and(|own| with_id.contains(&own) || !seen.insert(own))
            }
        };
        if double {
            problems.push(problem(&m, ProblemKind::Duplicate, &m.text));
        } else {
            kept.push(m);
        }
    }
    (kept, problems)
}

/// Ids that come with different texts or senders.
fn reused_ids(messages: &[Message]) -> BTreeSet<String> {
    let mut first: BTreeMap<&str, (Sender, Kind, &str)> = BTreeMap::new();
    let mut reused = BTreeSet::new();
    for m in messages {
        if let Some(id) = &m.message_id {
            let own = (m.sender, m.kind, m.text.as_str());
            if *first.entry(id).or_insert(own) != own {
                reused.insert(id.clone());
            }
        }
    }
    reused
}

fn time(m: &Message) -> Option<i64> {
    m.time.map(|t| t.at.timestamp_millis())
}

/// `None` for a row that cannot be compared: without time and sequence two equal rows are two.
fn identity(m: &Message) -> Option<Identity> {
    let time = time(m);
    if time.is_none() && m.sequence.is_none() {
        return None;
    }
    // A second export may number its rows anew: where there is a time, the number says nothing.
    let sequence = m.sequence.filter(|_| time.is_none());
    Some((time, m.sender, m.kind, sequence, m.text.clone(), m.cause.clone()))
}

//! A message with its place in the order of the log.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::model::Message;
use crate::store::sorter::Sortable;

/// A message, ordered by conversation id, then time, then the export's own sequence, then file and
/// row ("equal times in file order").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The row.
    pub message: Message,
}

impl Sortable for Row {
    fn weight(&self) -> usize {
        let m = &self.message;
        let texts = [&m.message_id, &m.company, &m.cause, &m.agent_id, &m.customer_id, &m.order_id];
        let optional: usize = texts.iter().filter_map(|t| t.as_ref()).map(String::len).sum();
        let fields: usize = m.fields.iter().map(|f| 24 + f.as_ref().map_or(0, String::len)).sum();
        size_of::<Self>() + m.conversation.len() + m.text.len() + optional + fields
    }
}

impl Ord for Row {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (&self.message, &other.message);
        a.conversation
            .cmp(&b.conversation)
            .then_with(|| a.time.map(|t| t.at).cmp(&b.time.map(|t| t.at)))
            .then_with(|| a.sequence.cmp(&b.sequence))
            .then_with(|| (a.source, a.row).cmp(&(b.source, b.row)))
    }
}
impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

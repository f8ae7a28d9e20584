//! A message with its place in the order of the log.

use serde::{Deserialize, Serialize};

use crate::model::Message;
use crate::store::sorter::{Sortable, number_key, text_key};

/// A message, ordered by conversation id, then time, then the export's own sequence, then file and
/// row ("equal times in file order").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The row.
    pub message: Message,
}

impl Sortable for Row {
    fn key(&self, into: &mut Vec<u8>) {
        let m = &self.message;
        text_key(&m.conversation, into);
        // What is missing goes first.
        into.push(u8::from(m.time.is_some()));
        if let Some(time) = m.time {
            number_key(time.at.timestamp(), into);
            into.extend_from_slice(&time.at.timestamp_subsec_nanos().to_be_bytes());
        }
        into.push(u8::from(m.sequence.is_some()));
        if let Some(sequence) = m.sequence {
            number_key(sequence, into);
        }
        into.extend_from_slice(&m.source.to_be_bytes());
        into.extend_from_slice(&m.row.to_be_bytes());
    }
}

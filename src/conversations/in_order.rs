//! Rows that come sorted already, by conversation, time and sequence, as one conversation after
//! another: nothing is kept but the open one. That they are sorted is checked, for rows in another
//! order would give other facts without a word.

use std::collections::BTreeSet;

use super::Row;
use crate::model::Message;

/// Rows that are not in order, in words.
#[derive(Debug, PartialEq, Eq)]
pub struct OutOfOrder(pub String);

/// Gathers the rows of a conversation until another begins.
#[derive(Debug, Default)]
pub struct InOrder {
    open: Vec<Row>,
    /// The conversation that came last.
    id: Option<String>,
    /// Companies among the rows of the last place in time.
    tied: BTreeSet<Option<String>>,
}

impl InOrder {
    /// Takes the next row; gives the conversation that it ends.
    ///
    /// # Errors
    /// When the conversation came before, time or sequence run back, or two rows of one company have
    /// the same time and sequence, so that their order is anybody's guess.
    pub fn push(&mut self, message: Message) -> Result<Option<Vec<Row>>, OutOfOrder> {
        let id = message.conversation.as_str();
        let goes_on = self.id.as_deref() == Some(id);
        if !goes_on && self.id.as_deref().is_some_and(|last| last > id) {
            let last = self.id.as_deref().unwrap_or_default();
            return Err(OutOfOrder(format!(
                "conversation {id} comes after {last}: it came back, or ids are not in the order of \
                 their bytes"
            )));
        }
        let done = (!goes_on && !self.open.is_empty()).then(|| std::mem::take(&mut self.open));
        let before = self.open.last().map(|row| place(&row.message));
        let at = place(&message);
        match before {
            Some(before) if before > at => {
                let what = if before.0 > at.0 { "time" } else { "sequence" };
                return Err(OutOfOrder(format!("{what} runs back in conversation {id}")));
            }
            Some(before) if before == at && self.tied.contains(&message.company) => {
                return Err(OutOfOrder(format!(
                    "conversation {id} has two rows of one time and sequence, so that their order is \
                     open"
                )));
            }
            Some(before) if before == at => {}
            _ => self.tied.clear(),
        }
        self.tied.insert(message.company.clone());
        if !goes_on {
            self.id = Some(id.to_owned());
        }
        self.open.push(Row { message });
        Ok(done)
    }

    /// The last conversation.
    #[must_use]
    pub fn end(self) -> Vec<Row> {
        self.open
    }
}

/// Where a row stands in its conversation, to the millisecond that times are kept in.
fn place(message: &Message) -> (Option<i64>, Option<i64>) {
    (message.time.map(|t| t.at.timestamp_millis()), message.sequence)
}

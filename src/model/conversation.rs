//! The rows of one conversation in time order (METRICS, section 1).

use super::{Coverage, Message};

/// The ordered, de-duplicated rows of one (company, source format, id).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Company, where the export names one.
    pub company: Option<String>,
    /// Name space of the id: the named importer, or `table` for every generic table.
    pub format: String,
    /// The id; `id#2` for a second stretch more than 48 h after the first.
    pub id: String,
    /// Rows in time order, equal times in file order; never empty.
    pub messages: Vec<Message>,
    /// What the sources it came from can show.
    pub coverage: Coverage,
}

//! What a list of verdicts of a person did to the findings of a run.

use serde::{Deserialize, Serialize};

/// Single findings that a person judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overridden {
    /// The list, as given.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Verdicts in it.
    pub verdicts: u64,
    /// Findings taken out.
    pub taken_out: u64,
    /// Findings confirmed.
    pub confirmed: u64,
    /// Ids that no conversation of this run has, in order.
    pub unknown: Vec<String>,
}

impl Overridden {
    /// Adds what the same list did to other conversations.
    pub fn merge(&mut self, other: &Self) {
        self.taken_out += other.taken_out;
        self.confirmed += other.confirmed;
        self.unknown.retain(|id| other.unknown.contains(id));
    }
}

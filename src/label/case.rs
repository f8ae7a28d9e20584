//! Which conversation is meant, without its id: ids do not survive every spreadsheet.

use sha2::{Digest, Sha256};

use crate::model::Facts;

/// The first six bytes of a hash of company, format and conversation id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case(pub [u8; 6]);

impl Case {
    /// The name of a conversation.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let digest = Sha256::digest(key(facts).as_bytes());
        Self(std::array::from_fn(|i| digest[i]))
    }

    /// What it adds to the fingerprint of the conversations that a sample is drawn from: a sum, so
    /// that neither order nor files matter.
    #[must_use]
    pub fn mark(self) -> u32 {
        let [a, b, c, d, ..] = self.0;
        u32::from_be_bytes([a, b, c, d])
    }
}

/// The sum of the marks.
pub fn fingerprint(cases: impl IntoIterator<Item = Case>) -> u32 {
    cases.into_iter().fold(0, |sum, case| sum.wrapping_add(case.mark()))
}

/// Where a conversation stands in the draw of a seed: it depends on nothing else, so neither the order
/// of rows nor the other conversations decide it.
pub(super) fn place(facts: &Facts, seed: u64) -> u64 {
    let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(key(facts)).finalize();
    digest.iter().take(8).fold(0, |place, byte| (place << 8) | u64::from(*byte))
}

fn key(facts: &Facts) -> String {
    let company = facts.company.as_deref().unwrap_or_default();
    format!("{company}\0{}\0{}", facts.format, facts.conversation_id)
}
